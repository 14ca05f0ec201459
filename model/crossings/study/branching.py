"""Which scenarios share a history, until when, and what running it once spares.

Two scenarios that differ in nothing but policies are one world until the first day on which either
makes known what the other does not, or one has a rule in force that the other has not. No policy acts
before its first day (`crossings.hooks.Hooks`), and nobody knows of an announcement before its own, so
until then both runs are the same, draw by draw. What is in force on the first day of all also shapes the
world that a run begins with, so scenarios that differ on it share nothing. A *tree* of scenarios under one
seed therefore needs its trunk run only once: `crossings.study.trunks` runs trees, and this module plans
them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

from crossings import corridors
from crossings.clock import Clock
from crossings.hooks import Announcement
from crossings.policies import Policy
from crossings.scenario import Scenario
from crossings.study.identity import canonical

_OURS = "crossings."
_MOST_LEAVES = 24  # on one tree: so that a tree that is lost costs little


@dataclass(frozen=True)
class Fact:
    """Something that a scenario adds to the world: an announcement or a rule.

    Attributes
    ----------
    day
        Model day from which it is there.
    what
        All that it says, as one text.
    """

    day: int
    what: str


@dataclass(frozen=True)
class Leaf:
    """One run to be made: its number among all that are asked for, and its scenario."""

    number: int
    scenario: Scenario


@dataclass(frozen=True)
class Tree:
    """Runs under one seed that share a world, and at first a history."""

    seed: int
    leaves: tuple[Leaf, ...]


class Histories:
    """What scenarios add to the world and when, worked out once for each scenario.

    Scenarios are known by identity: whoever asks keeps them alive.
    """

    def __init__(self) -> None:
        self._facts: dict[int, tuple[Fact, ...]] = {}

    def facts(self, scenario: Scenario) -> tuple[Fact, ...]:
        """Return a scenario's facts, in the order of its policies."""
        found = self._facts.get(id(scenario))
        if found is None:
            found = self._facts[id(scenario)] = _facts(scenario)
        return found

    def beginning(self, scenario: Scenario) -> str:
        """Return all that shapes the world a scenario begins with, as one text."""
        known = [fact.what for fact in self.facts(scenario) if fact.day <= 0]
        return canonical([canonical(scenario.without_policies()), known])

    def parting(self, leaves: Sequence[Leaf]) -> tuple[int, list[list[Leaf]]] | None:
        """Find the first day on which some runs of one world are no longer all alike.

        Parameters
        ----------
        leaves
            The runs.

        Returns
        -------
        tuple or None
            That model day, and the runs in groups that are still alike on it, in order of each group's
            first run; None if they are alike to their end.
        """
        days = sorted({fact.day for leaf in leaves for fact in self.facts(leaf.scenario)})
        last = leaves[0].scenario.warmup_days + leaves[0].scenario.days
        for day in days:
            if day >= last:
                break
            alike: dict[tuple[str, ...], list[Leaf]] = {}
            for leaf in leaves:
                known = tuple(fact.what for fact in self.facts(leaf.scenario) if fact.day <= day)
                alike.setdefault(known, []).append(leaf)
            if len(alike) > 1:
                return day, list(alike.values())
        return None

    def days(self, leaves: Sequence[Leaf], since: int = 0) -> int:
        """Return how many model days a tree takes, from one on which all its runs are alike."""
        parts = self.parting(leaves)
        if parts is None:
            return leaves[0].scenario.warmup_days + leaves[0].scenario.days - since
        day, groups = parts
        return day - since + sum(self.days(group, day) for group in groups)


@dataclass(frozen=True)
class Plan:
    """Trees to be run, and what they spare.

    Attributes
    ----------
    trees
        The trees; every run that shares something is on one of them.
    days
        Model days of all runs, each from its beginning, those on no tree included.
    spared
        Model days of them that are not run again.
    """

    trees: tuple[Tree, ...]
    days: int
    spared: int

    @property
    def share(self) -> float:
        """Share of all model days that is spared."""
        return self.spared / self.days if self.days else 0.0


