"""From a folder in Flee's file layout to a `Case`, refusing whatever does not hold together.

Files, by columns in this order (headings are optional, ``#`` begins a comment)::

    locations.csv    name, region, country, latitude, longitude, type, day or date of conflict, population
    routes.csv       name1, name2, km, forced redirection (0, 1 from name1 to name2, 2 from name2 to name1)
    closures.csv     type, name1, name2, first day closed, first day open again (0 or empty: never)
    conflicts.csv    day, then a column for each place: intensity of conflict from 0 to 1
    sim_period.csv   StartDate and Length, one a line
    registration_corrections.csv   camp, date from which its counts are those of a better registration
    capacities.csv   camp, day, people it has room for from then on (0: any number)
    data_layout.csv  name, file of counts; more files are added up; the total first
    FILE.csv         date, people counted

Only locations, routes, period, layout and counts are needed. The first seven lie in ``input``, ``input_csv``
or the folder itself, the others in ``validation`` or ``source_data``, or there too. Further columns named
``max_move_speed`` and ``walk_probability`` of roads, and ``deactivation_probability`` and
``conflict_intensity`` of locations, are read; other further columns are not. ``capacities.csv`` is an
addition to the layout. Without ``conflicts.csv`` a place of conflict is one from its day on, for good.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from crossings.corridors import Place
from crossings.errors import InputError
from crossings.replicas.flee.case import (
    CAMPS,
    CLOSURES,
    KINDS,
    Case,
    Closure,
    Floats,
    Road,
    Site,
    entries,
    refuse_nowhere_to_enter,
)
from crossings.replicas.flee.counts import read_counts
from crossings.replicas.flee.lines import Line, as_date, read_lines, split_heading

INPUT = ("input", "input_csv", ".")
VALIDATION = ("validation", "source_data", ".")
MOST_DAYS = 20_000

_TYPES = {
    "conflict": "conflict_zone",
    "default": "town",
    "forward": "forwarding_hub",
    "hub": "forwarding_hub",
}
_LINKS = {"links": "link"}
_FORCED = "0, 1 or 2"
_LAST_DATE = dt.date.max.toordinal()


def read(folder: str | Path) -> Case:
    """Read a case.

    Parameters
    ----------
    folder
        That of ``input`` and ``validation``.

    Raises
    ------
    InputError
        In one line, at the first thing that is wrong: file, line, column, value and what was expected.
    """
    base = Path(folder)
    place = _place_of(base, INPUT, "locations.csv")
    validation = _place_of(base, VALIDATION, "data_layout.csv")
    start, days = _period(place)
    sites, since, intensity = _sites(place, start)
    names = [site.place.name for site in sites]
    roads = _roads(place, names)
    corrections = next((p for p in (place, validation) if (p / _CORRECTIONS).is_file()), place) / _CORRECTIONS
    layout, counted = read_counts(validation, corrections, names, start, days)
    case = Case(
        name=base.resolve().name,
        start=start,
        days=days,
        sites=sites,
        roads=roads,
        conflict=_conflict(place, names, since, intensity, days),
        camps=np.array([names.index(name) for name in layout], dtype=np.int64),
        counted=counted,
        closures=_closures(place, sites, roads),
        capacities=_capacities(place, sites),
    )
    if not counted.any():
        raise InputError(
            f"data_layout.csv: nobody counted in {days} days from {start}, expected people in some camp"
        )
    refuse_nowhere_to_enter(case, entries(case.counted))
    return case


_CORRECTIONS = "registration_corrections.csv"


def _place_of(base: Path, folders: Sequence[str], file: str) -> Path:
    for folder in folders:
        if (base / folder / file).is_file():
            return base / folder
    shown = " or ".join(f"{folder}/{file}" if folder != "." else file for folder in folders)
    raise InputError(f"{file}: not found in {base}, expected {shown}")


def _period(place: Path) -> tuple[dt.date, int]:
    """Return the first date and the number of days."""
    start: dt.date | None = None
    days = 0
    for line in read_lines(place / "sim_period.csv"):
        key = line.get(0).lstrip("#").strip().lower()
        if key == "startdate":
            start = line.date_at(1, "StartDate")
        elif key == "length":
            expected = f"a whole number of days from 1 to {MOST_DAYS}"
            days = int(line.number_at(1, "Length", expected, low=1, high=MOST_DAYS, whole=True))
        elif not line.get(0).startswith("#"):
            raise line.wrong(0, "key", "StartDate or Length", ("StartDate", "Length"))
    for key, found in (("StartDate", start), ("Length", days)):
        if not found:
            raise InputError(f"sim_period.csv: no {key}, expected a line '{key},VALUE'")
    assert start is not None
    if start.toordinal() + days > _LAST_DATE:
        raise InputError(f"sim_period.csv: {days} days from {start}: expected dates up to {dt.date.max}")
    return start, days


def _sites(place: Path, start: dt.date) -> tuple[tuple[Site, ...], list[int | None], list[float]]:
    """Return the places, the day on which each becomes one of conflict, and how intense."""
    headings, lines = split_heading(read_lines(place / "locations.csv"), ("name",))
    if not lines:
        raise InputError("locations.csv: no places, expected at least one line")
    sites: list[Site] = []
    since: list[int | None] = []
    intensity: list[float] = []
    seen: dict[str, int] = {}
    for line in lines:
        name = line.text(0, "name")
        if name in seen:
            raise line.wrong(0, "name", f"a name of its own (also line {seen[name]})")
        seen[name] = line.number
        kind = _kind(line)
        people = line.number_at(7, "population", "people, at least 0", low=0.0, blank=0.0)
        where = [
            line.number_at(at, key, "degrees", low=-180.0, high=180.0, blank=0.0)
            for at, key in ((3, "latitude"), (4, "longitude"))
        ]
        leaves = _further(line, headings, "deactivation_probability", 1.0)
        sites.append(
            Site(
                Place(name, kind, line.get(2) or "unknown", *where),
                population=0.0 if kind in CAMPS else people,
                capacity=people if kind in CAMPS else 0.0,
                leaves=leaves,
            )
        )
        since.append(_day_of_conflict(line, start) if kind == "conflict_zone" else None)
        intensity.append(_further(line, headings, "conflict_intensity", 1.0))
    return tuple(sites), since, intensity


def _kind(line: Line) -> str:
    written = line.get(5).lower()
    kind = _TYPES.get(written, written)
    if kind not in KINDS:
        raise line.wrong(5, "location_type", f"one of {', '.join(KINDS)}", KINDS)
    return kind


def _day_of_conflict(line: Line, start: dt.date) -> int:
    date = as_date(line.get(6))
    if date is not None:
        return max((date - start).days, 0)
    expected = "the day or date on which conflict begins"
    return max(int(line.number_at(6, "conflict_date", expected, blank=0.0, whole=True)), 0)


def _further(
    line: Line, headings: tuple[str, ...], column: str, otherwise: float, high: float = 1.0
) -> float:
    """Return the number in a column that a file may have."""
    if column not in headings:
        return otherwise
    expected = f"a number from 0 to {high:g}" if np.isfinite(high) else "a number of at least 0"
    return line.number_at(headings.index(column), column, expected, low=0.0, high=high, blank=otherwise)


def _roads(place: Path, names: Sequence[str]) -> tuple[Road, ...]:
    headings, lines = split_heading(read_lines(place / "routes.csv"), ("name1",))
    if not lines:
        raise InputError("routes.csv: no roads, expected at least one line")
    roads = []
    for line in lines:
        first = line.one_of(0, "name1", names, "a place")
        second = line.one_of(1, "name2", [name for name in names if name != first], "another place")
        km = line.number_at(2, "distance", "kilometres above 0", low=0.0, above=True)
        forced = int(line.number_at(3, "forced_redirection", _FORCED, low=0, high=2, blank=0.0, whole=True))
        if forced == 2:
            first, second = second, first
        speed = _further(line, headings, "max_move_speed", 0.0, np.inf)
        walks = _further(line, headings, "walk_probability", 0.0)
        roads.append(Road(first, second, km, forced > 0, speed or None, walks))
    return tuple(roads)


def _closures(place: Path, sites: Sequence[Site], roads: Sequence[Road]) -> tuple[Closure, ...]:
    if not (place / "closures.csv").is_file():
        return ()
    _, lines = split_heading(read_lines(place / "closures.csv"), ("closure_type", "type"))
    return tuple(_closure(line, sites, roads) for line in lines)


def _closure(line: Line, sites: Sequence[Site], roads: Sequence[Road]) -> Closure:
    written = line.get(0).lower()
    kind = _LINKS.get(written, written)
    if kind not in CLOSURES:
        raise line.wrong(0, "closure_type", f"one of {', '.join(CLOSURES)}", CLOSURES)
    if kind == "country":
        known, what = sorted({site.place.country for site in sites}), "a country"
    elif kind in CAMPS:
        known, what = [site.place.name for site in sites if site.place.kind in CAMPS], "a camp"
    else:
        known, what = [site.place.name for site in sites], "a place"
    first = line.one_of(1, "name1", known, what)
    second = ""
    if kind in ("country", "link", "remove_forced_redirection"):
        second = line.one_of(2, "name2", [name for name in known if name != first], f"another {what[2:]}")
    if kind in ("link", "remove_forced_redirection"):
        _joined(line, kind, first, second, roads)
    start = int(line.number_at(3, "closure_start", "a day, at least 0", low=0, whole=True))
    end = _end(line, start)
    return Closure(kind, first, second, start, end)


def _joined(line: Line, kind: str, first: str, second: str, roads: Sequence[Road]) -> None:
    """Check that there is a road to close, or to send no one along any longer."""
    if kind == "link":
        if not any({first, second} == {road.first, road.second} for road in roads):
            raise line.wrong(2, "name2", f"a place with a road to {first}")
    elif not any((first, second) == (road.first, road.second) and road.forced for road in roads):
        raise line.wrong(2, "name2", f"a place to which people are redirected from {first}")


def _end(line: Line, start: int) -> int | None:
    if line.get(4) in ("", "-"):
        return None
    expected = f"a day after {start}, or 0 for never"
    end = int(line.number_at(4, "closure_end", expected, low=0, whole=True))
    if end == 0:
        return None
    if end <= start:
        raise line.wrong(4, "closure_end", expected)
    return end


def _capacities(place: Path, sites: Sequence[Site]) -> tuple[tuple[int, int, float], ...]:
    if not (place / "capacities.csv").is_file():
        return ()
    _, lines = split_heading(read_lines(place / "capacities.csv"), ("name",))
    camps = {site.place.name: code for code, site in enumerate(sites) if site.place.kind in CAMPS}
    changes = []
    for line in lines:
        code = camps[line.one_of(0, "name", camps, "a camp")]
        day = int(line.number_at(1, "day", "a day, at least 0", low=0, whole=True))
        changes.append((day, code, line.number_at(2, "capacity", "people, at least 0", low=0.0)))
    return tuple(sorted(changes))


def _conflict(
    place: Path, names: Sequence[str], since: Sequence[int | None], intensity: Sequence[float], days: int
) -> Floats:
    """Return the intensity of conflict by day and place; the last line of the file lasts."""
    conflict = np.zeros((days, len(names)))
    for code, day in enumerate(since):
        if day is not None:
            conflict[day:, code] = intensity[code]
    if not (place / "conflicts.csv").is_file():
        return conflict
    lines = read_lines(place / "conflicts.csv")
    if len(lines) < 2:
        raise InputError("conflicts.csv: expected a heading with the names of places and a line for each day")
    columns = _columns(lines[0], names)
    table = np.zeros((len(lines) - 1, len(columns)))
    for day, line in enumerate(lines[1:]):
        expected = f"day {day}, the days in their order from 0"
        line.number_at(0, "day", expected, low=day, high=day)
        for number, (at, _) in enumerate(columns):
            name = lines[0].get(at)
            table[day, number] = line.number_at(at, name, "a number from 0 to 1", low=0.0, high=1.0)
    conflict[:, [code for _, code in columns]] = table[np.minimum(np.arange(days), len(table) - 1)]
    return conflict


def _columns(head: Line, names: Sequence[str]) -> list[tuple[int, int]]:
    """Return position and code of every place in the heading of ``conflicts.csv``."""
    found: dict[int, int] = {}
    for at in range(1, len(head.cells)):
        if head.get(at):
            column = f"{at + 1} of the heading"
            code = names.index(head.one_of(at, column, names, "a place"))
            if code in found:
                raise head.wrong(at, column, "each place once")
            found[code] = at
    return [(at, code) for code, at in found.items()]
