"""Enforcement, smugglers' prices and displacement: two crossings of one border, and patrols on one.

The border is the corridor ``gathmann``: a near crossing, short and watched, and a remote one, three times as
long and little watched. People choose between networks, and between a network and going alone hidden in a
vehicle; networks price, load, order and choose where to launch: all by the Channel model's own rules and
parameters. Then the patrol hours at the near crossing are tripled, and stay so until all have adapted.

What it costs somebody to cross is reckoned in the weights by which the model's people compare routes
(`RoutesBlock`): the fare, days under way from the town to the far side, and the danger.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings import corridors
from crossings.parameters import Block, param
from crossings.scenario import Scenario
from crossings.study.estimates import Estimate, mean, ratio
from crossings.study.launch_log import away, observe, weighted
from crossings.study.measured import by_world
from crossings.study.reproductions import Findings, Work, reproduction

Floats = NDArray[np.float64]
Numbers = Mapping[str, Floats]

CORRIDOR = "gathmann"
NEAR, REMOTE = "Near shore", "Remote shore"
_KM_A_DAY_PER_KNOT = 1.852 * 24.0

POUNDS_OF_THE_TRADE = (
    "smuggling.supply.boat_price",
    "smuggling.supply.transport_cost",
    "smuggling.pricing.launch_cost",
    "smuggling.pricing.client_cost",
    "smuggling.pricing.crew_week_cost",
    "smuggling.pricing.crew_loss_cost",
    "smuggling.networks.starting_cash",
    "smuggling.turnover.reserve_cash",
    "smuggling.turnover.credit",
    "smuggling.turnover.hurdle",
    "values.reference_price",
)
"""Parameters in pounds that make the level of fares; all are multiplied by the same number."""


class Settings(Block):
    """The border before enforcement, and what is done."""

    seeds: int = param(12, "Seeds of each world", min_value=3)
    hours: float = param(
        3.0, "Multiple of patrol hours at the near crossing", min_value=1.0, source="Gathmann 2008: tripled"
    )
    teams: int = param(
        6,
        "Teams before: nine in ten at the near crossing; with distance sets the baseline shares",
        min_value=1,
    )
    investigators: int = param(3, "Investigation teams, in proportion to the border's size", min_value=0)
    vehicle_reach: float = param(
        0.35,
        "Share of people who could go alone, hidden in a vehicle; sets the share who use a smuggler",
        min_value=0.0,
        max_value=1.0,
        source="set for the .8 to .9 of 1990 to 2010 (National Academies 2013)",
    )
    fee_level: float = param(
        0.6,
        "Multiple of all costs of the trade: sets the level of fares",
        min_value=0.05,
        source="set for 600 to 1,000 dollars in 1990, GBP 700 to 1,100 of today (National Academies 2013)",
    )
    start: str = param("2025-01-01", "First date measured", unit="date")
    end: str = param("2025-12-31", "Last date measured", unit="date")
    adapting_days: int = param(
        365, "Days before, under the same rules", unit="day", min_value=120, max_value=1000
    )


@reproduction("gathmann", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run the border with patrols as they were and tripled at the near crossing, under the same seeds."""
    worlds = border(settings)
    seeds = range(work.seed, work.seed + work.number(settings.seeds, least=3))
    found = by_world(partial(measure, ways=_ways()), worlds, seeds, work.processes, work.report)
    before, after = found["before"], found["tripled"]
    tries = f"{before['attempts'].mean():,.0f} attempts a year"
    size = f"{len(seeds)} seeds of a border of {tries}, before and with patrols tripled"
    return Findings(_estimates(before, after), {"border": _table(found)}, size)


def border(settings: Settings) -> dict[str, Scenario]:
    """Return the border before, and with patrol hours at the near crossing multiplied."""
    usual = Scenario.load("no-policy")
    fees = {path: settings.fee_level * _value(usual, path) for path in POUNDS_OF_THE_TRADE}
    before = usual.with_(
        name="before",
        corridor=CORRIDOR,
        start=settings.start,
        end=settings.end,
        warmup_days=settings.adapting_days,
        **fees,
        **{
            "enforcement.patrols.teams": settings.teams,
            "enforcement.investigations.teams": settings.investigators,
            "enforcement.patrols.mobility": 0.0,  # hours are those of a sector and stay in it
            "smuggling.tactics.taxi_ceiling": 0.0,  # nobody is picked up from the water at a land border
            "choices.lorry_reach": settings.vehicle_reach,
        },
    )
    patrols = {"kind": "BeachPatrolling", "teams": settings.hours, "sites": [NEAR]}
    return {"before": before, "tripled": before.with_(name="tripled", **{"policies.near": patrols})}


