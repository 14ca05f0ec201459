"""Flee: cases read as written, people who move as its rules say, and errors as they are defined."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from crossings.errors import InputError
from crossings.replicas.flee import small
from crossings.replicas.flee.case import Closure, Road, entries, thinned
from crossings.replicas.flee.comparing import compare
from crossings.replicas.flee.model import NOWHERE, FleeModel
from crossings.replicas.flee.reading import read
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


# --------------------------------------------------------------------- reading


def test_the_invented_case_is_read_as_written():
    case = read(UPRIVER)
    assert (case.start, case.days, case.name) == (dt.date(2031, 3, 1), 60, "upriver")
    assert case.camp_names == ("Lakeside Camp", "Hilltop Camp", "Meadow")
    assert [site.place.kind for site in case.sites][3:5] == ["marker", "forwarding_hub"]
    assert case.sites[5].capacity == 3_000
    assert case.roads[-1] == Road("Ferry Landing", "Lakeside Camp", 45.0, forced=True)
    assert case.roads[1].km == 110.5
    assert case.closures[0] == Closure("country", "Ardania", "Belmara", 0, 8)
    assert case.closures[2].end is None
    assert case.conflict[44, 0] == 1.0
    assert case.conflict[45, :2].tolist() == [0.4, 1.0]
    # east is scaled by 1800 / 2400 before 10 April, west is not, and both are added up
    assert case.counted[0].tolist() == [150, 0, 100]
    assert case.counted[19, 0] == 1_125 + int(300 * 5 / 45)
    assert case.counted[-1].tolist() == [2_400, 820, 1_100]


def test_without_a_file_of_conflicts_a_place_is_one_from_its_day_on(tmp_path):
    place = copied(tmp_path)
    (place / "input" / "conflicts.csv").unlink()
    case = read(place)
    assert case.conflict[:, 0].all()
    assert case.conflict[:, 1].tolist() == [0.0] * 20 + [1.0] * 40
    edit(place, "input/locations.csv", "conflict_zone,20,", "conflict_zone,2031-03-11,")
    assert read(place).conflict[:, 1].sum() == 50


@pytest.mark.parametrize("folders", [("input_csv", "source_data"), (".", "validation"), (".", ".")])
def test_other_names_of_the_two_folders_are_found(tmp_path, folders):
    place = copied(tmp_path)
    for name, other in zip(("input", "validation"), folders, strict=True):
        shutil.copytree(place / name, place / "moved" / other, dirs_exist_ok=True)
    assert read(place / "moved").fingerprint == read(UPRIVER).fingerprint


def test_the_fingerprint_is_of_what_is_read_and_not_of_how_it_is_written(tmp_path):
    place = copied(tmp_path)
    for path in place.rglob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read(place).fingerprint == read(UPRIVER).fingerprint
    edit(place, "input/routes.csv", "110.5", "110.6")
    assert read(place).fingerprint != read(UPRIVER).fingerprint


def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(UPRIVER, tmp_path / "case"))


def edit(place: Path, file: str, old: str, new: str) -> None:
    path = place / file
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "input/locations.csv",
            "town",
            "twon",
            "locations.csv line 5, column location_type: 'twon', expected",
        ),
        ("input/locations.csv", "town", "twon", "did you mean 'town'?"),
        ("input/locations.csv", "Millford,Lower", "Stonefield,Lower", "a name of its own (also line 4)"),
        ("input/locations.csv", "12000", "-3", "column population: '-3', expected people, at least 0"),
        ("input/routes.csv", "Millford,95", "Milford,95", "did you mean 'Millford'?"),
        ("input/routes.csv", "Millford,95", "Oldbridge,95", "expected another place"),
        ("input/routes.csv", "110.5", "0", "routes.csv line 3, column distance: '0', expected kilometres"),
        ("input/routes.csv", "110.5", "nan", "column distance: 'nan'"),
        ("input/routes.csv", "45,2", "45,3", "column forced_redirection: '3', expected 0, 1 or 2"),
        ("input/closures.csv", "country", "county", "column closure_type: 'county', expected one of country"),
        ("input/closures.csv", "Belmara", "Belmar", "did you mean 'Belmara'?"),
        (
            "input/closures.csv",
            ",0,8",
            ",8,8",
            "column closure_end: '8', expected a day after 8, or 0 for never",
        ),
        ("input/closures.csv", "Oldbridge,Meadow", "Oldbridge,Crossways", "a place with a road to Oldbridge"),
        (
            "input/closures.csv",
            "Landing,Lakeside Camp",
            "Landing,Crossways",
            "to which people are redirected",
        ),
        ("input/conflicts.csv", " Oldbridge", " Oldbrige", "did you mean 'Oldbridge'?"),
        ("input/conflicts.csv", "3, 1, 0", "3, 1.5, 0", "conflicts.csv line 5, column Oldbridge: '1.5'"),
        ("input/conflicts.csv", "3, 1, 0", "4, 1, 0", "line 5, column day: '4', expected day 3"),
        ("input/conflicts.csv", "3, 1, 0", "3, 0, 0", "upriver"),
        ("input/sim_period.csv", "Length,60", "Length,six", "sim_period.csv line 2, column Length: 'six'"),
        ("input/sim_period.csv", "Length,60", "", "no Length, expected a line 'Length,VALUE'"),
        ("input/sim_period.csv", "2031-03-01", "1 March", "expected a date as 2012-02-29"),
        ("input/sim_period.csv", "2031", "9999", "people enter"),
        ("input/registration_corrections.csv", "04-10", "04-11", "was counted, and not for the first time"),
        (
            "input/registration_corrections.csv",
            "normalize",
            "remove",
            "column kind: 'remove', expected normalize",
        ),
        ("validation/data_layout.csv", "Meadow,", "Medow,", "did you mean 'Meadow'?"),
        ("validation/data_layout.csv", "meadow.csv", "medow.csv", "did you mean 'meadow.csv'?"),
        (
            "validation/data_layout.csv",
            "meadow.csv",
            "mea\0dow.csv",
            "data_layout.csv: holds a null character",
        ),
        ("validation/data_layout.csv", "meadow.csv", "../input/routes.csv", "expected a file in"),
        ("validation/hilltop.csv", "700", "many", "hilltop.csv line 3, column people counted: 'many'"),
        ("validation/hilltop.csv", "2031-04-10", "2031-04-31", "column date: '2031-04-31'"),
        ("input/sim_period.csv", "Length,60", "Length,60\nSpeed,3", "'Speed', expected StartDate or Length"),
        (
            "input/closures.csv",
            "location,Hilltop Camp",
            "camp,Millford",
            "column name1: 'Millford', expected a camp",
        ),
        ("input/conflicts.csv", " Stonefield", " Oldbridge", "expected each place once"),
        ("validation/data_layout.csv", "Meadow,", "Hilltop Camp,", "expected each camp once (also line"),
        ("validation/data_layout.csv", "Meadow,meadow.csv", "Meadow,", "expected a file of counts"),
    ],
)
def test_a_slip_is_found_where_it_was_made(tmp_path, file, old, new, said):
    place = copied(tmp_path)
    if said == "upriver":
        said = "people enter on day 3 (2031-03-04), expected a place of conflict"
    if said == "people enter":
        said = "expected dates up to 9999-12-31"
        edit(place, "input/sim_period.csv", "03-01", "12-30")
    edit(place, file, old, new)
    with pytest.raises(InputError) as raised:
        read(place)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    "file", ["input/locations.csv", "input/routes.csv", "input/sim_period.csv", "validation/data_layout.csv"]
)
def test_a_missing_or_empty_or_unreadable_file_is_named(tmp_path, file):
    place = copied(tmp_path)
    for content in (b"", b"\xff\xfe\x00", None):
        path = place / file
        path.unlink() if content is None else path.write_bytes(content)
        with pytest.raises(InputError, match=Path(file).name):
            read(place)


def test_what_a_case_may_have_beside_its_files_is_read(tmp_path):
    place = copied(tmp_path)
    edit(place, "input/closures.csv", "location,Hilltop Camp", "camp,Hilltop Camp")
    assert read(place).closures[1] == Closure("camp", "Hilltop Camp", "", 30, 45)
    (place / "input" / "closures.csv").unlink()
    (place / "input" / "capacities.csv").write_text("#name,day,capacity\nMeadow,9,50\nHilltop Camp,4,700\n")
    (place / "input" / "registration_corrections.csv").unlink()
    edit(
        place, "input/routes.csv", "forced_redirection", "forced_redirection,max_move_speed,walk_probability"
    )
    edit(place, "input/routes.csv", "45,2", "45,2,30,0.5")
    case = read(place)
    names = [site.place.name for site in case.sites]
    assert case.closures == ()
    assert case.capacities == ((4, names.index("Hilltop Camp"), 700.0), (9, names.index("Meadow"), 50.0))
    assert case.roads[-1] == Road("Ferry Landing", "Lakeside Camp", 45.0, True, 30.0, 0.5)
    assert case.roads[0].walk_chance == 0.0
    # without the correction, counts in the east are not brought down before 10 April
    assert case.counted[0, 0] > read(UPRIVER).counted[0, 0]
    edit(place, "input/routes.csv", "45,2,30,0.5", "45,2,30,1.5")
    with pytest.raises(InputError, match=r"column walk_probability: '1.5', expected a number from 0 to 1"):
        read(place)


def test_a_case_in_which_nobody_is_counted_is_refused(tmp_path):
    place = copied(tmp_path)
    for path in (place / "validation").glob("*.csv"):
        if path.name != "data_layout.csv":
            path.write_text("date,people\n2031-03-01,0\n2031-05-01,0\n")
    (place / "input" / "registration_corrections.csv").unlink()
    with pytest.raises(
        InputError, match="nobody counted in 60 days from 2031-03-01, expected people in some"
    ):
        read(place)


def test_a_correction_needs_people_before_it(tmp_path):
    place = copied(tmp_path)
    for path in (place / "validation").glob("lakeside-*.csv"):
        path.write_text("date,people\n2031-03-01,0\n2031-04-09,0\n2031-04-10,1800\n")
    with pytest.raises(InputError, match=r"expected a count of Lakeside Camp above 0 before this date"):
        read(place)
