"""What happens: entering, meeting, talking, leaving, arriving and dying, one event at a time."""

from __future__ import annotations

import math

from crossings.replicas.rumours.beliefs import exchange, explore, hear_of_death, know_beforehand, see_link
from crossings.replicas.rumours.compiling import kernel
from crossings.replicas.rumours.draws import block, key_of, one, stream, unit
from crossings.replicas.rumours.planning import plan
from crossings.replicas.rumours.schedule import (
    ARRIVE,
    COST,
    DEPART,
    DIE,
    DROP,
    EXPLORE,
    MEET,
    PLAN,
    TALK,
    income,
    is_simulated,
    reschedule,
    schedule_entry,
    unschedule,
)
from crossings.replicas.rumours.state import ARRIVED, DEAD, MOVING, STAYING, Rules, State
from crossings.replicas.rumours.worlds import EXIT

_DOOR = stream("rumours.door")
_CONTACT = stream("rumours.first_contacts")
_PARTNER = stream("rumours.partner")
_NOTICED = stream("rumours.noticed")
_SEEN = stream("rumours.seen")
_STOPPED = stream("rumours.stopped")
_TRIES = 4  # draws for each first contact, in case somebody is drawn twice


@kernel
def advance(s: State, r: Rules, until: float) -> bool:
    """Let everything happen that happens before a time.

    Returns
    -------
    bool
        False if more people would enter than there is room for.
    """
    world = len(s.people)
    while s.world.heap_size[0] > 0:
        m = s.schedule.heap[0]
        if s.schedule.due[m] >= until:
            break
        s.world.now[0] = s.schedule.due[m]
        s.world.events[0] += 1
        if m < world:
            _happen(s, r, m, s.schedule.deed[m])
            continue
        if is_simulated(s):
            if s.world.entered[0] == world:
                return False
            _enter(s, r, s.world.entered[0])
        schedule_entry(s)
    s.world.now[0] = until
    return True


@kernel
def reschedule_all(s: State, r: Rules) -> None:
    """Draw everybody's next event anew, because the world has changed."""
    for m in range(s.world.entered[0]):
        if s.people.status[m] in (STAYING, MOVING):
            reschedule(s, r, m)
    schedule_entry(s)


@kernel
def _happen(s: State, r: Rules, m: int, deed: int) -> None:
    s.people.own[m] += 1
    if deed == COST:
        s.people.capital[m] += income(s, r, s.people.at[m])
    elif deed == PLAN:
        plan(s, r, m)
        s.people.changed[m] = 0
    elif deed == EXPLORE:
        explore(s, r, m)
        s.people.changed[m] = 1
    elif deed == MEET:
        _meet(s, r, m)
    elif deed == DROP:
        _drop(s, r, m)
    elif deed == TALK:
        _talk(s, r, m)
    elif deed == DEPART:
        _depart(s, r, m)
    elif deed == ARRIVE:
        _arrive(s, r, m)
        return  # all who are at the city have been rescheduled, or the person has left the world
    elif deed == DIE:
        _die(s, r, m)
        return
    reschedule(s, r, m)


# coming and going ------------------------------------------------------------------------------


@kernel
def _enter(s: State, r: Rules, m: int) -> None:
    """Let the next person set out: somewhere at the edge, with little knowledge and few contacts."""
    words = block(s.seed, key_of(m, 0), 0, _DOOR)
    city = s.entries[int(unit(words[0]) * len(s.entries))]
    s.world.entered[0] += 1
    s.world.en_route[0] += 1
    s.people.status[m], s.people.at[m], s.people.capital[m] = STAYING, city, r.ini_capital
    # two normal deviates from two uniforms (Box and Muller)
    radius, angle = math.sqrt(-2.0 * math.log(unit(words[1]))), 2.0 * math.pi * unit(words[2])
    first = r.sd_i * radius * math.cos(angle)
    s.people.intercept[m] = r.risk_i + first
    s.people.slope[m] = max(r.risk_s + r.slope_on_i * first + r.sd_s_left * radius * math.sin(angle), 0.0)
    _join(s, m, city)
    explore(s, r, m)
    s.people.changed[m] = 1
    _first_contacts(s, r, m)
    know_beforehand(s, r, m)
    last = s.world.alive_size[0]
    s.people.alive[last], s.people.alive_spot[m] = m, last
    s.world.alive_size[0] = last + 1
    s.cities.visits[city] += 1
    s.people.steps[m] = 1
    _reschedule_present(s, r, city)


