"""Weather: a function of seed and date, with the calm nights that were observed.

Seeds are fixed, so these tests always give the same answer. Where a sample is held against theory
the bound is five standard errors: with a fresh seed a correct program would fail one such
comparison with a chance of 6e-7.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from scipy import stats

from crossings.clock import Clock
from crossings.geography import Weather, WeatherBlock
from crossings.geography.weather import day_of_year, seasonal_log_height
from crossings.streams import Streams

BLOCK = WeatherBlock()
EPOCH = date(2021, 1, 1)
FOUR_YEARS = 1460
SEEDS = range(100)

# Share of UK dates with at least one arrival, by month, 2021-24 (Home Office daily time series).
CROSSING_DAYS = [0.26, 0.27, 0.35, 0.33, 0.53, 0.60, 0.53, 0.49, 0.58, 0.44, 0.33, 0.27]
CALM = 0.5  # m; 96% of crossings are attempted with a forecast below it (MAIB report 7/2023)

ORDINALS = EPOCH.toordinal() + np.arange(FOUR_YEARS)
MONTHS = np.array([date.fromordinal(int(ordinal)).month for ordinal in ORDINALS])


def weather(seed: int = 1, epoch: date = EPOCH, days: int = FOUR_YEARS - 1, **changes: float) -> Weather:
    return Weather(WeatherBlock(**changes), Streams(seed), Clock(epoch), days)


def open_nights() -> np.ndarray:
    """Exact chance, for every date of four years, that the forecast is below half a metre."""
    spread = np.hypot(BLOCK.wave_sd, BLOCK.forecast_error)
    return stats.norm.cdf((np.log(CALM) - seasonal_log_height(BLOCK, ORDINALS)) / spread)


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray]:
    """Standardised departure from the season and log forecast error, shape (seed, night)."""
    runs = [weather(seed) for seed in SEEDS]
    height = np.log([run.height for run in runs])
    error = np.log([run.forecast for run in runs]) - height
    return (height - seasonal_log_height(BLOCK, ORDINALS)) / BLOCK.wave_sd, error


def test_one_value_for_every_model_day_and_the_one_after():
    run = weather(days=30)
    assert run.height.shape == run.forecast.shape == (31,)


def test_weather_depends_on_seed_and_date_only():
    long = weather(epoch=date(2021, 1, 1), days=900)
    late = weather(epoch=date(2022, 3, 1), days=300)
    shift = (date(2022, 3, 1) - date(2021, 1, 1)).days
    assert np.array_equal(long.height[shift : shift + 301], late.height)
    assert np.array_equal(long.forecast[shift : shift + 301], late.forecast)
    assert not np.array_equal(weather(seed=2, days=30).height, weather(seed=1, days=30).height)
    assert not np.array_equal(weather(seed=0, days=30).height, weather(seed=1, days=30).height)


def test_known_values():
    # Stored from the first version: whatever changes these changes every result of the model.
    run = weather(seed=1, epoch=date(2025, 1, 1), days=2)
    assert run.height == pytest.approx([0.43648917, 1.66579746, 1.67956291], rel=1e-6)
    assert run.forecast == pytest.approx([0.42970667, 1.45712976, 1.78545712], rel=1e-6)


def test_open_nights_follow_the_observed_crossing_days_by_month():
    # Exact, no sampling. In whole runs about .85 of open nights see a crossing.
    share = 0.85 * open_nights()
    by_month = np.array([share[month == MONTHS].mean() for month in range(1, 13)])
    assert np.abs(by_month - CROSSING_DAYS).max() < 0.10
    assert by_month.mean() == pytest.approx(np.mean(CROSSING_DAYS), abs=0.01)
    assert np.corrcoef(by_month, CROSSING_DAYS)[0, 1] > 0.9


def test_open_nights_follow_one_another_as_crossing_days_do():
    # Exact for open nights thinned independently to the .85 of them that see a crossing.
    chance, seen = open_nights(), 0.85
    memory = BLOCK.wave_memory * BLOCK.wave_sd**2 / (BLOCK.wave_sd**2 + BLOCK.forecast_error**2)
    z = stats.norm.ppf(chance)[:364:7]
    both = (
        np.mean([stats.multivariate_normal.cdf([x, x], cov=[[1, memory], [memory, 1]]) for x in z]) * seen**2
    )
    one = stats.norm.cdf(z).mean() * seen
    assert both / one == pytest.approx(0.63, abs=0.02)
    assert (one - both) / (1 - one) == pytest.approx(0.27, abs=0.02)


def test_departures_from_the_season_are_autoregressive_with_the_stated_moments(sample):
    departure, _ = sample
    n, rho = departure.size, BLOCK.wave_memory
    assert abs(departure.mean()) < 5 * np.sqrt((1 + rho) / (1 - rho) / n)
    assert abs(departure.var() - 1) < 5 * np.sqrt(2 * (1 + rho**2) / (1 - rho**2) / n)
    for lag in (1, 2, 7):
        measured = (departure[:, lag:] * departure[:, :-lag]).mean()
        # standard error of an autocovariance of a Gaussian AR(1) at unit variance, no larger than this
        assert abs(measured - rho**lag) < 5 * np.sqrt(2 * (1 + rho**2) / (1 - rho**2) / n)


def test_departures_are_normal(sample):
    # One night in thirty is as good as independent (memory**30 < 1e-7). Critical value at level 1e-6.
    departure, _ = sample
    apart = departure[:, ::30].ravel()
    assert stats.kstest(apart, "norm").pvalue > 1e-6


def test_forecast_errors_are_lognormal_and_independent_of_the_sea(sample):
    departure, error = sample
    n = error.size
    assert abs(error.mean()) < 5 * BLOCK.forecast_error / np.sqrt(n)
    assert abs(error.std() / BLOCK.forecast_error - 1) < 5 / np.sqrt(2 * n)
    assert abs(np.corrcoef(departure.ravel(), error.ravel())[0, 1]) < 5 / np.sqrt(n)
    assert abs((error[:, 1:] * error[:, :-1]).mean()) < 5 * BLOCK.forecast_error**2 / np.sqrt(n)


def test_sample_share_of_open_nights_is_the_exact_one(sample):
    departure, error = sample
    log_forecast = seasonal_log_height(BLOCK, ORDINALS) + BLOCK.wave_sd * departure + error
    share = (log_forecast < np.log(CALM)).mean(axis=1)  # one number per seed: independent
    assert abs(share.mean() - open_nights().mean()) < 5 * share.std(ddof=1) / np.sqrt(len(share))


def test_every_parameter_does_what_it_says():
    base = weather(days=364)
    assert weather(days=364, wave_mean=2 * BLOCK.wave_mean).height == pytest.approx(2 * base.height)
    assert np.array_equal(weather(days=364, forecast_error=0.0).forecast, base.height)
    still = weather(days=364, wave_sd=0.0)
    assert int(np.argmax(still.height)) + 1 == int(BLOCK.wave_peak_day)
    assert still.height.max() / still.height.min() == pytest.approx(
        np.exp(2 * BLOCK.wave_amplitude), rel=1e-3
    )
    moved = weather(days=364, wave_sd=0.0, wave_peak_day=40.0)
    assert int(np.argmax(moved.height)) + 1 == 40
    flat = np.log(weather(days=3000, wave_amplitude=0.0, wave_memory=0.0).height / BLOCK.wave_mean)
    # white noise: lag-1 autocorrelation within five standard errors of 0
    assert abs(np.corrcoef(flat[1:], flat[:-1])[0, 1]) < 5 / np.sqrt(3000)


def test_day_of_year_knows_leap_years():
    days = [date(2024, 1, 1), date(2024, 12, 31), date(2025, 12, 31), date(1969, 3, 1), date(2000, 3, 1)]
    ordinals = np.array([day.toordinal() for day in days])
    assert day_of_year(ordinals).tolist() == [1, 366, 365, 60, 61]


def test_a_seed_of_its_own_keeps_the_weather_whatever_the_run() -> None:
    def heights(run: int, own: int | None) -> np.ndarray:
        return Weather(WeatherBlock(seed=own), Streams(run), Clock(EPOCH), 400).height

    np.testing.assert_array_equal(heights(1, 9), heights(2, 9))
    np.testing.assert_array_equal(heights(1, 9), heights(9, None))
    assert not np.array_equal(heights(9, None), heights(1, None))
