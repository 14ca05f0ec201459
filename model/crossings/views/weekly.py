"""Crossings by week under one or more policies, with returns and admissions beneath.

Lines are medians over seeds and bands run from the 10th to the 90th percentile of each week; where runs
over plausible parameters are given as well, a paler, dotted band shows how far those spread. Weather
moves weekly arrivals far more than most policies do, so the bands of two policies overlap even where
every pair of runs differs; the second panel therefore shows the differences within pairs. The number
of people who died stands beside the lines, and the limits of use below them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crossings.errors import InputError
from crossings.outcomes.summary import WEEK, Floats, Weekly
from crossings.views.sheet import (
    BAND,
    Made,
    about,
    alone,
    calendar,
    look,
    number,
    position,
    print_lines,
    short,
    thousands,
)
from crossings.views.style import FAINT, STYLE, PaperFigure, paper

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLE = "People crossing by small boat, by week"

_MAIN, _MINOR, _GAP = 2.7, 0.72, 0.34  # inches: heights of panels and what lies between them
_LEFT, _RIGHT = 0.095, 0.975
_LINE = 0.175  # inches: one line of text


def draw(weekly: Weekly, wider: Weekly | None = None) -> PaperFigure:
    """Draw weekly sums.

    Parameters
    ----------
    weekly
        From `Result.weekly` or `Comparison.weekly`; the first scenario is the base of differences.
    wider
        The same scenarios and weeks from runs in which parameters differ as well as seeds: a second band,
        that of chance and parameters together.

    Returns
    -------
    PaperFigure
        A Matplotlib figure; ``.savefig(path)`` writes the small print into the file as well.

    Raises
    ------
    InputError
        If the wider runs have other scenarios or weeks.
    """
    _check_wider(weekly, wider)
    minor = {"returned": "People returned per week", "admitted": "People admitted per week"}
    if len(weekly.series) > 1:
        base = short(next(iter(weekly.series)), 40)
        minor = {"difference": f"Difference in arrivals per week from {base}, seed by seed"} | minor
    with mpl.rc_context(cast("Any", STYLE)):
        figure, panels = _panels(weekly, len(minor), wider)
        _lines(panels[0], weekly, "arrivals", wider)
        panels[0].set_ylabel("people arriving per week")
        thousands(panels[0], most=7)
        for axes, (outcome, title) in zip(panels[1:], minor.items(), strict=True):
            _lines(axes, weekly, outcome, wider)
            axes.set_title(title, loc="left", pad=3)
            axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        calendar(panels[-1], (weekly.starts[0], _end(weekly)), ticks=(5, 10))
        _policy_dates(panels, weekly)
        _heading(figure, panels[0], weekly, wider)
        _small_print(figure, weekly)
    return figure


def _check_wider(weekly: Weekly, wider: Weekly | None) -> None:
    if wider is None:
        return
    if list(wider.series) != list(weekly.series) or not np.array_equal(wider.starts, weekly.starts):
        raise InputError(
            f"band of parameters: expected the scenarios and weeks of the figure ({', '.join(weekly.series)} "
            f"from {weekly.starts[0]}), got {', '.join(wider.series)} from {wider.starts[0]}"
        )


def _panels(weekly: Weekly, minor: int, wider: Weekly | None) -> tuple[PaperFigure, list[Axes]]:
    """Return the figure and its panels from the top, the height following what they must hold."""
    above = 0.5 + _LINE * len(weekly.series) + 0.1
    below = 0.42 + 0.13 * len(_print_lines(weekly)) + 0.1
    height = above + _MAIN + minor * (_GAP + _MINOR) + below
    figure = paper(height, _about(weekly, wider))
    mean = (_MAIN + minor * _MINOR) / (1 + minor)
    grid = figure.add_gridspec(
        1 + minor, 1, height_ratios=[_MAIN] + [_MINOR] * minor, hspace=_GAP / mean,
        left=_LEFT, right=_RIGHT, top=1 - above / height, bottom=below / height,
    )  # fmt: skip
    first = figure.add_subplot(grid[0])
    others = [figure.add_subplot(grid[row], sharex=first) for row in range(1, 1 + minor)]
    for axes in (first, *others[:-1]):
        axes.tick_params(labelbottom=False)
    return figure, [first, *others]


def _lines(axes: Axes, weekly: Weekly, outcome: str, wider: Weekly | None = None) -> None:
    middles = weekly.starts + np.timedelta64(WEEK // 2, "D")
    for weeks, colour, _ in _series(wider, outcome) if wider else ():
        low, high = np.percentile(weeks, BAND, axis=0)
        axes.fill_between(middles, low, high, color=colour, alpha=0.09, linewidth=0)
        for edge in (low, high):
            axes.plot(middles, edge, color=colour, linewidth=0.6, linestyle=(0, (1, 2)), alpha=0.8)
    for weeks, colour, dashes in _series(weekly, outcome):
        if len(weeks) > 1:
            low, high = np.percentile(weeks, BAND, axis=0)
            axes.fill_between(middles, low, high, color=colour, alpha=0.17, linewidth=0)
            for edge in (low, high):
                axes.plot(middles, edge, color=colour, linewidth=0.45, alpha=0.7)
        axes.plot(middles, np.median(weeks, axis=0), color=colour, linestyle=dashes, marker=alone(middles))
    if outcome == "difference":
        axes.axhline(0, color=FAINT, linewidth=0.8)
    else:
        # room above the lines, where the main panel names the policies
        axes.set_ylim(0, 1.15 * axes.dataLim.y1 or 1.0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))


def _series(weekly: Weekly, outcome: str) -> Iterator[tuple[Floats, str, Any]]:
    base = next(iter(weekly.series.values()))
    for order, series in enumerate(weekly.series.values()):
        if outcome != "difference":
            yield series[outcome], *look(order)
        elif order > 0:
            yield series["arrivals"] - base["arrivals"], *look(order)


def _end(weekly: Weekly) -> date:
    last: date = weekly.starts[-1].item()
    return last + timedelta(days=WEEK)


def _policy_dates(panels: list[Axes], weekly: Weekly) -> None:
    first, last = weekly.starts[0].item(), _end(weekly)
    texts: dict[date, list[str]] = {}
    for mark in weekly.marks:
        if first <= mark.when < last:
            texts.setdefault(mark.when, []).append(mark.text)
    for order, (when, said) in enumerate(texts.items()):
        for axes in panels:
            axes.axvline(position(when), color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1.5)
        late = (when - first) > (last - first) * 0.6
        panels[0].annotate(
            textwrap.fill(f"{'; '.join(said)} ({when.day} {when:%b %Y})", 76),
            (position(when), 0.99 - 0.062 * (order % 6)), xycoords=("data", "axes fraction"),
            xytext=(-4 if late else 4, 0), textcoords="offset points",
            ha="right" if late else "left", va="top", fontsize=7.5,
            bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 0.8},
        )  # fmt: skip


def _heading(figure: PaperFigure, axes: Axes, weekly: Weekly, wider: Weekly | None) -> None:
    height = figure.get_figheight()
    figure.text(0.02, 1 - 0.09 / height, TITLE, fontsize=11, fontweight="bold", va="top")
    figure.text(0.02, 1 - 0.31 / height, f"Model output. {_bands(weekly, wider)}.", va="top", color=FAINT)
    handles = [
        Line2D([], [], color=colour, linestyle=dashes, linewidth=1.8)
        for colour, dashes in map(look, range(len(weekly.series)))
    ]
    names = [f"{short(label, 44)}: {_deaths(series['deaths'])}" for label, series in weekly.series.items()]
    axes.legend(
        handles, names, loc="lower left", bbox_to_anchor=(-0.008, 1.0), borderaxespad=0.2, borderpad=0.1,
        ncols=1, handlelength=2.8, labelspacing=0.25,
    )  # fmt: skip


def _bands(weekly: Weekly, wider: Weekly | None = None) -> str:
    seeds = len(weekly.seeds)
    if wider is not None:
        runs = len(next(iter(wider.series.values()))["arrivals"])
        return (
            f"Medians and bands 10\u201390% of {seeds} seeds; dotted: the same of {runs} runs that differ in "
            "parameters too"
        )
    if seeds == 1:
        return "One run of each scenario" if len(weekly.series) > 1 else "One run"
    same = ", the same for each scenario" if len(weekly.series) > 1 else ""
    return f"Lines are medians and bands 10\u201390% of {seeds} seeds{same}"


def _deaths(weeks: Floats) -> str:
    deaths = weeks.sum(axis=-1)
    low, middle, high = np.percentile(deaths, (BAND[0], 50.0, BAND[1]))
    band = f" ({low:,.0f}\u2013{high:,.0f})" if len(deaths) > 1 else ""
    return (
        f"{middle:,.0f}{band} {'person' if f'{middle:.0f}{band}' == '1' else 'people'} died trying to cross"
    )


def _small_print(figure: PaperFigure, weekly: Weekly) -> None:
    text = "\n".join(_print_lines(weekly))
    figure.text(
        0.02, 0.08 / figure.get_figheight(), text, fontsize=6.6, color=FAINT, va="bottom", linespacing=1.3
    )


def _print_lines(weekly: Weekly) -> list[str]:
    return print_lines(_made(weekly), "Weeks are counted from the first date; deaths are over all of them.")


def _about(weekly: Weekly, wider: Weekly | None = None) -> dict[str, str]:
    return about(TITLE, f"{_bands(weekly, wider)}. Returns and admissions beneath.", _made(weekly))


def _made(weekly: Weekly) -> Made:
    return Made(tuple(weekly.series), tuple(weekly.seeds), weekly.origin)
