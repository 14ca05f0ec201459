"""Patterns: what a series of days looks like, simulated or observed, in the terms of the official series.

Every pattern is a number under a name such as ``people_per_boat@2022``: what is measured, and the
period. Periods are years, quarters (``2025Q1``), months (``2022-03``), months of the year over several
years (``month-03``), or spans (``2021-2024``). A crossing day is a UK date with at least one arrival;
the prevented share is recorded prevention over it and arrivals (see `crossings.outcomes.catalogue`).
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FITTED_YEARS = (2021, 2022, 2023, 2024)
"""Years whose patterns behaviour is fitted to."""
AT = "@"
MONTHS = 12

_RUN = "2021-2024"
_BEST = {"best_tenth": 0.1, "best_fifth": 0.2}
_THOUSAND = 1000.0

Floats = NDArray[np.float64]


def name_of(pattern: str, period: object) -> str:
    """Return the name under which a pattern of a period is kept."""
    return f"{pattern}{AT}{period}"


def measure(daily: pd.DataFrame, by: pd.DataFrame | None = None) -> dict[str, float]:
    """Return every pattern of a run of several years.

    Parameters
    ----------
    daily
        `Result.daily`: one row for each date.
    by
        `Result.by`, for arrivals by nationality; left out where it is not given.

    Returns
    -------
    dict
        Number by `name_of`. A year counts as far as it was simulated. What has no meaning, such as
        people per boat where none arrived, is left out.
    """
    dates = pd.DatetimeIndex(daily.index)
    found: dict[str, float] = {}
    whole = set(map(str, dates.year.unique())) & set(map(str, FITTED_YEARS))
    for period, part in _periods(daily, dates):
        found |= _totals(part, period)
        if len(period) == len("2021"):
            found |= _of_days(part["arrivals"].to_numpy(float), period)
    if whole == set(map(str, FITTED_YEARS)):
        found |= _of_the_span(daily[dates.year.isin(FITTED_YEARS)])
    if by is not None:
        found |= _by_group(by)
    return {name: value for name, value in found.items() if np.isfinite(value)}


def crossing_runs(people: Floats) -> tuple[float, float]:
    """Return the chances of a crossing day after a crossing day, and after a day without.

    Parameters
    ----------
    people
        Arrivals by day, in order.
    """
    crossed = people > 0
    before, after = crossed[:-1], crossed[1:]
    return _share(after[before]), _share(after[~before])


def best_share(people: Floats, share: float) -> float:
    """Return the part of all arrivals that the best `share` of days carry."""
    ordered = np.sort(people)[::-1]
    total = float(ordered.sum())
    return float(ordered[: int(share * ordered.size)].sum()) / total if total else float("nan")


def longest_gap(people: Floats) -> int:
    """Return the longest run of days without arrivals."""
    longest = run = 0
    for crossed in (people > 0).tolist():
        run = 0 if crossed else run + 1
        longest = max(longest, run)
    return longest


def _periods(daily: pd.DataFrame, dates: pd.DatetimeIndex) -> Iterable[tuple[str, pd.DataFrame]]:
    for year, part in daily.groupby(dates.year):
        yield str(year), part
    quarters = dates.to_period("Q")
    for quarter, part in daily.groupby(quarters):
        yield str(quarter), part
    for month, part in daily.groupby(dates.to_period("M")):
        yield str(month), part


def _totals(part: pd.DataFrame, period: str) -> dict[str, float]:
    people, boats = float(part["arrivals"].sum()), float(part["boats"].sum())
    found = {name_of("people", period): people, name_of("boats", period): boats}
    if len(period) == len("2021-03"):
        return found
    prevented, attempts = float(part["prevented"].sum()), float(part["attempts"].sum())
    recorded = prevented + people
    found |= {
        name_of("people_per_boat", period): _ratio(people, boats),
        name_of("prevented_share", period): _ratio(prevented, recorded),
        name_of("taxi_share", period): _ratio(float(part["taxi_attempts"].sum()), attempts),
    }
    if len(period) == len("2021"):
        launches = float(part["launches"].sum())
        at_sea = attempts - float(part["stopped_beach"].sum())
        found |= {
            name_of("deaths", period): float(part["deaths"].sum()),
            name_of("deaths_per_thousand", period): _THOUSAND * _ratio(float(part["deaths"].sum()), at_sea),
            name_of("reached_uk", period): _ratio(people, at_sea),
            name_of("prevented_share_boats", period): 1.0 - _ratio(boats, launches),
            name_of("price_gbp", period): float(part["price"].mean()),
            name_of("waiting", period): float(part["waiting"].mean()),
            name_of("networks", period): float(part["networks"].mean()),
        }
    return found


def _of_days(people: Floats, period: str) -> dict[str, float]:
    crossing = people[people > 0]
    after_crossing, after_none = crossing_runs(people)
    found = {
        name_of("crossing_days", period): _ratio(float(crossing.size), float(people.size)),
        name_of("after_crossing", period): after_crossing,
        name_of("after_none", period): after_none,
    }
    if crossing.size:
        found |= {
            name_of("variation", period): float(crossing.std() / crossing.mean()),
            name_of("median_day", period): float(np.median(crossing)),
            name_of("largest_day", period): float(crossing.max()),
        }
    found |= {name_of(name, period): best_share(people, share) for name, share in _BEST.items()}
    return found


def _of_the_span(daily: pd.DataFrame) -> dict[str, float]:
    """Return patterns of the fitted years together; bunching is the mean of years, as it is observed."""
    dates = pd.DatetimeIndex(daily.index)
    people = daily["arrivals"].to_numpy(float)
    after_crossing, after_none = crossing_runs(people)
    found = {
        name_of("after_crossing", _RUN): after_crossing,
        name_of("after_none", _RUN): after_none,
        name_of("longest_gap", _RUN): float(longest_gap(people)),
    }
    for month in range(1, MONTHS + 1):
        found[name_of("crossing_days", f"month-{month:02d}")] = _share(people[dates.month == month] > 0)
    years = [people[dates.year == year] for year in FITTED_YEARS]
    for name, share in _BEST.items():
        found[name_of(name, _RUN)] = float(np.mean([best_share(year, share) for year in years]))
    at_sea = float(daily["attempts"].sum() - daily["stopped_beach"].sum())
    found[name_of("deaths_per_thousand", _RUN)] = _THOUSAND * _ratio(float(daily["deaths"].sum()), at_sea)
    found[name_of("reached_uk", _RUN)] = _ratio(float(people.sum()), at_sea)
    return found


def _by_group(by: pd.DataFrame) -> dict[str, float]:
    landed = by[by["outcome"] == "arrivals"]
    years = pd.to_datetime(landed["date"]).dt.year
    sums = landed.groupby([years, "key"])["value"].sum().unstack(fill_value=0)
    return {
        name_of(f"people of {group}", year): float(value)
        for group, column in sums.items()
        for year, value in column.items()
    }


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _share(which: NDArray[np.bool_]) -> float:
    return float(which.mean()) if which.size else float("nan")
