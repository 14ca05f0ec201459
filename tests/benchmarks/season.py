"""How fast a season runs, beside a twin that does nothing with the same people.

Run with ``make bench`` or ``python tests/benchmarks/season.py [--repeats N]``. Everything is timed
in one process, season and twin in turn, so the ratio holds on a machine whose speed drifts.

The do-nothing twin is a Mesa model with one plain agent per person of the season: created on the
person's own day of entry, removed on the day their journey ended, ``shuffle_do``'d every day
with an empty method, with the same number of model reporters collected daily.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import mesa
import numpy as np

from crossings.model import CrossingsModel
from crossings.population import ENDED
from crossings.scenario import Scenario
from crossings.streams import Streams

TWELVE_MONTHS = {"start": "2025-01-01", "end": "2025-12-31"}


class Idle(mesa.Agent):
    """An agent that exists and does nothing."""

    def idle(self) -> None:
        """Do nothing."""


class Twin(mesa.Model):
    """The season's people, coming and going on their own days, with no rule at all."""

    def __init__(self, entries: np.ndarray, exits: np.ndarray, days: int, reporters: int) -> None:
        super().__init__(rng=1)
        self.entering = np.bincount(entries, minlength=days)
        order = np.argsort(exits, kind="stable")
        bounds = np.searchsorted(exits[order], np.arange(days + 1))
        self.leaving = [order[bounds[d] : bounds[d + 1]] for d in range(days)]
        self.people: list[Idle] = []
        self.datacollector = mesa.DataCollector(
            model_reporters={f"reporter_{k}": (lambda model: len(model.people)) for k in range(reporters)}
        )

    def step(self) -> None:
        """Create, shuffle, remove, collect."""
        day = self.steps - 1
        self.people.extend(Idle(self) for _ in range(self.entering[day]))
        self.agents.shuffle_do("idle")
        for row in self.leaving[day]:
            self.people[row].remove()
        self.datacollector.collect(self)


def season(watch: bool = False) -> CrossingsModel:
    """Run one season; with `watch`, ask for all agents every day, as an app would."""
    model = CrossingsModel(setting=Scenario.load("no-policy").with_(**TWELVE_MONTHS), seed=1)
    while model.running:
        model.step()
        if watch:
            len(model.agents)
    return model


def timed(action: Callable[[], object]) -> float:
    """Seconds of wall time an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def lives(model: CrossingsModel) -> tuple[np.ndarray, np.ndarray, int]:
    """Return entry day and exit day of everyone who entered, and the number of days."""
    people, days = model.population, model.steps
    seen = slice(0, people.entered)
    ended = people.state[seen] >= ENDED
    exits = np.where(ended, people.since[seen].astype(int), days)
    return people.entry_day[seen], exits, days


def seconds_of_draws() -> float:
    """Return the time a season spends in drawing random numbers."""
    spent, drawing = 0.0, Streams.uniforms

    def counted(*arguments: object) -> np.ndarray:
        nonlocal spent
        began = time.perf_counter()
        drawn: np.ndarray = drawing(*arguments)
        spent += time.perf_counter() - began
        return drawn

    Streams.uniforms = counted
    try:
        season()
    finally:
        Streams.uniforms = drawing
    return spent


def main() -> None:
    """Time and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=3)
    repeats = parser.parse_args().repeats

    model = season()
    entries, exits, days = lives(model)
    reporters = len(model.datacollector.model_reporters)
    agent_days = int((exits - entries).sum())
    waiting = model.result().summary()["waiting_mean"]

    seasons, watched, twins = [], [], []
    for _ in range(repeats):
        seasons.append(timed(season))
        twin = Twin(entries, exits, days, reporters)
        twins.append(timed(lambda twin=twin: [twin.step() for _ in range(days)]))
        watched.append(timed(lambda: season(watch=True)))

    seconds = statistics.median(seasons)
    ratios = [a / b for a, b in zip(seasons, twins, strict=True)]
    warm_up = days - model.setting.days
    print(
        f"season              {seconds:8.2f} s   (12 months, {warm_up} days of warm-up; median of {repeats})"
    )
    print(f"  with agents daily {statistics.median(watched):8.2f} s   (model.agents asked for every day)")
    print(f"  of which draws    {seconds_of_draws():8.2f} s")
    print(f"people              {len(entries):8d}")
    print(f"agent-days          {agent_days:8d}   (entered, journey not ended)")
    print(f"agent-days a second {agent_days / seconds:8.0f}")
    print(f"mean waiting        {waiting:8.0f}   people near the coast")
    print(f"do-nothing twin     {statistics.median(twins):8.2f} s")
    print(f"ratio to the twin   {statistics.median(ratios):8.2f}   ({min(ratios):.2f} to {max(ratios):.2f})")


if __name__ == "__main__":
    main()
