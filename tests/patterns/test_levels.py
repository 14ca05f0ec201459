"""January to July 2025 with the defaults: four bands that every version of the model keeps.

Observed (Home Office, to July 2025): 25,436 people arrived in 59 a boat; waiting near the coast
1,000 to 3,500 (press and Little's law). The bands are wide on purpose: they say that the model is
in the right world, not that it is calibrated. They are asserted on the mean of six seeds, whose
standard error is far smaller than the distance to a bound, so a false alarm means a changed model.
"""

from __future__ import annotations

from statistics import mean

import pytest
from tests.conftest import season

SEEDS = range(1, 7)
OBSERVED_ARRIVALS = 25_436


@pytest.fixture(scope="module")
def totals():
    runs = [season("no-policy", seed, start="2025-01-01", end="2025-07-31") for seed in SEEDS]
    summaries = [run.summary() for run in runs]
    return {key: mean(s[key] for s in summaries) for key in summaries[0]}


def test_arrivals_are_within_a_factor_of_one_and_a_half(totals):
    assert OBSERVED_ARRIVALS / 1.5 < totals["arrivals"] < OBSERVED_ARRIVALS * 1.5


def test_crossing_days(totals):
    assert 0.30 <= totals["crossing_day_share"] <= 0.50


def test_people_per_boat(totals):
    assert 50 <= totals["people_per_boat"] <= 70


def test_waiting_stock(totals):
    assert 1_000 <= totals["waiting_mean"] <= 3_500


def test_some_people_die_and_most_do_not(totals):
    """Observed, pooled 2020-24: .75 per thousand people at sea; within a factor of two."""
    per_thousand = 1000 * totals["deaths"] / totals["attempts"]
    assert 0.3 < per_thousand < 1.5
