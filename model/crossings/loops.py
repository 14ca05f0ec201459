"""Calculations that are written twice: over whole arrays, and as a plain loop for a compiler.

NumPy passes over its arrays once for every step of a calculation, and spends more on being called than
on a few thousand numbers. Where that costs much of a season, the same steps stand once more as a loop
over people, which numba compiles. That takes time to load, so it is for processes that make many runs:
they ask for it by `compile_loops`, a single run does not. Both ways take the same steps in the same
order, and leave logarithms and exponentials to NumPy, so they give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, Generic, ParamSpec, TypeVar

__all__ = ["Twice", "compile_loops", "leave_loops"]

P = ParamSpec("P")
R = TypeVar("R")

_ALL: list[Twice[Any, Any]] = []


class Twice(Generic[P, R]):
    """A calculation that is called like a function, whichever way it is done.

    Parameters
    ----------
    over_arrays
        By NumPy.
    as_loop
        The same by a loop that numba can compile; same parameters, same results.
    """

    def __init__(self, over_arrays: Callable[P, R], as_loop: Callable[P, R]) -> None:
        self.over_arrays, self.as_loop = over_arrays, as_loop
        self.chosen = over_arrays
        _ALL.append(self)

    def __call__(self, *arguments: P.args, **named: P.kwargs) -> R:
        """Calculate in the way that this process has chosen."""
        return self.chosen(*arguments, **named)


def compile_loops() -> bool:
    """Calculate by compiled loops in this process from now on; return whether there is a compiler.

    Compiled code is kept on disk, so only the first process on a machine waits for the compiler. Without
    numba (extra ``fast``) nothing changes.
    """
    try:
        numba: Any = import_module("numba")
    except ImportError:
        return False
    for each in _ALL:
        each.chosen = numba.njit(cache=True, error_model="numpy")(each.as_loop)
    return True


def leave_loops() -> None:
    """Calculate over arrays again."""
    for each in _ALL:
        each.chosen = each.over_arrays
