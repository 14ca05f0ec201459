"""Every launch written down: nothing else changes, and its risk is what deaths are on average."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import SHORT

import crossings as cx
from crossings.passage.hazards import PassageBlock
from crossings.study.launch_log import COLUMNS, away, expected_risk, observe, risk_with, weighted

KM = {"Eastern beach": 67.0, "Western beach": 67.0}


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
    assert (launches["rescue"] == 1.0).all()


def test_risk_is_the_mean_of_what_the_hazards_say_over_a_boats_luck():
    """Twenty thousand crossings of one boat; three standard errors."""
    block, rng = PassageBlock(), np.random.default_rng(4)
    from crossings.passage.hazards import boarding_chance, distress_chance, fatal_chance  # noqa: PLC0415
    from crossings.streams import lognormal  # noqa: PLC0415

    people, quality, height, km, n = 75, 0.3, 0.45, 67.0, 20_000
    speed = np.asarray(lognormal(rng.random(n), block.speed, block.speed_sigma)) * 1.852 * 24.0
    in_distress = rng.random(n) < [
        distress_chance(block, people, quality, height, float(km / each)) for each in speed
    ]
    fatal = in_distress & (rng.random(n) < fatal_chance(block, height))
    toll = np.minimum(lognormal(rng.random(n), block.toll_median, block.toll_sigma), 0.95)
    boarding = rng.random(n) < boarding_chance(block, people)
    share = fatal * toll + boarding * np.minimum(-block.boarding_toll * np.log1p(-rng.random(n)), 0.95)
    error = share.std() / np.sqrt(n)
    assert expected_risk(block, people, quality, height, km) == pytest.approx(share.mean(), abs=3 * error)


def test_risk_rises_with_load_waves_distance_and_poor_boats_and_falls_with_rescue():
    block = PassageBlock()
    usual = expected_risk(block, 57, 0.5, 0.4, 60.0)
    assert expected_risk(block, 80, 0.5, 0.4, 60.0) > usual
    assert expected_risk(block, 57, 0.2, 0.4, 60.0) > usual
    assert expected_risk(block, 57, 0.5, 0.7, 60.0) > usual
    assert expected_risk(block, 57, 0.5, 0.4, 120.0) > usual
    assert expected_risk(block, 57, 0.5, 0.4, 60.0, rescue=2.0) < usual


def test_what_rescue_does_mechanically_is_reckoned_on_the_same_launches(small, observed):
    launches = observed.launches
    as_it_was = weighted(launches["risk"], away(launches))
    assert risk_with(small.passage, launches, KM, 1.0) == pytest.approx(as_it_was)
    assert risk_with(small.passage, launches, KM, 2.0) < as_it_was


def test_a_mean_of_nothing_is_no_number():
    assert np.isnan(weighted([1.0], np.zeros(1)))
