"""The official spreadsheet: daily and weekly counts for those who have downloaded it.

The Home Office publishes the time series of small boat arrivals as an OpenDocument spreadsheet with a
sheet ``SB_01`` (date, people, boats) and a sheet ``SB_02`` (weeks, with people and events that the
French authorities prevented). It is not shipped. `read` takes both sheets as they are, titles and notes
above the heads and all, and refuses what does not hold together; `write` keeps them as plain tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from crossings.errors import InputError, nearest

DAILY, WEEKLY = "SB_01", "SB_02"
DAILY_FILE, WEEKLY_FILE = "daily.csv", "weekly.csv"
DAILY_COLUMNS = ("date", "people", "boats")
WEEKLY_COLUMNS = ("week_ending", "people", "boats", "people_prevented", "events_prevented")

_OPTIONAL = ("people_prevented", "events_prevented")
_MOST_A_DAY = 20_000
_SUNDAY, _DAYS_A_WEEK = 6, 7
_WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "date": (("date",), ()),
    "week_ending": (("week", "end"), ()),
    "people": (("migrant", "arriv"), ("prevent",)),
    "boats": (("boat", "arriv"), ("prevent", "migrant")),
    "people_prevented": (("migrant", "prevent"), ("event",)),
    "events_prevented": (("event", "prevent"), ()),
}
"""Words that a head has, and that it has not, by column; heads are worded a little otherwise each time."""


def read(path: str | Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the spreadsheet.

    Parameters
    ----------
    path
        An ``.ods`` file.

    Returns
    -------
    daily, weekly : DataFrame
        Columns `DAILY_COLUMNS` and `WEEKLY_COLUMNS`, in order of time. Prevention is empty in weeks for
        which none is given.

    Raises
    ------
    InputError
        If it is no such spreadsheet, or a number in it cannot be: one line with sheet, row and value.
    """
    book = _open(Path(path))
    daily = _table(book, DAILY, DAILY_COLUMNS)
    weekly = _table(book, WEEKLY, WEEKLY_COLUMNS)
    _check_days(daily)
    _check_weeks(weekly)
    _check_together(daily, weekly)
    return daily, weekly


def write(daily: pd.DataFrame, weekly: pd.DataFrame, folder: Path) -> None:
    """Write both tables into a folder, as `load` reads them."""
    folder.mkdir(parents=True, exist_ok=True)
    daily.to_csv(folder / DAILY_FILE, index=False, lineterminator="\n")
    weekly.to_csv(folder / WEEKLY_FILE, index=False, lineterminator="\n")


def load(folder: str | Path) -> pd.Series:
    """Return arrivals by date from a folder that `write` has filled.

    Raises
    ------
    InputError
        If there is no such table.
    """
    path = Path(folder) / DAILY_FILE
    try:
        table = pd.read_csv(path, parse_dates=["date"])
        series = pd.Series(table["people"].to_numpy(float), index=pd.DatetimeIndex(table["date"]))
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"data '{folder}': expected a folder made by crossings data import, with {DAILY_FILE} ({error})"
        ) from None
    return series


def _open(path: Path) -> Any:
    try:
        calamine: Any = import_module("python_calamine")
    except ImportError as error:
        raise InputError(
            f"reading a spreadsheet needs python-calamine ({error}): "
            "expected the extra, pip install 'crossings[data]'"
        ) from None
    if path.suffix.lower() != ".ods":
        raise InputError(f"file '{path}': expected an OpenDocument spreadsheet, .ods")
    try:
        return calamine.CalamineWorkbook.from_path(str(path))
    except (OSError, calamine.CalamineError) as error:
        said = " ".join(str(error).split())
        raise InputError(f"file '{path}': expected an OpenDocument spreadsheet, got: {said}") from None


