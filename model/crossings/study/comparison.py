"""Scenarios run under the same seeds, for paired differences.

Because a draw belongs to a person and an occasion (`crossings.streams`), a pair of runs differs only
by what the policy changes, so the difference within a pair varies far less than between runs of
different seeds.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from crossings import model
from crossings.errors import InputError
from crossings.scenario import Scenario
from crossings.study import trunks
from crossings.study.branching import Tree, plan
from crossings.study.compared import Comparison
from crossings.study.runs import KEPT, Job, Progress, Run, RunFailure, RunRecord, run_all
from crossings.study.workers import number_of_workers

__all__ = ["Comparison", "compare"]


def compare(
    base: Any,
    *others: Any,
    seeds: int | Iterable[int] = 20,
    processes: int | None = None,
    run: Run | None = None,
    progress: Progress | None = None,
    branches: bool = True,
) -> Comparison:
    """Run scenarios under the same seeds and compare each with the first.

    Parameters
    ----------
    base, *others
        Scenarios, or names or paths of scenarios.
    seeds
        A number of seeds (1, 2, ...) or the seeds themselves.
    processes
        Worker processes; default one per core. 1 runs in this process.
    run
        Called as ``run(scenario, seed=seed)`` in place of `crossings.run`; a function of a module,
        so that workers can find it.
    progress
        Called with the number of runs done and of all.
    branches
        Whether scenarios under one seed that are alike until some date run that part once, where the
        system has fork and there are workers: the same numbers, sooner (`crossings.study.branching`).

    Returns
    -------
    Comparison
        Over the seeds under which every scenario ran to its end. Failed runs are in `failures`, and
        warned about with the first one's traceback.

    Raises
    ------
    InputError
        If a scenario or a seed cannot be used, or the scenarios cover different dates.
    RuntimeError
        If no seed is left.
    """
    chosen = _seeds(seeds)
    scenarios = [Scenario.of(given) if run is None else given for given in (base, *others)]
    if not others:
        raise InputError("compare: expected a base and at least one other scenario")
    _same_dates([(given.start, given.end) for given in scenarios if hasattr(given, "start")])
    labels = _labels(scenarios)
    chosen_run = partial(model.run, events=False) if run is None else run
    pairs = list(zip(labels, scenarios, strict=True))
    jobs = [Job(label, scenario, seed, chosen_run) for seed in chosen for label, scenario in pairs]
    begun = time.perf_counter()
    trees: tuple[Tree, ...] = ()
    if branches and run is None and processes != 1 and trunks.available():
        numbered = [(number, job.scenario, job.seed) for number, job in enumerate(jobs)]
        trees = plan(numbered, number_of_workers(processes)).trees
    records = run_all(jobs, processes, progress, trees)
    return _gathered(labels, chosen, records, time.perf_counter() - begun)


def _seeds(seeds: object) -> tuple[int, ...]:
    if isinstance(seeds, (int, np.integer)):
        chosen = tuple(range(1, int(seeds) + 1))
    elif isinstance(seeds, Iterable) and not isinstance(seeds, str):
        chosen = tuple(int(seed) if isinstance(seed, np.integer) else seed for seed in seeds)
    else:
        raise InputError(f"seeds {seeds!r}: expected a number of seeds, or the seeds themselves")
    if not chosen:
        raise InputError(f"seeds {seeds!r}: expected at least one")
    if len(set(chosen)) < len(chosen):
        raise InputError(f"seeds {list(chosen)}: expected each once")
    return chosen


def _labels(scenarios: Sequence[Any]) -> tuple[str, ...]:
    """Return a name for each; the second of one name is called "name (2)"."""
    labels: list[str] = []
    for scenario in scenarios:
        name = str(getattr(scenario, "name", scenario))
        again = sum(label == name or label.startswith(f"{name} (") for label in labels)
        labels.append(f"{name} ({again + 1})" if again else name)
    return tuple(labels)


def _same_dates(found: Sequence[tuple[date, date]]) -> None:
    for start, end in found[1:]:
        if (start, end) != found[0]:
            first = " to ".join(map(str, found[0]))
            raise InputError(
                f"dates {start} to {end}: expected those of the base, {first}; the same start and end may "
                "be given to all"
            )


def _gathered(
    labels: tuple[str, ...],
    seeds: tuple[int, ...],
    records: Sequence[RunRecord | RunFailure],
    wall_seconds: float,
) -> Comparison:
    failures = tuple(record for record in records if isinstance(record, RunFailure))
    made = {(record.label, record.seed): record for record in records if isinstance(record, RunRecord)}
    kept = tuple(seed for seed in seeds if all((label, seed) in made for label in labels))
    if not kept:
        raise RuntimeError(f"no seed ran to its end under every scenario; the first failure: {failures[0]}")
    if failures:
        left_out = ", ".join(str(seed) for seed in seeds if seed not in kept)
        warnings.warn(f"seeds left out: {left_out}; {failures[0]}", RuntimeWarning, stacklevel=3)
    runs = {label: [made[label, seed] for seed in kept] for label in labels}
    _same_dates([(record.start, record.end) for found in runs.values() for record in found])
    first = runs[labels[0]][0]
    split = sorted({k for found in runs.values() for r in found for k in r.daily if k not in KEPT})
    nothing = np.zeros(
        len(first.daily["arrivals"])
    )  # where no run of a scenario knows a country or an account
    return Comparison(
        labels=labels,
        seeds=kept,
        start=first.start,
        end=first.end,
        daily={
            label: {k: np.stack([r.daily.get(k, nothing) for r in found]) for k in (*KEPT, *split)}
            for label, found in runs.items()
        },
        digests={label: tuple(record.digest for record in found) for label, found in runs.items()},
        provenance={label: found[0].provenance for label, found in runs.items()},
        failures=failures,
        wall_seconds=wall_seconds,
        spared=_spared([record for found in runs.values() for record in found]),
    )


def _spared(records: Sequence[RunRecord]) -> float:
    """Return the share of model days that did not have to be run."""
    spared = sum(record.spared_days for record in records)
    if not spared:
        return 0.0
    warm_up = sum(int(record.provenance["scenario"]["warmup_days"]) for record in records)
    return spared / (warm_up + sum((record.end - record.start).days + 1 for record in records))
