"""Stopping people before they leave, and turning boats back before they land.

Both are learned of like any stop: by those stopped, by talk and by news. Where they are made known as
well, people judge by launches stopped, or boats turned back, of those lately seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import numpy as np
from pydantic import model_validator

from crossings.hooks import Announcement, Levers
from crossings.parameters import param
from crossings.policies.base import (
    LONGEST_LOOK_BACK,
    Corridor,
    Policy,
    World,
    check_look_back,
    register,
    site_codes,
)


class _Stopping(Policy):
    """What a policy that stops boats says of it, and what it costs."""

    announced_chance: float | None = param(
        None,
        "Chance of being stopped that is made known; nothing is said of it if none",
        unit="probability",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )
    judged_over_days: int = param(
        28,
        "Days from which people judge whether it is carried out",
        unit="day",
        low=14,
        high=28,
        min_value=7,
        max_value=LONGEST_LOOK_BACK,
    )
    judged_after_days: int = param(
        28, "Days after its start before anyone can judge", unit="day", low=28, high=112, min_value=0
    )
    cost_per_day: float = param(
        100_000.0,
        "Cost of it at full strength",
        unit="GBP/day",
        low=10_000.0,
        high=500_000.0,
        min_value=0.0,
    )

    @model_validator(mode="after")
    def _judged_when_there_is_something_to_judge(self) -> Self:
        check_look_back(self.judged_after_days, self.judged_over_days)
        return self

    def at_afternoon(self, world: World, day: int) -> None:
        """Charge a day of it."""
        strength = self.strength(world.clock, day)
        if strength > 0.0:
            world.tally.spend("upstream_interdiction", self.cost_per_day * strength)

    def announcements(self, world: World) -> list[Announcement]:
        """Make known the chance of being stopped, if there is one to tell."""
        if self.announced_chance is None:
            return []
        told = self.announcement(
            world, "stop", self.announced_chance, (), lambda day: self.carried_out(world, day)
        )
        return [told]

    def carried_out(self, world: World, day: int) -> float | None:
        """Return the share stopped lately, None while nobody can judge."""
        if day < self.first_day(world.clock) + self.judged_after_days or not self.in_force(world.clock, day):
            return None
        return self.seen(world, day)

    def seen(self, world: World, day: int) -> float | None:
        """Return the share that was seen stopped of late, None if nobody tried."""
        raise NotImplementedError


@register
class UpstreamInterdiction(_Stopping):
    """Departures are stopped upstream, by forces of the country that people leave by boat."""

    stopped: float = param(
        0.5,
        "Chance that a launch is stopped before it leaves, beside what patrols do, once at full strength",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )
    sites: tuple[str, ...] = param((), "Launch sites where it is done; all if none is named", unit="site")
    held_days: float = param(
        0.0,
        "Mean time for which people so stopped are held, away from the coast or in detention",
        unit="day",
        low=0.0,
        high=180.0,
        min_value=0.0,
        max_value=3650.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Add to the chance of a stop, beside what others do."""
        stopped = self.stopped * self.strength(world.clock, day)
        if stopped == 0.0:
            return
        levers.custody_days = max(levers.custody_days, self.held_days)
        if not self.sites:
            levers.departures_stopped = 1.0 - (1.0 - levers.departures_stopped) * (1.0 - stopped)
            return
        missed = np.ones(len(world.corridor.sites)) * (1.0 - np.asarray(levers.departures_stopped))
        missed[list(site_codes(world.corridor, self.sites, "sites"))] *= 1.0 - stopped
        levers.departures_stopped = 1.0 - missed

    def seen(self, world: World, day: int) -> float | None:
        """Return the share of launches stopped at its sites lately."""
        sites = site_codes(world.corridor, self.sites, "sites")
        return world.patrols.stopped_share(day, self.judged_over_days, sites)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless its sites are in the corridor, each named once."""
        site_codes(corridor, self.sites, f"policies.{self.name}.sites")


@register
class SeaTurnback(_Stopping):
    """Boats that have come across are turned back to where they left, before anybody lands.

    It is here because it was done, not because it is lawful: turning back people who seek protection is
    contested before courts wherever it is practised.
    """

    turned_back: float = param(
        0.5,
        "Chance that a boat about to land is turned back, once at full strength",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Add to the chance of being turned back, beside what others do."""
        turned = self.turned_back * self.strength(world.clock, day)
        levers.turnbacks = 1.0 - (1.0 - levers.turnbacks) * (1.0 - turned)

    def seen(self, world: World, day: int) -> float | None:
        """Return the share of boats turned back lately."""
        return world.patrols.turned_back_share(day, self.judged_over_days)
