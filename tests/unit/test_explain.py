"""Explanation: every option is told with parts that add up to it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.camp import CHANNEL, camp, offers

from crossings.errors import InputError
from crossings.people import Offers
from crossings.population import State


def test_a_choice_can_be_explained():
    world = camp(20)
    told = world.choices.explain(3)
    chances = world.chances(np.array([3]))
    assert list(told) == list(world.choices.options.names)
    for option, share in chances.items():
        assert told[option]["probability"] == pytest.approx(float(share[0]))
    boat = told["boat"]
    assert {"gain", "price", "death", "hardship", "giving_up", "camp", "choosing"} < set(boat["parts"])
    assert sum(network["probability"] for network in boat["networks"].values()) == pytest.approx(1.0)
    world.choices.at_coast(0)
    booked = int(np.flatnonzero(world.population.state == State.BOOKED)[0])
    assert "networks" not in world.choices.explain(booked)["boat"]


def adds_up(told) -> set[str]:
    """Return the options that are open, whose parts add up to their utility; the others have none."""
    for name, option in told.items():
        if np.isfinite(option["utility"]):
            assert sum(option["parts"].values()) == pytest.approx(option["utility"], abs=1e-9), name
        else:
            assert option["parts"] == {}, name
    return {name for name, option in told.items() if option["parts"]}


def test_the_parts_of_every_option_add_up_to_its_utility():
    world = camp(60, choices={"lorry_reach": 0.5}, beliefs={"credibility": 0.9})
    base, rng = offers(5), np.random.default_rng(3)
    match = rng.random(base.language_match.shape) < 0.5
    told_by = rng.uniform(0.3, 0.8, 5)
    world.offers = Offers(base.serial, base.price * 1.1, told_by, base.wait_days * 2, base.open, match)
    world.legal_open = True
    world.population.ties[:] = True
    for belief, chance in (("return", 0.6), ("stop", 0.8), ("settle", 0.3), ("legal", 0.4)):
        world.announce(belief, chance, start=6, name=belief)
    people, open_ = world.population, [adds_up(world.choices.explain(row)) for row in world.rows]
    fixed = {"boat", "wait", "apply", "asylum here", "Italy", "home"}
    assert all(fixed <= some for some in open_)
    assert {"lorry" in some for some in open_} == {True, False}
    people.move(world.rows[:20], State.BOOKED, 0.0)
    people.network[:20], people.fare[:20], people.booked_at[:20] = 3, 1234.0, -2.0
    for row in range(20):
        assert "wait" not in adds_up(world.choices.explain(row))
    people.move(world.rows[20:40], State.APPLIED, 0.0)
    assert all("apply" in adds_up(world.choices.explain(row)) for row in range(20, 40))
    people.returns[:], people.state[40:] = 1, State.RECEPTION
    back = [adds_up(world.choices.explain(row)) for row in range(40, 60)]
    assert all("boat" in some and not some & {"wait", "apply"} for some in back)


def test_parts_are_told_where_nobody_takes_clients_and_by_who_has_a_legal_place_in_sight():
    world = camp(30, choices={"legal_delay_days": 1.0})
    world.offers, world.legal_open = offers(4, open_=False), True
    world.population.ties[:] = True
    for chance in (0.0, 0.9):  # applying until the next look, and for good
        world.believe("legal", chance)
        for row in world.rows:
            assert "boat" not in adds_up(world.choices.explain(row))


def test_only_those_with_something_to_choose_can_be_explained():
    world = camp(3)
    world.population.state[1] = State.AT_SEA
    with pytest.raises(InputError, match="person in state 'at_sea': expected one of camp, booked"):
        world.choices.explain(1)


def test_looking_and_explaining_draw_nothing():
    one, other = camp(100), camp(100)
    other.choices.explain(5)
    one.choices.at_coast(0)
    other.choices.at_coast(0)
    assert (one.population.state == other.population.state).all()
    assert (one.population.network == other.population.network).all()


def test_who_is_turned_back_is_at_the_camp_and_looks_again():
    open_borders, limits = camp(800), camp(800)
    refused = np.array([0.6 if place.country == "Italy" else 0.0 for place in CHANNEL.places])
    for world in (open_borders, limits):
        world.believe("return", 0.95)
    limits.levers.onward_refused = refused
    for world in (open_borders, limits):
        world.choices.at_coast(0)
    before, after = open_borders.notes.flows, limits.notes.flows
    assert after["turned_back"] > 10
    assert after["moved_on"] + after["turned_back"] == before["moved_on"]
    assert limits.count(State.CAMP) == open_borders.count(State.CAMP) + after["turned_back"]
    went = [
        sum(CHANNEL.places[code].country == "Italy" for code in world.population.place[moved])
        for world in (open_borders, limits)
        for moved in [world.population.state == State.STAYED_ELSEWHERE]
    ]
    assert abs(went[0] - went[1] - 0.6 * went[0]) < 4.4 * np.sqrt(went[0] * 0.6 * 0.4)
    limits.population.check()
