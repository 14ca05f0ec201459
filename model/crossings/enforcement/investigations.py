"""Investigations: long cases against networks, and now and then against a supplier.

Every case is a SimPy process of its own, some fourteen to eighteen months from opening to arrests.
So what happens to networks this month was decided last year; more teams today mean more arrests
only when their cases are ripe; and a case may be overtaken because its network has gone. A case that
succeeds breaks the network up, or takes a share of its people and boats.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crossings._mesa import BaseAgent
from crossings.parameters import Block, param
from crossings.streams import identity, lognormal

if TYPE_CHECKING:
    from crossings._mesa import TableModel
    from crossings.clock import Clock
    from crossings.hooks import Levers, Tally
    from crossings.smuggling import Smuggling
    from crossings.streams import Streams

NETWORK, SUPPLIER = "network", "supplier"
_CASES = 1 << 16  # more than any team opens in a run


class InvestigationsBlock(Block):
    """How many cases there are, how long they take, and how they end."""

    teams: int = param(
        10, "Teams that work on networks", unit="teams", low=4, high=20, min_value=0, max_value=1_000
    )
    cases_per_team: int = param(
        4, "Cases a team works on at a time", unit="cases/team", low=1, high=6, min_value=1, max_value=100
    )
    case_days: float = param(
        487.0,
        "Median time from opening a case to arrests",
        unit="days",
        low=420,
        high=550,
        min_value=1,
        source="14-18 months (Europol, Feb 2024)",
    )
    case_sigma: float = param(
        0.15, "Log standard deviation of that time", low=0.05, high=0.4, min_value=0, max_value=5
    )
    supplier_share: float = param(
        0.03,
        "Share of cases that are against a supplier",
        low=0.0,
        high=0.15,
        min_value=0,
        max_value=1,
        source="assumed; one large supplier was arrested in Nov 2024 (NCA)",
    )
    dismantled: float = param(
        0.55,
        "Chance that a case breaks its network up",
        low=0.3,
        high=0.8,
        min_value=0,
        max_value=1,
        source="set with the number of cases: France dismantled 22 networks in 2024 (Europe 1, Feb 2025)",
    )
    disrupted: float = param(
        0.3,
        "Chance that it takes a share of the network instead",
        low=0.1,
        high=0.5,
        min_value=0,
        max_value=1,
    )
    disruption_days: float = param(
        35.0,
        "Time a disrupted network cannot work",
        unit="days",
        low=14,
        high=90,
        min_value=0,
        source="volume back in 0-4 months after the large arrests of 2022 and 2024 (weekly arrivals)",
    )
    disruption_share: float = param(
        0.5, "Share of crews and boats it loses", low=0.2, high=0.9, min_value=0, max_value=1
    )
    team_cost: float = param(
        6_000.0, "Cost of one team for a day", unit="GBP/team/day", low=2_000, high=12_000, min_value=0
    )


@dataclass(frozen=True)
class Case:
    """One investigation: against the network of a serial in a slot, or against a supplier."""

    number: int
    kind: str
    target: int
    serial: int
    opened: float
    due: float


class InvestigationTeam(BaseAgent):
    """One team and its open cases."""

    def __init__(self, model: TableModel, number: int) -> None:
        super().__init__(model)
        self.number = number
        self.cases: list[Case] = []
        self.closed = 0
        self.successes = 0


class Investigations:
    """All teams and cases.

    Parameters
    ----------
    model
        The Mesa model in which teams are agents.
    block
        Parameters.
    streams, clock
        The run's random numbers and clock.
    smuggling
        The networks and suppliers investigated.
    tally, levers
        Where costs go, and the policy levers read (`investigations`, `suppliers_arrested`,
        `networks_arrested`).
    """

    def __init__(
        self,
        model: TableModel,
        block: InvestigationsBlock,
        streams: Streams,
        clock: Clock,
        smuggling: Smuggling,
        tally: Tally,
        levers: Levers,
    ) -> None:
        self.block = block
        self._model = model
        self._streams, self._clock, self._smuggling = streams, clock, smuggling
        self._tally, self._levers = tally, levers
        self._opened: Counter[int] = Counter()  # cases so far, by number of the team
        self._against: Counter[int] = Counter()  # open cases against networks, by serial
        self._days, self._effort = 0, 0.0  # since staffing was last reviewed, and the lever summed over them
        self.teams: list[InvestigationTeam] = []
        self._employ(block.teams)

    def open(self) -> None:
        """Let teams begin with cases against the first networks, some of them nearly done."""
        for team in self.teams:
            self._fill(team, already_running=True)

    def daily(self, day: int) -> None:
        """Pay for the day, note how many teams are wanted, and make the arrests set for today."""
        self._days += 1
        self._effort += self._levers.investigations
        self._tally.spend("investigations", len(self.teams) * self.block.team_cost)
        for _ in range(self._levers.suppliers_arrested):
            self._arrest_largest_supplier()
        for _ in range(self._levers.networks_arrested):
            self._arrest_largest_network()

    def _arrest_largest_supplier(self) -> None:
        supply = self._smuggling.supply
        if supply.working.any():
            supply.remove(int(np.argmax(np.where(supply.working, supply.shares, -1.0))))

    def _arrest_largest_network(self) -> None:
        alive = self._smuggling.networks.alive
        if alive.any():
            self._smuggling.dismantle(int(np.argmax(np.where(alive, self._smuggling.size(), -1.0))))

    def staff(self, day: int) -> None:
        """Bring the number of teams to what is wanted, and open cases where there is time for them."""
        effort = self._effort / self._days if self._days else self._levers.investigations
        self._days, self._effort = 0, 0.0
        self._employ(int(np.rint(self.block.teams * effort)))
        for team in self.teams:
            self._fill(team)

    def _employ(self, teams: int) -> None:
        """Add teams, or let those go that came last; the cases of a team that goes are dropped."""
        while len(self.teams) < teams:
            self.teams.append(InvestigationTeam(self._model, len(self.teams)))
        while len(self.teams) > teams:
            team = self.teams.pop()
            for case in list(team.cases):
                self._close(team, case)
            team.remove()

    def _close(self, team: InvestigationTeam, case: Case) -> None:
        team.cases.remove(case)
        if case.kind == NETWORK:
            self._against[case.serial] -= 1

    def _fill(self, team: InvestigationTeam, already_running: bool = False) -> None:
        for _ in range(self.block.cases_per_team - len(team.cases)):
            if not self._open(team, already_running):
                return

    def _open(self, team: InvestigationTeam, already_running: bool) -> bool:
        """Open one case; return False where there is nobody left to investigate."""
        number = self._opened[team.number]
        key = identity("case", team.number, number)
        luck = self._streams.uniforms("case", key, 0, 4)[:, 0]
        target = self._target(luck[0], team.number * _CASES + number)
        if target is None:
            return False
        self._opened[team.number] += 1
        kind, slot, serial = target
        days = float(lognormal(luck[1], self.block.case_days, self.block.case_sigma))
        # Cases of the first day have been open for some time already: any part of it, alike.
        left = days * float(luck[3]) if already_running else days
        now = self._clock.now
        case = Case(number, kind, slot, serial, now - (days - left), now + left)
        team.cases.append(case)
        if kind == NETWORK:
            self._against[serial] += 1
        self._clock.env.process(self._investigate(team, case, float(luck[2])))
        return True

    def _target(self, what: float, occasion: int) -> tuple[str, int, int] | None:
        """Choose whom to investigate: the larger the business the likelier, who is not yet a target first."""
        networks, supply = self._smuggling.networks, self._smuggling.supply
        if what < self.block.supplier_share and (supply.shares * supply.working).any():
            return (
                SUPPLIER,
                self._pick("supplier", np.where(supply.working, supply.shares, 0.0), occasion),
                -1,
            )
        fresh = np.array([self._against[serial] == 0 for serial in networks.serial.tolist()])
        size = np.where(networks.alive, 1.0 + self._smuggling.size(), 0.0)
        weight = np.where(fresh, size, 0.0)
        if not weight.any():
            weight = size
        if not weight.any():
            return None
        slots = np.flatnonzero(weight)
        slot = int(slots[self._streams.pick("case.target", networks.keys(slots), occasion, weight[slots])])
        return NETWORK, slot, int(networks.serial[slot])

    def _pick(self, kind: str, weight: NDArray[np.float64], occasion: int) -> int:
        keys = identity(kind, 0, np.arange(len(weight)))
        return self._streams.pick(f"case.{kind}", keys, occasion, weight)

    def _investigate(self, team: InvestigationTeam, case: Case, luck: float) -> Generator[Any, Any, None]:
        """Work on one case until it is ripe, and act: a SimPy process."""
        yield self._clock.env.timeout(case.due - self._clock.now)
        if case not in team.cases:  # the team was let go meanwhile
            return
        self._close(team, case)
        team.closed += 1
        team.successes += self._act(case, luck)

    def _act(self, case: Case, luck: float) -> bool:
        """Break the target up, take a share of it, or come away with nothing."""
        block, smuggling = self.block, self._smuggling
        if luck >= block.dismantled + block.disrupted:
            return False
        if case.kind == SUPPLIER:
            smuggling.supply.remove(case.target)
        elif not smuggling.networks.is_same(case.target, case.serial):
            return False
        elif luck < block.dismantled:
            smuggling.dismantle(case.target)
        else:
            smuggling.disrupt(case.target, block.disruption_days, block.disruption_share)
        return True
