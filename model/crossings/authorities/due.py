"""What falls due on a day: people kept by the day on which something happens to them.

Nobody is looked at before their day, so tens of thousands who wait cost nothing while they wait.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows

_ROOM = 1024  # entries to begin with
_TAKEN = -1  # stands where a day was


class DueRows:
    """Rows of people by the model day on which something falls due for them.

    Parameters
    ----------
    last_day
        Days after this one are never reached, so what falls due later is forgotten.
    """

    def __init__(self, last_day: int) -> None:
        self._last_day = last_day
        self._rows = np.empty(_ROOM, dtype=np.intp)
        self._days = np.full(_ROOM, _TAKEN, dtype=np.int32)
        self._used = 0

    def put(self, rows: Rows, days: NDArray[np.integer]) -> None:
        """Keep each row for its day."""
        upto = self._used + len(rows)
        if upto > len(self._rows):
            self._make_room(len(rows))
            upto = self._used + len(rows)
        self._rows[self._used : upto] = rows
        self._days[self._used : upto] = np.where(days <= self._last_day, days, _TAKEN)
        self._used = upto

    def take(self, day: int) -> Rows:
        """Return and forget the rows due on a day, in the order in which they were put."""
        due = (self._days[: self._used] == day).nonzero()[0]
        self._days[due] = _TAKEN
        rows: Rows = self._rows[due]
        return rows

    def _make_room(self, number: int) -> None:
        """Drop what has been taken, and grow where that is not enough."""
        left = np.flatnonzero(self._days[: self._used] != _TAKEN)
        size = len(self._rows)
        while left.size + number > size // 2:
            size *= 2
        rows, days = np.empty(size, dtype=np.intp), np.full(size, _TAKEN, dtype=np.int32)
        rows[: left.size], days[: left.size] = self._rows[left], self._days[left]
        self._rows, self._days, self._used = rows, days, left.size
