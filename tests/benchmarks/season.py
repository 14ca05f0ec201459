"""How fast a season runs, beside a twin that does nothing with the same people.

The do-nothing twin is a Mesa model with one plain agent per person of the season: created on the
person's own day of entry, removed on the day their journey ended, ``shuffle_do``'d every day
with an empty method, with the same number of model reporters collected daily.
"""

from __future__ import annotations

import statistics
import time

import mesa
import numpy as np

from crossings.model import CrossingsModel
from crossings.population import ENDED
from crossings.scenario import Scenario
from crossings.streams import Streams
from tests.benchmarks.timing import row, spent

TWELVE_MONTHS = {"start": "2025-01-01", "end": "2025-12-31"}
EVERY_RULE = "everything-together"
SEASONS, MINUTES, CORES = 1000, 10, 2


class Idle(mesa.Agent):
    """An agent that exists and does nothing."""

    def idle(self) -> None:
        """Do nothing."""


class Twin(mesa.Model):
    """The season's people, coming and going on their own days, with no rule at all."""

    def __init__(self, entries: np.ndarray, exits: np.ndarray, days: int, reporters: int) -> None:
        super().__init__(rng=1)
        self.days = days
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
        for person in self.leaving[day]:
            self.people[person].remove()
        self.datacollector.collect(self)

    def run(self) -> None:
        """Live through all days."""
        for _ in range(self.days):
            self.step()


def season(name: str = EVERY_RULE, *, watch: bool = False, **changes: object) -> CrossingsModel:
    """Run one season; with `watch`, ask for all agents every day, as an app would."""
    model = CrossingsModel(setting=Scenario.load(name).with_(**(TWELVE_MONTHS | changes)), seed=1)
    while model.running:
        model.step()
        if watch:
            len(model.agents)
    return model


def lives(model: CrossingsModel) -> tuple[np.ndarray, np.ndarray, int]:
    """Return entry day and exit day of everyone who entered, and the number of days."""
    people, days = model.population, model.steps
    seen = slice(0, people.entered)
    ended = people.state[seen] >= ENDED
    exits = np.where(ended, people.since[seen].astype(int), days)
    return people.entry_day[seen], exits, days


def agent_days(model: CrossingsModel) -> int:
    """Return the days that people spent under way, one for each person and day."""
    entries, exits, _ = lives(model)
    return int((exits - entries).sum()) * model.population.stands_for


def seconds_of_draws() -> float:
    """Return the time a season spends in drawing random numbers."""
    inside, drawing = 0.0, Streams.uniforms

    def counted(*arguments: object) -> np.ndarray:
        nonlocal inside
        began = time.process_time()
        drawn: np.ndarray = drawing(*arguments)
        inside += time.process_time() - began
        return drawn

    Streams.uniforms = counted
    try:
        season()
    finally:
        Streams.uniforms = drawing
    return inside


def main(repeats: int) -> None:
    """Time and print."""
    model = season()
    entries, exits, days = lives(model)
    reporters = len(model.datacollector.model_reporters)

    seasons, watched, twins, bare, tenth = [], [], [], [], []
    for _ in range(repeats):
        seasons.append(spent(season))
        twin = Twin(entries, exits, days, reporters)
        twins.append(spent(twin.run))
        watched.append(spent(lambda: season(watch=True)))
        bare.append(spent(lambda: season("no-policy")))
        tenth.append(spent(lambda: season(people_per_agent=10)))

    seconds = statistics.median(seasons)
    ratios = [a / b for a, b in zip(seasons, twins, strict=True)]
    warm_up = days - model.setting.days
    print(f"A season: 12 months after {warm_up} days of warm-up, {EVERY_RULE}; median of {repeats}")
    row("season", f"{seconds:.2f} s")
    row("  without any policy", f"{statistics.median(bare):.2f} s")
    row("  with agents daily", f"{statistics.median(watched):.2f} s", "model.agents asked for every day")
    row("  one agent for ten people", f"{statistics.median(tenth):.2f} s")
    row("  of which draws", f"{seconds_of_draws():.2f} s")
    row("people", f"{len(entries):,}")
    row("agent-days", f"{agent_days(model):,}", "entered, journey not ended")
    row("do-nothing twin", f"{statistics.median(twins):.2f} s")
    row(
        "season over twin",
        f"{statistics.median(ratios):.2f}",
        f"{min(ratios):.2f} to {max(ratios):.2f}; at most 1.25",
    )
    minutes = seconds * SEASONS / CORES / 60
    row(f"{SEASONS:,} seasons on {CORES} cores", f"{minutes:.1f} min", f"about {MINUTES}")
