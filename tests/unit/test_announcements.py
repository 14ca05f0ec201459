"""Announcements: when they count, for whom, beside each other, and what becomes of their credibility."""

from __future__ import annotations

import numpy as np
import pytest
from tests.camp import AT_ONCE, CHANNEL, QUIET, crowd


def test_an_announcement_counts_for_landings_inside_its_window_only():
    camp = crowd(4)
    camp.announce("return", 0.8, start=10, end=20)
    for when, moved in ((9, False), (9.9, False), (10, True), (19.9, True), (20, False)):
        after = camp.beliefs.believed("return", camp.rows, when)
        assert (after > 0.05).all() == moved, when
        assert (camp.beliefs.group_believed("return", when) > 0.05).all() == moved
    block = camp.beliefs.block
    weight = block.announcement_weight * block.credibility
    understood = 1.0 - (1.0 - block.returned) * (1.0 - 0.8)  # on top of what was thought before
    expected = (block.entry_strength * block.returned + weight * understood) / (block.entry_strength + weight)
    assert camp.beliefs.believed("return", camp.rows, 15) == pytest.approx(expected)
    assert camp.beliefs.turns(8, 12)
    assert not camp.beliefs.turns(10, 19)


def test_nobody_believes_what_is_not_yet_announced_or_was_withdrawn():
    camp = crowd(4)
    camp.announce("return", 0.8, announced=5, start=5)
    assert camp.beliefs.believed("return", camp.rows, 15) == pytest.approx(0.01)
    assert not camp.beliefs.turns(0, 10)
    camp.wait_until(5)
    assert (camp.beliefs.believed("return", camp.rows, 15) > 0.05).all()
    camp.beliefs.withdraw("test")
    assert camp.beliefs.believed("return", camp.rows, 15) == pytest.approx(0.01)


def test_an_announcement_concerns_the_groups_it_names():
    camp = crowd(8)
    albania = CHANNEL.group_code("Albania")
    camp.announce("settle", 0.0, groups=[albania])
    after = camp.beliefs.believed("settle", camp.rows, 1)
    concerned = camp.population.group == albania
    assert (after[concerned] < camp.beliefs.block.settle).all()
    assert after[~concerned] == pytest.approx(camp.beliefs.block.settle)


def test_beliefs_of_several_days_at_once_are_those_of_each():
    camp = crowd(4)
    camp.announce("return", 0.8, start=10)
    table = camp.beliefs.believed("return", camp.rows, np.array([[5.0], [15.0]]))
    for k, when in enumerate((5, 15)):
        assert table[k] == pytest.approx(camp.beliefs.believed("return", camp.rows, when))


@pytest.mark.parametrize(("done", "rises"), [(0.0, False), (0.5, True), (0.9, True)])
def test_credibility_follows_what_is_carried_out(done: float, rises: bool):
    camp = crowd(4, beliefs=QUIET)
    start = camp.beliefs.announced.credibility
    camp.announce("return", 0.5, carried_out=lambda _day: done)
    for day in range(1, 200):
        camp.wait_until(day)
        camp.beliefs.listen(day)
    assert (camp.beliefs.announced.credibility > start) == rises
    assert camp.notes.levels["credibility", None] == pytest.approx(camp.beliefs.announced.credibility)


def test_announcements_of_one_thing_do_not_add_up():
    camp = crowd(4, beliefs={"credibility": 0.5})
    camp.announce("return", 0.5)
    alone = camp.beliefs.believed("return", camp.rows, 1)
    for number in range(20):
        camp.announce("return", 0.5, name=f"again {number}")
        camp.announce("return", 0.02, name=f"little {number}")
    assert camp.beliefs.believed("return", camp.rows, 1) == pytest.approx(alone)
    camp.announce("return", 0.9, name="more")
    assert (camp.beliefs.believed("return", camp.rows, 1) > alone).all()


@pytest.mark.parametrize("chance", [0.001, 0.05, 0.3])
def test_a_rule_adds_to_what_people_thought_and_never_reassures(chance: float):
    camp = crowd(4, beliefs={"returned": 0.2})
    before = camp.beliefs.believed("return", camp.rows, 1)
    camp.announce("return", chance)
    assert (camp.beliefs.believed("return", camp.rows, 1) > before).all()


@pytest.mark.parametrize(("happened", "rises"), [(True, True), (False, False)])
def test_a_message_is_judged_by_what_people_hear(happened: bool, rises: bool):
    camp = crowd(4, beliefs={**AT_ONCE, "remote_weight": 1.0, **QUIET})
    camp.announce("death", 0.5, by_hearsay=True)
    before = camp.beliefs.announced.credibility
    camp.beliefs.announced.judge(0, camp.beliefs._told_of)
    assert camp.beliefs.announced.credibility == before, "nothing has been heard yet"
    for day in range(1, 29):
        camp.wait_until(day)
        camp.beliefs.news_only("death", np.arange(len(CHANNEL.groups)), happened)
        camp.beliefs.listen(day)
    after = camp.beliefs.announced.credibility
    assert (after > before) if rises else (after < before)


def test_nothing_is_judged_before_the_start_after_the_end_or_without_evidence():
    camp = crowd(4)
    camp.announce("return", 0.5, name="later", start=300, carried_out=lambda _day: 0.0)
    camp.announce("return", 0.5, name="over", end=0, carried_out=lambda _day: 0.0)
    camp.announce("return", 0.5, name="unclear")
    start = camp.beliefs.announced.credibility
    for day in (7, 14, 21):
        camp.beliefs.announced.judge(day)
    assert camp.beliefs.announced.credibility == start


@pytest.mark.parametrize(("free", "kept"), [(0.97, 0.0), (0.485, 0.5), (0.0, 1.0)])
def test_a_rule_that_lowers_a_chance_is_carried_out_as_far_as_the_chance_falls(free: float, kept: float):
    camp = crowd(4, beliefs={"settle": 0.97, "credibility_evidence": 2.0})
    camp.announce("settle", 0.0, carried_out=lambda _day: free)
    before = camp.beliefs.announced.kept
    camp.beliefs.announced.judge(7)
    assert camp.beliefs.announced.kept - before == pytest.approx(2.0 * kept)


def test_an_empty_threat_fades():
    camp = crowd(4, beliefs=QUIET)
    camp.announce("return", 1.0, carried_out=lambda _day: 0.0)
    camp.wait_until(1)
    camp.beliefs.listen(1)
    fresh = camp.beliefs.group_believed("return", 1)[0]
    for day in range(2, 365):
        camp.wait_until(day)
        camp.beliefs.listen(day)
    assert camp.beliefs.group_believed("return", 365)[0] < 0.5 * fresh
