"""Pairs under the same seeds: the arithmetic, the workers, and what happens when a run fails."""

from __future__ import annotations

import json
import multiprocessing
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from outcome_samples import END, START, Setting, dated, made_run
from tests.pages import colliding, outside

from crossings.errors import InputError
from crossings.outcomes.summary import HEADLINES
from crossings.study import Comparison, compare
from crossings.study.pairs import paired, pairs_needed, ratio, ratio_effect, suffice

BASE = Setting("no-policy")
PILOT = Setting("pilot", 0.2, policies={"returns": {"announced": dated(5), "start": dated(20)}})


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(BASE, PILOT, seeds=8, processes=1, run=made_run)


def test_intervals_of_differences_against_a_worked_example() -> None:
    # differences -1, -3, -2, -4: mean -2.5, sd 1.29099, t(3) 3.18245
    found = paired(np.array([10.0, 20, 30, 40]), np.array([9.0, 17, 28, 36]))
    assert found["difference"] == -2.5
    assert found["standard_error"] == pytest.approx(1.290994 / 2, rel=1e-6)
    assert found["low"] == pytest.approx(-2.5 - 3.182446 * 0.645497, rel=1e-6)
    assert found["high"] == pytest.approx(-2.5 + 3.182446 * 0.645497, rel=1e-5)
    spread = np.var([10, 20, 30, 40], ddof=1) + np.var([9, 17, 28, 36], ddof=1)
    assert found["variance_reduction"] == pytest.approx(spread / 1.290994**2, rel=1e-5)


def test_pairs_suffice_once_the_interval_leaves_zero_out() -> None:
    found = paired(np.array([10.0, 20, 30, 40]), np.array([9.0, 17, 28, 36]))
    assert suffice(found)
    assert not suffice(paired(np.array([10.0, 20, 30]), np.array([9.0, 22, 29])))
    # by hand: spread 1.29099; t(2) 4.30265 * 1.29099 / sqrt(3) = 3.207 > 2.5; with four pairs 2.054 < 2.5
    assert pairs_needed(found) == 4
    assert pairs_needed(paired(np.array([1.0]), np.array([2.0]))) is None
    assert pairs_needed(paired(np.array([1.0, 2.0]), np.array([2.0, 1.0]))) is None  # no difference at all


def test_the_number_of_pairs_needed_settles_the_sign_about_as_often_as_not() -> None:
    random = np.random.default_rng(8)
    needed = pairs_needed({"difference": 1.0, "standard_error": 2.0, "pairs": 4})
    assert needed is not None
    trials = random.normal(1.0, 4.0, (2000, needed))
    settled = np.mean([suffice(paired(np.zeros(needed), trial)) for trial in trials])
    # the interval's half width equals the true difference: power one half; 4 standard errors are .045
    assert settled == pytest.approx(0.5, abs=0.06)


def test_one_pair_or_none_has_no_interval() -> None:
    assert np.isnan(paired(np.array([1.0]), np.array([2.0]))["low"])
    assert np.isnan(paired(np.array([np.nan]), np.array([2.0]))["difference"])
    assert paired(np.array([np.nan, 1.0]), np.array([2.0, 2.0]))["pairs"] == 1
    assert np.isnan(ratio_effect(np.array([5.0]), np.array([4.0]))["low"])
    assert np.isnan(ratio_effect(np.zeros(3), np.zeros(3))["effect"])


def test_a_constant_ratio_is_known_without_error() -> None:
    without = np.array([100.0, 250, 30])
    found = ratio_effect(without, 0.8 * without)
    assert found["effect"] == pytest.approx(-0.2)
    assert found["low"] == pytest.approx(found["high"])


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    random = np.random.default_rng(5)
    covered = {"difference": 0, "effect": 0}
    trials = 1500
    for _ in range(trials):
        without = random.normal(1000, 150, 20)
        with_policy = 0.9 * without + random.normal(0, 30, 20)
        difference, effect = paired(without, with_policy), ratio_effect(without, with_policy)
        covered["difference"] += difference["low"] <= -100 <= difference["high"]
        covered["effect"] += effect["low"] <= -0.1 <= effect["high"]
    # three standard errors of a proportion of .95 in 1,500 trials are .017
    assert covered["difference"] / trials == pytest.approx(0.95, abs=0.017)
    assert covered["effect"] / trials == pytest.approx(0.95, abs=0.025)


