"""A comparison of designs: the answer, the ranked tables, power against violations, what fails first, the years, what if the mine is otherwise."""
import numpy as np

from reporting.figures import Figure, canvas
from reporting.markup import Cell, Section, cards, details, escape, figures, note, table
from reporting.quantities import OKABE_ITO, digits, words

YEAR = 365.25 * 86400
MARKS, LINES = "osD^vPX<", ("-", "--", ":", "-.")
# Columns of the tables: measure of compare.json, head, divided by, unit shown (`{}` is the currency). A column without numbers is left out.
LIMITS = (("beyond", "beyond a limit", 1, "place-days"), ("workplaces_beyond", "workplaces beyond", 1, ""), ("margin_least", "least margin", 1, "K"),
          ("to_remove_most", "to remove, most", 1, "kW"), ("fan_stall_margin_least", "least margin to stall", 1, ""))
POWER = (("cooling_mean", "cooling, mean", 1, "kW(R)"), ("cooling_most", "cooling, most", 1, "kW(R)"), ("power_mean", "power, mean", 1, "kW"),
         ("power_most", "power, most", 1, "kW"), ("fan_energy", "fans", 1e6, "GWh/yr"), ("plant_energy", "plants", 1e6, "GWh/yr"),
         ("water", "water", 1e3, "1000 m³/yr"), ("carbon", "CO₂", 1e3, "kt/yr"))
COSTS = (("energy_cost", "energy", 1e6, "M {}/yr"), ("water_cost", "water", 1e6, "M {}/yr"), ("capital", "capital", 1e6, "M {}"),
         ("present_cost", "present cost", 1e6, "M {}"), ("score", "score", 1e6, "M"))
THROUGH_TIME = (("margin_least", "least margin, K", 1), ("wet_bulb_max", "hottest wet bulb, °C", 1), ("cooling", "cooling, MW", 1e-6),
                ("strata", "heat from the rock, MW", 1e-6))


def is_comparison(run):
    return isinstance(run.summary.get("options"), list)


def sections(run):
    """Sections of the page, and all figures."""
    summary = run.summary
    options = sorted(summary["options"], key=lambda option: option["rank"])
    currency = summary.get("currency", "")
    pages = [answer(summary, options, currency)]
    if not options:
        return pages + [inputs(summary, options)], []
    front, parts = pareto(options), score_parts(summary, options, currency)
    first = [f for f in (front, parts) if f]
    body = ranked(options, LIMITS, currency, "Limits.") + ranked(options, POWER, currency, "Cooling, power and what they need.")
    body += ranked(options, COSTS, currency, "Money. " + formula(summary, currency))
    pages.append(Section("ranking", "Options ranked", body + figures(first)))
    maps = [f for f in (by(options, "days_by_workplace", "workplace"), by(options, "days_by_clause", "clause")) if f]
    pages.append(Section("limits", "What fails first, and where", fails_first(options) + figures(maps) + trips(options)))
    years = list(through_time(options))
    if years:
        pages.append(Section("years", "Through the years", figures(years)))
    section, doubts = sensitivity(run, options)
    if section:
        pages.append(section)
    pages.append(inputs(summary, options))
    return pages, first + maps + years + doubts


def answer(summary, options, currency):
    """In large print: what is first by the stated weights, and what is the cheapest that keeps every limit."""
    made = []
    if options:
        best = options[0]
        made.append(("first by the stated weights", best["name"], best.get("title", ""), f'data-check="rank1" data-value="{best["score"]!r}"',
                     "wide" if best["beyond"] else "wide good"))
        made.append(("place-days beyond a limit", digits(float(best["beyond"])),
                     f"at {digits(float(best['workplaces_beyond']))} of {best.get('workplaces', '?')} workplaces",
                     f'data-check="beyond1" data-value="{best["beyond"]!r}"', "bad" if best["beyond"] else "good"))
        worst = best.get("worst") or {}
        if best.get("margin_least") is not None:
            kind = "bad" if best["margin_least"] < 0 else "good"
            made.append(("least margin", f"{best['margin_least']:+.1f} K", worst.get("workplace", ""), "", kind))
        capital = f"of it capital {digits(best['capital'] / 1e6)} M"
        made.append(("present cost", f"{digits(best['present_cost'] / 1e6)} M {currency}", capital, "", ""))
        made.append(("power, mean", f"{digits(best['power_mean'] / 1e3)} MW", f"for {digits(best['cooling_mean'] / 1e3)} MW of cooling", "", ""))
        keeping = [o for o in options if o["beyond"] == 0]
        cheapest = min(keeping, key=lambda o: o["present_cost"], default=None)
        if cheapest is None:
            made.append(("keep every limit", f"none of {len(options)}", "every option is beyond a limit at some time", "", "bad"))
        else:
            text = "the first" if cheapest is best else f"cheapest: {cheapest['name']}, {digits(cheapest['present_cost'] / 1e6)} M {currency}"
            made.append(("keep every limit", f"{len(keeping)} of {len(options)}", text, "", "good"))
    failed = sorted({f["name"] for f in summary.get("failed", []) if not f.get("doubt")})
    if failed:
        made.append(("without an answer", str(len(failed)), ", ".join(failed), "", "bad"))
    recalled = [c["name"] for c in summary.get("clauses", []) if c.get("confidence") == "recalled"]
    warned = f"No statement of compliance: recalled and not read are {', '.join(recalled)}." if recalled else ""
    return Section("answer", "The answer", cards(made) + (note(warned) if warned else ""))


