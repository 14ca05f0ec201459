"""Inflow: who becomes a candidate, and when.

Potential candidates of a group on a day are negative binomial about a mean that follows the
year's demand, the group's share of it and one seasonal profile. Demand is stated for the date at
which people would reach the coast, so the calendar is shifted by the time the journey takes.

Everybody who may enter during a run is laid down at its start: who *might* set out does not depend
on policy, and a person's identity (group, day of entry, number of that day) is the key of every
draw that is ever made for them.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from crossings.clock import Clock
from crossings.corridors.corridor import Corridor
from crossings.hooks import Rows, Tally
from crossings.parameters import Block, param
from crossings.population import Population
from crossings.streams import Keys, Streams, identity, lognormal, negative_binomial

DAYS_A_YEAR = 365.25

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


Factor = Annotated[float, Field(ge=0.0, le=100.0)]
"""A multiple of demand, as a parameter."""


class InflowBlock(Block):
    """How many candidates there are and how much they differ."""

    scale: float = param(
        1.0,
        "People simulated for each real one.",
        low=0.8,
        high=1.25,
        source="by design 1:1; moving it a little stands for error in total demand",
        min_value=0.0,
        max_value=100,
    )
    dispersion: float = param(
        0.15,
        "Variance of a day's candidates beyond Poisson, over the mean squared.",
        low=0.0,
        high=0.5,
        min_value=0.0,
    )
    yearly_scale: tuple[Factor, ...] = param(
        (),
        "Multiple of demand by year of reaching the coast, from `yearly_from` on; the first holds before, "
        "the last after them, 1 if there are none.",
        low=0.5,
        high=2.0,
        source="found in calibration: the one thing about demand that is free by year",
    )
    yearly_from: int = param(
        2021, "Year of the first of these multiples.", unit="year", min_value=2000, max_value=2100
    )
    known_until: int | None = param(
        None,
        "Year after which total and shares by nationality are carried on as they were in it; none if none. "
        "It keeps what was seen after a policy began out of the demand that the policy is judged by.",
        unit="year",
        min_value=2000,
        max_value=2100,
    )
    lead_days: int = param(
        50,
        "Days from becoming a candidate to reaching the coast, by which the demand calendar is shifted.",
        unit="day",
        low=30,
        high=70,
        min_value=0,
    )


def daily_means(
    block: InflowBlock, corridor: Corridor, clock: Clock, days: int, stands_for: int = 1
) -> Floats:
    """Return the expected candidates of every model day and group.

    Parameters
    ----------
    block
        Parameters.
    corridor
        Whose yearly demand and season are used.
    clock
        For the calendar.
    days
        Number of model days.
    stands_for
        People that one candidate stands for.

    Returns
    -------
    ndarray of float64, shape (days, groups)
        Candidates per day.
    """
    first = np.datetime64(clock.date(0), "D") + np.timedelta64(block.lead_days, "D")
    at_coast = first + np.arange(days)
    years = at_coast.astype("datetime64[Y]")
    into_year = (at_coast - years.astype("datetime64[D]")).astype(np.float64) / DAYS_A_YEAR
    numbers = years.astype(np.int64) + 1970
    by_year = {int(year): _candidates(block, corridor, int(year)) for year in np.unique(numbers)}
    yearly = np.array([by_year[int(year)] for year in numbers], dtype=np.float64).reshape(days, -1)
    return block.scale / stands_for * yearly / DAYS_A_YEAR * _season(corridor, into_year)[:, None]


def _candidates(block: InflowBlock, corridor: Corridor, year: int) -> list[float]:
    """Return a year's potential candidates by group, at the multiple of demand of that year."""
    known = year if block.known_until is None else min(year, block.known_until)
    factors = block.yearly_scale or (1.0,)
    factor = factors[min(max(year - block.yearly_from, 0), len(factors) - 1)]
    demand = corridor.demand(known)
    return [factor * demand.get(group.name, 0.0) for group in corridor.groups]


