"""A forecast put on record: 1 August 2025 to 30 September 2026, with the pilot as implemented and without.

Behaviour is a draw of the posterior, which knows 2021-24; demand also knows January to July 2025. From
August 2025 on the log of the yearly total is a random walk (`STEP`), half a step (half the variance) for
the rest of 2025 and a whole one for 2026. Both arms have the same people, luck, weather of the model's
own, officers, and at-sea doctrine; the doses of returns and admissions are inputs (`arms`).

A forecast has two uncertainties. That of parameters, demand's walk among them, is the spread of its runs;
that of chance alone is the spread of runs of the central draw, with demand that does not walk, under several
seeds, and is shown apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from crossings import model
from crossings.corridors.observed import observed
from crossings.scenario import Scenario
from crossings.study.advance import DONE, Watcher
from crossings.study.axes import Axis
from crossings.study.calibration import CHANCE, HISTORY, cube
from crossings.study.demand import FIRST_YEAR, settings_of
from crossings.study.patterns import Floats, name_of
from crossings.study.posteriors import Posterior
from crossings.study.sweep_parts import Given
from crossings.study.sweeps import Sweep
from crossings.study.validation import DRAW, measured

START, END = date(2025, 8, 1), date(2026, 9, 30)
STEP = 0.45
"""Standard deviation of a year's step of the log of total demand; `step_of` estimates it from counts."""
RUNS = 200
NO_POLICY, AS_IMPLEMENTED = "no-policy", "one-in-one-out-as-implemented"
PERCENTILES = tuple(range(101))

FIRST_SEED = 30_000  # apart from those of calibration and validation
_ALONE, _ANCHOR_SEEDS = 35_000, 40_000
_ORIGIN_SEEDS = 50_000
_LAST_MONTHS = 7  # of 2025 that were observed
_FROM, _CENTRE = "2025", "centre"
_MONTH, _WEEK = re.compile(r"\d{4}-\d{2}"), re.compile(r"w\d{4}-\d{2}-\d{2}")

DOCTRINE = {
    "kind": "SeaInterdiction",
    "announced": date(2025, 11, 28),
    "start": date(2026, 1, 17),
    "stopped": 0.02,
}
"""Seven stops by mid-2026 (Home Office): some two in a hundred taxi boats, in both arms."""
AGENTS = "people_per_agent"
HELD = 3  # months after June 2026 for which June's dose goes on


def arms(people_per_agent: int = 1) -> dict[str, Scenario]:
    """Return both scenarios of the forecast by name: dates, the doctrine, and June's dose held."""
    shared: dict[str, Any] = {
        "start": START, "end": END, "policies.at_sea": DOCTRINE, AGENTS: people_per_agent,
    }  # fmt: skip
    dosed = Scenario.load(AS_IMPLEMENTED)
    table = dosed.as_dict()["policies"]
    returned, admitted = table["returns"]["quota_by_month"], table["legal_route"]["admissions_by_month"]
    held = {
        "policies.returns.quota_by_month": [*returned, *returned[-1:] * HELD],
        "policies.legal_route.admissions_by_month": [*admitted, *admitted[-1:] * HELD],
    }
    return {
        NO_POLICY: Scenario.load(NO_POLICY).with_(**shared),
        AS_IMPLEMENTED: dosed.with_(**shared, **held),
    }


def arrivals(scenario: Scenario, seed: int = 1) -> dict[str, float]:
    """Run a scenario and return arrivals by month (``2025-08``) and week to Sunday (``w2025-08-10``).

    Weeks count only where all seven days are there. The weather's seed is the seed of all, as in
    `validation`.
    """
    own = seed if scenario.weather.seed is None else scenario.weather.seed
    daily = model.run(scenario.replace("weather.seed", None), seed=own).daily["arrivals"]
    series = pd.Series(daily.to_numpy(float), index=pd.DatetimeIndex(daily.index))
    months = series.groupby(series.index.to_period("M")).sum()  # type: ignore[attr-defined] # an index of dates
    weeks = series.resample("W-SUN").agg(["sum", "size"])
    whole = weeks[weeks["size"] == 7]["sum"]
    return {str(month): float(people) for month, people in months.items()} | {
        f"w{pd.Timestamp(str(week)).date()}": float(people) for week, people in whole.items()
    }


# -------------------------------------------------------------------------------- demand


def steps(count: int, seed: int, step: float = STEP) -> Floats:
    """Return steps of log demand for the rest of 2025 and for 2026, shape (count, 2)."""
    normal = special.ndtri(np.clip(cube(count, 2, seed), 1e-6, 1 - 1e-6))
    return np.asarray(normal * np.array([step * np.sqrt(0.5), step]))


