"""The passage: one boat's night as a SimPy process, from the beach to a landing.

Public names
------------
``Passage(block, streams, clock, population, weather, patrols, smuggling, tally, witness, land)``
    ``begin_night(launches)`` at nightfall; ``tell()`` at noon, before beliefs take anything in.
``PassageBlock``
    Parameters.
``Luck``
    What is drawn for a boat, once a night.
"""

from __future__ import annotations

from crossings.passage.hazards import (
    Luck,
    PassageBlock,
    boarding_chance,
    distress_chance,
    fatal_chance,
    french_side,
)
from crossings.passage.night import Passage, Watch

__all__ = [
    "Luck",
    "Passage",
    "PassageBlock",
    "Watch",
    "boarding_chance",
    "distress_chance",
    "fatal_chance",
    "french_side",
]
