"""scripts/view by pvbatch on runs made here: a picture of each view at the first and the last stage, a state with the names of the classes.

    views.py WINZE

Skipped, with the reason, where there is no ParaView or no display for it.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np

ROOT = pathlib.Path(__file__).resolve().parents[2]
WINZE = pathlib.Path(sys.argv.pop(1)).resolve() if len(sys.argv) > 1 else ROOT / "build/release/winze"
VIRIDIS = {0: (0.267, 0.005, 0.329), 1: (0.200, 0.398, 0.553), 2: (0.244, 0.706, 0.455), 3: (0.993, 0.906, 0.144)}  # of four classes
try:
    import matplotlib.image
except ImportError:
    matplotlib = None


def view(*words):
    return subprocess.run([ROOT / "scripts/view", *words], capture_output=True, text=True, check=False, timeout=250)


def hues(path):
    """Share of the picture that is not white, and direction of the colour of those pixels: shading leaves it as it is."""
    pixels = matplotlib.image.imread(path)[:, :, :3].reshape(-1, 3).astype(float)
    pixels = pixels[pixels.min(axis=1) < 0.95]
    return len(pixels) / (1200 * 900), pixels / np.maximum(np.linalg.norm(pixels, axis=1), 1e-9)[:, None]


class Views(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder, cls.said = pathlib.Path(cls.scratch.name), {}
        for name, case in (("rock", "circular_drive"), ("coupled", "coupled_drive")):
            out = cls.folder / name
            subprocess.run([WINZE, "-q", "run", ROOT / "cases" / case / "case.yaml", "--out", out], check=True, stdout=subprocess.DEVNULL)
            made = view(out, "--pictures", out / "pictures", "--state", out / "views.pvsm")
            if made.returncode != 0:
                raise AssertionError(f"{name}: {made.stdout}{made.stderr}")
            cls.said[name] = made

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_every_view_has_its_pictures(self):
        expected = {"rock": {"largest_compression", "walls"}, "coupled": {"rock_temperature", "airways"}}
        for run, views in expected.items():
            pictures = {path.name for path in (self.folder / run / "pictures").iterdir()}
            self.assertEqual(pictures, {f"{view}_{stage}.png" for view in views for stage in ("first", "last")})
            self.assertNotIn("Traceback", self.said[run].stdout + self.said[run].stderr)

    @unittest.skipUnless(matplotlib, "no matplotlib: pictures are not looked at")
    def test_walls_have_the_colours_of_their_classes(self):
        """Kirsch (1898) on 180 MPa: the walls reach 75 MPa, 0.42; Russenes puts them into the first three classes and not into the fourth."""
        with h5py.File(self.folder / "rock/circular_drive_surface.vtkhdf") as file:
            there = set(file["results/step00001/russenes_class"][...].astype(int))
        share, seen = hues(self.folder / "rock/pictures/walls_last.png")
        self.assertGreater(share, 0.05)
        wall = np.array([(seen @ (np.array(colour) / np.linalg.norm(colour)) > 0.999).mean() for colour in VIRIDIS.values()])
        legend = wall[3]  # the class that no face has is in the legend only
        self.assertEqual(there, {0, 1, 2})
        self.assertTrue((wall[:3] > 0.05).all() and legend < 0.03, wall)

    @unittest.skipUnless(matplotlib, "no matplotlib: pictures are not looked at")
    def test_the_stages_differ(self):
        """The air cools the rock for ten years: first and last picture are not the same, and neither is empty."""
        for name in ("rock_temperature", "airways"):
            first, last = (matplotlib.image.imread(self.folder / f"coupled/pictures/{name}_{stage}.png") for stage in ("first", "last"))
            self.assertGreater(np.abs(first - last).max(), 0.2, name)
            self.assertGreater(hues(self.folder / f"coupled/pictures/{name}_last.png")[0], 0.005, name)

    def test_the_state_names_classes_units_and_stages(self):
        rock, coupled = ((self.folder / run / "views.pvsm").read_text(encoding="utf-8") for run in ("rock", "coupled"))
        for text in ('value="none"', 'value="light"', 'value="moderate"', 'value="strong"', "compression, MPa", "principal stresses", "drive"):
            self.assertIn(text, rock)
        for text in ("wet bulb, °C", "temperature, °C", "decade"):
            self.assertIn(text, coupled)

    def test_what_is_not_there_is_named(self):
        made = view(self.folder / "rock", "--class", "hoek", "--state", self.folder / "no.pvsm")
        self.assertEqual(made.returncode, 2)
        self.assertIn("russenes", made.stderr)
        self.assertEqual(view(self.folder, "--state", self.folder / "no.pvsm").returncode, 2)


if __name__ == "__main__":
    if not shutil.which("pvbatch"):
        print("no pvbatch (packages paraview and python3-paraview): views in ParaView are not tried")
        sys.exit(77)
    if not os.environ.get("DISPLAY") and not shutil.which("xvfb-run"):
        print("no display and no xvfb-run (package xvfb): views in ParaView are not tried")
        sys.exit(77)
    unittest.main()
