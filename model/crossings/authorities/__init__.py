"""The state ashore: holding, detention and return, the legal route, asylum.

`Authorities` is the house; the model builds one and talks to nothing behind it except through
`Authorities.returns` and `Authorities.legal_route`, which policies use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.authorities.asylum import Asylum, AsylumBlock
from crossings.authorities.detention import Detention, DetentionBlock
from crossings.authorities.flights import Flights, FlightsBlock
from crossings.authorities.holding import Holding, HoldingBlock, Triage
from crossings.authorities.ledger import LedgerError, PlaceLedger
from crossings.authorities.legal_route import Admissions, LegalRouteBlock, Route
from crossings.authorities.office import News, Office, StatePlaces
from crossings.authorities.procedure import ProcedureBlock
from crossings.authorities.quotas import Quota, Terms
from crossings.authorities.returns import Exits, Returns
from crossings.authorities.stage_log import StageLog, StageReport
from crossings.authorities.stages import Claim, Delay, Stage
from crossings.hooks import Rows
from crossings.parameters import Block
from crossings.population import State

__all__ = [
    "Admissions",
    "Asylum",
    "AsylumBlock",
    "Authorities",
    "AuthoritiesBlock",
    "Claim",
    "Connections",
    "Delay",
    "Detention",
    "DetentionBlock",
    "Exits",
    "Flights",
    "FlightsBlock",
    "Holding",
    "HoldingBlock",
    "LedgerError",
    "LegalRouteBlock",
    "News",
    "Office",
    "PlaceLedger",
    "ProcedureBlock",
    "Quota",
    "Returns",
    "Route",
    "Stage",
    "StageLog",
    "StageReport",
    "StatePlaces",
    "Terms",
]


class AuthoritiesBlock(Block):
    """Parameters of every authority."""

    holding: HoldingBlock = HoldingBlock()
    detention: DetentionBlock = DetentionBlock()
    returns: ProcedureBlock = ProcedureBlock()
    flights: FlightsBlock = FlightsBlock()
    legal_route: LegalRouteBlock = LegalRouteBlock()
    asylum: AsylumBlock = AsylumBlock()


@dataclass(frozen=True)
class Connections:
    """What the authorities call in the rest of the world.

    Attributes
    ----------
    triage
        Asks the policies whom they want detained: rows -> [(policy, rows)], in the scenario's order.
    returned
        Told of every person handed over under a policy.
    after_return
        Takes people handed over to a reception, who may choose again: ``after_return(rows, day)``.
    back_to_camp
        Told of people sent back to the camp by the legal route, who will choose again.
    """

    triage: Triage
    returned: Callable[[int], object]
    after_return: Callable[[Rows, int], None]
    back_to_camp: Callable[[Rows], None]


class Authorities:
    """All authorities of one run.

    Parameters
    ----------
    block
        Their parameters.
    office
        The run they work in.
    connections
        What they call in the rest of the world.
    grant_chance
        Chance of asylum at the first decision, one for each group.
    """

    def __init__(
        self, block: AuthoritiesBlock, office: Office, connections: Connections, grant_chance: ArrayLike
    ) -> None:
        self._office = office
        self._connections = connections
        self.asylum = Asylum(block.asylum, office, grant_chance)
        self.detention = Detention(block.detention, office.clock, office.population.stands_for)
        exits = Exits(self.asylum.enter, connections.after_return, self._on_return)
        self.returns = Returns(block.returns, block.flights, office, self.detention, exits)
        self.holding = Holding(block.holding, office, connections.triage, self.returns, self.asylum)
        self.legal_route = Admissions(
            block.legal_route, office, self.returns.returned_under, connections.back_to_camp
        )

    def land(self, rows: Rows, time: float) -> None:
        """Take in people who have just landed from a boat."""
        self.holding.land(rows, time)

    def may_apply(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell who of some people may apply for the legal route today."""
        return self.legal_route.may_apply(rows)

    def may_apply_at_home(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell who of some people at their origin may apply there today."""
        return self.legal_route.may_apply_at_home(rows)

    def noon(self, day: int) -> None:
        """Do the day's work; called once every noon after policies have acted."""
        self.detention.noon(self._office.levers)
        self.returns.noon(day)
        self.asylum.noon(day)
        self.holding.noon(day)
        self.legal_route.noon(day)
        self.legal_route.check()
        for room in (self.holding, self.returns, self.asylum):
            room.charge()

    def record(self) -> None:
        """Report today's stocks; called at the end of the afternoon."""
        counts, level = self._office.population.counts, self._office.tally.level
        level("held", float(counts[State.HELD]))
        level("detained_stock", float(self.detention.count))  # who leaves at this instant has left the bed
        level("asylum_backlog", float(self.asylum.backlog()))
        level("reception", float(counts[State.RECEPTION]))
        level("legal_queue", float(counts[State.APPLIED]))
        level("vetting", float(counts[State.VETTING]))
        level("places_unused", self.legal_route.unused)

    def check(self) -> None:
        """Raise unless every ledger balances and open cases are where their people are."""
        counts = self._office.population.counts
        self.legal_route.check()
        each = self._office.population.stands_for
        vetting = sum(route.ledger.vetting for route in self.legal_route.routes.values())
        held = (len(self.returns.cases), vetting)
        if held != (int(counts[State.DETAINED]), int(counts[State.VETTING]) * each):
            raise LedgerError(
                f"open cases {held} against people detained {counts[State.DETAINED]} "
                f"and in vetting {counts[State.VETTING]}"
            )

    def stages(self) -> list[StageReport]:
        """Return queue, time and exits of every stage so far."""
        return [*self.returns.stages(), *self.legal_route.stages()]

    def _on_return(self, policy: str, row: int) -> None:
        self.legal_route.on_return(policy)
        self._connections.returned(row)
