"""What published experiments reckon from their runs: known counts go in, known estimates must come out.

Runs are stood in for where they take long: what is tested is which worlds are asked for, and the arithmetic
from what was counted in them to estimates and tables. Runs themselves are those of `tests/patterns`.
"""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from crossings.replicas.beds import STAYS
from crossings.replicas.rumours.generic import HIGH, LOW
from crossings.study.reproductions import (
    Work,
    beds_bottleneck,
    flee_checks,
    founding_article,
    gathmann,
    natural_experiments,
    risk_and_rumours,
    routes_and_rumours,
    three_cities,
)
from crossings.study.reproductions import signs as all_signs
from crossings.study.signs import departures, one_series, refusals, rescue, two_ways

SEEDS = (1, 2, 3)


def counted(monkeypatch, module, numbers):
    """Let a module find these numbers, the same under every seed; return the worlds it asks for."""
    asked = {}

    def by_world(_measure, worlds, seeds, processes=None, progress=None):
        asked.update(worlds)
        for done in range(len(seeds)):
            if progress is not None:
                progress(done + 1, len(seeds))
        return {
            world: {name: np.full(len(seeds), value, dtype=np.float64) for name, value in of.items()}
            for world, of in numbers.items()
            if world in worlds
        }

    monkeypatch.setattr(module, "by_world", by_world)
    return asked


def values(estimates):
    return {name: estimate.value for name, estimate in estimates.items()}


# ---- queues, cities and camps: small enough to be run


def test_beds_are_measured_queue_by_queue_and_crossed_with_patrols(monkeypatch):
    class World(SimpleNamespace):
        """Of whom caught come fewer in, but where beds are few; and beds add less and less."""

        offered = 100.0

        def __init__(self, _block, caught, beds, seed):
            few = beds < 1.0
            super().__init__(entered=20.0 - (0.0 if few else 10.0 * caught) + 0.01 * seed)
            self.removed = 10.0 * np.sqrt(beds)

        def run(self):
            return self

        def per_day(self, number):
            return number

    monkeypatch.setattr(beds_bottleneck, "Bottleneck", World)
    settings = beds_bottleneck.Settings(
        loss=((4, 3.0),), waiting=(4, 2.0), unlimited=4.0, enough=100, replications=3, people=400,
        caught=(0.2, 0.6), beds=(0.25, 1.0, 2.25), seeds=3,
    )  # fmt: skip
    told = []
    found = beds_bottleneck.reproduce(settings, Work(report=lambda *done: told.append(done)))
    got = values(found.estimates)
    for stays in STAYS:
        assert got[f"loss-4-3.{stays}"] == pytest.approx(0.2061, abs=0.1)  # Erlang's loss formula
        assert got[f"unlimited-4.{stays}.mean"] == pytest.approx(4.0, abs=1.0)
        assert got[f"unlimited-4.{stays}.overflow"] == 0.0
    assert 0.0 < got["waiting-4-2"] < 0.5
    assert got["patrols.few-beds"] == 0.0
    assert got["patrols.many-beds"] == pytest.approx(-4.0 / 18.02)
    assert got["patrols.few-over-many"] == 0.0
    assert got["patrols.interaction"] == pytest.approx(np.log(14.02 / 18.02), abs=1e-4)
    assert got["removals-a-bed.fall-1"] == pytest.approx((5.0 / 75.0 - 5.0 / 125.0) * 365.25)
    table = found.tables["bottleneck"].set_index(["caught", "beds"])
    assert table.loc[(0.6, 2.25), "removed"] == 15.0
    assert len(table) == 6
    assert told[-1] == (13, 13)
    assert found.size == "3 runs of 400 people in 7 queues; 3 seeds of 6 worlds"


def test_cities_are_compared_variant_by_variant():
    told = []
    settings = three_cities.Settings(replications=2, entry_rate=0.5, until=20.0)
    found = three_cities.reproduce(settings, Work(report=lambda *done: told.append(done)))
    table = found.tables["shares"].set_index(["world", "variant"])
    assert len(table) == 12
    got = values(found.estimates)
    assert got["3-cities.standard.better-exit"] == table.loc[("3-cities", "standard"), "better_exit"]
    assert got["4-cities.standard.stock"] == table.loc[("4-cities", "standard"), "stock"]
    assert (table["low"] <= table["better_exit"]).all()
    assert (table["better_exit"] <= table["high"]).all()
    assert 0.0 < got["3-cities.perfect-information.left"] <= 1000.0
    assert told[-1] == (24, 24)


