"""Observed figures: the shipped tables hold together, and a slip in one is said where it was made."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from crossings import corridors
from crossings.corridors.observed import FOLDER, OBSERVED, observed
from crossings.errors import InputError

CHANNEL = Path(corridors.__file__).parent / "channel"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(CHANNEL / FOLDER, tmp_path / FOLDER)
    return tmp_path


def test_years_are_the_sums_that_were_published():
    first = {2018: 299, 2019: 1843, 2020: 8466, 2021: 28526}
    last = {2022: 45774, 2023: 29437, 2024: 36816, 2025: 25436}
    assert observed().yearly_people() == first | last
    assert observed().yearly_boats() == {2021: 1034, 2022: 1110, 2023: 602, 2024: 695, 2025: 431}


def test_nothing_after_july_2025_is_shipped():
    seen = observed()
    assert max(seen.people) == max(seen.boats) == (2025, 7)
    assert max(year for year, _ in seen.groups) == 2024


def test_people_per_boat_are_those_of_the_tables():
    seen = observed()
    for year, boats in seen.yearly_boats().items():
        per_boat = seen.yearly_people()[year] / boats
        assert per_boat == pytest.approx(seen.value("people_per_boat", year), abs=0.6)


def test_nationalities_do_not_exceed_all():
    seen = observed()
    for year, people in seen.yearly_people().items():
        assert sum(count for (when, _), count in seen.groups.items() if when == year) <= people


def test_every_column_of_counts_and_every_pattern_has_a_source():
    seen = observed()
    for file, columns in OBSERVED.items():
        for column in columns:
            if column.unit in ("people", "boats"):
                assert seen.sources[file, column.name]
    assert all(pattern.source for pattern in seen.patterns.values())


def test_a_folder_is_read_like_the_shipped_corridor(folder):
    assert observed(folder).people == observed().people


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("people.csv", "2022,8,8574", "2022,8,-1", r"people\.csv line 57, column people: '-1', expected"),
        ("people.csv", "2022,8,8574", "2022,7,8574", r"people\.csv line 57, column month: '7', expected"),
        ("boats.csv", "boats", "boat", r"unknown column 'boat'.*did you mean 'boats'"),
        ("patterns.csv", ",D,", ",Q,", r"column confidence: 'Q', expected one of H, M, L, D"),
    ],
)
def test_a_slip_is_said_where_it_was_made(folder, file, old, new, said):
    path = folder / FOLDER / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        observed(folder)


def test_what_was_not_observed_is_refused_with_the_nearest():
    with pytest.raises(InputError, match=r"people_per_bot of 2022.*did you mean 'people_per_boat'"):
        observed().value("people_per_bot", 2022)
    with pytest.raises(InputError, match="prevented_share of 2024"):
        observed().value("prevented_share", 2024)


def test_a_corridor_without_observations_says_what_it_needs(tmp_path):
    with pytest.raises(InputError, match=r"expected a folder 'observed' with people\.csv"):
        observed(tmp_path)