def _value(scenario: Scenario, path: str) -> float:
    found: Any = scenario
    for part in path.split("."):
        found = getattr(found, part)
    return float(found)


def _ways() -> dict[str, tuple[float, float]]:
    """Return days and pounds from the town to each shore, by land."""
    return {
        leg.end: (leg.days, leg.fee) for leg in corridors.load(CORRIDOR).legs if leg.end in (NEAR, REMOTE)
    }


def measure(scenario: Scenario, seed: int, ways: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Run one world and return what is compared.

    Parameters
    ----------
    scenario, seed
        The run.
    ways
        Days and pounds from the town to each shore.
    """
    run = observe(scenario, seed)
    launches, daily = run.launches, run.result.daily
    people = launches["people"].to_numpy(dtype=np.float64)
    boats, alone = float(daily["attempts"].sum()), float(daily["lorry_attempts"].sum())
    made = {
        "attempts": boats + alone,
        "by-smuggler": boats,
        "people": float(daily["set_out"].sum()),
        "arrivals": float(daily["arrivals"].sum() + daily["lorry_arrivals"].sum()),
        "deaths": float(daily["deaths"].sum()),
        "remote": float(people[(launches["site"] == REMOTE).to_numpy()].sum()),
        "launched": float(people.sum()),
        "danger": weighted(launches["risk"] * (1.0 - launches["stop"]), people),
        "load": weighted(launches["load"], people),
        "quality": weighted(launches["quality"], people),
    }
    for name, site in (("near", NEAR), ("remote", REMOTE)):
        there = launches[launches["site"] == site]
        crowd = there["people"].to_numpy(dtype=np.float64)
        days, fee = ways[site]
        days += _days_at_sea(scenario, site)
        fare = weighted(there["price"], crowd)
        risk = weighted(there["risk"], away(there))
        made |= {
            f"{name}.fare": fare,
            f"{name}.stop": weighted(there["stop"], crowd),
            f"{name}.risk": risk,
            f"{name}.time": scenario.routes.day_cost * days + fee,
            f"{name}.danger": scenario.routes.hazard_cost * risk,
        }
        made[f"{name}.cost"] = fare + made[f"{name}.time"] + made[f"{name}.danger"]
    return made


def _days_at_sea(scenario: Scenario, site: str) -> float:
    sites = {each.name: each.distance_km for each in corridors.load(scenario.corridor).sites}
    return sites[site] / (scenario.passage.speed * _KM_A_DAY_PER_KNOT)


def _estimates(before: Numbers, after: Numbers) -> dict[str, Estimate]:
    def change(name: str) -> Estimate:
        return ratio(after[name] - before[name], before[name])

    def gain(above: str, below: str) -> Estimate:
        return mean(after[above] / after[below] - before[above] / before[below])

    dearer = after["near.fare"] - before["near.fare"]
    return {
        "fee": change("near.fare"),
        "smuggler-share": gain("by-smuggler", "attempts"),
        "remote-share": gain("remote", "launched"),
        "attempts": change("attempts"),
        "people": change("people"),
        "cost-of-switching": ratio(after["remote.cost"] - before["near.cost"], dearer),
        "danger": change("danger"),
        "deaths": change("deaths"),
        "baseline.remote-share": ratio(before["remote"], before["launched"]),
        "baseline.smuggler-share": ratio(before["by-smuggler"], before["attempts"]),
        "baseline.fee": mean(before["near.fare"]),
        "baseline.stopped": mean(before["near.stop"]),
    }


def _table(found: Mapping[str, Numbers]) -> pd.DataFrame:
    """Return means over seeds, one row for each world and crossing."""
    rows = []
    for world, numbers in found.items():
        share = float((numbers["remote"] / numbers["launched"]).mean())
        for crossing in ("near", "remote"):
            parts = {
                name: float(np.nanmean(numbers[f"{crossing}.{name}"]))
                for name in ("fare", "time", "danger", "stop", "risk")
            }
            part = share if crossing == "remote" else 1.0 - share
            died = float(numbers["deaths"].mean())
            rows.append({"world": world, "crossing": crossing, "share": part, **parts, "deaths": died})
    return pd.DataFrame(rows)