def _season(corridor: Corridor, into_year: Floats) -> Floats:
    """Return the seasonal factor, straight lines between the middles of months, mean 1."""
    months = np.asarray(corridor.season, dtype=np.float64)
    middles = (np.arange(12) + 0.5) / 12
    whole_year = np.interp(np.linspace(0, 1, 366), middles, months, period=1.0)
    return np.asarray(np.interp(into_year, middles, months, period=1.0) / whole_year[:-1].mean())


def lay_down(
    block: InflowBlock,
    corridor: Corridor,
    streams: Streams,
    clock: Clock,
    days: int,
    value_spread: float,
    stands_for: int = 1,
) -> Population:
    """Lay down everyone who may become a candidate during a run.

    Parameters
    ----------
    block
        Parameters.
    corridor
        Groups, demand and season.
    streams
        Random numbers: one pair for each group and day, five for each person.
    clock
        For the calendar.
    days
        Number of model days, warm-up included.
    value_spread
        Log standard deviation of the value of arriving (`ValuesBlock.spread`).
    stands_for
        People that one row stands for.

    Returns
    -------
    Population
        Rows in order of day, group code and number of the day; all in state ``FUTURE``.
    """
    counts = _counts(block, corridor, streams, clock, days, stands_for)
    groups = len(corridor.groups)
    cells = np.repeat(np.arange(days * groups), counts.ravel())
    day, group = np.divmod(cells, groups)
    starts = np.concatenate(([0], np.cumsum(counts.ravel())[:-1]))
    ordinal = np.arange(len(cells)) - starts[cells]
    keys = _keys(corridor, group, clock.ordinal(0) + day, ordinal)
    population = Population(keys, group, day, stands_for)
    _describe(population, corridor, streams, value_spread)
    return population


def _counts(
    block: InflowBlock, corridor: Corridor, streams: Streams, clock: Clock, days: int, stands_for: int
) -> Codes:
    """Draw the number of candidates of each day and group, shape (days, groups)."""
    means = daily_means(block, corridor, clock, days, stands_for)
    dates = clock.ordinal(0) + np.arange(days)
    keys = np.concatenate([identity(group.name, dates) for group in corridor.groups])
    u, v = streams.uniforms("inflow.count", keys, 0, 2).reshape(2, len(corridor.groups), days)
    return negative_binomial(u.T, v.T, means, block.dispersion)


def _keys(corridor: Corridor, group: Codes, date: Codes, ordinal: Codes) -> Keys:
    """Return the identity of each person."""
    keys = np.empty(len(group), dtype=np.uint64)
    for code, known in enumerate(corridor.groups):
        members = group == code
        keys[members] = identity(known.name, date[members], ordinal[members])
    return keys


def _describe(population: Population, corridor: Corridor, streams: Streams, value_spread: float) -> None:
    """Draw who each person is."""
    group = population.group
    adult, female, ties, wealth, value = streams.uniforms("inflow.person", population.key, 0, 5)
    population.adult = adult < _of_groups(corridor, "adult_share")[group]
    population.female = female < _of_groups(corridor, "female_share")[group]
    population.ties = ties < _of_groups(corridor, "ties_share")[group]
    median, sigma = _of_groups(corridor, "wealth_median"), _of_groups(corridor, "wealth_sigma")
    population.wealth = lognormal(wealth, median[group], sigma[group])
    population.value_spread = lognormal(value, 1.0, value_spread)


def _of_groups(corridor: Corridor, attribute: str) -> Floats:
    return np.array([getattr(group, attribute) for group in corridor.groups], dtype=np.float64)


class Inflow:
    """Makes candidates of people whose day has come.

    Parameters
    ----------
    clock, population, tally
        The run's.
    corridor
        Tells where each group decides.
    """

    def __init__(self, clock: Clock, population: Population, corridor: Corridor, tally: Tally) -> None:
        self._clock = clock
        self._population = population
        self._tally = tally
        self._origins = np.array(
            [corridor.place_code(group.origin) for group in corridor.groups], dtype=np.int16
        )

    def enter(self, day: int) -> Rows:
        """Bring in the candidates of a day, at their origin; return their rows."""
        people = self._population
        rows = people.enter(day, self._clock.now)
        if rows.size:
            groups = people.group[rows]
            people.place[rows] = self._origins[groups]
            self._tally.count_by("candidates", groups)
        return rows
