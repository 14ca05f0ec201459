"""Announcements as people keep them: what they weigh, whom they concern, and how far they are believed."""

from __future__ import annotations

import numpy as np
import pytest

from crossings.hooks import Announcement
from crossings.people.announced import Announced

FIRST = {"stop": 0.4, "return": 0.1, "settle": 0.9, "death": 0.01, "legal": 0.0}
EVERYONE = np.arange(2)


def announced(weight: float = 10.0, credibility: float = 0.25, strength: float = 8.0) -> Announced:
    return Announced(2, FIRST, weight, credibility, strength, evidence=2.0)


def told(**details: object) -> Announcement:
    return Announcement(
        **{"name": "p", "belief": "return", "chance": 0.5, "announced": 10, "start": 20, **details}
    )


def test_nothing_is_in_force_before_anything_is_announced():
    known = announced()
    assert known.counts("return", EVERYONE, 25, 25) == (0.0, 0.0)
    assert not known.in_force("return", EVERYONE, 25, 25).any()


@pytest.mark.parametrize("weight", [10.0, 0.01])
def test_a_rule_counts_for_landings_from_its_start_to_its_end_once_it_is_announced(weight):
    known = announced(weight)
    known.add(told(end=30))
    assert not known.in_force("return", EVERYONE, 25, today=9).any()
    when = np.array([19, 20, 29, 30])[:, None]
    assert known.in_force("return", EVERYONE, when, today=10).tolist() == [
        [False] * 2, [True] * 2, [True] * 2, [False] * 2,
    ]  # fmt: skip
    assert not known.in_force("stop", EVERYONE, 25, today=10).any()


def test_it_weighs_as_much_as_it_is_credible_and_concerns_those_named():
    known = announced()
    assert known.credibility == 0.25
    known.add(told(groups=(1,)))
    sure, against = known.counts("return", EVERYONE, 25, 25)
    # a return by agreement comes on top of what people thought before: 1 - 0.9 * 0.5
    assert sure.tolist() == pytest.approx([0.0, 2.5 * 0.55])
    assert against.tolist() == pytest.approx([0.0, 2.5 * 0.45])


def test_an_announcement_takes_the_place_of_an_earlier_one_of_its_name():
    known = announced()
    known.add(told(chance=0.5))
    known.add(told(chance=1.0))
    known.add(told(name="other", belief="stop", chance=0.8))
    assert known.counts("return", EVERYONE, 25, 25)[0].tolist() == pytest.approx([2.5, 2.5])
    known.withdraw("p")
    assert not known.in_force("return", EVERYONE, 25, 25).any()
    assert known.in_force("stop", EVERYONE, 25, 25).all()


def test_of_two_rules_the_one_that_departs_furthest_from_what_was_thought_counts():
    known = announced()
    known.add(told(belief="settle", chance=0.1))
    known.add(told(name="other", belief="settle", chance=0.5))
    assert known.counts("settle", EVERYONE, 25, 25)[0].tolist() == pytest.approx([0.25, 0.25])


def test_a_rule_turns_where_it_begins_and_where_it_ends():
    known = announced()
    known.add(told(end=30))
    spans = [(10, 19), (19, 20), (20, 29), (29, 30), (30, 99)]
    assert [known.turns("return", *span, today=15) for span in spans] == [False, True, False, True, False]
    assert not known.turns("return", 10, 99, today=9)


@pytest.mark.parametrize(("done", "kept"), [(0.0, 0.0), (0.25, 1.0), (0.5, 2.0), (0.9, 2.0)])
def test_a_week_of_evidence_is_shared_between_kept_and_broken(done, kept):
    known = announced()
    known.add(told(carried_out=lambda _day: done, end=30))
    before = known.kept, known.broken
    known.judge(19)
    known.judge(30)
    assert (known.kept, known.broken) == before
    known.judge(20)
    assert known.kept - before[0] == pytest.approx(kept)
    assert known.broken - before[1] == pytest.approx(2.0 - kept)


def test_what_promises_nothing_is_kept_by_doing_nothing():
    known = announced()
    known.add(told(chance=0.0, carried_out=lambda _day: 0.0))
    known.judge(25)
    assert known.kept == pytest.approx(8.0 * 0.25 + 2.0)
