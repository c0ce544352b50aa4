"""scripts/report on runs made here: its numbers are those of summary.json, it stands alone, and a browser opens it without a complaint.

    report.py WINZE

What needs headless Chromium is left out, with the reason, where there is none.
"""
import csv
import html
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from html.parser import HTMLParser

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from reporting.quantities import digits, shown  # noqa: E402

WINZE = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else ROOT / "build/release/winze"
BROWSER = next((found for name in ("chromium", "chromium-browser", "google-chrome", "chrome") if (found := shutil.which(name))), None)
RUNS = {"rock": ("run", "circular_drive/case.yaml"), "air": ("run", "vent_deep_mine/case.yaml"), "coupled": ("run", "coupled_drive/case.yaml"),
        "calibration": ("calibrate", "calibration/study.yaml", "--set", "replicates=100"), "comparison": ("compare", "study.yaml")}
TUTORIAL = (ROOT / "docs/tutorial_cooling.md").read_text(encoding="utf-8")
TRIAL = """<script>
const faults = [];
addEventListener('error', event => faults.push(String(event.message)));
addEventListener('load', () => {
  const said = {faults, sorted: [], shades: null};
  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = table.querySelectorAll('th');
    const numbers = [...table.tBodies[0].rows].map(row => row.cells[heads.length - 1].dataset.order).filter(text => text !== undefined);
    if (numbers.length < 3) continue;
    const order = () => [...table.tBodies[0].rows].map(row => row.cells[heads.length - 1].dataset.order).filter(t => t !== undefined).map(Number);
    heads[heads.length - 1].click();
    const up = order();
    heads[heads.length - 1].click();
    said.sorted.push([up, order()]);
  }
  const button = document.querySelector('#network-stages button'), piece = document.querySelector('[id$="-piece-0"] path');
  if (button) {
    const before = piece.style.stroke;
    button.click();
    piece.parentNode.dispatchEvent(new PointerEvent('pointermove', {bubbles: true, clientX: 100, clientY: 100}));
    said.shades = [before, piece.style.stroke, document.getElementById('network-values').textContent];
  }
  said.figures = [...document.querySelectorAll('figure')].map(f => f.querySelector('svg, img').getBoundingClientRect().height);
  said.broken = [...document.images].filter(i => i.naturalWidth === 0).length;
  said.overflow = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const out = document.createElement('pre');
  out.id = 'verdict';
  out.textContent = JSON.stringify(said);
  document.body.append(out);
});
</script>"""


class Cells(HTMLParser):
    """Elements with data-key: {key: (value, unit, text)}; ids; everything that would be fetched."""

    def __init__(self, text):
        super().__init__()
        self.numbers, self.checks, self.options, self.ids, self.fetched, self.open, self.text = {}, {}, {}, [], [], None, text
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if "id" in a:
            self.ids.append(a["id"])
        if "data-check" in a:
            self.checks[a["data-check"]] = float(a["data-value"])
        if "data-option" in a:
            self.options[a["data-option"]] = a["data-value"]
        self.open = a if "data-key" in a else None
        self.fetched += [a[k] for k in ("src", "href", "xlink:href", "srcset", "poster", "action") if k in a and not a[k].startswith(("#", "data:"))]

    def handle_data(self, data):
        if self.open:
            self.numbers.setdefault(self.open["data-key"], []).append((self.open["data-value"], self.open["data-unit"], data))
            self.open = None


