"""How far weather alone moves a year's arrivals: the yardstick beside any effect on a year.

The base of a comparison is run again with other weather and everything else alike: the same people,
networks and luck. What differs between those runs is what one year differs from another for no
reason of policy, and what a raw change from year to year must be measured against.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings import model
from crossings.errors import InputError
from crossings.scenario import Scenario
from crossings.study.runs import Job, Progress, RunFailure, run_all

YEAR_DAYS = 365


@dataclass(frozen=True)
class WeatherYears:
    """Arrivals of one year under several weathers.

    Attributes
    ----------
    label
        Scenario.
    start, end
        First and last date of the year.
    arrivals
        People who arrived, one number for each weather.
    """

    label: str
    start: date
    end: date
    arrivals: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean over weathers."""
        return float(self.arrivals.mean())

    @property
    def spread(self) -> float:
        """Standard deviation from one weather to another, in people."""
        return float(self.arrivals.std(ddof=1))

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "scenario": self.label,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "weathers": len(self.arrivals),
            "mean": self.mean,
            "standard_deviation": self.spread,
            "lowest": float(self.arrivals.min()),
            "highest": float(self.arrivals.max()),
        }


def weather_years(
    base: Any,
    weathers: int = 10,
    seed: int = 1,
    processes: int | None = None,
    progress: Progress | None = None,
) -> WeatherYears:
    """Run a scenario under one seed and several weathers.

    Parameters
    ----------
    base
        A scenario, or its name or path.
    weathers
        How many, from 2; weather ``k`` is that of seed ``k``.
    seed
        Of everything else.
    processes
        Workers; default one per core.
    progress
        Told after every few runs.

    Returns
    -------
    WeatherYears
        Of the last 365 dates of the scenario, or of all where there are fewer.

    Raises
    ------
    InputError
        If there is only one weather, or the scenario cannot be used.
    RuntimeError
        If a run fails.
    """
    if weathers < 2:
        raise InputError(f"weathers {weathers}: expected at least 2, as one has no spread")
    scenario = Scenario.of(base)
    run = partial(model.run, events=False)
    jobs = [
        Job(scenario.name, scenario.replace("weather.seed", number), seed, run)
        for number in range(1, weathers + 1)
    ]
    records = run_all(jobs, processes, progress)
    arrivals = []
    for record in records:
        if isinstance(record, RunFailure):
            raise RuntimeError(f"a weather failed; {record}")
        arrivals.append(float(record.daily["arrivals"][-YEAR_DAYS:].sum()))
    start = max(scenario.start, scenario.end - timedelta(days=YEAR_DAYS - 1))
    return WeatherYears(scenario.name, start, scenario.end, np.array(arrivals))
