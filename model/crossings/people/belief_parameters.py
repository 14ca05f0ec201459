"""Parameters of beliefs: the first ones, and the weight of every source of later ones."""

from __future__ import annotations

from crossings.parameters import Block, param


class BeliefsBlock(Block):
    """First beliefs, and the weight of every source of later ones."""

    stop: float = param(
        0.45,
        "Chance that an attempt is stopped, as groups see it before any news.",
        low=0.3,
        high=0.6,
        source="prevented share of recorded attempts .39-.47, 2021-25; House of Commons Library CBP-9681",
        min_value=0.0,
        max_value=1.0,
    )
    returned: float = param(
        0.01,
        "Chance that an arrival is returned, as groups see it before any news.",
        low=0.002,
        high=0.03,
        source="1.1-1.3% of small-boat arrivals were ever returned before the treaty; Home Office",
        min_value=0.0,
        max_value=1.0,
    )
    settle: float = param(
        0.97,
        "Chance to settle as intended after arrival, as groups see it before any news.",
        low=0.8,
        high=0.99,
        min_value=0.0,
        max_value=1.0,
    )
    death: float = param(
        0.001,
        "Chance that an attempt kills, as groups see it before any news.",
        low=0.0003,
        high=0.003,
        source="about .75 per thousand people at sea, 2020-24; Prefecture maritime, IOM",
        min_value=0.0,
        max_value=1.0,
    )
    legal: float = param(
        0.0,
        "Chance of a legal place within the year, as groups see it before any news.",
        low=0.0,
        high=0.01,
        min_value=0.0,
        max_value=1.0,
    )
    work: float = param(
        0.96,
        "Chance to keep work without papers for a year, as groups see it before any news.",
        low=0.8,
        high=0.99,
        min_value=0.01,
        max_value=1.0,
    )
    group_strength: float = param(
        8.0,
        "Pseudo-counts behind what groups see before any news.",
        unit="counts",
        low=3,
        high=30,
        min_value=0.1,
    )
    news_delay_days: int = param(
        5,
        "Days until compatriots hear of an outcome.",
        unit="day",
        low=2,
        high=21,
        min_value=1,
        max_value=365,
    )
    home_delay_days: int = param(
        60,
        "Days more until it is known at home and on the way.",
        unit="day",
        low=20,
        high=120,
        min_value=0,
        max_value=365,
    )
    news_reach: float = param(
        0.1,
        "Share of people at camp who hear from compatriots who crossed; the others hear it from them.",
        low=0.03,
        high=0.3,
        min_value=0.0,
        max_value=1.0,
    )
    news_memory_days: float = param(
        180.0,
        "Mean time until a group forgets a piece of news.",
        unit="day",
        low=60,
        high=540,
        min_value=1.0,
    )
    news_weight: float = param(
        0.5,
        "What it is worth that one compatriot was stopped or not, returned or not, may settle or not.",
        unit="counts",
        low=0.2,
        high=1.0,
        min_value=0.0,
    )
    remote_weight: float = param(
        0.02,
        "What one death, one decision on a claim or one legal place is worth: rare, or long after arriving.",
        unit="counts",
        low=0.005,
        high=0.1,
        min_value=0.0,
    )
    news_strength: float = param(
        40.0,
        "Most that all news a group remembers can weigh; beyond it older news fades.",
        unit="counts",
        low=15,
        high=100,
        min_value=0.1,
    )
    news_told: float = param(
        30.0,
        "Most that all news heard at one time can weigh, however many compatriots it is about.",
        unit="counts",
        low=10,
        high=40,
        min_value=0.01,
    )
    entry_strength: float = param(
        10.0,
        "Weight of what the group knows in the mind of somebody who reaches the coast.",
        unit="counts",
        low=5,
        high=40,
        min_value=0.1,
    )
    own_weight: float = param(
        3.0,
        "What one experience of one's own is worth.",
        unit="counts",
        low=1,
        high=10,
        min_value=0.0,
    )
    word_weight: float = param(
        0.5,
        "What one conversation is worth.",
        unit="counts",
        low=0.1,
        high=2.0,
        min_value=0.0,
    )
    contacts_per_day: float = param(
        0.7,
        "Mean number of conversations about the crossing that a person at camp begins in a day.",
        unit="1/day",
        low=0.2,
        high=1.5,
        min_value=0.0,
        max_value=5.0,
    )
    homophily: float = param(
        0.75,
        "Chance that a conversation is sought within one's own group.",
        low=0.5,
        high=0.95,
        min_value=0.0,
        max_value=1.0,
    )
    max_strength: float = param(
        40.0,
        "Most that all a person has heard can weigh; beyond it older evidence fades.",
        unit="counts",
        low=20,
        high=100,
        min_value=1.0,
    )
    announcement_weight: float = param(
        10.0,
        "What an announcement would weigh if it were fully credible.",
        unit="counts",
        low=5,
        high=50,
        min_value=0.0,
    )
    credibility: float = param(
        0.12,
        "Share of announcements expected to be carried out, before any is seen.",
        low=0.05,
        high=0.6,
        min_value=0.0,
        max_value=1.0,
    )
    credibility_strength: float = param(
        6.0,
        "Pseudo-counts behind that expectation.",
        unit="counts",
        low=2,
        high=20,
        min_value=0.1,
    )
    credibility_evidence: float = param(
        1.0,
        "What a week of seeing whether an announcement is carried out is worth.",
        unit="counts/week",
        low=0.25,
        high=3.0,
        min_value=0.0,
    )
