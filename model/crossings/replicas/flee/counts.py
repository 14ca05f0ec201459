"""People counted in camps: registers as files, corrected, interpolated to days and added up.

A first registration often counts too many, until a better one replaces it. A correction names the camp and
the date of the better one: all counts before are multiplied by its first over the last of the first one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from crossings.errors import InputError, nearest
from crossings.replicas.flee.case import Floats, Ints
from crossings.replicas.flee.lines import Line, as_date, read_lines, split_heading

LAYOUT = "data_layout.csv"
TOTAL = "total"

_HEADINGS = ("date", "datetime", "day")
_MOST = 1e9  # people counted in one camp; more is a slip of the keyboard
_HAIR = 1e-9  # so that a whole number stays one through the arithmetic


def read_counts(
    validation: Path, corrections: Path, names: Sequence[str], start: dt.date, days: int
) -> tuple[list[str], Ints]:
    """Read the counts of all camps.

    Parameters
    ----------
    validation
        Folder with ``data_layout.csv`` and the files it names.
    corrections
        File of corrections; it need not be there.
    names
        Places of the case.
    start, days
        Period of the run.

    Returns
    -------
    names
        Of the camps.
    counted
        People counted, whole, shape (days, camps).

    Raises
    ------
    InputError
        In one line, at the first thing that is wrong.
    """
    registers = {
        name: [_register(validation, line, at, start) for at in range(1, len(line.cells)) if line.get(at)]
        for name, line in _layout(validation, names).items()
    }
    if corrections.is_file():
        for line in split_heading(read_lines(corrections), ("name", "camp"))[1]:
            _correct(line, registers, start)
    when = np.arange(days, dtype=np.float64)
    columns = [
        np.sum([np.floor(_daily(register, when) + _HAIR) for register in found], axis=0)
        for found in registers.values()
    ]
    return list(registers), np.column_stack(columns).astype(np.int64)


def _layout(validation: Path, names: Sequence[str]) -> dict[str, Line]:
    """Return the line of every camp; a total, which stands first, is left out."""
    _, lines = split_heading(read_lines(validation / LAYOUT), ())
    found: dict[str, Line] = {}
    for number, line in enumerate(lines):
        name = line.text(0, "name")
        if name.lower() == TOTAL or (number == 0 and name not in names and "total" in name.lower()):
            continue
        line.one_of(0, "name", names, "a place of locations.csv, or total")
        if name in found:
            raise line.wrong(0, "name", f"each camp once (also line {found[name].number})")
        if not any(line.get(at) for at in range(1, len(line.cells))):
            raise line.wrong(1, "file", "a file of counts")
        found[name] = line
    if not found:
        raise InputError(f"{LAYOUT}: no camps, expected a line 'camp,file' for each")
    return found


def _register(validation: Path, line: Line, at: int, start: dt.date) -> Floats:
    """Return days and counts of one file, shape (2, counts), by date; of a date given twice the last."""
    path = validation / line.get(at)
    inside = path.resolve().is_relative_to(validation.resolve())
    if not inside or not path.is_file():
        known = [each.name for each in validation.glob("*.csv")]
        raise InputError(
            f"{LAYOUT} line {line.number}, column file: '{line.get(at)}', expected a file in {validation}"
            f"{nearest(line.get(at), known)}"
        )
    counts: dict[int, float] = {}
    for row in _body(read_lines(path)):
        if row.get(1):
            day = (row.date_at(0, "date") - start).days
            counts[day] = row.number_at(1, "people counted", "people, at least 0", low=0.0, high=_MOST)
    if not counts:
        raise InputError(f"{path.name}: no counts, expected lines 'date,people'")
    ordered = sorted(counts)
    return np.array([ordered, [counts[day] for day in ordered]], dtype=np.float64)


def _body(lines: list[Line]) -> list[Line]:
    """Return the lines below the heading, which may say anything but a date."""
    _, body = split_heading(lines, _HEADINGS)
    if body and body[0] is lines[0] and as_date(body[0].get(0)) is None and not _number(body[0].get(1)):
        return body[1:]
    return body


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _correct(line: Line, registers: dict[str, list[Floats]], start: dt.date) -> None:
    """Scale what was counted before a date so that it leads up to the count of that date."""
    name = line.one_of(0, "name", registers, "a camp")
    when = line.date_at(1, "date")
    if line.get(2).lower() not in ("", "normalize"):
        raise line.wrong(2, "kind", "normalize, or nothing", ("normalize",))
    day = (when - start).days
    scaled = False
    for register in registers[name]:
        at = np.flatnonzero(register[0] == day)
        if at.size and at[0] > 0:
            last, first = register[1, at[0] - 1], register[1, at[0]]
            if last <= 0.0:
                raise line.wrong(1, "date", f"a count of {name} above 0 before this date")
            register[1, : at[0]] *= first / last
            scaled = True
    if not scaled:
        raise line.wrong(1, "date", f"a date on which {name} was counted, and not for the first time")


def _daily(register: Floats, when: Floats) -> Floats:
    """Return counts on all days: in a line between two dates, level before the first and after the last."""
    days, counts = register
    found: Floats = np.interp(when, days, counts)
    return found
