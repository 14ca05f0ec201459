"""Cost against effect: what a policy costs the public, and how many fewer people arrive under it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crossings.views.sheet import (
    AS_IT_IS,
    Made,
    Panels,
    compared,
    drawn,
    grid,
    look,
    number,
    short,
    thousands,
)
from crossings.views.style import FAINT

if TYPE_CHECKING:
    from crossings.study.comparison import Comparison

_MILLION = 1e6


def draw(comparison: Comparison) -> Panels:
    """Draw the change of arrivals against the change of public cost, a mark for each policy.

    Parameters
    ----------
    comparison
        Of at least two scenarios, the first of which is the base.
    """
    compared(comparison)
    table: Any = comparison.table()
    said = (
        f"Paired differences from {comparison.base} over all dates, {comparison.start} to {comparison.end}, "
        f"{_certainty(len(comparison.seeds))}. Cost includes what fewer arrivals save in housing, and "
        "no cost to the people themselves; deaths stand beside the names."
    )
    names = 0.1 + 0.18 * len(comparison.labels[1:])
    with drawn("Cost against effect", said, Made.by(comparison), 3.2 + names) as figure:
        (axes,) = grid(figure, 1, left=0.95, below=0.45, above=0.1 + names)
        for order, label in enumerate(comparison.labels[1:]):
            cost, people, deaths = (table.loc[(label, name)] for name in ("cost_gbp", "arrivals", "deaths"))
            x, y = float(cost["difference"]) / _MILLION, float(people["difference"])
            errors = np.array([[float(r["high"] - r["difference"])] for r in (cost, people)])
            errors = np.nan_to_num(errors)
            colour, _ = look(order + 1)
            died = f"{_signed(deaths['difference'])} deaths"
            if not np.isnan(float(deaths["low"])):
                died += f" ({_signed(deaths['low'])} to {_signed(deaths['high'])})"
            axes.errorbar(
                [x], [y], xerr=errors[0] / _MILLION, yerr=errors[1], color=colour, marker="os^Dv"[order % 5],
                markersize=6, capsize=2.5, linestyle="none", label=f"{short(label, 50)}: {died}",
            )  # fmt: skip
        axes.axhline(0, color=FAINT, linewidth=0.8)
        axes.axvline(0, color=FAINT, linewidth=0.8)
        axes.margins(0.12)
        axes.grid(True, axis="both")
        axes.set_xlabel("change of public cost, million pounds")
        axes.set_ylabel("change of arrivals, people")
        thousands(axes, "x", f"+{AS_IT_IS}", most=8)
        thousands(axes, "y", "+,.0f", most=7)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), borderaxespad=0.2, labelspacing=0.25)
    return Panels((axes,))


def _certainty(pairs: int) -> str:
    return "with 95% intervals, which show chance only" if pairs > 1 else "of one pair, which has no interval"


def _signed(people: Any) -> str:
    """Return a change as a whole number with its sign, and none before a zero."""
    whole = round(float(people))
    return number(whole, "+,d") if whole else "0"
