"""Trees of runs grown in processes of their own: the trunk once, and a branch by forking it.

A fork copies a world that is under way, which nothing else can do, since SimPy's processes are Python
generators; and it is safe only where one thread runs. So trees grow in *nurseries*: fresh interpreters
that know nothing of the asking process but its module path, whose numeric libraries are told to use one
thread before they are loaded, and in which there is no Arrow (its memory pool starts a thread), no
progress bar and no pool. A branch sends back what its runs gave through a pipe and leaves at once.

Whatever is not made here, because a branch or a nursery died, or a scenario cannot be sent, or the
system has no fork, is for the asking process to run from its beginning in the ordinary way.
"""

from __future__ import annotations

import gc
import json
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, Pipe, wait
from time import perf_counter
from typing import Any, NoReturn

from crossings.errors import InputError
from crossings.study.branching import Histories, Leaf, Tree
from crossings.study.workers import interrupts_held_back, prepare

_ONE_THREAD = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"),
        *("BLIS_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"),
    ),
    "1",
)
_BEGIN = (
    "import json, sys; path, sys.argv[:], fd = json.loads(sys.argv[1]); sys.path[:] = path; "
    "sys.modules['pyarrow'] = None; from crossings.study.trunks import nursery; nursery(fd)"
)
_HOPELESS = 3  # nurseries that died one after the other without having made anything
_READY, _MADE, _FAILED, _GROWN, _UNFIT = "ready", "made", "failed", "grown", "unfit"

Finish = Callable[[Any, int], Any]
"""Makes of a `Result`, and the number of its days that were not run for it, what is sent back; called
where the run was made: a function of a module."""


@dataclass(frozen=True)
class Withered:
    """A run of a tree that raised.

    Attributes
    ----------
    trace
        The traceback; or, where what the user gave cannot be used, what was said.
    bad_input
        Whether it was that.
    """

    trace: str
    bad_input: bool = False


@dataclass(frozen=True)
class Bare:
    """What a run gave, without tables that are long or have text in them.

    Attributes
    ----------
    result
        The `Result`: its daily numbers and nothing finer.
    spared_days
        Model days that were not run for it.
    process
        Number of the process that made it.
    """

    result: Any
    spared_days: int
    process: int


def bare(result: Any, spared_days: int) -> Bare:
    """Strip a result of all but its daily numbers, to be sent back; a `Finish`."""
    return Bare(replace(result, by=result.by.iloc[:0], last=None, steps=None), spared_days, os.getpid())


Grown = Generator[tuple[int, Any], None, None]


def available() -> bool:
    """Whether this system has a fork that can be relied on."""
    return sys.platform.startswith("linux") and hasattr(os, "fork")


def grow(trees: Sequence[Tree], workers: int, finish: Finish) -> Grown:
    """Run trees; yield what each of their runs gave as it comes.

    Runs that could not be made for a reason outside them are left out.

    Parameters
    ----------
    trees
        The trees.
    workers
        How many grow at a time.
    finish
        See `Finish`.

    Yields
    ------
    tuple
        Number of the run, and what `finish` gave or a `Withered`.
    """
    waiting, barren = deque(trees), 0
    nurseries: list[_Nursery] = []
    try:
        while (waiting or any(each.busy for each in nurseries)) and barren < _HOPELESS:
            with interrupts_held_back():
                while len(nurseries) < min(workers, len(waiting) + sum(each.busy for each in nurseries)):
                    nurseries.append(_Nursery(finish))
            for each in nurseries:
                if waiting and each.idle:
                    each.take(waiting.popleft())
            ready = wait([each.connection for each in nurseries])
            for each in [each for each in nurseries if each.connection in ready]:
                for number, gave in each.heard():
                    barren = 0
                    yield number, gave
                if each.gone:
                    barren += 1
                    nurseries.remove(each)
                    each.end()
                elif each.unfit:
                    return
    finally:
        with interrupts_held_back():
            for each in nurseries:
                each.end()


class _Nursery:
    """A process in which trees grow, as seen from the one that asks."""

    def __init__(self, finish: Finish) -> None:
        self._finish = finish
        self.ready = self.busy = self.gone = self.unfit = False
        self.connection, theirs = Pipe()
        with theirs:
            known = json.dumps([sys.path, sys.argv, theirs.fileno()])
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", _BEGIN, known],
                pass_fds=[theirs.fileno()],
                env=os.environ | _ONE_THREAD,
                stdin=subprocess.DEVNULL,
            )

    @property
    def idle(self) -> bool:
        return self.ready and not self.busy

    def take(self, tree: Tree) -> None:
        """Send a tree to be grown."""
        self.busy = True
        try:
            self.connection.send_bytes(pickle.dumps((tree, self._finish)))
        except (pickle.PicklingError, AttributeError, TypeError):
            self.unfit = True
        except OSError:
            self.gone = True

    def heard(self) -> Iterator[tuple[int, Any]]:
        """Take one message; give the number of a run and what it gave if that is what it says."""
        try:
            kind, *said = pickle.loads(self.connection.recv_bytes())
        except (OSError, EOFError):
            self.gone = True
            return
        self.ready = True
        self.busy = self.busy and kind != _GROWN
        self.unfit = self.unfit or kind == _UNFIT
        if kind == _MADE:
            number, gave = said
            yield number, gave
        elif kind == _FAILED:
            number, trace, bad_input = said
            yield number, Withered(trace, bad_input)

    def end(self) -> None:
        """End it, whatever it does; a branch under way sees that and ends as well."""
        self.connection.close()
        self._process.terminate()
        self._process.wait()


