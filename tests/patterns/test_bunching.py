"""Bunching and gaps: few days carry most of a year's arrivals, and crossing days come in runs.

Observed 2021-24 (Home Office, daily time series): the best 10% of days carry .51-.65 of a year's arrivals,
the best 20% .79-.86; P(crossing | crossing yesterday) and P(crossing | none yesterday) by season as in
`OBSERVED`. Means of eight seeds have standard errors of .014 and .012: the bounds are at least four of them
away. Conditional chances by season have standard errors of .02-.04 over eight years; the quick test allows
for two of them, the slow one of thirty years for none.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.conftest import season
from tests.effects import YEAR

SEEDS = range(1, 9)
SEASONS = {"winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11)}
OBSERVED = {"winter": (0.48, 0.19), "spring": (0.60, 0.28), "summer": (0.71, 0.34), "autumn": (0.66, 0.28)}
CALM = {"weather.wave_mean": 0.2, "weather.wave_sd": 0.05, "weather.wave_amplitude": 0.0}


def arrivals(seeds, **world):
    return [season("no-policy", seed, **YEAR, **world).daily["arrivals"] for seed in seeds]


def best(share, years):
    """Return what part of each year's arrivals comes on its best days, on average."""
    days = [np.sort(year.to_numpy())[::-1] for year in years]
    return float(np.mean([year[: int(share * len(year))].sum() / year.sum() for year in days]))


def persistence(years, name):
    """Return P(crossing | crossing yesterday), P(crossing | none yesterday), and their standard errors."""
    today, before = [], []
    for year in years:
        crossing = year > 0
        here = pd.DatetimeIndex(year.index).month.isin(SEASONS[name])[1:]
        today.append(crossing.to_numpy()[1:][here])
        before.append(crossing.to_numpy()[:-1][here])
    now, then = np.concatenate(today), np.concatenate(before)
    chances = np.array([now[then].mean(), now[~then].mean()])
    return chances, np.sqrt(chances * (1 - chances) / [then.sum(), (~then).sum()])


@pytest.fixture(scope="module")
def years():
    return arrivals(SEEDS)


def test_few_days_carry_most_arrivals(years):
    assert 0.48 <= best(0.10, years) <= 0.70
    assert 0.75 <= best(0.20, years) <= 0.90


@pytest.mark.parametrize("name", SEASONS)
def test_crossing_days_come_in_runs(years, name):
    chances, error = persistence(years, name)
    assert (np.abs(chances - OBSERVED[name]) < 0.10 + 2 * error).all()


@pytest.mark.slow
def test_crossing_days_come_in_runs_over_thirty_years():
    found = arrivals(range(1, 31))
    for name, observed in OBSERVED.items():
        chances, _ = persistence(found, name)
        assert (np.abs(chances - observed) < 0.10).all(), (name, chances)


@pytest.mark.slow
def test_on_a_sea_that_is_always_calm_arrivals_are_not_bunched():
    """The counter-test: a tenth of the days carries little more than a tenth of arrivals."""
    calm = arrivals(range(1, 5), **CALM)
    assert best(0.10, calm) < 0.40
    assert best(0.20, calm) < 0.60


@pytest.mark.slow
def test_where_the_sea_forgets_crossing_days_do_not_come_in_runs():
    """The counter-test: without memory the weather leaves half of the persistence at most."""
    for name, observed in OBSERVED.items():
        chances, _ = persistence(arrivals(range(1, 9), **{"weather.wave_memory": 0.0}), name)
        assert chances[0] - chances[1] < 0.5 * (observed[0] - observed[1]), (name, chances)
