"""What policies change: paired effects on arrivals, and on what comes with them.

Each pair is one seed run without and with a policy, so a dot is a difference that only the policy
made. The first panel is the effect on arrivals, the second the change of other outcomes as a share of
what they are without a policy, deaths among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from crossings.outcomes.summary import Floats
from crossings.views.sheet import Made, Panels, compared, drawn, grid, look, short, thousands
from crossings.views.style import FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.study.comparison import Comparison

BESIDE = {
    "first_arrivals": "people who arrive for the first time",
    "attempts": "person-attempts",
    "prevented": "recorded prevented attempts",
    "deaths": "people who died trying to cross",
    "waiting_mean": "people waiting near the coast",
    "cost_gbp": "public cost",
}
"""Outcomes beside arrivals, and what the figure calls them."""

_ROW, _CLOSE_ROW = 0.3, 0.19  # inches
_LONGEST = 32  # characters of a name beside its row


def draw(comparison: Comparison) -> Panels:
    """Draw the effect of each policy on arrivals, and on what comes with them.

    Parameters
    ----------
    comparison
        Of at least two scenarios, the first of which is the base.

    Returns
    -------
    Panels
        Effect on arrivals; changes of the other outcomes.
    """
    compared(comparison)
    labels = comparison.labels[1:]
    effects: Any = comparison.effects()
    opening, closing = effects["start"].iloc[0], effects["end"].iloc[0]
    pairs = len(comparison.seeds)
    said = (
        f"Difference from {comparison.base} under the same seeds, {opening} to {closing}. Points and bars: "
        f"mean of {pairs} pairs with its 95% interval, which shows chance only. Small dots: single pairs."
        if pairs > 1
        else f"Difference from {comparison.base} under the same seed, {opening} to {closing}. One pair, "
        "which has no interval: no telling a policy from chance."
    )
    first = 0.2 + _ROW * len(labels)
    second = 0.2 + (_ROW if len(labels) == 1 else _CLOSE_ROW * (1 + len(labels))) * len(BESIDE)
    with drawn("What policies change", said, Made.by(comparison), first + second + 1.2) as figure:
        arrivals, others = grid(
            figure, 2, heights=(first, second), left=2.35, share_x=False, gap=0.55, below=0.4
        )
        _arrivals(arrivals, comparison)
        _others(others, comparison, opening, closing)
    return Panels((arrivals, others))


def _arrivals(axes: Axes, comparison: Comparison) -> None:
    effects: Any = comparison.effects()
    opening, closing = effects["start"].iloc[0], effects["end"].iloc[0]
    window: Any = comparison.totals(opening, closing)["arrivals"]
    without = window[comparison.base].to_numpy(float)
    for row, label in enumerate(comparison.labels[1:]):
        single = 100 * _ratio(window[label].to_numpy(float), without)
        found = effects.loc[(label, "arrivals")]
        mark = [100 * float(found[key]) for key in ("effect", "low", "high")]
        _row(axes, row, single, mark, row + 1, drop=0.25)
    _named(axes, [short(label, _LONGEST) for label in comparison.labels[1:]])
    axes.set_title("Effect on arrivals, per cent", loc="left", pad=4)


def _others(axes: Axes, comparison: Comparison, opening: date, closing: date) -> None:
    """Draw a row for each outcome; of several policies, a row for each beneath the name of the outcome."""
    labels = comparison.labels[1:]
    table: Any = comparison.table(opening, closing)
    effects: Any = comparison.effects(opening, closing)
    totals: Any = comparison.totals(opening, closing)
    names: list[str] = []
    headings = list(BESIDE.values()) if len(labels) > 1 else []
    for outcome, told in BESIDE.items():
        names += [told] if headings else []
        for order, label in enumerate(labels):
            row = len(names)
            names.append(short(label, _LONGEST) if headings else told)
            if outcome == "first_arrivals":
                found = effects.loc[(label, outcome)]
                mark, single = [100 * float(found[key]) for key in ("effect", "low", "high")], np.array([])
            else:
                found = table.loc[(label, outcome)]
                base = float(found["base"]) or np.nan
                mark = [100 * float(found[key]) / base for key in ("difference", "low", "high")]
                change = totals.loc[label][outcome] - totals.loc[comparison.base][outcome]
                single = 100 * change.to_numpy(float) / base
            _row(axes, row, single, mark, order + 1, drop=0.33 if headings else 0.1)
    _named(axes, names, headings)
    whose = short(comparison.base, 15)
    axes.set_title(f"Change of other outcomes, per cent of their mean under {whose}", loc="left", pad=4)


def _row(axes: Axes, row: int, single: Floats, mark: list[float], order: int, drop: float) -> None:
    colour, _ = look(order)
    if len(single) > 1:
        axes.plot(single, np.full(len(single), row + drop), ".", color=colour, alpha=0.35, markersize=4)
    middle, low, high = mark
    if not np.isnan(low):
        axes.plot([low, high], [row, row], color=colour, linewidth=2.2, solid_capstyle="butt")
    axes.plot([middle], [row], "os^Dv"[(order - 1) % 5], color=colour, markersize=5)


def _named(axes: Axes, names: Sequence[str], headings: Sequence[str] = ()) -> None:
    axes.set_yticks(range(len(names)), names)
    for label in axes.get_yticklabels():
        label.set_fontweight("bold" if label.get_text() in headings else "normal")
        label.set_fontsize(7.5 if headings else 8.5)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.axvline(0, color=FAINT, linewidth=0.8)
    axes.grid(True, axis="x")
    axes.grid(False, axis="y")
    thousands(axes, "x", "+,g", most=7)
    low, high = axes.get_xlim()
    reach = max(abs(low), abs(high))
    axes.set_xlim(min(low, -0.08 * reach), max(high, 0.08 * reach))


def _ratio(above: Floats, below: Floats) -> Floats:
    share = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0)
    return np.asarray(share - 1.0)
