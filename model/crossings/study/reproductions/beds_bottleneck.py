"""Beds as a bottleneck: three queues with known answers, then patrols and beds together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.parameters import Block, param
from crossings.replicas.beds import STAYS, Bottleneck, BottleneckBlock, visit
from crossings.study.estimates import Estimate, mean, ratio
from crossings.study.reproductions import Findings, Work, reproduction

Floats = NDArray[np.float64]

PLENTY = 8
"""Beds for each bed of offered load that stand for any number of them."""


class Settings(Block):
    """Systems, and the experiment that crosses patrols with beds."""

    loss: tuple[tuple[int, float], ...] = param(
        ((10, 8.0), (50, 45.0), (210, 276.0), (210, 345.0), (345, 345.0), (345, 300.0)),
        "Beds and offered load of the systems in which nobody waits",
    )
    waiting: tuple[int, float] = param((10, 8.0), "Beds and offered load of the system in which all wait")
    unlimited: float = param(345.0, "Offered load of the system with beds for everyone", min_value=1.0)
    enough: int = param(376, "Beds of whose overflow the chance is measured there", unit="bed")
    replications: int = param(30, "Independent runs of each system", min_value=2)
    people: int = param(8_000, "People in each run", unit="person", min_value=100)
    caught: tuple[float, ...] = param((0.2, 0.4, 0.6), "Chances of being caught")
    beds: tuple[float, ...] = param((0.3, 0.6, 1.0, 1.5), "Beds over the offered load")
    seeds: int = param(30, "Seeds of every combination", min_value=2)


class System(NamedTuple):
    """One queue: its name, its beds and load, the stay, and whether people wait."""

    name: str
    beds: int
    load: float
    stays: str
    patient: bool


@reproduction("beds-bottleneck", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Measure the queues, then cross the chance of being caught with the beds."""
    systems = list(_systems(settings))
    people, seeds = work.number(settings.people, least=400), work.number(settings.seeds, least=3)
    cells = [(caught, beds) for caught in settings.caught for beds in settings.beds]
    estimates: dict[str, Estimate] = {}
    for number, system in enumerate(systems):
        estimates |= _queue(settings, system, people, work.seed)
        work.report(number + 1, len(systems) + len(cells))
    entered, removed = {}, {}
    for number, cell in enumerate(cells):
        runs = [Bottleneck(BottleneckBlock(), *cell, work.seed + seed).run() for seed in range(seeds)]
        entered[cell] = np.array([run.per_day(run.entered) for run in runs])
        removed[cell] = np.array([run.per_day(run.removed) for run in runs])
        load = runs[0].offered
        work.report(len(systems) + number + 1, len(systems) + len(cells))
    estimates |= _interaction(settings, entered) | _marginal(settings, removed, load)
    rows = [
        (caught, beds, found.value, found.low, found.high, float(removed[caught, beds].mean()))
        for caught, beds in cells
        for found in (mean(entered[caught, beds]),)
    ]
    table = pd.DataFrame(rows, columns=["caught", "beds", "entered", "low", "high", "removed"])
    queues = f"{settings.replications} runs of {people:,} people in {len(systems)} queues"
    size = f"{queues}; {seeds} seeds of {len(cells)} worlds"
    return Findings(estimates, {"bottleneck": table}, size)


def _systems(settings: Settings) -> Iterator[System]:
    for stays in STAYS:
        for beds, load in settings.loss:
            yield System(f"loss-{beds}-{load:g}.{stays}", beds, load, stays, False)
        plenty = round(PLENTY * settings.unlimited)
        yield System(f"unlimited-{settings.unlimited:g}.{stays}", plenty, settings.unlimited, stays, False)
    beds, load = settings.waiting
    yield System(f"waiting-{beds}-{load:g}", beds, load, "exponential", True)


def _queue(settings: Settings, system: System, people: int, seed: int) -> dict[str, Estimate]:
    """Return the estimates of one system, with errors over independent runs."""
    found = [
        visit(system.beds, system.load, system.stays, people, seed + run, patient=system.patient)
        for run in range(settings.replications)
    ]
    if system.patient:
        settled = people // 5  # the beginning is not that of a system with a queue
        return {system.name: mean([(run.waited[settled:] > 0.0).mean() for run in found])}
    if not system.name.startswith("unlimited"):
        return {system.name: mean([1.0 - run.served.mean() for run in found])}
    inside = np.array([run.met for run in found], dtype=np.float64)
    middle = inside.mean()
    return {
        f"{system.name}.mean": mean(inside.mean(axis=1)),
        f"{system.name}.variance": mean(np.square(inside - middle).mean(axis=1)),
        f"{system.name}.overflow": mean((inside >= settings.enough).mean(axis=1)),
    }


def _interaction(settings: Settings, entered: dict[tuple[float, float], Floats]) -> dict[str, Estimate]:
    """Return what more patrols do to entries with few beds and with many."""
    *_, less, more = settings.caught
    changes, logs = {}, {}
    for name, beds in (("few-beds", settings.beds[0]), ("many-beds", settings.beds[-1])):
        low, high = entered[less, beds], entered[more, beds]
        changes[name] = ratio(high - low, low)
        logs[name] = np.log(high / low)
    few, many = changes["few-beds"].value, changes["many-beds"].value
    return {f"patrols.{name}": change for name, change in changes.items()} | {
        "patrols.few-over-many": Estimate(few / many if many else np.nan),
        "patrols.interaction": mean(logs["many-beds"] - logs["few-beds"]),
    }


def _marginal(
    settings: Settings, removed: dict[tuple[float, float], Floats], load: float
) -> dict[str, Estimate]:
    """Return how much less the next beds add to yearly removals than those before, for each bed."""
    caught = settings.caught[-1]
    added = [
        (removed[caught, more] - removed[caught, less]) * 365.25 / ((more - less) * load)
        for less, more in pairwise(settings.beds)
    ]
    return {
        f"removals-a-bed.fall-{number + 1}": mean(first - then)
        for number, (first, then) in enumerate(pairwise(added))
    }
