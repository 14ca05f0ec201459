"""Limits that other countries set to people who move on to them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from crossings.errors import InputError, unknown
from crossings.hooks import Levers
from crossings.parameters import param
from crossings.policies.base import Corridor, Policy, World, register


@register
class ReceptionLimits(Policy):
    """Countries of first entry turn back some of those who come on from the coast or from reception.

    It stands for the objection of Italy, Spain and Greece, that returns to France move people on to
    them. How many people the partner itself takes in is `ReturnsAgreement.reception_places`.
    """

    countries: tuple[str, ...] = param(
        ("Italy", "Spain", "Greece"),
        "Countries that turn people back",
        unit="country",
        source="three of the five countries that objected to the UK-France agreement",
    )
    turned_back: float = param(
        0.5,
        "Chance that one of them turns back a person who comes, once at full strength",
        low=0.0,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )

    def at_levers(self, levers: Levers, world: World, day: int) -> None:
        """Add to the chance of being turned back, beside what others do."""
        chance = self.turned_back * self.strength(world.clock, day)
        if chance > 0.0:
            there = np.array([place.country in self.countries for place in world.corridor.places])
            levers.onward_refused = 1.0 - (1.0 - levers.onward_refused) * (1.0 - chance * there)

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless it names countries of the corridor, each once."""
        known = sorted({place.country for place in corridor.places if place.kind in ("entry", "hub")})
        if not self.countries:
            raise InputError(f"policies.{self.name}.countries: expected at least one country")
        for country in self.countries:
            key = f"policies.{self.name}.countries = '{country}'"
            if country not in known:
                raise InputError(f"{key}: {unknown('country', country, known)}")
            if self.countries.count(country) > 1:
                raise InputError(f"{key}: expected each country once")
