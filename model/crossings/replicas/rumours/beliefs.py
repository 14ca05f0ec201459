"""What people believe: learning by seeing, by hearsay, and by the deaths of others.

A belief holds two values (quality and resources of a city, friction and risk of a link) and the trust in
each; a trust of zero means that the thing is not known. How a belief heard moves one's own is the
exchange algebra of Bijak (ed.) 2022, ch. 3: trust and doubt are treated as shares of a person, of whom
some are convinced, some converted and some confused.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crossings.replicas.rumours.compiling import kernel
from crossings.replicas.rumours.draws import Words, block, fill_many, fill_pages, key_of, many, stream, unit
from crossings.replicas.rumours.state import ARRIVED, KNOWN, STAYING, TRUST, UNKNOWN, Rules, State
from crossings.replicas.rumours.worlds import EXIT

Belief = NDArray[np.float64]
Ints = NDArray[np.int64]
Known = NDArray[np.uint8]

LEAST, MOST = 1e-6, 0.99999
"""Bounds of trust in what was heard."""

_ROUGH = 1.25  # friction expected of an unknown link, for each unit of its length

_FIND = stream("rumours.find")
_KNOW_EXIT = stream("rumours.know_exit")
_KNOW_CITY = stream("rumours.know_city")
_KNOW_LINK = stream("rumours.know_link")
_PASS_CITY = stream("rumours.pass_city")
_PASS_LINK = stream("rumours.pass_link")
_HEAR_CITY = stream("rumours.hear_city")
_HEAR_LINK = stream("rumours.hear_link")
_TOLD = stream("rumours.told")


@kernel
def heard(
    v: float, t: float, w: float, q: float, convince: float, convert: float, confuse: float
) -> tuple[float, float]:
    """Return value and trust after hearing a value `w`, held with trust `q`.

    Parameters
    ----------
    v, t
        Own value and trust.
    w, q
        Value and trust as perceived.
    convince
        Share of own doubt that the other's trust convinces.
    convert
        How far a trusting person is drawn to the other's value.
    confuse
        Share of agreeing trust that becomes doubt, for each unit of relative difference.
    """
    d, e = 1.0 - t, 1.0 - q
    apart = abs(v - w) / (v + w + 1e-5)
    doubt = d * e + (1.0 - convince) * d * q + confuse * apart * t * q
    kept = t * e * v + convince * d * q * w
    value = (kept + t * q * (1.0 - confuse * apart) * ((1.0 - convert) * v + convert * w)) / (1.0 - doubt)
    return value, min(max(1.0 - doubt, LEAST), MOST)


@kernel
def _see(belief: Belief, first: float, second: float, speed: float) -> None:
    """Move both values of a belief to the truth by a weight, and the trusts to certainty."""
    belief[0] += speed * (first - belief[0])
    belief[1] += speed * (second - belief[1])
    belief[TRUST] += speed * (1.0 - belief[TRUST])
    belief[TRUST + 1] += speed * (1.0 - belief[TRUST + 1])


@kernel
def _expect(belief: Belief, first: float, second: float) -> None:
    """Let a person know that something exists, and expect the usual of it."""
    belief[0], belief[1] = first, second
    belief[TRUST] = belief[TRUST + 1] = LEAST


@kernel
def _find_link(s: State, r: Rules, m: int, link: int) -> None:
    """Let a person know that a link exists."""
    if not s.knows_link[m, link]:
        s.knows_link[m, link] = KNOWN
        _expect(s.link[m, link], _ROUGH * s.links.length[link], r.risk_exp)


@kernel
def _find_city(s: State, r: Rules, m: int, city: int, reveals: bool) -> None:
    """Let a person know that a city exists, and, if it `reveals`, the links from it to known exits."""
    if s.knows_city[m, city]:
        return
    s.knows_city[m, city] = KNOWN
    _expect(s.city[m, city], r.qual_exp, r.res_exp)
    if not reveals or s.cities.kind[city] == EXIT:
        return
    for k in range(s.cities.first[city], s.cities.last[city]):
        far = s.neighbours.city[k]
        if s.cities.kind[far] == EXIT and s.knows_city[m, far]:
            _find_link(s, r, m, s.neighbours.link[k])


@kernel
def see_city(s: State, r: Rules, m: int, city: int, speed: float) -> None:
    """Let a person see a city for what it is."""
    _find_city(s, r, m, city, True)
    _see(s.city[m, city], s.cities.quality[city], s.cities.resources[city], speed)


@kernel
def see_link(s: State, r: Rules, m: int, link: int, speed: float) -> None:
    """Let a person see a link for what it is."""
    _find_link(s, r, m, link)
    _see(s.link[m, link], s.links.friction[link], s.links.risk[link], speed)
    s.knows_link[m, link] = KNOWN


@kernel
def explore(s: State, r: Rules, m: int) -> None:
    """Let a person look around: the city, its links, and what lies at their far ends."""
    here, speed = s.people.at[m], r.speed_expl_stay
    see_city(s, r, m, here, speed)
    for k in range(s.cities.first[here], s.cities.last[here]):
        link, far = s.neighbours.link[k], s.neighbours.city[k]
        words = block(s.seed, key_of(m, link), s.people.own[m], _FIND)
        if not s.knows_link[m, link] and unit(words[0]) < r.p_find_links:
            see_link(s, r, m, link, speed)
            _find_city(s, r, m, far, True)
        if s.knows_link[m, link] and unit(words[1]) < r.p_find_dests:
            see_city(s, r, m, far, 0.5 * speed)


@kernel
def know_beforehand(s: State, r: Rules, m: int) -> None:
    """Give a person who enters what people may know beforehand: exits, then cities, then links."""
    speed = r.speed_expl_ini
    for k in range(len(s.exits)):
        if many(s.seed, m, 0, _KNOW_EXIT, s.exits[k]) < r.p_know_target:
            see_city(s, r, m, s.exits[k], speed)
    for city in range(len(s.cities)):
        if s.cities.prior[city] == 0 or (s.cities.kind[city] == EXIT and not r.exits_are_cities):
            continue
        if many(s.seed, m, 0, _KNOW_CITY, city) < r.p_know_city:
            see_city(s, r, m, city, speed)
    for link in range(len(s.links)):
        if s.links.prior[link] == 0 or many(s.seed, m, 0, _KNOW_LINK, link) >= r.p_know_link:
            continue
        a, b = s.links.one[link], s.links.other[link]
        if s.knows_city[m, a] or s.knows_city[m, b]:
            see_link(s, r, m, link, speed)
            if r.prior_link_ends:
                _find_city(s, r, m, a, True)
                _find_city(s, r, m, b, True)


# hearsay ---------------------------------------------------------------------------------------


@kernel
def exchange(s: State, r: Rules, a: int, b: int) -> None:
    """Let two people tell each other what they believe; one who has arrived only tells."""
    s.world.exchanges[0] += 1
    both = s.people.status[b] != ARRIVED
    _exchange_things(s, r, a, b, both, False)
    _exchange_things(s, r, a, b, both, True)
    if r.talk_replans:
        s.people.changed[a] = 1
        if s.people.status[b] == STAYING:
            s.people.changed[b] = 1


@kernel
def _exchange_things(s: State, r: Rules, a: int, b: int, both: bool, of_links: bool) -> None:
    """Let two people go through all cities, or all links, and talk about those that chance picks."""
    if of_links:
        ours, theirs, we_know, they_know = s.link[a], s.link[b], s.knows_link[a], s.knows_link[b]
        pick, hear, highest = _PASS_LINK, _HEAR_LINK, math.inf
        error_first, error_second = r.error_frict, r.error_risk
    else:
        ours, theirs, we_know, they_know = s.city[a], s.city[b], s.knows_city[a], s.knows_city[b]
        pick, hear, highest = _PASS_CITY, _HEAR_CITY, 1.0
        error_first, error_second = r.error, r.error
    convince, convert = (r.convince, r.convert) if both else (r.convince_arrived, r.convert_arrived)
    occasion, seed, talked, words = s.people.own[a], s.seed, s.talked, s.words
    fill_many(seed, a, occasion, pick, (len(ours) + 3) // 4, words)
    number = _picked(we_know, they_know, r.p_transfer_info, words, talked)
    if error_first > 0.0 or error_second > 0.0 or r.error > 0.0:
        fill_pages(seed, a, occasion, hear, talked, number, words[:4])
        if both:
            fill_pages(seed, a, occasion, hear + np.uint64(1), talked, number, words[4:])
    for k in range(number):
        thing = talked[k]
        if not they_know[thing]:
            if not both or not _hears_of(s, r, b, thing, of_links):
                continue
        elif not we_know[thing] and not _hears_of(s, r, a, thing, of_links):
            continue
        _tell_each_other(
            words[:, k], ours[thing], theirs[thing], both,
            r.convince, r.convert, convince, convert, r.confuse,
            error_first, error_second, r.error, highest,
        )  # fmt: skip
        we_know[thing] = KNOWN
        if both:
            they_know[thing] = KNOWN


@kernel
def _picked(we_know: Known, they_know: Known, chance: float, words: Words, talked: Ints) -> int:
    """Write down what is talked about, of what either knows; return how many things these are."""
    number = 0
    for thing in range(len(we_know)):
        talked[number] = thing
        if we_know[thing] | they_know[thing] and unit(words[thing % 4, thing // 4]) < chance:
            number += 1
    return number


@kernel
def _hears_of(s: State, r: Rules, m: int, thing: int, of_links: bool) -> bool:
    """Let a person know that a city or link exists, if they can: of a link, who knows both its ends."""
    if not of_links:
        _find_city(s, r, m, thing, r.hearsay_reveals == 1)
        return True
    if not _knows_ends(s, m, thing):
        return False
    _find_link(s, r, m, thing)
    return True


@kernel
def _knows_ends(s: State, m: int, link: int) -> bool:
    a, b = s.links.one[link], s.links.other[link]
    known: bool = s.knows_city[m, a] != UNKNOWN and s.knows_city[m, b] != UNKNOWN
    return known


@kernel
def _tell_each_other(
    noise: Words, mine: Belief, others: Belief, both: bool,
    convince: float, convert: float, convince_me: float, convert_me: float, confuse: float,
    error_first: float, error_second: float, error_trust: float, highest: float,
) -> None:  # fmt: skip
    """Move the beliefs of two people about one thing by what each perceives of the other's."""
    first, first_trust = _perceive(
        mine[0], mine[TRUST], others[0], others[TRUST], noise[0], noise[1],
        error_first, highest, error_trust, convince_me, convert_me, confuse,
    )  # fmt: skip
    second, second_trust = _perceive(
        mine[1], mine[TRUST + 1], others[1], others[TRUST + 1], noise[2], noise[3],
        error_second, 1.0, error_trust, convince_me, convert_me, confuse,
    )  # fmt: skip
    if both:
        others[0], others[TRUST] = _perceive(
            others[0], others[TRUST], mine[0], mine[TRUST], noise[4], noise[5],
            error_first, highest, error_trust, convince, convert, confuse,
        )  # fmt: skip
        others[1], others[TRUST + 1] = _perceive(
            others[1], others[TRUST + 1], mine[1], mine[TRUST + 1], noise[6], noise[7],
            error_second, 1.0, error_trust, convince, convert, confuse,
        )  # fmt: skip
    mine[0], mine[TRUST], mine[1], mine[TRUST + 1] = first, first_trust, second, second_trust


