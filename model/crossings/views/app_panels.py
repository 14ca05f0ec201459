"""What the app draws of a run as it stands: map, weeks, pipeline and beliefs, small enough for a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from weakref import WeakKeyDictionary

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure

from crossings.outcomes.catalogue import OUTCOMES
from crossings.outcomes.summary import WEEK
from crossings.views.beliefs import TOLD
from crossings.views.map import coastline
from crossings.views.sheet import alone, calendar, look, thousands
from crossings.views.style import COLOURS, INK, STYLE

if TYPE_CHECKING:
    from crossings.views.app_model import AppModel

_SIZE = (5.6, 3.6)  # inches
_LATELY = 28  # days that the map adds up
_GROUPS = 4


@dataclass(frozen=True, eq=False)
class Seen:
    """Tables of a run up to the last date that is over."""

    steps: int
    daily: pd.DataFrame
    by: pd.DataFrame


_SEEN: WeakKeyDictionary[Any, Seen] = WeakKeyDictionary()


def seen(model: AppModel) -> Seen:
    """Return the tables of a run as it stands; made once for each date, whoever asks."""
    kept = _SEEN.get(model)
    if kept is None or kept.steps != model.steps:
        daily, by = model.recorder.daily(), model.recorder.by()
        last = daily.index[max(model.done - 1, 0)]
        kept = Seen(
            int(model.steps), daily.iloc[: model.done], by[by["date"] <= last] if model.done else by[:0]
        )
        _SEEN[model] = kept
    return kept


def totals(model: AppModel) -> dict[str, float]:
    """Return the numbers at the top: sums so far, and people waiting now."""
    daily = seen(model).daily
    found = {name: float(daily[name].sum()) for name in ("arrivals", "deaths", "returned", "admitted")}
    return found | {"waiting": float(daily["waiting"].iloc[-1]) if len(daily) else np.nan}


def draw_map(model: AppModel) -> Figure:
    """Draw the coast: launch sites as large as their boats of the last four weeks, by place."""
    by = seen(model).by
    boats = _lately(by, "launches")
    corridor = model.corridor
    at = {place.name: place for place in corridor.places}
    with _styled() as figure:
        axes = figure.add_axes((0.01, 0.01, 0.98, 0.89))
        coast = [place for place in corridor.places if place.kind in ("site", "landing")]
        x, y = ([getattr(place, axis) for place in coast] for axis in ("longitude", "latitude"))
        squeeze = float(np.cos(np.radians(np.mean(y))))
        tall = (max(y) - min(y) + 0.3) / 2
        wide = tall * _SIZE[0] / _SIZE[1] / squeeze * 1.1
        middle = (min(x) + max(x)) / 2, (min(y) + max(y)) / 2
        axes.set(xlim=(middle[0] - wide, middle[0] + wide), ylim=(middle[1] - tall, middle[1] + tall))
        axes.set(xticks=[], yticks=[], facecolor="#F7FAFC")
        axes.grid(False)
        land = coastline(model.setting.corridor).get("coast", [])
        axes.add_collection(
            PolyCollection(land, facecolor="#E9E6DF", edgecolor="#A9A59B", linewidth=0.5), autolim=False
        )
        most = max([*boats.values(), 1.0])
        sites = [(at[site.name], at[site.landing], boats.get(site.name, 0.0)) for site in corridor.sites]
        axes.add_collection(
            LineCollection(
                [((a.longitude, a.latitude), (b.longitude, b.latitude)) for a, b, _ in sites],
                linewidths=[4.0 * n / most for *_, n in sites], colors=COLOURS[1], alpha=0.6,
            ),
            autolim=False,
        )  # fmt: skip
        axes.scatter(
            [a.longitude for a, *_ in sites], [a.latitude for a, *_ in sites],
            s=[260.0 * n / most for *_, n in sites], color=COLOURS[1], edgecolor="white", zorder=4,
        )  # fmt: skip
        for place in coast:
            if place.kind != "site":
                axes.plot(place.longitude, place.latitude, "o", color=INK, markersize=3, zorder=5)
            left = place.kind == "landing"
            axes.annotate(
                place.name, (place.longitude, place.latitude), xytext=(-6 if left else 11, 0),
                textcoords="offset points", ha="right" if left else "left", va="center", fontsize=6.5,
                style="italic" if place.kind == "site" else "normal", zorder=6,
            )  # fmt: skip
        figure.text(0.01, 0.985, f"Boats launched in the last {_LATELY} days, by coast", va="top")
    return figure


def draw_weeks(model: AppModel) -> Figure:
    """Draw people arriving, dying, returned and admitted by week so far, each on a scale of its own."""
    return _four(
        model, "People by week",
        {"arrivals": "arriving", "deaths": "dying in the attempt", "returned": "returned",
         "admitted": "admitted by the legal route"},
    )  # fmt: skip


def draw_pipeline(model: AppModel) -> Figure:
    """Draw the queues from detention to the legal route so far, each on a scale of its own."""
    return _four(
        model, "People in detention, reception and the legal route, weekly means",
        {"detained_stock": "detained for return", "reception": "in the partner's reception",
         "legal_queue": "in the lottery", "vetting": "drawn, being vetted"},
    )  # fmt: skip


def draw_beliefs(model: AppModel) -> Figure:
    """Draw mean beliefs so far, for the groups of whom most arrived."""
    by = seen(model).by
    names = _largest(by)
    with _styled() as figure:
        panels = figure.subplots(1, 3, gridspec_kw={"wspace": 0.42, "left": 0.08, "right": 0.97, "top": 0.76})
        for axes, belief in zip(panels, ("stop", "return", "legal"), strict=True):
            rows: Any = by[by["outcome"] == f"belief_{belief}"]
            for order, name in enumerate(names):
                own = rows[rows["key"] == name]
                axes.plot(
                    own["date"],
                    100 * own["value"],
                    color=look(order)[0],
                    linestyle=look(order)[1],
                    label=name,
                )
            axes.set_title(TOLD[belief], loc="left", fontsize=6.8)
            _since(axes, model, ticks=(2, 4))
            axes.set_ylim(0, _top(axes))
            axes.tick_params(labelsize=6.5)
        figure.text(0.01, 0.985, "Believed chance, per cent", va="top")
        if names:
            handles, labels = panels[0].get_legend_handles_labels()
            figure.legend(
                handles, labels, loc="upper left", bbox_to_anchor=(0.0, 0.93), ncols=_GROUPS, fontsize=7
            )
    return figure


def _four(model: AppModel, title: str, shown: dict[str, str]) -> Figure:
    """Draw four outcomes by week, two by two: one scale for all would press the rare ones flat."""
    daily: Any = seen(model).daily
    whole = len(daily) // WEEK * WEEK
    weeks = daily[:whole].groupby(np.arange(whole) // WEEK)
    starts = daily.index[:whole:WEEK].to_numpy()
    with _styled() as figure:
        panels = figure.subplots(
            2, 2, sharex=True,
            gridspec_kw={"left": 0.08, "right": 0.97, "top": 0.85, "bottom": 0.12, "hspace": 0.28,
                         "wspace": 0.2},
        )  # fmt: skip
        for axes, (outcome, told) in zip(panels.flat, shown.items(), strict=True):
            values = weeks[outcome].sum() if OUTCOMES[outcome].kind == "flow" else weeks[outcome].mean()
            axes.plot(starts, values, color=look(0)[0], marker=alone(starts))
            axes.set_title(told, loc="left", pad=3, fontsize=7.5)
            axes.set_ylim(0, _top(axes))
            thousands(axes)
        for axes in panels[1]:
            _since(axes, model)
        figure.text(0.01, 0.985, title, va="top")
    return figure


def _top(axes: Any) -> float:
    """Return where an axis of counts ends: above what is drawn, and never so low that steps are halves."""
    drawn = float(axes.dataLim.y1)
    return max(5.0, 1.1 * drawn) if np.isfinite(drawn) else 5.0


def _since(axes: Any, model: AppModel, ticks: tuple[int, int] = (4, 7)) -> None:
    dates = np.array([model.setting.start, model.setting.end], dtype="datetime64[D]")
    calendar(axes, dates, ticks)
    for label in axes.get_xticklabels():
        label.set_fontsize(6.5)


def _lately(by: pd.DataFrame, outcome: str) -> dict[str, float]:
    rows: Any = by[by["outcome"] == outcome]
    if rows.empty:
        return {}
    recent = rows[rows["date"] > rows["date"].max() - pd.Timedelta(days=_LATELY)]
    return {str(name): float(n) for name, n in recent.groupby("key", observed=True)["value"].sum().items()}


def _largest(by: pd.DataFrame) -> list[str]:
    rows: Any = by[by["outcome"] == "arrivals"]
    sums = rows.groupby("key", observed=True)["value"].sum().sort_values(ascending=False)
    return [str(name) for name in sums.index[:_GROUPS]]


class _styled:  # noqa: N801, used as a function
    """A small figure in the style of the house."""

    def __enter__(self) -> Figure:
        self._context = mpl.rc_context(cast("Any", STYLE | {"font.size": 7.5}))
        self._context.__enter__()
        return Figure(figsize=_SIZE, facecolor="white")

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)
