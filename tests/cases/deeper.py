#!/usr/bin/env python3
"""README's command for another depth gives a different, believable answer.

    deeper.py WINZE SOURCE ABOVE FOLDER SETTING...

ABOVE is the result of the flagship case as it stands, made with the same SETTINGs; SOURCE the folder that holds README.md.
"""
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

GRADIENT = 0.081 / 3.0  # K/m: heat flow over conductivity of the granite, as in the case
DEPTH = 1900  # m, of the segment's middle


def numbers(folder):
    step = json.loads((pathlib.Path(folder) / "summary.json").read_text(encoding="utf-8"))["steps"][-1]
    return {name: entry["value"] for name, entry in step["numbers"].items()}


def main(winze, source, above, folder, settings):
    section = (pathlib.Path(source) / "README.md").read_text(encoding="utf-8").split("## Change the depth")[1].split("\n## ")[0]
    words = shlex.split(re.search(r"scripts/run -- (.*) --out ", section).group(1))
    deeper = float(re.search(r"=\s*([0-9.]+) m", " ".join(words)).group(1))
    shutil.rmtree(folder, ignore_errors=True)
    case = pathlib.Path(source) / "cases/deep_shaft/case.yaml"
    done = subprocess.run([winze, "-q", "run", case, "--out", folder, *words, *settings], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"exit code {done.returncode}: {done.stderr}")
        return 1
    before, after = numbers(above), numbers(folder)
    wall = after["wall_compression_max"] / before["wall_compression_max"]
    warmer = after["rock_temperature_max"] - before["rock_temperature_max"]
    heat = after["heat_flow_into_openings"] / before["heat_flow_into_openings"]
    print(f"{deeper:g} m deeper: wall {wall:.4f} x, rock {warmer:.2f} K warmer, heat flow {heat:.3f} x")
    faults = []
    # Stress in the ground grows as the depth does; what cooling takes off the wall (about 4 %) grows faster.
    if abs(wall - (1 + deeper / DEPTH)) > 0.01:
        faults.append(f"the wall's compression is {wall:.4f} times what it was, the depth {1 + deeper / DEPTH:.4f} times")
    if abs(warmer - GRADIENT * deeper) > 0.15:
        faults.append(f"the rock is {warmer:.2f} K warmer, the gradient gives {GRADIENT * deeper:.2f} K")
    # Heat goes with the difference between rock and air (28 degC): 38 K before.
    if abs(heat - (1 + GRADIENT * deeper / 38)) > 0.03:
        faults.append(f"the heat flow is {heat:.3f} times what it was")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5], sys.argv[5:]))
