"""An observer's series: a known step is found, and a series without one seldom shows one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crossings.study.interrupted import step_effect, weekly

WEEKS, BEGINS = 130, 78


def series(rng, step, memory=0.5):
    """Return weekly counts with a season, a sea that matters, memory, and a step."""
    angle = 2.0 * np.pi * np.arange(WEEKS) / 52.18
    noise = np.zeros(WEEKS)
    for week in range(1, WEEKS):
        noise[week] = memory * noise[week - 1] + 0.2 * rng.normal()
    sea = np.exp(-0.7 + 0.2 * np.cos(angle) + 0.3 * rng.normal(size=WEEKS))
    level = 6.0 + 0.4 * np.cos(angle - 2.0) - 0.8 * np.log(sea) + noise
    level[BEGINS:] += step
    return rng.poisson(np.exp(level)), sea


def test_a_known_step_is_found():
    rng = np.random.default_rng(1)
    found = [step_effect(*_ordered(series(rng, np.log(0.7)))).effect for _ in range(60)]
    assert np.mean(found) == pytest.approx(-0.3, abs=0.02)


def _ordered(made):
    counts, sea = made
    return counts, BEGINS, sea


@pytest.mark.parametrize(("memory", "most"), [(0.0, 0.16), (0.5, 0.26)])
def test_a_series_without_a_step_seldom_shows_one(memory, most):
    """Nominal .10; the memory itself is estimated, so a little more is expected where there is much."""
    rng = np.random.default_rng(11)
    shown = np.mean([step_effect(*_ordered(series(rng, 0.0, memory))).excludes_zero(0.9) for _ in range(400)])
    assert 0.05 < shown < most  # .12 and .18 over 2,400 series; 400 of them have errors of .016 and .019


def test_without_the_allowance_for_memory_it_would_show_one_far_more_often(monkeypatch):
    monkeypatch.setattr("crossings.study.interrupted._MOST_ALIKE", 0.0)
    rng = np.random.default_rng(2)
    shown = np.mean([step_effect(*_ordered(series(rng, 0.0, 0.8))).excludes_zero(0.9) for _ in range(150)])
    assert shown > 0.3


def test_a_large_step_is_never_missed():
    rng = np.random.default_rng(3)
    assert all(step_effect(*_ordered(series(rng, -1.0))).excludes_zero(0.95) for _ in range(40))


def test_weeks_are_whole_weeks():
    days = pd.Series(np.ones(20))
    assert weekly(days).tolist() == [7.0, 7.0]
    assert weekly(days, "mean").tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("counts", "begins"), [([1.0] * 20, 0), ([1.0] * 20, 20), ([0.0] * 60, 30), ([1.0] * 5, 2)]
)
def test_too_little_to_tell_is_refused(counts, begins):
    with pytest.raises(ValueError, match="weeks"):
        step_effect(counts, begins)
