"""A calibration: how well published rules, fitted limits and models put observed cases into their classes."""
import numpy as np
from matplotlib import cm

from reporting.figures import Figure, canvas
from reporting.markup import Cell, Section, cards, figures, note, table
from reporting.quantities import OKABE_ITO, digits, words


def judged(entry, kind):
    return entry["agreement"] if kind == "rule" else entry["by_groups"]


def is_calibration(run):
    return {"rules", "indices", "models"} <= run.summary.keys()


def entries(run):
    """(kind, name, agreement) of everything judged; limits and models on groups they have not seen."""
    for kind, key in (("rule", "rules"), ("limits", "indices"), ("model", "models")):
        for name, entry in run.summary[key].items():
            yield kind, name, judged(entry, kind)


def section(run):
    summary = run.summary
    every = list(entries(run))
    count = summary["table"]
    top = []
    for kind, label in (("rule", "best published rule"), ("limits", "best fitted limits"), ("model", "best model")):
        of_kind = [(name, agreement) for k, name, agreement in every if k == kind]
        if of_kind:
            name, agreement = max(of_kind, key=lambda e: e[1]["accuracy"]["value"])
            a = agreement["accuracy"]
            value = f"{100 * a['value']:.1f} %"
            remark = f"{words(name)}; interval {100 * a['low']:.0f} to {100 * a['high']:.0f} %" + ("" if kind == "rule" else ", unseen groups")
            top.append((f"{label}: right class", value, remark, f'data-check="accuracy/{kind}/{name}" data-value="{a["value"]!r}"', ""))
    top.insert(0, ("cases", str(count["rows"]), f"in {count['groups']} groups; classes {', '.join(summary['classes'])}",
                   f'data-check="rows" data-value="{count["rows"]}"', ""))
    drawn = [*roc(run), reliability(run), accuracy(every), *confusions(run, every)]
    drawn = [f for f in drawn if f]
    rows = []
    for kind, name, agreement in every:
        measures = [agreement[m] for m in ("accuracy", "kappa", "quadratic_kappa", "macro_f1", "within_one")]
        rows.append([words(name), kind, "all rows" if kind == "rule" else "unseen groups"]
                    + [Cell(digits(m["value"]), m["value"], f'title="{digits(m["low"])} to {digits(m["high"])}"') for m in measures])
    heads = ["name", "kind", "judged on", "accuracy", "kappa", "quadratic kappa", "macro F1", "within one class"]
    body = cards(top) + note("Indicators, not predictions. Intervals are of the bootstrap over groups; hover a number for its own.") \
        + table(heads, rows, "How well each does; limits and models are judged on groups they have not seen.") + figures(drawn)
    return Section("calibration", "Rules, limits and models against observed cases", body), drawn


def roc(run):
    points = run.table("roc")
    for name in run.summary["classes"][1:]:
        drawing, axes = canvas(4.4, 4.4)
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
        for i, (index, entry) in enumerate(run.summary["indices"].items()):
            rows = points.where(index=index, at_least=name)
            area = entry["at_least"][name]["area_under_roc"]
            axes.plot(rows["false_rate"], rows["true_rate"], color=OKABE_ITO[i % 8], linestyle=("-", "--", ":", "-.")[i % 4],
                      label=f"{words(index)}: {area['value']:.2f} [{area['low']:.2f}, {area['high']:.2f}]")
        axes.set(xlabel="share of false alarms", ylabel="share of hits", xlim=(0, 1), ylim=(0, 1.01), aspect="equal")
        axes.legend(loc="lower right", fontsize=8, title="area under the curve", title_fontsize=8)
        rows = points.where(at_least=name)
        last = name == run.summary["classes"][-1]
        yield Figure(f"roc_{name}", f"ROC: {name}" + ("" if last else " or worse"), drawing, rows.columns, width="small")


def reliability(run):
    rows = run.table("reliability")
    if len(rows) == 0:
        return None
    drawing, axes = canvas(4.4, 4.4)
    axes.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    for i, model in enumerate(dict.fromkeys(rows["model"])):
        mine = rows.where(model=model)
        axes.scatter(mine["predicted"], mine["observed"], s=4 * np.sqrt(mine["rows"]) + 6, color=OKABE_ITO[i % 8], marker="osD^"[i % 4],
                     alpha=0.75, label=words(model))
    axes.set(xlabel="probability said", ylabel="share observed", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.legend(loc="upper left", fontsize=9)
    return Figure("reliability", "Reliability on unseen groups", drawing, rows.columns, "On the line a model says what is observed.", width="small")


def accuracy(every):
    drawing, axes = canvas(6, 0.9 + 0.3 * len(every))
    kinds = list(dict.fromkeys(kind for kind, _, _ in every))
    for place, (kind, _, agreement) in enumerate(reversed(every)):
        a = agreement["accuracy"]
        axes.errorbar(a["value"], place, xerr=[[a["value"] - a["low"]], [a["high"] - a["value"]]], fmt="osD"[kinds.index(kind) % 3], capsize=3,
                      color=OKABE_ITO[kinds.index(kind) % 8])
    axes.set_yticks(range(len(every)), [f"{words(name)} ({kind})" for kind, name, _ in reversed(every)])
    axes.set(xlabel="share of right classes", xlim=(0, 1))
    columns = {"name": [name for _, name, _ in every], **{key: [a["accuracy"][key] for *_, a in every] for key in ("value", "low", "high")}}
    return Figure("accuracy", "Share of right classes with its interval", drawing, columns, width="small")


def confusions(run, every):
    """Observed against said, of the best of each kind."""
    classes = run.summary["classes"]
    for wanted in ("rule", "limits", "model"):
        of_kind = [(name, a) for kind, name, a in every if kind == wanted]
        if not of_kind:
            continue
        name, agreement = max(of_kind, key=lambda e: e[1]["accuracy"]["value"])
        counts = np.array(agreement["confusion"]).reshape(len(classes), -1)
        drawing, axes = canvas(4.2, 3.8)
        axes.imshow(counts, cmap=cm.viridis)
        for i, j in np.ndindex(*counts.shape):
            axes.text(j, i, f"{counts[i, j]:.0f}", ha="center", va="center", color="white" if counts[i, j] < 0.6 * counts.max() else "black")
        axes.set(xticks=range(counts.shape[1]), yticks=range(len(classes)), xlabel="class said", ylabel="class observed")
        axes.set_xticklabels(classes[:counts.shape[1]])
        axes.set_yticklabels(classes)
        axes.grid(False)
        columns = {"observed": np.repeat(classes, counts.shape[1]), "said": np.tile(classes[:counts.shape[1]], len(classes)), "cases": counts.ravel()}
        yield Figure(f"confusion_{name}", f"Observed and said: {words(name)}", drawing, columns, f"The best of its kind ({wanted}).", width="small")
