"""Interception on one of two ways: what is lost there, and what turns up on the other.

Hoffmann Pham and Komiyama model smugglers who choose between two sea routes: interception on one makes the
total fall, the other rise by a part of the loss, and people per boat move with the smuggler's cost [1]_.
Here the ways are two equal crossings from one coast, half of the launches from one of them are stopped for
good, beside those that patrols stop, and in another world boats cost half as much again.

References
----------
.. [1] K. Hoffmann Pham, J. Komiyama, "Strategic choices of migrants and smugglers in the Central
   Mediterranean sea", PLOS ONE 19(4) (2024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from crossings.scenario import Scenario
from crossings.study.estimates import Estimate, mean, ratio
from crossings.study.launch_log import observe, weighted
from crossings.study.measured import by_world, means
from crossings.study.signs import small_world

CORRIDOR = "signs-crossings"
WATCHED, OTHER = "Eastern beach", "Western beach"
STOPPED = 0.5
"""Chance that a launch from the watched crossing is stopped, beside what patrols do."""
BOAT_COST = 1.5


def two_ways(
    seeds: Sequence[int],
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Estimate], pd.DataFrame]:
    """Stop launches from one of two equal crossings, and apart from that make boats dearer.

    Parameters
    ----------
    seeds
        Of each world.
    processes, progress
        As `crossings.study.measured.measure_all` takes them.

    Returns
    -------
    tuple
        Estimates, and means of each world.
    """
    usual = small_world(CORRIDOR)
    interdiction = {"kind": "UpstreamInterdiction", "stopped": STOPPED, "sites": [WATCHED]}
    dear = {"kind": "SupplyInterdiction", "seizures": 1.0, "boat_cost": BOAT_COST}
    worlds = {
        "before": usual,
        "watched": usual.with_(**{"policies.interdiction": interdiction}),
        "dear boats": usual.with_(**{"policies.cost": dear}),
    }
    found = by_world(landed, worlds, seeds, processes, progress)
    before, watched, dear_boats = found.values()
    estimates = {
        "hoffmann.total": ratio(watched["arrivals"] - before["arrivals"], before["arrivals"]),
        "hoffmann.displaced": ratio(watched[OTHER] - before[OTHER], before[WATCHED] - watched[WATCHED]),
        "hoffmann.people-per-boat": mean(dear_boats["load"] / before["load"] - 1.0),
    }
    return estimates, means(found)


def landed(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run one world and return arrivals, arriving boats by crossing, and people per boat."""
    seen = observe(scenario, seed)
    daily, by = seen.result.daily, seen.result.by
    boats = by[by["outcome"] == "boats"].groupby("key", observed=True)["value"].sum()
    launches = seen.launches
    return {
        "arrivals": float(daily["arrivals"].sum()),
        WATCHED: float(boats.get(WATCHED, 0.0)),
        OTHER: float(boats.get(OTHER, 0.0)),
        "load": float(daily["arrivals"].sum() / daily["boats"].sum()),
        "price": weighted(launches["price"], launches["people"].to_numpy(dtype="float64")),
        "deaths": float(daily["deaths"].sum()),
    }
