"""What a run holds, as arrays that kernels share: the world, the people, their beliefs, the schedule.

Everyone has a number, in order of entry, and keeps it. Related columns lie together in record arrays, so
that handing the state from kernel to kernel is cheap.
"""

from __future__ import annotations

from typing import Any, NamedTuple, get_type_hints

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from crossings.replicas.rumours.draws import Words, seed_words
from crossings.replicas.rumours.parameters import RumoursBlock
from crossings.replicas.rumours.worlds import ENTRY, EXIT, World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Records = Any
"""A record array: columns are attributes."""

UNBORN, STAYING, MOVING, ARRIVED, DEAD = 0, 1, 2, 3, 4
"""Status of a person."""

TRUST = 2
"""Where the two trusts of a belief begin; the two values come first."""

UNKNOWN, KNOWN, APPRAISED = 0, 1, 2
"""What a person knows of a city or link: nothing; something; or, of a link, also what it would cost to take,
reckoned since the belief last changed."""

_PERSON = {
    "status": "i8",
    "at": "i8",  # city, or link where moving
    "bound": "i8",  # city for which a traveller is bound
    "spot": "i8",  # place in the list of those who are there
    "friction_now": "f8",  # met on the link a traveller is on
    "capital": "f8",
    "intercept": "f8",  # of the attitude to risk
    "slope": "f8",
    "changed": "i8",  # whether knowledge has changed since the last plan
    "steps": "i8",  # cities visited, the entry included
    "planned_steps": "i8",  # departures with more than one link to go
    "plan_length": "i8",
    "contacts": "i8",
    "own": "i8",  # own events so far: the occasion of their draws
    "scheduled": "i8",  # times the next event was scheduled: the occasion of that draw
    "alive": "i8",  # list of all who are not dead, arrived people included
    "alive_spot": "i8",  # place in it
}
_CITY = {
    "x": "f8",
    "quality": "f8",
    "resources": "f8",
    "kind": "i8",
    "prior": "i8",
    "first": "i8",  # where its neighbours begin
    "last": "i8",
    "visits": "i8",
}
_LINK = {
    "one": "i8",
    "other": "i8",
    "length": "f8",
    "friction": "f8",
    "risk": "f8",
    "sea": "i8",
    "prior": "i8",
    "crossings": "i8",
}
_NEIGHBOUR = {"link": "i8", "city": "i8"}
_SCHEDULE = {"due": "f8", "deed": "i8", "heap": "i8", "spot": "i8"}
_WORLD = {
    "now": "f8",
    "entry_rate": "f8",
    "share": "f8",  # of the population that is simulated
    "interception": "f8",
    "wait": "f8",
    "heap_size": "i8",
    "alive_size": "i8",
    "doors": "i8",  # times the next entry was scheduled
    "entered": "i8",
    "arrived": "i8",
    "dead": "i8",
    "en_route": "i8",
    "intercepted": "i8",
    "events": "i8",
    "exchanges": "i8",
    "plans": "i8",
}
_WORK = {
    "cost": "f8",  # of the cheapest way to a city found so far
    "came": "i8",  # link by which it comes
    "closed": "i8",
    "ease": "f8",  # what a city's attraction makes of the friction of links to it
    "least": "f8",  # straight line to the nearest goal
    "goal": "i8",  # exits known, by their place among exits; the list ends with -1
    "weight": "f8",  # of neighbours
}
_OPEN = {"cost": "f8", "city": "i8"}


class Rules(NamedTuple):
    """Numbers of a `RumoursBlock` that kernels use, and switches as 0 or 1."""

    n_ini_contacts: int
    p_know_target: float
    p_know_city: float
    p_know_link: float
    speed_expl_ini: float
    risk_i: float
    risk_s: float
    sd_i: float
    slope_on_i: float
    sd_s_left: float
    ini_capital: float
    rate_costs_stay: float
    costs_stay: float
    ben_resources: float
    costs_move: float
    save_thresh: float
    save_income: float
    rate_explore_stay: float
    p_find_links: float
    p_find_dests: float
    speed_expl_stay: float
    speed_expl_move: float
    res_exp: float
    qual_exp: float
    risk_exp: float
    p_keep_contact: float
    p_drop_contact: float
    p_info_contacts: float
    p_transfer_info: float
    n_contacts_max: int
    convince: float
    convert: float
    convince_arrived: float
    convert_arrived: float
    confuse: float
    error: float
    error_risk: float
    error_frict: float
    rate_plan: float
    qual_weight_x: float
    qual_weight_res: float
    qual_tol_frict: float
    path_penalty_loc: float
    risk_scale: float
    path_penalty_risk: float
    move_rate: float
    move_speed: float
    p_notice_death_c: float
    p_notice_death_o: float
    speed_risk_indir: float
    speed_risk_obs: float
    one_sided_drops: int
    dead_linger: int
    intercepted_on_average: int
    talk_replans: int
    hearsay_reveals: int
    prior_link_ends: int
    exits_are_cities: int


