"""Made-up results for tests of what is done with results."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import numpy as np

from crossings.clock import Clock
from crossings.errors import InputError
from crossings.outcomes import Provenance, Recorder, Result

START, END = date(2025, 1, 1), date(2025, 3, 5)  # nine weeks and a day
GROUPS, PLACES, COUNTRIES = ("Eritrea", "Sudan"), ("Calais", "Rome"), ("France", "Italy")


@dataclass(frozen=True)
class Setting:
    """Stands for a scenario: a policy that prevents a share of arrivals from a date on."""

    name: str
    share: float = 0.0
    fails_at: int | None = None
    refused: bool = False
    dies_at: int | None = None
    start: date = START
    end: date = END
    policies: dict[str, Any] = field(default_factory=dict)


def made_run(setting: Setting, seed: int) -> Result:
    """Stand for a run: noise by seed, the same under every setting, and the setting's effect."""
    if setting.refused:
        raise InputError("policies.returns.quota 'x': expected a number")
    if setting.dies_at == seed:
        os._exit(1)
    if setting.fails_at == seed:
        raise ZeroDivisionError("boats ran out")
    noise = np.random.default_rng(seed)
    clock = Clock(setting.start)
    recorder = Recorder(clock, setting.start, setting.end, groups=GROUPS, places=PLACES, countries=COUNTRIES)
    days = (setting.end - setting.start).days + 1
    for day in range(days):
        clock.env.run(until=day + 0.01)
        people = int(noise.gamma(1.3, 200)) if noise.random() < 0.5 else 0
        stopped = int(people * setting.share) if day >= 20 else 0
        recorder.count_by("arrivals", np.zeros(people - stopped, dtype=np.int16))
        recorder.count("first_arrivals", people - stopped)
        recorder.count("boats", -(-(people - stopped) // 55))
        recorder.count("attempts", people)
        recorder.count("prevented", int(0.4 * people))
        recorder.count("deaths", int(noise.random() < 0.05))
        recorder.count("returned", 7 if stopped else 0)
        recorder.level("waiting", 2000 + day)
        recorder.count_by("moved_on", np.full(3 + (stopped > 0), 1))
        recorder.spend("flights", 100.0 + (700.0 if stopped else 0.0))
        recorder.spend("accommodation", 50.0 * (people - stopped))
    scenario = {"name": setting.name, "policies": setting.policies}
    return Result(
        name=setting.name,
        scenario=scenario,
        seed=seed,
        start=setting.start,
        end=setting.end,
        daily=recorder.daily(),
        by=recorder.by(),
        provenance=Provenance.gather(scenario, seed, {"places.csv": "ab12"}, command=["test"]),
        wall_seconds=0.5,
    )


def dated(days: int) -> date:
    """Return a date counted from the start."""
    return START + timedelta(days=days)
