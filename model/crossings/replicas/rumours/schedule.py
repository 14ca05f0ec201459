"""The schedule: everyone under way has one event to come, and the world has the next entry.

When and what is drawn together, from a person's rates as they are at that moment. Events are kept in a
binary heap by time, and at equal times by number.
"""

from __future__ import annotations

from crossings.replicas.rumours.compiling import kernel
from crossings.replicas.rumours.draws import block, key_of, stream, unit, waiting
from crossings.replicas.rumours.state import STAYING, Records, Rules, State

COST, PLAN, EXPLORE, MEET, DROP, TALK, DEPART, ARRIVE, DIE, ENTER = range(10)
"""Kinds of events."""

_SCHEDULE = stream("rumours.schedule")
_DOOR = (1 << 28) - 1  # who draws when the next person enters: the last of all numbers
_NEVER = 1e300


@kernel
def income(s: State, r: Rules, city: int) -> float:
    """Return what a city leaves a person who stays, for each turn of income and costs."""
    left: float = r.ben_resources * s.cities.resources[city] - r.costs_stay
    return left


@kernel
def reschedule(s: State, r: Rules, m: int) -> None:
    """Draw a person's next event anew."""
    words = block(s.seed, key_of(m, 0), s.people.scheduled[m], _SCHEDULE)
    s.people.scheduled[m] += 1
    drop, talk = s.people.contacts[m] * r.p_drop_contact, s.people.contacts[m] * r.p_info_contacts
    if s.people.status[m] == STAYING:
        total, deed = _staying(s, r, m, drop, talk, unit(words[1]))
    else:
        arrive = r.move_rate + r.move_speed / s.people.friction_now[m]
        risk = s.links.risk[s.people.at[m]]
        die = arrive * risk / (1.0 - risk)
        total, deed = _moving(drop, talk, arrive, die, unit(words[1]))
    when = s.world.now[0] + waiting(unit(words[0]), total) if total > 0.0 else _NEVER
    _put(s.schedule, s.world, m, when, deed)


@kernel
def _staying(s: State, r: Rules, m: int, drop: float, talk: float, u: float) -> tuple[float, int]:
    """Return the total of the rates of a person at a city, and which event a uniform picks."""
    city, cost = s.people.at[m], r.rate_costs_stay
    plan = r.rate_plan if s.people.changed[m] else 0.0
    meet = (s.number[city] - 1) * r.p_keep_contact if s.people.contacts[m] < r.n_contacts_max else 0.0
    waits = s.people.capital[m] < r.save_thresh and income(s, r, city) > r.save_income
    depart = 1.0 if s.people.plan_length[m] > 0 and not waits else 0.0
    total = depart + cost + plan + meet + drop + talk + r.rate_explore_stay
    left, deed = u * total, EXPLORE
    if left < depart:
        deed = DEPART
    elif left < depart + cost:
        deed = COST
    elif left < depart + cost + plan:
        deed = PLAN
    elif left < depart + cost + plan + meet:
        deed = MEET
    elif left < depart + cost + plan + meet + drop:
        deed = DROP
    elif left < depart + cost + plan + meet + drop + talk:
        deed = TALK
    return total, deed


@kernel
def _moving(drop: float, talk: float, arrive: float, die: float, u: float) -> tuple[float, int]:
    """Return the total of the rates of a person on a link, and which event a uniform picks."""
    total = die + drop + talk + arrive
    left = u * total
    if left < die:
        return total, DIE
    if left < die + drop:
        return total, DROP
    if left < die + drop + talk:
        return total, TALK
    return total, ARRIVE


@kernel
def schedule_entry(s: State) -> None:
    """Draw when the next person comes to the door; the flow rises over the first unit of time.

    People come at the full rate, whatever the share of them that is simulated: as the rate stays what it was
    at time 0 until the first has come, a smaller one would put off everything.
    """
    u = unit(block(s.seed, key_of(_DOOR, 0), s.world.doors[0], _SCHEDULE)[0])
    s.world.doors[0] += 1
    rate = min(s.world.now[0], 1.0) * s.world.entry_rate[0] + 1.0
    _put(s.schedule, s.world, len(s.people), s.world.now[0] + waiting(u, rate), ENTER)


@kernel
def is_simulated(s: State) -> bool:
    """Return whether who has come to the door is of the share that is simulated."""
    u = unit(block(s.seed, key_of(_DOOR, 0), s.world.doors[0] - 1, _SCHEDULE)[1])
    simulated: bool = u < s.world.share[0]
    return simulated


@kernel
def unschedule(s: State, m: int) -> None:
    """Take a person who is gone off the schedule."""
    spot = s.schedule.spot[m]
    last = s.world.heap_size[0] - 1
    s.world.heap_size[0] = last
    if spot != last:
        _swap(s.schedule, spot, last)
        _settle(s.schedule, spot, last)
    s.schedule.spot[m] = -1


@kernel
def _put(schedule: Records, world: Records, m: int, when: float, what: int) -> None:
    schedule.due[m], schedule.deed[m] = when, what
    if schedule.spot[m] < 0:
        schedule.spot[m] = world.heap_size[0]
        schedule.heap[world.heap_size[0]] = m
        world.heap_size[0] += 1
    _settle(schedule, schedule.spot[m], world.heap_size[0])


@kernel
def _before(schedule: Records, spot: int, other: int) -> bool:
    a, b = schedule.heap[spot], schedule.heap[other]
    first: bool = schedule.due[a] < schedule.due[b] or (schedule.due[a] == schedule.due[b] and a < b)
    return first


@kernel
def _swap(schedule: Records, spot: int, other: int) -> None:
    a, b = schedule.heap[spot], schedule.heap[other]
    schedule.heap[spot], schedule.heap[other] = b, a
    schedule.spot[b], schedule.spot[a] = spot, other


@kernel
def _settle(schedule: Records, spot: int, size: int) -> None:
    """Move an entry up or down the heap to where it belongs."""
    while spot > 0 and _before(schedule, spot, (spot - 1) // 2):
        _swap(schedule, spot, (spot - 1) // 2)
        spot = (spot - 1) // 2
    while True:
        child = 2 * spot + 1
        if child >= size:
            return
        if child + 1 < size and _before(schedule, child + 1, child):
            child += 1
        if not _before(schedule, child, spot):
            return
        _swap(schedule, spot, child)
        spot = child
