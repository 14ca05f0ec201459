"""A coast for tests of the trade: real networks, patrols and boats; people and weather by hand.

People stand ready at a camp and book with the network they are told to. Those who land leave the
test. The weather is calm or rough on every night, as asked.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np

from crossings import corridors
from crossings._mesa import TableModel
from crossings.clock import Clock
from crossings.enforcement import EnforcementBlock, Investigations, Patrols
from crossings.hooks import Levers, Rows
from crossings.parameters import Block
from crossings.passage import Passage, PassageBlock
from crossings.population import Population, State
from crossings.smuggling import Smuggling, SmugglingBlock
from crossings.streams import Streams, identity
from tests.shore import Notes

EPOCH = date(2025, 3, 3)  # a Monday


class Sea:
    """The same height and forecast every night."""

    def __init__(self, days: int, height: float) -> None:
        self.height = np.full(days + 1, height)
        self.forecast = np.full(days + 1, height)


class OpenBeach:
    """Patrols that stop every launch, or none."""

    def __init__(self, chance: float, sea_chance: float = 0.0) -> None:
        self.chance, self.sea_chance = chance, sea_chance
        self.seen: list[int] = []
        self.stops: list[bool] = []

    def stop_chance(self, site: int, taxi: bool, concurrent: int) -> float:
        return self.chance

    def sea_stop_chance(self, taxi: bool, at_sea: int) -> float:
        return self.sea_chance if taxi else 0.0

    def upstream_chance(self, site: int) -> float:
        return 0.0

    def stopped_upstream(self, site: int) -> None:
        pass

    def turnback_chance(self) -> float:
        return 0.0

    def about_to_land(self, turned_back: bool) -> None:
        pass

    def rescue(self) -> tuple[float, float]:
        return 1.0, 1.0

    def saw(self, site: int) -> None:
        self.seen.append(site)

    def stopped(self, site: int, at_sea: bool) -> None:
        self.stops.append(at_sea)


def changed(block: Block, **values: object) -> Block:
    """Return a block with some values changed, nested ones by ``room__parameter``."""
    tree: dict[str, object] = block.model_dump()
    for path, value in values.items():
        branch = tree
        *rooms, name = path.split("__")
        for room in rooms:
            branch = branch[room]
        assert name in branch
        branch[name] = value
    return type(block).model_validate(tree)


class Coast:
    """Networks, boats and people at the coast of the shipped corridor.

    Parameters
    ----------
    per_day, days
        People who reach the camp on each day.
    height
        Wave height, in m.
    beach, sea_chance
        Chance that a launch is stopped at the beach, a taxi boat at sea; None takes the real patrols.
    changes
        Parameters of the trade, by ``room__parameter``.
    """

    def __init__(
        self,
        *,
        per_day: int = 0,
        days: int = 60,
        seed: int = 1,
        height: float = 0.2,
        beach: float | None = 0.0,
        sea_chance: float = 0.0,
        passage: PassageBlock | None = None,
        changes: dict[str, object] | None = None,
        without: Rows | None = None,
        investigated: bool = False,
        epoch: date = EPOCH,
    ) -> None:
        self.clock = Clock(epoch)
        self.streams = Streams(seed)
        self.corridor = corridors.load()
        self.model = TableModel(seed)
        self.notes = Notes(self.clock)
        self.levers = Levers()
        self.weather = Sea(days, height)
        self.population = self._people(per_day, days, without)
        self.looking: list[int] = []
        self.landed: list[tuple[Rows, float]] = []
        self.smuggling = Smuggling(
            self.model,
            changed(SmugglingBlock(), **(changes or {})),
            self.streams,
            self.clock,
            self.population,
            self.corridor,
            self.weather,
            self.notes,
            self.levers,
            lambda rows: self.looking.extend(rows.tolist()),
        )
        self.smuggling.open(self.corridor)
        enforcement = EnforcementBlock()
        self.patrols = Patrols(
            self.model, enforcement.patrols, self.clock, self.corridor, self.notes, self.levers
        )
        self.investigations = (
            Investigations(
                self.model,
                enforcement.investigations,
                self.streams,
                self.clock,
                self.smuggling,
                self.notes,
                self.levers,
            )
            if investigated
            else None
        )
        if self.investigations is not None:
            self.investigations.open()
        self.passage = Passage(
            passage or PassageBlock(),
            self.streams,
            self.clock,
            self.population,
            self.weather,
            self.patrols if beach is None else OpenBeach(beach, sea_chance),
            self.smuggling,
            self.notes,
            self.notes.witness,
            self._land,
        )
        self.afternoon: Callable[[int], None] = lambda day: None
        self.launches: dict[int, list] = {}
        self.clock.every_day(self._noon, self._nightfall)

    @property
    def networks(self):
        return self.smuggling.networks

    def book(self, rows: Rows, slot: int) -> None:
        """Let people at the camp agree a place with a network."""
        people = self.population
        people.network[rows] = slot
        people.fare[rows] = self.networks.price[slot]
        people.booked_at[rows] = self.clock.now
        people.failed_tries[rows] = 0
        people.move(rows, State.BOOKED, self.clock.now)

    def spread(self, rows: Rows) -> None:
        """Let people book with active networks in turn."""
        slots = np.flatnonzero(self.networks.active)
        for k, slot in enumerate(slots.tolist()):
            self.book(rows[self.population.key[rows] % np.uint64(len(slots)) == k], slot)

    def run(self, days: int) -> Coast:
        """Run for some days, checking on each that people are conserved and no stock is below zero."""
        for _ in range(days):
            self.clock.run_day()
            self.population.check()
            for stock in (self.networks.boats, self.networks.on_order, self.networks.crews):
                assert stock.min() >= 0
        return self

    def _people(self, per_day: int, days: int, without: Rows | None) -> Population:
        day = np.repeat(np.arange(days), per_day)
        keys = identity("Iran", self.clock.ordinal(0) + day, np.tile(np.arange(per_day), days))
        kept = np.ones(day.size, dtype=bool)
        if without is not None:
            kept[without] = False
        group = self.corridor.group_code("Iran")
        people = Population(keys[kept], np.full(int(kept.sum()), group), day[kept])
        people.place[:] = self.corridor.places_of("camp")[0]
        return people

    def _land(self, rows: Rows, time: float) -> None:
        self.population.move(rows, State.HELD, time)
        self.landed.append((rows, time))

    def _noon(self, day: int) -> None:
        people, now = self.population, self.clock.now
        rows = people.enter(day, now)
        people.move(rows, State.TRAVELLING, now)
        people.move(rows, State.CAMP, now)
        self.afternoon(day)

    def _nightfall(self, day: int) -> None:
        plan = self.smuggling.launching.plan(day)
        self.launches[day] = plan
        self.passage.begin_night(plan)


def trading(coast: Coast) -> Coast:
    """Let everyone at the camp book every day, and networks and patrols decide every week."""

    def afternoon(day: int) -> None:
        coast.passage.tell()
        coast.spread(coast.population.rows_in(State.CAMP))
        if coast.clock.ordinal(day) % 7 == 0:
            coast.smuggling.weekly(day)
            coast.patrols.reallocate(day)
            if coast.investigations is not None:
                coast.investigations.staff(day)
        coast.smuggling.report()

    coast.afternoon = afternoon
    return coast
