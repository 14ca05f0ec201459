"""One fault tried: tests run in a process of their own, in a copy of the repository that has the fault.

The process is forked from one that has collected all tests, and there the function at fault gets its code, so
that only tests cost. Where a fault is in no function, the process is forked from one that has nothing but
libraries, and imports everything anew.
"""

from __future__ import annotations

import contextlib
import functools
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import hypothesis
import pytest

from tests.mutants.reach import python_path

LIBRARIES = (
    "numpy", "scipy.stats", "scipy.interpolate", "pandas", "pyarrow.parquet", "networkx", "pydantic", "mesa",
    "simpy", "tomlkit", "typer", "rich.console", "matplotlib",
)  # fmt: skip
_LEFT_OUT = (".git", ".venv*", "results*", ".hypothesis", ".*_cache", "*.egg-info")
_WORDS = ("-q", "-s", "--tb=line", "-p", "no:cacheprovider")
_FORK = multiprocessing.get_context("fork")
_WALL = 30
"""Seconds on the clock for each processor second allowed: only something that waits for ever gets there."""


@dataclass(frozen=True)
class Verdict:
    """What became of a fault.

    Attributes
    ----------
    outcome
        ``killed`` by a test that failed, ``timeout`` or ``survived``.
    by
        The test that failed; ``import`` where the tests could not even be collected.
    how
        First line of its failure.
    seconds
        Processor seconds it took.
    """

    outcome: str
    by: str = ""
    how: str = ""
    seconds: float = 0.0


def copy_of(repository: Path, place: Path) -> Path:
    """Copy what tests need; the copy alone is ever changed."""
    tree = place / "tree"
    shutil.copytree(repository, tree, ignore=shutil.ignore_patterns(*_LEFT_OUT), symlinks=True)
    return tree


@contextlib.contextmanager
def replaced(module: Path, source: str) -> Iterator[None]:
    """Put another source into a module of the copy for a while."""
    sound = module.read_text(encoding="utf-8")
    try:
        _write(module, source)
        yield
    finally:
        _write(module, sound)


def _write(module: Path, source: str) -> None:
    module.write_text(source, encoding="utf-8")
    for compiled in (module.parent / "__pycache__").glob(f"{module.stem}.*.pyc"):
        compiled.unlink()  # its time stamp has whole seconds only


