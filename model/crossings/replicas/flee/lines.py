"""Lines of the CSV files of a case, which know where they stand and refuse what they may not hold.

The layout is loose: headings may be there or not and begin with ``#``, as comments do; cells may be
quoted or padded; lines may be empty. What a column means is said by its position.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from crossings.errors import InputError, nearest


@dataclass(frozen=True)
class Line:
    """One line of a file.

    Attributes
    ----------
    file, number
        Where it stands; lines count from 1.
    cells
        Its cells without padding.
    """

    file: str
    number: int
    cells: tuple[str, ...]

    def get(self, position: int) -> str:
        """Return a cell, ``""`` where the line is too short."""
        return self.cells[position] if position < len(self.cells) else ""

    def wrong(self, position: int, column: str, expected: str, known: Iterable[str] = ()) -> InputError:
        """Return the error for a cell, with its nearest match among the `known`."""
        value = self.get(position)
        return InputError(
            f"{self.file} line {self.number}, column {column}: '{value}', expected {expected}"
            f"{nearest(value, known)}"
        )

    def text(self, position: int, column: str) -> str:
        """Return a cell that must hold a word or name."""
        if not self.get(position):
            raise self.wrong(position, column, "a name")
        return self.get(position)

    def one_of(self, position: int, column: str, known: Iterable[str], kind: str) -> str:
        """Return a cell that must hold one of the `known` names of a kind."""
        listed = list(known)
        if self.get(position) not in listed:
            shown = ", ".join(listed[:8]) + (", ..." if len(listed) > 8 else "")
            raise self.wrong(position, column, f"{kind} ({shown})", listed)
        return self.get(position)

    def number_at(
        self,
        position: int,
        column: str,
        expected: str,
        *,
        low: float = -math.inf,
        high: float = math.inf,
        blank: float | None = None,
        whole: bool = False,
        above: bool = False,
    ) -> float:
        """Return a cell that must hold a number.

        Parameters
        ----------
        position, column
            Which cell, and what it is called.
        expected
            What it should have been, in words.
        low, high
            Smallest and largest allowed.
        blank
            Value of an empty cell; None allows none.
        whole
            Whether it must be whole.
        above
            Whether it must lie above `low`.
        """
        if blank is not None and not self.get(position):
            return blank
        try:
            value = float(self.get(position))
        except ValueError:
            value = math.nan
        good = math.isfinite(value) and low <= value <= high and not (above and value == low)
        if not good or (whole and value != int(value)):
            raise self.wrong(position, column, expected)
        return value

    def date_at(self, position: int, column: str) -> dt.date:
        """Return a cell that must hold a date, with or without a time of day behind it."""
        found = as_date(self.get(position))
        if found is None:
            raise self.wrong(position, column, "a date as 2012-02-29")
        return found


def as_date(text: str) -> dt.date | None:
    """Return the date a text begins with, None if it does not."""
    if len(text) > 10 and text[10] not in "T ":
        return None
    try:
        return dt.date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None


def read_lines(path: Path) -> list[Line]:
    """Return the lines of a file that are not empty, headings and comments among them.

    Raises
    ------
    InputError
        In one line, if it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path.name}: not found in {path.parent}, expected a CSV table") from None
    except (OSError, UnicodeDecodeError, ValueError) as problem:
        raise InputError(
            f"{path.name}: cannot be read as UTF-8 text ({str(problem).splitlines()[0]})"
        ) from None
    if "\0" in text:  # which no operating system takes in the name of a file
        raise InputError(f"{path.name}: holds a null character, expected a CSV table")
    lines = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.strip():
            try:
                cells = next(csv.reader([line], strict=True, skipinitialspace=True))
            except csv.Error as problem:
                raise InputError(f"{path.name} line {number}: not CSV ({problem})") from None
            lines.append(Line(path.name, number, tuple(cell.strip() for cell in cells)))
    return lines


def split_heading(lines: list[Line], first: tuple[str, ...]) -> tuple[tuple[str, ...], list[Line]]:
    """Return the headings of a file and the lines that are no comments.

    Parameters
    ----------
    lines
        Of the file.
    first
        What a heading of the first column may be, in small letters; one that begins with ``#`` may be
        anything.

    Returns
    -------
    headings
        In small letters, empty if there are none; the last comment of as many cells above the first line
        counts.
    body
        The other lines.
    """
    headings: tuple[str, ...] = ()
    body: list[Line] = []
    for line in lines:
        name = line.get(0).lstrip("#").strip().lower()
        if line.get(0).startswith("#") or (not body and not headings and name in first):
            if not body and len(line.cells) > 1:
                headings = (name, *(cell.lower() for cell in line.cells[1:]))
            continue
        body.append(line)
    return headings, body
