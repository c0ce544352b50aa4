"""Views of a result of winze in ParaView (5.11 and newer): rock cut open with principal stresses, its temperature, walls by class, airways as tubes.

    scripts/view OUT                        opens them in ParaView (this script by `paraview --script`, OUT in WINZE_RESULT)
    pvbatch views.py OUT --pictures DIR     pictures of the first and of the last stage, without a window
    pvbatch views.py OUT --state FILE.pvsm  a state to open later: paraview --state=FILE.pvsm

As a macro (Macros > Import new macro...): open any file of a result, then click the macro. OUT is the folder of a run or one of its files;
--class INDICATOR chooses what the walls are coloured by. Needs ParaView alone: nothing else of winze, and no package.
"""
import argparse
import importlib
import json
import os
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

import numpy as np
from paraview import servermanager, simple
from vtkmodules.util.numpy_support import vtk_to_numpy

VIRIDIS = [0.267, 0.005, 0.329, 0.254, 0.265, 0.530, 0.164, 0.471, 0.558, 0.135, 0.659, 0.518, 0.478, 0.821, 0.319, 0.993, 0.906, 0.144]
INK, TENSION, GREY = [0.1, 0.1, 0.12], [0.835, 0.369, 0.0], [0.8, 0.8, 0.8]

# What ParaView runs in its Programmable Filters. Tensors are xx yy zz xy yz xz, tension positive.
ROCK = """
import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
made_of = output.VTKObject
made_of.ShallowCopy(inputs[0].VTKObject)
for data in (made_of.GetPointData(), made_of.GetCellData()):
    stress = data.GetArray('stress')
    if stress is None:
        continue
    six = vtk_to_numpy(stress)
    there = np.isfinite(six).all(axis=1)
    xx, yy, zz, xy, yz, xz = np.where(there, six.T, 0)
    values = np.linalg.eigvalsh(np.stack([xx, xy, xz, xy, yy, yz, xz, yz, zz], -1).reshape(-1, 3, 3))[:, 0]
    made = numpy_to_vtk(np.where(there, -1e-6 * values, np.nan), deep=True)
    made.SetName('largest compression, MPa')
    data.AddArray(made)
"""
WALLS = """
import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
output.VTKObject.ShallowCopy(inputs[0].VTKObject)
data = output.VTKObject.GetCellData()
largest, crease = data.GetArray('compression_max'), data.GetArray('crease')
if largest is not None:
    values = 1e-6 * vtk_to_numpy(largest)
    made = numpy_to_vtk(values if crease is None else np.where(vtk_to_numpy(crease) > 0, np.nan, values), deep=True)
    made.SetName('wall compression, MPa')
    data.AddArray(made)
"""
CROSSES = """
# Three lines per point of the section: along the principal directions, as long as the stress is large.
import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
import vtk
given = inputs[0].VTKObject
stress, valid = given.GetPointData().GetArray('stress'), given.GetPointData().GetArray('vtkValidPointMask')
points, cells = vtk.vtkPoints(), vtk.vtkCellArray()
output.VTKObject.Initialize()
output.VTKObject.SetPoints(points)
output.VTKObject.SetLines(cells)
if stress is not None and given.GetNumberOfPoints():
    six, places = vtk_to_numpy(stress), vtk_to_numpy(given.GetPoints().GetData())
    keep = np.isfinite(six).all(axis=1) & (vtk_to_numpy(valid) > 0)
    six, places = six[keep], places[keep]
    if len(six):
        xx, yy, zz, xy, yz, xz = six.T
        values, axes = np.linalg.eigh(np.stack([xx, xy, xz, xy, yy, yz, xz, yz, zz], -1).reshape(-1, 3, 3))
        unit = %(spacing)r / np.maximum(np.percentile(np.abs(values), 98), 1e-30)
        arms = 0.5 * unit * np.clip(np.abs(values), 0, 1.3 / unit * %(spacing)r)[:, None, :] * axes
        ends = np.stack([places[:, :, None] - arms, places[:, :, None] + arms], 1)      # point, end, xyz, axis
        ends = np.ascontiguousarray(ends.transpose(0, 3, 1, 2).reshape(-1, 3)) + np.array(%(towards)r)
        points.SetData(numpy_to_vtk(ends, deep=True))
        for k in range(len(ends) // 2):
            cells.InsertNextCell(2)
            cells.InsertCellPoint(2 * k)
            cells.InsertCellPoint(2 * k + 1)
        made = numpy_to_vtk(np.ascontiguousarray(np.where(values.ravel() > 0, 1.0, 0.0)), deep=True)
        made.SetName('principal stress')
        output.VTKObject.GetCellData().AddArray(made)
"""