def _table(book: Any, sheet: str, columns: Sequence[str]) -> pd.DataFrame:
    if sheet not in book.sheet_names:
        known, hint = ", ".join(map(repr, book.sheet_names)), nearest(sheet, book.sheet_names)
        raise InputError(f"sheet {sheet}: not there, expected it among {known}{hint}")
    rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    head, places = _head(sheet, rows, columns)
    found: list[dict[str, Any]] = []
    for number, row in enumerate(rows[head + 1 :], start=head + 2):
        when = _date(row[places[columns[0]]])
        if when is None:
            if any(_filled(cell) for cell in row) and found:
                break  # notes beneath the table
            continue
        counts = {
            name: _count(sheet, number, name, row[place])
            for name, place in places.items()
            if name != columns[0]
        }
        found.append({columns[0]: when, **counts})
    if not found:
        raise InputError(f"sheet {sheet}: expected rows with dates beneath its heads, got none")
    return pd.DataFrame(found, columns=list(columns)).sort_values(columns[0]).reset_index(drop=True)


def _head(sheet: str, rows: Sequence[Sequence[Any]], columns: Sequence[str]) -> tuple[int, dict[str, int]]:
    """Return the row of heads and the place of each column."""
    best: dict[str, int] = {}
    for number, row in enumerate(rows):
        words = [str(cell).lower() for cell in row]
        places = {name: place for name in columns if (place := _place(words, name)) is not None}
        if all(name in places for name in columns if name not in _OPTIONAL):
            return number, places
        best = places if len(places) > len(best) else best
    missing = [name for name in columns if name not in best and name not in _OPTIONAL]
    raise InputError(f"sheet {sheet}: no column for {', '.join(missing)}, expected {', '.join(columns)}")


def _place(words: Sequence[str], name: str) -> int | None:
    having, lacking = _WORDS[name]
    for place, head in enumerate(words):
        said = head.split()
        has = [any(word.startswith(each) for word in said) for each in having]
        if all(has) and not any(word.startswith(each) for word in said for each in lacking):
            return place
    return None


def _date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"):
        try:
            return datetime.strptime(str(cell).strip(), form).date()
        except ValueError:
            continue
    return None


def _count(sheet: str, row: int, column: str, cell: Any) -> int | None:
    text = str(cell).strip().replace(",", "")
    if column in _OPTIONAL and text.lower() in ("", "-", ":", "z", "[z]", "[x]", "not available"):
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    most = _MOST_A_DAY * _DAYS_A_WEEK
    if not 0 <= number <= most or number != int(number):
        raise InputError(
            f"sheet {sheet} row {row}, {column}: {str(cell)!r}, expected a whole number from 0 to {most}"
        )
    return int(number)


def _filled(cell: Any) -> bool:
    return cell is not None and str(cell).strip() != ""


def _check_days(daily: pd.DataFrame) -> None:
    days: list[date] = list(daily["date"])
    for before, after in pairwise(days):
        if (after - before).days != 1:
            raise InputError(f"sheet {DAILY}: {after} after {before}, expected every day once")
    lost = daily[(daily["people"] > 0) != (daily["boats"] > 0)]
    if len(lost):
        row = lost.iloc[0]
        raise InputError(
            f"sheet {DAILY}, {row['date']}: {row['people']} people in {row['boats']} boats, "
            "expected both or neither"
        )


def _check_weeks(weekly: pd.DataFrame) -> None:
    weeks: list[date] = list(weekly["week_ending"])
    for week in weeks:
        if week.weekday() != _SUNDAY:
            raise InputError(f"sheet {WEEKLY}: week ending {week}, expected a Sunday")
    for before, after in pairwise(weeks):
        if (after - before).days != _DAYS_A_WEEK:
            raise InputError(f"sheet {WEEKLY}: {after} after {before}, expected every week once")


def _check_together(daily: pd.DataFrame, weekly: pd.DataFrame) -> None:
    """Check that weeks are the sums of their days, where both are there."""
    by_day = dict(zip(daily["date"], daily["people"], strict=True))
    for end, people in zip(weekly["week_ending"], weekly["people"], strict=True):
        counted = [by_day.get(date.fromordinal(end.toordinal() - back)) for back in range(_DAYS_A_WEEK)]
        known = [count for count in counted if count is not None]
        if len(known) == _DAYS_A_WEEK and sum(known) != people:
            raise InputError(
                f"sheet {WEEKLY}, week ending {end}: {people} people, "
                f"expected the sum of its days in {DAILY}, {sum(known)}"
            )
