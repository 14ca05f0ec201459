"""What each published experiment shows in its figure, by the name of its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from crossings.study.estimates import ratio
from crossings.views import reproduced_camps
from crossings.views.reproduced_borders import gathmann, signs
from crossings.views.style import COLOURS, DASHES, FAINT

Tables = Mapping[str, pd.DataFrame]
Published = Mapping[str, float]
Panel = Callable[[Axes, Tables, Published], None]


_DASHED = (0, (2, 2))


def repeated_trials(axes: Axes, tables: Tables, published: Published) -> None:
    """Draw how often those who were caught were caught, by world."""
    table = tables["caught"].pivot_table(index="world", columns="times", values="share", sort=False)
    names = {"p35": "p = .35", "p40": "p = .40", "p35-give-up": "p = .35, a fifth\ngive up",
             "mixed": "mean p = .40,\npeople differ"}  # fmt: skip
    classes = {"caught-once": "once", "caught-twice": "twice", "caught-more": "three times or more"}
    places, width = np.arange(len(table)), 0.26
    for number, (column, label) in enumerate(classes.items()):
        beside = places + (number - 1) * width
        axes.bar(beside, table[column], width * 0.92, color=COLOURS[number], label=label)
    for name in ("mixed.caught-once", "mixed.caught-twice"):
        if name in published:
            axes.axhline(published[name], color=FAINT, linewidth=0.8, linestyle=_DASHED)
    axes.set_xticks(places, [names[world] for world in table.index])
    axes.set_ylabel("share of people caught")
    axes.legend(
        title="caught (dashes: as published for 1999\u20132009)",
        ncols=3,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
    )


def three_cities(axes: Axes, tables: Tables, published: Published) -> None:
    """Draw the share by the better exit in each variant, in both worlds."""
    table = tables["shares"]
    order = ["no-communication", "half-exploration", "standard", "talk-only", "full-exploration",
             "perfect-information"]  # fmt: skip
    for number, (world, rows) in enumerate(table.groupby("world")):
        found = rows.set_index("variant").loc[order]
        _points(
            axes,
            np.arange(len(order)) + 0.16 * number - 0.08,
            found["better_exit"],
            found,
            number,
            str(world),
        )
    exact = published.get("3-cities.perfect-information.better-exit")
    if exact is not None:
        axes.axhline(exact, color=FAINT, linewidth=0.8, linestyle=_DASHED)
        axes.text(-0.45, exact + 0.003, "perfect information, exactly", color=FAINT, fontsize=7)
    axes.set_xticks(range(len(order)), [name.replace("-", "\n") for name in order])
    axes.set_ylabel("share of people who left\nby the better exit")
    axes.legend(loc="lower right")


def sanctions(axes: Axes, tables: Tables, published: Published) -> None:
    """Draw the effect of each sanction by two estimators, given out by lot or aimed."""
    table = tables["effects"]
    names = {"naive": "plain comparison", "iv": "places as instruments"}
    assigned = {"lot": "by lot", "aimed": "aimed at likely\nrepeaters"}
    labels = [f"{kind},\n{said}" for kind in ("administrative", "full set") for said in assigned.values()]
    for number, (estimator, label) in enumerate(names.items()):
        found = table[table["estimator"] == estimator].reset_index(drop=True)
        where = np.arange(len(found)) + 0.16 * number - 0.08
        scaled = found.assign(low=100 * found["low"], high=100 * found["high"])
        _points(axes, where, 100 * found["effect"], scaled, number, label)
    for first, name in ((0, "administrative"), (2, "full")):
        level = 100 * published.get(f"aimed.iv.{name}", np.nan)
        axes.plot([first - 0.4, first + 1.4], [level, level], color=FAINT, linewidth=0.8, linestyle=_DASHED)
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    axes.set_xticks(range(len(labels)), labels)
    axes.set_ylabel("effect on apprehension again\nwithin 18 months (points)")
    axes.legend(title="dashes: as published", ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0))


def beds_bottleneck(axes: Axes, tables: Tables, _published: Published) -> None:
    """Draw entries by the chance of being caught, for each number of beds."""
    for number, (beds, rows) in enumerate(tables["bottleneck"].groupby("beds")):
        low, high = rows["entered"] - rows["low"], rows["high"] - rows["entered"]
        axes.errorbar(rows["caught"], rows["entered"], yerr=[low, high], label=f"{beds:g}", marker="o",
                      markersize=3, color=COLOURS[number % 6], linestyle=DASHES[number % 6])  # fmt: skip
    axes.set_xlabel("chance of being caught", labelpad=1)
    axes.set_ylabel("people entering a day")
    axes.set_ylim(bottom=0.0)
    axes.set_xticks(sorted(tables["bottleneck"]["caught"].unique()))
    axes.legend(title="beds over offered load", ncols=4, loc="lower left")


def founding_article(axes: Axes, tables: Tables, _published: Published) -> None:
    """Draw the effect on arrivals by returns a week."""
    names = {"grow": "beds, caseworkers and officers in proportion", "stay": "on the resources of the pilot"}
    for number, (resources, label) in enumerate(names.items()):
        rows = tables["effects"][tables["effects"]["resources"] == resources]
        percent = rows.assign(low=100 * rows["low"], high=100 * rows["high"])
        where = rows["a_week"].to_numpy() * (1.0 + 0.02 * number)
        axes.plot(where, 100 * rows["effect"], color=COLOURS[number], linestyle=DASHES[number])
        _points(axes, where, 100 * rows["effect"], percent, number, label)
    weeks = sorted(tables["effects"]["a_week"].unique())
    axes.axhline(0.0, color=FAINT, linewidth=0.8)
    axes.set_xscale("log")
    died = tables["effects"].pivot_table(index="a_week", columns="resources", values="deaths").round()
    axes.set_xticks(
        weeks, [f"{w:g}\n{died.loc[w, 'grow']:.0f} / {died.loc[w, 'stay']:.0f} died" for w in weeks]
    )
    axes.set_xticks([], minor=True)
    without = tables["effects"]["deaths_without"].iloc[0]
    axes.set_xlabel(f"returns a week; deaths with / without growing resources ({without:.0f} without policy)")
    axes.set_ylabel("effect on arrivals (%)")
    axes.legend(title="95% intervals over seeds", loc="lower left")


def routes_and_rumours(axes: Axes, tables: Tables, _published: Published) -> None:
    """Draw concentration of traffic by length of journeys, run by run."""
    table = tables["runs"]
    for number, (comm, rows) in enumerate(table.groupby("comm", sort=False)):
        for know, found in rows.groupby("know", sort=False):
            marker = "o" if know == "low" else "s"
            axes.plot(found["n_steps"], found["rstdd_link"], marker, markersize=4,
                      color=COLOURS[number], label=f"{comm} communication, {know} knowledge")  # fmt: skip
    axes.set_xlabel("cities visited by those who arrived", labelpad=1)
    axes.set_ylabel("concentration of traffic\n(SD over mean of links)")
    axes.legend(title="one point a run", ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0))


def risk_and_rumours(axes: Axes, tables: Tables, published: Published) -> None:
    """Draw deaths for each arrival by year, pooled over runs, beside the published."""
    table = tables["runs"]
    years = (2016, 2017, 2018, 2019)
    for year in years:
        pooled = ratio(table[f"deaths_{year}"], table[f"arrivals_{year}"])
        bounds = [np.nan if end is None else 100 * end for end in (pooled.low, pooled.high)]
        rows = pd.DataFrame({"low": bounds[:1], "high": bounds[1:]})
        label = "obtained, all runs (95% intervals)" if year == years[0] else ""
        _points(axes, [year], pd.Series([100 * pooled.value]), rows, 0, label)
    known = [published.get(f"deaths-per-arrival-{year}") for year in years]
    level = [np.nan if share is None else 100 * share for share in known]
    starts, ends = np.array(years) - 0.2, np.array(years) + 0.2
    axes.hlines(level, starts, ends, color=FAINT, label="as published")
    counts = [(table[f"arrivals_{year}"].sum(), table[f"deaths_{year}"].sum()) for year in years]
    axes.set_xticks(
        years, [f"{y}\n{a:,.0f} arrived, {d:,.0f} died" for y, (a, d) in zip(years, counts, strict=True)]
    )
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    axes.set_ylim(bottom=0.0)
    axes.set_ylabel("deaths for each\nhundred arrivals")
    axes.legend(loc="upper left")


def flee_checks(axes: Axes, tables: Tables, published: Published) -> None:
    """Draw the shares of the star, obtained beside exact."""
    table = tables["star"]
    places = np.arange(len(table))
    exact = [published.get(f"star.{name}", np.nan) for name in table["place"]]
    axes.bar(places, table["share"], 0.5, color=COLOURS[0], label="obtained")
    axes.hlines(exact, places - 0.35, places + 0.35, color=COLOURS[1], label="exact")
    axes.set_xticks(places, list(table["place"]))
    axes.set_ylabel("share of those who\nset out from the middle")
    axes.legend(ncols=2, loc="lower left", bbox_to_anchor=(0.0, 1.0))


def _points(axes: Axes, where: Any, middle: Any, ends: pd.DataFrame, number: int, label: str) -> None:
    errors = [middle - ends["low"], ends["high"] - middle]
    axes.errorbar(where, middle, yerr=errors, color=COLOURS[number], linestyle="none", marker="os"[number],
                  markersize=3.5, capsize=2, label=label)  # fmt: skip


PANELS: dict[str, Panel] = {
    "beds-bottleneck": beds_bottleneck,
    "flee": reproduced_camps.draw,
    "flee-checks": flee_checks,
    "founding-article": founding_article,
    "gathmann": gathmann,
    "repeated-trials": repeated_trials,
    "risk-and-rumours": risk_and_rumours,
    "routes-and-rumours": routes_and_rumours,
    "sanctions": sanctions,
    "signs": signs,
    "three-cities": three_cities,
}
"""Panel of each run; given what the run found and what was published."""

HEIGHTS: dict[str, Callable[[Tables], float]] = {"flee": reproduced_camps.height}
"""Inches of panels that take more or less room than others do, by what the run found."""
