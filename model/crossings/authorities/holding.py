"""Landing and triage: a short stay in holding, then detention for return or the asylum system.

People land at any time of the night. Each stays in holding for a day or more; on the last noon
that the law allows, or before, policies say whom they want detained. They then detain one after
another in order of priority, each among those whom no other has detained and with the room that is
left. Everybody else is released to claim asylum, and word of that goes home.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import numpy as np
from pydantic import model_validator

from crossings.authorities.asylum import Asylum
from crossings.authorities.due import DueRows
from crossings.authorities.office import Office, place_or_none
from crossings.authorities.returns import Returns
from crossings.errors import InputError
from crossings.hooks import Rows
from crossings.parameters import Block, param
from crossings.population import State

Triage = Callable[[Rows], list[tuple[Any, Any]]]
"""Asks the policies in the scenario's order: rows -> [(policy, rows it wants detained)]."""


class HoldingBlock(Block):
    """Short-term holding after landing."""

    min_days: float = param(
        1.0, "Shortest stay in holding", unit="day", low=0.5, high=2.0, min_value=0.0, max_value=30.0
    )
    max_days: float = param(
        3.0,
        "Longest stay in holding, at most",
        unit="day",
        low=2.0,
        high=5.0,
        source="assumed; short-term holding rules and referral within 3 days of arrival",
        min_value=1.0,
        max_value=30.0,
    )
    cost_per_day: float = param(
        150.0, "Holding of a person", unit="GBP/day", low=100.0, high=400.0, min_value=0.0
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.max_days < self.min_days:
            raise InputError(f"max_days = {self.max_days:g}: expected at least min_days = {self.min_days:g}")
        return self


class Holding:
    """Everyone from landing to triage.

    Parameters
    ----------
    block
        Length of stay and cost.
    office
        The run.
    triage
        Asks the policies whom they want detained.
    returns, asylum
        Where people go from here.
    """

    def __init__(
        self, block: HoldingBlock, office: Office, triage: Triage, returns: Returns, asylum: Asylum
    ) -> None:
        self._block = block
        self._office = office
        self._people = office.population
        self._ask = triage
        self._returns = returns
        self._asylum = asylum
        self._landed: list[Rows] = []
        self._due = DueRows(office.last_day)

    def land(self, rows: Rows, time: float) -> None:
        """Take in people who have just landed."""
        self._people.move(rows, State.HELD, time, place_or_none(self._office.places.holding))
        self._landed.append(rows)

    def noon(self, day: int) -> None:
        """Settle how long those landed since yesterday stay, then hold today's triage."""
        self._settle_stays(day)
        rows = self._due.take(day)
        if rows.size:
            self._hold_triage(np.sort(rows))

    def charge(self) -> None:
        """Charge a day of holding."""
        held = int(self._people.counts[State.HELD])
        self._office.tally.spend("holding", held * self._block.cost_per_day)

    def _settle_stays(self, day: int) -> None:
        if not self._landed:
            return
        rows = np.concatenate(self._landed)
        self._landed = []
        people, block = self._people, self._block
        luck = self._office.streams.uniform("holding", people.key[rows], people.arrivals[rows])
        stay = block.min_days + luck * (block.max_days - block.min_days)
        landed = people.since[rows]
        last_noon = np.floor(landed + block.max_days)
        leave = np.minimum(np.ceil(landed + stay), last_noon)
        self._due.put(rows, leave.astype(np.int64))

    def _hold_triage(self, rows: Rows) -> None:
        """Let policies detain whom they want of those in rows, told in order, and release the others."""
        answers = [
            (policy.name, np.intersect1d(np.asarray(some, dtype=np.intp), rows))
            for policy, some in self._ask(rows)
        ]
        wanted = {name: some for name, some in answers if some.size}
        free = np.ones(rows.size, dtype=bool)
        for name in sorted(wanted, key=self._returns.priority):  # a stable sort: equals as in the scenario
            some = wanted[name]
            begun = self._returns.begin(name, some, some[free[rows.searchsorted(some)]])
            free[rows.searchsorted(begun)] = False
        self._release(rows[free])

    def _release(self, rows: Rows) -> None:
        if rows.size == 0:
            return
        self._office.news.news_only("return", self._people.group[rows], False)
        self._asylum.enter(rows, self._office.clock.now)
