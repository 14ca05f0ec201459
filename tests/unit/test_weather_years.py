"""What weather alone does to a year: only the weather differs, and the spread is that of the arrivals."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import SHORT, season

import crossings as cx
from crossings.errors import InputError
from crossings.study.weather_years import weather_years


def test_only_the_weather_differs() -> None:
    short = cx.Scenario.load("no-policy").with_(**SHORT)
    years = weather_years(short, 2, seed=1, processes=1)
    assert (years.start, years.end) == (short.start, short.end)
    # weather 1 of seed 1 is the run itself
    assert years.arrivals[0] == season("no-policy", 1, **SHORT).summary()["arrivals"]
    other = season("no-policy", 1, **SHORT, **{"weather.seed": 2})
    assert years.arrivals[1] == other.summary()["arrivals"] != years.arrivals[0]
    assert other.daily["candidates"].tolist() == season("no-policy", 1, **SHORT).daily["candidates"].tolist()
    assert years.spread == pytest.approx(np.std(years.arrivals, ddof=1))
    assert years.as_dict()["weathers"] == 2


def test_one_weather_has_no_spread() -> None:
    with pytest.raises(InputError, match="expected at least 2"):
        weather_years("no-policy", 1)
