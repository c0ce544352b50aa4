"""What a run of winze wrote, as arrays: stages, numbers, tables, probes, fields, airways. Needs numpy, and h5py for fields.

    import sys
    sys.path.insert(0, "scripts")
    from results import Run, principal

    run = Run("out/circular_drive")
    print(run.numbers["wall_compression_max"])             # Number(value=75016640.5, unit='Pa')
    print(run.stages)                                      # [Stage(number=1, name='drive', time_d=0.0)]
    history = run.history                                  # a Table: history["wall_compression_max"], history.units
    across = run.probe("across").last()                    # rows of the last step; across["x"], across["stress_yy"]
    stress = run.rock.field("stress")                      # nodes × 6, the last step; run.rock.units["stress"] == "Pa"
    compression = -principal(stress)[:, 0]                 # largest compression, Pa
    walls = run.walls.field("compression_max", "drive")    # faces of the step that ended the stage `drive`

Units are those of the files, tension is positive, and what is missing is NaN. A folder of a calibration or a comparison has `summary`, `tables` only.
`python3 scripts/results.py FOLDER` lists what a folder holds.
"""
import csv
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import namedtuple

import numpy as np

Stage = namedtuple("Stage", "number name time_d")  # number is that of the step that ended it
Number = namedtuple("Number", "value unit")
FieldStep = namedtuple("FieldStep", "number stage time_s")


def principal(six):
    """Principal values, n × 3 ascending (largest compression first), of n × 6 tensors xx yy zz xy yz xz. NaN where one is NaN."""
    six = np.asarray(six, float)
    there = np.isfinite(six).all(axis=1)
    xx, yy, zz, xy, yz, xz = np.where(there, six.T, 0)
    values = np.linalg.eigvalsh(np.stack([xx, xy, xz, xy, yy, yz, xz, yz, zz], -1).reshape(-1, 3, 3))
    return np.where(there[:, None], values, np.nan)


class Table:
    """A CSV file of winze: columns by name, `units` by name. A name that two columns share is that of the first; `margin [K]` names one of them."""

    def __init__(self, columns, units):
        self.columns, self.units = columns, units

    @classmethod
    def read(cls, path):
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))
        columns, units = {}, {}
        for k, head in enumerate(rows[0]):
            name, unit = re.fullmatch(r"(.*?)(?: \[(.*)\])?", head).groups()
            name = head if name in columns else name
            columns[name] = column_of([row[k] for row in rows[1:]])
            units[name] = unit or ""
        return cls(columns, units)

    def __getitem__(self, name):
        bare = re.sub(r" \[.*\]$", "", name)
        if name in self.columns or bare in self.columns and name == f"{bare} [{self.units[bare]}]":
            return self.columns[name if name in self.columns else bare]
        raise KeyError(f"no column '{name}'; there are {', '.join(self.columns)}")

    def __contains__(self, name):
        return name in self.columns

    def __len__(self):
        return len(next(iter(self.columns.values()), ()))

    def rows(self):
        """Every row as a dictionary."""
        return [dict(zip(self.columns, row)) for row in zip(*self.columns.values())]

    def where(self, **values):
        """The rows whose columns have these values: where(stage="drive", airway="shaft")."""
        keep = np.ones(len(self), bool)
        for name, value in values.items():
            keep &= self[name] == value
        return Table({name: column[keep] for name, column in self.columns.items()}, self.units)

    def last(self):
        """The rows of the last step."""
        return self.where(step=self["step"][-1]) if len(self) else self


def column_of(texts):
    """Numbers where every cell is one or empty (NaN), else texts."""
    try:
        return np.array([float(text) if text else np.nan for text in texts])
    except ValueError:
        return np.array(texts, str)


class Fields:
    """One VTKHDF file of winze. `steps` are those it has; a step is a place in that list (-1 the last) or the name of a stage (its last step)."""

    def __init__(self, path):
        import h5py  # a run of air alone has no fields
        self.path, self._open = pathlib.Path(path), lambda: h5py.File(path, "r")
        with self._open() as file:
            steps, fields = file["results/steps"], file["results/fields"]
            self.steps = [FieldStep(int(n), s.decode(), float(t)) for n, s, t in zip(steps["number"], steps["stage"], steps["time_s"])]
            names = [name.decode() for name in fields["name"]]
            self.units = dict(zip(names, (unit.decode() for unit in fields["unit"])))
            self.centres = dict(zip(names, (centre.decode() for centre in fields["centre"])))  # node or element
            self.region_names = [name.decode() for name in file["mesh/region_names"]] if "mesh/region_names" in file else []

    def step(self, step=-1):
        """The FieldStep that `step` means."""
        if isinstance(step, str):
            found = [s for s in self.steps if s.stage == step]
            if not found:
                raise KeyError(f"no stage '{step}' in {self.path.name}; there are {', '.join(dict.fromkeys(s.stage for s in self.steps))}")
            return found[-1]
        return self.steps[step]

    def names(self, step=-1):
        """Fields that this step has."""
        with self._open() as file:
            return [name for name in self.units if name in file[f"results/step{self.step(step).number:05d}"]]

    def field(self, name, step=-1):
        """Values of a field, one row per node or element (see `centres`)."""
        number = self.step(step).number
        with self._open() as file:
            group = file[f"results/step{number:05d}"]
            if name not in self.units or name not in group:
                raise KeyError(f"no field '{name}' in step {number} of {self.path.name}; there are {', '.join(self.names(step))}")
            return group[name][...]

    def mesh(self, step=-1):
        """Points n × 3, connectivity, offsets (elements + 1) and VTK cell types."""
        with self._open() as file:
            group = file[f"results/step{self.step(step).number:05d}"]
            group = group if "Points" in group else file["VTKHDF"]
            return tuple(group[name][...] for name in ("Points", "Connectivity", "Offsets", "Types"))

    def regions(self):
        """Name of the region of every element."""
        with self._open() as file:
            return np.array(self.region_names, str)[file["VTKHDF/CellData/region"][...]]


