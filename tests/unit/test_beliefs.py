"""Beliefs: where they come from, how far, how fast, and that nobody hears what was not said to them."""

from __future__ import annotations

import numpy as np
import pytest
from tests.camp import AT_ONCE, CALAIS, CHANNEL, DUNKIRK, GROUPS, QUIET, Camp, crowd

from crossings.errors import InputError
from crossings.people.news import News, topic_code
from crossings.people.word_of_mouth import contacts, meet, split
from crossings.population import BELIEFS, State
from crossings.streams import Streams, identity

TALK = {"homophily": 0.6, "contacts_per_day": 1.0}


# what is known at the start --------------------------------------------------------------------


def test_people_reach_the_coast_with_what_their_group_knows():
    camp = crowd(8)
    block = camp.beliefs.block
    for belief, chance in (("stop", block.stop), ("return", block.returned), ("settle", block.settle)):
        assert camp.beliefs.believed(belief, camp.rows, 0) == pytest.approx(chance)
    assert camp.population.belief.sum(axis=1) == pytest.approx(block.entry_strength)


# own experience and news -----------------------------------------------------------------------


def test_own_experience_moves_only_those_who_had_it():
    camp = crowd(8)
    camp.beliefs.witness("stop", np.array([0, 3]), happened=True)
    after = camp.beliefs.believed("stop", camp.rows, 0)
    block = camp.beliefs.block
    moved = (block.entry_strength * block.stop + block.own_weight) / (block.entry_strength + block.own_weight)
    assert after[[0, 3]] == pytest.approx(moved)
    assert np.delete(after, [0, 3]) == pytest.approx(block.stop)


def test_two_experiences_between_two_noons_count_twice():
    once, twice = crowd(2), crowd(2)
    for camp, rows in ((once, [0]), (twice, [0, 0])):
        camp.beliefs.witness("stop", np.array(rows), happened=True)
    block = once.beliefs.block
    gained = [camp.population.belief[0, 0, 0] - block.entry_strength * block.stop for camp in (once, twice)]
    assert gained == pytest.approx([block.own_weight, 2 * block.own_weight])


def test_compatriots_hear_of_it_after_the_delay_and_nobody_else_does():
    camp = crowd(8, beliefs={**AT_ONCE, "news_delay_days": 5, "news_weight": 1.0, "news_told": 10.0, **QUIET})
    camp.beliefs.news_only("return", np.full(10, CHANNEL.group_code("Iran")), happened=True)
    iran = camp.population.group == CHANNEL.group_code("Iran")
    for day in range(1, 5):
        camp.wait_until(day)
        camp.beliefs.listen(day)
        assert camp.beliefs.believed("return", camp.rows, day) == pytest.approx(0.01)
    camp.wait_until(5)
    camp.beliefs.listen(5)
    after = camp.beliefs.believed("return", camp.rows, 5)
    block = camp.beliefs.block
    strength = block.entry_strength
    assert after[iran] == pytest.approx((strength * block.returned + 10) / (strength + 10))
    assert after[~iran] == pytest.approx(0.01)
    known = camp.beliefs.group_believed("return", 5)
    assert known[CHANNEL.group_code("Iran")] > 0.3
    assert known[CHANNEL.group_code("Syria")] == pytest.approx(0.01)


@pytest.mark.parametrize("number", [10, 1000])
def test_news_of_many_weighs_no_more_than_one_telling_can(number: int):
    camp = crowd(8, beliefs={**AT_ONCE, "news_weight": 1.0, "news_told": 4.0, **QUIET})
    camp.beliefs.news_only("stop", np.full(number, CHANNEL.group_code("Iran")), happened=True)
    camp.wait_until(1)
    camp.beliefs.listen(1)
    iran, block = camp.population.group == CHANNEL.group_code("Iran"), camp.beliefs.block
    expected = (block.entry_strength * block.stop + 4.0) / (block.entry_strength + 4.0)
    assert camp.beliefs.believed("stop", camp.rows, 1)[iran] == pytest.approx(expected)


