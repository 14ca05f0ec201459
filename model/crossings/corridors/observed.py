"""What was observed: official counts of arrivals, and the patterns a model is judged by.

A corridor may have a folder ``observed`` with four tables and their sources. No rule of the model
reads it; calibration, validation and benchmarks do. For the Channel it ends on 31 July 2025.

>>> from crossings.corridors.observed import observed
>>> observed("channel").yearly_people()[2022]
45774
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from crossings.corridors.loading import shipped
from crossings.corridors.tables import TABLES, Column, Row, read_table
from crossings.errors import InputError, unknown

FOLDER = "observed"
MONTHS = 12

_YEAR = Column("year", "Calendar year.", "year", 2000, 2100, whole=True)
_MONTH = Column("month", "Calendar month.", "month", 1, MONTHS, whole=True)
OBSERVED: dict[str, tuple[Column, ...]] = {
    "people.csv": (_YEAR, _MONTH, Column("people", "People who arrived by boat.", "people", 0, whole=True)),
    "boats.csv": (_YEAR, _MONTH, Column("boats", "Boats that arrived.", "boats", 0, whole=True)),
    "groups.csv": (
        _YEAR,
        Column("group", "Nationality."),
        Column("people", "People who arrived by boat.", "people", 0, whole=True),
    ),
    "patterns.csv": (
        Column("pattern", "What is measured."),
        Column("period", "Year, span of years, quarter, or month of the year as month-01."),
        Column("value", "Its value.", "1", 0),
        Column("confidence", "H official count to L press, D derived.", choices=tuple("HMLD")),
        Column("source", "Where it comes from."),
    ),
    "sources.csv": TABLES["sources.csv"],
}
"""Columns of every table of observations, by file name."""


@dataclass(frozen=True)
class Pattern:
    """One observed pattern in one period.

    Attributes
    ----------
    value
        As measured.
    confidence
        ``H`` official count, ``M`` official claim or one good source, ``L`` press, ``D`` derived.
    source
        Where it comes from.
    """

    value: float
    confidence: str
    source: str


@dataclass(frozen=True)
class Observed:
    """Observations of one corridor.

    Attributes
    ----------
    people, boats
        Arrivals by (year, month).
    groups
        Arrivals of people by (year, nationality).
    patterns
        By (name, period).
    sources
        Citation by (file, column).
    """

    people: Mapping[tuple[int, int], int]
    boats: Mapping[tuple[int, int], int]
    groups: Mapping[tuple[int, str], int]
    patterns: Mapping[tuple[str, str], Pattern]
    sources: Mapping[tuple[str, str], str] = field(repr=False)

    def yearly_people(self) -> dict[int, int]:
        """Return people who arrived by year; the last year is as long as it was observed."""
        return _by_year(self.people)

    def yearly_boats(self) -> dict[int, int]:
        """Return boats that arrived by year."""
        return _by_year(self.boats)

    def value(self, pattern: str, period: str | int) -> float:
        """Return an observed pattern.

        Raises
        ------
        InputError
            If it was not observed.
        """
        key = (pattern, str(period))
        if key not in self.patterns:
            known = sorted(name if name != pattern else when for name, when in self.patterns)
            raise unknown("pattern", f"{pattern} of {period}", list(dict.fromkeys(known)))
        return self.patterns[key].value

    def series(self, pattern: str) -> dict[str, float]:
        """Return an observed pattern by period, in the order of the file."""
        return {period: found.value for (name, period), found in self.patterns.items() if name == pattern}


def observed(name_or_path: str | Path = "channel") -> Observed:
    """Load what was observed of a corridor.

    Parameters
    ----------
    name_or_path
        Name of a shipped corridor, or path of a folder that holds one.

    Raises
    ------
    InputError
        If nothing is there, or something in it is wrong: one line with file, line, column and value.
    """
    place = Path(name_or_path)
    if isinstance(name_or_path, str) and name_or_path in shipped():
        place = Path(__file__).parent / name_or_path
    folder = place / FOLDER
    if not folder.is_dir():
        raise InputError(
            f"corridor '{name_or_path}': expected a folder '{FOLDER}' with {', '.join(OBSERVED)}"
        )
    rows = {file: read_table(folder / file, columns) for file, columns in OBSERVED.items()}
    for file, columns in _KEYS.items():
        _once(rows[file], columns)
    return Observed(
        people={(row["year"], row["month"]): row["people"] for row in rows["people.csv"]},
        boats={(row["year"], row["month"]): row["boats"] for row in rows["boats.csv"]},
        groups={(row["year"], row["group"]): row["people"] for row in rows["groups.csv"]},
        patterns={
            (row["pattern"], row["period"]): Pattern(row["value"], row["confidence"], row["source"])
            for row in rows["patterns.csv"]
        },
        sources={(row["file"], row["column"]): row["source"] for row in rows["sources.csv"]},
    )


_KEYS = {
    "people.csv": ("year", "month"),
    "boats.csv": ("year", "month"),
    "groups.csv": ("year", "group"),
    "patterns.csv": ("pattern", "period"),
    "sources.csv": ("file", "column"),
}


def _once(rows: list[Row], columns: tuple[str, ...]) -> None:
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        if key in seen:
            raise row.error(columns[-1], f"each once; line {seen[key]} has the same")
        seen[key] = row.line


def _by_year(counts: Mapping[tuple[int, int], int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for (year, _), count in sorted(counts.items()):
        found[year] = found.get(year, 0) + count
    return found
