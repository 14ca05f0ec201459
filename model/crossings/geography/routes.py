"""The network of routes: a graph of real places, and the ways people take through it.

Places and legs of a corridor become a directed multigraph, whose parallel edges are the modes in
which a leg can be travelled. People think of a few routes, not of all: for each group these are
the cheapest simple paths from its origin to a camp, by a generalised cost that adds money, time
and danger. They are found once, with Yen's algorithm as networkx has it; choosing among them, and
travelling, is `crossings.people.journeys`.

References
----------
.. [1] J. Y. Yen, "Finding the K shortest loopless paths in a network", Management Science 17
   (1971), doi:10.1287/mnsc.17.11.712.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from crossings.corridors import Corridor, Leg
from crossings.errors import InputError, nearest
from crossings.geography.network import PlaceNetwork
from crossings.parameters import Block, param

Codes = NDArray[np.int16]
Floats = NDArray[np.float64]

NO_PLACE = -1
"""Fills `RouteNetwork.place_at` beyond a route's end."""

_ONWARD = ("origin", "entry", "hub")  # from these people go on over land
_COAST = "\0coast"  # joins all camps, so that one search finds the way to any of them


class RoutesBlock(Block):
    """Which routes people consider."""

    routes_per_group: int = param(
        4,
        "Routes from its origin that a group considers.",
        unit="routes",
        low=2,
        high=8,
        min_value=1,
        max_value=20,
    )
    routes_per_gateway: int = param(
        2,
        "Most routes considered through one and the same first stop.",
        unit="routes",
        low=1,
        high=4,
        min_value=1,
        max_value=20,
    )
    detour: float = param(
        2.5,
        "A route is not considered beyond this multiple of the cheapest's cost.",
        low=1.2,
        high=4.0,
        min_value=1.0,
    )
    day_cost: float = param(
        25.0,
        "What a day under way is worth, living costs and lost time.",
        unit="GBP/day",
        low=10,
        high=60,
        min_value=0,
    )
    hazard_cost: float = param(
        100_000.0,
        "What a certain death under way is weighed at when routes are compared.",
        unit="GBP",
        low=20_000,
        high=500_000,
        min_value=0,
    )
    closed: tuple[str, ...] = param(
        (),
        "Legs before the coast that cannot be taken, each as 'START > END'; all can if none is named",
        unit="leg",
    )
    distance_decay: float = param(
        0.0,
        "Elasticity of a group's candidates to the length of its shortest way to a camp, over that with no "
        "leg closed; 0 leaves them as many as they are.",
        low=-4.0,
        high=0.0,
        source="off by default; about -3 of intentions to migrate (Friebel et al. 2024)",
        min_value=-10.0,
        max_value=0.0,
    )


@dataclass(frozen=True, eq=False)
class Route:
    """One way from an origin to a camp.

    Attributes
    ----------
    index
        Its number among the routes of all groups.
    group
        Code of the group that considers it.
    places
        Codes of the places passed, from origin to camp.
    modes
        Mode of each leg.
    days
        Days of each leg, stays included.
    hazards
        Chance of dying on each leg.
    fee
        Pounds for all legs.
    hazard
        Chance of dying on the whole way.
    cost
        Generalised cost in pounds: fee, days and hazard at their weights.
    """

    index: int
    group: int
    places: tuple[int, ...]
    modes: tuple[str, ...]
    days: Floats
    hazards: Floats
    fee: float
    hazard: float
    cost: float

    @property
    def camp(self) -> int:
        """Code of the camp at its end."""
        return self.places[-1]


