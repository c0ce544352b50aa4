"""What every run has: headline numbers by stage, histories, residuals and balances, times."""
import numpy as np

from reporting.figures import Figure, canvas
from reporting.markup import Cell, Section, details, figures, note, number_card, table, value_cell, words
from reporting.quantities import digits, scale_of

HEADLINES = """wall_compression_max largest_displacement yielded_points released_work dissipated_energy excess_energy rock_temperature_min
rock_temperature_max heat_flow_into_openings air_intake fan_power heat_strata heat_sources heat_fans heat_coolers plant_power water_evaporated
temperature_max wet_bulb_max""".split()
NAMES = {"wall_compression_max": "largest compression in the walls", "largest_displacement": "largest displacement", "air_intake": "air taken in",
         "fan_power": "power of the fans", "heat_strata": "heat from the rock", "heat_coolers": "heat by coolers (taken out: negative)",
         "heat_sources": "heat of machines and other sources", "heat_fans": "heat of the fans", "plant_power": "power of the cooling plants",
         "wet_bulb_max": "hottest wet bulb", "temperature_max": "hottest air", "heat_flow_into_openings": "heat flow from walls in the mesh",
         "rock_temperature_max": "hottest rock", "rock_temperature_min": "coolest rock", "released_work": "released energy",
         "heat_autocompression": "autocompression (net, in to out)", "heat_wall_water": "heat of water on the walls"}
CARDS = """wall_compression_max largest_displacement yielded_points rock_temperature_max heat_flow_into_openings wet_bulb_max air_intake
fan_power heat_strata heat_coolers plant_power""".split()
CHECKS = ("residual", "imbalance", "mismatch", "overshoot")
EFFORT = ("iterations", "steps", "rounds", "rounds_max", "couplings")


def name_of(key):
    return NAMES.get(key, words(key))


def measure(value, unit):
    return Cell(digits(float(value)) + (f" {unit}" if unit not in ("1", "") else ""), float(value))


def is_check(key):
    return key.endswith(CHECKS)


def is_effort(key):
    return key.endswith(EFFORT)


def headline_cards(run):
    present = [key for key in CARDS if key in run.numbers and run.numbers[key].value == run.numbers[key].value]
    present = [key for key in present if run.numbers[key].value != 0 or key in ("air_intake", "largest_displacement")]
    return [number_card(name_of(key), key, run.numbers[key]) for key in present]


def headline_table(run, first):
    """One row per quantity, one column per stage; `first` are rows that go before."""
    keys = [k for k in HEADLINES if k in run.numbers] + [k for k in run.numbers if k.endswith("_most_severe")]
    numbers = dict((step.number, values) for step, values in run.steps)
    stages = run.stages[-12:]
    keys = [k for k in keys if any(k in numbers[s.number] and numbers[s.number][k].value not in (0, None) for s in stages)]
    if not keys and not first:
        return ""
    rows = first + [[name_of(key)] + [value_cell(f"{key}@{s.number}", numbers[s.number].get(key)) for s in stages] for key in keys]
    left = f" The last {len(stages)} of {len(run.stages)} stages." if len(stages) < len(run.stages) else ""
    return table(["quantity"] + [s.name for s in stages], rows, f"Headline numbers at the end of each stage.{left}", "headline")


def all_numbers(run):
    rows = [[words(key), value_cell(key, number), number.unit] for key, number in run.numbers.items()]
    return details(f"All {len(rows)} numbers of the last step", table(["number", "value", "unit in the files"], rows, kind="numbers")) if rows else ""


def time_axis(history):
    """Values, label and kind (linear, log, steps) of the horizontal axis for these rows."""
    days, steps = history["time [d]"], history["step"]
    if len(days) > 1 and np.all(np.diff(days) > 0):
        scale, unit = (365.25, "years") if days[-1] > 730 else (1, "days") if days[-1] > 3 else (1 / 24, "hours")
        positive = days[days > 0]
        log = len(positive) == len(days) > 3 and positive[-1] / positive[0] > 200
        return days / scale, f"time, {unit}", "log" if log else "linear"
    return steps, "step", "steps"


def dress(axes, history, kind, label):
    if kind == "log":
        axes.set_xscale("log")
    if kind == "steps":
        names = [f"{stage}" for stage in history["stage"]]
        if len(names) <= 6 and len(set(names)) == len(names):
            axes.set_xticks(history["step"], [name if len(name) < 15 else name[:13] + "…" for name in names], rotation=15 if len(names) > 2 else 0)
            label = ""
        else:
            axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel(label)


