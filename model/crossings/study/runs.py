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
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.outcomes import breakdown
from crossings.outcomes.summary import NEEDED
from crossings.outcomes.tables import columns
from crossings.study.workers import DIED, check_importable, cores, interrupts_held_back, worker_pool

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
    """What is kept of one run: daily columns by name, and what made them."""

    label: str
    seed: int
    start: date
    end: date
    daily: dict[str, NDArray[np.float64]]
    digest: str
    wall_seconds: float
    provenance: dict[str, Any]


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


def run_all(
    jobs: Sequence[Job], processes: int | None = None, progress: Progress | None = None
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

    Raises
    ------
    InputError
        If a run says that what the user gave cannot be used; the other runs are given up.
    """
    wanted: object = cores() if processes is None else processes
    if not isinstance(wanted, (int, np.integer)) or wanted < 1:
        raise InputError(f"processes {processes!r}: expected a whole number of at least 1")
    workers = min(int(wanted), len(jobs))
    size = max(1, len(jobs) // (workers * _PER_WORKER))
    chunks = [range(first, min(first + size, len(jobs))) for first in range(0, len(jobs), size)]
    if workers > 1:
        check_importable(thing for job in jobs for thing in _to_import(job))
    made = _here(jobs) if workers == 1 else _in_processes(jobs, chunks, workers)
    found: dict[int, RunRecord | RunFailure] = {}
    with closing(made):  # so that an error here ends the workers as well
        for number, record in made:
            if isinstance(record, RunFailure) and record.bad_input:
                raise InputError(record.traceback)
            found[number] = record
            if progress is not None:
                progress(len(found), len(jobs))
    return [found[number] for number in range(len(jobs))]


def _to_import(job: Job) -> list[Any]:
    return [getattr(job.run, "func", job.run), *map(type, getattr(job.scenario, "policies", {}).values())]


def _here(jobs: Sequence[Job]) -> Generator[tuple[int, RunRecord | RunFailure], None, None]:
    for number, job in enumerate(jobs):
        yield number, _one(job)


def _in_processes(
    jobs: Sequence[Job], chunks: Sequence[range], workers: int
) -> Generator[tuple[int, RunRecord | RunFailure], None, None]:
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
        result = job.run(job.scenario, seed=job.seed)
        return RunRecord(
            label=job.label,
            seed=job.seed,
            start=result.start,
            end=result.end,
            daily=columns(result.daily, KEPT) | breakdown.series(result.by, result.daily.index),
            digest=result.digest,
            wall_seconds=result.wall_seconds,
            provenance=result.provenance.as_dict() | {"origin": result.provenance.origin},
        )
    except InputError as error:
        return RunFailure(job.label, job.seed, str(error), bad_input=True)
    except Exception:
        return RunFailure(job.label, job.seed, traceback.format_exc())
