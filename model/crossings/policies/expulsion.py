"""Expulsion at the border, without detention, procedure or flight.

It stands for what a land border allows and the sea does not: people are taken back over the line within
hours of crossing it. They are free to choose again at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from pydantic import model_validator

from crossings.authorities import Quota, Terms
from crossings.hooks import Announcement, Rows
from crossings.parameters import param
from crossings.policies.base import (
    LONGEST_LOOK_BACK,
    Corridor,
    Policy,
    World,
    check_look_back,
    group_codes,
    of_groups,
    reception,
    register,
)
from crossings.population import State

_EVERYBODY = 1e6  # people a week: the share alone is a limit


@register
class SummaryReturns(Policy):
    """Expulsion at the border: people are handed over on the day they leave holding, without a hearing."""

    share: float = param(
        0.5,
        "Share of those it applies to who are expelled, once at full strength",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )
    nationalities: tuple[str, ...] = param(
        (), "Nationalities it applies to; all if none is named", unit="nationality"
    )
    adults_only: bool = param(True, "Whether children are exempt", unit="yes/no")
    partner: str = param(
        "France", "Country that takes people back, who may choose again there", unit="country"
    )
    announced_chance: float | None = param(
        None,
        "Chance of expulsion made known; the share if none",
        unit="probability",
        min_value=0.0,
        max_value=1.0,
    )
    priority: int = param(1, "Place among policies at triage; lower comes first", unit="rank", min_value=0)
    judged_over_days: int = param(
        28,
        "Days of landings from which people judge whether it is carried out",
        unit="day",
        low=14,
        high=112,
        min_value=7,
        max_value=LONGEST_LOOK_BACK,
    )
    judged_after_days: int = param(
        28, "Days after its start before anyone can judge", unit="day", low=7, high=112, min_value=0
    )

    @model_validator(mode="after")
    def _judged_when_there_is_something_to_judge(self) -> Self:
        check_look_back(self.judged_after_days, self.judged_over_days)
        return self

    def at_afternoon(self, world: World, day: int) -> None:
        """Renew its allowance, or end the programme."""
        if self.in_force(world.clock, day):
            quota = self._quota(world)
            quota.allow(_EVERYBODY)
            quota.share = self.share * self.strength(world.clock, day)
        elif self.end is not None and day >= world.clock.day_of(self.end):
            world.authorities.returns.close(self.name)

    def at_triage(self, world: World, rows: Rows) -> Rows:
        """Name all who landed since it began and to whom it applies; its share of them is expelled."""
        day = world.clock.day
        if not self.in_force(world.clock, day):
            return rows[:0]
        people = world.population
        start = -np.inf if self.start is None else world.clock.day_of(self.start)
        eligible = people.since[rows] >= start
        eligible &= of_groups(people, rows, group_codes(world.corridor, self.nationalities, self.name))
        if self.adults_only:
            eligible &= people.adult[rows]
        return np.asarray(rows[eligible], dtype=np.intp)

    def announcements(self, world: World) -> list[Announcement]:
        """Make known the chance of expulsion."""
        chance = self.share if self.announced_chance is None else self.announced_chance
        codes = group_codes(world.corridor, self.nationalities, "nationalities")
        return [self.announcement(world, "return", chance, codes, lambda day: self.carried_out(world, day))]

    def carried_out(self, world: World, day: int) -> float | None:
        """Return the share of those it applies to expelled lately, None while nobody can judge."""
        if day < self.first_day(world.clock) + self.judged_after_days or not self.in_force(world.clock, day):
            return None
        return self._quota(world).carried_out(day, self.judged_over_days)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless its nationalities are in the corridor and the partner has a reception."""
        group_codes(corridor, self.nationalities, f"policies.{self.name}.nationalities")
        reception(corridor, self.partner, self.name)

    def _quota(self, world: World) -> Quota:
        returns = world.authorities.returns
        programme = returns.programmes.get(self.name)
        if programme is not None:
            return programme.quota
        place = reception(world.corridor, self.partner, self.name)
        terms = Terms(
            name=self.name,
            handover=State.RECEPTION,
            place=place,
            priority=self.priority,
            expected_completion=1.0,
            repeat_caught=0.0,  # who comes again is expelled like anybody else
            summary=True,
        )
        return returns.open(terms)
