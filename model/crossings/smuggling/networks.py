"""The networks: a table with one slot each, and the Mesa agents that look into it.

Some twenty to forty networks work at a time. Their state lives in columns of a table with a fixed
number of slots, so that the weekly rules (prices, orders, loads, tactics) act on all of them at
once; a `SmugglingNetwork` is a thin view of one slot. A network is identified by its *serial*, the
order in which it entered; a slot is used again after its network has gone, a serial never is.

A network is *active* (takes clients and launches), *disrupted* (its people or boats have just been
taken; it does neither for a time) or *dissolved* (gone; its clients look for another).
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crossings._mesa import BaseAgent
from crossings.parameters import Block, param
from crossings.streams import Keys, identity, normal

if TYPE_CHECKING:
    from crossings._mesa import TableModel
    from crossings.corridors import Corridor
    from crossings.streams import Streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Status(IntEnum):
    """What a slot holds."""

    EMPTY = 0
    ACTIVE = 1
    DISRUPTED = 2


class NetworksBlock(Block):
    """What a network is like when it begins."""

    max_networks: int = param(
        48,
        "Most networks that can work at one time",
        unit="networks",
        low=36,
        high=80,
        min_value=2,
        max_value=4096,
    )
    starting_cash: float = param(
        20_000.0, "Cash per crew at the beginning", unit="GBP/crew", low=5_000, high=60_000, min_value=0
    )
    starting_load: float = param(
        65.0,
        "People per boat a network aims at when it begins, on average",
        unit="people/boat",
        low=50,
        high=72,
        min_value=1,
        source="59 people per arriving boat in January-July 2025 (Home Office); the last is seldom full",
    )
    starting_quality: float = param(
        0.4, "Soundness of the boats it begins with, 0 to 1", low=0.2, high=0.7, min_value=0, max_value=1
    )
    starting_wave_limit: float = param(
        0.45,
        "Forecast wave height under which it launches when it begins, on average",
        unit="m",
        low=0.4,
        high=0.6,
        min_value=0,
        source="96% of crossings are attempted with a forecast under 0.5 m (MAIB report 7/2023)",
    )
    starting_taxi_share: float = param(
        0.41,
        "Mean share of launches as taxi boats of the networks that exist at the beginning",
        low=0.0,
        high=0.6,
        min_value=0,
        max_value=1,
        source="none in 2021, 45% of boats in 2025 (Préfecture maritime review 2025)",
    )
    spread: float = param(
        0.06,
        "Relative standard deviation between networks of load, quality and wave limit",
        low=0.0,
        high=0.2,
        min_value=0,
        max_value=1,
    )


_EMPTY, _ACTIVE = int(Status.EMPTY), int(Status.ACTIVE)  # an enumeration takes its time to be compared
_FIRST_WEEK = 726_468 // 7  # the week of 1 Jan 1990: before any run
MOST_IN_A_WEEK = 64
"""Networks that may begin in one week, and in a corridor at first; bounds what a serial can hold."""


def newcomer_serial(ordinal: int, number: int) -> int:
    """Return the identity of the n-th network to begin in the week of a date (Gregorian ordinal)."""
    return (ordinal // 7 - _FIRST_WEEK) * MOST_IN_A_WEEK + number


class Networks:
    """Columns of all networks, one slot each.

    Parameters
    ----------
    model
        The Mesa model in which networks are agents.
    block
        Parameters.
    streams
        The run's random numbers.
    corridor
        Names of languages, launch sites, and the networks that exist at the beginning.
    """

    def __init__(self, model: TableModel, block: NetworksBlock, streams: Streams, corridor: Corridor) -> None:
        n = max(block.max_networks, len(corridor.network_seeds))
        self.block = block
        self.languages = tuple(
            dict.fromkeys((*corridor.languages, *(s.language for s in corridor.network_seeds)))
        )
        self._model = model
        self._streams = streams
        self.entered = 0  # networks so far, for names
        self.agents: list[SmugglingNetwork | None] = [None] * n

        self.serial = np.full(n, -1, dtype=np.int64)
        self.name: list[str] = [""] * n
        self.language = np.full(n, -1, dtype=np.int64)  # position in `languages`
        self.status = np.full(n, Status.EMPTY, dtype=np.int8)
        self.disrupted_until = np.zeros(n)
        self.since = np.zeros(n)  # time of entry
        self.idle_weeks = np.zeros(n, dtype=np.int64)

        self.cash = np.zeros(n)  # pounds
        self.boats = np.zeros(n, dtype=np.int64)  # near the coast, ready
        self.on_order = np.zeros(n, dtype=np.int64)
        self.crews = np.zeros(n, dtype=np.int64)

        self.price = np.zeros(n)  # pounds a place
        self.markup = np.ones(n)
        self.load = np.zeros(n)  # people per boat it aims at
        self.quality = np.zeros(n)
        self.wave_limit = np.zeros(n)  # m
        self.taxi_share = np.zeros(n)
        self.site_weights = np.zeros((n, len(corridor.sites)))
        self.reputation = np.zeros(n)  # chance that a client of theirs arrives at the next try, as told

    def __len__(self) -> int:
        return len(self.serial)

    @property
    def active(self) -> Mask:
        """Which slots hold a network that takes clients and launches."""
        return np.asarray(self.status == _ACTIVE)

    @property
    def alive(self) -> Mask:
        """Which slots hold a network, disrupted or not."""
        return np.asarray(self.status != _EMPTY)

    def keys(self, slots: NDArray[np.integer[Any]]) -> Keys:
        """Return the identity of the networks in these slots, for random draws."""
        return identity("network", 0, self.serial[slots])

    def seed(self, corridor: Corridor) -> list[int]:
        """Bring in the networks that exist at the beginning; return their slots."""
        slots = []
        scale = self._taxi_scale(corridor)
        for number, seed in enumerate(corridor.network_seeds):
            language, taxi_share = self.languages.index(seed.language), min(seed.taxi_share * scale, 1.0)
            slot = self.enter(number, seed.name, language, seed.crews, taxi_share, 0.0)
            self.boats[slot] = seed.boats_in_stock
            slots.append(slot)
        return slots

    def _taxi_scale(self, corridor: Corridor) -> float:
        """Return the factor that brings the corridor's taxi shares, weighted by stock, to their mean."""
        stock = np.array([seed.boats_in_stock for seed in corridor.network_seeds], dtype=np.float64)
        share = np.array([seed.taxi_share for seed in corridor.network_seeds])
        mean = float((share * stock).sum() / stock.sum()) if stock.any() else 0.0
        return self.block.starting_taxi_share / mean if mean > 0 else 1.0

    def enter(self, serial: int, name: str, language: int, crews: int, taxi_share: float, time: float) -> int:
        """Let a network begin in the first free slot; return the slot.

        `serial` is its identity for life: who entered before must not matter to it.

        Raises
        ------
        ValueError
            If no slot is free.
        """
        free = np.flatnonzero(~self.alive)
        if free.size == 0:
            raise ValueError("no free slot for another network")
        slot = int(free[0])
        self.serial[slot] = serial
        self.entered += 1
        self.idle_weeks[slot] = 0
        self.name[slot] = name
        self.language[slot] = language
        self.status[slot] = Status.ACTIVE
        self.since[slot] = time
        self.crews[slot] = crews
        self.cash[slot] = crews * self.block.starting_cash
        self.taxi_share[slot] = taxi_share
        self._draw_character(slot)
        self.agents[slot] = SmugglingNetwork(self._model, self, slot)
        return slot

    def _draw_character(self, slot: int) -> None:
        u = self._streams.uniforms("network.character", self.keys(np.array([slot])), 0, 3)[:, 0]
        load, quality, limit = 1.0 + normal(u, 0.0, self.block.spread)
        self.load[slot] = self.block.starting_load * load
        self.quality[slot] = np.clip(self.block.starting_quality * quality, 0.0, 1.0)
        self.wave_limit[slot] = self.block.starting_wave_limit * limit

    def leave(self, slot: int) -> None:
        """Dissolve the network in a slot and make the slot free."""
        agent = self.agents[slot]
        if agent is not None:
            agent.dissolve()
        self.agents[slot] = None
        self.status[slot] = Status.EMPTY
        self.serial[slot] = -1
        for column in (self.boats, self.on_order, self.crews, self.cash, self.idle_weeks):
            column[slot] = 0

    def disrupt(self, slot: int, until: float) -> None:
        """Keep the network in a slot from working until a time."""
        self.status[slot] = Status.DISRUPTED
        self.disrupted_until[slot] = until

    def revive(self, time: float) -> None:
        """Let networks work again whose disruption is over."""
        over = (self.status == Status.DISRUPTED) & (self.disrupted_until <= time)
        self.status[over] = Status.ACTIVE

    def is_same(self, slot: int, serial: int) -> bool:
        """Return whether the network of that serial is still in the slot."""
        return bool(self.serial[slot] == serial)

    def is_active(self, slot: int) -> bool:
        """Return whether the network in the slot takes clients and launches."""
        return bool(self.status[slot] == _ACTIVE)


