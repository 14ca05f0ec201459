"""Measuring runs here and in worker processes: the same numbers, in the order of seeds and worlds."""

from __future__ import annotations

from tests.conftest import SHORT

import crossings as cx
from crossings.study.measured import by_world, measure_all


def arrivals(scenario, seed):
    return {"arrivals": float(cx.run(scenario, seed=seed).daily["arrivals"].sum()), "seed": float(seed)}


def worlds():
    base = cx.Scenario.load("no-policy").with_(corridor="signs-crossings", **SHORT)
    return {"usual": base, "half": base.with_(**{"inflow.scale": 0.5})}


def test_numbers_are_by_world_and_seed_and_progress_is_told():
    told = []
    found = by_world(arrivals, worlds(), [3, 5], 1, lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert found["half"]["seed"].tolist() == found["usual"]["seed"].tolist() == [3.0, 5.0]
    direct = cx.run(worlds()["half"], seed=5).daily["arrivals"].sum()
    assert found["half"]["arrivals"][1] == direct


def test_workers_measure_the_same():
    jobs = [(scenario, seed) for seed in (1, 2) for scenario in worlds().values()]
    assert measure_all(arrivals, jobs, 2) == measure_all(arrivals, jobs, 1)


def test_nothing_to_measure_is_nothing_measured():
    assert measure_all(arrivals, []) == []
