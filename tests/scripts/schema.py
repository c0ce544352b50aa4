"""The schema that editors use: `schema.py WINZE`. Every case that is shipped is valid, names the schema in its first line, and mistakes are marked."""
import copy
import json
import pathlib
import re
import subprocess
import sys
import unittest

import yaml

try:
    import jsonschema
except ImportError:
    print("skipped: the Python module jsonschema is not installed (scripts/setup --tests)")
    sys.exit(77)

ROOT = pathlib.Path(__file__).resolve().parents[2]
WINZE = sys.argv.pop(1)
CASES = sorted((ROOT / "cases").glob("*/case.yaml"))


class Schema(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.schema = json.loads(subprocess.run([WINZE, "schema"], capture_output=True, text=True, check=True).stdout)
        cls.flagship = yaml.safe_load((ROOT / "cases/deep_shaft/case.yaml").read_text(encoding="utf-8"))

    def faults(self, case):
        kind = jsonschema.validators.validator_for(self.schema)
        kind.check_schema(self.schema)
        return [f"{fault.json_path}: {fault.message}" for fault in kind(self.schema).iter_errors(case)]

    def test_shipped_cases_are_valid(self):
        self.assertTrue(CASES)
        for path in CASES:
            self.assertEqual(self.faults(yaml.safe_load(path.read_text(encoding="utf-8"))), [], path)

    def test_shipped_cases_name_the_schema(self):
        for path in CASES:
            line = path.read_text(encoding="utf-8").split("\n")[0]
            named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", line)
            self.assertTrue(named, f"{path}: the first line is '{line}'")
            self.assertEqual((path.parent / named.group(1)).resolve(), ROOT / "cases/schema.json")

    def test_mistakes_are_marked(self):
        """Each is a way to go wrong that an editor should underline."""

        def misspelt(case):
            case["matreials"] = case.pop("materials")

        def unknown_law(case):
            case["materials"]["granite"]["law"] = {"elastik": {"young": "50 GPa", "poisson": 0.22}}

        def text_for_list(case):
            case["stages"] = "sink"

        def no_required(case):
            del case["materials"]["granite"]["law"]["elastic"]["young"]

        self.assertEqual(self.faults(self.flagship), [])
        for spoil in (misspelt, unknown_law, text_for_list, no_required):
            case = copy.deepcopy(self.flagship)
            spoil(case)
            self.assertTrue(self.faults(case), f"{spoil.__name__} is not marked")


if __name__ == "__main__":
    unittest.main()
