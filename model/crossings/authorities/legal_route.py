"""Legal admission: applications from people who have not crossed, a weekly lottery, vetting, transfer.

Those who apply wait in one pool. Once a week every open route draws as many as it has unused
places, of those it is meant for; the lottery goes by a rank that each person draws for that week, so
nobody's luck depends on who else applied. A vetting officer takes up each case, checks take their time,
and whoever is confirmed is admitted after a transfer; the place of anyone else is free again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from crossings.authorities.cases import Case, Released, Steps
from crossings.authorities.ledger import PlaceLedger
from crossings.authorities.office import Office, place_or_none
from crossings.authorities.stage_log import DONE, StageReport
from crossings.authorities.stages import Delay, Stage
from crossings.hooks import Rows
from crossings.parameters import Block, param
from crossings.population import State, rows_for
from crossings.streams import lognormal

YEAR = 365.25


class LegalRouteBlock(Block):
    """Lottery, vetting and transfer of the legal route."""

    draw_weekday: int = param(
        0,
        "Day of the week of the lottery, 0 for Monday",
        unit="weekday",
        low=0,
        high=6,
        min_value=0,
        max_value=6,
    )
    officers: int = param(20, "Officers who vet applicants", unit="person", low=8, high=60, min_value=1)
    officer_days: float = param(
        1.5, "Median time of an officer for one applicant", unit="day", low=0.5, high=4.0, min_value=0.0
    )
    check_days: float = param(
        16.0,
        "Median time of the checks that follow",
        unit="day",
        low=7.0,
        high=45.0,
        source="assumed; admissions followed returns by about a month in the pilot",
        min_value=0.0,
    )
    spread: float = param(
        0.4,
        "Standard deviation of the logarithm of both times",
        unit="log",
        low=0.2,
        high=0.8,
        min_value=0.0,
        max_value=5,
    )
    confirmed: float = param(
        0.9,
        "Chance that the UK connection and the identity are confirmed",
        low=0.7,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )
    transfer_days: float = param(
        7.0, "Time from confirmation to arrival by air", unit="day", low=2.0, high=21.0, min_value=0.0
    )
    cost_per_vetting: float = param(
        600.0, "Vetting of one applicant", unit="GBP", low=200.0, high=1500.0, min_value=0.0
    )
    cost_per_transfer: float = param(
        500.0, "Transfer of one person by air", unit="GBP", low=200.0, high=1500.0, min_value=0.0
    )


@dataclass
class Route:
    """One policy's legal route: its ledger and whether it is open.

    Attributes
    ----------
    name
        Name of the policy.
    ledger
        Its places.
    matched_to
        Name of the policy whose returns earn places, or None.
    groups
        Codes of the groups it is meant for; empty for all.
    ties
        Whether it asks for a connection to the country that can be verified.
    at_home
        Whether one applies before the journey, and only then.
    open
        Whether people may apply and be drawn today.
    admitted_on
        Admissions by model day.
    seats
        What people wait for before their transfer, where transfers are limited; else None.
    """

    name: str
    ledger: PlaceLedger
    matched_to: str | None
    groups: tuple[int, ...]
    ties: bool
    at_home: bool
    open: bool = False
    admitted_on: dict[int, int] = field(default_factory=dict)
    seats: Stage | None = None

    def admitted_within(self, day: int, days: int) -> int:
        """Return the admissions of the `days` before a day."""
        return sum(self.admitted_on.get(k, 0) for k in range(day - days, day))


class Admissions:
    """The office that runs every legal route.

    Parameters
    ----------
    block
        Lottery, vetting and transfer.
    office
        The run.
    returned_under
        Returns how many people a policy has handed over so far.
    back_to_camp
        Told of people sent back to the camp, who will choose again.
    """

    def __init__(
        self,
        block: LegalRouteBlock,
        office: Office,
        returned_under: Callable[[str], int],
        back_to_camp: Callable[[Rows], None],
    ) -> None:
        self.routes: dict[str, Route] = {}
        self.cases: dict[int, Case] = {}
        """Open vetting cases by row."""
        self._each = office.population.stands_for
        self.officers = Stage(office.clock, "vetting officers", rows_for(block.officers, self._each))
        self.checks = Delay(office.clock, "checks")
        self.transfer = Delay(office.clock, "transfer")
        self._block = block
        self._office = office
        self._people = office.population
        self._returned_under = returned_under
        self._back_to_camp = back_to_camp

    # what policies call

    def route(
        self,
        name: str,
        matched_to: str | None,
        matching: float,
        advance_places: int,
        *,
        groups: tuple[int, ...] = (),
        ties: bool = True,
        at_home: bool = False,
        limited: bool = False,
    ) -> Route:
        """Return a policy's route, opening its ledger the first time.

        Parameters
        ----------
        name
            Of the policy.
        matched_to
            Name of the policy whose returns earn places, or None.
        matching, advance_places
            See `PlaceLedger`.
        groups, ties, at_home
            See `Route`.
        limited
            Whether people wait for their transfer until `transfer_up_to` lets them go.
        """
        if name not in self.routes:
            ledger = PlaceLedger(matching if matched_to else 0.0, advance_places)
            if matched_to:
                ledger.returned(self._returned_under(matched_to))
            self.routes[name] = Route(name, ledger, matched_to, groups, ties, at_home)
            if limited:
                self.routes[name].seats = Stage(self._office.clock, f"transfer seats {name}", 0)
        return self.routes[name]

    @property
    def transfer_days(self) -> float:
        """Time from leaving for the UK to arriving there."""
        return self._block.transfer_days

    def transfer_up_to(self, name: str, number: float) -> None:
        """Let people of a limited route go who are confirmed, up to so many since it opened."""
        seats = self.routes[name].seats
        if seats is not None:
            seats.resize(max(0, int(number / self._each + 1e-6) - seats.log.served))
            seats.resize(0)

    # what the other authorities and the people call

    @property
    def open(self) -> bool:
        """Whether anyone may apply today."""
        return any(route.open for route in self.routes.values())

    def on_return(self, policy: str) -> None:
        """Earn places by one confirmed return under a policy."""
        for route in self.routes.values():
            if route.matched_to == policy:
                route.ledger.returned(self._each)

    def noon(self, day: int) -> None:
        """Hold the lottery on its day; send applicants back once no route is open."""
        if not self.routes:
            return
        if not self.open:
            self._send_back(self._people.rows_in(State.APPLIED))
        elif self._office.clock.date(day).weekday() == self._block.draw_weekday:
            self._hold_lottery(day)

    def check(self) -> None:
        """Raise `LedgerError` unless every ledger balances and agrees with where people are."""
        for route in self.routes.values():
            route.ledger.check()

    def stages(self) -> list[StageReport]:
        """Return the figures of every stage, in the order in which people reach them."""
        limited = [route.seats.log for route in self.routes.values() if route.seats is not None]
        return [log.report() for log in (self.officers.log, self.checks.log, *limited, self.transfer.log)]

    @property
    def unused(self) -> float:
        """Places of all routes that nobody has been given."""
        return sum(route.ledger.unused for route in self.routes.values())

    # lottery

    def _hold_lottery(self, day: int) -> None:
        pool = self._people.rows_in(State.APPLIED)
        pool = pool[self.may_apply(pool)]
        if pool.size == 0:
            return
        keys = self._people.key[pool]
        rank = self._office.streams.uniform("legal lottery", keys, self._office.clock.ordinal(day))
        order = np.lexsort((keys, rank))
        pool, rank = pool[order], rank[order]
        drawn = np.zeros(pool.size, dtype=bool)
        for route in (route for route in self._open_routes() if not route.at_home):
            places = route.ledger.available // self._each
            first = np.flatnonzero(~drawn & self._meant_for(route, pool))[:places]
            drawn[first] = True
            self._draw(route, pool[first])
        self._tell_the_undrawn(pool[~drawn], rank[~drawn])

    def may_apply(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell who of some people at the coast may apply today: those whom an open route is meant for."""
        return self._may_apply(rows, at_home=False)

    def may_apply_at_home(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell who of some people at their origin may apply there today."""
        return self._may_apply(rows, at_home=True)

    def _may_apply(self, rows: Rows, *, at_home: bool) -> NDArray[np.bool_]:
        may = np.zeros(rows.size, dtype=bool)
        for route in self._open_routes():
            if route.at_home == at_home:
                may |= self._meant_for(route, rows)
        return may

    def _meant_for(self, route: Route, rows: Rows) -> NDArray[np.bool_]:
        """Tell who is of the groups of a route, has the ties it asks for, and has never crossed."""
        people = self._people
        meant = people.arrivals[rows] == 0
        if route.ties:
            meant &= people.ties[rows]
        if route.groups:
            meant &= np.isin(people.group[rows], route.groups)
        return np.asarray(meant)

    def _open_routes(self) -> Iterator[Route]:
        return (route for route in self.routes.values() if route.open)

    def _draw(self, route: Route, rows: Rows) -> None:
        if rows.size == 0:
            return
        people, block = self._people, self._block
        people.move(rows, State.VETTING, self._office.clock.now)
        route.ledger.draw(rows.size * self._each)
        self._office.tally.spend("legal_route", rows.size * block.cost_per_vetting)
        today = self._office.clock.ordinal(self._office.clock.day)
        luck = self._office.streams.uniforms("vetting", people.key[rows], today, 3)
        work = lognormal(luck[0], block.officer_days, block.spread)
        checks = lognormal(luck[1], block.check_days, block.spread)
        confirmed = luck[2] < block.confirmed
        for values in zip(rows.tolist(), work.tolist(), checks.tolist(), confirmed.tolist(), strict=True):
            self._open_case(route, *values)

    def _tell_the_undrawn(self, rows: Rows, rank: np.ndarray[tuple[int], np.dtype[np.float64]]) -> None:
        """Let a week's share of those not drawn count their year as waited in vain."""
        in_vain = rows[rank > 1.0 - 7.0 / YEAR]
        if in_vain.size:
            self._office.news.witness("legal", in_vain, False)

    # vetting

    def _open_case(self, route: Route, row: int, work: float, checks: float, confirmed: bool) -> None:
        case = Case(self._office.clock, row, int(self._people.key[row]))
        self.cases[row] = case
        case.start(
            lambda: self._steps(route, case, work, checks, confirmed),
            lambda outcome: self._end_case(route, row, outcome),
        )

    def _steps(self, route: Route, case: Case, work: float, checks: float, confirmed: bool) -> Steps:
        env = self._office.clock.env
        with case.request(self.officers) as officer:
            yield officer
            yield env.timeout(work)
        with self.checks.passing():
            yield env.timeout(checks)
            if not confirmed:
                raise Released("not confirmed")
        if route.seats is not None:
            with case.request(route.seats) as seat:
                yield seat
        with self.transfer.passing():
            yield env.timeout(self._block.transfer_days)

    def _end_case(self, route: Route, row: int, outcome: str) -> None:
        del self.cases[row]
        rows, now = np.array([row], dtype=np.intp), self._office.clock.now
        groups, tally, news = self._people.group[rows], self._office.tally, self._office.news
        if outcome == DONE:
            self._people.move(rows, State.ADMITTED, now, place_or_none(self._office.places.legal_entry))
            route.ledger.admit(self._each)
            day = self._office.clock.day
            route.admitted_on[day] = route.admitted_on.get(day, 0) + self._each
            tally.count_by("admitted", groups)
            tally.spend("legal_route", self._block.cost_per_transfer)
            news.news_only("legal", groups, True)
        else:
            route.ledger.fail(self._each)
            tally.count_by("vetting_failed", groups)
            news.witness("legal", rows, False)
            self._send_back(rows)

    def _send_back(self, rows: Rows) -> None:
        if rows.size:
            self._people.move(rows, State.CAMP, self._office.clock.now)
            self._back_to_camp(rows)
