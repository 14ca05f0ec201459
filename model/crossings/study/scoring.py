"""The forecast's rivals: the model and the benchmarks at the same rolling origins, scored alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from crossings.corridors.observed import observed
from crossings.errors import InputError
from crossings.study.advance import DONE, Watcher
from crossings.study.benchmarks import AUTOREGRESSION, NAIVE, Counts, autoregression, seasonal_naive
from crossings.study.forecasting import ORIGINS, origin_samples, origin_sweep
from crossings.study.patterns import Floats
from crossings.study.posteriors import Posterior
from crossings.study.scores import Score, score

MODEL = "the model"
_FORECASTERS: dict[str, Callable[[Counts, int], Floats]] = {
    NAIVE: seasonal_naive,
    AUTOREGRESSION: autoregression,
}
_DAYS_A_WEEK, _WEEKS_A_YEAR, _DAYS_A_YEAR = 7, 52, 365
_MONTHS = 12


def monthly_benchmarks(corridor: str = "channel") -> list[Score]:
    """Return the scores of both benchmarks by month, from the shipped table, at `forecasting.ORIGINS`."""
    seen = observed(corridor).people
    months = sorted(seen)
    counts = Counts(np.array([seen[month] for month in months], dtype=np.float64), _MONTHS)
    origins = [months.index((year, 1)) for year in ORIGINS]
    return _scores(counts, origins, _MONTHS)


def weekly_benchmarks(daily: pd.Series) -> list[Score]:
    """Return the scores of both benchmarks by week, with added zeros.

    Parameters
    ----------
    daily
        Arrivals by date, from the official spreadsheet (``crossings data import``).
    """
    weeks = daily.resample("W-SUN").sum()
    counts = Counts(weeks.to_numpy(float), _WEEKS_A_YEAR, zeros=True)
    return _scores(counts, _places(weeks), _WEEKS_A_YEAR)


def daily_benchmarks(daily: pd.Series, horizon: int = 28) -> list[Score]:
    """Return the scores of both benchmarks by day for the first `horizon` days after each origin."""
    counts = Counts(daily.to_numpy(float), _DAYS_A_YEAR, zeros=True)
    return _scores(counts, _places(daily), horizon)


def model_score(
    posterior: Posterior,
    draws: int,
    out: str | Path,
    processes: int | None = None,
    progress: Watcher | None = None,
    accept_changes: bool = False,
    people_per_agent: int = 1,
) -> Score:
    """Return the model's own score by month at the same origins; its behaviour saw the future."""
    sweep = origin_sweep(posterior, draws, out, people_per_agent)
    sweep.run(processes=processes, progress=progress, accept_changes=accept_changes)
    rows = sweep.results()
    pairs = origin_samples(rows[rows["status"] == DONE], observed(sweep.base.corridor).people)
    return score(MODEL, pairs, saw_the_future=True)


def _places(series: pd.Series) -> list[int]:
    dates = pd.DatetimeIndex(series.index)
    places = [int((dates < pd.Timestamp(date(year, 1, 1))).sum()) for year in ORIGINS]
    if places[0] == 0 or places[-1] >= len(dates):
        raise InputError(f"series to {dates[-1].date()}: expected daily counts from before {ORIGINS[0]} on")
    return places


def _scores(counts: Counts, origins: list[int], horizon: int) -> list[Score]:
    found = []
    for name, forecaster in _FORECASTERS.items():
        pairs: list[tuple[Floats, float]] = []
        for origin in origins:
            ahead = min(horizon, len(counts.people) - origin)
            sample = forecaster(counts.before(origin), ahead)
            pairs += [(sample[:, step], float(counts.people[origin + step])) for step in range(ahead)]
        found.append(score(name, pairs))
    return found
