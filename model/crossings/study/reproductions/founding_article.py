"""One in, one out: what was announced in July 2025, run as announced and at several scales.

Scales are run twice: with beds, caseworkers and vetting officers growing in proportion to the quota, and
with the quota alone, on the resources of the pilot.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.model import run
from crossings.parameters import Block, param
from crossings.scenario import Scenario
from crossings.study.comparison import Comparison, compare
from crossings.study.estimates import Estimate, mean, ratio
from crossings.study.reproductions import Findings, Work, reproduction

Floats = NDArray[np.float64]

WEEK = 7
FULL_STRENGTH_WEEKS = 26
LONGEST_LAG = 120


class Settings(Block):
    """Which worlds are compared, and over which dates."""

    seeds: int = param(12, "Seeds, the same for every scenario", min_value=2)
    pilot: int = param(
        50, "Returns a week of the pilot", unit="person/week", source="UK-France announcement, July 2025"
    )
    scales: tuple[int, ...] = param((2, 4, 8), "Multiples of the pilot that are tried as well")
    before_start: date = param(date(2024, 8, 1), "First date of the year before the pilot", unit="date")
    before_end: date = param(date(2025, 7, 31), "Last date of the year before the pilot", unit="date")
    start: date = param(date(2025, 7, 1), "First date of the comparison", unit="date")
    end: date = param(date(2026, 6, 30), "Last date of the comparison", unit="date")


@reproduction("founding-article", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run the year before without policy, then the pilot and its scale-ups against no policy."""
    seeds = list(range(work.seed, work.seed + work.number(settings.seeds, least=2)))
    scenarios = _scenarios(settings)
    total = len(seeds) * (len(scenarios) + 1)
    before = _year_before(settings, seeds, lambda done: work.report(done, total))
    found = compare(
        *scenarios.values(),
        seeds=seeds,
        processes=work.processes,
        progress=lambda done, _all: work.report(len(seeds) + done, total),
    )
    names = dict(zip(scenarios, found.labels, strict=True))
    arrivals = {name: _total(found, label, "arrivals") for name, label in names.items()}
    deaths = {name: _total(found, label, "deaths") for name, label in names.items()}
    estimates = {
        "year-arrivals": mean(before),
        "one-in": mean(
            before / ((settings.before_end - settings.before_start).days + 1) * WEEK / settings.pilot
        ),
        **_pilot(found, names["pilot"]),
        **_effects(arrivals, settings.scales),
    }
    return Findings(
        estimates,
        {"effects": _table(settings, arrivals, deaths), "lag": _lag_table(found, names["pilot"])},
        f"{len(seeds)} seeds ({seeds[0]} to {seeds[-1]}) of {len(scenarios)} scenarios",
    )


def _scenarios(settings: Settings) -> dict[str, Scenario]:
    """Return the worlds by name: none, the pilot, and each scale with and without its resources."""
    dates = {"start": settings.start, "end": settings.end}
    quota = "policies.returns.quota_per_week"
    pilot = Scenario.load("one-in-one-out").with_(**dates).replace(quota, settings.pilot)
    officers = pilot.authorities.legal_route.officers
    made = {"none": Scenario.load("no-policy").with_(**dates), "pilot": pilot}
    for scale in settings.scales:
        alone = pilot.replace(quota, settings.pilot * scale)
        resources = {
            "policies.returns.beds": float(scale),
            "policies.returns.caseworkers": float(scale),
            "authorities.legal_route.officers": officers * scale,
        }
        made[f"x{scale}"] = alone.with_(**resources)
        made[f"x{scale}-alone"] = alone
    return made


def _year_before(settings: Settings, seeds: list[int], report: Callable[[int], None]) -> Floats:
    """Return arrivals in the year before, by seed."""
    scenario = Scenario.load("no-policy").with_(start=settings.before_start, end=settings.before_end)
    totals = []
    for done, seed in enumerate(seeds):
        totals.append(run(scenario, seed=seed).summary()["arrivals"])
        report(done + 1)
    return np.array(totals, dtype=np.float64)


