"""Distance and departure: fewer people set out where the way is longer.

The demand of a corridor is stated for its network as it is. Where legs are closed
(`RoutesBlock.closed`) some groups have a longer way, and of those fewer become candidates: in
proportion to the length of the shortest way to a camp to the power `RoutesBlock.distance_decay`. That
elasticity is 0 by default, for nothing in the Channel's data tells it; for intentions to migrate from
Africa to Europe it was found to be about -3 [1]_.

References
----------
.. [1] G. Friebel, M. Manchin, M. Mendola, G. Prarolo, "International migration and illegal costs:
   Evidence from Africa-to-Europe smuggling routes", Journal of International Economics 148 (2024).
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import replace

import networkx as nx

from crossings.corridors import Corridor
from crossings.geography.routes import RoutesBlock, closed_legs, onward_legs


def shortest_way_km(corridor: Corridor, shut: Collection[tuple[str, str]] = ()) -> dict[str, float]:
    """Return the length of every group's shortest way to a camp, in km; infinite where there is none.

    Parameters
    ----------
    corridor
        Places, legs and groups.
    shut
        Ends of the legs that cannot be taken.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(place.name for place in corridor.places)
    for leg in onward_legs(corridor):
        known = graph.get_edge_data(leg.start, leg.end, {"km": math.inf})["km"]
        if (leg.start, leg.end) not in shut:
            graph.add_edge(leg.start, leg.end, km=min(known, leg.distance_km))
    camps = {camp.name for camp in corridor.camps}
    to_camp = nx.multi_source_dijkstra_path_length(graph.reverse(), camps, weight="km")
    return {group.name: to_camp.get(group.origin, math.inf) for group in corridor.groups}


def demand_at_distance(corridor: Corridor, block: RoutesBlock) -> Corridor:
    """Return the corridor with the demand that is left where closed legs make ways longer.

    Parameters
    ----------
    corridor
        Whose yearly demand holds with no leg closed.
    block
        Which legs are closed, and how candidates fall with distance.

    Raises
    ------
    InputError
        If a leg is named that the corridor has not.
    """
    shut = closed_legs(corridor, block.closed)
    if not shut or block.distance_decay == 0.0:
        return corridor
    before, now = shortest_way_km(corridor), shortest_way_km(corridor, shut)
    left = {name: (now[name] / before[name]) ** block.distance_decay for name in now}
    demand = {
        year: {name: number * left[name] for name, number in groups.items()}
        for year, groups in corridor.yearly_demand.items()
    }
    return replace(corridor, yearly_demand=demand)
