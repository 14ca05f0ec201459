"""The official spreadsheet: read as it is published, and refused where it does not hold together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.spreadsheets import DAILY_HEAD, FIRST, two_weeks, write_ods

from crossings.corridors import spreadsheet
from crossings.errors import InputError


def test_both_sheets_are_read_titles_and_notes_apart(tmp_path):
    daily, weekly = spreadsheet.read(write_ods(tmp_path / "series.ods", two_weeks()))
    assert list(daily.columns) == list(spreadsheet.DAILY_COLUMNS)
    assert list(daily["people"]) == [0, 50, 0, 0, 120, 61, 0, 0, 0, 0, 55, 0, 0, 0]
    assert daily["date"].iloc[0] == FIRST
    assert daily["date"].iloc[-1] == FIRST + timedelta(days=13)
    assert list(weekly["people"]) == [231, 55]
    assert weekly["people_prevented"].iloc[0] == 90
    assert weekly["people_prevented"].isna().iloc[1]


def test_dates_may_be_text_and_days_in_any_order(tmp_path):
    sheets = two_weeks()
    rows = [[f"{row[0]:%d/%m/%Y}", *row[1:]] for row in sheets["SB_01"][3:17]]
    sheets["SB_01"] = [*sheets["SB_01"][:3], *reversed(rows)]
    daily, _ = spreadsheet.read(write_ods(tmp_path / "series.ods", sheets))
    assert daily["date"].iloc[0] == FIRST


def test_what_was_written_is_loaded_again(tmp_path):
    daily, weekly = spreadsheet.read(write_ods(tmp_path / "series.ods", two_weeks()))
    spreadsheet.write(daily, weekly, tmp_path / "counts")
    series = spreadsheet.load(tmp_path / "counts")
    assert series.sum() == 286
    assert series.index[0].date() == FIRST
    with pytest.raises(InputError, match=r"expected a folder made by crossings data import"):
        spreadsheet.load(tmp_path)


def _changed(sheet, row, column, value):
    sheets = two_weeks()
    sheets[sheet][row][column] = value
    return sheets


def _without(sheet):
    return {name: rows for name, rows in two_weeks().items() if name != sheet}


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (_without("SB_02"), r"sheet SB_02: not there, expected .* 'Cover', 'SB_01'; did you mean 'SB_01'"),
        (_changed("SB_01", 2, 1, "People"), r"sheet SB_01: no column for people, expected date, people"),
        (_changed("SB_01", 4, 1, -3), r"sheet SB_01 row 5, people: '-3.0', expected a whole number from 0"),
        (_changed("SB_01", 4, 1, "many"), r"sheet SB_01 row 5, people: 'many', expected a whole number"),
        (_changed("SB_01", 4, 1, 50.5), r"row 5, people: '50.5', expected a whole number"),
        (_changed("SB_01", 4, 2, 0), r"SB_01, 2024-01-02: 50 people in 0 boats, expected both or neither"),
        (_changed("SB_01", 4, 0, FIRST), r"SB_01: 2024-01-01 after 2024-01-01, expected every day once"),
        (_changed("SB_02", 2, 0, date(2024, 1, 6)), r"SB_02: week ending 2024-01-06, expected a Sunday"),
        (_changed("SB_02", 3, 0, date(2024, 1, 21)), r"SB_02: 2024-01-21 after 2024-01-07, expected every"),
        (_changed("SB_02", 2, 1, 230), r"230 people, expected the sum of its days in SB_01, 231"),
        ({"SB_01": [[*DAILY_HEAD]], "SB_02": []}, r"SB_01: expected rows with dates"),
    ],
)
def test_what_does_not_hold_together_is_refused_in_one_line(tmp_path, sheets, said):
    with pytest.raises(InputError, match=said) as found:
        spreadsheet.read(write_ods(tmp_path / "series.ods", sheets))
    assert "\n" not in str(found.value)


def test_another_file_is_refused(tmp_path):
    (tmp_path / "series.ods").write_text("no spreadsheet", encoding="utf-8")
    for name, said in (("series.ods", "expected an OpenDocument"), ("series.xlsx", r"expected an .*\.ods")):
        with pytest.raises(InputError, match=said):
            spreadsheet.read(tmp_path / name)
    with pytest.raises(InputError, match="expected an OpenDocument"):
        spreadsheet.read(tmp_path / "none.ods")
