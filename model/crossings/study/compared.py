"""What a comparison found: paired differences, effects and weekly series, with intervals.

The arithmetic is in `crossings.study.pairs`.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.outcomes import summary
from crossings.outcomes.folders import whole_folder, write_json
from crossings.outcomes.provenance import LIMITS
from crossings.outcomes.tables import named, records
from crossings.study.pairs import LEVEL, paired, pairs_needed, ratio_effect, suffice
from crossings.study.runs import KEPT, RunFailure
from crossings.study.split import split_table, unit_costs

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]

Day = date | str
"""A date, or one as text such as ``"2025-08-06"``."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Scenarios under the same seeds; the first is the base that others are compared with.

    Where a method takes `start` and `end`, it adds up the dates from the one to the other, both included;
    by default all dates.

    Attributes
    ----------
    labels
        Names of the scenarios, base first.
    seeds
        Seeds under which every scenario ran to its end.
    start, end
        First and last calendar date.
    daily
        Scenario -> outcome -> array of shape (seeds, dates). What is split by country or account is
        named ``"outcome/key"``.
    digests
        Scenario -> digest of each run, in order of seeds.
    provenance
        Scenario -> provenance of its first run.
    failures
        Runs that failed; their seeds are left out everywhere.
    wall_seconds
        Time it all took.
    spared
        Share of all model days that was not run, being a history that scenarios have in common.
    posterior
        Effects at draws of the posterior, where they were asked for: `OverPosterior.as_dict`.
    wider
        Sums by week at those draws: the second band of the figure by week.
    """

    labels: tuple[str, ...]
    seeds: tuple[int, ...]
    start: date
    end: date
    daily: Mapping[str, Mapping[str, Floats]]
    digests: Mapping[str, tuple[str, ...]]
    provenance: Mapping[str, dict[str, Any]]
    failures: tuple[RunFailure, ...] = ()
    wall_seconds: float = 0.0
    spared: float = 0.0
    posterior: Mapping[str, Any] | None = None
    wider: summary.Weekly | None = None

    def __repr__(self) -> str:
        return f"<Comparison {' / '.join(self.labels)}, {len(self.seeds)} seeds, {self.start} to {self.end}>"

    @property
    def base(self) -> str:
        """Name of the scenario that the others are compared with."""
        return self.labels[0]

    @property
    def dates(self) -> summary.Dates:
        """Calendar dates of the daily arrays."""
        days = np.arange((self.end - self.start).days + 1).astype("timedelta64[D]")
        return np.asarray(np.datetime64(self.start, "D") + days)

    @property
    def marks(self) -> tuple[summary.Mark, ...]:
        """Dates of policies that the base does not have, in order of time."""
        ordinary = set(summary.policy_marks(self.provenance[self.base]["scenario"]))
        found = {
            mark: None
            for label in self.labels[1:]
            for mark in summary.policy_marks(self.provenance[label]["scenario"])
            if mark not in ordinary
        }
        return tuple(sorted(found, key=lambda mark: (mark.when, mark.text)))

    @property
    def weekly(self) -> summary.Weekly:
        """Sums by week and seed under every scenario, ready to be drawn."""
        made = {label: summary.weeks(self.dates, self.daily[label]) for label in self.labels}
        starts = made[self.base][0]
        series = {label: sums for label, (_, sums) in made.items()}
        return summary.Weekly(starts, series, self.seeds, self.marks, self.provenance[self.base]["origin"])

    def totals(self, start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
        """Return headline totals of every run, indexed by scenario and seed."""
        each = self._totals(self._window(start, end))
        frames = {label: pd.DataFrame(found, index=list(self.seeds)) for label, found in each.items()}
        return pd.concat(frames, names=["scenario", "seed"])

    def table(self, start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
        """Return paired differences from the base for every headline outcome.

        Returns
        -------
        DataFrame
            One row per (scenario, outcome): ``unit``, means ``base`` and ``policy``, the mean paired
            ``difference`` with 95% interval ``low``, ``high``, its Monte Carlo ``standard_error``, the
            ``variance_reduction`` of pairing, the number of ``pairs``, whether they ``suffice`` for the
            sign of the difference, and the number of ``pairs_needed`` for it (missing if unknown).
        """
        each = self._totals(self._window(start, end))
        rows = {
            (label, outcome): {"unit": unit} | _told(paired(each[self.base][outcome], each[label][outcome]))
            for label in self.labels[1:]
            for outcome, unit in summary.HEADLINES.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["scenario", "outcome"])

    def by_country(self, start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
        """Return paired differences in people who move on, by country.

        Returns
        -------
        DataFrame
            One row per (scenario, outcome, key): ``moved_on``, ``returned_moved_on`` (those of them returned
            before) and ``turned_back``; columns as in `table`.
        """
        wanted = ("moved_on", "returned_moved_on", "turned_back")
        return split_table(self.daily, self.labels, wanted, self._window(start, end), "people")

    def by_account(self, start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
        """Return paired differences in pounds spent, by account; see `by_country`."""
        return split_table(self.daily, self.labels, ("cost_gbp",), self._window(start, end), "GBP")

    def unit_costs(self, start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
        """Return what a prevented arrival and a returned person cost (`crossings.study.split.unit_costs`)."""
        return unit_costs(self.daily, self.labels, self._window(start, end))

    def effects(self, start: Day | None = None, end: Day | None = None) -> pd.DataFrame:
        """Return the effect on arrivals: arrivals with the policy over arrivals without it, less one.

        Parameters
        ----------
        start, end
            Window, both dates included; default from the first start of a policy that the base does
            not have (all dates where there is none) to the last date.

        Returns
        -------
        DataFrame
            One row per (scenario, counted): ``arrivals`` counts arrival events, ``first_arrivals``
            persons; ``effect`` with 95% interval ``low``, ``high``, ``standard_error``, ``pairs``, and
            the window ``start``, ``end``.
        """
        opening = self._policy_start() if start is None else _date(start)
        closing = self.end if end is None else _date(end)
        days = self._window(opening, closing)
        rows = {}
        for label in self.labels[1:]:
            for counted in ("arrivals", "first_arrivals"):
                without = self.daily[self.base][counted][:, days].sum(axis=-1)
                with_policy = self.daily[label][counted][:, days].sum(axis=-1)
                window = {"start": opening, "end": closing}
                rows[label, counted] = ratio_effect(without, with_policy) | window
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["scenario", "counted"])

    def as_dict(self) -> dict[str, Any]:
        """Return table and effects as plain data: what ``crossings compare --json`` prints."""
        return {
            "base": self.base,
            "scenarios": list(self.labels),
            "seeds": list(self.seeds),
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "level": LEVEL,
            "table": records(self.table()),
            "by_country": records(self.by_country()),
            "by_account": records(self.by_account()),
            "unit_costs": records(self.unit_costs()),
            "effects": records(self.effects()),
            "digests": {label: list(found) for label, found in self.digests.items()},
            "failed_seeds": sorted({failure.seed for failure in self.failures}),
            "wall_seconds": round(self.wall_seconds, 3),
        } | ({} if self.posterior is None else {"posterior": dict(self.posterior)})

    def plot(self) -> Figure:
        """Draw weekly arrivals with bands over seeds and, if given, draws; returns and admissions beneath."""
        return self.weekly.plot(self.wider)

    def plot_effects(self) -> Figure:
        """Draw the paired difference of every headline outcome, and of onward movement by country."""
        from crossings.views.differences import Panel, draw  # noqa: PLC0415, slow to load and from a higher floor

        headlines, countries = self.table(), self.by_country()
        panels = [
            Panel(title, _intervals(headlines, "outcome", outcome), outcome == "cost_gbp")
            for outcome, title in _DRAWN.items()
        ]
        moved = countries[countries.index.get_level_values("outcome") == "moved_on"]
        panels += [
            Panel(f"moved on to {country}", _intervals(moved, "key", country))
            for country in moved.index.get_level_values("key").unique()
        ]
        window = f"{self.start} to {self.end}"
        return draw(panels, self.base, self.seeds, window, self.provenance[self.base]["origin"])

    def save(self, folder: str | os.PathLike[str], force: bool = False) -> None:
        """Write the comparison into a new folder, whole or not at all.

        Files: ``daily.parquet`` and ``daily.csv`` (by scenario, seed and date), ``table.csv``,
        ``by_country.csv``, ``by_account.csv``, ``unit_costs.csv``, ``effects.csv``, ``runs.csv`` (totals and
        digest of every run), ``effects.png``, ``weekly.png`` (of a week or more), ``summary.json`` and
        ``provenance.json``; where draws of the posterior were asked for, ``posterior_weekly.csv``.

        Raises
        ------
        InputError
            If the folder exists and `force` is not given, or if what is there is not results.
        """
        with whole_folder(folder, force) as place:
            daily = self._daily_frame()
            daily.to_parquet(place / "daily.parquet", index=False)
            daily.to_csv(place / "daily.csv", index=False, date_format="%Y-%m-%d")
            self.table().to_csv(place / "table.csv")
            self.by_country().to_csv(place / "by_country.csv")
            self.by_account().to_csv(place / "by_account.csv")
            self.unit_costs().to_csv(place / "unit_costs.csv")
            self.effects().to_csv(place / "effects.csv")
            self.plot_effects().savefig(place / "effects.png")
            digests = [digest for label in self.labels for digest in self.digests[label]]
            self.totals().assign(digest=digests).to_csv(place / "runs.csv")
            if len(self.weekly.starts):
                with warnings.catch_warnings():
                    warnings.filterwarnings("ignore", "Glyph")  # a letter of a name that the font lacks
                    self.plot().savefig(place / "weekly.png")
            if self.wider is not None:
                _weeks_table(self.wider).to_csv(place / "posterior_weekly.csv", index=False)
            write_json(place / "summary.json", self.as_dict())
            write_json(place / "provenance.json", self._provenance())

    def _totals(self, days: slice) -> dict[str, dict[str, Floats]]:
        return {
            label: summary.totals({name: values[:, days] for name, values in daily.items()})
            for label, daily in self.daily.items()
        }

    def _window(self, start: Day | None, end: Day | None) -> slice:
        first = self.start if start is None else _date(start)
        last = self.end if end is None else _date(end)
        if not self.start <= first <= last <= self.end:
            raise InputError(f"window {first} to {last}: expected dates within {self.start} to {self.end}")
        return slice((first - self.start).days, (last - self.start).days + 1)

    def _policy_start(self) -> date:
        starts = [mark.when for mark in self.marks if mark.kind == "start"]
        return min((when for when in starts if self.start <= when <= self.end), default=self.start)

    def _daily_frame(self) -> pd.DataFrame:
        shape = (len(self.labels), len(self.seeds), len(self.dates))
        places = np.indices(shape).reshape(3, -1)
        columns: dict[str, Any] = {
            "scenario": named(places[0], self.labels),
            "seed": np.array(self.seeds, dtype=np.uint64)[places[1]],
            "date": self.dates.astype("datetime64[ms]")[places[2]],
        }
        for name in KEPT:
            columns[name] = np.concatenate([self.daily[label][name].ravel() for label in self.labels])
        return pd.DataFrame(columns)

    def _provenance(self) -> dict[str, Any]:
        first = {k: v for k, v in self.provenance[self.base].items() if k not in ("scenario", "seed")}
        scenarios = {label: found["scenario"] for label, found in self.provenance.items()}
        failed = [{"scenario": f.label, "seed": f.seed, "traceback": f.traceback} for f in self.failures]
        return first | {
            "seeds": list(self.seeds),
            "scenarios": scenarios,
            "failures": failed,
            "limits": LIMITS,
        }


_DRAWN = {
    "arrivals": "arrivals by boat",
    "deaths": "deaths in the Channel",
    "lorry_arrivals": "arrivals by lorry",
    "returned": "returned",
    "removed": "removed",
    "admitted": "admitted",
    "prevented": "recorded prevented",
    "cost_gbp": "cost (GBP million)",
    "moved_on": "moved on, all countries",
}
"""Headline outcomes in the figure of differences, and what it calls them."""


def _weeks_table(weekly: summary.Weekly) -> pd.DataFrame:
    """Return sums by week with a row for each scenario, seed and week."""
    shape = (len(weekly.seeds), len(weekly.starts))
    run, week = np.indices(shape).reshape(2, -1)
    return pd.concat(
        [
            pd.DataFrame(
                {"scenario": label, "seed": np.array(weekly.seeds)[run], "week": weekly.starts[week]}
                | {name: values.ravel() for name, values in series.items()}
            )
            for label, series in weekly.series.items()
        ]
    )


def _intervals(table: pd.DataFrame, level: str, value: str) -> dict[str, tuple[float, float, float]]:
    """Return difference, low and high by scenario, of the rows with a value of a level."""
    rows = table[table.index.get_level_values(level) == value]
    scenarios = rows.index.get_level_values("scenario")
    values = rows[["difference", "low", "high"]].to_numpy(dtype=np.float64)
    return {str(name): (row[0], row[1], row[2]) for name, row in zip(scenarios, values, strict=True)}


def _told(found: dict[str, float]) -> dict[str, Any]:
    needed = pairs_needed(found)
    return found | {"suffice": suffice(found), "pairs_needed": np.nan if needed is None else float(needed)}


def _date(given: Day) -> date:
    try:
        return date.fromisoformat(given) if isinstance(given, str) else date(*given.timetuple()[:3])
    except (ValueError, AttributeError):
        raise InputError(f"window from or to {given!r}: expected a date, such as 2025-08-06") from None
