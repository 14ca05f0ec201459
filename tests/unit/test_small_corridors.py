"""The small corridors of published findings: whole, sourced, and a world in which people cross."""

from __future__ import annotations

import pytest
from tests.unit.test_corridors import great_circle_km

import crossings as cx
from crossings import corridors
from crossings.corridors.tables import TABLES

SMALL = ("gathmann", "signs-crossings", "signs-origins")


@pytest.mark.parametrize("name", SMALL)
def test_every_column_of_numbers_has_a_source(name):
    corridor = corridors.load(name)
    have = {(source.file, source.column) for source in corridor.sources}
    wanted = {
        (file, column.name)
        for file, columns in TABLES.items()
        for column in columns
        if column.unit != "text" and file in corridor.files
    }
    assert wanted == have


@pytest.mark.parametrize("name", SMALL)
def test_no_leg_is_shorter_than_the_great_circle(name):
    corridor = corridors.load(name)
    places = {place.name: place for place in corridor.places}
    for leg in corridor.legs:
        direct = great_circle_km(places[leg.start], places[leg.end])
        assert leg.distance_km >= 0.98 * direct, (leg.start, leg.end, direct)


@pytest.mark.parametrize("name", SMALL)
def test_people_cross(name):
    scenario = cx.Scenario.load("no-policy").with_(
        corridor=name,
        start="2025-06-01",
        end="2025-06-30",
        warmup_days=120,
        **{"enforcement.patrols.teams": 6},  # forty teams are those of a coast with eight launch sites
    )
    assert cx.run(scenario, seed=1).summary()["arrivals"] > 100
