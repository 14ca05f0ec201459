"""The smallest world of Routes and Rumours: one entry, two exits, and what people hear of them.

People enter as a Poisson stream, explore, meet, talk, and go on until they are at an exit. What they
know of cities and links are beliefs, each a value with a trust; people explore to learn the truth, and
tell each other what they believe, imperfectly. Everything is a Poisson process: each person has one
pending event, whose time is exponential with the total of the person's rates and whose kind is drawn in
proportion to them, both at the time of scheduling. A person is scheduled anew only when something
happens that involves them.

The rule of choice is the local one of this version: a known link weighs

    w = (quality v t + 0.5 x + 0.1 resources v t) of its far end / (1 + 0.1 friction v),

with value v and trust t; people leave at the rate (sum of w^2 / sum of w) / (weight of where they are), or
1 if that is 0, and take a link in proportion to w.

References
----------
.. [1] M. Hinsch and J. Bijak, "Rumours lead to self-organized migration routes", ALIFE (2019).
.. [2] O. Reinhardt, M. Hinsch, J. Bijak, A. M. Uhrmacher, re-implementation in ML3 with docking tests;
   re-told from its description, no code of it was used.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import numpy as np

from crossings.clock import Clock
from crossings.parameters import Block, param
from crossings.replicas.hearsay import MOST_TRUST, Hearsay
from crossings.streams import Streams, exponential, identity

EPOCH = date(2000, 1, 1)

QUALITY, RESOURCES = range(2)
DEFAULT = 0.5
"""Quality and resources that people suppose of a city they have only heard of."""
DEFAULT_FRICTION = 1.25
"""Friction that people suppose of such a link, over its length."""

_Kind = TypeVar("_Kind", int, str)

NO_LINK = -1
DROPPED = 0.1
"""Share of the time left out of the mean stock."""

_BATCH = 64  # people, and uniforms of each, drawn at a time


@dataclass(frozen=True)
class World:
    """Cities and links.

    Attributes
    ----------
    x, quality, resources
        Of each city; the first is the entry.
    exits
        Which cities are exits.
    links
        Pairs of cities; people may go either way.
    length
        Of each link, which is also its friction.
    """

    x: tuple[float, ...]
    quality: tuple[float, ...]
    resources: tuple[float, ...]
    exits: frozenset[int]
    links: tuple[tuple[int, int], ...]
    length: tuple[float, ...]

    @classmethod
    def of(cls, cities: list[tuple[float, float, float, float]], links: list[tuple[int, int]]) -> World:
        """Return a world of cities (x, y, quality, resources); the second and third are the exits."""
        places = np.array(cities)[:, :2]
        length = tuple(float(np.hypot(*(places[a] - places[b]))) for a, b in links)
        x, _, quality, resources = zip(*cities, strict=True)
        return cls(x, quality, resources, frozenset({1, 2}), tuple(links), length)


_CITIES = [(0.0, 0.5, 0.0, 0.0), (0.99, 0.0, 0.5, 0.5), (0.99, 1.0, 1.0, 1.0)]
WORLDS = {
    "3-cities": World.of(_CITIES, [(0, 1), (0, 2)]),
    "4-cities": World.of([*_CITIES, (0.5, 0.5, 0.1, 0.1)], [(0, 3), (3, 1), (3, 2)]),
}
"""Both exits linked to the entry, or through a city in the middle. Exit 2 is the better one."""


class ThreeCitiesBlock(Block):
    """Rates, chances, and how people tell each other what they believe."""

    entry_rate: float = param(10.0, "People entering in a unit of time", min_value=0.01)
    until: float = param(100.0, "Time at which a run ends", min_value=1.0)
    explore_rate: float = param(1.0, "Rate at which people in a city explore", min_value=0.0)
    transit_rate: float = param(1.0, "Rate of arrival of people under way", min_value=0.01)
    find_links: float = param(0.5, "Chance of finding an unknown link of one's city when exploring")
    know_targets: float = param(0.0, "Chance of knowing an exit on entering")
    speed: float = param(1.0, "Weight of what is explored against what was believed", max_value=1.0)
    weight_x: float = param(0.5, "Weight of going east")
    weight_resources: float = param(0.1, "Weight of resources")
    weight_friction: float = param(0.1, "Weight of friction")
    keep_contact: float = param(0.1, "Rate of making a contact of one other person in the same city")
    talk: float = param(0.1, "Rate of talking with one contact")
    first_contacts: int = param(10, "Most contacts on entering; a tenth of all people if fewer")
    most_contacts: int = param(50, "Contacts beyond which people make no more")
    convince: float = param(0.5, "How much doubt is lost by hearing of something trusted", max_value=1.0)
    convert: float = param(0.1, "How far a belief moves to another of equal trust", max_value=1.0)
    confuse: float = param(0.3, "How much doubt comes from hearing of something different", max_value=1.0)
    error: float = param(0.1, "Greatest error in understanding a value or a trust", max_value=1.0)

    @property
    def hearsay(self) -> Hearsay:
        """How one belief changes by another."""
        return Hearsay(self.convince, self.convert, self.confuse, self.error)


_SILENT: dict[str, Any] = {"keep_contact": 0.0, "talk": 0.0}
_KNOWING: dict[str, Any] = {"find_links": 1.0, "know_targets": 1.0}
VARIANTS: dict[str, dict[str, Any]] = {
    "standard": {},
    "full-exploration": _KNOWING,
    "no-communication": _SILENT,
    "perfect-information": _KNOWING | _SILENT,
    "half-exploration": {"speed": 0.5, "know_targets": 0.5} | _SILENT,
    "talk-only": {"keep_contact": 0.0, "talk": 0.1},
}
"""The variants of the docking tests, by what they change."""


class Person:
    """Somebody on the way: where they are, whom they know, what they believe.

    Parameters
    ----------
    number
        In order of entry.
    world
        Where they enter.
    """

    __slots__ = (
        "arrived",
        "contacts",
        "drawn",
        "draws",
        "knows_city",
        "knows_link",
        "link",
        "number",
        "place",
        "ticket",
        "trust",
        "value",
    )  # fmt: skip

    def __init__(self, number: int, world: World) -> None:
        self.number = number
        self.place = 0
        self.link = NO_LINK
        self.arrived = False
        self.ticket = 0  # of the pending event; all before it are void
        self.draws: list[float] = []
        self.drawn = 0  # batches of uniforms so far
        self.contacts: list[Person] = []
        self.knows_city = [False] * len(world.x)
        self.knows_link = [False] * len(world.links)
        # quality and resources of each city, then the friction of each link
        self.value = [DEFAULT] * (2 * len(world.x)) + [DEFAULT_FRICTION * length for length in world.length]
        self.trust = [1.0 - MOST_TRUST] * len(self.value)


@dataclass(frozen=True)
class Journeys:
    """What a run came to.

    Attributes
    ----------
    entered, left
        People who entered, and those of them who left by each exit, by city.
    mean_stock
        People in cities and under way, on average over time, the beginning left out.
    """

    entered: int
    left: dict[int, int]
    mean_stock: float


class ThreeCities:
    """One run.

    Parameters
    ----------
    block
        Parameters.
    world
        One of `WORLDS`, or another.
    seed
        Of every draw.
    """

    def __init__(self, block: ThreeCitiesBlock, world: World, seed: int) -> None:
        self._block, self._world = block, world
        self._clock = Clock(EPOCH)
        self._streams = Streams(seed)
        self._luck: dict[tuple[int, int], list[list[float]]] = {}
        self._hearsay = block.hearsay
        self.people: list[Person] = []
        self._present: list[list[Person]] = [[] for _ in world.x]
        self._truth = [v for pair in zip(world.quality, world.resources, strict=True) for v in pair]
        self._truth += list(world.length)
        self._first_link = 2 * len(world.x)
        self._exits = sorted(world.exits)
        self._does: dict[str, Callable[[Person], None]] = {
            "explore": self._explore,
            "meet": self._meet,
            "talk": self._talk,
            "depart": self._depart,
            "arrive": self._arrive,
        }
        self._next: list[list[tuple[int, int]]] = [[] for _ in world.x]
        for link, (a, b) in enumerate(world.links):
            self._next[a].append((link, b))
            self._next[b].append((link, a))
        self._left = dict.fromkeys(self._exits, 0)
        self._stock, self._changed, self._area = 0, 0.0, 0.0

    def run(self) -> Journeys:
        """Let time pass until the end."""
        until, streams = self._block.until, self._streams
        number = int(2 * self._block.entry_rate * until) + 100
        gaps = streams.uniform("three-cities.entry", identity("three-cities", 0, np.arange(number)))
        times = np.cumsum(exponential(gaps, 1.0 / self._block.entry_rate))
        self._entries = times[times < until].tolist()
        if self._entries:
            self._clock.at(self._entries[0], self._enter)
        self._clock.env.run(until=until)
        self._count(0)
        return Journeys(len(self.people), self._left, self._area / ((1.0 - DROPPED) * until))

    # the pending event ---------------------------------------------------------------------------

    def _schedule(self, person: Person) -> None:
        """Draw time and kind of a person's next event, at the rates of this moment."""
        rates = self._rates(person)
        total = sum(rates.values())
        person.ticket += 1
        if total <= 0.0:
            return
        wait = -math.log1p(-self._u(person)) / total
        kind, ticket = _pick(list(rates.items()), self._u(person) * total), person.ticket
        self._clock.at(self._clock.now + wait, lambda: self._happen(person, kind, ticket))

    def _rates(self, person: Person) -> dict[str, float]:
        block = self._block
        talk = len(person.contacts) * block.talk
        if person.link != NO_LINK:
            return {"arrive": block.transit_rate, "talk": talk}
        others = len(self._present[person.place]) - 1
        meet = others * block.keep_contact if len(person.contacts) < block.most_contacts else 0.0
        return {"explore": block.explore_rate, "meet": meet, "talk": talk, "depart": self._leaving(person)}

    def _happen(self, person: Person, kind: str, ticket: int) -> None:
        if ticket == person.ticket:
            self._does[kind](person)

    def _all_at(self, city: int) -> None:
        """Schedule everyone in a city anew, as the number of people whom they may meet has changed."""
        if self._block.keep_contact > 0.0:
            for person in self._present[city]:
                self._schedule(person)

    # events --------------------------------------------------------------------------------------

    def _enter(self) -> None:
        """Let somebody enter: they make contacts, explore once, and may know exits."""
        block, person = self._block, Person(len(self.people), self._world)
        for _ in range(min(len(self.people) // 10, block.first_contacts)):
            _acquaint(person, self._one_of(self.people, person), block.most_contacts)
        self.people.append(person)
        if len(self.people) < len(self._entries):
            self._clock.at(self._entries[len(self.people)], self._enter)
        self._see_city(person, 0, 1.0)
        self._look_around(person)
        for city in self._exits:
            if self._u(person) < block.know_targets:
                self._see_city(person, city, block.speed)
        self._count(1)
        self._come_to(person, 0)

    def _explore(self, person: Person) -> None:
        self._look_around(person)
        self._schedule(person)

    def _meet(self, person: Person) -> None:
        others = [other for other in self._present[person.place] if other is not person]
        other = self._one_of(others, person)
        _acquaint(person, other, self._block.most_contacts)
        self._exchange(person, other)

    def _talk(self, person: Person) -> None:
        self._exchange(person, self._one_of(person.contacts, person))

    def _depart(self, person: Person) -> None:
        ways = self._ways(person)
        person.link = _pick(ways, self._u(person) * sum(weight for _, weight in ways))
        self._see_link(person, person.link)
        self._present[person.place].remove(person)
        self._all_at(person.place)
        self._schedule(person)

    def _arrive(self, person: Person) -> None:
        ends = self._world.links[person.link]
        city = ends[1] if ends[0] == person.place else ends[0]
        person.link = NO_LINK
        self._see_city(person, city, self._block.speed)
        if city not in self._world.exits:
            self._come_to(person, city)
            return
        person.arrived, person.place = True, city
        person.ticket += 1
        self._left[city] += 1
        self._count(-1)

    def _come_to(self, person: Person, city: int) -> None:
        person.place = city
        self._present[city].append(person)
        self._all_at(city)
        if self._block.keep_contact == 0.0:
            self._schedule(person)

    # beliefs -------------------------------------------------------------------------------------

    def _look_around(self, person: Person) -> None:
        """Explore where a person is: the city, and its links, each of which may be found."""
        self._see_city(person, person.place, self._block.speed)
        for link, city in self._next[person.place]:
            if person.knows_link[link] or self._u(person) < self._block.find_links:
                self._see_link(person, link)
                self._hear_of(person, city)

    def _see_city(self, person: Person, city: int, speed: float) -> None:
        person.knows_city[city] = True
        self._towards_truth(person, 2 * city + QUALITY, speed)
        self._towards_truth(person, 2 * city + RESOURCES, speed)

    def _see_link(self, person: Person, link: int) -> None:
        person.knows_link[link] = True
        self._towards_truth(person, self._first_link + link, self._block.speed)

    def _towards_truth(self, person: Person, item: int, speed: float) -> None:
        person.value[item] += speed * (self._truth[item] - person.value[item])
        trust = person.trust[item] + speed * (1.0 - person.trust[item])
        person.trust[item] = min(trust, MOST_TRUST)

    def _hear_of(self, person: Person, city: int) -> None:
        """Let a person know that a city is there; one between them and a known exit shows the way."""
        if person.knows_city[city]:
            return
        person.knows_city[city] = True
        if city not in self._world.exits:
            for link, beyond in self._next[city]:
                if beyond in self._world.exits and person.knows_city[beyond]:
                    person.knows_link[link] = True

    def _exchange(self, person: Person, other: Person) -> None:
        """Let two people tell each other all they believe; who has arrived tells and does not listen."""
        both = [each for each in (person, other) if not each.arrived]
        for city in range(len(self._world.x)):
            if person.knows_city[city] or other.knows_city[city]:
                for each in both:
                    self._hear_of(each, city)
                self._tell(person, other, 2 * city + QUALITY, 1.0)
                self._tell(person, other, 2 * city + RESOURCES, 1.0)
        for link, (a, b) in enumerate(self._world.links):
            if person.knows_link[link] or other.knows_link[link]:
                for each in both:
                    if each.knows_city[a] and each.knows_city[b]:
                        each.knows_link[link] = True
                self._tell(person, other, self._first_link + link, math.inf)
        for each in both:
            self._schedule(each)

    def _tell(self, person: Person, other: Person, item: int, most: float) -> None:
        """Let two people change one belief, each by what the other believed before."""
        said = (person.value[item], person.trust[item])
        told = (other.value[item], other.trust[item])
        if not person.arrived:
            self._listen(person, item, told, most)
        if not other.arrived:
            self._listen(other, item, said, most)

    def _listen(self, person: Person, item: int, told: tuple[float, float], most: float) -> None:
        hearsay = self._hearsay
        value = hearsay.understood(told[0], most, self._u(person))
        trust = hearsay.believed(told[1], self._u(person))
        person.value[item], person.trust[item] = hearsay.heard(
            person.value[item], person.trust[item], value, trust
        )

    # choice --------------------------------------------------------------------------------------

    def _worth(self, person: Person, city: int) -> float:
        block, first = self._block, 2 * city
        quality = person.value[first + QUALITY] * person.trust[first + QUALITY]
        resources = person.value[first + RESOURCES] * person.trust[first + RESOURCES]
        return quality + block.weight_x * self._world.x[city] + block.weight_resources * resources

    def _ways(self, person: Person) -> list[tuple[int, float]]:
        """Return the known links from where a person is, with their weights."""
        friction = self._block.weight_friction
        return [
            (link, self._worth(person, city) / (1.0 + friction * person.value[self._first_link + link]))
            for link, city in self._next[person.place]
            if person.knows_link[link] and person.knows_city[city]
        ]

    def _leaving(self, person: Person) -> float:
        """Return the rate at which a person leaves the city they are in."""
        weights = [weight for _, weight in self._ways(person)]
        total, here = sum(weights), self._worth(person, person.place)
        if total <= 0.0:
            return 0.0
        return sum(weight * weight for weight in weights) / total / here if here > 0.0 else 1.0

    # luck and counts -----------------------------------------------------------------------------

    def _u(self, person: Person) -> float:
        """Return a person's next uniform."""
        if not person.draws:
            person.draws = list(self._batch(person.number // _BATCH, person.drawn)[person.number % _BATCH])
            person.drawn += 1
        return person.draws.pop()

    def _batch(self, cohort: int, occasion: int) -> list[list[float]]:
        if (cohort, occasion) not in self._luck:
            keys = identity("three-cities", 1, cohort * _BATCH + np.arange(_BATCH))
            drawn = self._streams.uniforms("three-cities.person", keys, occasion, _BATCH)
            self._luck[cohort, occasion] = drawn.T.tolist()
        return self._luck[cohort, occasion]

    def _one_of(self, people: list[Person], person: Person) -> Person:
        return people[int(self._u(person) * len(people))]

    def _count(self, change: int) -> None:
        """Note a change of the number of people on the way."""
        begins = max(self._changed, DROPPED * self._block.until)
        self._area += self._stock * max(self._clock.now - begins, 0.0)
        self._changed = self._clock.now
        self._stock += change


def _pick(weighted: list[tuple[_Kind, float]], which: float) -> _Kind:
    """Return the first thing at which the sum of weights exceeds `which`."""
    for thing, weight in weighted:
        which -= weight
        if which < 0.0:
            return thing
    return weighted[-1][0]  # rounding left something over


def _acquaint(person: Person, other: Person, most: int) -> None:
    """Make two people contacts of each other, if they are not and both have room."""
    if other in person.contacts or max(len(person.contacts), len(other.contacts)) >= most:
        return
    person.contacts.append(other)
    other.contacts.append(person)
