"""The one kind of error a user can cause, said in one clear line.

A message names the key, the value received, what was expected and, for names, the nearest
match. The command line prints it and leaves with exit status 2; nothing has been written.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class InputError(ValueError):
    """Something the user gave (a key, a value, a file) is not what the model can use."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'X'?"`` for the known name closest to `name`, or ``""``."""
    matches = get_close_matches(str(name), sorted(map(str, known)), n=1, cutoff=0.5)
    return f"; did you mean '{matches[0]}'?" if matches else ""


def unknown(kind: str, name: str, known: Iterable[str]) -> InputError:
    """Build the error for a `name` that is not among the `known` names of its `kind`."""
    listed = sorted(map(str, known))
    shown = ", ".join(listed[:12]) + (", ..." if len(listed) > 12 else "")
    hint = nearest(name, listed)
    return InputError(f"unknown {kind} '{name}': expected one of {shown}{hint}")
