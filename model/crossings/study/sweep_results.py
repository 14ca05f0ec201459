"""Rows of a sweep as tables: one for each run, differences between points, and SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from crossings.errors import InputError, unknown
from crossings.scenario_errors import shown
from crossings.study import parts, store
from crossings.study.advance import DONE
from crossings.study.pairs import paired

if TYPE_CHECKING:
    from crossings.study.sweeps import Sweep

HEAD = ("run_id", "point", "seed")
STAMP = ("digest", "digest_exact", "identity", "error", "traceback")
VARYING = ("attempt", "worker", "started", "wall_seconds")
"""Columns in which the same sweep differs from one time to the next; all others are the same."""
TAKEN = (*HEAD, "status", *STAMP, *VARYING)


def results(place: Path, sweep: Sweep) -> pd.DataFrame:
    """Return one row per run of a sweep that has ended; see `Sweep.results`.

    Parameters
    ----------
    place
        Folder of a generation.
    sweep
        Whose runs.
    """
    plan = pd.DataFrame(
        [
            {"run_id": planned.run_id, "point": number, "seed": planned.seed} | dict(planned.point)
            for number, planned in sweep.planned()
        ],
        columns=[*HEAD, *(axis.name for axis in sweep.axes)],
    )
    plan["seed"] = plan["seed"].astype(np.uint64)
    rows = parts.read_rows(place)
    if rows.empty:
        return plan.iloc[:0]
    last = rows.drop_duplicates("run_id", keep="last")
    own = [name for name in last.columns if name not in TAKEN and name not in plan.columns]
    missing = [name for name in STAMP if name not in last.columns]
    whole = last.assign(**dict.fromkeys(missing)).astype(dict.fromkeys(("error", "traceback"), object))
    kept = whole[["run_id", "status", *own, *STAMP, *VARYING]]
    merged = plan.merge(kept, on="run_id", how="inner", sort=False)
    # None is the one missing text, whichever part a row was in
    for name in STAMP:
        merged[name] = merged[name].astype(object).where(merged[name].notna(), None)
    return merged.astype(dict.fromkeys(own, np.float64)).reset_index(drop=True)


def holders(folder: Path, run_id: str) -> list[Path]:
    """Return the sweeps in a folder that have a run of an id among their newest rows."""
    found = []
    for sweep in sorted(folder.iterdir()) if folder.is_dir() else ():
        places = store.generations(sweep)
        rows = parts.read_rows(places[-1], ["run_id"]) if places else pd.DataFrame()
        if not rows.empty and (rows["run_id"] == run_id).any():
            found.append(sweep)
    return found


def finished(rows: pd.DataFrame, outcome: str, of: Sequence[str]) -> pd.DataFrame:
    """Return the rows of runs that ended well, once it is clear that there is such an outcome.

    Parameters
    ----------
    rows
        What `results` gave.
    outcome
        Column of outcomes.
    of
        Names of the axes.

    Raises
    ------
    InputError
        If there is no such outcome or no run has ended well.
    """
    known = [name for name in rows.columns if name not in TAKEN and name not in of]
    if outcome not in known:
        raise unknown("outcome", outcome, known) if known else InputError("no run has ended well yet")
    done = rows[rows["status"] == DONE]
    if done.empty:
        raise InputError("no run has ended well yet: expected at least one")
    return done


def differences(sweep: Sweep, rows: pd.DataFrame, base: Mapping[str, Any], outcome: str) -> pd.DataFrame:
    """Return paired differences of points from the same points at `base`; see `Sweep.differences`."""
    names = [axis.name for axis in sweep.axes]
    for name in base:
        if name not in names:
            raise unknown("axis", str(name), names)
    values = finished(rows, outcome, names).drop_duplicates("run_id")
    others = [name for name in names if name not in base]
    at_base = np.logical_and.reduce([(values[name] == value).to_numpy() for name, value in base.items()])
    if not at_base.any():
        told = ", ".join(f"{name} = {shown(value)}" for name, value in base.items())
        raise InputError(f"base {told}: expected a point of the sweep")
    reference = values.loc[at_base, [*others, "seed", outcome]].rename(columns={outcome: "_base"})
    pairs = values[[*names, "seed", outcome]].merge(reference, on=[*others, "seed"], how="inner")
    found = [
        dict(zip(names, key, strict=True)) | paired(np.asarray(own["_base"]), np.asarray(own[outcome]))
        for key, own in pairs.groupby(names, sort=False, dropna=False)
    ]
    return pd.DataFrame(found).set_index(names)


def sql(query: str, rows: pd.DataFrame, place: Path) -> pd.DataFrame:
    """Ask in SQL; see `Sweep.sql`."""
    try:
        duckdb: Any = import_module("duckdb")
    except ImportError as error:
        raise InputError(
            f"SQL needs DuckDB ({error}): expected the extra, pip install 'crossings[query]'"
        ) from None
    with duckdb.connect() as link:
        link.register("runs", rows)
        for name in parts.TABLES:
            files = [str(path) for path in parts.part_files(place, name)]
            if files:
                link.register(name, link.read_parquet(files))
        try:
            found: pd.DataFrame = link.execute(query).df()
        except duckdb.Error as error:
            raise InputError(f"SQL: expected a query of runs, daily, people or events, got {error}") from None
    return found
