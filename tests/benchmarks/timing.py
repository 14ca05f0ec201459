"""Seconds of processor time: what other processes on the machine take does not count."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def spent(action: Callable[[], object]) -> float:
    """Return the processor time of this process that an action takes, in seconds."""
    gc.collect()
    began = time.process_time()
    action()
    return time.process_time() - began


def row(name: str, value: str, note: str = "") -> None:
    """Print one line of a table."""
    print(f"{name:<44} {value:>12}   {note}".rstrip(), flush=True)
