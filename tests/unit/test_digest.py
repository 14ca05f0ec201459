"""One digest for equal numbers, another for any other."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pandas as pd
import pytest

from crossings.outcomes.digest import digest, digest_exact

KNOWN = "16f9c3b92c735b500dd56724e59bbc1158ed8e7342d6fbb956c52eb02fa84b63"
KNOWN_EXACT = "e4d829e77ab0453a403f5abdf74705e6774fe1a5a95ffed047c25d4cda630174"


@pytest.fixture
def daily() -> pd.DataFrame:
    dates = pd.date_range("2025-01-01", periods=3, name="date")
    return pd.DataFrame({"arrivals": [0, 55, 120], "price": [1500.0, np.nan, 1 / 3]}, index=dates)


def test_known_answers(daily: pd.DataFrame) -> None:
    # written down once; a change here makes every stored digest stale
    assert digest(daily) == KNOWN
    assert digest_exact(daily) == KNOWN_EXACT


def test_the_last_bits_of_a_float_count_only_for_the_exact_one(daily: pd.DataFrame) -> None:
    nearly = daily.assign(price=daily["price"] * (1 + 1e-12))
    assert digest(nearly) == digest(daily)
    assert digest_exact(nearly) != digest_exact(daily)


def test_the_sixth_digit_counts(daily: pd.DataFrame) -> None:
    other = daily.copy()
    other.loc[other.index[2], "price"] = 0.333334
    assert digest(other) != digest(daily)


@pytest.mark.parametrize("name", [digest, digest_exact])
def test_every_integer_counts(daily: pd.DataFrame, name) -> None:
    big = daily.assign(arrivals=daily["arrivals"] + 10**9)
    assert name(big) != name(big.assign(arrivals=big["arrivals"] + [0, 0, 1]))


@pytest.mark.parametrize("name", [digest, digest_exact])
def test_names_and_dates_count_and_the_order_of_columns_does_not(daily: pd.DataFrame, name) -> None:
    assert name(daily[["price", "arrivals"]]) == name(daily)
    assert name(daily.rename(columns={"price": "load"})) != name(daily)
    assert name(daily.shift(freq="D")) != name(daily)


@pytest.mark.parametrize("name", [digest, digest_exact])
def test_how_a_number_is_written_does_not_count(daily: pd.DataFrame, name) -> None:
    assert name(daily.astype({"arrivals": np.int32})) == name(daily)
    zeros = daily.assign(price=[0.0, np.nan, 1.0])
    assert name(daily.assign(price=[-0.0, -np.nan, 1.0])) == name(zeros)
    assert name(daily.set_index(daily.index.as_unit("s"))) == name(daily)


@pytest.mark.parametrize("name", [digest, digest_exact])
def test_it_survives_a_file(daily: pd.DataFrame, name) -> None:
    page = BytesIO()
    daily.to_parquet(page)
    assert name(pd.read_parquet(page)) == name(daily)
