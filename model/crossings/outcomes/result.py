"""What one run gave."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crossings.errors import InputError
from crossings.outcomes import breakdown
from crossings.outcomes.digest import digest, digest_exact
from crossings.outcomes.events import People
from crossings.outcomes.folders import whole_folder, write_json
from crossings.outcomes.provenance import Provenance
from crossings.outcomes.summary import (
    MONTHLY,
    NEEDED,
    WEEKLY,
    Dates,
    Weekly,
    months,
    plain,
    policy_marks,
    totals,
    weeks,
)
from crossings.outcomes.tables import columns, records

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """Tables and totals of one run, with what is needed to make it again.

    Attributes
    ----------
    name
        Name of the scenario.
    scenario
        The whole scenario as plain data, defaults included.
    seed
        Seed of the run.
    start, end
        First and last calendar date reported.
    daily
        Wide totals: one row per date, one column per outcome (`catalogue.OUTCOMES`).
    by
        Long: ``date, outcome, key, value``, for outcomes split by group, place, country or account.
    provenance
        Versions, commit, data files, command.
    wall_seconds
        Time the run took; the one number here that differs between equal runs.
    host
        The country people cross from.
    last
        How everyone stood at the end, or None where it was not kept.
    steps
        Every step of every life line, or None where they were not recorded.
    stage_table
        What every stage of the authorities did (`crossings.outcomes.stages`), or None where it was not kept.
    standing
        What `ends` gives, in a result read back from its folder; people themselves are not saved.
    """

    name: str
    scenario: dict[str, Any]
    seed: int
    start: date
    end: date
    daily: pd.DataFrame
    by: pd.DataFrame
    provenance: Provenance
    wall_seconds: float
    host: str = "France"
    last: People | None = None
    steps: pd.DataFrame | None = None
    stage_table: pd.DataFrame | None = None
    standing: pd.DataFrame | None = None

    def __repr__(self) -> str:
        return f"<Result {self.name} seed {self.seed}, {self.start} to {self.end}, digest {self.digest[:12]}>"

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the daily table, floats at six significant digits."""
        return digest(self.daily)

    @cached_property
    def digest_exact(self) -> str:
        """SHA-256 of the daily table with every bit."""
        return digest_exact(self.daily)

    def summary(self) -> dict[str, int | float | None]:
        """Return headline totals over the reported dates; None where one has no meaning."""
        found = totals(columns(self.daily, NEEDED))
        return {name: plain(float(value)) for name, value in found.items()}

    def monthly(self) -> dict[str, list[Any]]:
        """Return sums by calendar month, a list for each outcome beside the list of months."""
        return months(self._dates, columns(self.daily, MONTHLY))

    def weekly(self) -> Weekly:
        """Return sums by week, ready to be drawn."""
        starts, sums = weeks(self._dates, columns(self.daily, WEEKLY))
        series = {self.name: {name: values[None, :] for name, values in sums.items()}}
        marks = policy_marks(self.scenario)
        return Weekly(starts, series, (self.seed,), marks, self.provenance.origin)

    def people(self) -> pd.DataFrame:
        """Return one row per person: who they are, what happened to them, how they stood at the end.

        Raises
        ------
        InputError
            If the run did not keep them.
        """
        if self.last is None:
            raise InputError("people were not kept by this run")
        return self.last.frame()

    def ends(self) -> pd.DataFrame:
        """Return where people stand at the end, by group, state and country (`People.ends`).

        Raises
        ------
        InputError
            If the run did not keep them.
        """
        if self.last is not None:
            return self.last.ends()
        if self.standing is None:
            raise InputError("people were not kept by this run")
        return self.standing

    def beliefs(self) -> pd.DataFrame:
        """Return what people near the coast believed, by nationality and date.

        Returns
        -------
        DataFrame
            Long: ``date``, ``group``, ``belief`` (`crossings.population.BELIEFS`), the ``mean`` and the
            ``spread`` (standard deviation) between the people of the group; what the group has heard, and no
            spread, where nobody of it is there. People are asked once a week; between, values are carried on.
        """
        wanted = self.by[self.by["outcome"].str.startswith("belief_")]
        spread = wanted["outcome"].str.endswith("_spread")
        belief = wanted["outcome"].str.removeprefix("belief_").str.removesuffix("_spread")
        what = spread.map({False: "mean", True: "spread"})
        long = wanted.assign(group=wanted["key"], belief=belief, what=what)
        table = long.pivot(index=["date", "group", "belief"], columns="what", values="value")
        return table.rename_axis(columns=None).reset_index()

    def stages(self) -> pd.DataFrame:
        """Return queue, waiting time, exits and use of every stage (`outcomes.stages.stage_table`).

        Raises
        ------
        InputError
            If the run did not keep them.
        """
        if self.stage_table is None:
            raise InputError("stages were not kept by this run")
        return self.stage_table

    def burden(self) -> pd.DataFrame:
        """Return people taken in by country, returned people apart (`outcomes.breakdown.burden`)."""
        return breakdown.burden(self.daily, self.by, self.host)

    def costs(self) -> pd.DataFrame:
        """Return pounds spent by account (`outcomes.breakdown.costs`)."""
        return breakdown.costs(self.daily, self.by)

    def events(self) -> pd.DataFrame:
        """Return every step of every life line in order of time.

        Raises
        ------
        InputError
            If the run did not record them.
        """
        if self.steps is None:
            raise InputError("events were not recorded: expected run(..., events=True)")
        return self.steps

    def as_dict(self) -> dict[str, Any]:
        """Return the run in short as plain data: what ``crossings run --json`` prints."""
        return {
            "scenario": self.name,
            "seed": self.seed,
            "host": self.host,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "totals": self.summary(),
            "monthly": self.monthly(),
            "burden": records(self.burden()),
            "costs": records(self.costs()),
            "stages": [] if self.stage_table is None else records(self.stage_table),
            "digest": self.digest,
            "wall_seconds": round(self.wall_seconds, 3),
        }

    def plot(self) -> Figure:
        """Draw arrivals by week, with returns and admissions beneath."""
        return self.weekly().plot()

    def save(self, folder: str | os.PathLike[str], force: bool = False) -> None:
        """Write the run into a new folder, whole or not at all.

        Files: ``daily.parquet``, ``daily.csv``, ``by.parquet``, ``burden.csv``, ``costs.csv``,
        ``stages.csv``, ``weekly.png`` (of a week or more), ``summary.json``, ``provenance.json`` and, where
        they were recorded, ``ends.parquet`` and ``events.parquet``.

        Parameters
        ----------
        folder
            Where to; parent folders are made.
        force
            Replace results that are there already.

        Raises
        ------
        InputError
            If the folder exists and `force` is not given, or if what is there is not results.
        """
        with whole_folder(folder, force) as place:
            self.daily.to_parquet(place / "daily.parquet")
            self.daily.to_csv(place / "daily.csv", date_format="%Y-%m-%d")
            self.by.to_parquet(place / "by.parquet", index=False)
            self.burden().to_csv(place / "burden.csv")
            self.costs().to_csv(place / "costs.csv")
            if self.stage_table is not None:
                self.stage_table.to_csv(place / "stages.csv")
            if self.last is not None or self.standing is not None:
                self.ends().to_parquet(place / "ends.parquet", index=False)
            if self.steps is not None:
                self.steps.to_parquet(place / "events.parquet", index=False)
            self.weekly().save(place / "weekly.png")
            write_json(place / "summary.json", self.as_dict() | {"digest_exact": self.digest_exact})
            write_json(place / "provenance.json", self.provenance.as_dict())

    @property
    def _dates(self) -> Dates:
        return np.asarray(self.daily.index.to_numpy(), dtype="datetime64[D]")
