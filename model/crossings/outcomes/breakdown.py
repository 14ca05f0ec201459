"""Outcomes split by country and by account: who takes people in, and what is paid for.

The burden table counts, country by country, people who stay there instead of crossing, and how many of
them the UK had returned: the question that Italy, Spain, Greece and others put to returns agreements.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.outcomes.catalogue import ACCOUNTS

SPLIT = ("moved_on", "returned_moved_on", "turned_back", "cost_gbp")
"""Outcomes by country or by account that comparisons keep."""

FOLLOWING = ("holding", "accommodation")
"""Accounts that follow the number of arrivals and are no part of a policy."""
RETURNING = ("detention", "casework", "flights")
"""Accounts of returns."""


def series(by: pd.DataFrame, dates: pd.Index) -> dict[str, NDArray[np.float64]]:
    """Return the daily series of what is split, named ``"outcome/key"``.

    Parameters
    ----------
    by
        `Result.by`.
    dates
        Dates of the series; where `by` has nothing the series is zero.
    """
    some = by[by["outcome"].isin(SPLIT)]
    wide = some.pivot_table(
        index="date", columns=["outcome", "key"], values="value", aggfunc="sum", observed=True
    ).reindex(dates)
    names = [f"{pair[0]}/{pair[1]}" for pair in wide.columns.to_list()]
    values = np.nan_to_num(wide.to_numpy(dtype=np.float64))
    return {name: values[:, number] for number, name in enumerate(names)}


def burden(daily: pd.DataFrame, by: pd.DataFrame, host: str = "France") -> pd.DataFrame:
    """Return people taken in by country over the reported dates.

    Parameters
    ----------
    daily, by
        Of a result.
    host
        The country people cross from, which takes in those who claim asylum there.

    Returns
    -------
    DataFrame
        Indexed by ``country``, the largest first: ``stayed`` (people who stay there instead of crossing,
        on their way or after the coast), ``of_them_returned`` (whom the UK had returned before),
        ``turned_back`` (whom it did not take), ``handed_over`` (returned to it by the UK).
    """
    outcomes = {"stayed": "moved_on", "of_them_returned": "returned_moved_on", "turned_back": "turned_back"}
    found = {}
    for name, outcome in outcomes.items():
        rows = by[by["outcome"] == outcome]
        found[name] = rows.groupby(rows["key"].astype(str))["value"].sum()
    table = pd.DataFrame(found).fillna(0.0)
    table.loc[host, "stayed"] = table["stayed"].get(host, 0.0) + daily["asylum_france"].sum()
    table.loc[host, "of_them_returned"] = daily["returned_asylum_france"].sum()
    table.loc[host, "handed_over"] = daily["returned"].sum()
    table = table.fillna(0.0).astype(np.int64).rename_axis("country")
    return table.sort_values(["stayed", "handed_over"], ascending=False, kind="stable")


def costs(daily: pd.DataFrame, by: pd.DataFrame) -> pd.DataFrame:
    """Return pounds spent by account over the reported dates, at the scenario's prices.

    Returns
    -------
    DataFrame
        Indexed by ``account``, in the order of the catalogue, only those charged: ``gbp``, ``share`` of all,
        ``gbp_per_arrival``, and what it pays for (``meaning``).
    """
    rows = by[by["outcome"] == "cost_gbp"]
    spent = rows.groupby(rows["key"].astype(str))["value"].sum()
    gbp = spent.reindex([account for account in ACCOUNTS if spent.get(account, 0.0) > 0.0])
    table = pd.DataFrame({"gbp": gbp, "share": gbp / max(float(gbp.sum()), 1.0)})
    arrivals = float(daily["arrivals"].sum())
    table["gbp_per_arrival"] = table["gbp"] / arrivals if arrivals else np.nan
    table["meaning"] = [ACCOUNTS[account] for account in table.index]
    return table.rename_axis("account")
