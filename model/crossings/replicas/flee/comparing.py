"""How far a run is off the people counted, by day and camp.

The averaged relative difference of a day is the sum over camps of what the model is off, over all people
counted,

    ARD(t) = sum_c |s_c(t) - n_c(t)| / sum_c n_c(t),

and *rescaled* it is that of simulated counts multiplied so that their sum is that of the people counted: then
1 - ARD / 2 is the share of people who are in the right camp.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crossings.replicas.flee.case import Case, Floats, Ints

SETTLED = 12
"""Days after which the published evaluation begins: those before say little, as most were placed by hand."""

GOOD = 0.5
"""Rescaled difference below which three quarters are in the right camp."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """Simulated and counted people of one or more runs.

    Attributes
    ----------
    case
        What was run.
    simulated
        People in camps by run, shape (runs, days, camps).
    """

    case: Case
    simulated: Floats

    @property
    def ard(self) -> Floats:
        """Averaged relative difference, shape (runs, days); nan on days without anyone counted."""
        return self._difference(self.simulated)

    @property
    def rescaled(self) -> Floats:
        """The same of rescaled counts; nan where nobody is in a camp."""
        return self._difference(self._scaled(self.simulated))

    @property
    def naive(self) -> Floats:
        """The same for people spread evenly over all camps, shape (days,)."""
        camps = len(self.case.camps)
        even = np.repeat(self.case.counted.sum(axis=1)[:, None] / camps, camps, axis=1)
        found: Floats = self._difference(even[None])[0]
        return found

    @property
    def shares(self) -> Floats:
        """Share of each camp among people in camps on the last day, shape (runs, camps)."""
        last = self.simulated[:, -1]
        return _over(last, last.sum(axis=1, keepdims=True))

    def by_day(self) -> pd.DataFrame:
        """Return date, counted and simulated people, both differences and the error of each camp, by day."""
        simulated = self.simulated.mean(axis=0)
        table = pd.DataFrame({"day": np.arange(self.case.days), "date": self._dates()})
        table["counted"] = self.case.counted.sum(axis=1)
        table["simulated"] = simulated.sum(axis=1)
        table["ard"] = self.ard.mean(axis=0)
        table["rescaled_ard"] = self.rescaled.mean(axis=0)
        for number, name in enumerate(self.case.camp_names):
            table[f"error {name}"] = simulated[:, number] - self.case.counted[:, number]
        return table

    def by_camp(self) -> pd.DataFrame:
        """Return each camp's counts on the last day and its mean error and absolute error over all days."""
        simulated = self.simulated.mean(axis=0)
        error = simulated - self.case.counted
        order = np.argsort(-self.case.counted[-1], kind="stable")
        return pd.DataFrame(
            {
                "camp": np.array(self.case.camp_names)[order],
                "counted": self.case.counted[-1, order],
                "simulated": simulated[-1, order],
                "error": error[-1, order],
                "share_counted": _over(self.case.counted[-1], self.case.counted[-1].sum())[order],
                "share_simulated": self.shares.mean(axis=0)[order],
                "mean_error": error.mean(axis=0)[order],
                "mean_absolute_error": np.abs(error).mean(axis=0)[order],
            }
        )

    def long(self) -> pd.DataFrame:
        """Return a row for each day and camp: counted, simulated (mean, least, most over runs), error."""
        days, camps = self.case.counted.shape
        simulated = self.simulated.mean(axis=0)
        return pd.DataFrame(
            {
                "day": np.repeat(np.arange(days), camps),
                "date": np.repeat(np.array(self._dates()), camps),
                "camp": np.tile(np.array(self.case.camp_names), days),
                "counted": self.case.counted.ravel(),
                "simulated": simulated.ravel(),
                "least": self.simulated.min(axis=0).ravel(),
                "most": self.simulated.max(axis=0).ravel(),
                "error": (simulated - self.case.counted).ravel(),
            }
        )

    def _dates(self) -> list[str]:
        return [(self.case.start + dt.timedelta(days=day)).isoformat() for day in range(self.case.days)]

    def _scaled(self, simulated: Floats) -> Floats:
        there = simulated.sum(axis=2, keepdims=True)
        return simulated * _over(self.case.counted.sum(axis=1)[None, :, None], there)

    def _difference(self, simulated: Floats) -> Floats:
        off = np.abs(simulated - self.case.counted).sum(axis=2)
        return _over(off, self.case.counted.sum(axis=1))


def compare(case: Case, runs: Sequence[Ints], people_each: int = 1) -> Comparison:
    """Put runs beside what was counted.

    Parameters
    ----------
    case
        As it was read.
    runs
        `FleeModel.simulated` of each.
    people_each
        For how many people each in the model stands.
    """
    return Comparison(case, np.array(runs, dtype=np.float64) * people_each)


def _over(one: object, other: object) -> Floats:
    """Divide, with nan where there is nothing to divide by."""
    top, bottom = np.broadcast_arrays(np.asarray(one, dtype=np.float64), np.asarray(other, dtype=np.float64))
    found: Floats = np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0.0)
    return found
