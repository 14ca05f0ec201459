"""What each published experiment shows in its figure, by the name of its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crossings.views.style import COLOURS, FAINT

Tables = Mapping[str, pd.DataFrame]
Panel = Callable[[Axes, Tables], None]


def repeated_trials(axes: Axes, tables: Tables) -> None:
    """Draw how often those who were caught were caught, by world."""
    table = tables["caught"].pivot_table(index="world", columns="times", values="share", sort=False)
    names = {"p35": "p = .35", "p40": "p = .40", "p35-give-up": "p = .35, a fifth\ngive up",
             "mixed": "mean p = .40,\npeople differ"}  # fmt: skip
    classes = {"caught-once": "once", "caught-twice": "twice", "caught-more": "three times or more"}
    places, width = np.arange(len(table)), 0.26
    for number, (column, label) in enumerate(classes.items()):
        beside = places + (number - 1) * width
        axes.bar(beside, table[column], width * 0.92, color=COLOURS[number], label=label)
    for level in (0.6, 0.2):
        axes.axhline(level, color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)))
    axes.set_xticks(places, [names[world] for world in table.index])
    axes.set_ylabel("share of people caught")
    axes.legend(
        title="caught (dashes: as published for 1999\u20132009)",
        ncols=3,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
    )


PANELS: dict[str, Panel] = {"repeated-trials": repeated_trials}
"""Panel of each run."""
