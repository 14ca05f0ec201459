"""Detention for return: a fixed number of beds, the scarcest thing in the procedure.

With Poisson arrivals and unlimited patience the beds are the queue M/M/c; where nobody waits they
are Erlang's loss system, whose share turned away depends on the stay only through its mean. Both
are tested on this class.
"""

from __future__ import annotations

from crossings.authorities.stages import Stage
from crossings.clock import Clock
from crossings.hooks import Levers, Tally
from crossings.parameters import Block, param
from crossings.population import rows_for


class DetentionBlock(Block):
    """Beds set aside for returns."""

    beds: int = param(
        400,
        "Detention beds set aside for people to be returned",
        unit="bed",
        low=200,
        high=800,
        source="assumed: about 18% of some 2,200 beds in the country; enough for 50 returns a week",
        min_value=0,
    )
    cost_per_day: float = param(
        120.0,
        "Cost of an occupied bed",
        unit="GBP/day",
        low=99.0,
        high=130.0,
        source="Home Office, average cost of immigration detention per day",
        min_value=0.0,
    )


class Detention(Stage):
    """The beds set aside for returns, as a resource shared by all policies that detain.

    Parameters
    ----------
    block
        Number of beds and their cost.
    clock
        The run's clock.
    stands_for
        People that each who is detained stands for.
    """

    def __init__(self, block: DetentionBlock, clock: Clock, stands_for: int = 1) -> None:
        super().__init__(clock, "detention", rows_for(block.beds, stands_for))
        self._block = block
        self._stands_for = stands_for
        self._charged = 0.0

    def noon(self, levers: Levers) -> None:
        """Set today's number of beds."""
        beds = rows_for(round(self._block.beds * levers.detention_beds), self._stands_for)
        if beds != self.capacity:
            self.resize(beds)

    def charge(self, tally: Tally) -> None:
        """Charge the bed-days since the last charge."""
        self.log.tick()
        tally.spend("detention", (self.log.used_days - self._charged) * self._block.cost_per_day)
        self._charged = self.log.used_days
