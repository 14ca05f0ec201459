"""What is written twice gives the same bits both ways, and a process made ready for many runs same runs."""

import gc
import sys

import numpy as np
import pytest

import crossings
from crossings import loops, memory, streams
from crossings.outcomes.recorder import count_codes
from crossings.people.far import Ways, best_way
from crossings.people.hearing import known_until, take_in
from crossings.people.places import worth_of_places
from crossings.people.word_of_mouth import MAX_CONTACTS, begun, contacts, found, meet, split
from crossings.population import take_step
from crossings.study.workers import prepare


@pytest.fixture(autouse=True)
def as_it_was(monkeypatch):
    monkeypatch.setattr(streams, "_drawn_by", None)
    monkeypatch.setattr(memory, "_many", False)
    yield
    loops.leave_loops()
    gc.unfreeze()


def a_day(seed, talks, people=60, at_camp=40):
    """Return people of three groups at a camp, their conversations, and twenty days of news."""
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(people, at_camp, replace=False))
    group = rng.integers(0, 3, people).astype(np.int16)[rows]
    before = rng.integers(0, 20, at_camp).astype(np.int32)
    listener, speaker = rng.integers(0, at_camp, (2, talks))
    in_touch = rng.random(at_camp) < 0.3
    belief = rng.gamma(2.0, 4.0, (5, 2, people))
    told = np.cumsum(rng.gamma(0.3, 2.0, (21, 7, 2, 3)), axis=0)
    return belief, rows, group, before, in_touch, listener, speaker, told


def lived(choose, day):
    """Return what people believe and know after a day, by one way of each calculation."""
    belief, rows, group, before, in_touch, listener, speaker, told = day
    belief = belief.copy()
    now = choose(known_until)(before, group, in_touch, listener, speaker, 20)
    choose(take_in)(belief, rows, group, before, now, listener, speaker, told, 0.3, 2.0, 25.0)
    return belief, now


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("talks", [0, 1, 70])
def test_a_day_of_talk_and_news_is_the_same_bits_both_ways(compiled, talks):
    if compiled:
        pytest.importorskip("numba")
        assert loops.compile_loops()
    for seed in range(10):
        day = a_day(seed, talks)
        belief, now = lived(lambda each: each.over_arrays, day)
        same, also = lived(lambda each: each.chosen if compiled else each.as_loop, day)
        np.testing.assert_array_equal(same, belief)
        np.testing.assert_array_equal(also, now)
        assert not np.array_equal(belief, day[0])
        assert belief[:, :, day[1]].sum(axis=1).max() < 25.0 * (1 + 1e-12)


@pytest.mark.parametrize("compiled", [False, True])
def test_the_best_way_across_is_the_same_bits_both_ways(compiled):
    if compiled:
        pytest.importorskip("numba")
        assert loops.compile_loops()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(0, 300))
        chances = rng.random((4, n)) * [[0.9], [0.05], [1.0], [1.0]]
        whole, wealth, outside = rng.normal(3.0, 1.0, n), rng.gamma(2.0, 2000.0, n) + 50.0, rng.normal(size=n)
        ways = Ways(0.8, 5.0, 0.1, 0.5, 0.3, 1500.0, 0.97, 0.05, rng.random(), 0.002, 0.05, 800.0)
        given = (*chances, whole, wealth, outside, rng.random(n) < 0.5, ways)
        best = best_way.over_arrays(*given)
        np.testing.assert_array_equal((best_way.chosen if compiled else best_way.as_loop)(*given), best)
        if n > 20:
            assert not np.array_equal(best_way.over_arrays(*given[:7], np.ones(n, bool), ways), best)


@pytest.mark.parametrize("compiled", [False, True])
def test_a_step_of_the_life_line_is_taken_or_refused_the_same_both_ways(compiled):
    if compiled:
        pytest.importorskip("numba")
        assert loops.compile_loops()
    taken = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        state = rng.integers(0, 4, 50).astype(np.int8)
        rows = rng.choice(50, int(rng.integers(1, 6)), replace=False)
        forbidden = (rng.random(4) < 0.3).astype(np.int64)
        after = []
        for step in (take_step.over_arrays, take_step.chosen if compiled else take_step.as_loop):
            column, since, counts = state.copy(), np.zeros(50), np.bincount(state, minlength=4)
            may = step(column, since, counts, rows, forbidden, 2, 7.5)
            np.testing.assert_array_equal(counts, np.bincount(column, minlength=4))
            after.append((may, column.tolist(), since.tolist()))
        assert after[0] == after[1]
        taken.append(may)
        assert may == (not forbidden[state[rows]].any()) == (since[rows] == 7.5).all()
    assert 0 < sum(taken) < 40


