"""The figure of the forecast on record: arrivals by month in both arms, with both uncertainties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from crossings.study.forecasting import AS_IMPLEMENTED, FIRST_SEED, NO_POLICY
from crossings.views.sheet import Made, Panels, calendar, drawn, grid, thousands
from crossings.views.style import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.study.recorded import KeptForecast

_HEIGHT = 4.6


def draw(kept: KeptForecast) -> Panels:
    """Draw both arms, one above the other on the same scale.

    Parameters
    ----------
    kept
        Of `crossings.study.recorded.load_forecast`.
    """
    about = kept.about
    said = (
        "People arriving by small boat a month, before any count was known. Lines: medians. Bands, from "
        "pale to dark: 90% and 50% over draws of parameters and demand; dotted: 90% by chance alone."
    )
    runs = " and ".join(str(count) for count in about["runs"].values())
    seeds = tuple(range(FIRST_SEED, FIRST_SEED + max(about["runs"].values())))
    origin = f"model {about['identity']}; {runs} runs over the posterior, the same seeds in both arms"
    made = Made((NO_POLICY, AS_IMPLEMENTED), seeds, origin)
    with drawn("On record: August 2025 to September 2026", said, made, _HEIGHT) as figure:
        panels = grid(figure, 2, left=0.75, gap=0.35)
        top = float(kept.monthly["q97"].max())
        for place, (axes, arm) in enumerate(zip(panels, (NO_POLICY, AS_IMPLEMENTED), strict=True)):
            _arm(axes, kept, arm, COLOURS[place])
            axes.set_ylim(0, top)
    return Panels(panels)


def _arm(axes: Axes, kept: KeptForecast, arm: str, colour: str) -> None:
    table = kept.monthly[kept.monthly["scenario"] == arm]
    dates = np.array(table["month"].astype(str), dtype="datetime64[M]").astype("datetime64[D]")
    axes.fill_between(dates, table["q05"], table["q95"], color=colour, alpha=0.15, linewidth=0)
    axes.fill_between(dates, table["q25"], table["q75"], color=colour, alpha=0.25, linewidth=0)
    axes.plot(dates, table["q50"], color=colour)
    alone = kept.chance[kept.chance["scenario"] == arm]
    if len(alone):
        axes.plot(dates, alone["low"], color=colour, linewidth=0.8, linestyle=":")
        axes.plot(dates, alone["high"], color=colour, linewidth=0.8, linestyle=":")
    axes.set_title(arm, loc="left")
    axes.set_ylabel("people a month")
    thousands(axes)
    calendar(axes, dates)
