"""Why somebody at the coast leans towards what they do: the parts of the utility of every option.

The parts of an option add up to its utility. They are reckoned by the rules of `values` and `options`,
which act on many people at once and keep only the sum.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crossings.people.beliefs import Beliefs
from crossings.people.offers import Offers
from crossings.people.options import (
    APPLY,
    ASYLUM_HERE,
    BOAT,
    FIXED_NAMES,
    HOME_NAME,
    LORRY,
    WAIT,
    Menu,
    Minds,
    Options,
)
from crossings.people.values import WEEK, Attempt, Values, attempt_utility
from crossings.population import NOBODY, Population

Parts = dict[str, float]


class _Place(NamedTuple):
    """A place on a boat as one person sees it."""

    price: float
    wait: float
    slot: int  # of the network; `NOBODY` for a place at the usual terms, with no network in mind


class Explained:
    """Takes apart what the options of one person are worth.

    Parameters
    ----------
    options
        What weighs them.
    population, beliefs, values
        The run's.
    """

    def __init__(self, options: Options, population: Population, beliefs: Beliefs, values: Values) -> None:
        self._options, self._population = options, population
        self._beliefs, self._values = beliefs, values

    def parts(self, menu: Menu, day: int, offers: Offers) -> dict[str, Parts]:
        """Return the parts of every option of one person, none for those that are not open.

        Parameters
        ----------
        menu
            Of that person alone.
        day
            Model day.
        offers
            What networks offer.

        Returns
        -------
        dict
            By option. A boat and a lorry have ``gain, price, death, hardship, giving_up`` over all tries;
            a boat also ``camp``, the wait for it, and, where it is with a network, ``reputation`` and
            ``language``. Somebody without a booking is told of the best network, and ``choosing`` is what
            having several is worth over that one. ``later`` is the best option at the next look.
        """
        minds = self._options.minds(menu.rows, day, offers)
        told: dict[str, Parts] = {name: {} for name in self._options.names}
        is_open = np.isfinite(menu.utility[:, 0])
        if is_open[BOAT]:
            told[FIXED_NAMES[BOAT]] = self._boat(menu, minds, day, offers)
        if is_open[WAIT]:
            told[FIXED_NAMES[WAIT]] = self._wait(menu)
        if is_open[LORRY]:
            told[FIXED_NAMES[LORRY]] = self._lorry(minds, day)
        if is_open[APPLY]:
            told[FIXED_NAMES[APPLY]] = self._apply(menu, minds, day)
        return told | self._elsewhere(int(minds.group[0]))

    # one option each ---------------------------------------------------------------------------------

    def _boat(self, menu: Menu, minds: Minds, day: int, offers: Offers) -> Parts:
        place = self._place(menu, day, offers)
        discount = float(self._values.delay_factor(place.wait))
        attempt = self._attempt(minds, day + place.wait, place.price)
        parts = {name: discount * part for name, part in _additive(attempt).items()}
        parts["camp"] = -self._values.block.camp_cost * place.wait / WEEK
        if place.slot != NOBODY:
            reputation, language = self._options.taste(offers)
            parts["reputation"] = float(reputation[place.slot])
            parts["language"] = float(language[place.slot, minds.group[0]])
        if menu.places.size:
            parts["choosing"] = float(menu.utility[BOAT, 0] - menu.places[:, 0].max())
        return parts

    def _place(self, menu: Menu, day: int, offers: Offers) -> _Place:
        """Return the place somebody has booked, or else the best that they could book."""
        if self._population.network[menu.rows[0]] != NOBODY:
            slot = int(self._population.network[menu.rows[0]])
            wait = float(self._options.left_to_wait(menu.rows, day, offers)[0])
            return _Place(float(self._population.fare[menu.rows[0]]), wait, slot)
        if menu.places.size:
            slot = int(menu.slots[menu.places[:, 0].argmax()])
            return _Place(float(offers.price[slot]), float(offers.wait_days[slot]), slot)
        return _Place(*self._options.reckoned(offers), NOBODY)

    def _attempt(self, minds: Minds, when: float, price: float) -> Attempt:
        beliefs, values = self._beliefs, self._values
        value = beliefs.believed("settle", minds.rows, when) * minds.value
        return attempt_utility(
            values.block,
            stop=beliefs.believed("stop", minds.rows, when),
            death=beliefs.believed("death", minds.rows, when),
            returned=self._options.believed_return(minds.rows, when),
            value=value,
            after_return=values.after_return(value, minds.outside),
            price=price / minds.wealth,
            outside=minds.outside,
        )

    def _wait(self, menu: Menu) -> Parts:
        days, values = self._options.block.wait_days, self._values
        return {
            "later": float(values.delay_factor(days) * menu.later[0]),
            "camp": -values.block.camp_cost * days / WEEK,
        }

    def _lorry(self, minds: Minds, day: int) -> Parts:
        settled = self._beliefs.believed("settle", minds.rows, day) * minds.value
        return _additive(self._options.lorry_attempt(settled, minds.wealth, minds.outside))

    def _apply(self, menu: Menu, minds: Minds, day: int) -> Parts:
        """Return the parts of the better of applying until the next look and applying for good."""
        chance = self._beliefs.believed("legal", minds.rows, day)
        ways = self._options.ways_of_applying(chance, minds.value, menu.later, minds.outside)
        admission, otherwise, camp = max(ways, key=lambda way: float(sum(part[0] for part in way)))
        return {"admission": float(admission[0]), "otherwise": float(otherwise[0]), "camp": float(camp[0])}

    def _elsewhere(self, group: int) -> dict[str, Parts]:
        """Return the parts of everything other than crossing."""
        values, block = self._values, self._values.block
        here = block.host_value
        told = {FIXED_NAMES[ASYLUM_HERE]: {"value": here, "affinity": values.asylum_here[group] - here}}
        for country, worth in zip(values.countries, values.elsewhere[group], strict=True):
            told[country] = {"value": block.elsewhere_value, "affinity": worth - block.elsewhere_value}
        told[HOME_NAME] = {"value": block.home_value, "danger": values.home[group] - block.home_value}
        return {name: {part: float(worth) for part, worth in parts.items()} for name, parts in told.items()}


def _additive(attempt: Attempt) -> Parts:
    """Return the parts of an attempt that add up."""
    return {
        "gain": float(attempt.gain[0]),
        "price": float(attempt.price[0]),
        "death": float(attempt.death[0]),
        "hardship": float(attempt.hardship[0]),
        "giving_up": float(attempt.giving_up[0]),
    }
