"""An emulator: what a pattern would be at a point of the design that was not run.

A Gaussian process for each pattern, from scikit-learn: a plane through the points, smooth departures
from it, and noise, which is the chance of single runs. Its errors are measured on points that it was
not shown, and these errors, chance included, are what the likelihood uses [1]_.

References
----------
.. [1] M. C. Kennedy, A. O'Hagan, "Bayesian calibration of computer models", Journal of the Royal
   Statistical Society B 63(3) (2001) 425-464, doi:10.1111/1467-9868.00294.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Self

import numpy as np

from crossings.errors import InputError
from crossings.study.patterns import Floats

FOLDS = 5
FEWEST = 4 * FOLDS
"""Fewest runs that say anything about a dozen parameters, and that can be held out by fifths."""
_MOST_LEARNT = 400  # runs from which smoothness is learnt; all are used to predict
_EXTRA = "expected the extra, pip install 'crossings[calibrate]'"


def library(module: str) -> Any:
    """Return a module of the extra ``calibrate``.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        raise InputError(f"calibration needs {module.partition('.')[0]} ({error}): {_EXTRA}") from None


@dataclass(frozen=True, eq=False)
class Emulator:
    """One pattern as a function of the unit cube.

    Attributes
    ----------
    process
        Fitted to all runs.
    mean, spread
        By which values were brought to mean 0 and standard deviation 1.
    errors
        Value less prediction for each run, by a process that was not shown it; shape (runs,).
    explained
        Share of the variance between runs that such predictions explain; 0 or less where the pattern
        is chance alone.
    """

    process: Any
    mean: float
    spread: float
    errors: Floats
    explained: float

    @classmethod
    def fit(cls, points: Floats, values: Floats) -> Self:
        """Learn a pattern from runs.

        Parameters
        ----------
        points
            Places in the unit cube, shape (runs, parameters).
        values
            The pattern in each run.

        Raises
        ------
        InputError
            If there are too few runs.
        """
        if len(values) < FEWEST:
            raise InputError(f"draws = {len(values)}: expected at least {FEWEST} runs that ended well")
        mean, spread = float(values.mean()), float(values.std()) or 1.0
        scaled = (values - mean) / spread
        first = _process(None).fit(points[:_MOST_LEARNT], scaled[:_MOST_LEARNT])
        learnt = first.kernel_
        predicted = np.empty(len(values))
        for fold in range(FOLDS):
            held = np.arange(len(values)) % FOLDS == fold
            predicted[held] = _process(learnt).fit(points[~held], scaled[~held]).predict(points[held])
        errors = scaled - predicted
        explained = 1.0 - float(np.mean(errors**2)) / float(np.mean(scaled**2) or 1.0)
        whole = _process(learnt).fit(points, scaled)
        return cls(whole, mean, spread, spread * errors, explained)

    def at(self, points: Floats) -> Floats:
        """Return the pattern expected at places in the unit cube."""
        return np.asarray(self.mean + self.spread * self.process.predict(points), dtype=np.float64)


def _process(learnt: Any) -> Any:
    """Return a process to be fitted: with what is known of its smoothness, or to learn that."""
    kernels, found = library("sklearn.gaussian_process.kernels"), library("sklearn.gaussian_process")
    if learnt is not None:
        return found.GaussianProcessRegressor(learnt, optimizer=None)
    constant = kernels.ConstantKernel
    plane = constant(0.1, (1e-4, 1e2)) * kernels.DotProduct(1.0, "fixed")
    smooth = constant(0.1, (1e-4, 1e1)) * kernels.RBF(1.0, (0.4, 10.0))
    process = found.GaussianProcessRegressor(plane + smooth + kernels.WhiteKernel(0.5, (1e-3, 2.0)))
    return _Quiet(process)


@dataclass(frozen=True)
class _Quiet:
    """Fits a process without the warnings about kernel parameters that end at their bounds.

    A pattern that is chance alone, or that depends on nothing but a plane, has to end there.
    """

    process: Any

    def fit(self, points: Floats, values: Floats) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", library("sklearn.exceptions").ConvergenceWarning)
            return self.process.fit(points, values)
