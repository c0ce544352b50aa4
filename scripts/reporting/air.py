"""Air: where heat comes from and goes, workplaces against their limits, the network."""
import numpy as np
from matplotlib import colors

from reporting.figures import Figure, canvas
from reporting.markup import Cell, Section, details, escape, figures, note, table, value_cell
from reporting.quantities import OKABE_ITO, scale_of
from results import Number

LEDGER = {"heat_strata": ("rock", ""), "heat_sources": ("machines, people, water", "//"), "heat_fans": ("fans", ".."),
          "heat_autocompression": ("autocompression, net", "xx"), "heat_coolers": ("coolers and plant", "\\\\")}
BY_AIRWAY = {"strata_heat": 1, "source_heat": 1, "fan_heat": 1, "autocompression": 1, "cooling": -1}  # columns of airways.csv, in the order of LEDGER
MOST_WORKPLACES, MOST_ROWS = 60, 30

HEADS = ["stage", "workplace", "rule set", "clause", "margin, K", "margin, kW", "what is found", "clause is"]


def stacked(axes, places, parts, horizontal=False, width=0.7):
    """Bars that grow from zero to both sides; parts: {label: (values, hatch)}."""
    above, below = np.zeros(len(places)), np.zeros(len(places))
    draw = axes.barh if horizontal else axes.bar
    start = "left" if horizontal else "bottom"
    for k, (label, (values, hatch)) in enumerate(parts.items()):
        values = np.nan_to_num(np.asarray(values, float))
        base = np.where(values >= 0, above, below)
        draw(places, values, width, **{start: base}, label=label, color=OKABE_ITO[k], hatch=hatch, edgecolor="white", linewidth=0.5)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    (axes.axvline if horizontal else axes.axhline)(0, color="black", linewidth=0.8)


def stage_rows(run, table_of):
    """Rows of a table at the end of every stage, the last twelve."""
    return [(stage, table_of.where(step=stage.number)) for stage in run.stages[-12:]]


def ledger(run):
    """Heat into the air at the end of every stage, and by depth in the last."""
    history, drawn = run.history, []
    ends = stage_rows(run, history)
    keys = [key for key in LEDGER if key in history and any(rows[key][0] != 0 for _, rows in ends)]
    if not keys:
        return "", drawn
    values = {key: np.array([rows[key][0] for _, rows in ends]) for key in keys}
    divisor, unit = scale_of("W", max(np.abs(v).max() for v in values.values()))
    drawing, axes = canvas(6.2, 4.4)
    names = [stage.name for stage, _ in ends]
    stacked(axes, range(len(ends)), {LEDGER[k][0]: (values[k] / divisor, LEDGER[k][1]) for k in keys})
    net = sum(values.values()) / divisor
    axes.plot(range(len(ends)), net, "D", color="black", markerfacecolor="white", label="sum: what the air takes along")
    axes.set_xticks(range(len(ends)), names, rotation=20 if len(ends) > 3 else 0, ha="right" if len(ends) > 3 else "center")
    axes.set_xlim(-0.7, max(len(ends), 3) - 0.3)
    axes.set_ylabel(f"heat into the air, {unit}")
    axes.grid(axis="x", visible=False)
    drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
    drawn.append(Figure("heat_ledger", "Heat into the air by source", drawing, {"stage": names, **{f"{k} [W]": v for k, v in values.items()}},
                        "Cooling is negative; a plant that rejects its heat underground counts with both.",
                        width="half"))
    body = [[LEDGER[key][0]] + [value_cell(f"{key}@{stage.number}", Number(float(rows[key][0]), "W")) for stage, rows in ends] for key in keys]
    return table(["heat into the air"] + names, body, "Energy ledger of the air at the end of each stage.", "headline"), drawn + by_depth(run)


