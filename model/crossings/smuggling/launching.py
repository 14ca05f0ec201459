"""Launching: each evening, who sends how many boats, from where, when, and with whom on board.

A network launches when the forecast is under its own wave limit, it has boats and crews, and enough
clients wait to fill a boat. How many of the boats it could send it does send follows from what it has
lately seen become of launches from the site (`tactics`): where more are stopped than get away, or the
way is far, it keeps boats back for another night.

Its boats of a night leave from one site and close together, because a beach with many boats on it cannot
be held; so concurrent launches are counted here, where they are planned, and the patrols' chance to stop
any one of them falls with their number. Only boats that leave from the beach count: officers have nothing
to hold where people are picked up from the water.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows
from crossings.parameters import Block, param
from crossings.population import Population, State
from crossings.smuggling.ledger import BoatLedger
from crossings.smuggling.networks import Floats, Ints, Networks
from crossings.smuggling.tactics import Tactics
from crossings.streams import Keys, identity, normal

if TYPE_CHECKING:
    from crossings.clock import Clock
    from crossings.geography.weather import Weather
    from crossings.streams import Streams

_MOST_BOATS = 256  # of one network in one night; keeps boats' identities apart
_NOON_TO_MIDNIGHT = 12.0
_FEWEST = 8.0  # people for whom a boat is ever launched, however the draw falls


class LaunchingBlock(Block):
    """How a night's launches are put together."""

    min_fill: float = param(
        0.6,
        "Share of its load below which a boat is not launched",
        low=0.4,
        high=0.9,
        min_value=0,
        max_value=1,
    )
    load_spread: float = param(
        11.0,
        "Standard deviation of people per boat around a network's load",
        unit="people/boat",
        low=8,
        high=18,
        min_value=0,
        source="boats by load, year to April 2025 (Home Office, 3 Jun 2025): .30 under 50, .21 from 70 up",
    )
    full_success: float = param(
        0.5,
        "Chance to arrive at which a network sends all boats it can",
        low=0.3,
        high=0.7,
        min_value=0.01,
        max_value=1,
    )
    caution: float = param(
        1.0,
        "Power of the success seen over that with which the number of boats falls; 0: it does not",
        low=0.0,
        high=3.0,
        min_value=0,
        max_value=20,
    )
    most_per_night: int = param(
        4,
        "Most boats one network sends in a night",
        unit="boats",
        low=2,
        high=8,
        min_value=1,
        max_value=_MOST_BOATS,
    )
    first_departure: float = param(
        22.0,
        "Hour of the evening from which boats leave",
        unit="h",
        low=21,
        high=23.5,
        min_value=21,
        max_value=24,
        source="assumed: boats leave at night (Home Office and Préfecture maritime accounts)",
    )
    last_departure: float = param(
        6.0,
        "Hour of the morning until which boats leave",
        unit="h",
        low=4,
        high=9,
        min_value=0,
        max_value=11.5,
    )
    together_hours: float = param(
        0.5, "Hours within which one network's boats of a night leave", unit="h", low=0.1, high=2, min_value=0
    )
    concurrent_hours: float = param(
        8.0,
        "Hours before and after it for which a launch takes up the officers at its beach",
        unit="h",
        low=2,
        high=8,
        min_value=0,
        source="assumed: a launch and what follows take up a team for the rest of the night",
    )
    patience_days: float = param(
        28.0,
        "Days without a try after which a client looks elsewhere",
        unit="days",
        low=14,
        high=60,
        min_value=1,
    )


class Launch(NamedTuple):
    """One boat's night, as planned in the evening.

    Attributes
    ----------
    key
        Identity of the boat, shape (1,): its network, the night, its number in the night.
    rows
        Clients who are to board, in order of booking.
    network, serial
        Slot and serial of the network.
    site
        Position of the launch site among the corridor's sites.
    taxi
        Whether people are picked up from the water.
    load, quality
        People it was to carry, and soundness of the boat.
    leaves_at
        Time of departure, in days since the epoch.
    concurrent
        Other boats that leave the same beach while officers are busy with this one.
    """

    key: Keys
    rows: Rows
    network: int
    serial: int
    site: int
    taxi: bool
    load: float
    quality: float
    leaves_at: float
    concurrent: int


