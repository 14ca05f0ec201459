"""What a sweep is given, in whichever form, made into its parts: axes, points, seeds, what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from crossings.errors import InputError, unknown
from crossings.scenario import Scenario
from crossings.scenario_errors import shown
from crossings.study import designs, sweep_files
from crossings.study.axes import Axis, Range, Value
from crossings.study.parts import TABLES

TOTALS = "totals"
_MOST_SEED = 2**64 - 1


@dataclass(frozen=True)
class Given:
    """Points given one by one: values by the name of an axis or by dotted key.

    Attributes
    ----------
    points
        Values by column.
    axes
        What is known of some columns; any other is the dotted key of a parameter.
    """

    points: list[dict[str, Value]]
    axes: Sequence[Axis] = ()

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Self:
        """Make it of what a sweep's folder keeps."""
        return cls(table["points"], [_axis(each) for each in table["axes"]])


Axes = Mapping[str, Any] | Sequence[Axis] | pd.DataFrame | Given
"""The forms in which axes may be given; see `crossings.study.sweeps.Sweep`."""


def axes_and_points(
    given: Axes, base: Scenario, design: str
) -> tuple[list[Axis], list[dict[str, Value]] | None]:
    """Return axes, and the points if they are given one by one.

    Raises
    ------
    InputError
        If an axis cannot be used, or the design does not go with what is given.
    """
    if design not in designs.DESIGNS:
        raise unknown("design", str(design), designs.DESIGNS)
    if isinstance(given, pd.DataFrame):
        given = Given(_points_of_frame(given))
        design = designs.TABLE
    if isinstance(given, Given):
        return _axes_of_points(given, base), given.points
    if design == designs.TABLE:
        raise InputError('design = "table": expected points, as a CSV file or a pandas frame')
    if isinstance(given, Mapping):
        return sweep_files.axes_of([_axis_table(key, values) for key, values in given.items()], base), None
    return list(given), None


def _points_of_frame(frame: pd.DataFrame) -> list[dict[str, Value]]:
    columns = [str(name) for name in frame.columns]
    rows = frame.to_dict(orient="split")["data"]
    found = []
    for row in rows:
        values = {name: _native(value) for name, value in zip(columns, row, strict=True)}
        found.append({name: value for name, value in values.items() if value is not None})
    return found


def _native(value: Any) -> Any:
    """Return a Python value for that of a frame; what is missing is None."""
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return value.item() if isinstance(value, np.generic) else value


def _axes_of_points(given: Given, base: Scenario) -> list[Axis]:
    known = {axis.name: axis for axis in given.axes}
    columns = list(dict.fromkeys(name for point in given.points for name in point))
    for name in columns:
        if name not in known:
            values = list(dict.fromkeys(point[name] for point in given.points if name in point))
            (known[name],) = sweep_files.axes_of([{"key": name, "values": values}], base)
    return list(known.values())


def _axis_table(key: str, given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return {"name": key} | ({} if "variants" in given else {"key": key}) | dict(given)
    if isinstance(given, tuple) and len(given) == 2:
        return {"key": key, "low": given[0], "high": given[1]}
    if isinstance(given, Iterable) and not isinstance(given, str):
        return {"key": key, "values": list(given)}
    raise InputError(f"{key} = {shown(given)}: expected a list of values, a range (low, high) or a table")


def _axis(table: Mapping[str, Any]) -> Axis:
    return Axis(
        name=table["name"],
        keys=tuple(table["keys"]),
        values=None if table["values"] is None else tuple(table["values"]),
        span=None if table["span"] is None else Range(**table["span"]),
        variants=table["variants"],
    )


def seeds_of(replications: Any, seeds: Iterable[Any] | None) -> tuple[int, ...]:
    """Return the seeds of every point.

    Raises
    ------
    InputError
        If both are given, there is none, one is given twice, or one cannot be a seed.
    """
    if seeds is None:
        count = 1 if replications is None else replications
        if not isinstance(count, (int, np.integer)) or isinstance(count, bool) or count < 1:
            raise InputError(f"replications = {shown(count)}: expected a whole number of at least 1")
        return tuple(range(1, int(count) + 1))
    if replications is not None:
        raise InputError(f"replications = {replications}: expected either replications or seeds, got both")
    chosen = tuple(int(seed) if isinstance(seed, np.integer) else seed for seed in seeds)
    for seed in chosen:
        if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed <= _MOST_SEED:
            raise InputError(f"seeds: {shown(seed)}: expected whole numbers from 0 to 2**64 - 1")
    if not chosen or len(set(chosen)) < len(chosen):
        raise InputError(f"seeds = {shown(list(chosen))}: expected at least one, and each once")
    return chosen


def kept_of(keep: Iterable[str]) -> tuple[str, ...]:
    """Return what is kept of each run, totals first.

    Raises
    ------
    InputError
        If one of them is nothing a run gives.
    """
    wanted = (keep,) if isinstance(keep, str) else tuple(keep)
    for name in wanted:
        if name not in (TOTALS, *TABLES):
            raise unknown("outcome to keep", str(name), (TOTALS, *TABLES))
    return (TOTALS, *(name for name in TABLES if name in wanted))
