"""Life lines: each step of each person, and how everyone stands at the end.

The event log listens to `Population.move`, the only way a state changes, so it misses nothing. A
season is some million steps, kept in chunks of fixed-size arrays and made into a table on request.
Both tables include the warm-up, since a life line that begins in the middle explains nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.hooks import Rows
from crossings.outcomes.tables import named
from crossings.population import BELIEFS, Population, State

CHUNK = 1 << 16
_STEP = np.dtype([("time", "f8"), ("row", "i4"), ("before", "i1"), ("to", "i1"), ("place", "i2")])
_COPIED = (
    *("key", "group", "entry_day", "adult", "female", "ties", "wealth"),
    *("state", "since", "place", "attempts", "stops", "arrivals", "returns"),
)
_STATES = [state.name.lower() for state in State]


class EventLog:
    """Writes down every step of the life lines of a population.

    Parameters
    ----------
    population
        Whose steps; the log becomes its listener.

    Raises
    ------
    RuntimeError
        If something listens already.
    """

    def __init__(self, population: Population) -> None:
        if population.listener is not None:
            raise RuntimeError("the population has a listener already")
        self._population = population
        self._full: list[NDArray[np.void]] = []
        self._chunk = np.empty(CHUNK, dtype=_STEP)
        self._used = 0
        population.listener = self

    def __call__(self, rows: Rows, before: NDArray[np.int8], to: State) -> None:
        """Write down one step of some people; called by the population after the step."""
        done = 0
        while done < len(rows):
            if self._used == CHUNK:
                self._full.append(self._chunk)
                self._chunk, self._used = np.empty(CHUNK, dtype=_STEP), 0
            take = min(CHUNK - self._used, len(rows) - done)
            part = slice(done, done + take)
            target = self._chunk[self._used : self._used + take]
            target["time"] = self._population.since[rows[part]]
            target["row"] = rows[part]
            target["before"] = before[part]
            target["to"] = to
            target["place"] = self._population.place[rows[part]]
            self._used += take
            done += take

    def __len__(self) -> int:
        return len(self._full) * CHUNK + self._used

    def frame(self, groups: Sequence[str], places: Sequence[str], epoch: date) -> pd.DataFrame:
        """Return the steps as a table, in the order in which they were taken.

        Parameters
        ----------
        groups, places
            Names by code.
        epoch
            Date whose noon is time 0.

        Returns
        -------
        DataFrame
            ``time`` (to the second), ``person`` (identity key), ``group``, ``from``, ``to`` and
            ``place``, missing for people on the way.
        """
        steps = np.concatenate([*self._full, self._chunk[: self._used]])
        rows = steps["row"]
        return pd.DataFrame(
            {
                "time": moments(steps["time"], epoch),
                "person": self._population.key[rows],
                "group": named(self._population.group[rows], groups),
                "from": named(steps["before"], _STATES),
                "to": named(steps["to"], _STATES),
                "place": named(steps["place"], places),
            }
        )


@dataclass(frozen=True, eq=False)
class People:
    """How everyone who has entered stands at one moment: a copy of columns, made a table on request.

    Attributes
    ----------
    columns
        Arrays by name, one entry per person who has entered.
    groups, places
        Names by code.
    countries
        Country of each place, in the same order.
    epoch
        Date whose noon is time 0.
    stands_for
        People that each of them stands for.
    """

    columns: dict[str, NDArray[Any]]
    groups: tuple[str, ...]
    places: tuple[str, ...]
    countries: tuple[str, ...]
    epoch: date
    stands_for: int = 1

    @classmethod
    def of(
        cls,
        population: Population,
        groups: Sequence[str],
        places: Sequence[str],
        countries: Sequence[str],
        epoch: date,
    ) -> People:
        """Copy the columns of those who have entered."""
        entered = slice(0, population.entered)
        columns = {name: getattr(population, name)[entered].copy() for name in _COPIED}
        for name, counts in zip(BELIEFS, population.belief, strict=True):
            held = np.flatnonzero(counts[:, entered].any(axis=0))  # nobody holds any before the coast
            columns[f"belief_{name}"] = means = np.full(population.entered, np.nan, dtype=np.float32)
            means[held] = population.mean_belief(name, held)
        return cls(columns, tuple(groups), tuple(places), tuple(countries), epoch, population.stands_for)

    def frame(self) -> pd.DataFrame:
        """Return one row per person, indexed by identity key.

        Counts (``attempts``, ``stops``, ``arrivals``, ``returns``) run over the whole life line,
        warm-up included; beliefs are the last ones held, missing for people who never reached the coast.
        """
        seen: dict[str, Any] = dict(self.columns)
        index = pd.Index(seen.pop("key"), name="person")
        seen["group"] = named(seen["group"], self.groups)
        seen["state"] = named(seen["state"], _STATES)
        seen["place"] = named(seen["place"], self.places)
        seen["entry_date"] = np.datetime64(self.epoch, "s") + seen.pop("entry_day") * np.timedelta64(
            86_400, "s"
        )
        seen["since"] = moments(seen["since"], self.epoch)
        return pd.DataFrame(seen, index=index)

    def ends(self) -> pd.DataFrame:
        """Return where people stand, counted by country.

        Returns
        -------
        DataFrame
            ``group, state, country, people``: one row for each combination that holds anyone, in the
            order of the life line. People on the way count at the last place they reached.
        """
        country_names = tuple(dict.fromkeys(self.countries))
        country = np.array([country_names.index(name) for name in self.countries])[self.columns["place"]]
        seen = pd.DataFrame(
            {
                "group": named(self.columns["group"], self.groups),
                "state": named(self.columns["state"], _STATES),
                "country": named(country, country_names),
            }
        )
        counts = seen.groupby(["group", "state", "country"], observed=True).size() * self.stands_for
        return counts.rename("people").reset_index()


def moments(times: NDArray[np.float64], epoch: date) -> NDArray[np.datetime64]:
    """Turn model times into points on the calendar, to the second."""
    noon = np.datetime64(epoch, "s") + np.timedelta64(12, "h")
    seconds = np.floor(times * 86_400.0).astype("timedelta64[s]")
    return np.asarray(noon + seconds)