class Launching:
    """Plans every night's launches.

    Parameters
    ----------
    block
        Parameters.
    streams, clock
        The run's random numbers and clock.
    population
        The people; those booked are read.
    networks
        The table whose ``boats`` are taken out of stock for the night.
    weather
        Forecasts.
    ledger
        Where boats that go out are entered.
    tactics
        What networks know of sites.
    """

    def __init__(
        self,
        block: LaunchingBlock,
        streams: Streams,
        clock: Clock,
        population: Population,
        networks: Networks,
        weather: Weather,
        ledger: BoatLedger,
        tactics: Tactics,
    ) -> None:
        self.block = block
        self._ledger, self._tactics = ledger, tactics
        self._streams, self._clock = streams, clock
        self._population, self._networks, self._weather = population, networks, weather

    def plan(self, day: int) -> list[Launch]:
        """Return the launches of the night of model day `day`; their boats leave the stock."""
        networks = self._networks
        may = networks.active & (self._weather.forecast[day] < networks.wave_limit)
        most = np.where(
            may, np.minimum(np.minimum(networks.boats, networks.crews), self.block.most_per_night), 0
        )
        if not most.any():
            return []
        rows = self._population.rows_in(State.BOOKED)
        waiting = np.bincount(self._population.network[rows], minlength=len(networks))
        network, lead = self._candidates(most, waiting * self._population.stands_for)
        if network.size == 0:
            return []
        number = np.arange(network.size) - lead
        keys = boat_keys(networks.serial[network], self._clock.ordinal(day), number)
        luck = self._streams.uniforms("launch", keys, 0, 6)
        begin, end, load, go = self._fill(network, lead, luck[0], waiting)
        site, taxi, leaves_at = self._where_and_when(network, lead, luck, day)
        go &= number < self._dare(network, lead, site, most, luck[5])
        concurrent = self._concurrent(site[go], taxi[go], leaves_at[go])
        sender = network[go]
        if sender.size == 0:
            return []
        np.subtract.at(networks.boats, sender, 1)
        self._ledger.out += sender.size
        boarding = self._boarding(rows, sender, begin[go], end[go])
        columns = (
            sender,
            networks.serial[sender],
            site[go],
            taxi[go],
            load[go],
            networks.quality[sender],
            leaves_at[go],
            concurrent,
        )
        plans = zip(*(column.tolist() for column in columns), strict=True)
        keys = keys[go]
        return [
            Launch(keys[k : k + 1], rows, *plan)
            for k, (rows, plan) in enumerate(zip(boarding, plans, strict=True))
        ]

    def _candidates(self, most: Ints, clients: Ints) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return network of every boat that could leave, in order, and which is the first of the same one."""
        # With loads well under their mean a few more boats fill than the mean says: two to spare.
        fillable = (clients / np.maximum(self._networks.load, 1.0)).astype(np.int64) + 2
        boats = np.where(clients > 0, np.minimum(most, fillable), 0)
        network = np.repeat(np.arange(len(boats)), boats)
        return network, np.repeat(np.cumsum(boats) - boats, boats)

    def _fill(
        self, network: NDArray[np.intp], lead: NDArray[np.intp], luck: Floats, waiting: Ints
    ) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats, NDArray[np.bool_]]:
        """Fill boats one after another; return where clients of each begin and end, its load, if it goes.

        `waiting` counts the clients of every network; positions are among those, in order of booking.
        Where a row stands for several people, boats end at the row nearest to their load, so that over
        boats neither too many nor too few board.
        """
        each = self._population.stands_for
        aim = self._networks.load[network]
        load = np.maximum(np.rint(normal(luck, aim, self.block.load_spread)), _FEWEST)
        before = np.cumsum(load) - load
        before -= before[lead]
        have = waiting[network] * each
        # Where one boat cannot be filled nobody is left for those after it.
        go = have - before >= self.block.min_fill * load
        begin = np.rint(np.minimum(before, have) / each).astype(np.intp)
        end = np.rint(np.minimum(before + load, have) / each).astype(np.intp)
        return begin, end, load, go

    def _where_and_when(
        self, network: NDArray[np.intp], lead: NDArray[np.intp], luck: Floats, day: int
    ) -> tuple[NDArray[np.intp], NDArray[np.bool_], Floats]:
        """Return site, tactic and time of every boat; a network's boats of a night share site and hour."""
        block, networks = self.block, self._networks
        weights = networks.site_weights[network].cumsum(axis=1)
        site = (weights < luck[1][lead][:, None] * weights[:, -1:]).sum(axis=1)
        taxi = luck[2] < networks.taxi_share[network]
        begin = block.first_departure - _NOON_TO_MIDNIGHT
        span = block.last_departure + _NOON_TO_MIDNIGHT - begin
        hour = begin + luck[3][lead] * span + luck[4] * block.together_hours
        return site, taxi, day + np.minimum(hour, begin + span) / 24.0

    def _dare(
        self,
        network: NDArray[np.intp],
        lead: NDArray[np.intp],
        site: NDArray[np.intp],
        most: Ints,
        luck: Floats,
    ) -> Floats:
        """Return how many boats the network of each boat sends tonight, of the most it could.

        All of them where launches from its site arrive with chance `full_success` or more; less in
        proportion to that ratio to the power `caution`, rounded at random.
        """
        ratio = self._tactics.success_at(network, site) / self.block.full_success
        share = np.minimum(ratio**self.block.caution, 1.0)
        return np.asarray(np.floor(share * most[network] + luck[lead]))

    def _boarding(
        self, booked: Rows, sender: NDArray[np.intp], begin: NDArray[np.intp], end: NDArray[np.intp]
    ) -> list[Rows]:
        """Return who boards each boat, of everybody booked, given where its clients begin and end.

        Only clients of networks that send a boat are put in order, a third of all on a usual night.
        """
        people = self._population
        sends = np.zeros(len(self._networks), dtype=bool)
        sends[sender] = True
        rows = booked[sends[people.network[booked]]]
        network = people.network[rows]
        order = np.lexsort((people.key[rows], people.booked_at[rows], network))
        rows, first = rows[order], np.searchsorted(network[order], sender)
        return [rows[a:b] for a, b in zip((first + begin).tolist(), (first + end).tolist(), strict=True)]

    def _concurrent(self, site: NDArray[np.intp], taxi: NDArray[np.bool_], leaves_at: Floats) -> Ints:
        """Return how many others leave the same beach while officers are busy."""
        close = np.abs(leaves_at[:, None] - leaves_at) <= self.block.concurrent_hours / 24.0
        others = close & (site[:, None] == site) & ~np.eye(site.size, dtype=bool)
        return np.asarray((others & ~taxi).sum(axis=1), dtype=np.int64)


def boat_keys(serial: Ints, night: int, number: NDArray[np.intp]) -> Keys:
    """Return the identity of boats: network, night (Gregorian ordinal), number in the night."""
    return identity("boat", night, serial * _MOST_BOATS + number)
