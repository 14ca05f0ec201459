"""Paired differences of every headline outcome, with intervals, one small panel for each.

A dot is the mean difference from the first scenario over the same seeds, a line its 95% interval. Every
panel has a scale of its own, and zero is marked: an interval across it is no known difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import matplotlib as mpl
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crossings.views.sheet import Made, about, print_lines
from crossings.views.style import COLOURS, FAINT, STYLE, PaperFigure, paper, ranges

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "Paired differences from the first scenario"
_COLUMNS = 3
_MILLION = 1e6
_LONGEST_NAME = 34  # characters of a scenario's name beside a panel
_ROW, _PANEL, _TOP, _PRINT_LINE = 0.16, 0.62, 0.62, 0.13  # inches


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
    said = (
        f"Mean paired difference from {base} and its 95% interval, {window}, {len(seeds)} "
        f"{'seed' if len(seeds) == 1 else 'seeds'} ({ranges(seeds)})"
    )
    made = Made((base, *names), tuple(seeds), origin)
    small = print_lines(made)
    rows = math.ceil(len(panels) / _COLUMNS)
    below = 0.15 + _PRINT_LINE * len(small)
    height = _TOP + rows * (_PANEL + _ROW * len(names)) + below
    left = 0.03 + 0.0085 * min(max(map(len, names)), _LONGEST_NAME)
    with mpl.rc_context(cast("Any", STYLE | {"axes.grid.axis": "x"})):
        figure = paper(height, about(TITLE, said, made))
        grid = figure.add_gridspec(
            rows, _COLUMNS, left=left, right=0.975, top=1 - (_TOP + 0.02) / height,
            bottom=(below + 0.3) / height, hspace=0.5 / (_PANEL - 0.25 + _ROW * len(names)), wspace=0.16,
        )  # fmt: skip
        for place, panel in enumerate(panels):
            axes = figure.add_subplot(grid[place // _COLUMNS, place % _COLUMNS])
            _dots(axes, panel, with_names=place % _COLUMNS == 0)
        figure.text(0.02, 1 - 0.09 / height, TITLE, fontsize=11, fontweight="bold", va="top")
        figure.text(0.02, 1 - 0.31 / height, f"Model output. {said}.", va="top", color=FAINT, fontsize=7.5)
        figure.text(
            0.02, 0.08 / height, "\n".join(small), fontsize=6.6, color=FAINT, va="bottom", linespacing=1.3
        )
    return figure


def _dots(axes: Axes, panel: Panel, *, with_names: bool) -> None:
    scale = _MILLION if panel.in_millions else 1.0
    names = list(panel.differences)
    for row, name in enumerate(names):
        middle, low, high = (value / scale for value in panel.differences[name])
        colour = COLOURS[(row + 1) % len(COLOURS)]  # the colour it has in the weekly figure
        if not math.isnan(low):
            axes.plot([low, high], [row, row], color=colour, linewidth=1.6, solid_capstyle="butt")
        axes.plot([middle], [row], "o", color=colour, markersize=3.6)
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), [_short(name) for name in names] if with_names else [""] * len(names))
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7)
    axes.margins(x=0.12)
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.4g}".replace("-", "\u2212")))
    axes.set_title(panel.title, loc="left", pad=3, fontsize=8)


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}\u2026"
