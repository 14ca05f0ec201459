"""Every launch written down: nothing else changes, and its risk is what deaths are on average."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import SHORT

import crossings as cx
from crossings.passage.hazards import PassageBlock, boarding_chance, distress_chance, roughness
from crossings.passage.rescue import Rescue, SearchLuck, Strength
from crossings.streams import lognormal
from crossings.study.launch_log import COLUMNS, USUAL, away, expected_risk, observe, risk_with, weighted

KM = {"Eastern beach": 35.7, "Western beach": 35.7}


@pytest.fixture(scope="module")
def small():
    return cx.Scenario.load("no-policy").with_(corridor="signs-crossings", **SHORT)


@pytest.fixture(scope="module")
def observed(small):
    return observe(small, 3)


def test_a_run_that_is_written_down_is_the_same_run(small, observed):
    assert observed.result.digest_exact == cx.run(small, seed=3).digest_exact


def test_the_table_says_what_the_run_counted(observed):
    launches, daily = observed.launches, observed.result.daily
    assert tuple(launches.columns) == COLUMNS
    assert len(launches) == pytest.approx(daily["launches"].sum(), abs=6)  # the last night is not over
    # people booked in the evening; who is rebooked by then is not on board
    assert launches["people"].sum() == pytest.approx(daily["attempts"].sum(), rel=0.15)
    assert launches["date"].is_monotonic_increasing
    assert set(launches["site"]) <= set(KM)
    assert launches["stop"].between(0.0, 1.0).all()
    assert (launches[["rescue_french", "rescue_uk"]] == 1.0).all(axis=None)


def test_risk_is_the_mean_of_what_the_hazards_say_over_a_boats_luck():
    """Forty thousand crossings of one boat; three standard errors."""
    block, rng, n = PassageBlock(), np.random.default_rng(4), 40_000
    people, quality, height, km = 80, 0.2, 0.6, 110.0
    rescue, rough = Rescue(block.rescue), roughness(block, height)
    speed = np.asarray(lognormal(rng.random(n), block.speed, block.speed_sigma)) * 1.852 * 24.0
    share = -block.boarding_toll * np.log1p(-rng.random(n)) * (rng.random(n) < boarding_chance(block, people))
    for boat in range(n):
        if rng.random() < distress_chance(block, people, quality, height, float(km / speed[boat])):
            made = km * rng.random() ** block.early_distress
            found = rescue.outcome(USUAL, made, km - made, rough, SearchLuck(*rng.random(5).tolist()))
            share[boat] += rescue.drowned(found.in_water)
    error = share.std() / np.sqrt(n)
    assert expected_risk(block, people, quality, height, km) == pytest.approx(share.mean(), abs=3 * error)


def test_risk_rises_with_load_waves_distance_and_poor_boats_and_falls_with_rescue():
    block = PassageBlock()
    usual = expected_risk(block, 57, 0.5, 0.4, 60.0)
    assert expected_risk(block, 80, 0.5, 0.4, 60.0) > usual
    assert expected_risk(block, 57, 0.2, 0.4, 60.0) > usual
    assert expected_risk(block, 57, 0.5, 0.7, 60.0) > usual
    assert expected_risk(block, 57, 0.5, 0.4, 120.0) > usual
    assert expected_risk(block, 57, 0.5, 0.4, 60.0, Strength(1.0, 2.0)) < usual


def test_what_rescue_does_mechanically_is_reckoned_on_the_same_launches(small, observed):
    launches = observed.launches
    as_it_was = weighted(launches["risk"], away(launches))
    assert risk_with(small.passage, launches, KM, USUAL) == pytest.approx(as_it_was)
    assert risk_with(small.passage, launches, KM, Strength(1.0, 2.0)) < as_it_was


def test_a_mean_of_nothing_is_no_number():
    assert np.isnan(weighted([1.0], np.zeros(1)))