@kernel
def _perceive(
    v: float, t: float, w: float, q: float, value_noise: np.uint64, trust_noise: np.uint64,
    error: float, highest: float, trust_error: float, convince: float, convert: float, confuse: float,
) -> tuple[float, float]:  # fmt: skip
    """Return a belief after hearing of another's, with errors in hearing value and trust."""
    w = min(max(w + error * (2.0 * unit(value_noise) - 1.0), 0.0), highest)
    q = min(max(q + trust_error * (2.0 * unit(trust_noise) - 1.0), LEAST), MOST)
    return heard(v, t, w, q, convince, convert, confuse)


# news ------------------------------------------------------------------------------------------


@kernel
def hear_of_death(s: State, m: int, link: int, speed: float) -> None:
    """Move a person's belief about the risk of a link towards certain death, if the link is known."""
    if s.knows_link[m, link]:
        s.knows_link[m, link] = KNOWN
        s.link[m, link, 1] += speed * (1.0 - s.link[m, link, 1])
        s.link[m, link, TRUST + 1] += speed * (1.0 - s.link[m, link, TRUST + 1])


@kernel
def tell_of_risks(
    s: State, r: Rules, reaches: float, share: float, trust: float, source: float, above: float
) -> None:
    """Tell people at entries of the links that are riskier than normal.

    Parameters
    ----------
    s, r
        State and rules.
    reaches
        Chance that a person is reached.
    share
        Chance that a person who is reached is told of a risky link.
    trust
        Trust in the campaign; convincing and converting are weakened to the power of its inverse.
    source
        Trust the campaign itself claims in what it says.
    above
        Risk beyond which a link is spoken of.
    """
    convince, convert = math.pow(r.convince, 1.0 / trust), math.pow(r.convert, 1.0 / trust)
    today = int(s.world.now[0])
    for j in range(len(s.entries)):
        entry = s.entries[j]
        for k in range(s.number[entry]):
            m = s.present[entry, k]
            if many(s.seed, m, today, _TOLD, 0) >= reaches:
                continue
            for link in range(len(s.links)):
                if s.links.risk[link] <= above or many(s.seed, m, today, _TOLD, link + 1) >= share:
                    continue
                if _knows_ends(s, m, link):
                    _find_link(s, r, m, link)
                    _listen(s.link[m, link], s.links.friction[link], 0, source, convince, convert, r.confuse)
                    _listen(s.link[m, link], s.links.risk[link], 1, source, convince, convert, r.confuse)
                    s.knows_link[m, link] = KNOWN


@kernel
def _listen(
    belief: Belief, w: float, which: int, source: float, convince: float, convert: float, confuse: float
) -> None:
    belief[which], belief[TRUST + which] = heard(
        belief[which], belief[TRUST + which], w, source, convince, convert, confuse
    )
