"""What falls due on a day: people kept by the day on which something happens to them.

Nobody is looked at before their day, so tens of thousands who wait cost nothing while they wait.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows


class DueRows:
    """Rows of people by the model day on which something falls due for them.

    Parameters
    ----------
    last_day
        Days after this one are never reached, so what falls due later is forgotten.
    """

    def __init__(self, last_day: int) -> None:
        self._last_day = last_day
        self._due: dict[int, list[int]] = {}

    def put(self, rows: Rows, days: NDArray[np.integer]) -> None:
        """Keep each row for its day."""
        due = self._due
        for row, day in zip(rows.tolist(), days.tolist(), strict=True):
            if day <= self._last_day:
                due.setdefault(day, []).append(row)

    def take(self, day: int) -> Rows:
        """Return and forget the rows due on a day, in the order in which they were put."""
        return np.array(self._due.pop(day, []), dtype=np.intp)
