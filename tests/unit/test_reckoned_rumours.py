"""What is reckoned from runs of rumours: known runs go in, known estimates must come out.

Runs are stood in for where they take long: what is tested is which worlds are asked for, and the arithmetic
from what was counted in them to estimates and tables. Runs themselves are those of `tests/patterns`.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from tests.reckoned import values

from crossings.replicas.rumours.generic import HIGH, LOW
from crossings.study.reproductions import (
    Work,
    risk_and_rumours,
    routes_and_rumours,
)


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
