"""Patrols at two sites move launches to others; at equal patrols taxi boats let the prevented share fall.

Launches spread from Calais and Dunkirk to Boulogne, Berck and the Somme as patrols grew (Préfecture
maritime); the prevented share of recorded attempts was .42-.47 in 2021-23 and .39 in January to July 2025,
when 45% of boats were taxi boats. Means of four seeds; bounds are at least four standard errors away, so
that a false alarm has a chance below 1e-4.
"""

from __future__ import annotations

import pytest
from tests.conftest import season
from tests.effects import SEEDS, YEAR
from tests.trade import gain, moved, prevented_share, years

WATCHED = ("Gravelines", "Calais-Sangatte")
TWICE = {"policies.posts": {"kind": "BeachPatrolling", "teams": 2.0, "sites": list(WATCHED)}}
FEW_TAXIS = {"smuggling.networks.starting_taxi_share": 0.03}


def test_launches_move_from_watched_sites_to_others():
    """-18 and +16% with standard errors of .015 and .022."""
    watched, others, _ = moved(TWICE, WATCHED)
    assert watched < -0.08
    assert others > 0.06


@pytest.mark.slow
def test_networks_that_do_not_look_where_boats_get_away_stay():
    """The counter-test: the share of launches at the watched sites stays, to four standard errors (.006)."""
    assert abs(moved(TWICE, WATCHED, world={"smuggling.tactics.site_rationality": 0.0})[2]) < 0.025


def test_the_prevented_share_falls_as_taxi_boats_spread():
    """Today's share of taxi boats against a beginning with few: .073 with a standard error of .006."""
    assert 0.03 < gain(years(FEW_TAXIS), prevented_share) < 0.10


def test_taxi_boats_spread():
    """From 3% to more than 12% within the half year before the first date and the year after it."""
    for seed in SEEDS:
        daily = season("no-policy", seed, **YEAR, **FEW_TAXIS).daily
        assert daily["taxi_share"].iloc[-1] > 0.12


@pytest.mark.slow
def test_without_imitation_and_trying_they_do_not_spread():
    """The counter-test."""
    still = {"smuggling.tactics.imitation": 0.0, "smuggling.tactics.trying": 0.0}
    for seed in SEEDS:
        daily = season("no-policy", seed, **YEAR, **FEW_TAXIS, **still).daily
        assert daily["taxi_share"].iloc[-1] < 0.08


@pytest.mark.slow
def test_where_taxi_boats_are_no_safer_the_prevented_share_does_not_fall():
    """The counter-test: -.067 with a standard error of .004."""
    assert gain(years(FEW_TAXIS, world={"enforcement.patrols.taxi_exposure": 1.0}), prevented_share) < 0.0
