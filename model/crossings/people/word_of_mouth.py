"""Who talks with whom at the camp, by consistent hashing.

Everybody has a point on a ring that changes daily; who wants to talk draws a place on the ring and
meets the first person at or after it. Taking one person out of the camp therefore changes only the
meetings of those who would have met that very person, and nobody else's.

There is a ring for every pool: the people of one camp, and the people of one group at one camp.
All rings lie end to end in one sorted array of whole numbers, made of the pool (12 bits), the point
on the ring (32 bits) and the position of the person (20 bits); no two are equal, so the order is
the same on every machine.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crossings.loops import Twice
from crossings.streams import Keys

Floats = NDArray[np.float64]
Index = NDArray[np.intp]
Numbers = NDArray[np.integer]

MAX_CONTACTS = 3
"""Conversations that one person can begin in a day; others may begin more with them."""

_POOL_SHIFT, _POINT_SHIFT = np.uint64(52), np.uint64(20)
_POSITION = np.uint64((1 << 20) - 1)
_MAX_POOLS, _GRID = 1 << 12, 2.0**32
_LEAST, _MOST = 1e-12, 1.0 - 1.0 / _GRID  # of a divisor, and of a uniform


def meet(pools: list[Numbers], point: Floats, pool: Numbers, draw: Floats) -> Index:
    """Find whom seekers meet.

    Parameters
    ----------
    pools
        Pool numbers of each person, one array of shape (n,) for every kind of pool; numbers of
        different kinds must differ and lie below 4096.
    point
        Each person's point on the ring, in [0, 1), shape (n,).
    pool
        In which pool each of the seekers seeks, shape (m,); never an empty one.
    draw
        Where on the ring they seek, in [0, 1), shape (m,).

    Returns
    -------
    ndarray of intp, shape (m,)
        Position of the person met: the smallest point not below the draw, the pool's first where
        there is none above. It may be the seeker: then there was nobody to talk with.
    """
    n = len(point)
    if max(n, len(pool)) > int(_POSITION) or any(np.any(kind >= _MAX_POOLS) for kind in pools):
        raise ValueError(f"{n} people: expected at most {int(_POSITION)}, in pools below {_MAX_POOLS}")
    place = ((point * _GRID).astype(np.uint64) << _POINT_SHIFT) | np.arange(n, dtype=np.uint64)
    ring = np.sort(np.concatenate([(kind.astype(np.uint64) << _POOL_SHIFT) | place for kind in pools]))
    sought = (pool.astype(np.uint64) << _POOL_SHIFT) | ((draw * _GRID).astype(np.uint64) << _POINT_SHIFT)
    # neighbours on the ring are sought one after the other, which is several times faster
    return found(ring, np.sort(sought | np.arange(len(pool), dtype=np.uint64)))


def _found_over_arrays(ring: Keys, sought: Keys) -> Index:
    """Return whom each seeker meets on the rings; both in order, as numbers of pool, place and position."""
    at = np.searchsorted(ring, sought & ~_POSITION)
    pool = sought >> _POOL_SHIFT
    beyond = (at == ring.size) | (ring.take(at, mode="clip") >> _POOL_SHIFT != pool)
    at[beyond] = np.searchsorted(ring, pool[beyond] << _POOL_SHIFT)  # the last of a pool: its first is next
    met = np.empty(sought.size, dtype=np.intp)
    met[(sought & _POSITION).astype(np.intp)] = ring[at] & _POSITION
    return met


def _found_as_loop(ring: Keys, sought: Keys) -> Index:
    met = np.empty(sought.size, dtype=np.intp)
    upto = 0
    for each in sought:
        while upto < ring.size and ring[upto] < each & ~_POSITION:
            upto += 1
        at, pool = upto, each >> _POOL_SHIFT
        if at == ring.size or ring[at] >> _POOL_SHIFT != pool:
            at = np.searchsorted(ring, pool << _POOL_SHIFT)
        met[np.intp(each & _POSITION)] = np.intp(ring[at] & _POSITION)
    return met


def contacts(draw: Floats, second: Floats, third: Floats, mean: float) -> tuple[Index, Floats]:
    """Turn three uniforms a person into their conversations of the day.

    Parameters
    ----------
    draw
        Decides the number, Poisson with the given mean, cut at `MAX_CONTACTS`. Given the number,
        what is left of it is uniform again and places the first conversation.
    second, third
        Place the second and the third.
    mean
        Mean number a day.

    Returns
    -------
    seekers : ndarray of intp
        Position of the seeker of every conversation.
    draws : ndarray of float64
        A uniform for each.
    """
    none = math.exp(-mean)
    edges = np.array([0.0, none, none * (1 + mean), none * (1 + mean + mean * mean / 2), 1.0])
    return begun(draw, second, third, edges)


def _begun_over_arrays(draw: Floats, second: Floats, third: Floats, edges: Floats) -> tuple[Index, Floats]:
    """Return seeker and uniform of every conversation, for the edges between numbers of them."""
    number = (draw >= edges[1]).astype(np.intp) + (draw >= edges[2]) + (draw >= edges[3])
    one, two, three = (np.flatnonzero(number > nth) for nth in range(MAX_CONTACTS))
    low = edges[number[one]]
    first = (draw[one] - low) / np.maximum(edges[number[one] + 1] - low, _LEAST)
    draws = np.concatenate([first, second[two], third[three]])
    return np.concatenate([one, two, three]), np.minimum(draws, _MOST)


def _begun_as_loop(draw: Floats, second: Floats, third: Floats, edges: Floats) -> tuple[Index, Floats]:
    seekers = np.empty(MAX_CONTACTS * draw.size, dtype=np.intp)
    draws = np.empty(seekers.size)
    k = 0
    for i in range(draw.size):
        if draw[i] >= edges[1]:
            number = 1 + (draw[i] >= edges[2]) + (draw[i] >= edges[3])
            first = (draw[i] - edges[number]) / max(edges[number + 1] - edges[number], _LEAST)
            seekers[k], draws[k] = i, min(first, _MOST)
            k += 1
    for nth in range(1, MAX_CONTACTS):
        more = second if nth == 1 else third
        for i in range(draw.size):
            if draw[i] >= edges[nth + 1]:
                seekers[k], draws[k] = i, min(more[i], _MOST)
                k += 1
    return seekers[:k], draws[:k]


def _split_over_arrays(draw: Floats, chance: float) -> tuple[NDArray[np.bool_], Floats]:
    """Split uniforms into a yes or no with the given chance and a fresh uniform."""
    yes = draw < chance
    low, high = np.where(yes, 0.0, chance), np.where(yes, chance, 1.0)
    return yes, np.minimum((draw - low) / np.maximum(high - low, _LEAST), _MOST)


def _split_as_loop(draw: Floats, chance: float) -> tuple[NDArray[np.bool_], Floats]:
    yes, fresh = np.empty(draw.size, dtype=np.bool_), np.empty(draw.size)
    for i in range(draw.size):
        yes[i] = draw[i] < chance
        low, high = (0.0, chance) if yes[i] else (chance, 1.0)
        fresh[i] = min((draw[i] - low) / max(high - low, _LEAST), _MOST)
    return yes, fresh


found = Twice(_found_over_arrays, _found_as_loop)
begun = Twice(_begun_over_arrays, _begun_as_loop)
split = Twice(_split_over_arrays, _split_as_loop)
