"""Patterns: crossing days and their runs, bunching, gaps, loads, as the official series defines them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.study.patterns import best_share, crossing_runs, longest_gap, measure, name_of

COLUMNS = ("arrivals", "boats", "attempts", "stopped_beach", "prevented", "taxi_attempts", "deaths")
days = st.lists(st.integers(0, 900), min_size=20, max_size=200).map(lambda v: np.array(v, dtype=float))


def years(first="2021-01-01", last="2024-12-31", per_boat=40.0):
    """Return days of which every third has 80 people in boats of `per_boat`; half of launches are stopped."""
    dates = pd.date_range(first, last)
    people = np.where(np.arange(len(dates)) % 3 == 0, 80.0, 0.0)
    daily = pd.DataFrame({name: np.zeros(len(dates)) for name in COLUMNS}, index=dates)
    daily["arrivals"], daily["boats"] = people, people / per_boat
    daily["launches"], daily["attempts"] = 2 * daily["boats"], 2 * people
    daily["stopped_beach"], daily["prevented"] = people, people / 2
    return daily.assign(price=1500.0, waiting=2000.0, networks=30.0)


def test_a_known_course_gives_its_patterns():
    found = measure(years())
    assert found["people_per_boat@2022"] == 40
    assert found["prevented_share@2023"] == pytest.approx(1 / 3)
    assert found["crossing_days@2022"] == pytest.approx(1 / 3, abs=0.01)
    assert found["after_crossing@2021-2024"] == 0
    assert found["after_none@2021-2024"] == pytest.approx(0.5, abs=0.01)
    assert found["longest_gap@2021-2024"] == 2
    quarter = sum(found[f"people@2021-{month:02d}"] for month in (1, 2, 3))
    assert quarter == found["people@2021Q1"]
    assert found["prevented_share_boats@2021"] == pytest.approx(0.5)
    assert found["reached_uk@2021-2024"] == pytest.approx(1.0)


def test_patterns_of_the_span_need_the_whole_span():
    found = measure(years(last="2023-12-31"))
    assert "crossing_days@2023" in found
    assert not any(name.endswith("2021-2024") or "month-" in name for name in found)


def test_what_has_no_meaning_is_left_out():
    quiet = years().assign(arrivals=0.0, boats=0.0)
    found = measure(quiet)
    assert "people_per_boat@2021" not in found
    assert found["people@2021"] == 0
    assert np.isfinite(list(found.values())).all()


def test_nationalities_are_counted_by_year():
    dates = ["2022-05-01", "2022-06-01", "2023-01-01"]
    by = pd.DataFrame({"date": dates, "outcome": "arrivals", "key": "Iran", "value": 5.0})
    found = measure(years(), by)
    assert found["people of Iran@2022"] == 10
    assert found[name_of("people of Iran", 2023)] == 5


@given(days)
def test_chances_are_shares_and_gaps_are_bounded(people):
    for chance in crossing_runs(people):
        assert np.isnan(chance) or 0 <= chance <= 1
    assert longest_gap(people) <= (people == 0).sum()


@given(days.filter(lambda v: v.sum() > 0), st.floats(0.05, 0.9))
def test_the_best_days_carry_at_least_their_share(people, share):
    taken = int(share * people.size) / people.size
    assert taken - 1e-9 <= best_share(people, share) <= 1 + 1e-9
    assert best_share(people, 1.0) == pytest.approx(1)


@given(days, st.integers(1, 50))
def test_patterns_of_days_do_not_depend_on_how_many_people(people, times):
    assert crossing_runs(people * times) == pytest.approx(crossing_runs(people), nan_ok=True)
