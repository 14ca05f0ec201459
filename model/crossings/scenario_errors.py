"""What is wrong with a scenario, said in one line.

Pydantic finds what is wrong; this module says it the house's way: the dotted key, the value
received, what was expected and, for a misspelt key, the nearest match. It also refuses what
pydantic would quietly convert (``"5"`` or ``true`` for a number), because a value that is not what
it seems is a mistake more often than a convenience.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from crossings.errors import InputError, nearest
from crossings.scenario_text import one_line, value_text

_A_DATE = "a date that exists, such as 2025-08-06"
_EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "bool": "true or false",
    "string": "text",
    "date": _A_DATE,
    "tuple": "a list",
    "list": "a list",
    "dict": "a table",
    "model": "a table",
    "greater_than_equal": "at least {ge}",
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "less_than": "less than {lt}",
    "missing": "a value",
}
"""By the beginning of pydantic's name for an error; the longest beginning that fits is used."""

_LONGEST = 400
_LARGEST = 1e12  # a number of any unit; beyond, sums and products of such numbers lose their meaning

Location = tuple[int | str, ...]


def explain(error: ValidationError, block: type[BaseModel], prefix: str = "") -> InputError:
    """Turn what pydantic found first into one clear line.

    Parameters
    ----------
    error
        What validating `block` raised.
    block
        The class that was validated.
    prefix
        Dotted key of `block` itself within the scenario.
    """
    first = error.errors(include_url=False)[0]
    own = first.get("ctx", {}).get("error")
    location: Location = first["loc"]
    key = dotted(location, prefix)
    if first["type"] == "extra_forbidden":
        return unknown_key(key, first["input"], key, _siblings(block, location[:-1]), _keys(block, prefix))
    if isinstance(own, Exception):
        return InputError(_placed(one_line(str(own), _LONGEST), key, block))
    given = "nothing given" if first["type"] == "missing" else shown(first["input"])
    return InputError(f"{key} = {given}: expected {_expected(first)}{_unit(block, location)}")


def _placed(message: str, key: str, block: type[BaseModel]) -> str:
    """Put the dotted key before what a block says of itself, unless it is there already."""
    if not key or message.startswith(key):
        return message
    of_a_field = message.split(" ", 1)[0].rstrip(":") in block.model_fields
    return f"{key}.{message}" if of_a_field else f"{key}: {message}"


def unknown_key(
    path: str, value: Any, wrong: str, siblings: Sequence[str], everywhere: Sequence[str] = ()
) -> InputError:
    """Build the error for a key that does not exist, with the nearest that does.

    Parameters
    ----------
    path, value
        Dotted key received, and what it was set to.
    wrong
        The dotted key itself, or as much of it as shows that it does not exist.
    siblings
        Last parts of the keys that do exist in that table.
    everywhere
        All dotted keys that exist, for one that was put into the wrong table.
    """
    table, _, last = wrong.rpartition(".")
    hint = nearest(last, siblings)
    end = path.rpartition(".")[2]
    elsewhere = [known for known in everywhere if known.rpartition(".")[2] == end]
    if elsewhere and not hint:
        hint = f"; did you mean '{elsewhere[0]}'?"
    elif hint and table:
        hint = hint.replace("mean '", f"mean '{table}.")
    names = ", ".join(siblings[:8]) + (", ..." if len(siblings) > 8 else "")
    where = f" in [{table}]" if table else ""
    what = "unknown key" if wrong == path else f"unknown key '{wrong}'"
    return InputError(f"{path} = {shown(value)}: {what}, expected one of {names}{where}{hint}")


def dotted(location: Sequence[int | str], prefix: str = "") -> str:
    """Join the parts of a key with dots."""
    return ".".join([prefix, *map(str, location)] if prefix else list(map(str, location)))


def shown(value: Any) -> str:
    """Show a value as it would stand in a scenario file, in one line."""
    try:
        return one_line(value_text(value))
    except TypeError:
        return one_line(repr(value))
    except RecursionError:
        return "a value nested too deeply"


def _expected(error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("literal_error", "enum"):
        known = [word.strip().strip("'") for word in context["expected"].replace(" or ", ", ").split(",")]
        return f"one of {', '.join(known)}{nearest(str(error['input']), known)}"
    fitting = [start for start in _EXPECTED if kind.startswith(start)]
    if fitting:
        return _EXPECTED[max(fitting, key=len)].format(**context)
    return one_line(error["msg"])


def _unit(block: type[BaseModel], location: Location) -> str:
    owner = block_at(block, location[:-1])
    field = owner.model_fields.get(str(location[-1])) if owner and location else None
    extra = field.json_schema_extra if field else None
    unit = extra.get("unit") if isinstance(extra, dict) else None
    return f" (unit: {unit})" if unit and unit != "1" else ""


def block_at(block: type[BaseModel], location: Sequence[int | str]) -> type[BaseModel] | None:
    """Return the class of the block at a location within `block`, or None where there is none."""
    for part in location:
        field = block.model_fields.get(str(part))
        kind = field.annotation if field else None
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
            return None
        block = kind
    return block


def _siblings(block: type[BaseModel], location: Location) -> list[str]:
    owner = block_at(block, location)
    return list(owner.model_fields) if owner else []


def _keys(block: type[BaseModel], prefix: str) -> list[str]:
    return [dotted((name,), prefix) for name in _walk(block)]


def _walk(block: type[BaseModel]) -> Iterator[str]:
    for name, field in block.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (f"{name}.{inner}" for inner in _walk(kind))
        else:
            yield name


def refuse_conversions(given: Any, kept: Any, key: str = "") -> None:
    """Raise unless every value was kept as what it was given as, and numbers can be reckoned with.

    Parameters
    ----------
    given
        The table, list or value received.
    kept
        The block, list or value it became.
    key
        Dotted key of both.

    Raises
    ------
    InputError
        For text or true/false where a number is wanted, a number where a date is, and the like, and
        for numbers beyond all measure.
    """
    if isinstance(kept, (int, float)) and abs(kept) > _LARGEST:
        raise InputError(f"{key} = {shown(given)}: expected a number of at most {_LARGEST:g} in size")
    if isinstance(given, BaseModel) or given is kept:
        return
    if isinstance(given, Mapping):
        for name, value in given.items():
            inner = getattr(kept, str(name), None) if isinstance(kept, BaseModel) else _item(kept, name)
            refuse_conversions(value, inner, dotted((name,), key))
    elif isinstance(given, (list, tuple)) and isinstance(kept, (list, tuple)):
        for place, (value, inner) in enumerate(zip(given, kept, strict=True)):
            refuse_conversions(value, inner, f"{key}[{place}]")
    elif _kind(given) not in _accepted(kept) or (isinstance(given, str) and str(kept) != given):
        expected = _EXPECTED.get(_kind(kept), "another kind of value")
        raise InputError(f"{key} = {shown(given)}: expected {expected}")


def _item(kept: Any, name: Any) -> Any:
    if isinstance(kept, Mapping):
        return next((value for key, value in kept.items() if str(key) == str(name)), None)
    return None


def _kind(value: Any) -> str:
    for kind, name in ((bool, "bool"), (int, "int"), (float, "float"), (str, "string"), (date, "date")):
        if isinstance(value, kind):
            return name
    return type(value).__name__


def _accepted(kept: Any) -> tuple[str, ...]:
    kind = _kind(kept)
    if kind in ("int", "float"):
        return ("int", "float")
    return ("date", "string") if kind == "date" else (kind,)
