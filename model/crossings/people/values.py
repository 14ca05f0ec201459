"""What arriving is worth, and what an attempt is worth given what one believes.

One attempt ends in arrival (a), alive but stopped (k) or death (d), as believed; after a stop the
person tries again with chance q. With V the value of arriving and settling, W the value after a
return, r the believed chance of return, the expected utility U of setting out solves

    U = a ((1 - r) V + r W - price / wealth) - d L - c + k (q U + (1 - q) U_out)

which gives ``U = [a((1 - r)V + rW - price/wealth) - dL - c + k(1 - q)U_out] / (1 - qk)``.

The unit of utility is a price as large as one's wealth. Policies appear nowhere in it: they act
through the beliefs a, k, d, r, through the believed chance of settling, and through what groups
hear about protection and work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.corridors.corridor import Corridor
from crossings.hooks import Rows
from crossings.people.value_parameters import ValuesBlock
from crossings.population import Population

__all__ = ["WEEK", "Attempt", "Line", "Values", "ValuesBlock", "attempt_line", "attempt_utility"]

Floats = NDArray[np.float64]

WEEK = 7.0


class Costs(Protocol):
    """What attempts cost, and how often one tries again (`ValuesBlock`)."""

    @property
    def retry(self) -> float:
        """Chance of another try after a stop."""

    @property
    def death_loss(self) -> float:
        """Loss of utility by death."""

    @property
    def try_cost(self) -> float:
        """Hardship of an attempt by boat."""


class Attempt(NamedTuple):
    """An expected utility, the five parts it is the sum of, and the chance to arrive, over all tries."""

    utility: Floats
    gain: Floats
    price: Floats
    death: Floats
    hardship: Floats
    giving_up: Floats
    chance: Floats


@dataclass(frozen=True, eq=False)
class Line:
    """An attempt's utility as a line in what arriving is worth: ``slope * worth + start``."""

    slope: Floats
    start: Floats


def attempt_line(
    block: Costs, stop: ArrayLike, death: ArrayLike, outside: ArrayLike, try_cost: float | None = None
) -> Line:
    """Return the utility of attempts as a line in the worth of arriving, net of price.

    Parameters
    ----------
    block
        Parameters.
    stop, death
        Believed chances that an attempt is stopped, and that it kills.
    outside
        Utility of the best option other than crossing.
    try_cost
        Hardship of an attempt where it is not that of a boat.

    Returns
    -------
    Line
        Of ``(1 - r)V + rW - price/wealth``.
    """
    cost = block.try_cost if try_cost is None else try_cost
    death = np.asarray(death, dtype=np.float64)
    alive = 1.0 - death
    stopped = alive * np.asarray(stop, dtype=np.float64)
    tries = 1.0 / (1.0 - block.retry * stopped)
    start = stopped * (1.0 - block.retry) * np.asarray(outside) - death * block.death_loss - cost
    return Line(slope=(alive - stopped) * tries, start=start * tries)


def attempt_utility(
    block: ValuesBlock,
    *,
    stop: ArrayLike,
    death: ArrayLike,
    returned: ArrayLike,
    value: ArrayLike,
    after_return: ArrayLike,
    price: ArrayLike,
    outside: ArrayLike,
    try_cost: float | None = None,
) -> Attempt:
    """Return the expected utility of trying to cross until through, dead or tired of it, with its parts.

    Parameters
    ----------
    block
        Parameters.
    stop, death, returned
        Believed chances: an attempt is stopped, it kills, an arrival is returned.
    value, after_return
        V and W.
    price
        Price over wealth, paid on arrival.
    outside
        Utility of the best option other than crossing.
    try_cost
        Hardship of an attempt where it is not that of a boat.

    Returns
    -------
    Attempt
        Arrays of the common broadcast shape; the five parts add up to the utility.
    """
    stop, death = np.asarray(stop, dtype=np.float64), np.asarray(death, dtype=np.float64)
    returned = np.asarray(returned, dtype=np.float64)
    stopped = (1.0 - death) * stop
    tries = 1.0 / (1.0 - block.retry * stopped)
    chance = (1.0 - death - stopped) * tries
    gain = chance * (np.multiply(1.0 - returned, value) + np.multiply(returned, after_return))
    paid = np.multiply(-chance, price)
    killed = -tries * death * block.death_loss
    hardship = -tries * (block.try_cost if try_cost is None else try_cost)
    giving_up = np.multiply(tries * stopped * (1.0 - block.retry), outside)
    utility = gain + paid + killed + hardship + giving_up
    parts = np.broadcast_arrays(utility, gain, paid, killed, hardship, giving_up, chance)
    return Attempt(*map(np.asarray, parts))


class Values:
    """Values of arriving, of being returned, and of everything other than crossing.

    Parameters
    ----------
    block
        Parameters.
    corridor
        Groups, and the countries people may move on to.
    population
        Whose ties and spread make values personal.

    Attributes
    ----------
    countries : tuple of str
        Countries other than the host to which people may move on.
    host : str
        The country of the camps.
    asylum_here, home : ndarray, shape (groups,)
        Value of claiming asylum in the host country and of going home.
    elsewhere : ndarray, shape (groups, countries)
        Value of moving on to each country.
    outside : ndarray, shape (groups,)
        The best of these.
    """

    def __init__(self, block: ValuesBlock, corridor: Corridor, population: Population) -> None:
        self.block = block
        self._population = population
        groups = corridor.groups
        self.host = corridor.camps[0].country
        self.countries = tuple(country for country in corridor.countries if country != self.host)
        self._of_ties = block.ties * population.ties
        self._arriving = block.level * np.array([group.value for group in groups])
        self._work = np.array([group.work_weight for group in groups])
        liked_host = np.array([group.elsewhere == self.host for group in groups])
        liked = np.array([[group.elsewhere == country for country in self.countries] for group in groups])
        grant = np.array([group.grant_chance for group in groups])
        self.asylum_here = block.host_value + block.elsewhere_affinity * liked_host
        self.elsewhere = block.elsewhere_value + block.elsewhere_affinity * liked.reshape(len(groups), -1)
        self.home = block.home_value - block.home_danger * grant
        best_elsewhere = self.elsewhere.max(axis=1, initial=-np.inf)
        self.outside = np.maximum(np.maximum(self.asylum_here, self.home), best_elsewhere)

    def of_groups(self, grant: ArrayLike = 1.0, work: ArrayLike = 1.0) -> Floats:
        """Return what arriving is worth to a group before spread and ties.

        Parameters
        ----------
        grant, work
            Believed chance of protection and of keeping work, over what they were before any news;
            shape (groups,).

        Returns
        -------
        ndarray of float64, shape (groups,)
        """
        shares = np.multiply(self._work, work) + np.multiply(1.0 - self._work, grant)
        return np.asarray(self._arriving * shares)

    def of_people(self, rows: Rows, of_groups: Floats) -> Floats:
        """Return what arriving is worth to people, if they settle as intended.

        Parameters
        ----------
        rows
            Whose.
        of_groups
            From `of_groups`.
        """
        people = self._population
        level = of_groups[people.group[rows]] * people.value_spread[rows]
        return np.asarray(level + self._of_ties[rows])

    def after_return(self, value: Floats, outside: ArrayLike) -> Floats:
        """Return the value after a return: what is left to do, the option to try again, the loss."""
        return np.add(outside, self.block.return_option * value - self.block.return_loss)

    def delay_factor(self, days: ArrayLike) -> Floats:
        """Return what a thing `days` later is worth over the same thing now."""
        return np.asarray(np.exp(np.multiply(days, -self.block.discount / WEEK)))