def test_the_table_has_every_headline(comparison: Comparison) -> None:
    table = comparison.table()
    assert table.loc["pilot"].index.tolist() == list(HEADLINES)
    row = table.loc[("pilot", "arrivals")]
    assert row["base"] == pytest.approx(comparison.daily["no-policy"]["arrivals"].sum(axis=1).mean())
    assert row["low"] < row["difference"] < row["high"] < 0
    assert row["variance_reduction"] > 5  # the same luck on both sides
    assert row["pairs"] == 8
    assert table.loc[("pilot", "attempts"), "difference"] == 0
    assert table.loc[("pilot", "admitted"), "low"] == table.loc[("pilot", "admitted"), "high"] == 0


def test_the_effect_is_taken_from_the_first_start_of_the_policy(comparison: Comparison) -> None:
    effects = comparison.effects()
    row = effects.loc[("pilot", "arrivals")]
    assert (row["start"], row["end"]) == (dated(20), END)
    assert row["low"] < row["effect"] < row["high"]
    assert row["effect"] == pytest.approx(-0.2, abs=0.01)
    assert effects.loc[("pilot", "first_arrivals"), "effect"] == row["effect"]
    whole = comparison.effects(start=START)
    assert whole.loc[("pilot", "arrivals"), "effect"] > row["effect"]


def test_a_window_must_lie_within_the_run(comparison: Comparison) -> None:
    assert comparison.table(dated(0), dated(19)).loc[("pilot", "arrivals"), "difference"] == 0
    with pytest.raises(InputError, match=r"window .* expected dates within"):
        comparison.table(date(2024, 1, 1))
    with pytest.raises(InputError, match=r"window .*'soon': expected a date"):
        comparison.effects(start="soon")


def test_a_window_may_be_given_as_text(comparison: Comparison) -> None:
    pd.testing.assert_frame_equal(
        comparison.effects(dated(20).isoformat(), END.isoformat()), comparison.effects(dated(20), END)
    )


def test_weeks_and_marks(comparison: Comparison) -> None:
    weekly = comparison.weekly
    assert weekly.series["pilot"]["arrivals"].shape == (8, 9)
    assert [mark.text for mark in weekly.marks] == ["returns announced", "returns in force"]
    assert list(weekly.series) == ["no-policy", "pilot"]


def test_workers_give_the_same_as_this_process_and_leave_it_alone(comparison: Comparison) -> None:
    before = multiprocessing.get_start_method()
    told: list[tuple[int, int]] = []
    found = compare(BASE, PILOT, seeds=8, processes=2, run=made_run, progress=lambda *seen: told.append(seen))
    assert multiprocessing.get_start_method() == before
    assert found.digests == comparison.digests
    pd.testing.assert_frame_equal(found.table(), comparison.table())
    assert told == [(done, 16) for done in range(1, 17)]


def test_a_failing_run_is_named_and_the_rest_is_kept() -> None:
    with pytest.warns(
        RuntimeWarning, match=r"(?s)seeds left out: 3; scenario 'pilot' with seed 3 failed:\n.*boats ran out"
    ):
        found = compare(BASE, Setting("pilot", 0.2, fails_at=3), seeds=4, processes=1, run=made_run)
    assert found.seeds == (1, 2, 4)
    assert found.table().loc[("pilot", "arrivals"), "pairs"] == 3
    (failure,) = found.failures
    assert (failure.label, failure.seed) == ("pilot", 3)
    assert "ZeroDivisionError" in failure.traceback
    assert found.as_dict()["failed_seeds"] == [3]


