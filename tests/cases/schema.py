"""cases/schema.json is what `winze schema` prints; every case keeps to it; a misspelled key, a wrong choice and a missing key do not.

    schema.py WINZE
"""
import copy
import json
import subprocess
import sys
from pathlib import Path

import yaml

try:
    import jsonschema
except ImportError:
    sys.exit(77)

root = Path(__file__).resolve().parents[2]
printed = subprocess.run([sys.argv[1], "schema"], check=True, capture_output=True, text=True).stdout
kept = root / "cases/schema.json"
assert kept.read_text() == printed, f"{kept} is not current: build/release/winze schema > cases/schema.json"

schema = json.loads(printed)
jsonschema.Draft7Validator.check_schema(schema)
judge = jsonschema.Draft7Validator(schema)
cases = sorted(root.glob("cases/*/case.yaml"))
assert len(cases) >= 6, f"only {len(cases)} cases"
for path in cases:
    text = path.read_text()
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n"), f"{path} does not name the schema in its first line"
    document = yaml.safe_load(text)
    by_tables = "tables" in document.get("air", {})  # entries then go on top of rows: the schema cannot know what those give
    problems = [f"{'.'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in judge.iter_errors(document)
                if not (by_tables and e.validator == "required" and list(e.absolute_path)[:2] == ["air", "airways"])]
    assert not problems, f"{path} against the schema: {problems}"

good = yaml.safe_load((root / "cases/deep_shaft/case.yaml").read_text())


def refused(what, change):
    case = copy.deepcopy(good)
    change(case)
    assert not judge.is_valid(case), f"the schema lets pass: {what}"


refused("a misspelled key at the top", lambda c: c.update(material=c.pop("materials")))
refused("a misspelled key deep down", lambda c: c["materials"]["granite"]["thermal"].update(conductvity=3))
refused("a law that does not exist", lambda c: c["materials"]["granite"].update(law={"elastik": {}}))
refused("a missing key", lambda c: c["materials"]["granite"].pop("density"))
refused("a number without its unit's shape", lambda c: c["materials"]["granite"].update(density="heavy"))
refused("a release above 1", lambda c: c["stages"][0].update(release=2))
refused("a corner with two coordinates", lambda c: c["mesh"].update(shift=["0 m", "0 m"]))
print(f"{len(cases)} cases keep to the schema")
