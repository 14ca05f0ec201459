"""What the experiments on small corridors show in their figures: two crossings of a border, and signs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crossings.views.style import COLOURS, FAINT

Tables = Mapping[str, pd.DataFrame]
Published = Mapping[str, float]

_PARTS = {"fare": "fee", "time": "time", "danger": "danger"}


def gathmann(axes: Axes, tables: Tables, _published: Published) -> None:
    """Draw what a crossing costs, near and remote, before and after, and what share goes there."""
    table = tables["border"]
    foot = np.zeros(len(table))
    for number, (column, label) in enumerate(_PARTS.items()):
        axes.bar(range(len(table)), table[column], 0.6, bottom=foot, color=COLOURS[number], label=label)
        foot += table[column].to_numpy()
    names = {"before": "before", "tripled": "patrols tripled"}
    names = {"before": "before", "tripled": "patrols tripled"}
    columns = (table["crossing"], table["world"].replace(names), 100 * table["share"], 100 * table["stop"])
    labels = [
        f"{crossing}, {world}\n{share:.0f}% of people,\n{stop:.0f}% stopped"
        for crossing, world, share, stop in zip(*columns, strict=True)
    ]
    axes.set_xticks(range(len(table)), labels)
    died = table.groupby("world", sort=False)["deaths"].first()
    axes.set_ylim(top=1.3 * foot.max())
    axes.set_ylabel("cost of a crossing (pounds)")
    axes.legend(title=f"people who died in a year: {died.iloc[0]:.0f} before, {died.iloc[-1]:.0f} after",
                ncols=3, loc="upper left")  # fmt: skip


def signs(axes: Axes, tables: Tables, published: Published) -> None:
    """Draw departures by distance on the left, and what observers of one history say on the right."""
    axes.axis("off")
    if "departures" in tables:
        left = axes.inset_axes((0.0, 0.0, 0.42, 1.0))
        _departures(left, tables["departures"], published)
    histories = [tables[name] for name in ("histories", "returns") if name in tables]
    if histories:
        right = axes.inset_axes((0.58, 0.0, 0.42, 1.0))
        _observers(right, pd.concat(histories, ignore_index=True))


def _departures(axes: Axes, table: pd.DataFrame, published: Published) -> None:
    nearer, more = 100 * table["way"], 100 * table["departures"]
    slope = published.get("friebel.elasticity", np.nan)
    ends = np.array([nearer.min(), 0.0])
    axes.plot(ends, slope * ends, color=FAINT, linewidth=0.8, label=f"slope {slope:g}")
    axes.plot(nearer, more, "o", color=COLOURS[0], markersize=4, label="an origin")
    axes.set_xlabel("shortest way when an edge opens\n(change, log points)", labelpad=1)
    axes.set_ylabel("departures (change, log points)")
    axes.legend(loc="upper right")


def _observers(axes: Axes, table: pd.DataFrame) -> None:
    worlds = list(dict.fromkeys(table["world"]))
    for number, world in enumerate(worlds):
        rows = table[table["world"] == world]
        seen = rows["seen"].astype(bool)
        beside = number + np.linspace(-0.25, 0.25, len(rows))
        axes.plot(beside[seen], 100 * rows["effect"][seen], "o", color=COLOURS[1], markersize=3.5,
                  label="an effect is seen" if number == 0 else None)  # fmt: skip
        axes.plot(beside[~seen], 100 * rows["effect"][~seen], "o", color=COLOURS[0], markersize=3.5,
                  fillstyle="none", label="none is seen" if number == 0 else None)  # fmt: skip
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    axes.set_xticks(range(len(worlds)), worlds)
    axes.set_ylabel("effect as the observer of one\nhistory estimates it (%)")
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + 0.3 * (high - low))
    axes.legend(title="a point is one history", ncols=2, loc="upper left", columnspacing=1.0)
