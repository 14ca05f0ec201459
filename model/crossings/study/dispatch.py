"""Runs sent to workers and taken back as they finish, in whatever order.

Short runs are sent in batches of about a second, so that sending them costs little; no more than a
few batches are under way, so that a kill costs little and memory stays flat. A batch that comes back
as an error is sent again run by run, so that one run cannot take others down. If a worker process of
our own dies, runs that were under way are tried alone: whichever kills its worker again has failed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from importlib import import_module
from typing import Any

from crossings.errors import InputError
from crossings.scenario import Scenario
from crossings.study import trunks
from crossings.study.branching import plan
from crossings.study.identity import function_behind
from crossings.study.making import Planned, Work, can_branch, failed, make, scenario_of, taken
from crossings.study.store import Finished
from crossings.study.workers import DIED, check_importable, cores, interrupts_held_back, worker_pool

_BATCH_SECONDS = 1.0
_LARGEST_BATCH = 100
_AHEAD = 2  # batches under way for each worker
_HOPELESS = 3  # workers dead one after the other before any run was made

Made = Generator[list[Finished], None, None]


class Queue:
    """Runs still to be sent, cut into batches as long as experience says.

    Parameters
    ----------
    runs
        What is to be made, in order.
    workers
        How many will make them.
    """

    def __init__(self, runs: list[Planned], workers: int) -> None:
        self._runs = deque(runs)
        self._alone: deque[Planned] = deque()
        self._workers = workers
        self._made, self._seconds = 0, 0.0

    def __len__(self) -> int:
        return len(self._runs) + len(self._alone)

    def take(self) -> list[Planned]:
        """Return the next batch; runs that are to be tried alone come first."""
        if self._alone:
            return [self._alone.popleft()]
        return [self._runs.popleft() for _ in range(self._batch())]

    def again(self, batch: list[Planned]) -> None:
        """Take back runs, to be sent again each by itself."""
        self._alone.extend(batch)

    def back(self, batch: list[Planned]) -> None:
        """Take back runs that were never begun."""
        self._runs.extendleft(reversed(batch))

    def learn(self, finished: list[Finished]) -> None:
        """Remember how long runs take."""
        self._made += len(finished)
        self._seconds += sum(each.row["wall_seconds"] for each in finished)

    def _batch(self) -> int:
        if not self._made:
            return 1
        mean = max(self._seconds / self._made, 1e-6)
        fair = -(-len(self._runs) // (self._workers * _AHEAD))  # so that all have work until the end
        return max(1, min(int(_BATCH_SECONDS / mean), fair, _LARGEST_BATCH, len(self._runs)))


def here(work: Work, runs: list[Planned]) -> Made:
    """Make runs in this process and yield what each gave."""
    queue = Queue(runs, 1)
    while queue:
        finished = make(work, queue.take())
        queue.learn(finished)
        yield finished


def on_executor(work: Work, runs: list[Planned], executor: Executor, workers: int) -> Made:
    """Make runs on any executor and yield what batches gave as they finish.

    Raises
    ------
    InputError
        If a worker runs other code.
    RuntimeError
        If the executor breaks.
    """
    sending = _Sending(work, Queue(runs, workers), executor, workers)
    try:
        yield from sending.all()
    except (BrokenExecutor, CancelledError) as error:
        raise RuntimeError(f"the executor gave up: {type(error).__name__} {error}".rstrip()) from error
    finally:
        sending.give_up()


def in_processes(work: Work, runs: list[Planned], workers: int) -> Made:
    """Make runs in processes of our own, new ones for those that die.

    Raises
    ------
    InputError
        If a worker runs other code, or could not import what it is to run.
    RuntimeError
        If workers die as soon as they are asked for anything.
    """
    check_importable([function_behind(work.run)[0], *map(type, work.base.policies.values())])
    queue = Queue(runs, workers)
    suspects: deque[Planned] = deque()
    made, dead = 0, 0
    while queue or suspects:
        alone = [suspects.popleft()] if suspects else []
        with worker_pool(workers if not alone else 1) as pool:
            sending = _Sending(work, Queue(alone, 1) if alone else queue, pool, workers)
            try:
                for finished in sending.all():
                    made += len(finished)
                    yield finished
                    if alone and suspects:  # the worker lives: the next may use it
                        sending.queue.again([suspects.popleft()])
            except BrokenProcessPool:
                dead += 1
                if dead >= _HOPELESS and not made:
                    raise RuntimeError(DIED) from None
                if alone:
                    yield [failed(each, DIED, DIED) for each in sending.under_way()]
                else:
                    suspects.extend(sending.under_way())


def in_branches(work: Work, runs: list[Planned], workers: int) -> Made:
    """Make runs in processes of our own, and a history that several have in common only once.

    Whatever is not made on a tree is made by `in_processes`, from its beginning.

    Raises
    ------
    InputError, RuntimeError
        See `in_processes`.
    """
    left = dict(enumerate(runs))
    if can_branch(work):
        trees = plan(_scenarios(work, runs), workers).trees
        with closing(trunks.grow(trees, workers, trunks.bare)) as grown:
            for number, gave in grown:
                yield [taken(work, left.pop(number), gave)]
    if left:
        yield from in_processes(work, list(left.values()), workers)


def _scenarios(work: Work, runs: list[Planned]) -> Iterator[tuple[int, Scenario, int]]:
    """Yield place, scenario and seed of every run whose scenario can be made; each scenario once."""
    known: dict[str, Scenario | None] = {}
    for number, planned in enumerate(runs):
        point = planned.run_id.rpartition("-")[0]
        if point not in known:
            try:
                known[point] = scenario_of(work, planned)
            except InputError:  # a row that says so will be made of it
                known[point] = None
        scenario = known[point]
        if scenario is not None:
            yield number, scenario, planned.seed


class _Sending:
    """One executor kept busy from one queue."""

    def __init__(self, work: Work, queue: Queue, executor: Executor, workers: int) -> None:
        self.queue = queue
        self._work = work
        self._executor = executor
        self._most = workers * _AHEAD
        self._waiting: dict[Future[list[Finished]], list[Planned]] = {}

    def all(self) -> Made:
        """Yield what batches gave until the queue is empty and nothing is under way."""
        while self.queue or self._waiting:
            self._send()
            done, _ = wait(self._waiting, return_when=FIRST_COMPLETED)
            for future in done:
                finished = self._taken(future)
                if finished:
                    self.queue.learn(finished)
                    yield finished

    def under_way(self) -> list[Planned]:
        """Return the runs that were sent and did not come back."""
        return [planned for batch in self._waiting.values() for planned in batch]

    def give_up(self) -> None:
        """Take back what has not begun."""
        for future in self._waiting:
            future.cancel()

    def _send(self) -> None:
        with interrupts_held_back():
            while self.queue and len(self._waiting) < self._most:
                batch = self.queue.take()
                try:
                    future = self._executor.submit(make, self._work, batch)
                except BrokenExecutor:
                    self.queue.back(batch)
                    raise
                self._waiting[future] = batch

    def _taken(self, future: Future[list[Finished]]) -> list[Finished]:
        """Return what a batch gave; on an error, one failed row or nothing and its runs sent again."""
        error = future.exception()
        if isinstance(error, (BrokenExecutor, InputError)):
            raise error
        batch = self._waiting.pop(future)
        if error is None:
            return future.result()
        if len(batch) == 1:
            said = f"{type(error).__name__}: {error}"
            return [failed(batch[0], said, said)]
        self.queue.again(batch)
        return []


def size_of(executor: Executor) -> int:
    """Return the number of workers of an executor, or of cores here where it does not say."""
    return int(getattr(executor, "_max_workers", None) or cores())


@contextmanager
def dask(address: str) -> Iterator[tuple[Executor, int]]:
    """Give an executor on a Dask cluster and the number of its threads.

    Parameters
    ----------
    address
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    InputError
        If dask.distributed is not installed, or nothing answers there.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise InputError(
            f"a Dask cluster needs dask.distributed ({error}): "
            "expected the extra, pip install 'crossings[cluster]'"
        ) from None
    try:
        client = distributed.Client(address, set_as_default=False, timeout="10s")
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"dask {address}: expected the address of a scheduler, got {error}") from None
    with client:
        threads = sum(client.nthreads().values())
        yield client.get_executor(pure=False), max(1, threads)
