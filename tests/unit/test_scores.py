"""Scores and benchmarks: proper scores prefer the truth, benchmarks know nothing that comes later."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crossings.corridors.observed import observed
from crossings.errors import InputError
from crossings.streams import Streams, identity, normal
from crossings.study.benchmarks import SAMPLES, Counts, autoregression, seasonal_naive
from crossings.study.scores import log_score, score
from crossings.study.scoring import daily_benchmarks, monthly_benchmarks, weekly_benchmarks

PEOPLE = observed().people
MONTHS = np.array([PEOPLE[key] for key in sorted(PEOPLE)], dtype=float)


def drawn(name, count, mean, sd):
    luck = Streams(1).uniforms("test", identity(name, np.arange(count)), 0, 1)[0]
    return normal(luck, mean, sd)


def forecast_of(shift, spread):
    """Return 60 forecasts of log-normal outcomes, each off by `shift` and too wide by `spread`."""
    outcomes = np.exp(drawn("outcome", 60, 7.0, 0.5))
    sample = np.exp(drawn("sample", 400, 7.0 + shift, 0.5 * spread))
    return [(sample, float(outcome)) for outcome in outcomes]


def test_the_true_distribution_scores_best():
    true = score("true", forecast_of(0.0, 1.0))
    for other in (forecast_of(0.7, 1.0), forecast_of(0.0, 0.2), forecast_of(0.0, 4.0)):
        worse = score("other", other)
        assert true.crps < worse.crps
        assert true.log_score < worse.log_score


def test_coverage_of_the_true_distribution_is_what_it_says():
    """Sixty outcomes: .5 and .9 with standard errors of .065 and .039; both within three of them."""
    true = score("true", forecast_of(0.0, 1.0))
    assert abs(true.covered_50 - 0.5) < 0.2
    assert abs(true.covered_90 - 0.9) < 0.12
    assert score("narrow", forecast_of(0.0, 0.1)).covered_90 < 0.5


def test_a_sample_of_one_value_has_a_finite_score():
    assert np.isfinite(log_score(np.full(50, 10.0), 5000.0))


@pytest.mark.parametrize("forecaster", [seasonal_naive, autoregression])
def test_benchmarks_use_only_what_came_before(forecaster):
    origin = 72
    later = MONTHS.copy()
    later[origin:] *= 50
    samples = [forecaster(Counts(counts, 12).before(origin), 12) for counts in (MONTHS, later)]
    assert samples[0].shape == (SAMPLES, 12)
    assert np.array_equal(*samples)
    assert (samples[0] >= 0).all()


def test_the_seasonal_naive_is_centred_on_a_year_ago():
    sample = seasonal_naive(Counts(MONTHS, 12).before(72), 12)
    ratio = np.median(sample, axis=0) / MONTHS[60:72]
    assert 0.8 < np.exp(np.mean(np.log(ratio))) < 1.25


def test_autoregression_finds_a_season_that_is_there():
    season = 1000 + 900 * np.sin(2 * np.pi * np.arange(96) / 12)
    counts = np.rint(season * np.exp(drawn("season", 96, 0.0, 0.1)))
    sample = autoregression(Counts(counts, 12).before(84), 12)
    assert np.corrcoef(np.median(sample, axis=0), season[84:])[0, 1] > 0.9


def test_an_origin_without_two_years_before_it_is_refused():
    with pytest.raises(InputError, match="origin = 12: expected at least two years"):
        Counts(MONTHS, 12).before(12)


def test_months_are_scored_at_three_origins():
    found = monthly_benchmarks()
    assert [each.forecasts for each in found] == [36, 36]
    assert not any(each.saw_the_future for each in found)
    assert all(each.crps < 5000 for each in found)


def test_weeks_and_days_are_scored_where_there_are_daily_counts():
    days = pd.date_range("2019-06-01", "2024-12-31")
    luck = Streams(2).uniforms("test", identity("day", np.arange(len(days))), 0, 2)
    season = 1.0 + 0.8 * np.sin(2 * np.pi * (days.day_of_year.to_numpy() - 100) / 365)
    people = np.where(luck[0] < 0.4 * season, np.rint(-200 * season * np.log(luck[1])), 0.0)
    series = pd.Series(people, index=days)
    weekly, daily = weekly_benchmarks(series), daily_benchmarks(series, horizon=14)
    assert [each.forecasts for each in weekly] == [156, 156]
    assert [each.forecasts for each in daily] == [42, 42]
    assert all(0.5 < each.covered_90 <= 1.0 for each in (*weekly, *daily))
    with pytest.raises(InputError, match="expected daily counts from before 2022 on"):
        weekly_benchmarks(series["2023-01-01":])
