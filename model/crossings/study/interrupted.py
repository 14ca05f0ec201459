"""What one observer can tell from one series: an interrupted time series of weekly counts.

A country has one history, not pairs of worlds under the same luck. Whoever asks there whether a policy
changed crossings fits a model to the weeks before and after it. This is such a model, of the plainest
kind in use: a quasi-Poisson regression of weekly counts on a level, a yearly season, what the sea was
like, and a step at the policy's start,

    log E y(t) = a + sum_k [b_k cos(2 pi k t) + c_k sin(2 pi k t)] + d log H(t) + s 1(t >= start),

with variances in proportion to the mean, widened by (1 + r) / (1 - r) for the correlation r of a week with
the one before (the effective number of observations of Bayley and Hammersley [1]_), and Student's
intervals. The effect is exp(s) - 1.

References
----------
.. [1] G. V. Bayley, J. M. Hammersley, "The effective number of independent observations in an
   autocorrelated time series", Supplement to the Journal of the Royal Statistical Society 8 (1946),
   doi:10.2307/2983560.
.. [2] J. Lopez Bernal, S. Cummins, A. Gasparrini, "Interrupted time series regression for the evaluation
   of public health interventions: a tutorial", International Journal of Epidemiology 46 (2017),
   doi:10.1093/ije/dyw098.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

WEEKS_A_YEAR = 365.25 / 7.0
_HARMONICS = 2
_ITERATIONS, _NEAR = 100, 1e-9
_MOST_ALIKE = 0.95
_FLOOR = 1e-6  # count that stands for none in the first guess


@dataclass(frozen=True)
class Step:
    """What one series says about a step.

    Attributes
    ----------
    log_change
        The step s.
    error
        Its standard error.
    freedom
        Degrees of freedom.
    """

    log_change: float
    error: float
    freedom: int

    @property
    def effect(self) -> float:
        """Relative change of the level."""
        return math.expm1(self.log_change)

    def excludes_zero(self, level: float) -> bool:
        """Tell whether the interval of a coverage `level`, such as .95, leaves no change out."""
        t = float(special.stdtrit(self.freedom, (1.0 + level) / 2.0))
        return abs(self.log_change) > t * self.error


def weekly(daily: pd.Series, how: str = "sum") -> Floats:
    """Return a daily series by whole weeks from its first date; days beyond the last whole week are left out.

    Parameters
    ----------
    daily
        One value for each date.
    how
        ``"sum"`` or ``"mean"``.
    """
    values = np.asarray(daily, dtype=np.float64)
    whole = values[: values.size // 7 * 7].reshape(-1, 7)
    return np.asarray(whole.sum(axis=1) if how == "sum" else whole.mean(axis=1))


def step_effect(counts: ArrayLike, begins: int, sea: ArrayLike | None = None) -> Step:
    """Estimate the step of a series of weekly counts.

    Parameters
    ----------
    counts
        One for each week.
    begins
        First week of the policy.
    sea
        Mean wave height of each week, in m; None leaves the sea out.

    Raises
    ------
    ValueError
        If there are too few weeks before or after the step, or nothing is counted.
    """
    y = np.asarray(counts, dtype=np.float64)
    design = _design(y.size, begins, sea)
    freedom = y.size - design.shape[1]
    if not 1 <= begins < y.size or freedom < 1 or y.sum() <= 0.0:
        raise ValueError(f"{y.size} weeks, a step at week {begins}: expected weeks on both sides and counts")
    beta, mean = _fit(design, y)
    return Step(float(beta[-1]), float(np.sqrt(_covariance(design, y, mean)[-1, -1])), freedom)


def _design(weeks: int, begins: int, sea: ArrayLike | None) -> Floats:
    angle = 2.0 * np.pi * np.arange(weeks) / WEEKS_A_YEAR
    waves = [f(k * angle) for k in range(1, _HARMONICS + 1) for f in (np.cos, np.sin)]
    if sea is not None:
        height = np.log(np.asarray(sea, dtype=np.float64))
        waves.append(height - height.mean())
    return np.column_stack([np.ones(weeks), *waves, (np.arange(weeks) >= begins).astype(np.float64)])


def _fit(design: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Fit a log-linear mean by iteratively reweighted least squares; return coefficients and means."""
    linear = np.log(np.maximum(y, max(0.1 * y.mean(), _FLOOR)))
    beta: Floats = np.zeros(design.shape[1])
    for _ in range(_ITERATIONS):
        mean = np.exp(linear)
        working = linear + (y - mean) / mean
        root = np.sqrt(mean)
        new = np.asarray(np.linalg.lstsq(design * root[:, None], working * root, rcond=None)[0])
        moved, beta = float(np.abs(new - beta).max()), new
        linear = np.clip(design @ beta, -30.0, 30.0)
        if moved < _NEAR:
            break
    return beta, np.exp(linear)


def _covariance(design: Floats, y: Floats, mean: Floats) -> Floats:
    """Return the covariance of the coefficients, weeks allowed to scatter and to resemble the one before."""
    weeks, columns = design.shape
    pearson = (y - mean) / np.sqrt(mean)
    dispersion = float((pearson**2).sum() / (weeks - columns))
    alike = float((pearson[1:] * pearson[:-1]).sum() / (pearson**2).sum())
    alike = min(max(alike, 0.0), _MOST_ALIKE)
    bread = np.linalg.inv(design.T @ (design * mean[:, None]))
    return np.asarray(bread * max(dispersion, 1.0) * (1.0 + alike) / (1.0 - alike))
