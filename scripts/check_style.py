#!/usr/bin/env python3
"""Checks what a machine can see of the conventions in CONTRIBUTING.md.

    scripts/check_style.py [ROOT]

Length of files and lines, tabs, unfinished marks, names that say nothing, #pragma once, paths of one machine, and clang-format where its version 14
is installed (other versions format differently). Prints one line per fault; exit code 1 when there is any.
"""
import pathlib
import re
import shutil
import subprocess
import sys

MAX_LINES = 500
MAX_COLUMNS = 150
CODE = {".hpp", ".cpp", ".cu", ".in"}
TEXT = CODE | {".py", ".sh", ".cmake", ".txt", ".md", ".yaml", ".yml", ".json", ".geo", ".sbatch", ".cff", ""}
LONG_LINES = {".md", ".json", ".csv", ".cff", ".txt", ""} - {".txt"}

# Words are put together here so that this file does not find itself.
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b")
EMPTY_NAME = re.compile(r"\b\w*(Mana" + r"ger|Hel" + r"per|Im" + r"pl|[A-Z]\w*Ba" + r"se)(?![a-z])\w*|\b(\w+_)?ut" + r"ils?\b")
MACHINE_PATH = re.compile(r"(?<![\w.$}])/(home|root|Users|work|farm)/\w")


def tracked_files(root):
    """Files that git tracks or would add; every file where the tree is not a git checkout."""
    listed = subprocess.run(["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = sorted(set(listed.stdout.decode().split("\0")) - {""})
        return [root / name for name in names if (root / name).is_file()]
    skipped = {"build", "out", ".git", "__pycache__"}
    return sorted(path for path in root.rglob("*") if path.is_file() and not skipped & set(path.relative_to(root).parts))


def code_of(line, suffix):
    """The line without comment and without the text of strings: what holds names of ours. What Python imports has names of others."""
    if suffix == ".py" and re.match(r"\s*(import|from) ", line):
        return ""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    return line.split("//")[0] if suffix in CODE else line.split("#")[0]


def faults_of(path):
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError:
        return
    if lines and lines[-1] == "":
        lines.pop()
    suffix = path.suffix
    is_code = suffix in CODE or suffix == ".py"
    if is_code and len(lines) > MAX_LINES:
        yield 1, f"{len(lines)} lines; split what is more than {MAX_LINES} into files named after their things"
    if suffix == ".hpp" and not re.match(r"(\s*//[^\n]*\n|\s*\n)*#pragma once\n", "\n".join(lines) + "\n"):
        yield 1, "a header begins with its contract in /// lines, then #pragma once"
    if is_code and EMPTY_NAME.search(path.name):
        yield 1, "the name of the file says nothing; name it after the thing it holds"
    for number, line in enumerate(lines, 1):
        if "\t" in line and suffix not in ("", ".csv"):
            yield number, "a tab; use spaces"
        if line != line.rstrip() and suffix != ".md":
            yield number, "space at the end of the line"
        if suffix not in LONG_LINES and len(line) > MAX_COLUMNS:
            yield number, f"{len(line)} columns; at most {MAX_COLUMNS}"
        if mark := UNFINISHED.search(line):
            yield number, f"'{mark.group()}' marks unfinished work: finish it or leave it out"
        if is_code and (name := EMPTY_NAME.search(code_of(line, suffix))):
            yield number, f"'{name.group()}' says nothing; use the field's own term"
        if MACHINE_PATH.search(line):
            yield number, "a path of one machine"


def format_faults(root, files):
    program = shutil.which("clang-format-14")
    if not program:
        print("clang-format-14 is not installed: formatting not checked")
        return
    run = subprocess.run([program, "--dry-run", "-Werror", *files], cwd=root, capture_output=True, text=True, check=False)
    for path in sorted({line.split(":")[0] for line in run.stderr.splitlines() if "clang-format-violations" in line}):
        name = pathlib.Path(path).relative_to(root)
        yield f"{name}:1: not as clang-format writes it: clang-format-14 -i {name}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    files = [path for path in tracked_files(root) if path.suffix in TEXT and not path.name.startswith("LICENSE")]
    faults = [f"{path.relative_to(root)}:{number}: {text}" for path in files for number, text in faults_of(path)]
    faults += format_faults(root, [path for path in files if path.suffix in (".hpp", ".cpp", ".cu")])
    print("\n".join(faults + [f"{len(files)} files, {len(faults)} faults of style"]))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
