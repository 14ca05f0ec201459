"""Places and the ways between them, as a graph; what every network of routes is built on.

How people find their way through it is not said here: the Channel model looks for the cheapest few
(`crossings.geography.routes`), other people's models by their own rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import networkx as nx

from crossings.corridors import Leg, Place
from crossings.errors import unknown


class PlaceNetwork:
    """Places joined by legs, each of one direction and one mode.

    Parameters
    ----------
    name
        Of the whole.
    places
        In order of their codes.
    legs
        Between these places; legs of the same two places differ in mode.

    Attributes
    ----------
    graph : networkx.MultiDiGraph
        Nodes are names of places, edges are keyed by mode.
    names : tuple of str
        Names of places in order of code.
    """

    def __init__(self, name: str, places: Sequence[Place], legs: Iterable[Leg]) -> None:
        self.names = tuple(place.name for place in places)
        self._places = tuple(places)
        self._codes = {place: code for code, place in enumerate(self.names)}
        self.graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=name)
        for code, place in enumerate(places):
            self.graph.add_node(
                place.name,
                code=code,
                kind=place.kind,
                country=place.country,
                latitude=place.latitude,
                longitude=place.longitude,
            )
        for leg in legs:
            self.graph.add_edge(
                leg.start,
                leg.end,
                key=leg.mode,
                leg=leg,
                distance_km=leg.distance_km,
                days=leg.days,
                fee=leg.fee,
                hazard=leg.hazard,
            )

    def code(self, name: str) -> int:
        """Return the code of a place; `InputError` if there is none of that name."""
        if name not in self._codes:
            raise unknown("place", name, self.names)
        return self._codes[name]

    def country_of(self, code: int) -> str:
        """Return the country in which people at a place are counted."""
        return self._places[code].country

    def leg(self, start: int, end: int, mode: str) -> Leg:
        """Return the leg between two places, by their codes, in a mode."""
        leg: Leg = self.graph.edges[self.names[start], self.names[end], mode]["leg"]
        return leg
