"""Arrests on one day: the largest suppliers of boats, or the largest networks, are taken out together.

Investigations bring such a day about now and then by themselves (`crossings.enforcement`). Here it has
a date: what did, or would, the arrest of the supplier of half the boats change?
"""

from __future__ import annotations

from collections.abc import Mapping

from crossings.errors import InputError
from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Corridor, Policy, World, register


@register
class CoordinatedArrests(Policy):
    """Take out the largest suppliers or networks on the date of its start."""

    suppliers: int = param(
        1,
        "Suppliers of boats taken out, the largest first",
        unit="suppliers",
        low=0,
        high=2,
        min_value=0,
        max_value=1000,
        source="Nov 2024: the supplier of about half of the boats was arrested (NCA)",
    )
    networks: int = param(
        0,
        "Networks broken up, the largest first",
        unit="networks",
        low=0,
        high=10,
        min_value=0,
        max_value=1000,
    )

    cost: float = param(
        1_000_000.0,
        "Cost of the day, prosecutions included",
        unit="GBP",
        low=200_000.0,
        high=5_000_000.0,
        min_value=0.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Order the arrests on its day."""
        if self._is_today(world, day):
            levers.suppliers_arrested += self.suppliers
            levers.networks_arrested += self.networks

    def at_afternoon(self, world: World, day: int) -> None:
        """Pay for its day."""
        if self._is_today(world, day):
            world.tally.spend("investigations", self.cost)

    def _is_today(self, world: World, day: int) -> bool:
        return self.start is not None and day == world.clock.day_of(self.start)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless it has a date, and nothing that a single day cannot have."""
        if self.start is None:
            raise InputError(f"policies.{self.name}.start: expected the date of the arrests")
        if self.end is not None or self.ramp_days > 0:
            raise InputError(f"policies.{self.name}: expected neither end nor ramp_days, for it is one day")
