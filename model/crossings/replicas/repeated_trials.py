"""Apprehend, return, try again: the repeated-trials model of border enforcement.

Every attempt is caught with chance p. Who is caught is returned and, unless they give up with chance q,
tries again after a while. Then, with r = p(1 - q),

* a share (1 - p) / (1 - r) enters in the end,
* a person is caught p / (1 - r) times on average, and p / (1 - p) times for every entry,
* the number of times caught, of those ever caught, is geometric with parameter 1 - r, and
* of all apprehensions a share R/A = r are of people caught before, the classical estimator of p.

References
----------
.. [1] T. J. Espenshade, "Using INS border apprehension data to measure the flow of undocumented
   migrants crossing the U.S.-Mexico frontier", International Migration Review 29 (1995).
.. [2] D. S. Massey and A. Singer, "New estimates of undocumented Mexican migration and the probability
   of apprehension", Demography 32 (1995).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import simpy
from numpy.typing import NDArray
from scipy import special

from crossings.clock import Clock
from crossings.parameters import Block, param
from crossings.streams import Floats, Keys, Streams, exponential, identity

Ints = NDArray[np.int64]

EPOCH = date(2000, 1, 1)

CAUGHT, GIVES_UP, DELAY = range(3)
"""The uniforms of one attempt."""


class TrialsBlock(Block):
    """The border, and what people do after a return."""

    caught: float = param(
        0.35,
        "Chance that an attempt is caught; its mean where people differ",
        source="Massey & Singer 1995: mean of 1965-1989",
        min_value=0.0,
        max_value=0.99,
    )
    concentration: float | None = param(
        None,
        "Sum of the two parameters of a Beta distribution of that chance over people; all alike if none",
        min_value=0.01,
    )
    give_up: float = param(
        0.0, "Chance of giving up after a return", source="Espenshade 1995", min_value=0.0, max_value=1.0
    )
    return_days: float = param(
        20.0,
        "Mean time from being caught to the next attempt, exponential",
        unit="day",
        source="assumed, so that most are caught again within 30 days (National Research Council 2013)",
        min_value=0.0,
    )
    arrival_days: float = param(
        365.0, "Days over which people make their first attempt", unit="day", min_value=0.0
    )


class Luck:
    """Uniforms of people by occasion, drawn for everyone the first time that anyone needs them.

    Parameters
    ----------
    streams
        Of the run.
    stream
        What is being decided.
    keys
        Everyone's identity.
    count
        How many uniforms an occasion takes.
    """

    def __init__(self, streams: Streams, stream: str, keys: Keys, count: int) -> None:
        self._streams, self._stream, self._keys, self._count = streams, stream, keys, count
        self._drawn: list[Floats] = []

    def of(self, occasion: int) -> Floats:
        """Return everyone's uniforms for an occasion, shape (count, people)."""
        while len(self._drawn) <= occasion:
            made = self._streams.uniforms(self._stream, self._keys, len(self._drawn), self._count)
            self._drawn.append(made)
        return self._drawn[occasion]


class BorderTeam:
    """Those who intercept, and the file they keep on everyone.

    Parameters
    ----------
    clock
        The run's clock.
    chance
        Of catching each person at one attempt, shape (people,).
    """

    def __init__(self, clock: Clock, chance: Floats) -> None:
        self._clock = clock
        self.chance = chance
        self.history: list[list[float]] = [[] for _ in chance]
        """Times at which each person was caught."""

    def intercepts(self, person: int, luck: float) -> bool:
        """Try to stop an attempt; a success goes into the person's file."""
        caught = bool(luck < self.chance[person])
        if caught:
            self.history[person].append(self._clock.now)
        return caught


@dataclass(frozen=True, eq=False)
class Histories:
    """What became of people.

    Attributes
    ----------
    caught
        Times each was caught, shape (people,).
    entered
        Who entered in the end.
    gaps
        Days between one time of being caught and the next, over all people.
    """

    caught: Ints
    entered: NDArray[np.bool_]
    gaps: Floats


def run(block: TrialsBlock, people: int, seed: int) -> Histories:
    """Let people try until they are through or give up.

    Parameters
    ----------
    block
        Parameters.
    people
        How many.
    seed
        Of every draw.
    """
    streams, clock = Streams(seed), Clock(EPOCH)
    keys = identity("trials", 0, np.arange(people))
    first, rank = streams.uniforms("trials.person", keys, 0, 2)
    team = BorderTeam(clock, _chances(block, rank))
    luck = Luck(streams, "trials.attempt", keys, 3)
    entered = np.zeros(people, dtype=np.bool_)

    def tries(person: int, wait: float) -> Generator[simpy.Event, Any, None]:
        yield clock.env.timeout(wait)
        attempt = 0
        while True:
            u = luck.of(attempt)[:, person]
            if not team.intercepts(person, float(u[CAUGHT])):
                entered[person] = True
                return
            if u[GIVES_UP] < block.give_up:
                return
            yield clock.env.timeout(float(exponential(u[DELAY], block.return_days)))
            attempt += 1

    for person, wait in enumerate((first * block.arrival_days).tolist()):
        clock.env.process(tries(person, wait))
    clock.env.run()
    gaps = [np.diff(times) for times in team.history if len(times) > 1]
    return Histories(
        caught=np.array([len(times) for times in team.history], dtype=np.int64),
        entered=entered,
        gaps=np.concatenate(gaps) if gaps else np.empty(0),
    )


def _chances(block: TrialsBlock, u: Floats) -> Floats:
    if block.concentration is None:
        return np.full(u.size, block.caught)
    a, b = block.caught * block.concentration, (1.0 - block.caught) * block.concentration
    return np.asarray(special.betaincinv(a, b, u), dtype=np.float64)
