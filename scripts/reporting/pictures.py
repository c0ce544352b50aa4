"""Pictures of the fields of a run by VTK, without a window: the rock cut open beside the openings, the walls by value and by class of an indicator.

    pictures.py RUN FOLDER      writes FOLDER/*.png, bare, and FOLDER/pictures.json: what each shows, its range and its axes

Run as a program of its own, because VTK needs a display (or xvfb-run), and ends the process where it finds none.
"""
import json
import pathlib
import sys

import numpy as np
import vtk
from vtk.util.numpy_support import numpy_to_vtk, numpy_to_vtkIdTypeArray, vtk_to_numpy

from reporting.quantities import scale_of, words
from results import Run, principal

WIDTH, HEIGHT = 1100, 800
PALETTE = [(0.267, 0.005, 0.329), (0.254, 0.265, 0.530), (0.164, 0.471, 0.558), (0.135, 0.659, 0.518), (0.478, 0.821, 0.319),
           (0.993, 0.906, 0.144)]  # viridis


def grid_of(points, connectivity, offsets, types):
    grid, places, cells = vtk.vtkUnstructuredGrid(), vtk.vtkPoints(), vtk.vtkCellArray()
    places.SetData(numpy_to_vtk(np.ascontiguousarray(points, "f8"), deep=True))
    cells.SetData(numpy_to_vtkIdTypeArray(np.ascontiguousarray(offsets, "i8"), deep=True),
                  numpy_to_vtkIdTypeArray(np.ascontiguousarray(connectivity, "i8"), deep=True))
    grid.SetPoints(places)
    grid.SetCells(numpy_to_vtk(np.ascontiguousarray(types), deep=True, array_type=vtk.VTK_UNSIGNED_CHAR), cells)
    return grid


def add(grid, name, values, per_cell):
    array = numpy_to_vtk(np.ascontiguousarray(values, "f8"), deep=True)
    array.SetName(name)
    (grid.GetCellData() if per_cell else grid.GetPointData()).AddArray(array)


def centres(mesh):
    points, connectivity, offsets, _ = mesh
    corners = points[connectivity]
    return np.add.reduceat(corners, offsets[:-1], axis=0) / np.diff(offsets)[:, None]


def near_box(run):
    """Middle and half sizes of the box that is shown: the openings and one and a half of their size round them; else the whole block."""
    rock = run.rock
    points = rock.mesh()[0]
    whole = np.array([points.min(axis=0), points.max(axis=0)])
    walls, active = run.walls, rock.field("active")
    openings = walls.mesh()[0] if walls and walls.steps else centres(rock.mesh())[active == 0] if (active == 0).any() else points
    low, high = openings.min(axis=0), openings.max(axis=0)
    reach = 1.5 * np.median(high - low)
    low, high = np.maximum(low - reach, whole[0]), np.minimum(high + reach, whole[1])
    return (low + high) / 2, (high - low) / 2


def subset(mesh, fields, kept):
    """A grid of the elements in the mask `kept`."""
    points, connectivity, offsets, types = mesh
    lengths = np.diff(offsets)
    data = grid_of(points, connectivity[np.repeat(kept, lengths)], np.concatenate([[0], np.cumsum(lengths[kept])]), types[kept])
    for name, _, _, values, per_cell in fields:
        add(data, name, values[kept] if per_cell else values, per_cell)
    return data


