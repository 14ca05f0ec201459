"""Parameters of choice at the coast, and of what is open there beside the boat."""

from __future__ import annotations

from crossings.parameters import Block, param


class ChoicesBlock(Block):
    """How people choose at the coast, and what is open to them beside the boat."""

    rationality: float = param(
        3.0,
        "How sharply people choose the better option.",
        unit="1/utility",
        low=1.5,
        high=6.0,
        min_value=0.0,
    )
    network_rationality: float = param(
        6.0,
        "How sharply clients choose the better network.",
        unit="1/utility",
        low=3.0,
        high=12.0,
        min_value=0.01,
    )
    wait_days: int = param(
        7,
        "Days until people look at their options again if nothing happens to them before.",
        unit="day",
        low=5,
        high=10,
        min_value=1,
        max_value=60,
    )
    reputation_weight: float = param(
        0.5,
        "What a network all of whose tries succeed is worth over one whose tries all fail.",
        unit="utility",
        low=0.0,
        high=1.5,
        min_value=0.0,
    )
    language_cost: float = param(
        0.3,
        "Loss by dealing with a network that does not speak one's language.",
        unit="utility",
        low=0.0,
        high=0.8,
        min_value=0.0,
    )
    lorry_reach: float = param(
        0.3,
        "Share of people for whom a lorry is within reach: who know where, and with whom.",
        low=0.1,
        high=0.6,
        min_value=0.0,
        max_value=1.0,
    )
    lorry_success: float = param(
        0.2,
        "Chance that one try by lorry succeeds, with checks as they are.",
        low=0.05,
        high=0.4,
        min_value=0.0,
        max_value=1.0,
    )
    lorry_capacity: float = param(
        40.0,
        "Tries by lorry in a day beyond which the chance falls in proportion.",
        unit="1/day",
        low=10,
        high=100,
        min_value=0.1,
    )
    lorry_cost: float = param(
        0.06,
        "Hardship of one try by lorry.",
        unit="utility",
        low=0.02,
        high=0.3,
        min_value=0.0,
    )
    lorry_memory_days: float = param(
        14.0,
        "Mean age of the tries by which people judge the chance of a lorry.",
        unit="day",
        low=5,
        high=60,
        min_value=1.0,
    )
    legal_delay_days: float = param(
        120.0,
        "Days from applying to arriving that people reckon with on the legal route.",
        unit="day",
        low=40,
        high=250,
        min_value=0.0,
    )
    reception_days: float = param(
        14.0,
        "Mean stay in reception after a return, before people choose again.",
        unit="day",
        low=3,
        high=45,
        min_value=0.1,
    )
    repeat_return: float = param(
        0.9,
        "Chance of return believed by those returned before, while returns are announced: fingerprints.",
        low=0.6,
        high=0.99,
        source="both known repeat crossers among the first 94 returned were removed again",
        min_value=0.0,
        max_value=1.0,
    )
