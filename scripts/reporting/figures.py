"""One figure: a drawing for the page, the same as PNG and SVG for papers, and its numbers as CSV."""
import base64
import csv
import io
import re
from html import escape

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

from reporting.quantities import OKABE_ITO  # noqa: E402

plt.rcParams.update({
    "svg.fonttype": "none", "svg.hashsalt": "winze", "font.size": 11, "axes.titlesize": 12, "axes.titleweight": "bold", "axes.titlelocation": "left",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": "0.9", "axes.axisbelow": True, "legend.frameon": False,
    "axes.prop_cycle": matplotlib.cycler(color=OKABE_ITO), "axes.formatter.useoffset": False,
    "figure.constrained_layout.use": True, "figure.max_open_warning": 0})


class Figure:
    """`drawing` is a figure of matplotlib; `columns` (by name) are the numbers in it; `raster` puts a PNG into the page where an SVG would be large;
    `width` is its place in the page: wide, half or small."""

    def __init__(self, name, title, drawing, columns=None, caption="", raster=False, width="wide"):
        self.name, self.title, self.caption, self.width = re.sub(r"\W+", "_", name), title, caption, width
        self.columns, self.raster, self.drawing = columns or {}, raster, drawing
        buffer = io.BytesIO()
        drawing.savefig(buffer, format="png" if raster else "svg", dpi=160, bbox_inches="tight", metadata=None if raster else {"Date": None})
        self.data = buffer.getvalue()

    def markup(self):
        """The figure as text of HTML, without anything outside the page."""
        if self.raster:
            return f'<img src="data:image/png;base64,{base64.b64encode(self.data).decode()}" alt="{escape(self.title)}">'
        return inline(self.data.decode(), self.name, self.title)

    def save(self, folder):
        """NAME.png (200 dpi), NAME.svg and, where there are numbers, NAME.csv."""
        for kind, options in (("png", {"dpi": 200}), ("svg", {"dpi": 200, "metadata": {"Date": None}})):
            self.drawing.savefig(folder / f"{self.name}.{kind}", bbox_inches="tight", **options)
        if self.columns:
            with open(folder / f"{self.name}.csv", "w", newline="", encoding="utf-8") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(self.columns)
                out.writerows(zip(*self.columns.values()))


def inline(svg, name, title):
    """The SVG of matplotlib made fit for a page with others: identifiers of its own, fonts of the reader, its size that of its place."""
    svg = svg[svg.index("<svg"):]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.S)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = re.sub(r'href="#', f'href="#{name}-', svg)
    svg = re.sub(r"font: ([^;'\"]*?px) [^;\"]*", r"font: \1 system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif", svg)
    svg = re.sub(r'<svg ([^>]*?)height="[\d.]+pt"', r"<svg \1", svg, count=1)
    place = lambda m: f'style="width:100%;max-width:{float(m[1]) * 4 / 3:.0f}px" role="img" aria-label="{escape(title)}"'  # noqa: E731
    return re.sub(r'width="([\d.]+)pt"', place, svg, count=1)


def canvas(width, height, **options):
    """A figure and its axes, inches."""
    return plt.subplots(figsize=(width, height), **options)


def close_all():
    plt.close("all")
