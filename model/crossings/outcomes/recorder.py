"""The recorder: what rooms report, kept by calendar date.

Rooms count on model time; the recorder books every count on the calendar date it falls on, midnight
to midnight, because official series do. It keeps the whole run, warm-up included, and reports only
the dates from the start to the end.

Counting is called many thousand times a run, so each outcome is a plain list with one number per
date: adding to a list entry is several times cheaper than adding to an array entry.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.errors import InputError, unknown
from crossings.loops import Twice
from crossings.outcomes.catalogue import ACCOUNTS, OUTCOMES, SPENT_ON_PEOPLE, KeyKind, counts_people
from crossings.outcomes.tables import named

if TYPE_CHECKING:
    from crossings.clock import Clock

COST = "cost_gbp"


def _count_over_arrays(counts: NDArray[np.int64], codes: NDArray[np.integer[Any]]) -> None:
    """Add one to the count of each code; raise `ValueError` at one below zero or beyond the counts."""
    counts += np.bincount(codes, minlength=counts.size)


def _count_as_loop(counts: NDArray[np.int64], codes: NDArray[np.integer[Any]]) -> None:
    for code in codes:
        if code < 0 or code >= counts.size:
            raise ValueError("a code below zero or beyond the counts")
    for code in codes:
        counts[code] += 1


count_codes = Twice(_count_over_arrays, _count_as_loop)


class Recorder:
    """Implements `crossings.hooks.Tally` and turns what it heard into tables.

    Parameters
    ----------
    clock
        The run's clock.
    start, end
        First and last calendar date reported.
    groups
        Names by group code.
    places
        Names by place code.
    countries
        Country of each place, in the same order.
    stands_for
        People that each row stands for of whom rooms report; tables and values are in people.

    Raises
    ------
    InputError
        If the end is before the start, or the start before the clock's epoch.
    """

    def __init__(
        self,
        clock: Clock,
        start: date,
        end: date,
        *,
        groups: Sequence[str],
        places: Sequence[str],
        countries: Sequence[str],
        stands_for: int = 1,
    ) -> None:
        if not clock.epoch <= start <= end:
            raise InputError(f"end {end}: expected a date not before the start {start} (epoch {clock.epoch})")
        self.start, self.end = start, end
        self._clock = clock
        self._date_index = clock.date_index
        self._dates = slice(clock.day_of(start), clock.day_of(end) + 1)
        self._length = clock.day_of(end) + 2  # a run ends at the noon after its last date
        counted = [name for name, o in OUTCOMES.items() if o.kind == "flow" and name != COST]
        self._flows = {name: [0.0] * self._length for name in counted}
        self._levels = {name: self._blank() for name, o in OUTCOMES.items() if o.kind == "level"}
        self._accounts = {name: [0.0] * self._length for name in ACCOUNTS}
        self._codes = {"group": len(groups), "place": len(places), "country": len(places)}
        self._names = {
            "group": tuple(groups),
            "place": tuple(places),
            "country": tuple(dict.fromkeys(countries)),
        }
        self._countries = tuple(countries)
        self._each = {name: stands_for if counts_people(name) else 1 for name in OUTCOMES}
        self._each_pound = {name: stands_for if name in SPENT_ON_PEOPLE else 1 for name in ACCOUNTS}
        self._flows_by: dict[str, NDArray[np.int64]] = {}
        self._flows_by_day: dict[str, list[NDArray[np.int64]]] = {}  # the same memory, by date
        self._levels_by: dict[tuple[str, str], list[float]] = {}

    # what rooms call ---------------------------------------------------------------------------

    def count(self, outcome: str, number: float = 1.0, time: float | None = None) -> None:
        """Add to a flow on the calendar date of `time` (default: now).

        What falls after the last date of the run is not kept.

        Raises
        ------
        InputError
            If no flow has that name.
        """
        self._add(outcome, number, time)

    def _add(self, outcome: str, number: float, time: float | None) -> int:
        """Add to a flow, and return the calendar date it falls on."""
        try:
            series = self._flows[outcome]
        except KeyError:
            raise unknown("flow", outcome, self._flows) from None
        day = self._date_index(self._clock.now if time is None else time)
        if day < self._length:
            series[day] += number
        return day

    def count_by(self, outcome: str, codes: NDArray[np.integer[Any]], time: float | None = None) -> None:
        """Count people, or boats, one by one under their key code, beside the total.

        Parameters
        ----------
        outcome
            A flow that the catalogue says is split by something.
        codes
            Group codes, or place codes where it is split by place or country; one per person or boat.
        time
            When; default now.

        Raises
        ------
        InputError
            If no flow has that name, or if it is kept as a total only.
        """
        number = len(codes)
        day = self._add(outcome, number, time)
        if number == 0 or day >= self._length:
            return
        rows = self._flows_by_day.get(outcome)
        if rows is None:
            self._flows_by[outcome] = table = self._table(outcome)
            rows = self._flows_by_day[outcome] = list(table)  # views: cheaper to find than a table's row
        count_codes(rows[day], codes)

    def level(self, outcome: str, value: float, key: str | None = None) -> None:
        """Set a level from today on, in total or under one of its keys.

        Raises
        ------
        InputError
            If no level has that name, or it has no such key.
        """
        try:
            series = self._levels[outcome] if key is None else self._levels_by[outcome, key]
        except KeyError:
            series = self._new_level(outcome, key)
        series[self._date_index(self._clock.now)] = value

    def spend(self, account: str, pounds: float) -> None:
        """Charge an account today; all accounts together are the outcome ``cost_gbp``.

        Raises
        ------
        InputError
            If no account has that name.
        """
        try:
            series = self._accounts[account]
        except KeyError:
            raise unknown("account", account, self._accounts) from None
        series[self._date_index(self._clock.now)] += pounds

    # what the run reads ------------------------------------------------------------------------

    def value(self, outcome: str, day: int) -> float:
        """Return an outcome on the calendar date `day` days after the epoch.

        A level is given as it was last set on or before that date, nan if it never was.
        """
        if outcome in self._flows:
            return float(self._flows[outcome][day]) * self._each[outcome]
        if outcome == COST:
            return float(sum(self._each_pound[name] * series[day] for name, series in self._accounts.items()))
        if outcome not in self._levels:
            raise unknown("outcome", outcome, OUTCOMES)
        series = self._levels[outcome]
        while day > 0 and math.isnan(series[day]):
            day -= 1
        return float(series[day]) * self._each[outcome]

    def daily(self) -> pd.DataFrame:
        """Return totals by calendar date: one row per date, one column per outcome.

        Levels that are only ever set under keys have no column here; see `by`.
        """
        columns: dict[str, NDArray[Any]] = {}
        for name, outcome in OUTCOMES.items():
            if name == COST:
                columns[name] = np.sum([series for _, series in self._spent()], axis=0)[self._dates]
            elif outcome.kind == "flow":
                columns[name] = _whole(name, self._flows[name])[self._dates] * self._each[name]
            elif not self._only_by_key(name):
                columns[name] = _held(self._levels[name])[self._dates] * self._each[name]
        return pd.DataFrame(columns, index=self._index())

    def by(self) -> pd.DataFrame:
        """Return what is split by key, in long form: ``date, outcome, key, value``.

        A key has a row on every date, also where the value is zero; places and countries where an
        outcome never happened have none.
        """
        parts: list[tuple[str, str, NDArray[np.float64]]] = []
        for name, outcome in OUTCOMES.items():
            if name == COST:
                parts += [(name, account, series) for account, series in self._spent()]
            elif name in self._flows_by:
                parts += [(name, key, self._each[name] * column) for key, column in self._split(name)]
            elif outcome.kind == "level":
                parts += [
                    (n, key, self._each[name] * _held(s))
                    for (n, key), s in self._levels_by.items()
                    if n == name
                ]
        return _long([(name, key, series[self._dates]) for name, key, series in parts], self._index())

    # ------------------------------------------------------------------------------------------

    def _spent(self) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Yield pounds by date of every account."""
        for name, series in self._accounts.items():
            yield name, self._each_pound[name] * np.asarray(series, dtype=np.float64)

    def _blank(self) -> list[float]:
        return [math.nan] * self._length

    def _table(self, outcome: str) -> NDArray[np.int64]:
        return np.zeros((self._length, self._codes[_keys_of(outcome)]), dtype=np.int64)

    def _new_level(self, outcome: str, key: str | None) -> list[float]:
        if outcome not in self._levels:
            raise unknown("level", outcome, self._levels)
        names = self._names[_keys_of(outcome)]
        if key not in names:
            raise unknown(f"key of {outcome}", str(key), names)
        return self._levels_by.setdefault((outcome, str(key)), self._blank())

    def _only_by_key(self, level: str) -> bool:
        total_set = any(not math.isnan(value) for value in self._levels[level])
        return not total_set and any(name == level for name, _ in self._levels_by)

    def _split(self, flow: str) -> Iterator[tuple[str, NDArray[np.float64]]]:
        kind, table = _keys_of(flow), self._flows_by[flow]
        if kind == "country":
            lies_in = np.array(self._countries)[:, None] == np.array(self._names["country"])
            table = table @ lies_in.astype(np.int64)
        for key, column in zip(self._names[kind], table.T, strict=True):
            if kind == "group" or column.any():
                yield key, column.astype(np.float64)

    def _index(self) -> pd.DatetimeIndex:
        return pd.date_range(self.start, self.end, freq="D", name="date", unit="ms")


