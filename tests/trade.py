"""Paired years for tests of how the trade adapts: what is measured, and by how much it changes.

False-alarm rates are stated from standard deviations over ten seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tests.conftest import season
from tests.effects import SEEDS, YEAR, Pairs, pairs

BLIND = {"smuggling.experience.prior_weight": 1e9, "smuggling.experience.pooling": 1e9}
"""Changes to a world by which networks learn nothing from how launches end."""

Measure = Callable[[pd.DataFrame], float]


def years(
    policy: dict[str, object], seeds: Iterable[int] = SEEDS, world: dict[str, object] | None = None
) -> Pairs:
    """Run the year without and with a change, in a world that may be changed for both."""
    return pairs(policy, seeds, world)


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


def moved(
    policy: dict[str, object],
    sites: Sequence[str],
    seeds: Iterable[int] = SEEDS,
    world: dict[str, object] | None = None,
) -> tuple[float, float, float]:
    """Return the relative change of launches at some sites and elsewhere, and that of the sites' share."""

    def launches(more: dict[str, object]) -> NDArray[np.float64]:
        found = []
        for seed in seeds:
            by = season("no-policy", seed, **{**YEAR, **(world or {}), **more}).by
            at = by[by["outcome"] == "launches"].groupby("key", observed=True)["value"].sum()
            there = at.loc[list(sites)].sum()
            found.append((there, at.sum() - there))
        return np.array(found).mean(axis=0)

    without, with_policy = launches({}), launches(policy)
    there, elsewhere = with_policy / without - 1.0
    share = with_policy[0] / with_policy.sum() - without[0] / without.sum()
    return float(there), float(elsewhere), float(share)


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
