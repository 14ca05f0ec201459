"""One source of kernels, which runs compiled where numba is installed and plain where it is not.

Kernels use scalar arithmetic in a fixed order and the C library's functions, without the shortcuts of
"fast math", so both ways give the same numbers. Numba comes with the extra ``fast``; compiled code is kept
on disk, so only the first run on a machine waits for the compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

try:
    _numba: Any = import_module("numba")
except ImportError:
    _numba = None

_Function = TypeVar("_Function", bound=Callable[..., object])

COMPILED = _numba is not None
"""Whether kernels are compiled."""


def _shelf() -> str:
    """Return the folder for compiled code of this very source.

    Numba looks for changes only in the file of a function, not in those of the functions it calls; so
    all sources together name the folder.
    """
    here = Path(__file__).parent
    source = b"".join(path.read_bytes() for path in sorted(here.glob("*.py")))
    return str(here / "__pycache__" / f"kernels-{sha256(source).hexdigest()[:12]}")


_SHELF = _shelf() if COMPILED else ""


def kernel(function: _Function) -> _Function:
    """Compile a function, or leave it as it is where there is no compiler."""
    return _compiled(function, "never")


def inlined(function: _Function) -> _Function:
    """Compile a function into all that call it: a compiler then makes several turns of a loop at once."""
    return _compiled(function, "always")


def _compiled(function: _Function, inline: str) -> _Function:
    if _numba is None:
        return function
    usual = _numba.config.CACHE_DIR
    _numba.config.CACHE_DIR = _SHELF  # asked for when a function is declared, and by nobody later
    try:
        # kernels make no arrays, so that nothing needs counting who holds one: half of the time saved
        compiled: _Function = _numba.njit(cache=True, error_model="numpy", _nrt=False, inline=inline)(
            function
        )
    finally:
        _numba.config.CACHE_DIR = usual
    return compiled
