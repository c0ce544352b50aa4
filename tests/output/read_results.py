#!/usr/bin/env python3
"""Reads the results of a small run (small_run.hpp) as a user would and compares every number with its formula.

    read_results.py FOLDER CASE SHAPE VOLUME BYTES [FOLDER CASE …]

By VTK's HDF reader (first step), by the XDMF's own words with h5py (all steps), through the virtual datasets of /VTKHDF (all steps, by the
offsets that VTK >= 9.3 follows), and by VTK's two XDMF readers where this Python has them (ParaView's has). BYTES: size of a field's numbers. Exit
code 77: no VTK.
"""
import os
import sys
import xml.etree.ElementTree

import h5py
import numpy as np

try:
    from vtkmodules import vtkCommonCore, vtkCommonExecutionModel, vtkIOHDF
except ImportError:
    sys.exit(77)

CELLS = {"hex8": (12, 9, "Hexahedron", "Quadrilateral"), "hex27": (29, 28, "Hexahedron_27", "Quadrilateral_9"),
         "tet4": (10, 5, "Tetrahedron", "Triangle"), "tet10": (24, 22, "Tetrahedron_10", "Triangle_6")}
UNITS = {"displacement": "m", "temperature": "K", "stress": "Pa", "strain_energy": "J/m^3", "active": "", "tangential_stress_ratio": "", "place": "m"}
GAUSS = [(0.5 + 0.5 * x, 0.5 * w) for x, w in zip(*np.polynomial.legendre.leggauss(3))]


def expected(step, points, centres, region):
    """Fields of one step; components of tensors xx yy zz xy yz xz."""
    t = step + 1
    x, y, z = centres.T
    fields = {"displacement": points * [t, 2 * t, -t], "temperature": 300 + 10 * t + points[:, 0],
              "stress": t * np.column_stack([x, y, z, 6 + z, 4 + x, 5 + y]),
              "active": np.ones(len(centres)) if step == 0 else (region == 1).astype(float), "region": region}
    fields["strain_energy"] = x + step if step > 0 else np.full(len(centres), np.nan)
    return fields


def numbers(array):
    """A VTK array as numpy's: [tuples] or [tuples][components]."""
    kind = "f4" if array.GetDataTypeAsString() == "float" else {1: "u1", 4: "i4", 8: "f8"}[array.GetDataTypeSize()]
    values = np.frombuffer(memoryview(array).cast("B"), dtype=kind)
    return values if array.GetNumberOfComponents() == 1 else values.reshape(-1, array.GetNumberOfComponents())


def compare(name, found, wanted, tolerance):
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    assert found.shape == wanted.shape, f"{name}: shape {found.shape} instead of {wanted.shape}"
    difference = np.abs(found - wanted)
    assert np.array_equal(np.isnan(found), np.isnan(wanted)), f"{name}: NaN in other places"
    worst = np.nanmax(difference, initial=0) if difference.size else 0
    assert worst <= tolerance * max(1, np.nanmax(np.abs(wanted), initial=0)), f"{name}: off by {worst}"


def jacobian_volume(cell):
    """The volume of a cell by VTK's own shape functions; every determinant must be positive."""
    n = cell.GetNumberOfPoints()
    points = np.array([cell.GetPoints().GetPoint(i) for i in range(n)])
    tet = cell.GetCellType() in (10, 24)
    volume = 0.0
    for r, wr in GAUSS:
        for s, ws in GAUSS:
            for t, wt in GAUSS:
                at, w = [r, s, t], wr * ws * wt
                if tet:  # collapsed cube
                    at, w = [r, s * (1 - r), t * (1 - r) * (1 - s * 1.0)], w * (1 - r) ** 2 * (1 - s)
                derivatives = [0.0] * (3 * n)
                if cell.GetCellType() == 10:
                    derivatives = [-1, 1, 0, 0, -1, 0, 1, 0, -1, 0, 0, 1]
                else:
                    cell.InterpolateDerivs(at, derivatives)
                jacobian = np.linalg.det(np.array(derivatives).reshape(3, n) @ points)
                assert jacobian > 0, f"cell turned inside out: |J| = {jacobian}"
                volume += w * jacobian
    return volume


