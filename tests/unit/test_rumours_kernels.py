"""Kernels of Routes and Rumours: the project's own draws, the algebra, and the same numbers either way."""

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.test_rumours_model import MAP

from crossings.replicas.hearsay import Hearsay
from crossings.replicas.rumours import draws
from crossings.replicas.rumours.beliefs import heard
from crossings.replicas.rumours.planning import attraction, effort, safety
from crossings.streams import Streams, exponential, identity

ROOT = Path(__file__).parents[2]
shares = st.floats(0.0, 1.0)


@pytest.mark.parametrize("seed", [0, 1, 2**32, 2**64 - 1])
def test_draws_are_those_of_the_streams_to_the_last_bit(seed):
    streams, words = Streams(seed), draws.seed_words(seed)
    for page, number, occasion in [(0, 0, 0), (3, 77, 9), (80, 2**28 - 1, 2**32 - 1)]:
        expected = streams.uniforms("rumours.test", identity("migrant", page, number), occasion, 64)[:, 0]
        place = draws.stream("rumours.test")
        drawn = [draws.many(words, number, occasion, place, 64 * page + item) for item in range(64)]
        assert drawn == expected.tolist()
    first = draws.one(words, 5, 6, draws.stream("x"))
    assert first == streams.uniform("x", identity("migrant", 0, 5), 6)[0]
    assert draws.waiting(first, 4.0) == pytest.approx(float(exponential(first, 0.25)), rel=1e-14)


@settings(deadline=None)  # the first example waits for the compiler
@given(
    v=shares, t=st.floats(1e-6, 0.99999), w=shares, q=st.floats(1e-6, 0.99999),
    convince=shares, convert=shares, confuse=st.floats(0.0, 0.99),
)  # fmt: skip
def test_hearing_agrees_with_the_same_algebra_written_another_way(v, t, w, q, convince, convert, confuse):
    value, trust = heard(v, t, w, q, convince, convert, confuse)
    other_value, other_trust = Hearsay(convince, convert, confuse, 0.0).heard(v, t, w, q)
    assert value == pytest.approx(other_value, rel=1e-9, abs=1e-12)
    assert trust == pytest.approx(other_trust, rel=1e-9)
    assert min(v, w) - 1e-9 <= value <= max(v, w) + 1e-9
    assert 1e-6 <= trust <= 0.99999


def test_disagreement_makes_doubt_and_agreement_trust():
    _, agreeing = heard(0.5, 0.6, 0.5, 0.6, 0.5, 0.1, 0.3)
    _, opposed = heard(0.1, 0.6, 0.9, 0.6, 0.5, 0.1, 0.3)
    assert agreeing > 0.6
    assert opposed < agreeing


def test_what_is_perceived_of_a_belief():
    belief = np.array([0.4, 0.2, 0.5, 0.8])
    assert attraction(belief, 0.25) == pytest.approx(0.4 * 0.5 * 0.75 + 0.2 * 0.8 * 0.25)
    assert effort(belief) == pytest.approx(0.6)
    perceived = 0.8 * 0.8**10
    assert safety(belief, 10.0, -7.0, 0.2) == pytest.approx(1 / (1 + math.exp(7.0 - 20.0 * perceived)))


DIGEST = """
import hashlib, sys
if sys.argv[1] == "plain": sys.modules["numba"] = None
from crossings.replicas.rumours.compiling import COMPILED
from crossings.replicas.rumours.model import Campaign, Change, RumoursModel
from crossings.replicas.rumours.parameters import RumoursBlock
from crossings.replicas.rumours.worlds import SyntheticBlock, synthetic
assert COMPILED == (sys.argv[1] == "compiled")
world = synthetic(SyntheticBlock(n_cities=25, n_entries=2, n_exits=3, link_thresh=0.3), 4)
block = RumoursBlock(error=0.1, p_info_contacts=0.5, p_transfer_info=0.5, ben_resources=5.0,
                     costs_stay=1.0, rate_costs_stay=1.0, save_thresh=2.0, save_income=1.0,
                     ini_capital=0.0, p_keep_contact=0.5)
model = RumoursModel(world, block, 3, changes=[Change(0, 4.0), Change(4, risk=0.3)], until=9,
                     campaign=Campaign(5, 0.5, above=0.1)).run()
s = model.state
digest = hashlib.sha256()
for array in s: digest.update(array.tobytes())
print(digest.hexdigest(), s.world.events[0], s.world.exchanges[0], s.world.plans[0], s.world.dead[0])
"""


OTHER_WAY = """
import hashlib, sys
if sys.argv[1] == "plain": sys.modules["numba"] = None
import numpy as np
from crossings.replicas.rumours.compiling import COMPILED
from crossings.replicas.rumours.model import Change, RumoursModel
from crossings.replicas.rumours.parameters import Choices, Oddities, RumoursBlock
from crossings.replicas.rumours.worlds import from_map
assert COMPILED == (sys.argv[1] == "compiled")
world = from_map(sys.argv[2], 1, n_entries=2, n_nearest=2)
sea = np.flatnonzero(world.sea)
block = RumoursBlock(
    oddities=Oddities(**dict.fromkeys(Oddities.model_fields, False)),
    choices=Choices(talk_replans=False, hearsay_reveals=True, prior_link_ends=True, exits_are_cities=False),
    p_know_target=1.0, p_know_city=0.5, p_know_link=0.5, n_contacts_max=3, move_speed=0.4, p_drop_contact=0.5,
    p_info_contacts=0.5, p_transfer_info=0.5, p_notice_death_c=1.0, p_notice_death_o=1.0,
)
changes = [Change(0, 12.0, 0.1, sea, 0.1), Change(6, None, 0.3, sea, 0.6)]
model = RumoursModel(world, block, 4, changes=changes, until=14, wait=2.0).run()
s = model.state
digest = hashlib.sha256()
for array in s: digest.update(array.tobytes())
w = s.world
print(digest.hexdigest(), w.events[0], w.exchanges[0], w.plans[0], w.dead[0], w.arrived[0], w.intercepted[0])
"""


def both_ways(program: str, *words: str) -> list[int]:
    """Return the counts that a program prints after its digest, which is the same plain and compiled."""
    pytest.importorskip("numba")
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'model'}"}
    found = [
        subprocess.run(
            [sys.executable, "-c", program, way, *words],
            env=environment, capture_output=True, text=True, check=True,
        ).stdout.split()
        for way in ("plain", "compiled")
    ]  # fmt: skip
    assert found[0] == found[1]
    return [int(number) for number in found[0][1:]]


def test_with_every_peculiarity_off_compiled_and_plain_give_the_same_state_too(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(MAP, encoding="utf-8")
    events, exchanges, plans, *ends = both_ways(OTHER_WAY, str(path))
    assert events > exchanges + plans
    assert min(exchanges, plans, *ends) > 5  # some died, some arrived, and some were intercepted


def test_compiled_and_plain_give_the_same_state_to_the_last_bit():
    events, exchanges, plans, dead = both_ways(DIGEST)
    assert min(exchanges, plans) > 20  # something happened that could have differed
    assert events > exchanges + plans
    assert dead > 0


def test_compiled_code_is_kept_by_all_the_sources_together():
    numba = pytest.importorskip("numba")
    place = Path(heard.stats.cache_path)
    assert "kernels-" in str(place)
    assert str(place) != numba.config.CACHE_DIR
    assert str(place).startswith(str(ROOT / "model"))
