"""The trade as a whole: the one door to the networks for the rest of the model.

`Smuggling` holds the table of networks and the rooms that move its columns, tells them to decide in
their weekly order, answers people who ask for offers, and takes in what became of boats. Every rule
lives in its own module; here is only who is asked when.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from crossings.hooks import Rows
from crossings.parameters import Block
from crossings.people.offers import Offers
from crossings.population import Population, State
from crossings.smuggling.bookings import Bookings
from crossings.smuggling.design import Design, DesignBlock
from crossings.smuggling.experience import BoatEnd, Experience, ExperienceBlock
from crossings.smuggling.launching import Launch, Launching, LaunchingBlock
from crossings.smuggling.ledger import BoatLedger
from crossings.smuggling.market import Market, MarketBlock
from crossings.smuggling.networks import Networks, NetworksBlock, newcomer_serial
from crossings.smuggling.pricing import Pricing, PricingBlock, Week, weekly_capacity
from crossings.smuggling.supply import Supply, SupplyBlock
from crossings.smuggling.tactics import Tactics, TacticsBlock
from crossings.smuggling.turnover import Turnover, TurnoverBlock

if TYPE_CHECKING:
    from crossings._mesa import TableModel
    from crossings.clock import Clock
    from crossings.corridors import Corridor
    from crossings.geography.weather import Weather
    from crossings.hooks import Levers, Tally
    from crossings.streams import Streams

WEEK = 7.0

_REPORTED = {  # outcome -> column of the networks
    "price": "price",
    "load": "load",
    "boat_quality": "quality",
    "wave_limit": "wave_limit",
    "taxi_share": "taxi_share",
}


class SmugglingBlock(Block):
    """Everything about the networks."""

    networks: NetworksBlock = NetworksBlock()
    experience: ExperienceBlock = ExperienceBlock()
    market: MarketBlock = MarketBlock()
    pricing: PricingBlock = PricingBlock()
    supply: SupplyBlock = SupplyBlock()
    design: DesignBlock = DesignBlock()
    tactics: TacticsBlock = TacticsBlock()
    launching: LaunchingBlock = LaunchingBlock()
    turnover: TurnoverBlock = TurnoverBlock()


class Smuggling:
    """All networks and their rules.

    Parameters
    ----------
    model
        The Mesa model in which networks are agents.
    block
        Parameters.
    streams, clock
        The run's random numbers and clock.
    population
        The people, of whom those booked are clients.
    corridor
        Launch sites, languages, groups, and the networks that exist at the beginning.
    weather
        Forecasts.
    tally, levers
        Where outcomes go, and the policy levers read.
    look_again
        Called with the rows of people to whom something has happened that makes them choose anew.

    Attributes
    ----------
    networks, bookings, experience, market, supply, pricing, design, tactics, turnover, launching
        The rooms.
    ledger
        Where every boat is, or how it ended.
    site_codes, distance_km
        Place code and length of the crossing, by launch site.
    """

    def __init__(
        self,
        model: TableModel,
        block: SmugglingBlock,
        streams: Streams,
        clock: Clock,
        population: Population,
        corridor: Corridor,
        weather: Weather,
        tally: Tally,
        levers: Levers,
        look_again: Callable[[Rows], None],
    ) -> None:
        self.block = block
        self._clock, self._population, self._tally, self._levers = clock, population, tally, levers
        self.site_codes = np.array(
            [corridor.place_code(site.name) for site in corridor.sites], dtype=np.int64
        )
        self.distance_km = np.array([site.distance_km for site in corridor.sites])
        self.networks = Networks(model, block.networks, streams, corridor)
        self.bookings = Bookings(block.pricing, population, self.networks, look_again)
        self.experience = Experience(block.experience, len(self.networks), len(corridor.sites))
        self.ledger = BoatLedger(self.networks)
        self.supply = Supply(block.supply, streams, clock, self.networks, self.ledger, tally, levers)
        self.market = Market(block.market, clock, self.networks, self.bookings, weather)
        self.pricing = Pricing(block.pricing, self.networks, self.experience, self.supply)
        self.design = Design(block.design, self.networks, self.experience, self.pricing, levers)
        self.tactics = Tactics(block.tactics, streams, self.networks, self.experience, self.distance_km)
        self.turnover = Turnover(block.turnover, streams, self.networks)
        self.launching = Launching(
            block.launching, streams, clock, population, self.networks, weather, self.ledger, self.tactics
        )
        names = self.networks.languages
        self._group_language = np.array(
            [names.index(group.language) for group in corridor.groups], dtype=np.int64
        )
        self._capacity = np.zeros(len(self.networks))  # people a week

    def open(self, corridor: Corridor) -> None:
        """Bring in the first networks; their stocks in the corridor's data say how much they use."""
        slots = self.networks.seed(corridor)
        self.networks.load[slots] *= self.boat_size()
        stocks = np.array([seed.boats_in_stock for seed in corridor.network_seeds], dtype=np.float64)
        use = stocks / self.block.supply.stock_weeks
        self.supply.found(float(use.sum()))
        self.market.expect(slots, use, use * self.networks.load[slots] * self._arrive_chance()[slots])
        self._begin(slots)
        self.market.open_books(self.supply.order_cost(self.networks.quality))

    def _begin(self, slots: list[int]) -> None:
        """Give networks that begin a clean memory, first sites, prices and a reputation."""
        networks = self.networks
        for slot in slots:
            self.experience.forget(slot)
        self.ledger.brought += int(networks.boats[slots].sum())
        week = self.market.week()
        networks.reputation[slots] = self._arrive_chance()[slots]
        self.tactics.open(slots)
        self.pricing.open(slots, week)
        self._capacity[slots] = weekly_capacity(networks, week, self.supply.coming())[slots]

    def _arrive_chance(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        return self.experience.success(self.networks.taxi_share)

    # every day ----------------------------------------------------------------------------------

    def offers(self) -> Offers:
        """Return what every network offers to somebody who looks for a place today."""
        networks = self.networks
        return Offers(
            serial=networks.serial.copy(),
            price=networks.price.copy(),
            reputation=networks.reputation.copy(),
            wait_days=WEEK * self.bookings.queue() / np.maximum(self._capacity, 1.0),
            open=networks.active,
            language_match=self._group_language[:, None] == networks.language[None, :],
        )

    def report(self) -> None:
        """Record today's levels."""
        networks, level = self.networks, self._tally.level
        active = networks.active
        level("networks", float(active.sum()))
        level("boats_in_stock", float(networks.boats[active].sum()))
        if active.any():
            weight = np.maximum(self.market.launches[active], 0.1)  # the bigger the trade the more it counts
            total = weight.sum()
            for name, column in _REPORTED.items():
                level(name, float((getattr(networks, column)[active] * weight).sum() / total))

    # every week ---------------------------------------------------------------------------------

    def weekly(self, day: int) -> None:
        """Let all networks take stock and decide for the week to come."""
        networks, now, occasion = self.networks, self._clock.now, self._clock.ordinal(day)
        self.ledger.check()
        networks.revive(now)
        self.bookings.end_idle(now - self.block.launching.patience_days, now)
        self.market.take_stock()
        self._learn()
        networks.cash -= networks.crews * self.pricing.block.crew_week_cost
        self.turnover.settle(self.market.close_books())
        for slot in self.turnover.failing(self.bookings.queue(), self.supply.coming()).tolist():
            self.dissolve(slot)
        week = self.market.week()
        self.supply.order(self._boats_wanted(week), day)
        self.turnover.hire(week)
        self.tactics.review(occasion)
        self._capacity = weekly_capacity(networks, week, self.supply.coming())
        self.design.boat_size = self.block.design.boat_size * self.boat_size()
        self.design.review(week, self.supply.coming(), self.market.nights)
        self.pricing.review(week, self._capacity)
        for number in range(self.turnover.newcomers(self._prospect(), occasion)):
            self._enter(newcomer_serial(occasion, number))
        self.market.open_books(self.supply.order_cost(networks.quality))

    def size(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Return how large each network's trade is: launches a week, lately."""
        return self.market.launches

    def boat_size(self) -> float:
        """Return what boats are built for today, as a multiple of `design.boat_size`."""
        return self._levers.boat_size

    def _prospect(self) -> float:
        """Return what a newcomer could earn in a week from people whom nobody can carry, in pounds."""
        people = self._population
        waiting = people.rows_in(State.CAMP, State.BOOKED).size * people.stands_for
        unserved = self.turnover.unserved(waiting, float(self._capacity[self.networks.active].sum()))
        usual_load = self.networks.block.starting_load * self.boat_size()
        return self.pricing.prospect(unserved, self.turnover.block.newcomer_crews, usual_load)

    def _learn(self) -> None:
        """Let memory fade, and reputations follow what has been seen."""
        self.experience.fade(WEEK)
        self.supply.shipping.fade(0.5 ** (WEEK / self.experience.block.half_life_days))
        self.networks.reputation[:] = self._arrive_chance()

    def _boats_wanted(self, week: Week) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Return how many boats each network wants to order, as far as cash and credit go."""
        networks = self.networks
        tries = 1.0 / np.maximum(networks.reputation, 0.05)
        load = np.maximum(networks.load, 1.0)
        launches = np.maximum(week.joining * tries / load, week.launches)
        use = launches * self.experience.boat_use(networks.taxi_share)
        afford = (networks.cash + self.turnover.block.credit) / self.supply.order_cost(networks.quality)
        return np.minimum(
            self.supply.wanted(use, week.queue / load), np.maximum(afford, 0.0).astype(np.int64)
        )

    def _enter(self, serial: int) -> None:
        """Let one network begin, half as busy as the others expect to be."""
        people = self._population
        waiting = self._group_language[people.group[people.rows_in(State.CAMP, State.BOOKED)]]
        active = self.networks.active
        launches, joining = self.market.launches[active], self.market.joining[active]
        slot = self.turnover.begin(
            serial,
            people.stands_for * np.bincount(waiting, minlength=len(self.networks.languages)),
            self._clock.now,
        )
        self.networks.load[slot] *= self.boat_size()  # who begins buys the boats there are
        self.market.expect([slot], 0.5 * _mean(launches), 0.5 * _mean(joining))
        self._begin([slot])
        self._tally.count("networks_entered")

    # what becomes of boats and networks -----------------------------------------------------------

    def set_off(self, launch: Launch, anybody: bool) -> bool:
        """Note that a launch goes ahead; False where its network or clients have gone since the evening."""
        networks, slot = self.networks, launch.network
        if not networks.is_same(slot, launch.serial) or not networks.is_active(slot) or not anybody:
            self._bring_back(launch)
            return False
        self.market.launched[slot] += 1
        networks.cash[slot] -= self.pricing.block.launch_cost
        return True

    def boat_ended(self, launch: Launch, end: BoatEnd) -> None:
        """Take in how a launch ended: experience, the boat if it is left, the crew if it is lost."""
        networks, slot = self.networks, launch.network
        if end.stopped and not end.boat_lost:
            self._bring_back(launch)
        else:
            self.ledger.use_up()
        if not networks.is_same(slot, launch.serial):
            return
        self.experience.record(launch, end)
        if end.crew_arrested:
            networks.cash[slot] -= self.pricing.block.crew_loss_cost
            networks.crews[slot] = max(networks.crews[slot] - 1, 0)

    def _bring_back(self, launch: Launch) -> None:
        """Put a boat that was out back ashore: with its network, or unclaimed where that has gone."""
        self.ledger.back()
        if self.networks.is_same(launch.network, launch.serial):
            self.networks.boats[launch.network] += 1
        else:
            self.ledger.abandon(1)

    def dissolve(self, slot: int) -> None:
        """Let a network end; its clients look for another, and its boats are for sale."""
        self.bookings.end(self.bookings.of(slot), self._clock.now)
        self.ledger.abandon(int(self.networks.boats[slot]))
        self.networks.leave(slot)
        self.market.expect([slot], 0.0, 0.0)
        self._tally.count("networks_dissolved")

    def dismantle(self, slot: int) -> None:
        """Break a network up: its boats are seized and its crews arrested."""
        self._take(slot, int(self.networks.boats[slot]), int(self.networks.crews[slot]))
        self.dissolve(slot)

    def disrupt(self, slot: int, days: float, share: float) -> None:
        """Take a share of a network's crews and boats, and keep it from working for some days."""
        networks = self.networks
        self._take(slot, round(share * int(networks.boats[slot])), int(np.ceil(share * networks.crews[slot])))
        self.bookings.end(self.bookings.of(slot), self._clock.now)
        networks.disrupt(slot, self._clock.now + days)

    def _take(self, slot: int, boats: int, crews: int) -> None:
        self.networks.boats[slot] -= boats
        self.networks.crews[slot] -= crews
        self.ledger.seized += boats
        self._tally.count("boats_seized", boats)
        self._tally.count("crews_arrested", crews)


def _mean(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    return float(values.mean()) if values.size else 0.0
