"""What a conclusion hangs on travels with it: draws beside seeds, indices, single moves."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests import sweep_runs
from tests.pages import said

import crossings as cx
from crossings.study.compared import Comparison
from crossings.study.over_posterior import OverPosterior, over_posterior
from crossings.study.sweeps import Sweep
from crossings.views.opened import opened
from crossings.views.report import TITLES, report
from crossings.views.within_study import told_by

SHORT = {"start": "2025-08-01", "end": "2025-08-24", "warmup_days": 40, "people_per_agent": 5}
RANGES = {"inflow.scale": (0.5, 1.5), "weather.wave_sd": (0.5, 1.5), "beliefs.homophily": (0.0, 1.0)}


@pytest.fixture(scope="module")
def drawn() -> tuple[Comparison, OverPosterior]:
    """A comparison, as the command puts it together where draws are asked for."""
    scenarios = [cx.Scenario.load(name).with_(**SHORT) for name in ("no-policy", "one-in-one-out")]
    found = cx.compare(*scenarios, seeds=2, processes=1)
    over = over_posterior(scenarios, found, draws=3, processes=1)
    return replace(found, posterior=over.as_dict(), wider=over.weekly), over


def swept(out: Path, design: str) -> Sweep:
    sweep = Sweep(
        "no-policy", RANGES, design=design, samples=8, seeds=[1, 2], run=sweep_runs.few_die, out=out,
        figure={"y": ["arrivals", "deaths"]},
    )  # fmt: skip
    sweep.run(processes=1)
    return sweep


def words(page: str) -> str:
    return " ".join(re.sub("<[^>]+>", " ", page).split())


def test_draws_are_kept_with_the_comparison_and_drawn_as_its_second_band(drawn, tmp_path):
    found, over = drawn
    assert [len(series["arrivals"]) for series in over.weekly.series.values()] == [3, 3]
    found.save(tmp_path / "both")
    again = opened(tmp_path / "both")
    assert isinstance(again, Comparison)
    assert again.posterior == found.posterior
    assert again.wider is not None
    for label in found.labels:
        np.testing.assert_array_equal(
            again.wider.series[label]["arrivals"], over.weekly.series[label]["arrivals"]
        )
    assert "of 3 runs that differ in parameters too" in said(again.plot())
    with Image.open(tmp_path / "both" / "weekly.png") as picture:
        assert "3 runs that differ in parameters too" in picture.text["Description"]


def test_a_comparison_without_draws_has_neither(drawn, tmp_path):
    plain = replace(drawn[0], posterior=None, wider=None)
    plain.save(tmp_path / "plain")
    assert not (tmp_path / "plain" / "posterior_weekly.csv").exists()
    again = opened(tmp_path / "plain")
    assert again.posterior is None
    assert again.wider is None
    assert "cannot be told from a comparison with one set of parameters" in words(report(again))


def test_a_report_sets_draws_beside_chance_alone(drawn):
    found, over = drawn
    text = words(report(found))
    effects = over.as_dict()["effects"]["one-in-one-out"]
    assert f"{effects['median']:+.1%}".replace("-", "\u2212") in text
    wide, alone = effects["chance_and_parameters"], effects["chance"]
    ((label, _, _, _, times),) = told_by(found).rows
    assert label == "one-in-one-out"
    assert times == f"{(wide[1] - wide[0]) / (alone[1] - alone[0]):,.1f}"
    assert "The uncertainty of calibrated parameters stands apart" in text
    assert "is not in these numbers" not in text


def test_displacement_stands_beside_arrivals_in_the_key_table(drawn):
    text = words(report(drawn[0]))
    for told in ("people who arrived by lorry", "people who moved on to another country", "people removed"):
        assert told in TITLES.values()
        assert told in text


@pytest.mark.parametrize("design", ["morris", "sobol"])
def test_a_sweep_made_for_it_names_what_matters_most(tmp_path, design):
    sweep = swept(tmp_path / design, design)
    rows = told_by(sweep).rows
    table = sweep.sensitivity("arrivals").table
    named = [row[1].split(" ")[0] for row in rows if row[0] == "arrivals"]
    assert named == list(table.index)
    assert "beliefs.homophily (assumed)" in {row[1] for row in rows}
    first = table.iloc[0]
    shown = f"{first['mu_star']:,.0f} (" if design == "morris" else f"{first['S1']:.2f} ("
    assert rows[0][2].startswith(shown)
    assert "cannot be told" not in words(report(sweep))


def test_single_moves_are_told_largest_first(tmp_path):
    sweep = swept(tmp_path / "moves", "one-at-a-time")
    results: Any = sweep.results()
    means = results.groupby("point")["arrivals"].mean()
    rows = [row for row in told_by(sweep).rows if row[0] == "arrivals"]
    sizes = [abs(float(row[2].split(" ")[0].replace("\u2212", "-").replace(",", ""))) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] == pytest.approx((means - means[0]).abs().max(), abs=0.5)
    page = words(report(sweep))  # in which points leave most axes as they are
    assert f"{means[0]:,.0f} \u00b1" in page
    assert "What it hangs on" in page


def test_any_other_study_says_that_it_cannot_tell(tmp_path):
    run = cx.run(cx.Scenario.load("no-policy").with_(**SHORT), seed=1)
    assert "cannot be told from one run" in words(report(run))
    axes = {"beliefs.homophily": [0.2, 0.8]}
    sweep = Sweep("no-policy", axes, seeds=[1], run=sweep_runs.few_die, out=tmp_path / "dose")
    sweep.run(processes=1)
    (told,) = told_by(sweep).said
    assert told.startswith("The sweep varied beliefs.homophily (assumed)")
    assert "cannot be told from a sweep" in told
