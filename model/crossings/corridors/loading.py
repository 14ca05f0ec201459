"""From a folder of tables to a `Corridor`, refusing whatever does not hold together."""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from crossings.corridors.corridor import Corridor, Group, Leg, NetworkSeed, Place, SiteInfo, Source
from crossings.corridors.tables import OPTIONAL, TABLES, Row, read_table
from crossings.errors import InputError, nearest, unknown
from crossings.streams import name_code

HEAD = "corridor.toml"
"""The file that makes a folder a corridor."""

_HEAD_KEYS = ("name", "title", "description")
_PARENT = "extends"
_CROSSED_FROM = {"boat": "site", "lorry": "camp"}
_SHARE_TOLERANCE = 0.005
_HERE = Path(__file__).parent

Tables = dict[str, list[Row]]


def shipped() -> tuple[str, ...]:
    """Return the names of the corridors that come with the package."""
    return tuple(sorted(folder.parent.name for folder in _HERE.glob(f"*/{HEAD}")))


def load(name_or_path: str | Path = "channel") -> Corridor:
    """Load a corridor.

    Parameters
    ----------
    name_or_path
        Name of a shipped corridor, or path of a folder that holds one. A shipped name wins over a
        folder of the same name in the working directory; a `Path` is always a folder.

    Raises
    ------
    InputError
        If there is no such corridor, or something in its files is wrong: one line with file, line,
        column, value, what was expected and the nearest name.
    """
    if isinstance(name_or_path, str) and name_or_path in shipped():
        return _load_shipped(name_or_path)
    folder = Path(name_or_path)
    if not str(name_or_path).strip() or not folder.is_dir():
        raise unknown("corridor", str(name_or_path), shipped())
    return _load_folder(folder)


@lru_cache(maxsize=16)
def _load_shipped(name: str) -> Corridor:
    return _load_folder(_HERE / name)


def _load_folder(folder: Path) -> Corridor:
    head = _read_head(folder)
    above = _parent(folder, head.pop(_PARENT, None))
    where = {file: folder if (folder / file).exists() or not above else above for file in TABLES}
    tables = {
        file: read_table(place / file, TABLES[file])
        for file, place in where.items()
        if file not in OPTIONAL or (place / file).exists()
    }
    if above and where["sources.csv"] == folder:
        tables["sources.csv"] += _sources_above(above, where)
    places = _places(tables)
    groups = _groups(tables, places)
    return Corridor(
        **head,
        places=places,
        legs=_legs(tables, places),
        groups=groups,
        sites=_sites(tables, places),
        network_seeds=_networks(tables, groups),
        yearly_demand=_demand(tables, groups),
        season=_season(tables),
        sources=_sources(tables),
        files=_hashes({HEAD: folder} | {file: where[file] for file in tables}),
    )


def _parent(folder: Path, name: str | None) -> Path | None:
    """Return the folder of the shipped corridor that a corridor takes the rest of its tables from."""
    if name is None:
        return None
    if name not in shipped():
        raise InputError(f"{HEAD}: {_PARENT} = '{name}': {unknown('corridor', name, shipped())}")
    if _PARENT in _read_head(_HERE / name):
        raise InputError(f"{HEAD}: {_PARENT} = '{name}': expected a corridor that has all its tables itself")
    return _HERE / name


def _sources_above(above: Path, where: dict[str, Path]) -> list[Row]:
    """Return the sources of the tables that come from the corridor above."""
    rows = read_table(above / "sources.csv", TABLES["sources.csv"])
    return [row for row in rows if where.get(row["file"]) == above]


