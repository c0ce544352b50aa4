"""The ventilation network as a drawing: depth is true, the rest is a schematic; colour is the wet bulb, width the flow."""
import json

import numpy as np
from matplotlib import cm, colors

from reporting.figures import Figure, canvas
from reporting.markup import Section, escape, figure

SHOWN = (("flow", "flow", "m³/s", 1), ("speed", "speed", "m/s", 1), ("temperature_from", "dry bulb in", "°C", 1),
         ("temperature_to", "dry bulb out", "°C", 1), ("wet_bulb_from", "wet bulb in", "°C", 1), ("wet_bulb_to", "wet bulb out", "°C", 1),
         ("strata_heat", "heat from the rock", "kW", 1e-3),
         ("cooling", "cooling", "kW", 1e-3), ("fan_pressure", "fan", "Pa", 1), ("friction_loss", "friction", "Pa", 1))
VIEWS = {"section": "Elevations are true; horizontally the mine is seen along its shorter direction, slanted.", "plan": "Plan view."}
MOST_STAGES = 24
WARMTH = colors.ListedColormap(cm.plasma(np.linspace(0, 0.86, 256)))  # without the yellow end, which is pale on white


def flat(points):
    """Points in the drawing: across the longest horizontal direction, slanted by the other, up the elevation; a plan where all is level."""
    centred = points - points.mean(axis=0)
    _, _, axes = np.linalg.svd(centred[:, :2], full_matrices=False)
    axes *= np.where(axes[np.arange(2), np.abs(axes).argmax(axis=1)] < 0, -1, 1)[:, None]
    along, beside = centred[:, :2] @ axes.T @ np.eye(2)[:, :1], centred[:, :2] @ axes.T @ np.eye(2)[:, 1:]
    if np.ptp(points[:, 2]) < 0.02 * np.ptp(along):
        return np.hstack([along, beside]), "plan"
    return np.column_stack([along[:, 0] + 0.45 * beside[:, 0], points[:, 2]]), "section"


def draw(run):
    """The figure for the page (last stage), and its data for other stages."""
    steps = [k for k, number in enumerate(run.airway_steps) if number in {stage.number for stage in run.stages}][-MOST_STAGES:]
    stages = {stage.number: stage.name for stage in run.stages}
    states = [(run.airway_steps[k], run.airways(k)) for k in steps]
    if not states:
        return None, None
    numbers = run.table("airways")
    wet = np.array([state.values["wet_bulb"] for _, state in states])
    if not np.isfinite(wet).any():
        return None, None
    low, high = np.floor(np.nanmin(wet)), np.ceil(np.nanmax(wet))
    number, last = states[-1]
    places, view = flat(last.points)
    norm, shades = colors.Normalize(low, max(high, low + 1)), WARMTH
    flow = np.abs(last.values["flow"])
    width = 1.2 + 4.5 * np.sqrt(flow / max(flow.max(), 1e-9))
    names = list(dict.fromkeys(last.names))
    drawing, axes = canvas(9, 6.4)
    for k, (a, b) in enumerate(last.lines):
        axes.plot(*places[[a, b]].T, color=shades(norm(last.values["wet_bulb"][k])), linewidth=width[k], solid_capstyle="round", gid=f"piece-{k}")
    joints = junctions(run)
    for name in names:
        arrow(axes, places, last, name)
    if view == "section":
        axes.set_ylabel("elevation, m")
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.grid(axis="x", visible=False)
    if len(joints) <= 12:
        corners = flat_with(last.points, joints)
        for name, place in corners.items():
            axes.annotate(name, place, xytext=(5, 5), textcoords="offset points", fontsize=9, color="0.25")
    axes.margins(0.04)
    drawing.colorbar(cm.ScalarMappable(norm, shades), ax=axes, label="wet bulb, °C", shrink=0.8, pad=0.01)
    table = numbers.where(step=number)
    columns = {name: table[name] for name in ("airway", *(column for column, *_ in SHOWN))}
    drawn = Figure("network", f"The network, wet bulb at the end of “{stages[number]}”", drawing, columns,
                   "Width grows with the flow, arrows point along it; hover or tap an airway for its values. " + VIEWS[view])
    shade = lambda values: [int(round(255 * float(norm(v)))) if np.isfinite(v) else 0 for v in values]  # noqa: E731
    data = {"airways": names, "piece": [names.index(name) for name in last.names],
            "palette": [colors.to_hex(shades(i / 255)) for i in range(256)], "heads": [[label, unit] for _, label, unit, _ in SHOWN],
            "stages": [{"name": stages[n], "shade": shade(state.values["wet_bulb"]), "values": values(numbers.where(step=n), names)}
                       for n, state in states]}
    return drawn, data


def values(rows, names):
    where = {name: k for k, name in enumerate(rows["airway"])}
    return [[None if (v := rows[c][where[name]] * factor) != v else float(f"{v:.4g}") for c, _, _, factor in SHOWN] for name in names]


def junctions(run):
    rows = run.table("junctions").last()
    return {name: (x, y, z) for name, x, y, z in zip(rows["junction"], rows["x"], rows["y"], rows["z"])}


def flat_with(points, joints):
    """Places of the junctions in the drawing of these points: each is the nearest of them."""
    places, _ = flat(points)
    return {name: places[np.argmin(((points - np.array(at)) ** 2).sum(axis=1))] for name, at in joints.items()}


def arrow(axes, places, state, name):
    """A small arrow in the middle of an airway, along its flow."""
    mine = np.flatnonzero(state.names == name)
    piece = mine[len(mine) // 2]
    flow = state.values["flow"][piece]
    if abs(flow) < 1e-6:
        return
    a, b = places[state.lines[piece]] if flow > 0 else places[state.lines[piece]][::-1]
    if np.allclose(a, b):
        return
    middle, step = (a + b) / 2, (b - a) * 0.02
    style = {"arrowstyle": "-|>,head_length=0.35,head_width=0.18", "color": "black", "linewidth": 0.1}
    axes.annotate("", middle + step, middle - step, arrowprops=style)


def section(run):
    drawn, data = draw(run)
    if drawn is None:
        return None, []
    last = len(data["stages"]) - 1
    buttons = "".join(f'<button type="button" data-stage="{k}" aria-pressed="{"true" if k == last else "false"}">{escape(stage["name"])}</button>'
                      for k, stage in enumerate(data["stages"]))
    extra = f'<div class="choose" id="network-stages" role="group" aria-label="stage">{buttons}</div>' if last else ""
    script = f'<script type="application/json" id="network-data">{json.dumps(data).replace("</", "<" + chr(92) + "/")}</script>'
    body = figure(drawn, extra) + '<div id="network-values" class="tip" hidden></div>' + script
    return Section("network", "The ventilation network", body), [drawn]
