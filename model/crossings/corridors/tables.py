"""The tables a corridor is made of, and how one is read.

Every table is a CSV file whose columns are declared here, each with its unit, its meaning and the
values it may take. Reading is strict, so that a slip in a data file is found where it was made:
a missing or unknown column, a blank, a number outside its range or a word outside its list gives
one line that names file, line, column, value and what was expected.

A line that begins with ``#`` is a comment.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crossings.errors import InputError, nearest

KINDS = ("origin", "entry", "hub", "camp", "site", "landing", "state")
"""What a place can be on the way."""

MODES = ("land", "sea", "air", "boat", "lorry", "transfer")
"""How a leg is travelled; a boat or a lorry crosses the water that the corridor is about."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name, meaning
        Its heading, and what it says in one sentence.
    unit
        ``"text"`` for words, otherwise the unit of its numbers, ``"1"`` for a share.
    low, high
        Smallest and largest number that makes sense.
    choices
        The only words allowed; empty allows any.
    whole
        Whether numbers must be whole.
    """

    name: str
    meaning: str
    unit: str = "text"
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    whole: bool = False

    @property
    def expected(self) -> str:
        """The values allowed, in words."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.unit == "text":
            return "a word or name"
        number = "a whole number" if self.whole else "a number"
        if math.isinf(self.low) and math.isinf(self.high):
            return number
        if math.isinf(self.high):
            return f"{number} of at least {self.low:g}"
        return f"{number} from {self.low:g} to {self.high:g}"


def _share(name: str, meaning: str) -> Column:
    return Column(name, meaning, "1", 0.0, 1.0)


def _amount(name: str, meaning: str, unit: str) -> Column:
    return Column(name, meaning, unit, 0.0)


def _year(meaning: str) -> Column:
    return Column("year", meaning, "year", 1900, 2200, whole=True)


TABLES: dict[str, tuple[Column, ...]] = {
    "places.csv": (
        Column("name", "Name of the place."),
        Column("kind", "What it is on the way.", choices=KINDS),
        Column("country", "Country in which people who stay here are counted."),
        Column("latitude", "North of the equator.", "degrees", -90.0, 90.0),
        Column("longitude", "East of Greenwich.", "degrees", -180.0, 180.0),
    ),
    "legs.csv": (
        Column("start", "Place the leg leaves."),
        Column("end", "Place it reaches."),
        Column("mode", "How it is travelled.", choices=MODES),
        _amount("distance_km", "Length of the way taken.", "km"),
        _amount(
            "days",
            "Travel and the stay it takes to be able to go on; 0 on boats, which follow the sea.",
            "days",
        ),
        _amount("fee", "Paid for the leg; 0 on boats, whose fares networks set.", "GBP"),
        _share("hazard", "Chance of dying on the leg; 0 on boats, where load and sea decide."),
    ),
    "paths.csv": (
        Column("start", "Start of the leg drawn."),
        Column("end", "End of the leg drawn."),
        Column("latitude", "Latitude of a point passed, in order of travel.", "degrees", -90.0, 90.0),
        Column("longitude", "Longitude of a point passed.", "degrees", -180.0, 180.0),
    ),
    "groups.csv": (
        Column("name", "Nationality, or a set of them."),
        Column("origin", "Place at which candidates decide whether to leave."),
        Column("language", "Language by which clients and networks find each other."),
        _share("grant_chance", "Chance that a claim in the country of destination is granted at first."),
        _amount("value", "Value of arriving before personal spread, in units of utility.", "utility"),
        _share("work_weight", "Share of the value of arriving that comes from work."),
        _share("ties_share", "Share of people with a connection at the destination that can be verified."),
        _share("adult_share", "Share of people aged 18 or over."),
        _share("female_share", "Share of people who are women or girls."),
        Column("wealth_median", "Median of what a price is weighed against.", "GBP", 1.0),
        _amount("wealth_sigma", "Standard deviation of the log of it.", "1"),
        Column("elsewhere", "Country most often preferred by those who do not go on to the coast."),
    ),
    "sites.csv": (
        Column("name", "Launch site, a place of kind site."),
        Column("camp", "Camp whose people use it."),
        Column("landing", "Where boats from here mostly land."),
        _share("teams", "Share of patrol teams here when the run begins."),
    ),
    "networks.csv": (
        Column("name", "Neutral label of a network that exists when the run begins."),
        Column("language", "Language of its clientele."),
        Column("boats_in_stock", "Boats ready for use.", "boats", 0, whole=True),
        Column("crews", "Crews that can launch a boat.", "crews", 0, whole=True),
        _share("taxi_share", "Share of its launches that pick people up from the water."),
    ),
    "demand.csv": (
        _year("Calendar year of reaching the coast."),
        _amount("candidates", "Potential candidates in the year, all groups.", "people/year"),
    ),
    "shares.csv": (
        _year("Calendar year of reaching the coast."),
        Column("group", "Group of origin."),
        _share("share", "Its share of the year's potential candidates."),
    ),
    "season.csv": (
        Column("month", "Calendar month of reaching the coast.", "month", 1, 12, whole=True),
        _amount("factor", "Demand of the month against the year's mean.", "1"),
    ),
    "sources.csv": (
        Column("file", "Table that holds the numbers."),
        Column("column", "Column that holds them."),
        Column(
            "confidence",
            "H official, M one good source, L press, D derived, A assumed.",
            choices=tuple("HMLDA"),
        ),
        Column("source", "Where they come from."),
    ),
}
"""Columns of every table, by file name."""

