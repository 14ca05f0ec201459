"""What is said where little was run or something is missing: the odd ends of commands, reports and tables."""

from __future__ import annotations

import sys
from datetime import date, datetime
from types import SimpleNamespace

import numpy as np
import pytest

import crossings as cx
from crossings.cli import running
from crossings.corridors import spreadsheet
from crossings.errors import InputError
from crossings.policies import LegalRoute
from crossings.study import compiled
from crossings.study.estimates import Estimate
from crossings.study.reproduction import Skipped
from crossings.study.sweep_results import sql
from crossings.study.weather_years import WeatherYears
from crossings.views import shelf
from crossings.views.report import _value
from crossings.views.reproduction_report import obtained
from crossings.views.reproduction_report import said as in_words

# ---- comparisons in words


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"standard_error": None}, ["one seed says nothing about chance: expected at least --seeds 2"]),
        ({"standard_error": 0, "pairs": 3}, ["arrivals differ by the same number in all 3 pairs"]),
        (
            {"standard_error": 1200.4, "pairs": 9, "variance_reduction": 12.34, "suffice": True,
             "difference": -5},
            [
                "9 pairs suffice to say that fewer people arrive",
                "Monte Carlo standard error of the difference in arrivals 1,200; "
                "pairing reduced its variance 12.3 times",
            ],
        ),
        (
            {"standard_error": 2, "pairs": 9, "variance_reduction": None, "suffice": True, "difference": 5},
            [
                "9 pairs suffice to say that more people arrive",
                "Monte Carlo standard error of the difference in arrivals 2",
            ],
        ),
        (
            {
                "standard_error": 2, "pairs": 9, "variance_reduction": None, "suffice": False,
                "difference": 5, "pairs_needed": 1234.0,
            },
            [
                "9 pairs do not suffice to say whether more or fewer people arrive; "
                "if the difference is what it seems, about 1,234 would",
                "Monte Carlo standard error of the difference in arrivals 2",
            ],
        ),
    ],
)  # fmt: skip
def test_whether_the_pairs_suffice_is_said(row, said):
    assert running._replications(row) == said


def test_a_unit_cost_is_said_with_its_interval_where_it_has_one():
    row = {"cost": next(iter(running._UNIT_COSTS)), "value": 12_345.6, "low": 10_000.0, "high": 15_000.0}
    said = running._unit_cost(row)
    assert said.endswith(": GBP 12,346 (GBP 10,000 to 15,000)")
    assert running._unit_cost(row | {"low": None}).endswith(": GBP 12,346")
    assert running._unit_cost(row | {"value": None}).endswith(": not known, for it may be nobody")


@pytest.mark.parametrize(
    ("arrivals", "times"), [([900.0, 1100.0], "0.7 times that of weather"), ([1000.0, 1000.0], None)]
)
def test_a_difference_stands_beside_that_of_weather(monkeypatch, arrivals, times):
    rows = [
        {"scenario": "other", "outcome": "arrivals", "difference": 5.0, "low": None, "high": None},
        {"scenario": "mine", "outcome": "deaths", "difference": 1.0, "low": None, "high": None},
        {"scenario": "mine", "outcome": "arrivals", "difference": -100.0, "low": -150.0, "high": -50.0},
    ]
    monkeypatch.setattr("crossings.outcomes.tables.records", lambda _table: rows)
    found = SimpleNamespace(table=lambda start, end: (start, end))
    years = WeatherYears("no-policy", date(2025, 1, 1), date(2025, 12, 31), np.array(arrivals))
    said = running._beside_weather(found, "mine", years)
    assert said.startswith("a year's arrivals (2025-01-01 to 2025-12-31): -100 (-150 to -50)")
    assert (times is None) == ("times that of weather" not in said)
    assert times is None or times in said
    assert "of 1,000, over 2 weathers of no-policy, all else alike" in said


def test_tables_that_there_are_none_of_are_refused():
    known = next(iter(running._TABLES))
    assert running._tables([known]) == [known]
    with pytest.raises(InputError, match="option --show: unknown table"):
        running._tables([known, f"{known}x"])


# ---- reports


