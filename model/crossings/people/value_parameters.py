"""Parameters of values: what arriving, trying, waiting and everything else is worth."""

from __future__ import annotations

from crossings.parameters import Block, param


class ValuesBlock(Block):
    """Values in units of utility; the coefficient of price over wealth is 1."""

    level: float = param(
        1.0,
        "Multiplier of every group's value of arriving.",
        low=0.6,
        high=1.6,
        min_value=0.0,
    )
    spread: float = param(
        0.5,
        "Log standard deviation, over people of a group, of the value of arriving.",
        low=0.3,
        high=0.8,
        min_value=0.0,
        max_value=5,
    )
    ties: float = param(
        0.4,
        "Added value of arriving for a person with family or friends at the destination.",
        unit="utility",
        low=0.0,
        high=1.0,
        min_value=0.0,
    )
    return_option: float = param(
        0.1,
        "Value after a return that lies in the option to try again, as a share of the value of arriving.",
        low=0.0,
        high=0.3,
        min_value=0.0,
        max_value=1.0,
    )
    return_loss: float = param(
        0.2,
        "Detention, lost time and being fingerprinted, suffered with every return.",
        unit="utility",
        low=0.0,
        high=0.6,
        min_value=0.0,
    )
    death_loss: float = param(
        50.0,
        "Loss of utility by one's own death, L; fixed, never calibrated.",
        unit="utility",
        low=20,
        high=200,
        min_value=0.0,
    )
    try_cost: float = param(
        0.05,
        "Hardship of one attempt, whatever its end, c.",
        unit="utility",
        low=0.0,
        high=0.2,
        min_value=0.0,
    )
    retry: float = param(
        0.93,
        "Chance of trying again that people reckon with after a stop, q.",
        low=0.85,
        high=0.98,
        source="reports from the camps: .85-.98 try again after prevention",
        min_value=0.0,
        max_value=0.999,
    )
    camp_cost: float = param(
        0.3,
        "Hardship of a week in the camps.",
        unit="utility/week",
        low=0.1,
        high=0.6,
        min_value=0.0,
    )
    discount: float = param(
        0.02,
        "Rate at which what comes a week later is worth less.",
        unit="1/week",
        low=0.005,
        high=0.06,
        min_value=0.0,
    )
    host_value: float = param(
        -0.15,
        "Value of claiming asylum in the country of the camps.",
        unit="utility",
        low=-0.6,
        high=0.3,
    )
    elsewhere_value: float = param(
        -0.45,
        "Value of moving on to another country.",
        unit="utility",
        low=-0.9,
        high=0.0,
    )
    elsewhere_affinity: float = param(
        0.35,
        "Added value of the country a group most often prefers.",
        unit="utility",
        low=0.0,
        high=0.8,
        min_value=0.0,
    )
    home_value: float = param(
        0.05,
        "Value of going home where nothing is to be feared there.",
        unit="utility",
        low=-0.4,
        high=0.5,
    )
    home_danger: float = param(
        0.6,
        "Loss by going home for somebody certain of protection; in proportion to the grant chance.",
        unit="utility",
        low=0.0,
        high=1.5,
        min_value=0.0,
    )
    reference_price: float = param(
        1500.0,
        "Price where no network makes an offer, and at which baseline participation is stated.",
        unit="GBP",
        low=1200,
        high=2500,
        source="2025: EUR 1,500-2,000 (Horn of Africa), 2,000-4,000 (Middle East); Migration Observatory",
        min_value=0.0,
    )
    reference_wait: float = param(
        7.0,
        "Days between booking and the first try, where no network makes an offer and for the baseline.",
        unit="day",
        low=3,
        high=21,
        source="assumed; well below the mean wait near the coast of 2-4 weeks, 2024-25, all tries together",
        min_value=0.0,
    )
