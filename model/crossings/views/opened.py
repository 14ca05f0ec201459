"""Folders of results opened again: a run, a comparison, or a sweep, as `crossings` writes them."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crossings.errors import InputError
from crossings.outcomes.folders import MARK
from crossings.outcomes.provenance import Provenance
from crossings.outcomes.result import Result
from crossings.outcomes.summary import WEEKLY, Weekly
from crossings.study import store
from crossings.study.comparison import Comparison
from crossings.study.runs import KEPT, RunFailure
from crossings.study.sweeps import Sweep

Opened = Result | Comparison | Sweep


def opened(folder: str | os.PathLike[str]) -> Opened:
    """Open a folder of results.

    Parameters
    ----------
    folder
        Written by ``--out`` of ``crossings run`` or ``crossings compare``, or by ``crossings sweep``.

    Raises
    ------
    InputError
        If there is no such folder, or it holds something else.
    """
    place = Path(folder)
    if not place.is_dir():
        raise InputError(f"'{folder}': expected a folder of results, as --out of run or compare writes it")
    if store.generations(place):
        return Sweep.load(place)
    try:
        said = json.loads((place / MARK).read_text(encoding="utf-8"))
        return _comparison(place, said) if "scenarios" in said else _result(place, said)
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        why = f"{type(error).__name__}: {error}"
        raise InputError(f"folder '{folder}': expected results that can be read, got {why}") from None


def made_by(sweep: Sweep) -> dict[str, Any]:
    """Return what made the newest rows of a sweep: version, commit, identity, libraries."""
    return store.read_table(sweep.folder / MARK)


def _result(place: Path, said: dict[str, Any]) -> Result:
    known = {name: said[name] for name in Provenance.__dataclass_fields__}
    provenance = Provenance(**known | {"command": tuple(known["command"])})
    daily = pd.read_parquet(place / "daily.parquet")
    summary = json.loads((place / "summary.json").read_text(encoding="utf-8"))
    return Result(
        name=summary["scenario"],
        scenario=provenance.scenario,
        seed=provenance.seed,
        start=date.fromisoformat(summary["start"]),
        end=date.fromisoformat(summary["end"]),
        daily=daily,
        by=pd.read_parquet(place / "by.parquet"),
        provenance=provenance,
        wall_seconds=summary["wall_seconds"],
        host=summary.get("host", "France"),
        steps=_if_there(place / "events.parquet"),
        standing=_if_there(place / "ends.parquet"),
    )


def _if_there(path: Path) -> pd.DataFrame | None:
    return pd.read_parquet(path) if path.is_file() else None


def _comparison(place: Path, said: dict[str, Any]) -> Comparison:
    summary = json.loads((place / "summary.json").read_text(encoding="utf-8"))
    labels, seeds = tuple(summary["scenarios"]), tuple(summary["seeds"])
    frame: Any = pd.read_parquet(place / "daily.parquet", columns=["scenario", *KEPT])
    daily = {
        label: {
            name: rows[name].to_numpy(np.float64).reshape(len(seeds), -1)
            for name in KEPT
        }
        for label in labels
        for rows in [frame[frame["scenario"] == label]]
    }  # fmt: skip
    provenance = {
        label: {key: value for key, value in said.items() if key not in ("scenarios", "seeds", "failures")}
        | {"scenario": said["scenarios"][label], "seed": seeds[0]}
        for label in labels
    }
    found = Comparison(
        labels=labels,
        seeds=seeds,
        start=date.fromisoformat(summary["start"]),
        end=date.fromisoformat(summary["end"]),
        daily=daily,
        digests={label: tuple(found) for label, found in summary["digests"].items()},
        provenance=provenance,
        failures=tuple(
            RunFailure(each["scenario"], each["seed"], each["traceback"]) for each in said["failures"]
        ),
        wall_seconds=summary["wall_seconds"],
        posterior=summary.get("posterior"),
    )
    return replace(found, wider=_wider(place / "posterior_weekly.csv", found.weekly))


def _wider(path: Path, weekly: Weekly) -> Weekly | None:
    """Return the weeks at draws of the posterior, in the form of the comparison's own."""
    if not path.is_file():
        return None
    frame: Any = pd.read_csv(path, dtype={"scenario": str})
    seeds = tuple(int(seed) for seed in frame["seed"].unique())
    series = {
        label: {
            name: rows[name].to_numpy(np.float64).reshape(len(seeds), -1)
            for name in WEEKLY
        }
        for label in weekly.series
        for rows in [frame[frame["scenario"] == label]]
    }  # fmt: skip
    return replace(weekly, series=series, seeds=seeds)
