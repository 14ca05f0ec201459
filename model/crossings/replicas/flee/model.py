"""The model: days of entering, leaving, choosing and travelling, as a Mesa model on the project's clock.

People are rows of columns, and what happens to many at once is done for all of them at once. A day is:
conflict and closures as of that day; those who enter; everyone who is at a place leaves it with the chance of
the place and chooses a way; everyone on the road travels. Who reaches a place before the day is over decides
there again, in a further round of the same day.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import mesa
import numpy as np
from numpy.typing import NDArray

from crossings._mesa import BaseAgent, TableModel
from crossings.clock import Clock
from crossings.errors import InputError
from crossings.replicas.flee.case import (
    CAMPS,
    Case,
    Floats,
    Ints,
    emptied,
    entries,
    refuse_nowhere_to_enter,
    thinned,
)
from crossings.replicas.flee.roads import Flags, Roads, Ways
from crossings.replicas.flee.rules import FleeBlock
from crossings.streams import Keys, Streams, identity

NOWHERE = -1
"""Stands for the road of those at a place, and for the place of those not there yet or any longer."""

MOST_PEOPLE = 20_000_000

_ROUNDS = 1_000
"""Rounds of a day, more than anyone needs who does not run in circles between places a few metres apart."""

_HAIR = 1e-9
_SLICE, _LEAST_BATCH = 0.1, 20
"""People who decide at a time where a camp is about to be full, as a share of its capacity, and at least."""

Rows = NDArray[np.int64]


@dataclass(eq=False)
class People:
    """Columns, one row for everyone who is there at the start or enters.

    Attributes
    ----------
    keys
        Identities.
    place
        Where a person is, or which place they left last; `NOWHERE` before entry and after leaving the count.
    road
        Road travelled; `NOWHERE` for those at a place.
    km
        Travelled on it.
    way, leg
        Way chosen, as a number among all ways ever chosen, and how many of its roads are begun; a `way` of
        `NOWHERE` for those who have none.
    walking
        Whether a person has not reached a first place yet.
    """

    keys: Keys
    place: Ints
    road: Ints
    km: Floats
    way: Ints
    leg: Ints
    walking: Flags

    @classmethod
    def nobody_yet(cls, keys: Keys) -> People:
        """Return rows for people of whom nobody has entered."""
        size = len(keys)
        nowhere = [np.full(size, NOWHERE, dtype=np.int64) for _ in range(3)]
        place, road, way = nowhere
        return cls(
            keys, place, road, np.zeros(size), way, np.zeros(size, dtype=np.int64), np.ones(size, dtype=bool)
        )


class FleeModel(TableModel):
    """One run of a case; a Mesa model that steps by days.

    Parameters
    ----------
    case
        Places, roads, closures, conflict, counts.
    block
        Rules.
    seed
        Of all draws.

    Attributes
    ----------
    case : Case
        The case as it is run: thinned, and with empty camps, where the rules say so.
    entering : ndarray of int64, shape (days,)
        How many enter at places of conflict on each day.
    simulated : ndarray of int64, shape (days, camps)
        People in each camp at the end of each day run so far.
    gone : int
        People who left the count.
    people : People
        Their columns.
    datacollector : mesa.DataCollector
        A row for each day: people entered, in camps, on the road, gone.

    Raises
    ------
    InputError
        If the seed cannot be used, people enter where there is no conflict, or there are too many.
    """

    running: bool

    def __init__(self, case: Case, block: FleeBlock, seed: int) -> None:
        self.streams = Streams(seed)
        super().__init__(seed=self.streams.seed)
        case = thinned(case, block.people_each)
        self.case = emptied(case) if block.empty_camps else case
        self.block = block
        self.clock = Clock(case.start)
        self.roads = Roads(self.case, block)
        self.entering = entries(self.case.counted)
        first = self.case.counted[0]
        if not block.initial_in_camps:
            self.entering[0] = first.sum()
            first = np.zeros_like(first)
        refuse_nowhere_to_enter(self.case, self.entering)
        most = int(first.sum() + self.entering.sum())
        if most > MOST_PEOPLE:
            raise InputError(
                f"people_each = {block.people_each}: {most:,} people in the model, expected at most "
                f"{MOST_PEOPLE:,}; let one stand for more"
            )
        self.population = self.people = People.nobody_yet(self._identities(first))
        self._entered, self._gone = 0, 0
        self._ways = Ways(self.roads)
        self.simulated = np.zeros((self.case.days, len(self.case.camps)), dtype=np.int64)
        self._agents_of_rows: dict[int, Person] = {}
        self._lay_out_places()
        self._begin_in_camps(first)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "day": lambda model: model.clock.day - 1,
                "entered": lambda model: model.entered,
                "in_camps": lambda model: int(model.simulated[model.clock.day - 1].sum()),
                "on_the_road": lambda model: int((model.people.road != NOWHERE).sum()),
                "gone": lambda model: model.gone,
            }
        )
        for day in range(self.case.days):
            self.clock.at(day, partial(self._day, day))

    @property
    def entered(self) -> int:
        """People who were there at the start or have entered since."""
        return self._entered

    @property
    def gone(self) -> int:
        """People who have left the count."""
        return self._gone

    @property
    def here(self) -> int:
        """People who are at a place or on the road."""
        return self._entered - self._gone

    def step(self) -> None:
        """Live through the next day."""
        self.clock.run_day()
        self.datacollector.collect(self)
        self.running = self.clock.day < self.case.days

    def run(self) -> FleeModel:
        """Step to the end and return the model."""
        while self.running:
            self.step()
        return self

    def at(self, place: int) -> int:
        """Return how many people are at a place."""
        return int(self._present[place])

    def sync_agents(self) -> None:
        """Bring the agent objects up to date: one for everybody who is at a place or on the road."""
        here = set(np.flatnonzero(self.people.place != NOWHERE).tolist())
        for row in sorted(set(self._agents_of_rows) - here):
            self._agents_of_rows.pop(row).remove()
        for row in sorted(here - set(self._agents_of_rows)):
            self._agents_of_rows[row] = Person(self, row)

    # ---------------------------------------------------------------- before the first day

    def _identities(self, first: Ints) -> Keys:
        """Return keys of those in camps at the start, and of all who enter, in order of entry."""
        begin = self.clock.ordinal(0)
        keys = [
            identity(f"camp {name}", begin, np.arange(number))
            for name, number in zip(self.case.camp_names, first.tolist(), strict=True)
            if number
        ]
        keys += [
            identity("entering", self.clock.ordinal(day), np.arange(number))
            for day, number in enumerate(self.entering.tolist())
            if number
        ]
        return np.concatenate(keys) if keys else np.empty(0, dtype=np.uint64)

    def _lay_out_places(self) -> None:
        sites = self.case.sites
        kinds = np.array([site.place.kind for site in sites])
        self._kinds = kinds
        self._camp: Flags = np.isin(kinds, CAMPS)
        self._capacity: Floats = np.array([site.capacity for site in sites])
        self._population: Floats = np.array([site.population for site in sites])
        self._leaves: Floats = np.array([site.leaves for site in sites])
        home = sites[0].place.country  # as in the program: the country of the first place of the file
        self._abroad: Flags = np.array([site.place.country != home for site in sites])
        self._conflict: Floats = np.zeros(len(sites))
        self._present: Ints = np.zeros(len(sites), dtype=np.int64)

    def _begin_in_camps(self, first: Ints) -> None:
        self._entered = int(first.sum())
        self.people.place[: self._entered] = np.repeat(self.case.camps, first)
        self.people.walking[: self._entered] = False
        self._count(self.people.place[: self._entered], 1)

    # ---------------------------------------------------------------- a day

    def _day(self, day: int) -> None:
        self._conflict = self.case.conflict[day]
        for when, code, room in self.case.capacities:
            if when == day:
                self._capacity[code] = room
        self._open_camps(day)
        self._enter(day)
        self.roads.close(day)
        self._attraction = self._attractions()
        self._move(day)
        if self.block.camps_are_sinks:
            self._leave_the_count(day)
        self.simulated[day] = self._present[self.case.camps]

    def _open_camps(self, day: int) -> None:
        """Make towns of camps that are closed, and camps of those that open again."""
        is_camp = np.isin(self._kinds, CAMPS)
        for closure in self.case.closures:
            if closure.kind in CAMPS and closure.on(day):
                is_camp[self.roads.network.code(closure.first)] = False
        self._camp = is_camp

    def _enter(self, day: int) -> None:
        """Let people enter at places of conflict, in proportion to population and intensity."""
        number = int(self.entering[day])
        if not number:
            return
        rows = np.arange(self._entered, self._entered + number)
        chance = np.cumsum(self._population * self._conflict)
        drawn = self.streams.uniform("flee.enter", self.people.keys[rows])
        self.people.place[rows] = np.searchsorted(chance, drawn * chance[-1], side="right")
        self._count(self.people.place[rows], 1)
        self._entered += number

    def _attractions(self) -> Floats:
        """Return the attraction of all places."""
        block = self.block
        weight = np.where(self._abroad, block.foreign_weight, 1.0)
        weight = weight * np.where(self._camp, block.camp_weight, 1.0)
        found: Floats = weight * block.conflict_weight**self._conflict
        return found

    def _chances(self) -> Floats:
        """Return the daily chance of leaving each place."""
        block = self.block
        chances = np.full(len(self._kinds), block.leave_town)
        chances[self._camp & (self._kinds == "camp")] = block.leave_camp
        chances[self._camp & (self._kinds == "idpcamp")] = block.leave_idp_camp
        chances[np.isin(self._kinds, ("forwarding_hub", "marker"))] = 1.0
        chances[self._conflict > 0.0] = block.leave_conflict
        return chances

    def _count(self, places: Ints, sign: int) -> None:
        """Count people who come to places or leave them."""
        self._present += sign * np.bincount(places, minlength=len(self._kinds))

    def _room(self) -> Floats:
        """Return by which factor the room that is left lessens the attraction of each place."""
        buffer = self.block.capacity_buffer
        with np.errstate(divide="ignore", invalid="ignore"):
            left = (1.0 - self._present / self._capacity) / (1.0 - buffer)
        return np.where(self._capacity > 0.0, np.clip(left, 0.0, 1.0), 1.0)

    def _move(self, day: int) -> None:
        """Let people leave, choose and travel until the day is over for everyone.

        Those who begin the day at a place all decide on the world as it is then. Those who decide again on
        their way find the places as filled as those before them have left them.
        """
        people = self.people
        deciding = np.flatnonzero((people.place != NOWHERE) & (people.road == NOWHERE))
        under_way = np.flatnonzero(people.road != NOWHERE)
        chances = self._chances()
        setting_out = self._set_out(self._leaving(deciding, chances, day * _ROUNDS), day * _ROUNDS)
        used = np.zeros(len(people.keys))  # share of the day
        arrived = self._travel(np.concatenate([under_way, setting_out]), used, day * _ROUNDS)
        going_on = np.sort(self._leaving(arrived, chances, day * _ROUNDS + 1))
        size = self._batch(len(going_on))
        for first in range(0, len(going_on), size):
            batch = going_on[first : first + size]
            for occasion in range(day * _ROUNDS + 1, (day + 1) * _ROUNDS - 1):
                setting_out = self._set_out(batch, occasion)
                if not setting_out.size:
                    break
                arrived = self._travel(setting_out, used, occasion)
                batch = self._leaving(arrived, chances, occasion + 1)

    def _batch(self, deciding: int) -> int:
        """Return how many may decide and travel on at a time, so that they do not overfill a camp."""
        at_risk = (self._capacity > 0.0) & (self._room() >= max(self.block.least_room, _HAIR))
        at_risk &= self._present + deciding > self.block.capacity_buffer * self._capacity
        if not at_risk.any():
            return max(deciding, 1)
        return max(round(_SLICE * float(self._capacity[at_risk].min())), _LEAST_BATCH)

    def _leaving(self, rows: Rows, chances: Floats, occasion: int) -> Rows:
        """Return those of some people at places who leave them."""
        draw = self.streams.uniform("flee.leave", self.people.keys[rows], occasion)
        leaving: Rows = rows[draw < chances[self.people.place[rows]]]
        return leaving

    def _set_out(self, rows: Rows, occasion: int) -> Rows:
        """Let people go on along their way, or choose one; return those who are on a road then."""
        people, ways = self.people, self._ways
        room = self._room()
        self._choose(rows[people.way[rows] == NOWHERE], room, occasion)
        rows = rows[people.way[rows] != NOWHERE]
        way = people.way[rows]
        road, goal = ways.roads[way, people.leg[rows]], ways.goal[way]
        full = self._camp[goal] & (room[goal] < self.block.least_room)
        goes = self.roads.open[road] & ~full
        people.way[rows[~goes]] = NOWHERE
        rows, road = rows[goes], road[goes]
        self._count(people.place[rows], -1)
        people.road[rows], people.km[rows] = road, 0.0
        people.leg[rows] += 1
        return rows

    def _choose(self, rows: Rows, room: Floats, occasion: int) -> None:
        """Let people choose among the ways ahead of the place where they are."""
        people = self.people
        drawn = self.streams.uniform("flee.choose", people.keys[rows], occasion)
        place = people.place[rows]
        for code in np.flatnonzero(np.bincount(place, minlength=len(self._kinds))).tolist():
            ahead = self.roads.ahead(code)
            if not ahead.ways:
                continue
            reach = np.cumsum(self.roads.chances(ahead, self._attraction, room))
            here = place == code
            chosen = np.searchsorted(reach, drawn[here] * reach[-1], side="right")
            people.way[rows[here]] = self._ways.numbers(ahead.ways)[chosen]
            people.leg[rows[here]] = 0

    def _travel(self, rows: Rows, used: Floats, occasion: int) -> Rows:
        """Let people travel for what is left of their day; return those who arrive before it is over."""
        people, roads = self.people, self.roads
        limit = self._limits(rows, occasion)
        left = np.ones(len(rows)) if self.block.whole_day_each_road else 1.0 - used[rows]
        before = people.km[rows]
        people.km[rows] = before + limit * left
        length = roads.km[people.road[rows]]
        arrives = people.km[rows] > length
        used[rows] += np.where(arrives, (length - before) / limit, left)
        rows = rows[arrives]
        road = people.road[rows]
        open_still = roads.open[road]
        # who finds the road closed is back where it began, and the day is over
        people.place[rows] = np.where(open_still, roads.end[road], roads.start[road])
        people.road[rows], people.km[rows] = NOWHERE, 0.0
        people.walking[rows[open_still]] = False
        self._count(people.place[rows], 1)
        done = (people.leg[rows] >= self._ways.length[people.way[rows]]) | ~open_still
        people.way[rows[done]] = NOWHERE
        return rows[open_still & (used[rows] < 1.0)]

    def _limits(self, rows: Rows, occasion: int) -> Floats:
        """Return how far each may travel in a whole day on the road they are on."""
        people, roads, block = self.people, self.roads, self.block
        road = people.road[rows]
        limit = roads.limit[road]
        if block.first_road_on_foot:
            limit = np.where(people.walking[rows], block.km_on_foot, limit)
        some = np.flatnonzero(roads.walks[road] > 0.0)
        if some.size:
            draw = self.streams.uniform("flee.walk", people.keys[rows[some]], occasion)
            limit[some] = np.where(draw < roads.walks[road[some]], block.km_on_foot, limit[some])
        return limit

    def _leave_the_count(self, day: int) -> None:
        """Let people in camps leave the count, each with the chance of the camp."""
        people = self.people
        rows = np.flatnonzero((people.place != NOWHERE) & (people.road == NOWHERE))
        rows = rows[self._camp[people.place[rows]]]
        draw = self.streams.uniform("flee.gone", people.keys[rows], day)
        rows = rows[draw < self._leaves[people.place[rows]]]
        self._count(people.place[rows], -1)
        people.place[rows] = NOWHERE
        self._gone += len(rows)


class Person(BaseAgent):
    """A view of one person; it owns nothing."""

    model: FleeModel

    def __init__(self, model: FleeModel, row: int) -> None:
        super().__init__(model, unique_id=row + 1)
        self.row = row

    @property
    def place(self) -> str:
        """Name of the place where the person is, or which they left last."""
        return self.model.case.sites[int(self.model.people.place[self.row])].place.name

    @property
    def travelling(self) -> bool:
        """Whether the person is on the road."""
        return bool(self.model.people.road[self.row] != NOWHERE)
