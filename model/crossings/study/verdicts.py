"""Verdicts: which pattern is met, by how much it is missed, and what the model was told of it beforehand.

Every pattern has one of three labels. *Fitted*: behaviour or demand was moved to meet it. *Seen, not
fitted*: known to whoever built the model, and not used. *Policy*: an effect, policy against no policy
under the same luck, with demand that knows nothing of the dates over which the effect is counted.

Two intervals stand beside each median and are never mixed: that of chance alone, which is one draw of
the parameters under several seeds, and that of chance and parameters, which is many draws under a seed each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from crossings.corridors.observed import Observed
from crossings.study.patterns import FITTED_YEARS, MONTHS, name_of
from crossings.study.targets import (
    DAYS_BAND,
    LOAD_BAND,
    PERSISTENCE_BAND,
    PREVENTED_BAND,
    PREVENTED_YEARS,
    SPAN,
)

Label = Literal["fitted", "seen, not fitted", "policy"]
FITTED: Label = "fitted"
SEEN: Label = "seen, not fitted"
POLICY: Label = "policy"

LOW, HIGH = 0.05, 0.95
PEOPLE_BAND = 0.15
COVERAGE = (0.80, 0.97)
LAST_YEAR = 2025  # of which January to July were observed
FALL = "2021-23 to 2025"


@dataclass(frozen=True)
class Verdict:
    """One pattern, observed and simulated.

    Attributes
    ----------
    pattern, period
        What, and when.
    label
        Fitted, seen and not fitted, or policy.
    observed
        As counted; None where only a band was ever published. Of policies it is the raw change.
    median
        Of runs over draws and seeds.
    chance_low, chance_high
        5th and 95th percentile over seeds at one draw; None where that was not run.
    low, high
        The same over draws and seeds.
    least, most
        The band.
    met
        Whether the median is in the band.
    """

    pattern: str
    period: str
    label: Label
    observed: float | None
    median: float
    chance_low: float | None
    chance_high: float | None
    low: float
    high: float
    least: float
    most: float
    met: bool

    @property
    def missed_by(self) -> float:
        """Distance from the median to the band, in the unit of the pattern; 0 where it is met."""
        return max(self.least - self.median, self.median - self.most, 0.0)

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self)


@dataclass(frozen=True)
class Asked:
    """A pattern to be judged, and its band."""

    pattern: str
    period: str
    label: Label
    observed: float | None
    least: float
    most: float


def asked(seen: Observed) -> list[Asked]:
    """Return every pattern but those of policies, with its band.

    Parameters
    ----------
    seen
        Observations of the corridor.
    """
    return [*_fitted(seen), *_seen(seen)]


def judge(wanted: Iterable[Asked], draws: pd.DataFrame, chance: pd.DataFrame | None = None) -> list[Verdict]:
    """Return a verdict on each pattern that runs have.

    Parameters
    ----------
    wanted
        Patterns and bands.
    draws
        One row for each run over the posterior, columns by `patterns.name_of`.
    chance
        Rows of runs of one draw under several seeds, or None.
    """
    found = []
    for each in wanted:
        name = name_of(each.pattern, each.period)
        if name not in draws.columns:
            continue
        low, median, high = _quantiles(draws[name])
        by_chance: Sequence[float | None] = (
            (None, None, None) if chance is None or name not in chance.columns else _quantiles(chance[name])
        )
        met = each.least <= median <= each.most
        found.append(
            Verdict(
                each.pattern, each.period, each.label, each.observed, median,
                by_chance[0], by_chance[2], low, high, each.least, each.most, bool(met),
            )
        )  # fmt: skip
    return found


def derived(rows: pd.DataFrame) -> pd.DataFrame:
    """Return runs with patterns beside them that compare periods: the fall of the prevented share."""
    before = rows[[name_of("prevented_share", year) for year in PREVENTED_YEARS]].mean(axis=1)
    fall = before - rows[name_of("prevented_share", LAST_YEAR)]
    return pd.concat([rows, fall.rename(name_of("prevented_fall", FALL))], axis=1)


def coverage(rows: pd.DataFrame, seen: Observed, low: float = LOW, high: float = HIGH) -> float:
    """Return the share of months of 2021-24 whose count lies between percentiles of the runs."""
    inside = []
    for (year, month), count in seen.people.items():
        name = name_of("people", f"{year}-{month:02d}")
        if year in FITTED_YEARS and name in rows.columns:
            least, most = rows[name].quantile([low, high])
            inside.append(least <= count <= most)
    return float(np.mean(inside)) if inside else float("nan")


def coverage_verdict(draws: pd.DataFrame, chance: pd.DataFrame | None, seen: Observed) -> Verdict:
    """Return the verdict on how many months of 2021-24 lie in the 90% interval of the runs.

    The number in place of the intervals is the coverage of either kind of interval alone.
    """
    share = coverage(draws, seen)
    alone = None if chance is None else coverage(chance, seen)
    least, most = COVERAGE
    return Verdict(
        "months within the 90% interval", SPAN, FITTED, None, share, alone, alone, share, share,
        least, most, bool(least <= share <= most),
    )  # fmt: skip


def policy_verdict(
    pattern: str, period: str, effects: pd.Series, raw: float | None, band: tuple[float, float]
) -> Verdict:
    """Return the verdict on a policy's effect over draws, each under a seed of its own.

    Parameters
    ----------
    pattern, period
        What, and when.
    effects
        One for each draw.
    raw
        The change that was observed, which is no effect.
    band
        In which the median is called met.
    """
    low, median, high = _quantiles(effects)
    return Verdict(
        pattern, period, POLICY, raw, median, None, None, low, high, *band,
        met=bool(band[0] <= median <= band[1]),
    )  # fmt: skip


def _quantiles(values: pd.Series) -> tuple[float, float, float]:
    low, median, high = values.dropna().quantile([LOW, 0.5, HIGH])
    return float(low), float(median), float(high)


def _fitted(seen: Observed) -> list[Asked]:
    people, off = seen.yearly_people(), PEOPLE_BAND
    found = [
        Asked("people", str(y), FITTED, people[y], people[y] * (1 - off), people[y] * (1 + off))
        for y in FITTED_YEARS
    ]
    found += [
        _within(seen, "crossing_days", f"month-{month:02d}", FITTED, DAYS_BAND)
        for month in range(1, MONTHS + 1)
    ]
    for name in ("after_crossing", "after_none"):
        mean = float(np.mean([seen.value(name, year) for year in FITTED_YEARS]))
        found.append(Asked(name, SPAN, FITTED, mean, mean - PERSISTENCE_BAND, mean + PERSISTENCE_BAND))
    found += [_within(seen, "people_per_boat", year, FITTED, LOAD_BAND, True) for year in FITTED_YEARS]
    return found + [
        _within(seen, "prevented_share", year, FITTED, PREVENTED_BAND) for year in PREVENTED_YEARS
    ]


_RANGES: dict[tuple[str, str], tuple[float | None, float, float]] = {
    ("prevented_fall", FALL): (0.06, 0.03, 0.10),
    ("prevented_share_boats", "2022"): (None, 0.50, 0.57),
    ("taxi_share", "2025"): (0.45, 0.38, 0.52),
    ("reached_uk", SPAN): (None, 0.81, 0.89),
    ("longest_gap", SPAN): (27.0, 15.0, 40.0),
    ("best_tenth", SPAN): (None, 0.51, 0.65),
    ("best_fifth", SPAN): (None, 0.79, 0.86),
    ("waiting", "2024"): (None, 1000.0, 3500.0),
    ("price_gbp", "2021"): (None, 3000.0, 4300.0),
    ("price_gbp", "2022"): (None, 2150.0, 3450.0),
    ("price_gbp", "2024"): (None, 850.0, 2600.0),
    ("price_gbp", "2025"): (None, 1300.0, 3450.0),
}
"""Patterns of which ranges were reported, with their bands; fares at 0.86 pounds a euro."""


def _seen(seen: Observed) -> list[Asked]:
    found = [Asked(name, period, SEEN, value, *band) for (name, period), (value, *band) in _RANGES.items()]
    found.append(_within(seen, "people_per_boat", 2025, SEEN, LOAD_BAND, True))
    found += [_within(seen, "variation", year, SEEN, 0.25) for year in FITTED_YEARS]
    deaths = seen.value("deaths_per_thousand", "2020-2024")
    return [*found, Asked("deaths_per_thousand", SPAN, SEEN, deaths, deaths / 1.5, deaths * 1.5)]


def _within(
    seen: Observed, pattern: str, period: str | int, label: Label, band: float, relative: bool = False
) -> Asked:
    value = seen.value(pattern, period)
    off = band * value if relative else band
    return Asked(pattern, str(period), label, value, value - off, value + off)


def table(verdicts: Iterable[Verdict]) -> pd.DataFrame:
    """Return verdicts as a table, one in a row."""
    return pd.DataFrame([each.as_dict() for each in verdicts])


def from_rows(rows: Iterable[Mapping[str, Any]]) -> list[Verdict]:
    """Return verdicts that were written down as plain data."""
    return [Verdict(**row) for row in rows]