@pytest.mark.parametrize("compiled", [False, True])
def test_codes_are_counted_or_refused_the_same_both_ways(compiled):
    if compiled:
        pytest.importorskip("numba")
        assert loops.compile_loops()
    ways = (count_codes.over_arrays, count_codes.chosen if compiled else count_codes.as_loop)
    for codes in ([], [2], [0, 2, 2, 1]):
        for kind in (np.int16, np.int64):
            counts = [np.array([5, 0, 7]) for _ in ways]
            for count, so_far in zip(ways, counts, strict=True):
                count(so_far, np.array(codes, dtype=kind))
            assert counts[0].tolist() == counts[1].tolist()
            assert counts[0].tolist() == [5 + codes.count(0), codes.count(1), 7 + codes.count(2)]
    for wrong in (-1, 3):
        for count in ways:
            so_far = np.array([5, 0, 7])
            with pytest.raises(ValueError, match=r"below zero|negative|broadcast"):
                count(so_far, np.array([1, wrong]))
            assert so_far.tolist() == [5, 0, 7]


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("mean", [0.0, 0.7, 2.5])
def test_conversations_begin_the_same_both_ways(compiled, mean):
    if compiled:
        pytest.importorskip("numba")
        assert loops.compile_loops()
    ways = [each.chosen if compiled else each.as_loop for each in (begun, split)]
    for seed in range(10):
        uniforms = np.random.default_rng(seed).random((3, 200))
        begun.chosen, split.chosen = begun.over_arrays, split.over_arrays
        seekers, draws = contacts(*uniforms, mean)
        within, fresh = split(draws, 0.7)
        begun.chosen, split.chosen = ways
        also, same = contacts(*uniforms, mean)
        np.testing.assert_array_equal(also, seekers)
        np.testing.assert_array_equal(same, draws)
        for mine, theirs in zip(split(draws, 0.7), (within, fresh), strict=True):
            np.testing.assert_array_equal(mine, theirs)
        assert (seekers.size > 0) == (mean > 0)
        assert np.bincount(seekers, minlength=1).max() <= MAX_CONTACTS


@pytest.mark.parametrize("compiled", [False, True])
def test_people_meet_the_same_both_ways(compiled):
    if compiled:
        pytest.importorskip("numba")
        assert loops.compile_loops()
    ways = (found.over_arrays, found.chosen if compiled else found.as_loop)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        camp = rng.integers(0, 3, 80) * 4
        pools, seeker = [camp, camp + 1 + rng.integers(0, 3, 80)], rng.integers(0, 80, 70)
        point, draw, own = rng.random(80), rng.random(70), rng.random(70) < 0.5
        pool = np.where(own, pools[1][seeker], pools[0][seeker])
        met = []
        for found.chosen in ways:
            met.append(meet(pools, point, pool, draw))
        np.testing.assert_array_equal(*met)
        for k, other in enumerate(met[0]):  # the next at or after the draw, the first where there is none
            inside = np.flatnonzero((pools[0] == pool[k]) | (pools[1] == pool[k]))
            after = inside[point[inside] >= draw[k]]
            assert other == min(after if after.size else inside, key=lambda row: point[row])


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("days", [1, 4])
def test_places_are_worth_the_same_bits_both_ways(compiled, days):
    if compiled:
        pytest.importorskip("numba")
        assert loops.compile_loops()
    for seed in range(10):
        rng = np.random.default_rng(seed)
        given = (
            rng.normal(3.0, 1.0, (days, 90)), rng.random((1, 90)), rng.normal(size=(days, 90)),
            rng.gamma(2.0, 2000.0, 90) + 50.0, rng.integers(0, 3, 90).astype(np.int16),
            rng.gamma(9.0, 200.0, 4), rng.random(4), rng.random(4), rng.normal(size=(4, 3)),
        )  # fmt: skip
        places = worth_of_places.over_arrays(*given)
        assert places.shape == (4, 90)
        way = worth_of_places.chosen if compiled else worth_of_places.as_loop
        np.testing.assert_array_equal(way(*given), places)


def test_without_a_compiler_everything_is_done_over_arrays(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert not loops.compile_loops()
    assert take_in.chosen is take_in.over_arrays


def test_a_season_has_the_same_digest_in_a_process_made_ready_for_many(short):
    apart = crossings.run(short, 5).digest_exact
    prepare()
    assert crossings.run(short, 5).digest_exact == apart


def test_what_was_there_before_is_left_alone_once_where_many_worlds_are_made():
    gc.unfreeze()
    memory.give_back()
    assert gc.get_freeze_count() == 0
    memory.expect_many_worlds()
    memory.give_back()
    left_alone = gc.get_freeze_count()
    assert left_alone > 0
    more = [[] for _ in range(1000)]
    memory.give_back()
    assert gc.get_freeze_count() <= left_alone
    assert len(more) == 1000
