#!/usr/bin/env python3
"""winze compare from the command line: every option is what a run of its own gives, on any number of ranks; files agree; errors end in exit code 2.

    compare.py WINZE STUDY FOLDER LAUNCH
"""
import csv
import json
import pathlib
import shlex
import shutil
import subprocess
import sys

SHORT = ["--set", "sensitivity={}", "--set", "trips={}"]


def run(words, launch=()):
    return subprocess.run([*launch, *map(str, words)], capture_output=True, text=True, check=False)


def main(winze, study, folder, launch):
    folder, study = pathlib.Path(folder), pathlib.Path(study)
    shutil.rmtree(folder, ignore_errors=True)
    faults = []

    def expect(true, what):
        if not true:
            faults.append(what)

    # A short mine: the case with its first stage only, three months.
    home = folder / "home"
    home.mkdir(parents=True)
    for name in ("junctions.csv", "airways.csv"):
        shutil.copy(study.parent / name, home)
    text = (study.parent / "case.yaml").read_text(encoding="utf-8").replace("../rules", str(study.parent.parent / "rules"))
    text = text[: text.index("\nstages:")] + "\nstages:\n  - {name: stoping, duration: 91.5 d}\n"
    (home / "case.yaml").write_text(text, encoding="utf-8")
    shutil.copy(study, home / "study.yaml")
    words = [winze, "-q", "compare", home / "study.yaml"]

    first = run([*words, "--out", folder / "a", *SHORT])
    expect(first.returncode == 0, f"exit code {first.returncode}: {first.stderr}")
    if first.returncode:
        print(*faults, sep="\n")
        return 1
    for ranks in (2, 4):
        again = run([*words, "--out", folder / f"on_{ranks}", *SHORT], [*shlex.split(launch), str(ranks)])
        expect(again.stdout == first.stdout, f"{ranks} ranks print something else: {again.stdout} {again.stderr}")
        for name in ("ranking.csv", "beyond.csv"):
            expect((folder / f"on_{ranks}" / name).read_bytes() == (folder / "a" / name).read_bytes(), f"{name} on {ranks} ranks differs")

    result = json.loads((folder / "a" / "compare.json").read_text(encoding="utf-8"))
    expect([o["rank"] for o in result["options"]] == list(range(1, 1 + len(result["options"]))), "ranks are not 1, 2, …")
    scores = [o["score"] for o in result["options"]]
    expect(scores == sorted(scores), "scores do not rise down the table")
    with open(folder / "a" / "ranking.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    expect([r["option"] for r in rows] == [o["name"] for o in result["options"]], "ranking.csv and compare.json differ")
    for option in result["options"]:
        settings = [word for s in option["settings"] for word in ("--set", s)]
        alone = folder / "alone" / option["name"]
        done = run([winze, "-q", "run", home / "case.yaml", "--out", alone, *settings])
        expect(done.returncode == 0, f"{option['name']} alone: {done.stderr}")
        for name in ("history.csv", "airways.csv", "junctions.csv", "workplaces.csv", "rules.csv"):
            same = (alone / name).read_bytes() == (folder / "a" / option["name"] / name).read_bytes()
            expect(same, f"{option['name']}: {name} differs from a run alone")
        # Costs by hand from the history of that run: months of 30.5 d, January to March.
        with open(alone / "history.csv", newline="", encoding="utf-8") as file:
            history = [row for row in csv.DictReader(file) if row["stage"] == "stoping"]
        fans = [next(float(v) for k, v in row.items() if k.startswith("fan_power")) for row in history]
        plants = [next(float(v) for k, v in row.items() if k.startswith("plant_power")) for row in history]
        mean = sum(fans + plants) / len(history) / 1e3
        expect(abs(option["power_mean"] - mean) < 1e-7 * mean, f"{option['name']}: mean power {option['power_mean']}, by hand {mean}")
        cost = mean * 8766 * (0.2 * 0.13 + 0.8 * 0.07)
        expect(abs(option["energy_cost"] - cost) < 1e-7 * cost, f"{option['name']}: energy costs {option['energy_cost']} a year, by hand {cost}")

    by_name = {o["name"]: o for o in result["options"]}
    expect(by_name["surface 300"]["margin_least"] > by_name["no cooling"]["margin_least"] + 2, "cooling does not cool")
    expect(by_name["no cooling"]["cooling_most"] == 0, "no cooling cools")
    cheap = run([*words, "--out", folder / "cheap", *SHORT, "--set", "weights.beyond=0"])
    expect(cheap.returncode == 0 and "1 no cooling" in cheap.stdout, f"where limits count nothing the cheapest is first: {cheap.stdout}")

    # Sensitivity and trips, on two options.
    two = ["--set", "options={none: {}, big: {air: {cooler drift.spray_cooler.water: 300 kg/s}}}"]
    full = run([*words, "--out", folder / "full", *two])
    expect(full.returncode == 0, f"with doubts and trips: {full.stderr}")
    result = json.loads((folder / "full" / "compare.json").read_text(encoding="utf-8"))
    by_name = {o["name"]: o for o in result["options"]}
    with open(folder / "full" / "sensitivity.csv", newline="", encoding="utf-8") as file:
        doubt = {(r["doubt"], r["option"]): float(r["margin_least [K]"]) for r in csv.DictReader(file)}
    for name in ("none", "big"):
        expect(doubt["rock 2 K hotter", name] < by_name[name]["margin_least"], f"hotter rock does not heat option {name}")
    minutes = by_name["big"]["minutes_to_limit"]["surface plant stops"]
    expect(minutes is not None and 0 < minutes <= 60, f"without its plant the mine stays cool for {minutes} min")
    expect(by_name["none"]["minutes_to_limit"]["surface plant stops"] is None, "a plant that does not work stops")

    for name, setting, part in (
        ("option", "options.more air.air={fan drift.fan.paralel: 3}", "paralel"),
        ("airway", "options.more air.air={fan drifft.fan.parallel: 3}", "options.more air"),
        ("case", "case=nowhere.yaml", "nowhere.yaml"),
        ("clause", "clauses=['south_africa/programme, wet blub']", "did you mean 'south_africa/programme, wet bulb'"),
        ("key", "weihgts=1", "weights"),
        ("tariff", "prices.electricity.peak.share=0.5", "sum to"),
        ("doubt", "sensitivity={x: {scale: {air.airways.*.wetnes: 2}}}", "meets no number"),
        ("doubt range", "sensitivity={x: {scale: {air.airways.*.wetness: 20}}}", "sensitivity.x"),
        ("trip", "trips={x: {air: {nothing.fan.parallel: 1}}}", "nothing"),
    ):
        wrong = run([*words, "--out", folder / name, "--set", setting])
        expect(wrong.returncode in (2, 4), f"{name}: exit code {wrong.returncode}")
        expect(part in wrong.stderr, f"{name}: '{part}' is not in: {wrong.stderr}")
        expect(not (folder / name).exists(), f"{name}: files were written")
    poor = "poor: {air: {cooler drift.spray_cooler.water: 300 kg/s}, set: {air.plants.surface.capacity: 1 MW}}"
    unsolved = run([*words, "--out", folder / "unsolved", *SHORT, "--set", f"options={{ok: {{}}, {poor}}}"])
    expect(unsolved.returncode == 3 and "lacks" in unsolved.stdout, f"a plant too small: {unsolved.returncode} {unsolved.stdout} {unsolved.stderr}")
    expect((folder / "unsolved" / "ranking.csv").exists(), "the options that could be solved are lost")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
