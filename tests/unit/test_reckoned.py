"""What published experiments reckon from their runs: known counts go in, known estimates must come out.

Runs are stood in for where they take long: what is tested is which worlds are asked for, and the arithmetic
from what was counted in them to estimates and tables. Runs themselves are those of `tests/patterns`.
"""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.reckoned import counted, values

from crossings.replicas.beds import STAYS
from crossings.study.reproductions import (
    Work,
    beds_bottleneck,
    flee_checks,
    founding_article,
    gathmann,
    natural_experiments,
    three_cities,
)

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