def test_what_talk_adds_is_taken_run_by_run():
    runs = {
        ("here", "no-communication"): [SimpleNamespace(left={2: 1, 3: 1}), SimpleNamespace(left={2: 0})],
        ("here", "standard"): [SimpleNamespace(left={2: 3, 3: 1}), SimpleNamespace(left={2: 0, 3: 4})],
        ("here", "full-exploration"): [
            SimpleNamespace(left={2: 4, 3: 0}),
            SimpleNamespace(left={2: 1, 3: 3}),
        ],
    }
    got = values(three_cities._talk("here", runs))
    assert got["here.talk-helps"] == pytest.approx((0.25 + 0.0) / 2)
    assert got["here.exploring-helps"] == pytest.approx(0.25)
    better = three_cities._better(runs["here", "standard"])
    assert better.value == 3 / 8


def test_small_worlds_of_flee_have_their_known_answers():
    found = flee_checks.reproduce(flee_checks.Settings(people=400), Work())
    got = values(found.estimates)
    assert (got["closure.arrived"], got["closure.waiting"]) == (3.0, 97.0)
    assert got["sink.left-after-3-days"] == 0.0
    assert got["capacity.before"] == pytest.approx(0.95, abs=0.05)
    assert got["capacity.after"] == pytest.approx(0.95, abs=0.05)
    assert got["register.people"] - got["register.with-empty-camps"] == 1000.0
    assert got["awareness.ways"] == 4.0
    star = found.tables["star"].set_index("place")["share"]
    assert star.sum() == pytest.approx(1.0)
    assert star.idxmax() == "Town D"  # the nearest
    assert star["Town D"] == pytest.approx(0.489, abs=0.1)


# ---- the founding article


def compared(labels, per_day, days, begins, lag):
    """Return what a comparison holds: so many arrivals a day, and admissions that follow returns."""
    start = date(2025, 7, 1)
    daily = {}
    for label in labels:
        returned, admitted = np.zeros((2, days)), np.zeros((2, days))
        if label != "none":
            returned[:, begins:] = 2.0
            admitted[:, begins + lag :] = 2.0
        arrivals = np.full((2, days), float(per_day[label]))
        daily[label] = {
            "arrivals": arrivals, "deaths": arrivals / 100.0, "returned": returned, "admitted": admitted,
        }  # fmt: skip
    marks = [
        SimpleNamespace(kind="announced", when=start),
        SimpleNamespace(kind="start", when=start + timedelta(days=begins)),
    ]
    dates = [start + timedelta(days=day) for day in range(days)]
    return SimpleNamespace(labels=tuple(labels), daily=daily, marks=marks, start=start, dates=dates)


def test_the_founding_article_is_reckoned_from_daily_counts(monkeypatch):
    per_day = {"none": 100.0, "pilot": 95.0, "x2": 80.0, "x2-alone": 90.0}
    asked = []

    def compare(*scenarios, seeds, processes, progress):
        asked.extend(scenarios)
        progress(8, 8)
        assert (seeds, processes) == ([5, 6], 1)
        return compared(list(per_day), per_day, days=300, begins=60, lag=9)

    monkeypatch.setattr(founding_article, "compare", compare)
    year = SimpleNamespace(summary=lambda: {"arrivals": 36_500})
    monkeypatch.setattr(founding_article, "run", lambda _scenario, seed: year)
    told = []
    settings = founding_article.Settings(seeds=2, scales=(2,))
    work = Work(seed=5, processes=1, report=lambda *done: told.append(done))
    found = founding_article.reproduce(settings, work)

    got = values(found.estimates)
    assert got["year-arrivals"] == 36_500
    assert got["one-in"] == pytest.approx(100 * 7 / 50)
    assert got["returned-a-week"] == pytest.approx(14.0)
    assert got["admission-lag"] == 9
    assert got["admitted-per-return"] == pytest.approx(1.0)
    assert got["admitted-ahead"] == 0.0
    assert got["effect-x1"] == pytest.approx(-0.05)
    assert got["effect-x2"] == pytest.approx(-0.20)
    assert got["effect-x2-alone"] == pytest.approx(-0.10)
    assert got["growth-x2-on-x1"] == pytest.approx(-0.15)
    assert got["resources-matter"] == pytest.approx(-0.10)
    table = found.tables["effects"].set_index(["a_week", "resources"])
    assert table.loc[(100, "stay"), "effect"] == pytest.approx(-0.10)
    assert table.loc[(50, "grow"), "deaths"] == pytest.approx(0.95 * 240)  # since the policy began
    assert table["deaths_without"].unique() == pytest.approx([240.0])
    lag = found.tables["lag"].iloc[-1]
    assert (lag["returned"], lag["admitted"]) == (480.0, 462.0)
    assert told == [(1, 10), (2, 10), (10, 10)]
    assert found.size == "2 seeds (5 to 6) of 4 scenarios"

    none, pilot, doubled, alone = asked
    assert not none.policies
    returns = [each.policies["returns"] for each in (pilot, doubled, alone)]
    assert [each.quota_per_week for each in returns] == [50, 100, 100]
    assert [each.beds for each in returns] == [returns[0].beds, 2.0, returns[0].beds]
    officers = [each.authorities.legal_route.officers for each in (pilot, doubled, alone)]
    assert officers == [officers[0], 2 * officers[0], officers[0]]


