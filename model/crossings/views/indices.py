"""The figure of an analysis of sensitivity: an index for each axis, with its interval."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from crossings.outcomes.provenance import LIMITS
from crossings.study.designs import MORRIS
from crossings.views.style import COLOURS, FAINT, INK, STYLE, paper

if TYPE_CHECKING:
    from crossings.study.sensitivity import Sensitivity

_ROW = 0.32  # inches
_FRAME = 1.5
_BARS = {"S1": "alone", "ST": "with interactions"}


def draw(found: Sensitivity) -> Figure:
    """Draw mu* against the axes and against sigma, or first-order and total indices.

    Parameters
    ----------
    found
        The indices.
    """
    about = {"Title": f"Sensitivity of {found.outcome}: {found.title}", "Description": LIMITS}
    with mpl.rc_context(cast("Any", STYLE)):
        figure = paper(max(_ROW * len(found.table) + _FRAME, 2.6), about)
        if found.design == MORRIS:
            left, right = figure.subplots(1, 2, width_ratios=(3, 2))
            _bars(left, found, ("mu_star",), ("low",), ("high",))
            left.set_xlabel(f"mean size of effect on {found.outcome.replace('_', ' ')} (mu*)")
            _scatter(right, found)
        else:
            panel = figure.subplots()
            _bars(panel, found, tuple(_BARS), ("S1_low", "ST_low"), ("S1_high", "ST_high"))
            panel.set_xlabel(f"share of the variance of {found.outcome.replace('_', ' ')}")
            panel.legend(loc="lower right")
        _words(figure, found)
        return figure


def _bars(panel: Axes, found: Sensitivity, indices: Any, low: Any, high: Any) -> None:
    table = found.table.iloc[::-1]
    height = 0.7 / len(indices)
    for number, (index, below, above) in enumerate(zip(indices, low, high, strict=True)):
        places = np.arange(len(table)) + (number - (len(indices) - 1) / 2) * -height
        panel.barh(places, table[index], height, color=COLOURS[number], alpha=0.85, label=_BARS.get(index))
        panel.hlines(places, table[below], table[above], color=INK, linewidth=0.9)
    panel.set_yticks(np.arange(len(table)), table.index)
    panel.axvline(0, color=FAINT, linewidth=0.6)
    panel.grid(axis="x")
    panel.grid(visible=False, axis="y")


def _scatter(panel: Axes, found: Sensitivity) -> None:
    table = found.table
    panel.scatter(table["mu_star"], table["sigma"], s=14, color=COLOURS[0])
    top = float(max(table["mu_star"].max(), table["sigma"].max())) or 1.0
    panel.plot([0, top], [0, top], color=FAINT, linewidth=0.6, linestyle=":")
    for name, row in table.head(5).iterrows():
        panel.annotate(
            str(name).rpartition(".")[2], (row["mu_star"], row["sigma"]), xytext=(3, 3),
            textcoords="offset points", fontsize=6.5,
        )  # fmt: skip
    panel.set_xlabel("mu*")
    panel.set_ylabel("sigma: curved, or depends on others")


def _words(figure: Figure, found: Sensitivity) -> None:
    inches = figure.get_size_inches()[1]
    seeds = f"{found.seeds} {'seed' if found.seeds == 1 else 'seeds'} at each of {found.points:,} points"
    figure.suptitle(f"{found.title}: {seeds}, {found.origin}", fontsize=9, x=0.01, ha="left")
    said = f"Lines: 95% intervals by bootstrap over the design, for the ranges of the design. {LIMITS}"
    figure.text(0.01, 0.04 / inches, fill(said, 150), fontsize=6, color=FAINT, va="bottom")
    figure.tight_layout(rect=(0, 0.42 / inches, 1, 1 - 0.08 / inches))
