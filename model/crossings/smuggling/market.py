"""The market as networks see it: clients who join, launches made, calm nights, and the week's books.

Networks do not know next week; they expect what they have lately seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from crossings.parameters import Block, param
from crossings.smuggling.bookings import Bookings
from crossings.smuggling.networks import Floats, Networks
from crossings.smuggling.pricing import Week

if TYPE_CHECKING:
    from crossings.clock import Clock
    from crossings.geography.weather import Weather

_WEEK = 7.0
_LEAST_SPREAD = 0.05  # log m, where recent nights were all alike
_LEAST_LIMIT = 0.01  # m, for slots without a network


class MarketBlock(Block):
    """How far back networks look."""

    weather_days: int = param(
        30,
        "Nights from whose forecasts networks judge the nights to come",
        unit="days",
        low=14,
        high=90,
        min_value=1,
    )
    trade_weeks: float = param(
        5.0,
        "Weeks over which networks judge new clients and launches",
        unit="weeks",
        low=2,
        high=12,
        min_value=1,
    )


class Market:
    """What networks know about their own trade.

    Parameters
    ----------
    block
        Parameters.
    clock
        The run's clock.
    networks, bookings
        The table of networks, and their clients.
    weather
        Forecasts.

    Attributes
    ----------
    launched
        Launches of each network in the present week.
    launches, joining
        Launches and new clients a week, smoothed.

    Notes
    -----
    A week's earnings are the change of cash less what the boats cost that were used up, lost or seized in it.
    A boat that is paid for and not used yet is worth what was paid: who stocks up earns no less.
    """

    def __init__(
        self, block: MarketBlock, clock: Clock, networks: Networks, bookings: Bookings, weather: Weather
    ) -> None:
        self.block = block
        self._clock, self._networks, self._bookings, self._weather = clock, networks, bookings, weather
        n = len(networks)
        self.launched = np.zeros(n)
        self.launches = np.zeros(n)
        self.joining = np.zeros(n)
        self._cash = np.zeros(n)
        self._held = np.zeros(n)  # boats ashore and on order when the week began
        self._boat_cost = np.zeros(n)  # pounds

    def expect(self, slots: list[int], launches: ArrayLike, joining: ArrayLike) -> None:
        """Set what networks that begin or end expect."""
        self.launched[slots] = 0.0
        self.launches[slots] = launches
        self.joining[slots] = joining
        self._cash[slots] = self._networks.cash[slots]
        self._held[slots] = self._boats()[slots]

    def take_stock(self) -> None:
        """Take the week's launches and new clients into what is expected."""
        new = 1.0 / self.block.trade_weeks
        self.joining += new * (self._bookings.joined() - self.joining)
        self.launches += new * (self.launched - self.launches)
        self.launched[:] = 0.0

    def open_books(self, boat_cost: Floats) -> None:
        """Begin a week's accounts, after boats have been ordered.

        Parameters
        ----------
        boat_cost
            What a boat on order costs each network, in pounds.
        """
        self._cash, self._held, self._boat_cost = self._networks.cash.copy(), self._boats(), boat_cost

    def close_books(self) -> Floats:
        """Return what each network has earned since `open_books`, boats used up paid for, in pounds."""
        used = self._held - self._boats()
        return np.asarray(self._networks.cash - self._cash - used * self._boat_cost)

    def _boats(self) -> Floats:
        return np.asarray(self._networks.boats + self._networks.on_order, dtype=np.float64)

    def nights(self, limit: Floats) -> Floats:
        """Return the nights a week on which a forecast under `limit` (m) is to be expected.

        Networks know how rough recent nights were and how much they varied, and reckon with a
        log-normal height; so a slightly higher limit always means slightly more nights.
        """
        today = self._clock.day
        recent = np.log(self._weather.forecast[max(0, today - self.block.weather_days) : today + 1])
        spread = max(float(recent.std()), _LEAST_SPREAD)
        return np.asarray(_WEEK * special.ndtr((np.log(limit) - recent.mean()) / spread))

    def week(self) -> Week:
        """Return what networks know when they decide for the week to come."""
        nights = self.nights(np.maximum(self._networks.wave_limit, _LEAST_LIMIT))
        return Week(self._bookings.queue(), self.joining.copy(), nights, self.launches.copy())
