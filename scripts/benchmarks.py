#!/usr/bin/env python3
"""Runs the benchmarks of benchmarks/list, prints their table and merges their rows into out/bench.json; scripts/bench builds them first.

benchmarks/list has one run a line:  NAME  RANKS  PROGRAM [ARGUMENT]...
A program prints its rows on standard output, each a JSON object on a line of its own (other lines are passed on as they come):
  problem, element   what was solved, with which element             unknowns, ranks   of the whole problem; MPI ranks
  setup_s, solve_s, total_s   seconds, the slowest rank              iterations        of the linear solver, in all
  rss_mb             peak resident memory, summed over ranks, MB     apply_mdofs       operator application, 10^6 unknowns/s
  error              against the closed form, as the problem says    baseline          the same keys, by another method, same run
A key that does not apply is left out. A row replaces an earlier one in the file with the same problem, element, unknowns and ranks.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
KEYS = ["problem", "element", "unknowns", "ranks", "setup_s", "solve_s", "total_s", "iterations", "rss_mb", "apply_mdofs", "error"]
REQUIRED = ["problem", "unknowns", "ranks"]


def read_list(path):
    """(name, ranks, program, arguments) for each run."""
    runs = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) < 3 or not words[1].isdigit():
            sys.exit(f"{path}:{number}: a line is NAME RANKS PROGRAM [ARGUMENT]...")
        runs.append((words[0], int(words[1]), words[2], words[3:]))
    return runs


def rows_of(output):
    """The rows among the lines of a program's output; what is not a row is passed on."""
    rows = []
    for line in output.splitlines():
        if not line.startswith("{"):
            print(line)
            continue
        row = json.loads(line)
        unknown = set(row) | set(row.get("baseline", {}))
        unknown -= set(KEYS) | {"baseline", "name"}
        lacking = [key for key in REQUIRED if key not in row]
        if unknown or lacking:
            raise ValueError(f"a row has unknown keys {sorted(unknown)} or lacks {lacking}: {line}")
        rows.append(row)
    return rows


def run(mpiexec, programs, ranks, program, arguments):
    launch = [mpiexec, "-n", str(ranks)] if ranks > 1 else []
    if ranks > len(os.sched_getaffinity(0)):
        launch.append("--oversubscribe")
    done = subprocess.run([*launch, str(programs / program), *arguments], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise ValueError(f"exit code {done.returncode}")
    rows = rows_of(done.stdout)
    if not rows:
        raise ValueError("printed no row")
    return rows


def identity(row):
    return tuple(row.get(key) for key in ("problem", "element", "unknowns", "ranks"))


def merged(old, new):
    replaced = {identity(row) for row in new}
    return [row for row in old if identity(row) not in replaced] + new


def text_of(value):
    if isinstance(value, float):
        return f"{value:.3g}" if abs(value) < 1e5 else f"{value:.0f}"
    return "" if value is None else str(value)


def table(rows):
    """A Markdown table; a baseline stands under its row, with how many times as long it takes."""
    keys = [key for key in KEYS if any(key in row or key in row.get("baseline", {}) for row in rows)]
    lines = [keys]
    for row in rows:
        lines.append([text_of(row.get(key)) for key in keys])
        baseline = row.get("baseline")
        if baseline:
            cells = [text_of(baseline.get(key)) for key in keys]
            ratio = baseline["total_s"] / row["total_s"] if baseline.get("total_s") and row.get("total_s") else None
            cells[0] = f"↳ {baseline.get('problem', 'baseline')}" + (f" ({ratio:.1f} × the time)" if ratio else "")
            lines.append(cells)
    widths = [max(len(line[i]) for line in lines) for i in range(len(keys))]
    formatted = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths)) + " |" for line in lines]
    formatted.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(formatted)


def main():
    parser = argparse.ArgumentParser(description="runs benchmarks and prints their table")
    parser.add_argument("names", nargs="*", help="benchmarks whose names begin so (all)")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build/release/benchmarks", help="folder of the programs")
    parser.add_argument("--list", action="store_true", help="only name the benchmarks")
    parser.add_argument("--runs", type=pathlib.Path, default=ROOT / "benchmarks/list", help="file of runs")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "out/bench.json", help="file of rows")
    parser.add_argument("--mpiexec", default="mpirun")
    options = parser.parse_args()
    runs = read_list(options.runs)
    if options.list:
        print("\n".join(f"{name:<16} {ranks:>3} ranks  {program} {' '.join(words)}" for name, ranks, program, words in runs))
        return
    for wanted in options.names:
        if not any(name.lower().startswith(wanted.lower()) for name, *_ in runs):
            sys.exit(f"no benchmark '{wanted}'; there are {', '.join(dict.fromkeys(name for name, *_ in runs))}")
    rows, failures = [], []
    for name, ranks, program, words in runs:
        if options.names and not any(name.lower().startswith(wanted.lower()) for wanted in options.names):
            continue
        print(f"bench: {name} on {ranks} ranks: {program} {' '.join(words)}", file=sys.stderr)
        try:
            rows += run(options.mpiexec, options.programs, ranks, program, words)
        except (ValueError, OSError) as fault:
            failures.append(f"{name} on {ranks} ranks failed: {fault}")
            print(failures[-1], file=sys.stderr)
    if rows:
        old = json.loads(options.out.read_text(encoding="utf-8")) if options.out.exists() else []
        options.out.parent.mkdir(parents=True, exist_ok=True)
        partial = options.out.with_suffix(".partial")
        partial.write_text(json.dumps(merged(old, rows), indent=1) + "\n", encoding="utf-8")
        partial.replace(options.out)
        print(table(rows))
        print(f"rows are in {options.out}")
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
