"""Closed legs: other ways, longer ways, and fewer who set out by them."""

from __future__ import annotations

import math

import pytest

import crossings as cx
from crossings import corridors
from crossings.errors import InputError
from crossings.geography.distance import demand_at_distance, shortest_way_km
from crossings.geography.routes import RouteNetwork, RoutesBlock

ORIGINS = corridors.load("signs-origins")
SHUT = ("New gate > Transit city",)


def test_the_shortest_way_is_the_one_worked_out_by_hand():
    km = shortest_way_km(ORIGINS)
    assert km["O02"] == 1070 + 400 + 300  # by the old gate, the only one
    by_new = next(leg.distance_km for leg in ORIGINS.legs if (leg.start, leg.end) == ("O01", "New gate"))
    assert km["O01"] == by_new + 200 + 300
    closed = shortest_way_km(ORIGINS, {("New gate", "Transit city")})
    assert closed["O01"] == 900 + 400 + 300
    assert closed["O02"] == km["O02"]


def test_who_has_no_way_is_infinitely_far():
    assert math.isinf(shortest_way_km(ORIGINS, {("Transit city", "Coast town")})["O01"])


def test_nobody_takes_a_closed_leg():
    place = ORIGINS.place_code("New gate")
    assert any(place in route.places for route in RouteNetwork(ORIGINS).routes)
    closed = RouteNetwork(ORIGINS, RoutesBlock(closed=SHUT))
    assert not any(place in route.places for route in closed.routes)
    assert {route.group for route in closed.routes} == set(range(24))


def test_demand_falls_with_the_distance_added_and_only_there():
    left = demand_at_distance(ORIGINS, RoutesBlock(closed=SHUT, distance_decay=-3.0)).demand(2025)
    before, now = shortest_way_km(ORIGINS), shortest_way_km(ORIGINS, {("New gate", "Transit city")})
    for name, whole in ORIGINS.demand(2025).items():
        assert left[name] == pytest.approx(whole * (now[name] / before[name]) ** -3.0)
    assert left["O02"] == ORIGINS.demand(2025)["O02"]
    assert left["O03"] < ORIGINS.demand(2025)["O03"]


@pytest.mark.parametrize("block", [RoutesBlock(), RoutesBlock(closed=SHUT), RoutesBlock(distance_decay=-3.0)])
def test_without_a_closed_leg_or_an_elasticity_nothing_changes(block):
    assert demand_at_distance(ORIGINS, block) is ORIGINS


@pytest.mark.parametrize(
    ("leg", "said"),
    [
        ("New gate > Transit cty", "did you mean 'New gate > Transit city'"),
        ("Beach > Opposite shore", "expected a leg before the coast"),
        ("nowhere", "as 'START > END'"),
    ],
)
def test_a_leg_that_is_none_is_refused_before_anything_runs(leg, said):
    with pytest.raises(InputError, match=r"routes.closed = ") as error:
        cx.Scenario.load("no-policy").with_(corridor="signs-origins", **{"routes.closed": [leg]})
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_an_origin_cut_off_is_said_in_one_line():
    closed = RoutesBlock(closed=("Transit city > Coast town",))
    with pytest.raises(InputError, match="no way from O01"):
        RouteNetwork(ORIGINS, closed)