def settle_in(tree: Path) -> None:
    """Let this process import the copy, and nothing of the repository that was copied."""
    os.chdir(tree)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["PYTHONPATH"] = python_path(tree)
    sys.path[:] = [str(tree / "model"), str(tree), *sys.path]
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "crossings"}]:
        del sys.modules[name]
    found = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # a failure need not be made small
    hypothesis.settings.register_profile("mutants", phases=found, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutants")


class Anew:
    """Trials that import everything anew, in children of a process that has the libraries alone.

    Parameters
    ----------
    tree
        The copy.
    """

    def __init__(self, tree: Path) -> None:
        self._end, theirs = multiprocessing.Pipe()
        with _quiet():
            self._process = _FORK.Process(target=_serve, args=(tree, theirs), daemon=False)
            self._process.start()

    def tried(self, tests: list[str], limit: float) -> Verdict:
        """Run tests until one fails, within so many processor seconds."""
        self._end.send((tests, limit))
        return Verdict(**self._end.recv())

    def close(self) -> None:
        """End the process."""
        with contextlib.suppress(BrokenPipeError):
            self._end.send(None)
        self._process.join()


def _serve(tree: Path, end: Connection) -> None:
    for name in LIBRARIES:
        import_module(name)
    settle_in(tree)
    while (asked := end.recv()) is not None:
        tests, limit = asked
        end.send(asdict(watched(tree, limit, functools.partial(_pytest, tests))))


def _pytest(tests: list[str], witness: Witness) -> int:
    return int(pytest.main(["-x", *_WORDS, *tests], plugins=[witness]))


class Collected:
    """A pytest plugin: once all tests are collected, it hands them over instead of running them.

    Parameters
    ----------
    trials
        What is to be done with them.
    """

    def __init__(self, trials: Callable[[dict[str, list[pytest.Item]]], None]) -> None:
        self._trials = trials

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items: defaultdict[str, list[pytest.Item]] = defaultdict(list)
        for item in session.items:
            items[item.nodeid.partition("[")[0]].append(item)
        self._trials(items)
        return True


def collect(files: list[str], trials: Callable[[dict[str, list[pytest.Item]]], None]) -> None:
    """Collect tests, and hand them over."""
    status = pytest.main([*_WORDS, *files], plugins=[Collected(trials)])
    if status != pytest.ExitCode.OK:
        raise SystemExit(f"tests could not be collected: {status!r}")


def run(items: list[pytest.Item], witness: Witness) -> int:
    """Run collected tests until one fails; return 1 if one did."""
    items[0].config.pluginmanager.register(witness)
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if witness.told:
            return 1
    return 0


def given_code(module: ModuleType | None, function: str, source: str) -> bool:
    """Give a function of a loaded module the code that it has in another source.

    Parameters
    ----------
    module
        The module; None if nothing has imported it yet, and nothing need be done.
    function
        Dotted name in the module.
    source
        The other source.

    Returns
    -------
    bool
        False if it has to be imported anew: there is no such function, or more than one.
    """
    if module is None:
        return True
    code, owner = compile(source, str(module.__file__), "exec"), vars(module)
    for part in function.split("."):
        inner = [const for const in code.co_consts if isinstance(const, CodeType) and const.co_name == part]
        if len(inner) != 1 or part not in owner:
            return False
        code, found = inner[0], _bare(owner[part])
        if isinstance(found, FunctionType):
            if code.co_freevars != found.__code__.co_freevars:
                return False
            found.__code__ = code
            return True
        owner = vars(found) if isinstance(found, type) else {}
    return False


def _bare(thing: Any) -> Any:
    """Return the function inside a property, a method of the class or what remembers results."""
    if isinstance(thing, property):
        return thing.fget
    if isinstance(thing, functools.cached_property):
        return thing.func
    thing = getattr(thing, "__func__", thing)
    return getattr(thing, "__wrapped__", thing)


def watched(tree: Path, limit: float, work: Callable[[Witness], int]) -> Verdict:
    """Let a child do some work and say how it ended.

    Parameters
    ----------
    tree
        The copy, where its note and its output go.
    limit
        Processor seconds, so that a busy machine makes no difference; more count as noticed.
    work
        Runs tests and returns 0 if all passed.
    """
    note = tree / "note.json"
    note.unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = _FORK.Process(target=_alone, args=(tree, limit, note, work))
    with _quiet():
        process.start()
    process.join(limit * _WALL)
    overdue = process.is_alive()
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid or 0, signal.SIGKILL)  # and whatever the tests started
    process.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2)
    if overdue or process.exitcode == -signal.SIGXCPU:
        return Verdict("timeout", seconds=seconds)
    if process.exitcode == 0:
        return Verdict("survived", seconds=seconds)
    told = json.loads(note.read_text()) if note.exists() else {}
    return Verdict("killed", told.get("by", "import"), told.get("how", f"status {process.exitcode}"), seconds)


def _alone(tree: Path, limit: float, note: Path, work: Callable[[Witness], int]) -> None:
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 10))
    log = os.open(tree / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    status = int(work(Witness(note)))
    sys.stdout.flush()
    os._exit(status)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # libraries have threads of their own, which wait
        yield


class Witness:
    """A pytest plugin that writes down the first failure.

    Parameters
    ----------
    note
        File to write it to.
    """

    def __init__(self, note: Path) -> None:
        self._note = note
        self.told = False

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._tell(report.nodeid, report)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._tell("import", report)

    def _tell(self, by: str, report: Any) -> None:
        if not self.told:
            crash = getattr(report.longrepr, "reprcrash", None)
            said = crash.message if crash else str(report.longrepr).strip().rpartition("\n")[2]
            self._note.write_text(json.dumps({"by": by, "how": said.partition("\n")[0][:200]}))
            self.told = True
