"""What a sweep costs beyond its runs: in one process, and on two workers.

Seasons of about a second are run in a plain loop and then by a sweep that keeps their daily tables, from
its first line to its last row on the disk. The efficiency of two workers is that of runs that wait a
second, which holds on a machine that others use, and of real seasons in wall time, which means something
on a quiet machine only: the load before stands beside it.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import crossings as cx
from crossings.study.workers import prepare
from tests.benchmarks.branches import of_children
from tests.benchmarks.timing import row

SEASON = {"start": "2025-04-01", "end": "2025-09-30", "warmup_days": 90}
KEY, VALUE = "weather.wave_sd", 0.55
RUNS = 40


def waits(scenario: Any, seed: int) -> Mapping[str, float]:
    """Take a second and no processor."""
    time.sleep(1.0)
    return {"arrivals": float(seed)}


def main(_repeats: int) -> None:
    """Time and print."""
    base = cx.Scenario.load("no-policy").with_(**SEASON)
    point = base.replace(KEY, VALUE)
    half = RUNS // 2
    prepare()  # as workers are, so that a loop and a sweep make runs alike
    cx.run(point, seed=0)  # whatever is loaded once
    with tempfile.TemporaryDirectory() as folder:

        def swept(count: int, processes: int, **more: Any) -> Callable[[], float]:
            place = Path(folder) / f"{count}-{processes}-{len(more['keep'])}"
            sweep = cx.Sweep(base, {KEY: [VALUE]}, seeds=range(1, count + 1), out=place, **more)
            return lambda: float(sweep.run(processes=processes).failed)

        _, bare, bare_wall = of_children(lambda: sum(cx.run(point, seed=s).seed for s in range(1, half + 1)))
        _, nothing, _ = of_children(swept(1, 1, run=waits, keep=[]))
        _, one, one_wall = of_children(swept(half, 1, keep=["daily"]))
        load = os.getloadavg()[0]
        _, two, two_wall = of_children(swept(RUNS, 2, keep=["daily"]))
        _, _, waited = of_children(swept(RUNS, 2, run=waits, keep=[]))

    seconds, walls = bare / half, bare_wall / half
    print(f"Sweeps beyond their runs: {half} seasons of {seconds:.2f} s of processor in a loop")
    row("a sweep whose one run waits", f"{nothing:.2f} s", "of processor: identity, folder")
    row(
        "one process", f"{one / bare - 1:+.1%}", f"of processor; {one_wall / bare_wall - 1:+.1%} of wall time"
    )
    row("two workers", f"{two / (RUNS * seconds) - 1:+.1%}", f"of processor, {RUNS} runs")
    row("  efficiency", f"{RUNS * walls / (2 * two_wall):.2f}", f"of wall time, load before {load:.1f}")
    row("  efficiency where runs wait", f"{RUNS / (2 * waited):.2f}", f"{RUNS} runs of 1 s")
