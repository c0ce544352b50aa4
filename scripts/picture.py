#!/usr/bin/python3
"""Picture of one step of a run: the block cut open and coloured by a field, beside the walls of the openings.

    scripts/picture.py out/deep_shaft/deep_shaft.vtkhdf picture.png [--field temperature] [--wall compression_max] [--step -1]

Needs python3-vtk9, python3-h5py and a display; without one: xvfb-run -a scripts/picture.py …
"""
import argparse

import h5py
import numpy as np
import vtk
from vtk.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray


def grid_of(points, connectivity, offsets, types):
    grid = vtk.vtkUnstructuredGrid()
    p = vtk.vtkPoints()
    p.SetData(numpy_to_vtk(np.ascontiguousarray(points), deep=True))
    grid.SetPoints(p)
    cells = vtk.vtkCellArray()
    cells.SetData(numpy_to_vtkIdTypeArray(np.ascontiguousarray(offsets, "i8"), deep=True),
                  numpy_to_vtkIdTypeArray(np.ascontiguousarray(connectivity, "i8"), deep=True))
    grid.SetCells(numpy_to_vtk(np.ascontiguousarray(types), deep=True, array_type=vtk.VTK_UNSIGNED_CHAR), cells)
    return grid


def add(grid, name, values, per_cell):
    array = numpy_to_vtk(np.ascontiguousarray(values, "f8"), deep=True)
    array.SetName(name)
    data = grid.GetCellData() if per_cell else grid.GetPointData()
    data.AddArray(array)
    data.SetActiveScalars(name)


def steps(file):
    return sorted(k for k in file["results"] if k[4:].isdigit())


def rock(path, field, step):
    with h5py.File(path) as f:
        v, s = f["VTKHDF"], f["results"][steps(f)[step]]
        grid = grid_of(v["Points"][...], v["Connectivity"][...], v["Offsets"][...], v["Types"][...])
        values = s[field][...]
        add(grid, field, values, len(values) == len(v["Types"]))
        active = s["active"][...]
        array = numpy_to_vtk(np.ascontiguousarray(active, "f8"), deep=True)
        array.SetName("active")
        grid.GetCellData().AddArray(array)
        stage = s.attrs.get("stage", "")
    standing = vtk.vtkThreshold()
    standing.SetInputData(grid)
    standing.SetInputArrayToProcess(0, 0, 0, vtk.vtkDataObject.FIELD_ASSOCIATION_CELLS, "active")
    if hasattr(standing, "SetLowerThreshold"):
        standing.SetUpperThreshold(0.5)
        standing.SetThresholdFunction(vtk.vtkThreshold.THRESHOLD_UPPER)
    else:
        standing.ThresholdByUpper(0.5)
    plane = vtk.vtkPlane()
    plane.SetOrigin(*grid.GetCenter())
    plane.SetNormal(0, -1, 0)
    cut = vtk.vtkClipDataSet()
    cut.SetInputConnection(standing.GetOutputPort())
    cut.SetClipFunction(plane)
    surface = vtk.vtkDataSetSurfaceFilter()
    surface.SetInputConnection(cut.GetOutputPort())
    surface.Update()
    return surface.GetOutput(), np.asarray(values), stage


def walls(path, field, step, scale):
    with h5py.File(path) as f:
        v, i = f["VTKHDF"], len(steps(f)) + step if step < 0 else step
        n_cells, n_points = v["NumberOfCells"][...], v["NumberOfPoints"][...]
        c, p, k = n_cells[:i].sum(), n_points[:i].sum(), v["NumberOfConnectivityIds"][:i].sum()
        offsets = v["Offsets"][c + i:c + i + n_cells[i] + 1]
        nodes = v["Connectivity"][k:k + v["NumberOfConnectivityIds"][i]]
        grid = grid_of(v["Points"][p:p + n_points[i]], nodes, offsets, v["Types"][c:c + n_cells[i]])
        values = f["results"][steps(f)[step]][field][...] * scale
        add(grid, field, values, True)
    surface = vtk.vtkDataSetSurfaceFilter()
    surface.SetInputData(grid)
    surface.Update()
    return surface.GetOutput(), np.asarray(values)


def panel(window, data, title, low, high, box, azimuth, elevation):
    lut = vtk.vtkLookupTable()
    transfer = vtk.vtkColorTransferFunction()
    for x, rgb in zip(np.linspace(0, 1, 5), [(0.27, 0.00, 0.33), (0.23, 0.32, 0.55), (0.13, 0.57, 0.55), (0.37, 0.79, 0.38), (0.99, 0.91, 0.14)]):
        transfer.AddRGBPoint(x, *rgb)  # viridis, readable without colour vision
    lut.SetNumberOfTableValues(256)
    for i in range(256):
        lut.SetTableValue(i, *transfer.GetColor(i / 255), 1)
    lut.SetRange(low, high)
    mapper = vtk.vtkPolyDataMapper()
    mapper.SetInputData(data)
    mapper.SetLookupTable(lut)
    mapper.SetScalarRange(low, high)
    actor = vtk.vtkActor()
    actor.SetMapper(mapper)
    bar = vtk.vtkScalarBarActor()
    bar.SetLookupTable(lut)
    bar.SetTitle(title)
    bar.SetNumberOfLabels(5)
    bar.SetPosition(0.86, 0.1)
    bar.SetWidth(0.08)
    bar.SetLabelFormat("%.3g")
    bar.SetUnconstrainedFontSize(True)
    for text in (bar.GetTitleTextProperty(), bar.GetLabelTextProperty()):
        text.SetColor(0, 0, 0)
        text.SetFontSize(18)
        text.ItalicOff()
        text.BoldOff()
        text.ShadowOff()
    renderer = vtk.vtkRenderer()
    renderer.SetBackground(1, 1, 1)
    renderer.SetViewport(*box)
    renderer.AddActor(actor)
    renderer.AddActor2D(bar)
    window.AddRenderer(renderer)
    camera = renderer.GetActiveCamera()
    camera.SetViewUp(0, 0, 1)
    camera.SetPosition(0, 1, 0)
    camera.SetFocalPoint(0, 0, 0)
    camera.Azimuth(azimuth)
    camera.Elevation(elevation)
    renderer.ResetCamera()
    camera.Zoom(1.0)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("results")
    p.add_argument("picture")
    p.add_argument("--field", default="temperature")
    p.add_argument("--wall", default="compression_max")
    p.add_argument("--step", type=int, default=-1)
    a = p.parse_args()
    window = vtk.vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(8)
    window.SetSize(1500, 750)
    data, values, _ = rock(a.results, a.field, a.step)
    panel(window, data, "rock, °C" if a.field == "temperature" else a.field, np.nanmin(values), np.nanmax(values), (0, 0, 0.5, 1), -35, 20)
    megapascal = a.wall == "compression_max"
    data, values = walls(a.results.replace(".vtkhdf", "_surface.vtkhdf"), a.wall, a.step, 1e-6 if megapascal else 1)
    panel(window, data, "wall, MPa" if megapascal else a.wall, 0, np.nanpercentile(values, 99.5), (0.5, 0, 1, 1), -35, 20)
    window.Render()
    image = vtk.vtkWindowToImageFilter()
    image.SetInput(window)
    image.ReadFrontBufferOff()
    writer = vtk.vtkPNGWriter()
    writer.SetFileName(a.picture)
    writer.SetInputConnection(image.GetOutputPort())
    writer.Write()


main()
