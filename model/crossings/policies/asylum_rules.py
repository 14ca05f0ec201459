"""Rules for those who have arrived: how often asylum is granted, and whether they may move on.

Containment stands for whatever keeps people who land from going on or settling as they meant to: an
island they may not leave, a country whose borders ahead have been shut (a route that closes onward), a
rule by which nobody who came this way is ever settled. An inadmissible claim is refused at once:
certain refusal, where all are.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from crossings.hooks import Announcement, Levers
from crossings.parameters import param
from crossings.policies.base import (
    Corridor,
    Policy,
    World,
    check_look_back,
    days_judged,
    group_codes,
    register,
)


@register
class AsylumRules(Policy):
    """Change the chance of a grant, refuse claims at once, contain people; for all or some nationalities."""

    nationalities: tuple[str, ...] = param(
        (), "Nationalities to whom the rules apply; all if none is named", unit="nationality"
    )
    grants: float = param(
        1.0,
        "Multiple of the chance of a grant, once at full strength",
        low=0.0,
        high=1.5,
        min_value=0.0,
        max_value=100.0,
    )
    inadmissible: float = param(
        0.0,
        "Share of claims refused at once and without appeal, once at full strength",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
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
        28, "releases from which people judge whether containment is carried out", low=14, high=28
    )
    judged_after_days: int = param(
        28,
        "Days after its start before anyone can judge",
        unit="day",
        low=28,
        high=112,
        min_value=0,
    )

    @model_validator(mode="after")
    def _judged_when_there_is_something_to_judge(self) -> Self:
        check_look_back(self.judged_after_days, self.judged_over_days)
        return self

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the grant chance and add to containment and to claims refused at once."""
        strength = self.strength(world.clock, day)
        if strength == 0.0:
            return
        levers.containment = self._added(world, levers.containment, self.containment * strength)
        levers.inadmissible = self._added(world, levers.inadmissible, self.inadmissible * strength)
        factor = 1.0 + (self.grants - 1.0) * strength
        if factor != 1.0:
            by_group = np.ones(len(world.corridor.groups)) * levers.grants
            codes = group_codes(world.corridor, self.nationalities, "nationalities")
            by_group[list(codes) if codes else slice(None)] *= factor
            levers.grants = by_group

    def _added(
        self, world: World, chance: float | NDArray[np.float64], more: float
    ) -> float | NDArray[np.float64]:
        """Return a chance, one for all or by group, with another of its own for the named nationalities."""
        if more == 0.0:
            return chance
        if not self.nationalities:
            return 1.0 - (1.0 - chance) * (1.0 - more)
        spared = np.ones(len(world.corridor.groups))
        spared[list(group_codes(world.corridor, self.nationalities, "nationalities"))] -= more
        return np.asarray(1.0 - (1.0 - np.asarray(chance)) * spared)

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
        """Return the share of those concerned who may settle, of late; None while nobody can judge."""
        if day < self.first_day(world.clock) + self.judged_after_days or not self.in_force(world.clock, day):
            return None
        codes = group_codes(world.corridor, self.nationalities, "nationalities")
        return world.authorities.asylum.free_to_settle(day, self.judged_over_days, codes)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless its nationalities are in the corridor."""
        group_codes(corridor, self.nationalities, f"policies.{self.name}.nationalities")
