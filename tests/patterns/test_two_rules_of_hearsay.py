"""How fast talk alone spreads the truth, by the rule of the Channel model and by that of the rumours.

The same 400 people hold the same conversations at one camp. A tenth of them know, and every day see again,
that a chance is .9; the others believe .1. Nobody hears any news. What differs is the rule by which a
conversation moves a belief; both rules are the program's own. Seeds differ little (41 days in the mean of
six by the one rule, from 40 to 42; .129 of the way in 90 days by the other, from .124 to .132), so that all
bounds but one are ten standard errors and more away: no false alarm.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from tests.camp import CALAIS, Camp

from crossings.people.hearing import take_in
from crossings.population import State
from crossings.replicas.rumours.beliefs import heard

PEOPLE, KNOW, DAYS = 400, 40, 365
BEFORE, TRUTH = 0.1, 0.9
ALGEBRA = {"convince": 0.5, "convert": 0.1, "confuse": 0.3}
SEEDS = range(1, 7)


@lru_cache(maxsize=8)
def meetings(seed: int) -> tuple[Camp, list[tuple[np.ndarray, np.ndarray]]]:
    camp = Camp(["Eritrea"] * PEOPLE, seed=seed, beliefs={"news_reach": 0.0})
    people = camp.population
    people.state[:], people.place[:] = State.CAMP, CALAIS
    rows = np.arange(PEOPLE)
    return camp, [camp.beliefs._talks(rows, people.group[rows], day) for day in range(DAYS)]


def channel(seed: int, strength: float, word_weight: float | None = None) -> np.ndarray:
    """Return the mean belief of those who did not know, day by day, by the Channel's counts."""
    camp, talks = meetings(seed)
    block = camp.beliefs.block
    word_weight = block.word_weight if word_weight is None else word_weight
    rows, group = np.arange(PEOPLE), np.zeros(PEOPLE, dtype=np.int16)
    never = np.zeros(PEOPLE, dtype=np.int32)  # nobody knows any news, and there is none
    silence = np.zeros((1, 1, 2, 1))
    counts = np.full((1, 2, PEOPLE), strength) * np.array([[BEFORE], [1.0 - BEFORE]])
    means = []
    for listener, speaker in talks:
        counts[0, :, :KNOW] = block.max_strength * np.array([[TRUTH], [1.0 - TRUTH]])
        take_in(
            counts, rows, group, never, never, listener, speaker, silence,
            word_weight, block.news_told, block.max_strength,
        )  # fmt: skip
        means.append((counts[0, 0] / counts[0].sum(axis=0))[KNOW:].mean())
    return np.array(means)


def rumours(
    seed: int, trust: float, *, mutual: bool = True, confuse: float = ALGEBRA["confuse"]
) -> np.ndarray:
    """Return the same by the exchange of values and trust, in which both may listen."""
    _, talks = meetings(seed)
    rule = {**ALGEBRA, "confuse": confuse}
    value, trusts, means = np.full(PEOPLE, BEFORE), np.full(PEOPLE, trust), []
    for listener, speaker in talks:
        value[:KNOW], trusts[:KNOW] = TRUTH, 0.99999
        for a, b in zip(listener, speaker, strict=True):
            was = value[a], trusts[a]
            value[a], trusts[a] = heard(*was, value[b], trusts[b], **rule)
            if mutual:
                value[b], trusts[b] = heard(value[b], trusts[b], *was, **rule)
        means.append(value[KNOW:].mean())
    return np.array(means)


def days_to_half(means: np.ndarray) -> float:
    """Return on which day the mean was half way, counted from 1."""
    halfway = means >= (BEFORE + TRUTH) / 2
    return float(np.argmax(halfway)) + 1.0 if halfway.any() else np.inf


def way(means: np.ndarray, day: int) -> float:
    """Return which share of the way the mean had gone by a day."""
    return float((means[day - 1] - BEFORE) / (TRUTH - BEFORE))


def half(trust: float, **options: float) -> float:
    return float(np.mean([days_to_half(rumours(seed, trust, **options)) for seed in SEEDS]))


def gone(day: int, strength: float, word_weight: float | None = None) -> float:
    return float(np.mean([way(channel(seed, strength, word_weight), day) for seed in SEEDS]))


def test_the_talk_of_rumours_takes_weeks_where_people_trust_what_they_believe():
    assert 30 < half(0.5) < 55  # 41 over six seeds, from 40 to 42 in single ones
    assert half(0.05) < 10  # who trusts in nothing believes the first who does


def test_where_only_who_asks_listens_it_takes_twice_as_long():
    """The counter-test to reading the Channel's conversations as exchanges."""
    assert half(0.5, mutual=False) == pytest.approx(2 * half(0.5), rel=0.25)


def test_the_talk_of_the_channel_alone_hardly_moves_anybody():
    """There a conversation passes on news of compatriots in full; as an opinion it is one of many."""
    assert 0.10 < gone(90, 10.0) < 0.15
    assert 0.25 < gone(365, 10.0) < 0.37


def test_where_a_word_weighs_ten_times_as_much_it_does():
    """The counter-test."""
    assert gone(90, 10.0, word_weight=5.0) > 0.4
    assert gone(365, 10.0, word_weight=5.0) > 0.9


if __name__ == "__main__":
    print(
        {
            (day, strength): round(gone(day, strength), 3)
            for day in (30, 90, 365)
            for strength in (2.0, 10.0, 40.0)
        }
    )
    print(
        {
            trust: (half(trust), half(trust, mutual=False), half(trust, confuse=0.0))
            for trust in (0.05, 0.5, 0.95)
        }
    )
    print([days_to_half(rumours(seed, 0.5)) for seed in SEEDS])
