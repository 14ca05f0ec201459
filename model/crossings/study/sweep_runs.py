"""A sweep under way: what is missing is made, written down and counted.

This process is the coordinator: the only one that writes. It takes the lock of the folder, asks
whether the rows that are there were made by the same code and data, sends out what is missing, and
acknowledges every batch to the disk before it counts it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from crossings.errors import InputError
from crossings.outcomes.folders import MARK, write_json
from crossings.outcomes.provenance import LIMITS
from crossings.study import dispatch, parts, store
from crossings.study.advance import DONE, Estimate, Summary, Tally, Watcher
from crossings.study.identity import Identity
from crossings.study.making import Planned, Work, make
from crossings.study.store import Finished, Store
from crossings.study.workers import number_of_workers

if TYPE_CHECKING:
    from crossings.study.sweeps import Sweep

_TRIED = ("run_id", "status", "attempt")
_BYTES_A_ROW = 500
"""Space of a row of totals in a part, compressed; measured."""


def run(
    sweep: Sweep,
    executor: Executor | None,
    processes: int | None,
    dask: str | None,
    accept_changes: bool,
    progress: Watcher | None,
) -> Summary:
    """Make every run that is missing or has failed; see `Sweep.run`."""
    begun = time.perf_counter()
    workers = number_of_workers(processes)
    identity, runs = sweep.identity(), sweep.runs
    _make_folder(sweep.folder)
    with ExitStack() as stack:
        check_lock = stack.enter_context(store.locked(sweep.folder))
        place = _generation(sweep, identity, accept_changes)
        kept = Store(place)
        stack.callback(kept.abandon)
        attempts, done = _attempts(parts.read_rows(place, _TRIED))
        todo = [planned for planned in runs if planned.run_id not in done]
        workers = min(workers, max(1, len(todo)))
        if dask is not None and todo:
            executor, workers = stack.enter_context(dispatch.dask(dask))
        elif executor is not None:
            workers = dispatch.size_of(executor)
        tally = Tally(len(runs), len(runs) - len(todo), progress)
        tally.tell()
        stamp = _Stamp(identity, todo, attempts)
        spared = 0.0
        with closing(_made(_work(sweep), todo, executor, workers)) as made:
            for finished in made:
                check_lock()
                kept.add([stamp.put(each) for each in finished])
                tally.count([each.row for each in finished])
                spared += sum(each.spared for each in finished)
        check_lock()
        kept.close()
        write_json(sweep.folder / MARK, _provenance(sweep, identity))
    return Summary(
        name=sweep.name, folder=sweep.folder, generation=store.generation_number(place),
        total=len(runs), earlier=len(runs) - len(todo), made=tally.made, failed=tally.failed,
        wall_seconds=time.perf_counter() - begun, run_seconds=tally.run_seconds, workers=workers,
        cut_bytes=kept.cut, damaged=kept.damaged, first_failure=tally.first_failure,
        spared=spared / max(tally.made, 1),
    )  # fmt: skip


def estimate(sweep: Sweep, processes: int | None) -> Estimate:
    """Say what a sweep will take; see `Sweep.estimate`."""
    workers = number_of_workers(processes)
    runs = sweep.runs
    places = store.generations(sweep.folder)
    rows = parts.read_rows(places[-1], (*_TRIED, "wall_seconds")) if places else pd.DataFrame()
    _, done = _attempts(rows)
    if done:
        size = sum(path.stat().st_size for path in places[-1].iterdir()) / len(rows)
        seconds = float(rows["wall_seconds"][rows["status"] == DONE].mean())
    else:
        (tried,) = make(_work(sweep), [runs[len(runs) // 2]])
        size = sum(map(len, tried.tables.values())) + _BYTES_A_ROW
        seconds = tried.row["wall_seconds"]
    there = sum(planned.run_id in done for planned in runs)
    return Estimate(len(sweep.points), len(sweep.seeds), len(runs), there, seconds, size, workers)


class _Stamp:
    """Puts on every row which attempt it was and what it was made by."""

    def __init__(self, identity: Identity, todo: Sequence[Planned], attempts: Mapping[str, int]) -> None:
        self._identity, self._attempts = identity, attempts
        self._planned = {planned.run_id: planned for planned in todo}

    def put(self, finished: Finished) -> Finished:
        planned = self._planned[finished.row["run_id"]]
        stamp = {
            "attempt": self._attempts.get(planned.run_id, 0) + 1,
            "identity": self._identity.of_run(planned.settings, planned.seed),
        }
        return Finished(dict(finished.row) | stamp, finished.tables)


def _work(sweep: Sweep) -> Work:
    return Work.of(sweep.base, sweep.runner, sweep.keep)


def _made(work: Work, todo: list[Planned], executor: Executor | None, workers: int) -> dispatch.Made:
    if executor is not None:
        return dispatch.on_executor(work, todo, executor, workers)
    return dispatch.here(work, todo) if workers == 1 else dispatch.in_branches(work, todo, workers)


def _attempts(rows: pd.DataFrame) -> tuple[dict[str, int], set[str]]:
    """Return how often each run was tried, and which were done."""
    if rows.empty:
        return {}, set()
    tried = rows.groupby("run_id", sort=False)["attempt"].max()
    return dict(zip(tried.index, tried.tolist(), strict=True)), set(rows["run_id"][rows["status"] == DONE])


def _make_folder(folder: Path) -> None:
    try:
        if folder.is_dir() and any(folder.iterdir()) and not store.is_sweep(folder):
            raise InputError(f"folder '{folder}' holds something else: expected a new one or a sweep's")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"folder '{folder}': expected a place to write, got: {error.strerror}") from None


def _generation(sweep: Sweep, identity: Identity, accept_changes: bool) -> Path:
    """Return the folder that new rows belong in: the newest, if they are made as its rows were."""
    places = store.generations(sweep.folder)
    if not places:
        return store.new_generation(sweep.folder, sweep.as_dict(), identity.as_dict())
    older = Identity.from_dict(store.read_table(places[-1] / store.IDENTITY))
    changes = identity.changes(older)
    if not changes:
        store.write_table(places[-1] / store.SWEEP, sweep.as_dict())  # the design may have grown
        return places[-1]
    if not accept_changes:
        raise InputError(
            f"folder '{sweep.folder}': its rows were made by another {'; another '.join(changes)}: expected "
            "the same, or --accept-changes to begin a new generation beside them"
        )
    return store.new_generation(sweep.folder, sweep.as_dict(), identity.as_dict())


def _provenance(sweep: Sweep, identity: Identity) -> dict[str, Any]:
    made_by = {"identity": identity.digest, **identity.beside, "versions": dict(identity.versions)}
    return made_by | {"scenario": sweep.base.as_dict(), "seeds": list(sweep.seeds), "limits": LIMITS}
