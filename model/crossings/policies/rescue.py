"""More, or less, rescue at sea."""

from __future__ import annotations

from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Policy, World, register


@register
class SeaRescue(Policy):
    """Change how many boats stand by to rescue people in distress, on either side of the water.

    Rescue boats are paid for day by day, so fewer of them save what they cost.
    """

    rescue: float = param(
        2.0,
        "Multiple of rescue boats on the UK side, once at full strength",
        low=0.0,
        high=5.0,
        min_value=0.0,
        max_value=100.0,
    )
    french: float = param(
        1.0,
        "Multiple of rescue boats on the French side, once at full strength",
        low=0.0,
        high=5.0,
        min_value=0.0,
        max_value=100.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply rescue boats."""
        strength = self.strength(world.clock, day)
        levers.rescue *= 1.0 + (self.rescue - 1.0) * strength
        levers.rescue_french *= 1.0 + (self.french - 1.0) * strength
