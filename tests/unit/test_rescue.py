"""Who reaches a boat in distress, how soon, and what the wait costs."""

from __future__ import annotations

import numpy as np
import pytest

from crossings.passage import Rescue, RescueBlock, Strength
from crossings.passage.rescue import SearchLuck
from crossings.streams import Streams, identity

USUAL, NONE = Strength(1.0, 1.0), Strength(0.0, 0.0)
MANY = 4_000


def many(strength, block=None, made=0.499, km=40.0, roughness=1.0, under_way=0):
    """Return hours, hours in the water, and shares brought to the UK and dead, of many boats alike."""
    rescue = Rescue(block or RescueBlock())
    rescue.under_way = under_way
    luck = Streams(7).uniforms("passage", identity("boat", 0, np.arange(MANY)), 0, 5).T.tolist()
    ends = [
        rescue.outcome(strength, made * km, (1 - made) * km, roughness, SearchLuck(*each)) for each in luck
    ]
    dead = np.mean([rescue.drowned(end.in_water) for end in ends])
    return np.mean([end.hours for end in ends]), np.mean([end.to_uk for end in ends]), float(dead)


def test_the_more_boats_a_side_has_the_sooner_help_is_there_and_the_more_it_takes():
    found = [many(Strength(1.0, uk)) for uk in (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 50.0)]
    hours, to_uk, dead = (np.array(column) for column in zip(*found, strict=True))
    assert (np.diff(hours) < 0).all()
    assert (np.diff(to_uk) > 0).all()
    assert (np.diff(dead) <= 0).all()
    assert dead[-1] < dead[0]
    assert to_uk[0] == 0.0  # ships bring people to the nearer shore, here by a hair the French
    assert to_uk[-1] < 1.0  # the way takes its time


def test_more_on_both_sides_saves_lives_and_does_not_shift_the_shore():
    few, usual, more = (many(Strength(r, r), made=0.3) for r in (0.5, 1.0, 2.0))
    assert few[2] > usual[2] > more[2]
    assert abs(more[1] - usual[1]) < 0.05


def test_without_any_rescue_passing_ships_find_people_late_and_many_die():
    hours, to_uk, dead = many(NONE, made=0.7)
    assert hours == pytest.approx(RescueBlock().ship_hours, rel=0.05)
    assert to_uk == 1.0  # to the nearer shore
    assert many(NONE, made=0.3)[1] == 0.0
    assert dead > 5 * many(USUAL, made=0.7)[2]


def test_without_an_alarm_rescue_boats_do_not_matter():
    block = RescueBlock(no_alarm=1.0)
    assert many(USUAL, block) == many(NONE, block) == many(Strength(9.0, 9.0), block)


def test_search_is_random_and_the_way_is_not():
    """Only UK boats, no ship: the mean is the way and the mean search, the least the way alone."""
    block = RescueBlock(no_alarm=0.0, french_units=0.0, uk_units=2.0, ship_hours=1000.0, search_hours=4.0)
    hours, to_uk, _ = many(USUAL, block, made=0.5, km=80.0)
    way = block.alert_hours + 40.0 / (block.speed * 1.852)
    assert hours == pytest.approx(way + 2.0, rel=0.05)
    assert to_uk > 0.99


def test_boats_are_shared_out_among_those_in_distress():
    alone, busy = many(USUAL), many(USUAL, under_way=3)
    assert busy[0] > alone[0]
    assert busy[2] > alone[2]


def test_rough_seas_sink_boats_sooner():
    assert many(USUAL, roughness=3.0)[2] > many(USUAL)[2] > many(USUAL, roughness=0.3)[2]
    assert many(USUAL, RescueBlock(sinking=0.0))[2] == 0.0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("french_units", 8.0),
        ("uk_units", 6.0),
        ("alert_hours", 1.5),
        ("speed", 12.0),
        ("search_hours", 10.0),
        ("no_alarm", 0.2),
        ("ship_hours", 2.0),
        ("sinking", 0.5),
        ("survival_hours", 3.0),
    ],
)
def test_every_parameter_moves_deaths(name, value):
    assert many(USUAL, RescueBlock(**{name: value}))[2] != many(USUAL)[2]


def test_nobody_pays_for_boats_that_are_not_there():
    rescue = Rescue(RescueBlock())
    assert rescue.cost(NONE) == 0.0
    usual = rescue.cost(USUAL)
    assert usual > 0.0
    assert rescue.cost(Strength(2.0, 2.0)) == pytest.approx(2 * usual)
