"""More rescue, or more seizures: worse boats and more people on each; with rescue also rougher nights.

Smugglers answered rescue in the central Mediterranean with flimsy boats and rougher nights, and seizures with
worse boats (Deiana, Maheshri & Mastrobuoni 2024). Means of four seeds; all bounds are four standard errors or
more away, so that a false alarm has a chance below 1e-4.

More seizures do not lead to rougher nights here: a network short of boats has no use for more nights.
"""

from __future__ import annotations

import pytest
from tests.trade import BLIND, gain, mean_of, per_boat, rise, years

RESCUE = {"policies.rescue": {"kind": "SeaRescue", "rescue": 2.0}}
SEIZURES = {"policies.seizures": {"kind": "SupplyInterdiction", "seizures": 3.0}}

quality, wave_limit = mean_of("boat_quality"), mean_of("wave_limit")


@pytest.fixture(scope="module")
def rescued():
    return years(RESCUE)


@pytest.fixture(scope="module")
def seized():
    return years(SEIZURES)


def test_more_rescue_makes_boats_worse_and_fuller_and_nights_rougher(rescued):
    """Soundness -.031, people per boat +7%, wave limit +.015 m; standard errors .005, .010, .0026."""
    assert gain(rescued, quality) < -0.005
    assert rise(rescued, per_boat) > 0.02
    assert gain(rescued, wave_limit) > 0.003


def test_more_seizures_make_boats_worse_and_fuller(seized):
    """Soundness -.063, people per boat +8%; standard errors .005 and .013."""
    assert gain(seized, quality) < -0.02
    assert rise(seized, per_boat) > 0.015


@pytest.mark.slow
def test_networks_that_do_not_see_what_becomes_of_boats_do_not_answer_rescue():
    """The counter-test."""
    blind = years(RESCUE, world=BLIND)
    assert abs(gain(blind, quality)) < 0.01
    assert abs(gain(blind, wave_limit)) < 0.005


@pytest.mark.slow
def test_networks_that_do_not_learn_what_is_lost_do_not_buy_worse_boats():
    """The counter-test: scarcity alone makes each boat worth more (+.11 with a standard error of .008)."""
    assert gain(years(SEIZURES, world={"smuggling.supply.shipping.seizure_memory": 1e9}), quality) > 0.0
