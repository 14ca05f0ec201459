"""Flimsy boats banned: a least soundness of what can be bought, as where their export is forbidden."""

from __future__ import annotations

from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Policy, World, register


@register
class BoatStandards(Policy):
    """Keep boats off the market that are less sound than a bound."""

    least_soundness: float = param(
        0.3,
        "Soundness, from 0 to 1, below which boats are not to be had, once at full strength",
        low=0.2,
        high=0.6,
        source="assumed; the EU forbade the export of inflatable boats to Libya in July 2017",
        min_value=0.0,
        max_value=1.0,
    )
    cost_per_day: float = param(
        20_000.0,
        "Cost of controlling sales and exports, once at full strength",
        unit="GBP/day",
        low=5_000.0,
        high=100_000.0,
        min_value=0.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Raise the bound, unless another policy has raised it further."""
        bound = self.least_soundness * self.strength(world.clock, day)
        levers.least_soundness = max(levers.least_soundness, bound)

    def at_afternoon(self, world: World, day: int) -> None:
        """Charge a day of controls."""
        strength = self.strength(world.clock, day)
        if strength > 0.0:
            world.tally.spend("upstream_seizures", self.cost_per_day * strength)