_SHOWN = (
    "cash", "boats", "on_order", "crews", "price", "markup", "load", "quality", "wave_limit",
    "taxi_share", "reputation", "site_weights",
)  # fmt: skip


class SmugglingNetwork(BaseAgent):
    """One network, seen as a Mesa agent: a thin view of its slot.

    ``cash, boats, on_order, crews, price, markup, load, quality, wave_limit, taxi_share, reputation``
    and ``site_weights`` read the table; once dissolved they show what they last were.
    """

    def __init__(self, model: TableModel, networks: Networks, slot: int) -> None:
        super().__init__(model)
        self.slot = slot
        self.serial = int(networks.serial[slot])
        self.name = networks.name[slot]
        self.language = networks.languages[networks.language[slot]]
        self._networks = networks
        self._last: dict[str, Any] | None = None

    @property
    def status(self) -> str:
        """One of ``active``, ``disrupted``, ``dissolved``."""
        if self._last is not None:
            return "dissolved"
        return Status(int(self._networks.status[self.slot])).name.lower()

    def dissolve(self) -> None:
        """Take the agent out of the model, keeping what it last showed."""
        self._last = {name: getattr(self, name) for name in _SHOWN}
        self.remove()

    def __getattr__(self, name: str) -> Any:
        """Read a column of the table for this network."""
        if name not in _SHOWN:
            raise AttributeError(f"a SmugglingNetwork has no '{name}'")
        if self._last is not None:
            return self._last[name]
        value = getattr(self._networks, name)[self.slot]
        return value.item() if np.ndim(value) == 0 else value.copy()