class Result:
    """The files of a run. `path`: its folder, or a file in it."""

    def __init__(self, path):
        path = pathlib.Path(path).resolve()
        self.folder = path if path.is_dir() else path.parent
        found = sorted(self.folder.glob("*.xdmf")) + sorted(self.folder.glob("*_airways.pvd"))
        if not found:
            raise FileNotFoundError(f"{self.folder}: no result of winze (<case>.xdmf or <case>_airways.pvd)")
        self.case = re.sub(r"(_surface\.xdmf|_airways\.pvd|\.xdmf)$", "", found[0].name)
        summary = self.folder / "summary.json"
        self.summary = json.loads(summary.read_text(encoding="utf-8")) if summary.is_file() else {}

    def reader(self, ending):
        """The reader of the rock ("") or of the walls ("_surface"); None where the run wrote none."""
        path = self.folder / f"{self.case}{ending}"
        name = "file of the walls" if ending else "file of the rock"
        newer = tuple(int(n) for n in re.findall(r"\d+", str(simple.GetParaViewVersion()))[:2]) >= (5, 12)
        if newer and pathlib.Path(f"{path}.vtkhdf").is_file():
            return simple.OpenDataFile(f"{path}.vtkhdf", registrationName=name)
        return simple.XDMFReader(registrationName=name, FileNames=[f"{path}.xdmf"]) if pathlib.Path(f"{path}.xdmf").is_file() else None

    def airways(self):
        path = self.folder / f"{self.case}_airways.pvd"
        return simple.PVDReader(registrationName="file of the airways", FileName=str(path)) if path.is_file() else None

    def stages(self):
        """(time that ParaView shows, name of the stage) of every step."""
        path = self.folder / f"{self.case}.xdmf"
        if path.is_file():
            grids = [grid for grid in ElementTree.parse(path).iter("Grid") if grid.find("Time") is not None]
            return [(float(grid.find("Time").get("Value")), grid.get("Name")) for grid in grids]
        sets = ElementTree.parse(self.folder / f"{self.case}_airways.pvd").iter("DataSet")
        names = {step["number"]: step["stage"] for step in self.summary.get("steps", [])}
        return [(float(s.get("timestep")), names.get(int(s.get("file")[-9:-4]), s.get("file")[-9:-4])) for s in sets]

    def classes(self, indicator):
        """Names of the classes of an indicator on the walls, mildest first."""
        keys = (re.fullmatch(f"{indicator}_area_(.*)", key) for key in self.summary.get("numbers", {}))
        return [key[1].replace("_", " ") for key in keys if key]

    def indicators(self):
        keys = (re.fullmatch("(.*)_most_severe", key) for key in self.summary.get("numbers", {}))
        return [key[1] for key in keys if key]


def names_of(source, cells):
    data = source.CellData if cells else source.PointData
    return [data.GetArray(k).Name for k in range(data.GetNumberOfArrays())]


def colour(view, shown, cells, name, title, values=(), classes=(), outermost=0.5):
    """Colours by a field with a legend; `values` give the range but for the `outermost` percent, `classes` give names instead."""
    simple.ColorBy(shown, ("CELLS" if cells else "POINTS", name))
    table = simple.GetColorTransferFunction(name)
    table.NanColor = GREY
    if classes:
        table.InterpretValuesAsCategories = 1
        table.AnnotationsInitialized = 1
        table.Annotations = [text for k, label in enumerate(classes) for text in (str(k), label)]
        places = [k / max(len(classes) - 1, 1) for k in range(len(classes))]
        table.IndexedColors = [part for place in places for part in shade(place)]
        table.IndexedOpacities = [1.0] * len(classes)
    else:
        low, high = span(values, outermost, 100 - outermost)
        table.RGBPoints = [part for k in range(6) for part in (low + (high - low) * k / 5, *VIRIDIS[3 * k:3 * k + 3])]
        table.ColorSpace = "Lab"
    length = 0.06 + 0.05 * min(len(classes), 8) if classes else 0.4
    legend(view, shown, table, title, length, 0.06, max(map(len, classes), default=0))


