"""What policies that return people have in common.

Each has a weekly quota that grows over its ramp, says who is eligible, announces the chance of
being returned, and feeds its own programme at the returns office. Beds and caseworkers are shared by
priority; each charters its own flights.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crossings.authorities import Quota, Terms
from crossings.errors import InputError
from crossings.hooks import Announcement, Levers, Rows
from crossings.parameters import param
from crossings.policies.base import LONGEST_LOOK_BACK, Corridor, Policy, World, group_codes, of_groups
from crossings.population import State


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
    announced_chance: float | None = param(
        None,
        "Chance of return that is made known; the quota over the expected arrivals if none",
        unit="probability",
        min_value=0.0,
        max_value=1.0,
    )
    expected_arrivals_per_week: float = param(
        870.0,
        "Arrivals that the announced chance is reckoned on",
        unit="person/week",
        low=400.0,
        high=1200.0,
        source="45,349 arrivals in the year to July 2025 (Home Office)",
        min_value=1.0,
    )
    judged_over_days: int = param(
        56,
        "Days of arrivals and returns from which people judge whether it is carried out",
        unit="day",
        low=28,
        high=112,
        min_value=7,
        max_value=LONGEST_LOOK_BACK,
    )
    judged_after_days: int = param(
        56,
        "Days after its start, or after that of the run if later, before anyone can judge",
        unit="day",
        low=14,
        high=112,
        min_value=0,
    )
    priority: int = param(
        1,
        "Place among policies at triage and in the queue for caseworkers; lower comes first",
        unit="rank",
        min_value=0,
    )
    beds: float = param(
        1.0,
        "Multiple of the beds set aside for returns, once at full strength",
        low=1.0,
        high=4.0,
        min_value=0.0,
    )
    caseworkers: float = param(
        1.0,
        "Multiple of the caseworkers who prepare referrals, once at full strength",
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

    # moments

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Set aside more beds and put on more caseworkers."""
        strength = self.strength(world.clock, day)
        levers.detention_beds *= 1.0 + (self.beds - 1.0) * strength
        levers.caseworkers *= 1.0 + (self.caseworkers - 1.0) * strength

    def at_afternoon(self, world: World, day: int) -> None:
        """Let the quota grow by a day, or end the programme."""
        if self.in_force(world.clock, day):
            self._quota(world).allow(self.quota_per_week * self.strength(world.clock, day))
        elif self.end is not None and day >= world.clock.day_of(self.end):
            world.authorities.returns.close(self.name)

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
                self.chance(),
                group_codes(world.corridor, self.nationalities, "nationalities"),
                lambda day: self.carried_out(world, day),
            )
        ]

    # what these rest on

    def chance(self) -> float:
        """Return the chance of return that is made known."""
        if self.announced_chance is not None:
            return self.announced_chance
        return min(1.0, self.quota_per_week / self.expected_arrivals_per_week)

    def carried_out(self, world: World, day: int) -> float | None:
        """Return the share of eligible arrivals returned lately, None while nobody can judge."""
        if day < self.first_day(world.clock) + self.judged_after_days or not self.in_force(world.clock, day):
            return None
        return self._quota(world).carried_out(day, self.judged_over_days)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless its nationalities and its partner are in the corridor."""
        group_codes(corridor, self.nationalities, f"policies.{self.name}.nationalities")
        self.place(corridor)

    def place(self, corridor: Corridor) -> int:
        """Return the code of the place of hand-over, or -1 for none in the corridor.

        Raises
        ------
        InputError
            If people are handed over to a reception that the corridor does not have.
        """
        for code, place in enumerate(corridor.places):
            if place.kind == "state" and place.country == self.destination():
                return code
        if self.handover() is State.RECEPTION:
            known = sorted({place.country for place in corridor.places if place.kind == "state"})
            raise InputError(
                f"policies.{self.name}: partner '{self.destination()}' has no reception in the corridor: "
                f"expected one of {', '.join(known)}"
            )
        return -1

    def _eligible(self, world: World, rows: Rows) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        people = world.population
        start = -np.inf if self.start is None else world.clock.day_of(self.start)
        eligible = people.since[rows] >= start
        eligible &= of_groups(people, rows, group_codes(world.corridor, self.nationalities, self.name))
        if self.adults_only:
            eligible &= people.adult[rows]
        return np.asarray(eligible)

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
        )