OPTIONAL = ("paths.csv",)
"""Tables a corridor may do without."""


@dataclass(frozen=True)
class Row:
    """One line of a table, which knows where it stands.

    Attributes
    ----------
    file, line
        Where it was read; lines count from 1.
    values
        Text, float or int by column.
    """

    file: str
    line: int
    values: dict[str, Any] = field(repr=False)

    def __getitem__(self, column: str) -> Any:
        return self.values[column]

    def error(self, column: str, expected: str, known: Iterable[str] = ()) -> InputError:
        """Return the error for the value in `column`, with its nearest match among `known`."""
        return _wrong(f"{self.file} line {self.line}", column, self.values[column], expected, known)

    def known(self, column: str, names: Iterable[str], kind: str) -> str:
        """Return the name in `column`, which must be one of the `names` of that `kind`."""
        listed = list(names)
        if self.values[column] not in listed:
            shown = ", ".join(listed[:8]) + (", ..." if len(listed) > 8 else "")
            raise self.error(column, f"{kind} ({shown})", listed)
        return str(self.values[column])


def read_table(path: Path, columns: tuple[Column, ...]) -> list[Row]:
    """Read a table and check every cell by itself.

    Parameters
    ----------
    path
        A CSV file in UTF-8.
    columns
        The columns it must have, in any order; no others are taken.

    Raises
    ------
    InputError
        In one line, at the first thing that is wrong.
    """
    lines = list(_lines(path))
    if not lines:
        raise InputError(f"{path.name}: empty, expected columns {', '.join(c.name for c in columns)}")
    (head_line, head), *body = lines
    by_name = _header(path.name, head_line, head, columns)
    rows = []
    for line, cells in body:
        if len(cells) != len(head):
            raise InputError(f"{path.name} line {line}: {len(cells)} cells, expected {len(head)}")
        values = {
            name: _cell(f"{path.name} line {line}", by_name[name], text.strip())
            for name, text in zip(by_name, cells, strict=True)
        }
        rows.append(Row(path.name, line, values))
    if not rows:
        raise InputError(f"{path.name}: no rows below the header, expected at least one")
    return rows


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path.name}: not found in {path.parent}, expected a CSV table") from None
    except (OSError, UnicodeDecodeError) as problem:
        reason = str(problem).splitlines()[0]
        raise InputError(f"{path.name}: cannot be read as UTF-8 text ({reason})") from None
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and not line.startswith("#"):
            try:
                yield number, next(csv.reader([line.rstrip("\r")], strict=True))
            except csv.Error as problem:
                raise InputError(f"{path.name} line {number}: not CSV ({problem})") from None


def _header(file: str, line: int, head: list[str], columns: tuple[Column, ...]) -> dict[str, Column]:
    declared = {column.name: column for column in columns}
    names = [name.strip() for name in head]
    for name in names:
        if name not in declared:
            raise InputError(
                f"{file} line {line}: unknown column '{name}', expected {', '.join(declared)}"
                f"{nearest(name, declared)}"
            )
        if names.count(name) > 1:
            raise InputError(f"{file} line {line}: column '{name}' twice, expected it once")
    for name in declared:
        if name not in names:
            raise InputError(f"{file} line {line}: no column '{name}', expected {', '.join(declared)}")
    return {name: declared[name] for name in names}


def _cell(where: str, column: Column, text: str) -> str | float | int:
    if column.unit == "text":
        if not text or (column.choices and text not in column.choices):
            raise _wrong(where, column.name, text, column.expected, column.choices)
        return text
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    good = math.isfinite(number) and column.low <= number <= column.high
    if not good or (column.whole and number != int(number)):
        raise _wrong(where, column.name, text, column.expected)
    return int(number) if column.whole else number


def _wrong(where: str, column: str, value: object, expected: str, known: Iterable[str] = ()) -> InputError:
    hint = nearest(str(value), known)
    return InputError(f"{where}, column {column}: '{value}', expected {expected}{hint}")
