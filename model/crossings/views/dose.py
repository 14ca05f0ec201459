"""Dose and response: how an effect grows with how much of a policy there is.

Takes a table, from wherever it comes: a sweep, or several comparisons put beneath each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.ticker import FuncFormatter

from crossings.errors import InputError, unknown
from crossings.views.sheet import Made, Panels, drawn, grid, look, number, thousands
from crossings.views.style import FAINT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from crossings.study.sweeps import Sweep

COLUMNS = ("dose", "effect", "low", "high")
_TICKS = 9


def draw(
    table: pd.DataFrame,
    made: Made,
    *,
    dose: str,
    response: str = "effect on arrivals",
    split: str | None = None,
    wider: tuple[str, str] | None = None,
) -> Panels:
    """Draw effect against dose.

    Parameters
    ----------
    table
        One row per dose: ``dose``, ``effect`` and the ends ``low`` and ``high`` of its 95% interval, as
        shares (-0.1 is a tenth fewer).
    made
        What made the table.
    dose, response
        What they are, in words, with the unit of the dose.
    split
        Column that splits the table into several lines, each named in the legend.
    wider
        Columns with the ends of an interval that holds the uncertainty of parameters as well, where
        there is one.

    Raises
    ------
    InputError
        If a column is missing or nothing is left to draw.
    """
    wanted = (*COLUMNS, *((split,) if split else ()), *(wider or ()))
    for name in wanted:
        if name not in table.columns:
            raise unknown("column of the table of doses", name, [str(c) for c in table.columns])
    if table.empty:
        raise InputError("table of doses: expected at least one row, got none")
    intervals = "95% intervals over seeds, which show chance only"
    if wider:
        intervals += "; pale bands also hold the uncertainty of parameters"
    said = f"{response[:1].upper()}{response[1:]} by {dose}. Bars are {intervals}."
    with drawn("Dose and response", said, made, 3.2) as figure:
        (axes,) = grid(figure, 1, left=0.75, below=0.45, above=0.12)
        parts = table.groupby(split, sort=False) if split else [("", table)]
        for order, (name, rows) in enumerate(parts):
            _line(axes, rows.sort_values("dose"), str(name), order, wider)
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.set_xlabel(dose)
        axes.set_ylabel(f"{response}, per cent")
        thousands(axes, "y", "+,.0f", most=7)
        doses = np.unique(table["dose"].to_numpy(float))
        axes.set_xticks(doses if len(doses) <= _TICKS else axes.get_xticks())
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, ",g")))
        if split:
            axes.legend(title=split)
    return Panels((axes,))


def _line(axes: Axes, rows: pd.DataFrame, name: str, order: int, wider: tuple[str, str] | None) -> None:
    colour, dashes = look(order)
    x = rows["dose"].to_numpy(float)
    effect, low, high = (100 * rows[key].to_numpy(float) for key in ("effect", "low", "high"))
    if wider:
        below, above = (100 * rows[key].to_numpy(float) for key in wider)
        axes.fill_between(x, below, above, color=colour, alpha=0.15, linewidth=0)
    bars = np.nan_to_num(np.array([effect - low, high - effect]), nan=0.0)
    axes.errorbar(
        x, effect, yerr=np.maximum(bars, 0.0), color=colour, linestyle=dashes, marker="os^Dv"[order % 5],
        markersize=4.5, capsize=2.5, label=name,
    )  # fmt: skip


def of_sweep(
    sweep: Sweep,
    axis: str,
    base: float,
    outcome: str = "arrivals",
    *,
    told: str | None = None,
) -> Panels:
    """Draw the response to one axis of a sweep: differences from the point at `base`, seed by seed.

    Parameters
    ----------
    sweep
        With no other axis.
    axis
        Name of its axis, whose values are numbers.
    base
        Value that the others are compared with.
    outcome
        Column of its results.
    told
        What the axis is, in words; default its name.

    Raises
    ------
    InputError
        If the sweep has another axis, no such outcome, or no point at `base`.
    """
    if [each.name for each in sweep.axes] != [axis]:
        names = ", ".join(each.name for each in sweep.axes)
        raise InputError(f"dose and response over '{axis}': expected a sweep of that alone, got {names}")
    found: Any = sweep.differences({axis: base}, outcome).reset_index()
    table = found.rename(columns={axis: "dose"})[["dose"]].assign(
        **{
            name: found[column] / found["base"]
            for name, column in (("effect", "difference"), ("low", "low"), ("high", "high"))
        }
    )
    made = Made((sweep.base.name,), sweep.seeds, sweep.origin())
    return draw(table, made, dose=told or axis, response=f"change of {outcome}")
