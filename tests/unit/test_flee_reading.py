"""Cases of Flee: read as written, and refused in one line where they do not hold together."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from crossings.errors import InputError
from crossings.replicas.flee.case import Closure, Road
from crossings.replicas.flee.reading import read

UPRIVER = Path(__file__).parents[1] / "cases" / "upriver"


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