class Report(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder, cls.pages = pathlib.Path(cls.scratch.name), {}
        for name, text in re.findall(r"^cat > (\w+\.yaml) <<'END'\n(.*?)^END$", TUTORIAL, flags=re.M | re.S):  # the small mine of the tutorial
            (cls.folder / name).write_text(text, encoding="utf-8")
        shutil.copy(ROOT / "cases/rules/south_africa.yaml", cls.folder)
        for name, (command, case, *options) in RUNS.items():
            out, folder = cls.folder / name, cls.folder if command == "compare" else ROOT / "cases"
            subprocess.run([WINZE, "-q", command, folder / case, "--out", out, *options], check=True, stdout=subprocess.DEVNULL)
            extra = {"coupled": ["--no-pictures", "--figures", cls.folder / "figures"], "comparison": ["--figures", cls.folder / "designs"]}
            made = subprocess.run([ROOT / "scripts/report", out, *extra.get(name, [])], capture_output=True, text=True, check=False)
            if made.returncode != 0:
                raise AssertionError(f"{name}: {made.stderr}")
            cls.pages[name] = Cells((out / "report.html").read_text(encoding="utf-8"))

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def summary(self, name):
        return json.loads((self.folder / name / "summary.json").read_text(encoding="utf-8"))

    def test_numbers_are_those_of_the_summary(self):
        """Exact in the attribute, to four digits in the text; every number of the last step is there, and those of stages have their step."""
        for name in ("rock", "air", "coupled"):
            summary, page = self.summary(name), self.pages[name]
            steps = {str(step["number"]): step["numbers"] for step in summary["steps"]}
            self.assertLessEqual(summary["numbers"].keys(), page.numbers.keys())
            for key, places in page.numbers.items():
                field, _, step = key.partition("@")
                number = (steps[step] if step else summary["numbers"])[field]
                for value, unit, text in places:
                    if number["value"] is None:
                        self.assertEqual((value, text), ("", "–"), key)
                        continue
                    self.assertEqual((float(value), unit), (number["value"], number["unit"]), key)
                    self.assertEqual(text, shown(number["value"], unit), key)

    def test_scaled_texts(self):
        """Written out by hand: value and unit of the files, text of the page."""
        for value, unit, text in ((75016640.504, "Pa", "75.02 MPa"), (0.0069149, "m", "6.915 mm"), (12, "m", "12 m"), (0, "J", "0 J"),
                                  (-11295553.4, "W", "-11.30 MW"), (7.7587e-13, "1", "7.759·10⁻¹³"), (float("nan"), "W", "–"),
                                  (27.766, "degC", "27.77 °C"), (999.96, "W", "1000.0 W")):
            self.assertEqual(shown(value, unit), text)
        self.assertEqual(digits(31.0), "31")

    def test_verdicts_are_those_of_the_rules(self):
        with open(self.folder / "air" / "rules.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        last = [row for row in rows if row["step"] == rows[-1]["step"]]
        self.assertEqual(self.pages["air"].checks["beyond"], len({row["workplace"] for row in last if row["verdict"] == "beyond"}))
        self.assertGreater(self.pages["air"].checks["beyond"], 0)

    def test_calibration(self):
        summary, checks = self.summary("calibration"), self.pages["calibration"].checks
        self.assertEqual(checks["rows"], summary["table"]["rows"])
        best = max(rule["agreement"]["accuracy"]["value"] for rule in summary["rules"].values())
        self.assertEqual([v for k, v in checks.items() if k.startswith("accuracy/rule/")], [best])
        self.assertIn("figure-roc_strong", self.pages["calibration"].ids)

    def test_comparison(self):
        """Numbers of the ranked tables are those of compare.json; the front is found again; parts of the score add up; doubts have their ranks."""
        options = json.loads((self.folder / "comparison/compare.json").read_text(encoding="utf-8"))["options"]
        page, at = self.pages["comparison"], {str(option["rank"]): option for option in options}
        self.assertEqual({key.split("/")[0] for key in page.options}, set(at))
        for key, value in page.options.items():
            rank, measure = key.split("/")
            self.assertEqual(None if value == "None" else float(value), at[rank][measure], key)
        measures = {key.split("/")[1] for key in page.options}
        self.assertLessEqual({"beyond", "margin_least", "power_mean", "water", "carbon", "capital", "present_cost", "score"}, measures)
        self.assertEqual(page.checks["rank1"], min(option["score"] for option in options))
        self.assertEqual([option["score"] for option in sorted(options, key=lambda o: o["rank"])], sorted(option["score"] for option in options))

        def rows(name):
            with open(self.folder / f"designs/{name}.csv", newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))

        for row in rows("power_against_violations"):
            here = next(option for option in options if option["name"] == row["option"])
            better = [o for o in options if o["power_mean"] <= here["power_mean"] and o["beyond"] <= here["beyond"] and o is not here]
            self.assertEqual(row["pareto"] == "1", not better, row["option"])
        for row, option in zip(rows("score"), sorted(options, key=lambda o: o["rank"])):
            self.assertAlmostEqual(sum(float(v) for k, v in row.items() if k != "option") / (option["score"] / 1e6), 1, delta=1e-9)
            self.assertAlmostEqual(float(row["place-days beyond a limit [M]"]), 0.02 * option["beyond"], delta=1e-9)  # 20 000 of the study
        with open(self.folder / "comparison/sensitivity.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                self.assertRegex(page.text, rf"{float(row['beyond [workplace-days]']):.0f} \(rank {row['rank']}\)")
        for text in ("What fails first", "stope 2600", "-2600", "south_africa/programme, wet bulb"):
            self.assertIn(text, page.text)

    def test_pages_stand_alone(self):
        for name, page in self.pages.items():
            self.assertEqual(page.fetched, [], name)
            self.assertNotRegex(page.text, r"@import|url\((?!#|data:)", name)
            self.assertEqual(len(page.ids), len(set(page.ids)), f"{name}: an identifier is there twice")
            self.assertLess((self.folder / name / "report.html").stat().st_size, 15e6)

    def test_sections(self):
        expected = {"rock": {"numbers", "fields", "rockburst", "energy", "probes", "numerics", "input"},
                    "air": {"numbers", "workplaces", "heat", "network", "histories", "numerics", "input"},
                    "coupled": {"numbers", "workplaces", "network", "fields", "histories", "numerics"}, "calibration": {"calibration"},
                    "comparison": {"answer", "ranking", "limits", "years", "sensitivity", "options", "input"}}
        for name, sections in expected.items():
            self.assertLessEqual(sections, set(self.pages[name].ids), name)
        pictures = 'src="data:image/png' in self.pages["rock"].text
        self.assertTrue(pictures or "No pictures: " in self.pages["rock"].text)

    def test_figures_for_papers(self):
        """PNG, SVG and CSV of one name; the CSV of a history has the numbers of history.csv."""
        folder = self.folder / "figures"
        names = {path.stem for path in folder.iterdir()}
        self.assertIn("network", names)
        for name in names:
            self.assertTrue((folder / f"{name}.png").read_bytes().startswith(b"\x89PNG"), name)
            self.assertIn("<svg", (folder / f"{name}.svg").read_text(encoding="utf-8"))
        with open(folder / "history_wet_bulb_max.csv", newline="", encoding="utf-8") as file:
            mine = [float(row["wet_bulb_max [°C]"]) for row in csv.DictReader(file)]
        with open(self.folder / "coupled" / "history.csv", newline="", encoding="utf-8") as file:
            self.assertEqual(mine, [float(row["wet_bulb_max [degC]"]) for row in csv.DictReader(file)])

    def test_a_folder_without_a_run(self):
        made = subprocess.run([ROOT / "scripts/report", self.folder / "figures"], capture_output=True, text=True, check=False)
        self.assertEqual(made.returncode, 2)
        self.assertIn("no summary.json", made.stderr)

    @unittest.skipUnless(BROWSER, "no Chromium (package chromium): the page is not opened in a browser")
    def test_in_a_browser(self):
        """At the width of a desk and of a phone: the console is silent, every figure has a height, tables sort, the network changes its colours."""
        for name, page in self.pages.items():
            trial = self.folder / f"{name}.html"
            trial.write_text(page.text.replace("<head>", f"<head>{TRIAL}", 1), encoding="utf-8")
            for width in (1200, 500):
                options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={self.folder}/browser", f"--window-size={width},1000",
                           "--enable-logging=stderr", "--virtual-time-budget=5000", "--dump-dom"]
                opened = subprocess.run([BROWSER, *options, trial.as_uri()], capture_output=True, text=True, check=False, timeout=120)
                self.assertEqual(re.findall(r".*CONSOLE.*", opened.stderr), [], name)
                found = re.search(r'<pre id="verdict">(.*?)</pre>', opened.stdout)
                self.assertTrue(found, f"{name}: the script did not reach its end: {opened.stderr[-500:]}")
                said = json.loads(html.unescape(found[1]))
                self.assertEqual((said["faults"], said["broken"]), ([], 0), name)
                self.assertLessEqual(said["overflow"], 0, f"{name} at {width}: wider than the window")
                self.assertTrue(said["figures"] and min(said["figures"]) > 40, f"{name}: {said['figures']}")
                for up, down in said["sorted"]:
                    self.assertEqual((up, down), (sorted(up), sorted(up, reverse=True)), name)
                if name == "air":
                    before, after, tip = said["shades"]
                    self.assertNotEqual(before, after)
                    self.assertIn("wet bulb", tip)


if __name__ == "__main__":
    if not BROWSER:
        print("no Chromium (package chromium): the page is not opened in a browser")
    unittest.main()
