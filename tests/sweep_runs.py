"""Functions of a module that stand for runs in tests of sweeps; workers can import them."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np


def quick(scenario: Any, seed: int) -> Mapping[str, float]:
    """Take no time: a number that depends on every axis used in tests and on the seed."""
    return {"arrivals": 1000.0 * scenario.inflow.scale + seed, "deaths": scenario.weather.wave_sd}


def steady(scenario: Any, seed: int) -> Mapping[str, float]:
    """Take a twentieth of a second."""
    time.sleep(0.05)
    return quick(scenario, seed)


def fails_at_three(scenario: Any, seed: int) -> Mapping[str, float]:
    """Fail under seed 3 as long as a file named by the environment is not there."""
    if seed == 3 and not Path(os.environ["MENDED"]).exists():
        raise ZeroDivisionError("boats ran out")
    return quick(scenario, seed)


def leaves_at_three(scenario: Any, seed: int) -> Mapping[str, float]:
    """Kill its worker under seed 3."""
    if seed == 3:
        os._exit(1)
    return steady(scenario, seed)


def exits(scenario: Any, seed: int) -> Mapping[str, float]:
    """Ask the whole process to end, which only ends the run."""
    raise SystemExit(f"enough of {scenario.name} with {seed}")


def ishigami(scenario: Any, seed: int) -> Mapping[str, float]:
    """Return Ishigami's function with a = 7, b = 0.1 of three parameters mapped to -pi..pi."""
    x1 = np.pi * (2 * (scenario.inflow.scale - 0.5) - 1)
    x2 = np.pi * (2 * (scenario.weather.wave_sd - 0.5) - 1)
    x3 = np.pi * (2 * (scenario.beliefs.homophily) - 1)
    return {"arrivals": float(np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))}


def few_die(scenario: Any, seed: int) -> Mapping[str, float]:
    """Give counts, one of them of few, so that its interval would reach below none."""
    arrivals = 1000 * scenario.inflow.scale * scenario.weather.wave_sd + 10 * seed
    return {"arrivals": arrivals, "deaths": 6.0 if seed == 1 else 0.0}


def hundred_outcomes(scenario: Any, seed: int) -> Mapping[str, float]:
    """Give a wide row at once."""
    return {f"outcome_{number}": scenario.inflow.scale * number + seed for number in range(100)}
