"""What the signs are reckoned from: known counts of small worlds go in, known estimates must come out.

Runs are stood in for where they take long: what is tested is which worlds are asked for, and the arithmetic
from what was counted in them to estimates and tables. Runs themselves are those of `tests/patterns`.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.reckoned import SEEDS, counted, values

from crossings.study.reproductions import (
    Work,
)
from crossings.study.reproductions import signs as all_signs
from crossings.study.signs import departures, one_series, refusals, rescue, two_ways


def test_departures_by_distance_give_back_the_slope_in_the_counts(monkeypatch):
    way = departures._log_change_of_way()
    shut = dict.fromkeys(way, 100.0)
    opened = {name: 100.0 * np.exp(-2.0 * change) for name, change in way.items()}
    asked = counted(monkeypatch, departures, {"shut": shut, "open": opened})
    estimates, table = departures.departures(-3.0, SEEDS, 1)
    got = values(estimates)
    assert got["friebel.elasticity"] == pytest.approx(-2.0)
    assert got["friebel.unchanged"] == pytest.approx(0.0)
    assert got["friebel.origins"] == 24.0
    assert table["departures"].to_numpy() == pytest.approx(-2.0 * table["way"].to_numpy())
    assert list(asked["shut"].routes.closed) == [departures.EDGE]
    assert not asked["open"].routes.closed
    assert asked["open"].routes.distance_decay == -3.0


def test_rescue_takes_back_part_of_what_it_saves(monkeypatch):
    usual = {"flimsy": 0.2, "rough": 0.1, "risk": 0.010, "risk-with-rescue": 0.004}
    on = {"flimsy": 0.5, "rough": 0.3, "risk": 0.007, "risk-with-rescue": 0.007}
    banned = on | {"flimsy": 0.0, "risk": 0.005}
    asked = counted(monkeypatch, rescue, {"off": usual, "on": on, "on, flimsy banned": banned})
    estimates, table = rescue.rescue(SEEDS, 1)
    got = values(estimates)
    assert got["deiana.flimsy-share"] == pytest.approx(0.3)
    assert got["deiana.rough-share"] == pytest.approx(0.2)
    assert got["deiana.risk"] == pytest.approx(-0.3)
    assert got["deiana.mechanical"] == pytest.approx(-0.6)
    assert got["deiana.taken-back"] == pytest.approx(0.3)
    assert got["deiana.ban"] == pytest.approx(-0.2)
    assert table["world"].tolist() == list(asked)
    assert asked["off"].policies["rescue"].rescue == 0.0
    assert asked["on"].policies["rescue"].rescue == rescue.ON.uk
    assert set(asked["on, flimsy banned"].policies) == {"rescue", "ban"}


def test_boats_stopped_on_one_way_turn_up_on_the_other(monkeypatch):
    usual = {"arrivals": 1000.0, two_ways.WATCHED: 20.0, two_ways.OTHER: 20.0, "load": 25.0}
    watched = usual | {"arrivals": 800.0, two_ways.WATCHED: 8.0, two_ways.OTHER: 26.0}
    dear = usual | {"load": 30.0}
    asked = counted(monkeypatch, two_ways, {"before": usual, "watched": watched, "dear boats": dear})
    estimates, table = two_ways.two_ways(SEEDS, 1)
    got = values(estimates)
    assert got["hoffmann.total"] == pytest.approx(-0.2)
    assert got["hoffmann.displaced"] == pytest.approx(0.5)
    assert got["hoffmann.people-per-boat"] == pytest.approx(0.2)
    assert table.set_index("world").loc["watched", two_ways.WATCHED] == 8.0
    assert asked["watched"].policies["interdiction"].sites == (two_ways.WATCHED,)
    assert asked["dear boats"].policies["cost"].boat_cost == two_ways.BOAT_COST


def test_refusals_are_elasticities_between_worlds(monkeypatch):
    usual = {
        "refused": 100.0, "refused-stock": 50.0, "without-leave": 200.0, "arrivals": 1000.0,
        "applied": 0.0, "admitted": 0.0,
    }  # fmt: skip
    strict = usual | {"refused": 121.0, "refused-stock": 55.0, "without-leave": 200.0}
    many = usual | {"applied": 500.0, "admitted": 400.0}
    few = usual | {"applied": 500.0, "admitted": 100.0, "arrivals": 2000.0}
    worlds = {"usual": usual, "fewer grants": strict, "many places": many, "few places": few}
    asked = counted(monkeypatch, refusals, worlds)
    estimates, table = refusals.refusals(SEEDS, 1)
    got = values(estimates)
    assert got["czaika.asylum"] == pytest.approx(0.5)
    assert got["czaika.asylum-wide"] == pytest.approx(0.0)
    assert got["czaika.visa"] == pytest.approx(0.5)
    assert len(table) == 4
    assert asked["fewer grants"].policies["rules"].grants == refusals.GRANTS
    places = [asked[name].policies["places"].places_per_week for name in ("many places", "few places")]
    assert places == [refusals.MANY, refusals.FEW]


def test_observers_are_asked_in_how_many_histories_they_see_an_effect(monkeypatch):
    saved = {
        "step": np.log(1.1), "error": 0.2, "seen": 0.0, "risk-before": 0.010, "risk-after": 0.004,
        "stop-before": 0.0, "stop-after": 0.0,
    }  # fmt: skip
    stopped = saved | {"step": np.log(0.5), "seen": 1.0, "stop-before": 0.05, "stop-after": 0.4}
    asked = counted(monkeypatch, one_series, {"rescue": saved, "interception": stopped})
    estimates, table = one_series.rescue_and_interception(SEEDS, 1)
    got = values(estimates)
    assert got["rodriguez.mortality"] == pytest.approx(-0.6)
    assert (got["rodriguez.rescue-unseen"], got["rodriguez.interception-seen"]) == (1.0, 1.0)
    assert got["rodriguez.interception-effect"] == pytest.approx(-0.5)
    assert got["rodriguez.stopped-before"] == pytest.approx(0.05)
    assert got["rodriguez.stopped-after"] == pytest.approx(0.4)
    assert table["seen"].tolist() == [False] * 3 + [True] * 3
    assert table["effect"].tolist() == pytest.approx([0.1] * 3 + [-0.5] * 3)
    before, after = (asked["interception"].policies[name] for name in ("before", "after"))
    assert (before.stopped, after.stopped) == (one_series.STOPPED_BEFORE, one_series.STOPPED_AFTER)
    assert before.end == after.start == one_series.CHANGE


def test_the_lever_on_the_channel_is_seen_or_not_by_one_observer(monkeypatch):
    without = {"arrivals": 1000.0, "step": 0.0, "error": 0.1, "seen": 0.0}
    lever = {"arrivals": 900.0, "step": np.log(0.9), "error": 0.1, "seen": 0.0}
    asked = counted(monkeypatch, one_series, {"without": without, "with": lever})
    estimates, table = one_series.returns_lever(100.0, 2, [4, 5, 6], 1)
    got = values(estimates)
    assert got["wood.effect"] == pytest.approx(-0.1)
    assert got["wood.unseen"] == 1.0
    assert table["effect"].tolist() == pytest.approx([-0.1] * 3)
    pilot = one_series.Scenario.load("one-in-one-out").policies["returns"]
    returns = asked["with"].policies["returns"]
    assert returns.quota_per_week == 100.0
    assert (returns.beds, returns.caseworkers) == (2 * pilot.beds, 2 * pilot.caseworkers)
    assert returns.start == asked["with"].policies["legal_route"].start == one_series.BEGINS


def test_a_history_tells_its_observer_of_attempts_and_of_nights_before_and_after(monkeypatch):
    days = pd.date_range("2025-01-01", periods=910)
    late = days >= "2026-07-02"
    waves = 1.0 + 0.5 * np.sin(np.arange(910.0) ** 1.5)  # no rhythm that a season or a step could take up
    daily = pd.DataFrame({"attempts": np.where(late, 10.0, 20.0), "wave_height": waves}, index=days)
    launches = pd.DataFrame(
        {"date": days, "risk": np.where(late, 0.01, 0.02), "stop": np.where(late, 0.5, 0.0), "people": 10}
    )
    run = SimpleNamespace(result=SimpleNamespace(daily=daily), launches=launches)
    monkeypatch.setattr(one_series, "observe", lambda _scenario, _seed: run)
    scenario = SimpleNamespace(start=date(2025, 1, 1))
    made = one_series.observed(scenario, 1, date(2026, 7, 2))
    assert made["step"] == pytest.approx(np.log(0.5), abs=0.02)
    assert made["seen"] == 1.0
    assert (made["risk-before"], made["risk-after"]) == pytest.approx((0.02, 0.01))
    assert (made["stop-before"], made["stop-after"]) == (0.0, 0.5)


@pytest.mark.parametrize(
    ("measure", "changes"),
    [
        (two_ways.landed, {}),
        (rescue.safety, {}),
        (refusals.standing, {"policies.places": refusals._places(20.0)}),
    ],
)
def test_what_is_measured_of_a_short_season_adds_up(measure, changes):
    usual = {"start": "2025-06-01", "end": "2025-06-14", "warmup_days": 40, **changes}
    made = measure(two_ways.small_world("signs-crossings", **usual), 1)
    if measure is two_ways.landed:
        assert made[two_ways.WATCHED] + made[two_ways.OTHER] == pytest.approx(made["arrivals"] / made["load"])
        assert made["price"] > 0.0
    elif measure is rescue.safety:
        assert 0.0 <= made["flimsy"] <= 1.0
        assert made["risk-with-rescue"] < made["risk"]  # which there are fewer boats to lower
        assert made["attempts"] > 0.0
    else:
        assert made["without-leave"] >= made["refused-stock"] >= 0.0
        assert made["applied"] >= made["admitted"]
        assert made["applied"] > 0.0


def test_people_who_set_out_are_counted_by_origin():
    world = departures.small_world(departures.CORRIDOR, start="2025-06-01", end="2025-06-10", warmup_days=30)
    made = departures.departed(world, 1)
    assert len(made) == 24
    assert sum(made.values()) > 0.0


def test_signs_are_taken_one_after_another_and_count_the_same(monkeypatch):
    told = []

    def part(name):
        def take(*given):
            seeds, tell = given[-3], given[-1]
            tell(1, 2)
            tell(2, 2)
            return {name: len(seeds)}, pd.DataFrame({"seeds": list(seeds)})

        return take

    for name in ("departures", "rescue", "two_ways", "rescue_and_interception", "refusals", "returns_lever"):
        monkeypatch.setattr(all_signs, name, part(name))
    work = Work(seed=7, scale=0.5, report=lambda *done: told.append(done))
    found = all_signs.reproduce(all_signs.Settings(), work)
    assert dict(found.estimates) == {
        "departures": 2, "rescue": 4, "two_ways": 3, "rescue_and_interception": 4, "refusals": 2,
        "returns_lever": 5,
    }  # fmt: skip
    assert found.tables["returns"]["seeds"].tolist() == [7, 8, 9, 10, 11]
    assert told[:3] == [(500, 6000), (1000, 6000), (1500, 6000)]
    assert told[-1] == (6000, 6000)
    assert found.size.startswith("Seeds: 2 of departures, 4 of rescue, 3 of two ways, 4 of histories")
