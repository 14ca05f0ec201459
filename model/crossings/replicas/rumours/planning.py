"""Where to go next: the cheapest way to an exit that one believes in, or else a likely next city."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crossings.replicas.rumours.compiling import kernel
from crossings.replicas.rumours.draws import one, stream
from crossings.replicas.rumours.state import APPRAISED, TRUST, UNKNOWN, Records, Rules, State
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
    if not _find_goals(s, m):
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
def _find_goals(s: State, m: int) -> bool:
    """Write down which exits a person knows, in ``work.goal``; return whether there are any."""
    number = 0
    for k in range(len(s.exits)):
        if s.knows_city[m, s.exits[k]]:
            s.work.goal[number] = k
            number += 1
    s.work.goal[number] = _NOWHERE
    return number > 0


@kernel
def _widen(s: State, r: Rules, m: int, city: int, size: int) -> int:
    """Take up the neighbours of a city; return how many places are open."""
    work, places, cities, neighbours, goals = s.work, s.open, s.city[m], s.neighbours, s.as_crow_flies
    links, knows_city, knows_link, appraisal = s.link[m], s.knows_city[m], s.knows_link[m], s.appraisal[m]
    so_far = work.cost[city]
    intercept, slope = s.people.intercept[m], s.people.slope[m]
    for k in range(s.cities.first[city], s.cities.last[city]):
        far, link = neighbours.city[k], neighbours.link[k]
        if work.closed[far] or knows_link[link] == UNKNOWN:
            continue
        if work.cost[far] == math.inf:
            if knows_city[far] == UNKNOWN:
                work.closed[far] = 1
                continue
            seems = attraction(cities[far], r.qual_weight_res)
            work.ease[far] = (1.0 + r.path_penalty_loc) / (1.0 + r.path_penalty_loc * seems)
            work.least[far] = _at_least(work, goals, far)
        if knows_link[link] != APPRAISED:
            safe = safety(links[link], r.risk_scale, intercept, slope)
            appraisal[link, 0] = effort(links[link])
            appraisal[link, 1] = r.path_penalty_risk * (1.0 - safe)
            knows_link[link] = APPRAISED
        cost = so_far + appraisal[link, 0] * work.ease[far]
        if cost >= work.cost[far]:  # danger can only add to it
            continue
        cost += appraisal[link, 1]
        if cost < work.cost[far]:
            work.cost[far] = cost
            work.came[far] = link
            size = _push(places, size, cost + work.least[far], far)
    return size


@kernel
def _at_least(work: Records, as_crow_flies: NDArray[np.float64], city: int) -> float:
    """Return the straight line to the nearest exit that the person who plans knows."""
    nearest, k = math.inf, 0
    while work.goal[k] != _NOWHERE:
        nearest = min(nearest, as_crow_flies[city, work.goal[k]])
        k += 1
    return nearest


@kernel
def _push(places: Records, size: int, cost: float, city: int) -> int:
    """Add a place to the open ones, a binary heap by cost and at equal cost by city."""
    spot = size
    while spot > 0:
        above = (spot - 1) // 2
        upper = places.cost[above]
        if upper < cost or (upper == cost and places.city[above] <= city):
            break
        places.cost[spot], places.city[spot] = upper, places.city[above]
        spot = above
    places.cost[spot], places.city[spot] = cost, city
    return size + 1


@kernel
def _pop(places: Records, size: int) -> int:
    """Remove the first of the open places."""
    size -= 1
    cost, city = places.cost[size], places.city[size]
    spot, child = 0, 1
    while child < size:
        best = places.cost[child]
        if child + 1 < size:
            other = places.cost[child + 1]
            if other < best or (other == best and places.city[child + 1] < places.city[child]):
                child, best = child + 1, other
        if cost < best or (cost == best and city <= places.city[child]):
            break
        places.cost[spot], places.city[spot] = best, places.city[child]
        spot, child = child, 2 * child + 1
    places.cost[spot], places.city[spot] = cost, city
    return size


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
        if s.knows_link[m, link] and s.knows_city[m, far]:
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
