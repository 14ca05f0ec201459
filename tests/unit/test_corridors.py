"""The data of the Channel, and what a slip in a data file says."""

from __future__ import annotations

import hashlib
import math
import re
import shutil
from itertools import count
from pathlib import Path

import pytest

from crossings import corridors
from crossings.corridors.tables import TABLES
from crossings.errors import InputError
from crossings.geography.routes import RouteNetwork
from crossings.streams import name_code

CHANNEL = corridors.load()
SHIPPED = Path(corridors.__file__).parent / "channel"
EARTH_KM = 6371.0


def great_circle_km(start: corridors.Place, end: corridors.Place) -> float:
    lat1, lon1, lat2, lon2 = map(math.radians, (start.latitude, start.longitude, end.latitude, end.longitude))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(half))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "copy"))


def message(folder: Path) -> str:
    with pytest.raises(InputError) as caught:
        corridors.load(folder)
    text = str(caught.value)
    assert "\n" not in text
    return text


# ---- what is shipped


def test_the_channel_is_shipped_and_loaded_once():
    assert "channel" in corridors.shipped()
    assert corridors.load("channel") is corridors.load() is CHANNEL


def test_a_folder_gives_the_same_corridor_as_the_name(folder):
    copy = corridors.load(str(folder))
    for field in ("places", "legs", "groups", "sites", "network_seeds", "yearly_demand", "season", "files"):
        assert getattr(copy, field) == getattr(CHANNEL, field)


def test_every_data_file_that_a_run_reads_is_hashed():
    """The coastline is drawn, what was observed is compared with, and no run reads either."""
    unread = {"coastline.geojson", "observed"}
    assert set(CHANNEL.files) == {path.name for path in SHIPPED.iterdir()} - unread
    for name, digest in CHANNEL.files.items():
        assert digest == hashlib.sha256((SHIPPED / name).read_bytes()).hexdigest()


def test_a_changed_file_changes_its_hash_and_no_other(folder):
    path = folder / "season.csv"
    path.write_text(path.read_text() + "# a remark\n")
    changed = {name for name, digest in corridors.load(folder).files.items() if digest != CHANNEL.files[name]}
    assert changed == {"season.csv"}


def test_every_column_of_numbers_has_a_source():
    sourced = {(source.file, source.column) for source in CHANNEL.sources}
    numbers = {
        (file, column.name) for file, columns in TABLES.items() for column in columns if column.unit != "text"
    }
    assert numbers == sourced


def test_groups_have_the_expected_names_and_codes():
    names = "Afghanistan Albania Eritrea Iran Iraq Somalia Sudan Syria Turkey Vietnam Yemen India Other"
    assert " ".join(CHANNEL.group_names) == names
    assert [group.code for group in CHANNEL.groups] == list(range(13))
    assert CHANNEL.group_code("Syria") == 7


def test_places_of_every_kind_are_there():
    names = {
        kind: [CHANNEL.places[code].name for code in CHANNEL.places_of(kind)]
        for kind in ("entry", "hub", "camp", "landing", "state")
    }
    assert len(CHANNEL.places_of("origin")) == 13
    assert len(names["entry"]) == 6
    assert names["hub"] == ["Italy", "Greece", "Spain", "Austria", "Germany", "Belgium", "Paris"]
    assert names["camp"] == [camp.name for camp in CHANNEL.camps] == ["Calais", "Dunkirk", "Boulogne"]
    assert [site.name for site in CHANNEL.sites] == [
        CHANNEL.places[c].name for c in CHANNEL.places_of("site")
    ]
    assert names["landing"] == ["Dover", "Dungeness"]
    assert len(names["state"]) == 5
    assert CHANNEL.countries == ("Italy", "Greece", "Spain", "Austria", "Germany", "Belgium", "France")
    assert CHANNEL.places[CHANNEL.hub_of("France")].name == "Paris"


def test_coordinates_are_those_of_the_real_places():
    # Cap Blanc-Nez to Dover is 35 km in a straight line (MAIB report 7/2023): so is the nearest site.
    assert min(site.distance_km for site in CHANNEL.sites) == pytest.approx(35, abs=1.5)
    for code in CHANNEL.places_of("site"):
        assert 50.0 < CHANNEL.places[code].latitude < 51.3
        assert 1.4 < CHANNEL.places[code].longitude < 2.8
    by_name = {place.name: place for place in CHANNEL.places}
    # Published great-circle distances between cities, to 2%.
    for start, end, km in (("Kabul", "Delhi", 1000), ("Tehran", "Kabul", 1610), ("Paris", "Belgium", 264)):
        assert great_circle_km(by_name[start], by_name[end]) == pytest.approx(km, rel=0.02)