def test_own_experience_counts_beside_the_news_of_a_large_group():
    camp = crowd(8, beliefs={**AT_ONCE, **QUIET})
    iran = np.flatnonzero(camp.population.group == CHANNEL.group_code("Iran"))
    for day in range(1, 15):
        camp.wait_until(day)
        camp.beliefs.news_only("stop", np.full(300, CHANNEL.group_code("Iran")), happened=False)
        camp.beliefs.listen(day)
    camp.beliefs.witness("stop", iran[:1], True)
    stopped, other = camp.beliefs.believed("stop", iran[:2], 15)
    assert stopped > other + 0.05
    camp.wait_until(15)
    camp.beliefs.news_only("stop", np.full(300, CHANNEL.group_code("Iran")), happened=False)
    camp.beliefs.listen(15)
    stopped, other = camp.beliefs.believed("stop", iran[:2], 15)
    assert stopped > other + 0.02, "and when more has been heard"


def test_groups_forget_news_and_return_to_what_they_knew():
    news = News(
        np.array([[0.2]]), 10.0, delay_days=1, home_delay_days=0, memory_days=30.0, weight=1.0, most=100.0
    )
    news.add_numbers("stop", np.array([30.0]), np.array([0.0]), 0)
    news.turn(1)
    assert news.mean[0, 0] == pytest.approx((2 + 30) / 40)
    for day in range(2, 32):
        news.turn(day)
    assert news.mean[0, 0] == pytest.approx((2 + 30 / np.e) / (10 + 30 / np.e))
    for day in range(32, 700):
        news.turn(day)
    assert news.mean[0, 0] == pytest.approx(0.2, abs=1e-6)


def test_what_groups_hear_of_claims_and_work_is_kept_apart_from_beliefs():
    camp = crowd(
        4, beliefs={**AT_ONCE, "remote_weight": 1.0, "group_strength": 20.0, "news_strength": 100.0, **QUIET}
    )
    assert camp.beliefs.change("grant") == pytest.approx(1.0)
    assert camp.beliefs.change("work") == pytest.approx(1.0)
    albania = CHANNEL.group_code("Albania")
    camp.beliefs.news_only("grant", np.full(100, albania), happened=False)
    camp.beliefs.news_of_rate("work", 0.5, np.full(len(CHANNEL.groups), 20.0))
    camp.wait_until(1)
    camp.beliefs.listen(1)
    assert camp.beliefs.change("grant")[albania] < 0.2
    assert np.delete(camp.beliefs.change("grant"), albania) == pytest.approx(1.0)
    assert camp.beliefs.change("work") == pytest.approx((0.96 * 20 + 10) / 40 / 0.96)
    assert camp.beliefs.believed("settle", camp.rows, 1) == pytest.approx(camp.beliefs.block.settle)


def test_all_that_a_group_remembers_has_a_weight_and_fresh_news_drives_out_old():
    news = News(
        np.array([[0.2]]), 10.0, delay_days=1, home_delay_days=0, memory_days=1e9, weight=2.0, most=40.0
    )
    news.add_numbers("stop", np.array([50.0]), np.array([0.0]), 0)
    news.turn(1)
    assert news.heard.sum() == pytest.approx(40.0)
    assert news.mean[0, 0] == pytest.approx((2 + 40) / 50)
    news.add_numbers("stop", np.array([0.0]), np.array([20.0]), 1)
    news.turn(2)
    assert news.mean[0, 0] == pytest.approx((2 + 20) / 50)


def test_rare_things_and_late_ones_weigh_less():
    camp = crowd(8, beliefs={**AT_ONCE, **QUIET})
    block = camp.beliefs.block
    for belief in ("stop", "death"):
        camp.beliefs.news_only(belief, np.arange(len(CHANNEL.groups)), happened=True)
    camp.wait_until(1)
    camp.beliefs.listen(1)
    stop, death = (camp.population.belief[BELIEFS.index(belief), 0] for belief in ("stop", "death"))
    assert stop == pytest.approx(block.entry_strength * block.stop + block.news_weight)
    assert death == pytest.approx(block.entry_strength * block.death + block.remote_weight)


