"""Without word of mouth a real change takes at least one and a half times as long to work.

Half of the effect of containment on attempts is there after 36 days with talk at the camps and after 76
without, on arrivals after 33 and 73, with standard errors of 2 to 3 over four seeds (bootstrap): the ratios
are 2.1 and 2.2 with standard errors of .2, so that a false alarm has a chance of one in 500. For removals
that are carried out the ratio is 1.6.
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
