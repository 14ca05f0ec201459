"""What people near the coast believe, by nationality: how strict and how safe the way seems to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crossings.errors import InputError
from crossings.views.sheet import (
    Made,
    Panels,
    by_scenario,
    calendar,
    drawn,
    grid,
    legend_above,
    look,
    policy_dates,
    short,
    thousands,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.outcomes.result import Result

TOLD = {
    "stop": "that an attempt is stopped",
    "return": "that an arrival is returned",
    "settle": "to settle as intended",
    "death": "to die in an attempt",
    "legal": "of a legal place this year",
}
"""Beliefs, and what of: each a chance."""

NAMED = 4
"""Groups named and drawn in colour: those of whom most arrive. The others are drawn in grey."""

MOST = 4
"""Scenarios that fit beside each other."""

_LETTER = 0.085  # inches: a letter of a heading


def draw(results: Result | Iterable[Result], named: int = NAMED) -> Panels:
    """Draw mean beliefs by nationality and date, a row for each belief and a column for each scenario.

    Parameters
    ----------
    results
        Runs over the same dates; of several runs of a scenario the mean is drawn.
    named
        How many groups are named.

    Returns
    -------
    Panels
        Row by row.

    Raises
    ------
    InputError
        If there are more than `MOST` scenarios.
    """
    runs = by_scenario(results)
    if len(runs) > MOST:
        raise InputError(f"figure of beliefs: expected at most {MOST} scenarios, got {len(runs)}")
    every = [run for several in runs.values() for run in several]
    groups = _largest(every, named)
    said = (
        "Mean over people near the coast, by nationality; what compatriots have heard where nobody of a "
        f"group is there. Named: the {len(groups)} groups of whom most arrive; grey lines: the others."
    )
    legend = 0.24
    with drawn(
        "What people believe: their chance\u2026",
        said,
        Made.by(every),
        5 * 0.85 + 4 * 0.33 + 0.55 + 2 * legend,
    ) as figure:
        panels = grid(
            figure, len(TOLD), len(runs), gap=0.33, gap_across=0.5, left=0.55, above=0.25 + 2 * legend
        )
        for column, (name, several) in enumerate(runs.items()):
            beliefs = _means(several)
            for row, (belief, told) in enumerate(TOLD.items()):
                axes = panels[row * len(runs) + column]
                _panel(axes, beliefs[belief], groups)
                if column == 0:
                    axes.set_title(f"\u2026{told}, per cent", loc="left", pad=3)
            own = panels[column :: len(runs)]
            calendar(own[-1], beliefs["stop"].index.to_numpy(), (4, 9) if len(runs) < MOST - 1 else (2, 4))
            days = beliefs["stop"].index.to_numpy(dtype="datetime64[D]")
            policy_dates(own, [several[0].scenario], days, named=-1)
            if len(runs) > 1:
                wide = own[0].get_position().width * float(figure.get_figwidth())
                own[0].annotate(
                    short(name, int(wide / _LETTER)), (0, 1), xycoords="axes fraction", xytext=(0, 17),
                    textcoords="offset points", fontweight="bold",
                )  # fmt: skip
        _one_scale_a_row(panels, len(runs))
        legend_above(figure, panels[0], groups)
    return Panels(panels)


def _means(several: list[Result]) -> dict[str, pd.DataFrame]:
    """Return belief -> table of dates by groups, means over runs."""
    long: Any = pd.concat([run.beliefs() for run in several])
    long = long.astype({"group": str, "belief": str})
    wide = long.groupby(["belief", "date", "group"])["mean"].mean().unstack("group")
    return {belief: wide.loc[belief] for belief in TOLD}


def _largest(runs: list[Result], named: int) -> list[str]:
    by: Any = pd.concat([run.by[run.by["outcome"] == "arrivals"] for run in runs]).astype({"key": str})
    totals = by.groupby("key")["value"].sum()
    known = set(runs[0].beliefs()["group"].astype(str))
    return [name for name in totals.sort_values(ascending=False).index if name in known][:named]


def _panel(axes: Axes, table: pd.DataFrame, groups: list[str]) -> None:
    for name in [*(n for n in table.columns if n not in groups), *groups]:
        values = 100 * table[name].to_numpy(float)
        if name in groups:
            colour, dashes = look(groups.index(name))
            axes.plot(table.index, values, color=colour, linestyle=dashes, linewidth=1.3)
        else:
            axes.plot(table.index, values, color="#BBBBBB", linewidth=0.6)


def _one_scale_a_row(panels: list[Axes], columns: int) -> None:
    for first in range(0, len(panels), columns):
        row = panels[first : first + columns]
        top = max(1.08 * float(np.nan_to_num(axes.dataLim.y1)) for axes in row)
        for axes in row:
            axes.set_ylim(0, top if top > 0 else 1.3)
            thousands(axes, "y", ",.3g", most=4)
