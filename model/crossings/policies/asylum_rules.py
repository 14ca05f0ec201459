"""Rules for those who have arrived: how often asylum is granted, and whether they may move on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crossings.hooks import Announcement, Levers
from crossings.parameters import param
from crossings.policies.base import Corridor, Policy, World, days_judged, group_codes, register


@register
class AsylumRules(Policy):
    """Change the chance of a grant, for all or for some nationalities, and contain people."""

    nationalities: tuple[str, ...] = param(
        (), "Nationalities whose grants change; all if none is named", unit="nationality"
    )
    grants: float = param(
        1.0,
        "Multiple of the chance of a grant, once at full strength",
        low=0.0,
        high=1.5,
        min_value=0.0,
        max_value=100.0,
    )
    containment: float = param(
        0.0,
        "Share of arrivals who may not go on or settle, once at full strength",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )
    announced_chance: float | None = param(
        None,
        "Chance to settle as intended that is made known; nothing is said of it if none",
        unit="probability",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )

    cost_per_day: float = param(
        20_000.0,
        "Cost of applying the rules at full strength",
        unit="GBP/day",
        low=0.0,
        high=200_000.0,
        min_value=0.0,
    )
    judged_over_days: int = days_judged(
        28, "releases from which people judge whether containment is carried out", low=14, high=112
    )
    judged_after_days: int = param(
        28, "Days after its start before anyone can judge", unit="day", low=7, high=112, min_value=0
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the grant chance and add to containment."""
        strength = self.strength(world.clock, day)
        if strength == 0.0:
            return
        levers.containment = 1.0 - (1.0 - levers.containment) * (1.0 - self.containment * strength)
        factor = 1.0 + (self.grants - 1.0) * strength
        if factor != 1.0:
            by_group = np.ones(len(world.corridor.groups)) * levers.grants
            codes = group_codes(world.corridor, self.nationalities, "nationalities")
            by_group[list(codes) if codes else slice(None)] *= factor
            levers.grants = by_group

    def at_afternoon(self, world: World, day: int) -> None:
        """Charge a day of applying the rules."""
        strength = self.strength(world.clock, day)
        if strength > 0.0:
            world.tally.spend("asylum_rules", self.cost_per_day * strength)

    def announcements(self, world: World) -> list[Announcement]:
        """Make known the chance to settle, if there is one to tell."""
        if self.announced_chance is None:
            return []
        codes = group_codes(world.corridor, self.nationalities, "nationalities")
        return [
            self.announcement(
                world, "settle", self.announced_chance, codes, lambda day: self.carried_out(world, day)
            )
        ]

    def carried_out(self, world: World, day: int) -> float | None:
        """Return the share of people released lately who may go on or settle, None while nobody can judge."""
        if day < self.first_day(world.clock) + self.judged_after_days or not self.in_force(world.clock, day):
            return None
        return world.authorities.asylum.free_to_settle(day, self.judged_over_days)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless its nationalities are in the corridor."""
        group_codes(corridor, self.nationalities, f"policies.{self.name}.nationalities")
