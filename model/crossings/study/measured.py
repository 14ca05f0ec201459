"""Measuring runs: the same few numbers taken of every scenario under every seed.

What `crossings.study.comparison` keeps of a run are its daily totals. An experiment that looks at launches,
people or one observer's series measures each run where it is made and keeps only what it measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import as_completed
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.scenario import Scenario
from crossings.study.workers import cores, interrupts_held_back, worker_pool

_Found = TypeVar("_Found")

Floats = NDArray[np.float64]
Numbers = Mapping[str, float]


def measure_all(
    measure: Callable[[Scenario, int], _Found],
    jobs: Sequence[tuple[Scenario, int]],
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[_Found]:
    """Return what is measured of every run, in the order of the jobs.

    Parameters
    ----------
    measure
        Makes one run, of a scenario and a seed, and measures it; a function of a module (or a partial of
        one), so that workers can find it.
    jobs
        Scenarios and seeds.
    processes
        Worker processes; default one per core. 1 runs here.
    progress
        Told after every run how many are done, of how many.
    """
    wanted = min(cores() if processes is None else processes, len(jobs))
    found: dict[int, _Found] = {}
    if wanted <= 1:
        for number, job in enumerate(jobs):
            found[number] = measure(*job)
            _tell(progress, len(found), len(jobs))
        return list(found.values())
    with worker_pool(wanted) as pool:
        with interrupts_held_back():
            waiting = {pool.submit(measure, *job): number for number, job in enumerate(jobs)}
        for future in as_completed(waiting):
            found[waiting[future]] = future.result()
            _tell(progress, len(found), len(jobs))
        pool.shutdown()
    return [found[number] for number in range(len(jobs))]


def by_world(
    measure: Callable[[Scenario, int], Numbers],
    worlds: Mapping[str, Scenario],
    seeds: Iterable[int],
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, dict[str, Floats]]:
    """Return numbers measured of worlds under the same seeds: by world and name, one for each seed."""
    chosen = list(seeds)
    jobs = [(scenario, seed) for seed in chosen for scenario in worlds.values()]
    found = measure_all(measure, jobs, processes, progress)
    return {
        world: {
            name: np.array([each[name] for each in found[number :: len(worlds)]], dtype=np.float64)
            for name in found[number]
        }
        for number, world in enumerate(worlds)
    }


def means(found: Mapping[str, Mapping[str, Floats]]) -> pd.DataFrame:
    """Return a table of what `by_world` found: a row for each world, means over seeds."""
    return pd.DataFrame(
        {"world": world, **{name: values.mean() for name, values in of.items()}}
        for world, of in found.items()
    )


def _tell(progress: Callable[[int, int], None] | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)
