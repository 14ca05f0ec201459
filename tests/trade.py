"""Paired years for tests of how the trade adapts: what is measured, and by how much it changes.

All tests of the trade share the year 2025 under the same seeds, so the years without a policy are run once.
False-alarm rates are stated from standard deviations over ten seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd

from tests.effects import Pairs, pairs

YEAR = {"start": "2025-01-01", "end": "2025-12-31"}
SEEDS = range(1, 5)

BLIND = {"smuggling.experience.prior_weight": 1e9, "smuggling.experience.pooling": 1e9}
"""Changes to a world by which networks learn nothing from how launches end."""

Measure = Callable[[pd.DataFrame], float]


def years(
    policy: dict[str, object], seeds: Iterable[int] = SEEDS, world: dict[str, object] | None = None
) -> Pairs:
    """Run the year without and with a change, in a world that may be changed for both."""
    return pairs(policy, seeds, world, YEAR)


def per_boat(days: pd.DataFrame) -> float:
    """Return people per arriving boat."""
    return float(days["arrivals"].sum() / days["boats"].sum())


def prevented_share(days: pd.DataFrame) -> float:
    """Return the recorded prevented share of recorded attempts."""
    prevented = days["prevented"].sum()
    return float(prevented / (prevented + days["arrivals"].sum()))


def mean_of(outcome: str) -> Measure:
    """Return a measure: the mean of a level."""
    return lambda days: float(days[outcome].mean())


def gain(found: Pairs, measure: Measure, first: str | None = None, last: str | None = None) -> float:
    """Return the mean difference that the change makes."""
    without, with_change = _measured(found, measure, first, last)
    return with_change - without


def rise(found: Pairs, measure: Measure, first: str | None = None, last: str | None = None) -> float:
    """Return the ratio of means less one."""
    without, with_change = _measured(found, measure, first, last)
    return with_change / without - 1.0


def _measured(found: Pairs, measure: Measure, first: str | None, last: str | None) -> tuple[float, float]:
    without, with_change = (
        float(np.mean([measure(days.loc[first:last]) for days in runs]))
        for runs in (found.without, found.with_policy)
    )
    return without, with_change
