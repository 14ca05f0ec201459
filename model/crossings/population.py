"""The people: one row each, columns of state, and the life line every row follows.

A season is some hundred thousand people, so their state lives in arrays and rules act on arrays
of rows. All potential candidates of a run are laid down at its start, because who might set out
does not depend on policy; a row sleeps in state ``FUTURE`` until its day of entry.

The `Migrant` is a Mesa agent and a thin view of one row: it owns nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings._mesa import BaseAgent
from crossings.hooks import Rows
from crossings.loops import Twice
from crossings.streams import Keys

if TYPE_CHECKING:
    from crossings._mesa import TableModel


class State(IntEnum):
    """Where a person stands in the life line; everyone is in exactly one of these."""

    FUTURE = 0  # not yet a candidate
    ORIGIN = 1  # deciding at home
    TRAVELLING = 2  # on the way to the next place
    CAMP = 3  # near the coast, no booking
    BOOKED = 4  # waiting for a boat with a network
    AT_SEA = 5  # on a launch, from the beach to its end
    LORRY = 6  # trying to cross in a lorry
    APPLIED = 7  # in the lottery of the legal route
    VETTING = 8  # drawn, being vetted
    HELD = 9  # short-term holding after arrival
    DETAINED = 10  # detained for return
    ASYLUM = 11  # claim undecided, in accommodation
    APPEAL = 12  # refused, appealing
    REFUSED = 13  # refused, still in the country
    RECEPTION = 14  # returned, in the partner's reception
    CUSTODY = 15  # stopped before leaving, and held for it
    # from here on the journey has ended
    STAYED_ORIGIN = 16
    STAYED_ELSEWHERE = 17  # another country; see `place`
    ASYLUM_FRANCE = 18
    WENT_HOME = 19
    GRANTED = 20
    ADMITTED = 21  # by the legal route
    LORRY_ARRIVED = 22
    REMOVED = 23  # from the UK to home or to a third country
    DEAD = 24


ENDED = State.STAYED_ORIGIN
"""The first state in which a journey has ended."""

_NEXT: dict[State, tuple[State, ...]] = {
    State.FUTURE: (State.ORIGIN,),
    State.ORIGIN: (State.TRAVELLING, State.STAYED_ORIGIN),
    State.TRAVELLING: (State.TRAVELLING, State.CAMP, State.STAYED_ELSEWHERE, State.DEAD),
    State.CAMP: (
        State.BOOKED,
        State.LORRY,
        State.APPLIED,
        State.STAYED_ELSEWHERE,
        State.ASYLUM_FRANCE,
        State.WENT_HOME,
        State.CUSTODY,
    ),
    State.BOOKED: (State.CAMP, State.AT_SEA),
    State.AT_SEA: (State.CAMP, State.BOOKED, State.HELD, State.DEAD),
    State.LORRY: (State.CAMP, State.LORRY_ARRIVED, State.DEAD),
    State.APPLIED: (State.CAMP, State.VETTING),
    State.VETTING: (State.CAMP, State.ADMITTED),
    State.HELD: (State.DETAINED, State.ASYLUM),
    State.DETAINED: (State.ASYLUM, State.RECEPTION, State.REMOVED),
    State.ASYLUM: (State.GRANTED, State.APPEAL, State.REFUSED, State.DETAINED),
    State.APPEAL: (State.GRANTED, State.REFUSED),
    State.REFUSED: (State.REMOVED, State.DETAINED),
    State.RECEPTION: (State.CAMP, State.STAYED_ELSEWHERE, State.ASYLUM_FRANCE, State.WENT_HOME),
    State.CUSTODY: (State.CAMP,),
}

_ALLOWED = np.zeros((len(State), len(State)), dtype=bool)
for _from, _to in _NEXT.items():
    _ALLOWED[_from, list(_to)] = True

_FORBIDDEN_INTO = tuple((~_ALLOWED[:, to]).astype(np.int64) for to in State)  # by the state they enter
_STATES = len(State)  # an enumeration takes its time to say so

COAST = frozenset({State.CAMP, State.BOOKED, State.AT_SEA, State.LORRY, State.APPLIED, State.VETTING})
"""States of people at the coast, which one enters by way of ``CAMP`` only."""
_ON_COAST = np.zeros(_STATES, dtype=bool)
_ON_COAST[list(COAST)] = True

BELIEFS = ("stop", "return", "settle", "death", "legal")
"""What a person believes: the chance of each, held as Beta pseudo-counts."""

NOBODY = -1
"""Stands where a column names a network or a route and there is none."""

MoveListener = Callable[[Rows, NDArray[np.int8], State], None]


class LifeLineError(RuntimeError):
    """A rule tried to move someone along a line that the life line does not have."""


def rows_for(people: float, stands_for: int) -> int:
    """Return how many rows a pool made for so many people takes: rounded, and one at least if there is any.

    Parameters
    ----------
    people
        Beds, staff or whatever holds one person at a time.
    stands_for
        People that one row stands for.
    """
    return max(round(people / stands_for), 1) if people > 0 else 0


def _take_step_over_arrays(
    state: NDArray[np.int8],
    since: NDArray[np.float64],
    counts: NDArray[np.int64],
    rows: Rows,
    forbidden: NDArray[np.int64],
    to: int,
    time: float,
) -> bool:
    """Let people enter a state if all of them may; return whether they did.

    Parameters
    ----------
    state, since
        Of everybody, shape (people,); changed.
    counts
        People in each state; changed.
    rows
        Who, each once.
    forbidden
        1 for every state from which this one cannot be entered, else 0, shape (states,).
    to, time
        The state, and when they enter it.
    """
    left = np.bincount(state[rows], minlength=counts.size)
    if left.dot(forbidden):
        return False
    state[rows] = to
    since[rows] = time
    counts -= left
    counts[to] += rows.size
    return True


def _take_step_as_loop(
    state: NDArray[np.int8],
    since: NDArray[np.float64],
    counts: NDArray[np.int64],
    rows: Rows,
    forbidden: NDArray[np.int64],
    to: int,
    time: float,
) -> bool:
    for row in rows:
        if forbidden[state[row]]:
            return False
    for row in rows:
        counts[state[row]] -= 1
        state[row] = to
        since[row] = time
    counts[to] += rows.size
    return True


take_step = Twice(_take_step_over_arrays, _take_step_as_loop)


class Population:
    """Columns of everyone who may enter during a run.

    A column is written only by the room that owns the rule about it, named beside it here.

    Parameters
    ----------
    keys
        Identity of each person, shape (n,), rows in order of entry.
    group
        Group code of each person.
    entry_day
        Model day on which each becomes a candidate; never decreasing.
    stands_for
        People that one row stands for. Whatever reckons with a number of people (a queue, a load, a
        quota, how often news is heard) multiplies rows by it; rows themselves live one life each.
    """

    def __init__(self, keys: Keys, group: ArrayLike, entry_day: ArrayLike, stands_for: int = 1) -> None:
        n = len(keys)
        self.stands_for = stands_for
        self.key = keys
        self.group = np.asarray(group, dtype=np.int16)
        self.entry_day = np.asarray(entry_day, dtype=np.int32)
        if np.any(np.diff(self.entry_day) < 0):
            raise ValueError("rows must be in order of entry")

        # people.inflow: who they are, drawn once
        self.adult = np.ones(n, dtype=bool)
        self.female = np.zeros(n, dtype=bool)
        self.ties = np.zeros(n, dtype=bool)  # a UK connection that can be verified
        self.wealth = np.ones(n)  # pounds; what a price is weighed against
        self.value_spread = np.ones(n)  # the person's multiple of the group's value of arriving

        # population itself: the life line
        self.state = np.zeros(n, dtype=np.int8)
        self.since = np.zeros(n)  # time of the last move
        self.place = np.full(n, NOBODY, dtype=np.int16)

        # people.journeys
        self.route = np.full(n, NOBODY, dtype=np.int16)
        self.stage = np.zeros(n, dtype=np.int16)  # places of the route already reached

        # people.choices
        self.next_choice = np.zeros(n, dtype=np.int32)  # model day of the next look at the options
        self.choices = np.zeros(n, dtype=np.int32)  # looks taken so far; the occasion of its draws
        self.network = np.full(n, NOBODY, dtype=np.int16)
        self.fare = np.zeros(n)  # pounds agreed for the place on a boat
        self.booked_at = np.zeros(n)
        self.failed_tries = np.zeros(n, dtype=np.int16)  # under the present booking

        # passage, authorities: what has happened to them so far
        self.attempts = np.zeros(n, dtype=np.int16)
        self.stops = np.zeros(n, dtype=np.int16)
        self.arrivals = np.zeros(n, dtype=np.int16)
        self.returns = np.zeros(n, dtype=np.int16)

        # people.beliefs: pseudo-counts for and against, shape (belief, 2, person); none before the coast
        self.belief = np.zeros((len(BELIEFS), 2, n))

        self.listener: MoveListener | None = None
        self.entered = 0  # rows below this have become candidates
        self.counts = np.zeros(len(State), dtype=np.int64)
        self.counts[State.FUTURE] = n
        self._checked = self.state.copy()  # as they were at the last check
        self._actual = self.counts.copy()  # of these states, counted
        self._coast: Rows = np.empty(0, dtype=np.intp)  # everyone in `COAST`, and who has left it lately
        self._listed = np.zeros(n, dtype=bool)  # who stands there, or is to be added
        self._to_add: list[Rows] = []

    def __len__(self) -> int:
        return len(self.key)

    def move(self, rows: ArrayLike, to: State, time: float, place: ArrayLike | None = None) -> None:
        """Move people along the life line; the only way a state changes.

        Parameters
        ----------
        rows
            Row numbers, each at most once.
        to
            The state they enter.
        time
            When, in days since the epoch.
        place
            Place code(s) they are at from now on; unchanged where None.

        Raises
        ------
        LifeLineError
            If any of them stands where that step cannot be taken from.
        """
        index = np.ascontiguousarray(rows, dtype=np.intp)  # of one row, too
        if index.size == 0:
            return
        before = self.state[index] if self.listener is not None else None
        forbidden = _FORBIDDEN_INTO[to]
        if not take_step(self.state, self.since, self.counts, index, forbidden, int(to), float(time)):
            wrong = next(state for state in self.state[index].tolist() if not _ALLOWED[state, to])
            raise LifeLineError(f"no step from {State(wrong).name} to {to.name}")
        if place is not None:
            self.place[index] = place
        if to == State.CAMP:
            self._list(index)
        if self.listener is not None and before is not None:
            self.listener(index, before, to)

    def enter(self, day: int, time: float) -> Rows:
        """Make candidates of those whose day of entry has come; return their rows."""
        today = self.entry_day.dtype.type(day)  # of another type, all of the column would be converted
        upto = int(np.searchsorted(self.entry_day, today, side="right"))
        rows = np.arange(self.entered, upto, dtype=np.intp)
        self.entered = upto
        self.move(rows, State.ORIGIN, time)
        return rows

    def rows_in(self, *states: State) -> Rows:
        """Return the rows now in any of the given states, in row order."""
        near = self._on_coast() if COAST.issuperset(states) else None
        seen = self.state[: self.entered] if near is None else self.state[near]
        mask = seen == int(states[0])  # a plain number keeps the comparison within 8 bits
        for state in states[1:]:
            mask |= seen == int(state)
        found: Rows = mask.nonzero()[0]  # as flatnonzero, without its three calls
        return found if near is None else near[found]

    def at_camp(self) -> Rows:
        """Return the rows of people at the camps, unbooked, booked or in the legal queue, in row order."""
        return self.rows_in(State.CAMP, State.BOOKED, State.APPLIED)

    def _list(self, rows: Rows) -> None:
        """Keep in mind who has come to the coast, of people now in a camp."""
        new = rows[~self._listed[rows]]
        if new.size:
            self._listed[new] = True
            self._to_add.append(new)

    def _on_coast(self) -> Rows:
        """Return the rows of everyone in `COAST`, and of some who were there lately, in row order."""
        if self._to_add:
            stays = _ON_COAST[self.state[self._coast]]
            self._listed[self._coast[~stays]] = False
            self._coast = np.sort(np.concatenate([self._coast[stays], *self._to_add]))
            self._to_add = []
        return self._coast

    def under_way(self) -> Rows:
        """Return the rows of people whose journey has begun and not ended."""
        seen = self.state[: self.entered]
        return np.flatnonzero((seen > State.FUTURE) & (seen < ENDED))

    def mean_belief(self, belief: str, rows: Rows) -> NDArray[np.float64]:
        """Return the mean of a belief from its pseudo-counts, for each row.

        Not a number for people who have not reached the coast: what their group knows counts.
        """
        yes, no = self.belief[BELIEFS.index(belief)].take(rows, axis=1)
        means: NDArray[np.float64] = np.full(yes.shape, np.nan)
        np.divide(yes, yes + no, out=means, where=yes + no > 0)
        return means

    def check(self) -> None:
        """Raise `LifeLineError` unless everyone is in exactly one state and the counts say so."""
        # counting those whose state is another than at the last check comes to the same as counting all
        seen = slice(self.entered)
        moved = (self.state[seen] != self._checked[seen]).nonzero()[0]
        now = self.state[moved]
        actual = self._actual
        actual += np.bincount(now, minlength=_STATES) - np.bincount(self._checked[moved], minlength=_STATES)
        self._checked[moved] = now
        if not np.array_equal(actual, self.counts):
            raise LifeLineError(f"people not conserved: {actual.tolist()} against {self.counts.tolist()}")


class Migrant(BaseAgent):
    """One person, seen as a Mesa agent.

    All attributes read the person's row, so they are always up to date.
    """

    def __init__(self, model: TableModel, row: int, names: tuple[str, ...], places: tuple[str, ...]) -> None:
        super().__init__(model, unique_id=int(model.population.key[row]))
        self.row = row
        self._groups = names
        self._places = places

    @property
    def _people(self) -> Population:
        people: Population = self.model.population
        return people

    @property
    def nationality(self) -> str:
        """Name of the group."""
        return self._groups[int(self._people.group[self.row])]

    @property
    def state(self) -> str:
        """Name of the present state, in lower case."""
        name: str = State(int(self._people.state[self.row])).name
        return name.lower()

    @property
    def place(self) -> str | None:
        """Name of the place, or None on the way."""
        code = int(self._people.place[self.row])
        return None if code == NOBODY else self._places[code]

    def __getattr__(self, name: str) -> Any:
        """Read ``belief_<name>`` as a mean, and any column by its name."""
        if name.startswith("belief_") and name.removeprefix("belief_") in BELIEFS:
            return float(self._people.mean_belief(name.removeprefix("belief_"), np.array([self.row]))[0])
        column = getattr(self._people, name, None) if not name.startswith("_") else None
        if isinstance(column, np.ndarray) and column.ndim == 1:
            return column[self.row].item()
        raise AttributeError(f"a Migrant has no '{name}'")
