"""Without word of mouth a real change takes at least one and a half times as long to work.

Half of the effect of containment on attempts is there after 40 days with talk at the camps and after 71
without, on arrivals after 41 and 72, means of two lots of four seeds: the ratios are 1.73 and 1.87, 1.79 and
1.68. Were their standard error .1, as these suggest, a false alarm would have a chance of one in fifty for
another four seeds; these four are fixed.
"""

from __future__ import annotations

import pytest
from tests.effects import containment, pairs

SILENT = {"beliefs.contacts_per_day": 0.0}
EVERYONE_IN_TOUCH = {"beliefs.news_reach": 1.0}


def slowdown(outcome, world=None):
    """Return how much longer half of the effect takes without talk at the camps."""
    world = world or {}
    talk, silence = pairs(containment(), world=world), pairs(containment(), world={**world, **SILENT})
    return silence.days_to_half(outcome) / talk.days_to_half(outcome)


@pytest.mark.parametrize("outcome", ["attempts", "arrivals"])
def test_without_word_of_mouth_it_takes_longer(outcome):
    assert slowdown(outcome) > 1.5


@pytest.mark.slow
def test_where_everyone_hears_from_those_who_crossed_talk_hardly_matters():
    """The counter-test."""
    assert slowdown("attempts", EVERYONE_IN_TOUCH) < 1.25
