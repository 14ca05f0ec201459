"""A scenario as text: TOML out, and the ``key=value`` of the command line in.

The same table always gives the same text, and reading the text gives the same table. What stands to
the right of a ``key=value`` is what would stand there in a file, but that a bare word is text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.container import Container
from tomlkit.items import Table

from crossings.errors import InputError

_BARE_WORD = re.compile(r"[^\s\"'\[\]{}=#,]+(?: [^\s\"'\[\]{}=#,]+)*")
_KEY = re.compile(r"[^\s.=]+(?:\.[^\s.=]+)*")


def write(table: Mapping[str, Any], comments: Mapping[str, str] | None = None) -> str:
    """Write a table as TOML.

    Parameters
    ----------
    table
        Values are booleans, numbers, text, dates, lists and tables of these. Order is kept, but that
        the plain values of a table come before its sub-tables.
    comments
        What to say at the end of the line of a dotted key.

    Returns
    -------
    str
        The text, ending in a newline.

    Raises
    ------
    TypeError
        If a value is of a kind that TOML does not have.
    """
    document = tomlkit.document()
    _fill(document, table, "", comments or {})
    return document.as_string()


def _fill(
    into: Container | Table, table: Mapping[str, Any], prefix: str, comments: Mapping[str, str]
) -> None:
    for key, value in sorted(table.items(), key=lambda pair: isinstance(pair[1], Mapping)):
        path = prefix + key
        if isinstance(value, Mapping):
            inner = tomlkit.table()
            _fill(inner, value, f"{path}.", comments)
            into.append(key, inner)
        else:
            item = tomlkit.item(value)
            if path in comments:
                item.comment(comments[path])
            into.append(key, item)


def value_text(value: Any) -> str:
    """Write one value as it would stand in a file, on one line.

    Raises
    ------
    TypeError
        If it is of a kind that TOML does not have.
    """
    alone = tomlkit.array()
    alone.append(value)
    return alone.as_string()[1:-1]


def parse_setting(text: str) -> tuple[str, Any]:
    """Read ``key=value`` into a dotted key and a value.

    Raises
    ------
    InputError
        If there is no key, no ``=``, or the value is neither TOML nor a bare word.
    """
    key, equals, value = text.partition("=")
    key = key.strip()
    if not equals or not _KEY.fullmatch(key):
        raise InputError(f"setting '{one_line(text)}': expected key=value, such as weather.wave_sd=0.5")
    return key, parse_value(key, value.strip())


def parse_value(key: str, text: str) -> Any:
    """Read what stands to the right of the ``=``; a bare word is text."""
    if "\n" not in text:
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except (ValueError, RecursionError):
            if _BARE_WORD.fullmatch(text):
                return text
    raise InputError(f"{key} = {one_line(text)}: expected a number, true, a date, text or a [list]")


def one_line(text: object, width: int = 80) -> str:
    """Squeeze text, or what something is as text, into one line of at most `width` characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: width - 3] + "..."
