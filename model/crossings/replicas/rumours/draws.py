"""The draws of `crossings.streams`, one at a time, for kernels.

A draw is the same function of seed, stream, identity and occasion as there, and gives the very same
numbers; only the looping is the caller's. A migrant's identity is its number among those who set out. Where
one occasion needs a draw for each of many things (which beliefs are passed on, say), the thing's page
stands in the place of the day in the identity: see `many`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crossings.replicas.rumours.compiling import inlined, kernel
from crossings.streams import name_code, stream_code

Ints = NDArray[np.int64]
Words = NDArray[np.uint64]

MIGRANT = np.uint64(name_code("migrant") << 48)
"""Head of the identity of everyone who sets out; `streams.identity("migrant", page, number)`."""

PER_PAGE = 64
"""Uniforms of one identity on one occasion."""

_BLOCKS = PER_PAGE // 4

_M0, _M1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_W0, _W1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _SHIFT, _PAGE_SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(28)


def stream(name: str) -> np.uint64:
    """Return a stream's place in the counter, for the first of its blocks."""
    return np.uint64(stream_code(name) << 4)


def seed_words(seed: int) -> Words:
    """Return a seed as the two words of the key, shape (2,)."""
    return np.array([seed & 0xFFFFFFFF, seed >> 32], dtype=np.uint64)


@inlined
def key_of(number: int, page: int) -> np.uint64:
    """Return the identity of a migrant, and of one of its pages."""
    return MIGRANT | (np.uint64(page) << _PAGE_SHIFT) | np.uint64(number)


@inlined
def block(
    seed: Words, key: np.uint64, occasion: int, place: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    """Return the four words of one block; `place` is the stream's, plus the number of the block."""
    c0, c1 = key & _LOW, key >> _SHIFT
    c2, c3 = np.uint64(occasion) & _LOW, place
    k0, k1 = seed[0], seed[1]
    for _ in range(10):
        p0, p1 = c0 * _M0, c2 * _M1
        c0, c1, c2, c3 = (p1 >> _SHIFT) ^ c1 ^ k0, p1 & _LOW, (p0 >> _SHIFT) ^ c3 ^ k1, p0 & _LOW
        k0, k1 = (k0 + _W0) & _LOW, (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@kernel
def unit(word: np.uint64) -> float:
    """Return a word as a uniform strictly between 0 and 1."""
    return (np.float64(word) + 0.5) * 2.3283064365386963e-10


@kernel
def one(seed: Words, number: int, occasion: int, place: np.uint64) -> float:
    """Draw one uniform for a migrant on an occasion."""
    return unit(block(seed, key_of(number, 0), occasion, place)[0])


@kernel
def many(seed: Words, number: int, occasion: int, place: np.uint64, item: int) -> float:
    """Draw the uniform of one of many things for a migrant on an occasion."""
    page, within = item // PER_PAGE, item % PER_PAGE
    words = block(seed, key_of(number, page), occasion, place + np.uint64(within // 4))
    return unit(words[within % 4])


@kernel
def fill_many(seed: Words, number: int, occasion: int, place: np.uint64, blocks: int, words: Words) -> None:
    """Write down the words behind `many`: that of item i stands at (i % 4, i // 4).

    Like `fill_pages` it is a plain loop over blocks, of which a compiler makes several at a time.
    """
    for k in range(blocks):
        key = key_of(number, k // _BLOCKS)
        words[0, k], words[1, k], words[2, k], words[3, k] = block(
            seed, key, occasion, place + np.uint64(k % _BLOCKS)
        )


@kernel
def fill_pages(
    seed: Words, number: int, occasion: int, place: np.uint64, pages: Ints, length: int, words: Words
) -> None:
    """Write down the four words of one block for each of a migrant's pages, shape (4, pages)."""
    for k in range(length):
        words[0, k], words[1, k], words[2, k], words[3, k] = block(
            seed, key_of(number, pages[k]), occasion, place
        )


@kernel
def waiting(u: float, rate: float) -> float:
    """Return the exponential waiting time of a uniform at a rate."""
    return -math.log1p(-u) / rate
