"""Figures of sweeps: outcomes along an axis with bands over seeds, and one parameter at a time.

Bands are 95% intervals of the mean over seeds by Student's t, or, of fewer than five seeds, from the
least to the greatest: chance only.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import fill
from typing import TYPE_CHECKING, Any, cast

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import special

from crossings.errors import InputError
from crossings.outcomes.provenance import LIMITS
from crossings.study.advance import DONE
from crossings.study.designs import ONE_AT_A_TIME
from crossings.study.pairs import LEVEL
from crossings.study.sweep_results import finished
from crossings.views.style import COLOURS, DASHES, FAINT, STYLE, paper, ranges

if TYPE_CHECKING:
    from crossings.study.sweeps import Sweep

_PANEL = 2.1  # inches
_BAR = 0.22
_SMALL_PRINT = 0.75
_ENOUGH = 5  # seeds from which on an interval says more than their range


def draw(sweep: Sweep, rows: pd.DataFrame) -> Figure:
    """Draw a sweep as its ``[figure]`` says: a panel for each outcome.

    Parameters
    ----------
    sweep
        The sweep.
    rows
        Its results.

    Raises
    ------
    InputError
        If no run has ended well, or an outcome is not there.
    """
    names = [axis.name for axis in sweep.axes]
    outcomes = [name for name in sweep.figure.y if name in rows.columns]
    if not outcomes:
        raise InputError(f"figure: expected an outcome that the runs give, got {', '.join(sweep.figure.y)}")
    done = finished(rows, outcomes[0], names)
    with mpl.rc_context(rc=cast("Any", STYLE)):
        if sweep.design == ONE_AT_A_TIME:
            return _tornado(sweep, done, outcomes)
        return _curves(sweep, done, outcomes, names)


def _curves(sweep: Sweep, done: pd.DataFrame, outcomes: Sequence[str], names: Sequence[str]) -> Figure:
    x = sweep.figure.x or names[0]
    by = sweep.figure.by
    figure = paper(_PANEL * len(outcomes) + _SMALL_PRINT, _about(sweep, done))
    panels = np.atleast_1d(figure.subplots(len(outcomes), sharex=True))
    groups = [(None, done)] if by is None else list(done.groupby(by, sort=False, dropna=False))
    for panel, outcome in zip(panels, outcomes, strict=True):
        for number, (label, own) in enumerate(groups):
            _curve(panel, own, x, outcome, None if label is None else f"{by}: {label!s}", number)
        panel.set_ylabel(outcome.replace("_", " "))
        if done[outcome].min() >= 0:  # once all is drawn, as it ends the fitting of the axis
            panel.set_ylim(bottom=0)
    if by is not None:
        panels[0].legend()
    panels[-1].set_xlabel(x)
    return _finish(figure, sweep, done)


def _curve(panel: Axes, own: pd.DataFrame, x: str, outcome: str, label: str | None, number: int) -> None:
    numeric = pd.api.types.is_numeric_dtype(own[x]) and not pd.api.types.is_bool_dtype(own[x])
    runs = own.groupby(x, sort=numeric)[outcome]
    means = runs.agg(["mean", "std", "count", "min", "max"])
    middle, half = means["mean"].to_numpy(), _half_width(means["std"].to_numpy(), means["count"].to_numpy())
    few = means["count"].max() < _ENOUGH
    low = means["min"].to_numpy() if few else middle - half
    high = means["max"].to_numpy() if few else middle + half
    at: Any = means.index.to_numpy() if numeric else np.arange(len(means))
    colour, dashes = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    panel.fill_between(at, low, high, color=colour, alpha=0.2, linewidth=0)
    panel.plot(at, middle, color=colour, linestyle=dashes, marker="o", markersize=3, label=label)
    if not numeric:
        panel.set_xticks(at, [str(value) for value in means.index])


def _half_width(spread: Any, count: Any) -> Any:
    """Return half the interval of a mean; nothing where there is but one run."""
    freedom = np.maximum(count - 1, 1)
    half = special.stdtrit(freedom, (1.0 + LEVEL) / 2.0) * spread / np.sqrt(count)
    return np.where(count > 1, np.nan_to_num(half), 0.0)


def _tornado(sweep: Sweep, done: pd.DataFrame, outcomes: Sequence[str]) -> Figure:
    names = [axis.name for axis in sweep.axes]
    figure = paper(_BAR * len(names) * 2 + _SMALL_PRINT + 0.8, _about(sweep, done))
    panels = np.atleast_1d(figure.subplots(1, len(outcomes), sharey=True))
    changes = one_at_a_time(sweep, done, outcomes)
    order = changes.groupby("axis")[outcomes[0]].apply(lambda each: each.abs().max()).sort_values().index
    for panel, outcome in zip(panels, outcomes, strict=True):
        for place, name in enumerate(order):
            own = changes[changes["axis"] == name]
            for number, (_, row) in enumerate(own.iterrows()):
                colour = COLOURS[min(number, len(own) - 1) % len(COLOURS)]
                panel.barh(place, row[outcome], height=0.6, color=colour, alpha=0.8)
                half = row[f"{outcome}_half"]
                panel.errorbar(row[outcome], place, xerr=half, color=FAINT, linewidth=0.8, capsize=1.5)
                near = "left" if row[outcome] >= 0 else "right"
                panel.annotate(
                    f"{row['value']:g}" if isinstance(row["value"], float) else str(row["value"]),
                    (row[outcome] + (half if near == "left" else -half), place), ha=near, va="center",
                    xytext=(3 if near == "left" else -3, 0), textcoords="offset points", fontsize=6.5,
                )  # fmt: skip
        panel.set_yticks(range(len(order)), order)
        panel.axvline(0, color=FAINT, linewidth=0.6)
        panel.margins(x=0.2)
        panel.set_xlabel(f"change in {outcome.replace('_', ' ')}")
        panel.grid(axis="x")
    return _finish(figure, sweep, done)


def one_at_a_time(sweep: Sweep, done: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the mean paired change of outcomes where one axis is moved, with half its interval.

    Returns
    -------
    DataFrame
        ``axis, value``, and for each outcome its mean change and ``<outcome>_half``.
    """
    base = done[done["point"] == 0].set_index("seed")
    found = []
    for number, point in enumerate(sweep.points):
        own = done[done["point"] == number].set_index("seed")
        for name, value in point.items():
            row: dict[str, Any] = {"axis": name, "value": value}
            for outcome in outcomes:
                change = (own[outcome] - base[outcome]).dropna()
                row[outcome] = change.mean()
                row[f"{outcome}_half"] = float(_half_width(change.std(), np.asarray(len(change))))
            found.append(row)
    return pd.DataFrame(found)


