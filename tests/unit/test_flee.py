"""Flee: people who move as its rules say, and errors as they are defined."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crossings.errors import InputError
from crossings.replicas.flee import small
from crossings.replicas.flee.case import Closure, Road, entries, thinned
from crossings.replicas.flee.comparing import compare
from crossings.replicas.flee.model import NOWHERE, FleeModel
from crossings.replicas.flee.roads import Roads
from crossings.replicas.flee.rules import FleeBlock

UPRIVER = Path(__file__).parents[1] / "cases" / "upriver"
AT_ONCE = FleeBlock(initial_in_camps=False)
"""Rules by which those counted on day 0 enter at places of conflict."""


def code(model: FleeModel, name: str) -> int:
    return model.roads.network.code(name)


# --------------------------------------------------------------------- small worlds


def test_people_choose_in_proportion_to_weight_over_distance():
    people = 20_000
    model = FleeModel(small.star(people), AT_ONCE, 3)
    model.step()
    towards = np.bincount(model.roads.end[model.people.road], minlength=5)[1:4]
    exact = np.array([0.3166291, 0.1939296, 0.4894413])
    error = np.sqrt(exact * (1 - exact) / people)
    assert (np.abs(towards / people - exact) < 3 * error).all()
    # another softening is told apart
    other = np.array([1 / 1834, 1 / 2368, 1 / 1536])
    assert (np.abs(towards / people - other / other.sum()) > 3 * error).any()


def test_a_road_that_closes_lets_those_through_who_are_there_before():
    model = FleeModel(small.closing_road(), AT_ONCE, 1).run()
    assert model.at(code(model, "Camp")) == 3
    assert model.at(code(model, "Source")) == 97


def test_who_is_under_way_when_a_road_closes_comes_back():
    case = small.made(
        {"Source": "conflict_zone", "Camp": "camp"},
        [("Source", "Camp", 834.0)],
        np.full((6, 1), 50),
        closures=[Closure("link", "Camp", "Source", 1, 4)],
    )
    model = FleeModel(case, AT_ONCE, 1)
    for _ in range(3):
        model.step()
    assert model.at(code(model, "Source")) == 50  # they would have arrived on day 2
    model.step()
    assert model.at(code(model, "Source")) == 50
    model.step()
    assert model.at(code(model, "Source")) == 0
    assert (model.people.road != NOWHERE).all()


def test_a_camp_fills_to_its_room_and_again_when_it_grows():
    model = FleeModel(small.growing_camp(), FleeBlock(), 1).run()
    inside = model.simulated[:, 0]
    assert 180 <= inside[99] <= 200
    assert 720 <= inside[-1] <= 800
    assert inside[60:100].max() <= 200 * 1.02
    without = small.growing_camp()
    without = replace(
        without, sites=tuple(replace(site, capacity=0.0) for site in without.sites), capacities=()
    )
    assert FleeModel(without, FleeBlock(), 1).run().simulated[99, 0] > 500


def test_camps_that_keep_nobody_empty_the_world_in_three_days():
    rules = FleeBlock(initial_in_camps=False, camps_are_sinks=True)
    model = FleeModel(small.road_to_camp(100, days=3), rules, 1)
    model.step()
    model.step()
    assert model.here == 100
    model.step()
    assert (model.here, model.gone, model.entered) == (0, 100, 100)
    assert FleeModel(small.road_to_camp(100, days=3), AT_ONCE, 1).run().here == 100


def test_a_register_is_followed_with_camps_full_or_empty():
    assert FleeModel(small.register(), FleeBlock(), 1).run().here == 1_135
    assert FleeModel(small.register(), FleeBlock(empty_camps=True), 1).run().here == 135


def test_ways_past_a_marker_are_known_as_far_as_people_look():
    case = small.behind_a_marker()

    def ends(awareness: int) -> list[str]:
        roads = Roads(case, FleeBlock(awareness=awareness))
        ahead = roads.ahead(roads.network.code("Source"))
        return sorted(roads.network.names[end] for end in ahead.end)

    assert ends(5) == ["Camp", "Far", "Near", "Town"]
    assert ends(2) == ["Camp", "Far", "Near", "Town"]
    assert ends(1) == ["Camp", "Near", "Town"]
    assert ends(0) == ["Fork", "Near"]
    roads = Roads(case, FleeBlock(awareness=1))
    assert sorted(roads.ahead(0).km) == [40.0, 50.0, 120.0]


# --------------------------------------------------------------------- roads and days


def line_of(*km: float, kind: str = "forwarding_hub", days: int = 4) -> FleeModel:
    """A road in pieces, with places on it at which nobody stays of their own will."""
    middle = {f"Stop {number}": kind for number in range(len(km) - 1)}
    kinds = {"Source": "conflict_zone", **middle, "Camp": "camp"}
    names = list(kinds)
    case = small.made(
        kinds, [(names[n], names[n + 1], length) for n, length in enumerate(km)], np.full((days, 1), 40)
    )
    forced = tuple(replace(road, forced=True) for road in case.roads)
    return FleeModel(replace(case, roads=forced), AT_ONCE, 1)


def days_until_arrival(model: FleeModel) -> int:
    while model.running:
        model.step()
        if model.simulated[model.clock.day - 1, 0] == 40:
            return int(model.clock.day)
    return 0


@pytest.mark.parametrize(
    ("km", "days"),
    [((359.0,), 1), ((360.0,), 2), ((834.0,), 3), ((100.0, 100.0, 100.0), 1), ((200.0, 200.0), 2)],
)
def test_no_one_travels_more_than_360_km_a_day_in_however_many_pieces(km, days):
    assert days_until_arrival(line_of(*km)) == days


def test_a_whole_day_for_each_road_is_another_rule():
    model = line_of(200.0, 200.0)
    rules = model.block.model_copy(update={"whole_day_each_road": True})
    assert days_until_arrival(FleeModel(model.case, rules, 1)) == 1


def test_who_reaches_a_town_in_mid_day_stays_by_the_chance_of_the_town_alone():
    model = line_of(10.0, 10.0, kind="town", days=1)
    many = replace(model.case, counted=np.full((1, 1), 20_000))
    model = FleeModel(many, AT_ONCE, 1).run()
    gone_on = model.simulated[0, 0] / 20_000
    assert abs(gone_on - 0.3) < 3 * np.sqrt(0.3 * 0.7 / 20_000)


def test_a_first_road_may_be_walked():
    model = line_of(100.0, days=4)
    rules = model.block.model_copy(update={"first_road_on_foot": True})
    assert days_until_arrival(FleeModel(model.case, rules, 1)) == 3
    slow = tuple(replace(road, km_a_day=60.0) for road in model.case.roads)
    assert days_until_arrival(FleeModel(replace(model.case, roads=slow), AT_ONCE, 1)) == 2
    walked = tuple(replace(road, walk_chance=1.0) for road in model.case.roads)
    assert days_until_arrival(FleeModel(replace(model.case, roads=walked), AT_ONCE, 1)) == 3


def test_all_are_redirected_until_the_redirection_ends():
    kinds = {"Source": "conflict_zone", "Town": "town", "Camp": "camp"}
    case = small.made(kinds, [("Source", "Town", 1.0)], np.full((2, 1), 3_000))
    case = replace(case, roads=(*case.roads, Road("Source", "Camp", 2_000.0, forced=True)))
    model = FleeModel(case, AT_ONCE, 1)
    model.step()
    assert (model.roads.end[model.people.road] == code(model, "Camp")).all()
    ended = Closure("remove_forced_redirection", "Source", "Camp", 0, None)
    model = FleeModel(replace(case, closures=(ended,)), AT_ONCE, 1)
    model.step()
    assert (model.roads.end[model.people.road] == code(model, "Camp")).mean() < 0.1


@pytest.mark.parametrize(
    ("closure", "is_open"),
    [
        (Closure("country", "Abroad", "Home", 0, None), [True, False]),
        (Closure("location", "Town", "", 0, None), [False, True]),
        (Closure("link", "Camp", "Source", 0, None), [True, False]),
        (Closure("camp", "Camp", "", 0, None), [True, True]),
        (Closure("country", "Home", "Abroad", 1, None), [True, True]),
        (Closure("country", "Home", "Abroad", 0, 2), [True, False]),
    ],
)
def test_closures_close_what_they_name_in_both_directions(closure, is_open):
    kinds = {"Source": "conflict_zone", "Town": "town", "Camp": "camp"}
    roads = [("Source", "Town", 10.0), ("Source", "Camp", 10.0)]
    case = small.made(kinds, roads, np.zeros((3, 1)), closures=[closure])
    found = Roads(case, FleeBlock())
    found.close(0)
    assert found.open.tolist() == np.repeat(is_open, 2).tolist()
    found.close(2)
    assert found.open.all() == (closure.end == 2 or closure.kind == "camp")


def test_a_closed_camp_is_a_town_meanwhile():
    kinds = {"Camp": "camp", "Town": "town", "Source": "conflict_zone"}
    case = small.made(kinds, [("Camp", "Town", 10.0), ("Town", "Source", 10.0)], np.full((4, 1), 10_000))
    closed = replace(case, closures=(Closure("camp", "Camp", "", 1, 2),))
    inside = FleeModel(closed, FleeBlock(), 1).run().simulated[:, 0]
    assert inside[0] > 9_900
    assert abs(inside[1] / inside[0] - 0.78) < 0.05  # .3 leave, and some come back the same day
    assert FleeModel(case, FleeBlock(), 1).run().simulated[1, 0] > 9_900


def test_a_full_camp_attracts_nobody_and_a_nearly_full_one_less():
    case = small.made(
        {"Source": "conflict_zone", "Camp": "camp", "Town": "town"},
        [("Source", "Camp", 90.0), ("Source", "Town", 90.0)],
        np.zeros((1, 1)),
        capacity=100.0,
    )
    roads = Roads(case, FleeBlock())
    ahead = roads.ahead(0)
    for room, share in ((1.0, 0.5), (0.5, 1 / 3), (0.0, 0.0)):
        chances = roads.chances(ahead, np.ones(3), np.array([1.0, room, 1.0]))
        assert chances[ahead.end == 1] == pytest.approx(share)
    model = FleeModel(case, FleeBlock(), 1)
    for people, room in ((0, 1.0), (90, 1.0), (95, 0.5), (99, 0.1), (100, 0.0), (150, 0.0)):
        model._present[1] = people
        assert model._room()[1] == pytest.approx(room)


def test_attraction_is_by_kind_country_and_conflict():
    kinds = {"Source": "conflict_zone", "Camp": "camp", "Town": "town"}
    case = small.made(kinds, [("Source", "Camp", 1.0)], np.zeros((1, 1)))
    rules = FleeBlock(camp_weight=2.0, foreign_weight=3.0)
    model = FleeModel(replace(case, conflict=np.array([[0.5, 0.0, 0.0]])), rules, 1)
    model.step()
    assert model._attraction.tolist() == [0.5, 6.0, 1.0]  # .25 to the power of .5


def test_draws_belong_to_people_and_a_seed_is_a_seed():
    case = small.growing_camp()
    first, again, other = (FleeModel(case, FleeBlock(), seed).run().simulated for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    # a closure far away, and people who come later, change nothing for those before
    more = replace(case, counted=np.where(np.arange(200)[:, None] > 150, 5_000, case.counted))
    assert np.array_equal(FleeModel(more, FleeBlock(), 1).run().simulated[:151], first[:151])


def test_it_is_a_mesa_model_with_a_row_a_day_and_agents_who_own_nothing():
    model = FleeModel(small.register(), FleeBlock(), 1)
    model.step()
    assert len(model.agents) == model.here == 1_000
    model.run()
    table = model.datacollector.get_model_vars_dataframe()
    assert table["day"].tolist() == list(range(10))
    assert table["entered"].iloc[-1] == 1_135
    assert {person.place for person in model.agents} <= {"Source", "Camp A", "Camp B"}
    assert sum(person.travelling for person in model.agents) == table["on_the_road"].iloc[-1]


def test_too_much_is_refused_in_one_line():
    with pytest.raises(InputError, match="people in the model, expected at most"):
        FleeModel(small.star(30_000_000), AT_ONCE, 1)
    assert FleeModel(small.star(30_000_000), AT_ONCE.model_copy(update={"people_each": 1_000}), 1)
    names = [f"P{number}" for number in range(9)]
    kinds = {"Source": "conflict_zone", **dict.fromkeys(names, "town"), "Camp": "camp"}
    roads = [(a, b, 10.0) for n, a in enumerate(kinds) for b in list(kinds)[n + 1 :]]
    with pytest.raises(InputError, match=r"awareness = 8: more than 50,000 ways ahead from 'Source'"):
        Roads(small.made(kinds, roads, [[0]]), FleeBlock(awareness=8)).ahead(0)


# --------------------------------------------------------------------- entries and errors


def test_people_enter_as_counts_rise_and_falls_are_made_up():
    counted = np.array([[10, 5], [12, 5], [9, 4], [12, 5], [20, 5]])
    assert entries(counted).tolist() == [0, 2, 0, 0, 8]
    assert entries(counted).sum() == counted[-1].sum() - counted[0].sum()


def test_people_enter_by_population_and_intensity():
    case = small.made(
        {"A": "conflict_zone", "B": "conflict_zone", "Camp": "camp"}, [("A", "B", 900.0)], [[9_000]]
    )
    case = replace(case, conflict=np.array([[1.0, 0.5, 0.0]]))
    model = FleeModel(case, AT_ONCE, 1).run()
    assert abs((model.people.place == 0).mean() - 2 / 3) < 3 * np.sqrt(2 / 9 / 9_000)


def test_differences_are_those_of_the_definition():
    case = small.register()
    case = replace(case, days=2, counted=np.array([[60, 40], [90, 10]]), conflict=case.conflict[:2])
    found = compare(case, [np.array([[60, 40], [20, 20]]), np.array([[30, 20], [45, 5]])])
    assert found.ard.tolist() == [[0.0, 0.8], [0.5, 0.5]]
    assert found.rescaled.tolist() == [[0.0, 0.8], [0.0, 0.0]]
    assert found.naive.tolist() == pytest.approx([0.2, 0.8])
    assert found.shares.tolist() == [[0.5, 0.5], [0.9, 0.1]]
    assert found.by_day()["error Camp A"].tolist() == [-15.0, -57.5]
    assert found.by_camp()["camp"].tolist() == ["Camp A", "Camp B"]
    assert len(found.long()) == 4


def test_one_may_stand_for_ten():
    case = thinned(small.register(), 10)
    assert case.counted[0].tolist() == [60, 40]
    assert FleeModel(small.register(), FleeBlock(people_each=10), 1).run().entered == case.counted[-1].sum()
