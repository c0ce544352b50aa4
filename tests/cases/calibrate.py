#!/usr/bin/env python3
"""winze calibrate from the command line: files agree with each other, twice the same, errors end in exit code 2 with nothing written.

    calibrate.py WINZE STUDY FOLDER
"""
import csv
import json
import pathlib
import shutil
import subprocess
import sys


def run(winze, *words):
    return subprocess.run([winze, "-q", "calibrate", *map(str, words)], capture_output=True, text=True, check=False)


def main(winze, study, folder):
    folder = pathlib.Path(folder)
    shutil.rmtree(folder, ignore_errors=True)
    faults = []

    def expect(true, what):
        if not true:
            faults.append(what)

    first = run(winze, study, "--out", folder / "a", "--set", "replicates=100")
    expect(first.returncode == 0, f"exit code {first.returncode}: {first.stderr}")
    again = run(winze, study, "--out", folder / "b", "--set", "replicates=100")
    expect(again.stdout == first.stdout, "the same study gives the same text twice")
    names = {path.name for path in (folder / "a").iterdir()}
    expect(names == {"resolved.yaml", "limits.yaml", "scores.csv", "roc.csv", "reliability.csv", "summary.json"}, f"files: {names}")
    summary = json.loads((folder / "a" / "summary.json").read_text(encoding="utf-8"))
    with open(folder / "a" / "scores.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            entry = {"rule": summary["rules"], "limits": summary["indices"], "model": summary["models"]}[row["kind"]][row["name"]]
            judged = entry["agreement" if row["kind"] == "rule" else "in_sample" if row["judged_on"] == "same rows" else "by_groups"]
            expect(abs(judged["accuracy"]["value"] - float(row["accuracy"])) < 1e-5, f"{row['name']}: scores.csv and summary.json differ")
            expect(float(row["accuracy_low"]) <= float(row["accuracy_high"]), f"{row['name']}: interval upside down")
    resolved = run(winze, folder / "a" / "resolved.yaml", "--out", folder / "c", "--set", f"table={pathlib.Path(study).resolve().parent}/cases.csv")
    expect(resolved.stdout == first.stdout, "resolved.yaml gives the same result")

    for name, setting, part in (
        ("table", "table=nowhere.csv", "nowhere.csv"),
        ("column", "class.column=grade", "a column 'grade' is missing"),
        ("group", "group=place", "a column 'place' is missing"),
        ("rows", "where=[{column: rock, is: Cheese}]", "0 rows are left"),
        ("key", "bootstraps=3", "bootstraps"),
        ("ratio", "indices.stress_ratio.over=rock", "cases.csv:"),
    ):
        wrong = run(winze, study, "--out", folder / name, "--set", setting)
        expect(wrong.returncode in (2, 4), f"{name}: exit code {wrong.returncode}")
        expect(part in wrong.stderr, f"{name}: '{part}' is not in: {wrong.stderr}")
        expect(not (folder / name).exists(), f"{name}: files were written")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
