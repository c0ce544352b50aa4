#!/usr/bin/env python3
"""Keeps winze's contract with a batch system and nothing else.

`run CASE --out DIR [--resume]` counts steps, one line a step in DIR/steps; SIGUSR1 makes it write DIR/restart.h5 and exit 130; --resume goes on
from there. The case file holds the number of steps, or a word that is refused with exit code 2.
"""
import os
import pathlib
import signal
import sys
import time

arguments = sys.argv[1:]
assert arguments[0] == "run", arguments
case, out = arguments[1], pathlib.Path(arguments[arguments.index("--out") + 1])
text = pathlib.Path(case).read_text(encoding="utf-8").strip()
if not text.isdigit():
    sys.exit(2)
stop = []
signal.signal(signal.SIGUSR1, lambda *_: stop.append(True))
first = int((out / "restart.h5").read_text(encoding="utf-8")) if "--resume" in arguments else 0
rank = int(os.environ.get("OMPI_COMM_WORLD_RANK") or os.environ.get("SLURM_PROCID", "0"))
for step in range(first, int(text)):
    if rank == 0:
        with open(out / "steps", "a", encoding="utf-8") as file:
            file.write(f"{step}\n")
    time.sleep(0.1)
    if stop:
        if rank == 0:
            (out / "restart.h5").write_text(str(step + 1), encoding="utf-8")
        sys.exit(130)
