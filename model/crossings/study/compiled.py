"""Experiments whose kernels must be compiled to end in a lifetime."""

from __future__ import annotations

from crossings.replicas.rumours.compiling import COMPILED
from crossings.study.reproduction import Skipped


def require_compiler() -> None:
    """Skip an experiment where kernels would run plain.

    Raises
    ------
    Skipped
        If numba is not installed.
    """
    if not COMPILED:
        raise Skipped("takes days without a compiler; install the extra, pip install 'crossings[fast]'")
