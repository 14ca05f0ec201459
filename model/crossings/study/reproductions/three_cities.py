"""Three cities: the choice between two exits, the time it takes, and what talk does to it."""

from __future__ import annotations

import pandas as pd

from crossings.parameters import Block, param
from crossings.replicas.three_cities import VARIANTS, WORLDS, Journeys, ThreeCities, ThreeCitiesBlock
from crossings.study.estimates import Estimate, mean, share
from crossings.study.reproductions import Findings, Work, reproduction

BETTER = 2
"""The better exit, by its city."""


class Settings(Block):
    """Size of the experiment."""

    replications: int = param(50, "Runs of each variant in each world", source="docking tests", min_value=2)
    entry_rate: float = param(
        10.0, "People entering in a unit of time", source="docking tests", min_value=0.1
    )
    until: float = param(100.0, "Time at which a run ends", source="docking tests", min_value=10.0)


@reproduction("three-cities", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run every variant in both worlds."""
    replications = work.number(settings.replications, least=2)
    total = replications * len(WORLDS) * len(VARIANTS)
    found: dict[tuple[str, str], list[Journeys]] = {}
    done = 0
    for name, world in WORLDS.items():
        for variant, changes in VARIANTS.items():
            block = ThreeCitiesBlock(entry_rate=settings.entry_rate, until=settings.until, **changes)
            runs = found.setdefault((name, variant), [])
            for number in range(replications):
                runs.append(ThreeCities(block, world, work.seed + number).run())
                done += 1
                work.report(done, total)
    estimates: dict[str, Estimate] = {}
    for (name, variant), runs in found.items():
        estimates[f"{name}.{variant}.better-exit"] = _better(runs)
        estimates[f"{name}.{variant}.stock"] = mean([run.mean_stock for run in runs])
    for name in WORLDS:
        estimates |= _talk(name, found)
    perfect = found["3-cities", "perfect-information"]
    estimates["3-cities.perfect-information.left"] = mean(
        [1000.0 * sum(run.left.values()) / run.entered for run in perfect]
    )
    rows = [
        (name, variant, made.value, made.low, made.high, estimates[f"{name}.{variant}.stock"].value)
        for name, variant in found
        for made in (estimates[f"{name}.{variant}.better-exit"],)
    ]
    table = pd.DataFrame(rows, columns=["world", "variant", "better_exit", "low", "high", "stock"])
    people = sum(run.entered for runs in found.values() for run in runs)
    return Findings(
        estimates,
        {"shares": table},
        f"{replications} runs of {len(VARIANTS)} variants in {len(WORLDS)} worlds, {people:,} people in all",
    )


def _better(runs: list[Journeys]) -> Estimate:
    """Return the share of those who left who took the better exit."""
    return share(sum(run.left[BETTER] for run in runs), sum(sum(run.left.values()) for run in runs))


def _talk(name: str, found: dict[tuple[str, str], list[Journeys]]) -> dict[str, Estimate]:
    """Return what talk adds to the standard case, and full exploration to that, run by run."""

    def shares(variant: str) -> list[float]:
        return [run.left[BETTER] / max(sum(run.left.values()), 1) for run in found[name, variant]]

    def step(less: str, more: str) -> Estimate:
        return mean([b - a for a, b in zip(shares(less), shares(more), strict=True)])

    return {
        f"{name}.talk-helps": step("no-communication", "standard"),
        f"{name}.exploring-helps": step("standard", "full-exploration"),
    }
