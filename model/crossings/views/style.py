"""How every figure looks: colours, sizes, the small print, and what the file says about itself.

Colours are from the Okabe-Ito palette [1]_, which people with any common form of colour blindness can
tell apart; line styles differ as well, so that a figure survives a black-and-white printer.

References
----------
.. [1] M. Okabe and K. Ito, "Color Universal Design" (2008), https://jfly.uni-koeln.de/color/.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from io import BytesIO
from typing import IO, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

WIDTH = 7.2
"""Inches: the text width of a journal page, so that printed type keeps its size."""
DPI = 200

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00")
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.5)),
    (0, (1.5, 1.2)),
    (0, (6, 1.5, 1.5, 1.5)),
    (0, (9, 2)),
    (0, (3, 3)),
)
INK = "#222222"
FAINT = "#666666"

STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.titlesize": 8.5,
    "axes.labelsize": 8.5,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.5,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "lines.linewidth": 1.4,
    "legend.frameon": False,
    "text.parse_math": False,  # names of scenarios are drawn as they are
}


class PaperFigure(Figure):
    """A figure that writes what it shows, and its limits of use, into every file it is saved to.

    It belongs to no window and no global list of figures, and shows itself in notebooks.
    """

    about: dict[str, str]
    room: tuple[float, float] = (0.0, 1.0)
    """Bottom and top of what heading and small print leave, as shares of the height."""

    def savefig(self, fname: str | os.PathLike[str] | IO[Any], **options: Any) -> None:
        """Save as Matplotlib does, with `about` in the metadata of PNG, PDF and SVG files."""
        suffix = os.path.splitext(fname)[1] if isinstance(fname, (str, os.PathLike)) else ""
        kind = str(options.get("format") or suffix.lstrip(".") or "png").lower()
        metadata = _metadata(kind, self.about) | dict(options.pop("metadata", None) or {})
        super().savefig(fname, metadata=metadata or None, **{"dpi": DPI, **options})

    def _repr_png_(self) -> bytes:
        page = BytesIO()
        self.savefig(page, format="png", dpi=DPI // 2)
        return page.getvalue()


def paper(height: float, about: dict[str, str]) -> PaperFigure:
    """Return an empty figure of the house's width; made within ``rc_context(STYLE)``.

    Parameters
    ----------
    height
        Inches.
    about
        What it shows, by name; goes into the file.
    """
    figure = PaperFigure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    figure.about = dict(about)
    return figure


def ranges(seeds: Sequence[int]) -> str:
    """Return seeds in short: ``"1-20"``, or ``"1, 5, 9"``, or the first few and their number."""
    ordered = sorted(seeds)
    if len(ordered) > 2 and ordered[-1] - ordered[0] == len(ordered) - 1:
        return f"{ordered[0]}\u2013{ordered[-1]}"
    shown = ", ".join(map(str, ordered[:8]))
    return shown if len(ordered) <= 8 else f"{shown}, \u2026 ({len(ordered)} in all)"


def _metadata(kind: str, about: dict[str, str]) -> dict[str, Any]:
    said = {name: text for name, text in about.items() if name != "Title"}
    if kind == "png":
        return dict(about)
    prose = "; ".join(f"{name}: {text}" for name, text in said.items())
    if kind == "pdf":
        return {"Title": about.get("Title", ""), "Subject": prose}
    if kind == "svg":
        return {"Title": about.get("Title", ""), "Description": prose}
    return {}