class RouteNetwork(PlaceNetwork):
    """A corridor as a graph, with the routes of every group.

    Parameters
    ----------
    corridor
        Places, legs, groups and sites.
    block
        Which routes people consider.

    Attributes
    ----------
    graph : networkx.MultiDiGraph
        Nodes are names of places, edges are keyed by mode.
    names : tuple of str
        Names of places in order of code.
    routes : tuple of Route
        All routes; `Route.index` is the position here.
    place_at : ndarray of int16, shape (routes, stops)
        Code of the place at each stop of each route, `NO_PLACE` beyond its end.
    leg_days, leg_hazard : ndarray, shape (routes, stops - 1)
        Days and chance of dying from each stop to the next, 0 beyond the end.
    stops : ndarray of int16, shape (routes,)
        Places on each route, origin and camp included.
    fee, hazard, cost : ndarray, shape (routes,)
        Totals of each route, as in `Route`.
    camps, sites : ndarray of int16
        Codes of camps and of launch sites, in file order.
    site_distance_km : ndarray, shape (sites,)
        Straight line to the landing.
    camp_of_site, landing_of_site : ndarray of int16, shape (sites,)
        Codes of the camp beside a site, to which no rule ties it, and of where its boats mostly land.

    Raises
    ------
    InputError
        If a group has no way to any camp.
    """

    def __init__(self, corridor: Corridor, block: RoutesBlock | None = None) -> None:
        super().__init__(corridor.name, corridor.places, corridor.legs)
        self.corridor = corridor
        self.block = block or RoutesBlock()
        for leg in corridor.legs:
            self.graph.edges[leg.start, leg.end, leg.mode]["cost"] = self._cost(leg)
        self._find_routes()
        self._tabulate_routes()
        self._tabulate_coast()

    def routes_of(self, group: int) -> tuple[Route, ...]:
        """Return the routes a group considers, cheapest first."""
        return self._by_group[group]

    @property
    def has_lorry(self) -> bool:
        """Whether lorries are a way across in this corridor."""
        return any(leg.mode == "lorry" for leg in self.corridor.legs)

    @property
    def lorry_leg(self) -> Leg:
        """The way across by lorry, the alternative to the boat; `InputError` if there is none."""
        for leg in self.corridor.legs:
            if leg.mode == "lorry":
                return leg
        raise InputError(f"corridor '{self.corridor.name}': no leg of mode lorry in legs.csv")

    def _cost(self, leg: Leg) -> float:
        return leg.fee + self.block.day_cost * leg.days + self.block.hazard_cost * leg.hazard

    def _overland(self) -> nx.DiGraph[str]:
        """Return the cheapest mode of every leg between origins, entries, hubs and camps."""
        cheapest: nx.DiGraph[str] = nx.DiGraph()
        shut = closed_legs(self.corridor, self.block.closed)
        for leg in onward_legs(self.corridor):
            if (leg.start, leg.end) in shut:
                continue
            ends = (leg.start, leg.end)
            if not cheapest.has_edge(*ends) or self._cost(leg) < cheapest.edges[ends]["cost"]:
                cheapest.add_edge(leg.start, leg.end, cost=self._cost(leg), leg=leg)
        for camp in self.corridor.camps:
            cheapest.add_edge(camp.name, _COAST, cost=0.0)
        return cheapest

    def _find_routes(self) -> None:
        overland = self._overland()
        routes: list[Route] = []
        by_group: list[tuple[Route, ...]] = []
        for group in self.corridor.groups:
            found = [
                self._route(len(routes) + number, group.code, legs)
                for number, legs in enumerate(self._considered(overland, group.origin))
            ]
            if not found:
                raise InputError(f"legs.csv: no way from {group.origin}, origin of {group.name}, to any camp")
            routes.extend(found)
            by_group.append(tuple(found))
        self.routes = tuple(routes)
        self._by_group = tuple(by_group)

    def _considered(self, overland: nx.DiGraph[str], origin: str) -> list[list[Leg]]:
        """Return the legs of the routes considered from an origin, cheapest first.

        No two simple paths with different first stops are the same, so the few cheapest through
        each first stop hold the few cheapest of all.
        """
        if origin not in overland:
            return []
        abroad = overland.copy()
        abroad.remove_node(origin)
        ways = [
            [overland.edges[origin, gateway]["leg"], *onward]
            for gateway in overland.successors(origin)
            for onward in islice(_simple_paths(abroad, gateway), self.block.routes_per_gateway)
        ]
        ways.sort(key=lambda legs: (sum(map(self._cost, legs)), [leg.end for leg in legs]))
        limit = self.block.detour * sum(map(self._cost, ways[0])) if ways else 0.0
        within = [legs for legs in ways if sum(map(self._cost, legs)) <= limit]
        return within[: self.block.routes_per_group]

    def _route(self, index: int, group: int, legs: list[Leg]) -> Route:
        hazards = np.array([leg.hazard for leg in legs])
        return Route(
            index=index,
            group=group,
            places=(self._codes[legs[0].start], *(self._codes[leg.end] for leg in legs)),
            modes=tuple(leg.mode for leg in legs),
            days=np.array([leg.days for leg in legs]),
            hazards=hazards,
            fee=sum(leg.fee for leg in legs),
            hazard=float(1.0 - np.prod(1.0 - hazards)),
            cost=sum(map(self._cost, legs)),
        )

    def _tabulate_routes(self) -> None:
        self.stops = np.array([len(route.places) for route in self.routes], dtype=np.int16)
        width = int(self.stops.max())
        self.place_at: Codes = np.full((len(self.routes), width), NO_PLACE, dtype=np.int16)
        self.leg_days: Floats = np.zeros((len(self.routes), width - 1))
        self.leg_hazard: Floats = np.zeros((len(self.routes), width - 1))
        for route in self.routes:
            legs = len(route.days)
            self.place_at[route.index, : legs + 1] = route.places
            self.leg_days[route.index, :legs] = route.days
            self.leg_hazard[route.index, :legs] = route.hazards
        self.fee: Floats = np.array([route.fee for route in self.routes])
        self.hazard: Floats = np.array([route.hazard for route in self.routes])
        self.cost: Floats = np.array([route.cost for route in self.routes])

    def _tabulate_coast(self) -> None:
        def codes(names: Any) -> Codes:
            return np.array([self._codes[name] for name in names], dtype=np.int16)

        sites = self.corridor.sites
        self.camps = codes(camp.name for camp in self.corridor.camps)
        self.sites = codes(site.name for site in sites)
        self.camp_of_site = codes(site.camp for site in sites)
        self.landing_of_site = codes(site.landing for site in sites)
        self.site_distance_km: Floats = np.array([site.distance_km for site in sites])


def onward_legs(corridor: Corridor) -> list[Leg]:
    """Return the legs between origins, entries, hubs and camps, by which people go on to the coast."""
    kind = {place.name: place.kind for place in corridor.places}
    return [
        leg for leg in corridor.legs if kind[leg.start] in _ONWARD and kind[leg.end] in (*_ONWARD, "camp")
    ]


def closed_legs(corridor: Corridor, names: Iterable[str]) -> set[tuple[str, str]]:
    """Return the ends of the legs named as ``START > END``; `InputError` if there is no such leg."""
    known = {f"{leg.start} > {leg.end}": (leg.start, leg.end) for leg in onward_legs(corridor)}
    for name in names:
        if name not in known:
            hint = nearest(name, known)
            raise InputError(
                f"routes.closed = '{name}': expected a leg before the coast, as 'START > END'{hint}"
            )
    return {known[name] for name in names}


def _simple_paths(graph: nx.DiGraph[str], start: str) -> Iterator[list[Leg]]:
    """Yield the simple paths from a place to the coast as legs, cheapest first."""
    if nx.has_path(graph, start, _COAST):
        for path in nx.shortest_simple_paths(graph, start, _COAST, weight="cost"):
            yield [graph.edges[ends]["leg"] for ends in pairwise(path[:-1])]
