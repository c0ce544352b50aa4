"""The Python reader of results, scripts/results.py, on runs made here: arrays against tables, summary and closed forms, and what it refuses.

    reader.py WINZE
"""
import contextlib
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap
import unittest

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import results  # noqa: E402
from results import Run, Table, principal  # noqa: E402

WINZE = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else ROOT / "build/release/winze"


class Reader(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        for case in ("circular_drive", "air_two_shafts"):
            words = [WINZE, "-q", "run", ROOT / "cases" / case / "case.yaml", "--out", cls.folder / "out" / case]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        cls.rock, cls.air = (Run(cls.folder / "out" / case) for case in ("circular_drive", "air_two_shafts"))

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_principal_values(self):
        """Pure shear has the principal values -τ, 0, τ; a turned tensor keeps its own."""
        np.testing.assert_allclose(principal([[0, 0, 0, 3, 0, 0], [0, 0, 0, 0, 3, 0], [0, 0, 0, 0, 0, 3]]), [[-3, 0, 3]] * 3, atol=1e-12)
        turn, _ = np.linalg.qr(np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 10]]))
        turned = turn @ np.diag([-30.0, -20, -15]) @ turn.T
        six = [turned[i, j] for i, j in ((0, 0), (1, 1), (2, 2), (0, 1), (1, 2), (0, 2))]
        np.testing.assert_allclose(principal([six, [np.nan] * 6]), [[-30, -20, -15], [np.nan] * 3], rtol=1e-12)

    def test_summary_history_and_fields_agree(self):
        """One number by three ways, and Kirsch (1898): 3 · 30 - 15 = 75 MPa; 0.5 % is the tolerance of the case."""
        number = self.rock.numbers["wall_compression_max"]
        self.assertEqual(number.value, self.rock.history.last()["wall_compression_max"][0])
        self.assertEqual(number.unit, self.rock.history.units["wall_compression_max"])
        self.assertAlmostEqual(number.value / 75e6, 1, delta=0.005)
        wall = self.rock.walls.field("compression_max", "drive")
        self.assertAlmostEqual(wall.max() / number.value, 1, delta=0.02)  # faces have means of their points
        self.assertEqual(self.rock.walls.units["compression_max"], "Pa")

    def test_stress_far_away_is_in_situ(self):
        points, connectivity, offsets, types = self.rock.rock.mesh()
        stress = self.rock.rock.field("stress", 0)
        self.assertEqual((len(stress), stress.shape[1]), (len(points), 6))
        self.assertEqual((len(offsets), offsets[-1]), (len(types) + 1, len(connectivity)))
        np.testing.assert_allclose(principal(stress), np.tile([-30e6, -20e6, -15e6], (len(stress), 1)), rtol=1e-9)
        self.assertEqual(set(self.rock.rock.regions()), {"rock"})

    def test_probes(self):
        """Kirsch on the axis of the smaller stress at the wall: σθ = 75 MPa in compression, σr = 0."""
        across = self.rock.probe("across").last()
        self.assertEqual(across.units["stress_yy"], "Pa")
        self.assertAlmostEqual(across["stress_yy"][0] / -75e6, 1, delta=0.005)
        self.assertEqual(self.rock.probes, ["above", "across"])
        self.assertEqual(list(self.rock.probe("across").where(stage="initial")["displacement_x"]), [0] * 5)

    def test_airways(self):
        self.assertEqual([stage.name for stage in self.air.stages], ["initial", "natural", "fan", "trip"])
        self.assertEqual([stage.number for stage in self.air.stages], self.air.airway_steps)
        airways, table = self.air.airways(2), self.air.table("airways").where(step=13)
        self.assertEqual(set(airways.names), set(table["airway"]))
        for name in table["airway"]:
            flow = table.where(airway=name)["flow"][0]
            np.testing.assert_allclose(airways.values["flow"][airways.names == name], flow, rtol=1e-5)  # six digits in the file
        self.assertEqual(self.air.rock, None)

    def test_tables(self):
        path = self.folder / "table.csv"
        path.write_text('stage,step,margin,margin [K],says\na,1,2.5,,"x, y"\nb,2,-1,inf,\n', encoding="utf-8")
        table = Table.read(path)
        self.assertEqual(list(table.columns), ["stage", "step", "margin", "margin [K]", "says"])
        self.assertTrue(np.isnan(table["margin [K]"][0]) and np.isinf(table["margin [K]"][1]))
        self.assertEqual((table.last().rows()[0]["margin"], table["says"][0]), (-1, "x, y"))
        self.assertEqual(Table.read(self.rock.folder / "history.csv")["time [s]"][0], 0)

    def test_what_is_not_there_is_named(self):
        fields, history = self.rock.rock, self.rock.history
        for wrong, part in ((lambda: fields.field("temperature"), "there are material, displacement"), (lambda: self.rock.probe("up"), "probe_above"),
                            (lambda: fields.field("stress", "stope"), "no stage 'stope'"), (lambda: history["heat"], "no column 'heat'")):
            with self.assertRaises(KeyError) as caught:
                wrong()
            self.assertIn(part, str(caught.exception))
        with self.assertRaises(FileNotFoundError):
            Run(self.folder)

    def test_the_example_runs(self):
        example = textwrap.dedent(re.search(r"\n\n((?:    .*\n|\n)+)", results.__doc__)[1]).replace('"scripts"', repr(str(ROOT / "scripts")))
        here, text, names = os.getcwd(), io.StringIO(), {}
        try:
            os.chdir(self.folder)
            with contextlib.redirect_stdout(text):
                exec(compile(example, "example", "exec"), names)
        finally:
            os.chdir(here)
        self.assertIn("unit='Pa'", text.getvalue())
        # The largest compression is that of the wall: Kirsch; nodes of the coarse outer cells overshoot by nothing.
        self.assertAlmostEqual(names["compression"].max() / 75e6, 1, delta=0.03)

    def test_command(self):
        run = subprocess.run([sys.executable, ROOT / "scripts/results.py", self.rock.folder], capture_output=True, text=True, check=False)
        self.assertIn("wall_compression_max = 7.50166e+07 Pa", run.stdout)
        self.assertEqual(subprocess.run([sys.executable, ROOT / "scripts/results.py", self.folder], capture_output=True, check=False).returncode, 2)


if __name__ == "__main__":
    unittest.main()
