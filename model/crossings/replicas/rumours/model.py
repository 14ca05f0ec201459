"""The model: people, world and timeline on the clock, as a Mesa model that steps by whole times.

Between whole times the kernels of `crossings.replicas.rumours.events` let everything happen in its order;
at whole times the world changes and the campaign speaks, as entries of the SimPy clock.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import mesa
import numpy as np
from numpy.typing import NDArray

from crossings._mesa import BaseAgent, TableModel
from crossings.clock import Clock
from crossings.errors import InputError
from crossings.replicas.rumours.beliefs import tell_of_risks
from crossings.replicas.rumours.events import advance, reschedule_all
from crossings.replicas.rumours.parameters import RumoursBlock
from crossings.replicas.rumours.schedule import schedule_entry
from crossings.replicas.rumours.state import (
    MOVING,
    STAYING,
    new_state,
    rules_of,
)
from crossings.replicas.rumours.worlds import World
from crossings.streams import Streams

_EPOCH = dt.date(2000, 1, 1)  # the clock wants a date; the original's time has no calendar


@dataclass(frozen=True)
class Change:
    """What changes at a whole time.

    Attributes
    ----------
    time
        From when on.
    entry_rate
        New rate of entry, to which one is added; None leaves it.
    risk
        New risk of `links`; None leaves it.
    links
        Numbers of the links whose risk changes.
    intercepted
        Chance of being intercepted on a sea crossing; None leaves it.
    """

    time: int
    entry_rate: float | None = None
    risk: float | None = None
    links: NDArray[np.int64] | None = None
    intercepted: float | None = None


@dataclass(frozen=True)
class Campaign:
    """Telling people at entries, at every whole time, which links are riskier than normal.

    Attributes
    ----------
    time
        From when on.
    trust
        Trust in the campaign.
    above
        Risk beyond which a link is spoken of.
    reaches, share
        Chance that a person is reached; that a person reached is told of a link.
    source
        Trust the campaign claims in what it says.
    """

    time: int
    trust: float
    above: float
    reaches: float = 0.5
    share: float = 0.5
    source: float = 0.999


class RumoursModel(TableModel):
    """One run of Routes and Rumours; a Mesa model that steps by whole times.

    Parameters
    ----------
    world
        Cities and links.
    block
        Parameters.
    seed
        Of everything but the world.
    changes
        Timeline; the first sets the rate of entry at time 0.
    campaign
        If there is one.
    until
        When the run ends.
    size
        Share of the population that is simulated: of those who come to the door each enters with this chance,
        and chances of meeting are divided by it, so that people meet as often.
    wait
        Delay an interception costs.

    Attributes
    ----------
    state : State
        Everything, as arrays.
    datacollector : mesa.DataCollector
        A row for every whole time, 0 included: entered, arrived, dead, en route, intercepted.

    Raises
    ------
    InputError
        If seed, size or timeline cannot be used.
    """

    running: bool

    def __init__(
        self,
        world: World,
        block: RumoursBlock,
        seed: int,
        *,
        changes: Sequence[Change],
        until: int,
        campaign: Campaign | None = None,
        size: float = 1.0,
        wait: float = 0.0,
    ) -> None:
        seed = Streams(seed).seed
        if not 0.0 < size <= 1.0:
            raise InputError(f"size {size:g}: expected a share above 0 and of at most 1")
        if not changes or changes[0].time != 0 or changes[0].entry_rate is None:
            raise InputError("changes: expected the first at time 0, with a rate of entry")
        super().__init__(seed=seed)
        self.world, self.block = world, block
        self.until, self.size, self._wait = until, size, wait
        scaled = block.model_copy(update={"p_keep_contact": block.p_keep_contact / size})
        self.rules = rules_of(scaled)
        self.state = new_state(world, self.rules, seed, _room(changes, until, size))
        self.state.world.share[0] = size
        self.clock = Clock(_EPOCH)
        for change in changes:
            if change.time < until:
                self.clock.at(change.time, partial(self._change, change))
        if campaign is not None:
            for time in range(campaign.time, until):
                self.clock.at(time, lambda: self._campaign(campaign))
        self.clock.at(0, lambda: schedule_entry(self.state))
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "time": lambda model: model.clock.day,
                "entered": lambda model: int(model.state.world.entered[0]),
                "arrived": lambda model: int(model.state.world.arrived[0]),
                "dead": lambda model: int(model.state.world.dead[0]),
                "en_route": lambda model: int(model.state.world.en_route[0]),
                "intercepted": lambda model: model.intercepted,
            }
        )
        self.datacollector.collect(self)
        self._agents_of_rows: dict[int, Traveller] = {}
        self.population = self.state.people

    def step(self) -> None:
        """Advance to the next whole time."""
        self.clock.run_day()
        if not advance(self.state, self.rules, float(self.clock.day)):
            raise RuntimeError(f"more than {len(self.state.people)} people entered by {self.clock.day}")
        self.datacollector.collect(self)
        self.running = self.clock.day < self.until

    def run(self) -> RumoursModel:
        """Step to the end and return the model."""
        while self.running:
            self.step()
        return self

    @property
    def intercepted(self) -> int:
        """Interceptions so far: counted, or computed from the crossings, link by link."""
        if not self.block.oddities.intercepted_on_average:
            return int(self.state.world.intercepted[0])
        chance = float(self.state.world.interception[0])
        crossings = self.state.links.crossings[self.world.sea]
        return int(np.rint(crossings * (chance / (1.0 - chance))).sum())

    def sync_agents(self) -> None:
        """Bring the agent objects up to date: one for everybody who is under way."""
        under_way = np.flatnonzero(
            (self.state.people.status == STAYING) | (self.state.people.status == MOVING)
        )
        for row in sorted(set(self._agents_of_rows) - set(under_way.tolist())):
            self._agents_of_rows.pop(row).remove()
        for row in under_way.tolist():
            if row not in self._agents_of_rows:
                self._agents_of_rows[row] = Traveller(self, row)

    def _change(self, change: Change) -> None:
        s = self.state
        if change.entry_rate is not None:
            s.world.entry_rate[0] = change.entry_rate
        if change.risk is not None:
            s.links.risk[slice(None) if change.links is None else change.links] = change.risk
        if change.intercepted is not None:
            p = change.intercepted
            s.world.interception[0], s.world.wait[0] = p, self._wait
            extra = p / (1.0 - p) * self._wait * self.block.move_speed
            s.links.friction[self.world.sea] = self.world.distance[self.world.sea] + extra
        if not self.block.oddities.frozen_rates and s.world.heap_size[0] > 0:
            reschedule_all(s, self.rules)

    def _campaign(self, campaign: Campaign) -> None:
        tell_of_risks(
            self.state,
            self.rules,
            campaign.reaches,
            campaign.share,
            campaign.trust,
            campaign.source,
            campaign.above,
        )


class Traveller(BaseAgent):
    """A view of one person under way; it owns nothing."""

    model: RumoursModel

    def __init__(self, model: RumoursModel, row: int) -> None:
        super().__init__(model, unique_id=row + 1)
        self.row = row

    @property
    def moving(self) -> bool:
        """Whether the person is between cities."""
        return bool(self.model.state.people.status[self.row] == MOVING)

    @property
    def cities(self) -> int:
        """Cities visited so far, the entry included."""
        return int(self.model.state.people.steps[self.row])

    @property
    def contacts(self) -> int:
        """Number of people they are in touch with."""
        return int(self.model.state.people.contacts[self.row])


def _room(changes: Sequence[Change], until: int, size: float) -> int:
    """Return for how many people there must be room: eight standard deviations above the mean."""
    rates = sorted((c.time, c.entry_rate) for c in changes if c.entry_rate is not None and c.time < until)
    ends = [time for time, _ in rates[1:]] + [until]
    mean = sum((rate + 1.0) * (end - time) * size for (time, rate), end in zip(rates, ends, strict=True))
    return math.ceil(mean + 8.0 * math.sqrt(mean) + 20.0)
