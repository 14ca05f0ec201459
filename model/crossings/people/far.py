"""The best way across as people see it from far: a boat at a typical offer, or a lorry.

The same calculation twice, over arrays and as a loop (`crossings.loops`), because everyone who sets out
and everyone who decides on the way makes it every day.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from crossings.loops import Twice
from crossings.people.values import attempt_line

__all__ = ["Ways", "best_way"]

Floats = NDArray[np.float64]


class Ways(NamedTuple):
    """What both ways are for everyone.

    Attributes
    ----------
    retry, death_loss, try_cost, return_option, return_loss
        As in `crossings.people.value_parameters.ValuesBlock`.
    price, discount, camp
        Of a place on a boat: pounds, what it is worth after the wait over what it is worth now, and the
        hardship of the wait.
    lorry_stop, lorry_hazard, lorry_cost, lorry_price
        Of a lorry: chances that a try fails and that it kills, hardship of a try, and pounds.
    """

    retry: float
    death_loss: float
    try_cost: float
    return_option: float
    return_loss: float
    price: float
    discount: float
    camp: float
    lorry_stop: float
    lorry_hazard: float
    lorry_cost: float
    lorry_price: float


def _over_arrays(
    stop: Floats,
    death: Floats,
    settle: Floats,
    returned: Floats,
    whole: Floats,
    wealth: Floats,
    outside: Floats,
    lorry_within_reach: NDArray[np.bool_],
    ways: Ways,
) -> Floats:
    """Return the utility of the best way across, shape (n,).

    Parameters
    ----------
    stop, death, settle, returned
        Believed chances for the day of landing, shape (n,).
    whole
        What arriving is worth to each if they settle, shape (n,).
    wealth, outside
        Pounds, and the utility of the best option other than crossing, shape (n,).
    lorry_within_reach
        For whom a lorry is an option, shape (n,).
    ways
        What is the same for everyone.
    """
    value = settle * whole
    after = outside + (ways.return_option * value - ways.return_loss)
    arriving = value + returned * (after - value)
    line = attempt_line(ways, stop, death, outside)
    attempt = line.slope * (arriving - ways.price / wealth) + line.start
    boat = ways.discount * attempt - ways.camp
    line = attempt_line(ways, ways.lorry_stop, ways.lorry_hazard, outside, ways.lorry_cost)
    lorry = line.slope * (value - ways.lorry_price / wealth) + line.start
    return np.where(lorry_within_reach, np.maximum(boat, lorry), boat)


def _as_loop(
    stop: Floats,
    death: Floats,
    settle: Floats,
    returned: Floats,
    whole: Floats,
    wealth: Floats,
    outside: Floats,
    lorry_within_reach: NDArray[np.bool_],
    ways: Ways,
) -> Floats:
    best = np.empty(whole.size)
    lorry_alive = 1.0 - ways.lorry_hazard
    lorry_stopped = lorry_alive * ways.lorry_stop
    lorry_tries = 1.0 / (1.0 - ways.retry * lorry_stopped)
    lorry_slope = (lorry_alive - lorry_stopped) * lorry_tries
    for i in range(whole.size):
        value = settle[i] * whole[i]
        after = outside[i] + (ways.return_option * value - ways.return_loss)
        arriving = value + returned[i] * (after - value)
        alive = 1.0 - death[i]
        stopped = alive * stop[i]
        tries = 1.0 / (1.0 - ways.retry * stopped)
        start = stopped * (1.0 - ways.retry) * outside[i] - death[i] * ways.death_loss - ways.try_cost
        attempt = (alive - stopped) * tries * (arriving - ways.price / wealth[i]) + start * tries
        best[i] = ways.discount * attempt - ways.camp
        if lorry_within_reach[i]:
            start = lorry_stopped * (1.0 - ways.retry) * outside[i]
            start = start - ways.lorry_hazard * ways.death_loss - ways.lorry_cost
            lorry = lorry_slope * (value - ways.lorry_price / wealth[i]) + start * lorry_tries
            best[i] = max(best[i], lorry)
    return best


best_way = Twice(_over_arrays, _as_loop)
