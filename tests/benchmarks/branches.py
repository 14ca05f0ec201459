"""What it spares to run a common history once, in a comparison and in a sweep, beside separate runs."""

from __future__ import annotations

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import crossings as cx
from crossings.study import trunks
from tests.benchmarks.timing import row

TWELVE_MONTHS = {"start": "2025-01-01", "end": "2025-12-31"}
DOSES = [25, 50, 100, 200, 400, 800]
SEEDS = 2


def compared(branches: bool) -> float:
    """Compare the pilot with no policy; return the share of days spared."""
    pair = [cx.Scenario.load(name).with_(**TWELVE_MONTHS) for name in ("no-policy", "one-in-one-out")]
    return cx.compare(*pair, seeds=SEEDS, processes=2, branches=branches).spared


def swept(branches: bool) -> float:
    """Run a sweep over doses; return the share of days spared."""
    pilot = cx.Scenario.load("one-in-one-out").with_(**TWELVE_MONTHS)
    there = trunks.available
    trunks.available = there if branches else lambda: False
    try:
        with tempfile.TemporaryDirectory() as folder:
            axes = {"policies.returns.quota_per_week": DOSES}
            sweep = cx.Sweep(pilot, axes, seeds=range(1, SEEDS + 1), out=Path(folder) / "doses")
            return sweep.run(processes=2).spared
    finally:
        trunks.available = there


def of_children(action: Callable[[], float]) -> tuple[float, float, float]:
    """Return what an action gives, and the processor and wall time of it and of the processes it starts."""
    began, wall = _processor(), time.perf_counter()
    gave = action()
    return gave, _processor() - began, time.perf_counter() - wall


def _processor() -> float:
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)


def main(_repeats: int) -> None:
    """Time and print."""
    if not trunks.available():
        row("branches", "skipped", "this system has no fork")
        return
    print("Branches: a common history run once, beside separate runs; 12 months, two processes")
    works = {
        f"comparison of 2, {SEEDS} seeds": compared,
        f"sweep of {len(DOSES)} doses, {SEEDS} seeds": swept,
    }
    for name, work in works.items():
        spared, shared, wall = of_children(lambda: work(True))  # noqa: B023, called at once
        _, apart, wall_apart = of_children(lambda: work(False))  # noqa: B023, the same
        note = f"{apart:.1f} s apart; clock {wall:.1f}, {wall_apart:.1f} s; {spared:.0%} of days spared"
        row(name, f"{shared:.1f} s", note)
        row("  shared over apart", f"{shared / apart:.2f}")
