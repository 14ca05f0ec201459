"""The returns office: it runs the cases of everyone detained for return, under every policy.

A case begins when a policy has selected someone at triage, and ends on a flight or with release
into the asylum system: because a step of the procedure failed, the legal limit passed or the
policy ended. The limit is looked at every noon. Under a policy of summary returns there is no case:
those selected are handed over on the spot.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from crossings.authorities.cases import Case, Steps
from crossings.authorities.detention import Detention
from crossings.authorities.due import DueRows
from crossings.authorities.flights import Flights, FlightsBlock
from crossings.authorities.office import Office, place_or_none
from crossings.authorities.procedure import DRAWS, Plan, Procedure, ProcedureBlock, plans
from crossings.authorities.quotas import Quota, Terms
from crossings.authorities.stage_log import DONE, StageReport
from crossings.errors import unknown
from crossings.hooks import Rows
from crossings.population import State, rows_for

LIMIT = "legal limit"
ENDED = "policy ended"


@dataclass(frozen=True)
class Programme:
    """One policy's returns: what it lays down, its quota and its flights."""

    terms: Terms
    quota: Quota
    flights: Flights


@dataclass(frozen=True)
class Exits:
    """Where people go from the returns office.

    Attributes
    ----------
    release
        Takes people out of the procedure into the asylum system: ``release(rows, time)``.
    after_return
        Takes people handed over to a reception, who may choose again: ``after_return(rows, day)``.
    on_return
        Called for every person handed over, with the policy's name and the row.
    """

    release: Callable[[Rows, float], None]
    after_return: Callable[[Rows, int], None]
    on_return: Callable[[str, int], None]


