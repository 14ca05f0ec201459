"""What policies that return people have in common.

Each has a weekly quota that grows over its ramp, says who is eligible, announces the chance of
being returned, and feeds its own programme at the returns office. Beds and caseworkers are shared by
priority; each charters its own flights.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Self

import numpy as np
from pydantic import model_validator

from crossings.authorities import Quota, Terms
from crossings.errors import InputError
from crossings.hooks import Announcement, Levers, Rows
from crossings.parameters import param
from crossings.policies.base import (
    LONGEST_LOOK_BACK,
    Corridor,
    Policy,
    World,
    chance_made_known,
    check_look_back,
    days_judged,
    group_codes,
    of_groups,
    reception,
)
from crossings.policies.schedule import WEEK, MonthlySchedule, Number
from crossings.population import NOBODY, State

ARRIVALS_A_WEEK = 870.0
"""All arrivals in a week of the year to July 2025, on the Channel (Home Office: 45,349 in the year)."""
YEAR_OF_ARRIVALS = 2025


class ReturnsPolicy(Policy):
    """Detain some of those who arrive and return them; the base of the kinds that do."""

    quota_per_week: float = param(
        50.0,
        "People to be returned in a week, once at full strength",
        unit="person/week",
        low=0.0,
        high=900.0,
        source="Home Office: about 50 a week at first",
        min_value=0.0,
        max_value=10_000.0,
    )
    nationalities: tuple[str, ...] = param(
        (), "Nationalities it applies to; all if none is named", unit="nationality"
    )
    adults_only: bool = param(
        True, "Whether children are exempt", unit="yes/no", source="Home Office: adults only"
    )
    announced_chance: float | None = chance_made_known(
        "Chance of return made known; the quota over the expected arrivals, at most largest_share, if none"
    )
    expected_arrivals_per_week: float | None = param(
        None,
        "Arrivals of those it applies to on which the announced chance is reckoned; if none, those of the "
        "year to July 2025, 870, times the share of named nationalities in the demand of the year it starts",
        unit="person/week",
        low=400.0,
        high=1200.0,
        source="45,349 arrivals in the year to July 2025 (Home Office)",
        min_value=1.0,
    )
    judged_over_days: int = days_judged(
        56, "arrivals and returns from which people judge whether it is carried out", low=28, high=56
    )
    judged_after_days: int = param(
        56,
        "Days after its start, or after that of the run if later, before anyone can judge",
        unit="day",
        low=56,
        high=112,
        min_value=0,
    )
    judged_lag_days: int = param(
        44,
        "Days that people allow for a return: returns are set against the arrivals of so long before",
        unit="day",
        low=0,
        high=60,
        source="the first people returned under the UK-France agreement had landed 44 days before",
        min_value=0,
        max_value=LONGEST_LOOK_BACK,
    )
    priority: int = param(
        1,
        "Place among policies at triage and in the queue for caseworkers; lower comes first",
        unit="rank",
        min_value=0,
    )
    beds: float = param(
        1.0,
        "Multiple of the beds set aside for returns, once at full strength; 1 says nothing of their number",
        low=1.0,
        high=4.0,
        min_value=0.0,
    )
    beds_with_share: bool = param(
        False,
        "Whether the beds grow in proportion to largest_share: the multiple is that at a share of 1",
        unit="yes/no",
    )
    caseworkers: float = param(
        1.0,
        "Multiple of the caseworkers for referrals, once at full strength; 1 says nothing of their number",
        low=1.0,
        high=4.0,
        min_value=0.0,
    )
    speed: float = param(
        1.0,
        "Multiple of the time that the partner's reply and the preparation take",
        low=0.3,
        high=1.5,
        min_value=0.0,
    )
    expected_completion: float = param(
        0.85,
        "Share of selected people expected to be returned; settled case by case in the end",
        low=0.5,
        high=1.0,
        min_value=0.05,
        max_value=1.0,
    )
    carry_over_weeks: float = param(
        2.0,
        "Weeks of the quota that may be kept unused before it lapses",
        unit="week",
        low=0.5,
        high=8.0,
        min_value=0.2,
    )
    largest_share: float = param(
        1.0,
        "Largest share of eligible arrivals selected, however large the quota; those recognised apart",
        low=0.05,
        high=1.0,
        source="by design: the quota alone limits a programme unless a share is laid down",
        min_value=0.0,
        max_value=1.0,
    )
    quota_by_month: tuple[Number, ...] = param(
        (),
        "People to be returned in each calendar month from that of the start, in place of quota and ramp; "
        "quota_per_week goes on after the last",
        unit="person/month",
    )
    lead_days: int = param(
        44,
        "Days from selection to return that are allowed for where returns are laid down by month",
        unit="day",
        low=20,
        high=70,
        source="44 days from arrival to return for the first cohort",
        min_value=0,
        max_value=LONGEST_LOOK_BACK,
    )
    finish_cases: bool = param(
        False,
        "Whether cases open at its end are led to their end; otherwise everyone is released",
        unit="yes/no",
    )
    seat_margin: float = param(
        1.2, "Most seats on a week's flight for every place of the quota", low=1.0, high=1.5, min_value=0.0
    )
    repeat_caught: float = param(
        0.97,
        "Chance that someone returned before is recognised and selected before all others",
        low=0.8,
        high=1.0,
        source="assumed; both repeat crossers among the first 94 returned were caught by fingerprints",
        min_value=0.0,
        max_value=1.0,
    )

    def handover(self) -> State:
        """Return the state of those handed over."""
        return State.REMOVED

    def destination(self) -> str:
        """Return the country they are handed over to, empty for that of their nationality."""
        return ""

    def reception_limit(self) -> int | None:
        """Return the most returned people its partner's reception holds, None for no limit."""
        return None

    # moments

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Set aside more beds and put on more caseworkers.

        Policies share both, and those that say how many there are agree (`check`), so the size is set
        once, by whichever has come further on its ramp.
        """
        strength = self.strength(world.clock, day)
        more_beds = (self.beds - 1.0) * (self.largest_share if self.beds_with_share else 1.0)
        levers.detention_beds = _further(levers.detention_beds, 1.0 + more_beds * strength)
        levers.caseworkers = _further(levers.caseworkers, 1.0 + (self.caseworkers - 1.0) * strength)

    def at_afternoon(self, world: World, day: int) -> None:
        """Let the quota grow by a day, or end the programme."""
        if self.in_force(world.clock, day):
            if self.quota_by_month:
                self._follow_schedule(world, day)
            else:
                self._quota(world).allow(self.quota_per_week * self.strength(world.clock, day))
        elif self.end is not None and day >= world.clock.day_of(self.end):
            world.authorities.returns.close(self.name, finish=self.finish_cases)

    def at_triage(self, world: World, rows: Rows) -> Rows:
        """Name all who landed since it began and are eligible; the quota settles how many are detained."""
        if not self.in_force(world.clock, world.clock.day):
            return rows[:0]
        return rows[self._eligible(world, rows)]

    def announcements(self, world: World) -> list[Announcement]:
        """Make known the chance of being returned."""
        return [
            self.announcement(
                world,
                "return",
                self.chance(world.corridor),
                group_codes(world.corridor, self.nationalities, "nationalities"),
                lambda day: self.carried_out(world, day),
            )
        ]

    # what these rest on

    @model_validator(mode="after")
    def _judged_when_there_is_something_to_judge(self) -> Self:
        check_look_back(self.judged_after_days, self.judged_over_days)
        return self

    def chance(self, corridor: Corridor) -> float:
        """Return the chance of return that is made known."""
        if self.announced_chance is not None:
            return self.announced_chance
        return min(1.0, self.quota_per_week / max(self.expected(corridor), 1.0), self.largest_share)

    def expected(self, corridor: Corridor) -> float:
        """Return the arrivals a week, of those it applies to, on which the announced chance is reckoned."""
        if self.expected_arrivals_per_week is not None:
            return self.expected_arrivals_per_week
        if not self.nationalities:
            return ARRIVALS_A_WEEK
        demand = corridor.demand(YEAR_OF_ARRIVALS if self.start is None else self.start.year)
        named = sum(demand[name] for name in self.nationalities)
        return ARRIVALS_A_WEEK * named / sum(demand.values())

    def carried_out(self, world: World, day: int) -> float | None:
        """Return the share of eligible arrivals returned lately, None while nobody can judge."""
        if day < self.first_day(world.clock) + self.judged_after_days or not self.in_force(world.clock, day):
            return None
        return self._quota(world).carried_out(day, self.judged_over_days, self.judged_lag_days)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless it fits the corridor, and other policies where they share a pool."""
        group_codes(corridor, self.nationalities, f"policies.{self.name}.nationalities")
        self.place(corridor)
        if self.quota_by_month and self.start is None:
            raise InputError(f"policies.{self.name}.quota_by_month: expected a start date beside it")
        if self.quota_by_month and self.ramp_days:
            raise InputError(
                f"policies.{self.name}.ramp_days = {self.ramp_days:g}: expected 0 beside quota_by_month"
            )
        for name, other in policies.items():
            if name != self.name and isinstance(other, ReturnsPolicy) and self.overlaps(other):
                self._check_pools(name, other)

    def _check_pools(self, name: str, other: ReturnsPolicy) -> None:
        """Raise `InputError` if two policies say different things of the size of what they share."""
        for pool in ("beds", "caseworkers"):
            ours, theirs = getattr(self, pool), getattr(other, pool)
            if ours != theirs and 1.0 not in (ours, theirs):
                raise InputError(
                    f"policies.{self.name}.{pool} = {ours:g}: expected {theirs:g} or 1, "
                    f"since policies.{name}.{pool} = {theirs:g} sets the size of the same pool"
                )

    def place(self, corridor: Corridor) -> int:
        """Return the code of the place of hand-over, or -1 for none in the corridor.

        Raises
        ------
        InputError
            If people are handed over to a reception that the corridor does not have.
        """
        if self.handover() is State.RECEPTION:
            return reception(corridor, self.destination(), self.name)
        abroad = [code for code, place in enumerate(corridor.places) if place.kind == "state"]
        return next((c for c in abroad if corridor.places[c].country == self.destination()), NOBODY)

    def _eligible(self, world: World, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        people = world.population
        start = -np.inf if self.start is None else world.clock.day_of(self.start)
        eligible = people.since[rows] >= start
        eligible &= of_groups(people, rows, group_codes(world.corridor, self.nationalities, self.name))
        if self.adults_only:
            eligible &= people.adult[rows]
        return np.asarray(eligible)

    def _follow_schedule(self, world: World, day: int) -> None:
        """Select as many as are due to be returned one lead later, and fly as many as are due by now."""
        assert self.start is not None  # see `check`
        clock, quota = world.clock, self._quota(world)
        schedule = MonthlySchedule(self.start, self.quota_by_month, self.quota_per_week)
        ahead = clock.date(day) + timedelta(days=self.lead_days)
        # On the first day those are selected, too, who are due sooner than one lead later.
        since = ahead if day > self.first_day(clock) else min(self.start, ahead)
        due = schedule.between(since, ahead + timedelta(days=1))
        # A flight carries those due in the seven days about it.
        by_now = schedule.until(clock.date(day) + timedelta(days=WEEK // 2 + 1))
        quota.allow(due * WEEK, max(0.0, by_now - quota.returned))

    def _quota(self, world: World) -> Quota:
        returns = world.authorities.returns
        programme = returns.programmes.get(self.name)
        return programme.quota if programme else returns.open(self._terms(world))

    def _terms(self, world: World) -> Terms:
        return Terms(
            name=self.name,
            handover=self.handover(),
            place=self.place(world.corridor),
            priority=self.priority,
            speed=self.speed,
            expected_completion=self.expected_completion,
            carry_over_weeks=self.carry_over_weeks,
            seat_margin=self.seat_margin,
            repeat_caught=self.repeat_caught,
            largest_share=self.largest_share,
            reception_places=self.reception_limit(),
        )


def _further(one: float, other: float) -> float:
    """Return the multiple that is further from 1."""
    return max(one, other, key=lambda multiple: abs(multiple - 1.0))
