"""The memory of worlds whose run is over.

Rooms know each other, so a world that nobody holds any more waits for Python's collector with all its
rows. The collector looks at everything there is, libraries included, which takes longer than a world
deserves; where many are made it is told once to leave alone what was there before.
"""

from __future__ import annotations

import gc

_many = False


def expect_many_worlds() -> None:
    """Let what is there when the next world is given back be left alone from then on."""
    global _many  # noqa: PLW0603 - one choice for the whole process, which changes no number
    _many = True


def give_back() -> None:
    """Free the memory of worlds that nobody holds any more."""
    global _many  # noqa: PLW0603 - as above
    gc.collect()
    if _many:
        gc.freeze()
        _many = False