def formula(summary, currency):
    names = {"cost": f"present cost in {currency}".strip(), "beyond": "place-days beyond a limit", "carbon": "t CO₂"}
    parts = " + ".join(f"{value:g} × {names.get(name, words(name))}" for name, value in summary.get("weights", {}).items() if value)
    return f"Score: {parts or 'nothing'}; the smallest is first, and nothing else moves the ranking."


def named(option):
    return Cell(option["name"], None, f'title="{escape(option.get("title", ""))}"')


def ranked(options, columns, currency, caption):
    """A table of options; numbers are exact in data-value and on hovering."""
    kept = [c for c in columns if any(o.get(c[0]) is not None for o in options)]
    if not kept:
        return ""
    heads = ["rank", "option"] + [head + (f", {unit.format(currency)}" if unit else "") for _, head, _, unit in kept]
    rows = []
    for option in options:
        row = [Cell(str(option["rank"]) + (" *" if option.get("pareto") else ""), float(option["rank"])), named(option)]
        for measure, _, divisor, _ in kept:
            value = option.get(measure)
            data = f'data-option="{option["rank"]}/{measure}" data-value="{value!r}" title="{value!r}"'
            shown = f"{value:+.1f}" if measure == "margin_least" and value is not None else "" if value is None else amount(value / divisor)
            row.append(Cell("–") if value is None else Cell(shown, float(value), data))
        rows.append(row)
    star = " * no other option needs less mean power and has fewer place-days beyond." if columns is LIMITS else ""
    return table(heads, rows, caption + star, "ranked")


def amount(value):
    """Whole numbers from a hundred on, two digits behind the point below ten."""
    size = abs(value)
    if size < 1e-9:
        return "0"
    return f"{value:.0f}" if size >= 100 or value == int(value) else f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def style(k):
    """Colour of the option that is k-th; with mark and line it is told apart without its colour."""
    return {"color": OKABE_ITO[k % len(OKABE_ITO)]}


def pareto(options):
    """Mean power against what is beyond a limit; filled where no other option is better in both."""
    drawing, axes = canvas(6.2, 4.2)
    front = sorted((o["power_mean"] / 1e3, o["beyond"]) for o in options if o.get("pareto"))
    axes.plot(*zip(*front), color="0.6", linestyle="--", linewidth=1, zorder=0) if front else None
    for k, o in enumerate(options):
        place = (o["power_mean"] / 1e3, o["beyond"])
        axes.plot(*place, MARKS[k % len(MARKS)], markersize=9, **style(k), markerfacecolor=None if o.get("pareto") else "white", clip_on=False,
                  linestyle="none", zorder=3, label=f"{o['rank']} {o['name']}")
        axes.annotate(str(o["rank"]), place, xytext=(8, 6), textcoords="offset points", fontsize=10)
    axes.set(xlabel="mean power, MW", ylabel="place-days beyond a limit")
    axes.margins(x=0.08, y=0.1)
    axes.set_ylim(bottom=0)
    drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
    columns = {"rank": [o["rank"] for o in options], "option": [o["name"] for o in options], "power_mean [kW]": [o["power_mean"] for o in options],
               "beyond [workplace-days]": [o["beyond"] for o in options], "pareto": [int(o.get("pareto", False)) for o in options]}
    return Figure("power_against_violations", "Power against violations", drawing, columns,
                  "Filled, on the dashed line: no other option needs less power and has fewer place-days beyond.", width="half")