def anchors(
    posterior: Posterior, count: int, out: str | Path, processes: int | None, progress: Watcher | None,
    accept_changes: bool = False, people_per_agent: int = 1,
) -> Floats:  # fmt: skip
    """Return log multiples of 2025's demand at which January to July 2025 has as many people as were counted.

    The forecast begins with the networks of 2025, as every scenario of the present does, not where history
    from 2021 left them; so its demand is found in its own setting. Arrivals are taken to be in proportion
    to demand.
    """
    dates = {"start": date(2025, 1, 1), "end": date(2025, 7, 31)}
    base = Scenario.load(NO_POLICY).with_(**dates, **{AGENTS: people_per_agent})
    variants = {f"d{k:04d}": posterior.behaviour(k) for k in posterior.spread_out(count)}
    points: list[dict[str, Any]] = [{DRAW: name, CHANCE: _ANCHOR_SEEDS + int(name[1:])} for name in variants]
    sweep = Sweep(
        base, Given(points, [Axis(DRAW, variants=variants)]), design="table", name="anchors",
        title="Demand of January to July 2025", out=Path(out) / "anchors", run=arrivals,
    )  # fmt: skip
    sweep.run(processes=processes, progress=progress, accept_changes=accept_changes)
    rows = sweep.results()
    months = [f"{_FROM}-{month:02d}" for month in range(1, _LAST_MONTHS + 1)]
    simulated = rows[rows["status"] == DONE][months].sum(axis=1).to_numpy(float)
    counted = sum(observed(base.corridor).people[int(_FROM), month] for month in range(1, _LAST_MONTHS + 1))
    return np.asarray(np.log(counted / np.maximum(simulated, 1.0)))


# ---------------------------------------------------------------------------------- runs


def planned(
    posterior: Posterior, runs: int, anchored: Floats, step: float = STEP
) -> dict[str, dict[str, Any]]:
    """Return the settings of every run by its name: behaviour, and demand of 2025 and 2026.

    Parameters
    ----------
    posterior
        Of behaviour.
    runs
        How many; each is a draw of its own where there are as many, and more begin with the same.
    anchored
        Log multiples for 2025 from `anchors`, used in turn.
    step
        Of the walk.
    """
    walk, found = steps(runs, 1, step), {}
    order = posterior.spread_out(len(posterior))
    for number in range(runs):
        draw = order[number % len(order)]
        first = float(anchored[number % len(anchored)]) + walk[number, 0]
        demand = np.exp([first, first + walk[number, 1]])
        found[f"r{number:04d}"] = posterior.behaviour(draw) | settings_of(demand, int(_FROM))
    return found


def centre(posterior: Posterior, anchored: Floats) -> dict[str, Any]:
    """Return the settings of runs that show chance alone: the central draw, and demand that does not walk."""
    demand = np.exp([float(np.mean(anchored))] * 2)
    return posterior.behaviour(posterior.centre()) | settings_of(demand, int(_FROM))


