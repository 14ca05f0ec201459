"""Which test reaches which line of the model, and how long it takes.

Tests run once under coverage.py, in a copy, with one context for each; what is found is kept file of tests by
file of tests, and measured again where the model, the shared pieces of the tests or that file have changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from coverage import CoverageData

from tests.mutants.operators import Site
from tests.mutants.seconds import SECONDS

FLOORS = ("tests/unit", "tests/properties", "tests/regression")
DECLARED = ("tests/unit/test_odd.py::", "tests/unit/test_hard_limits.py::")
"""Tests of declared parameters, against model/ODD.md and their meaning: they may run no line of a module."""
_SEASONS = r"tests\.(camp|coast|shore|histories)|cx\.run|CrossingsModel|\bshort\b"
_LAST = "tests/regression/"
_NO_TESTS = 5  # pytest's exit status

Lines = dict[str, list[int]]


@dataclass(frozen=True)
class KnownTest:
    """A test function (all its parametrised cases): processor seconds, and lines by module of the package."""

    name: str
    seconds: float
    lines: Lines


class Reach:
    """The tests that would see a fault.

    Parameters
    ----------
    tests
        Every test there is.
    """

    def __init__(self, tests: list[KnownTest]) -> None:
        self._tests = tests
        self.seconds = {test.name: test.seconds for test in tests}

    def of(self, module: str, site: Site) -> list[str]:
        """Return the tests that run a statement, the most telling first.

        Tests of the file named like the module come first, then others from quick to slow, and the stored
        baseline last, which tells that something changed and not what. What runs at import only is reached by
        every test that runs any line of the module, and by those that hold declarations against the ODD.

        Parameters
        ----------
        module
            Path below the package.
        site
            Where the fault is.
        """
        wanted = set(range(site.first, site.last + 1))
        found = [
            test
            for test in self._tests
            if (test.lines.get(module) and not (site.inside and wanted.isdisjoint(test.lines[module])))
            or (not site.inside and test.name.startswith(DECLARED))
        ]
        stem = Path(module).stem
        return [test.name for test in sorted(found, key=lambda test: _telling(test, stem))]


def _telling(test: KnownTest, stem: str) -> tuple[bool, bool, float]:
    named = f"/test_{stem}" in test.name or f"_{stem}" in test.name.partition("::")[0]
    return test.name.startswith(_LAST), not named, test.seconds


def measured(tree: Path, kept: Path, rooms: tuple[str, ...]) -> Reach:
    """Measure which tests of a tree reach what, as far as it is not known yet.

    Parameters
    ----------
    tree
        A copy of the repository.
    kept
        Folder in which measurements are kept, one file for each file of tests.
    rooms
        A file of tests that neither names one of them nor lives through a season is left out.
    """
    kept.mkdir(parents=True, exist_ok=True)
    meant = re.compile(_SEASONS + "".join(rf"|crossings\.{room}" for room in rooms))
    files = sorted(
        path.relative_to(tree).as_posix()
        for floor in FLOORS
        for path in (tree / floor).glob("test_*.py")
        if meant.search(path.read_text(encoding="utf-8")) or f"{floor}/{path.name}::" in DECLARED
    )
    common = _common(tree)
    stale = []
    for file in files:
        place = kept / f"{Path(file).stem}.json"
        if not place.exists() or json.loads(place.read_text())["of"] != _mark(tree, file, common):
            stale.append(file)
    if stale:
        print(f"which lines {len(stale)} files of tests run: measuring", flush=True)
        _measure(tree, stale, kept, common)
    tests = []
    for file in files:
        found = json.loads((kept / f"{Path(file).stem}.json").read_text())["tests"]
        tests += [KnownTest(name, seconds, lines) for name, (seconds, lines) in found.items()]
    return Reach(tests)


def _measure(tree: Path, files: list[str], kept: Path, common: str) -> None:
    data, seconds = kept / "coverage", kept / "seconds"
    data.unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "pytest", *files, "-q", "-p", "no:cacheprovider", "-p", "tests.mutants.seconds",
        "--cov", "--cov-context=test", "--cov-report=", "--cov-fail-under=0",
    ]  # fmt: skip
    where = {SECONDS: str(seconds), "COVERAGE_FILE": str(data), "PYTHONPATH": python_path(tree)}
    done = subprocess.run(command, cwd=tree, env={**os.environ, **where}, check=False)
    if done.returncode not in {0, _NO_TESTS}:
        raise SystemExit("tests that fail without any fault say nothing about faults")
    keep(data, seconds, files, kept, {file: _mark(tree, file, common) for file in files})


def python_path(tree: Path) -> str:
    """Return where Python is to look for modules first: in the copy."""
    return f"{tree / 'model'}{os.pathsep}{tree}"


def keep(data: Path, seconds: Path, files: list[str], kept: Path, marks: dict[str, str]) -> None:
    """Turn what coverage.py found into one file for each file of tests."""
    found = CoverageData(str(data))
    found.read()
    lines: dict[str, defaultdict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for path in found.measured_files():
        module = path.rpartition("model/crossings/")[2]
        for line, contexts in found.contexts_by_lineno(path).items():
            for context in contexts:
                lines[_function(context.partition("|")[0])][module].add(line)
    taken: defaultdict[str, float] = defaultdict(float)
    for case, spent in json.loads(seconds.read_text()).items():
        taken[_function(case)] += spent
    for file in files:
        tests = {
            name: (round(spent, 3), {module: sorted(of) for module, of in lines[name].items()})
            for name, spent in taken.items()
            if name.partition("::")[0] == file
        }
        place = kept / f"{Path(file).stem}.json"
        place.write_text(json.dumps({"of": marks[file], "tests": tests}))


def _function(case: str) -> str:
    """Return a test without its parameters."""
    file, _, rest = case.partition("::")
    return f"{file}::{rest.partition('[')[0]}"


def _common(tree: Path) -> str:
    """Return a mark of everything that any file of tests may depend on."""
    shared = [*(tree / "model").rglob("*.py"), *(tree / "tests").glob("*.py")]
    return _hashed(sorted(shared))


def _mark(tree: Path, file: str, common: str) -> str:
    return common + _hashed([tree / file])


def _hashed(files: list[Path]) -> str:
    seen = hashlib.sha256()
    for file in files:
        seen.update(file.read_bytes())
    return seen.hexdigest()[:16]
