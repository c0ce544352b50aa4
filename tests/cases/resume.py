"""A run that a signal stopped and --resume finished gives the results of the run that was never stopped, bit for bit.

    resume.py WINZE FOLDER [LAUNCH]    LAUNCH: how ranks are started, like "mpirun -n"; then the run also goes on, within the solver's tolerance, on 2

"""
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import csv
import math

import h5py
import numpy as np

winze, folder = Path(sys.argv[1]), Path(sys.argv[2])
case = Path(__file__).resolve().parents[2] / "cases/cooled_drive/case.yaml"


def command(out, *more):
    return [str(winze), "run", str(case), "--out", str(folder / out), *more]


def datasets(path):
    """Every dataset of a file, but for the resolved case and what is no number or text."""
    found = {}
    with h5py.File(path) as f:
        f.visititems(lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None)
    return found


def same(a, b):
    a, b = np.asarray(a), np.asarray(b)
    return a.dtype == b.dtype and a.shape == b.shape and (a.tobytes() == b.tobytes() if a.dtype.kind in "fiu" else (a == b).all())


shutil.rmtree(folder, ignore_errors=True)
subprocess.run(command("whole"), check=True)

stopped = subprocess.Popen(command("stopped"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
said = ""
for line in stopped.stdout:
    said += line
    if "stage 1/3" in line:
        os.kill(stopped.pid, signal.SIGTERM)
assert stopped.wait() == 130, f"exit code {stopped.returncode} instead of 130 after a signal:\n{said}"
assert "--resume" in said, f"the message does not say how to go on:\n{said}"
left = {p.name for p in (folder / "stopped").iterdir()}
assert "restart.h5" in left and "cooled_drive.vtkhdf" not in left, f"a stopped run left {sorted(left)}"

subprocess.run(command("stopped", "--resume"), check=True)
for table in ("history.csv", "probe_into_the_rock.csv", "resolved.yaml"):
    assert (folder / "whole" / table).read_bytes() == (folder / "stopped" / table).read_bytes(), f"{table} differs after a resume"
for results in ("cooled_drive.vtkhdf", "cooled_drive_surface.vtkhdf"):
    whole, resumed = datasets(folder / "whole" / results), datasets(folder / "stopped" / results)
    assert whole.keys() == resumed.keys(), f"{results}: datasets {sorted(whole.keys() ^ resumed.keys())}"
    assert len(whole) > 20, f"{results} has only {len(whole)} datasets"
    for name in whole:
        assert same(whole[name], resumed[name]), f"{results}: /{name} differs after a resume"
if len(sys.argv) > 3:
    shutil.copytree(folder / "stopped", folder / "on_two_ranks")
    (folder / "on_two_ranks/restart.h5").unlink()
    stopped = subprocess.Popen(command("on_two_ranks"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for line in stopped.stdout:
        if "stage 1/3" in line:
            os.kill(stopped.pid, signal.SIGTERM)
    assert stopped.wait() == 130
    subprocess.run([*sys.argv[3].split(), "2", *command("on_two_ranks", "--resume")], check=True)
    one, two = (list(csv.DictReader(open(folder / out / "history.csv"))) for out in ("whole", "on_two_ranks"))
    assert len(one) == len(two)
    for a, b in zip(one, two):
        for name in a:
            if "iterations" in name or "residual" in name or "imbalance" in name or a[name] == b[name]:
                continue
            # Works and energies that are rounding beside the energy that the rock stores.
            small = 1e-12 * float(a["stored_elastic_energy [J]"]) if name.endswith("[J]") else 1e-9
            assert math.isclose(float(a[name]), float(b[name]), rel_tol=2e-5, abs_tol=small), f"{name}: {a[name]} on one rank, {b[name]} on two"
print("resumed run and whole run are identical")