# ---- the border of two crossings


def test_the_border_is_reckoned_before_and_after(monkeypatch):
    before = {
        "attempts": 1000.0, "by-smuggler": 800.0, "people": 600.0, "arrivals": 500.0, "deaths": 4.0,
        "remote": 200.0, "launched": 800.0, "danger": 0.01, "load": 20.0, "quality": 0.5,
        "near.fare": 900.0, "near.stop": 0.3, "near.risk": 0.001, "near.time": 50.0, "near.danger": 10.0,
        "near.cost": 960.0, "remote.fare": 1000.0, "remote.stop": 0.1, "remote.risk": 0.002,
        "remote.time": 150.0, "remote.danger": 20.0, "remote.cost": 1170.0,
    }  # fmt: skip
    after = before | {
        "near.fare": 1080.0, "remote": 400.0, "by-smuggler": 900.0, "danger": 0.012, "deaths": 5.0,
    }  # fmt: skip
    asked = counted(monkeypatch, gathmann, {"before": before, "tripled": after})
    found = gathmann.reproduce(gathmann.Settings(seeds=3), Work(processes=1))
    got = values(found.estimates)
    assert got["fee"] == pytest.approx(0.2)
    assert got["smuggler-share"] == pytest.approx(0.1)
    assert got["remote-share"] == pytest.approx(0.25)
    assert (got["attempts"], got["people"]) == (0.0, 0.0)
    assert got["cost-of-switching"] == pytest.approx((1170.0 - 960.0) / 180.0)
    assert got["danger"] == pytest.approx(0.2)
    assert got["deaths"] == pytest.approx(0.25)
    assert (got["baseline.remote-share"], got["baseline.smuggler-share"]) == (0.25, 0.8)
    table = found.tables["border"].set_index(["world", "crossing"])
    assert table["share"].tolist() == [0.75, 0.25, 0.5, 0.5]
    assert table.loc[("tripled", "near"), "fare"] == 1080.0
    assert "1,000 attempts a year" in found.size
    near, tripled = asked["before"].policies, asked["tripled"].policies
    assert not near
    assert tripled["near"].teams == 3.0
    assert tripled["near"].sites == (gathmann.NEAR,)
    usual = gathmann.Scenario.load("no-policy")
    price = "smuggling.supply.boat_price"
    assert gathmann._value(asked["before"], price) == pytest.approx(0.6 * gathmann._value(usual, price))


def test_a_run_of_the_border_costs_fare_time_and_danger():
    settings = gathmann.Settings(start="2025-06-01", end="2025-06-10", adapting_days=120)
    ways = gathmann._ways()
    world = gathmann.border(settings)["before"].with_(warmup_days=40, **{"inflow.scale": 0.3})
    made = gathmann.measure(world, 1, ways)
    assert made["attempts"] >= made["by-smuggler"] > 0.0
    assert 0.0 <= made["remote"] <= made["launched"]
    for name in ("near", "remote"):
        parts = made[f"{name}.fare"] + made[f"{name}.time"] + made[f"{name}.danger"]
        assert made[f"{name}.cost"] == pytest.approx(parts, nan_ok=True)
    assert made["remote.time"] > made["near.time"]  # three times as long
    assert gathmann._days_at_sea(world, gathmann.REMOTE) > gathmann._days_at_sea(world, gathmann.NEAR) > 0


# ---- signs


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


# ---- rumours


