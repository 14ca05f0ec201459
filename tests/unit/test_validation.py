"""Validation: bands, labels and verdicts; what policies are judged by knows nothing of what came after."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from tests.like_observed import SEEN_COUNTS, like_observed
from tests.pages import colliding, outside

import crossings as cx
from crossings.errors import InputError
from crossings.study import validation
from crossings.study.calibration import FREE
from crossings.study.posteriors import Posterior
from crossings.study.recorded import load_validation, save_validation
from crossings.study.verdicts import (
    FITTED,
    POLICY,
    SEEN,
    asked,
    coverage,
    coverage_verdict,
    derived,
    judge,
    policy_verdict,
)
from crossings.views.validation import draw

YEARS = [str(year) for year in range(2021, 2026)]


def runs(count=40, off=0.0, spread=0.1):
    """Return rows of runs about what was observed: months log-normal, patterns at their bands' middles."""
    rows = like_observed(np.exp(np.linspace(-2, 2, count) * spread + off))
    return pd.DataFrame(rows)


def posterior(count=6):
    values = pd.DataFrame({free.key: np.full(count, np.nan) for free in FREE})
    base = cx.Scenario.load("history").as_dict()
    for key in values.columns:
        table = base
        for part in key.split("."):
            table = table[part]
        values[key] = float(table)
    demand = pd.DataFrame({year: np.linspace(1.0, 1.5, count) + place for place, year in enumerate(YEARS)})
    return Posterior(values, demand, {})


def test_every_pattern_has_a_band_and_a_label():
    wanted = asked(SEEN_COUNTS)
    assert len({(each.pattern, each.period) for each in wanted}) == len(wanted)
    for each in wanted:
        assert each.least < each.most
        assert each.label in (FITTED, SEEN)
    assert not any("2025" in each.period for each in wanted if each.label == FITTED)


def test_bands_are_those_that_were_set_beforehand():
    bands = {(each.pattern, each.period): each for each in asked(SEEN_COUNTS)}
    people = bands["people", "2022"]
    assert (people.least, people.most) == pytest.approx((45_774 * 0.85, 45_774 * 1.15))
    assert bands["crossing_days", "month-06"].least == pytest.approx(0.55)
    assert bands["people_per_boat", "2024"].most == pytest.approx(58.3)
    assert (bands["prevented_fall", "2021-23 to 2025"].least) == 0.03


def test_a_median_in_the_band_is_met_and_one_outside_says_by_how_much():
    near, far = judge(asked(SEEN_COUNTS), runs()), judge(asked(SEEN_COUNTS), runs(off=1.0))
    assert all(each.met for each in near)
    people = next(each for each in far if (each.pattern, each.period) == ("people", "2021"))
    assert not people.met
    assert people.missed_by == pytest.approx(28_526 * (np.e - 1.15), rel=0.01)


def test_two_uncertainties_are_kept_apart():
    verdict = judge(asked(SEEN_COUNTS), runs(spread=0.3), runs(spread=0.05))[0]
    assert verdict.low < verdict.chance_low < verdict.chance_high < verdict.high
    alone = judge(asked(SEEN_COUNTS), runs())[0]
    assert alone.chance_low is None


def test_coverage_counts_months_inside():
    assert coverage(runs(), SEEN_COUNTS) == 1.0
    assert coverage(runs(off=1.0), SEEN_COUNTS) == 0.0
    assert not coverage_verdict(runs(), None, SEEN_COUNTS).met  # all of 48 months is more than .97


def test_the_fall_of_the_prevented_share_is_from_before_to_2025():
    rows = pd.DataFrame({f"prevented_share@{year}": [0.45] for year in (2021, 2022, 2023)})
    found = derived(rows.assign(**{"prevented_share@2025": 0.39}))
    assert found["prevented_fall@2021-23 to 2025"].iloc[0] == pytest.approx(0.06)


def test_a_policy_is_judged_by_its_paired_effect_not_by_the_raw_change():
    verdict = policy_verdict("p", "2023", pd.Series([-0.2, -0.3, -0.4]), -0.93, (-0.97, -0.60))
    assert verdict.label == POLICY
    assert verdict.observed == -0.93
    assert verdict.median == pytest.approx(-0.3)
    assert not verdict.met


# ------------------------------------------------------------------------------- the runs


def test_draws_bring_their_demand_and_chance_has_one_set_of_parameters(tmp_path):
    sweep = validation.history_runs(posterior(), 3, 4, out=tmp_path)
    draws = [point[validation.DRAW] for point in sweep.points]
    assert len(set(draws[:3])) == 3
    assert len(set(draws[3:])) == 1
    seeds = [point["weather.seed"] for point in sweep.points]
    assert len(set(seeds)) == 7


@pytest.mark.parametrize(("case", "known", "multiples"), [("albania", 2022, 2), ("rwanda", 2021, 1)])
def test_demand_after_a_policy_learns_nothing(tmp_path, case, known, multiples):
    sweep = validation.policy_runs(posterior(), case, 2, out=tmp_path)
    assert sweep.base.inflow.known_until == known
    start = sweep.base.policies[case].start
    assert start.year >= known
    for settings in sweep.axes[0].variants.values():
        assert len(settings["inflow.yearly_scale"]) == multiples


def test_an_unknown_case_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"unknown case 'ruanda'.*did you mean 'rwanda'"):
        validation.policy_runs(posterior(), "ruanda", 2, out=tmp_path)


def test_windows_begin_with_their_policies():
    policies = cx.Scenario.load("history").policies
    for case, what in validation.CASES.items():
        assert policies[case].start <= what.opening < what.closing <= date(2025, 7, 31)


def test_a_pair_differs_by_the_policy_alone(monkeypatch):
    """An agreement that returns nobody and is announced to nobody changes nobody's arrival."""
    case = validation.Case("albania", 2022, date(2022, 12, 14), date(2022, 12, 31), ("Albania",))
    monkeypatch.setitem(validation.CASES, "albania", case)
    short = cx.Scenario.load("history").with_(start="2022-12-10", end="2022-12-31", warmup_days=40)
    idle = {"policies.albania.quota_per_week": 0, "policies.albania.announced_chance": 0.0}
    found = validation.paired(short.with_(**idle), 3, case="albania")
    assert found["others"] == 0.0
    assert found["all"] == 0.0


# ---------------------------------------------------------------------------- kept results


def test_a_validation_is_kept_and_drawn(tmp_path):
    over, alone = runs(spread=0.3), runs(spread=0.05)
    verdicts = judge(asked(SEEN_COUNTS), over, alone)
    verdicts.append(policy_verdict("p", "2023", pd.Series([-0.2, -0.3]), None, (-0.97, -0.60)))
    about = {
        "draws": 40,
        "seeds": 40,
        "pairs": {"albania": 2},
        "failed": 0,
        "people_per_agent": 1,
        "identity": "0",
    }
    save_validation(
        validation.Validation(tuple(verdicts), over, alone, {}, about), tmp_path, "crossings validate"
    )
    kept = load_validation(tmp_path)
    assert len(kept.verdicts) == len(verdicts)
    assert kept.verdicts[-1].observed is None
    assert kept.verdicts[0].median == pytest.approx(verdicts[0].median, rel=1e-5)
    assert [each.met for each in kept.verdicts] == [each.met for each in verdicts]
    assert (kept.months["low"] < kept.months["chance_low"]).all()
    panels = draw(kept)
    assert not outside(panels.figure)
    assert "model 0;" in panels.figure.about["Version"]
    assert not colliding(panels.figure)
    panels.savefig(tmp_path / "validation.png")
    assert (tmp_path / "validation.png").stat().st_size > 10_000
