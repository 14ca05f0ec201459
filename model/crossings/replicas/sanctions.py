"""Sanctions at a border with scarce capacity, and who comes back.

Every day some people are apprehended for the first time. A full set of sanctions and an administrative
sanction each have a number of places that day; who gets none is returned without. After the return a
person tries again with a chance, and after a time, that depend on the sanction; an attempt is
intercepted as in `crossings.replicas.repeated_trials`. Officers hand out places by lot, or aim them at
those whom they think likely to come back, which is what makes a comparison of the sanctioned with the
others misleading: places on a day are then what is as good as random.

A sanction takes the same number of points off everybody's chance of trying again; people differ in
their chance without it.

References
----------
.. [1] S. Bazzi, G. Burns, G. Hanson, B. Roberts, J. Whitley, "Deterring illegal entry: migrant
   sanctions and recidivism in border apprehensions", American Economic Journal: Economic Policy 13(3)
   (2021), 1-27.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

import numpy as np
from numpy.typing import NDArray

from crossings.authorities import Claim, Stage
from crossings.clock import Clock
from crossings.parameters import Block, param
from crossings.replicas.repeated_trials import BorderTeam
from crossings.streams import Floats, Ints, Streams, exponential, identity, normal, poisson

EPOCH = date(2008, 1, 1)

NONE, ADMINISTRATIVE, FULL = range(3)
KINDS = ("none", "administrative", "full")

PERIOD_DAYS = 1461
"""Days over which people are apprehended for the first time: four years."""


class SanctionsBlock(Block):
    """The border, what sanctions do, and how they are handed out."""

    caught: float = param(0.40, "Chance that an attempt is intercepted", min_value=0.01, max_value=1.0)
    retry: tuple[float, float, float] = param(
        (0.605, 0.490, 0.4525), "Mean chance of another try after no, administrative and full sanctions"
    )
    delay_days: tuple[float, float, float] = param(
        (33.0, 53.0, 56.0), "Mean time to that try after each, exponential", unit="day"
    )
    spread: float = param(
        0.25, "Half the range over people of that chance, which is uniform", min_value=0.0, max_value=0.3
    )
    aimed: bool = param(False, "Whether sanctions go first to those thought likely to come back")
    noise: float = param(
        0.10, "Standard deviation of the officers' error about that chance", min_value=0.0, max_value=10.0
    )
    sanctioned: float | None = param(
        None, "Share of people for whom there are places every day; drawn every day if none", max_value=1.0
    )
    full_share: float | None = param(
        None, "Share of the places that are for the full set; drawn every day if none", max_value=1.0
    )


@dataclass(frozen=True, eq=False)
class Records:
    """One row for each person; arrays of shape (people,).

    Attributes
    ----------
    sanction
        `NONE`, `ADMINISTRATIVE` or `FULL`.
    again_days
        Days from the first apprehension to the next; infinite if there was none.
    administrative_places, full_places
        Places that day over people apprehended that day, at most one together.
    """

    sanction: Ints
    again_days: Floats
    administrative_places: Floats
    full_places: Floats

    def again_within(self, days: float) -> NDArray[np.bool_]:
        """Return who was apprehended again within so many days."""
        return np.asarray(self.again_days <= days)


class Border:
    """The border, its places for sanctions as resources, and the team that intercepts.

    Parameters
    ----------
    block
        Parameters.
    people
        Expected number of people over the period.
    seed
        Of every draw.
    """

    def __init__(self, block: SanctionsBlock, people: int, seed: int) -> None:
        self._block = block
        self._clock = Clock(EPOCH)
        streams = Streams(seed)
        days = identity("border", np.arange(PERIOD_DAYS))
        arrivals, level, split = streams.uniforms("sanctions.day", days, 0, 3)
        number = poisson(arrivals, people / PERIOD_DAYS)
        self._first = np.concatenate([[0], np.cumsum(number)])
        day_of = np.repeat(np.arange(PERIOD_DAYS), number)
        keys = identity("sanctions", day_of, np.arange(day_of.size) - self._first[day_of])
        risk, error, lot, tries, delay, meets = streams.uniforms("sanctions.person", keys, 0, 6)
        self._keys = keys
        self._bent = block.spread * (2.0 * risk - 1.0)
        # served first: those with the lowest number
        self._order = -self._bent + normal(error, 0.0, block.noise) if block.aimed else lot
        self._tries, self._delay, self._meets = tries, delay, meets
        wanted = level if block.sanctioned is None else np.full(PERIOD_DAYS, block.sanctioned)
        for_full = split if block.full_share is None else np.full(PERIOD_DAYS, block.full_share)
        places = np.floor(wanted * number + streams.uniform("sanctions.part", days))
        self._full = np.floor(for_full * places + streams.uniform("sanctions.full", days)).astype(np.int64)
        self._administrative = np.minimum(places, number).astype(np.int64) - self._full
        self.full = Stage(self._clock, "full set of sanctions", 0)
        self.administrative = Stage(self._clock, "administrative sanctions", 0)
        self.team = BorderTeam(self._clock, np.full(day_of.size, block.caught))
        self.sanction = np.zeros(day_of.size, dtype=np.int64)
        self._day_of, self._number = day_of, number

    def run(self) -> Records:
        """Let the four years pass, and the time until the last attempt."""
        for day in range(PERIOD_DAYS):
            self._clock.at(day, partial(self._process, day))
        self._clock.env.run()
        again = [times[0] if times else np.inf for times in self.team.history]
        return Records(
            sanction=self.sanction,
            again_days=np.array(again) - self._day_of,
            administrative_places=(self._administrative / np.maximum(self._number, 1))[self._day_of],
            full_places=(self._full / np.maximum(self._number, 1))[self._day_of],
        )

    def _process(self, day: int) -> None:
        """Hand out the day's places to the day's people, then let everyone go."""
        self.full.resize(int(self._full[day]))
        self.administrative.resize(int(self._administrative[day]))
        rows = np.arange(self._first[day], self._first[day + 1])
        held: list[Claim] = []
        for person in rows[np.lexsort((self._keys[rows], self._order[rows]))].tolist():
            for kind, stage in ((FULL, self.full), (ADMINISTRATIVE, self.administrative)):
                claim = stage.request(tie=int(self._keys[person]))
                if claim.triggered:
                    held.append(claim)
                    self.sanction[person] = kind
                    break
                claim.close("no place")
            self._release(person)
        for claim in held:
            claim.close()

    def _release(self, person: int) -> None:
        """Return a person, who may try again after a while."""
        kind = self.sanction[person]
        if self._tries[person] < self._block.retry[kind] + self._bent[person]:
            delay = float(exponential(self._delay[person], self._block.delay_days[kind]))
            luck = float(self._meets[person])
            self._clock.at(self._clock.now + delay, lambda: self.team.intercepts(person, luck))
