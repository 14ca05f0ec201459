"""Action against boats, supplies and networks: at sea before boarding, upstream, by investigation."""

from __future__ import annotations

from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Policy, World, register


@register
class SeaInterdiction(Policy):
    """Stop taxi boats near the shore before people board."""

    stopped: float = param(
        0.2,
        "Chance that a taxi boat is stopped before boarding, once at full strength",
        low=0.0,
        high=0.8,
        min_value=0.0,
        max_value=1.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Add to the chance of a stop, beside what others do."""
        stopped = self.stopped * self.strength(world.clock, day)
        levers.sea_stops = 1.0 - (1.0 - levers.sea_stops) * (1.0 - stopped)


@register
class SupplyInterdiction(Policy):
    """Seize more of the boats and engines on their way to the coast."""

    seizures: float = param(
        2.0,
        "Multiple of the hazard that a shipment is seized, once at full strength",
        low=1.0,
        high=5.0,
        min_value=0.0,
        max_value=100.0,
    )

    cost_per_day: float = param(
        50_000.0,
        "Cost of adding the present hazard once more, once at full strength; less of it saves nothing",
        unit="GBP/day",
        low=10_000.0,
        high=200_000.0,
        min_value=0.0,
    )
    boat_cost: float = param(
        1.0,
        "Multiple of what a boat costs to buy and to bring to the coast, once at full strength",
        low=0.5,
        high=3.0,
        min_value=0.0,
        max_value=100.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the hazard and the cost."""
        strength = self.strength(world.clock, day)
        levers.upstream_seizures *= 1.0 + (self.seizures - 1.0) * strength
        levers.boat_cost *= 1.0 + (self.boat_cost - 1.0) * strength

    def at_afternoon(self, world: World, day: int) -> None:
        """Charge a day of the added hazard."""
        added = max(0.0, self.seizures - 1.0) * self.strength(world.clock, day)
        if added > 0.0:
            world.tally.spend("upstream_seizures", self.cost_per_day * added)


@register
class NetworkDisruption(Policy):
    """Put more teams on cases against networks: "smash the gangs"."""

    teams: float = param(
        2.0,
        "Multiple of the investigation teams, once at full strength",
        low=1.0,
        high=5.0,
        min_value=0.0,
        max_value=100.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the teams."""
        levers.investigations *= 1.0 + (self.teams - 1.0) * self.strength(world.clock, day)
