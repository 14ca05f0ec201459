"""A quota of returns and the people selected to fill it.

Most procedures lose some people on the way, so more are selected than are to be returned. How
many more is settled by bookkeeping and not by a guess: the quota is an allowance that grows day by
day. Selecting a person sets aside the share of a place that such a case is expected to use; when
the case ends it is settled at one place if the person was returned and none if not. Over time
exactly the quota is returned, whatever share completes, as far as beds and flights suffice.
An allowance that stays unused for weeks lapses.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crossings.authorities.office import Office
from crossings.hooks import Rows
from crossings.population import NOBODY, State

WEEK = 7


@dataclass(frozen=True)
class Terms:
    """What a policy that returns people lays down; see the parameters of `ReturnsPolicy`.

    Attributes
    ----------
    name
        Name of the policy.
    handover
        State of those handed over: ``RECEPTION`` where they may choose again, ``REMOVED`` where
        their journey ends.
    place
        Place they are handed over to.
    priority
        Place among policies at triage and in the queue for caseworkers; lower comes first.
    speed
        Multiple of the time the partner's reply and the preparation take.
    expected_completion
        Share of selected people expected to be returned.
    carry_over_weeks
        Weeks of the quota that may be kept unused.
    seat_margin
        Most seats on a week's flight for every place of the quota.
    repeat_caught
        Chance that someone returned before is recognised and selected before all others.
    largest_share
        Largest share of eligible people that is selected, those recognised apart.
    reception_places
        Most returned people in the partner's reception at a time; None where there is no limit.
    summary
        Whether people are handed over on the day of triage, without detention, procedure or flight.
    """

    name: str
    handover: State = State.RECEPTION
    place: int = NOBODY
    priority: int = 1
    speed: float = 1.0
    expected_completion: float = 1.0
    carry_over_weeks: float = 2.0
    seat_margin: float = 1.2
    repeat_caught: float = 0.97
    largest_share: float = 1.0
    reception_places: int | None = None
    summary: bool = False


class Quota:
    """The allowance of one policy, and what it has done so far.

    Allowance, seats and what was ``returned`` are in people; cases are rows, which may stand for several.

    Parameters
    ----------
    terms
        What the policy lays down.
    office
        The run.
    room
        Returns how many more people the procedure can take today.
    """

    def __init__(self, terms: Terms, office: Office, room: Callable[[], int]) -> None:
        self.terms = terms
        self.weekly = 0.0
        self.seats = 0.0
        """Most seats that may be used on the next flight."""
        self.share = terms.largest_share
        """Largest share of eligible people selected today, those recognised apart."""
        self.allowance = 0.0
        self.lapsed = 0.0
        """Places of the quota that lapsed unused so far."""
        self.detained = self.returned = self.ended = 0
        self._clock = office.clock
        self._streams = office.streams
        self._population = office.population
        self._each = float(office.population.stands_for)
        self._room = room
        self._eligible: dict[int, int] = {}
        self._returned: dict[int, int] = {}

    @property
    def open(self) -> int:
        """Cases begun and not ended."""
        return self.detained - self.ended

    def allow(self, weekly: float, seats: float | None = None) -> None:
        """Add one day of a weekly quota to the allowance; called once a day while in force.

        Parameters
        ----------
        weekly
            People to be returned in a week.
        seats
            Most seats on the next flight; the weekly quota with its margin, if None.
        """
        self.weekly = weekly
        self.seats = weekly * self.terms.seat_margin if seats is None else seats
        grown = self.allowance + weekly / WEEK
        self.allowance = min(grown, max(weekly * self.terms.carry_over_weeks, self._each))
        self.lapsed += grown - self.allowance

    def stop(self) -> None:
        """Select nobody from now on; those selected may still be flown."""
        self.weekly = self.allowance = 0.0

    def note_eligible(self, number: int) -> None:
        """Count people to whom the policy applies, whoever detains them in the end."""
        day = self._clock.day
        self._eligible[day] = self._eligible.get(day, 0) + number

    def select(self, eligible: Rows) -> Rows:
        """Choose whom to detain among people leaving short-term holding today.

        Those returned before and recognised come first, then the rest by lot; never more than
        the allowance and the room in the procedure.
        """
        if eligible.size == 0 or self.weekly <= 0.0:
            return eligible[:0]
        people = self._population
        rank, luck = self._streams.uniforms(
            f"selection {self.terms.name}", people.key[eligible], people.arrivals[eligible], 2
        )
        known = (people.returns[eligible] > 0) & (luck < self.terms.repeat_caught)
        order = np.lexsort((people.key[eligible], rank, ~known))
        within = int(np.count_nonzero(known | (rank < self.share)))
        wanted = math.floor(max(self.allowance, 0.0) / (self._each * self.terms.expected_completion) + 1e-9)
        number = min(max(wanted, int(known.sum())), within)
        if not self.terms.summary:
            number = min(number, self._room())
        return eligible[order[:number]]

    def begun(self, number: int) -> None:
        """Set aside allowance for people now in the procedure."""
        self.detained += number
        self.allowance -= number * self._each * self.terms.expected_completion

    def settle(self, returned: bool) -> None:
        """Settle the allowance of a case that ended."""
        self.ended += 1
        self.allowance += self._each * (self.terms.expected_completion - returned)
        if returned:
            self.returned += self._population.stands_for
            day = self._clock.day
            self._returned[day] = self._returned.get(day, 0) + 1

    def carried_out(self, day: int, days: int, lag: int = 0) -> float | None:
        """Return the share returned of those eligible, None if nobody was.

        Parameters
        ----------
        day
            Model day on which people judge.
        days
            Days before it over which returns are counted.
        lag
            Days by which those who were eligible came earlier than that: a return takes time.
        """
        eligible = sum(self._eligible.get(k, 0) for k in range(day - days - lag, day - lag))
        returned = sum(self._returned.get(k, 0) for k in range(day - days, day))
        return min(1.0, returned / eligible) if eligible else None
