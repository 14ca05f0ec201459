"""A lasting policy also keeps people from setting out, later than it keeps them from trying.

Under containment (test_containment) those at the coast hear first. People who set out fall by 3, 6, 32 and
40% in the first and second four weeks, until July and after, with standard errors of .005 or less over four
seeds; half of the last effect is there after 69 days for setting out and after 36 for attempts, with
standard errors of 1 and 3 (bootstrap): no false alarm.
"""

from __future__ import annotations

import pytest
from tests.effects import containment, pairs

FIRST_FOUR_WEEKS = ("2025-04-01", "2025-04-28")
AFTER_FOUR_MONTHS = ("2025-08-01", "2025-12-31")


def test_fewer_set_out_in_the_end():
    contained = pairs(containment())
    assert contained.effect("set_out", *AFTER_FOUR_MONTHS) < -0.15
    assert contained.effect("set_out", *FIRST_FOUR_WEEKS) > -0.10


def test_later_than_fewer_try():
    contained = pairs(containment())
    assert contained.days_to_half("set_out") > contained.days_to_half("attempts") + 14


@pytest.mark.slow
def test_who_does_not_weigh_the_crossing_before_setting_out_sets_out_all_the_same():
    """The counter-test."""
    deaf = pairs(containment(), world={"journeys.route_rationality": 0.0})
    assert abs(deaf.effect("set_out", *AFTER_FOUR_MONTHS)) < 0.02
    assert deaf.effect("attempts", *AFTER_FOUR_MONTHS) < -0.5
