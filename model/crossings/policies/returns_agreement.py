"""Agreements by which people are returned.

`ReturnsAgreement` hands people over to the country they crossed from, where they may choose again;
a `LegalRoute` may be matched to it ("one in, one out"). `BilateralReturns` returns one nationality
home. `ThirdCountryRemoval` sends people to a country they have never been to; with a quota of zero
it is a threat that nobody carries out.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from crossings.errors import InputError
from crossings.parameters import param
from crossings.policies.base import LONGEST_LOOK_BACK, LONGEST_RAMP, Corridor, Policy, register
from crossings.policies.returning import ReturnsPolicy
from crossings.population import State


@register
class ReturnsAgreement(ReturnsPolicy):
    """Return to the country that people crossed from; by default the pilot of August 2025."""

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
    ramp_days: float = param(
        56.0,
        "Time from the start until it has its full strength",
        unit="day",
        low=0.0,
        high=365.0,
        min_value=0.0,
        max_value=LONGEST_RAMP,
    )
    partner: str = param("France", "Country that takes people back into its reception", unit="country")
    reception_places: int | None = param(
        None,
        "Most returned people the partner's reception holds; flights wait while it is full; no limit if none",
        unit="person",
        low=50,
        high=1000,
        source="none agreed",
        min_value=0,
    )

    def handover(self) -> State:
        """Return the state of those handed over: in reception, free to choose again."""
        return State.RECEPTION

    def destination(self) -> str:
        """Return the partner country."""
        return self.partner

    def reception_limit(self) -> int | None:
        """Return the most people in the partner's reception."""
        return self.reception_places


@register
class BilateralReturns(ReturnsPolicy):
    """Fast return of named nationalities to their own country."""

    speed: float = param(
        0.4,
        "Multiple of the time that the partner's reply and the preparation take",
        low=0.2,
        high=1.0,
        min_value=0.0,
    )
    judged_lag_days: int = param(
        24,
        "Days that people allow for a return: returns are set against the arrivals of so long before",
        unit="day",
        low=0,
        high=60,
        source="assumed: 44 days, with reply and preparation at their default speed",
        min_value=0,
        max_value=LONGEST_LOOK_BACK,
    )

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless it names nationalities of the corridor."""
        if not self.nationalities:
            raise InputError(f"policies.{self.name}.nationalities: expected at least one nationality")
        super().check(corridor, policies)


@register
class ThirdCountryRemoval(ReturnsPolicy):
    """Removal to a third country; by default announced to all and carried out on nobody."""

    quota_per_week: float = param(
        0.0,
        "People to be removed in a week, once at full strength",
        unit="person/week",
        low=0.0,
        high=900.0,
        source="nobody was forcibly removed to Rwanda",
        min_value=0.0,
        max_value=10_000.0,
    )
    announced_chance: float | None = param(
        0.5,
        "Chance of removal that is made known; the quota over the expected arrivals if none",
        unit="probability",
        low=0.1,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )
    country: str = param("Rwanda", "Third country", unit="country")

    def destination(self) -> str:
        """Return the third country."""
        return self.country