def cells(cells_asked):
    """Return invented measures of runs: more talk, shorter and more concentrated journeys."""
    rows = []
    for cell in cells_asked:
        talk = cell.comm == HIGH
        rows.append(
            {
                **vars(cell),
                "n_entered": 100.0,
                "n_arrived": 80.0 + cell.replicate,
                "n_dead": 5.0 + cell.replicate,
                "n_migrants": 15.0 - 2 * cell.replicate,
                "n_steps": 20.0 if talk else 25.0,
                "n_contacts": 4.0 if talk else 2.0,
                "max_n_migr": 30.0,
                "n_link": 9.0 if talk else 6.0,
                "freq_plan": 0.6 if talk else 0.5,
                "acc_c": 0.9,
                "rstdd_link": 3.0 if talk else 2.0,
                "visits": [1.0, 2.0, 3.0, 4.0 if cell.replicate == 1 or not talk else -4.0],
            }
        )
    return rows


def test_more_talk_is_compared_with_less_cell_by_cell(monkeypatch):
    monkeypatch.setattr(routes_and_rumours, "require_compiler", lambda: None)
    monkeypatch.setattr(routes_and_rumours, "carry_out", lambda _work, _run, asked: cells(asked))
    settings = routes_and_rumours.Settings(worlds=2, replicates=2)
    found = routes_and_rumours.reproduce(settings, Work())
    got = values(found.estimates)
    assert got["unaccounted"] == 0.0
    assert (got["arrived.fewest"], got["arrived.most"]) == (81.0, 82.0)
    for know in ("know-low", "know-high"):
        assert got[f"{know}.n_steps.ratio"] == pytest.approx(0.8)
        assert got[f"{know}.n_link.ratio"] == pytest.approx(1.5)
        assert got[f"{know}.freq_plan.change"] == pytest.approx(0.1)
        assert got[f"{know}.concentration.least"] == pytest.approx(1.5)
        assert got[f"{know}.replicability.low"] == pytest.approx(1.0)
        assert got[f"{know}.replicability.lost"] > 0.0
    for factor, measured in itertools.product(("trust", "risk"), ("n_arrived", "n_dead")):
        assert got[f"null.{factor}.{measured}"] == pytest.approx(0.0)
    assert not {"visits", "trust", "risk"} & set(found.tables["runs"].columns)
    assert found.size == "32 runs of 100 people in 2 worlds"


def test_factors_that_should_do_nothing_are_varied_in_the_first_world_only():
    settings = routes_and_rumours.Settings(worlds=2, replicates=2, size=0.5)
    all_of_it = routes_and_rumours.design(settings, Work(seed=4))
    assert len(all_of_it) == 16 + 16
    assert {cell.world for cell in all_of_it if HIGH in (cell.trust, cell.risk)} == {4}
    assert all(cell.size == 0.5 for cell in all_of_it)
    without = routes_and_rumours.design(settings.model_copy(update={"nulls": False}), Work(seed=4))
    assert len(without) == 16
    rows = pd.DataFrame(cells(without))
    for estimate in routes_and_rumours._null(rows, "trust").values():
        assert np.isnan(estimate.value)
    one, *_ = without
    assert (one.trust, one.risk) == (LOW, LOW)


def test_published_runs_are_pooled_and_matched_run_by_run(monkeypatch, tmp_path):
    known = risk_and_rumours.calibrated(risk_and_rumours.experiments.folder("risk-and-rumours"))
    published = pd.read_csv(
        risk_and_rumours.experiments.folder("risk-and-rumours") / "published.csv"
    ).set_index("run")

    def carry_out(_work, _run, asked, path):
        assert path == tmp_path / risk_and_rumours.MAP
        rows = []
        for place, one in enumerate(asked):
            row = {"run": one.calibrated.name, "n_entered": 100.0, "n_arrived": 80.0, "n_dead": 5.0}
            row |= {"n_migrants": 15.0, "arrived_100": 40.0, "en_route_100": 30.0}
            row |= dict.fromkeys(("n_loc", "n_link", "cap", "acc_l"), 2.0)
            theirs = published.loc[one.calibrated.name]
            row |= {name: float(theirs[name]) * (1 + 1e-4 * (place % 3)) for name in risk_and_rumours.MATCHED}
            for number, year in enumerate(risk_and_rumours.YEARS):
                row |= {f"arrivals_{year}": 50.0 * 2.0**number, f"deaths_{year}": 2.0}
            rows.append(row)
        return rows

    monkeypatch.setattr(risk_and_rumours, "require_compiler", lambda: None)
    monkeypatch.setattr(risk_and_rumours, "carry_out", carry_out)
    settings = risk_and_rumours.Settings(runs=20, draws=2, size=0.5)
    found = risk_and_rumours.reproduce(settings, Work(data=tmp_path))
    got = values(found.estimates)
    assert len(found.tables["runs"]) == 2 * len(known)
    assert (got["arrived"], got["dead"], got["en-route"]) == (160.0, 10.0, 30.0)
    assert got["unaccounted"] == 0.0
    first, second, *_ = risk_and_rumours.YEARS
    assert got[f"arrivals-{second}-over-{first}"] == pytest.approx(2.0)
    assert got[f"deaths-per-arrival-{first}"] == pytest.approx(0.04)
    for name in risk_and_rumours.MATCHED:
        assert got[f"correlation.{name}"] == pytest.approx(1.0, abs=0.01)
    assert abs(got["control.freq_plan"]) < 0.7  # in another order they are others' runs


