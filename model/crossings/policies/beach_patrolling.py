"""More, or fewer, officers on the beaches: on all of them, or at named launch sites."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Corridor, Policy, World, register, site_codes


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
    sites: tuple[str, ...] = param((), "Launch sites where teams change; all if none is named", unit="site")

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Multiply the teams."""
        factor = 1.0 + (self.teams - 1.0) * self.strength(world.clock, day)
        if factor == 1.0:
            return
        if not self.sites:
            levers.beach_teams = levers.beach_teams * factor
            return
        by_site = np.ones(len(world.corridor.sites)) * levers.beach_teams
        by_site[list(site_codes(world.corridor, self.sites, "sites"))] *= factor
        levers.beach_teams = by_site

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless its sites are in the corridor, each named once."""
        site_codes(corridor, self.sites, f"policies.{self.name}.sites")
