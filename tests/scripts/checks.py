"""Negative controls of scripts/check_layers.py and scripts/check_style.py: each fault, planted alone in a clean tree, is found and named."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CLEAN = {
    ".clang-format": (ROOT / ".clang-format").read_text(encoding="utf-8"),
    "solver/base/error.hpp": "/// What can go wrong.\n#pragma once\n",
    "solver/rock/rock.cpp": '#include <cmath>\n\n#include "base/error.hpp"\n#include "fem/space.hpp"\n',
    "solver/run/run.cpp": '#include "rock/rock.hpp"\n',
}
# Words that the style check itself must not meet in this file.
UNFINISHED, EMPTY = "TO" + "DO", "StressMana" + "ger"


def check(script, extra):
    """Exit code and output of a check over the clean tree with the files of `extra` added or replaced."""
    with tempfile.TemporaryDirectory(prefix="winze checks ") as folder:
        for name, text in {**CLEAN, **extra}.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        run = subprocess.run([sys.executable, ROOT / "scripts" / script, folder], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout + run.stderr


class Layers(unittest.TestCase):
    def finds(self, name, text, *words):
        code, output = check("check_layers.py", {name: text})
        self.assertEqual(code, 1, output)
        self.assertIn("1 faults", output)
        for word in (name, *words):
            self.assertIn(word, output)

    def test_clean_tree_passes(self):
        code, output = check("check_layers.py", {})
        self.assertEqual(code, 0, output)

    def test_upward_include(self):
        self.finds("solver/mesh/mesh.cpp", '#include "fem/space.hpp"\n', ":1:", "mesh must not include fem/space.hpp")

    def test_sideways_include(self):
        self.finds("solver/heat/heat.cpp", '\n#include "rock/rock.hpp"\n', ":2:", "heat must not include rock/rock.hpp")
        self.finds("solver/fem/space.cpp", '#include "material/elastic.hpp"\n', "fem must not include")

    def test_include_without_folder(self):
        self.finds("solver/heat/heat.cpp", '#include "heat.hpp"\n', "names no folder")

    def test_unknown_folder(self):
        self.finds("solver/extras/x.cpp", "int x;\n", "has no place in the layers")

    def test_foreign_headers_behind_their_doors(self):
        for header in ("yaml-cpp/yaml.h", "hdf5.h", "petscksp.h", "Kokkos_Core.hpp", "CLI/CLI.hpp", "udunits2.h", "spdlog/spdlog.h", "gtest/gtest.h"):
            self.finds("solver/rock/x.hpp", f"#include <{header}>\n", "its door is")

    def test_foreign_names_behind_their_doors(self):
        for statement in ("PetscInt n;", "YAML::Node node;", "H5Fcreate(name);", "CLI::App app;", "spdlog::info(1);"):
            self.finds("solver/rock/x.cpp", statement + "\n", "its door is")

    def test_names_in_comments_and_strings_are_free(self):
        code, output = check("check_layers.py", {"solver/rock/x.cpp": 'f("PetscInt");  // as PetscInt\n'})
        self.assertEqual(code, 0, output)

    def test_door_itself_is_open(self):
        doors = {"solver/input/yaml.cpp": "yaml-cpp/yaml.h", "solver/output/file.cpp": "hdf5.h", "solver/linear/vector.hpp": "petscvec.h"}
        doors = {name: f"#include <{header}>\n" for name, header in doors.items()}
        code, output = check("check_layers.py", doors)
        self.assertEqual(code, 0, output)


class Style(unittest.TestCase):
    def finds(self, name, text, *words):
        code, output = check("check_style.py", {name: text})
        self.assertEqual(code, 1, output)
        for word in (name, *words):
            self.assertIn(word, output)

    def test_clean_tree_passes(self):
        code, output = check("check_style.py", {})
        self.assertEqual(code, 0, output)

    def test_long_file(self):
        self.finds("solver/rock/x.cpp", "int x;\n" * 501, "501 lines")

    def test_long_line(self):
        self.finds("cases/x/case.yaml", "#" * 151 + "\n", "151 columns")

    def test_tab_and_trailing_space(self):
        self.finds("solver/rock/x.cpp", "\tint x;\n", ":1: a tab")
        self.finds("solver/rock/x.cpp", "int x; \n", ":1: space at the end")

    def test_unfinished_mark(self):
        self.finds("solver/rock/x.cpp", f"int x;  // {UNFINISHED}: y\n", UNFINISHED)
        self.finds("docs/x.md", f"\n\n{UNFINISHED} later\n", ":3:", UNFINISHED)

    def test_name_that_says_nothing(self):
        self.finds("solver/rock/x.cpp", f"class {EMPTY};\n", EMPTY)
        self.finds("solver/rock/ut" + "ils.cpp", "int x;\n", "the name of the file")

    def test_words_that_only_look_alike_pass(self):
        code, output = check("check_style.py", {"solver/rock/x.cpp": "int implicit_step, Implicit, shutil, base;\n"})
        self.assertEqual(code, 0, output)

    def test_header_without_pragma_once(self):
        self.finds("solver/rock/x.hpp", "/// Contract.\nint x;\n", "#pragma once")

    def test_path_of_one_machine(self):
        self.finds("README.md", "see /ho" + "me/someone/winze\n", "a path of one machine")

    def test_format(self):
        code, output = check("check_style.py", {"solver/rock/x.cpp": "int  x ;\n"})
        if "clang-format-14 is not installed" in output:
            self.skipTest("clang-format-14 is not installed")
        self.assertEqual(code, 1, output)
        self.assertIn("clang-format-14 -i solver/rock/x.cpp", output)


if __name__ == "__main__":
    unittest.main()