def legend(view, shown, table, title, length, bottom, letters=0):
    """At the right edge, from `bottom` upward, shares of the height. `letters` of the longest label."""
    bar = simple.GetScalarBar(table, view)
    bar.Title, bar.ComponentTitle, bar.HorizontalTitle = title, "", 1
    bar.TitleColor = bar.LabelColor = INK
    bar.TitleFontFamily = bar.LabelFontFamily = "Arial"
    bar.TitleFontSize, bar.LabelFontSize = 14, 13
    bar.TitleJustification = "Left"
    bar.TextPosition = f"Ticks {'left/bottom, annotations right/top' if table.InterpretValuesAsCategories else 'right/top, annotations left/bottom'}"
    bar.WindowLocation, bar.Position = "Any Location", [min(0.78, max(0.35, 0.95 - 0.018 * letters)), bottom]
    bar.ScalarBarLength, bar.ScalarBarThickness = length, 14
    bar.AutomaticLabelFormat, bar.LabelFormat, bar.RangeLabelFormat = 0, "%-#6.3g", "%-#6.3g"
    shown.SetScalarBarVisibility(view, True)


def shade(place):
    k = min(int(5 * place), 4)
    part = 5 * place - k
    return [(1 - part) * VIRIDIS[3 * k + i] + part * VIRIDIS[3 * k + 3 + i] for i in range(3)]