def score_parts(summary, options, currency):
    """What the score is made of; None where the weights leave out the cost."""
    weights = summary.get("weights", {})
    if not weights.get("cost"):
        return None
    cost = np.array([weights["cost"] * o["present_cost"] for o in options]) / 1e6
    days = np.array([weights.get("beyond", 0) * o["beyond"] for o in options]) / 1e6
    rest = np.array([o["score"] for o in options]) / 1e6 - cost - days
    parts = {"present cost": (cost, ""), "place-days beyond a limit": (days, "//")}
    if np.abs(rest).max() > 1e-6 * np.abs(cost + days).max():
        parts["CO₂"] = (rest, "..")
    drawing, axes = canvas(6.2, 1.4 + 0.42 * len(options))
    base, places = np.zeros(len(options)), np.arange(len(options))
    for k, (label, (values, hatch)) in enumerate(parts.items()):
        axes.barh(places, values, 0.65, left=base, color=OKABE_ITO[k], hatch=hatch, edgecolor="white", linewidth=0.5, label=label)
        base = base + values
    axes.set_yticks(places, [f"{o['rank']} {o['name']}" for o in options])
    axes.invert_yaxis()
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(f"score, M {currency}" if weights["cost"] == 1 else "score, M")
    drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize=9)
    columns = {"option": [o["name"] for o in options], **{f"{label} [M]": values for label, (values, _) in parts.items()}}
    caption = "The weights turn place-days into money; they are the study's, not a law."
    return Figure("score", "What the ranking is made of", drawing, columns, caption, width="half")


def fails_first(options):
    """What is beyond a limit first, with time and elevation; where nothing is, what is nearest."""
    rows = []
    for o in options:
        first, worst = o.get("first_beyond"), o.get("worst") or {}
        place = first or worst
        if not place:
            continue
        says = Cell("beyond", None, 'class="bad"') if first else Cell("nearest", None, "")
        rows.append([named(o), says, place.get("workplace", ""), missing(place.get("z")), missing(place.get("years")), place.get("stage", ""),
                     place.get("clause", ""), missing(place.get("kelvin")), missing(worst.get("kelvin")), worst.get("workplace", "")])
    heads = ["option", "is", "workplace", "elevation, m", "after, years", "stage", "clause", "margin then, K", "least ever, K", "at"]
    return table(heads, rows, "What passes a limit first. Where nothing does, what comes nearest.", "ranked") if rows else ""


def missing(value):
    return Cell("–") if value is None else Cell(amount(float(value)), float(value))


def trips(options):
    names = list(dict.fromkeys(name for o in options for name in o.get("minutes_to_limit", {})))
    if not names:
        return ""
    rows = [[named(o)] + [missing(o.get("minutes_to_limit", {}).get(name)) for name in names] for o in options]
    caption = ("When something fails at the hottest moment: minutes until a limit is passed that would have held, in steps of the study. "
               "A dash: none while it was watched; an option that is beyond its limits already has less left to lose.")
    return table(["option", *(f"{name}, min" for name in names)], rows, caption)


def by(options, key, what):
    """Days beyond a limit by workplace or clause, one column per option; the forty worst."""
    totals = {n: sum(o.get(key, {}).get(n, 0) for o in options) for o in options for n in o.get(key, {})}
    names = sorted((n for n in totals if totals[n] > 0), key=lambda n: (-totals[n], n))[:40]
    if not names or what == "clause" and len(names) < 2:
        return None
    days = np.array([[o.get(key, {}).get(n, 0) for o in options] for n in names])
    drawing, axes = canvas(2.6 + 0.7 * len(options), 1.6 + 0.3 * max(len(names), 4))
    picture = axes.pcolormesh(np.where(days > 0, days, np.nan), cmap="cividis_r", edgecolors="white", linewidth=1, vmin=0)
    axes.set_facecolor("0.96")
    for (i, k), value in np.ndenumerate(days):
        shade = "black" if value < 0.55 * days.max() else "white"
        said = f"{value:.0f}" if value >= 0.5 else "<1" if value else ""
        axes.text(k + 0.5, i + 0.5, said, ha="center", va="center", fontsize=9, color=shade)
    axes.set_yticks(np.arange(len(names)) + 0.5, names)
    axes.set_xticks(np.arange(len(options)) + 0.5, [f"{o['rank']} {o['name']}" for o in options], rotation=30, ha="right")
    axes.invert_yaxis()
    axes.grid(False)
    drawing.colorbar(picture, ax=axes, label="days", shrink=0.7)
    columns = {what: [n for n in names for _ in options], "option": [o["name"] for _ in names for o in options], "days": days.ravel()}
    return Figure(key, f"Days beyond a limit by {what}", drawing, columns, "Empty: never.", width="half")


