"""Where to go next: the cheapest way to an exit that one believes in, or else a likely next city."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crossings.replicas.rumours.compiling import kernel
from crossings.replicas.rumours.draws import one, stream
from crossings.replicas.rumours.state import TRUST, Records, Rules, State
from crossings.replicas.rumours.worlds import EXIT

Belief = NDArray[np.float64]

_CHOOSE = stream("rumours.choose")
_NOWHERE = -1


@kernel
def attraction(belief: Belief, weight_res: float) -> float:
    """Return how attractive a city is believed to be; doubt counts against it."""
    a: float = belief[0] * belief[TRUST] * (1.0 - weight_res) + belief[1] * belief[TRUST + 1] * weight_res
    return a


@kernel
def effort(belief: Belief) -> float:
    """Return the friction reckoned with on a link; doubt makes it up to twice what is believed."""
    f: float = belief[0] * (2.0 - belief[TRUST])
    return f


@kernel
def safety(belief: Belief, risk_scale: float, intercept: float, slope: float) -> float:
    """Return how safe a link seems, from 0 to 1, under an attitude to risk."""
    perceived = belief[TRUST + 1] * math.pow(1.0 - belief[1], risk_scale)
    return 1.0 / (1.0 + math.exp(-(intercept + slope * 100.0 * perceived)))


@kernel
def plan(s: State, r: Rules, m: int) -> None:
    """Let a person who stays plan: a way to an exit, or one step, or to stay."""
    s.world.plans[0] += 1
    s.people.plan_length[m] = 0
    goal = _search(s, r, m)
    if goal == _NOWHERE:
        _choose_nearby(s, r, m)
        return
    city, here = goal, s.people.at[m]
    while city != here:
        link = s.work.came[city]
        s.plan[m, s.people.plan_length[m]] = link
        s.people.plan_length[m] += 1
        city = s.links.one[link] + s.links.other[link] - city


@kernel
def _search(s: State, r: Rules, m: int) -> int:
    """Return the exit at the end of the cheapest way, by A*; the way back is in ``work.came``."""
    knows_exit = False
    for k in range(len(s.exits)):
        knows_exit = knows_exit or s.city[m, s.exits[k], TRUST] > 0.0
    if not knows_exit:
        return _NOWHERE
    s.work.cost[:] = math.inf
    s.work.closed[:] = 0
    start = s.people.at[m]
    s.work.cost[start] = 0.0
    size = _push(s.open, 0, 0.0, start)
    while size > 0:
        city: int = s.open.city[0]
        size = _pop(s.open, size)
        if s.work.closed[city]:
            continue
        if s.cities.kind[city] == EXIT:
            return city
        s.work.closed[city] = 1
        size = _widen(s, r, m, city, size)
    return _NOWHERE


@kernel
def _widen(s: State, r: Rules, m: int, city: int, size: int) -> int:
    """Take up the neighbours of a city; return how many places are open."""
    intercept, slope = s.people.intercept[m], s.people.slope[m]
    for k in range(s.cities.first[city], s.cities.last[city]):
        far, link = s.neighbours.city[k], s.neighbours.link[k]
        if s.work.closed[far] or s.link[m, link, TRUST] == 0.0 or s.city[m, far, TRUST] == 0.0:
            continue
        seems = attraction(s.city[m, far], r.qual_weight_res)
        ease = (1.0 + r.path_penalty_loc) / (1.0 + r.path_penalty_loc * seems)
        cost = s.work.cost[city] + effort(s.link[m, link]) * ease
        if cost >= s.work.cost[far]:  # danger can only add to it
            continue
        cost += r.path_penalty_risk * (1.0 - safety(s.link[m, link], r.risk_scale, intercept, slope))
        if cost < s.work.cost[far]:
            s.work.cost[far] = cost
            s.work.came[far] = link
            size = _push(s.open, size, cost + _at_least(s, m, far), far)
    return size


@kernel
def _at_least(s: State, m: int, city: int) -> float:
    """Return the straight line to the nearest exit that a person knows."""
    nearest = math.inf
    for k in range(len(s.exits)):
        if s.city[m, s.exits[k], TRUST] > 0.0:
            nearest = min(nearest, s.as_crow_flies[city, k])
    return nearest


@kernel
def _before(places: Records, spot: int, other: int) -> bool:
    a, b = places.cost[spot], places.cost[other]
    first: bool = a < b or (a == b and places.city[spot] < places.city[other])
    return first


@kernel
def _swap(places: Records, spot: int, other: int) -> None:
    cost, city = places.cost[spot], places.city[spot]
    places.cost[spot], places.city[spot] = places.cost[other], places.city[other]
    places.cost[other], places.city[other] = cost, city


@kernel
def _push(places: Records, size: int, cost: float, city: int) -> int:
    places.cost[size], places.city[size] = cost, city
    spot = size
    while spot > 0 and _before(places, spot, (spot - 1) // 2):
        _swap(places, spot, (spot - 1) // 2)
        spot = (spot - 1) // 2
    return size + 1


@kernel
def _pop(places: Records, size: int) -> int:
    size -= 1
    _swap(places, 0, size)
    spot = 0
    while True:
        child = 2 * spot + 1
        if child >= size:
            return size
        if child + 1 < size and _before(places, child + 1, child):
            child += 1
        if not _before(places, child, spot):
            return size
        _swap(places, spot, child)
        spot = child


@kernel
def _choose_nearby(s: State, r: Rules, m: int) -> None:
    """Pick a neighbouring city that is known, or to stay, in proportion to how good it seems."""
    here = s.people.at[m]
    first, last = s.cities.first[here], s.cities.last[here]
    intercept, slope = s.people.intercept[m], s.people.slope[m]
    total = r.qual_weight_x * s.cities.x[here] + attraction(s.city[m, here], r.qual_weight_res)
    for k in range(first, last):
        far, link = s.neighbours.city[k], s.neighbours.link[k]
        weight = 0.0
        if s.link[m, link, TRUST] > 0.0 and s.city[m, far, TRUST] > 0.0:
            seems = r.qual_weight_x * s.cities.x[far] + attraction(s.city[m, far], r.qual_weight_res)
            ease = r.qual_tol_frict / (r.qual_tol_frict + effort(s.link[m, link]))
            weight = seems * ease * safety(s.link[m, link], r.risk_scale, intercept, slope)
        s.work.weight[k - first] = weight
        total += weight
    left = one(s.seed, m, s.people.own[m], _CHOOSE) * total
    for k in range(first, last):
        left -= s.work.weight[k - first]
        if left < 0.0:
            s.plan[m, 0] = s.neighbours.link[k]
            s.people.plan_length[m] = 1
            return
