"""Many runs on several cores, of which one may fail without losing the rest.

Workers are started afresh ("spawn") whatever the start method of the process that asks, which is
never changed. Each sends back only the daily numbers that a comparison needs.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Generator, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.outcomes.summary import NEEDED
from crossings.outcomes.tables import columns

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
    """A run that failed: under which scenario and seed, and the traceback."""

    label: str
    seed: int
    traceback: str
    bad_input: bool = False

    def __str__(self) -> str:
        return f"scenario '{self.label}' with seed {self.seed} failed\n{self.traceback}"


def run_all(
    jobs: Sequence[Job], processes: int | None = None, progress: Progress | None = None
) -> list[RunRecord | RunFailure]:
    """Make all runs; return what each gave, in the order of the jobs.

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
    RuntimeError
        If a worker process died.
    """
    workers = min(cores() if processes is None else processes, len(jobs))
    if workers < 1:
        raise InputError(f"processes {processes}: expected a whole number of at least 1")
    size = max(1, len(jobs) // (workers * _PER_WORKER))
    chunks = [range(first, min(first + size, len(jobs))) for first in range(0, len(jobs), size)]
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


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _here(jobs: Sequence[Job]) -> Generator[tuple[int, RunRecord | RunFailure], None, None]:
    for number, job in enumerate(jobs):
        yield number, _one(job)


def _in_processes(
    jobs: Sequence[Job], chunks: Sequence[range], workers: int
) -> Generator[tuple[int, RunRecord | RunFailure], None, None]:
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        waiting = {pool.submit(_several, [jobs[n] for n in chunk]): chunk for chunk in chunks}
        try:
            for future in as_completed(waiting):
                yield from zip(waiting[future], future.result(), strict=True)
        except BrokenProcessPool:
            raise RuntimeError(
                "a worker process died: out of memory, or a script that compares outside "
                "`if __name__ == '__main__':`; processes=1 runs without workers"
            ) from None
        finally:
            # whatever ends this early (a failure, Ctrl-C, a caller who stops asking) ends the rest
            pool.shutdown(wait=False, cancel_futures=True)


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
            daily=columns(result.daily, KEPT),
            digest=result.digest,
            wall_seconds=result.wall_seconds,
            provenance=result.provenance.as_dict() | {"origin": result.provenance.origin},
        )
    except InputError as error:
        return RunFailure(job.label, job.seed, str(error), bad_input=True)
    except Exception:
        return RunFailure(job.label, job.seed, traceback.format_exc())
