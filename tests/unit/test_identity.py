"""What rows are known by: the code, data and scenario behind them."""

from __future__ import annotations

import linecache
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

import crossings as cx
from crossings.errors import InputError
from crossings.study import identity
from crossings.study.sweeps import Sweep
from crossings.study.workers import check_importable

Cell = Callable[[str], dict[str, Any]]
TWO = "said = 1\ndef mine(scenario, seed):\n    return {'arrivals': seed}\ndef other():\n    pass\n"
POLICY = "import crossings as cx\nclass Mine(cx.Policy):\n    def at_levers(self, levers, world, day): 1\n"


@pytest.fixture
def cell(monkeypatch: pytest.MonkeyPatch) -> Iterator[Cell]:
    """Run text as a notebook runs a cell: in a main module without a file."""
    main = ModuleType("__main__")
    monkeypatch.setitem(sys.modules, "__main__", main)
    names: list[str] = []

    def run(text: str) -> dict[str, Any]:
        names.append(f"<cell {len(names)}>")
        linecache.cache[names[-1]] = (len(text), None, text.splitlines(keepends=True), names[-1])
        exec(compile(text, names[-1], "exec"), vars(main))
        return vars(main)

    yield run
    for name in names:
        del linecache.cache[name]


def code_by(run: Any) -> dict[str, str]:
    found = Sweep("no-policy", {"inflow.scale": [1.0]}, run=run).identity().code
    return {name: code for name, code in found.items() if not name.startswith("crossings")}


def test_only_abstract_syntax_counts() -> None:
    plain = identity.syntax_hash("def f(x):\n    return x + 1\n")
    assert identity.syntax_hash('def f(x):\n    """Add."""\n    return (x + 1)  # one\n') == plain
    assert identity.syntax_hash("def f(x):\n    return x + 2\n") != plain


def test_the_modules_of_a_run_stand_below_the_studies() -> None:
    names = [name for name, _ in identity.modules()]
    assert {"crossings.model", "crossings.people.choices", "crossings.streams"} <= set(names)
    assert not any(name.startswith(("crossings.study", "crossings.views", "crossings.cli")) for name in names)
    assert [name for name, _ in identity.code_of_package()] == names


def test_what_a_notebook_defines_is_known_by_its_own_source(cell: Cell) -> None:
    first = code_by(cell(TWO)["mine"])
    assert list(first) == ["__main__.mine"]
    assert code_by(cell(TWO.replace("said = 1", "said = 2"))["mine"]) == first
    assert code_by(cell(TWO.replace("seed}", "seed + 1}"))["mine"]) != first


def test_a_policy_of_a_notebook_too(cell: Cell) -> None:
    kind = cell(POLICY)["Mine"]
    base = cx.Scenario.load("no-policy")
    found = identity.identify(base, (), cx.run, (), [kind]).code["__main__.Mine"]
    other = cell(POLICY.replace(" 1", " 2"))["Mine"]
    assert identity.identify(base, (), cx.run, (), [other]).code["__main__.Mine"] != found


def test_what_a_prompt_defines_has_no_source(cell: Cell) -> None:
    mine = cell(TWO)["mine"]
    linecache.cache.clear()
    linecache.cache["<cell 0>"] = (0, None, [], "<cell 0>")
    with pytest.raises(InputError, match=r"mine: expected code whose source can be read"):
        code_by(mine)


def test_workers_cannot_import_from_a_notebook(cell: Cell, tmp_path: Any) -> None:
    mine = cell(TWO)["mine"]
    check_importable([cx.run])
    with pytest.raises(InputError, match=r"mine: expected a module .*cannot import what a notebook defines"):
        check_importable([cx.run, mine])
    sweep = Sweep("no-policy", {"inflow.scale": [0.5, 1.0]}, run=mine, out=tmp_path / "out")
    with pytest.raises(InputError, match="cannot import what a notebook defines, or processes=1"):
        sweep.run(processes=2)
    assert sweep.run(processes=1).made == 2
    with pytest.raises(InputError, match="cannot import what a notebook defines"):
        cx.compare("no-policy", "one-in-one-out", seeds=1, processes=2, run=mine)


def test_workers_cannot_read_a_program_that_is_no_file(cell: Cell) -> None:
    cell("__file__ = '<stdin>'")
    with pytest.raises(InputError, match="program '<stdin>': expected a file"):
        check_importable([cx.run])
