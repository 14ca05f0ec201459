"""Many runs on several cores, of which one may fail without losing the rest.

How workers start and end is in `crossings.study.workers`. Each sends back only the daily numbers that
a comparison needs.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import Future, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.outcomes import breakdown
from crossings.outcomes.summary import NEEDED
from crossings.outcomes.tables import columns
from crossings.study import trunks
from crossings.study.branching import Tree
from crossings.study.workers import (
    DIED,
    check_importable,
    interrupts_held_back,
    number_of_workers,
    worker_pool,
)

Run = Callable[..., Any]
"""Called as ``run(scenario, seed=seed)``; gives a `crossings.outcomes.Result`."""

Progress = Callable[[int, int], None]
"""Called with the number of runs done and the number of all."""

KEPT = (*NEEDED, "first_arrivals")
_PER_WORKER = 8


@dataclass(frozen=True)
class Job:
    """One run to be made."""

    label: str
    scenario: Any
    seed: int
    run: Run


@dataclass(frozen=True, eq=False)
class RunRecord:
    """What is kept of one run: daily columns by name, what made them, and the days not run for it."""

    label: str
    seed: int
    start: date
    end: date
    daily: dict[str, NDArray[np.float64]]
    digest: str
    wall_seconds: float
    provenance: dict[str, Any]
    spared_days: int = 0


@dataclass(frozen=True)
class RunFailure:
    """A run that failed: under which scenario and seed, and the traceback or what is known instead."""

    label: str
    seed: int
    traceback: str
    bad_input: bool = False

    def __str__(self) -> str:
        why = f"\n{self.traceback}" if "\n" in self.traceback else f" {self.traceback}"
        return f"scenario '{self.label}' with seed {self.seed} failed:{why}"


Made = Generator[tuple[int, "RunRecord | RunFailure"], None, None]


def run_all(
    jobs: Sequence[Job],
    processes: int | None = None,
    progress: Progress | None = None,
    trees: Sequence[Tree] = (),
) -> list[RunRecord | RunFailure]:
    """Make all runs; return what each gave, in the order of the jobs.

    If a worker process dies, the runs that were not made by then have failed.

    Parameters
    ----------
    jobs
        The runs.
    processes
        Workers; default one per core that this process may use. 1 runs here.
    progress
        Told after every few runs.
    trees
        Trees of jobs, by their place among all, whose common history is run once; these are runs of
        the model itself. What cannot be made so runs from its beginning.

    Raises
    ------
    InputError
        If a run says that what the user gave cannot be used; the other runs are given up.
    """
    workers = min(number_of_workers(processes), len(jobs))
    made = _all_ways(jobs, workers, trees)
    found: dict[int, RunRecord | RunFailure] = {}
    with closing(made):  # so that an error here ends the workers as well
        for number, record in made:
            if isinstance(record, RunFailure) and record.bad_input:
                raise InputError(record.traceback)
            found[number] = record
            if progress is not None:
                progress(len(found), len(jobs))
    return [found[number] for number in range(len(jobs))]


def _all_ways(jobs: Sequence[Job], workers: int, trees: Sequence[Tree]) -> Made:
    """Grow the trees that are planned, then run what is left, each run from its beginning."""
    left = set(range(len(jobs)))
    if trees:
        with closing(trunks.grow(trees, workers, _of_leaf)) as grown:
            for number, gave in grown:
                left.discard(number)
                yield number, _named(jobs[number], gave)
    numbers = sorted(left)
    if workers == 1:
        yield from _here(jobs, numbers)
    elif numbers:
        yield from _in_processes(jobs, numbers, min(workers, len(numbers)))


def _of_leaf(result: Any, spared_days: int) -> RunRecord:
    """Return what is kept of a run on a tree; called where it was made."""
    return replace(_record(result, result.name, result.seed), spared_days=spared_days)


def _named(job: Job, gave: RunRecord | trunks.Withered) -> RunRecord | RunFailure:
    """Return what a run on a tree gave, under the name it has here."""
    if isinstance(gave, trunks.Withered):
        return RunFailure(job.label, job.seed, gave.trace, gave.bad_input)
    return replace(gave, label=job.label)


def _here(jobs: Sequence[Job], numbers: Sequence[int]) -> Made:
    for number in numbers:
        yield number, _one(jobs[number])


def _to_import(job: Job) -> list[Any]:
    return [getattr(job.run, "func", job.run), *map(type, getattr(job.scenario, "policies", {}).values())]


def _in_processes(jobs: Sequence[Job], numbers: Sequence[int], workers: int) -> Made:
    check_importable(thing for number in numbers for thing in _to_import(jobs[number]))
    size = max(1, len(numbers) // (workers * _PER_WORKER))
    chunks = [numbers[first : first + size] for first in range(0, len(numbers), size)]
    try:
        with worker_pool(workers) as pool:
            with interrupts_held_back():
                waiting = {pool.submit(_several, [jobs[n] for n in chunk]): chunk for chunk in chunks}
            for future in as_completed(waiting):
                chunk = waiting[future]
                yield from zip(chunk, _kept(future, [jobs[n] for n in chunk]), strict=True)
            pool.shutdown()
    except BrokenProcessPool:  # before it was asked for everything
        raise RuntimeError(DIED) from None


def _kept(future: Future[list[RunRecord | RunFailure]], jobs: Sequence[Job]) -> list[RunRecord | RunFailure]:
    """Return what a worker gave, or that it died."""
    if isinstance(future.exception(), BrokenProcessPool):
        return [RunFailure(job.label, job.seed, DIED) for job in jobs]
    return future.result()


def _several(jobs: Iterable[Job]) -> list[RunRecord | RunFailure]:
    return [_one(job) for job in jobs]


def _one(job: Job) -> RunRecord | RunFailure:
    try:
        return _record(job.run(job.scenario, seed=job.seed), job.label, job.seed)
    except InputError as error:
        return RunFailure(job.label, job.seed, str(error), bad_input=True)
    except Exception:
        return RunFailure(job.label, job.seed, traceback.format_exc())


def _record(result: Any, label: str, seed: int) -> RunRecord:
    return RunRecord(
        label=label,
        seed=seed,
        start=result.start,
        end=result.end,
        daily=columns(result.daily, KEPT) | breakdown.series(result.by, result.daily.index),
        digest=result.digest,
        wall_seconds=result.wall_seconds,
        provenance=result.provenance.as_dict() | {"origin": result.provenance.origin},
    )
