"""Beliefs stay beliefs, whatever is heard in whatever order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.camp import CHANNEL, Camp

from crossings.people.word_of_mouth import contacts, meet
from crossings.population import BELIEFS
from crossings.streams import Streams, identity

chances = st.floats(0.0, 1.0)
names = st.sampled_from(BELIEFS)
events = st.lists(
    st.one_of(
        st.tuples(st.just("witness"), names, st.integers(0, 11), st.booleans()),
        st.tuples(st.just("news"), names, st.integers(0, 12), st.booleans()),
        st.tuples(st.just("announce"), names, chances, st.integers(0, 20)),
        st.tuples(st.just("listen"), names, st.just(0), st.booleans()),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None)
@given(events, st.integers(0, 2**64 - 1))
def test_chances_stay_chances_and_weights_stay_capped(happenings: list[tuple], seed: int):
    camp = Camp([CHANNEL.groups[k % 13].name for k in range(12)], seed=seed)
    day = 0
    for what, belief, number, detail in happenings:
        if what == "witness":
            camp.beliefs.witness(belief, np.array([number]), detail)
        elif what == "news":
            camp.beliefs.news_only(belief, np.array([number]), detail)
        elif what == "announce":
            camp.announce(belief, number, name=f"at {day}", start=day + detail)
        else:
            day += 1
            camp.wait_until(day)
            camp.beliefs.listen(day)
    for belief in BELIEFS:
        for seen in (
            camp.beliefs.believed(belief, camp.rows, day + 5),
            camp.beliefs.group_believed(belief, day + 5),
        ):
            assert np.isfinite(seen).all()
            assert ((seen >= 0) & (seen <= 1)).all()
    assert (camp.population.belief >= 0).all()
    camp.wait_until(day + 1)
    camp.beliefs.listen(day + 1)
    assert camp.population.belief.sum(axis=1).max() <= camp.beliefs.block.max_strength + 1e-9
    assert 0 <= camp.beliefs.announced.credibility <= 1


@settings(max_examples=40, deadline=None)
@given(chances, chances, names)
def test_an_announcement_moves_a_belief_towards_what_it_says_and_never_past_it(
    held: float, said: float, belief: str
):
    camp = Camp(["Iran", "Albania"])
    camp.believe(belief, held)
    before = camp.beliefs.believed(belief, camp.rows, 3)
    camp.announce(belief, said)
    after = camp.beliefs.believed(belief, camp.rows, 3)
    if belief != "settle":  # a rule comes on top of what people thought before any news
        said = 1.0 - (1.0 - camp.beliefs.first[belief]) * (1.0 - said)
    low, high = min(held, said), max(held, said)
    assert ((after >= low - 1e-12) & (after <= high + 1e-12)).all()
    assert (abs(after - said) <= abs(before - said) + 1e-12).all()


@settings(max_examples=40, deadline=None)
@given(chances, chances, chances)
def test_a_higher_announced_chance_is_never_believed_less(held: float, one: float, other: float):
    seen = []
    for said in sorted((one, other)):
        camp = Camp(["Iran"])
        camp.believe("return", held)
        camp.announce("return", said)
        seen.append(float(camp.beliefs.believed("return", camp.rows, 1)[0]))
    assert seen[0] <= seen[1] + 1e-12


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 80), st.integers(1, 5), st.integers(0, 2**32), st.data())
def test_meetings_are_within_the_pool_and_depend_on_no_third_person(
    number: int, pools: int, seed: int, data: st.DataObject
):
    u = Streams(seed).uniforms("test", identity("Iran", 1, np.arange(number)), 0, 2)
    pool = np.arange(number) % pools
    met = meet([pool], u[0], pool, u[1])
    assert (pool[met] == pool).all()
    gone = data.draw(st.integers(0, number - 1))
    kept = np.delete(np.arange(number), gone)
    after = kept[meet([pool[kept]], u[0][kept], pool[kept], u[1][kept])]
    untouched = met[kept] != gone
    assert (after[untouched] == met[kept][untouched]).all()
    # whoever comes anew changes only who meets them: the same, read backwards
    assert (met[kept][met[kept] != after] == gone).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(2.0**-33, 1 - 2.0**-33), min_size=1, max_size=30), st.floats(0.0, 5.0))
def test_every_conversation_has_a_seeker_and_a_place_on_the_ring(draws: list[float], mean: float):
    u = np.array(draws)
    seekers, places = contacts(u, u, u, mean)
    assert len(seekers) == len(places)
    assert np.bincount(seekers, minlength=len(u)).max(initial=0) <= 3
    assert ((places >= 0) & (places < 1)).all()


def test_more_conversations_for_a_higher_draw():
    u = np.linspace(0.001, 0.999, 500)
    seekers, _ = contacts(u, u, u, 0.7)
    number = np.bincount(seekers, minlength=len(u))
    assert (np.diff(number) >= 0).all()
    assert number.max() == pytest.approx(3)
