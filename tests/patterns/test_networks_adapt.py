"""A network is dismantled: within weeks its clients and its share of the market have gone to rivals.

Rivals take over the share of an arrested smuggler (Campana 2018; Europol). Here the largest network is
broken up; what rivals put to sea beyond what they do without the arrest is set against what it would have.
"""

from __future__ import annotations

import pytest
from tests.effects import SEEDS
from tests.rivals import taken_over, with_rivals_after

BARRED = {"choices.language_cost": 1000.0, "smuggling.turnover.entry_rate": 0.0}
"""Changes to a world in which clients deal only with who speaks their language, and no network begins."""


def test_clients_are_with_rivals_within_weeks():
    """Of 20 or more clients 19 in 20 are; a share of .6 would be nine standard errors below."""
    assert with_rivals_after(28) > 0.6


def test_where_clients_deal_with_nobody_else_they_are_not():
    """The counter-test."""
    assert with_rivals_after(28, **BARRED) < 0.3


def test_the_share_of_the_largest_network_goes_to_rivals():
    """Rivals gain 1.05 of it, with a standard error of .2 over four seeds: a false alarm in 300."""
    assert 0.5 < taken_over(1, SEEDS) < 1.6


@pytest.mark.slow
def test_so_does_that_of_the_five_largest():
    """A fifth of all launches; gained .95 of it with a standard error of .07 over eight seeds."""
    assert 0.7 < taken_over(5, range(1, 9)) < 1.2