def test_a_correlation_of_few_has_no_interval_and_one_of_more_has_fishers():
    assert risk_and_rumours.correlation(np.arange(4.0), np.array([0.0, 1.0, 3.0, 2.0])).low is None
    found = risk_and_rumours.correlation(np.arange(7.0), np.array([0.0, 2.0, 1.0, 3.0, 5.0, 4.0, 6.0]))
    assert found.value == pytest.approx(0.928571, abs=1e-5)
    half = 1.959964 / np.sqrt(4)
    assert np.arctanh(found.high) - np.arctanh(found.value) == pytest.approx(half, rel=1e-5)
    assert np.arctanh(found.value) - np.arctanh(found.low) == pytest.approx(half, rel=1e-5)


# ---- natural experiments


@pytest.mark.parametrize("forked", [True, False])
def test_a_natural_experiment_runs_both_worlds_under_every_seed(monkeypatch, forked):
    case = natural_experiments.CASES["eu-turkey"]
    assert case.twice
    run_here = []

    def numbers(scenario, seed):
        part = 0.5 if set(case.bundle) & set(scenario.policies) else 1.0
        size = scenario.inflow.scale / case.worlds()["with"].inflow.scale
        return dict.fromkeys((*case.windows, "before", "deaths", "attempts"), (90.0 + seed) * part * size)

    def grow(trees, _workers, _of_run):
        for tree in trees:
            for number, scenario, seed in tree:
                gave = numbers(scenario, seed)
                # the last run is lost on its way, and made anew
                yield number, natural_experiments.trunks.Withered("lost") if number == 3 else gave

    def run(scenario, seed):
        run_here.append(seed)
        return scenario, seed

    monkeypatch.setattr(natural_experiments.trunks, "available", lambda: forked)
    monkeypatch.setattr(natural_experiments.trunks, "grow", grow)
    monkeypatch.setattr(
        natural_experiments, "plan", lambda numbered, _workers: SimpleNamespace(trees=[list(numbered)])
    )
    monkeypatch.setattr(natural_experiments, "run", run)
    monkeypatch.setattr(natural_experiments, "of_run", lambda made: numbers(*made))
    told = []
    settings = natural_experiments.Settings(cases=(case.name,), seeds=2, twice=2)
    found = natural_experiments.reproduce(settings, Work(processes=1, report=lambda *d: told.append(d)))
    assert len(run_here) == (2 if forked else 8)
    assert told[-1] == (8, 8)
    got = values(found.estimates)
    assert all(got[name] == pytest.approx(-0.5) for name in case.windows)
    assert got[f"{case.name}.twice"] == pytest.approx(0.0)
    assert found.tables["cases"]["case"].tolist() == [case.name]
    assert found.tables["effects"]["deaths_with"].iloc[0] == pytest.approx(91.5 / 2)


def test_a_run_of_a_case_is_counted_in_its_windows():
    case = natural_experiments.CASES["rwanda"]
    setting = case.worlds()["with"]
    days = pd.date_range(str(setting.start), str(setting.end))
    daily = pd.DataFrame(1.0, index=days, columns=["arrivals", "deaths", "attempts", "set_out", "boats"])
    for window in case.windows.values():
        assert not window.keys
        daily[window.outcome] = 1.0
    daily["deaths"] = 2.0
    result = SimpleNamespace(name=case.scenario, daily=daily, by=pd.DataFrame())
    made = natural_experiments.of_run(result)
    for name, window in case.windows.items():
        assert made[name] == window.days
    first = min(window.first for window in case.windows.values())
    last = max(window.last for window in case.windows.values())
    assert made["attempts"] == (last - first).days + 1
    assert made["deaths"] == 2 * made["attempts"]


def test_a_difference_of_two_effects_has_both_their_errors():
    estimate = natural_experiments.Estimate
    found = natural_experiments._difference(estimate(-0.5, 0.03), estimate(-0.4, 0.04), 10)
    assert found.value == pytest.approx(-0.1)
    assert found.error == pytest.approx(0.05)
    assert found.high - found.value == pytest.approx(2.262157 * 0.05, rel=1e-5)
