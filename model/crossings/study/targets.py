"""What behaviour is fitted to, and how far the model is taken to be off at best.

Each target is an observed pattern of 2021-24. Its *tolerance* is the model's own expected error there, as
a standard deviation: half of the band in which the pattern is called met (`crossings.study.verdicts`).
Annual arrivals are met by demand (`crossings.study.demand`) and are no targets of behaviour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crossings.corridors.observed import Observed
from crossings.study.patterns import FITTED_YEARS, MONTHS, Floats, name_of

SPAN = f"{FITTED_YEARS[0]}-{FITTED_YEARS[-1]}"
PREVENTED_YEARS = (2021, 2022, 2023)
"""Years of which prevention was recorded whole."""

DAYS_BAND, PERSISTENCE_BAND, LOAD_BAND, PREVENTED_BAND = 0.05, 0.05, 0.10, 0.05


@dataclass(frozen=True)
class Target:
    """One observed pattern that behaviour is fitted to.

    Attributes
    ----------
    name
        As `crossings.study.patterns.name_of` gives it.
    observed
        Its value.
    band
        Distance from it that is called met; a share of the value where `relative`.
    relative
        Whether it is compared on a log scale.
    """

    name: str
    observed: float
    band: float
    relative: bool = False

    @property
    def tolerance(self) -> float:
        """Standard deviation of the model's own error, on the scale of comparison."""
        return self.band / 2.0

    @property
    def aim(self) -> float:
        """The observed value on the scale of comparison."""
        return float(np.log(self.observed)) if self.relative else self.observed

    def on_scale(self, values: Floats) -> Floats:
        """Return simulated values on the scale of comparison."""
        return np.log(values) if self.relative else values


def targets(seen: Observed) -> tuple[Target, ...]:
    """Return all that behaviour is fitted to.

    Parameters
    ----------
    seen
        Observations of the corridor.
    """
    months = [f"month-{month:02d}" for month in range(1, MONTHS + 1)]
    days = [
        Target(name_of("crossing_days", month), seen.value("crossing_days", month), DAYS_BAND)
        for month in months
    ]
    runs = [
        Target(name_of(name, SPAN), _mean(seen, name, FITTED_YEARS), PERSISTENCE_BAND)
        for name in ("after_crossing", "after_none")
    ]
    loads = [
        Target(name_of("people_per_boat", year), seen.value("people_per_boat", year), LOAD_BAND, True)
        for year in FITTED_YEARS
    ]
    prevented = [
        Target(name_of("prevented_share", year), seen.value("prevented_share", year), PREVENTED_BAND)
        for year in PREVENTED_YEARS
    ]
    return (*days, *runs, *loads, *prevented)


def _mean(seen: Observed, pattern: str, years: Sequence[int]) -> float:
    return float(np.mean([seen.value(pattern, year) for year in years]))
