"""Put faults into the model, one by one, and see whether a test notices: ``make mutants``.

``python -m tests.mutants --count 300 --seed 1 --out results/mutants.json``

Faults are sampled from all there are in the rooms where people decide, smugglers trade, authorities work and
outcomes are counted. Each is tried against the fast tests that run the changed statement. What was tried is
in the file named, and is not tried again: the same command goes on where it was. ``--again`` tries those that
survived once more, with a larger ``--budget`` or against the ``--tests`` that are named.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.mutants import trial
from tests.mutants.operators import Fault, faults, with_fault
from tests.mutants.reach import Reach, measured
from tests.mutants.report import told

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = Path("model/crossings")
ROOMS = ("people", "smuggling", "authorities", "outcomes")
BASELINE = "tests/regression/"
_UNABLE = 70  # an exit status that pytest does not have
_ANEW = f"status {_UNABLE}"
UNREACHED = trial.Verdict("survived", how="no test of these floors runs it")


@dataclass(frozen=True)
class Mutant:
    """A fault and where to find it again: module below the package, and its number there."""

    module: str
    number: int
    fault: Fault

    @property
    def key(self) -> str:
        """What it is known by in the results."""
        return f"{self.module}:{self.fault.line} {self.fault.kind} {self.number}"

    @property
    def described(self) -> dict[str, Any]:
        """What a reader of the results needs."""
        fault = self.fault
        return {
            "module": self.module, "line": fault.line, "function": fault.site.function, "kind": fault.kind,
            "before": fault.before[:300], "after": fault.after[:300],
        }  # fmt: skip


def candidates(package: Path) -> list[Mutant]:
    """Return every fault that can be put into the rooms, module by module."""
    return [
        Mutant(module.relative_to(package).as_posix(), number, fault)
        for room in ROOMS
        for module in sorted((package / room).glob("*.py"))
        for number, fault in enumerate(faults(ast.parse(module.read_text(encoding="utf-8"))))
    ]


def sampled(everything: list[Mutant], count: int, seed: int) -> list[Mutant]:
    """Return a sample, each fault as likely as any other; a larger one begins with the smaller."""
    order = list(everything)
    random.Random(seed).shuffle(order)
    return order[:count]


def main() -> None:
    """Try what has not been tried, keep it, and say how many faults were noticed."""
    given = _asked()
    out: Path = given.out.absolute()
    out.parent.mkdir(parents=True, exist_ok=True)
    everything = candidates(REPOSITORY / PACKAGE)
    chosen = sampled(everything, given.count, given.seed)
    known: dict[str, Any] = json.loads(out.read_text()) if out.exists() else {}
    todo = [mutant for mutant in chosen if _open(known.get(mutant.key), given.again)]
    print(
        f"{len(everything)} faults can be made, {len(chosen)} sampled, {len(todo)} still to be tried",
        flush=True,
    )

    def note(mutant: Mutant, verdict: trial.Verdict) -> None:
        known[mutant.key] = {**mutant.described, **asdict(verdict)}
        out.write_text(json.dumps(known, indent=1) + "\n")

    if todo:
        with tempfile.TemporaryDirectory(prefix="mutants-") as place:
            tree = trial.copy_of(REPOSITORY, Path(place))
            reach = Reach([]) if given.tests else measured(tree, out.parent / "reach", ROOMS)
            _try_all(tree, todo, reach, given, note)
    print(told([known[mutant.key] for mutant in chosen if mutant.key in known]))


def _try_all(
    tree: Path,
    todo: list[Mutant],
    reach: Reach,
    given: argparse.Namespace,
    note: Callable[[Mutant, trial.Verdict], None],
) -> None:
    """Try mutants one after the other; first of all a module that has none, and must go unnoticed."""
    anew = trial.Anew(tree)

    def trials(items: dict[str, list[pytest.Item]]) -> None:
        named = [name for name in items if name.startswith(tuple(given.tests))] if given.tests else []
        bench = Bench(tree, reach, given.budget, anew, items, named)
        sound = bench.tried(todo[0], made=False)
        if sound.outcome != "survived":
            raise SystemExit(f"{todo[0].module} without a fault: {sound}")
        until = time.monotonic() + 60 * given.minutes
        for number, mutant in enumerate(todo):
            if time.monotonic() > until:
                print(
                    f"{given.minutes:g} minutes are over, {len(todo) - number} left; the same command goes on"
                )
                return
            verdict = bench.tried(mutant)
            note(mutant, verdict)
            print(f"{number + 1:4} {verdict.outcome:9} {mutant.key}: {verdict.by or verdict.how}", flush=True)

    try:
        trial.settle_in(tree)
        files = {name.partition("::")[0] for name in given.tests or reach.seconds}
        trial.collect(sorted(files), trials)
    finally:
        anew.close()


@dataclass(frozen=True)
class Bench:
    """Where mutants are tried: the copy, what reaches what, and two ways of running tests.

    Attributes
    ----------
    tree, reach
        The copy, and which tests run which of its lines.
    budget
        Seconds of tests for one mutant, the baseline apart.
    anew
        Runs tests that import everything anew.
    items
        Collected tests by name, for faults in a function of a module that is loaded already.
    named
        Names of the only tests to use, if any.
    """

    tree: Path
    reach: Reach
    budget: float
    anew: trial.Anew
    items: dict[str, list[pytest.Item]]
    named: list[str]

    def tried(self, mutant: Mutant, made: bool = True) -> trial.Verdict:
        """Try a mutant, or its module as it is."""
        module, site = self.tree / PACKAGE / mutant.module, mutant.fault.site
        tests = self.named or _within(self.reach.of(mutant.module, site), self.reach, self.budget)
        if not tests:
            return UNREACHED
        limit = 30 + 3 * sum(self.reach.seconds.get(test, 10.0) for test in tests)
        source = module.read_text(encoding="utf-8")
        changed = with_fault(source, mutant.number) if made else ast.unparse(ast.parse(source))
        with trial.replaced(module, changed):
            if self.items and site.inside:
                verdict = trial.watched(self.tree, limit, partial(self._run, mutant, changed, tests))
                if verdict.how != _ANEW:
                    return verdict
            return self.anew.tried(tests, limit)

    def _run(self, mutant: Mutant, changed: str, tests: list[str], witness: trial.Witness) -> int:
        name = f"crossings.{mutant.module.removesuffix('.py').replace('/', '.').removesuffix('.__init__')}"
        if not trial.given_code(sys.modules.get(name), mutant.fault.site.function, changed):
            return _UNABLE
        return trial.run([item for test in tests for item in self.items[test]], witness)


def _within(tests: list[str], reach: Reach, budget: float) -> list[str]:
    """Return the first tests that fit into a budget of seconds, and the baseline whatever it costs."""
    spent, chosen = 0.0, []
    for test in tests:
        spent += reach.seconds[test]
        if spent <= budget or not chosen or test.startswith(BASELINE):
            chosen.append(test)
    return chosen


def _open(found: dict[str, Any] | None, again: bool) -> bool:
    return found is None or (again and found["outcome"] == "survived")


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="faults to sample")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--out", type=Path, default=Path("results/mutants.json"), help="what was tried")
    parser.add_argument("--again", action="store_true", help="try once more what survived")
    parser.add_argument("--tests", nargs="*", default=[], help="files or names of the only tests to use")
    parser.add_argument(
        "--budget", type=float, default=3, help="seconds of tests for a fault, baseline apart"
    )
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after so many")
    return parser.parse_args()


if __name__ == "__main__":
    main()
