"""The roads as people see them from a place: ways ahead, what draws to their ends, and what is closed.

A way ahead is a path of one road or of several, as far as people know them; markers, where nobody stays,
are passed without being counted. Its weight is the attraction of its end over its length, times the room
that is left there:

    w = s / (c + d) r,    r = 1 below the buffer, falling in a line to 0 where a camp is full

and it is chosen in proportion to its weight; where all weights are 0 every way is as likely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.replicas.flee.case import Case, Floats, Ints
from crossings.replicas.flee.rules import FleeBlock

Flags = NDArray[np.bool_]


MOST_WAYS = 50_000


@dataclass(frozen=True, eq=False)
class Ahead:
    """Ways ahead from a place.

    Attributes
    ----------
    ways
        Numbers of the roads of each way, in order of travel.
    first, end
        First road of each way and place at its end, shape (ways,).
    km
        Length of each way, shape (ways,).
    """

    ways: tuple[tuple[int, ...], ...]
    first: Ints
    end: Ints
    km: Floats


class Roads:
    """The roads of a case in both directions, and which of them are open.

    Parameters
    ----------
    case
        Whose roads.
    block
        Rules.

    Attributes
    ----------
    network : PlaceNetwork
        The graph; its edges carry the number of the road, in the order of the file, the way there first.
    start, end, km
        Of every road in one direction, shape (roads,).
    limit
        The most that is travelled on it in a day, shape (roads,).
    walks
        Chance that it is walked on a day, shape (roads,).
    forced
        Whether all who leave its start must take it, shape (roads,).
    open
        Whether it is open now, shape (roads,).
    """

    def __init__(self, case: Case, block: FleeBlock) -> None:
        self.case, self.block = case, block
        self.network = case.network()
        legs = case.legs
        for number, leg in enumerate(legs):
            self.network.graph.edges[leg.start, leg.end, leg.mode]["number"] = number
        self.start: Ints = np.array([self.network.code(leg.start) for leg in legs], dtype=np.int64)
        self.end: Ints = np.array([self.network.code(leg.end) for leg in legs], dtype=np.int64)
        self.km: Floats = np.array([leg.distance_km for leg in legs], dtype=np.float64)
        both = [road for road in case.roads for _ in range(2)]
        self.limit: Floats = np.array([road.km_a_day or block.km_a_day for road in both], dtype=np.float64)
        self.walks: Floats = np.array([road.walk_chance for road in both], dtype=np.float64)
        self._redirects: Flags = np.array([road.forced for road in both], dtype=bool)
        self._redirects[1::2] = False  # nobody is sent the way back
        self.forced: Flags = self._redirects.copy()
        self.open: Flags = np.ones(len(both), dtype=bool)
        self._country = np.array([site.place.country for site in case.sites])
        self._marker = [site.place.kind == "marker" for site in case.sites]
        self._seen: dict[int, Ahead] = {}

    def close(self, day: int) -> None:
        """Close and open roads, and end redirections, as on a day."""
        is_open = np.ones(len(self.start), dtype=bool)
        forced = self._redirects.copy()
        for closure in self.case.closures:
            if closure.on(day):
                if closure.kind == "remove_forced_redirection":
                    forced &= ~self._from_to(closure.first, closure.second)
                else:
                    is_open &= ~self._closed_by(closure.kind, closure.first, closure.second)
        if not np.array_equal(is_open, self.open) or not np.array_equal(forced, self.forced):
            self.open, self.forced = is_open, forced
            self._seen.clear()

    def ahead(self, place: int) -> Ahead:
        """Return the ways ahead from a place over roads that are open, in the order of the file."""
        if place not in self._seen:
            ways = self._redirected(place) or self._ways(place)
            self._seen[place] = Ahead(
                ways=tuple(ways),
                first=np.array([way[0] for way in ways], dtype=np.int64),
                end=np.array([self.end[way[-1]] for way in ways], dtype=np.int64),
                km=np.array([self.km[list(way)].sum() for way in ways], dtype=np.float64),
            )
        return self._seen[place]

    def chances(self, ahead: Ahead, attraction: Floats, room: Floats) -> Floats:
        """Return the chances with which ways ahead are chosen, summing to 1.

        Parameters
        ----------
        ahead
            The ways.
        attraction, room
            Of every place, shape (places,).
        """
        if self.block.awareness == 0:
            weights = np.ones(len(ahead.ways))
        else:
            weights = attraction[ahead.end] / (self.block.softening_km + ahead.km) * room[ahead.end]
        total = weights.sum()
        return weights / total if total > 0.0 else np.full(len(weights), 1.0 / max(len(weights), 1))

    def _redirected(self, place: int) -> list[tuple[int, ...]]:
        """Return the roads from a place that all must take."""
        return [(road,) for road in self._leaving(place) if self.forced[road]]

    def _leaving(self, place: int) -> list[int]:
        """Return the open roads from a place."""
        graph: Any = self.network.graph  # the types of networkx know no single attribute of edges
        roads = (road for _, _, road in graph.out_edges(self.network.names[place], data="number"))
        return sorted(road for road in roads if self.open[road])

    def _ways(self, place: int) -> list[tuple[int, ...]]:
        """Return all ways of as many roads as people know ahead, none of which passes a place twice."""
        if self.block.awareness == 0:
            return [(road,) for road in self._leaving(place)]
        found: list[tuple[int, ...]] = []

        def go_on(here: int, way: tuple[int, ...], passed: frozenset[int], counted: int) -> None:
            for road in self._leaving(here):
                end = int(self.end[road])
                if end in passed:
                    continue
                known = counted + (0 if self._marker[end] else 1)
                if not self._marker[end]:
                    found.append((*way, road))
                    if len(found) > MOST_WAYS:
                        raise InputError(
                            f"awareness = {self.block.awareness}: more than {MOST_WAYS:,} ways ahead from "
                            f"'{self.network.names[place]}', expected fewer roads ahead"
                        )
                if known < self.block.awareness:
                    go_on(end, (*way, road), passed | {end}, known)

        go_on(place, (), frozenset((place,)), 0)
        return found

    def _from_to(self, first: str, second: str) -> Flags:
        """Return which roads lead from one place to another."""
        start, end = self.network.code(first), self.network.code(second)
        found: Flags = (self.start == start) & (self.end == end)
        return found

    def _closed_by(self, kind: str, first: str, second: str) -> Flags:
        """Return which roads a closure closes, in both directions."""
        if kind == "country":
            start, end = self._country[self.start], self._country[self.end]
            found: Flags = ((start == first) & (end == second)) | ((start == second) & (end == first))
            return found
        if kind == "link":
            return self._from_to(first, second) | self._from_to(second, first)
        if kind == "location":
            code = self.network.code(first)
            around: Flags = (self.start == code) | (self.end == code)
            return around
        return np.zeros(len(self.start), dtype=bool)  # a camp that closes is a town; its roads stay open


class Ways:
    """All ways that anyone has chosen so far, numbered.

    Parameters
    ----------
    roads
        Of which they are made.

    Attributes
    ----------
    roads
        Roads of each way in order of travel, shape (ways, longest); -1 beyond its end.
    length
        How many roads each has, shape (ways,).
    goal
        The place at its end, shape (ways,).
    """

    def __init__(self, roads: Roads) -> None:
        self._network = roads
        self._numbers: dict[tuple[int, ...], int] = {}
        self._tabulate()

    def numbers(self, ways: tuple[tuple[int, ...], ...]) -> Ints:
        """Return the numbers of ways, giving new ones to those not known yet."""
        known = len(self._numbers)
        found = [self._numbers.setdefault(way, len(self._numbers)) for way in ways]
        if len(self._numbers) > known:
            self._tabulate()
        return np.array(found, dtype=np.int64)

    def _tabulate(self) -> None:
        longest = max(map(len, self._numbers), default=1)
        self.roads: Ints = np.full((len(self._numbers), longest), -1, dtype=np.int64)
        for way, number in self._numbers.items():
            self.roads[number, : len(way)] = way
        self.length: Ints = np.array([len(way) for way in self._numbers], dtype=np.int64)
        ends = [int(self._network.end[way[-1]]) for way in self._numbers]
        self.goal: Ints = np.array(ends, dtype=np.int64)
