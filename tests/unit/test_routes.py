"""Routes: the cheapest ways there are, and tables that say the same as the records."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from crossings import corridors
from crossings.errors import InputError
from crossings.geography import RouteNetwork, RoutesBlock
from crossings.geography.routes import NO_PLACE

CHANNEL = corridors.load()
NETWORK = RouteNetwork(CHANNEL)
EVERYTHING = RoutesBlock(routes_per_group=20, routes_per_gateway=20, detour=1000.0)


def all_costs(origin: str) -> list[float]:
    """Costs of every simple way from an origin to a camp, by exhaustive search over the graph."""
    camps = {camp.name for camp in CHANNEL.camps}
    onward = [
        name for name, kind in NETWORK.graph.nodes(data="kind") if kind in {"origin", "entry", "hub", "camp"}
    ]
    graph = nx.MultiDiGraph(NETWORK.graph.subgraph(onward))
    graph.remove_edges_from([edge for edge in list(graph.edges(keys=True)) if edge[0] in camps])
    return sorted(
        sum(min(edge["cost"] for edge in graph.get_edge_data(*ends).values()) for ends in pairwise(way))
        for way in nx.all_simple_paths(graph, origin, camps)
    )


def test_graph_holds_every_place_and_leg():
    assert set(NETWORK.graph) == set(NETWORK.names)
    assert NETWORK.graph.number_of_edges() == len(CHANNEL.legs)
    edge = NETWORK.graph.edges["Calais", "Dover", "lorry"]
    assert edge["leg"] is NETWORK.lorry_leg
    assert NETWORK.graph.nodes["Paris"]["country"] == "France"
    assert NETWORK.country_of(NETWORK.code("Paris")) == "France"
    assert NETWORK.names[NETWORK.code("Gravelines")] == "Gravelines"


def test_the_cheapest_albanian_route_is_the_one_worked_out_by_hand():
    # Tirana - Brussels by air - Belgium - Dunkirk: 300 + 20 + 60 pounds, 20 + 3 + 2 days at 25, no hazard.
    route = NETWORK.routes_of(CHANNEL.group_code("Albania"))[0]
    names = [NETWORK.names[code] for code in route.places]
    assert names == ["Tirana", "Air without visa", "Belgium", "Dunkirk"]
    assert route.modes == ("air", "land", "land")
    assert (route.fee, route.hazard, route.cost) == (380.0, 0.0, 380.0 + 25 * 25.0)
    assert route.days.tolist() == [20.0, 3.0, 2.0]


@pytest.mark.parametrize("group", CHANNEL.groups, ids=lambda group: group.name)
def test_routes_lead_from_origin_to_camp_in_25_to_90_days(group):
    routes = NETWORK.routes_of(group.code)
    assert 2 <= len(routes) <= 4
    for route in routes:
        assert NETWORK.names[route.places[0]] == group.origin
        assert CHANNEL.places[route.camp].kind == "camp"
        assert len(set(route.places)) == len(route.places)
        assert 25 <= route.days.sum() <= 90
        assert route.hazard == pytest.approx(1 - np.prod(1 - route.hazards))
    costs = [route.cost for route in routes]
    assert costs == sorted(costs)
    assert len(set(costs)) == len(costs)  # no ties whose order could differ


def test_routes_are_the_cheapest_of_all_ways():
    everything = RouteNetwork(CHANNEL, EVERYTHING)
    for group in CHANNEL.groups:
        found = [route.cost for route in everything.routes_of(group.code)]
        assert found == pytest.approx(all_costs(group.origin)[:20])
        assert len(found) > 4


def test_tables_say_the_same_as_the_routes():
    assert [route.index for route in NETWORK.routes] == list(range(len(NETWORK.routes)))
    for route in NETWORK.routes:
        k, stops = route.index, len(route.places)
        assert NETWORK.stops[k] == stops
        assert NETWORK.place_at[k, :stops].tolist() == list(route.places)
        assert (NETWORK.place_at[k, stops:] == NO_PLACE).all()
        assert NETWORK.leg_days[k].sum() == pytest.approx(route.days.sum())
        assert NETWORK.leg_hazard[k, : stops - 1].tolist() == route.hazards.tolist()
        assert (NETWORK.fee[k], NETWORK.hazard[k], NETWORK.cost[k]) == (route.fee, route.hazard, route.cost)
        assert route in NETWORK.routes_of(route.group)


def test_coast_arrays_are_in_site_order():
    for k, site in enumerate(CHANNEL.sites):
        assert NETWORK.names[NETWORK.sites[k]] == site.name
        assert NETWORK.names[NETWORK.camp_of_site[k]] == site.camp
        assert NETWORK.names[NETWORK.landing_of_site[k]] == site.landing
        assert (
            NETWORK.site_distance_km[k]
            == NETWORK.leg(NETWORK.sites[k], NETWORK.landing_of_site[k], "boat").distance_km
        )
    assert set(NETWORK.camp_of_site) == set(NETWORK.camps)


def test_fewer_routes_are_the_first_of_more():
    one = RouteNetwork(CHANNEL, RoutesBlock(routes_per_group=1))
    narrow = RouteNetwork(CHANNEL, RoutesBlock(detour=1.0))
    for group in CHANNEL.groups:
        cheapest = NETWORK.routes_of(group.code)[0].places
        assert [route.places for route in one.routes_of(group.code)] == [cheapest]
        assert [route.places for route in narrow.routes_of(group.code)] == [cheapest]


def test_routes_through_one_first_stop_are_limited():
    network = RouteNetwork(CHANNEL, RoutesBlock(routes_per_gateway=1))
    for group in CHANNEL.groups:
        gateways = [route.places[1] for route in network.routes_of(group.code)]
        assert len(set(gateways)) == len(gateways)


def gateway(network: RouteNetwork, group: str) -> str:
    return network.names[network.routes_of(CHANNEL.group_code(group))[0].places[1]]


def test_weights_of_danger_and_time_turn_people_to_other_routes():
    assert gateway(NETWORK, "Sudan") == "Central Mediterranean"
    assert gateway(RouteNetwork(CHANNEL, RoutesBlock(hazard_cost=500_000)), "Sudan") == (
        "Western Mediterranean and Atlantic"
    )
    assert gateway(NETWORK, "Iran") == "Aegean and Balkans"
    assert gateway(RouteNetwork(CHANNEL, RoutesBlock(day_cost=100)), "Iran") == "Eastern land border"


def test_a_group_without_a_way_is_named(tmp_path):
    folder = Path(shutil.copytree(Path(corridors.__file__).parent / "channel", tmp_path / "copy"))
    legs = folder / "legs.csv"
    (folder / "paths.csv").unlink()
    legs.write_text(
        "".join(line for line in legs.read_text().splitlines(keepends=True) if not line.startswith("Kabul,"))
    )
    with pytest.raises(InputError, match=r"legs\.csv: no way from Kabul, origin of Afghanistan, to any camp"):
        RouteNetwork(corridors.load(folder))


def test_a_corridor_without_lorries_says_so(tmp_path):
    folder = Path(shutil.copytree(Path(corridors.__file__).parent / "channel", tmp_path / "copy"))
    legs = folder / "legs.csv"
    legs.write_text(
        "".join(line for line in legs.read_text().splitlines(keepends=True) if ",lorry," not in line)
    )
    network = RouteNetwork(corridors.load(folder))
    assert NETWORK.has_lorry
    assert not network.has_lorry
    with pytest.raises(InputError, match="no leg of mode lorry"):
        _ = network.lorry_leg


def test_unknown_places_are_met_with_the_nearest():
    with pytest.raises(InputError, match="did you mean 'Gravelines'"):
        NETWORK.code("Gravelinnes")
