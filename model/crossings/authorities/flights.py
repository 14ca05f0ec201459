"""Seats on the weekly flight: a resource whose units exist only on the day it flies.

Between flights there are no seats and people wait. On the weekday of the flight aircraft are
chartered for those who are ready, as far as the policy's quota goes. The seats of every one that is
not cancelled are opened, handed to those first in line and closed again; seats of an aircraft that
is not full fly empty and are counted as such.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from crossings.authorities.office import Office
from crossings.authorities.stage_log import StageReport
from crossings.authorities.stages import Stage
from crossings.parameters import Block, param
from crossings.streams import identity


class FlightsBlock(Block):
    """Flights that hand people over."""

    weekday: int = param(
        3,
        "Day of the week of the flight, 0 for Monday",
        unit="weekday",
        low=0,
        high=6,
        min_value=0,
        max_value=6,
    )
    seats_per_flight: int = param(
        60, "Seats for people to be returned on one aircraft", unit="seat", low=20, high=100, min_value=1
    )
    cancelled: float = param(
        0.05, "Chance that an aircraft does not fly", low=0.0, high=0.3, min_value=0.0, max_value=1.0
    )
    cost_per_flight: float = param(
        80_000.0,
        "Charter and escorts of one aircraft that flies",
        unit="GBP",
        low=40_000.0,
        high=200_000.0,
        min_value=0.0,
    )


class Flights(Stage):
    """The weekly flight of one policy.

    Parameters
    ----------
    block
        Weekday, seats, cancellations and cost.
    office
        The run.
    policy
        Name of the policy that charters.
    """

    def __init__(self, block: FlightsBlock, office: Office, policy: str) -> None:
        super().__init__(office.clock, f"flight {policy}", 0)
        self.offered = self.taken = self.cancelled = 0
        self._block = block
        self._clock = office.clock
        self._streams = office.streams
        self._tally = office.tally
        self._policy = policy
        self._each = office.population.stands_for

    def due(self, day: int) -> bool:
        """Whether the weekly flight leaves on this model day."""
        return self._clock.date(day).weekday() == self._block.weekday

    def depart(self, day: int, most: float) -> None:
        """Hand out the seats of today's flight.

        Parameters
        ----------
        day
            Model day.
        most
            Seats that the policy may use in a week; fewer are chartered where fewer people are ready.
        """
        each = self._each
        seats = math.ceil(min(most / each, len(self.queue)) - 1e-9)  # of rows, which may stand for several
        if seats <= 0:
            return
        aircraft = -(-seats * each // self._block.seats_per_flight)
        keys = identity(f"flight {self._policy}", 0, np.arange(aircraft))
        luck = self._streams.uniform("flight", keys, self._clock.ordinal(day))
        flying = int(np.count_nonzero(luck >= self._block.cancelled))
        self.cancelled += aircraft - flying
        if flying == 0:
            return
        self.offered += flying * self._block.seats_per_flight
        self.resize(min(seats, -(-flying * self._block.seats_per_flight // each)))
        self.taken += self.count * each
        self.resize(0)  # whoever was given a seat keeps it until hand-over; nobody else gets one
        self._tally.spend("flights", flying * self._block.cost_per_flight)

    def report(self) -> StageReport:
        """Return the stage's figures so far; its use is that of the seats offered."""
        use = self.taken / self.offered if self.offered else None
        return replace(self.log.report(), capacity=None, use=use)
