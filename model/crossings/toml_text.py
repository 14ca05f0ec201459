"""TOML out, and TOML values in: the half of the format that the standard library leaves out.

`write` gives one canonical text for a table: same table, same bytes, and reading it back gives the
same table. `parse_setting` reads the ``key=value`` of the command line, where the value is what
would stand to the right of the ``=`` in a file, and a bare word is text.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

from crossings.errors import InputError

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_WORD = re.compile(r"[^\s\"'\[\]{}=#,]+(?: [^\s\"'\[\]{}=#,]+)*")
_KEY = re.compile(r"[^\s.=]+(?:\.[^\s.=]+)*")


def _quoted(text: str) -> str:
    # JSON escapes what TOML wants escaped, but for one control character.
    return json.dumps(str(text), ensure_ascii=False).replace("\x7f", "\\u007f")


_FORMS: tuple[tuple[tuple[type, ...], Callable[[Any], str]], ...] = (
    ((bool,), lambda value: "true" if value else "false"),  # before int, which it is a kind of
    ((int,), lambda value: str(int(value))),
    ((float,), lambda value: repr(float(value))),
    ((str,), _quoted),
    ((datetime, date, time), lambda value: value.isoformat()),
)


def write(table: Mapping[str, Any], comments: Mapping[str, str] | None = None) -> str:
    """Write a table as canonical TOML.

    Parameters
    ----------
    table
        Values are booleans, whole numbers, finite numbers, text, dates, lists and tables of these.
        Order is kept, but that the plain values of a table come before its sub-tables.
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
    blocks = ["\n".join(lines) for lines in _blocks(table, (), comments or {})]
    return "\n\n".join(blocks) + "\n"


def _blocks(
    table: Mapping[str, Any], path: tuple[str, ...], comments: Mapping[str, str]
) -> Iterator[list[str]]:
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    nested = {key: value for key, value in table.items() if isinstance(value, Mapping)}
    lines = [f"[{'.'.join(map(key_text, path))}]"] if path and (plain or not nested) else []
    for key, value in plain.items():
        comment = comments.get(".".join((*path, key)))
        lines.append(f"{key_text(key)} = {value_text(value)}" + (f"  # {comment}" if comment else ""))
    if lines:
        yield lines
    for key, value in nested.items():
        yield from _blocks(value, (*path, key), comments)


def is_bare_key(key: str) -> bool:
    """Return whether a key can stand without quotes."""
    return _BARE_KEY.fullmatch(key) is not None


def key_text(key: str) -> str:
    """Write a key, quoted only where it has to be."""
    return key if is_bare_key(key) else _quoted(key)


def value_text(value: Any) -> str:
    """Write one value as it would stand in a file, on one line."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(value_text, value)) + "]"
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key_text(key)} = {value_text(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    for kinds, form in _FORMS:
        if isinstance(value, kinds):
            return form(value)
    raise TypeError(f"TOML has no place for {value!r}")


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


def one_line(text: str, width: int = 80) -> str:
    """Squeeze text into one line of at most `width` characters."""
    line = " ".join(str(text).split())
    return line if len(line) <= width else line[: width - 3] + "..."
