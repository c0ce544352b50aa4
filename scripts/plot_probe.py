#!/usr/bin/env python3
"""Displacement and stress along a line probe, with the values that the case's expect.yaml asks for as circles.

    scripts/plot_probe.py out/salencon cases/salencon across cases/salencon/picture.png

Needs python3-matplotlib and python3-yaml.
"""
import argparse
import csv
import math
import re
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import yaml

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("run", type=Path, help="folder of the run")
parser.add_argument("case", type=Path, help="folder of the case, with expect.yaml")
parser.add_argument("probe", help="name of a line probe")
parser.add_argument("picture", type=Path)
options = parser.parse_args()

with open(options.run / f"probe_{options.probe}.csv", newline="") as f:
    table = list(csv.DictReader(f))
named = {re.sub(r" \[.*\]$", "", head): head for head in table[0]}
last = table[-1][named["step"]]
rows = [row for row in table if row[named["step"]] == last]
points = [[float(row[named[c]]) for c in "xyz"] for row in rows]
distance = [math.dist(p, (0, 0, p[2])) for p in points]
expected = [e for e in yaml.safe_load(open(options.case / "expect.yaml")) if e.get("probe") == options.probe and "stage" not in e and "value" in e]

figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6), constrained_layout=True)
for axes, prefix, scale, unit, columns in ((left, "displacement", 1e3, "mm", "x y z"), (right, "stress", 1e-6, "MPa", "xx yy zz")):
    for colour, column in zip(("tab:blue", "tab:orange", "tab:green"), columns.split()):
        name = f"{prefix}_{column}"
        values = [scale * float(row[named[name]]) for row in rows]
        if max(map(abs, values)) < 1e-6:
            continue
        axes.plot(distance, values, color=colour, label=name)
        at = [(math.dist(e["at"], (0, 0, e["at"][2])), scale * float(e["value"])) for e in expected if e["quantity"] == name]
        axes.plot(*zip(*at) if at else ([], []), "o", color=colour, fillstyle="none")
    axes.set_xlabel("distance from the axis, m")
    axes.set_ylabel(f"{prefix}, {unit}")
    axes.legend()
figure.suptitle(f"{options.case.name}: lines computed, circles expected")
figure.savefig(options.picture, dpi=110)
