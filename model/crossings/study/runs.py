"""Many runs on several cores, of which one may fail without losing the rest.

Workers are started afresh ("spawn") whatever the start method of the process that asks, which is
never changed. Each sends back only the daily numbers that a comparison needs. A worker takes no notice
of Ctrl-C, which is for the process that asks, and ends as soon as that process gives up or is gone.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection, wait
from threading import Thread, current_thread, main_thread
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
_DIED = (
    "a worker process died: out of memory, or a script that compares outside "
    "`if __name__ == '__main__':`; processes=1 runs without workers"
)


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
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    others = active_children()
    with (
        theirs,
        ours,
        ProcessPoolExecutor(workers, mp_context=context, initializer=_follow, initargs=(theirs,)) as pool,
    ):
        try:
            with _interrupts_held_back():
                waiting = {pool.submit(_several, [jobs[n] for n in chunk]): chunk for chunk in chunks}
            for future in as_completed(waiting):
                chunk = waiting[future]
                yield from zip(chunk, _kept(future, [jobs[n] for n in chunk]), strict=True)
            pool.shutdown()
        except BrokenProcessPool:  # before it was asked for everything
            raise RuntimeError(_DIED) from None
        finally:
            # whatever ends this early (a failure, Ctrl-C, a caller who stops asking) ends the rest at once
            with _interrupts_held_back():
                for worker in active_children():
                    if worker not in others:
                        worker.terminate()
                pool.shutdown(cancel_futures=True)


def _kept(future: Future[list[RunRecord | RunFailure]], jobs: Sequence[Job]) -> list[RunRecord | RunFailure]:
    """Return what a worker gave, or that it died."""
    if isinstance(future.exception(), BrokenProcessPool):
        return [RunFailure(job.label, job.seed, _DIED) for job in jobs]
    return future.result()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Keep Ctrl-C waiting while workers start or end: each starts whole, and none ever sees one."""
    with ExitStack() as stack:
        if current_thread() is main_thread():  # the one that Ctrl-C breaks into
            came: list[int] = []
            stack.callback(_send_again, came)
            usual = signal.signal(signal.SIGINT, lambda number, _: came.append(number))
            stack.callback(signal.signal, signal.SIGINT, usual or signal.SIG_DFL)
        if hasattr(signal, "pthread_sigmask"):  # inherited by workers; Windows has no such thing
            mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            stack.callback(signal.pthread_sigmask, signal.SIG_SETMASK, mask)
        yield


def _send_again(signals: list[int]) -> None:
    for number in signals[:1]:
        signal.raise_signal(number)


def _follow(asker: Connection) -> None:
    """Begin a worker: leave Ctrl-C to the process that asks, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with, args=(asker,), daemon=True).start()


def _end_with(asker: Connection) -> None:
    wait([asker])  # nothing is ever sent: it becomes ready when the other end is closed
    os._exit(1)


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