def _finish(figure: Figure, sweep: Sweep, done: pd.DataFrame) -> Figure:
    said = f"{sweep.title or sweep.name}: {len(done):,} runs, seeds {ranges(sweep.seeds)}"
    dates = f"{sweep.base.start} to {sweep.base.end}"
    figure.suptitle(f"{said}, {dates}", fontsize=9, x=0.01, ha="left")
    inches = figure.get_size_inches()[1]
    figure.text(0.01, 0.04 / inches, _words(sweep), fontsize=6, color=FAINT, va="bottom")
    figure.tight_layout(rect=(0, 0.42 / inches, 1, 1 - 0.08 / inches))
    return figure


def _words(sweep: Sweep) -> str:
    interval = sweep.design == ONE_AT_A_TIME or len(sweep.seeds) >= _ENOUGH
    said = f"{LEVEL:.0%} intervals over seeds" if interval else "from the least to the greatest of few seeds"
    return fill(f"Bands and bars: {said}, chance only. {LIMITS}", 150)


def _about(sweep: Sweep, done: pd.DataFrame) -> dict[str, str]:
    return {
        "Title": sweep.title or sweep.name,
        "Description": f"{sweep.question} {len(done)} runs, status {DONE}. {LIMITS}".strip(),
        "Software": "crossings",
    }
