"""Bookings: clients who wait, board, come back, arrive, or are free to look elsewhere.

A person books with one network and waits in order of booking. Only an arrival pays the fare in
full. After `tries_per_booking` failed tries a booking is void and its deposit lost; when a network
ends or is disrupted its clients are free without loss, and so its share of the market goes to rivals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows
from crossings.population import NOBODY, Population, State
from crossings.smuggling.networks import Floats, Networks
from crossings.smuggling.pricing import PricingBlock

if TYPE_CHECKING:
    from crossings.smuggling.launching import Launch


class Bookings:
    """All bookings, as they stand in the columns of the population.

    Parameters
    ----------
    pricing
        Terms of a booking.
    population
        The people; ``network`` and ``failed_tries`` are written when a try or a booking ends.
    networks
        The table whose ``cash`` takes fares and deposits.
    look_again
        Called with the rows of people to whom something has happened that makes them choose anew.
    """

    def __init__(
        self,
        pricing: PricingBlock,
        population: Population,
        networks: Networks,
        look_again: Callable[[Rows], None],
    ) -> None:
        self.terms = pricing
        self._population, self._networks, self._look_again = population, networks, look_again
        self._made = np.zeros(len(networks))  # bookings since `joined` was last asked

    def queue(self) -> Floats:
        """Return the clients who wait, in people, by slot."""
        people = self._population
        network = people.network[people.rows_in(State.BOOKED)]
        return np.asarray(np.bincount(network, minlength=len(self._networks)) * float(people.stands_for))

    def of(self, slot: int) -> Rows:
        """Return the clients of one network who wait."""
        rows = self._population.rows_in(State.BOOKED)
        return np.asarray(rows[self._population.network[rows] == slot])

    def made(self, slots: NDArray[np.intp]) -> None:
        """Note bookings that people have made, one slot for each."""
        self._made += self._population.stands_for * np.bincount(slots, minlength=len(self._made))

    def joined(self) -> Floats:
        """Return the bookings made since this was last asked, in people, by slot."""
        made, self._made = self._made, np.zeros(len(self._networks))
        return made

    def arrived(self, launch: Launch, rows: Rows) -> None:
        """Take the fares of those who arrived, less what clients cost; their bookings are done."""
        self._earn(launch, float((self._population.fare[rows] - self.terms.client_cost).sum()))
        self._close(rows)

    def died(self, rows: Rows) -> None:
        """Close the bookings of people who died."""
        self._close(rows)

    def brought_back(self, launch: Launch, rows: Rows, camps: NDArray[np.int16], time: float) -> None:
        """Take people back who are in their camps again; where no network or no try is left they are free."""
        people = self._population
        people.failed_tries[rows] += 1
        same = self._networks.is_same(launch.network, launch.serial)
        tries = self.terms.tries_per_booking if same else 0
        void = people.failed_tries[rows] >= tries
        over, waiting = rows[void], rows[~void]
        people.move(waiting, State.BOOKED, time, camps[~void])
        if over.size:
            self._earn(launch, self.terms.deposit_share * float(people.fare[over].sum()))
            people.move(over, State.CAMP, time, camps[void])
            self._close(over)
        self._look_again(rows)

    def end(self, rows: Rows, time: float) -> None:
        """Send booked people back to choose."""
        if len(rows):
            self._population.move(rows, State.CAMP, time)
            self._close(rows)
            self._look_again(rows)

    def end_idle(self, since: float, time: float) -> None:
        """Send people back to choose whom nobody has put on a boat since a time."""
        people = self._population
        rows = people.rows_in(State.BOOKED)
        self.end(rows[people.since[rows] < since], time)

    def _earn(self, launch: Launch, pounds: float) -> None:
        """Take what people on a launch pay, one by one, for everybody they stand for."""
        if self._networks.is_same(launch.network, launch.serial):
            self._networks.cash[launch.network] += pounds * self._population.stands_for

    def _close(self, rows: Rows) -> None:
        self._population.network[rows] = NOBODY
        self._population.failed_tries[rows] = 0
