"""One source of kernels, which runs compiled where numba is installed and plain where it is not.

Kernels use scalar arithmetic in a fixed order and the C library's functions, without the shortcuts of
"fast math", so both ways give the same numbers. Numba comes with the extra ``fast``; compiled code is kept
on disk, so only the first run on a machine waits for the compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

try:
    _njit: Any = import_module("numba").njit
except ImportError:
    _njit = None

_Function = TypeVar("_Function", bound=Callable[..., object])

COMPILED = _njit is not None
"""Whether kernels are compiled."""


def kernel(function: _Function) -> _Function:
    """Compile a function, or leave it as it is where there is no compiler."""
    if _njit is None:
        return function
    compiled: _Function = _njit(cache=True, error_model="numpy")(function)
    return compiled
