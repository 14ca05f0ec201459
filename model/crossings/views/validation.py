"""The figure of a validation: months as counted and as simulated, and every pattern against its band.

Two uncertainties are drawn apart wherever an interval is: the inner band is chance alone, one draw of the
parameters under several seeds; the outer one is chance and parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crossings.corridors.observed import observed
from crossings.study.validation import chance_seeds
from crossings.study.verdicts import FITTED, POLICY, SEEN, Verdict
from crossings.views.sheet import Made, Panels, calendar, drawn, grid, thousands
from crossings.views.style import COLOURS, FAINT, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.study.recorded import KeptValidation

_ROW = 0.155  # inches a pattern
_MONTHS = 2.1
_COLOUR = {FITTED: COLOURS[0], SEEN: COLOURS[2], POLICY: COLOURS[1]}
_FARTHEST = 3.0  # half bands from the middle beyond which marks stop


def draw(kept: KeptValidation) -> Panels:
    """Draw months against counts, and every pattern against its band.

    Parameters
    ----------
    kept
        Of `crossings.study.recorded.load_validation`.

    Returns
    -------
    Panels
        Arrivals by month; patterns.
    """
    shown = [each for each in kept.verdicts if each.most > each.least]
    said = (
        "Above: arrivals by month. Below: each pattern on its band, from \u22121 to 1. Inner bands and "
        "thick bars: chance alone, 90%. Outer bands and thin bars: chance and parameters, 90%."
    )
    about = kept.about
    runs = f"{about['draws']} draws of the posterior, a seed each; chance alone from the seeds named"
    made = Made(("history",), chance_seeds(about["seeds"]), f"model {about['identity']}; {runs}")
    height = _MONTHS + _ROW * len(shown) + 1.4
    with drawn("Observed and simulated, 2021 to July 2025", said, made, height) as figure:
        months, patterns = grid(
            figure, 2, heights=(_MONTHS, _ROW * len(shown)), left=2.35, share_x=False, gap=0.6, below=0.4
        )
        _months(months, kept)
        _patterns(patterns, shown)
    return Panels((months, patterns))


def _months(axes: Axes, kept: KeptValidation) -> None:
    table = kept.months
    dates = np.array(table["month"].astype(str), dtype="datetime64[M]").astype("datetime64[D]")
    for low, high, alpha in (("low", "high", 0.18), ("chance_low", "chance_high", 0.3)):
        axes.fill_between(dates, table[low], table[high], color=COLOURS[0], alpha=alpha, linewidth=0)
    axes.plot(dates, table["median"], color=COLOURS[0], label="simulated, median")
    people = observed().people
    counted = [people.get((int(str(day)[:4]), int(str(day)[5:7])), np.nan) for day in dates]
    axes.plot(dates, counted, "o", color=INK, markersize=2.6, label="counted")
    axes.legend(loc="upper left", ncols=2, fontsize=7.5)
    axes.set_ylabel("people a month")
    axes.set_ylim(0, 1.2 * axes.dataLim.y1)  # names above the lines
    thousands(axes)
    calendar(axes, dates)


def _patterns(axes: Axes, shown: list[Verdict]) -> None:
    axes.axvspan(-1.0, 1.0, color=FAINT, alpha=0.12, linewidth=0)
    for place, each in enumerate(shown):
        middle, half = (each.least + each.most) / 2.0, (each.most - each.least) / 2.0

        def at(value: float, middle: float = middle, half: float = half) -> float:
            return float(np.clip((value - middle) / half, -_FARTHEST, _FARTHEST))

        colour = _COLOUR[each.label]
        axes.hlines(place, at(each.low), at(each.high), color=colour, linewidth=0.9)
        if each.chance_low is not None and each.chance_high is not None:
            alone = at(each.chance_low), at(each.chance_high)
            axes.hlines(place, *alone, color=colour, linewidth=2.6, alpha=0.5)
        fill = "full" if each.met else "none"
        axes.plot(at(each.median), place, "o", color=colour, markersize=3.2, fillstyle=fill)
        if each.observed is not None and each.label != POLICY:
            axes.plot(at(each.observed), place, "|", color=INK, markersize=6)
    axes.set_yticks(range(len(shown)), [_said(each) for each in shown], fontsize=6.3)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_xlim(-_FARTHEST - 0.1, _FARTHEST + 0.1)
    axes.grid(visible=False, axis="y")
    axes.set_xlabel("half bands from the middle of the band; full marks are in, | observed")
    for label, colour in _COLOUR.items():
        axes.plot([], [], "o", color=colour, markersize=3.2, label=label)
    axes.legend(loc="lower right", fontsize=6.5)


def _said(each: Verdict) -> str:
    return f"{each.pattern.replace('_', ' ')}, {each.period}"
