"""The arithmetic of pairs: differences and ratios with their intervals.

A pair is one seed run without and with a policy. The variance reduction of pairing is the variance
of the difference between runs of different seeds over that within pairs; it is also the factor by
which pairing saves runs.

Replications suffice for the claim that there is a difference, and of which sign, if its interval does
not contain zero. If they do not, the number that would is reckoned from the spread of the pairs there
are: the least n at which t(n) times their standard deviation over sqrt(n) is less than the difference.

The effect is the ratio of mean arrivals less one. Its interval comes from the linearised ratio
estimator [1]_: with ratio R and pairs (a, b), the residuals b - R a have mean zero, and the standard
error of R is their standard deviation over mean(a) sqrt(n). All intervals are 95% by Student's t.

References
----------
.. [1] W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley (1977), section 6.4.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]

LEVEL = 0.95
"""Coverage of every interval."""

MOST_PAIRS = 100_000
"""Beyond which nobody is told how many pairs would be needed."""


def paired(without: Floats, with_policy: Floats) -> dict[str, float]:
    """Return the mean difference of pairs with its interval, standard error and variance reduction.

    Pairs in which either has no meaning (nan) are left out.
    """
    both = ~(np.isnan(without) | np.isnan(with_policy))
    a, b = without[both], with_policy[both]
    n = len(a)
    mean = float(np.mean(b - a)) if n else np.nan
    error = float(np.std(b - a, ddof=1) / np.sqrt(n)) if n > 1 else np.nan
    unpaired = (np.var(a, ddof=1) + np.var(b, ddof=1)) / n if n > 1 else np.nan
    return {
        "base": float(a.mean()) if n else np.nan,
        "policy": float(b.mean()) if n else np.nan,
        "difference": mean,
        "low": mean - _t(n) * error,
        "high": mean + _t(n) * error,
        "standard_error": error,
        "variance_reduction": float(unpaired / error**2) if error > 0 else np.nan,
        "pairs": n,
    }


def suffice(found: Mapping[str, float]) -> bool:
    """Return whether the pairs there are settle the sign of a difference.

    Parameters
    ----------
    found
        What `paired` gave.
    """
    return found["low"] > 0 or found["high"] < 0


def pairs_needed(found: Mapping[str, float]) -> int | None:
    """Return how many pairs would settle the sign of a difference, if it is as large as it seems.

    Parameters
    ----------
    found
        What `paired` gave.

    Returns
    -------
    int or None
        At least two; None if nobody can say: fewer than two pairs, no difference, or beyond `MOST_PAIRS`.
    """
    size = abs(found["difference"])
    if not found["pairs"] > 1 or not size > 0:
        return None
    spread = found["standard_error"] * np.sqrt(found["pairs"])
    counts = np.arange(2, MOST_PAIRS + 1)
    enough = special.stdtrit(counts - 1, (1.0 + LEVEL) / 2.0) * spread / np.sqrt(counts) < size
    return int(counts[enough][0]) if enough.any() else None


def ratio_effect(without: Floats, with_policy: Floats) -> dict[str, float]:
    """Return the ratio of means less one, with its interval; nan where there is nothing to divide by."""
    n = len(without)
    mean = float(np.mean(without)) if n else 0.0
    effect = float(np.mean(with_policy)) / mean - 1.0 if mean > 0 else np.nan
    residuals = with_policy - (effect + 1.0) * without
    error = float(np.std(residuals, ddof=1) / (mean * np.sqrt(n))) if n > 1 and mean > 0 else np.nan
    return {
        "effect": effect,
        "low": effect - _t(n) * error,
        "high": effect + _t(n) * error,
        "standard_error": error,
        "pairs": n,
    }


def ratio(above: Floats, below: Floats) -> dict[str, float]:
    """Return a ratio of means with its interval by the same estimator.

    It is nan where the mean below is not known to differ from zero: a price per person whom a policy
    may not have prevented means nothing.
    """
    n = len(below)
    mean = float(np.mean(below)) if n else 0.0
    noise = _t(n) * float(np.std(below, ddof=1)) / np.sqrt(n) if n > 1 else 0.0
    known = abs(mean) > noise
    value = float(np.mean(above)) / mean if known else np.nan
    error = (
        float(np.std(above - value * below, ddof=1) / (abs(mean) * np.sqrt(n))) if n > 1 and known else np.nan
    )
    return {
        "value": value,
        "low": value - _t(n) * error,
        "high": value + _t(n) * error,
        "standard_error": error,
        "pairs": n,
    }


def _t(n: int) -> float:
    return float(special.stdtrit(n - 1, (1.0 + LEVEL) / 2.0)) if n > 1 else np.nan
