"""Processes that make runs, started and ended so that nothing is left behind.

Workers are started afresh ("spawn") whatever the start method of the process that asks, which is
never changed. A worker takes no notice of Ctrl-C, which is for the process that asks, and ends as
soon as that process gives up or is gone, even if it was killed.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from multiprocessing import active_children, get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import Any

import numpy as np

from crossings.draws import compile_draws
from crossings.errors import InputError
from crossings.loops import compile_loops
from crossings.memory import expect_many_worlds

DIED = (
    "a worker process died: out of memory, or a script that starts runs outside "
    "`if __name__ == '__main__':`; processes=1 runs without workers"
)


@contextmanager
def worker_pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Give a pool of worker processes; leaving the block ends them all at once, whatever they do.

    Submit to it within `interrupts_held_back`, because submitting starts processes.

    Parameters
    ----------
    workers
        Number of processes.
    """
    context = get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    others = active_children()
    with (
        theirs,
        ours,
        ProcessPoolExecutor(workers, mp_context=context, initializer=_follow, initargs=(theirs,)) as pool,
    ):
        try:
            yield pool
        finally:
            # whatever ends this early (a failure, Ctrl-C, a caller who stops asking) ends the rest at once
            with interrupts_held_back():
                for worker in active_children():
                    if worker not in others:
                        worker.terminate()
                pool.shutdown(cancel_futures=True)


@contextmanager
def interrupts_held_back() -> Iterator[None]:
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


def check_importable(things: Iterable[Any]) -> None:
    """Make sure that worker processes can import what they are to run.

    Parameters
    ----------
    things
        Functions and classes.

    Raises
    ------
    InputError
        If this Python reads its program from its input, or a notebook or a prompt defined one of them.
    """
    main = sys.modules["__main__"]
    file = getattr(main, "__file__", None)
    if file is not None and not Path(file).exists():  # each worker would try to read it
        raise InputError(
            f"program '{file}': expected a file, which worker processes can read, or processes=1"
        )
    for thing in things:
        if file is None and getattr(thing, "__module__", "") == main.__name__:
            raise InputError(
                f"{thing.__qualname__}: expected a module (a .py file) that defines it, as worker processes "
                "cannot import what a notebook defines, or processes=1"
            )


def prepare() -> None:
    """Make this process ready for many runs: what costs some time once saves more in every run."""
    compile_draws()
    compile_loops()
    expect_many_worlds()


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def number_of_workers(asked: object) -> int:
    """Return how many worker processes to use: as many as were asked for, or one per core.

    Raises
    ------
    InputError
        If that is no whole number of at least 1.
    """
    wanted = cores() if asked is None else asked
    if not isinstance(wanted, (int, np.integer)) or isinstance(wanted, bool) or wanted < 1:
        raise InputError(f"processes {asked!r}: expected a whole number of at least 1")
    return int(wanted)


def _send_again(signals: list[int]) -> None:
    for number in signals[:1]:
        signal.raise_signal(number)


def _follow(asker: Connection) -> None:
    """Begin a worker: leave Ctrl-C to the process that asks, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    prepare()
    Thread(target=_end_with, args=(asker,), daemon=True).start()


def _end_with(asker: Connection) -> None:
    wait([asker])  # nothing is ever sent: it becomes ready when the other end is closed
    os._exit(1)
