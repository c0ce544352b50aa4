"""Networks that a signal stopped and --resume finished give the tables of the run that was never stopped, byte for byte: alone, and beside a mesh.

    resume_air.py WINZE FOLDER

"""
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

winze, folder = Path(sys.argv[1]), Path(sys.argv[2])
cases = Path(__file__).resolve().parents[2] / "cases"


def command(case, out, *more):
    return [str(winze), "run", str(cases / case / "case.yaml"), "--out", str(folder / case / out), *more]


def compare(case):
    whole, stopped = folder / case / "whole", folder / case / "stopped"
    names = sorted(p.name for p in whole.iterdir() if p.suffix in (".csv", ".vtp", ".pvd", ".yaml"))
    assert {"history.csv", "airways.csv", "workplaces.csv", "rules.csv"} <= set(names), names
    assert names == sorted(p.name for p in stopped.iterdir() if p.suffix in (".csv", ".vtp", ".pvd", ".yaml"))
    assert ("positional.csv" in names) == (case == "air_two_shafts"), names
    for name in names:
        assert (whole / name).read_bytes() == (stopped / name).read_bytes(), f"{case}: {name} differs after a resume"


shutil.rmtree(folder, ignore_errors=True)
# Alone: stopped once some steps are in the table, in the middle of a stage.
options = ["--set", "stages.0.duration=400 d", "--set", "air.step=12 h", "--set", "air.positional=true"]
subprocess.run(command("air_two_shafts", "whole", *options), check=True)
stopped = subprocess.Popen(command("air_two_shafts", "stopped", *options), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
history = folder / "air_two_shafts/stopped/history.csv"
while stopped.poll() is None and not (history.exists() and history.read_text().count("\n") > 40):
    time.sleep(0.01)
os.kill(stopped.pid, signal.SIGTERM)
said = stopped.communicate()[0]
assert stopped.returncode == 130, f"exit code {stopped.returncode} instead of 130 after a signal:\n{said}"
assert "--resume" in said, f"the message does not say how to go on:\n{said}"
assert history.read_text().count("\n") < 600
said = subprocess.run(command("air_two_shafts", "stopped", *options, "--resume"), check=True, capture_output=True, text=True)
assert "resumed at" in said.stdout + said.stderr
compare("air_two_shafts")

# Beside a mesh: stopped after the second stage.
subprocess.run(command("coupled_drive", "whole"), check=True)
stopped = subprocess.Popen(command("coupled_drive", "stopped"), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
for line in stopped.stdout:
    if "stage 2/6" in line:
        os.kill(stopped.pid, signal.SIGTERM)
assert stopped.wait() == 130
subprocess.run(command("coupled_drive", "stopped", "--resume"), check=True)
compare("coupled_drive")
print("resumed runs and whole runs are identical")
