"""The trade: what a place on a boat costs, how full boats are, and how many networks can launch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from crossings.errors import InputError
from crossings.outcomes.catalogue import OUTCOMES
from crossings.outcomes.summary import Dates, Floats
from crossings.views.sheet import (
    Made,
    Panels,
    bands,
    by_scenario,
    calendar,
    drawn,
    grid,
    legend_above,
    legend_height,
    lines_over_time,
    policy_dates,
    thousands,
)

if TYPE_CHECKING:
    from crossings.outcomes.result import Result

SHOWN = {
    "price": ("Mean price of a place on a boat, pounds", ",.0f"),
    "load": ("People on a boat that networks aim at, mean", ",.0f"),
    "networks": ("Networks able to launch", ",.0f"),
}


def draw(results: Result | Iterable[Result]) -> Panels:
    """Draw price, load and number of networks by week.

    Parameters
    ----------
    results
        Runs over the same dates; runs of one scenario make one line with its band.

    Returns
    -------
    Panels
        Price, load, networks.
    """
    return over_time("Prices, loads and networks", results, SHOWN)


def over_time(
    title: str, results: Result | Iterable[Result], shown: dict[str, tuple[str, str]], height: float = 1.15
) -> Panels:
    """Draw outcomes by week, one beneath the other.

    Parameters
    ----------
    title
        Of the figure.
    results
        Runs over the same dates.
    shown
        Outcome -> title of its panel, and how its numbers are written.
    height
        Inches of each panel.
    """
    runs = by_scenario(results)
    every = [run for several in runs.values() for run in several]
    most = max(len(several) for several in runs.values())
    levels = all(OUTCOMES[name].kind == "level" for name in shown)
    what = "means" if levels else "means of levels and sums of flows"
    legend = legend_height(tuple(runs), 0.7) if len(runs) > 1 else 0.0
    room = len(shown) * height + (len(shown) - 1) * 0.32 + 0.55 + legend
    with drawn(title, f"By week, {what}. {bands(most)}.", Made.by(every), room) as figure:
        panels = grid(figure, len(shown), gap=0.32, above=0.25 + legend)
        for axes, (outcome, (told, written)) in zip(panels, shown.items(), strict=True):
            for order, several in enumerate(runs.values()):
                weeks = [by_week(run, outcome) for run in several]
                lines_over_time(axes, weeks[0][0], np.array([values for _, values in weeks]), order)
            axes.set_title(told, loc="left", pad=3)
            room = 1.3 if axes is panels[0] else 1.1  # the first names the policies above its lines
            axes.set_ylim(0, room * float(np.nan_to_num(axes.dataLim.y1)) or 1.0)
            thousands(axes, "y", written, most=4)
        calendar(panels[-1], by_week(every[0], next(iter(shown)))[0])
        policy_dates(panels, [run.scenario for run in every], by_week(every[0], next(iter(shown)))[0])
        if len(runs) > 1:
            legend_above(figure, panels[0], tuple(runs))
    return Panels(panels)


def by_week(run: Result, outcome: str) -> tuple[Dates, Floats]:
    """Return first dates of weeks, and the outcome in them: sums of a flow, means of a level.

    Raises
    ------
    InputError
        If the run is shorter than a week.
    """
    week = run.daily[outcome].resample("7D", origin="start")
    values = week.sum() if OUTCOMES[outcome].kind == "flow" else week.mean()
    whole = values[week.size() == 7]
    if whole.empty:
        dates = f"{run.start} to {run.end}"
        raise InputError(f"figure by week of '{run.name}', {dates}: expected seven days or more")
    return np.asarray(whole.index.to_numpy(), dtype="datetime64[D]"), whole.to_numpy(float)
