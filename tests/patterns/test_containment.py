"""Nobody who arrives may go on or settle: the route empties within weeks, though few are returned.

So it went in the Aegean in 2016, where about 5% of those who arrived were returned. Means of four seeds:
-20% of arrivals in the first four weeks, -60% in weeks 5 to 8, -99% in the next nine and -100% after, with
standard errors of .038, .027, .006 and 0; half of the last effect is there after 33 days. Bounds are six
standard errors or more away: no false alarm.
"""

from __future__ import annotations

import pytest
from tests.effects import BEGIN, NOBODY_HEARS, containment, pairs

WEEKS_5_TO_8 = ("2025-04-29", "2025-05-26")
AFTER = ("2025-05-27", "2025-12-31")


@pytest.fixture(scope="module")
def contained():
    return pairs(containment())


def test_the_route_empties_within_weeks(contained):
    assert contained.effect("arrivals", *WEEKS_5_TO_8) < -0.40
    assert contained.effect("arrivals", *AFTER) < -0.90
    assert contained.days_to_half("arrivals") < 56


def test_though_few_are_returned(contained):
    """Under 2% of those who arrive after it began."""
    arrived, sent_back = (
        sum(run.loc[BEGIN:, outcomes].to_numpy().sum() for run in contained.with_policy)
        for outcomes in (["arrivals"], ["returned", "removed"])
    )
    assert arrived > 0
    assert sent_back < 0.05 * arrived


@pytest.mark.slow
def test_where_nobody_hears_of_it_as_many_come():
    """The counter-test."""
    deaf = pairs(containment(), world=NOBODY_HEARS)
    assert abs(deaf.effect("arrivals", *AFTER)) < 0.05
