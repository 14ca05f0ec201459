"""The arithmetic that the first agreement was argued with, held by the program that models it."""

from __future__ import annotations

from itertools import accumulate

import pytest
from tests.shore import EPOCH, Shore

from crossings import Scenario, corridors
from crossings.authorities import AuthoritiesBlock, FlightsBlock, LegalRouteBlock
from crossings.policies import LegalRoute, ReturnsAgreement, ReturnsPolicy
from crossings.population import State

ARRIVALS = 45_349  # in the year to July 2025 (Home Office)
WEEKS = 365 / 7
CHANNEL = corridors.load("channel")


def returns_of(name: str, policy: str = "returns") -> ReturnsPolicy:
    found = Scenario.load(name).policies[policy]
    assert isinstance(found, ReturnsPolicy)
    return found


def test_fifty_a_week_is_one_in_seventeen_point_four() -> None:
    pilot = returns_of("one-in-one-out")
    assert pytest.approx(pilot.expected(CHANNEL), abs=1) == ARRIVALS / WEEKS
    assert pilot.quota_per_week == 50
    assert 1 / pilot.chance(CHANNEL) == pytest.approx(17.4)


def test_five_hundred_a_week_need_more_beds_than_the_country_has() -> None:
    beds = AuthoritiesBlock().detention.beds
    fixed = returns_of("one-in-one-out-scaled-fixed-beds", "scale_up")
    scaled = returns_of("one-in-one-out-scaled", "scale_up")
    held_per_weekly_return = 44 / 7
    assert 500 * held_per_weekly_return == pytest.approx(3140, abs=5)
    assert fixed.beds * beds == 2200 < 500 * held_per_weekly_return
    everyone = 0.85 * 870 * held_per_weekly_return  # all adults
    assert everyone == pytest.approx(4650, abs=5)
    assert scaled.beds * beds > 2 * everyone
    assert scaled.chance(CHANNEL) == fixed.chance(CHANNEL) == scaled.largest_share  # what is told is the dose


def test_admissions_follow_returns_with_only_the_vetting_lag() -> None:
    """With no spread of times and nobody refused, every admission comes 28.5 days after its return.

    Flights leave on Thursday, the lottery is on Monday: 4 days, then 1.5 of an officer, 16 of checks and 7 of
    transfer.
    """
    route = LegalRouteBlock(spread=0.0, confirmed=1.0, officers=1000)
    block = AuthoritiesBlock(legal_route=route, flights=FlightsBlock(cancelled=0.0))
    policies = {
        "returns": ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0.0, quota_per_week=30),
        "legal": LegalRoute(announced=EPOCH, start=EPOCH),
    }
    shore = Shore(policies, per_day=30, days=130, block=block)

    def morning(day: int) -> None:
        rows = shore.to_camp(day)
        shore.population.move(rows[:15], State.APPLIED, day)
        shore.cross(rows[15:])

    shore.morning = morning
    shore.run(130)
    returned = list(accumulate(shore.notes.by_day["returned"][day] for day in range(130)))
    admitted = list(accumulate(shore.notes.by_day["admitted"][day] for day in range(130)))
    lag = 4 + 1.5 + 16 + 7
    assert admitted[-1] > 150
    assert returned[-1] > admitted[-1]
    for day in range(29, 130):
        assert admitted[day] == returned[day - int(lag)]  # at midnight of the 28th day after, none sooner
