"""Sweeps as commands of their own, to be stopped, starved and damaged; what is left of them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from crossings.study import parts, store
from crossings.study.sweep_results import VARYING
from crossings.study.sweeps import Sweep

ROOT = Path(__file__).parents[1]
SWEEP = """
kind = "sweep"
scenario = "no-policy"
replications = 8
keep = ["totals", "daily"]
settings = { start = 2025-06-01, end = 2025-06-10, warmup_days = 10, inflow.scale = 0.05 }
[[axes]]
key = "weather.wave_sd"
points = 3
[[axes]]
key = "beliefs.stop"
values = [0.3, 0.6]
"""
RUNS = 3 * 2 * 8


def environment() -> dict[str, str]:
    paths = [str(ROOT / "model"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path), "COLUMNS": "120"}


def begun(*words: str, cwd: Path, measured: bool = True, **more: Any) -> subprocess.Popen[str]:
    """Begin a process; one that is not measured writes nothing for `make coverage` when it ends."""
    env = {name: text for name, text in environment().items() if measured or not name.startswith("COVERAGE_")}
    return subprocess.Popen(
        [sys.executable, *words], cwd=cwd, env=env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more,
    )  # fmt: skip


def ended(process: subprocess.Popen[str], status: int = 0) -> tuple[str, str]:
    out, error = process.communicate(timeout=200)
    assert process.returncode == status, error
    return out, error


def rows_of(sweep: Sweep) -> pd.DataFrame:
    """Return what must not depend on how and where a sweep was run."""
    return sweep.results().sort_values("run_id").drop(columns=list(VARYING)).reset_index(drop=True)


def lasting(folder: Path, run: Any = None) -> pd.DataFrame:
    """Return the same of the sweep in a folder."""
    return rows_of(Sweep.load(folder, run=run))


def rows_there(folder: Path) -> int:
    places = store.generations(folder)
    return len(parts.read_rows(places[-1])) if places else 0


def until(true: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 100) -> None:
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
