"""Rescue: who reaches a boat in distress, how soon, and what the wait costs.

Rescue boats stand by on either side of the water. When a boat comes to grief those of a side set out,
cross the water between, and search; the time that searching takes is exponential, its rate in proportion
to the boats that search (random search [1]_). So the more boats a side has, the sooner it is there, but
never sooner than the way takes; and the more a side adds to what the other has, the more of those in
distress it takes aboard, to its own shore. Boats are shared out among all in distress at the time: on a
night with many of them help takes longer. Now and then no alarm reaches anybody; then, and always beside
the others, ships that happen to pass may find a boat.

A boat in distress sinks at a hazard that rises with the waves. Whoever is in the water before help comes
dies at a constant hazard. Deaths and shores therefore follow from who was
there first, and nothing else: not from a share laid down.

References
----------
.. [1] B. O. Koopman, "Search and Screening: General Principles with Historical Applications", Pergamon
   (1980), ch. 3: the law of random search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from crossings.parameters import Block, param

_KNOT_KM_PER_HOUR = 1.852
_HOURS_A_DAY = 24.0


class RescueBlock(Block):
    """Boats that rescue, how they find people, and how long people can wait."""

    french_units: float = param(
        4.0,
        "Rescue boats ready on the French side",
        unit="boats",
        low=2,
        high=8,
        min_value=0,
        max_value=1000,
        source="assumed; three to five state vessels at a time (Préfecture maritime reviews)",
    )
    uk_units: float = param(
        3.0,
        "Rescue boats ready on the UK side",
        unit="boats",
        low=2,
        high=8,
        min_value=0,
        max_value=1000,
        source="assumed; some Border Force vessels and lifeboats at a time (Cranston Inquiry)",
    )
    alert_hours: float = param(
        0.5, "Time from distress until rescue boats set out", unit="h", low=0.2, high=1.5, min_value=0
    )
    speed: float = param(
        20.0, "Speed of rescue boats", unit="knots", low=12, high=28, min_value=1, source="assumed"
    )
    search_hours: float = param(
        5.0,
        "Mean time in which one rescue boat alone finds people, once near them",
        unit="h",
        low=2,
        high=10,
        min_value=0,
        max_value=1000,
    )
    job_hours: float = param(
        3.0,
        "Time for which boats are taken up after they have reached people",
        unit="h",
        low=1,
        high=6,
        min_value=0,
        max_value=240,
    )
    no_alarm: float = param(
        0.03,
        "Chance that nobody ashore learns of a boat in distress",
        low=0.01,
        high=0.1,
        min_value=0,
        max_value=1,
        source="assumed, so that disasters are rare but happen; one of 27 or more in five years (Nov 2021)",
    )
    ship_hours: float = param(
        5.0,
        "Mean time until a passing ship finds a boat in distress",
        unit="h",
        low=2,
        high=12,
        min_value=0.1,
        max_value=1000,
        source="assumed; some 400 ships a day pass the strait (Maritime and Coastguard Agency)",
    )
    sinking: float = param(
        0.18,
        "Hazard that a boat in distress sinks, at the reference wave height",
        unit="1/day",
        low=0.05,
        high=0.5,
        min_value=0,
        source="set so that .75 per thousand people at sea die, 2020-24 (Préfecture maritime; IOM)",
    )
    survival_hours: float = param(
        8.0,
        "Mean time that people survive in the water",
        unit="h",
        low=3,
        high=16,
        min_value=0.1,
        source="assumed; hours, not minutes, in water of 10-18 degrees (Golden & Tipton 2002)",
    )
    unit_cost: float = param(
        12_000.0,
        "Cost of one rescue boat for a day",
        unit="GBP/boat/day",
        low=5_000,
        high=30_000,
        min_value=0,
    )


class Strength(NamedTuple):
    """Rescue on either side, as a multiple of what there is without any policy."""

    french: float
    uk: float


class SearchLuck(NamedTuple):
    """Uniform numbers that say how one distress goes."""

    alarm: float
    french: float
    uk: float
    ship: float
    afloat: float


@dataclass(frozen=True)
class Outcome:
    """What becomes of one boat in distress.

    Attributes
    ----------
    hours
        From distress until everyone alive is aboard a rescuer.
    in_water
        Hours for which people had been in the water by then.
    to_uk
        Whether they are brought to the UK.
    alarm
        Whether rescue boats were called, and are taken up with it.
    """

    hours: float
    in_water: float
    to_uk: bool
    alarm: bool


class Rescue:
    """Rescue boats of both sides.

    Parameters
    ----------
    block
        Parameters.

    Attributes
    ----------
    under_way
        Boats in distress that rescue is taken up with at the moment.
    """

    def __init__(self, block: RescueBlock) -> None:
        self.block = block
        self.under_way = 0

    def cost(self, strength: Strength) -> float:
        """Return what rescue boats cost for a day, in pounds."""
        block = self.block
        return block.unit_cost * (block.french_units * strength.french + block.uk_units * strength.uk)

    def outcome(
        self, strength: Strength, from_france: float, from_uk: float, roughness: float, luck: SearchLuck
    ) -> Outcome:
        """Return what becomes of a boat that comes to grief now.

        Parameters
        ----------
        strength
            Rescue on either side.
        from_france, from_uk
            Distance to either shore, in km.
        roughness
            Multiple of the hazard of sinking: 1 at the reference wave height, more in higher waves.
        luck
            Uniform numbers of this boat.
        """
        block = self.block
        alarm = luck.alarm >= block.no_alarm
        share = 1.0 / (1 + self.under_way) if alarm else 0.0
        french = self._reach(block.french_units * strength.french * share, from_france, luck.french)
        uk = self._reach(block.uk_units * strength.uk * share, from_uk, luck.uk)
        ship = _exponential(luck.ship, block.ship_hours)
        hours = min(french, uk, ship)
        nearer_uk = from_uk < from_france
        to_uk = uk < french if ship > hours else nearer_uk
        a_day = block.sinking * roughness
        afloat = _exponential(luck.afloat, _HOURS_A_DAY / a_day) if a_day > 0.0 else float("inf")
        return Outcome(hours, max(hours - afloat, 0.0), bool(to_uk), alarm)

    def drowned(self, in_water: float) -> float:
        """Return the chance that somebody has died after so many hours in the water."""
        return float(-np.expm1(-in_water / self.block.survival_hours))

    def _reach(self, units: float, km: float, luck: float) -> float:
        """Return the hours until the boats of one side are there; infinite where it has none."""
        if units <= 0.0:
            return float("inf")
        block = self.block
        way = block.alert_hours + km / (block.speed * _KNOT_KM_PER_HOUR)
        return way + _exponential(luck, block.search_hours / units)


def _exponential(luck: float, mean: float) -> float:
    """Return the exponential number of that mean that a uniform number stands for."""
    return float(-np.log1p(-luck) * mean)