Airways = namedtuple("Airways", "points lines names values")
Airways.__doc__ = """Airways of a step: points n × 3, lines m × 2 (pieces of airways), names m, and values: a field of m by name."""


class Run:
    """The folder of a run. What the run did not write is absent: `rock` and `walls` are None, `tables` lacks it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        path = next((p for p in (self.folder / "summary.json", self.folder / "compare.json") if p.is_file()), None)
        if path is None:
            raise FileNotFoundError(f"{self.folder}: no summary.json; name the folder of a run that has ended")
        self.summary = json.loads(path.read_text(encoding="utf-8"))
        self.name = self.summary.get("study") or self.summary.get("case") or self.folder.name
        self.numbers = numbers_of(self.summary)
        self.steps = [(Stage(s["number"], s["stage"], s["time_d"]), numbers_of(s)) for s in self.summary.get("steps", [])]
        self.stages = [step for k, (step, _) in enumerate(self.steps) if k + 1 == len(self.steps) or self.steps[k + 1][0].name != step.name]
        self.tables = sorted(path.stem for path in self.folder.glob("*.csv"))

    def table(self, name):
        if name not in self.tables:
            raise KeyError(f"no table '{name}' in {self.folder}; there are {', '.join(self.tables) or 'none'}")
        return Table.read(self.folder / f"{name}.csv")

    @property
    def history(self):
        return self.table("history")

    @property
    def probes(self):
        return [name[len("probe_"):] for name in self.tables if name.startswith("probe_")]

    def probe(self, name):
        return self.table(f"probe_{name}")

    @property
    def rock(self):
        return self._fields(f"{self.name}.vtkhdf")

    @property
    def walls(self):
        return self._fields(f"{self.name}_surface.vtkhdf")

    def _fields(self, name):
        path = self.folder / name
        return Fields(path) if path.is_file() else None

    @property
    def airway_steps(self):
        """Numbers of the steps with airways."""
        return sorted(int(path.stem[-5:]) for path in self.folder.glob(f"{self.name}_airways_[0-9]*.vtp"))

    def airways(self, step=-1):
        """Airways of the step at this place of `airway_steps`."""
        number = self.airway_steps[step]
        piece = ElementTree.parse(self.folder / f"{self.name}_airways_{number:05d}.vtp").find("PolyData/Piece")
        arrays = lambda path: {a.get("Name"): np.array(a.text.split(), float) for a in piece.findall(f"{path}/DataArray")}  # noqa: E731
        values, ends = arrays("CellData"), arrays("Lines")["connectivity"].astype(int).reshape(-1, 2)
        rows = self.table("airways").where(step=number)
        return Airways(arrays("Points")["points"].reshape(-1, 3), ends, rows["airway"][values.pop("airway").astype(int)], values)


def numbers_of(entry):
    return {name: Number(np.nan if n["value"] is None else n["value"], n["unit"]) for name, n in entry.get("numbers", {}).items()}


def main(arguments):
    if len(arguments) != 1 or arguments[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    try:
        run = Run(arguments[0])
    except FileNotFoundError as fault:
        print(fault, file=sys.stderr)
        return 2
    print(f"{run.name}: {len(run.steps)} steps; stages {', '.join(stage.name for stage in run.stages) or 'none'}")
    for name in run.tables:
        table = run.table(name)
        print(f"  {name}.csv: {len(table)} rows of {', '.join(table.columns)}")
    for title, fields in (("rock", run.rock), ("walls", run.walls)):
        if fields:
            print(f"  {title}: " + ", ".join(f"{name} [{fields.units[name] or '-'}] by {fields.centres[name]}" for name in fields.units))
    for name, number in run.numbers.items():
        print(f"  {name} = {number.value:.6g} {number.unit}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
