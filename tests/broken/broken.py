"""Breaks good.yaml as cases.yaml says, one fault at a time, and looks at what winze answers.

    broken.py WINZE FOLDER [--launch "mpirun -n"] [NAME …]

Every fault must end with its exit code and, for each thing that is wrong, one line that says what and what would be right; without the noise of
a crash, and without results that look complete. --show prints what winze says and judges nothing.
"""
import argparse
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
NOISE = re.compile(r"Traceback|MPI_ABORT|terminate called|"
                   r"Segmentation|signal \d|(PETSC|CHOLMOD|PMIX) ERROR|HDF5-DIAG|fault of winze|\bat 0x|std::|H5[A-Z]")


# Mesh files: hex8 cells in a row along x, 1 m each, in Gmsh's MSH 2.2.
def msh(cells=2, points=None, elements=None, regions=((3, 1, "rock"),), faces=True):
    points = points or [(x, y, z) for x in range(cells + 1) for z in (0, 1) for y in (0, 1)]
    if elements is None:
        elements = []
        for c in range(cells):
            a = 4 * c + 1
            elements.append((5, 1, [a, a + 4, a + 5, a + 1, a + 2, a + 6, a + 7, a + 3]))
    if faces:
        elements = elements + [(3, 2, [1, 2, 4, 3])]
    text = "$MeshFormat\n2.2 0 8\n$EndMeshFormat\n$PhysicalNames\n"
    names = list(regions) + ([(2, 2, "x_min")] if faces else [])
    text += f"{len(names)}\n" + "".join(f'{d} {n} "{name}"\n' for d, n, name in names) + "$EndPhysicalNames\n"
    text += f"$Nodes\n{len(points)}\n" + "".join(f"{i + 1} {x} {y} {z}\n" for i, (x, y, z) in enumerate(points)) + "$EndNodes\n"
    text += f"$Elements\n{len(elements)}\n"
    text += "".join(f"{i + 1} {kind} 2 {group} {group} {' '.join(map(str, nodes))}\n" for i, (kind, group, nodes) in enumerate(elements))
    return text + "$EndElements\n"


def row(cells=2):
    return [(x, y, z) for x in range(cells + 1) for z in (0, 1) for y in (0, 1)]


def cell(*nodes):
    return (5, 1, list(nodes))


FIRST, SECOND = cell(1, 5, 6, 2, 3, 7, 8, 4), cell(5, 9, 10, 6, 7, 11, 12, 8)
MESHES = {
    "good": msh(),
    "inverted": msh(elements=[FIRST, cell(7, 11, 12, 8, 5, 9, 10, 6)]),
    "flat": msh(points=[(x, y, 0) for x, y, z in row()]),
    "node that is not there": msh(elements=[FIRST, cell(5, 9, 10, 6, 7, 11, 12, 99)]),
    "cell twice": msh(elements=[FIRST, SECOND, SECOND]),
    "cells that overlap": msh(elements=[FIRST, SECOND, cell(5, 9, 10, 6, 13, 14, 15, 16)],
                              points=row() + [(1, 0, 0.5), (2, 0, 0.5), (2, 1, 0.5), (1, 1, 0.5)]),
    "coordinate not a number": msh(points=row()[:-1] + [("nan", 1, 1)]),
    "cells without a group": msh(elements=[(5, 0, FIRST[2]), (5, 0, SECOND[2])]),
    "cells of two kinds": msh(elements=[FIRST, (4, 1, [5, 9, 10, 11])]),
    "a cell apart": msh(points=row() + [(x + 9, y, z) for x, y, z in row(1)], elements=[FIRST, SECOND, cell(13, 17, 18, 14, 15, 19, 20, 16)]),
    "no cells": msh(elements=[]),
    "cut short": msh()[:300],
    "no mesh": "winter is coming\n",
    "empty": "",
}


# Plan files of good_mine.yaml: two drives, a cube of 8 m, a schedule.
CUBE = [(x, y, z) for z in (-4, 4) for y in (2010, 2018) for x in (1000, 1008)]
CUBE_FACES = ["1 3 4 2", "5 6 8 7", "1 2 6 5", "3 7 8 4", "1 5 7 3", "2 4 8 6"]
PLANS = {
    "drives.csv": "name,x,y,z\nd1,980,2000,10\nd1,1000,2000,10\nd1,1020,2004,10\nd2,980,1990,20\nd2,1020,1990,20\n",
    "stope.obj": "".join(f"v {x} {y} {z}\n" for x, y, z in CUBE) + "".join(f"f {f}\n" for f in CUBE_FACES),
    "schedule.csv": "solid,from,to,start,end,fill,filled\nd1,0,20,0,10,,\nd1,20,40,10,20,,\nstope,,,20,30,paste,60\nd2,,,30,40,,\nroom,,,40,50,,\n",
}


def write_meshes(folder, winze):
    for name, text in MESHES.items():
        (folder / f"{name}.msh").write_text(text)
    native = folder / "good.h5"
    subprocess.run([winze, "mesh", folder / "good.msh", "--write", native], check=True, stdout=subprocess.DEVNULL)
    whole = native.read_bytes()
    (folder / "cut.h5").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "zeros.h5").write_bytes(bytes(4096))
    (folder / "text.h5").write_text("no HDF5\n")
    (folder / "good.stl").write_text("solid nothing\nendsolid nothing\n")


