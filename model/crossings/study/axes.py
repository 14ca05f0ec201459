"""An axis of a design: what varies, under which name, over which values.

An axis is listed values, a range, or variants (each a name for several settings). It sets one dotted
key of a scenario or several alike. Sampled designs place points in the unit cube; an axis turns its
coordinate into a value: evenly along a range or its logarithm, whole numbers each over an equal
stretch, listed values and variants by equal parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from crossings.errors import InputError
from crossings.scenario_errors import shown

Value = bool | int | float | str | date
"""What an axis can be at: as in a scenario file. Lists are given as variants."""

_DIGITS = 12  # of a sampled value: the last bits of a logarithm differ between machines


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included.

    Attributes
    ----------
    low, high
        Ends, in the unit of the parameter.
    points
        How many a factorial design takes, evenly spaced.
    log
        Whether even spacing is that of the logarithm.
    whole
        Whether only whole numbers mean anything.
    """

    low: float
    high: float
    points: int | None = None
    log: bool = False
    whole: bool = False

    def at(self, place: float) -> float | int:
        """Return the number at a place from 0 to 1."""
        if self.whole and not self.log:  # each whole number gets an equal stretch
            return int(min(np.floor(self.low + place * (self.high - self.low + 1)), self.high))
        if self.log:
            found = float(np.exp(np.log(self.low) + place * (np.log(self.high) - np.log(self.low))))
        else:
            found = self.low + place * (self.high - self.low)
        found = min(max(float(f"{found:.{_DIGITS}g}"), self.low), self.high)
        return round(found) if self.whole else found

    def grid(self) -> tuple[float | int, ...]:
        """Return the points of a factorial design, each once.

        Raises
        ------
        InputError
            If the number of points was not given.
        """
        if self.points is None:
            raise InputError("points = nothing given: expected how many a factorial design takes")
        if self.points == 1:
            return (self.at(0.0),)
        places = np.linspace(0.0, 1.0, self.points)
        even = Range(self.low, self.high, log=self.log)
        numbers = [even.at(float(place)) for place in places]
        return tuple(dict.fromkeys(round(n) for n in numbers)) if self.whole else tuple(numbers)


@dataclass(frozen=True)
class Axis:
    """One thing that varies.

    Attributes
    ----------
    name
        What columns of results and figures call it.
    keys
        Dotted keys of the scenario that take the value; none where variants say it all.
    values
        Listed values, or None.
    span
        A range, or None.
    variants
        Settings by variant, or nothing; a variant's name is then the value.
    """

    name: str
    keys: tuple[str, ...] = ()
    values: tuple[Value, ...] | None = None
    span: Range | None = None
    variants: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def grid(self) -> tuple[Value, ...]:
        """Return the values a factorial design takes.

        Raises
        ------
        InputError
            If it is a range without a number of points.
        """
        if self.span is None:
            return self._listed()
        try:
            return self.span.grid()
        except InputError as error:
            raise InputError(f"axis '{self.name}': {error}") from None

    def at(self, place: float) -> Value:
        """Return the value at a place from 0 to 1 of the unit cube."""
        if self.span is not None:
            return self.span.at(place)
        listed = self._listed()
        return listed[min(int(place * len(listed)), len(listed) - 1)]

    def ends(self) -> tuple[Value, ...]:
        """Return what one-at-a-time designs try: both ends of a range, or everything listed."""
        return self._listed() if self.span is None else (self.span.at(0.0), self.span.at(1.0))

    def settings(self, value: Value) -> dict[str, Any]:
        """Return what a value sets, by dotted key.

        Raises
        ------
        InputError
            If it is not one of the variants.
        """
        if not self.variants:
            return dict.fromkeys(self.keys, value)
        if value not in self.variants:
            known = ", ".join(self.variants)
            raise InputError(f"axis '{self.name}' at {shown(value)}: expected one of {known}")
        return dict(self.variants[str(value)])

    def _listed(self) -> tuple[Value, ...]:
        return tuple(self.variants) if self.variants else self.values or ()


def settings_at(axes: Sequence[Axis], point: Mapping[str, Value]) -> dict[str, Any]:
    """Return all that a point of a design sets, by dotted key; an axis not in it stays as it is."""
    found: dict[str, Any] = {}
    for axis in axes:
        if axis.name in point:
            found |= axis.settings(point[axis.name])
    return found
