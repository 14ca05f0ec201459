"""One run of a sweep, made wherever it is sent, and what is sent back.

A worker gets the base scenario and points; it sends back finished rows and compressed tables. What a
run raises becomes a row that says so. A worker whose sources are others than those of the process
that asks refuses to work, because its rows would be another model's.
"""

from __future__ import annotations

import os
import socket
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from math import isfinite
from typing import Any

from crossings import model
from crossings.errors import InputError
from crossings.outcomes.digest import SIGNIFICANT_DIGITS
from crossings.scenario import Scenario
from crossings.scenario_text import one_line
from crossings.study import identity, trunks
from crossings.study.advance import DONE, FAILED
from crossings.study.parts import TABLES, encode
from crossings.study.runs import Run
from crossings.study.store import Finished

_LONGEST_ERROR = 300


@dataclass(frozen=True)
class Planned:
    """A run to be made.

    Attributes
    ----------
    run_id
        Short hash of what the point sets, and the seed.
    point
        Value of each axis, by name.
    settings
        What the point sets in the scenario, by dotted key.
    seed
        Seed of the run.
    """

    run_id: str
    point: Mapping[str, Any]
    settings: Mapping[str, Any]
    seed: int

    @classmethod
    def of(cls, point: Mapping[str, Any], settings: Mapping[str, Any], seed: int) -> Planned:
        """Return the run at a point; the same settings and seed give the same run id in any design."""
        name = sha256(identity.canonical(settings).encode("utf-8", errors="surrogatepass")).hexdigest()[:12]
        return cls(f"{name}-{seed}", point, settings, seed)


@dataclass(frozen=True)
class Work:
    """What all runs of a sweep share.

    Attributes
    ----------
    base
        The scenario that points change.
    run
        Called as ``run(scenario, seed=seed)``; gives a `Result`, or a table of numbers by name.
    keep
        What is kept beside the totals: some of ``daily``, ``people``, ``events``.
    modules, sources
        Names of the modules that a run imports, and one hash of their sources where it was asked for.
    code
        Hash of the syntax of each.
    """

    base: Scenario
    run: Run
    keep: tuple[str, ...]
    modules: tuple[str, ...]
    sources: str
    code: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, base: Scenario, run: Run, keep: Sequence[str]) -> Work:
        """Return the work of a sweep, stamped with the sources as they are here."""
        kept = tuple(name for name in TABLES if name in keep)
        modules = tuple(name for name, _ in identity.modules())
        return cls(base, run, kept, modules, identity.sources_of(modules), identity.code_of_package())


def usual_run(keep: Sequence[str]) -> Run:
    """Return `crossings.run`, with life lines recorded if they are to be kept."""
    return partial(model.run, events="events" in keep)


def make(work: Work, batch: Sequence[Planned]) -> list[Finished]:
    """Make runs and return what each gave, in order; this is what a worker calls.

    Raises
    ------
    InputError
        If this process runs another code than the one that asks.
    """
    if identity.sources_of(work.modules) != work.sources and identity.code_of_package() != work.code:
        raise InputError(f"worker {_worker()}: expected the code of the process that asks, got another")
    return [_one(work, planned) for planned in batch]


def failed(planned: Planned, error: str, trace: str) -> Finished:
    """Return the row of a run that failed for a reason outside it, such as the death of its worker."""
    row = _head(planned) | {"status": FAILED, "error": one_line(error, _LONGEST_ERROR), "traceback": trace}
    return Finished(row | {"wall_seconds": 0.0, "worker": "", "started": _now()}, {})


def can_branch(work: Work) -> bool:
    """Whether runs may share the history they have in common: those of the model, if little of them is kept.

    What has text in it is not sent from branches, where Arrow is not at hand.
    """
    usual = isinstance(work.run, partial) and work.run.func is model.run
    return usual and trunks.available() and set(work.keep) <= {"daily"}


def scenario_of(work: Work, planned: Planned) -> Scenario:
    """Return the scenario of a run.

    Raises
    ------
    InputError
        If what its point sets cannot be used.
    """
    return work.base.with_(**planned.settings) if planned.settings else work.base


def taken(work: Work, planned: Planned, gave: trunks.Bare | trunks.Withered) -> Finished:
    """Return the row of a run made on a tree (`crossings.study.trunks`)."""
    if isinstance(gave, trunks.Withered):
        return failed(planned, gave.trace.strip().splitlines()[-1], gave.trace)
    tables = {name: encode(_table(gave.result, name)) for name in work.keep}
    seconds = gave.result.wall_seconds
    spent = {
        "wall_seconds": seconds,
        "worker": _worker(gave.process),
        "started": _time(datetime.now(UTC) - timedelta(seconds=seconds)),
    }
    row = _head(planned) | {"status": DONE} | row_of(gave.result) | spent
    days = gave.result.scenario["warmup_days"] + len(gave.result.daily)
    return Finished(row, tables, gave.spared_days / days)


def row_of(result: Any) -> dict[str, Any]:
    """Return totals and digests of what a run gave: a `Result`, or numbers by name."""
    if isinstance(result, Mapping):
        totals = {str(name): _number(value) for name, value in result.items()}
        text = "\n".join(f"{k} {_nan(v):.{SIGNIFICANT_DIGITS}g}" for k, v in sorted(totals.items()))
        return totals | {"digest": _hash(text), "digest_exact": _hash(repr(sorted(totals.items())))}
    totals = {name: _number(value) for name, value in result.summary().items()}
    return totals | {"digest": result.digest, "digest_exact": result.digest_exact}


def _one(work: Work, planned: Planned) -> Finished:
    started, begun = _now(), time.perf_counter()
    tables: dict[str, bytes] = {}
    try:
        result = work.run(scenario_of(work, planned), seed=planned.seed)
        outcome = {"status": DONE} | row_of(result)
        tables = {name: encode(_table(result, name)) for name in work.keep}
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # whatever ends a run must not end the sweep
        said = one_line(f"{type(error).__name__}: {error}", _LONGEST_ERROR)
        outcome = {"status": FAILED, "error": said, "traceback": traceback.format_exc()}
        tables = {}
    spent = {"wall_seconds": time.perf_counter() - begun, "worker": _worker(), "started": started}
    return Finished(_head(planned) | outcome | spent, tables)


def _head(planned: Planned) -> dict[str, Any]:
    point = {k: v.isoformat() if isinstance(v, date) else v for k, v in planned.point.items()}
    return {"run_id": planned.run_id, "seed": planned.seed} | point


def _table(result: Any, name: str) -> Any:
    found = getattr(result, name, None)
    if found is None:
        raise InputError(f"keep = {name}: expected a run that gives them, got {type(result).__name__}")
    return found() if callable(found) else found


def _number(value: Any) -> float | None:
    return None if value is None or not isfinite(value) else float(value)


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _worker(process: int | None = None) -> str:
    return f"{socket.gethostname()}:{os.getpid() if process is None else process}"


def _now() -> str:
    return _time(datetime.now(UTC))


def _time(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds")
