"""Scenario files: where they are found, how they are read, and how one extends another.

A scenario is asked for by the name of one that is shipped with the package, or by the path of a
TOML file. A file may say ``extends = "no-policy"`` and then only what differs; tables are merged
key by key, and the word ``"none"`` takes an optional value or a whole policy away again.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from crossings.errors import InputError, unknown
from crossings.scenario_text import one_line

NONE = "none"
"""The word that stands for no value, since TOML has none."""

Table = dict[str, Any]

_SUFFIX = ".toml"
_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)|\s*\(at end of document\)")
_HEADER = re.compile(r"\s*\[+\s*([^\]]+?)\s*\]+\s*(?:#.*)?$")
_LOOKS_LIKE_A_DATE = re.compile(r"\d{4}-\d\d?-\d\d?\b")
_ASSIGNMENT = re.compile(r"\s*([^=#]+?)\s*=\s*(.+?)\s*(?:#.*)?$")


def shipped() -> list[str]:
    """Return the names of the scenarios that come with the package, in alphabetical order."""
    return sorted(_shelves())


def read(name_or_path: str | Path, folder: Path | None = None) -> Table:
    """Read a scenario with everything it extends.

    Parameters
    ----------
    name_or_path
        Name of a shipped scenario, or path of a file whose name ends in ``.toml``.
    folder
        Where a relative path is looked for; None is the working directory.

    Returns
    -------
    dict
        The merged table, with ``name``, without ``extends``; values are not yet checked.

    Raises
    ------
    InputError
        If it is not there, is not TOML, or extends itself.
    """
    return _read(str(name_or_path), folder, ())


def _read(asked: str, folder: Path | None, above: tuple[str, ...]) -> Table:
    source, inside = _find(asked, folder)
    if str(source) in above:
        raise InputError(f'extends = "{asked}": expected a scenario that does not extend itself')
    table = parse(_text(source), str(source.name if inside is None else source))
    table.setdefault("name", source.name.removesuffix(_SUFFIX))
    _resolve_corridor(table, inside)
    if "extends" not in table:
        return table
    parent = table.pop("extends")
    if not isinstance(parent, str):
        raise InputError(f"extends = {one_line(parent)}: expected the name or path of a scenario")
    inherited = _read(parent, inside, (*above, str(source)))
    return merge({key: inherited[key] for key in inherited if key not in ("title", "description")}, table)


def _find(asked: str, folder: Path | None) -> tuple[Traversable, Path | None]:
    """Return the file, and the folder that relative paths in it start from (None if shipped)."""
    shelved = _shelves()
    if asked in shelved:
        return shelved[asked], None
    if not asked.endswith(_SUFFIX):  # what else a file that someone sent may name is not looked into
        raise unknown("scenario", one_line(asked), sorted(shelved))
    with suppress(OSError, RuntimeError):  # a name too long, the home of nobody
        path = (folder or Path()) / Path(asked).expanduser()
        if path.is_file():
            return path, path.resolve().parent
    known = " or ".join(sorted(shelved))
    raise InputError(f"scenario '{one_line(asked)}': no such file, expected one or {known}")


def _resolve_corridor(table: Table, folder: Path | None) -> None:
    """Make the path of a corridor's folder start where the file stands, not where the user does."""
    corridor = table.get("corridor")
    if folder is not None and isinstance(corridor, str) and "/" in corridor and (folder / corridor).is_dir():
        table["corridor"] = str(folder / corridor)


def _shelves() -> dict[str, Traversable]:
    """Return the shipped files by name: those on the shelf, and those that come with a corridor."""
    package = resources.files("crossings")
    folders = [package / "scenarios", *(each / "scenarios" for each in (package / "corridors").iterdir())]
    return {
        entry.name.removesuffix(_SUFFIX): entry
        for folder in folders
        if folder.is_dir()
        for entry in folder.iterdir()
        if entry.name.endswith(_SUFFIX)
    }


def _text(source: Traversable) -> str:
    try:
        return source.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark of it
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"scenario '{source}': expected TOML in UTF-8, got {error}") from None


def parse(text: str, source: str) -> Table:
    """Read TOML; what is wrong is said with the file, the line and, for a date, the key.

    Parameters
    ----------
    text
        The TOML itself.
    source
        What to call it in an error.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(_what_is_wrong(str(error), text, source)) from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{source}: expected TOML, got {one_line(error)}") from None


def _what_is_wrong(message: str, text: str, source: str) -> str:
    found = _AT_LINE.search(message)
    lines = text.splitlines() or [""]
    number = int(found[1]) if found and found[1] else len(lines)
    plain = _AT_LINE.sub("", message)
    line = lines[min(number, len(lines)) - 1]
    assignment = _ASSIGNMENT.match(line)
    if assignment and ("date" in plain or _LOOKS_LIKE_A_DATE.match(assignment[2])):
        headers = [match[1] for match in map(_HEADER.match, lines[: number - 1]) if match]
        key = ".".join([*headers[-1:], assignment[1]])
        return (
            f"{source}, line {number}: {key} = {one_line(assignment[2])}: "
            "expected a date that exists, such as 2025-08-06"
        )
    return f"{source}, line {number}: '{one_line(line)}': expected TOML ({plain[:1].lower()}{plain[1:]})"


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> Table:
    """Lay one table over another, key by key.

    Whatever is no table, and a policy of another kind, replaces what was there.
    """
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if isinstance(value, Mapping) and isinstance(below, Mapping):
            another_kind = value.get("kind", below.get("kind")) != below.get("kind")
            merged[key] = dict(value) if another_kind else merge(below, value)
        else:
            merged[key] = value
    return merged
