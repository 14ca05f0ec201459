"""Choice at the coast: people look at their options, choose, and act.

They look on arrival at a camp, after every event of their own, and at least every `wait_days`. One
look takes two uniforms, keyed by the person and the number of the look: which option; and whether
they get through, for those who try a lorry. Those who book let the networks run a race, keyed by
network as well, so that one network more or less leaves the bookings of all others as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.clock import Clock
from crossings.corridors.corridor import Corridor
from crossings.errors import InputError
from crossings.hooks import Levers, Rows, Tally
from crossings.people.beliefs import Beliefs
from crossings.people.choice_parameters import ChoicesBlock
from crossings.people.explained import Explained
from crossings.people.offers import Offers, nobody
from crossings.people.options import (
    APPLY,
    ASYLUM_HERE,
    BOAT,
    FIXED_NAMES,
    LORRY,
    Menu,
    Options,
)
from crossings.people.values import Values
from crossings.population import NOBODY, Population, State
from crossings.streams import Streams, exponential

__all__ = ["Choices", "ChoicesBlock", "Offers"]

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Mask = NDArray[np.bool_]

_FIRST_COUNTRY = len(FIXED_NAMES)
_CHOOSING = (State.CAMP, State.BOOKED, State.APPLIED, State.RECEPTION)


class Choices:
    """What people at the coast decide.

    Parameters
    ----------
    block
        Parameters.
    streams, clock, population, beliefs, values, corridor, tally
        The run's.
    offers
        Returns what networks offer today.
    levers
        Read: ``lorry_checks``, ``onward_refused``.
    may_apply
        Returns who of some people at the camps may apply for a legal place today.
    booked
        Told of bookings made, one network slot for each.
    """

    def __init__(
        self,
        block: ChoicesBlock,
        streams: Streams,
        clock: Clock,
        population: Population,
        beliefs: Beliefs,
        values: Values,
        corridor: Corridor,
        tally: Tally,
        offers: Callable[[], Offers],
        levers: Levers,
        may_apply: Callable[[Rows], Mask] = nobody,
        booked: Callable[[Codes], None] = lambda _slots: None,
    ) -> None:
        self.block = block
        self._streams = streams
        self._clock = clock
        self._population = population
        self._beliefs = beliefs
        self._values = values
        self._tally = tally
        self._offers = offers
        self._levers = levers
        self._may_apply = may_apply
        self._booked = booked
        lorry = next((leg for leg in corridor.legs if leg.mode == "lorry"), None)
        self._lorry_hazard = lorry.hazard if lorry else 0.0
        reach = block.lorry_reach if lorry else 0.0
        within_reach = streams.uniform("choices.lorry_reach", population.key) < reach
        price = lorry.fee if lorry else 0.0
        self.options = Options(block, population, beliefs, values, within_reach, price, self._lorry_hazard)
        self._explained = Explained(self.options, population, beliefs, values)
        self._hubs = np.array([corridor.hub_of(country) for country in values.countries], dtype=np.int16)
        self._origins = np.array(
            [corridor.place_code(group.origin) for group in corridor.groups], dtype=np.int16
        )
        self._across = corridor.place_code(lorry.end) if lorry else NOBODY
        camp = corridor.place_code(corridor.camps[0].name)
        self._camp = np.full(len(population), camp, dtype=np.int16)  # where each was last at a camp
        self._lorry_tries = 0.0  # a day, in people
        self._in_lorries: list[tuple[Rows, Floats]] = []  # since the last noon, with the luck of each
        self._leaving_reception: dict[int, list[Rows]] = {}

    def at_coast(self, day: int) -> None:
        """Let everyone whose look has come choose and act, in the afternoon of a day."""
        self._end_lorry_tries(day)
        offers = self._offers()
        self._leave_reception(day, offers)
        rows = self._due(day)
        if rows.size == 0:
            return
        menu = self.options.at_camp(rows, day, offers, self._may_apply(rows))
        u = self._look(menu.rows)
        self._population.next_choice[rows] = day + self.block.wait_days
        self._act(menu, _pick(menu.chances(self.block.rationality), u[0]), u[1], offers)

    def after_event(self, rows: Rows) -> None:
        """Let people look again the next time choices are made, after something happened to them."""
        self._population.next_choice[rows] = self._clock.day

    def after_return(self, rows: Rows, day: int) -> None:
        """Let people who were returned on a day stay in reception for a while and then choose again."""
        people = self._population
        rows = np.atleast_1d(np.asarray(rows, dtype=np.intp))
        u = self._streams.uniform("choices.reception", people.key[rows], people.returns[rows])
        due = day + 1 + exponential(u, self.block.reception_days).astype(np.int64)
        for when in np.unique(due):
            self._leaving_reception.setdefault(int(when), []).append(rows[due == when])

    def explain(self, row: int) -> dict[str, dict[str, Any]]:
        """Show what one person at the coast would weigh if they looked today.

        Parameters
        ----------
        row
            Somebody at a camp, booked or not, in the legal queue, or in reception.

        Returns
        -------
        dict
            By option: ``utility``, ``probability``, and the ``parts`` that add up to the utility, none
            where an option is not open (`Explained.parts`); ``"boat"`` has ``networks`` as well, utility
            and probability by slot.

        Raises
        ------
        InputError
            If that person has nothing to choose today.
        """
        rows = np.array([row], dtype=np.intp)
        day, offers = self._clock.day, self._offers()
        state = State(int(self._population.state[row]))
        if state not in _CHOOSING:
            raise InputError(f"person in state '{state.name.lower()}': expected {_named(_CHOOSING)}")
        if state == State.RECEPTION:
            menu = self.options.in_reception(rows, day, offers)
        else:
            menu = self.options.at_camp(rows, day, offers, self._may_apply(rows))
        chance = menu.chances(self.block.rationality)[:, 0]
        utility = menu.utility[:, 0].tolist()
        parts = self._explained.parts(menu, day, offers)
        told: dict[str, dict[str, Any]] = {
            name: {"utility": utility[k], "probability": float(chance[k]), "parts": parts[name]}
            for k, name in enumerate(self.options.names)
        }
        if menu.slots.size and self._population.network[row] == NOBODY:
            within = menu.network_chances(self.block.network_rationality)[:, 0]
            told["boat"]["networks"] = {
                int(slot): {"utility": float(menu.places[k, 0]), "probability": float(within[k])}
                for k, slot in enumerate(menu.slots)
            }
        return told

    # one look ----------------------------------------------------------------------------------

    def _due(self, day: int) -> Rows:
        """Return rows at a camp, booked or in the legal queue, whose look has come."""
        people = self._population
        rows = people.at_camp()
        rows = rows[people.next_choice[rows] <= day]
        self._camp[rows] = people.place[rows]
        return rows

    def _look(self, rows: Rows) -> Floats:
        """Draw what a look takes: for the option, and for the luck of a lorry."""
        people = self._population
        u = self._streams.uniforms("choices.look", people.key[rows], people.choices[rows], 2)
        people.choices[rows] += 1
        return u

    def _act(self, menu: Menu, option: Codes, luck: Floats, offers: Offers) -> None:
        """Carry out what was chosen; who was booked or queued leaves that first."""
        people = self._population
        state = people.state[menu.rows]
        stays = (option == BOAT) & (state == State.BOOKED) | (option == APPLY) & (state == State.APPLIED)
        leaving = menu.rows[~stays & (state != State.CAMP)]
        people.network[leaving] = NOBODY
        people.fare[leaving] = 0.0
        people.move(leaving, State.CAMP, self._clock.now)
        books = ~stays & (option == BOAT)
        if books.any():
            self._book(menu, books, offers)
        self._try_lorry(menu.rows[option == LORRY], luck[option == LORRY])
        self._apply(menu.rows[~stays & (option == APPLY)])
        self._go_elsewhere(menu.rows, option)

    def _book(self, menu: Menu, books: NDArray[np.bool_], offers: Offers) -> None:
        people = self._population
        rows = menu.rows[books]
        chances = menu.network_chances(self.block.network_rationality, np.flatnonzero(books))
        serials = offers.serial[menu.slots]
        choice = self._streams.choose(
            "choices.network", people.key[rows], people.choices[rows], serials, chances
        )
        slot = menu.slots[choice]
        people.network[rows] = slot
        people.fare[rows] = offers.price[slot]
        people.booked_at[rows] = self._clock.now
        people.failed_tries[rows] = 0
        people.move(rows, State.BOOKED, self._clock.now)
        self._booked(slot)
        self._tally.count_by("bookings", people.group[rows])

    def _apply(self, rows: Rows) -> None:
        if rows.size:
            self._population.move(rows, State.APPLIED, self._clock.now)
            self._tally.count_by("applied", self._population.group[rows])

    def _go_elsewhere(self, rows: Rows, option: Codes) -> None:
        """Let those who give up crossing leave: claim here, go to another country, go home."""
        people, now = self._population, self._clock.now
        here = rows[option == ASYLUM_HERE]
        home = rows[option == len(self.options.names) - 1]
        onward = (option >= _FIRST_COUNTRY) & (option < len(self.options.names) - 1)
        if here.size:
            people.move(here, State.ASYLUM_FRANCE, now)
            self._tally.count_by("asylum_france", people.group[here])
            returned = here[people.returns[here] > 0]
            self._tally.count_by("returned_asylum_france", people.group[returned])
        if home.size:
            people.move(home, State.WENT_HOME, now, self._origins[people.group[home]])
            self._tally.count_by("went_home", people.group[home])
        if onward.any():
            self._move_on(rows[onward], self._hubs[option[onward] - _FIRST_COUNTRY])

    def _move_on(self, rows: Rows, places: NDArray[np.int16]) -> None:
        """Let people go to another country; whom it turns back is at the camp and looks again."""
        people, now = self._population, self._clock.now
        turned_back = self._turned_back(rows, places)
        there, where = rows[~turned_back], places[~turned_back]
        self._tally.count_by("moved_on", where)
        self._tally.count_by("returned_moved_on", where[people.returns[there] > 0])
        people.move(there, State.STAYED_ELSEWHERE, now, where)
        self._tally.count_by("turned_back", places[turned_back])
        from_reception = rows[turned_back & (people.state[rows] == State.RECEPTION)]
        people.move(from_reception, State.CAMP, now, self._camp[from_reception])
        people.next_choice[from_reception] = self._clock.day

    def _turned_back(self, rows: Rows, places: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Draw who is turned back by the country they go to."""
        chance = np.asarray(self._levers.onward_refused)
        if not chance.any():
            return np.zeros(rows.size, dtype=bool)
        luck = self._streams.uniform(
            "choices.turned_back", self._population.key[rows], self._population.choices[rows]
        )
        return np.asarray(luck < (chance if chance.ndim == 0 else chance[places]))

    # lorries -----------------------------------------------------------------------------------

    def _try_lorry(self, rows: Rows, luck: Floats) -> None:
        if rows.size:
            self._population.move(rows, State.LORRY, self._clock.now)
            self._in_lorries.append((rows, luck))
            self._tally.count_by("lorry_attempts", self._population.group[rows])

    def _end_lorry_tries(self, day: int) -> None:
        """Let yesterday's tries by lorry end: across, dead, or back at the camp and choosing."""
        people = self._population
        tries, self._in_lorries = self._in_lorries, []
        rows = np.concatenate([rows for rows, _ in tries]) if tries else np.empty(0, dtype=np.intp)
        # as many as on a usual day: where a person stands for n, lorries are tried every n days or so
        self._lorry_tries += rows.size - self._lorry_tries / people.stands_for
        crowding = max(1.0, self._lorry_tries / self.block.lorry_capacity)
        success = self.block.lorry_success / (max(self._levers.lorry_checks, 1e-9) * crowding)
        success = min(success, 1.0 - self._lorry_hazard)
        self.options.known_success += (success - self.options.known_success) / self.block.lorry_memory_days
        if rows.size == 0:
            return
        u = np.concatenate([luck for _, luck in tries])
        across, dead = rows[u < success], rows[u > 1.0 - self._lorry_hazard]
        back = rows[(u >= success) & (u <= 1.0 - self._lorry_hazard)]
        people.move(across, State.LORRY_ARRIVED, self._clock.now, self._across)
        people.move(dead, State.DEAD, self._clock.now)
        people.move(back, State.CAMP, self._clock.now)
        people.next_choice[back] = day
        self._tally.count_by("lorry_arrivals", people.group[across])
        self._tally.count_by("transit_deaths", people.group[dead])

    # after a return ----------------------------------------------------------------------------

    def _leave_reception(self, day: int, offers: Offers) -> None:
        """Let returned people whose stay in reception is over choose again."""
        people = self._population
        leaving = self._leaving_reception.pop(day, None)
        if not leaving:
            return
        rows = np.sort(np.concatenate(leaving))
        rows = rows[people.state[rows] == State.RECEPTION]
        if rows.size == 0:
            return
        menu = self.options.in_reception(rows, day, offers)
        option = _pick(menu.chances(self.block.rationality), self._look(rows)[0])
        back = rows[(option == BOAT) | (option == LORRY)]
        people.move(back, State.CAMP, self._clock.now, self._camp[back])
        people.next_choice[back] = day
        self._go_elsewhere(rows, option)


def _pick(chances: Floats, u: Floats) -> Codes:
    """Return the option of each column at which cumulative chance first exceeds the uniform."""
    passed = np.cumsum(chances, axis=0) <= u
    return np.asarray(np.minimum(passed.sum(axis=0), len(chances) - 1), dtype=np.intp)


def _named(states: tuple[State, ...]) -> str:
    return "one of " + ", ".join(state.name.lower() for state in states)