def test_at_home_and_on_the_way_it_is_known_later_and_newcomers_bring_that():
    camp = crowd(4, beliefs={**AT_ONCE, "home_delay_days": 10, "news_weight": 1.0, **QUIET})
    iran = CHANNEL.group_code("Iran")
    camp.beliefs.news_only("return", np.full(10, iran), happened=True)
    known = []
    for day in range(1, 13):
        camp.wait_until(day)
        camp.beliefs.listen(day)
        known.append(camp.beliefs.group_believed("return", day)[iran])
    assert np.array(known[:10]) == pytest.approx(camp.beliefs.block.returned)
    assert known[10] > 0.3, "eleven days after it happened"
    camp.beliefs.join(camp.rows[:1])  # as somebody would who came now, and does not count it twice
    camp.wait_until(13)
    camp.beliefs.listen(13)
    assert camp.beliefs.believed("return", camp.rows, 13)[0] == pytest.approx(known[10], rel=0.01)


def test_people_in_touch_hear_first_and_the_others_from_them():
    number = 400
    reach = {**AT_ONCE, "news_reach": 0.1, "news_weight": 1.0, "word_weight": 0.0, "homophily": 1.0}
    heard = {}
    for contacts_per_day in (0.0, 1.0):
        camp = Camp(["Iran"] * number, beliefs={**reach, "contacts_per_day": contacts_per_day})
        camp.beliefs.news_only("return", np.full(10, CHANNEL.group_code("Iran")), happened=True)
        shares = []
        for day in range(1, 11):
            camp.wait_until(day)
            camp.beliefs.listen(day)
            shares.append((camp.beliefs.believed("return", camp.rows, day) > 0.3).mean())
        heard[contacts_per_day] = shares
    # 400 people at a chance of .1: within four standard errors, and nobody else without talk
    assert heard[0.0][0] == heard[1.0][0] == pytest.approx(0.1, abs=0.06)
    assert heard[0.0][-1] == heard[0.0][0]
    assert (np.diff(heard[1.0]) >= 0).all()
    assert heard[1.0][2] > 2 * heard[1.0][0]
    assert heard[1.0][-1] > 0.99


def test_a_piece_of_news_counts_once_however_often_it_is_told():
    heard = {"news_reach": 0.2, "news_weight": 1.0, "news_told": 10.0, "word_weight": 0.0}
    camp = Camp(["Iran"] * 50, beliefs={**AT_ONCE, **heard})
    block = camp.beliefs.block
    camp.beliefs.news_only("return", np.full(10, CHANNEL.group_code("Iran")), happened=True)
    for day in range(1, 31):
        camp.wait_until(day)
        camp.beliefs.listen(day)
    strength = camp.population.belief[BELIEFS.index("return")].sum(axis=0)
    assert strength == pytest.approx(block.entry_strength + 10)


def test_news_of_compatriots_is_passed_on_among_compatriots_only():
    camp = crowd(100, beliefs={**AT_ONCE, "news_weight": 1.0, "word_weight": 0.0, "homophily": 0.0})
    iran = CHANNEL.group_code("Iran")
    camp.beliefs.news_only("return", np.full(10, iran), happened=True)
    for day in range(1, 10):
        camp.wait_until(day)
        camp.beliefs.listen(day)
    after = camp.beliefs.believed("return", camp.rows, 10)
    assert (after[camp.population.group == iran] > 0.3).all()
    assert after[camp.population.group != iran] == pytest.approx(0.01)


def test_an_unknown_belief_is_named_with_the_nearest():
    with pytest.raises(InputError, match=r"unknown belief 'retrun'.*did you mean 'return'"):
        crowd(4).beliefs.news_only("retrun", np.array([0]), happened=True)


# word of mouth ---------------------------------------------------------------------------------


def test_seekers_meet_the_first_person_at_or_after_their_draw():
    point = np.array([0.1, 0.5, 0.9, 0.3])
    pool = np.array([0, 0, 0, 1])
    seeks_in = np.array([0, 0, 0, 0, 1])
    met = meet([pool], point, seeks_in, np.array([0.2, 0.5, 0.95, 0.7, 0.6]))
    assert met.tolist() == [1, 1, 0, 2, 3]