def _read_head(folder: Path) -> dict[str, str]:
    try:
        head: dict[str, Any] = tomllib.loads((folder / HEAD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{HEAD}: not found in {folder}, expected keys {', '.join(_HEAD_KEYS)}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        reason = str(problem).splitlines()[0]
        raise InputError(f"{HEAD}: cannot be read as TOML ({reason})") from None
    known = (*_HEAD_KEYS, _PARENT)
    for key, value in head.items():
        if key not in known:
            hint = nearest(key, known)
            raise InputError(f"{HEAD}: unknown key '{key}', expected {', '.join(known)}{hint}")
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{HEAD}: {key} = {value!r}, expected text")
    for key in _HEAD_KEYS:
        if key not in head:
            raise InputError(f"{HEAD}: no key '{key}', expected {', '.join(_HEAD_KEYS)}")
    return head


def _hashes(where: dict[str, Path]) -> dict[str, str]:
    return {
        file: hashlib.sha256((folder / file).read_bytes()).hexdigest()
        for file, folder in sorted(where.items())
    }


def _places(tables: Tables) -> tuple[Place, ...]:
    rows = tables["places.csv"]
    _once(rows, "name")
    return tuple(Place(**row.values) for row in rows)


def _named(places: Sequence[Place], *kinds: str) -> list[str]:
    return [place.name for place in places if place.kind in kinds or not kinds]


def _legs(tables: Tables, places: Sequence[Place]) -> tuple[Leg, ...]:
    names = _named(places)
    rows = tables["legs.csv"]
    for row in rows:
        row.known("start", names, "a place")
        row.known("end", [name for name in names if name != row["start"]], "another place")
    _once(rows, "start", "end", "mode")
    _crossings(rows, {place.name: place.kind for place in places})
    paths = _paths(tables)
    return tuple(Leg(**row.values, geometry=paths.get((row["start"], row["end"]), ())) for row in rows)


def _crossings(rows: Sequence[Row], kind: dict[str, str]) -> None:
    """Check the legs over the water: where they may begin and end, and what sets their terms."""
    for row in rows:
        if row["mode"] not in _CROSSED_FROM:
            continue
        if kind[row["start"]] != _CROSSED_FROM[row["mode"]]:
            raise row.error("start", f"a place of kind {_CROSSED_FROM[row['mode']]} for a {row['mode']} leg")
        if kind[row["end"]] != "landing":
            raise row.error("end", f"a place of kind landing for a {row['mode']} leg")
        for column in ("days", "fee", "hazard"):
            if row["mode"] == "boat" and row[column] != 0:
                raise row.error(column, "0 on a boat leg: sea, networks and load decide")


def _paths(tables: Tables) -> dict[tuple[str, str], tuple[tuple[float, float], ...]]:
    legs = {(row["start"], row["end"]) for row in tables["legs.csv"]}
    paths: dict[tuple[str, str], tuple[tuple[float, float], ...]] = {}
    for row in tables.get("paths.csv", []):
        ends = (row["start"], row["end"])
        row.known("start", sorted({start for start, _ in legs}), "the start of a leg")
        row.known("end", sorted(end for start, end in legs if start == row["start"]), "the end of a leg")
        paths[ends] = (*paths.get(ends, ()), (row["latitude"], row["longitude"]))
    return paths


def _groups(tables: Tables, places: Sequence[Place]) -> tuple[Group, ...]:
    rows = tables["groups.csv"]
    _once(rows, "name")
    _distinct_keys(rows)
    origins = _named(places, "origin")
    countries = list(dict.fromkeys(place.country for place in places if place.kind == "hub"))
    for row in rows:
        row.known("origin", origins, "a place of kind origin")
        row.known("elsewhere", countries, "the country of a hub")
    return tuple(Group(code=code, **row.values) for code, row in enumerate(rows))


def _sites(tables: Tables, places: Sequence[Place]) -> tuple[SiteInfo, ...]:
    rows = tables["sites.csv"]
    _once(rows, "name")
    boats = {
        (row["start"], row["end"]): row["distance_km"] for row in tables["legs.csv"] if row["mode"] == "boat"
    }
    sites, camps, landings = (_named(places, kind) for kind in ("site", "camp", "landing"))
    for row in rows:
        row.known("name", sites, "a place of kind site")
        row.known("camp", camps, "a place of kind camp")
        row.known("landing", landings, "a place of kind landing")
        if (row["name"], row["landing"]) not in boats:
            raise row.error("landing", f"a landing to which legs.csv has a boat leg from {row['name']}")
    for name in sites:
        if name not in {row["name"] for row in rows}:
            raise InputError(f"sites.csv: no row for {name}, expected one for every place of kind site")
    _sums_to_one(rows, "teams")
    return tuple(
        SiteInfo(row["name"], row["camp"], row["landing"], boats[row["name"], row["landing"]], row["teams"])
        for row in rows
    )


def _networks(tables: Tables, groups: Sequence[Group]) -> tuple[NetworkSeed, ...]:
    rows = tables["networks.csv"]
    _once(rows, "name")
    _distinct_keys(rows)
    languages = list(dict.fromkeys(group.language for group in groups))
    for row in rows:
        row.known("language", languages, "a language in groups.csv")
    return tuple(NetworkSeed(**row.values) for row in rows)


def _demand(tables: Tables, groups: Sequence[Group]) -> dict[int, dict[str, float]]:
    totals = tables["demand.csv"]
    _once(totals, "year")
    for earlier, later in pairwise(totals):
        if later["year"] != earlier["year"] + 1:
            raise later.error("year", f"{earlier['year'] + 1}, years following one another")
    shares = _shares(tables["shares.csv"], [row["year"] for row in totals], [group.name for group in groups])
    return {
        row["year"]: {name: row["candidates"] * share for name, share in shares[row["year"]].items()}
        for row in totals
    }


def _shares(rows: Sequence[Row], years: Sequence[int], groups: Sequence[str]) -> dict[int, dict[str, float]]:
    _once(rows, "year", "group")
    for row in rows:
        row.known("group", groups, "a group in groups.csv")
        if row["year"] not in years:
            raise row.error("year", f"a year in demand.csv ({min(years)} to {max(years)})")
    found: dict[int, dict[str, float]] = {}
    for year in years:
        of_year = [row for row in rows if row["year"] == year]
        missing = [name for name in groups if name not in {row["group"] for row in of_year}]
        if missing:
            raise InputError(f"shares.csv: no share of {missing[0]} in {year}, expected one for every group")
        _sums_to_one(of_year, "share")
        total = sum(row["share"] for row in of_year)
        by_name = {row["group"]: row["share"] / total for row in of_year}
        found[year] = {name: by_name[name] for name in groups}
    return found


def _season(tables: Tables) -> tuple[float, ...]:
    rows = tables["season.csv"]
    _once(rows, "month")
    if len(rows) != 12:
        raise InputError(f"season.csv: {len(rows)} months, expected 12")
    factors = {row["month"]: row["factor"] for row in rows}
    mean = sum(factors.values()) / 12
    if not math.isclose(mean, 1.0, abs_tol=_SHARE_TOLERANCE):
        raise InputError(f"season.csv, column factor: mean {mean:.4g}, expected 1")
    return tuple(factors[month] for month in range(1, 13))


def _sources(tables: Tables) -> tuple[Source, ...]:
    rows = tables["sources.csv"]
    _once(rows, "file", "column")
    for row in rows:
        row.known("file", TABLES, "a table of the corridor")
        row.known("column", [column.name for column in TABLES[row["file"]]], f"a column of {row['file']}")
    return tuple(Source(**row.values) for row in rows)


def _once(rows: Sequence[Row], *columns: str) -> None:
    """Refuse a second row with the same values in the given columns."""
    seen: dict[tuple[object, ...], int] = {}
    for row in rows:
        key = tuple(row[column] for column in columns)
        if key in seen:
            what = " and ".join(columns)
            raise row.error(columns[0], f"every {what} once; already on line {seen[key]}")
        seen[key] = row.line


def _sums_to_one(rows: Sequence[Row], column: str) -> None:
    total = sum(row[column] for row in rows)
    if not math.isclose(total, 1.0, abs_tol=_SHARE_TOLERANCE):
        where = f"{rows[0].file} lines {rows[0].line} to {rows[-1].line}"
        raise InputError(f"{where}, column {column}: sum {total:.4g}, expected shares that add to 1")


def _distinct_keys(rows: Sequence[Row]) -> None:
    """Refuse names whose 16-bit codes are equal: people or boats of both would share their draws."""
    seen: dict[int, str] = {}
    for row in rows:
        other = seen.setdefault(name_code(row["name"]), row["name"])
        if other != row["name"]:
            raise row.error("name", f"another name; its random key is that of '{other}'")
