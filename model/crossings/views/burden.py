"""Who carries it: where people stand at the end, by country.

A policy that lowers arrivals in one country moves people, or their deaths, to others; this figure
keeps them together.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crossings.views.sheet import AS_IT_IS, Made, Panels, by_scenario, drawn, grid, look, short, thousands
from crossings.views.style import COLOURS, FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.outcomes.result import Result

STANDING = {
    "waiting or on the way": ("travelling", "camp", "booked", "at_sea", "lorry", "applied", "vetting"),
    "held, detained or in reception": ("held", "detained", "reception"),
    "claim or appeal undecided": ("asylum", "appeal"),
    "claimed asylum or stayed, outside the UK": ("asylum_france", "stayed_elsewhere"),
    "granted or admitted": ("granted", "admitted"),
    "refused, or arrived by lorry": ("refused", "lorry_arrived"),
    "died": ("dead",),
}
"""How people stand, in words, and the states of the life line it gathers. Left out: people who never
left or are back in their country of origin."""

_HATCHES = ("", "", "", "//", "..", "", "xx")
_AGAIN = ("", "////", "....")  # of bars whose colour is there already
_NAMES_A_LINE = 2


def draw(results: Result | Iterable[Result], countries: int = 9) -> Panels:
    """Draw where people stand at the end, by country, and where policies change that.

    Parameters
    ----------
    results
        Runs over the same dates that kept their people; the first scenario is the base of differences.
    countries
        How many countries are drawn: those that most people stand in.

    Returns
    -------
    Panels
        People by country under the first scenario and, of several, differences from it.
    """
    runs = by_scenario(results)
    every = [run for several in runs.values() for run in several]
    tables = {name: standing(several) for name, several in runs.items()}
    base, *others = tables
    shown = tables[base].sum(axis=1).sort_values(ascending=False)
    chosen = [str(name) for name in shown[shown > 0].index[:countries]]
    said = (
        f"People on {every[0].end}: everyone who has entered the model since its warm-up began, "
        "means over seeds. People on the way count where they were last. Left out: people in their own "
        "country."
    )
    height = 0.24 * len(chosen) + 0.9
    beneath = 0.08 + 0.17 * math.ceil(len(others) / _NAMES_A_LINE) if others else 0.0
    with drawn(
        "Where people stand, by country", said, Made.by(every), (1 + bool(others)) * height + 0.9 + beneath
    ) as figure:
        panels = grid(
            figure, 1 + bool(others), left=1.35, share_x=False, gap=0.7, above=0.85, below=0.32 + beneath
        )
        _stacked(panels[0], tables[base].loc[chosen])
        panels[0].set_title(f"People under {short(base, 60)}, thousands", loc="left", pad=4)
        if others:
            differences = {
                name: (tables[name].reindex(chosen).fillna(0.0) - tables[base].loc[chosen]) for name in others
            }
            _differences(panels[1], differences)
            panels[1].set_title(
                f"Difference from {short(base, 40)}, people, all standings together", loc="left", pad=4
            )
            figure.legend(
                *panels[1].get_legend_handles_labels(), loc="lower left",
                bbox_to_anchor=(0.02, figure.room[0]), ncols=_NAMES_A_LINE, borderaxespad=0, borderpad=0,
                columnspacing=1.0, labelspacing=0.25, handlelength=1.5, fontsize=8,
            )  # fmt: skip
        handles, names = panels[0].get_legend_handles_labels()
        figure.legend(
            handles, names, loc="upper left", bbox_to_anchor=(0.02, figure.room[1] + 0.003), ncols=3,
            borderaxespad=0, columnspacing=0.8, handlelength=1.5, fontsize=8,
        )  # fmt: skip
    return Panels(panels)


def standing(several: list[Result]) -> pd.DataFrame:
    """Return people by country and standing, means over runs."""
    ends: Any = pd.concat(
        [run.ends().astype({"group": str, "state": str, "country": str}) for run in several]
    )
    ends = ends[ends["country"] != ends["group"]]  # nobody is a burden of the country they set out from
    of = {state: told for told, states in STANDING.items() for state in states}
    ends = ends.assign(standing=ends["state"].map(of)).dropna(subset="standing")
    counts: pd.DataFrame = ends.groupby(["country", "standing"])["people"].sum().unstack("standing") / len(
        several
    )
    return counts.reindex(columns=list(STANDING)).fillna(0.0)


def _stacked(axes: Axes, table: pd.DataFrame) -> None:
    rows = np.arange(len(table))
    left = np.zeros(len(table))
    palette = ("#BBBBBB", *COLOURS)
    for order, told in enumerate(table.columns):
        width = table[told].to_numpy(float) / 1000
        axes.barh(
            rows, width, left=left, height=0.72, label=told, facecolor=palette[order % len(palette)],
            edgecolor="white", linewidth=0.3, hatch=_HATCHES[order],
        )  # fmt: skip
        left += width
    _countries(axes, table)
    thousands(axes, "x", AS_IT_IS, most=8)


def _differences(axes: Axes, tables: dict[str, pd.DataFrame]) -> None:
    thick = 0.72 / len(tables)
    for order, (name, table) in enumerate(tables.items()):
        rows = np.arange(len(table)) + (order - (len(tables) - 1) / 2) * thick
        axes.barh(
            rows, table.sum(axis=1), height=thick, color=look(order + 1)[0], label=short(name, 40),
            hatch=_AGAIN[order // len(COLOURS) % len(_AGAIN)], edgecolor="white", linewidth=0,
        )  # fmt: skip
    _countries(axes, next(iter(tables.values())))
    axes.axvline(0, color=FAINT, linewidth=0.8)
    thousands(axes, "x", "+,.0f", most=8)


def _countries(axes: Axes, table: pd.DataFrame) -> None:
    axes.set_yticks(range(len(table)), [str(name) for name in table.index])
    axes.set_ylim(len(table) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