def _keys_of(outcome: str) -> KeyKind:
    keys = OUTCOMES[outcome].keys
    if keys is None:
        split = [name for name, o in OUTCOMES.items() if o.keys]
        raise InputError(f"outcome '{outcome}' is kept as a total only: split by key are {', '.join(split)}")
    return keys


def _whole(name: str, series: list[float]) -> NDArray[Any]:
    """Return a flow as integers where only whole numbers can be meant."""
    values = np.asarray(series, dtype=np.float64)
    if not OUTCOMES[name].whole:
        return values
    rounded = values.astype(np.int64)
    if not np.array_equal(rounded, values):
        raise ValueError(f"outcome '{name}' counts {OUTCOMES[name].unit}: expected whole numbers")
    return rounded


def _held(series: list[float]) -> NDArray[np.float64]:
    """Carry a level forward from the dates on which it was set."""
    values = np.asarray(series, dtype=np.float64)
    last_set = np.maximum.accumulate(np.where(np.isnan(values), 0, np.arange(len(values))))
    return values[last_set]


def _long(parts: list[tuple[str, str, NDArray[np.float64]]], dates: pd.DatetimeIndex) -> pd.DataFrame:
    outcomes = list(dict.fromkeys(name for name, _, _ in parts))
    keys = list(dict.fromkeys(key for _, key, _ in parts))
    outcome_code = {name: code for code, name in enumerate(outcomes)}
    key_code = {name: code for code, name in enumerate(keys)}
    codes = np.array([(outcome_code[name], key_code[key]) for name, key, _ in parts], dtype=np.int16)
    codes = np.repeat(codes.reshape(-1, 2), len(dates), axis=0)
    return pd.DataFrame(
        {
            "date": np.tile(dates.to_numpy(), len(parts)),
            "outcome": named(codes[:, 0], outcomes),
            "key": named(codes[:, 1], keys),
            "value": np.concatenate([series for _, _, series in parts]).astype(np.float64),
        }
    )