def span(values, low, high):
    """Range of colours: without the outermost values, and never so narrow that rounding gets colours."""
    values = np.asarray(values)[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = (float(v) for v in np.percentile(values, [low, high]))
    least = 0.02 * max(abs(low), abs(high), 1e-30)
    return (low, high) if high - low >= least else ((low + high - least) / 2, (low + high + least) / 2)


def array(source, cells, name):
    data = servermanager.Fetch(source)
    found = (data.GetCellData() if cells else data.GetPointData()).GetArray(name)
    return vtk_to_numpy(found) if found else np.zeros(0)


def new_view(title, stages, source, normal):
    view = simple.CreateView("RenderView")
    view.UseColorPaletteForBackground = 0
    view.Background = [1, 1, 1]
    view.OrientationAxesLabelColor = INK
    view.CameraParallelProjection = 1
    view.CameraPosition, view.CameraFocalPoint = list(normal), [0, 0, 0]
    view.CameraViewUp = [0, 1, 0] if abs(normal[2]) > 0.5 else [0, 0, 1]
    times, names = [t for t, _ in stages], [n for _, n in stages]
    note = simple.PythonAnnotation(Input=source)
    note.ArrayAssociation = "Point Data"
    note.Expression = f"{title!r} + ', ' + {names!r}[np.argmin(np.abs(np.array({times!r}) - time_value))]"
    text = simple.Show(note, view)
    text.Color, text.FontSize, text.FontFamily, text.WindowLocation = INK, 14, "Arial", "Upper Left Corner"
    return view


def aim(view):
    """Looks from the upper right, and fills the view."""
    simple.ResetCamera(view)
    camera = view.GetActiveCamera()
    camera.Azimuth(-25)
    camera.Elevation(20)
    camera.OrthogonalizeViewUp()
    simple.ResetCamera(view)
    camera.Zoom(0.97)
    center = np.array(camera.GetFocalPoint())  # room for the legends at the right
    right = np.cross(camera.GetDirectionOfProjection(), camera.GetViewUp())
    shift = 0.22 * camera.GetParallelScale() * right
    camera.SetFocalPoint(*(center + shift))
    camera.SetPosition(*(np.array(camera.GetPosition()) + shift))


def box_of(rock, walls):
    """Middle and half sizes of what is shown: the openings and one and a half of their size round them; else the whole block."""
    bounds = np.array(rock.GetDataInformation().GetBounds()).reshape(3, 2)
    openings = walls
    if openings is None:
        openings = simple.Threshold(Input=rock, Scalars=["CELLS", "active"], LowerThreshold=0, UpperThreshold=0.5, ThresholdMethod="Between")
        openings.UpdatePipeline(simple.GetAnimationScene().AnimationTime)
    around = openings.GetDataInformation()
    near = np.array(around.GetBounds()).reshape(3, 2) if around.GetNumberOfCells() else bounds
    reach = 1.5 * np.median(near[:, 1] - near[:, 0])
    low, high = np.maximum(near[:, 0] - reach, bounds[:, 0]), np.minimum(near[:, 1] + reach, bounds[:, 1])
    return (low + high) / 2, (high - low) / 2


def rock_views(result, rock, walls, time):
    """The rock that stands, cut through the middle of the openings: largest compression with crosses of principal stress, and temperature."""
    middle, half = box_of(rock, walls)
    fields, in_cells = names_of(rock, False), names_of(rock, True)
    standing = simple.Threshold(registrationName="rock that stands", Input=rock, Scalars=["CELLS", "active"], LowerThreshold=0.5, UpperThreshold=1,
                                ThresholdMethod="Between")
    around = simple.ExtractCellsByRegion(registrationName="round the openings", Input=standing, IntersectWith="Box", Extractintersected=1)
    around.IntersectWith.Position, around.IntersectWith.Length = list(middle - half), list(2 * half)
    normal, thin = np.zeros(3), int(np.argmin(half))
    slab = half[thin] < 0.6 * np.median(half)  # its face is the section
    normal[thin if slab else 1] = 1 if slab and thin == 2 else -1
    planes = [] if slab else [("cut open", middle, normal)]
    bounds = np.array(rock.GetDataInformation().GetBounds()).reshape(3, 2)
    for axis in range(3):
        for side in (-1, 1):
            outward, at = side * np.eye(3)[axis], middle[axis] + side * half[axis]
            if abs(at - bounds[axis, (side + 1) // 2]) > 1e-6 * half[axis] and (slab or outward @ normal < 0.5):  # a side of the block needs no cut
                planes.append((f"{'xyz'[axis]} {'<' if side > 0 else '>'} {at:.4g}", middle + half * outward, outward))
    cut = around
    for name, origin, outward in planes:
        cut = simple.Clip(registrationName=name, Input=cut, ClipType="Plane", Invert=1)
        cut.ClipType.Origin, cut.ClipType.Normal = list(origin), list(outward)
    shown = simple.ProgrammableFilter(registrationName="rock", Input=cut, Script=ROCK)
    shown.UpdatePipeline(time)
    wanted = []
    if "stress" in fields + in_cells:
        wanted.append(("largest compression, MPa", "compression, MPa", "stress"))
    if "temperature" in fields:
        wanted.append(("temperature", "temperature, °C", "temperature"))
    for name, title, of in wanted:
        called = "largest compression" if of == "stress" else "rock temperature"
        view = new_view(called, result.stages(), rock, normal)
        drawn = simple.Show(shown, view)
        drawn.SetRepresentationType("Surface")
        drawn.Ambient, drawn.Diffuse = 0.5, 0.55
        colour(view, drawn, of in in_cells, name, title, array(shown, of in in_cells, name), outermost=0 if of == "temperature" else 0.5)
        if of == "stress" and "stress" in fields:
            crosses(view, around, middle, half, normal, slab, time)
        yield called.replace(" ", "_"), view


def crosses(view, rock, middle, half, normal, slab, time):
    across = int(np.argmax(np.abs(normal)))
    a, b = (k for k in range(3) if k != across)
    spacing = 2 * max(half[a], half[b]) / 26
    origin = middle + (half[across] * (0 if not slab else 0.5)) * normal
    corner = origin.copy()
    corner[[a, b]] = middle[[a, b]] - half[[a, b]] + 0.5 * spacing
    count = [max(int((2 * half[k] - spacing) / spacing), 1) for k in (a, b)]
    plane = simple.Plane(registrationName="section", XResolution=count[0], YResolution=count[1])
    plane.Origin = list(corner)
    plane.Point1, plane.Point2 = (list(corner + spacing * n * np.eye(3)[k]) for n, k in zip(count, (a, b)))
    at = simple.ResampleWithDataset(registrationName="stress on the section", SourceDataArrays=rock, DestinationMesh=plane)
    towards = list(normal * (0.02 * spacing + (half[across] * 0.5 if slab else 0)))
    lines = simple.ProgrammableFilter(registrationName="principal stresses", Input=at, OutputDataSetType="vtkPolyData",
                                      Script=CROSSES % {"spacing": float(spacing), "towards": [float(t) for t in towards]})
    lines.UpdatePipeline(time)
    drawn = simple.Show(lines, view)
    drawn.LineWidth = 1.6
    simple.ColorBy(drawn, ("CELLS", "principal stress"))
    table = simple.GetColorTransferFunction("principal stress")
    table.InterpretValuesAsCategories, table.AnnotationsInitialized = 1, 1
    table.Annotations = ["0", "compression", "1", "tension"]
    table.IndexedColors, table.IndexedOpacities = INK + TENSION, [1.0, 1.0]
    legend(view, drawn, table, "principal stresses", 0.13, 0.72)


def wall_view(result, walls, time, chosen):
    """The walls by class of an indicator, with the names of the classes; by compression where there is none."""
    shown = simple.ProgrammableFilter(registrationName="walls", Input=walls, Script=WALLS)
    shown.UpdatePipeline(time)
    names = names_of(shown, True)
    of_walls = [n for n in result.indicators() if f"{n}_class" in names] or [n[:-6] for n in names if n.endswith("_class")]
    if chosen and chosen not in of_walls:
        raise KeyError(f"the walls have no classes of '{chosen}'; there are {', '.join(of_walls) or 'none'}")
    indicator = chosen or (of_walls[0] if of_walls else "")
    if indicator:
        name, title, called = f"{indicator}_class", "class", f"walls by {indicator.replace('_', ' ')}"
        highest = int(np.nanmax(array(shown, True, name), initial=0))
        classes = result.classes(indicator)
        classes += [str(k) for k in range(len(classes), highest + 1)]
    else:
        squeezed = "compression_max" in names
        name, classes = "wall compression, MPa" if squeezed else "temperature", []
        title, called = ("compression, MPa", "compression along the walls") if squeezed else ("temperature, °C", "temperature of the walls")
    extent = np.diff(np.array(shown.GetDataInformation().GetBounds()).reshape(3, 2)).ravel()
    view = new_view(called, result.stages(), walls, (0, 0, 1) if extent[2] < 0.1 * extent.max() else (0, -1, 0))
    drawn = simple.Show(shown, view)
    drawn.SetRepresentationType("Surface")
    drawn.Ambient, drawn.Diffuse = 0.5, 0.55
    colour(view, drawn, True, name, title, () if classes else array(shown, True, name), classes)
    yield "walls", view


def airway_view(result, airways, time):
    """Airways as tubes; thicker than they are where they would be threads."""
    airways.UpdatePipeline(time)
    names = names_of(airways, True)
    extent = np.diff(np.array(airways.GetDataInformation().GetBounds()).reshape(3, 2)).ravel()
    radii = array(airways, False, "radius")
    factor = max(1.0, extent.max() / 250 / max(np.median(radii) if len(radii) else 1, 1e-6))
    wide = simple.Calculator(registrationName="airways", Input=airways, AttributeType="Point Data", ResultArrayName="shown radius",
                             Function=f"radius*{factor:g}")
    tubes = simple.Tube(registrationName="tubes", Input=wide, Scalars=["POINTS", "shown radius"], VaryRadius="By Absolute Scalar", NumberofSides=12)
    tubes.UpdatePipeline(time)
    flat = [k for k in range(3) if extent[k] < 0.05 * extent.max()]
    view = new_view("airways" + (f" ({factor:.0f} times as thick)" if factor > 1.5 else ""), result.stages(), airways,
                    (0, 0, 1) if 2 in flat else (-1, 0, 0) if 0 in flat else (0, -1, 0))
    drawn = simple.Show(tubes, view)
    name, title = ("wet_bulb", "wet bulb, °C") if "wet_bulb" in names else ("flow", "flow, m³/s")
    colour(view, drawn, True, name, title, array(airways, True, name), outermost=0)
    yield "airways", view


def show(path, chosen=""):
    """Builds the views of a result side by side at its last step. Returns {name: view} and its stages."""
    simple._DisableFirstRenderCameraReset()
    result = Result(path)
    rock, walls, airways = result.reader(""), result.reader("_surface"), result.airways()
    scene = simple.GetAnimationScene()
    scene.UpdateAnimationUsingDataTimeSteps()
    time = result.stages()[-1][0]
    scene.AnimationTime = time
    for reader in (rock, walls, airways):
        if reader:
            reader.UpdatePipeline(time)
    views = {}
    if rock:
        views.update(rock_views(result, rock, walls, time))
    if walls:
        views.update(wall_view(result, walls, time, chosen))
    if airways:
        views.update(airway_view(result, airways, time))
    layout = simple.CreateLayout(f"winze: {result.case}")
    cells = [0]
    if len(views) > 1:  # 2 one above the other, 3 and 4 in two rows
        above = layout.SplitVertical(0, 0.5)
        cells = [above, above + 1]
        for k in range(len(views) - 2):
            left = layout.SplitHorizontal(cells.pop(0), 0.5)
            cells += [left, left + 1]
    for cell, view in zip(sorted(cells), views.values()):
        simple.AssignViewToLayout(view=view, layout=layout, hint=cell)
        aim(view)
    return views, result


def main(arguments):
    parser = argparse.ArgumentParser(prog="views.py", description=__doc__.split("\n", 1)[0])
    parser.add_argument("result")
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--state", type=pathlib.Path)
    parser.add_argument("--class", dest="chosen", default="")
    options = parser.parse_args(arguments)
    try:
        views, result = show(options.result, options.chosen)
    except (FileNotFoundError, KeyError) as fault:
        print(fault.args[0], file=sys.stderr)
        return 2
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
        stages = result.stages()
        dug = "walls" in views and len(stages) > 1 and stages[0][1] == "initial"
        first = stages[1 if dug else 0]
        for name, view in views.items():
            view.ViewSize = [600, 450]
            for which, (time, _) in (("first", first), ("last", stages[-1])):
                view.ViewTime = time
                simple.SaveScreenshot(str(options.pictures / f"{name}_{which}.png"), view, ImageResolution=[1200, 900])
    if options.state:
        options.state.parent.mkdir(parents=True, exist_ok=True)
        simple.SaveState(str(options.state))
    print(f"{result.case}: {', '.join(views)}")
    return 0


def active_file():
    """The file of the active source or of what it comes from: what the macro is clicked for."""
    source = simple.GetActiveSource()
    while source is not None:
        names = next((source.GetPropertyValue(key) for key in ("FileName", "FileNames") if key in source.ListProperties()), None)
        if names:
            return names if isinstance(names, str) else names[0]
        source = source.Input if "Input" in source.ListProperties() else None
    return ""


def start(arguments):
    """From a command line, from `paraview --script`, or as a macro."""
    if arguments:
        code = main(arguments)
        sys.stdout.flush()
        os._exit(code)  # without a window, ParaView now and then trips over its display when it leaves
    path = os.environ.pop("WINZE_RESULT", "") or active_file()
    if path:
        show(path)
    else:
        print("Open a file of a result of winze first, then click this macro.")


if __name__ == "__main__":  # Programmable Filters leave names like `max` of their own in __main__: the work is done in a module
    place = pathlib.Path(globals().get("__file__") or os.environ["WINZE_VIEWS"]).resolve()
    sys.path.insert(0, str(place.parent))
    importlib.import_module(place.stem).start(sys.argv[1:])
