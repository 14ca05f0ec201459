"""Comparisons by country and by account, and what a policy costs per person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.outcomes.breakdown import FOLLOWING, RETURNING
from crossings.study.pairs import paired, ratio

Floats = NDArray[np.float64]
Runs = Mapping[str, Mapping[str, Floats]]
"""Scenario -> outcome, or ``"outcome/key"`` -> array of shape (seeds, dates)."""

UNIT_COSTS = {
    "spent_per_arrival_prevented": "all accounts but those that follow arrivals, over fewer arrivals",
    "net_per_arrival_prevented": "all accounts, over fewer arrivals; below zero where a policy saves more",
    "returns_per_person_returned": "detention, casework and flights, over people returned or removed",
}
"""Unit costs, each a ratio of two paired differences."""


def split_table(
    daily: Runs, labels: Sequence[str], outcomes: Iterable[str], days: slice, unit: str
) -> pd.DataFrame:
    """Return paired differences from the first scenario of what is split by a key.

    Parameters
    ----------
    daily, labels
        Of a comparison.
    outcomes
        Which; each is kept as ``"outcome/key"``.
    days
        Dates to add up.
    unit
        Of all of them.

    Returns
    -------
    DataFrame
        One row per (scenario, outcome, key), columns as in `Comparison.table`.
    """
    base = daily[labels[0]]
    rows = {
        (label, outcome, name.partition("/")[2]): {"unit": unit}
        | paired(_total(base[name], days), _total(daily[label][name], days))
        for label in labels[1:]
        for outcome in outcomes
        for name in base
        if name.startswith(f"{outcome}/")
    }
    names = ["scenario", "outcome", "key"]
    if not rows:
        empty = pd.MultiIndex.from_tuples([], names=names)
        return pd.DataFrame(columns=["unit", *paired(np.zeros(1), np.zeros(1))], index=empty)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(names)


def unit_costs(daily: Runs, labels: Sequence[str], days: slice) -> pd.DataFrame:
    """Return what each scenario costs per person, beyond the first.

    Returns
    -------
    DataFrame
        One row per (scenario, cost), see `UNIT_COSTS`: ``unit``, ``value`` with 95% interval ``low``,
        ``high``, ``standard_error`` and ``pairs``; missing where there is nobody to divide by for certain.
    """
    rows = {}
    for label in labels[1:]:
        more = _Differences(daily[labels[0]], daily[label], days)
        prevented = -more.of("arrivals")
        away = more.of("returned") + more.of("removed")
        following = sum((more.account(name) for name in FOLLOWING), np.zeros(len(prevented)))
        returning = sum((more.account(name) for name in RETURNING), np.zeros(len(prevented)))
        pairs = (
            (more.of("cost_gbp") - following, prevented),
            (more.of("cost_gbp"), prevented),
            (returning, away),
        )
        for cost, (above, below) in zip(UNIT_COSTS, pairs, strict=True):
            rows[label, cost] = {"unit": "GBP/person"} | ratio(above, below)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["scenario", "cost"])


class _Differences:
    """Paired differences of totals over some days, by seed."""

    def __init__(self, base: Mapping[str, Floats], policy: Mapping[str, Floats], days: slice) -> None:
        self._base, self._policy, self._days = base, policy, days

    def of(self, name: str) -> Floats:
        return _total(self._policy[name], self._days) - _total(self._base[name], self._days)

    def account(self, name: str) -> Floats:
        key = f"cost_gbp/{name}"
        return self.of(key) if key in self._base else np.zeros(len(self._base["arrivals"]))


def _total(days: Floats, window: slice) -> Floats:
    return np.asarray(days[:, window].sum(axis=-1))