def test_no_leg_is_shorter_than_the_great_circle():
    by_name = {place.name: place for place in CHANNEL.places}
    for leg in CHANNEL.legs:
        straight = great_circle_km(by_name[leg.start], by_name[leg.end])
        assert leg.distance_km >= 0.995 * straight
        if leg.mode == "boat":
            assert leg.distance_km == pytest.approx(straight, rel=0.01)


def test_demand_is_observed_arrivals_over_the_share_who_arrive():
    arrivals = {2018: 299, 2019: 1843, 2020: 8466, 2021: 28526, 2022: 45774, 2023: 29437, 2024: 36816}
    for year, observed in arrivals.items():
        assert sum(CHANNEL.demand(year).values()) == pytest.approx(observed / 0.50, abs=60)
    assert CHANNEL.demand(2024)["Eritrea"] / sum(CHANNEL.demand(2024).values()) == pytest.approx(
        3480 / 36816, abs=1e-4
    )


def test_demand_is_held_beyond_the_years_known():
    assert CHANNEL.demand(2040) is CHANNEL.demand(2025)
    assert CHANNEL.demand(1990) is CHANNEL.demand(2018)


def test_shares_of_adults_women_and_grants_give_those_of_2024():
    weights = CHANNEL.demand(2024)
    total = sum(weights.values())

    def mean(column: str) -> float:
        return sum(getattr(group, column) * weights[group.name] for group in CHANNEL.groups) / total

    assert mean("adult_share") == pytest.approx(1 - 5430 / 36077, abs=0.02)
    assert mean("female_share") == pytest.approx(4721 / 36076, abs=0.02)
    assert mean("grant_chance") == pytest.approx(0.48, abs=0.03)


def test_networks_are_thirty_neutral_labels_whose_languages_people_speak():
    assert len(CHANNEL.network_seeds) == 30
    assert all(re.fullmatch(r"N\d\d", seed.name) for seed in CHANNEL.network_seeds)
    assert {seed.language for seed in CHANNEL.network_seeds} <= set(CHANNEL.languages)


def test_season_has_mean_one():
    assert sum(CHANNEL.season) / 12 == pytest.approx(1)


# ---- what is refused


def test_unknown_names_are_met_with_the_nearest():
    with pytest.raises(InputError, match=r"unknown corridor 'chanel'.*did you mean 'channel'"):
        corridors.load("chanel")
    with pytest.raises(InputError, match="unknown corridor ''"):
        corridors.load("")
    with pytest.raises(InputError, match=r"unknown nationality 'Eritria'.*did you mean 'Eritrea'"):
        CHANNEL.group_code("Eritria")
    with pytest.raises(InputError, match=r"unknown place 'Dovr'.*did you mean 'Dover'"):
        CHANNEL.place_code("Dovr")
    with pytest.raises(InputError, match=r"unknown country 'Belgum'.*did you mean 'Belgium'"):
        CHANNEL.hub_of("Belgum")


def test_a_folder_wins_where_a_path_is_given(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "channel").mkdir()
    assert corridors.load("channel") is CHANNEL
    with pytest.raises(InputError, match=r"corridor\.toml: not found"):
        corridors.load(Path("channel"))


