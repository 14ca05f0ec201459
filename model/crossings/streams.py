"""Common random numbers: every draw depends on who draws, on what, and on which occasion.

A draw is a pure function of ``(seed, stream, identity, occasion)``. It does not depend on row
numbers, on how many others drew before, or on the order of events; so under one seed two
policies give the same person the same luck wherever their lives agree, and taking one person
out of the world leaves every other person's draws unchanged.

The generator is Philox4x32-10, a counter-based generator: the counter holds the identity
(64 bits), the occasion (32 bits) and the stream (28 bits, and 4 for the block within a draw);
the key holds the seed. One block gives four uniforms of 32 bits each.

Nothing else in the package draws random numbers.

References
----------
.. [1] J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as
   1, 2, 3", SC11 (2011), doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2s

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from crossings.errors import InputError

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_MULTIPLIERS = np.array([[0xD2511F53], [0xCD9E8D57]], dtype=np.uint64)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_ROUNDS = 10
_PER_BLOCK = 4
_MAX_BLOCKS = 16

_THING_BITS = 17  # of an occasion, where things are chosen among; each block of draws serves four things
_MOST_OCCASIONS = 1 << 15

_ORDINAL_BITS = 28
_DAY_BITS = 20


def philox4x32(counter: NDArray[np.uint64], key: tuple[int, int]) -> NDArray[np.uint64]:
    """Encrypt counters with Philox4x32-10.

    Parameters
    ----------
    counter
        Shape (4, n); each entry a 32-bit word held in 64 bits.
    key
        Two 32-bit words.

    Returns
    -------
    ndarray of uint64, shape (4, n)
        Four random 32-bit words for each counter.
    """
    even = np.array(counter[0::2], dtype=np.uint64)
    odd = np.array(counter[1::2], dtype=np.uint64)
    spare, other = np.empty_like(even), np.empty_like(odd)
    for round_key in _round_keys(*key):
        np.multiply(even, _MULTIPLIERS, out=spare)
        np.bitwise_and(spare, _LOW, out=other)
        spare >>= _SHIFT
        crossed = spare[::-1]  # each half goes to where the other was
        crossed ^= odd
        crossed ^= round_key
        even, spare, odd, other = crossed, even, other[::-1], odd
    words = np.empty((4, even.shape[1]), dtype=np.uint64)
    words[0::2] = even
    words[1::2] = odd
    return words


@lru_cache(maxsize=64)
def _round_keys(first: int, second: int) -> tuple[NDArray[np.uint64], ...]:
    keys = []
    for _ in range(_ROUNDS):
        keys.append(np.array([[first], [second]], dtype=np.uint64))
        first = (first + _WEYL[0]) & 0xFFFFFFFF
        second = (second + _WEYL[1]) & 0xFFFFFFFF
    return tuple(keys)


@lru_cache(maxsize=1024)
def stream_code(stream: str) -> int:
    """Return the 28-bit code of a stream name, the same on every machine."""
    return int.from_bytes(blake2s(stream.encode(), digest_size=4).digest(), "big") >> 4


@lru_cache(maxsize=1024)
def name_code(name: str) -> int:
    """Return a 16-bit code of a name (a group, a site), the same on every machine."""
    return int.from_bytes(blake2s(name.encode(), digest_size=2).digest(), "big")


def identity(name: str, day: ArrayLike = 0, ordinal: ArrayLike = 0) -> Keys:
    """Pack identities of people, boats and things into 64-bit keys.

    Parameters
    ----------
    name
        Group of a person, network of a boat, or kind of a thing.
    day
        Proleptic Gregorian ordinal of the day it came to be (20 bits); 0 where it has none.
    ordinal
        Its number among those of the same name and day (28 bits).

    Returns
    -------
    ndarray of uint64
        One key for each (day, ordinal) pair after broadcasting.
    """
    days = np.asarray(day, dtype=np.uint64)
    ordinals = np.asarray(ordinal, dtype=np.uint64)
    head = np.uint64(name_code(name) << (_DAY_BITS + _ORDINAL_BITS))
    return np.atleast_1d(head | (days << np.uint64(_ORDINAL_BITS)) | ordinals)


_drawn_by: Callable[..., None] | None = None


def draw_by(drawing: Callable[..., None] | None) -> None:
    """Draw by another program from now on, with the same results; None for the one here.

    Parameters
    ----------
    drawing
        `crossings.draws.draw`, as it is or compiled.
    """
    global _drawn_by  # noqa: PLW0603 - one choice for the whole process, which changes no number
    _drawn_by = drawing


class Streams:
    """All random numbers of one run.

    Parameters
    ----------
    seed
        Any whole number from 0 to 2**64 - 1. Zero is a seed like any other.

    Raises
    ------
    InputError
        If the seed is not a whole number in that range.
    """

    def __init__(self, seed: object) -> None:
        if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or not 0 <= seed < 2**64:
            raise InputError(f"seed {seed!r}: expected a whole number from 0 to 2**64 - 1")
        self.seed = int(seed)
        self._key = (self.seed & 0xFFFFFFFF, self.seed >> 32)
        self._words = (np.uint64(self._key[0]), np.uint64(self._key[1]))

    def uniforms(self, stream: str, keys: Keys, occasion: ArrayLike, count: int) -> Floats:
        """Draw `count` independent uniforms for every key.

        Parameters
        ----------
        stream
            Name of what is being decided; streams are independent of each other.
        keys
            Identities of those who draw, shape (n,).
        occasion
            The drawer's own count of this event, or the day; scalar or shape (n,).
        count
            How many uniforms each needs on this occasion, at most 64.

        Returns
        -------
        ndarray of float64, shape (count, n)
            Strictly between 0 and 1, on a grid of 2**-32.
        """
        blocks = -(-count // _PER_BLOCK)
        if not 1 <= blocks <= _MAX_BLOCKS:
            raise ValueError(f"count {count}: expected 1 to {_PER_BLOCK * _MAX_BLOCKS}")
        n = len(keys)
        if _drawn_by is not None:
            drawn: Floats = np.empty((count, n))
            occasions = np.atleast_1d(np.asarray(occasion, dtype=np.uint64))
            _drawn_by(keys, occasions, np.uint64(stream_code(stream) << 4), *self._words, drawn)
            return drawn
        counter = np.empty((4, blocks, n), dtype=np.uint64)
        counter[0] = keys & _LOW
        counter[1] = keys >> _SHIFT
        counter[2] = np.asarray(occasion, dtype=np.uint64) & _LOW
        counter[3] = (np.uint64(stream_code(stream) << 4) | np.arange(blocks, dtype=np.uint64))[:, None]
        words = philox4x32(counter.reshape(4, blocks * n), self._key).reshape(4, blocks, n)
        ordered = words.transpose(1, 0, 2).reshape(4 * blocks, n)[:count]
        return np.asarray((ordered + 0.5) * 2.0**-32, dtype=np.float64)

    def uniform(self, stream: str, keys: Keys, occasion: ArrayLike = 0) -> Floats:
        """Draw one uniform for every key; see `uniforms`."""
        drawn: Floats = self.uniforms(stream, keys, occasion, 1)[0]
        return drawn

    def pick(self, stream: str, keys: Keys, occasion: ArrayLike, weights: ArrayLike = 1.0) -> int:
        """Pick one of several things in proportion to their weights.

        Each runs its own exponential race, so one thing more or less changes the pick only where
        that thing itself would have been picked.

        Returns
        -------
        int
            Position among `keys`; of equal times the first by key.
        """
        times = exponential(self.uniform(stream, keys, occasion), 1.0)
        weight = np.broadcast_to(np.asarray(weights, dtype=np.float64), times.shape)
        with np.errstate(over="ignore"):  # at a weight next to nothing it never finishes
            finish = np.divide(times, weight, out=np.full(times.shape, np.inf), where=weight > 0)
        return int(np.lexsort((keys, finish))[0])

    def choose(
        self, stream: str, keys: Keys, occasion: NDArray[np.integer], serials: Ints, weights: Floats
    ) -> NDArray[np.intp]:
        """Let many choose at once, each one of the same things in proportion to one's own weights.

        To everyone all things run an exponential race of their own: a draw depends on who chooses,
        on the occasion and on the thing. So a thing more or less changes only the choices of those
        who would have taken that very thing, in whatever order things are told.

        Parameters
        ----------
        stream
            Name of what is being decided.
        keys
            Identities of those who choose, shape (n,).
        occasion
            Each one's own count of this event, below 2**15, shape (n,).
        serials
            Identities of the things, all different, below 2**19, shape (m,).
        weights
            Shape (m, n), not negative, at least one above 0 for everyone.

        Returns
        -------
        ndarray of intp, shape (n,)
            Positions among `serials`; of equal times the smaller serial.
        """
        things = np.argsort(serials)  # so that of equal times the first is the smallest
        block, word = np.divmod(serials[things], _PER_BLOCK)
        blocks, of_thing = np.unique(block, return_inverse=True)
        who = np.repeat(keys[None, :], len(blocks), axis=0).ravel()
        when = ((np.asarray(occasion, dtype=np.int64) % _MOST_OCCASIONS) << _THING_BITS) | blocks[:, None]
        drawn = self.uniforms(stream, who, when.ravel(), _PER_BLOCK).reshape(_PER_BLOCK, len(blocks), -1)
        weight = weights[things]
        times = exponential(drawn[word, of_thing], 1.0)
        with np.errstate(over="ignore"):  # at a weight next to nothing it never finishes
            finish = np.divide(times, weight, out=np.full(times.shape, np.inf), where=weight > 0)
        return np.asarray(things[finish.argmin(axis=0)], dtype=np.intp)


# Every distribution is the inverse of its distribution function applied to a uniform, so that a
# higher draw always means a higher value and paired runs stay paired when a parameter moves.


def normal(u: ArrayLike, mean: ArrayLike = 0.0, sd: ArrayLike = 1.0) -> Floats:
    """Turn uniforms into normal variates."""
    return np.asarray(mean + np.multiply(sd, special.ndtri(u)), dtype=np.float64)


def lognormal(u: ArrayLike, median: ArrayLike, sigma: ArrayLike) -> Floats:
    """Turn uniforms into log-normal variates with the given median and log standard deviation."""
    return np.asarray(np.multiply(median, np.exp(np.multiply(sigma, special.ndtri(u)))), dtype=np.float64)


def exponential(u: ArrayLike, mean: ArrayLike) -> Floats:
    """Turn uniforms into exponential variates with the given mean."""
    return np.asarray(np.multiply(mean, -np.log1p(-np.asarray(u))), dtype=np.float64)


def poisson(u: ArrayLike, mean: ArrayLike) -> Ints:
    """Turn uniforms into Poisson counts (the smallest k whose distribution function reaches u)."""
    u, mean = np.broadcast_arrays(np.asarray(u, dtype=np.float64), np.asarray(mean, dtype=np.float64))
    safe = np.maximum(mean, 1e-12)
    guess = np.ceil(special.pdtrik(u, safe))
    guess = np.where(np.isfinite(guess), np.maximum(guess, 0.0), 0.0)
    below = np.maximum(guess - 1.0, 0.0)
    count = np.where(special.pdtr(below, safe) >= u, below, guess)
    return np.where(mean > 0, count, 0.0).astype(np.int64)


def negative_binomial(u: ArrayLike, v: ArrayLike, mean: ArrayLike, dispersion: float) -> Ints:
    """Turn pairs of uniforms into negative binomial counts (a gamma mixture of Poissons).

    Parameters
    ----------
    u, v
        Uniforms for the gamma mixing variable and for the Poisson count.
    mean
        Mean of the count.
    dispersion
        Variance is ``mean + dispersion * mean**2``; 0 gives the Poisson.
    """
    if dispersion <= 0:
        return poisson(v, mean)
    shape = 1.0 / dispersion
    mixing = special.gammaincinv(shape, np.asarray(u)) / shape
    return poisson(v, np.multiply(mean, mixing))