# in the nursery ---------------------------------------------------------------------------------


def nursery(fd: int) -> NoReturn:
    """Grow trees for whoever holds the other end of a pipe, until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that asks
    asker = Connection(fd)
    try:
        from crossings import model as _  # noqa: F401, PLC0415 - all that is slow to load, once

        prepare()
        asker.send_bytes(pickle.dumps((_READY if _threads() == 1 else _UNFIT,)))
        while True:
            task = asker.recv_bytes()
            try:
                tree, finish = pickle.loads(task)
            except (AttributeError, ImportError):  # a policy of a script's or notebook's own
                asker.send_bytes(pickle.dumps((_UNFIT,)))
                continue
            _Gardener(finish, asker).grow(tree)
            gc.collect()
            asker.send_bytes(pickle.dumps((_GROWN,)))
    except (OSError, EOFError):  # nobody asks any more
        os._exit(0)


class _Gardener:
    """Grows one tree.

    Parameters
    ----------
    finish
        See `grow`.
    asker
        The pipe to the process that asks; ready to be read only once that process is gone.
    """

    def __init__(self, finish: Finish, asker: Connection) -> None:
        self._finish, self._asker = finish, asker
        self._out = asker
        self._histories = Histories()
        self._begun, self._since = perf_counter(), 0  # second and model day

    def grow(self, tree: Tree) -> None:
        """Run a tree and send back what its runs gave."""
        from crossings.model import CrossingsModel  # noqa: PLC0415, loaded after the number of threads is set

        leaves = list(tree.leaves)
        with self._told(leaves):
            parts = self._histories.parting(leaves)
            if parts is not None and parts[0] == 0:
                raise ValueError("a tree of runs that differ on their first day: expected one world for all")
            model = CrossingsModel(leaves[0].scenario, tree.seed)
            self._go_on(model, leaves)

    def _go_on(self, model: Any, leaves: list[Leaf]) -> None:
        """Run on from where a world stands: branch off where runs part, the first group in this process."""
        parts = self._histories.parting(leaves)
        while parts is not None:
            day, groups = parts
            self._advance(model, day)
            for group in groups[1:]:
                self._branch(model, group)
            leaves[:] = groups[0]
            model.take_up(leaves[0].scenario)
            parts = self._histories.parting(leaves)
        self._advance(model, model.days)
        while leaves:
            model.take_up(leaves[0].scenario)
            result = model.result(wall_seconds=perf_counter() - self._begun)
            self._send(_MADE, leaves[0].number, self._finish(result, self._since))
            leaves.pop(0)
            self._begun, self._since = perf_counter(), model.days  # whoever is left is alike to the end

    def _branch(self, model: Any, leaves: list[Leaf]) -> None:
        """Let a copy of this process go on with some of the runs; pass on what it sends, and wait for it."""
        began = perf_counter()
        receiving, sending = Pipe(duplex=False)
        child = os.fork()
        if child == 0:
            receiving.close()
            self._be_a_branch(model, leaves, sending)
        sending.close()
        with receiving:
            try:
                while True:
                    self._out.send_bytes(receiving.recv_bytes())
            except EOFError:
                os.waitpid(child, 0)
        self._begun += perf_counter() - began  # which is no time of this process's own runs

    def _be_a_branch(self, model: Any, leaves: list[Leaf], sending: Connection) -> NoReturn:
        try:
            gc.freeze()  # what the trunk made is left alone, so that memory stays shared
            self._out, self._begun, self._since = sending, perf_counter(), model.steps
            with self._told(leaves):
                model.take_up(leaves[0].scenario)
                self._go_on(model, leaves)
        finally:
            os._exit(0)

    def _advance(self, model: Any, day: int) -> None:
        while model.steps < day:
            if self._asker.poll():
                os._exit(1)  # nobody waits for this any more
            model.step()

    @contextmanager
    def _told(self, leaves: list[Leaf]) -> Iterator[None]:
        """Send what ends the runs that are left, if anything does."""
        try:
            yield
        except InputError as error:
            for leaf in leaves:
                self._send(_FAILED, leaf.number, str(error), True)
        except Exception:
            for leaf in leaves:
                self._send(_FAILED, leaf.number, traceback.format_exc(), False)

    def _send(self, *message: Any) -> None:
        self._out.send_bytes(pickle.dumps(message))


def _threads() -> int:
    return len(os.listdir("/proc/self/task"))