def check_grid(grid, step, cell_type, volume, tolerance, how):
    points = numbers(grid.GetPoints().GetData())
    n = grid.GetNumberOfCells()
    types = {grid.GetCellType(c) for c in range(n)}
    assert types == {cell_type}, f"{how}: cell types {types} instead of {cell_type}"
    total = sum(jacobian_volume(grid.GetCell(c)) for c in range(n))
    assert abs(total - volume) < 1e-9 * volume, f"{how}: volume {total} instead of {volume}"
    ids = [[grid.GetCell(c).GetPointId(i) for i in range(grid.GetCell(c).GetNumberOfPoints())] for c in range(n)]
    centres = np.array([points[i].mean(axis=0) for i in ids])
    region = numbers(grid.GetCellData().GetArray("region"))
    for name, wanted in expected(step, points, centres, region).items():
        data = grid.GetPointData() if name in ("displacement", "temperature") else grid.GetCellData()
        array = data.GetArray(name)
        if array is None:
            assert name == "strain_energy" and step == 0, f"{how}: no array {name}"
            continue
        compare(f"{how}: {name} of step {step}", numbers(array), wanted, tolerance)


def check_hdf_reader(path, cell_type, volume, tolerance):
    reader = vtkIOHDF.vtkHDFReader()
    reader.SetFileName(path)
    assert reader.CanReadFile(path), "vtkHDFReader refuses the file"
    reader.Update()
    grid = reader.GetOutputDataObject(0)
    if grid.IsA("vtkCompositeDataSet"):
        iterator = grid.NewIterator()
        iterator.InitTraversal()
        grid = iterator.GetCurrentDataObject()
    assert grid is not None and grid.GetNumberOfCells() > 0, "vtkHDFReader gives nothing"
    check_grid(grid, 0, cell_type, volume, tolerance, "vtkHDFReader")


def check_views(file, steps, cell_type, moving):
    """What a reader of VTKHDF 2 does for every step: parts, offsets, slices of the concatenated arrays."""
    root = file["VTKHDF"]
    assert list(root.attrs["Version"]) == [2, 0] and root.attrs["Type"] == b"UnstructuredGrid"
    table = root["Steps"]
    assert table.attrs["NSteps"] == len(steps)
    assert list(table["Values"]) == [float(s * s) for s in steps], list(table["Values"])  # days
    for k, step in enumerate(steps):
        part = table["PartOffsets"][k]
        n_points, n_cells, n_ids = (int(root[f"NumberOf{what}"][part]) for what in ("Points", "Cells", "ConnectivityIds"))
        p, c, i = table["PointOffsets"][k], table["CellOffsets"][k, 0], table["ConnectivityIdOffsets"][k, 0]
        points, links = root["Points"][p:p + n_points], root["Connectivity"][i:i + n_ids]
        ends = root["Offsets"][c + part:c + part + n_cells + 1]
        assert ends[0] == 0 and ends[-1] == n_ids and links.max() == n_points - 1 and set(root["Types"][c:c + n_cells]) == {cell_type}
        centres = np.array([points[links[a:b]].mean(axis=0) for a, b in zip(ends[:-1], ends[1:])])
        found = {}
        for group, n in (("PointData", n_points), ("CellData", n_cells)):
            for name in root[group]:
                at = table[f"{group}Offsets"][name][k]
                found[name] = root[group][name][at:at + n]
                assert len(found[name]) == n, f"{name} ends too early"
                if name != "region":
                    assert root[group][name].attrs["unit"].decode() == UNITS[name]
        yield step, points, centres, found


def check_volume_views(path, tolerance, cell_type):
    with h5py.File(path) as file:
        assert file["case"][()].decode() == "case: drive\n# §\n"
        assert [n.decode() for n in file["mesh/region_names"]] == ["west", "east"]
        assert [n.decode() for n in file["results/steps/stage"]] == ["virgin rock", "round <1>", "round <2>"]
        assert list(file["results/steps/time_s"]) == [0, 86400, 4 * 86400]
        assert {n.decode(): u.decode() for n, u in zip(file["results/fields/name"], file["results/fields/unit"])}.items() <= UNITS.items()
        for step, points, centres, found in check_views(file, [0, 1, 2], cell_type, False):
            wanted = expected(step, points, centres, found["region"])
            assert found.keys() == wanted.keys()
            for name in wanted:
                compare(f"view {name} of step {step}", found[name], wanted[name], tolerance)
            assert file[f"results/step{10 * step:05d}"].attrs["time_d"] == step * step


def check_surface_views(path, tolerance, cell_type):
    with h5py.File(path) as file:
        for step, points, _, found in check_views(file, [1, 2], cell_type, True):
            compare(f"place of step {step}", found["place"], points + [0, step, 0], tolerance)
            ratio = found["tangential_stress_ratio"]
            assert np.all(np.diff(ratio) > 0), "faces are in another order than element, face"
            assert len(ratio) == len(file[f"results/step{10 * step:05d}/Types"]) > 0