def by_depth(run):
    airways, junctions = run.table("airways").last(), run.table("junctions").last()
    lines = run.airways()
    middle = lines.points[lines.lines].mean(axis=1)[:, 2]
    height = {name: middle[lines.names == name].mean() for name in set(lines.names)}
    z = np.array([height.get(name, np.nan) for name in airways["airway"]])
    low, high = np.nanmin(junctions["z"]), np.nanmax(junctions["z"])
    if not high - low > 50:
        return []
    width = next(w for w in (10, 20, 50, 100, 200, 250, 500, 1000, 2000) if (high - low) / w <= 14)
    slot = np.ceil(z / width - 1e-9).astype(int) - 1
    slots = np.arange(slot.min(), slot.max() + 1)
    parts = {}
    for (column, sign), (label, hatch) in zip(BY_AIRWAY.items(), LEDGER.values()):
        parts[label] = (np.array([sign * np.nansum(airways[column][slot == s]) for s in slots]), hatch)
    parts = {label: part for label, part in parts.items() if np.any(part[0])}
    if len(slots) < 2 or not parts:
        return []
    divisor, unit = scale_of("W", max(np.abs(v).max() for v, _ in parts.values()))
    names = [f"{s * width:g} to {(s + 1) * width:g}" for s in slots]
    drawing, axes = canvas(6.5, 1.4 + 0.34 * len(slots))
    stacked(axes, slots, {label: (values / divisor, hatch) for label, (values, hatch) in parts.items()}, horizontal=True, width=0.75)
    axes.set_yticks(slots, names)
    axes.set(ylabel="elevation, m", xlabel=f"heat into the air, {unit}")
    axes.grid(axis="y", visible=False)
    drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
    return [Figure("heat_by_depth", "Heat into the air by depth", drawing, {"elevation [m]": names, **{f"{k} [W]": v for k, (v, _) in parts.items()}},
                   f"End of stage “{run.stages[-1].name}”; an airway counts where its middle lies.", width="half")]


# ---- workplaces against their limits ----

def verdicts(run):
    """Section on workplaces: what is beyond a limit, and by how much. Returns section, figures, and a card."""
    if "rules" not in run.tables or len(rules := run.table("rules")) == 0:
        return None, [], None
    ends = stage_rows(run, rules)
    places = list(dict.fromkeys(rules["workplace"]))
    sets = list(dict.fromkeys(rules["rule_set"]))
    last_stage, last = ends[-1]
    beyond_last = set(last["workplace"][last["verdict"] == "beyond"])
    drawn = [compliance(ends, name, places) for name in sets]
    per_set = ", ".join(f"{name}: {len(set(last['workplace'][(last['verdict'] == 'beyond') & (last['rule_set'] == name)]))}" for name in sets)
    card = ("workplaces beyond a limit", f"{len(beyond_last)} of {len(places)}", f"at the end of “{last_stage.name}”; by rule set {per_set}",
            f'data-check="beyond" data-value="{len(beyond_last)}"', "bad" if beyond_last else "good")
    rows = [broken_row(stage, row) for stage, part in ends for row in part.rows() if row["verdict"] == "beyond"]
    rows.sort(key=lambda row: (row[0] != last_stage.name, row[4] if row[4] == row[4] else 0))
    worst = {}
    for row in rows:
        if row[0] == last_stage.name:
            worst.setdefault(row[1], row[1:])
    body = figures(drawn)
    if worst:
        worst = list(worst.values())
        caption = f"Worst broken clause of each workplace at the end of “{last_stage.name}”; hover what is found for its source."
        body += table(HEADS[1:], worst[:MOST_ROWS], caption)
    if rows:
        left = "" if len(rows) <= 400 else f" of {len(rows)} (all are in rules.csv)"
        body += details(f"{min(len(rows), 400)}{left} broken clauses of all stages", table(HEADS, rows[:400]))
    else:
        body += note("No clause that could be judged is broken.")
    unknown = int(np.sum(last["verdict"] == "unknown"))
    body += note("A clause is read where its text was at hand, recalled where it is from the literature: check recalled limits before use."
                 + (f" {unknown} clauses could not be judged in the last stage because their quantity was not given." if unknown else ""))
    return Section("workplaces", "Workplaces against their limits", body), drawn, card