def test_nothing_left_is_an_error_that_shows_the_first_traceback() -> None:
    with pytest.raises(RuntimeError, match=r"no seed ran to its end.*'pilot' with seed 7") as caught:
        compare(BASE, Setting("pilot", fails_at=7), seeds=[7], processes=1, run=made_run)
    assert "ZeroDivisionError" in str(caught.value)


@pytest.mark.parametrize("processes", [1, 2])
def test_bad_input_ends_it_at_once_in_one_line(processes: int) -> None:
    with pytest.raises(InputError, match=r"^policies.returns.quota 'x': expected a number$"):
        compare(BASE, Setting("bad", refused=True), seeds=3, processes=processes, run=made_run)


def test_a_worker_that_dies_is_said_so() -> None:
    with pytest.raises(RuntimeError, match=r"'dies' with seed 1 failed: a worker process died"):
        compare(Setting("dies", dies_at=1), BASE, seeds=1, processes=2, run=made_run)


def test_runs_made_before_a_worker_died_are_kept() -> None:
    with pytest.warns(RuntimeWarning, match=r"seeds left out: [\d, ]*20; .* failed: a worker process died"):
        found = compare(BASE, Setting("late", dies_at=20), seeds=20, processes=2, run=made_run)
    assert found.seeds[0] == 1
    assert 20 not in found.seeds


def test_seeds_may_come_from_numpy(tmp_path: Path) -> None:
    found = compare(BASE, PILOT, seeds=np.array([3, 5]), processes=1, run=made_run)
    assert found.seeds == (3, 5)
    found.save(tmp_path / "saved")
    assert json.loads((tmp_path / "saved" / "summary.json").read_text())["seeds"] == [3, 5]


def test_seeds_and_names() -> None:
    twice = compare(BASE, BASE, BASE, seeds=[0, 5], processes=1, run=made_run)
    assert twice.seeds == (0, 5)
    assert twice.labels == ("no-policy", "no-policy (2)", "no-policy (3)")
    assert twice.table().loc[("no-policy (3)", "arrivals"), "difference"] == 0