class Returns:
    """Everyone's cases.

    Parameters
    ----------
    block
        Times and chances of the procedure.
    flights
        Parameters of the flights.
    office
        The run.
    detention
        The beds.
    exits
        Where people go from here.
    """

    def __init__(
        self,
        block: ProcedureBlock,
        flights: FlightsBlock,
        office: Office,
        detention: Detention,
        exits: Exits,
    ) -> None:
        self.detention = detention
        self.procedure = Procedure(block, detention, office)
        self.programmes: dict[str, Programme] = {}
        self.cases: dict[int, Case] = {}
        """Open cases by row."""
        self._opened: list[Case] = []  # lately
        self._block = block
        self._employed = block.caseworkers
        self._flights_block = flights
        self._office = office
        self._clock = office.clock
        self._people = office.population
        self._exits = exits
        self._limits = DueRows(office.last_day)
        self._policy_of: dict[int, str] = {}
        self._aboard: dict[str, list[int]] = {}

    # what policies call

    def open(self, terms: Terms) -> Quota:
        """Return the quota of a policy, setting up its programme the first time."""
        if terms.name not in self.programmes:
            quota = Quota(terms, self._office, self._room)
            flights = Flights(self._flights_block, self._office, terms.name)
            self.programmes[terms.name] = Programme(terms, quota, flights)
        return self.programmes[terms.name].quota

    def close(self, policy: str, *, finish: bool = False) -> None:
        """End a policy: select nobody more and release everyone in its procedure.

        Parameters
        ----------
        policy
            Its name.
        finish
            Lead the open cases to their end instead of releasing people.
        """
        programme = self.programmes.get(policy)
        if programme is None or (programme.quota.weekly == 0.0 and programme.quota.open == 0):
            return
        programme.quota.stop()
        if finish:
            return
        for row in [row for row, name in self._policy_of.items() if name == policy]:
            self.cases[row].leave(ENDED)

    def returned_under(self, policy: str) -> int:
        """Return how many people a policy has handed over so far."""
        programme = self.programmes.get(policy)
        return programme.quota.returned if programme else 0

    # what the other authorities call

    def priority(self, policy: str) -> int:
        """Return a policy's place among those that want people detained; lower comes first.

        Raises
        ------
        InputError
            If it has not opened a programme.
        """
        if policy not in self.programmes:
            raise unknown("returns policy", policy, self.programmes)
        return self.programmes[policy].terms.priority

    def begin(self, policy: str, wanted: Rows, free: Rows) -> Rows:
        """Detain for a policy as many as its quota and the room left allow.

        Parameters
        ----------
        policy
            Name of the policy; it must have opened a programme.
        wanted
            People in short-term holding whom it wants detained.
        free
            Those of them whom no other policy has detained.

        Returns
        -------
        ndarray of int
            The rows whose cases were opened; the rest stay with the caller.
        """
        programme = self.programmes[policy]
        programme.quota.note_eligible(wanted.size)
        taken = programme.quota.select(free)
        if taken.size == 0:
            return taken
        people = self._people
        if programme.terms.summary:
            self._expel(programme, taken)
            return taken
        landed = people.since[taken]
        for row, plan, since in zip(
            taken.tolist(), self._plans(programme, taken), landed.tolist(), strict=True
        ):
            self._open_case(programme, row, plan, since)
        place = place_or_none(self._office.places.detention)
        people.move(taken, State.DETAINED, self._clock.now, place)
        self._office.tally.count_by("selected", people.group[taken])
        self._office.tally.count_by("detained", people.group[taken])
        programme.quota.begun(taken.size)
        last_noon = np.floor(landed + self._block.limit_days).astype(np.int64)
        self._limits.put(taken, np.maximum(last_noon, self._clock.day + 1))  # today's have been looked at
        return taken

    def _expel(self, programme: Programme, rows: Rows) -> None:
        """Hand people over on the spot."""
        self._people.move(rows, State.DETAINED, self._clock.now)
        self._office.tally.count_by("selected", self._people.group[rows])
        programme.quota.begun(rows.size)
        self._arrive(programme, rows)

    def noon(self, day: int) -> None:
        """Set today's number of caseworkers, release those whose time ran out, then fly."""
        self._staff()
        for row in self._limits.take(day).tolist():
            case = self.cases.get(row)
            if case is not None and day + 1 > case.landed + self._block.limit_days:
                case.leave(LIMIT)
        for programme in self.programmes.values():
            if programme.quota.open and programme.flights.due(day):
                programme.flights.depart(day, min(programme.quota.seats, self._taken_in(programme.terms)))
        # Those given a seat wake at this instant, before what is asked for now.
        if any(programme.flights.count for programme in self.programmes.values()):
            self._clock.at(self._clock.now, self._hand_over)

    def charge(self) -> None:
        """Charge a day of the office and of the beds."""
        self.detention.charge(self._office.tally)
        if any(each.quota.weekly or each.quota.open for each in self._with_procedure()):
            self._office.tally.spend("casework", float(self._employed) * self._block.caseworker_cost)

    def stages(self) -> list[StageReport]:
        """Return the figures of every stage, in the order in which people reach them."""
        flights = [programme.flights.report() for programme in self._with_procedure()]
        return [*(log.report() for log in self.procedure.logs), *flights]

    def _with_procedure(self) -> list[Programme]:
        return [programme for programme in self.programmes.values() if not programme.terms.summary]

    # one case

    def _taken_in(self, terms: Terms) -> float:
        """Return how many more people the partner's reception can take today."""
        if terms.reception_places is None:
            return math.inf
        people = self._people
        there = (people.state == State.RECEPTION) & (people.place == terms.place)
        places = terms.reception_places // people.stands_for
        return people.stands_for * max(0, places - int(np.count_nonzero(there)))

    def _room(self) -> int:
        self._opened = [case for case in self._opened if not case.begun]
        return self.procedure.room(len(self._opened))

    def _staff(self) -> None:
        self._employed = round(self._block.caseworkers * self._office.levers.caseworkers)
        staff = rows_for(self._employed, self._people.stands_for)
        if staff != self.procedure.caseworkers.capacity:
            self.procedure.caseworkers.resize(staff)

    def _plans(self, programme: Programme, rows: Rows) -> list[Plan]:
        people = self._people
        luck = self._office.streams.uniforms("returns", people.key[rows], people.arrivals[rows], DRAWS)
        known = np.where(people.returns[rows] > 0, self._block.repeat_speed, 1.0)
        return plans(self._block, luck, programme.terms.speed * known)

    def _open_case(self, programme: Programme, row: int, plan: Plan, landed: float) -> None:
        name = programme.terms.name
        case = Case(self._clock, row, int(self._people.key[row]), programme.terms.priority, landed)
        case.request(self.detention)
        self.cases[row] = case
        self._opened.append(case)
        self._policy_of[row] = name

        def steps() -> Steps:
            return self.procedure.steps(case, plan, programme.flights)

        case.start(steps, lambda outcome: self._end_case(programme, row, outcome))

    def _end_case(self, programme: Programme, row: int, outcome: str) -> None:
        del self.cases[row], self._policy_of[row]
        if outcome == DONE:
            self._aboard.setdefault(programme.terms.name, []).append(row)
            return
        rows = np.array([row], dtype=np.intp)
        programme.quota.settle(returned=False)
        groups = self._people.group[rows]
        self._office.tally.count_by("bailed", groups)
        self._office.news.news_only("return", groups, False)
        self._exits.release(rows, self._clock.now)

    def _hand_over(self) -> None:
        """Hand over everyone aboard today's flights, policy by policy."""
        aboard, self._aboard = self._aboard, {}
        for name, rows in aboard.items():
            self._arrive(self.programmes[name], np.array(rows, dtype=np.intp))

    def _arrive(self, programme: Programme, rows: Rows) -> None:
        people, tally, terms = self._people, self._office.tally, programme.terms
        groups, again = people.group[rows], people.returns[rows] > 0
        people.returns[rows] += 1
        people.move(rows, terms.handover, self._clock.now, place_or_none(terms.place))
        for row in rows.tolist():
            programme.quota.settle(returned=True)
            self._exits.on_return(terms.name, row)
        if terms.handover is State.RECEPTION:
            tally.count_by("returned", groups)
            tally.count_by("returned_again", groups[again])
            self._office.news.witness("return", rows, True)
            self._exits.after_return(rows, self._clock.day)
        else:
            tally.count_by("removed", groups)
            self._office.news.news_only("return", groups, True)