def _since(found: Comparison) -> slice:
    """Return the days since the policy began."""
    begins = min(mark.when for mark in found.marks if mark.kind == "start")
    return slice((begins - found.start).days, None)


def _total(found: Comparison, label: str, outcome: str) -> Floats:
    """Return what an outcome came to since the policy began, by seed."""
    daily = found.daily[label][outcome]
    return np.asarray(daily[:, _since(found)].sum(axis=-1))


def _pilot(found: Comparison, label: str) -> dict[str, Estimate]:
    """Return what the pilot did: people returned a week, and admissions for each of them."""
    returned, admitted = found.daily[label]["returned"], found.daily[label]["admitted"]
    late = returned[:, -FULL_STRENGTH_WEEKS * WEEK :].sum(axis=-1) / FULL_STRENGTH_WEEKS
    ahead = np.cumsum(admitted - returned, axis=-1).max(axis=-1)
    lags = [lag_of(r, a) for r, a in zip(returned, admitted, strict=True)]
    earlier = [r[: r.size - lag].sum() for r, lag in zip(returned, lags, strict=True)]
    return {
        "returned-a-week": mean(late),
        "admitted-per-return": ratio(admitted.sum(axis=-1), earlier),
        "admitted-ahead": Estimate(float(ahead.max())),
        "admission-lag": mean(lags),
    }


def lag_of(returned: Floats, admitted: Floats) -> int:
    """Return by how many days cumulative admissions follow cumulative returns most closely."""
    first, then = np.cumsum(returned), np.cumsum(admitted)
    misses = [
        np.square(then[lag:] - first[: first.size - lag]).sum() + np.square(then[:lag]).sum()
        for lag in range(min(LONGEST_LAG, first.size))
    ]
    return int(np.argmin(misses))


def _effects(arrivals: Mapping[str, Floats], scales: tuple[int, ...]) -> dict[str, Estimate]:
    """Return the effect of each scale, its growth from one scale to the next, and what resources add."""
    base = arrivals["none"]
    made = {"effect-x1": ratio(arrivals["pilot"] - base, base)}
    smaller = arrivals["pilot"]
    for number, scale in enumerate(scales):
        larger, alone = arrivals[f"x{scale}"], arrivals[f"x{scale}-alone"]
        made[f"effect-x{scale}"] = ratio(larger - base, base)
        made[f"effect-x{scale}-alone"] = ratio(alone - base, base)
        made[f"growth-x{scale}-on-x{(1, *scales)[number]}"] = ratio(larger - smaller, base)
        smaller = larger
    made["resources-matter"] = ratio(arrivals[f"x{scales[-1]}"] - arrivals[f"x{scales[-1]}-alone"], base)
    return made


def _table(settings: Settings, arrivals: Mapping[str, Floats], deaths: Mapping[str, Floats]) -> pd.DataFrame:
    """Return effects by returns a week, where resources grow and where they stay; the pilot is in both.

    Beside them stand the people who died, on average over seeds, without any policy and with each.
    """
    base = arrivals["none"]
    rows = []
    for resources, suffix in (("grow", ""), ("stay", "-alone")):
        for scale in (1, *settings.scales):
            name = "pilot" if scale == 1 else f"x{scale}{suffix}"
            found = ratio(arrivals[name] - base, base)
            died = (float(deaths["none"].mean()), float(deaths[name].mean()))
            rows.append((settings.pilot * scale, resources, found.value, found.low, found.high, *died))
    columns = ["a_week", "resources", "effect", "low", "high", "deaths_without", "deaths"]
    return pd.DataFrame(rows, columns=columns)


def _lag_table(found: Comparison, label: str) -> pd.DataFrame:
    days = [found.start + timedelta(days=day) for day in range(len(found.dates))]
    sums = {name: np.cumsum(found.daily[label][name].mean(axis=0)) for name in ("returned", "admitted")}
    return pd.DataFrame({"date": days} | sums)
