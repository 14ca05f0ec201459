"""The passage: one boat's night as a SimPy process, from the beach to a landing.

Public names
------------
``Passage(block, streams, clock, population, weather, patrols, smuggling, tally, witness, land, hold)``
    ``begin_night(launches)`` at nightfall; ``tell()`` at noon, before beliefs take anything in.
``PassageBlock``, ``RescueBlock``
    Parameters.
``Rescue``, ``Strength``
    Rescue boats of both sides, and how much of either there is.
``Luck``
    What is drawn for a boat, once a night.
"""

from __future__ import annotations

from crossings.passage.hazards import (
    Luck,
    PassageBlock,
    boarding_chance,
    distress_chance,
    roughness,
)
from crossings.passage.night import Passage, Watch
from crossings.passage.rescue import Rescue, RescueBlock, Strength

__all__ = [
    "Luck",
    "Passage",
    "PassageBlock",
    "Rescue",
    "RescueBlock",
    "Strength",
    "Watch",
    "boarding_chance",
    "distress_chance",
    "roughness",
]
