"""The same seed gives the same world, across processes, hash seeds and earlier runs; another does not."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from importlib import import_module

import numpy as np
import pytest

import crossings as cx
import crossings.model
from crossings.people import lay_down
from crossings.population import Population
from crossings.streams import Streams

PROGRAM = """
import crossings as cx
scenario = cx.Scenario.load("one-in-one-out")
result = cx.run(scenario.with_(start="2025-09-01", end="2025-10-15", warmup_days=60), seed=5)
print(result.digest, result.digest_exact)
"""


@cache
def in_another_process(hash_seed: int, **environment: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_two_processes_with_different_hash_seeds_agree():
    first, second = in_another_process(1), in_another_process(2)
    assert first == second
    assert len(first[0]) == 64


def wide_instructions() -> list[str]:
    """Return the vector instructions that NumPy can use here, beyond those of every processor."""
    umath = import_module("numpy._core._multiarray_umath")
    return [name for name in umath.__cpu_dispatch__ if umath.__cpu_features__.get(name)]


@pytest.mark.skipif(not wide_instructions(), reason="this processor has no wide vector instructions")
def test_without_wide_vector_instructions_it_is_the_same_world():
    """An older processor sums in another order; ``digest`` rounds what that may change."""
    narrow = in_another_process(1, NPY_DISABLE_CPU_FEATURES=" ".join(wide_instructions()))
    assert narrow[0] == in_another_process(1)[0]


def test_an_earlier_run_leaves_no_trace(short):
    alone = cx.run(short, seed=3).digest_exact
    cx.run(short, seed=4)
    assert cx.run(short, seed=3).digest_exact == alone


def test_another_seed_is_another_world(short):
    assert cx.run(short, seed=3).digest != cx.run(short, seed=4).digest


def test_seed_zero_runs_and_is_not_no_seed(short):
    assert cx.run(short, seed=0).digest == cx.run(short, seed=0).digest != cx.run(short, seed=1).digest


def test_asking_for_agents_changes_nothing(short):
    plain, watched = cx.CrossingsModel(setting=short, seed=3), cx.CrossingsModel(setting=short, seed=3)
    while plain.running:
        plain.step()
        watched.step()
        watched.agents.shuffle_do("step")
    assert plain.result().digest_exact == watched.result().digest_exact


@pytest.mark.parametrize("row", [100, 2500])
def test_without_one_person_everyone_else_draws_the_same(short, row, monkeypatch):
    """Every draw that is made in both worlds has the same value, whoever else is there."""

    def draws(missing: int | None) -> dict[tuple[str, int, int], tuple[float, ...]]:
        seen: dict[tuple[str, int, int], tuple[float, ...]] = {}
        original = Streams.uniforms

        def noted(self, stream, keys, occasion, count):
            drawn = original(self, stream, keys, occasion, count)
            occasions = np.broadcast_to(np.asarray(occasion), len(keys))
            for k, o, u in zip(keys.tolist(), occasions.tolist(), drawn.T.tolist(), strict=True):
                assert seen.setdefault((stream, k, o), tuple(u)) == tuple(u)
            return drawn

        def laid_down(*arguments):
            people = lay_down(*arguments)
            return people if missing is None else without(people, missing)

        with monkeypatch.context() as patch:
            patch.setattr(Streams, "uniforms", noted)
            patch.setattr(crossings.model, "lay_down", laid_down)
            model = cx.CrossingsModel(setting=short.with_(end="2025-06-05"), seed=3)
            while model.running:
                model.step()
        return seen

    everyone, others = draws(None), draws(row)
    shared = everyone.keys() & others.keys()
    assert len(shared) > 0.9 * len(everyone)
    assert all(everyone[what] == others[what] for what in shared)


def without(people: Population, row: int) -> Population:
    """Return the same people as they were laid down, but for one."""
    rest = np.delete(np.arange(len(people)), row)
    fewer = Population(people.key[rest], people.group[rest], people.entry_day[rest])
    for column in ("adult", "female", "ties", "wealth", "value_spread"):
        getattr(fewer, column)[:] = getattr(people, column)[rest]
    return fewer
