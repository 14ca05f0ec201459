"""What boats were built for in earlier years.

Not a policy of anyone, but a dated course of the world that reaches it by the same door as one: a boat
of 2021 was built for about half the people of a boat of 2025, and what a load does to hazards, and
what networks think it does, goes with that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated

import numpy as np
from pydantic import Field

from crossings.errors import InputError
from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Corridor, Policy, World, register

DAYS_A_YEAR = 365.25
Share = Annotated[float, Field(gt=0.0, le=10.0)]


@register
class BoatSizes(Policy):
    """Let boats be built for other numbers of people than `smuggling.design.boat_size`, year by year."""

    shares: Annotated[tuple[Share, ...], Field(min_length=1)] = param(
        (1.0,),
        "Multiple of the usual size in the middle of each year from `first_year` on, straight lines "
        "between; the first holds before and the last after them",
        low=0.3,
        high=1.5,
        source="assumed in proportion to people per arriving boat (Home Office IER_02a); boats of 7.5 m in "
        "2021 and 8-10 m in 2025 (MAIB 7/2023)",
    )
    first_year: int = param(2021, "Year of the first of them", unit="year", min_value=2000, max_value=2100)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` where it is given a ramp, since its shares are the course it takes."""
        if self.ramp_days:
            raise InputError(f"policies.{self.name}.ramp_days = {self.ramp_days:g}: expected 0 beside shares")

    def at(self, when: date) -> float:
        """Return the multiple on a date."""
        first = date(self.first_year, 7, 1)
        years = (when - first) / timedelta(days=DAYS_A_YEAR)
        return float(np.interp(years, np.arange(len(self.shares)), self.shares))

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Set the size of the day."""
        if self.in_force(world.clock, day):
            levers.boat_size *= self.at(world.clock.date(day))
