"""More rescue, or more seizures: worse boats and more people on each; with rescue also rougher nights.

Smugglers answered rescue in the central Mediterranean with flimsy boats and rougher nights, and seizures with
worse boats (Deiana, Maheshri & Mastrobuoni 2024). Rescue here is on the side to which people cross, as it was
there, and four times the usual: twice as much moves wave limits by less than the noise of eight seeds, for
boats from the far side are bound by the way. Means of eight seeds for rescue and four for seizures; all
bounds are three standard errors or more away, so that a false alarm has a chance below 1 in 500.

More seizures do not lead to rougher nights here: a network short of boats has no use for more nights.
"""

from __future__ import annotations

import pytest
from tests.trade import BLIND, gain, mean_of, per_boat, rise, years

SEEDS = range(1, 9)
RESCUE = {"policies.rescue": {"kind": "SeaRescue", "rescue": 4.0}}
NO_RESCUE = {"policies.rescue": {"kind": "SeaRescue", "rescue": 0.0}}
SEIZURES = {"policies.seizures": {"kind": "SupplyInterdiction", "seizures": 3.0}}

quality, wave_limit = mean_of("boat_quality"), mean_of("wave_limit")


@pytest.fixture(scope="module")
def rescued():
    return years(RESCUE, SEEDS)


@pytest.fixture(scope="module")
def seized():
    return years(SEIZURES)


@pytest.mark.slow
def test_more_rescue_makes_boats_worse_and_fuller_and_nights_rougher(rescued):
    """Soundness -.029, people per boat +6%, wave limit +.009 m; standard errors .004, .007, .002."""
    assert gain(rescued, quality) < -0.005
    assert rise(rescued, per_boat) > 0.02
    assert gain(rescued, wave_limit) > 0.003


def test_more_seizures_make_boats_worse_and_fuller(seized):
    """Soundness -.063, people per boat +8%; standard errors .005 and .013."""
    assert gain(seized, quality) < -0.02
    assert rise(seized, per_boat) > 0.015


@pytest.mark.slow
def test_no_rescue_from_the_other_side_makes_boats_sounder_and_emptier():
    """Soundness +.028, people per boat -4%, wave limit -.009 m; standard errors .004, .008, .002."""
    alone = years(NO_RESCUE, SEEDS)
    assert gain(alone, quality) > 0.005
    assert rise(alone, per_boat) < -0.005
    assert gain(alone, wave_limit) < -0.003


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