def plan(runs: Iterable[tuple[int, Scenario, int]], workers: int) -> Plan:
    """Sort runs into trees.

    Parameters
    ----------
    runs
        Number, scenario and seed of each; the same scenario is best given as the same object.
    workers
        How many trees can grow at a time: where there are fewer seeds, runs under one seed are spread
        over several trees, each of which runs their history itself.
    """
    histories = Histories()
    worlds: dict[int, str] = {}
    together: dict[tuple[int, str], list[Leaf]] = {}
    days = 0
    for number, scenario, seed in runs:
        if id(scenario) not in worlds:
            worlds[id(scenario)] = histories.beginning(scenario)
        together.setdefault((seed, worlds[id(scenario)]), []).append(Leaf(number, scenario))
        days += scenario.warmup_days + scenario.days
    trees, spared = [], 0
    for (seed, _), leaves in together.items():
        for part in _cut(leaves, -(-workers // len(together))):
            alone = sum(leaf.scenario.warmup_days + leaf.scenario.days for leaf in part)
            saving = alone - histories.days(part) if len(part) > 1 else 0
            if saving > 0:
                trees.append(Tree(seed, tuple(part)))
                spared += saving
    return Plan(tuple(trees), days, spared)


def first_difference(one: Scenario, other: Scenario) -> int | None:
    """Return the model day from which two scenarios may differ, or None if they are alike to the end.

    Day 0, the first of the warm-up, if they differ in more than policies.
    """
    if one.without_policies() != other.without_policies():
        return 0
    parts = Histories().parting([Leaf(0, one), Leaf(1, other)])
    return None if parts is None else parts[0]


def _cut(leaves: list[Leaf], least: int) -> list[list[Leaf]]:
    """Cut runs into parts alike in size: at least so many if there are two runs for each, none too large."""
    parts = max(min(least, len(leaves) // 2), -(-len(leaves) // _MOST_LEAVES), 1)
    bounds = [len(leaves) * k // parts for k in range(parts + 1)]
    return [leaves[a:b] for a, b in pairwise(bounds)]


@dataclass(frozen=True)
class _World:
    """As much of a world as there is before a run: all that announcements are made of."""

    clock: Clock
    corridor: corridors.Corridor
    policies: Mapping[str, Policy]


def _facts(scenario: Scenario) -> tuple[Fact, ...]:
    clock = Clock(scenario.epoch)
    world = _World(clock, corridors.load(scenario.corridor), scenario.policies)
    tables = scenario.as_dict()["policies"]
    facts: list[Fact] = []
    for name, policy in scenario.policies.items():
        facts += _said(name, policy, world, tables)
        # a policy of the user's own may look at any other
        rule = tables[name] if _is_ours(policy) else tables
        facts.append(Fact(policy.first_day(clock), f"rule {name} {canonical(rule)}"))
    return tuple(facts)


def _said(name: str, policy: Policy, world: _World, tables: Mapping[str, Any]) -> list[Fact]:
    """Return what a policy makes known; if that takes a world under way, it counts from the beginning."""
    try:
        announcements: Any = policy.announcements(world)  # type: ignore[arg-type] # not the whole of a world
    except AttributeError:
        return [Fact(0, f"said {name} {canonical(tables)}")]
    return [Fact(max(0, each.announced), _words(name, each)) for each in announcements]


def _words(name: str, said: Announcement) -> str:
    """Write down all that an announcement says; what is done about it is the rule's affair."""
    terms = {each.name: getattr(said, each.name) for each in fields(said) if each.name != "carried_out"}
    return f"said {name} {canonical(terms | {'groups': [int(code) for code in said.groups]})}"


def _is_ours(policy: Policy) -> bool:
    return type(policy).__module__.startswith(_OURS)
