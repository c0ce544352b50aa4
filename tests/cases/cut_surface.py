#!/usr/bin/env python3
"""Reads the surface file of a run of cases/kirsch_cut with VTK and compares it with the true hole and with Kirsch's stress on it.

    cut_surface.py FOLDER

A surface of cell faces would be a staircase of 16 m² and radii that differ by half a cell. Exit code 77: no VTK.
"""
import sys

import numpy as np

try:
    from vtkmodules import vtkIOHDF
    from vtkmodules.util.numpy_support import vtk_to_numpy
except ImportError:
    sys.exit(77)

reader = vtkIOHDF.vtkHDFReader()
reader.SetFileName(sys.argv[1] + "/kirsch_cut_surface.vtkhdf")
reader.Update()
grid = reader.GetOutput()
if set(vtk_to_numpy(grid.GetCellTypesArray())) != {5}:
    sys.exit("not all cells are triangles")
corners = vtk_to_numpy(grid.GetPoints().GetData())[vtk_to_numpy(grid.GetCells().GetConnectivityArray())].reshape(-1, 3, 3)
field = {name: vtk_to_numpy(grid.GetCellData().GetArray(name)) for name in ("compression_max", "wall_stress", "russenes", "russenes_class", "stage")}

cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
area, middle = np.linalg.norm(cross, axis=1) / 2, corners.mean(axis=1)
angle = np.arctan2(middle[:, 1], middle[:, 0])
hoop = 45e6 + 30e6 * np.cos(2 * angle)  # Kirsch 1898, compression
mean = lambda x: np.sqrt(np.average(x**2, weights=area))
checks = [
    ("area over that of the hole", area.sum() / (4 * np.pi), 1 - 3e-3, 1 + 1e-3),                # chords: 1 − (leaf / 2 radius)²/6
    ("smallest radius of a corner", np.hypot(corners[..., 0], corners[..., 1]).min(), 0.998, 1),  # two times flatness · cell
    ("largest radius of a corner", np.hypot(corners[..., 0], corners[..., 1]).max(), 1, 1.002),
    ("normals into the opening", np.average(np.sum(cross * middle * [1, 1, 0], axis=1) / (2 * area), weights=area), -1.002, -0.99),
    ("compression, rms off by", mean(field["compression_max"] - hoop) / 75e6, 0, 0.01),           # read at a wall point beside the middle
    ("compression, at most off by", np.abs(field["compression_max"] - hoop).max() / 75e6, 0, 0.04),
    ("largest compression", field["compression_max"].max() / 75e6, 0.997, 1.003),
    ("share of moderate and worse", area[field["russenes_class"] > 1].sum() / area.sum(), 0.48, 0.52),  # above 45 MPa: half
    ("ratio of Russenes' indicator", np.abs(field["russenes"] * 150e6 / field["compression_max"] - 1).max(), 0, 1e-9),
    ("stage", np.abs(field["stage"]).max(), 0, 0),
]
bad = 0
for name, value, low, high in checks:
    good = low <= value <= high
    bad += not good
    print(f"{'ok ' if good else 'BAD'} {name}: {value:.5g}, from {low:g} to {high:g}")
print(f"{len(area)} triangles")
sys.exit(bad > 0)