def test_taking_one_person_out_changes_only_the_meetings_with_them():
    number = 400
    u = Streams(5).uniforms("test", identity("Iran", 1, np.arange(number)), 0, 2)
    pool = np.arange(number) % 3
    before = meet([pool], u[0], pool, u[1])
    gone = before[0]
    kept = np.delete(np.arange(number), gone)
    after = kept[meet([pool[kept]], u[0][kept], pool[kept], u[1][kept])]
    changed = before[kept] != after
    assert (changed == (before[kept] == gone)).all()
    assert 1 <= changed.sum() < 10


def test_numbers_of_conversations_are_poisson_cut_at_three():
    number = 200_000
    u = Streams(2).uniforms("test", identity("Iran", 1, np.arange(number)), 0, 3)
    seekers, draws = contacts(u[0], u[1], u[2], 0.7)
    each = np.bincount(np.bincount(seekers, minlength=number), minlength=4) / number
    expected = np.exp(-0.7) * np.array([1, 0.7, 0.245])
    assert each == pytest.approx([*expected, 1 - expected.sum()], abs=0.004)
    assert np.histogram(draws, 10, (0, 1))[0] / len(draws) == pytest.approx(0.1, abs=0.004)


def test_nobody_talks_where_nobody_seeks():
    seekers, _ = contacts(np.array([0.2, 0.999]), np.array([0.5, 0.5]), np.array([0.5, 0.5]), 0.0)
    assert seekers.size == 0


def test_a_split_uniform_is_uniform_again():
    u = np.linspace(0.00005, 0.99995, 10_000)
    yes, fresh = split(u, 0.3)
    assert yes.mean() == pytest.approx(0.3, abs=1e-3)
    for half in (fresh[yes], fresh[~yes]):
        assert np.histogram(half, 5, (0, 1))[0] / len(half) == pytest.approx(0.2, abs=0.01)
    assert split(u, 1.0)[0].all()
    assert not split(u, 0.0)[0].any()


def test_a_belief_spreads_through_a_camp_but_not_to_another():
    camp = crowd(200, beliefs={"contacts_per_day": 1.0, "homophily": 0.5})
    camp.population.place[100:] = DUNKIRK
    code = BELIEFS.index("return")
    camp.population.belief[code, :, :20] = np.array([[30.0], [0.0]])
    for day in range(1, 15):
        camp.wait_until(day)
        camp.beliefs.listen(day)
    after = camp.beliefs.believed("return", camp.rows, 15)
    assert (after[20:100] > 0.02).mean() > 0.9
    assert after[100:] == pytest.approx(0.01)


