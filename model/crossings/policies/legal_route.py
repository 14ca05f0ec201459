"""Legal places for people who have not crossed, matched to returns or granted of their own accord."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal, Self

from pydantic import model_validator

from crossings.authorities import Route
from crossings.errors import InputError, unknown
from crossings.hooks import Announcement
from crossings.parameters import param
from crossings.policies.base import (
    Corridor,
    Policy,
    World,
    chance_made_known,
    days_judged,
    group_codes,
    register,
)
from crossings.policies.returning import ReturnsPolicy
from crossings.policies.schedule import MONTHS_A_YEAR, WEEK, WEEKS_A_YEAR, MonthlySchedule, Number


@register
class LegalRoute(Policy):
    """Admission by lottery of people with a UK connection; by default one for each return."""

    announced: date | None = param(
        date(2025, 7, 10),
        "Date it becomes known; that of its start if none",
        unit="date",
        source="UK-France leaders' declaration",
    )
    start: date | None = param(
        date(2025, 8, 6),
        "Date from which it applies; always if none",
        unit="date",
        source="in force 4-6 August 2025 (Home Office)",
    )
    nationalities: tuple[str, ...] = param(
        (), "Nationalities it is meant for; all if none is named", unit="nationality"
    )
    ties_required: bool = param(
        True,
        "Whether it asks for a UK connection that can be verified",
        unit="yes/no",
        source="UK-France agreement",
    )
    applied_for: Literal["on the way", "at home"] = param(
        "on the way",
        "Where one applies: in the country of the camps, or at home before the journey; people who wait at "
        "home stay there, and their admission is outside the model",
        unit="place",
        source="UK-France agreement: on the way; the US parole of 2023: at home",
    )
    matched_to: str | None = param(
        "returns", "Name of the policy whose returns earn places; none for a route of its own", unit="policy"
    )
    matching: float = param(
        1.0,
        "Places earned by one confirmed return",
        unit="place/return",
        low=0.0,
        high=5.0,
        source="UK-France agreement",
        min_value=0.0,
        max_value=100.0,
    )
    advance_places: int = param(
        0,
        "Places that may be used before the first return",
        unit="place",
        low=0,
        high=100,
        source="none agreed; admissions ran ahead of returns by up to 62 in a month",
        min_value=0,
    )
    places_per_week: float = param(
        0.0,
        "Places granted in a week beside those earned, once at full strength",
        unit="place/week",
        low=0.0,
        high=1000.0,
        min_value=0.0,
    )
    admissions_by_month: tuple[Number, ...] = param(
        (),
        "Most people transferred so as to arrive in each calendar month from that of the start, others "
        "waiting; the last goes on; no limit if none is named",
        unit="person/month",
    )
    expected_applicants: float = param(
        8_000.0,
        "Applicants in a year that the announced chance is reckoned on",
        unit="person/year",
        low=2_000.0,
        high=30_000.0,
        min_value=1.0,
    )
    announced_chance: float | None = chance_made_known(
        "Chance of a place this year that is made known; expected places over applicants if none"
    )
    judged_over_days: int = days_judged(
        84, "admissions from which people judge whether it is carried out", low=28, high=182
    )

    @model_validator(mode="after")
    def _has_places(self) -> Self:
        if not self.matched_to and not self.places_per_week and not self.advance_places:
            raise InputError(
                "places_per_week = 0: expected places, or matched_to = the name of a returns policy"
            )
        if self.applied_for == "at home" and (
            self.matched_to or self.advance_places or self.admissions_by_month
        ):
            raise InputError(
                "applied_for = 'at home': expected places_per_week alone, without matched_to (\"none\"), "
                "advance_places and admissions_by_month"
            )
        if self.admissions_by_month and self.start is None:
            raise InputError("admissions_by_month: expected a start date beside it")
        return self

    def at_afternoon(self, world: World, day: int) -> None:
        """Open or close the route, and grant the day's own places."""
        strength = self.strength(world.clock, day)
        if strength > 0.0 or self.name in world.authorities.legal_route.routes:
            route = self._route(world)
            route.open = strength > 0.0
            if strength and self.places_per_week and self.applied_for != "at home":
                route.ledger.schedule(self.places_per_week * strength / WEEK)
            if self.admissions_by_month:
                world.authorities.legal_route.transfer_up_to(self.name, self._due(world, day))

    def announcements(self, world: World) -> list[Announcement]:
        """Make known the chance of a place within a year."""
        chance = self.chance(self._expected_per_week(world))
        codes = group_codes(world.corridor, self.nationalities, "nationalities")
        return [self.announcement(world, "legal", chance, codes, lambda day: self.carried_out(world, day))]

    def chance(self, places_per_week: float) -> float:
        """Return the chance made known, from the places expected in a week."""
        if self.announced_chance is not None:
            return self.announced_chance
        return min(1.0, places_per_week * WEEKS_A_YEAR / self.expected_applicants)

    def carried_out(self, world: World, day: int) -> float | None:
        """Return the chance that recent admissions amount to, None while nobody can judge."""
        if day < self.first_day(world.clock) + self.judged_over_days or not self.in_force(world.clock, day):
            return None
        if self.applied_for == "at home":  # admitted outside the model, as many as announced
            return self.chance(self._expected_per_week(world))
        admitted = self._route(world).admitted_within(day, self.judged_over_days)
        return min(1.0, admitted * WEEK / self.judged_over_days * WEEKS_A_YEAR / self.expected_applicants)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless it names groups of the corridor and a policy that returns people."""
        group_codes(corridor, self.nationalities, f"policies.{self.name}.nationalities")
        returning = [name for name, policy in policies.items() if isinstance(policy, ReturnsPolicy)]
        if self.matched_to and self.matched_to not in returning:
            raise InputError(
                f"policies.{self.name}.matched_to = '{self.matched_to}': "
                f"{unknown('returns policy', self.matched_to, returning or ['none'])}"
            )

    def _expected_per_week(self, world: World) -> float:
        matched = self._matched(world)
        quota = matched.quota_per_week if matched else 0.0
        return self.matching * quota + self.places_per_week

    def _due(self, world: World, day: int) -> float:
        """Return how many people may have set out so far to be admitted within their month."""
        assert self.start is not None  # see `_has_places`
        last = self.admissions_by_month[-1] * MONTHS_A_YEAR / WEEKS_A_YEAR
        schedule = MonthlySchedule(self.start, self.admissions_by_month, last)
        under_way = timedelta(days=world.authorities.legal_route.transfer_days + 1.0)
        return schedule.until(world.clock.date(day) + under_way)

    def _route(self, world: World) -> Route:
        matched = self._matched(world)
        return world.authorities.legal_route.route(
            self.name,
            matched.name if matched else None,
            self.matching,
            self.advance_places,
            groups=group_codes(world.corridor, self.nationalities, "nationalities"),
            ties=self.ties_required,
            at_home=self.applied_for == "at home",
            limited=bool(self.admissions_by_month),
        )

    def _matched(self, world: World) -> ReturnsPolicy | None:
        """Return the policy whose returns earn places."""
        policy = world.policies.get(self.matched_to) if self.matched_to else None
        return policy if isinstance(policy, ReturnsPolicy) else None
