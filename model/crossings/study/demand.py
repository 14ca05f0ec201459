"""Demand of the past: one multiple for each year, such that as many people arrive as were counted.

The number of people who considered the journey was never observed; the number who arrived was. So in
every draw of the behaviour parameters the yearly multiple of demand is found from arrivals, by scaling:
run, compare each year with the count, multiply, run again. Nothing else about demand is free.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from crossings import model
from crossings.corridors.observed import observed
from crossings.outcomes.result import Result
from crossings.scenario import Scenario
from crossings.study.patterns import Floats, measure, name_of

FIRST_YEAR, LAST_YEAR = 2021, 2025
YEARS = tuple(range(FIRST_YEAR, LAST_YEAR + 1))
"""Years with a multiple of their own; of 2025 seven months were observed."""

START = (1.35, 1.08, 1.60, 1.50, 1.30)
"""Multiples that scaling begins with: near those of the default parameters, to save a pass."""

SCALE, FROM = "inflow.yearly_scale", "inflow.yearly_from"
_LARGEST_STEP = 4.0


@dataclass(frozen=True)
class Scaled:
    """A run of history at multiples of demand that were found for it.

    Attributes
    ----------
    result
        The last run.
    multiples
        Of each of `YEARS`, at which it was made.
    wanted
        Multiples at which it would have met the counts, as far as arrivals are in proportion to demand.
    passes
        Runs that it took.
    """

    result: Result
    multiples: tuple[float, ...]
    wanted: tuple[float, ...]
    passes: int


def scaled(scenario: Scenario, seed: int, passes: int, tolerance: float) -> Scaled:
    """Run history until every year is as near the counts as asked.

    Parameters
    ----------
    scenario
        Of which the multiples of `YEARS` are replaced; it ends when observations do, or earlier.
    seed
        The same in every pass.
    passes
        Most runs to be made.
    tolerance
        Relative distance from a year's count that is near enough.
    """
    counts = observed(scenario.corridor).people
    multiples = np.array(START)
    for done in range(1, passes + 1):
        result = model.run(scenario.with_(**settings_of(multiples)), seed=seed)
        ratio = missing(result, counts)
        wanted = multiples * ratio
        if done == passes or bool(np.all(np.abs(ratio - 1.0) <= tolerance)):
            break
        multiples = wanted
    return Scaled(result, tuple(map(float, multiples)), tuple(map(float, wanted)), done)


def missing(result: Result, counts: Mapping[tuple[int, int], int]) -> Floats:
    """Return observed over simulated arrivals of each of `YEARS`, over the months that both cover.

    A year that was not simulated has 1; no ratio is taken to be beyond a factor of four.
    """
    people = measure(result.daily)
    found = np.ones(len(YEARS))
    for place, year in enumerate(YEARS):
        months = [m for y, m in counts if y == year and name_of("people", f"{y}-{m:02d}") in people]
        simulated = sum(people[name_of("people", f"{year}-{m:02d}")] for m in months)
        if months:
            ratio = sum(counts[year, m] for m in months) / max(simulated, 1.0)
            found[place] = np.clip(ratio, 1.0 / _LARGEST_STEP, _LARGEST_STEP)
    return found


def settings_of(multiples: Sequence[float] | Floats, first: int = FIRST_YEAR) -> dict[str, Any]:
    """Return the settings of a scenario, by dotted key, at which demand has these multiples by year."""
    return {SCALE: [round(float(value), 6) for value in multiples], FROM: first}


def history(scenario: Scenario, seed: int = 1, *, passes: int = 2, tolerance: float = 0.05) -> dict[str, Any]:
    """Run history once, demand scaled to the counts, and return its patterns: what a sweep runs.

    The seed is that of the weather where the scenario has one, so that every draw of a design can have
    chance of its own.

    Returns
    -------
    dict
        Patterns by name (`crossings.study.patterns`), ``demand@YEAR`` (multiples at which the run was
        made), ``wanted@YEAR``, and ``passes``.
    """
    own = seed if scenario.weather.seed is None else scenario.weather.seed
    found = scaled(scenario.replace("weather.seed", None), own, passes, tolerance)
    demand = {name_of("demand", y): m for y, m in zip(YEARS, found.multiples, strict=True)}
    wanted = {name_of("wanted", y): m for y, m in zip(YEARS, found.wanted, strict=True)}
    return measure(found.result.daily, found.result.by) | demand | wanted | {"passes": float(found.passes)}