# file, text replaced (first time), by what, what the one line says
SLIPS = [
    ("places.csv", "Kabul,origin", "Kabul,orign", r"line 2, column kind: 'orign', .*did you mean 'origin'"),
    (
        "places.csv",
        "34.53",
        "134.53",
        r"line 2, column latitude: '134\.53', expected a number from -90 to 90",
    ),
    ("places.csv", "34.53", "nan", r"line 2, column latitude: 'nan'"),
    (
        "places.csv",
        "Tirana,origin,Albania",
        "Kabul,origin,Albania",
        r"line 3, column name: .*already on line 2",
    ),
    ("places.csv", "Tirana,origin,Albania,", "Tirana,origin,Albania,1,", r"line 3: 6 cells, expected 5"),
    ("places.csv", "Kabul,origin", '"Kabul,origin', r"line 2: not CSV"),
    ("places.csv", "latitude", "lattitude", r"line 1: unknown column 'lattitude', .*did you mean 'latitude'"),
    ("places.csv", "latitude", "longitude", r"line 1: column 'longitude' twice"),
    ("legs.csv", "start,end,mode", "start,end,end", r"column 'end' twice"),
    (
        "legs.csv",
        "Kabul,Aegean and Balkans",
        "Kabul,Agean and Balkans",
        r"line 2, column end: .*'Aegean and Balkans'",
    ),
    (
        "legs.csv",
        "Kabul,Aegean and Balkans",
        "Kabul,Kabul",
        r"line 2, column end: 'Kabul', expected another place",
    ),
    ("legs.csv", ",land,", ",lnd,", r"line 2, column mode: 'lnd', .*did you mean 'land'"),
    (
        "legs.csv",
        "3500,0.004",
        "3500,1.004",
        r"line 2, column hazard: '1\.004', expected a number from 0 to 1",
    ),
    (
        "legs.csv",
        "Calais,Dover,lorry",
        "Paris,Dover,lorry",
        r"column start: 'Paris', expected a place of kind camp",
    ),
    ("legs.csv", "Somme,Dungeness,boat", "Somme,Detention,boat", r"column end: 'Detention', .*kind landing"),
    (
        "legs.csv",
        "Gravelines,Dover,boat,56.1,0",
        "Gravelines,Dover,boat,56.1,1",
        r"column days: '1.0', expected 0",
    ),
    ("paths.csv", "Asmara", "Asmarra", r"column start: 'Asmarra', .*did you mean 'Asmara'"),
    ("groups.csv", "Afghanistan,Kabul", "Afghanistan,Calais", r"column origin: 'Calais', .*kind origin"),
    ("groups.csv", "0.6,Germany", "0.6,Germny", r"column elsewhere: 'Germny', .*did you mean 'Germany'"),
    ("groups.csv", ",4500,", ",0,", r"column wealth_median: '0', expected a number of at least 1"),
    ("groups.csv", ",Persian,", ",,", r"column language: '', expected a word or name"),
    (
        "sites.csv",
        "Gravelines,Dunkirk,Dover",
        "Gravelines,Dunkirk,Dungeness",
        r"column landing: .*boat leg from Gravelines",
    ),
    ("sites.csv", "0.22", "0.32", r"column teams: sum 1\.1, expected shares that add to 1"),
    ("sites.csv", "Somme,Boulogne,Dungeness,0.04\n", "", r"no row for Somme"),
    ("networks.csv", "N01,Kurdish", "N01,Kurdis", r"column language: 'Kurdis', .*did you mean 'Kurdish'"),
    ("networks.csv", "N02", "N01", r"column name: 'N01', expected every name once; already on line 2"),
    (
        "demand.csv",
        "2019,",
        "2020,",
        r"line 4, column year: '2020', expected every year once; already on line 3",
    ),
    ("demand.csv", "2019,3700\n", "", r"line 3, column year: '2020', expected 2019, years following"),
    ("demand.csv", "2018,600", "2018.5,600", r"column year: '2018\.5', expected a whole number"),
    ("demand.csv", ",600", ",-600", r"line 2, column candidates: '-600', expected a number of at least 0"),
    ("shares.csv", "2018,Albania,", "2018,Albaniia,", r"column group: 'Albaniia', .*did you mean 'Albania'"),
    ("shares.csv", "2018,Albania,0.0535", "2018,Albania,0.5535", r"lines 2 to 14, column share: sum 1\.5"),
    ("shares.csv", "2018,Albania,0.0535\n", "", r"no share of Albania in 2018"),
    ("shares.csv", "2018,Albania", "2017,Albania", r"column year: '2017', expected a year in demand\.csv"),
    ("season.csv", "12,0.75", "13,0.75", r"column month: '13', expected a whole number from 1 to 12"),
    ("season.csv", "12,0.75\n", "", r"11 months, expected 12"),
    ("season.csv", "12,0.75", "12,8.5", r"column factor: mean 1\."),
    (
        "sources.csv",
        "groups.csv,value",
        "groups.csv,vaule",
        r"column column: 'vaule', .*did you mean 'value'",
    ),
    ("corridor.toml", "title", "titel", r"unknown key 'titel', .*did you mean 'title'"),
    ("corridor.toml", 'name = "channel"', "name = 3", r"name = 3, expected text"),
    ("corridor.toml", 'name = "channel"\n', "", r"no key 'name'"),
    ("corridor.toml", "=", "", r"cannot be read as TOML"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), SLIPS)
def test_a_slip_gives_one_line_that_says_where(folder, file, old, new, expected):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    said = message(folder)
    assert said.startswith(file)
    assert re.search(expected, said), said


def test_a_missing_file_is_named(folder):
    (folder / "groups.csv").unlink()
    assert message(folder).startswith("groups.csv: not found")


