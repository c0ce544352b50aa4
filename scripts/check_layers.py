#!/usr/bin/env python3
"""Checks the architecture of solver/: folders include downward only, and each foreign library is met behind its own door.

    scripts/check_layers.py [ROOT]

Prints one line per fault, file:line: what is wrong and what would be right. Exit code 1 when there is any.
"""
import pathlib
import re
import sys

# Which folders a folder includes directly; what those include is allowed too. The same table as solver/CMakeLists.txt and CONTRIBUTING.md.
BELOW = {
    "base": [],
    "input": ["base"],
    "geometry": ["base"],
    "linear": ["base"],
    "calibration": ["geometry", "input"],
    "design": ["input"],
    "mesh": ["geometry", "linear", "input"],
    "material": ["mesh"],
    "fem": ["mesh"],
    "rock": ["fem", "material"],
    "heat": ["fem", "material"],
    "air": ["fem", "material"],
    "burst": ["fem", "material"],
    "output": ["fem", "material"],
    "run": ["rock", "heat", "air", "burst", "output", "calibration", "design"],
    "main.cpp": ["run"],
}

# Library: its headers, its names in code, and the files (patterns relative to solver/) that may use it.
DOORS = {
    "yaml-cpp": (r"yaml-cpp/", r"\bYAML::", ["input/*"]),
    "HDF5": (r"hdf5|H5\w*public\.h", r"\bH5[A-Z]{1,2}[a-z_]\w*\s*\(", ["output/*", "mesh/*"]),
    "PETSc": (r"petsc\w*\.h", r"\bPetsc[A-Z]\w*", ["linear/*", "mesh/partition*.cpp", "base/session.cpp"]),
    "SuiteSparse": (r"(suitesparse/)?(amd|cholmod|klu|umfpack)\.h", r"\bamd_\w+\s*\(", ["linear/*"]),
    "Kokkos": (r"Kokkos_\w+\.hpp", None, ["base/*"]),
    "CLI11": (r"CLI/", r"\bCLI::", ["main.cpp"]),
    "UDUNITS-2": (r"udunits2?(/udunits2)?\.h", r"\but_[a-z]\w*\s*\(", ["base/units.cpp"]),
    "spdlog": (r"spdlog/", r"\bspdlog::", ["base/log.*"]),
    "nlohmann-json": (r"nlohmann/", None, ["input/*", "output/*", "run/*"]),
    "GoogleTest": (r"g(test|mock)/", None, []),
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def all_below(folder):
    found, waiting = {folder}, list(BELOW[folder])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += BELOW[name]
    return found


def code_of(line):
    """The line without its // comment and without the text of its strings."""
    return re.sub(r'"(\\.|[^"\\])*"', '""', line).split("//")[0]


def faults_of(path, solver):
    name = path.relative_to(solver)
    folder = name.parts[0]
    if folder not in BELOW:
        yield 1, f"folder solver/{folder} has no place in the layers: add it to scripts/check_layers.py, solver/CMakeLists.txt and CONTRIBUTING.md"
        return
    allowed = all_below(folder)
    closed = [(library, *door) for library, door in DOORS.items() if not any(name.match(pattern) for pattern in door[2])]
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        include = INCLUDE.match(line)
        if include:
            kind, header = include.groups()
            target = header.split("/")[0]
            if kind == '"' and "/" not in header:
                yield number, f'include "{header}" names no folder: write "folder/{pathlib.PurePath(header).name}"'
            elif target in BELOW and target not in allowed:
                yield number, f"{folder} must not include {header}: it may include {', '.join(sorted(allowed))}"
        for library, headers, names, doors in closed:
            if (include and re.match(headers, include.group(2))) or (not include and names and re.search(names, code_of(line))):
                where = ", ".join(doors) or "tests/"
                yield number, f"{library} is used here; its door is {where}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    solver = root / "solver"
    files = sorted(path for path in solver.rglob("*") if path.suffix in (".hpp", ".cpp", ".cu", ".in"))
    if not files:
        sys.exit(f"{solver}: no source files found")
    faults = [f"{path.relative_to(root)}:{number}: {text}" for path in files for number, text in faults_of(path, solver)]
    print("\n".join(faults + [f"{len(files)} files, {len(faults)} faults of layering"]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
