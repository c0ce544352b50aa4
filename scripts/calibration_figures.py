#!/usr/bin/env python3
"""Figures of a calibration: ROC curves, reliability of the models, and how well every rule does.

    scripts/calibration_figures.py OUT [PICTURE.png]

OUT is the folder that `winze calibrate` wrote. Needs matplotlib. Without a name the picture goes into OUT/calibration.png.
"""
import csv
import json
import math
import pathlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]  # told apart by the colour-blind (Okabe and Ito 2008)


def table(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def main(arguments):
    if not 1 <= len(arguments) <= 2 or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    folder = pathlib.Path(arguments[0])
    picture = pathlib.Path(arguments[1]) if len(arguments) == 2 else folder / "calibration.png"
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    roc, reliability, scores = (table(folder / name) for name in ("roc.csv", "reliability.csv", "scores.csv"))
    severe = summary["classes"][1:]
    models = list(dict.fromkeys(row["model"] for row in reliability))
    columns = max(len(severe), 2)
    figure, axes = plt.subplots(2, columns, figsize=(4.2 * columns, 8.4), layout="constrained", squeeze=False)

    for k, name in enumerate(severe):
        axis = axes[0][k]
        axis.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
        for i, (index, entry) in enumerate(summary["indices"].items()):
            points = [(float(r["false_rate"]), float(r["true_rate"])) for r in roc if r["index"] == index and r["at_least"] == name]
            area = entry["at_least"][name]["area_under_roc"]
            axis.plot(*zip(*points), color=COLOURS[i % len(COLOURS)],
                      label=f"{index}: {area['value']:.2f} [{area['low']:.2f}, {area['high']:.2f}]")
        axis.set(title=name if name == severe[-1] else f"{name} or worse", xlabel="share of false alarms", ylabel="share of hits", xlim=(0, 1),
                 ylim=(0, 1.01), aspect="equal")
        axis.legend(loc="lower right", fontsize=8, title="area under ROC", title_fontsize=8)

    axis = axes[1][0]
    axis.plot([0, 1], [0, 1], color="0.7", linewidth=0.8)
    for i, model in enumerate(models):
        rows = [r for r in reliability if r["model"] == model]
        axis.scatter([float(r["predicted"]) for r in rows], [float(r["observed"]) for r in rows],
                     s=[4 * math.sqrt(float(r["rows"])) + 4 for r in rows], color=COLOURS[i % len(COLOURS)], alpha=0.7, label=model)
    axis.set(title="reliability on unseen groups", xlabel="probability said", ylabel="share observed", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    if models:
        axis.legend(loc="upper left", fontsize=8)

    axis = figure.add_subplot(axes[1][0].get_subplotspec().get_gridspec()[1, 1:])
    for unused in axes[1][1:]:
        unused.remove()
    shown = [row for row in scores if row["judged_on"] != "same rows"]
    kinds = list(dict.fromkeys(row["kind"] for row in shown))
    for place, row in enumerate(reversed(shown)):
        value, low, high = (float(row[key]) for key in ("accuracy", "accuracy_low", "accuracy_high"))
        axis.errorbar(value, place, xerr=[[value - low], [high - value]], fmt="o", capsize=3, color=COLOURS[kinds.index(row["kind"])])
    axis.set_yticks(range(len(shown)), [f"{row['name']} ({row['kind']})" for row in reversed(shown)])
    axis.set(xlabel="accuracy; limits and models on unseen groups", xlim=(0, 1), title="share of right classes with its interval")
    axis.grid(axis="x", color="0.9")
    count = summary["table"]
    figure.suptitle(f"{summary['study']}: {count['rows']} rows in {count['groups']} groups. Indicators, not predictions.")
    figure.savefig(picture, dpi=90)
    print(picture)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
