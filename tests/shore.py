"""A small shore for tests of the authorities: people land, and everything behind the beach is real.

What lies before the beach is left out: people are put on a boat by hand. News, outcomes and
spending are only written down.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from crossings.authorities import Authorities, AuthoritiesBlock, Connections, Office, StatePlaces
from crossings.clock import Clock
from crossings.hooks import Hooks, Levers, Rows
from crossings.policies import Policy
from crossings.population import Population, State
from crossings.streams import Streams, identity

EPOCH = date(2025, 8, 4)  # a Monday


@dataclass(frozen=True)
class Group:
    name: str


@dataclass(frozen=True)
class Place:
    name: str
    kind: str
    country: str


@dataclass(frozen=True)
class Site:
    name: str


class Coast:
    """Two groups, two launch sites, and the places that authorities need."""

    groups = (Group("Eritrea"), Group("Albania"))
    sites = (Site("Gravelines"), Site("Somme"))
    places = (
        Place("Calais", "camp", "France"),
        Place("Reception", "state", "France"),
        Place("Detention", "state", "United Kingdom"),
    )

    def demand(self, year: int) -> dict[str, float]:
        return {"Eritrea": 9_000.0, "Albania": 1_000.0}


class Notes:
    """Writes down outcomes, levels, spending and news."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.flows: Counter[str] = Counter()
        self.by_day: dict[str, Counter[int]] = {}
        self.levels: dict[str, float] = {}
        self.spent: Counter[str] = Counter()
        self.news: Counter[tuple[str, bool]] = Counter()

    def count(self, outcome: str, number: float = 1.0, time: float | None = None) -> None:
        self.flows[outcome] += int(number)
        self.by_day.setdefault(outcome, Counter())[self.clock.day] += int(number)

    def count_by(self, outcome: str, codes: NDArray[np.integer], time: float | None = None) -> None:
        self.count(outcome, len(codes), time)

    def level(self, outcome: str, value: float, key: str | None = None) -> None:
        self.levels[outcome] = value

    def spend(self, account: str, pounds: float) -> None:
        self.spent[account] += pounds

    def witness(self, belief: str, rows: Rows, happened: bool) -> None:
        self.news[belief, happened] += len(rows)

    def news_only(self, belief: str, groups: NDArray[np.integer], happened: bool) -> None:
        self.news[belief, happened] += len(groups)

    def within(self, outcome: str, first: int, last: int) -> int:
        """Return how often something happened on the days ``first`` to ``last - 1``."""
        return sum(n for day, n in self.by_day.get(outcome, Counter()).items() if first <= day < last)


class Shore:
    """A world in miniature, with the attributes that policies use.

    Parameters
    ----------
    policies
        By name, in order of priority.
    per_day, days
        People who stand ready on each day.
    children
        Share of them who are children.
    """

    def __init__(
        self,
        policies: Mapping[str, Policy] | None = None,
        *,
        per_day: int = 20,
        days: int = 60,
        seed: int = 1,
        block: AuthoritiesBlock | None = None,
        children: float = 0.0,
        without: Rows | None = None,
    ) -> None:
        self.clock = Clock(EPOCH)
        self.streams = Streams(seed)
        self.corridor = Coast()
        self.policies = {name: policy.named(name) for name, policy in (policies or {}).items()}
        self.hooks = Hooks(self.policies.values())
        self.levers = Levers()
        self.tally = self.notes = Notes(self.clock)
        self.population = _people(
            self.clock, self.streams, per_day=per_day, days=days, children=children, without=without
        )
        self.landed = np.full(len(self.population), np.nan)
        self.handed_over: list[int] = []
        self.days_to_return: list[float] = []
        self.sent_back: list[int] = []
        office = Office(
            self.clock, self.streams, self.population, self.notes, self.levers, self.notes,
            StatePlaces(detention=2), days,
        )  # fmt: skip
        connections = Connections(
            triage=lambda rows: self.hooks.call("triage", self, rows),
            returned=self._note_return,
            after_return=lambda rows, day: None,
            back_to_camp=lambda rows: self.sent_back.extend(rows.tolist()),
        )
        self.authorities = Authorities(block or AuthoritiesBlock(), office, connections, [0.5, 0.1])
        self.morning: Callable[[int], None] = lambda day: None
        self.clock.every_day(self._noon, lambda day: None)

    def to_camp(self, day: int) -> Rows:
        """Bring those who enter on a day to the camp."""
        rows = self.population.enter(day, self.clock.now)
        self.population.move(rows, State.TRAVELLING, self.clock.now)
        self.population.move(rows, State.CAMP, self.clock.now, 0)
        return rows

    def cross(self, rows: Rows, after: float = 0.6) -> None:
        """Put people on a boat that lands some time from now."""
        people = self.population
        people.move(rows, State.BOOKED, self.clock.now)
        people.move(rows, State.AT_SEA, self.clock.now)

        def land() -> None:
            people.arrivals[rows] += 1
            self.landed[rows] = self.clock.now
            self.authorities.land(rows, self.clock.now)

        self.clock.at(self.clock.now + after, land)

    def run(self, days: int) -> Shore:
        """Run for some days, checking people and ledgers on each."""
        for _ in range(days):
            self.clock.run_day()
            self.population.check()
            self.authorities.check()
        return self

    def states(self) -> Counter[State]:
        """Return how many people are in each state."""
        return Counter({State(k): int(n) for k, n in enumerate(self.population.counts) if n})

    def _note_return(self, row: int) -> None:
        self.handed_over.append(row)
        self.days_to_return.append(self.clock.now - float(self.landed[row]))

    def _noon(self, day: int) -> None:
        self.levers.reset()
        self.hooks.call("levers", self.levers, self, day)
        self.hooks.call("afternoon", self, day)
        self.morning(day)
        self.authorities.noon(day)
        self.authorities.record()


def landing_daily(shore: Shore) -> Shore:
    """Let everyone cross on the day they enter."""
    shore.morning = lambda day: shore.cross(shore.to_camp(day))
    return shore


def _people(
    clock: Clock, streams: Streams, *, per_day: int, days: int, children: float, without: Rows | None
) -> Population:
    day = np.repeat(np.arange(days), per_day)
    ordinals = clock.ordinal(0) + day
    keys = identity("Eritrea", ordinals, np.tile(np.arange(per_day), days))
    kept = np.ones(day.size, dtype=bool)
    if without is not None:
        kept[without] = False
    people = Population(keys[kept], np.zeros(int(kept.sum()), dtype=np.int16), day[kept])
    people.adult = streams.uniform("adult", people.key) >= children
    people.ties[:] = True
    return people