def test_what_was_obtained_is_written_by_its_size():
    assert obtained(Estimate(0.12345, None, 0.1, 0.2)) == "0.1235 (0.1 to 0.2)"
    assert obtained(Estimate(1234567.8, None, 1e6, 2e6)) == "1,234,568 (1,000,000 to 2,000,000)"
    assert obtained(Estimate(1234567.8)) == "1,234,568"


def test_a_sign_is_missed_by_no_amount():
    verdict = SimpleNamespace(
        ok=False, expected=SimpleNamespace(kind="sign", published=1.0), obtained=Estimate(-2.0), allowed=0.0
    )
    assert in_words(verdict) == "outside"
    verdict.expected.kind = "absolute"
    assert in_words(verdict) == "outside by 3"


def test_an_estimate_less_a_number_keeps_its_error_and_moves_its_interval():
    assert Estimate(3.0, 0.5, 2.0, 4.0) - 1.0 == Estimate(2.0, 0.5, 1.0, 3.0)
    assert Estimate(3.0) - 1.0 == Estimate(2.0)


def test_a_value_that_is_not_there_is_a_dash():
    assert _value(None) == _value(float("nan")) == "\u2013"
    assert _value(date(2025, 1, 2)) == "2025-01-02"


def test_a_table_of_the_shelf_that_is_stale_is_said_and_mended(tmp_path, monkeypatch, capsys):
    page = tmp_path / "README.md"
    whole = shelf.README.read_text(encoding="utf-8")
    row = next(line for line in whole.splitlines() if "repeated-trials" in line and line.startswith("|"))
    page.write_text(whole.replace(row, "| gone |"), encoding="utf-8")
    monkeypatch.setattr(shelf, "README", page)
    assert shelf.main(["--check"]) == 1
    assert "experiments/README.md is not current: python -m crossings.views.shelf" in capsys.readouterr().out
    assert "| gone |" in page.read_text(encoding="utf-8")
    assert shelf.main([]) == 0
    assert "brought up to date" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == whole


# ---- what is not installed


def test_kernels_that_would_run_plain_skip_their_experiment(monkeypatch):
    compiled.require_compiler()
    monkeypatch.setattr(compiled, "COMPILED", False)
    with pytest.raises(Skipped, match="takes days without a compiler"):
        compiled.require_compiler()


def test_what_is_missing_is_said_with_the_extra_that_brings_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(InputError, match=r"SQL needs DuckDB .*pip install 'crossings\[query\]'"):
        sql("select 1", None, tmp_path)
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(InputError, match=r"needs python-calamine .*pip install 'crossings\[data\]'"):
        spreadsheet.read(tmp_path / "series.ods")


def test_names_of_the_package_are_listed_without_being_loaded():
    assert dir(cx) == sorted(cx.__all__)
    assert {"Scenario", "run", "compare"} <= set(dir(cx))


def test_a_cell_that_is_a_moment_is_its_date():
    assert spreadsheet._date(datetime(2024, 5, 6, 7, 8)) == date(2024, 5, 6)
    assert spreadsheet._date("6 May 2024") == date(2024, 5, 6)
    assert spreadsheet._date("no date") is None


# ---- a legal route from home


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"applied_for": "at home", "matched_to": "returns"}, "applied_for = 'at home': expected"),
        ({"applied_for": "at home", "places_per_week": 5.0, "advance_places": 3}, "applied_for = 'at home'"),
        (
            {"admissions_by_month": (3, 4), "start": None, "announced": None},
            "admissions_by_month: expected a start date",
        ),
    ],
)  # fmt: skip
def test_a_legal_route_that_cannot_be_is_refused(settings, said):
    with pytest.raises((InputError, ValueError), match=said):
        LegalRoute(**{"matched_to": "none", **settings})


def test_the_chance_announced_is_the_one_given_or_that_of_places_a_year():
    usual = LegalRoute(matched_to="none", places_per_week=10.0, expected_applicants=1_000.0)
    assert usual.chance(10.0) == pytest.approx(10.0 * 52.18 / 1000.0, rel=1e-3)
    assert usual.chance(1e9) == 1.0
    given = LegalRoute(matched_to="none", places_per_week=10.0, announced_chance=0.25)
    assert given.chance(10.0) == 0.25
