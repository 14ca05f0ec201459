"""What is offered to people at the coast: the counter between two rooms.

Networks fill an `Offers` in; people compare. Slots are the networks' own, open or not, so that a
slot number means the same network on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows


@dataclass(frozen=True, eq=False)
class Offers:
    """Places on boats that can be agreed today, by slot of network.

    Attributes
    ----------
    serial
        Identity of the network in each slot, for life, shape (networks,).
    price
        Pounds for one place, shape (networks,).
    reputation
        Share of tries that succeed as clients hear it, 0 to 1, shape (networks,).
    wait_days
        Days a new client expects to wait for the first try, shape (networks,).
    open
        Whether the network takes clients, shape (networks,).
    language_match
        Whether it speaks the group's language, shape (groups, networks).
    """

    serial: NDArray[np.int64]
    price: NDArray[np.float64]
    reputation: NDArray[np.float64]
    wait_days: NDArray[np.float64]
    open: NDArray[np.bool_]
    language_match: NDArray[np.bool_]

    def typical(self) -> tuple[float, float] | None:
        """Return median price and median wait over open networks, or None if there is none."""
        price, wait = np.sort(self.price[self.open]), np.sort(self.wait_days[self.open])
        middle = len(price) // 2
        return (float(price[middle]), float(wait[middle])) if len(price) else None


def nobody(rows: Rows) -> NDArray[np.bool_]:
    """Return that none of some people may apply for a legal place: there is no route."""
    return np.zeros(rows.size, dtype=bool)
