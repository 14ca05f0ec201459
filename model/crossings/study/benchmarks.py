"""Benchmarks: what a forecaster who knows no mechanism would have said.

Two for counts of any period. *Seasonal naive*: the count of the same season a year ago, times an error
drawn from those that the rule has made before. *Negative-binomial autoregression*: a regression of the
count on the logs of the last counts and of the count a year ago and on the season, from statsmodels, run
forward from its own draws; where many periods have no arrivals at all, as weeks and days do, with a
share of added zeros [1]_. Each is refitted at every origin on earlier counts only.

References
----------
.. [1] S. Seabold, J. Perktold, "statsmodels: Econometric and statistical modeling with Python",
   Proceedings of the 9th Python in Science Conference (2010), doi:10.25080/Majora-92bf1922-011.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from crossings.errors import InputError
from crossings.streams import Streams, identity, negative_binomial
from crossings.study.emulator import library
from crossings.study.patterns import Floats

SAMPLES = 400
NAIVE, AUTOREGRESSION = "seasonal naive", "negative-binomial autoregression"
_FEWEST_YEARS = 2
_STEADY = 1.5  # most that a step may raise the log count over the highest before: forecasts run forward


@dataclass(frozen=True)
class Counts:
    """A series of counts.

    Attributes
    ----------
    people
        Arrivals in each period, in order.
    a_year
        Periods in a year: 12, 52 or 365.
    zeros
        Whether periods without arrivals are common enough to be modelled apart.
    """

    people: Floats
    a_year: int
    zeros: bool = False

    def before(self, origin: int) -> Counts:
        """Return what was known at an origin: the periods before it.

        Raises
        ------
        InputError
            If that is less than two years.
        """
        if origin < _FEWEST_YEARS * self.a_year or origin > len(self.people):
            raise InputError(f"origin = {origin}: expected at least two years of counts before it")
        return Counts(self.people[:origin], self.a_year, self.zeros)


def seasonal_naive(known: Counts, horizon: int, seed: int = 1) -> Floats:
    """Return a sample of the periods to come, shape (samples, horizon).

    Parameters
    ----------
    known
        Counts before the origin.
    horizon
        Periods to forecast, at most a year.
    seed
        Of the sample.
    """
    logs, year = np.log1p(known.people), known.a_year
    errors = (logs[year:] - logs[:-year])[-_FEWEST_YEARS * year :]
    errors = errors - errors.mean()  # no drift: a year ago is all that it knows
    last = logs[-year:][:horizon]
    streams, keys = Streams(seed), identity("naive", np.arange(SAMPLES))
    luck = [streams.uniforms("benchmark.naive", keys, step, 1)[0] for step in range(horizon)]
    drawn = errors[(np.column_stack(luck) * errors.size).astype(int)]
    return np.asarray(np.expm1(np.maximum(last + drawn, 0.0)))


def autoregression(known: Counts, horizon: int, seed: int = 1) -> Floats:
    """Return a sample of the periods to come, shape (samples, horizon); see `seasonal_naive`."""
    fitted = _fit(known)
    streams, keys = Streams(seed), identity("autoregression", np.arange(SAMPLES))
    path = np.tile(np.log1p(known.people), (SAMPLES, 1))
    ceiling = float(path.max()) + _STEADY
    for step in range(horizon):
        u, v, w = streams.uniforms("benchmark.autoregression", keys, step, 3)
        row = _row(path, known.a_year, path.shape[1])
        mean = np.exp(np.minimum(row @ fitted.slopes, ceiling))
        counts = negative_binomial(u, v, mean, fitted.dispersion).astype(np.float64)
        counts = np.where(w < fitted.zero_share, 0.0, counts)
        path = np.column_stack([path, np.log1p(counts)])
    return np.asarray(np.expm1(path[:, -horizon:]))


@dataclass(frozen=True, eq=False)
class _Fit:
    """Slopes, variance beyond Poisson over the mean squared, and the share of added zeros."""

    slopes: Floats
    dispersion: float
    zero_share: float


def _fit(known: Counts) -> _Fit:
    """Fit the regression by maximum likelihood."""
    logs = np.log1p(known.people)[None, :]
    places = range(known.a_year, logs.shape[1])
    rows = np.vstack([_row(logs, known.a_year, place) for place in places])
    counts = known.people[known.a_year :]
    api = library("statsmodels.discrete.discrete_model")
    model: Any = api.NegativeBinomial(counts, rows)
    if known.zeros:
        model = library("statsmodels.discrete.count_model").ZeroInflatedNegativeBinomialP(counts, rows)
    with warnings.catch_warnings():  # of steps on the way; whether it arrived is asked below
        warnings.simplefilter("ignore")
        found = model.fit(method="bfgs" if not known.zeros else "nm", maxiter=5000, disp=0)
    params = np.asarray(found.params, dtype=np.float64)
    if not np.isfinite(params).all():
        raise InputError(f"autoregression of {len(counts)} counts: expected counts that it can be fitted to")
    zero_share = float(1.0 / (1.0 + np.exp(-params[0]))) if known.zeros else 0.0
    return _Fit(params[1:-1] if known.zeros else params[:-1], max(float(params[-1]), 1e-6), zero_share)


def _row(logs: Floats, year: int, place: int) -> Floats:
    """Return the regressors of one period: constant, last counts, that of a year ago, season."""
    ones = np.ones(len(logs))
    angle = 2.0 * np.pi * (place % year) / year
    columns = [ones, logs[:, place - 1], logs[:, place - 2], logs[:, place - year]]
    return np.column_stack([*columns, np.sin(angle) * ones, np.cos(angle) * ones])
