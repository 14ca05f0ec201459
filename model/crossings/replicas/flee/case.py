"""A case: the places, roads, closures and conflicts of one flight, and the people counted in camps."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from crossings.corridors import Leg, Place
from crossings.errors import InputError
from crossings.geography import PlaceNetwork

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CAMPS = ("camp", "idpcamp")
KINDS = ("conflict_zone", "town", "forwarding_hub", "marker", *CAMPS)
"""What a place can be; a place of conflict is one only while there is conflict, and a town otherwise."""

CLOSURES = ("country", "location", "link", "camp", "idpcamp", "remove_forced_redirection")
"""What can be closed: a border, all roads of a place, one road; a camp, which is a town meanwhile; the
redirection of people from one place to another."""


@dataclass(frozen=True)
class Site:
    """A place of a case.

    Attributes
    ----------
    place
        Where it is, of which kind.
    population
        People who live there, from which those who flee are drawn.
    capacity
        People a camp has room for; 0 is any number.
    leaves
        Chance of leaving the count on each day in a camp from which people go on for good.
    """

    place: Place
    population: float = 0.0
    capacity: float = 0.0
    leaves: float = 1.0


@dataclass(frozen=True)
class Road:
    """A road, travelled in both directions.

    Attributes
    ----------
    first, second
        Names of places.
    km
        Length.
    forced
        Whether all who leave the first must go to the second.
    km_a_day
        The most that is travelled on it in a day; None for the general limit.
    walk_chance
        Chance, each day, that a person walks on it.
    """

    first: str
    second: str
    km: float
    forced: bool = False
    km_a_day: float | None = None
    walk_chance: float = 0.0


@dataclass(frozen=True)
class Closure:
    """Something closed for a time.

    Attributes
    ----------
    kind
        One of `CLOSURES`.
    first, second
        Names of countries or places; the second only where two are needed.
    start, end
        From the first day on, and open again from the second on; None is never.
    """

    kind: str
    first: str
    second: str
    start: int
    end: int | None

    def on(self, day: int) -> bool:
        """Whether it is closed on a day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, eq=False)
class Case:
    """Everything a run reads.

    Attributes
    ----------
    name
        Of the case.
    start
        Date of day 0.
    days
        How many are run.
    sites
        Places in order of code.
    roads
        Between them.
    closures
        What is closed, and when.
    conflict
        Intensity of conflict, 0 to 1, shape (days, places).
    camps
        Codes of places at which people are counted.
    counted
        People counted there, interpolated, shape (days, camps).
    capacities
        (day, code, people) at which the capacity of a camp changes.
    """

    name: str
    start: dt.date
    days: int
    sites: tuple[Site, ...]
    roads: tuple[Road, ...]
    conflict: Floats
    camps: Ints
    counted: Ints
    closures: tuple[Closure, ...] = ()
    capacities: tuple[tuple[int, int, float], ...] = field(default=())

    @property
    def camp_names(self) -> tuple[str, ...]:
        """Names of the places at which people are counted."""
        return tuple(self.sites[code].place.name for code in self.camps)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that is read, the same however the files are laid out.

        The name of the case does not enter.
        """
        said = (self.start.isoformat(), self.days, self.sites, self.roads, self.closures, self.capacities)
        arrays = (self.conflict, self.camps, self.counted)
        whole = hashlib.sha256(repr(said).encode())
        for array in arrays:
            whole.update(np.ascontiguousarray(array).astype(np.float64).tobytes())
        return whole.hexdigest()

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Two legs for each road, the way there first; parallel roads are told apart by their mode."""
        seen: dict[tuple[str, str], int] = {}
        found = []
        for road in self.roads:
            for ends in ((road.first, road.second), (road.second, road.first)):
                seen[ends] = seen.get(ends, 0) + 1
                mode = "road" if seen[ends] == 1 else f"road {seen[ends]}"
                found.append(Leg(*ends, mode, road.km, 0.0, 0.0, 0.0))
        return tuple(found)

    def network(self) -> PlaceNetwork:
        """Return places and legs as a graph."""
        return PlaceNetwork(self.name, [site.place for site in self.sites], self.legs)


def entries(counted: Ints) -> Ints:
    """Return how many people enter on each day.

    As many as the counts of all camps together have risen since the day before; a fall is made up by those
    who come next. On day 0 those counted are in the camps already, and nobody enters.

    Parameters
    ----------
    counted
        People counted, shape (days, camps).
    """
    rises = np.diff(counted.sum(axis=1), prepend=counted[0].sum())
    entering = np.zeros(len(rises), dtype=np.int64)
    debt = 0
    for day, rise in enumerate(rises.tolist()):
        entering[day] = max(rise - debt, 0)
        debt = max(debt - rise, 0)
    return entering


def refuse_nowhere_to_enter(case: Case, entering: Ints) -> None:
    """Refuse a case in which people enter while no place with people in it is one of conflict.

    Parameters
    ----------
    case
        Which.
    entering
        How many enter on each day, shape (days,).

    Raises
    ------
    InputError
        In one line, with the first such day.
    """
    population = np.array([site.population for site in case.sites])
    stuck = np.flatnonzero((entering > 0) & ~(case.conflict @ population > 0.0))
    if stuck.size:
        day = int(stuck[0])
        raise InputError(
            f"{case.name}: {int(entering[day])} people enter on day {day} "
            f"({case.start + dt.timedelta(days=day)}), expected a place of conflict with a population then "
            "(conflicts.csv, locations.csv)"
        )


def thinned(case: Case, people_each: int) -> Case:
    """Return a case in which one person stands for several: counts and capacities are divided.

    Both are rounded down, so a camp with room for fewer people than one stands for has room for any number.
    """
    if people_each == 1:
        return case
    return replace(
        case,
        sites=tuple(replace(site, capacity=float(site.capacity // people_each)) for site in case.sites),
        counted=case.counted // people_each,
        capacities=tuple((day, code, float(room // people_each)) for day, code, room in case.capacities),
    )


def emptied(case: Case) -> Case:
    """Return a case whose camps are empty on day 0: counts are those above that day's, never below 0."""
    return replace(case, counted=np.maximum(case.counted - case.counted[0], 0))