def histories(run):
    """A small figure for each quantity that changes."""
    history = run.history
    if len(history) < 2:
        return [], "The run has one step: its numbers are in the tables."
    x, label, kind = time_axis(history)
    indicators = [key[:-len("_most_severe")] for key in run.numbers if key.endswith("_most_severe")]
    drawn = []
    for key in history.columns:
        values = history[key]
        if key in ("stage", "step", "time", "time [d]") or is_check(key) or is_effort(key) or values.dtype.kind != "f":
            continue
        if any(key.startswith((f"{name}_area_", f"{name}_volume_")) for name in indicators):  # stacked by class in the section on rockburst
            continue
        finite = values[np.isfinite(values)]
        if len(finite) < 2 or np.ptp(finite) <= 1e-9 * np.abs(finite).max():
            continue
        divisor, unit = scale_of(history.units[key], np.abs(finite).max())
        drawing, axes = canvas(4.2, 2.7)
        axes.plot(x, values / divisor, marker="o" if len(x) < 30 else None, markersize=4)
        dress(axes, history, kind, label)
        axes.set_ylabel(unit)
        axes.margins(y=0.12)
        head = {"stage": history["stage"], label: x, f"{key} [{unit or '1'}]": values / divisor}
        drawn.append(Figure(f"history_{key}", name_of(key), drawing, head, width="small"))
    return drawn, "" if drawn else "No quantity changes from step to step."


def numerics(run):
    """Section on convergence, balances, times and memory."""
    history = run.history
    keys = [key for key in history.columns if is_check(key) and history[key].dtype.kind == "f" and np.isfinite(history[key]).any()]
    body, drawn = "", []
    if keys:
        rows = [[words(k), measure(np.nanmax(np.abs(history[k])), history.units[k]), measure(history[k][-1], history.units[k])] for k in keys]
        caption = "How far the solution is from closing: relative unless a unit is given."
        body += table(["residual or balance", "worst of all steps", "last step"], rows, caption)
        if len(history) > 1:
            x, label, kind = time_axis(history)
            drawing, axes = canvas(6, 3.6)
            for k, marker in zip(keys, "osD^vP*X" * 4):
                axes.plot(x, np.where(history[k] == 0, np.nan, np.abs(history[k])), marker=marker, markersize=4, label=words(k))
            axes.set_yscale("log")
            dress(axes, history, kind, label)
            drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
            drawn.append(Figure("balances", "Residuals and balances", drawing, {"step": history["step"], **{k: history[k] for k in keys}},
                                "A zero is not drawn.", width="half"))
            effort = [k for k in history.columns if is_effort(k) and history[k].dtype.kind == "f" and np.nanmax(history[k]) > 0]
            if effort:
                drawing, axes = canvas(6, 3.6)
                for k, marker in zip(effort, "osD^vP*X" * 4):
                    axes.plot(x, history[k], marker=marker, markersize=4, label=words(k))
                axes.set_yscale("symlog")
                dress(axes, history, kind, label)
                drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
                columns = {"step": history["step"], **{k: history[k] for k in effort}}
                drawn.append(Figure("effort", "Iterations and steps", drawing, columns, width="half"))
    phases = {name[:-2]: seconds for name, seconds in run.summary.get("timings", {}).items() if name != "total_s" and seconds > 0}
    total = run.summary.get("timings", {}).get("total_s")
    if phases:
        drawing, axes = canvas(6, 0.6 + 0.32 * len(phases))
        ordered = sorted(phases.items(), key=lambda phase: phase[1])
        axes.barh([name for name, _ in ordered], [seconds for _, seconds in ordered], color="#0072B2")
        axes.set_xlabel("seconds")
        axes.grid(axis="y", visible=False)
        columns = {"phase": [name for name, _ in ordered], "seconds": [seconds for _, seconds in ordered]}
        drawn.append(Figure("times", "Where the time went", drawing, columns, width="half"))
    body += figures(drawn)
    memory = run.summary.get("memory", {}).get("peak_mb_sum")
    if total is not None:
        ranks = run.summary.get("ranks", 1)
        at_most = f", at most {digits(memory)} MB of memory" if memory else ""
        body += note(f"{digits(total)} s on {ranks} rank{'s' if ranks > 1 else ''}{at_most}.")
    return Section("numerics", "Convergence and balances", body), drawn

