"""Which scenarios share a history, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import crossings as cx
from crossings.clock import Clock
from crossings.hooks import Announcement, Hooks, Levers
from crossings.policies import BeachPatrolling, Policy
from crossings.policies.base import World
from crossings.study.branching import Histories, Leaf, first_difference, plan

BASE = cx.Scenario.load("no-policy")
PILOT = cx.Scenario.load("one-in-one-out")
EPOCH = Clock(BASE.epoch)


def day(*when: int) -> int:
    return EPOCH.day_of(date(*when))


def test_a_policy_parts_two_worlds_when_it_becomes_known():
    assert first_difference(BASE, PILOT) == day(2025, 7, 10)
    assert first_difference(PILOT, BASE) == day(2025, 7, 10)
    assert first_difference(BASE, BASE.with_(name="other", title="T", description="D")) is None


def test_a_larger_dose_of_what_is_announced_alike_parts_them_when_it_starts():
    alike = PILOT.replace("policies.returns.announced_chance", 0.05)
    more = alike.replace("policies.returns.beds", 2.0)
    assert first_difference(alike, more) == day(2025, 8, 6)
    # the legal route's chance follows the quota, and is made known with it
    assert first_difference(alike, alike.replace("policies.returns.quota_per_week", 100)) == day(2025, 7, 10)


def test_anything_else_that_differs_leaves_nothing_in_common():
    assert first_difference(BASE, BASE.replace("inflow.scale", 0.9)) == 0
    assert first_difference(BASE, BASE.replace("end", "2025-12-31")) == 0
    always = BASE.replace("policies.patrols", {"kind": "BeachPatrolling"})
    assert first_difference(BASE, always) == 0


def test_policies_begun_before_the_run_count_from_its_first_day():
    old = BASE.replace("policies.patrols", {"kind": "BeachPatrolling", "start": "2020-01-01"})
    assert first_difference(BASE, old) == 0


def test_what_begins_after_the_end_is_no_difference():
    late = BASE.replace("policies.patrols", {"kind": "BeachPatrolling", "start": "2026-07-01"})
    assert first_difference(BASE, late) is None


def test_the_order_of_policies_is_a_difference_from_when_both_are_there():
    patrols = {"kind": "BeachPatrolling", "start": "2025-03-01"}
    visits = {"kind": "WorkplaceEnforcement", "start": "2025-05-01"}
    one = BASE.with_(policies={"a": patrols, "b": visits})
    other = BASE.with_(policies={"b": visits, "a": patrols})
    assert first_difference(one, other) == day(2025, 5, 1)


class Curious(Policy):
    """A policy that looks at others."""

    def announcements(self, world: World) -> list[Announcement]:
        return [self.announcement(world, "death", 0.1 * len(world.policies))]


class Nosy(Curious):
    """A policy that wants to see people before there are any."""

    def announcements(self, world: World) -> list[Announcement]:
        return [self.announcement(world, "death", 1.0 / len(world.population))]


@pytest.mark.parametrize(("kind", "since"), [(Curious, day(2025, 2, 1)), (Nosy, 0)])
def test_a_policy_of_ones_own_may_look_at_every_other(monkeypatch, kind, since):
    from crossings.policies import base  # noqa: PLC0415

    monkeypatch.setitem(base._KINDS, kind.__name__, kind)
    own = {"kind": kind.__name__, "start": "2025-02-01"}
    patrols = {"kind": "BeachPatrolling", "start": "2025-06-01"}
    with_it = BASE.with_(policies={"own": own, "patrols": patrols})
    other = with_it.replace("policies.patrols.teams", 3.0)
    assert first_difference(with_it, other) == since


def test_no_policy_acts_before_its_first_day():
    clock = Clock(date(2025, 1, 1))
    called: list[int] = []

    class Eager(Policy):
        def at_levers(self, levers: Levers, world: Any, day: int) -> None:
            called.append(day)

    hooks = Hooks([Eager(start=date(2025, 1, 3)), BeachPatrolling()], clock)
    for today in range(4):
        hooks.call("levers", Levers(), type("W", (), {"clock": clock}), today)
        clock.run_day()
    assert called == [2, 3]


def test_a_tree_takes_the_days_of_its_trunk_once():
    doses = [PILOT.replace("policies.returns.quota_per_week", dose) for dose in (50, 100, 200)]
    found = plan([(k, scenario, 1) for k, scenario in enumerate([BASE, *doses])], workers=1)
    days, shared = BASE.warmup_days + BASE.days, day(2025, 7, 10)
    assert found.days == 4 * days
    assert found.spared == 3 * shared
    (tree,) = found.trees
    assert [leaf.number for leaf in tree.leaves] == [0, 1, 2, 3]


def test_trees_part_again_and_again():
    patrols = BASE.replace("policies.patrols", {"kind": "BeachPatrolling", "start": "2025-03-01"})
    both = patrols.replace("policies.visits", {"kind": "WorkplaceEnforcement", "start": "2025-05-01"})
    leaves = [Leaf(0, both), Leaf(1, BASE), Leaf(2, patrols)]
    when, groups = Histories().parting(leaves)  # type: ignore[misc] # never None for these
    assert when == day(2025, 3, 1)
    assert [[leaf.number for leaf in group] for group in groups] == [[0, 2], [1]]
    spared = plan([(leaf.number, leaf.scenario, 1) for leaf in leaves], workers=1).spared
    assert spared == day(2025, 3, 1) + day(2025, 5, 1)


def test_only_runs_that_share_something_are_on_trees():
    other = BASE.replace("inflow.scale", 0.9)
    runs = [(0, BASE, 1), (1, other, 1), (2, PILOT, 2), (3, BASE, 3), (4, PILOT, 3)]
    (tree,) = plan(runs, workers=1).trees
    assert (tree.seed, [leaf.number for leaf in tree.leaves]) == (3, [3, 4])


def test_runs_that_differ_on_their_first_day_are_not_on_one_tree():
    always = {"kind": "BoatSizes", "first_year": 2024, "shares": [0.5, 0.5]}
    large, small = (BASE.replace("policies.boats", always | {"shares": [each] * 2}) for each in (0.9, 0.5))
    piloted = small.replace("policies.returns", PILOT.policies["returns"])
    runs = [(k, scenario, 1) for k, scenario in enumerate([large, small, piloted])]
    (tree,) = plan(runs, workers=1).trees
    assert [leaf.number for leaf in tree.leaves] == [1, 2]


def test_few_seeds_are_spread_over_all_workers():
    doses = [PILOT.replace("policies.returns.quota_per_week", 10 * k) for k in range(1, 9)]
    runs = [(k, scenario, 1) for k, scenario in enumerate(doses)]
    assert [len(tree.leaves) for tree in plan(runs, workers=2).trees] == [4, 4]
    assert [len(tree.leaves) for tree in plan(runs, workers=100).trees] == [2, 2, 2, 2]
    many = [(k, doses[k % 8], 1) for k in range(50)]
    assert max(len(tree.leaves) for tree in plan(many, workers=1).trees) <= 24


def test_a_model_takes_up_nothing_but_other_policies():
    model = cx.CrossingsModel(BASE)
    with pytest.raises(ValueError, match="other policies"):
        model.take_up(BASE.replace("inflow.scale", 0.5))
