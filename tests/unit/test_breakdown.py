"""People taken in by country and money spent by account, added up by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from crossings.outcomes import breakdown

DATES = pd.date_range("2025-01-01", periods=2, name="date")
DAILY = pd.DataFrame(
    {"arrivals": [30, 10], "returned": [4, 1], "asylum_france": [20, 5], "returned_asylum_france": [2, 1]},
    index=DATES,
)


def split(*rows: tuple[str, str, float]) -> pd.DataFrame:
    """Return a table as `Result.by` has it, one row a date in turn."""
    outcomes, keys, values = zip(*rows, strict=True) if rows else ((), (), ())
    dates = [DATES[number % 2] for number in range(len(rows))]
    return pd.DataFrame({"date": dates, "outcome": outcomes, "key": keys, "value": np.array(values, float)})


def test_who_stays_where_and_who_was_returned_before():
    by = split(
        ("moved_on", "Italy", 6), ("moved_on", "Italy", 4), ("moved_on", "France", 3),
        ("turned_back", "Spain", 2), ("returned_moved_on", "Italy", 1), ("arrivals", "Italy", 99),
    )  # fmt: skip
    table = breakdown.burden(DAILY, by)
    assert table.index.tolist() == ["France", "Italy", "Spain"]  # the largest first
    assert table["stayed"].to_dict() == {"France": 3 + 25, "Italy": 10, "Spain": 0}
    assert table["of_them_returned"].to_dict() == {"France": 3, "Italy": 1, "Spain": 0}
    assert table["turned_back"].to_dict() == {"France": 0, "Italy": 0, "Spain": 2}
    assert table["handed_over"].to_dict() == {"France": 5, "Italy": 0, "Spain": 0}


def test_the_host_takes_in_its_own_claimants_where_nobody_moved_on():
    table = breakdown.burden(DAILY, split(("moved_on", "Italy", 1)), host="Belgium")
    assert table.loc["Belgium", "stayed"] == 25
    assert table.index.tolist() == ["Belgium", "Italy"]


def test_only_accounts_that_were_charged_are_listed_in_the_order_of_the_catalogue():
    by = split(
        ("cost_gbp", "flights", 0.25), ("cost_gbp", "rescue", 100), ("cost_gbp", "rescue", 200),
        ("cost_gbp", "removals", 0), ("moved_on", "Italy", 7),
    )  # fmt: skip
    table = breakdown.costs(DAILY, by)
    assert table.index.tolist() == ["rescue", "flights"]
    assert table["gbp"].tolist() == [300, 0.25]
    assert table["share"].tolist() == pytest.approx([300 / 300.25, 0.25 / 300.25])
    assert table["gbp_per_arrival"].tolist() == pytest.approx([300 / 40, 0.25 / 40])
    assert table["meaning"].tolist()[0] == "rescue at sea"


def test_where_nobody_arrives_there_is_no_price_of_an_arrival():
    table = breakdown.costs(DAILY.assign(arrivals=0), split(("cost_gbp", "rescue", 5)))
    assert np.isnan(table.loc["rescue", "gbp_per_arrival"])
    assert breakdown.costs(DAILY, split()).empty


def test_series_have_every_date_and_nothing_where_there_was_nothing():
    found = breakdown.series(split(("moved_on", "Italy", 6), ("arrivals", "Iran", 9)), DATES)
    assert {name: values.tolist() for name, values in found.items()} == {"moved_on/Italy": [6, 0]}