def through_time(options):
    for key, label, factor in THROUGH_TIME:
        series = [(k, o, [s for s in o.get("history", []) if s.get(key) is not None]) for k, o in enumerate(options)]
        series = [entry for entry in series if entry[2]]
        if not series or max(len(seen) for _, _, seen in series) < 2 or not any(s[key] for _, _, seen in series for s in seen):
            continue
        drawing, axes = canvas(6.2, 3.8)
        columns = {"option": [], "years": [], key: []}
        for k, o, seen in series:
            years, values = [s["time"] / YEAR for s in seen], [s[key] * factor for s in seen]
            axes.plot(years, values, linestyle=LINES[k % len(LINES)], linewidth=1.2, **style(k), label=f"{o['rank']} {o['name']}")
            for name, column in (("option", [o["name"]] * len(years)), ("years", years), (key, values)):
                columns[name] += column
        if key == "margin_least":
            axes.axhline(0, color="black", linewidth=1)
        axes.set(xlabel="years", ylabel=label)
        drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
        under = "Below zero a limit is passed." if key == "margin_least" else ""
        yield Figure(f"through_time_{key}", label.split(",")[0].capitalize(), drawing, columns, under, width="half")


def sensitivity(run, options):
    """Place-days and rank of every option if the mine is otherwise."""
    if "sensitivity" not in run.tables or not len(found := run.table("sensitivity")):
        return None, []
    doubts = list(dict.fromkeys(found["doubt"]))
    rows, moved = [], set()
    days = {"as it is": [o["beyond"] for o in options], **{doubt: [] for doubt in doubts}}
    for o in options:
        row = [Cell(str(o["rank"]), float(o["rank"])), named(o), Cell(amount(o["beyond"]), float(o["beyond"]))]
        for doubt in doubts:
            entry = next((e for e in found.where(doubt=doubt, option=o["name"]).rows() if e["solved"] == 1), None)
            days[doubt].append(entry["beyond"] if entry else np.nan)
            if entry is None:
                row.append(Cell("no answer"))
                continue
            if int(entry["rank"]) != o["rank"]:
                moved.add(doubt)
            row.append(Cell(f"{amount(entry['beyond'])} (rank {int(entry['rank'])})", float(entry["beyond"])))
        rows.append(row)
    drawing, axes = canvas(6.2, 3.8)
    width = 0.8 / len(days)
    for k, (doubt, values) in enumerate(days.items()):
        places = np.arange(len(options)) + (k - (len(days) - 1) / 2) * width
        hatch = ("", "//", "..", "xx", "\\\\")[k % 5]
        axes.bar(places, np.nan_to_num(values), width, label=doubt, **style(k), hatch=hatch, edgecolor="white", linewidth=0.5)
    axes.set_xticks(np.arange(len(options)), [f"{o['rank']} {o['name']}" for o in options], rotation=20, ha="right")
    axes.set_ylabel("place-days beyond a limit")
    axes.grid(axis="x", visible=False)
    drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
    drawn = Figure("sensitivity", "If the mine is otherwise", drawing, {"option": [o["name"] for o in options], **days}, width="half")
    changed = ", ".join(d for d in doubts if d in moved)
    says = f"The ranking changes under: {changed}." if moved else "The ranking is the same under every doubt."
    heads = ["rank", "option", "place-days as it is", *(f"if {doubt}" for doubt in doubts)]
    body = table(heads, rows, "Place-days beyond a limit, and the rank then.")
    return Section("sensitivity", "If the mine is otherwise", body + note(says) + figures([drawn])), [drawn]


def inputs(summary, options):
    """What every option is, what it changes, what was not solved, and which clauses were counted."""
    rows = [[o["name"], o.get("title", ""), Cell(str(len(o.get("settings", []))), float(len(o.get("settings", []))))] for o in options]
    body = table(["option", "what it is", "settings"], rows) if rows else ""
    listed = "\n".join(f"{o['name']}:\n" + "".join(f"  {s}\n" for s in o.get("settings", [])) for o in options)
    body += details("what the options change in the case, as --set", f"<pre>{escape(listed)}</pre>")
    if summary.get("failed"):
        rows = [[f["name"], f.get("doubt", ""), f["why"]] for f in summary["failed"]]
        body += table(["without an answer", "if", "why"], rows, "Not in the ranking.")
    clauses = [f"{c['name']} ({c.get('confidence', '')})" for c in summary.get("clauses", [])]
    return Section("options", "The options", body + note(f"Counted as limits: {'; '.join(clauses)}. Case: {summary.get('case', '')}."))
