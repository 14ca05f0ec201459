"""Demand of the past, boats of the past, and history: what is free by year, and that it does what it says."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

import crossings as cx
from crossings import corridors
from crossings.clock import Clock
from crossings.corridors.observed import observed
from crossings.errors import InputError
from crossings.passage import PassageBlock, boarding_chance, distress_chance
from crossings.people.inflow import InflowBlock, daily_means
from crossings.policies import BoatSizes
from crossings.study import demand

CHANNEL = corridors.load()


def _means(**block):
    return daily_means(InflowBlock(lead_days=0, **block), CHANNEL, Clock(date(2021, 1, 1)), 4 * 365 + 1)


def test_each_year_has_its_own_multiple_and_the_last_goes_on():
    plain, scaled = _means(), _means(yearly_scale=(2.0, 0.5), yearly_from=2021)
    assert scaled[:365].sum() == pytest.approx(2 * plain[:365].sum())
    assert scaled[365:730].sum() == pytest.approx(0.5 * plain[365:730].sum())
    assert scaled[730:].sum() == pytest.approx(0.5 * plain[730:].sum())


def test_demand_beyond_what_is_known_is_carried_on_by_nationality():
    held = _means(known_until=2022)
    code = CHANNEL.group_code("Albania")
    assert held[365:730].sum(axis=0) == pytest.approx(held[730:1095].sum(axis=0))
    assert held[730:1095, code].sum() > 5 * _means()[730:1095, code].sum()


@pytest.mark.parametrize(
    ("key", "value"), [("yearly_scale", [-1.0]), ("yearly_scale", ["a"]), ("known_until", 1900)]
)
def test_multiples_that_cannot_be_are_refused(key, value):
    with pytest.raises(InputError, match=f"inflow.{key}"):
        cx.Scenario().replace(f"inflow.{key}", value)


def test_boats_grow_in_straight_lines_between_the_middles_of_years():
    boats = BoatSizes(shares=(0.5, 0.7), first_year=2021)
    assert boats.at(date(2020, 1, 1)) == 0.5
    assert boats.at(date(2021, 7, 1)) == pytest.approx(0.5)
    assert boats.at(date(2021, 12, 31)) == pytest.approx(0.6, abs=0.002)
    assert boats.at(date(2024, 1, 1)) == 0.7
    with pytest.raises(InputError, match=r"policies\.boats\.shares"):
        cx.Scenario.load("history").replace("policies.boats.shares", [])


def test_a_smaller_boat_is_as_dangerous_with_fewer_people():
    block = PassageBlock()
    full, half = int(block.boat_size), int(block.boat_size / 2)
    whole = distress_chance(block, full, 0.5, 0.3, 0.3)
    assert distress_chance(block, half, 0.5, 0.3, 0.3, size=half / full) == pytest.approx(whole)
    assert distress_chance(block, full, 0.5, 0.3, 0.3, size=0.5) > whole
    assert boarding_chance(block, half, half / full) == pytest.approx(boarding_chance(block, full))


@pytest.fixture(scope="module")
def quarter():
    """Return the scenario of the first quarter of 2021, after a short warm-up."""
    return cx.Scenario.load("history").with_(start="2021-02-01", end="2021-04-30", warmup_days=60)


def test_the_first_networks_have_the_boats_of_the_first_day(quarter):
    today = cx.CrossingsModel(quarter, seed=2)
    usual = cx.CrossingsModel(quarter.replace("policies.boats.shares", [1.0]), seed=2)
    share = quarter.policies["boats"].at(quarter.epoch)
    first, same = today.smuggling.networks, usual.smuggling.networks
    assert first.load[first.alive] == pytest.approx(share * same.load[same.alive])
    assert first.price[first.alive].mean() > same.price[same.alive].mean()  # fewer share what a boat costs
    assert vars(today.levers) == vars(usual.levers)


def test_networks_fill_the_boats_of_the_day(quarter):
    small = cx.run(quarter, seed=2).daily
    large = cx.run(quarter.replace("policies.boats", None), seed=2).daily
    load = [run["load"].iloc[-30:].mean() for run in (small, large)]
    assert load[0] < 0.85 * load[1]


def test_scaling_comes_nearer_to_the_counts():
    """From a start that is far off: in the late summer of 2022 some 16,600 people arrived."""
    summer = cx.Scenario.load("history").with_(start="2022-08-01", end="2022-09-30", warmup_days=60)
    counts = observed().people
    once = demand.scaled(summer, 3, passes=1, tolerance=0.0)
    twice = demand.scaled(summer, 3, passes=2, tolerance=0.0)
    off = [abs(np.log(demand.missing(found.result, counts)[1])) for found in (once, twice)]
    assert off[0] > 0.25
    assert off[1] < 0.6 * off[0]
    assert twice.multiples[1] == pytest.approx(once.wanted[1], abs=1e-5)
    assert (once.passes, twice.passes) == (1, 2)
    assert twice.multiples[2:] == pytest.approx(demand.START[2:])  # years that were not simulated


def test_scaling_stops_when_it_is_near_enough(quarter):
    assert demand.scaled(quarter, 3, passes=5, tolerance=10.0).passes == 1


def test_a_run_of_history_takes_the_seed_of_its_weather(quarter):
    short = quarter.with_(end="2021-02-14", warmup_days=30)
    by_weather = demand.history(short.replace("weather.seed", 5), 1, passes=1)
    assert by_weather == demand.history(short, 5, passes=1)
    assert by_weather != demand.history(short, 6, passes=1)
    assert by_weather["demand@2021"] == demand.START[0]
