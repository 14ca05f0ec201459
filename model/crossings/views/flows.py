"""How many people took each leg and how many tried to cross from each stretch of coast, by week.

Counted from life lines, place by place: two steps of one person that follow each other at different
places are one journey along the leg between them. Nothing here is finer than a place and a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings import corridors
from crossings.corridors import Corridor
from crossings.errors import InputError
from crossings.outcomes.summary import WEEK, Dates
from crossings.views.sheet import one_run

if TYPE_CHECKING:
    from crossings.outcomes.result import Result

Counts = NDArray[np.int64]

_FROM_BOAT = ("held",)
_BY_LORRY = ("lorry_arrived",)


@dataclass(frozen=True, eq=False)
class Flows:
    """People on legs and at launch sites, by week.

    Attributes
    ----------
    corridor
        Whose places and legs.
    starts
        First date of each week, counted from the first date of the run; the last may be cut short.
    legs
        (start, end, mode) of every leg of the corridor, in file order.
    people
        People who took each leg, shape (legs, weeks).
    sites
        Names of launch sites, in file order.
    attempts
        Person-attempts at each site, shape (sites, weeks).
    arrivals, deaths
        People who arrived by boat and who died trying, shape (weeks,).
    """

    corridor: Corridor
    starts: Dates
    legs: tuple[tuple[str, str, str], ...]
    people: Counts
    sites: tuple[str, ...]
    attempts: Counts
    arrivals: Counts
    deaths: Counts


def count(result: Result) -> Flows:
    """Count flows from the life lines of a run, over the dates it reports.

    Raises
    ------
    InputError
        If the run did not record life lines.
    """
    one_run(result)
    if result.steps is None:
        raise InputError(f"map of '{result.name}': expected a run with life lines: run(..., events=True)")
    corridor = corridors.load(result.scenario.get("corridor", "channel"))
    starts = np.arange(
        np.datetime64(result.start, "D"),
        np.datetime64(result.end, "D") + np.timedelta64(1, "D"),
        np.timedelta64(WEEK, "D"),
    )
    steps: Any = result.steps.astype({"place": "object", "from": str, "to": str})
    sites = tuple(site.name for site in corridor.sites)
    at_sea = steps[steps["to"] == "at_sea"]
    attempts = _table(at_sea["place"], at_sea["time"], sites, starts, result)
    legs, people = _legs(steps, corridor, starts, result)
    daily = result.daily
    week = np.arange(len(daily)) // WEEK
    return Flows(
        corridor=corridor,
        starts=starts,
        legs=legs,
        people=people,
        sites=sites,
        attempts=attempts,
        arrivals=np.bincount(week, daily["arrivals"], len(starts)).astype(np.int64),
        deaths=np.bincount(week, daily["deaths"], len(starts)).astype(np.int64),
    )


def _legs(
    steps: Any, corridor: Corridor, starts: Dates, result: Result
) -> tuple[tuple[tuple[str, str, str], ...], Counts]:
    """Return the legs and how many people took each by week.

    A boat is counted on the leg from its site to the landing most boats from there make for, and where
    two modes join the same places, people are counted on the faster, which they pay for.
    """
    legs = tuple((leg.start, leg.end, leg.mode) for leg in corridor.legs)
    landing = {site.name: site.landing for site in corridor.sites}
    moved = steps.dropna(subset="place")
    before = moved.groupby("person")["place"].shift()
    by_boat = (moved["from"] == "at_sea") & moved["to"].isin(_FROM_BOAT)
    by_lorry = moved["to"].isin(_BY_LORRY)
    after = moved["place"].where(~by_boat, before.map(landing))
    names = before.astype(str) + " > " + after.astype(str)
    if corridor_lorry := [leg for leg in legs if leg[2] == "lorry"]:
        names = names.where(~by_lorry, " > ".join(corridor_lorry[0][:2]) + " by lorry")
    keys = tuple(f"{start} > {end}{' by lorry' if mode == 'lorry' else ''}" for start, end, mode in legs)
    travelled = before.notna() & (before != after) | by_lorry
    return legs, _table(names[travelled], moved["time"][travelled], keys, starts, result)


def _table(names: Any, times: Any, rows: tuple[str, ...], starts: Dates, result: Result) -> Counts:
    """Count names by week within the dates of a run; names that are no row are left out."""
    row = pd.Index(rows).get_indexer(pd.Index(names))
    days = times.to_numpy().astype("datetime64[D]")
    first, last = np.datetime64(result.start, "D"), np.datetime64(result.end, "D")
    kept = (row >= 0) & (days >= first) & (days <= last)
    week = (days[kept] - first).astype(np.int64) // WEEK
    counts = np.zeros((len(rows), len(starts)), dtype=np.int64)
    np.add.at(counts, (row[kept], week), result.scenario.get("people_per_agent", 1))
    return counts
