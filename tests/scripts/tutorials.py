"""Executes a tutorial: its blocks marked sh, in order, as one script in an empty folder.

The lines of its blocks marked text must be in what that says, numbers within 3 %, and files they name must be
there: what readers are told they will see.

    tutorials.py WINZE TUTORIAL.md

`winze` and `python3` are on the PATH, SCRIPTS is the folder of the scripts. In a block of text, three dots stand for anything.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUMBER = r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?"


def blocks(text, kind):
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, flags=re.M | re.S)


def agrees(expected, told):
    """Whether the line that was told has the expected one in it. Three dots stand for anything, numbers may differ by 3 %."""
    parts = re.split(rf"({NUMBER}|\.\.\.)", re.sub(r"\s+", " ", expected).strip())
    numbers = [float(part) for part in parts if re.fullmatch(NUMBER, part)]
    pattern = "".join(".*" if part == "..." else f"({NUMBER})" if re.fullmatch(NUMBER, part) else re.escape(part) for part in parts)
    return any(all(abs(float(a) - b) <= 0.03 * abs(b) for a, b in zip(found.groups(), numbers)) for found in re.finditer(pattern, told))


def main(winze, tutorial):
    text = pathlib.Path(tutorial).read_text(encoding="utf-8")
    commands = blocks(text, "sh")
    assert commands, f"{tutorial}: no block is marked sh"
    with tempfile.TemporaryDirectory() as scratch:
        programs, study = pathlib.Path(scratch, "programs"), pathlib.Path(scratch, "study")
        programs.mkdir()
        study.mkdir()
        (programs / "winze").symlink_to(pathlib.Path(winze).resolve())
        python = programs / "python3"  # a link would lose the packages of a virtual environment
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
        python.chmod(0o755)
        environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "SCRIPTS": str(ROOT / "scripts"), "WINZE_PYTHON": sys.executable,
                       "OPENBLAS_NUM_THREADS": "1"}
        script = "set -euo pipefail\n" + "\n".join(f"echo '==== block {k + 1}'\n{block}" for k, block in enumerate(commands))
        run = subprocess.run(["bash", "-c", script], cwd=study, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                             check=False, timeout=280)
        print(run.stdout)
        if run.returncode != 0:
            sys.exit(f"{tutorial}: exit code {run.returncode} in the last block above")
        said = [re.sub(r"\s+", " ", line).strip() for line in run.stdout.splitlines()]
        missing = [line for line in "".join(blocks(text, "text")).splitlines() if not any(agrees(line, told) for told in said)]
        pictures = re.findall(r"[\w/]+\.(?:png|html|csv)\b", "\n".join(blocks(text, "text")))
        missing += [name for name in pictures if not (study / name).is_file()]
        if missing:
            sys.exit(f"{tutorial}: promised, but not said or not made:\n" + "\n".join(missing))


if __name__ == "__main__":
    main(*sys.argv[1:])
