"""The draws of `crossings.streams` as one scalar loop, compiled where that pays.

NumPy draws a few hundred numbers at a time, and spends more on being called ten rounds over than on
arithmetic. Compiled, the same rounds cost a twentieth; but numba takes half a second to load, so it is
for processes that make many runs: workers and nurseries ask for it (`study.workers.prepare`), a single run
does not. Integers of 64 bits throughout, then one product by a power of two: both ways give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings import streams

_LOW, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32)
_FIRST, _SECOND = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_STEP, _OTHER_STEP = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_ROUNDS, _PER_BLOCK = 10, 4
_GRID, _HALF = 2.0**-32, 0.5


def draw(
    keys: NDArray[np.uint64],
    occasions: NDArray[np.uint64],
    place: np.uint64,
    seed_low: np.uint64,
    seed_high: np.uint64,
    out: NDArray[np.float64],
) -> None:
    """Fill `out` with uniforms, Philox4x32-10 as in `crossings.streams.philox4x32`.

    Parameters
    ----------
    keys
        Identities, shape (n,).
    occasions
        One for each, or one for all, shape (n,) or (1,).
    place
        Code of the stream, above the four bits of the block.
    seed_low, seed_high
        Words of the seed.
    out
        Shape (count, n).
    """
    count, n = out.shape
    step = 1 if occasions.size > 1 else 0
    for first in range(0, count, _PER_BLOCK):
        block = place | np.uint64(first // _PER_BLOCK)
        for i in range(n):  # innermost, so that a processor draws for several at a time
            a, b, c, d = keys[i] & _LOW, keys[i] >> _SHIFT, occasions[i * step] & _LOW, block
            key, other = seed_low, seed_high
            for _ in range(_ROUNDS):
                left, right = a * _FIRST, c * _SECOND
                a, b, c, d = (
                    (right >> _SHIFT) ^ b ^ key,
                    right & _LOW,
                    (left >> _SHIFT) ^ d ^ other,
                    left & _LOW,
                )
                key, other = (key + _STEP) & _LOW, (other + _OTHER_STEP) & _LOW
            out[first, i] = (np.float64(a) + _HALF) * _GRID
            if first + 1 < count:
                out[first + 1, i] = (np.float64(b) + _HALF) * _GRID
            if first + 2 < count:
                out[first + 2, i] = (np.float64(c) + _HALF) * _GRID
            if first + 3 < count:
                out[first + 3, i] = (np.float64(d) + _HALF) * _GRID


def compile_draws() -> bool:
    """Let all streams of this process draw by the compiled loop; return whether there is a compiler.

    Compiled code is kept on disk, so only the first process on a machine waits for the compiler. Without
    numba (extra ``fast``) nothing changes.
    """
    try:
        numba: Any = import_module("numba")
    except ImportError:
        return False
    compiled: Callable[..., None] = numba.njit(cache=True, error_model="numpy")(draw)
    streams.draw_by(compiled)
    return True
