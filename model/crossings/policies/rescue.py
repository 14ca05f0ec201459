"""More, or less, rescue at sea."""

from __future__ import annotations

from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Policy, World, register


@register
class SeaRescue(Policy):
    """Change how much help there is at sea for boats in distress."""

    rescue: float = param(
        2.0,
        "Multiple of rescue at sea, once at full strength",
        low=0.5,
        high=3.0,
        min_value=0.0,
        max_value=100.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply rescue."""
        levers.rescue *= 1.0 + (self.rescue - 1.0) * self.strength(world.clock, day)
