"""A door that closes in eight weeks: people hurry to be there before, and stay away after.

With the credibility that lets an empty threat fade (test_threats), the same removal is announced on 1 May
for landings from 26 June and then carried out. Means of eight seeds: +2% of arrivals before with a standard
error of .004, +4% in the last four weeks (.009), and +31% of people who reach the coast then (.028); -54%
in weeks 9 to 16 after (.015). Bounds are three and a half standard errors or more away: a false alarm in
2000.
"""

from __future__ import annotations

import pytest
from tests.effects import pairs, threat

ANNOUNCED, START = "2025-05-01", "2025-06-26"
BEFORE = (ANNOUNCED, "2025-06-25")
LAST_FOUR_WEEKS = ("2025-05-29", "2025-06-25")
AFTER = ("2025-06-26", "2025-12-31")
WEEKS_9_TO_16 = ("2025-08-21", "2025-10-15")
CLOSING = threat(START, ANNOUNCED, carried_out=True)
WITHOUT_HASTE = {"journeys.haste_cost": 1e6}


@pytest.fixture(scope="module")
def closing():
    return pairs(CLOSING)


@pytest.mark.slow
def test_more_reach_the_coast_and_arrive_before_the_door_closes(closing):
    """Four seeds: standard errors of .006 and .012 for arrivals, .04 for those who reach the coast."""
    assert closing.effect("arrivals", *BEFORE) > 0.0
    assert closing.effect("arrivals", *LAST_FOUR_WEEKS) > 0.0
    assert closing.effect("reached_coast", *LAST_FOUR_WEEKS) > 0.10


@pytest.mark.slow
def test_fewer_after(closing):
    assert closing.effect("arrivals", *AFTER) < -0.20
    assert closing.effect("arrivals", *WEEKS_9_TO_16) < -0.30


@pytest.mark.slow
def test_arrivals_rise_before_beyond_chance():
    assert pairs(CLOSING, range(1, 9)).z("arrivals", *BEFORE) > 2.0


@pytest.mark.slow
def test_where_nobody_can_hurry_on_the_way_no_more_reach_the_coast():
    """The counter-test: -1% with a standard error of .002."""
    slow = pairs(CLOSING, world=WITHOUT_HASTE)
    assert slow.effect("reached_coast", *LAST_FOUR_WEEKS) < 0.02
    assert slow.effect("arrivals", *WEEKS_9_TO_16) < -0.30