def small_files():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def restart_of(winze, folder, out, case="good.yaml"):
    subprocess.run([winze, "run", folder / case, "--out", out], check=True, stdout=subprocess.DEVNULL)


def run(entry, a, folder):
    """Breaks the case, runs it; the exit code, all that was said, and the folder of results."""
    good = entry.get("of", "good.yaml")
    text = (HERE / good).read_text()
    for old, new in entry.get("change", {}).items():
        assert text.count(old) == 1, f"{entry['name']}: '{old}' is {text.count(old)} times in {good}"
        text = text.replace(old, new)
    for name, rows in PLANS.items() if good == "good_mine.yaml" else ():
        for old, new in entry.get("plans", {}).get(name, {}).items():
            assert rows.count(old) == 1, f"{entry['name']}: '{old}' is {rows.count(old)} times in {name}"
            rows = rows.replace(old, new)
        (folder / name).write_text(rows)
    for name, rows in entry.get("files", {}).items():
        (folder / name).write_text(rows)
    case = folder / "case.yaml"
    case.write_text(entry.get("text", text))
    out = Path(entry.get("out", "out").replace("FOLDER", str(folder)))
    out = out if out.is_absolute() else folder / out
    if out.is_relative_to(folder):
        shutil.rmtree(out, ignore_errors=True)
    if "after" in entry:  # a good run lies in the folder already, then it is damaged
        restart_of(a.winze, folder, out)
        for path in out.glob("*.vtkhdf"):
            path.unlink()
        restart = out / "restart.h5"
        if entry["after"] == "restart cut short":
            restart.write_bytes(restart.read_bytes()[:-1000])
        elif entry["after"] == "restart changed":
            data = bytearray(restart.read_bytes())
            for sixteenth in range(1, 16):  # a single byte may lie where HDF5 keeps nothing
                data[len(data) * sixteenth // 16] ^= 0xFF
            restart.write_bytes(data)
    command = entry.get("command", "run CASE --out OUT").replace("FOLDER", str(folder))
    words = [str(a.winze)] + [{"CASE": str(case), "OUT": str(out)}.get(w, w) for w in shlex.split(command)]
    if entry.get("ranks", 1) > 1:
        words = shlex.split(a.launch) + [str(entry["ranks"])] + words
    environment = dict(os.environ) if entry.get("ranks", 1) > 1 else dict(os.environ, OMPI_MCA_ess_singleton_isolated="1")
    limit = small_files if entry.get("limit") == "file size" else None
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", preexec_fn=limit, timeout=120,
                          cwd=folder, env=environment)
    return done.returncode, done.stdout, out


def faults(entry, code, said, out):
    """What is wrong with the answer, line by line."""
    if code != entry["exit"]:
        yield f"exit code {code} instead of {entry['exit']}"
    for words in entry["says"]:
        if words not in said:
            yield f"does not say '{words}'"
    noise = NOISE.search(said)
    if noise:
        yield f"noise: '{noise[0]}'"
    errors = [line for line in said.splitlines() if line.startswith("error:")]
    if len(errors) != 1:
        yield f"{len(errors)} lines begin with 'error:'"
    if code == 2 and "after" not in entry and not entry.get("late") and out.exists():
        yield f"left {sorted(p.name for p in out.iterdir())} behind"
    if code != 0 and out.is_dir() and list(out.glob("*.vtkhdf")):
        yield "left results that look complete"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("winze", type=lambda p: Path(p).resolve())
    parser.add_argument("folder", type=lambda p: Path(p).resolve())
    parser.add_argument("names", nargs="*")
    parser.add_argument("--launch", default="mpirun --oversubscribe -n")
    parser.add_argument("--show", action="store_true")
    a = parser.parse_args()
    shutil.rmtree(a.folder, ignore_errors=True)
    a.folder.mkdir(parents=True)
    write_meshes(a.folder, a.winze)
    shutil.copy(HERE / "good.yaml", a.folder)
    restart_of(a.winze, a.folder, a.folder / "good")  # what is not broken works
    shutil.copy(HERE / "good_air.yaml", a.folder)
    restart_of(a.winze, a.folder, a.folder / "good_air", "good_air.yaml")
    shutil.copy(HERE / "good_mine.yaml", a.folder)
    for name, rows in PLANS.items():
        (a.folder / name).write_text(rows)
    restart_of(a.winze, a.folder, a.folder / "good_mine", "good_mine.yaml")
    wrong, entries = 0, yaml.safe_load((HERE / "cases.yaml").read_text())
    for entry in entries:
        if a.names and entry["name"] not in a.names:
            continue
        code, said, out = run(entry, a, a.folder)
        if a.show:
            print(f"== {entry['name']} → {code}\n{said}")
            continue
        found = list(faults(entry, code, said, out))
        wrong += bool(found)
        if found:
            print(f"WRONG {entry['name']}: {'; '.join(found)}\n      it said: {said.strip()}")
    print(f"{len(entries)} broken inputs, {wrong} answered wrongly")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