def check_xdmf(path, topology, tolerance, size, surface):
    """Every DataItem must exist with the size and type that the XDMF says; fields must be those of the step."""
    root = xml.etree.ElementTree.parse(path).getroot()
    grids = root.findall("./Domain/Grid/Grid")
    steps = [1, 2] if surface else [0, 1, 2]
    assert [float(g.find("Time").get("Value")) for g in grids] == [float(s * s) for s in steps]

    def load(element):
        item = element.find("DataItem")
        name, dataset = item.text.split(":")
        with h5py.File(os.path.join(os.path.dirname(path), name)) as file:
            data = file[dataset]
            assert data.shape == tuple(int(n) for n in item.get("Dimensions").split()), dataset
            kind = {"f": "Float", "i": "Int", "u": "UChar"}[data.dtype.kind]
            assert (kind, data.dtype.itemsize) == (item.get("NumberType"), int(item.get("Precision"))), dataset
            return data[()]

    for step, grid in zip(steps, grids):
        assert grid.find("Topology").get("TopologyType") == topology
        points, cells = load(grid.find("Geometry")), load(grid.find("Topology")).reshape(int(grid.find("Topology").get("NumberOfElements")), -1)
        found = {a.get("Name"): load(a) for a in grid.findall("Attribute")}
        if surface:
            compare("place in XDMF", found["place"], points + [0, step, 0], tolerance)
            continue
        for name, wanted in expected(step, points, points[cells].mean(axis=1), found["region"]).items():
            if name == "strain_energy" and step == 0:
                assert name not in found
                continue
            compare(f"XDMF {name} of step {step}", found[name], wanted, tolerance)
            assert name in ("active", "region") or found[name].dtype.itemsize == size


def xdmf_grids(path, n_steps):
    """The grid of every step by ParaView's two readers; Debian's VTK has neither."""
    for module, name in (("vtkIOXdmf2", "vtkXdmfReader"), ("vtkIOXdmf3", "vtkXdmf3Reader")):
        try:
            reader = getattr(__import__(f"vtkmodules.{module}", fromlist=[name]), name)()
        except ImportError:
            continue
        reader.SetFileName(path)
        reader.UpdateInformation()
        times = reader.GetOutputInformation(0).Get(vtkCommonExecutionModel.vtkStreamingDemandDrivenPipeline.TIME_STEPS())
        assert times == (0.0, 1.0, 4.0)[-n_steps:], f"{name}: times {times}"
        for time in times:
            reader.UpdateTimeStep(time)
            grid = reader.GetOutputDataObject(0)
            if grid.IsA("vtkCompositeDataSet"):
                iterator = grid.NewIterator()
                iterator.InitTraversal()
                grid = iterator.GetCurrentDataObject()
            yield name, int(time ** 0.5), grid
        print(f"{name} read {len(times)} steps of {os.path.basename(path)}")


def check_xdmf_readers(path, cell_type, volume, tolerance):
    for how, step, grid in xdmf_grids(path, 3):
        check_grid(grid, step, cell_type, volume, tolerance, how)


def check_surface_xdmf_readers(path, cell_type, tolerance):
    for how, step, grid in xdmf_grids(path, 2):
        assert {grid.GetCellType(c) for c in range(grid.GetNumberOfCells())} == {cell_type}, how
        points = numbers(grid.GetPoints().GetData())
        compare(f"{how}: place", numbers(grid.GetPointData().GetArray("place")), points + [0, step, 0], tolerance)


def main(folder, case, shape, volume, size):
    vtkCommonCore.vtkObject.GlobalWarningDisplayOff()
    cell, face, topology, face_topology = CELLS[shape]
    tolerance = 1e-14 if size == "8" else 1e-6
    path = os.path.join(folder, case)
    check_hdf_reader(path + ".vtkhdf", cell, float(volume), tolerance)
    check_volume_views(path + ".vtkhdf", tolerance, cell)
    check_surface_views(path + "_surface.vtkhdf", tolerance, face)
    check_xdmf(path + ".xdmf", topology, tolerance, int(size), False)
    check_xdmf(path + "_surface.xdmf", face_topology, tolerance, int(size), True)
    check_xdmf_readers(path + ".xdmf", cell, float(volume), tolerance)
    check_surface_xdmf_readers(path + "_surface.xdmf", face, tolerance)


if __name__ == "__main__":
    for k in range(1, len(sys.argv), 5):
        main(*sys.argv[k:k + 5])
