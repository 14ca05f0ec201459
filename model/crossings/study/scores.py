"""Scores of a forecast that is a sample: continuous ranked probability, logarithm, coverage.

The ranked probability score is that of `scoringrules` [1]_, in people, with the correction for the size
of the sample; the logarithmic score is the negative log density of log(1 + people) under a normal kernel
estimate of the sample, the same rule for every forecaster. Lower is better for both.

References
----------
.. [1] F. Zanetta, S. Allen, "scoringrules: a Python library for probabilistic forecast evaluation",
   https://github.com/frazane/scoringrules. T. Gneiting, A. E. Raftery, "Strictly proper scoring rules,
   prediction, and estimation", Journal of the American Statistical Association 102 (2007) 359-378,
   doi:10.1198/016214506000001437.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from crossings.study.emulator import library
from crossings.study.patterns import Floats

HALF, NINE_TENTHS = (0.25, 0.75), (0.05, 0.95)
_NARROWEST = 0.02  # least bandwidth of the density, in log people
_FLOOR = 1e-12


@dataclass(frozen=True)
class Score:
    """How a forecaster did over all that it forecast.

    Attributes
    ----------
    forecaster
        Its name.
    crps
        Mean ranked probability score, in people.
    log_score
        Mean negative log density.
    covered_50, covered_90
        Share of outcomes within the central half and nine tenths of the sample.
    forecasts
        How many outcomes.
    saw_the_future
        Whether it was told anything that came after an origin; then it cannot win.
    """

    forecaster: str
    crps: float
    log_score: float
    covered_50: float
    covered_90: float
    forecasts: int
    saw_the_future: bool


def score(forecaster: str, pairs: Iterable[tuple[Floats, float]], saw_the_future: bool = False) -> Score:
    """Score a forecaster.

    Parameters
    ----------
    forecaster
        Its name.
    pairs
        Sample and outcome of each forecast.
    saw_the_future
        See `Score`.
    """
    rules = library("scoringrules")
    crps, logs, half, most = [], [], [], []
    for sample, outcome in pairs:
        ordered = np.sort(np.asarray(sample, dtype=np.float64))
        crps.append(float(rules.crps_ensemble(outcome, ordered, estimator="fair", backend="numpy")))
        logs.append(log_score(ordered, outcome))
        half.append(_covers(ordered, outcome, HALF))
        most.append(_covers(ordered, outcome, NINE_TENTHS))
    return Score(
        forecaster, float(np.mean(crps)), float(np.mean(logs)), float(np.mean(half)),
        float(np.mean(most)), len(crps), saw_the_future,
    )  # fmt: skip


def log_score(sample: Floats, outcome: float) -> float:
    """Return the negative log density of an outcome under a kernel estimate, on the scale log(1 + x)."""
    logs = np.log1p(sample)
    width = max(1.06 * float(logs.std()) * len(logs) ** -0.2, _NARROWEST)
    away = (np.log1p(outcome) - logs) / width
    density = float(np.mean(np.exp(-0.5 * away**2))) / (width * np.sqrt(2.0 * np.pi))
    return -float(np.log(max(density, _FLOOR)))


def _covers(sample: Floats, outcome: float, between: tuple[float, float]) -> bool:
    low, high = np.quantile(sample, between)
    return bool(low <= outcome <= high)
