"""Hazards of a crossing: what puts people in danger, and how much.

Danger rises with the number of people on a boat for its size, with the height of the waves, with
poor boats and with time at sea. Each is a factor of one hazard of distress per day at sea,

    `distress` exp(`load_effect` (people / `boat_size` - 1) + `wave_effect` (height - `reference_height`)
                   + `quality_effect` (1/2 - quality)),

and the chance of distress within a time is one minus the exponential of minus the hazard times the
time. These are statements about many boats, not about any one of them.

What becomes of people in distress is a matter of rescue (`rescue`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from crossings.parameters import Block, param
from crossings.passage.rescue import RescueBlock

_MIDDLING = 0.5  # soundness of a boat, from 0 to 1


class PassageBlock(Block):
    """What happens between the beach and a landing."""

    rescue: RescueBlock = RescueBlock()
    recorded_share: float = param(
        0.58,
        "Share of people at a launch stopped on the beach whom officials record",
        low=0.45,
        high=0.9,
        min_value=0,
        max_value=1,
        source="24-33 people per prevented event against 41-61 per arriving boat, 2021-24",
    )
    boat_loss: float = param(
        0.6, "Chance that a boat stopped on the beach is lost", low=0.3, high=0.9, min_value=0, max_value=1
    )
    arrest_at_stop: float = param(
        0.05,
        "Chance that a crew is arrested at a stop on the beach",
        low=0.01,
        high=0.15,
        min_value=0,
        max_value=1,
    )
    arrest_on_arrival: float = param(
        0.12,
        "Chance that whoever steered is arrested on arrival",
        low=0.10,
        high=0.15,
        min_value=0,
        max_value=1,
        source=".10-.15 pilots arrested per arriving boat (Home Office 2023)",
    )
    boarding_incident: float = param(
        0.005,
        "Chance that people die in boarding, at the reference load",
        low=0.002,
        high=0.015,
        min_value=0,
        max_value=1,
        source="about 40% of the 75 deaths of 2024 were at embarkation (Préfecture maritime)",
    )
    boarding_toll: float = param(
        0.035,
        "Mean share of the people on board who die in such an incident",
        low=0.01,
        high=0.08,
        min_value=0,
        max_value=1,
    )
    boat_size: float = param(
        57.0,
        "People per boat at which the hazards below hold",
        unit="people/boat",
        low=45,
        high=70,
        min_value=1,
    )
    reference_height: float = param(
        0.35, "Wave height at which the hazards below hold", unit="m", low=0.25, high=0.45, min_value=0
    )
    speed: float = param(
        3.0,
        "Median speed of a boat",
        unit="knots",
        low=2.5,
        high=5.0,
        min_value=0.5,
        source="about 3 knots, overloaded (MAIB report 7/2023; Cranston Inquiry)",
    )
    speed_sigma: float = param(
        0.2, "Log standard deviation of that speed", low=0.1, high=0.4, min_value=0, max_value=1
    )
    distress: float = param(
        0.25,
        "Hazard of distress per day at sea, at the references and for a boat of middling soundness",
        unit="1/day",
        low=0.2,
        high=1.0,
        min_value=0,
        source="set so that .81-.89 of those who got to sea reach the UK (Préfecture maritime, 2020-24)",
    )
    load_effect: float = param(
        3.0,
        "Rise of the log hazard per boat size of people over the reference",
        low=1.0,
        high=4.0,
        min_value=0,
    )
    wave_effect: float = param(
        4.0,
        "Rise of the log hazard per metre of wave height",
        unit="1/m",
        low=2.0,
        high=8.0,
        min_value=0,
        source="assumed: at 1 m an overloaded boat is likely to swamp (MAIB report 7/2023)",
    )
    quality_effect: float = param(
        1.2,
        "Fall of the log hazard from the worst boat to the best",
        low=0.4,
        high=3.0,
        min_value=0,
        max_value=50,
    )
    early_distress: float = param(
        2.0,
        "How far distress gathers at the start: progress made is a uniform number to this power",
        low=1.0,
        high=4.0,
        min_value=0.1,
    )


class Luck(NamedTuple):
    """Uniform numbers drawn for a boat, once a night, in this order."""

    beach_stop: float
    boat_loss: float
    arrest: float
    recorded: float
    sea_stop: float
    boarding: float
    boarding_toll: float
    speed: float
    distress: float
    progress: float
    afloat: float
    alarm: float
    french_rescue: float
    uk_rescue: float
    ship: float


def boarding_chance(block: PassageBlock, people: int, size: float = 1.0) -> float:
    """Return the chance that people die in boarding a boat of `size` times the usual one."""
    return float(block.boarding_incident * np.exp(_strain(block, people, size)))


def distress_chance(
    block: PassageBlock, people: int, quality: float, height: float, days: float, size: float = 1.0
) -> float:
    """Return the chance that a boat comes to grief on a crossing.

    Parameters
    ----------
    block
        Parameters.
    people
        On board.
    quality
        Soundness of the boat, 0 to 1.
    height
        Significant wave height, in m.
    days
        Time at sea.
    size
        What the boat is built for, as a multiple of `boat_size`.
    """
    strain = _strain(block, people, size)
    strain += block.wave_effect * (height - block.reference_height)
    strain += block.quality_effect * (_MIDDLING - quality)
    return float(-np.expm1(-block.distress * days * np.exp(strain)))


def _strain(block: PassageBlock, people: int, size: float) -> float:
    """Return the rise of the log hazards by the load."""
    return block.load_effect * (people / (block.boat_size * size) - 1.0)


def roughness(block: PassageBlock, height: float) -> float:
    """Return what waves of a height in m do to hazards at sea, over those at the reference height."""
    return float(np.exp(block.wave_effect * (height - block.reference_height)))
