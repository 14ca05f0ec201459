"""One fault tried: tests run in a process of their own, in a copy of the repository that has the fault.

The process is forked from one that has the libraries loaded already, so that only tests cost.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.mutants.reach import python_path

LIBRARIES = (
    "numpy", "scipy.stats", "scipy.interpolate", "pandas", "pyarrow.parquet", "networkx", "pydantic", "mesa",
    "simpy", "tomlkit", "typer", "rich.console", "matplotlib", "hypothesis", "pytest",
)  # fmt: skip
_LEFT_OUT = (".git", ".venv*", "results*", ".hypothesis", ".*_cache", "*.egg-info")
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


def load_libraries() -> None:
    """Import what every trial would import, and nothing of Crossings."""
    for name in LIBRARIES:
        import_module(name)


def tried(tree: Path, tests: list[str], limit: float) -> Verdict:
    """Run tests in a copy until one fails.

    Parameters
    ----------
    tree
        The copy.
    tests
        In the order in which they are to run.
    limit
        Processor seconds, so that a busy machine makes no difference; more count as noticed.
    """
    note = tree / "note.json"
    note.unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = multiprocessing.get_context("fork").Process(target=_run, args=(tree, tests, limit, note))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # libraries have threads of their own, which wait
        process.start()
    process.join(limit * _WALL)
    overdue = process.is_alive()
    if process.pid is not None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # and whatever the tests started
    process.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 2)
    if overdue or process.exitcode == -signal.SIGXCPU:
        return Verdict("timeout", seconds=seconds)
    if process.exitcode == 0:
        return Verdict("survived", seconds=seconds)
    told = json.loads(note.read_text()) if note.exists() else {}
    return Verdict("killed", told.get("by", "import"), told.get("how", f"status {process.exitcode}"), seconds)


def _run(tree: Path, tests: list[str], limit: float, note: Path) -> None:
    """Be the process: leave nothing of the repository that was copied, and run pytest."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit) + 1, int(limit) + 10))
    log = os.open(tree / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(tree)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["PYTHONPATH"] = python_path(tree)
    sys.path[:] = [str(tree / "model"), str(tree), *sys.path]
    for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "crossings"}]:
        del sys.modules[name]

    import hypothesis  # noqa: PLC0415, loaded by load_libraries
    import pytest  # noqa: PLC0415

    found = (hypothesis.Phase.explicit, hypothesis.Phase.generate)  # a failure need not be made small
    hypothesis.settings.register_profile("mutants", phases=found, derandomize=True, database=None)
    hypothesis.settings.load_profile("mutants")
    status = pytest.main(
        ["-x", "-q", "--tb=line", "-p", "no:cacheprovider", *tests], plugins=[_Witness(note)]
    )
    sys.stdout.flush()
    os._exit(int(status))


class _Witness:
    """Writes down the first failure."""

    def __init__(self, note: Path) -> None:
        self._note = note

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            self._tell(report.nodeid, report)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self._tell("import", report)

    def _tell(self, by: str, report: Any) -> None:
        if not self._note.exists():
            crash = getattr(report.longrepr, "reprcrash", None)
            said = crash.message if crash else str(report.longrepr).strip().rpartition("\n")[2]
            self._note.write_text(json.dumps({"by": by, "how": said.partition("\n")[0][:200]}))
