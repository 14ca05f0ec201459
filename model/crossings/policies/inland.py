"""Checks elsewhere than at the beaches: at workplaces in the UK and on lorries."""

from __future__ import annotations

from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Policy, World, register


@register
class WorkplaceEnforcement(Policy):
    """Inspect more workplaces: the crackdown on illegal working."""

    visits: float = param(
        1.51,
        "Multiple of workplace visits, once at full strength",
        low=1.0,
        high=4.0,
        source="Home Office: visits up by 51% in a year",
        min_value=0.0,
        max_value=100.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the visits."""
        levers.inspections *= 1.0 + (self.visits - 1.0) * self.strength(world.clock, day)


@register
class LorrySecurity(Policy):
    """Check more lorries at the ports."""

    checks: float = param(
        1.2,
        "Multiple of the chance that an attempt in a lorry is stopped, once at full strength",
        low=1.0,
        high=2.0,
        min_value=0.0,
        max_value=100.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the chance."""
        levers.lorry_checks *= 1.0 + (self.checks - 1.0) * self.strength(world.clock, day)