def test_a_missing_column_is_named(folder):
    path = folder / "season.csv"
    path.write_text("\n".join(line.split(",")[0] for line in path.read_text().splitlines()))
    assert message(folder).startswith("season.csv line 1: no column 'factor'")


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "empty"), (b"month,factor\n", "no rows"), (b"\xff\xfe", "UTF-8")]
)
def test_a_file_without_content_is_refused(folder, content, said):
    (folder / "season.csv").write_bytes(content)
    assert said in message(folder)


def test_two_names_that_would_share_random_draws_are_refused(folder):
    twin = next(f"M{k}" for k in count() if name_code(f"M{k}") == name_code("N01"))
    path = folder / "networks.csv"
    path.write_text(path.read_text().replace("N02", twin))
    assert f"column name: '{twin}', expected another name; its random key is that of 'N01'" in message(folder)


def test_byte_order_mark_windows_line_ends_comments_and_column_order_do_not_matter(folder):
    path = folder / "season.csv"
    rows = [",".join(reversed(line.split(","))) for line in path.read_text().splitlines()]
    path.write_bytes(("\ufeff# factors\r\n\r\n" + "\r\n".join(rows) + "\r\n").encode())
    assert corridors.load(folder).season == CHANNEL.season


def test_paths_for_the_map_may_be_left_out(folder):
    (folder / "paths.csv").unlink()
    bare = corridors.load(folder)
    assert "paths.csv" not in bare.files
    assert not any(leg.geometry for leg in bare.legs)
    assert any(leg.geometry for leg in CHANNEL.legs)


# ---- the small corridors of other places and times


SMALL = ["aegean", "atlantic", "central-mediterranean", "christmas-island", "tunisia", "us-southwest"]
LIKE_THE_CHANNEL = ("grant_chance", "value", "work_weight", "ties_share", "adult_share", "female_share",
                    "wealth_median", "wealth_sigma")  # fmt: skip


@pytest.mark.parametrize("name", SMALL)
def test_nothing_about_people_is_set_for_a_small_corridor(name):
    """Who lives on the Channel's table is described as there, anybody else as its others."""
    known = {group.name: group for group in CHANNEL.groups}
    for group in corridors.load(name).groups:
        model = known.get(group.name, known["Other"])
        assert [getattr(group, what) for what in LIKE_THE_CHANNEL] == [
            getattr(model, what) for what in LIKE_THE_CHANNEL
        ]


@pytest.mark.parametrize("name", SMALL)
def test_a_small_corridor_has_routes_sources_and_crossings_as_long_as_the_channels(name):
    corridor = corridors.load(name)
    assert len(RouteNetwork(corridor).routes) >= len(corridor.groups)
    told = {(source.file, source.column) for source in corridor.sources}
    assert {("demand.csv", "candidates"), ("legs.csv", "distance_km"), ("season.csv", "factor")} <= told
    assert min(site.distance_km for site in corridor.sites) == pytest.approx(35.7)
    assert max(site.distance_km for site in corridor.sites) < 90


@pytest.mark.parametrize("last", [2021, 2022])
def test_the_channel_as_known_at_the_end_of_a_year_learns_nothing_later(last):
    corridor = corridors.load(f"channel-{last}")
    known, later = corridor.demand(last), CHANNEL.demand(2025)
    assert sum(known.values()) == pytest.approx(sum(CHANNEL.demand(last).values()))
    assert corridor.demand(2025) == known
    assert sum(known.values()) != pytest.approx(sum(later.values()))
    for field in ("places", "legs", "groups", "sites", "network_seeds", "season"):
        assert getattr(corridor, field) == getattr(CHANNEL, field)
    assert corridor.files["legs.csv"] == CHANNEL.files["legs.csv"]
    assert corridor.files["demand.csv"] != CHANNEL.files["demand.csv"]
    sources = {(source.file, source.column): source.source for source in corridor.sources}
    assert set(sources) == {(source.file, source.column) for source in CHANNEL.sources}
    assert f"held after {last}" in sources["demand.csv", "candidates"]


@pytest.mark.parametrize(
    ("name", "said"), [("chanel", "did you mean 'channel'"), ("channel-2021", "all its tables itself")]
)
def test_a_corridor_extends_a_shipped_one_that_is_whole(tmp_path, name, said):
    head = f'name = "mine"\ntitle = "Mine"\ndescription = "Mine."\nextends = "{name}"\n'
    (tmp_path / "corridor.toml").write_text(head)
    assert said in message(tmp_path)
    (tmp_path / "corridor.toml").write_text(head.replace(name, "channel"))
    assert corridors.load(tmp_path).sites == CHANNEL.sites