class State(NamedTuple):
    """Arrays of a run.

    Attributes
    ----------
    seed
        Two words of the key of all draws.
    world
        One record: the time, rates, sizes of lists, counts.
    cities, links
        A record each.
    neighbours
        Links and far cities of every city, city after city.
    entries, exits
        Numbers of cities.
    as_crow_flies
        Distances, shape (cities, exits).
    people
        A record for everyone who may set out.
    plan
        Links still to take, the next one last; shape (people, cities).
    contact
        Numbers of contacts; shape (people, most contacts).
    city, link
        Beliefs, shape (people, things, 4): two values, two trusts.
    knows_city, knows_link
        Whether a thing is known, shape (people, things): `UNKNOWN`, `KNOWN` or `APPRAISED`.
    appraisal
        What a link that is `APPRAISED` costs in friction and for its danger, shape (people, links, 2).
    present, number
        Who is where, cities before links; shape (places, people), and how many.
    schedule
        A heap of people by time; the last record is the world's, for entries.
    work, open
        Room for planning.
    talked, words
        Room for talking: numbers of things, and eight words of noise for each; shape (8, things).
    """

    seed: Words
    world: Records
    cities: Records
    links: Records
    neighbours: Records
    entries: Ints
    exits: Ints
    as_crow_flies: Floats
    people: Records
    plan: NDArray[np.int32]
    contact: NDArray[np.int32]
    city: Floats
    link: Floats
    knows_city: NDArray[np.uint8]
    knows_link: NDArray[np.uint8]
    appraisal: Floats
    present: NDArray[np.int32]
    number: Ints
    schedule: Records
    work: Records
    open: Records
    talked: Ints
    words: Words


def rules_of(block: RumoursBlock) -> Rules:
    """Return a block as plain numbers."""
    odd, chosen = block.oddities, block.choices
    var_i, var_s = (
        spread if odd.variances_named_sd else spread * spread for spread in (block.risk_sd_i, block.risk_sd_s)
    )
    slope_on_i = block.risk_cov_i_s / var_i if var_i > 0 else 0.0
    left = max(var_s - slope_on_i * slope_on_i * var_i, 0.0)
    made: dict[str, Any] = {
        **block.model_dump(exclude={"oddities", "choices"}),
        **odd.model_dump(),
        **chosen.model_dump(),
        "sd_i": var_i**0.5,
        "slope_on_i": slope_on_i,
        "sd_s_left": left**0.5,
        "convince_arrived": block.convince ** (1.0 / block.weight_arr),
        "convert_arrived": block.convert ** (1.0 / block.weight_arr),
    }
    kinds = get_type_hints(Rules)
    return Rules(**{name: kinds[name](made[name]) for name in Rules._fields})


def new_state(world: World, rules: Rules, seed: int, most: int) -> State:
    """Return the state before anybody has entered, with room for `most` people."""
    cities, links = world.cities, world.links
    exits = np.flatnonzero(world.kind == EXIT)
    off = world.place[:, None, :] - world.place[None, exits, :]
    state = State(
        seed=seed_words(seed),
        world=_records(1, _WORLD),
        cities=_records(cities, _CITY),
        links=_records(links, _LINK),
        neighbours=_records(2 * links, _NEIGHBOUR),
        entries=np.flatnonzero(world.kind == ENTRY),
        exits=exits,
        as_crow_flies=np.ascontiguousarray(np.sqrt((off * off).sum(axis=2))),
        people=_records(most, _PERSON),
        plan=np.zeros((most, cities), dtype=np.int32),
        contact=np.zeros((most, rules.n_contacts_max), dtype=np.int32),
        city=np.zeros((most, cities, 4)),
        link=np.zeros((most, links, 4)),
        knows_city=np.zeros((most, cities), dtype=np.uint8),
        knows_link=np.zeros((most, links), dtype=np.uint8),
        appraisal=np.zeros((most, links, 2)),
        present=np.zeros((cities + links, most), dtype=np.int32),
        number=np.zeros(cities + links, dtype=np.int64),
        schedule=_records(most + 1, _SCHEDULE),
        work=_records(cities + 1, _WORK),
        open=_records(2 * links + cities + 1, _OPEN),
        talked=np.zeros(max(cities, links) + 1, dtype=np.int64),
        words=np.zeros((8, max(cities, links)), dtype=np.uint64),
    )
    state.schedule.spot[:] = -1
    state.cities.x[:], state.cities.kind[:] = world.place[:, 0], world.kind
    state.cities.quality[:], state.cities.resources[:] = world.truth.T
    state.cities.prior[:], state.links.prior[:] = world.prior_city, world.prior_link
    state.links.one[:], state.links.other[:] = world.ends.T
    state.links.friction[:], state.links.risk[:] = world.hazard.T
    state.links.length[:], state.links.sea[:] = world.distance, world.sea
    _lay_neighbours(world.graph, state)
    return state


def _records(number: int, columns: dict[str, str]) -> Records:
    return np.zeros(number, dtype=list(columns.items())).view(np.recarray)


def _lay_neighbours(graph: nx.Graph[int], state: State) -> None:
    """Write down the graph row by row, far cities in order."""
    place = 0
    for city in range(len(graph)):
        state.cities.first[city] = place
        for far in sorted(graph[city]):
            state.neighbours.link[place] = graph.edges[city, far]["number"]
            state.neighbours.city[place] = far
            place += 1
        state.cities.last[city] = place
