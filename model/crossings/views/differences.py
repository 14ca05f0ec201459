"""Paired differences of every headline outcome, with intervals, one small panel for each.

A dot is the mean difference from the first scenario over the same seeds, a line its 95% interval. Every
panel has a scale of its own, and zero is marked: an interval across it is no known difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from matplotlib.ticker import FuncFormatter, MaxNLocator

from crossings.views.sheet import Made, drawn, short
from crossings.views.style import COLOURS, FAINT, PaperFigure, ranges

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Paired differences from the first scenario"
_COLUMNS = 3
_MILLION = 1e6
_LONGEST_NAME = 34  # characters of a scenario's name beside a panel
_LETTER = 0.0088  # of the width of the figure, in the size of such a name
_ROW, _PANEL = 0.16, 0.62  # inches
_NOISE = 1e-9  # people or pounds: a sum of floats that should be none


@dataclass(frozen=True)
class Panel:
    """One outcome: scenario -> (difference, low, high), of which low and high may be nan."""

    title: str
    differences: Mapping[str, tuple[float, float, float]]
    in_millions: bool = False


def draw(panels: Sequence[Panel], base: str, seeds: Sequence[int], window: str, origin: str) -> PaperFigure:
    """Draw paired differences.

    Parameters
    ----------
    panels
        One for each outcome, all of the same scenarios.
    base
        Name of the scenario that differences are from.
    seeds
        Seeds of the pairs.
    window
        Dates added up, as text.
    origin
        Version and commit.

    Returns
    -------
    PaperFigure
        ``.savefig(path)`` writes the small print into the file as well.
    """
    names = list(panels[0].differences)
    what, told = (
        ("Mean paired difference", " and its 95% interval") if len(seeds) > 1 else ("Paired difference", "")
    )
    said = (
        f"{what} from {base}{told}, {window}, {len(seeds)} "
        f"{'seed' if len(seeds) == 1 else 'seeds'} ({ranges(seeds)})"
    )
    rows = math.ceil(len(panels) / _COLUMNS)
    left = 0.03 + _LETTER * min(max(map(len, names)), _LONGEST_NAME)
    made = Made((base, *names), tuple(seeds), origin)
    with drawn(TITLE, f"Model output. {said}.", made, 0.1 + rows * (_PANEL + _ROW * len(names))) as figure:
        height = float(figure.get_figheight())
        bottom, top = figure.room
        grid = figure.add_gridspec(
            rows, _COLUMNS, left=left, right=0.975, top=top - 0.2 / height, bottom=bottom + 0.3 / height,
            hspace=0.5 / (_PANEL - 0.25 + _ROW * len(names)), wspace=0.16,
        )  # fmt: skip
        for place, panel in enumerate(panels):
            axes = figure.add_subplot(grid[place // _COLUMNS, place % _COLUMNS])
            _dots(axes, panel, with_names=place % _COLUMNS == 0)
    return figure


def _dots(axes: Axes, panel: Panel, *, with_names: bool) -> None:
    scale = _MILLION if panel.in_millions else 1.0
    names = list(panel.differences)
    for row, name in enumerate(names):
        middle, low, high = (
            0.0 if abs(value) < _NOISE else value / scale for value in panel.differences[name]
        )
        colour = COLOURS[(row + 1) % len(COLOURS)]  # the colour it has in the weekly figure
        if not math.isnan(low):
            axes.plot([low, high], [row, row], color=colour, linewidth=1.6, solid_capstyle="butt")
        axes.plot([middle], [row], "o", color=colour, markersize=3.6)
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [short(name, _LONGEST_NAME) if with_names else "" for name in names])
    axes.tick_params(axis="y", length=0, labelsize=7.5)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.tick_params(axis="x", labelsize=7)
    axes.margins(x=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}".replace("-", "\u2212")))
    axes.set_title(panel.title, loc="left", pad=3, fontsize=8)
