"""Space and weather: the network of routes over a corridor, and the sea of every night.

Public names
------------
``RouteNetwork(corridor, block=RoutesBlock())``
    The corridor as a networkx graph, and the cheapest routes of every group (`Route`).
``demand_at_distance(corridor, block)``
    The corridor with the demand that is left where closed legs make ways longer.
``PlaceNetwork(name, places, legs)``
    Places and legs as a graph: what `RouteNetwork`, and other people's models, are built on.
``Weather(block, streams, clock, days)``
    Wave height and its forecast for every model day.
"""

from __future__ import annotations

from crossings.geography.distance import demand_at_distance
from crossings.geography.network import PlaceNetwork
from crossings.geography.routes import Route, RouteNetwork, RoutesBlock
from crossings.geography.weather import Weather, WeatherBlock

__all__ = [
    "PlaceNetwork",
    "Route",
    "RouteNetwork",
    "RoutesBlock",
    "Weather",
    "WeatherBlock",
    "demand_at_distance",
]
