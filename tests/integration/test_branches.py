"""Scenarios that share their history give what they give when each runs from its beginning."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import crossings as cx
from crossings.policies import Policy, base
from crossings.study import runs, trunks
from crossings.study.branching import Leaf, Tree, first_difference
from crossings.study.runs import RunRecord, _of_leaf

pytestmark = pytest.mark.skipif(not trunks.available(), reason="this system has no fork")

A_FEW = ("one-in-one-out", "smash-the-gangs", "everything-together", "rwanda-carried-out")
ALL = [name for name in cx.Scenario.shipped() if name != "no-policy"]
FROM_THE_FIRST_DAY = {"albania-2022", "albania-2022-without", "history"}
"""Ready scenarios that differ from themselves without policies on the first day: no history to share."""
SHORT = {"start": "2025-07-01", "end": "2025-08-20", "warmup_days": 30}


def beside_none(name: str) -> tuple[cx.Scenario, cx.Scenario]:
    """Return a ready scenario and the same without its policies, about the day on which they part."""
    scenario = cx.Scenario.load(name)
    without = scenario.with_(name="without", **{f"policies.{each}": None for each in scenario.policies})
    parting = first_difference(without, scenario)
    parts_on = scenario.epoch + timedelta(days=parting or 0)
    dates = {"start": parts_on - timedelta(days=5), "end": parts_on + timedelta(days=70), "warmup_days": 30}
    return without.with_(**dates), scenario.with_(**dates)


def digest_of(result: cx.Result, spared_days: int) -> tuple[str, str, int]:
    return result.name, result.digest_exact, spared_days


def grown(names: list[str]) -> None:
    every = {name: beside_none(name) for name in names}
    pairs = [pair for pair in every.values() if first_difference(*pair) != 0]
    assert {name for name, pair in every.items() if pair not in pairs} == FROM_THE_FIRST_DAY & set(names)
    trees = [
        Tree(7, (Leaf(2 * k, without), Leaf(2 * k + 1, scenario)))
        for k, (without, scenario) in enumerate(pairs)
    ]
    found = dict(trunks.grow(trees, 1, digest_of))
    assert len(found) == 2 * len(pairs) > 0
    for k, pair in enumerate(pairs):
        for place, scenario in enumerate(pair):
            alone = cx.run(scenario, seed=7)
            assert found[2 * k + place][:2] == (scenario.name, alone.digest_exact), scenario.name
        assert found[2 * k][1] != found[2 * k + 1][1], f"{pair[1].name} makes no difference"
        spared = found[2 * k][2] + found[2 * k + 1][2]
        assert spared == first_difference(*pair), pair[1].name


def test_branches_are_what_separate_runs_are():
    grown(list(A_FEW))


@pytest.mark.slow
def test_branches_of_every_ready_scenario_are_what_separate_runs_are():
    grown(ALL)


def test_runs_that_differ_on_their_first_day_do_not_grow_together():
    large, small = (
        cx.Scenario.load("no-policy").with_(
            **SHORT,
            name=f"boats of {share}",
            policies={"boats": {"kind": "BoatSizes", "first_year": 2025, "shares": [share]}},
        )
        for share in (1.0, 0.5)
    )
    assert first_difference(large, small) == 0
    gave = dict(trunks.grow([Tree(7, (Leaf(0, large), Leaf(1, small)))], 1, digest_of))
    assert gave.keys() == {0, 1}
    assert all("expected one world for all" in each.trace for each in gave.values())
    found = cx.compare(large, small, seeds=1, processes=2)
    assert found.spared == 0.0
    assert all(found.digests[each.name] == (cx.run(each, 1).digest,) for each in (large, small))


def three() -> list[cx.Scenario]:
    pilot = cx.Scenario.load("one-in-one-out").with_(**SHORT)
    later = pilot.with_(name="more beds", **{"policies.returns.beds": 2.0})
    return [cx.Scenario.load("no-policy").with_(**SHORT), pilot, later]


def saved(folder: Path, **options: Any) -> dict[str, bytes]:
    found = cx.compare(*three(), seeds=1, processes=2, **options)
    assert (found.spared > 0.3) == options.get("branches", True)
    found.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix != ".png"}


def without_seconds(text: bytes) -> list[bytes]:
    return [line for line in text.splitlines() if b"wall_seconds" not in line]


def test_a_comparison_is_the_same_bytes_with_and_without_branches(tmp_path):
    shared, apart = saved(tmp_path / "shared"), saved(tmp_path / "apart", branches=False)
    assert shared.keys() == apart.keys()
    assert {"daily.parquet", "provenance.json", "table.csv", "summary.json"} <= shared.keys()
    for name in shared:
        assert without_seconds(shared[name]) == without_seconds(apart[name]), name


def kill_the_branch(result: cx.Result, spared_days: int) -> RunRecord:
    if result.name == "more beds":
        os.kill(os.getpid(), signal.SIGKILL)
    return _of_leaf(result, spared_days)


def kill_the_nursery(result: cx.Result, spared_days: int) -> RunRecord:
    if result.name == "no-policy":  # the trunk's own
        os.kill(os.getpid(), signal.SIGKILL)
    return _of_leaf(result, spared_days)


@pytest.mark.parametrize("killer", [kill_the_branch, kill_the_nursery])
def test_what_a_killed_process_did_not_give_is_run_from_its_beginning(monkeypatch, killer):
    expected = cx.compare(*three(), seeds=1, processes=1)
    monkeypatch.setattr(runs, "_of_leaf", killer)
    found = cx.compare(*three(), seeds=1, processes=2)
    assert found.digests == expected.digests
    assert not found.failures
    assert 0.0 < found.spared < 0.5  # of those that lived


def test_a_policy_that_no_other_process_knows_is_run_from_its_beginning(monkeypatch):
    conjured = ModuleType("conjured")
    monkeypatch.setitem(sys.modules, "conjured", conjured)
    own = type("Lighthouse", (Policy,), {"__module__": "conjured", "__doc__": "Shines."})
    conjured.Lighthouse = own  # type: ignore[attr-defined] # made a line ago
    monkeypatch.setitem(base._KINDS, "Lighthouse", own)
    bare = three()[0]
    lit = bare.with_(name="lit", policies={"light": {"kind": "Lighthouse", "start": "2025-07-10"}})
    trees = [Tree(1, (Leaf(0, bare), Leaf(1, lit)))]
    assert list(trunks.grow(trees, 1, digest_of)) == []


def fail(result: cx.Result, spared_days: int) -> RunRecord:
    if result.name == "more beds":
        raise ValueError("nobody knows why")
    return _of_leaf(result, spared_days)


def test_what_raises_on_a_branch_is_a_failure_with_its_traceback(monkeypatch):
    monkeypatch.setattr(runs, "_of_leaf", fail)
    with pytest.raises(RuntimeError, match=r"'more beds' with seed 1 failed(.|\n)*nobody knows why"):
        cx.compare(*three(), seeds=1, processes=2)


def test_a_nursery_has_one_thread_and_no_arrow():
    (found,) = {gave for _, gave in trunks.grow([Tree(1, (Leaf(0, three()[0]),))], 1, surroundings)}
    assert found == (1, False)


def surroundings(result: cx.Result, spared_days: int) -> tuple[int, bool]:
    return len(os.listdir("/proc/self/task")), sys.modules.get("pyarrow") is not None


def test_nothing_is_left_running_when_nobody_waits_any_more():
    scenarios = three()
    growing = trunks.grow([Tree(1, tuple(Leaf(k, each) for k, each in enumerate(scenarios)))], 1, process)
    _, family = next(growing)
    assert runs_still(family[1])
    growing.close()
    until = time.monotonic() + 20
    while any(map(runs_still, family)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(runs_still, family))


def runs_still(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def process(result: cx.Result, spared_days: int) -> tuple[int, int]:
    return os.getpid(), os.getppid()


def test_a_sweep_gives_the_same_rows_with_and_without_branches(tmp_path, monkeypatch):
    pilot = three()[1]

    def rows(name: str) -> Any:
        sweep = cx.Sweep(
            pilot,
            {"policies.returns.quota_per_week": [50, 400]},
            seeds=[1],
            keep=["daily"],
            out=tmp_path / name,
        )
        made = sweep.run(processes=2)
        assert made.failed == 0
        found = sweep.results().drop(columns=["wall_seconds", "worker", "started"])
        return made.spared, found.sort_values("run_id").reset_index(drop=True)

    spared, shared = rows("shared")
    monkeypatch.setattr(trunks, "available", lambda: False)
    nothing, apart = rows("apart")
    assert spared > 0.2
    assert nothing == 0.0
    assert shared.equals(apart)
