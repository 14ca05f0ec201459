"""From arrival to return and back to the legal route: who waits where, and for how long.

Times are means by Little's law [1]_: people in a stage over people who leave it, which needs no life
lines and holds over a season in which the queue stays about as long as it was. Where life lines were
recorded, the median and the span of actual stays stand beside them.

References
----------
.. [1] J. D. C. Little, "A Proof for the Queuing Formula: L = lambda W", Operations Research 9 (1961).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crossings.outcomes.summary import Floats
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
    look,
    policy_dates,
    thousands,
)
from crossings.views.trade import by_week

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.outcomes.result import Result


@dataclass(frozen=True)
class Stage:
    """A place in the pipeline: its queue, what flows out of it, and its state in the life line."""

    title: str
    level: str
    leaving: tuple[str, ...]
    state: str


STAGES = (
    Stage("Detained for return", "detained_stock", ("returned", "bailed"), "detained"),
    Stage("In the partner's reception", "reception", ("returned",), "reception"),
    Stage("In the lottery of the legal route", "legal_queue", ("applied",), "applied"),
    Stage("Drawn, being vetted", "vetting", ("admitted", "vetting_failed"), "vetting"),
)
"""Stages in the order in which people meet them. Who enters reception, or applies, stands in for who
leaves: there the model counts no way out, and over a season the two are close. Those removed from detention
to their own or a third country are not among those who leave it, as removals are counted wherever they begin
and whoever is returned at once was never detained: under such policies the mean says too much or too little,
and the stays of life lines are what to read."""


def draw(results: Result | Iterable[Result]) -> Panels:
    """Draw the queues of the pipeline over time, and how long people stay in each stage.

    Parameters
    ----------
    results
        Runs over the same dates.

    Returns
    -------
    Panels
        One panel for each queue, then one for the times.
    """
    runs = by_scenario(results)
    every = [run for several in runs.values() for run in several]
    most = max(len(several) for several in runs.values())
    followed = any(run.steps is not None for run in every)
    said = f"People in each stage, weekly means. {bands(most)}. Times: squares are means by Little's law" + (
        ", bars the middle half and ticks the medians of stays that ended, from life lines."
        if followed
        else "."
    )
    legend = legend_height(tuple(runs), 2.1) if len(runs) > 1 else 0.0
    room = 5 * 0.95 + 4 * 0.34 + 1.0 + legend
    with drawn("Detention, return and the legal route", said, Made.by(every), room) as figure:
        panels = grid(
            figure, 5, heights=(1, 1, 1, 1, 1.25), gap=0.36, left=2.1, share_x=False, above=0.25 + legend,
            below=0.42,
        )  # fmt: skip
        for axes, stage in zip(panels[:4], STAGES, strict=True):
            _queue(axes, stage, runs)
            if axes is not panels[3]:
                axes.sharex(panels[3])
            axes.tick_params(labelbottom=axes is panels[3])
        weeks = by_week(every[0], STAGES[0].level)[0]
        calendar(panels[3], weeks)
        policy_dates(panels[:4], [run.scenario for run in every], weeks)
        _times(panels[4], runs)
        if len(runs) > 1:
            legend_above(figure, panels[0], tuple(runs))
    return Panels(panels)


def mean_days(run: Result, stage: Stage) -> float:
    """Return the mean days in a stage by Little's law; nan where nobody left it."""
    leaving = sum(float(run.daily[name].sum()) for name in stage.leaving)
    return float(run.daily[stage.level].sum()) / leaving if leaving > 0 else np.nan


def stays(run: Result, stage: Stage) -> Floats:
    """Return days of every stay in a stage that ended, from the life lines of a run."""
    if run.steps is None:
        return np.array([])
    steps: Any = run.steps[["time", "person", "to"]].astype({"to": str})
    # a step to the state one is in already goes on with the stay
    changed = steps[steps["to"] != steps.groupby("person")["to"].shift()]
    following = changed.groupby("person")["time"].shift(-1)
    inside = (changed["to"] == stage.state) & following.notna()
    days = (following[inside] - changed["time"][inside]) / pd.Timedelta(days=1)
    return np.asarray(days.to_numpy(float))


def _queue(axes: Axes, stage: Stage, runs: dict[str, list[Result]]) -> None:
    for order, several in enumerate(runs.values()):
        weeks = [by_week(run, stage.level) for run in several]
        lines_over_time(axes, weeks[0][0], np.array([values for _, values in weeks]), order)
    axes.set_title(f"{stage.title}, people", loc="left", pad=3)
    axes.set_ylim(0, 1.12 * float(np.nan_to_num(axes.dataLim.y1)) or 1.0)
    thousands(axes, "y", most=3)


def _times(axes: Axes, runs: dict[str, list[Result]]) -> None:
    for order, several in enumerate(runs.values()):
        colour, _ = look(order)
        for row, stage in enumerate(STAGES):
            place = row + (order - (len(runs) - 1) / 2) * min(0.3, 0.8 / len(runs))
            found = np.concatenate([stays(run, stage) for run in several])
            if len(found):
                low, middle, high = np.percentile(found, (25, 50, 75))
                axes.plot(
                    [low, high], [place, place], color=colour, linewidth=4, alpha=0.3, solid_capstyle="butt"
                )
                axes.plot([middle], [place], "|", color=colour, markersize=9, markeredgewidth=1.6)
            mean = [mean_days(run, stage) for run in several]
            if not np.all(np.isnan(mean)):
                axes.plot([np.nanmean(mean)], [place], "s", color=colour, markersize=4.5)
    axes.set_yticks(range(len(STAGES)), [stage.title for stage in STAGES])
    axes.set_ylim(len(STAGES) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.tick_params(axis="y", length=0)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    axes.set_xlabel("days")
    thousands(axes, "x", most=8)
    if not axes.has_data():
        axes.set_xlim(0, 1)
        axes.text(0.02, 0.5, "nobody left any of these stages", transform=axes.transAxes, va="center")
