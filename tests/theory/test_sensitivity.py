"""Indices and boxes of functions whose answers are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests import sweep_runs

from crossings.errors import InputError
from crossings.study.discovery import discover
from crossings.study.sweeps import Sweep

AXES = {"inflow.scale": (0.5, 1.5), "weather.wave_sd": (0.5, 1.5), "beliefs.homophily": (0.0, 1.0)}


def swept(out: Path, design: str, samples: int) -> Sweep:
    sweep = Sweep("no-policy", AXES, design=design, samples=samples, out=out, run=sweep_runs.ishigami)
    assert sweep.run(processes=1).failed == 0
    return sweep


def test_sobol_indices_of_the_ishigami_function(tmp_path: Path) -> None:
    sweep = swept(tmp_path / "out", "sobol", 512)
    found = sweep.sensitivity()
    # T. Homma, A. Saltelli, Reliability Engineering & System Safety 52 (1996) 1-17: a = 7, b = 0.1
    variance = 7**2 / 8 + 0.1 * np.pi**4 / 5 + 0.1**2 * np.pi**8 / 18 + 1 / 2
    first = {"inflow.scale": 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, "weather.wave_sd": 7**2 / 8}
    together = 8 * 0.1**2 * np.pi**8 / 225
    table = found.table
    assert table.index[0] == "inflow.scale"
    for name, part in first.items():
        assert table.loc[name, "S1"] == pytest.approx(part / variance, abs=0.04)
    assert table.loc["beliefs.homophily", "S1"] == pytest.approx(0.0, abs=0.04)
    assert table.loc["beliefs.homophily", "ST"] == pytest.approx(together / variance, abs=0.04)
    assert table.loc["weather.wave_sd", "ST"] == pytest.approx(first["weather.wave_sd"] / variance, abs=0.04)
    total = (first["inflow.scale"] + together) / variance
    assert table.loc["inflow.scale", "ST_low"] < total < table.loc["inflow.scale", "ST_high"]
    pd.testing.assert_frame_equal(sweep.sensitivity().table, table)  # the bootstrap too
    path = tmp_path / "indices.png"
    found.plot().savefig(path)
    assert path.stat().st_size > 10_000


def test_morris_ranks_the_ishigami_function(tmp_path: Path) -> None:
    found = swept(tmp_path / "out", "morris", 100).sensitivity()
    table = found.table
    # known from M. B. Campolongo et al. (2007): x1 and x2 strong, x3 through its interaction only
    assert set(table.index[:2]) == {"inflow.scale", "weather.wave_sd"}
    assert abs(table.loc["beliefs.homophily", "mu"]) < table.loc["beliefs.homophily", "mu_star"]
    assert table.loc["beliefs.homophily", "sigma"] > 0
    assert (table["low"] < table["mu_star"]).all()
    # steps of 2/3 of the range leave sin(x2)^2 at 0, .75, .75, 0: 7 * .75 / (2/3) each time it moves
    assert table.loc["weather.wave_sd", "mu_star"] == pytest.approx(7 * 0.75 / (2 / 3), rel=1e-6)
    found.plot()


def test_only_designs_made_for_it_are_analysed(tmp_path: Path) -> None:
    sweep = swept(tmp_path / "out", "latin-hypercube", 20)
    with pytest.raises(InputError, match='design = "latin-hypercube": expected morris or sobol'):
        sweep.sensitivity()
    morris = Sweep("no-policy", AXES, design="morris", samples=4, out=tmp_path / "m", run=sweep_runs.ishigami)
    morris.run(processes=1)
    with pytest.raises(InputError, match="unknown outcome 'boats': expected one of arrivals"):
        morris.sensitivity("boats")
    morris.seeds = (1, 2)
    with pytest.raises(InputError, match="16 of the sweep's runs have no arrivals: expected all"):
        morris.sensitivity()


def test_discovery_finds_a_box_that_is_there() -> None:
    draws = np.random.default_rng(3)
    rows = pd.DataFrame({"a": draws.random(2000), "b": draws.random(2000), "c": draws.random(2000)})
    rows["kind"] = np.where(draws.random(2000) < 0.5, "fixed", "scaled")
    inside = (rows["a"] > 0.6) & (rows["b"] <= 0.5) & (rows["kind"] == "scaled")
    rows = rows.assign(arrivals=np.where(inside, 10.0, 100.0), status="done", run_id="x", seed=1, point=0)
    found = discover(rows, ["a", "b", "c", "kind"], "arrivals", below=50)
    (box,) = found.boxes
    assert set(box.limits) == {"a", "b", "kind"}
    assert box.limits["a"][0] == pytest.approx(0.6, abs=0.01)
    assert box.limits["a"][1] is None
    assert box.limits["b"][1] == pytest.approx(0.5, abs=0.01)
    assert box.limits["kind"] == ["scaled"]
    assert (box.coverage, box.density) == (1.0, 1.0)
    assert box.mass == pytest.approx(inside.mean())
    assert "kind is scaled: 100% of" in str(box)
    assert found.table()["coverage"].tolist() == [1.0]


def test_discovery_finds_nothing_where_there_is_nothing() -> None:
    draws = np.random.default_rng(3)
    rows = pd.DataFrame({"a": draws.random(2000), "arrivals": draws.random(2000)})
    rows = rows.assign(status="done", run_id="x", seed=1, point=0)
    assert discover(rows, ["a"], "arrivals", above=0.9).boxes == ()
    for limits, said in (
        ({}, "expected one of them"),
        ({"above": 2}, "true of no runs"),
        ({"below": 2}, "true of all runs"),
    ):
        with pytest.raises(InputError, match=said):
            discover(rows, ["a"], "arrivals", **limits)