@pytest.mark.parametrize(
    ("others", "options", "said"),
    [
        ((), {}, "at least one other scenario"),
        ((PILOT,), {"seeds": 0}, "seeds 0: expected at least one"),
        ((PILOT,), {"seeds": [1, 1]}, "expected each once"),
        ((PILOT,), {"seeds": 2.5}, "seeds 2.5: expected a number of seeds, or"),
        ((PILOT,), {"seeds": "12"}, "seeds '12': expected a number of seeds, or"),
        ((PILOT,), {"processes": 1.5}, "processes 1.5: expected a whole number"),
        ((PILOT,), {"processes": 0}, "processes 0: expected a whole number of at least 1"),
        ((Setting("later", start=dated(1)),), {}, "expected those of the base"),
    ],
)
def test_what_cannot_be_compared_is_refused(others: tuple[Setting, ...], options: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        compare(BASE, *others, run=made_run, **options)


def test_a_saved_comparison_is_whole(comparison: Comparison, tmp_path: Path) -> None:
    comparison.save(tmp_path / "pilot")
    names = {path.name for path in (tmp_path / "pilot").iterdir()}
    assert names == {
        "daily.parquet", "daily.csv", "table.csv", "by_country.csv", "by_account.csv", "unit_costs.csv",
        "effects.csv", "effects.png", "runs.csv", "weekly.png", "summary.json", "provenance.json",
    }  # fmt: skip
    daily = pd.read_parquet(tmp_path / "pilot" / "daily.parquet")
    assert len(daily) == 2 * 8 * 64
    sums = daily.groupby(["scenario", "seed"], observed=True)["arrivals"].sum()
    assert sums[("pilot", 8)] == comparison.totals().loc[("pilot", 8), "arrivals"]
    runs = pd.read_csv(tmp_path / "pilot" / "runs.csv", index_col=["scenario", "seed"])
    assert runs.loc[("pilot", 1), "digest"] == comparison.digests["pilot"][0]
    summary = json.loads((tmp_path / "pilot" / "summary.json").read_text())
    assert {row["outcome"] for row in summary["table"]} == set(HEADLINES)
    provenance = json.loads((tmp_path / "pilot" / "provenance.json").read_text())
    assert provenance["seeds"] == list(range(1, 9))
    assert set(provenance["scenarios"]) == {"no-policy", "pilot"}
    with pytest.raises(InputError, match="exists"):
        comparison.save(tmp_path / "pilot")


def test_a_ratio_of_differences_against_a_worked_example() -> None:
    above, below = np.array([10.0, 22.0, 28.0, 40.0]), np.array([1.0, 2.0, 3.0, 4.0])
    found = ratio(above, below)
    assert found["value"] == 10.0
    # residuals 0, 2, -2, 0: sd 1.63299; over 2.5 * sqrt(4)
    assert found["standard_error"] == pytest.approx(1.632993 / 5.0, rel=1e-6)
    assert found["low"] == pytest.approx(10.0 - 3.182446 * found["standard_error"], rel=1e-6)
    assert np.isnan(ratio(above, np.array([-1.0, 2.0, -2.0, 1.5]))["value"])  # perhaps nobody
    assert np.isnan(ratio(above, np.zeros(4))["value"])
    assert ratio(np.array([6.0]), np.array([2.0]))["value"] == 3.0


def test_differences_by_country_and_by_account(comparison: Comparison) -> None:
    days = np.flatnonzero(
        (comparison.daily["no-policy"]["arrivals"] > comparison.daily["pilot"]["arrivals"]).any(axis=0)
    )
    assert days.size > 0
    countries = comparison.by_country()
    italy = countries.loc[("pilot", "moved_on", "Italy")]
    more = comparison.daily["pilot"]["moved_on"] - comparison.daily["no-policy"]["moved_on"]
    assert italy["difference"] == pytest.approx(more.sum(axis=1).mean())
    assert italy["base"] == 3 * 64
    assert italy["difference"] > 0
    accounts = comparison.by_account().loc["pilot"].droplevel("outcome")
    total = comparison.table().loc[("pilot", "cost_gbp")]
    assert accounts["difference"].sum() == pytest.approx(total["difference"])
    assert accounts.loc["accommodation", "difference"] < 0 < accounts.loc["flights", "difference"]


def test_what_a_policy_costs_per_person(comparison: Comparison) -> None:
    costs = comparison.unit_costs().loc["pilot"]["value"]
    fewer = -comparison.table().loc[("pilot", "arrivals"), "difference"]
    flights = comparison.by_account().loc[("pilot", "cost_gbp", "flights"), "difference"]
    assert costs["spent_per_arrival_prevented"] == pytest.approx(flights / fewer)
    assert costs["net_per_arrival_prevented"] == pytest.approx(flights / fewer - 50.0)
    assert costs["returns_per_person_returned"] == pytest.approx(100.0)  # 700 for 7 people
    same = compare(BASE, BASE, seeds=3, processes=1, run=made_run).unit_costs()
    assert same["value"].isna().all()


def test_the_figure_of_differences_says_what_the_table_says(comparison: Comparison) -> None:
    figure = comparison.plot_effects()
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert titles[:2] == ["arrivals by boat", "deaths in the Channel"]
    assert titles[-1] == "moved on to Italy"
    interval, dot = figure.axes[0].lines[:2]
    row = comparison.table().loc[("pilot", "arrivals")]
    assert list(interval.get_xdata()) == [row["low"], row["high"]]
    assert list(dot.get_xdata()) == [row["difference"]]
    assert figure.axes[0].get_yticklabels()[0].get_text() == "pilot"
    assert figure.about["Scenarios"] == ", ".join(comparison.labels)
    assert outside(figure) == []
    assert colliding(figure) == []