def broken_row(stage, row):
    named = [stage.name, row["workplace"], row["rule_set"], row["clause"]]
    return [*named, row["margin [K]"], row["margin [W]"] / 1e3, finding(row["says"]), row["confidence"]]


def count_beyond(run):
    """A row for the headline table: workplaces beyond a limit, stage by stage."""
    if "rules" not in run.tables or len(rules := run.table("rules")) == 0:
        return []
    counts = [len(set(part["workplace"][part["verdict"] == "beyond"])) for _, part in stage_rows(run, rules)]
    return [["workplaces beyond a limit", *counts]]


def finding(text):
    """What a clause says of a workplace, without its name in front and its source behind."""
    text = text.split(": ", 1)[-1]
    return Cell(text.split(" (", 1)[0], None, f'title="{escape(text)}"')


def compliance(ends, name, places):
    """Workplaces down, stages across: colour is the smallest margin in K, a cross marks a clause that is broken."""
    margins, broken = np.full((len(places), len(ends)), np.nan), np.zeros((len(places), len(ends)), int)
    for k, (_, rows) in enumerate(ends):
        rows = rows.where(rule_set=name)
        for i, place in enumerate(places):
            mine = rows["workplace"] == place
            kelvin = rows["margin [K]"][mine]
            margins[i, k] = np.nanmin(kelvin) if np.isfinite(kelvin).any() else np.nan
            broken[i, k] = np.sum(rows["verdict"][mine] == "beyond")
    order = np.argsort(np.nan_to_num(margins[:, -1], nan=1e9) - 1e-3 * broken[:, -1], kind="stable")[:MOST_WORKPLACES]
    reach = max(2.0, np.nanmax(np.abs(margins)) if np.isfinite(margins).any() else 2.0)
    drawing, axes = canvas(2.8 + 1.15 * max(len(ends), 2), 1.3 + 0.27 * max(len(order), 4))
    picture = axes.pcolormesh(margins[order], cmap="RdBu", norm=colors.TwoSlopeNorm(0, -reach, reach), edgecolors="white", linewidth=1.5)
    picture.set_rasterized(False)
    axes.set_facecolor("0.85")
    for row, i in enumerate(order):
        for k in range(len(ends)):
            text = ("✕ " if broken[i, k] else "") + (f"{margins[i, k]:+.1f}" if np.isfinite(margins[i, k]) else "")
            dark = np.isfinite(margins[i, k]) and abs(margins[i, k]) > 0.6 * reach
            axes.text(k + 0.5, row + 0.5, text, ha="center", va="center", fontsize=9, color="white" if dark else "black")
    axes.set_yticks(np.arange(len(order)) + 0.5, [places[i] for i in order])
    many = len(ends) > 3
    axes.set_xticks(np.arange(len(ends)) + 0.5, [stage.name for stage, _ in ends], rotation=20 if many else 0, ha="right" if many else "center")
    axes.invert_yaxis()
    axes.grid(False)
    drawing.colorbar(picture, ax=axes, label="smallest margin, K", shrink=min(1, 8 / max(len(order), 8)))
    columns = {"workplace": [places[i] for i in order for _ in ends], "stage": [stage.name for _ in order for stage, _ in ends],
               "margin [K]": margins[order].ravel(), "broken clauses": broken[order].ravel()}
    left = f" The {len(order)} worst of {len(places)} workplaces." if len(order) < len(places) else ""
    return Figure(f"compliance_{name}", f"Compliance with {name}", drawing, columns,
                  f"Smallest margin of the clauses that limit a temperature; ✕: a clause of any kind is broken; grey: none limits one.{left}",
                  width="half" if len(ends) <= 4 else "wide")


def section(run):
    """Section on heat of the air."""
    body, drawn = ledger(run)
    return (Section("heat", "Where the heat comes from", figures(drawn) + body), drawn) if drawn else (None, [])

