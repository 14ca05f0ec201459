"""Many runs in one process or one sweep do not grow, and no model outlives its last reference."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import pytest
from tests import sweep_runs

import crossings as cx
from crossings.study.sweeps import Sweep

TINY = {"start": "2025-06-01", "end": "2025-06-10", "warmup_days": 30}


def test_a_model_is_gone_when_nobody_holds_it():
    model = cx.CrossingsModel(setting=cx.Scenario.load("no-policy").with_(**TINY), seed=1)
    model.step()
    assert len(model.agents) > 0
    ghost = weakref.ref(model)
    del model
    gc.collect()
    assert ghost() is None


def test_fifty_runs_do_not_grow():
    scenario = cx.Scenario.load("no-policy").with_(**TINY)

    def memory_after(runs: int) -> int:
        for seed in range(runs):
            cx.run(scenario, seed=seed)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        settled = memory_after(10)
        # a model that was kept would add some 10 MB; a table of all models' agents a few
        assert memory_after(40) - settled < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.slow
def test_outcomes_of_a_sweep_stream_to_the_disk(tmp_path, monkeypatch):
    """Only the plan grows with the rows: of each, with a hundred outcomes, less than 2 kB stay."""

    # the scenario of every point is not what is measured, and takes long under the eyes of tracemalloc
    monkeypatch.setattr(cx.Scenario, "with_", lambda scenario, **_: scenario)

    def peak_of(rows: int) -> int:
        sweep = Sweep("no-policy", {"inflow.scale": (0.5, 1.5)}, design="latin-hypercube", samples=rows,
                      out=tmp_path / str(rows), run=sweep_runs.hundred_outcomes)  # fmt: skip
        gc.collect()
        tracemalloc.start()
        try:
            assert sweep.run(processes=1).made == rows
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak_of(2_000), peak_of(20_000)
    print(f"peak {few / 1e6:.1f} MB with 2,000 rows, {many / 1e6:.1f} MB with 20,000")
    assert many - few < 18_000 * 2_000
    assert len(list((tmp_path / "20000" / "generation-001").iterdir())) == 12
