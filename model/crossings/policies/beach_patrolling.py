"""More, or fewer, officers on the beaches."""

from __future__ import annotations

from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Policy, World, register


@register
class BeachPatrolling(Policy):
    """Change the number of officers' teams on French beaches."""

    teams: float = param(
        1.5,
        "Multiple of the teams on the beaches, once at full strength",
        low=0.5,
        high=3.0,
        min_value=0.0,
        max_value=100.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the teams."""
        levers.beach_teams *= 1.0 + (self.teams - 1.0) * self.strength(world.clock, day)
