"""Departures and distance: an edge of the network of smuggling routes opens.

Friebel and others find that intentions to migrate fall with the distance of the shortest smuggling route
with an elasticity of about -3, from how they moved when an edge through Libya opened [1]_. Here the
elasticity is put in (`RoutesBlock.distance_decay`), an edge opens that shortens the way of half of
twenty-four origins, and departures are measured as they were: what is tested is whether a whole world, with
choice of route, networks, prices and queues, gives the elasticity back, and leaves those alone whose way
is as it was.

References
----------
.. [1] G. Friebel, M. Manchin, M. Mendola, G. Prarolo, "International migration and illegal costs: Evidence
   from Africa-to-Europe smuggling routes", Journal of International Economics 148 (2024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from crossings import corridors
from crossings.geography.distance import shortest_way_km
from crossings.model import run
from crossings.scenario import Scenario
from crossings.study.estimates import Estimate, mean
from crossings.study.measured import by_world
from crossings.study.signs import small_world

CORRIDOR = "signs-origins"
EDGE = "New gate > Transit city"


def departures(
    elasticity: float,
    seeds: Sequence[int],
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Estimate], pd.DataFrame]:
    """Open the edge and measure the elasticity of departures over all origins.

    Parameters
    ----------
    elasticity
        Of candidates to the length of the shortest way, put in.
    seeds
        Of each world.
    processes, progress
        As `crossings.study.measured.measure_all` takes them.

    Returns
    -------
    tuple
        Estimates, and one row for each origin: log change of its shortest way and of its departures.
    """
    opened = small_world(CORRIDOR, **{"routes.distance_decay": elasticity})
    worlds = {"shut": opened.with_(**{"routes.closed": [EDGE]}), "open": opened}
    found = by_world(departed, worlds, seeds, processes, progress)
    way = _log_change_of_way()
    names = list(way)
    nearer = np.array([way[name] for name in names])
    more = np.array([np.log(found["open"][name] / found["shut"][name]) for name in names])  # origin, seed
    slopes = [float(np.polyfit(nearer, of_seed, 1)[0]) for of_seed in more.T]
    same = nearer == 0.0
    opened_all, shut_all = (
        np.sum([found[world][name] for name in np.array(names)[same]], axis=0) for world in ("open", "shut")
    )
    estimates = {
        "friebel.elasticity": mean(slopes),
        "friebel.unchanged": mean(opened_all / shut_all - 1.0),
        "friebel.origins": Estimate(float(len(names))),
    }
    table = pd.DataFrame({"origin": names, "way": nearer, "departures": more.mean(axis=1)})
    return estimates, table


def departed(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run one world and return how many set out from each origin."""
    by = run(scenario, seed=seed).by
    of = by[by["outcome"] == "set_out"].groupby("key", observed=True)["value"].sum()
    return {name: float(of.get(name, 0.0)) for name in corridors.load(CORRIDOR).group_names}


def _log_change_of_way() -> dict[str, float]:
    """Return the log change of the shortest way of every origin when the edge opens."""
    corridor = corridors.load(CORRIDOR)
    start, end = EDGE.split(" > ")
    shut, opened = shortest_way_km(corridor, {(start, end)}), shortest_way_km(corridor)
    return {name: float(np.log(opened[name] / shut[name])) for name in opened}
