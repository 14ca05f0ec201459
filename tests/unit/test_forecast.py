"""The forecast: what it may know, what both arms share, and the tables it leaves."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from tests.pages import colliding, outside, said
from tests.unit.test_validation import posterior

from crossings.corridors.observed import observed
from crossings.study import forecasting
from crossings.study.forecasting import AS_IMPLEMENTED, DRAW, NO_POLICY, Forecast
from crossings.study.recorded import Scored, load_forecast, save_forecast
from crossings.study.scores import Score
from crossings.views.forecast import draw
from crossings.views.validation_page import won

MONTHS = [str(month) for month in pd.period_range("2025-08", "2026-09", freq="M")]
WEEKS = [f"w{sunday.date()}" for sunday in pd.date_range("2025-08-10", "2026-09-27", freq="W-SUN")]


def made(count=30):
    """Return a forecast of known numbers: 100 to 129 people a month, and half as many under the policy."""
    runs = {}
    for arm, factor in ((NO_POLICY, 1.0), (AS_IMPLEMENTED, 0.5)):
        people = factor * (100.0 + np.arange(count))
        columns = dict.fromkeys(MONTHS, people) | dict.fromkeys(WEEKS, people / 4)
        runs[arm] = pd.DataFrame({DRAW: [f"r{k:04d}" for k in range(count)], "worker": "w", **columns})
    about = {
        "runs": dict.fromkeys(runs, count),
        "anchors": 3,
        "step": 0.45,
        "people_per_agent": 1,
        "identity": "0",
    }
    return Forecast(runs, {arm: table.head(5) for arm, table in runs.items()}, about)


def test_both_arms_share_dates_doctrine_and_officers():
    arms = forecasting.arms()
    assert list(arms) == [NO_POLICY, AS_IMPLEMENTED]
    one, other = arms.values()
    assert (one.start, one.end) == (other.start, other.end) == (date(2025, 8, 1), date(2026, 9, 30))
    assert one.policies["at_sea"] == other.policies["at_sea"]
    assert one.enforcement == other.enforcement
    assert one.inflow == other.inflow


def test_the_dose_of_june_is_held():
    policies = forecasting.arms()[AS_IMPLEMENTED].policies
    returned = policies["returns"].quota_by_month
    assert returned[:11] == (0, 17, 58, 78, 64, 88, 49, 109, 142, 218, 264)
    assert returned[11:] == (264,) * 3
    assert policies["legal_route"].admissions_by_month[-4:] == (314,) * 4


def test_demand_walks_half_a_step_in_2025_and_a_whole_one_in_2026():
    """Of 4,096 draws: standard errors of both standard deviations are near .005."""
    found = forecasting.steps(4096, 1)
    assert found[:, 0].std() == pytest.approx(0.45 * np.sqrt(0.5), abs=0.01)
    assert found[:, 1].std() == pytest.approx(0.45, abs=0.015)
    assert abs(np.corrcoef(found.T)[0, 1]) < 0.05


def test_runs_take_draws_in_turn_and_demand_from_the_anchors():
    plan = forecasting.planned(posterior(6), 12, np.array([0.1, 0.2]), step=0.0)
    assert len(plan) == 12
    assert (
        list(forecasting.planned(posterior(6), 5, np.array([0.1, 0.2]), step=0.0).items())
        == list(plan.items())[:5]
    )
    first, second = (plan[name]["inflow.yearly_scale"] for name in ("r0000", "r0001"))
    assert first == pytest.approx([np.exp(0.1)] * 2, rel=1e-5)
    assert second == pytest.approx([np.exp(0.2)] * 2, rel=1e-5)
    assert all(settings["inflow.yearly_from"] == 2025 for settings in plan.values())
    assert not any("starting_taxi_share" in key for key in plan["r0000"])


def test_arms_have_the_same_runs_under_the_same_seeds(tmp_path):
    plan = forecasting.planned(posterior(6), 4, np.array([0.0]))
    central = forecasting.centre(posterior(6), np.array([0.0, 0.2]))
    assert central["inflow.yearly_scale"] == pytest.approx([np.exp(0.1)] * 2, rel=1e-5)
    arms = forecasting.arms().items()
    sweeps = [forecasting.arm_sweep(arm, s, plan, central, 3, tmp_path) for arm, s in arms]
    assert sweeps[0].points == sweeps[1].points
    seeds = [point["weather.seed"] for point in sweeps[0].points]
    assert len(set(seeds)) == len(seeds) == 7


def test_a_year_forecast_from_its_first_day_knows_nothing_of_it(tmp_path):
    sweep = forecasting.origin_sweep(posterior(6), 3, tmp_path)
    for name, settings in sweep.axes[0].variants.items():
        origin = int(name[:4])
        assert settings["inflow.known_until"] == origin - 1
        assert len(settings["inflow.yearly_scale"]) == origin - 2021 + 1
        assert settings["end"] == date(origin, 12, 31)


def test_samples_of_an_origin_are_its_own_months():
    rows = pd.DataFrame(
        {DRAW: ["2022-0000", "2023-0000"]}
        | {f"people@{y}-{m:02d}": [float(y), float(y) + 1] for y in (2022, 2023, 2024) for m in range(1, 13)}
    )
    pairs = forecasting.origin_samples(rows, observed().people)
    assert len(pairs) == 24
    assert pairs[0][0].tolist() == [2022.0]
    assert pairs[0][1] == 1339
    assert pairs[12][0].tolist() == [2024.0]


def test_tables_have_the_columns_that_were_asked_for():
    found = made()
    monthly, weekly = found.monthly(), found.weekly()
    quantiles = [f"q{p:02d}" for p in range(101)]
    assert list(monthly.columns) == ["scenario", "month", "mean", *quantiles]
    assert list(weekly.columns) == ["scenario", "week_ending", "mean", *quantiles]
    assert quantiles[-1] == "q100"
    assert list(monthly["month"][:14]) == MONTHS
    assert all(date.fromisoformat(day).weekday() == 6 for day in weekly["week_ending"])
    row = monthly.iloc[0]
    assert (row["q00"], row["q50"], row["q100"], row["mean"]) == (100.0, 114.5, 129.0, 114.5)
    assert found.effect() == pytest.approx(np.full(30, -0.5))


def test_a_forecast_is_kept_and_drawn(tmp_path):
    scores = [Scored("month", Score("the model", 10.0, 1.0, 0.5, 0.9, 36, True))]
    save_forecast(made(), scores, tmp_path, "crossings forecast")
    kept = load_forecast(tmp_path)
    assert kept.scores[0].score == scores[0].score
    assert kept.about["totals"][NO_POLICY]["median"] == 14 * 114.5
    assert kept.about["effect"]["median"] == -0.5
    panels = draw(kept)
    assert not outside(panels.figure)
    assert not colliding(panels.figure)
    assert f"model {kept.about['identity']}" in said(panels.figure)
    assert kept.about["identity"] in panels.figure.about["Version"]
    assert panels[0].lines[0].get_ydata().tolist() == [114.5] * 14
    panels.savefig(tmp_path / "forecast.png")
    assert (tmp_path / "forecast.png").stat().st_size > 10_000


def test_what_saw_the_future_is_said_to_lose_where_it_does():
    rivals = [Score("naive", 5.0, 2.0, 0.5, 0.9, 36, False), Score("other", 20.0, 3.0, 0.5, 0.9, 36, False)]
    said = won([*rivals, Score("the model", 10.0, 1.0, 0.5, 0.9, 36, True)])
    assert "By CRPS the model **loses** to the naive." in said
    assert "By log score it is ahead of both." in said


def test_arrivals_by_month_and_week_are_those_of_the_days():
    base = forecasting.arms()[NO_POLICY].with_(start="2025-08-01", end="2025-08-20", warmup_days=40)
    found = forecasting.arrivals(base, seed=4)
    assert set(found) == {"2025-08", "w2025-08-10", "w2025-08-17"}
    assert found["2025-08"] >= found["w2025-08-10"] + found["w2025-08-17"] > 0