def opened(mesh, fields, kept, middle, half):
    """Surface of the kept elements within the box, cut open through its middle; and the direction towards the reader.

    Not the elements are clipped but their skin, and sections are made of those that a plane crosses: a tenth of the work."""
    points, connectivity, offsets, _ = mesh
    bounds, normal, thin = np.array([points.min(axis=0), points.max(axis=0)]), np.zeros(3), int(np.argmin(half))
    slab = half[thin] < 0.6 * np.median(half)  # its face is the section
    normal[thin if slab else 1] = 1 if slab and thin == 2 else -1
    planes = [] if slab else [(middle, normal)]
    for axis in range(3):
        for side in (-1, 1):
            outward = side * np.eye(3)[axis]
            inside_block = abs(middle[axis] + side * half[axis] - bounds[(side + 1) // 2][axis]) > 1e-6 * half[axis]
            if inside_block and (slab or outward @ normal < 0.5):
                planes.append((middle + half * outward, outward))
    corners = points[connectivity]
    spans = []  # of each element: least and largest distance outside each plane
    for origin, outward in planes:
        distance = (corners - origin) @ outward
        spans.append((np.minimum.reduceat(distance, offsets[:-1]), np.maximum.reduceat(distance, offsets[:-1])))
        kept = kept & (spans[-1][0] < 0)
    pieces = [surface_of(subset(mesh, fields, kept))]
    for (origin, outward), (least, largest) in zip(planes, spans):
        cut = vtk.vtkCutter()
        cut.SetCutFunction(plane_of(origin, outward))
        cut.SetInputData(subset(mesh, fields, kept & (least < 0) & (largest > 0)))
        cut.Update()
        pieces.append(cut.GetOutput())
    all_pieces = vtk.vtkAppendPolyData()
    for k, piece in enumerate(pieces):
        for n, (origin, outward) in enumerate(planes):
            if n != k - 1:
                piece = clipped(piece, origin, outward)
        all_pieces.AddInputData(piece)
    all_pieces.Update()
    return all_pieces.GetOutput(), normal


def plane_of(origin, normal):
    plane = vtk.vtkPlane()
    plane.SetOrigin(*origin)
    plane.SetNormal(*normal)
    return plane


def clipped(surface, origin, outward):
    """The part of the surface behind the plane."""
    clip = vtk.vtkClipPolyData()
    clip.SetInputData(surface)
    clip.SetClipFunction(plane_of(origin, outward))
    clip.InsideOutOn()
    clip.Update()
    return clip.GetOutput()


def surface_of(data, subdivision=2):
    surface = vtk.vtkDataSetSurfaceFilter()
    surface.SetInputData(data)
    surface.SetNonlinearSubdivisionLevel(subdivision)
    surface.Update()
    return surface.GetOutput()


def span(values, low=0.5, high=99.5):
    """Range of colours: without the outermost values, and never so narrow that rounding gets colours."""
    low, high = (float(v) for v in np.nanpercentile(values, [low, high]))
    least = 0.02 * max(abs(low), abs(high), 1e-30)
    return (low, high) if high - low >= least else ((low + high - least) / 2, (low + high + least) / 2)


def picture(data, name, per_cell, low, high, normal, path, classes=0):
    """Draws the surface coloured by a field. Returns pixels per metre, and the axes in the picture: right and up parts of x, y, z."""
    shades = vtk.vtkLookupTable()
    transfer = vtk.vtkColorTransferFunction()
    for x, colour in zip(np.linspace(0, 1, len(PALETTE)), PALETTE):
        transfer.AddRGBPoint(x, *colour)
    count = classes or 256
    shades.SetNumberOfTableValues(count)
    for i in range(count):
        shades.SetTableValue(i, *transfer.GetColor(i / max(count - 1, 1)), 1)
    shades.SetNanColor(0.8, 0.8, 0.8, 1)
    shades.SetRange(low, high)
    mapper, actor, renderer, window = vtk.vtkPolyDataMapper(), vtk.vtkActor(), vtk.vtkRenderer(), vtk.vtkRenderWindow()
    mapper.SetInputData(data)
    mapper.SetLookupTable(shades)
    mapper.SetScalarRange(low, high)
    (mapper.SetScalarModeToUseCellFieldData if per_cell else mapper.SetScalarModeToUsePointFieldData)()
    mapper.SelectColorArray(name)
    mapper.SetInterpolateScalarsBeforeMapping(not per_cell)
    actor.SetMapper(mapper)
    actor.GetProperty().SetAmbient(0.55)
    actor.GetProperty().SetDiffuse(0.5)
    renderer.SetBackground(1, 1, 1)
    renderer.AddActor(actor)
    window.SetOffScreenRendering(1)
    window.SetMultiSamples(8)
    window.SetSize(WIDTH, HEIGHT)
    window.AddRenderer(renderer)
    camera = renderer.GetActiveCamera()
    camera.ParallelProjectionOn()
    camera.SetFocalPoint(0, 0, 0)
    camera.SetPosition(*normal)
    camera.SetViewUp(*((0, 1, 0) if abs(normal[2]) > 0.5 else (0, 0, 1)))
    camera.Azimuth(-25)
    camera.Elevation(20)
    camera.OrthogonalizeViewUp()
    renderer.ResetCamera()
    up = np.array(camera.GetViewUp())
    right = np.cross(camera.GetDirectionOfProjection(), up)
    box = np.array(data.GetBounds()).reshape(3, 2)
    corners = np.array(np.meshgrid(*box)).reshape(3, -1).T - box.mean(axis=1)
    camera.SetParallelScale(1.03 * max(np.abs(corners @ up).max(), np.abs(corners @ right).max() * HEIGHT / WIDTH))
    renderer.ResetCameraClippingRange()
    window.Render()
    image, writer = vtk.vtkWindowToImageFilter(), vtk.vtkPNGWriter()
    image.SetInput(window)
    image.ReadFrontBufferOff()
    image.ShouldRerenderOff()
    writer.SetFileName(str(path))
    writer.SetCompressionLevel(1)
    writer.SetInputConnection(image.GetOutputPort())
    writer.Write()
    return HEIGHT / 2 / camera.GetParallelScale(), [right.tolist(), up.tolist()]


def rock_fields(rock, step):
    """(name, title, unit, values, per element) of what is worth a picture."""
    for name in rock.names(step):
        values, unit, per_cell = rock.field(name, step), rock.units[name], rock.centres[name] == "element"
        if name == "stress":
            yield "compression", "largest compression", unit, -principal(values)[:, 0], per_cell
        elif name == "displacement":
            yield name, name, unit, np.linalg.norm(values, axis=1), per_cell
        elif values.ndim == 1 and name not in ("material", "active", "yielded_by", "temperature_change") and not name.endswith("_class"):
            yield name, words(name), unit, values, per_cell


def draw_rock(run, folder, step):
    rock = run.rock
    fields = list(rock_fields(rock, step))
    middle, half = near_box(run)
    surface, normal = opened(rock.mesh(step), fields, rock.field("active", step) > 0, middle, half)
    for name, title, unit, _, per_cell in fields:
        array = (surface.GetCellData() if per_cell else surface.GetPointData()).GetArray(name)
        seen = vtk_to_numpy(array) if array else np.zeros(0)
        seen = seen[np.isfinite(seen)]
        if len(seen) == 0 or np.ptp(seen) <= 1e-9 * np.abs(seen).max():
            continue
        low, high = span(seen, *((0, 100) if name == "temperature" else ()))
        path = folder / f"rock_{name}.png"
        pixels, axes = picture(surface, name, per_cell, low, high, normal, path)
        divisor, shown = scale_of(unit, max(abs(low), abs(high)))
        yield {"kind": "rock", "name": name, "title": title, "file": path.name, "low": low / divisor, "high": high / divisor, "unit": shown,
               "pixels": pixels, "axes": axes, "stage": rock.step(step).stage, "classes": [], "grey": False}


def draw_walls(run, folder, step):
    walls = run.walls
    grid = grid_of(*walls.mesh(step))
    names = [n for n in walls.names(step) if n not in ("wall_stress", "stage", "crease")]
    crease = walls.field("crease", step) if "crease" in walls.names(step) else None
    for name in names:
        values = walls.field(name, step).astype(float)
        if crease is not None and not name.endswith("_class") and name != "temperature":
            values = np.where(crease > 0, np.nan, values)
        if values.ndim > 1 or not np.isfinite(values).any():
            continue
        add(grid, name, values, True)
        surface = surface_of(grid, 1)
        low, high = span(values)
        classes = []
        if name.endswith("_class"):
            prefix = f"{name[:-6]}_area_"
            classes = [words(key[len(prefix):]) for key in run.numbers if key.startswith(prefix)]
            low, high = -0.5, max(len(classes), int(np.nanmax(values)) + 1) - 0.5
            classes += [str(k) for k in range(len(classes), int(high + 0.5))]
        path = folder / f"wall_{name}_{walls.step(step).number}.png"
        pixels, axes = picture(surface, name, True, low, high, np.array([0.0, -1, 0]), path, len(classes))
        divisor, shown = (1, "") if classes else scale_of(walls.units[name], max(abs(low), abs(high)))
        yield {"kind": "wall", "name": name, "title": words(name), "file": path.name, "low": low / divisor, "high": high / divisor, "unit": shown,
               "pixels": pixels, "axes": axes, "stage": walls.step(step).stage, "classes": classes, "grey": bool(np.isnan(values).any())}


def main(arguments):
    run, folder = Run(arguments[0]), pathlib.Path(arguments[1])
    made = list(draw_rock(run, folder, -1)) if run.rock else []
    if run.walls and run.walls.steps:
        made += draw_walls(run, folder, -1)
    (folder / "pictures.json").write_text(json.dumps(made), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
