"""The figure of a Flee case: people in each camp as simulated and counted, and how far each day is off."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crossings.views.sheet import calendar, thousands
from crossings.views.style import COLOURS, DASHES, FAINT

_COLUMNS = 3
_MOST = 24  # camps that are drawn; the largest
_LONGEST = 24  # letters of a name
_CURVE, _CAMP, _GAP = 1.5, 0.95, 0.58  # inches
_SETTLED, _GOOD = 12, 0.5  # as in `crossings.replicas.flee.comparing`, said in the figure


def height(tables: Mapping[str, pd.DataFrame]) -> float:
    """Return how many inches the figure of a case takes."""
    rows = _rows(len(tables["camps"]))
    return _CURVE + rows * (_CAMP + _GAP) + _GAP


def draw(axes: Axes, tables: Mapping[str, pd.DataFrame], _published: Mapping[str, float]) -> None:
    """Draw the differences by day above, and a small panel for each camp, the largest first.

    Parameters
    ----------
    axes
        Whose room is taken; they are replaced.
    tables
        ``days``, ``camps`` and ``counts`` of a run.
    """
    figure: Any = axes.figure
    box = axes.get_position()
    axes.remove()
    names = list(tables["camps"]["camp"])[:_MOST]
    rows = _rows(len(names))
    inches = box.height * figure.get_size_inches()[1]
    spec = figure.add_gridspec(
        rows + 1,
        _COLUMNS,
        height_ratios=[_CURVE] + [_CAMP] * rows,
        left=box.x0,
        right=box.x1,
        bottom=box.y0,
        top=box.y1,
        hspace=_GAP * (rows + 1) / (inches - _GAP * rows),
        wspace=0.42,
    )
    drawn = f"; the {_MOST} largest camps" if len(tables["camps"]) > _MOST else ""
    _curve(figure.add_subplot(spec[0, :]), tables["days"], drawn)
    counts = tables["counts"]
    for number, name in enumerate(names):
        panel = figure.add_subplot(spec[1 + number // _COLUMNS, number % _COLUMNS])
        _camp(panel, name, counts[counts["camp"] == name], first=number == 0)
        if number % _COLUMNS == 0:
            panel.set_ylabel("people")


def _rows(camps: int) -> int:
    return math.ceil(min(camps, _MOST) / _COLUMNS)


def _curve(axes: Axes, days: pd.DataFrame, left_out: str) -> None:
    dates = _dates(days)
    for number, (column, label) in enumerate(
        {"rescaled_ard": "rescaled to the people counted", "ard": "as simulated"}.items()
    ):
        axes.plot(dates, days[column], color=COLOURS[number], linestyle=DASHES[number], label=label)
    axes.axhline(_GOOD, color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)))
    if len(dates) > _SETTLED:
        axes.axvline(float(_position(dates[_SETTLED])), color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)))
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("averaged relative\ndifference")
    axes.legend(
        title=f"{dates[0]} to {dates[-1]}{left_out}; "
        "dashes: day 12, and .5, below which three of four are in the right camp",
        ncols=2,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
    )
    if len(dates) > 1:
        calendar(axes, dates)


def _camp(axes: Axes, name: str, rows: pd.DataFrame, *, first: bool) -> None:
    dates = _dates(rows)
    axes.fill_between(dates, rows["least"], rows["most"], color=COLOURS[0], alpha=0.2, linewidth=0)
    axes.plot(dates, rows["simulated"], color=COLOURS[0], label="simulated")
    axes.plot(dates, rows["counted"], color=COLOURS[1], linestyle=DASHES[1], label="counted")
    axes.set_ylim(bottom=0.0)
    axes.set_title(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}\u2026", loc="left", pad=3)
    thousands(axes, most=3)
    if len(dates) > 1:
        calendar(axes, dates, ticks=(2, 4))
    if first:
        axes.legend(fontsize=7, loc="best", handlelength=1.6)


def _dates(rows: pd.DataFrame) -> Any:
    return rows["date"].to_numpy().astype("datetime64[D]")


def _position(when: np.datetime64) -> float:
    return float(when.astype("datetime64[D]").astype(np.int64))
