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
        "What the chance that a try by lorry succeeds is divided by, once at full strength",
        low=1.0,
        high=2.0,
        min_value=0.0,
        max_value=100.0,
    )
    cost_per_day: float = param(
        100_000.0,
        "Cost of as many checks again, once at full strength; fewer checks save nothing",
        unit="GBP/day",
        low=30_000.0,
        high=300_000.0,
        min_value=0.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Divide the chance."""
        levers.lorry_checks *= 1.0 + (self.checks - 1.0) * self.strength(world.clock, day)

    def at_afternoon(self, world: World, day: int) -> None:
        """Charge a day of the added checks."""
        added = max(0.0, self.checks - 1.0) * self.strength(world.clock, day)
        if added > 0.0:
            world.tally.spend("lorry_checks", self.cost_per_day * added)
