"""The life line: who may go where, and that everyone is somewhere."""

from __future__ import annotations

import numpy as np
import pytest

from crossings.population import ENDED, LifeLineError, Population, State
from crossings.streams import identity


@pytest.fixture
def people():
    return Population(identity("Iran", 739_000, np.arange(10)), np.zeros(10), np.repeat([0, 1], 5))


def test_people_enter_on_their_day(people):
    assert people.enter(0, 0.0).tolist() == [0, 1, 2, 3, 4]
    assert people.enter(1, 1.0).tolist() == [5, 6, 7, 8, 9]
    assert people.enter(2, 2.0).size == 0
    people.check()


def test_a_move_is_recorded_counted_and_heard(people):
    heard = []
    people.listener = lambda rows, before, to: heard.append((rows.tolist(), before.tolist(), to))
    people.enter(0, 0.0)
    people.move([1, 3], State.TRAVELLING, 2.5, place=[7, 8])
    assert heard[-1] == ([1, 3], [State.ORIGIN, State.ORIGIN], State.TRAVELLING)
    assert people.counts[State.TRAVELLING] == 2
    assert people.place[[1, 3]].tolist() == [7, 8]
    assert people.since[1] == 2.5
    assert people.rows_in(State.TRAVELLING, State.CAMP).tolist() == [1, 3]
    people.check()


def test_a_step_the_life_line_does_not_have_is_refused_and_changes_nothing(people):
    people.enter(0, 0.0)
    with pytest.raises(LifeLineError, match="no step from ORIGIN to AT_SEA"):
        people.move([0], State.AT_SEA, 1.0)
    assert people.state[0] == State.ORIGIN
    people.check()


def test_nothing_leaves_an_end(people):
    people.enter(0, 0.0)
    people.move([0], State.STAYED_ORIGIN, 1.0)
    for state in State:
        with pytest.raises(LifeLineError):
            people.move([0], state, 2.0)
    assert 0 not in people.under_way()


def test_every_end_can_be_reached_and_every_other_state_can_be_left():
    from crossings.population import _ALLOWED  # noqa: PLC0415

    reached, frontier = {State.FUTURE}, [State.FUTURE]
    while frontier:
        for step in np.flatnonzero(_ALLOWED[frontier.pop()]):
            if State(step) not in reached:
                reached.add(State(step))
                frontier.append(State(step))
    assert reached == set(State)
    assert all(_ALLOWED[state].any() == (state < ENDED) for state in State)


def test_a_person_in_two_places_is_noticed(people):
    people.enter(0, 0.0)
    people.state[2] = State.DEAD
    with pytest.raises(LifeLineError, match="conserved"):
        people.check()


def test_rows_must_be_in_order_of_entry():
    with pytest.raises(ValueError, match="order of entry"):
        Population(identity("Iran", 0, np.arange(2)), [0, 0], [1, 0])


def test_moving_nobody_does_nothing(people):
    people.move([], State.DEAD, 0.0)
    people.check()


def test_one_comes_to_the_coast_by_way_of_a_camp_only():
    from crossings.population import _ALLOWED, _ON_COAST  # noqa: PLC0415

    assert np.flatnonzero(_ALLOWED[~_ON_COAST][:, _ON_COAST].any(axis=0)).tolist() == [0]
    assert np.flatnonzero(_ON_COAST)[0] == State.CAMP


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whoever_is_at_the_coast_is_found_once_and_in_row_order(seed):
    from crossings.population import _ALLOWED, COAST  # noqa: PLC0415

    luck = np.random.default_rng(seed)
    people = Population(identity("Iran", 739_000, np.arange(200)), np.zeros(200), np.zeros(200))
    people.enter(0, 0.0)
    seen = dict.fromkeys(COAST, 0)
    for step in range(1500):
        row = luck.integers(200, size=3)
        before = people.state[row[0]]
        alike = np.unique(row[people.state[row] == before])
        to = luck.permutation(np.flatnonzero(_ALLOWED[before]))
        likely = [state for state in to.tolist() if state < ENDED] or to.tolist()
        if likely:
            people.move(luck.permutation(alike), State(likely[0]), float(step))
        for state in COAST if step % 4 == 0 else ():
            there = people.rows_in(state)
            assert there.tolist() == np.flatnonzero(people.state == state).tolist()
            seen[state] += there.size
        camps = np.isin(people.state, [State.CAMP, State.BOOKED, State.APPLIED])
        assert people.at_camp().tolist() == np.flatnonzero(camps).tolist()
    assert min(seen.values()) > 0
    assert len(people._coast) < 200  # those who have left for good are struck off
