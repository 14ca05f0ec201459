"""What an ``experiment.toml`` of kind ``sweep`` may say, and axes made of it.

::

    kind = "sweep"
    title = "Dose and response"
    question = "How do arrivals fall with the share returned?"
    scenario = "one-in-one-out"       # a ready one, or a file beside this one
    design = "factorial"              # or latin-hypercube, sobol, morris, one-at-a-time, table
    replications = 4                  # seeds 1 to 4 at every point; or seeds = [...]
    keep = ["totals", "daily"]        # and people, events

    [settings]                        # of all runs
    end = 2025-12-31

    [[axes]]
    name = "share"
    key = ["policies.returns.largest_share", "policies.returns.announced_chance"]
    low = 0.0
    high = 1.0
    points = 6

    [[axes]]
    name = "beds"
    [axes.variants.fixed]
    [axes.variants.doubled]
    "policies.returns.beds" = 2.0

An axis is ``values = [...]``, a range (``low``, ``high``, ``points``, ``scale = "linear"`` or
``"log"``; ends left out are those of the plausible range the parameter declares), or variants.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossings.errors import InputError
from crossings.parameters import described
from crossings.scenario import Scenario
from crossings.scenario_errors import explain, refuse_conversions, shown
from crossings.scenario_text import parse_value
from crossings.study.axes import Axis, Range, Value

Design = Literal["factorial", "one-at-a-time", "latin-hypercube", "sobol", "morris", "table"]
Kept = Literal["totals", "daily", "people", "events"]

_CONFIG = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class AxisTable(BaseModel):
    """One ``[[axes]]`` of the file."""

    model_config = _CONFIG

    name: str | None = None
    key: str | tuple[str, ...] | None = None
    values: tuple[Any, ...] | None = None
    low: float | None = None
    high: float | None = None
    points: int | None = Field(None, ge=1, le=100_000)
    scale: Literal["linear", "log"] = "linear"
    variants: dict[str, dict[str, Any]] | None = None


class FigureTable(BaseModel):
    """The ``[figure]`` of the file: what is drawn when all is done."""

    model_config = _CONFIG

    x: str | None = None
    y: tuple[str, ...] = ("arrivals", "deaths")
    by: str | None = None


class SweepTable(BaseModel):
    """All the file says, but its axes and its figure."""

    model_config = _CONFIG

    kind: Literal["sweep"] = "sweep"
    title: str = ""
    question: str = ""
    scenario: str = "no-policy"
    settings: dict[str, Any] = {}
    design: Design = "factorial"
    samples: int | None = Field(None, ge=1, le=1_000_000)
    design_seed: int = Field(1, ge=1, le=2**31 - 1)
    replications: int | None = Field(None, ge=1, le=1_000_000)
    seeds: tuple[int, ...] | None = None
    keep: tuple[Kept, ...] = ("totals",)
    table: str | None = None


AnyTable = TypeVar("AnyTable", bound=BaseModel)


def check(table: Mapping[str, Any], kind: type[AnyTable], prefix: str = "") -> AnyTable:
    """Return a table of the file checked.

    Raises
    ------
    InputError
        If a key is unknown or a value cannot be used: one line with the dotted key.
    """
    try:
        found = kind(**table)
    except ValidationError as error:
        raise explain(error, kind, prefix) from None
    except TypeError:
        raise InputError(f"{prefix or 'sweep'} = {shown(table)}: expected keys that are words") from None
    for name, value in table.items():
        if name not in ("settings", "variants", "values", "key"):
            refuse_conversions(value, getattr(found, name), f"{prefix}.{name}" if prefix else name)
    return found


def axes_of(tables: Any, base: Scenario) -> list[Axis]:
    """Return the axes that the file's tables describe, for a scenario they fit.

    Raises
    ------
    InputError
        If one cannot be used, in one line that names it.
    """
    if not isinstance(tables, (list, tuple)) or not all(isinstance(each, Mapping) for each in tables):
        raise InputError(f"axes = {shown(tables)}: expected tables, each headed [[axes]]")
    axes = [
        axis_of(check(table, AxisTable, f"axes[{place}]"), base, f"axes[{place}]")
        for place, table in enumerate(tables, start=1)
    ]
    names = [axis.name for axis in axes]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"axis '{name}': expected every name once")
    return axes


def axis_of(table: AxisTable, base: Scenario, place: str) -> Axis:
    """Return the axis that one table describes; see `axes_of`."""
    keys = (table.key,) if isinstance(table.key, str) else table.key or ()
    name = table.name or (keys[0] if keys else "")
    ranged = [key for key in ("low", "high", "points") if getattr(table, key) is not None]
    if table.variants is not None:
        _only(place, "variants", [k for k in ("key", "values") if getattr(table, k) is not None] + ranged)
        if not table.name:
            raise InputError(f"{place}.name = nothing given: expected a name for an axis of variants")
        variants = {variant: flat(settings) for variant, settings in table.variants.items()}
        axis = Axis(name, variants=variants)
        many = [(f"axis '{name}' at {shown(variant)}: ", axis.settings(variant)) for variant in variants]
    else:
        if not keys:
            raise InputError(f"{place}.key = nothing given: expected the dotted key of a parameter")
        for key in keys:
            value_at(base, key)
        if table.values is not None:
            _only(place, "values", ranged)
            axis = Axis(name, keys, values=_values(table.values, place))
        else:
            axis = Axis(name, keys, span=_range(table, keys, base, place))
        many = [(f"axis '{name}': ", axis.settings(value)) for value in _tried(axis)]
    if not axis.ends():
        raise InputError(f"{place}: expected at least one value")
    for before, settings in many:  # so that a bad value is said before anything runs
        try:
            base.with_(**settings)
        except InputError as error:
            raise InputError(f"{before}{error}") from None
    return axis


def _tried(axis: Axis) -> tuple[Value, ...]:
    most = 200
    return axis.ends() if axis.values is None else axis.values[:most]


def _only(place: str, what: str, others: list[str]) -> None:
    if others:
        raise InputError(f"{place}.{others[0]}: expected either {what} or {others[0]}, got both")


def _values(given: tuple[Any, ...], place: str) -> tuple[Value, ...]:
    found = tuple(value.item() if isinstance(value, np.generic) else value for value in given)
    for value in found:
        if not isinstance(value, (bool, int, float, str, date)):
            raise InputError(
                f"{place}.values: {shown(value)}: expected numbers, texts or dates (others as variants)"
            )
    return tuple(dict.fromkeys(found))


def _range(table: AxisTable, keys: tuple[str, ...], base: Scenario, place: str) -> Range:
    current = value_at(base, keys[0])
    whole = isinstance(current, int) and not isinstance(current, bool)
    if (current is not None and not isinstance(current, (int, float))) or isinstance(current, bool):
        raise InputError(f"{place}: {keys[0]} is {shown(current)}: expected values, as it is no number")
    plausible = ranges(base).get(keys[0], (None, None))
    low = plausible[0] if table.low is None else table.low
    high = plausible[1] if table.high is None else table.high
    if low is None or high is None:
        raise InputError(f"{place}: {keys[0]} declares no plausible range: expected low and high, or values")
    if not low < high:
        raise InputError(f"{place}.high = {high:g}: expected more than low = {low:g}")
    if table.scale == "log" and low <= 0:
        raise InputError(f"{place}.low = {low:g}: expected more than 0 on a log scale")
    if whole and not (float(low).is_integer() and float(high).is_integer()):
        raise InputError(f"{place}: {keys[0]} takes whole numbers: expected whole low and high")
    return Range(low, high, table.points, table.scale == "log", whole)


def ranges(base: Scenario) -> dict[str, tuple[float | None, float | None]]:
    """Return the plausible range that every parameter of a scenario declares, by dotted key."""
    rows = list(described(base))
    for name, policy in base.policies.items():
        rows += described(policy, f"policies.{name}")
    return {row.path: (row.low, row.high) for row in rows}


def value_at(base: Scenario, key: str) -> Any:
    """Return what a scenario has at a dotted key; None where an optional value is not given.

    Raises
    ------
    InputError
        If there is no such key.
    """
    inside: Any = base
    for part in key.split("."):
        found = inside.get(part) if isinstance(inside, Mapping) else getattr(inside, part, None)
        fields = type(inside).model_fields if isinstance(inside, BaseModel) else inside
        if not isinstance(fields, Mapping) or part not in fields:
            base.replace(key, 0)  # which says what is wrong with it
            raise InputError(f"{key}: expected the dotted key of a parameter")
        inside = found
    return inside


def flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return settings by dotted key, however the file nests them; a whole policy stays a table."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping) and "kind" not in value:
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def read_table(path: Path) -> list[dict[str, Any]]:
    """Read a table of points: a CSV file headed by dotted keys, one point in a row.

    A cell is what would stand in a scenario file, but that a bare word is text; an empty cell leaves
    the scenario's own value.

    Raises
    ------
    InputError
        If it cannot be read, or a row has more cells than there are heads.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"table {path}: expected a CSV file in UTF-8, got {error}") from None
    filled = [(line, row) for line, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if len(filled) < 2:
        raise InputError(f"table {path}: expected a row of dotted keys and rows of values")
    keys = [cell.strip() for cell in filled[0][1]]
    if len(set(keys)) < len(keys) or not all(keys):
        raise InputError(
            f"table {path}, line {filled[0][0]}: expected a dotted key for each column, each once"
        )
    found = []
    for line, row in filled[1:]:
        if len(row) > len(keys):
            raise InputError(f"table {path}, line {line}: {len(row)} cells, expected at most {len(keys)}")
        cells = {key: cell.strip() for key, cell in zip(keys, row, strict=False)}
        found.append({key: _cell(key, cell, path, line) for key, cell in cells.items() if cell})
    return found


def _cell(key: str, text: str, path: Path, line: int) -> Any:
    try:
        return parse_value(key, text)
    except InputError as error:
        raise InputError(f"table {path}, line {line}: {error}") from None