def arm_sweep(
    arm: str,
    scenario: Scenario,
    plan: Mapping[str, Mapping[str, Any]],
    central: Mapping[str, Any],
    seeds: int,
    out: str | Path,
) -> Sweep:
    """Return the runs of one arm: every planned run with a seed of its own, and the centre under several.

    Runs of the same name have the same seed in both arms, so that arms differ by the policy alone.
    """
    axis = Axis(DRAW, variants={**plan, _CENTRE: central})
    seeds_of = {name: FIRST_SEED + number for number, name in enumerate(plan)}
    points: list[dict[str, Any]] = [{DRAW: name, CHANCE: seed} for name, seed in seeds_of.items()]
    points += [{DRAW: _CENTRE, CHANCE: _ALONE + number} for number in range(seeds)]
    return Sweep(
        scenario, Given(points, [axis]), design="table", name=arm, title=f"Forecast: {arm}",
        out=Path(out) / arm, run=arrivals,
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Forecast:
    """Arrivals to come.

    Attributes
    ----------
    runs
        Rows of runs over the posterior by arm: a column for each month and week.
    chance
        Rows of the centre under several seeds, by arm.
    about
        What made it.
    """

    runs: Mapping[str, pd.DataFrame]
    chance: Mapping[str, pd.DataFrame]
    about: Mapping[str, Any]

    def monthly(self) -> pd.DataFrame:
        """Return ``scenario, month, mean, q00 ... q100``: people arriving, minimum to maximum."""
        return _percentiles(self.runs, "month", months_of)

    def weekly(self) -> pd.DataFrame:
        """Return ``scenario, week_ending, mean, q00 ... q100``, weeks ending on Sunday."""
        return _percentiles(self.runs, "week_ending", weeks_of)

    def effect(self) -> Floats:
        """Return the effect of the policy in every run: arrivals with it over arrivals without, less one."""
        months = months_of(self.runs[NO_POLICY])
        without, with_it = (
            self.runs[arm].set_index(DRAW)[months].sum(axis=1) for arm in (NO_POLICY, AS_IMPLEMENTED)
        )
        both = without.index.intersection(with_it.index)
        return np.asarray(with_it[both] / without[both] - 1.0, dtype=np.float64)


def forecast(
    posterior: Posterior,
    runs: int = RUNS,
    seeds: int = 20,
    anchor_runs: int = 40,
    *,
    people_per_agent: int = 1,
    out: str | Path = Path("results/forecast"),
    processes: int | None = None,
    progress: Watcher | None = None,
    accept_changes: bool = False,
) -> Forecast:
    """Make what is missing of the forecast's runs and return it.

    Parameters
    ----------
    posterior
        Of behaviour.
    runs, seeds, anchor_runs
        Runs over the posterior, runs of the central draw over seeds, and runs that find 2025's demand.
    people_per_agent
        As in `Scenario`.
    out
        Folder that keeps the runs.
    processes, progress, accept_changes
        As in `Sweep.run`.
    """
    anchored = anchors(posterior, anchor_runs, out, processes, progress, accept_changes, people_per_agent)
    plan, central = planned(posterior, runs, anchored), centre(posterior, anchored)
    over, alone, identity, failed = {}, {}, "", 0
    for arm, scenario in arms(people_per_agent).items():
        sweep = arm_sweep(arm, scenario, plan, central, seeds, out)
        summary = sweep.run(processes=processes, progress=progress, accept_changes=accept_changes)
        failed += summary.failed
        rows = sweep.results()
        good = rows[rows["status"] == DONE]
        by_seed = good[DRAW] == _CENTRE
        over[arm], alone[arm] = good[~by_seed], good[by_seed]
        identity = sweep.identity().digest[:16]
    about = {
        "runs": {arm: len(rows) for arm, rows in over.items()},
        "seeds": {arm: len(rows) for arm, rows in alone.items()},
        "failed": failed,
        "anchors": len(anchored),
        "log_demand_2025": [round(float(anchored.mean()), 4), round(float(anchored.std()), 4)],
        "step": STEP,
        "people_per_agent": people_per_agent,
        "identity": identity,
    }
    return Forecast(over, alone, about)


def months_of(rows: pd.DataFrame) -> list[str]:
    """Return the columns that are months."""
    return [str(name) for name in rows.columns if _MONTH.fullmatch(str(name))]


def weeks_of(rows: pd.DataFrame) -> list[str]:
    """Return the columns that are weeks."""
    return [str(name) for name in rows.columns if _WEEK.fullmatch(str(name))]


def _percentiles(
    runs: Mapping[str, pd.DataFrame], head: str, wanted: Callable[[pd.DataFrame], list[str]]
) -> pd.DataFrame:
    rows = []
    for arm, table in runs.items():
        for name in wanted(table):
            values = table[name].to_numpy(float)
            quantiles = np.percentile(values, PERCENTILES)
            named = {f"q{p:02d}": round(float(q), 1) for p, q in zip(PERCENTILES, quantiles, strict=True)}
            when = name.removeprefix("w")
            rows.append({"scenario": arm, head: when, "mean": round(float(values.mean()), 1)} | named)
    return pd.DataFrame(rows)


# ----------------------------------------------------------------------- rolling origins

ORIGINS = (2022, 2023, 2024)
"""Years forecast from their first day with what was known of demand before."""


def origin_sweep(posterior: Posterior, draws: int, out: str | Path, people_per_agent: int = 1) -> Sweep:
    """Return runs of history in which each year of `ORIGINS` in turn is forecast from its first day.

    Demand knows the years before the origin only and then takes a step of the walk; shares by nationality
    stay those of the last known year. Behaviour is the posterior's, which was fitted on 2021-24: it saw
    the future, and its score counts for no win.
    """
    base = Scenario.load(HISTORY).replace(AGENTS, people_per_agent)
    variants: dict[str, dict[str, Any]] = {}
    for origin in ORIGINS:
        walk = steps(draws, origin)[:, 1]
        for place, draw in enumerate(posterior.spread_out(draws)):
            known = posterior.demand.iloc[draw].to_numpy(float)[: origin - FIRST_YEAR]
            multiples = [*known, known[-1] * np.exp(walk[place])]
            variants[f"{origin}-{draw:04d}"] = (
                posterior.behaviour(draw, past=True)
                | settings_of(np.array(multiples))
                | {"inflow.known_until": origin - 1, "end": date(origin, 12, 31)}
            )
    points: list[dict[str, Any]] = [
        {DRAW: name, CHANCE: _ORIGIN_SEEDS + number} for number, name in enumerate(variants)
    ]
    return Sweep(
        base, Given(points, [Axis(DRAW, variants=variants)]), design="table", name="origins",
        title="Each year forecast from its first day", out=Path(out) / "origins", run=measured,
    )  # fmt: skip


def origin_samples(rows: pd.DataFrame, seen: Mapping[tuple[int, int], int]) -> list[tuple[Floats, float]]:
    """Return sample and count of every month that `origin_sweep` forecast."""
    pairs: list[tuple[Floats, float]] = []
    for origin in ORIGINS:
        of_year = rows[rows[DRAW].str.startswith(f"{origin}-")]
        for month in range(1, 13):
            sample = of_year[name_of("people", f"{origin}-{month:02d}")].dropna().to_numpy(float)
            if sample.size:
                pairs.append((sample, float(seen[origin, month])))
    return pairs
