"""Days added up: headline totals, months and weeks.

The functions work on plain arrays whose last axis is the date, so that one run and a stack of runs
are added up by the same lines.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crossings.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]

WEEK = 7
SUMMED = (
    *("arrivals", "boats", "attempts", "prevented", "deaths", "returned", "removed", "admitted"),
    *("lorry_arrivals", "moved_on"),
)
MONTHLY = ("arrivals", "boats", "prevented", "returned", "admitted")
WEEKLY = ("arrivals", "returned", "admitted", "deaths")
NEEDED = (*SUMMED, "waiting", "cost_gbp")
"""Daily columns from which every headline is computed."""

HEADLINES: dict[str, str] = {
    "arrivals": "people",
    "boats": "boats",
    "attempts": "person-attempts",
    "prevented": "person-attempts",
    "deaths": "people",
    "returned": "people",
    "removed": "people",
    "admitted": "people",
    "lorry_arrivals": "people",
    "moved_on": "people",
    "people_per_boat": "people",
    "crossing_day_share": "share of days",
    "waiting_mean": "people",
    "cost_gbp": "GBP",
}
"""Headline outcomes in the order of every summary, with their units."""


@dataclass(frozen=True)
class Mark:
    """A date in the life of a policy: ``announced``, ``start`` or ``end``."""

    when: date
    text: str
    kind: str


@dataclass(frozen=True, eq=False)
class Weekly:
    """Weekly sums of several runs under one or more scenarios: what the figure draws.

    Attributes
    ----------
    starts
        First date of each week; weeks are counted from the first date and are all whole.
    series
        Scenario -> outcome -> array of shape (seeds, weeks).
    seeds
        Seeds, in the order of the arrays.
    marks
        Dates on which policies are announced, start or end.
    origin
        Version and, in a checkout, commit.
    """

    starts: Dates
    series: Mapping[str, Mapping[str, Floats]]
    seeds: tuple[int, ...]
    marks: tuple[Mark, ...]
    origin: str

    def plot(self, wider: Weekly | None = None) -> Figure:
        """Draw the weeks, with returns and admissions beneath.

        Parameters
        ----------
        wider
            The same scenarios and weeks from runs in which parameters differ as well: a second band.

        Raises
        ------
        InputError
            If there is no whole week to draw.
        """
        if not len(self.starts):
            raise InputError(f"figure by week: expected at least {WEEK} dates, got fewer")
        from crossings.views.weekly import draw  # noqa: PLC0415, slow to load and from a higher floor

        return draw(self, wider)

    def save(self, path: Path) -> None:
        """Write the figure, unless there is no whole week to draw."""
        if len(self.starts):
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Glyph")  # a letter of a name that the font lacks
                self.plot().savefig(path)


def totals(daily: Mapping[str, Any]) -> dict[str, Floats]:
    """Return the headline outcomes of days on the last axis; nan where one has no meaning.

    People per boat are arrivals over arriving boats; a crossing day is a date with an arrival.
    """
    days = {name: np.asarray(daily[name], dtype=np.float64) for name in NEEDED}
    found = {name: days[name].sum(axis=-1) for name in SUMMED}
    found["people_per_boat"] = _ratio(found["arrivals"], found["boats"])
    found["crossing_day_share"] = (days["arrivals"] > 0).mean(axis=-1)
    known = ~np.isnan(days["waiting"])
    found["waiting_mean"] = _ratio(np.where(known, days["waiting"], 0.0).sum(axis=-1), known.sum(axis=-1))
    found["cost_gbp"] = days["cost_gbp"].sum(axis=-1)
    return {name: found[name] for name in HEADLINES}


def months(dates: Dates, daily: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return sums by calendar month: ``month`` ("2025-01", ...) and the `MONTHLY` outcomes."""
    each = dates.astype("datetime64[M]")
    names, begins = np.unique(each, return_index=True)
    sums = {name: np.add.reduceat(np.asarray(daily[name], float), begins).tolist() for name in MONTHLY}
    return {"month": names.astype(str).tolist()} | {name: [plain(v) for v in s] for name, s in sums.items()}


def weeks(
    dates: Dates, daily: Mapping[str, Any], names: Iterable[str] = WEEKLY
) -> tuple[Dates, dict[str, Floats]]:
    """Return first dates and sums of whole weeks counted from the first date.

    What is left over at the end is less than a week and dropped: it would look like a fall.
    """
    count = len(dates) // WEEK
    kept = count * WEEK
    sums = {}
    for name in names:
        days = np.asarray(daily[name], dtype=np.float64)[..., :kept]
        sums[name] = days.reshape(*days.shape[:-1], count, WEEK).sum(axis=-1)
    return dates[:kept:WEEK].astype("datetime64[D]"), sums


def plain(value: float) -> int | float | None:
    """Return a number as JSON knows it: whole numbers as int, nan as None."""
    if np.isnan(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def policy_marks(scenario: Mapping[str, Any]) -> tuple[Mark, ...]:
    """Return the dates in a scenario's policies, in order of time, each said once."""
    found = []
    for name, policy in (scenario.get("policies") or {}).items():
        for key, verb in (("announced", "announced"), ("start", "in force"), ("end", "ended")):
            when = policy.get(key)
            if when is not None:
                said = f"{name.replace('_', ' ').replace('-', ' ')} {verb}"
                found.append(Mark(_as_date(when), said, key))
    return tuple(dict.fromkeys(sorted(found, key=lambda mark: (mark.when, mark.text))))


def _as_date(when: Any) -> date:
    if isinstance(when, datetime):
        return when.date()
    return when if isinstance(when, date) else date.fromisoformat(str(when))


def _ratio(above: Any, below: Any) -> Floats:
    above, below = np.asarray(above, dtype=np.float64), np.asarray(below, dtype=np.float64)
    ratio: Floats = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return ratio
