"""How networks hire, share out, begin and end.

Crews are hired for the launches a network expects to make on an open night, and let go when idle.
What cash it does not need its owners take out. A network ends when it is broke or has had no work
for weeks; new ones begin while what a network earns, or what is to be earned from people whom
nobody can carry, exceeds a hurdle, fewer the more there are, because people able to run one are
scarce. A newcomer speaks the language of clients who wait and copies the tactic of a rival.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crossings.parameters import Block, param
from crossings.smuggling.networks import MOST_IN_A_WEEK, Floats, Ints, Networks
from crossings.streams import identity, poisson

if TYPE_CHECKING:
    from crossings.smuggling.pricing import Week
    from crossings.streams import Streams


class TurnoverBlock(Block):
    """Crews, owners, entry and exit."""

    crew_reserve: float = param(
        1.8,
        "Crews wanted, as a multiple of launches expected on an open night",
        low=1.0,
        high=3.0,
        min_value=0.5,
    )
    crews_let_go: float = param(
        0.15,
        "Share of idle crews let go each week",
        unit="1/week",
        low=0.05,
        high=0.5,
        min_value=0,
        max_value=1,
    )
    crews_hired: int = param(1, "Most crews hired in a week", unit="crews/week", low=1, high=3, min_value=0)
    reserve_cash: float = param(
        40_000.0,
        "Cash per crew that owners leave in the business; they take out the rest every week",
        unit="GBP/crew",
        low=10_000,
        high=100_000,
        min_value=0,
    )
    credit: float = param(
        30_000.0, "Debt at which a network is broke", unit="GBP", low=0, high=100_000, min_value=0
    )
    idle_weeks: int = param(
        10, "Weeks without a client after which a network ends", unit="weeks", low=4, high=26, min_value=1
    )
    hurdle: float = param(
        9_500.0,
        "Weekly earnings, of a network or to be had by another, above which others begin",
        unit="GBP/week",
        low=5_000,
        high=40_000,
        min_value=0,
    )
    entry_rate: float = param(
        2.2,
        "Networks that begin in a week where earnings are e times the hurdle and all places are free",
        unit="networks/week",
        low=0.5,
        high=6,
        min_value=0,
        source="set with the hurdle: 20-40 work at a time (Europol), 22 dismantled in 2024 (Europe 1)",
    )
    earnings_memory: float = param(
        12.0, "Mean age of the weeks by which earnings are judged", unit="weeks", low=4, high=26, min_value=1
    )
    unserved_weeks: float = param(
        4.0,
        "Weeks of all networks' capacity beyond which people who wait count as served by nobody",
        unit="weeks",
        low=2,
        high=12,
        min_value=0,
    )
    newcomer_crews: int = param(2, "Crews of a network that begins", unit="crews", low=1, high=4, min_value=1)
    newcomer_boats: int = param(2, "Boats of a network that begins", unit="boats", low=0, high=6, min_value=0)


class Turnover:
    """Crews, owners' share, entry and exit of networks.

    Parameters
    ----------
    block
        Parameters.
    streams
        The run's random numbers.
    networks
        The table whose ``crews``, ``cash`` and ``idle_weeks`` this room moves.
    """

    def __init__(self, block: TurnoverBlock, streams: Streams, networks: Networks) -> None:
        self.block = block
        self._streams, self._networks = streams, networks
        self.earnings = float("nan")  # pounds a week of a mean network, smoothed

    def hire(self, week: Week) -> None:
        """Hire towards the crews wanted; let some of the idle go."""
        block, networks = self.block, self._networks
        launches = (week.queue + week.joining) / np.maximum(networks.load, 1.0)
        wanted = np.ceil(block.crew_reserve * launches / np.maximum(week.nights, 1.0))
        wanted = np.maximum(wanted, 1.0).astype(np.int64)
        short = np.clip(wanted - networks.crews, 0, block.crews_hired)
        idle = np.floor(block.crews_let_go * np.maximum(networks.crews - wanted, 0) + 0.5).astype(np.int64)
        networks.crews += np.where(networks.active, short - idle, 0)

    def settle(self, profit: Floats) -> None:
        """Judge the week's earnings, and let owners take their share.

        Parameters
        ----------
        profit
            What each network earned in the week, in pounds.
        """
        networks, block = self._networks, self.block
        active = networks.active
        if active.any():
            mean = float(profit[active].mean())
            keep = 1.0 - 1.0 / block.earnings_memory
            self.earnings = mean if np.isnan(self.earnings) else keep * self.earnings + (1.0 - keep) * mean
        spare = networks.cash - block.reserve_cash * np.maximum(networks.crews, 1)
        networks.cash -= np.where(networks.alive, np.maximum(spare, 0.0), 0.0)

    def failing(self, queue: Floats, coming: Floats) -> NDArray[np.intp]:
        """Return slots of networks that are broke or have been idle too long.

        Parameters
        ----------
        queue
            Clients who wait, by slot.
        coming
            Boats paid for and on their way, by slot: who has them is not broke.
        """
        networks, block = self._networks, self.block
        networks.idle_weeks += networks.active
        networks.idle_weeks[queue > 0] = 0
        broke = (networks.cash < -block.credit) & (networks.boats + coming == 0)
        return np.flatnonzero(networks.alive & (broke | (networks.idle_weeks >= block.idle_weeks)))

    def unserved(self, waiting: int, capacity: float) -> float:
        """Return how many of those who wait nobody can carry soon.

        Parameters
        ----------
        waiting
            People at the coast.
        capacity
            People whom all networks together can put to sea in a week.
        """
        return max(waiting - self.block.unserved_weeks * capacity, 0.0)

    def newcomers(self, prospect: float, occasion: int) -> int:
        """Return how many networks begin this week.

        Parameters
        ----------
        prospect
            What a newcomer could earn in a week from people whom nobody can carry, in pounds.
        occasion
            The date.
        """
        networks, block = self._networks, self.block
        free = int((~networks.alive).sum())
        hope = prospect if np.isnan(self.earnings) else max(self.earnings, prospect)
        if not hope > block.hurdle or free == 0:
            return 0
        attraction = np.log(hope / block.hurdle) if block.hurdle > 0 else 1.0
        mean = block.entry_rate * attraction * free / len(networks)
        luck = self._streams.uniform("network.entry", identity("networks"), occasion)
        return min(int(poisson(luck, mean)[0]), free, MOST_IN_A_WEEK)

    def begin(self, serial: int, waiting_by_language: Ints, time: float) -> int:
        """Let one network begin, with a language and a tactic to be found at the coast; return its slot."""
        networks, block = self._networks, self.block
        luck = self._streams.uniform("network.origin", identity("network", 0, serial))[0]
        clients = np.cumsum(waiting_by_language + 1.0)
        language = int(np.searchsorted(clients, luck * clients[-1], side="right"))
        rivals = np.flatnonzero(networks.active)
        taxi_share = 0.0
        if rivals.size:
            copied = rivals[self._streams.pick("network.copied", networks.keys(rivals), serial)]
            taxi_share = float(networks.taxi_share[copied])
        name = f"N{networks.entered + 1:02d}"
        slot = networks.enter(serial, name, language, block.newcomer_crews, taxi_share, time)
        networks.boats[slot] = block.newcomer_boats
        return slot
