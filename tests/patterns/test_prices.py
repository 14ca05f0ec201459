"""Tripled enforcement raises the price by 10 to 35%; cheaper boats lower it.

The elasticity of smugglers' prices to enforcement is .14-.24, so tripled enforcement raises them by 17 to 30%
(Gathmann 2008). Means of four seeds: +18 and -9% with standard errors of .013 and .009. The bounds are at
least six of them away: no false alarm.
"""

from __future__ import annotations

import pytest
from tests.trade import BLIND, mean_of, rise, years

TRIPLED = {"policies.patrols": {"kind": "BeachPatrolling", "teams": 3.0}}
HALVED = {"policies.boats": {"kind": "SupplyInterdiction", "seizures": 1.0, "boat_cost": 0.5}}

price = mean_of("price")


def test_tripled_enforcement_raises_the_price():
    assert 0.10 < rise(years(TRIPLED), price) < 0.35


def test_halving_the_cost_of_boats_lowers_it():
    assert -0.30 < rise(years(HALVED), price) < -0.03


@pytest.mark.slow
def test_networks_that_do_not_see_their_losses_do_not_charge_for_them():
    """The counter-test: -2% with a standard error of .005."""
    assert rise(years(TRIPLED, world=BLIND), price) < 0.05
