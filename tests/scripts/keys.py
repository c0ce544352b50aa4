"""The reference of keys, scripts/key_reference.py: every key of the schema has a row, every path is one that `winze help` knows. And the table of
indicators in docs/theory-burst.md is what the code says.

    keys.py WINZE
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from key_reference import page  # noqa: E402

WINZE = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else ROOT / "build/release/winze"


class Keys(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(subprocess.run([WINZE, "schema"], capture_output=True, text=True, check=True).stdout)
        cls.page = page(cls.schema)
        cls.rows = re.findall(r"^\| \*?`(.*?)`\*? \| (.*) \|$", cls.page, flags=re.M)

    def test_every_key_has_a_row(self):
        """Keys of the schema, of every definition, and of every choice; none is written out twice."""
        names = {path.rsplit(".", 1)[-1].removesuffix("[]") for path, _ in self.rows}
        for definition in self.schema["definitions"].values():
            wanted = list(definition.get("properties", {})) + [key for entry in definition.get("anyOf", []) for key in entry.get("properties", {})]
            self.assertLessEqual(set(wanted), names)
        paths = [path for path, _ in self.rows]
        self.assertEqual(len(paths), len(set(paths)))
        self.assertEqual(re.findall(r"^## (.*)$", self.page, flags=re.M), list(self.schema["properties"]))
        self.assertTrue(all(text for path, text in self.rows if not path.endswith("<name>")))

    def test_help_knows_the_paths(self):
        """A sample of the rows without names of one's own: `winze help PATH` prints a text that begins as the row does."""
        plain = [(path.replace("[]", ""), text) for path, text in self.rows if "<name>" not in path and path.count(".") <= 2]
        self.assertGreater(len(plain), 60)
        for path, text in plain[::12]:
            said = subprocess.run([WINZE, "help", path], capture_output=True, text=True, check=False)
            self.assertEqual(said.returncode, 0, f"{path}: {said.stderr}")
            self.assertIn(" ".join(text.split())[:25], " ".join(said.stdout.split()), path)

    def test_table_of_indicators(self):
        """Names, limits, classes, sources and whether they are recalled: those of the structs in solver/burst."""
        given = {}
        for path in sorted((ROOT / "solver/burst").glob("*.hpp")):
            for body in re.split(r"\nstruct ", path.read_text(encoding="utf-8"))[1:]:
                name = re.search(r'\bname = "(\w+)"', body)
                limits, labels = (re.search(rf"std::array(?:<double, 0>)? {what} = \{{(.*?)\}};", body, re.S) for what in ("limits", "labels"))
                source = re.search(r'Source source = \{"(.*?)", Confidence::(\w+)\}', body)
                if name and limits and labels and source:
                    numbers = [0.1 if part.strip() == "spread" else float(part) for part in limits[1].split(",") if part.strip()]
                    given[name[1]] = (numbers, re.findall(r'"(.*?)"', labels[1]), source[1] + (", recalled" if source[2] == "recalled" else ""))
        written = {}
        for line in (ROOT / "docs/theory-burst.md").read_text(encoding="utf-8").splitlines():
            cells = [part.strip() for part in line.strip("|").split(" |")]
            if len(cells) == 6 and cells[0].startswith("`"):
                written[cells[0].strip("`")] = ([float(part) for part in cells[3].split(",") if part.strip()], cells[4].split(", "), cells[5])
        self.assertEqual(written, given)
        self.assertEqual(set(given), {path.split(".")[1] for path, _ in self.rows if path.startswith("indicators[].") and path.count(".") == 1})


if __name__ == "__main__":
    unittest.main()
