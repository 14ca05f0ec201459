"""What an observer of one series could tell: rescue, interception, and a lever that returns people.

Rodríguez Sánchez and others compare crossings of the central Mediterranean with what would have been
expected: search and rescue shows no effect on attempts, pushbacks do [1]_. Wood finds deterrent levers
hard to see in the weekly counts of the Channel [2]_. Here each seed is one history with a change in it,
and one observer of that history alone (`crossings.study.interrupted`); what is counted is in how many
histories the observer would say that there was an effect.

References
----------
.. [1] A. Rodríguez Sánchez, J. Wucherpfennig, R. Rischke, S. Iacus, "Search-and-rescue in the Central
   Mediterranean Route does not induce migration", Scientific Reports 13:11014 (2023).
.. [2] Wood (2025), International Migration Review, doi:10.1177/01979183251394003 (press account).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.model import run
from crossings.scenario import Scenario
from crossings.study.estimates import Estimate, mean, ratio, share
from crossings.study.interrupted import step_effect, weekly
from crossings.study.launch_log import away, observe, weighted
from crossings.study.measured import by_world
from crossings.study.signs import small_world

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

CORRIDOR = "signs-crossings"
FIRST, LAST, CHANGE = date(2025, 1, 1), date(2027, 6, 30), date(2026, 7, 1)
"""Eighteen months before the change and twelve after it; demand is the same in all."""

STEADY_DAYS = 540
"""Days until networks that began together are as many and as large as they will be."""
LITTLE_RESCUE = 0.2
"""Multiple of rescue boats on either side before, so that those there are about halve the risk of death."""
STOPPED_BEFORE, STOPPED_AFTER = 0.05, 0.40
"""Chance that a launch is stopped, where nobody but those who intercept stops any."""

_OBSERVED = 0.90
_DETECTED = 0.95


def rescue_and_interception(
    seeds: Sequence[int], processes: int | None = None, progress: Progress | None = None
) -> tuple[dict[str, Estimate], pd.DataFrame]:
    """Begin rescue in one world and interception in another, and let observers look at attempts.

    Parameters
    ----------
    seeds
        Histories of each world.
    processes, progress
        As `crossings.study.measured.measure_all` takes them.

    Returns
    -------
    tuple
        Estimates, and one row for each history and what its observer says.
    """
    usual = small_world(CORRIDOR, start=FIRST, end=LAST, warmup_days=STEADY_DAYS)
    before, after = (
        {"kind": "UpstreamInterdiction", "stopped": stopped} for stopped in (STOPPED_BEFORE, STOPPED_AFTER)
    )
    interdicted = {
        "enforcement.patrols.teams": 0,
        "policies.before": before | {"end": CHANGE},
        "policies.after": after | {"start": CHANGE},
    }
    little = {"kind": "SeaRescue", "rescue": LITTLE_RESCUE, "french": LITTLE_RESCUE, "end": CHANGE}
    worlds = {
        "rescue": usual.with_(**{"policies.little_rescue": little}),
        "interception": usual.with_(**interdicted),
    }
    found = by_world(partial(observed, change=CHANGE), worlds, seeds, processes, progress)
    saved, stopped = found["rescue"], found["interception"]
    number = len(saved["seen"])
    risk = saved["risk-after"] / saved["risk-before"] - 1.0
    estimates = {
        "rodriguez.mortality": mean(risk[np.isfinite(risk)]),  # where people crossed before and after
        "rodriguez.rescue-unseen": share(round(number - float(saved["seen"].sum())), number),
        "rodriguez.stopped-before": mean(stopped["stop-before"]),
        "rodriguez.stopped-after": mean(stopped["stop-after"]),
        "rodriguez.interception-seen": share(round(float(stopped["seen"].sum())), number),
        "rodriguez.interception-effect": mean(np.expm1(stopped["step"])),
    }
    rows = [
        {"world": world, "effect": float(np.expm1(step)), "error": float(error), "seen": bool(seen)}
        for world, of in found.items()
        for step, error, seen in zip(of["step"], of["error"], of["seen"], strict=True)
    ]
    return estimates, pd.DataFrame(rows)


def observed(scenario: Scenario, seed: int, change: date) -> dict[str, float]:
    """Run one history; return what its observer says of attempts, and risk and stops before and after."""
    seen = observe(scenario, seed)
    daily, launches = seen.result.daily, seen.launches
    begins = (change - scenario.start).days // 7
    step = step_effect(weekly(daily["attempts"]), begins, weekly(daily["wave_height"], "mean"))
    made = {"step": step.log_change, "error": step.error, "seen": float(step.excludes_zero(_OBSERVED))}
    late = launches["date"] >= pd.Timestamp(change)
    year_before = launches["date"] >= pd.Timestamp(change) - pd.Timedelta(days=365)
    for name, part in (("before", launches[~late & year_before]), ("after", launches[late])):
        made[f"risk-{name}"] = weighted(part["risk"], away(part))
        made[f"stop-{name}"] = weighted(part["stop"], part["people"].to_numpy(dtype=np.float64))
    return made


def returns_lever(
    returned_a_week: float,
    pairs: int,
    seeds: Sequence[int],
    processes: int | None = None,
    progress: Progress | None = None,
) -> tuple[dict[str, Estimate], pd.DataFrame]:
    """Return people from the Channel, and let observers look at the four months since.

    Parameters
    ----------
    returned_a_week
        People returned in a week from the first day; one is admitted for each.
    pairs
        Seeds, the first ones, that are run without the lever as well, for its true effect.
    seeds
        Histories with the lever.
    processes, progress
        As `crossings.study.measured.measure_all` takes them.

    Returns
    -------
    tuple
        Estimates, and one row for each history and what its observer says.
    """
    worlds = channel(returned_a_week)
    without = by_world(since, {"without": worlds["without"]}, seeds[:pairs], processes, progress)["without"]
    with_it = by_world(since, {"with": worlds["with"]}, seeds, processes, progress)["with"]
    number = len(with_it["seen"])
    late = with_it["arrivals"][: len(without["arrivals"])]
    estimates = {
        "wood.effect": ratio(late - without["arrivals"], without["arrivals"]),
        "wood.unseen": share(round(number - float(with_it["seen"].sum())), number),
    }
    rows = [
        {"world": "returns", "effect": float(np.expm1(step)), "error": float(error), "seen": bool(seen)}
        for step, error, seen in zip(with_it["step"], with_it["error"], with_it["seen"], strict=True)
    ]
    return estimates, pd.DataFrame(rows)


BEGINS = date(2027, 9, 1)
_BEFORE, _AFTER = 78 * 7, 17 * 7  # days: a year and a half, and four months


def channel(returned_a_week: float) -> dict[str, Scenario]:
    """Return the Channel without and with a lever that begins when demand has been the same for long."""
    dates = {"start": BEGINS - timedelta(days=_BEFORE), "end": BEGINS + timedelta(days=_AFTER - 1)}
    without = Scenario.load("no-policy").with_(name="without", **dates)
    lever = {"announced": BEGINS, "start": BEGINS, "ramp_days": 0.0, "quota_per_week": returned_a_week}
    scale = max(1.0, returned_a_week / 50.0)  # beds and caseworkers of the pilot are those of 50 a week
    pilot = Scenario.load("one-in-one-out")
    resources = {
        f"policies.returns.{name}": getattr(pilot.policies["returns"], name) * scale
        for name in ("beds", "caseworkers")
    }
    with_it = pilot.with_(
        name="with",
        **dates,
        **{f"policies.returns.{name}": value for name, value in lever.items()},
        **{f"policies.legal_route.{name}": BEGINS for name in ("announced", "start")},
        **resources,
    )
    return {"without": without, "with": with_it}


def since(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run the Channel once; return arrivals since the lever began, and what an observer says of them."""
    daily = run(scenario, seed=seed).daily
    begins = (BEGINS - scenario.start).days
    step = step_effect(weekly(daily["arrivals"]), begins // 7, weekly(daily["wave_height"], "mean"))
    return {
        "arrivals": float(daily["arrivals"].iloc[begins:].sum()),
        "step": step.log_change,
        "error": step.error,
        "seen": float(step.excludes_zero(_DETECTED)),
    }
