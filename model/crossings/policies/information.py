"""Campaigns that tell people what to expect.

A campaign is a message, not a rule: nobody carries it out. People judge it by what they hear from
compatriots, and one that tells them what they hear to be false costs credibility, which every other
announcement needs too. It speaks from its start, and only while it is paid for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from crossings.errors import InputError
from crossings.hooks import Announcement
from crossings.parameters import param
from crossings.policies.base import Corridor, Policy, World, group_codes, register


@register
class InformationCampaign(Policy):
    """Tell people one chance; whether they believe it is a matter of credibility."""

    belief: Literal["stop", "return", "settle", "death", "legal"] = param(
        "death", "What it speaks of: stop, return, settle, death or legal", unit="belief"
    )
    chance: float = param(
        0.01, "The chance it tells", unit="probability", low=0.0, high=1.0, min_value=0.0, max_value=1.0
    )
    nationalities: tuple[str, ...] = param(
        (), "Nationalities it speaks to; all if none is named", unit="nationality"
    )
    cost_per_day: float = param(
        5_000.0,
        "Cost of the campaign at full strength",
        unit="GBP/day",
        low=0.0,
        high=50_000.0,
        min_value=0.0,
    )

    def at_afternoon(self, world: World, day: int) -> None:
        """Charge a day of it."""
        strength = self.strength(world.clock, day)
        if strength > 0.0:
            world.tally.spend("information", self.cost_per_day * strength)

    def announcements(self, world: World) -> list[Announcement]:
        """Make known the chance."""
        codes = group_codes(world.corridor, self.nationalities, "nationalities")
        message = self.announcement(world, self.belief, self.chance, codes)
        return [replace(message, announced=message.start, by_hearsay=True)]

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless its nationalities are in the corridor and it is not announced before."""
        group_codes(corridor, self.nationalities, f"policies.{self.name}.nationalities")
        if self.announced not in (None, self.start):
            raise InputError(
                f"policies.{self.name}.announced = {self.announced}: expected {self.start} or none, "
                "for a campaign speaks from its start"
            )
