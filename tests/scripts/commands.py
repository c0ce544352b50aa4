"""scripts/setup, scripts/run and scripts/bench meet machines and arguments as users have them. Package tools here only keep a list."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOOLS = "awk basename bash cat cksum cut dirname env flock git grep id mkdir mktemp nproc paste rm sed sort tail tr xargs".split()
# What a bare machine has, and package tools that know every package of scripts/packages but the first choice for Kokkos.
DPKG_QUERY = """#!/bin/bash
for package in "$@"; do grep -qx -- "$package" "$STATE/installed" && echo "installed $package"; done; true"""
APT_CACHE = """#!/bin/bash
for package in "${@:2}"; do
  [[ $package == libtrilinos-kokkos-dev ]] && candidate='(none)' || candidate=1.0
  printf '%s:\\n  Installed: (none)\\n  Candidate: %s\\n' "$package" "$candidate"
done"""
APT_GET = """#!/bin/bash
echo "$*" >>"$STATE/calls"
for package in "$@"; do [[ $package == [a-z]* ]] && echo "$package" >>"$STATE/installed"; done; true"""


class Machine:
    """A folder of programs that is the whole PATH, and the state of its package tools."""

    def __init__(self, folder, packages=True):
        self.folder = pathlib.Path(folder)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for name in TOOLS:
            (self.bin / name).symlink_to(shutil.which(name))
        (self.folder / "installed").touch()
        if packages:
            for name, text in {"dpkg-query": DPKG_QUERY, "apt-cache": APT_CACHE, "apt-get": APT_GET}.items():
                (self.bin / name).write_text(text, encoding="utf-8")
                (self.bin / name).chmod(0o755)

    def run(self, *words):
        here = str(self.folder)
        environment = {"PATH": str(self.bin), "HOME": here, "STATE": here, "WINZE_BUILD_DIR": f"{here}/build"}
        return subprocess.run(["bash", *map(str, words)], env=environment, capture_output=True, text=True, check=False, cwd=self.folder)

    def calls(self):
        path = self.folder / "calls"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


class InFolder(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory(prefix="winze commands ")
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)


class Setup(InFolder):
    def test_without_package_tools_says_what_to_install(self):
        run = Machine(self.folder, packages=False).run(ROOT / "scripts/setup")
        self.assertEqual(run.returncode, 4, run.stderr)
        for word in ("missing:", "PETSc", "apt-get install", "libpetsc-real-dev", "Kokkos_ROOT"):
            self.assertIn(word, run.stderr)

    def test_check_installs_nothing(self):
        machine = Machine(self.folder)
        self.assertEqual(machine.run(ROOT / "scripts/setup", "--check").returncode, 4)
        self.assertEqual(machine.calls(), [])

    @unittest.skipUnless(os.geteuid() == 0, "installing without sudo needs root")
    def test_installs_what_is_missing_once(self):
        machine = Machine(self.folder)
        (self.folder / "installed").write_text("cmake\n", encoding="utf-8")
        run = machine.run(ROOT / "scripts/setup")
        self.assertEqual(run.returncode, 0, run.stderr)
        install = machine.calls()[-1].split()
        self.assertIn("install", install)
        self.assertIn("libkokkos-dev", install, "the second choice where the first is not on offer")
        for name in ("cmake", "libtrilinos-kokkos-dev", "slurm-wlm"):
            self.assertNotIn(name, install)
        before = machine.calls()
        again = machine.run(ROOT / "scripts/setup")
        self.assertEqual((again.returncode, again.stderr, machine.calls()), (0, "", before))

    def test_unknown_argument(self):
        self.assertEqual(Machine(self.folder).run(ROOT / "scripts/setup", "--fast").returncode, 2)


class Run(InFolder):
    def refuses(self, words, *expected):
        run = self.machine.run(ROOT / "scripts/run", *words)
        self.assertEqual(run.returncode, 2, run.stderr)
        for word in expected:
            self.assertIn(word, run.stderr)

    def test_refuses_before_anything_is_built(self):
        self.machine = Machine(self.folder)
        self.refuses(["nowhere.yaml"], "no such case: nowhere.yaml")
        self.refuses(["-n", "two"], "-n takes the number of ranks")
        self.refuses(["--fast"], "unknown option '--fast'")
        self.refuses(["a.yaml", "b.yaml"], "one case at a time")


class Bench(InFolder):
    def bench(self, *names, program="", ranks=1):
        """Exit code, output, and the rows in the file, of one run of a program with this text."""
        path = self.folder / "p1"
        path.write_text(f"#!{sys.executable}\n{program}\n", encoding="utf-8")
        path.chmod(0o755)
        (self.folder / "list").write_text(f"# name ranks program\nP1-hex27  {ranks}  p1 --degree 4  # a remark\n", encoding="utf-8")
        words = ["--programs", self.folder, "--runs", self.folder / "list", "--out", self.folder / "out" / "bench.json"]
        run = subprocess.run([sys.executable, ROOT / "scripts/benchmarks.py", *words, *names], capture_output=True, text=True, check=False)
        rows = self.folder / "out" / "bench.json"
        return run.returncode, run.stdout + run.stderr, json.loads(rows.read_text(encoding="utf-8")) if rows.exists() else None

    def test_rows_are_merged_by_identity(self):
        row = """print('{"problem": "P1", "element": "hex27", "unknowns": 1000, "ranks": %d, "total_s": %s, "baseline": {"total_s": 3.0}}')"""
        code, output, rows = self.bench(program=row % (1, 1.5))
        self.assertEqual((code, len(rows)), (0, 1), output)
        self.assertIn("(2.0 × the time)", output)
        self.bench(program=row % (2, 1.0))
        code, output, rows = self.bench("p1", program=row % (1, 1.25))
        self.assertEqual([(entry["ranks"], entry["total_s"]) for entry in rows], [(2, 1.0), (1, 1.25)])

    def test_failures_are_told_and_write_nothing(self):
        faults = {"import sys; sys.exit(3)": "exit code 3", "print('hello')": "printed no row", """print('{"problem": "P1"}')""": "lacks"}
        for program, words in faults.items():
            code, output, rows = self.bench(program=program)
            self.assertEqual((code, rows), (1, None), output)
            self.assertIn(words, output)

    def test_unknown_name(self):
        code, output, _ = self.bench("P7")
        self.assertEqual(code, 1)
        self.assertIn("no benchmark 'P7'; there are P1-hex27", output)


if __name__ == "__main__":
    unittest.main()
