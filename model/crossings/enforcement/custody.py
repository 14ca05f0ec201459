"""Custody: people stopped upstream, held by the country they meant to leave.

They lose their place with the network, are let go after a time that differs from person to person, and
choose again where they were. What custody is like, and that it is feared, is not in the model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows
from crossings.population import Population, State
from crossings.streams import exponential

if TYPE_CHECKING:
    from crossings.clock import Clock
    from crossings.hooks import Levers, Tally
    from crossings.streams import Streams


class Custody:
    """Everyone held upstream.

    Parameters
    ----------
    streams, clock, population
        The run's.
    tally, levers
        Where outcomes go, and the policy lever read (`custody_days`).
    leave
        Called with people who hold a place with a network, to end that.
    free
        Called with people let go, who choose again.
    """

    def __init__(
        self,
        streams: Streams,
        clock: Clock,
        population: Population,
        tally: Tally,
        levers: Levers,
        leave: Callable[[Rows, float], None],
        free: Callable[[Rows], None],
    ) -> None:
        self._streams, self._clock, self._population = streams, clock, population
        self._tally, self._levers, self._leave, self._free = tally, levers, leave, free
        self._due: dict[int, list[Rows]] = {}

    def take(self, rows: Rows, camps: NDArray[np.int16]) -> None:
        """Hold people who were stopped, for some days each; nobody, where nobody is held.

        Parameters
        ----------
        rows
            People back at their camps, with a place on a boat or without.
        camps
            The camp of each.
        """
        days = self._levers.custody_days
        if days <= 0.0 or rows.size == 0:
            return
        people, now = self._population, self._clock.now
        self._leave(rows[people.state[rows] == State.BOOKED], now)
        people.move(rows, State.CUSTODY, now, camps)
        self._tally.count_by("custody", people.group[rows])
        luck = self._streams.uniform("custody", people.key[rows], people.attempts[rows])
        due = np.ceil(now + exponential(luck, days)).astype(np.int64)
        for day in np.unique(due).tolist():
            self._due.setdefault(day, []).append(rows[due == day])

    def noon(self, day: int) -> None:
        """Let those go whose time is over, and report how many are held."""
        let_go = self._due.pop(day, [])
        if let_go:
            rows = np.sort(np.concatenate(let_go))
            self._population.move(rows, State.CAMP, self._clock.now)
            self._free(rows)
        self._tally.level("in_custody", float(self._population.counts[State.CUSTODY]))
