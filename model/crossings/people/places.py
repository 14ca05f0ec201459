"""What a place with each network is worth to each person who could book one.

The same calculation twice, over arrays and as a loop (`crossings.loops`): everybody at the coast who has no
booking weighs every network, so of all that is reckoned in a day this has the most numbers in it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.loops import Twice

__all__ = ["worth_of_places"]

Floats = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]


def _over_arrays(
    arriving: Floats,
    slope: Floats,
    start: Floats,
    wealth: Floats,
    group: Codes,
    price: Floats,
    discount: Floats,
    camp: Floats,
    taste: Floats,
) -> Floats:
    """Return the utility of a place with each network, shape (networks, n).

    Parameters
    ----------
    arriving
        What arriving is worth before the price; shape (1, n), or (networks, n) where it depends on the day.
    slope, start
        The line of attempts in that worth; shapes as for `arriving`.
    wealth, group
        Pounds and group of each person, shape (n,).
    price
        Pounds for a place, shape (networks,).
    discount, camp
        What a thing is worth after the wait over what it is worth now, and the hardship of the wait,
        shape (networks,).
    taste
        What a group likes about a network beside that, shape (networks, groups).
    """
    attempt = slope * (arriving - price[:, None] / wealth) + start
    utility: Floats = discount[:, None] * attempt - camp[:, None] + taste.take(group, axis=1)
    return utility


def _as_loop(
    arriving: Floats,
    slope: Floats,
    start: Floats,
    wealth: Floats,
    group: Codes,
    price: Floats,
    discount: Floats,
    camp: Floats,
    taste: Floats,
) -> Floats:
    utility = np.empty((price.size, wealth.size))
    for k in range(price.size):
        worth, rise, base = arriving[k % len(arriving)], slope[k % len(slope)], start[k % len(start)]
        for i in range(wealth.size):
            attempt = rise[i] * (worth[i] - price[k] / wealth[i]) + base[i]
            utility[k, i] = discount[k] * attempt - camp[k] + taste[k, group[i]]
    return utility


worth_of_places = Twice(_over_arrays, _as_loop)
