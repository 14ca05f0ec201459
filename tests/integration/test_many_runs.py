"""Fifty runs in one process do not grow, and no model outlives its last reference."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import crossings as cx

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
