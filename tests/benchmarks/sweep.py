"""What a sweep costs beyond its runs: on one process, and on two workers.

Run with ``make bench`` or ``python tests/benchmarks/sweep.py [--runs N]``. Seasons of about a second are
run in a plain loop and then by a sweep that keeps their daily tables, each from the first line to the last
row on the disk. Processor time is compared, which holds on a machine that others use as well; so does the
efficiency of two workers with runs that only wait a second. The efficiency with real seasons is that of
wall time, and means something on a quiet machine only: the load before is printed beside it.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from crossings.model import run
from crossings.scenario import Scenario
from crossings.study.sweeps import Sweep

SEASON = {"start": "2025-04-01", "end": "2025-09-30", "warmup_days": 90}
KEY = "weather.wave_sd"
VALUE = 0.55


def waits(scenario: Any, seed: int) -> Mapping[str, float]:
    """Take a second and no processor."""
    time.sleep(1.0)
    return {"arrivals": float(seed)}


def processor_seconds() -> float:
    """Return the processor time of this process and of all that it started and that have ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in spent)


def spent(work: Callable[[], object]) -> tuple[float, float]:
    """Return the processor time and the wall time that some work takes."""
    processor, wall = processor_seconds(), time.perf_counter()
    work()
    return processor_seconds() - processor, time.perf_counter() - wall


def main() -> None:
    """Time and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=40, help="runs on two workers; half as many on one")
    runs = parser.parse_args().runs
    base = Scenario.load("no-policy").with_(**SEASON)
    point = base.replace(KEY, VALUE)
    run(point, seed=0)  # whatever is loaded once

    with tempfile.TemporaryDirectory() as folder:

        def swept(name: str, count: int, processes: int, **more: Any) -> Callable[[], object]:
            sweep = Sweep(base, {KEY: [VALUE]}, seeds=range(1, count + 1), out=Path(folder) / name, **more)
            return lambda: sweep.run(processes=processes)

        half = runs // 2
        bare, bare_wall = spent(lambda: [run(point, seed=seed) for seed in range(1, half + 1)])
        first, _ = spent(swept("nothing to do", 1, 1, run=waits))
        one, one_wall = spent(swept("one", half, 1, keep=["daily"]))
        load = os.getloadavg()[0]
        two, two_wall = spent(swept("two", runs, 2, keep=["daily"]))
        _, waiting = spent(swept("waiting", runs, 2, run=waits))

    seconds = bare / half
    beyond = two / (runs * seconds) - 1
    shared = runs * bare_wall / half / (2 * two_wall)
    print(f"season              {seconds:8.2f} s of processor   (mean of {half} in a loop)")
    print(f"a sweep of one run  {first:8.2f} s of processor   (identity, folder; its run only waits)")
    print(f"sweep, 1 process    {one / bare - 1:+8.1%}   processor time beyond the loop, {half} runs")
    print(f"                    {one_wall / bare_wall - 1:+8.1%}   wall time")
    print(f"sweep, 2 workers    {beyond:+8.1%}   processor time beyond the loop, {runs} runs")
    print(f"                    {shared:8.2f}   efficiency (load before: {load:.1f})")
    print(f"  runs that wait    {runs / (2 * waiting):8.2f}   efficiency, {runs} runs of 1 s")


if __name__ == "__main__":
    main()
