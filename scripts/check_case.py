#!/usr/bin/env python3
"""Runs a case and compares what it gives with the case's expect.yaml.

    scripts/check_case.py cases/circular_drive                      built in build/release, results in out/<case>
    scripts/check_case.py cases/circular_drive --winze PATH --out DIR --ranks 2 --launch "mpirun -n"
    scripts/check_case.py cases/deep_shaft --set mesh.file=../../meshes/built/shaft_station_coarse.msh

expect.yaml is a list. Each entry names a quantity, what it must be and why:

    - {quantity: wall_compression_max, value: 75e6, relative: 0.005, source: "…"}                      last stage, from history.csv
    - {quantity: wall_compression_max, stage: round 1, between: [70e6, 90e6], source: "…"}             another stage; bounds
    - {quantity: flow, airway: 1-2, value: 57.87, absolute: 0.01, source: "…"}                         from airways.csv; also junction, workplace
    - {quantity: temperature, probe: line, at: [2, 0, 0.5], value: 30.8, absolute: 0.05, source: "…"}  from probe_line.csv, nearest point

Numbers have the units of the tables. Exit code: 0 all as expected, 1 something differs, winze's own if the run fails, 77 a mesh cannot be made here.
"""
import argparse
import csv
import re
import shlex
import subprocess
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def rows(path):
    """The rows of a table as dictionaries, and the units of its columns."""
    with open(path, newline="") as f:
        table = list(csv.reader(f))
    split = [re.fullmatch(r"(.*?)(?: \[(.*)\])?", head).groups() for head in table[0]]
    return [dict(zip([name for name, _ in split], row)) for row in table[1:]], dict(split)


def lookup(out, entry):
    """The number that an entry of expect.yaml asks for, and its unit."""
    quantity, probe = entry["quantity"], entry.get("probe")
    kind = next((k for k in ("airway", "junction", "workplace") if k in entry), None)
    found, units = rows(out / (f"probe_{probe}.csv" if probe else f"{kind}s.csv" if kind else "history.csv"))
    if kind:
        found = [row for row in found if row[kind] == entry[kind]]
        if not found:
            raise KeyError(f"there is no {kind} '{entry[kind]}'")
    if quantity not in units:
        raise KeyError(f"there is no column '{quantity}'; there are: {', '.join(units)}")
    stage = entry.get("stage", found[-1]["stage"])
    found = [row for row in found if row["stage"] == stage]
    if not found:
        raise KeyError(f"there is no stage '{stage}'")
    if probe:
        at = [float(x) for x in entry["at"]]
        distance = lambda row: sum((float(row[d]) - x) ** 2 for d, x in zip("xyz", at)) ** 0.5
        row = min(found, key=distance)
        if distance(row) > 1e-6:
            raise KeyError(f"probe '{probe}' has no point at {at}; the nearest is {[float(row[d]) for d in 'xyz']}")
    else:
        row = found[-1]
    return float(row[quantity]) if row[quantity] else float("nan"), units[quantity] or ""


def judge(entry, value):
    """Whether the value is as expected, and the expectation in words."""
    if "between" in entry:
        low, high = (float(x) for x in entry["between"])
        return low <= value <= high, f"{low:.6g} … {high:.6g}"
    wanted = float(entry["value"])
    room = float(entry["absolute"]) if "absolute" in entry else float(entry["relative"]) * abs(wanted)
    return abs(value - wanted) <= room, f"{wanted:.6g} ± {room:.2g}"


def check(out, expectations):
    good = True
    for entry in expectations:
        name = entry["quantity"]
        if "probe" in entry:
            name += f" of {entry['probe']} at {entry['at']}"
        name += "".join(f" of {entry[k]}" for k in ("airway", "junction", "workplace") if k in entry)
        if "stage" in entry:
            name += f" ({entry['stage']})"
        try:
            value, unit = lookup(out, entry)
            right, wanted = judge(entry, value)
            print(f"{'good ' if right else 'WRONG'} {name}: {value:.6g} {unit}, expected {wanted}")
        except (KeyError, FileNotFoundError) as error:
            right = False
            print(f"WRONG {name}: {error.args[0] if isinstance(error, KeyError) else error}")
        good = good and right
        if not right:
            print(f"      {entry['source']}")
    return good


def run(case, winze, out, ranks, launch, options=()):
    """Makes the meshes that the options or else the case name, runs it, returns winze's exit code."""
    named = lambda text: re.findall(r"meshes/built/(\w+)\.msh", re.sub(r"#.*", "", text))
    meshes = named("\n".join(options)) or named(case.read_text())
    if meshes and subprocess.run([ROOT / "scripts/meshes", *meshes]).returncode:
        return 77
    command = [str(winze), "run", str(case), "--out", str(out), *options]
    if ranks > 1:
        command = [*shlex.split(launch), str(ranks), *command]
    return subprocess.run(command).returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("case", type=Path, help="folder with case.yaml and expect.yaml")
    parser.add_argument("--winze", type=Path, default=ROOT / "build/release/winze")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--launch", default="mpirun --oversubscribe -n", help="what starts a parallel program; the number of ranks follows")
    parser.add_argument("--set", action="append", default=[], help="goes to winze, may be repeated")
    a = parser.parse_args()
    out = a.out or ROOT / "out" / a.case.resolve().name
    code = run(a.case / "case.yaml", a.winze, out, a.ranks, a.launch, [word for s in a.set for word in ("--set", s)])
    if code:
        return code
    return 0 if check(out, yaml.safe_load((a.case / "expect.yaml").read_text())) else 1


if __name__ == "__main__":
    sys.exit(main())
