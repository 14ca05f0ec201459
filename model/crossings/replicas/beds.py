"""Detention beds as a bottleneck of removal, on the detention of the Channel model.

`visit` sends people through the beds as a loss system (who finds no bed is released), a waiting system,
or one with more beds than people. `Bottleneck` closes the loop: people reckon with the chance of being
caught and removed that those before them met, and decide by the Channel model's utility of an attempt
and its logit whether to try; who is caught is removed if there is a bed, and released if not.

References
----------
.. [1] Y. Liu and L. M. Wein, "A queueing analysis to determine how many additional beds are needed for
   the detention and removal of illegal aliens", Management Science 54 (2008).
.. [2] L. M. Wein, Y. Liu, A. Motskin, "Analyzing the homeland security of the U.S.-Mexico border",
   Risk Analysis 29(5) (2009), doi:10.1111/j.1539-6924.2008.01180.x.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from scipy import special

from crossings.authorities import Detention, DetentionBlock
from crossings.authorities.cases import Case, Released, Steps
from crossings.clock import Clock
from crossings.parameters import Block, param
from crossings.people.options import Menu
from crossings.people.values import ValuesBlock, attempt_utility
from crossings.streams import Floats, Ints, Streams, exponential, identity, lognormal, poisson

EPOCH = date(2003, 1, 1)
MEAN_STAY = 10.0
SIGMA = 1.3
"""Standard deviation of the logarithm of log-normal stays, as in UK detention statistics."""

Stays = Callable[[Floats], Floats]

STAYS: dict[str, Stays] = {
    "exponential": lambda u: exponential(u, MEAN_STAY),
    "fixed": lambda u: np.full(u.size, MEAN_STAY),
    "log-normal": lambda u: lognormal(u, MEAN_STAY * np.exp(-(SIGMA**2) / 2.0), SIGMA),
}
"""Distributions of the stay, all of mean `MEAN_STAY` days."""

_FOUND: dict[str, Stays] = {
    "exponential": lambda u: np.asarray(MEAN_STAY * special.gammaincinv(2.0, u), dtype=np.float64),
    "fixed": STAYS["fixed"],
    "log-normal": lambda u: lognormal(u, MEAN_STAY * np.exp(SIGMA**2 / 2.0), SIGMA),
}
"""The same, each in proportion to its length: the stays of those found inside at some moment."""


@dataclass(frozen=True, eq=False)
class Visits:
    """What people met who asked for a bed, in order of arrival; arrays of shape (people,).

    Attributes
    ----------
    served
        Whether they got one.
    waited
        Days they waited for it.
    met
        People whom they found inside.
    """

    served: Floats
    waited: Floats
    met: Ints


class Beds:
    """A detention with people in it, on a clock of its own.

    Parameters
    ----------
    beds
        How many.
    patient
        Whether people without a bed wait for one; they are released otherwise.
    """

    def __init__(self, beds: int, *, patient: bool = False) -> None:
        self.clock = Clock(EPOCH)
        self.detention = Detention(DetentionBlock(beds=beds), self.clock)
        self._patient = patient

    def take(self, person: int, days: float, served: Callable[[bool, float], None]) -> None:
        """Bring a person who will stay so many days; tells whether they get a bed, and after how long."""
        case = Case(self.clock, person, person)

        def steps() -> Steps:
            asked = self.clock.now
            with case.request(self.detention) as bed:
                if not self._patient and not bed.triggered:
                    served(False, 0.0)
                    raise Released("no bed")
                yield bed
                served(True, self.clock.now - asked)
                yield self.clock.env.timeout(days)

        case.start(steps, lambda _outcome: None)


def visit(beds: int, load: float, stays: str, people: int, seed: int, *, patient: bool = False) -> Visits:
    """Let people arrive as a Poisson stream and ask for a bed.

    Parameters
    ----------
    beds
        How many there are.
    load
        Mean number of beds that would be taken if there were enough.
    stays
        One of `STAYS`.
    people
        How many arrive.
    seed
        Of every draw.
    patient
        Whether they wait.

    Notes
    -----
    At the beginning as many are inside, for as long as they have left, as in the steady state of the
    loss system: a Poisson number cut off at the beds, each with what is left of a stay.
    """
    house, streams = Beds(beds, patient=patient), Streams(seed)
    for person, left in enumerate(_inside(streams, beds, load, stays).tolist()):
        house.take(people + person, left, lambda _got, _wait: None)
    gap, stay = streams.uniforms("beds.visit", identity("bed", 0, np.arange(people)), 0, 2)
    arrivals = np.cumsum(exponential(gap, MEAN_STAY / load)).tolist()
    days = STAYS[stays](stay).tolist()
    served, waited = np.zeros(people), np.zeros(people)
    met = np.zeros(people, dtype=np.int64)

    def note(person: int, got: bool, wait: float) -> None:
        served[person], waited[person] = got, wait

    def arrive(person: int) -> None:
        met[person] = house.detention.count
        house.take(person, days[person], lambda got, wait: note(person, got, wait))
        if person + 1 < people:
            house.clock.at(arrivals[person + 1], lambda: arrive(person + 1))

    house.clock.at(arrivals[0], lambda: arrive(0))
    house.clock.env.run()
    return Visits(served, waited, met)


def _inside(streams: Streams, beds: int, load: float, stays: str) -> Floats:
    """Return what is left of the stays of those who are inside at the beginning."""
    u = streams.uniform("beds.inside", identity("bed"))
    number = int(poisson(u * special.pdtr(beds, load), load)[0])
    keys = identity("bed", 1, np.arange(number))
    length, part = streams.uniforms("beds.left", keys, 0, 2)
    return np.asarray(_FOUND[stays](length) * part)


class BottleneckBlock(Block):
    """Those who might cross, how they decide, and how long they are held."""

    people_a_day: float = param(40.0, "People who might try on a day", unit="person/day", min_value=0.1)
    days: int = param(240, "Days simulated", unit="day", min_value=60)
    dropped_days: int = param(80, "Of these, days left out at the beginning", unit="day", min_value=1)
    reference_caught: float = param(
        0.4, "Chance of being caught at which beds are one for each bed of offered load", max_value=1.0
    )
    memory_days: float = param(
        20.0, "Mean age of the cases from which the chance of removal is reckoned", unit="day", min_value=1.0
    )
    value: float = param(1.0, "Worth of a successful entry", unit="utility")
    after_removal: float = param(-0.5, "Worth of a removal", unit="utility")
    price: float = param(0.2, "Price over wealth, paid on entry", unit="utility")
    outside: float = param(0.0, "Worth of staying at home", unit="utility")
    rationality: float = param(1.5, "How sharply people choose the better option", unit="1/utility")


class Bottleneck:
    """People deciding, patrols, and beds.

    Parameters
    ----------
    block
        Parameters.
    caught
        Chance that an attempt is caught.
    beds
        Beds, as a multiple of the load offered when nobody expects removal and the chance of being caught
        is ``block.reference_caught``.
    seed
        Of every draw.

    Attributes
    ----------
    entered, removed, attempts : ndarray of float64, shape (days,)
        Counts by day.
    """

    def __init__(self, block: BottleneckBlock, caught: float, beds: float, seed: int) -> None:
        self._block, self._caught = block, caught
        undeterred = float(self.attempt_chance(0.0))
        load = block.people_a_day * undeterred * block.reference_caught * MEAN_STAY
        self.offered = load
        self._house = Beds(round(beds * load))
        self._streams = Streams(seed)
        self.entered, self.removed, self.attempts = (np.zeros(block.days) for _ in range(3))
        self._recent = np.zeros(2)  # removals and attempts, fading

    def attempt_chance(self, removal: float) -> Floats:
        """Return the chance that somebody tries, who reckons with so large a chance of removal."""
        block = self._block
        tries = attempt_utility(
            ValuesBlock(try_cost=0.0),
            stop=0.0,
            death=0.0,
            returned=removal,
            value=block.value,
            after_return=block.after_removal,
            price=block.price,
            outside=block.outside,
        ).utility
        rows = np.zeros(1, dtype=np.intp)
        menu = Menu(rows, rows[:0], np.empty((0, 1)), np.array([[float(tries)], [block.outside]]))
        return np.asarray(menu.chances(block.rationality)[0, 0])

    def run(self) -> Bottleneck:
        """Let the days pass."""
        days = identity("bottleneck", np.arange(self._block.days))
        number = poisson(self._streams.uniform("beds.day", days), self._block.people_a_day)
        for day in range(self._block.days):
            self._house.clock.at(day, partial(self._begin, day, int(number[day])))
        self._house.clock.env.run(until=self._block.days)
        return self

    def per_day(self, counts: Floats) -> float:
        """Return the mean of a daily count, the beginning left out."""
        return float(counts[self._block.dropped_days :].mean())

    def _begin(self, day: int, number: int) -> None:
        """Let the day's people decide, and those who try cross at some time of the day."""
        removed, attempts = self._recent
        chance = float(self.attempt_chance(removed / attempts if attempts else 0.0))
        keys = identity("crosser", day, np.arange(number))
        decides, meets, when, stay = self._streams.uniforms("beds.crosser", keys, 0, 4)
        tries = decides < chance
        caught = tries & (meets < self._caught)
        stays = exponential(stay, MEAN_STAY).tolist()
        self.attempts[day] = tries.sum()
        self.entered[day] += (tries & ~caught).sum()
        self._recent = self._recent * np.exp(-1.0 / self._block.memory_days) + (0.0, float(tries.sum()))
        for person in np.flatnonzero(caught).tolist():
            self._house.clock.at(day + float(when[person]), partial(self._meet, day, person, stays[person]))

    def _meet(self, day: int, person: int, stay: float) -> None:
        """Take somebody caught into a bed, from which they are removed; or let them go in."""

        def told(got: bool, _wait: float) -> None:
            if got:
                self.removed[day] += 1.0
                self._recent[0] += 1.0
            else:
                self.entered[day] += 1.0

        self._house.take(person, float(stay), told)
