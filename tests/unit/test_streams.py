"""Random numbers: published vectors, identities, and distributions against their own theory."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy import stats

import crossings
from crossings import draws, streams
from crossings.errors import InputError
from crossings.streams import Streams, identity, philox4x32

# Random123, kat_vectors, philox4x32 with 10 rounds (Salmon et al. 2011): counter, key, result.
KNOWN_ANSWERS = [
    ([0, 0, 0, 0], (0, 0), [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, (0xFFFFFFFF, 0xFFFFFFFF), [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        (0xA4093822, 0x299F31D0),
        [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1],
    ),
]


@pytest.mark.parametrize(("counter", "key", "expected"), KNOWN_ANSWERS)
def test_philox_gives_the_published_vectors(counter, key, expected):
    words = philox4x32(np.array(counter, dtype=np.uint64)[:, None], key)
    assert words[:, 0].tolist() == expected


def test_philox_gives_the_published_vectors_in_one_block_too():
    counters = np.array([answer[0] for answer in KNOWN_ANSWERS[:1]] * 3, dtype=np.uint64).T
    words = philox4x32(counters, KNOWN_ANSWERS[0][1])
    assert words.T.tolist() == [KNOWN_ANSWERS[0][2]] * 3


def test_a_draw_depends_on_who_draws_and_not_on_who_else_does():
    everyone = identity("Iran", 739_000, np.arange(1000))
    some = np.delete(everyone, [3, 500, 999])
    drawn = Streams(7).uniforms("choice", everyone, 12, 6)
    alone = Streams(7).uniforms("choice", some, 12, 6)
    np.testing.assert_array_equal(np.delete(drawn, [3, 500, 999], axis=1), alone)


def test_a_draw_does_not_depend_on_how_many_are_asked_for():
    keys = identity("Iran", 739_000, np.arange(50))
    few, many = Streams(7).uniforms("choice", keys, 1, 2), Streams(7).uniforms("choice", keys, 1, 9)
    np.testing.assert_array_equal(few, many[:2])


@pytest.mark.parametrize("change", ["seed", "stream", "occasion", "key"])
def test_seed_stream_occasion_and_identity_each_change_the_draw(change):
    keys = identity("Iran", 739_000, np.arange(100))
    base = Streams(0).uniform("choice", keys, 1)
    other = {
        "seed": lambda: Streams(1).uniform("choice", keys, 1),
        "stream": lambda: Streams(0).uniform("contacts", keys, 1),
        "occasion": lambda: Streams(0).uniform("choice", keys, 2),
        "key": lambda: Streams(0).uniform("choice", keys + np.uint64(100), 1),
    }[change]()
    assert not np.any(base == other)


def test_occasions_may_differ_between_people():
    keys = identity("Iran", 739_000, np.arange(3))
    mixed = Streams(5).uniform("choice", keys, np.array([4, 9, 4]))
    assert mixed[1] == Streams(5).uniform("choice", keys[1:2], 9)[0]


def test_seed_zero_is_a_seed():
    keys = identity("a", 0, np.arange(4))
    np.testing.assert_array_equal(Streams(0).uniform("x", keys), Streams(0).uniform("x", keys))


@pytest.mark.parametrize("seed", [-1, 2**64, 1.5, "1", None, True])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(InputError, match="seed"):
        Streams(seed)


def test_seeds_that_differ_only_in_their_high_half_differ():
    keys = identity("a", 0, np.arange(100))
    assert not np.any(Streams(1).uniform("x", keys) == Streams(1 + 2**32).uniform("x", keys))


def test_identities_are_unique():
    days, ordinals = np.meshgrid(np.arange(739_000, 739_050), np.arange(200))
    keys = np.concatenate([identity(name, days.ravel(), ordinals.ravel()) for name in ("Iran", "Iraq")])
    assert len(np.unique(keys)) == len(keys) == 20_000


@pytest.mark.parametrize("count", [0, 65])
def test_too_few_or_too_many_uniforms_are_refused(count):
    with pytest.raises(ValueError, match="count"):
        Streams(0).uniforms("x", identity("a"), 0, count)


def uniforms(count=1, n=40_000):
    return Streams(11).uniforms("theory", identity("a", 0, np.arange(n)), 0, count)


# Kolmogorov-Smirnov at a fixed seed: the bound 1e-4 would fail one seed in ten thousand.
@pytest.mark.parametrize(
    ("draws", "law"),
    [
        (uniforms(), stats.uniform()),
        (streams.normal(uniforms(), 3.0, 2.0), stats.norm(3.0, 2.0)),
        (streams.lognormal(uniforms(), 15.0, 1.3), stats.lognorm(1.3, scale=15.0)),
        (streams.exponential(uniforms(), 4.0), stats.expon(scale=4.0)),
    ],
    ids=["uniform", "normal", "lognormal", "exponential"],
)
def test_continuous_draws_follow_their_law(draws, law):
    assert stats.kstest(draws.ravel(), law.cdf).pvalue > 1e-4


@pytest.mark.parametrize("mean", [0.001, 0.3, 3.3, 40.0, 900.0])
def test_poisson_is_the_exact_inverse(mean):
    u = uniforms(n=5000)[0]
    np.testing.assert_array_equal(streams.poisson(u, mean), stats.poisson.ppf(u, mean))


def test_poisson_of_mean_zero_is_zero():
    assert streams.poisson(np.array([0.1, 0.999999]), 0.0).tolist() == [0, 0]


def test_negative_binomial_has_the_stated_mean_and_variance():
    u, v = uniforms(2)
    counts = streams.negative_binomial(u, v, 40.0, 0.2)
    variance = 40 + 0.2 * 40**2
    # mean within 4 standard errors (false alarm 6e-5); variance within 5% (about 6 standard errors)
    assert abs(counts.mean() - 40) < 4 * np.sqrt(variance / counts.size)
    assert abs(counts.var() / variance - 1) < 0.05
    np.testing.assert_array_equal(streams.negative_binomial(u, v, 40.0, 0.0), streams.poisson(v, 40.0))


def test_a_higher_uniform_never_means_a_lower_value():
    u = np.sort(uniforms(n=2000)[0])
    for values in (
        streams.normal(u),
        streams.lognormal(u, 2, 1),
        streams.exponential(u, 1),
        streams.poisson(u, 5),
    ):
        assert np.all(np.diff(values) >= 0)


def test_streams_do_not_correlate():
    n = 40_000
    keys = identity("a", 0, np.arange(n))
    drawn = Streams(3)
    series = np.vstack(
        [
            drawn.uniforms("one", keys, 0, 5),
            drawn.uniforms("two", keys, 0, 3),
            drawn.uniforms("one", keys, 1, 2),
        ]
    )
    off = np.corrcoef(series)[np.triu_indices(10, 1)]
    assert np.abs(off).max() < 5 / np.sqrt(n)  # 45 pairs: false alarm 3e-5


def test_a_pick_is_in_proportion_to_weight():
    keys, weights = identity("thing", 0, np.arange(4)), np.array([1.0, 2.0, 0.0, 5.0])
    picks = np.bincount([Streams(2).pick("pick", keys, k, weights) for k in range(4000)], minlength=4)
    expected = 4000 * weights / weights.sum()
    assert picks[2] == 0
    assert stats.chisquare(picks[weights > 0], expected[weights > 0]).pvalue > 1e-4


def test_one_thing_less_changes_the_pick_only_where_it_was_picked():
    keys = identity("thing", 0, np.arange(8))
    for occasion in range(200):
        picked = keys[Streams(2).pick("pick", keys, occasion)]
        others = np.delete(keys, 3)
        again = others[Streams(2).pick("pick", others, occasion)]
        assert again == picked or picked == keys[3]


# choosing among things -------------------------------------------------------------------------


def chosen(serials: list[int], weights: np.ndarray, number: int = 4000) -> np.ndarray:
    """Return the serial that each of many people takes."""
    keys, looks = identity("Iran", 7, np.arange(number)), np.arange(number) % 5
    table = np.repeat(weights[:, None], number, axis=1)
    position = Streams(3).choose("test", keys, looks, np.array(serials), table)
    return np.array(serials)[position]


def test_choices_are_in_proportion_to_weight():
    weights = np.array([1.0, 2.0, 0.0, 5.0])
    taken = chosen([3, 90, 17, 120_000], weights, 40_000)
    shares = [(taken == serial).mean() for serial in (3, 90, 17, 120_000)]
    bound = 4.5 * 0.5 / np.sqrt(40_000)  # false alarms below 1e-5
    assert shares == pytest.approx(weights / weights.sum(), abs=bound)
    assert shares[2] == 0.0


def test_the_order_of_things_does_not_matter():
    serials, weights = [5, 6, 7, 8, 99_999], np.array([1.0, 3.0, 2.0, 0.5, 4.0])
    order = np.array([3, 0, 4, 2, 1])
    again = chosen([serials[k] for k in order], weights[order])
    assert (chosen(serials, weights) == again).all()


def test_one_thing_less_changes_only_the_choices_of_those_who_took_it():
    serials, weights = [0, 1, 2, 3, 4, 70_000], np.array([1.0, 3.0, 2.0, 0.5, 4.0, 2.0])
    for gone in range(6):
        kept = [k for k in range(6) if k != gone]
        before, after = chosen(serials, weights), chosen([serials[k] for k in kept], weights[kept])
        stay = before != serials[gone]
        assert (before[stay] == after[stay]).all()
        assert not stay.all()


@pytest.mark.parametrize("plain", [True, False])
def test_the_scalar_loop_draws_the_same_bits_compiled_or_not(monkeypatch, plain):
    keys = identity("Iran", 739_000, np.arange(37)) ^ np.uint64(2**63)
    cases = [
        (Streams(2**64 - 1), keys, 2**31, 1),
        (Streams(7), keys, np.arange(37) * 977, 6),
        (Streams(0), keys[:1], 0, 64),
        (Streams(3), keys[:0], 5, 4),
        (Streams(3), keys[::2], np.array([2**32 + 5] * 19, dtype=np.uint64), 3),
    ]
    expected = [streams_.uniforms("a stream", *rest) for streams_, *rest in cases]
    if plain:
        monkeypatch.setattr(streams, "_drawn_by", draws.draw)
    else:
        pytest.importorskip("numba")
        monkeypatch.setattr(streams, "_drawn_by", None)
        assert draws.compile_draws()
        assert streams._drawn_by is not None
    for (streams_, *rest), numbers in zip(cases, expected, strict=True):
        np.testing.assert_array_equal(streams_.uniforms("a stream", *rest), numbers)
        assert streams_.uniforms("a stream", *rest).dtype == np.float64


def test_without_a_compiler_draws_stay_as_they_are(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(streams, "_drawn_by", None)
    assert not draws.compile_draws()
    assert streams._drawn_by is None


def test_a_season_has_the_same_digest_with_compiled_draws(monkeypatch, short):
    pytest.importorskip("numba")
    apart = crossings.run(short, 5).digest_exact
    monkeypatch.setattr(streams, "_drawn_by", None)
    draws.compile_draws()
    assert crossings.run(short, 5).digest_exact == apart