@kernel
def _first_contacts(s: State, r: Rules, m: int) -> None:
    """Give a person who enters contacts among all who live, arrived people included."""
    others = s.world.alive_size[0]
    wanted = min(others // 10, r.n_ini_contacts)
    for k in range(_TRIES * wanted):
        if s.people.contacts[m] == wanted:
            return
        drawn = unit(block(s.seed, key_of(m, k), 0, _CONTACT)[0])
        _add_contact(s, r, m, s.people.alive[int(drawn * others)])


@kernel
def _depart(s: State, r: Rules, m: int) -> None:
    city = s.people.at[m]
    if s.people.plan_length[m] > 1:
        s.people.planned_steps[m] += 1
    s.people.plan_length[m] -= 1
    link = s.plan[m, s.people.plan_length[m]]
    s.people.capital[m] -= r.costs_move * s.links.friction[link]
    see_link(s, r, m, link, r.speed_expl_move)
    s.people.bound[m] = s.links.one[link] + s.links.other[link] - city
    s.people.friction_now[m] = _friction(s, r, m, link)
    _leave(s, m, city)
    _reschedule_present(s, r, city)
    s.people.status[m], s.people.at[m] = MOVING, link
    _join(s, m, len(s.cities) + link)


@kernel
def _friction(s: State, r: Rules, m: int, link: int) -> float:
    """Return the friction a person meets: that of the link, or with their own share of interceptions."""
    if r.intercepted_on_average or s.links.sea[link] == 0:
        plain: float = s.links.friction[link]
        return plain
    chance, times = s.world.interception[0], 0
    if chance > 0.0:
        times = int(math.log(one(s.seed, m, s.people.own[m], _STOPPED)) / math.log(chance))
    s.world.intercepted[0] += times
    met: float = s.links.length[link] + times * s.world.wait[0] * r.move_speed
    return met


@kernel
def _arrive(s: State, r: Rules, m: int) -> None:
    link, city = s.people.at[m], s.people.bound[m]
    s.links.crossings[link] += 1
    s.cities.visits[city] += 1
    s.people.steps[m] += 1
    _leave(s, m, len(s.cities) + link)
    s.people.at[m] = city
    if s.cities.kind[city] == EXIT:
        s.people.status[m] = ARRIVED
        s.world.arrived[0] += 1
        s.world.en_route[0] -= 1
        unschedule(s, m)
        return
    s.people.status[m] = STAYING
    _join(s, m, city)
    _reschedule_present(s, r, city)


@kernel
def _die(s: State, r: Rules, m: int) -> None:
    """Let a person die on a link; contacts and fellow travellers may learn of it."""
    link = s.people.at[m]
    there = len(s.cities) + link
    _leave(s, m, there)
    s.people.status[m] = DEAD
    s.world.dead[0] += 1
    s.world.en_route[0] -= 1
    unschedule(s, m)
    _bury(s, m)
    for k in range(s.people.contacts[m]):
        c = s.contact[m, k]
        if s.people.status[c] not in (STAYING, MOVING):
            continue
        if unit(block(s.seed, key_of(c, 0), m, _NOTICED)[0]) < r.p_notice_death_c:
            hear_of_death(s, c, link, r.speed_risk_indir)
            reschedule(s, r, c)
    for k in range(s.number[there]):
        c = s.present[there, k]
        if unit(block(s.seed, key_of(c, 0), m, _SEEN)[0]) < r.p_notice_death_o:
            hear_of_death(s, c, link, r.speed_risk_obs)
            reschedule(s, r, c)
    if not r.dead_linger:
        for k in range(s.world.alive_size[0]):
            _remove_contact(s, s.people.alive[k], m)


@kernel
def _bury(s: State, m: int) -> None:
    """Take a person off the list of those who live."""
    last = s.world.alive_size[0] - 1
    s.world.alive_size[0] = last
    moved, spot = s.people.alive[last], s.people.alive_spot[m]
    s.people.alive[spot], s.people.alive_spot[moved] = moved, spot


# who is where ----------------------------------------------------------------------------------


@kernel
def _join(s: State, m: int, there: int) -> None:
    s.people.spot[m] = s.number[there]
    s.present[there, s.number[there]] = m
    s.number[there] += 1


@kernel
def _leave(s: State, m: int, there: int) -> None:
    s.number[there] -= 1
    last = s.present[there, s.number[there]]
    s.present[there, s.people.spot[m]] = last
    s.people.spot[last] = s.people.spot[m]


@kernel
def _reschedule_present(s: State, r: Rules, city: int) -> None:
    for k in range(s.number[city]):
        reschedule(s, r, s.present[city, k])


# the social network ----------------------------------------------------------------------------


@kernel
def _meet(s: State, r: Rules, m: int) -> None:
    """Let a person meet another who is there; they keep in touch if both have room, and talk."""
    city = s.people.at[m]
    spot = int(one(s.seed, m, s.people.own[m], _PARTNER) * (s.number[city] - 1))
    met = s.present[city, spot + 1 if spot >= s.people.spot[m] else spot]
    if s.people.contacts[m] < r.n_contacts_max and s.people.contacts[met] < r.n_contacts_max:
        _add_contact(s, r, m, met)
        _add_contact(s, r, met, m)
    exchange(s, r, m, met)
    reschedule(s, r, met)


@kernel
def _talk(s: State, r: Rules, m: int) -> None:
    """Let a person call a contact; one who has died is given up."""
    if s.people.contacts[m] == 0:  # lost since the call was planned
        return
    called = s.contact[m, int(one(s.seed, m, s.people.own[m], _PARTNER) * s.people.contacts[m])]
    if s.people.status[called] == DEAD:
        _remove_contact(s, m, called)
        return
    exchange(s, r, m, called)
    if s.people.status[called] != ARRIVED:
        reschedule(s, r, called)


@kernel
def _drop(s: State, r: Rules, m: int) -> None:
    """Let a person drop a contact."""
    if s.people.contacts[m] == 0:  # lost since
        return
    dropped = s.contact[m, int(one(s.seed, m, s.people.own[m], _PARTNER) * s.people.contacts[m])]
    _remove_contact(s, m, dropped)
    if not r.one_sided_drops:
        _remove_contact(s, dropped, m)


@kernel
def _add_contact(s: State, r: Rules, m: int, other: int) -> None:
    held = s.people.contacts[m]
    if held == r.n_contacts_max:
        return
    for k in range(held):
        if s.contact[m, k] == other:
            return
    s.contact[m, held] = other
    s.people.contacts[m] = held + 1


@kernel
def _remove_contact(s: State, m: int, other: int) -> None:
    for k in range(s.people.contacts[m]):
        if s.contact[m, k] == other:
            s.people.contacts[m] -= 1
            s.contact[m, k] = s.contact[m, s.people.contacts[m]]
            return
