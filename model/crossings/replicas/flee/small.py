"""Cases of a handful of places, in which it is known what people do.

They check the rules without any data; numbers and places are made up, but for the distances of the star,
which are those of the published program's own test.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike

from crossings.corridors import Place
from crossings.replicas.flee.case import Case, Closure, Road, Site

START = dt.date(2010, 1, 1)


def made(
    kinds: Mapping[str, str],
    roads: Sequence[tuple[str, str, float]],
    counted: ArrayLike,
    *,
    capacity: float = 0.0,
    closures: Sequence[Closure] = (),
    capacities: Sequence[tuple[int, int, float]] = (),
) -> Case:
    """Return a case of places with conflict throughout at those of conflict.

    Parameters
    ----------
    kinds
        Kind of each place by name; people are counted at camps.
    roads
        Places and kilometres.
    counted
        People counted, shape (days, camps).
    capacity
        Of every camp; 0 is any number.
    closures, capacities
        As in `Case`.
    """
    sites = tuple(
        Site(
            Place(name, kind, "Abroad" if kind == "camp" else "Home", 0.0, 0.0),
            population=1_000.0 if kind == "conflict_zone" else 0.0,
            capacity=capacity if kind == "camp" else 0.0,
        )
        for name, kind in kinds.items()
    )
    numbers = np.array(counted, dtype=np.int64)
    at_war = np.array([kind == "conflict_zone" for kind in kinds.values()], dtype=np.float64)
    return Case(
        name="small",
        start=START,
        days=len(numbers),
        sites=sites,
        roads=tuple(Road(*road) for road in roads),
        conflict=np.tile(at_war, (len(numbers), 1)),
        camps=np.flatnonzero([kind == "camp" for kind in kinds.values()]),
        counted=numbers,
        closures=tuple(closures),
        capacities=tuple(capacities),
    )


def star(people: int) -> Case:
    """Return one day of a star: a place of conflict with three towns at different distances.

    The people are counted in a camp that no road leads to, so that they enter at the place of conflict.
    """
    kinds = {"Source": "conflict_zone", "Town B": "town", "Town C": "town", "Town D": "town", "Camp": "camp"}
    roads = [("Source", "Town B", 834.0), ("Source", "Town C", 1368.0), ("Source", "Town D", 536.0)]
    return made(kinds, roads, [[people]])


def closing_road() -> Case:
    """Return a hundred days of one road of a day's travel, closed from day 3 on; one person enters a day."""
    closure = Closure("link", "Source", "Camp", 3, None)
    kinds = {"Source": "conflict_zone", "Camp": "camp"}
    return made(kinds, [("Source", "Camp", 100.0)], np.arange(1, 101)[:, None], closures=[closure])


def growing_camp() -> Case:
    """Return 200 days of a camp with room for 200, from day 100 on for 800, and a town to go to instead."""
    kinds = {"Camp": "camp", "Source": "conflict_zone", "Town": "town"}
    roads = [("Source", "Camp", 50.0), ("Source", "Town", 50.0)]
    return made(kinds, roads, 10 * np.arange(200)[:, None], capacity=200.0, capacities=[(100, 0, 800.0)])


def road_to_camp(people: int, days: int) -> Case:
    """Return some days of one road of less than three days to a camp."""
    counted = np.full((days, 1), people)
    return made({"Source": "conflict_zone", "Camp": "camp"}, [("Source", "Camp", 834.0)], counted)


def register() -> Case:
    """Return ten days of two camps in which 1,000 people are counted at first, and 135 more at the end.

    Counts fall on some days, and those who come next make up for them.
    """
    kinds = {"Source": "conflict_zone", "Camp A": "camp", "Camp B": "camp"}
    first = [600, 610, 605, 620, 640, 640, 655, 650, 670, 690]
    second = [400, 405, 405, 410, 412, 420, 425, 430, 440, 445]
    roads = [("Source", "Camp A", 80.0), ("Source", "Camp B", 120.0)]
    return made(kinds, roads, np.column_stack([first, second]))


def behind_a_marker() -> Case:
    """Return a place of conflict with two towns down one road and, over a marker, a town and a camp."""
    kinds = {"Source": "conflict_zone", "Near": "town", "Far": "town", "Fork": "marker", "Town": "town",
             "Camp": "camp"}  # fmt: skip
    roads = [("Source", "Near", 40.0), ("Near", "Far", 60.0), ("Source", "Fork", 30.0),
             ("Fork", "Town", 20.0), ("Fork", "Camp", 90.0)]  # fmt: skip
    return made(kinds, roads, [[0]])