@pytest.mark.parametrize("homophily", [0.0, 1.0])
def test_people_talk_with_people_of_their_camp_and_by_choice_with_compatriots(homophily):
    camp = crowd(240, beliefs={"contacts_per_day": 2.0, "homophily": homophily})
    people = camp.population
    camps = [CHANNEL.place_code(one.name) for one in CHANNEL.camps]
    people.place[:] = np.repeat(camps, 240 // len(camps))
    listener, speaker = camp.beliefs._talks(camp.rows, people.group, 1)
    compatriots = people.group[listener] == people.group[speaker]
    assert listener.size > 200
    assert (people.place[listener] == people.place[speaker]).all()
    assert compatriots.mean() == pytest.approx(max(homophily, 1 / len(GROUPS)), abs=0.1)


def test_people_alone_at_a_camp_talk_to_nobody():
    camp = Camp(["Iran"], beliefs={"contacts_per_day": 5.0})
    before = camp.population.belief.copy()
    camp.wait_until(1)
    camp.beliefs.listen(1)
    assert (camp.population.belief == before).all()


def test_what_has_been_heard_never_weighs_more_than_the_cap():
    camp = crowd(60, beliefs={"contacts_per_day": 3.0, "word_weight": 2.0, "max_strength": 25.0})
    camp.believe("stop", 0.6, strength=24.0)
    for day in range(1, 30):
        camp.wait_until(day)
        camp.beliefs.listen(day)
    strength = camp.population.belief.sum(axis=1)
    assert strength.max() <= 25.0 + 1e-9
    assert strength.min() > 20.0


def test_talk_pulls_towards_each_other_and_keeps_the_mean_in_between():
    camp = crowd(300, beliefs=TALK)
    code = BELIEFS.index("stop")
    camp.population.belief[code, 0, ::2], camp.population.belief[code, 1, ::2] = 18.0, 2.0
    camp.population.belief[code, 0, 1::2], camp.population.belief[code, 1, 1::2] = 2.0, 18.0
    spread = []
    for day in range(1, 40):
        camp.wait_until(day)
        camp.beliefs.listen(day)
        spread.append(camp.beliefs.believed("stop", camp.rows, day).std())
    assert (np.diff(spread) < 0).all()
    assert spread[-1] < 0.8 * spread[0]
    assert camp.beliefs.believed("stop", camp.rows, 40).mean() == pytest.approx(0.5, abs=0.1)


def test_taking_one_person_out_leaves_all_others_what_they_hear_that_day():
    gone = 17
    whole = crowd(120, beliefs=TALK)
    rest = Camp([GROUPS[k % 4] for k in range(120)], left_out=gone, beliefs=TALK)
    for camp in (whole, rest):  # what each believes first is the person's own, so that talk shows
        camp.population.belief[0, 0] = 1.0 + camp.population.key % np.uint64(13)
        camp.wait_until(1)
    group = whole.population.group
    listener, speaker = whole.beliefs._talks(whole.rows, group, 1)
    told = set(listener[speaker == gone].tolist()) | {gone}
    for camp in (whole, rest):
        camp.beliefs.listen(1)
    others = np.delete(np.arange(120), gone)
    same = (whole.population.belief[:, :, others] == rest.population.belief).all(axis=(0, 1))
    # who would have met the person who is not there meets the next one; all others are untouched
    assert set(others[~same].tolist()) <= told
    assert same.sum() >= 110


def test_only_people_at_camps_hear():
    camp = crowd(40, beliefs={**AT_ONCE, "news_weight": 5.0})
    away = np.array([0, 4])
    camp.population.move(away, State.LORRY, 0.0)
    camp.beliefs.news_only("return", np.arange(len(CHANNEL.groups)), happened=True)
    camp.wait_until(1)
    camp.beliefs.listen(1)
    after = camp.beliefs.believed("return", camp.rows, 1)
    assert after[away] == pytest.approx(0.01)
    assert (np.delete(after, away) > 0.05).all()


def test_means_are_reported_once_a_week_by_group_and_in_all():
    camp = crowd(8)
    review = next(day for day in range(7) if camp.clock.ordinal(day) % 7 == 0)
    camp.wait_until(review)
    camp.beliefs.listen(review)
    levels = camp.notes.levels
    assert levels["belief_stop", None] == pytest.approx(0.45)
    assert levels["belief_stop", "Iran"] == pytest.approx(0.45)
    assert {key for name, key in levels if name == "belief_legal"} == {None, *CHANNEL.group_names}
    levels.clear()
    camp.wait_until(review + 1)
    camp.beliefs.listen(review + 1)
    assert not levels


def test_the_spread_between_people_is_reported_beside_the_mean():
    camp = Camp(["Iran", "Iran", "Sudan"])
    review = next(day for day in range(7) if camp.clock.ordinal(day) % 7 == 0)
    camp.wait_until(review)
    stop = topic_code("stop")
    camp.population.belief[stop][:, camp.rows] = [[1.0, 3.0, 2.0], [3.0, 1.0, 2.0]]  # chances .25, .75, .5
    camp.beliefs.listen(review)
    levels = camp.notes.levels
    held = camp.beliefs.believed("stop", camp.rows, review)
    assert levels["belief_stop", "Iran"] == pytest.approx(held[:2].mean())
    assert levels["belief_stop_spread", "Iran"] == pytest.approx(held[:2].std())
    assert levels["belief_stop_spread", "Iran"] > 0.1
    assert levels["belief_stop_spread", "Sudan"] == pytest.approx(0.0)
    assert levels["belief_stop_spread", None] == pytest.approx(held.std())
    assert levels["belief_stop_spread", "Vietnam"] == 0.0  # nobody is there


def test_camps_are_places_of_the_corridor():
    assert {CALAIS, DUNKIRK} <= {CHANNEL.place_code(camp.name) for camp in CHANNEL.camps}
