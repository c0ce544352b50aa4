#!/usr/bin/env python3
"""Writes the plan files of cases/mine_block: a synthetic mine, made up for this case, as drawing programs would export it.

    mine_block.py FOLDER

drives.csv and ramp.csv (lines), stopes.obj (closed solids), schedule.csv (what is dug and filled when). Always the same numbers.
"""
import math
import random
import sys
from pathlib import Path

LEVELS = [-1850, -1950, -2050, -2150, -2250]
CROSSCUTS = 9  # per level


def lines():
    dice = random.Random(7)
    for n, z in enumerate(LEVELS, 1):
        # A footwall drive along strike (x), rising 1 % for drainage, and crosscuts (y) to the orebody.
        yield f"footwall_{n}", [(-150 + 30 * k, dice.uniform(-3, 3), z + 0.3 * k) for k in range(11)]
        for c in range(CROSSCUTS):
            x = -128 + 32 * c
            yield f"crosscut_{n}_{c + 1}", [(x, 1, z + 0.3 * (x + 150) / 30), (x + dice.uniform(-2, 2), 30, z + 2), (x, 62, z + 2.3)]
        yield f"station_{n}", [(-186, -42, z), (-165, -16, z), (-149, 0, z)]


def ramp():
    # A rectangular helix of 1 in 7 with rounded corners, 100 m between levels.
    points, z = [], LEVELS[0]
    corners = [(-40, -90), (20, -90), (30, -80), (30, -50), (20, -40), (-40, -40), (-50, -50), (-50, -80)]
    while z > LEVELS[-1]:
        for k, (x, y) in enumerate(corners):
            points.append((x, y, z))
            nx, ny = corners[(k + 1) % len(corners)]
            z -= ((nx - x) ** 2 + (ny - y) ** 2) ** 0.5 / 7
            if z <= LEVELS[-1]:
                break
    return points


def stope(dice, x, z):
    """A dipping slab: an outline of ten corners on the footwall, the same on the hanging wall, and the band between."""
    width, height, thick = dice.uniform(11, 14), dice.uniform(28, 36), dice.uniform(9, 15)
    ring = []
    for k in range(10):
        a = 2 * math.pi * k / 10
        r = dice.uniform(0.9, 1.1)
        ring.append((x + width * r * math.cos(a), height * r * math.sin(a)))
    points = []
    for side in (0, 1):
        for u, v in ring:
            points.append((u, 58 - 0.35 * v + side * thick, z + v))
    n = len(ring)
    faces = [(0, k, k + 1) for k in range(1, n - 1)] + [(n, n + k + 1, n + k) for k in range(1, n - 1)]
    for k in range(n):
        m = (k + 1) % n
        faces += [(k, n + m, m), (k, n + k, n + m)]
    return points, faces


def main():
    folder = Path(sys.argv[1])
    with open(folder / "drives.csv", "w") as f:
        f.write("# synthetic: made up for this case\nname,easting [m],northing [m],elevation [m]\n")
        for name, points in lines():
            f.writelines(f"{name},{x + 52000:.3f},{y + 71000:.3f},{z:.3f}\n" for x, y, z in points)
    with open(folder / "ramp.csv", "w") as f:
        f.write("# synthetic: made up for this case\nname,easting [m],northing [m],elevation [m]\n")
        f.writelines(f"ramp,{x + 52000:.3f},{y + 71000:.3f},{z:.3f}\n" for x, y, z in ramp())
    dice, first, names = random.Random(11), 1, []
    with open(folder / "stopes.obj", "w") as f:
        f.write("# synthetic: made up for this case\n")
        for n in range(1, len(LEVELS)):
            for s in range(8):
                if (n, s) in ((1, 7), (4, 0)):
                    continue
                name = f"stope_{n}_{s + 1}"
                names.append(name)
                points, faces = stope(dice, -112 + 32 * s, 0.5 * (LEVELS[n - 1] + LEVELS[n]))
                f.write(f"o {name}\n")
                f.writelines(f"v {x + 52000:.3f} {y + 71000:.3f} {z:.3f}\n" for x, y, z in points)
                f.writelines("f " + " ".join(str(first + c) for c in face) + "\n" for face in faces)
                first += len(points)
    with open(folder / "schedule.csv", "w") as f:
        f.write("# synthetic: days\nsolid,from,to,start,end,fill,filled\n")
        f.write("shaft,,,0,90,,\n")
        for n in range(1, len(LEVELS) + 1):
            day = 90 * n
            f.write(f"station_{n},,,{day},{day + 60},,\nfootwall_{n},,,{day},{day + 80},,\n")
            f.writelines(f"crosscut_{n}_{c + 1},,,{day},{day + 90},,\n" for c in range(CROSSCUTS))
        f.write("ramp,,,180,540,,\n")
        # Bottom up, every other stope first; filled half a year after mining.
        order = sorted(names, key=lambda s: (-int(s.split("_")[1]), int(s.split("_")[2]) % 2, int(s.split("_")[2])))
        for k, name in enumerate(order):
            day = 540 + 90 * (k // 3)
            f.write(f"{name},,,{day},{day + 80},paste,{day + 180}\n")
    print(f"{folder}: {sum(1 for _ in lines())} drives, a ramp, {len(names)} stopes")


if __name__ == "__main__":
    main()
