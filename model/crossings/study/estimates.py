"""What a run says about a quantity: a value, its standard error and its 95% interval.

Intervals show chance only. Shares have Wilson's interval, means and ratios of means Student's.

References
----------
.. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of
   the American Statistical Association 22 (1927), doi:10.2307/2276774.
.. [2] W. G. Cochran, "Sampling Techniques", 3rd ed., Wiley (1977), section 6.4 (ratios).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

LEVEL = 0.95
"""Coverage of every interval."""


@dataclass(frozen=True)
class Estimate:
    """A quantity as obtained.

    Attributes
    ----------
    value
        The point estimate.
    error
        Its standard error; None where there is none to be had.
    low, high
        Its 95% interval; None without one.
    """

    value: float
    error: float | None = None
    low: float | None = None
    high: float | None = None

    def __sub__(self, other: float) -> Estimate:
        """Return the estimate less a known number."""
        low = None if self.low is None else self.low - other
        high = None if self.high is None else self.high - other
        return Estimate(self.value - other, self.error, low, high)


def share(hits: int, number: int) -> Estimate:
    """Return a share of independent trials with its binomial error and Wilson's interval."""
    if number == 0:
        return Estimate(math.nan)
    p, z = hits / number, float(special.ndtri((1.0 + LEVEL) / 2.0))
    middle = (p + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * math.sqrt(p * (1 - p) / number + (z / (2 * number)) ** 2)
    return Estimate(p, math.sqrt(p * (1 - p) / number), max(middle - half, 0.0), min(middle + half, 1.0))


def mean(sample: ArrayLike) -> Estimate:
    """Return the mean of independent observations."""
    values = np.asarray(sample, dtype=np.float64)
    if values.size < 2:
        return Estimate(float(values.mean()) if values.size else math.nan)
    return student(float(values.mean()), float(values.std(ddof=1) / math.sqrt(values.size)), values.size - 1)


def ratio(numerators: ArrayLike, denominators: ArrayLike) -> Estimate:
    """Return the ratio of two means over the same independent units (linearised)."""
    a = np.asarray(numerators, dtype=np.float64)
    b = np.asarray(denominators, dtype=np.float64)
    if a.size < 2 or b.mean() == 0.0:
        return Estimate(math.nan)
    value = float(a.mean() / b.mean())
    error = float((a - value * b).std(ddof=1) / (abs(b.mean()) * math.sqrt(a.size)))
    return student(value, error, a.size - 1)


def student(value: float, error: float, freedom: float) -> Estimate:
    """Return an estimate with Student's interval for a standard error with so many degrees of freedom."""
    half = float(special.stdtrit(freedom, (1.0 + LEVEL) / 2.0)) * error
    return Estimate(value, error, value - half, value + half)
