"""The options of people at the coast and what each is worth to them.

A place on a boat is worth the attempt's expected utility under what one believes of a landing when
the network's turn has come, less the weeks of waiting for it. Waiting is worth next week's best
option under next week's beliefs, which is what makes people hurry before a door closes. Networks
are compared with each other first; their inclusive value, normalised by their number, is what the
boat is worth beside everything else, so that one network more or less does not make more people
cross.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.hooks import Rows
from crossings.people.beliefs import Beliefs
from crossings.people.choice_parameters import ChoicesBlock
from crossings.people.far import Ways
from crossings.people.offers import Offers
from crossings.people.places import worth_of_places
from crossings.people.values import WEEK, Attempt, Line, Values, attempt_line, attempt_utility
from crossings.population import NOBODY, Population

Floats = NDArray[np.float64]
Slots = NDArray[np.intp]

BOAT, WAIT, LORRY, APPLY, ASYLUM_HERE = range(5)
"""The first options; after them one for each other country, and last going home."""

FIXED_NAMES = ("boat", "wait", "lorry", "apply", "asylum here")
HOME_NAME = "home"

DAYS_A_YEAR = 365.25

_CLOSED = -np.inf
_LEAST = -1e6  # utility below the best, beyond which a choice is as good as impossible


@dataclass(frozen=True, eq=False)
class Menu:
    """Options of some people, and what each is worth.

    Attributes
    ----------
    rows
        Whose, shape (n,); those who have no booking come first.
    slots
        Slots of networks that can be booked, shape (m,).
    places
        Utility of a place with each of them, shape (m, k), for the k people without a booking.
    utility
        Utility of every option, shape (options, n); minus infinity where it is not open.
    later
        Utility of the best option at the next look, shape (n,); empty where nobody may wait for it.
    """

    rows: Rows
    slots: Slots
    places: Floats
    utility: Floats
    later: Floats = field(default_factory=lambda: np.empty(0))

    def chances(self, rationality: float) -> Floats:
        """Return the logit probability of every option, shape (options, n)."""
        below = self.utility - self.utility.max(axis=0)
        # written out for options that are not open, which a rationality of 0 would open
        weight = np.where(below > _CLOSED, np.exp(rationality * np.maximum(below, _LEAST)), 0.0)
        return np.asarray(weight / weight.sum(axis=0))

    def network_chances(self, sharpness: float, columns: slice | Slots = slice(None)) -> Floats:
        """Return the probability of each network for those of the first k who book."""
        places = self.places[:, columns]
        weight = np.exp(sharpness * (places - places.max(axis=0)))
        return np.asarray(weight / weight.sum(axis=0))


@dataclass(frozen=True, eq=False)
class Minds:
    """What the options of some people are reckoned from; arrays of shape (n,).

    Attributes
    ----------
    rows, group
        Who.
    value
        What arriving is worth to each if they settle.
    outside
        Their best option other than crossing.
    wealth
        Pounds.
    settled
        What arriving is worth if none is returned.
    arriving
        What it is worth, before the price.
    line
        The utility of boat attempts as a line in that worth.
    """

    rows: Rows
    group: NDArray[np.int16]
    value: Floats
    outside: Floats
    wealth: Floats
    settled: Floats
    arriving: Floats
    line: Line


class Options:
    """Weighs the options of people at the coast.

    Parameters
    ----------
    block
        Parameters.
    population, beliefs, values
        Of the run.
    lorry_within_reach
        For whom a lorry is an option, by row.
    lorry_price, lorry_hazard
        Pounds for the lorry and chance of dying in it.
    """

    def __init__(
        self,
        block: ChoicesBlock,
        population: Population,
        beliefs: Beliefs,
        values: Values,
        lorry_within_reach: NDArray[np.bool_],
        lorry_price: float,
        lorry_hazard: float,
    ) -> None:
        self.block = block
        self._population = population
        self._beliefs = beliefs
        self._values = values
        self._lorry_within_reach = lorry_within_reach
        self._lorry_price = lorry_price
        self._lorry_hazard = lorry_hazard
        self.lorry_reach = block.lorry_reach if lorry_within_reach.any() else 0.0
        self.names = (*FIXED_NAMES, *values.countries, HOME_NAME)
        self._other = np.vstack([values.asylum_here, values.elsewhere.T, values.home])
        self.known_success = block.lorry_success

    def at_camp(self, rows: Rows, day: int, offers: Offers, may_apply: NDArray[np.bool_]) -> Menu:
        """Return the options of people at the camps; those booked come last and may keep their place.

        Parameters
        ----------
        rows
            Who, shape (n,).
        day
            Model day.
        offers
            What networks offer.
        may_apply
            Whom a legal route admits to its lottery, shape (n,).
        """
        booked = self._population.network[rows] != NOBODY
        order = np.argsort(booked, kind="stable")
        rows, may_apply = rows[order], may_apply[order]
        seeking = rows.size - np.count_nonzero(booked)
        free, held = slice(seeking), slice(seeking, None)
        minds = self.minds(rows, day, offers)
        seekers = self._some(minds, free)
        slots, taste = np.flatnonzero(offers.open), self._tastes(offers)
        utility = self._other_options(minds)
        places = np.empty((0, seekers.rows.size))
        if slots.size:
            places = self._places(seekers, day, offers, slots, taste)
            utility[BOAT, free] = self._inclusive(places)
        utility[BOAT, held] = self._own_place(self._some(minds, held), day, offers, taste)
        utility[LORRY] = self._lorry(minds, day)
        later = utility[BOAT].copy()
        later[free] = self._boat_later(seekers, day, offers, slots, taste, later[free])
        later = np.maximum(np.maximum(later, utility[LORRY]), minds.outside)
        utility[WAIT, free] = self._waiting(later[free])
        if may_apply.any():
            utility[APPLY] = np.where(may_apply, self._applying(minds, day, later), _CLOSED)
        return Menu(rows, slots, places, utility, later)

    def in_reception(self, rows: Rows, day: int, offers: Offers) -> Menu:
        """Return the options of people returned: back to the camp for a boat or a lorry, or not."""
        minds = self.minds(rows, day, offers)
        utility = self._other_options(minds)
        price, wait = self.reckoned(offers)
        utility[BOAT] = self._place(minds, day, np.array(wait), np.array(price))
        utility[LORRY] = self._lorry(minds, day)
        return Menu(rows, np.empty(0, dtype=np.intp), np.empty((0, rows.size)), utility)

    # parts of it -------------------------------------------------------------------------------

    def minds(self, rows: Rows, day: int, offers: Offers) -> Minds:
        """Gather what people believe and value today."""
        people, values, beliefs = self._population, self._values, self._beliefs
        group = people.group[rows]
        when = day + self.reckoned(offers)[1]
        worth = values.of_groups(beliefs.change("grant"), beliefs.change("work"))
        outside, value = values.outside[group], values.of_people(rows, worth)
        settled = beliefs.believed("settle", rows, when) * value
        stop = beliefs.believed("stop", rows, when)
        death = beliefs.believed("death", rows, when)
        return Minds(
            rows=rows,
            group=group,
            value=value,
            outside=outside,
            wealth=people.wealth[rows],
            settled=settled,
            arriving=self._arriving(rows, settled, outside, when),
            line=attempt_line(values.block, stop, death, outside),
        )

    def _some(self, minds: Minds, which: slice) -> Minds:
        return Minds(
            rows=minds.rows[which],
            group=minds.group[which],
            value=minds.value[which],
            outside=minds.outside[which],
            wealth=minds.wealth[which],
            settled=minds.settled[which],
            arriving=minds.arriving[which],
            line=Line(minds.line.slope[which], minds.line.start[which]),
        )

    def reckoned(self, offers: Offers) -> tuple[float, float]:
        """Return the price and wait that people reckon with."""
        block = self._values.block
        return offers.typical() or (block.reference_price, block.reference_wait)

    def arrival_worth(self, minds: Minds, when: ArrayLike) -> Floats:
        """Return (1 - r)V + rW for a landing on the given day(s), before the price."""
        if not self._beliefs.announces("settle", "return"):  # then it is the same on all days
            return minds.arriving
        return self._arriving(minds.rows, self._settled(minds, when), minds.outside, when)

    def _settled(self, minds: Minds, when: ArrayLike) -> Floats:
        """Return V, what arriving on the given day(s) is worth if none is returned."""
        if not self._beliefs.announces("settle"):
            return minds.settled
        return self._beliefs.believed("settle", minds.rows, when) * minds.value

    def _arriving(self, rows: Rows, settled: Floats, outside: Floats, when: ArrayLike) -> Floats:
        after = self._values.after_return(settled, outside)
        return np.asarray(settled + self.believed_return(rows, when) * (after - settled))

    def believed_return(self, rows: Rows, when: ArrayLike) -> Floats:
        """Return the believed chance of return; near certain for those returned before."""
        chance = self._beliefs.believed("return", rows, when)
        again = self._population.returns[rows] > 0
        if not again.any():
            return chance
        again = again & self._beliefs.rule_applies("return", rows, when)
        return np.asarray(np.where(again, np.maximum(chance, self.block.repeat_return), chance))

    def _place(self, minds: Minds, day: int, wait: Floats, price: Floats) -> Floats:
        """Return the utility of a place with given wait and price, each (n,) or scalar."""
        worth = self.arrival_worth(minds, day + wait) - price / minds.wealth
        line = self._line(minds, day + wait)
        attempt = line.slope * worth + line.start
        values = self._values
        return np.asarray(values.delay_factor(wait) * attempt - values.block.camp_cost * wait / WEEK)

    def _line(self, minds: Minds, when: ArrayLike) -> Line:
        """Return the line of attempts on given days: the usual one where no rule is announced."""
        beliefs = self._beliefs
        if not beliefs.announces("stop", "death"):
            return minds.line
        stop = beliefs.believed("stop", minds.rows, when)
        death = beliefs.believed("death", minds.rows, when)
        return attempt_line(self._values.block, stop, death, minds.outside)

    def _places(self, minds: Minds, day: int, offers: Offers, slots: Slots, taste: Floats) -> Floats:
        """Return the utility of a place with each open network, shape (m, n)."""
        wait, values = offers.wait_days[slots], self._values
        landing = day + wait[:, None]
        line = self._line(minds, landing)
        return worth_of_places(
            np.atleast_2d(self.arrival_worth(minds, landing)),
            np.atleast_2d(line.slope),
            np.atleast_2d(line.start),
            minds.wealth,
            minds.group,
            offers.price[slots],
            values.delay_factor(wait),
            values.block.camp_cost * wait / WEEK,
            taste[slots],
        )

    def taste(self, offers: Offers) -> tuple[Floats, Floats]:
        """Return what networks' reputation adds over the mean of open ones, and what their language takes.

        Returns
        -------
        tuple of ndarray
            Shapes (networks,) and (networks, groups).
        """
        usual = offers.reputation[offers.open].mean() if offers.open.any() else 0.0
        liked = self.block.reputation_weight * (offers.reputation - usual)
        strange = np.where(offers.language_match.T, 0.0, -self.block.language_cost)
        return liked, strange

    def _tastes(self, offers: Offers) -> Floats:
        """Return what each group likes about each network beside price and wait, shape (networks, groups)."""
        liked, strange = self.taste(offers)
        return np.asarray(liked[:, None] + strange)

    def _own_place(self, minds: Minds, day: int, offers: Offers, taste: Floats) -> Floats:
        """Return the utility of keeping a place that is booked, for what is left of the wait."""
        people, rows = self._population, minds.rows
        place = self._place(minds, day, self.left_to_wait(rows, day, offers), people.fare[rows])
        return np.asarray(place + taste[people.network[rows], minds.group])

    def left_to_wait(self, rows: Rows, day: int, offers: Offers) -> Floats:
        """Return what is left of the days that people with a booking expect to wait for the first try."""
        people = self._population
        told = offers.wait_days[people.network[rows].astype(np.intp)]
        return np.asarray(np.maximum(told - (day - people.booked_at[rows]), 0.0))

    def _inclusive(self, places: Floats) -> Floats:
        """Return what being able to choose among networks is worth, on average over networks."""
        sharp = self.block.network_rationality
        best = places.max(axis=0)
        return np.asarray(best + np.log(np.exp(sharp * (places - best)).mean(axis=0)) / sharp)

    def _boat_later(
        self, minds: Minds, day: int, offers: Offers, slots: Slots, taste: Floats, boat_now: Floats
    ) -> Floats:
        """Return what a boat will be worth at the next look, under what is believed of landings then."""
        days = self.block.wait_days
        if slots.size == 0:  # nobody to book with today: reckon with the usual
            price, wait = self.reckoned(offers)
            return self._place(minds, day + days, np.array(wait), np.array(price))
        if self._beliefs.turns(day, day + days + float(offers.wait_days[slots].max())):
            return self._inclusive(self._places(minds, day + days, offers, slots, taste))
        return boat_now

    def _waiting(self, later: Floats) -> Floats:
        """Return the utility of looking again next time, given the best option then."""
        days, values = self.block.wait_days, self._values
        return np.asarray(values.delay_factor(days) * later - values.block.camp_cost * days / WEEK)

    def _lorry(self, minds: Minds, day: int) -> Floats:
        """Return the utility of trying lorries, closed to those who have none within reach."""
        by_lorry = self.by_lorry(self._settled(minds, day), minds.wealth, minds.outside)
        return np.where(self.lorry_within_reach(minds.rows), by_lorry, _CLOSED)

    def ways(self, price: float, wait: float) -> Ways:
        """Return what a place on a boat of that price and wait, and a lorry, are for everyone."""
        block = self._values.block
        return Ways(
            retry=block.retry,
            death_loss=block.death_loss,
            try_cost=block.try_cost,
            return_option=block.return_option,
            return_loss=block.return_loss,
            price=price,
            discount=float(self._values.delay_factor(wait)),
            camp=block.camp_cost * wait / WEEK,
            lorry_stop=self._lorry_stop(),
            lorry_hazard=self._lorry_hazard,
            lorry_cost=self.block.lorry_cost,
            lorry_price=self._lorry_price,
        )

    def lorry_within_reach(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell for whom a lorry is an option."""
        return np.asarray(self._lorry_within_reach[rows])

    def by_lorry(self, settled: Floats, wealth: Floats, outside: ArrayLike) -> Floats:
        """Return the utility of trying lorries, from which nobody is returned under an agreement on boats.

        Parameters
        ----------
        settled
            Value of arriving times the believed chance of settling.
        wealth
            Pounds.
        outside
            Utility of the best option other than crossing.
        """
        line = attempt_line(
            self._values.block, self._lorry_stop(), self._lorry_hazard, outside, self.block.lorry_cost
        )
        return np.asarray(line.slope * (settled - self._lorry_price / wealth) + line.start)

    def lorry_attempt(self, settled: Floats, wealth: Floats, outside: ArrayLike) -> Attempt:
        """Return the utility of trying lorries with its parts; parameters as for `by_lorry`."""
        return attempt_utility(
            self._values.block,
            stop=self._lorry_stop(),
            death=self._lorry_hazard,
            returned=0.0,
            value=settled,
            after_return=0.0,
            price=self._lorry_price / wealth,
            outside=outside,
            try_cost=self.block.lorry_cost,
        )

    def _lorry_stop(self) -> float:
        """Return the chance that a try by lorry that does not kill fails, as people know it."""
        return 1.0 - self.known_success / (1.0 - self._lorry_hazard)

    def _applying(self, minds: Minds, day: int, later: Floats) -> Floats:
        """Return the utility of applying for a legal place, to those who may."""
        chance = self._beliefs.believed("legal", minds.rows, day)
        return self.by_applying(chance, minds.value, later, minds.outside)

    def by_applying(self, chance: Floats, value: Floats, later: Floats, outside: ArrayLike) -> Floats:
        """Return the utility of the legal route.

        One may apply and look again next time, which is waiting with a chance of being drawn; or
        leave the boat for good and wait as long as it takes, a year at most.

        Parameters
        ----------
        chance
            Believed chance of a legal place within the year.
        value
            Value of arriving; nobody who is admitted is sent back.
        later, outside
            Utility of the best option at the next look, and of the best other than crossing.
        """
        for_now, for_good = self.ways_of_applying(chance, value, later, outside)
        return np.asarray(np.maximum(sum(for_now), sum(for_good)))

    def ways_of_applying(
        self, chance: Floats, value: Floats, later: Floats, outside: ArrayLike
    ) -> tuple[tuple[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]:
        """Return the parts of applying until the next look, and of applying for good; see `by_applying`.

        Returns
        -------
        tuple
            Two triples: what admission adds, what is left without it, and the time in the camp.
        """
        block, camp = self.block, self._values.block.camp_cost / WEEK
        admitted, next_look = self.admitted(value), self._values.delay_factor(block.wait_days)
        soon = -np.expm1(np.log1p(-np.minimum(chance, 1.0 - 1e-9)) * block.wait_days / DAYS_A_YEAR)
        everyone = np.ones_like(soon)
        for_now = (
            next_look * soon * admitted,
            next_look * (1.0 - soon) * later,
            -camp * block.wait_days * everyone,
        )
        for_good = (
            chance * admitted,
            (1.0 - chance) * np.asarray(outside),
            -camp * block.legal_delay_days * everyone,
        )
        return for_now, for_good

    def admitted(self, value: Floats) -> Floats:
        """Return what being admitted is worth to people whose application succeeds."""
        return np.asarray(self._values.delay_factor(self.block.legal_delay_days) * value)

    def _other_options(self, minds: Minds) -> Floats:
        """Return a table of utilities with everything but crossing filled in."""
        utility = np.full((len(self.names), minds.rows.size), _CLOSED)
        utility[ASYLUM_HERE:] = self._other.take(minds.group, axis=1)
        return utility
