"""Shared pieces of the tests: short seasons, and seasons run once for many tests."""

from __future__ import annotations

from functools import cache

import pytest

import crossings as cx

SHORT = {"start": "2025-06-01", "end": "2025-06-30", "warmup_days": 60}


@cache
def season(name: str, seed: int, **changes: object) -> cx.Result:
    """Return one run of a ready scenario; the same call runs once per process."""
    return cx.run(cx.Scenario.load(name).with_(**changes), seed=seed)


@pytest.fixture
def short() -> cx.Scenario:
    """Return a month without policy after a short warm-up: quick, and with people everywhere."""
    return cx.Scenario.load("no-policy").with_(**SHORT)
