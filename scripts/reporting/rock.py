"""Rock: pictures of its fields, rockburst indicators on the walls, energy of the stages, probes."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import cm, colors

from reporting.air import stacked
from reporting.figures import Figure, canvas
from reporting.markup import Section, figures, note, table, value_cell
from reporting.overview import dress, time_axis
from reporting.quantities import OKABE_ITO, scale_of, words

ENERGY = {"released_work": "released", "stored_energy_change": "stored", "dissipated_energy": "dissipated", "thermal_work": "thermal",
          "excess_energy": "excess"}
WARNING = "Rockburst indicators order places by published experience; they are not predictions."


# ---- pictures ----

def pictures(run):
    """Figures of rock and walls, and a sentence where there are none."""
    if run.rock is None:
        return [], [], ""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "reporting.pictures", str(run.folder), folder]
        if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
            if not shutil.which("xvfb-run"):
                return [], [], "No pictures: VTK needs a display here, or xvfb-run (package xvfb)."
            command = ["xvfb-run", "-a", *command]
        path = pathlib.Path(folder, "pictures.json")
        for _ in range(3):  # on a busy machine a display may not be ready in time
            made = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
            if path.is_file() or "X server" not in made.stderr:
                break
        if made.returncode != 0 or not path.is_file():
            lacking = "No module named 'vtk" in made.stderr
            reason = "VTK for Python is not installed (package python3-vtk9)" if lacking else (made.stderr.strip().splitlines() or ["VTK ended"])[-1]
            return [], [], f"No pictures: {reason}."
        drawn = [(entry, framed(entry, plt.imread(pathlib.Path(folder, entry["file"])))) for entry in json.loads(path.read_text(encoding="utf-8"))]
    return [f for e, f in drawn if e["kind"] == "rock"], [f for e, f in drawn if e["kind"] == "wall"], ""


def framed(entry, image):
    """A bare picture with its colours, a length and the directions of the axes."""
    rows, columns = np.where((image[:, :, :3] < 0.999).any(axis=2))
    top, bottom, left, right = max(rows.min() - 15, 0), rows.max() + 15, max(columns.min() - 15, 0), columns.max() + 15
    image = image[top:bottom, left:right]
    height, width = image.shape[:2]
    drawing, axes = canvas(4.6, 0.6 + min(4.2, max(1.2, 4.6 * height / width)))
    axes.imshow(image, interpolation="antialiased")
    axes.axis("off")
    if entry["classes"]:
        n = len(entry["classes"])
        shades = cm.viridis(np.linspace(0, 1, n)) if n > 1 else cm.viridis([0])
        handles = [plt.Rectangle((0, 0), 1, 1, color=shade) for shade in shades]
        ncols = 1 + (max(map(len, entry["classes"])) < 20)
        drawing.legend(handles, entry["classes"], loc="upper center", bbox_to_anchor=(0.5, 0), ncols=ncols, fontsize=10)
    else:
        scale = cm.ScalarMappable(colors.Normalize(entry["low"], entry["high"]), cm.viridis)
        drawing.colorbar(scale, ax=axes, label=entry["unit"], location="bottom", shrink=0.8, aspect=30, pad=0.01, extend="both")
    length = width / entry["pixels"] / 5
    length = min((m * 10.0**e for e in range(-3, 5) for m in (1, 2, 5)), key=lambda known: abs(np.log(known / length)))
    y, x = height + 18, 0
    axes.plot([x, x + length * entry["pixels"]], [y, y], color="black", linewidth=2, solid_capstyle="butt", clip_on=False)
    axes.text(x + length * entry["pixels"] + 8, y, f"{length:g} m", va="center", fontsize=10)
    right_parts, up_parts = entry["axes"]
    for name, a, b in zip("xyz", right_parts, up_parts):
        if np.hypot(a, b) > 0.15:
            tip = (width - 60 + 45 * a, y - 45 * b)
            axes.annotate("", tip, (width - 60, y), arrowprops={"arrowstyle": "-|>", "color": "0.3"}, annotation_clip=False)
            axes.text(width - 60 + 62 * a, y - 62 * b, name, ha="center", va="center", fontsize=9, color="0.3")
    axes.set_ylim(height + 70, -5)
    axes.set_xlim(-5, width + 5)
    kind = "wall" if entry["kind"] == "wall" else "rock"
    caption = f"End of stage “{entry['stage']}”." + (" Grey faces touch an edge or corner, where stress has no limit." if entry["grey"] else "")
    title = f"{'Walls' if kind == 'wall' else 'Rock'}: {entry['title']}"
    return Figure(f"{kind}_{entry['name']}", title, drawing, raster=True, caption=caption, width="small")


def fields(run, drawn, reason):
    if run.rock is None:
        return None
    how = "The openings and what is round them, cut open; the outermost 0.5 % of the values at either end share a colour."
    return Section("fields", "Fields in the rock", figures(drawn) + note(reason or how))


# ---- rockburst indicators ----

def indicator_names(run):
    return [key[:-len("_most_severe")] for key in run.numbers if key.endswith("_most_severe")]


def classes_of(run, name):
    """{class: m² or m³ of it at the end}, mildest first, and whether it is walls or rock."""
    for kind in ("area", "volume"):
        prefix = f"{name}_{kind}_"
        found = {words(key[len(prefix):]): number.value for key, number in run.numbers.items() if key.startswith(prefix)}
        if found:
            return found, kind
    return {}, ""


def indicator_cards(run):
    """The worst class that each indicator reaches, and on how much of the walls."""
    for name in indicator_names(run):
        found, kind = classes_of(run, name)
        there = [c for c, amount in found.items() if amount > 0]
        if len(found) > 1 and there:
            share = 100 * found[there[-1]] / sum(found.values())
            worst = list(found).index(there[-1])
            yield (f"{words(name)}: worst class", there[-1], f"{share:.0f} % of the {'walls' if kind == 'area' else 'rock'}", "",
                   "bad" if worst and worst == len(found) - 1 else "")


def indicators(run, walls):
    """Section on indicators: most severe values, areas by class through the stages, maps on the walls."""
    names = indicator_names(run)
    if not names:
        return None, []
    history, drawn, rows = run.history, [], []
    for name in names:
        kind = "area" if any(key.startswith(f"{name}_area_") for key in run.numbers) else "volume"
        prefix = f"{name}_{kind}_"
        classes = [key for key in history.columns if key.startswith(prefix)]
        said = run.summary.get("facts", {}).get(name, "")
        rows.append([words(name), value_cell(f"{name}_most_severe", run.numbers[f"{name}_most_severe"]), re.sub(rf"^{name} indicator: ", "", said)])
        total = sum(np.nan_to_num(history[key]) for key in classes) if classes else np.zeros(1)
        if len(classes) < 2 or not (total > 0).any():
            continue
        shares = {words(key[len(prefix):]): 100 * np.nan_to_num(history[key]) / np.where(total > 0, total, 1) for key in classes}
        ends = [int(np.flatnonzero(history["step"] == stage.number)[-1]) for stage in run.stages[-12:]]
        drawing, axes = canvas(4.6, 1.3 + 0.34 * len(ends))
        base = np.zeros(len(ends))
        for shade, (label, values) in zip(cm.viridis(np.linspace(0, 1, len(shares))), shares.items()):
            axes.barh(range(len(ends)), values[ends], left=base, color=shade, label=label, edgecolor="white", linewidth=0.5)
            base = base + values[ends]
        axes.set_yticks(range(len(ends)), [run.stages[-12:][k].name for k in range(len(ends))])
        axes.invert_yaxis()
        axes.set_xlabel(f"share of the {'wall' if kind == 'area' else 'rock'}, %")
        axes.set_xlim(0, 100)
        axes.grid(False)
        drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=9)
        columns = {"stage": [s.name for s in run.stages[-12:]], **{f"{key} [{history.units[key]}]": history[key][ends] for key in classes}}
        drawn.append(Figure(f"classes_{name}", f"Classes of {words(name)}", drawing, columns, width="small"))
    body = note(WARNING) + table(["indicator", "most severe", "what it is, and its source"], rows, f"End of stage “{run.stages[-1].name}”.")
    return Section("rockburst", "Rockburst indicators", body + figures(walls + drawn)), drawn


# ---- energy ----

def energy(run):
    """What the loads do and what becomes of it, stage by stage."""
    history = run.history
    keys = [key for key in ENERGY if key in history and np.nanmax(np.abs(history[key])) > 0]
    if "work_of_loads" not in history or not keys:
        return None, []
    ends = [(stage, history.where(step=stage.number)) for stage in run.stages[-12:]]
    names, columns = [stage.name for stage, _ in ends], {key: np.array([rows[key][0] for _, rows in ends]) for key in ["work_of_loads", *keys]}
    divisor, unit = scale_of("J", max(np.nanmax(np.abs(v)) for v in columns.values()))
    drawing, axes = canvas(6.2, 3.8)
    stacked(axes, range(len(ends)), {ENERGY[k]: (columns[k] / divisor, hatch) for k, hatch in zip(keys, ("", "//", "..", "xx", "\\\\"))}, width=0.6)
    axes.plot(range(len(ends)), columns["work_of_loads"] / divisor, "D", color="black", markerfacecolor="white", label="work of the loads")
    many = len(ends) > 3
    axes.set_xticks(range(len(ends)), names, rotation=20 if many else 0, ha="right" if many else "center")
    axes.set_xlim(-0.7, max(len(ends), 3) - 0.3)
    axes.set_ylabel(f"energy of the stage, {unit}")
    axes.grid(axis="x", visible=False)
    drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize=9)
    drawn = Figure("rock_energy", "Energy of the stages", drawing, {"stage": names, **{f"{k} [J]": v for k, v in columns.items()}},
                   "Released, stored, dissipated, thermal and excess energy add up to the work of the loads.", width="half")
    numbers = {stage.number: values for stage, values in run.steps}
    rows = [[words(key)] + [value_cell(f"{key}@{stage.number}", numbers[stage.number].get(key)) for stage, _ in ends]
            for key in ["work_of_loads", *keys, "energy_imbalance"]]
    return Section("energy", "Energy of the stages", figures([drawn]) + table(["energy"] + names, rows, kind="headline")), [drawn]


# ---- probes ----

def probes(run):
    """Along each line of points, or through time at a point: what was asked for, one figure per quantity and unit."""
    drawn = []
    for name in run.probes:
        probe = run.probe(name)
        places = np.unique(np.column_stack([probe[c] for c in "xyz"]), axis=0)
        groups = {}
        for key in list(probe.columns)[7:]:
            if probe[key].dtype.kind == "f" and np.isfinite(probe[key]).any():
                groups.setdefault((re.sub(r"_(xx|yy|zz|xy|yz|xz|x|y|z)$", "", key), probe.units[key]), []).append(key)
        rows = probe if len(places) == 1 else probe.last()
        for (quantity, unit), keys in groups.items():
            largest = max(np.nanmax(np.abs(rows[key])) for key in keys)
            keys = [key for key in keys if np.nanmax(np.abs(rows[key])) > 1e-6 * largest]
            if not keys or len(rows) < 2:
                continue
            divisor, shown = scale_of(unit, largest)
            drawing, axes = canvas(4.6, 3)
            if len(places) == 1:
                x, label, kind = time_axis(rows)
            else:
                at = np.column_stack([rows[c] for c in "xyz"])
                x, label, kind = np.linalg.norm(at - at[0], axis=1), "distance from the first point, m", "linear"
            for k, key in enumerate(keys):
                marker = "osD^vP"[k % 6] if len(x) < 40 else None
                axes.plot(x, rows[key] / divisor, color=OKABE_ITO[k % 8], marker=marker, markersize=4, label=words(key))
            dress(axes, rows, kind, label)
            axes.set_ylabel(shown)
            if len(keys) > 1:
                drawing.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, fontsize=9)
            columns = {"x [m]": rows["x"], "y [m]": rows["y"], "z [m]": rows["z"], **{f"{key} [{unit}]": rows[key] for key in keys}}
            where = f"End of stage “{rows['stage'][-1]}”." if len(places) > 1 else ""
            drawn.append(Figure(f"probe_{name}_{quantity}", f"Probe “{name}”: {words(quantity)}", drawing, columns, where, width="small"))
    return (Section("probes", "Probes", figures(drawn)), drawn) if drawn else (None, [])
