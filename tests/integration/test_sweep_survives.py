"""Sweeps that are stopped in every way a user's machine can stop them, and give the same in the end."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from tests import sweep_runs
from tests.sweep_commands import RUNS, SWEEP, begun, ended, environment, lasting, rows_there, until

from crossings.study import store
from crossings.study.advance import DONE
from crossings.study.store import Finished, Store
from crossings.study.sweeps import Sweep

COORDINATOR = """
import sys
from crossings.study.sweeps import Sweep
from tests import sweep_runs
from tests.sweep_commands import RUNS, SWEEP, begun, ended, environment, lasting, rows_there, until

if __name__ == "__main__":
    axes = {"inflow.scale": [0.5, 1.0, 1.5]}
    sweep = Sweep("no-policy", axes, seeds=range(1, 31), out=sys.argv[1], run=sweep_runs.steady)
    sweep.run(processes=int(sys.argv[2]))
"""


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    place = tmp_path / "seas"
    place.mkdir()
    (place / "experiment.toml").write_text(SWEEP)
    return place


@pytest.mark.parametrize(
    ("processes", "kills"), [("1", 2), ("2", 1), pytest.param("2", 8, marks=pytest.mark.slow)]
)
def test_killed_at_random_moments_it_gives_what_an_undisturbed_sweep_gives(
    tmp_path: Path, processes: str, kills: int
) -> None:
    (tmp_path / "coordinator.py").write_text(COORDINATOR)
    moments = random.Random(int(processes))
    there = 0
    for _ in range(kills):
        process = begun("coordinator.py", "cut", processes, cwd=tmp_path)
        until(lambda before=there: rows_there(tmp_path / "cut") > before, process)
        time.sleep(moments.uniform(0.0, 0.4))
        acknowledged = rows_there(tmp_path / "cut")
        process.kill()
        process.communicate()
        there = rows_there(tmp_path / "cut")
        assert there >= acknowledged
    assert there < 90
    ended(begun("coordinator.py", "cut", processes, cwd=tmp_path))
    whole = Sweep("no-policy", {"inflow.scale": [0.5, 1.0, 1.5]}, seeds=range(1, 31), out=tmp_path / "whole",
                  run=sweep_runs.quick)  # fmt: skip
    whole.run(processes=1)
    cut = lasting(tmp_path / "cut", sweep_runs.steady)
    assert len(cut) == 90
    assert rows_there(tmp_path / "cut") == 90  # nothing acknowledged was made twice
    same = lasting(tmp_path / "whole", sweep_runs.quick)
    pd.testing.assert_frame_equal(cut.drop(columns="identity"), same.drop(columns="identity"))


def test_ctrl_c_says_what_is_kept_and_the_same_command_goes_on(tmp_path: Path, experiment: Path) -> None:
    process = begun("-m", "crossings", "sweep", "seas", "--processes", "2", cwd=tmp_path)
    until(lambda: rows_there(tmp_path / "results" / "seas") > 0, process)
    process.send_signal(signal.SIGINT)
    _, error = ended(process, status=130)
    assert error.startswith("crossings: interrupted, ")
    assert error.count("\n") == 1
    assert f"of {RUNS} runs are kept in results/seas; the same command goes on" in error
    out, _ = ended(begun("-m", "crossings", "sweep", "seas", "--processes", "1", "--json", cwd=tmp_path))
    summary = json.loads(out)
    assert 0 < summary["earlier"] < RUNS
    assert summary["earlier"] + summary["made"] == summary["total"] == RUNS
    ended(begun("-m", "crossings", "sweep", "seas", "--processes", "1", "--out", "whole", cwd=tmp_path))
    pd.testing.assert_frame_equal(lasting(tmp_path / "results" / "seas"), lasting(tmp_path / "whole"))


CLUSTER = """
import os, sys
from distributed import Client, LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            print(cluster.scheduler_address, *client.run(os.getpid).values(), flush=True)
            sys.stdin.read()
"""


@contextlib.contextmanager
def two_workers(folder: Path) -> Iterator[tuple[str, list[int]]]:
    """Start a Dask cluster in processes of its own; give its address and its workers' ids."""
    (folder / "cluster.py").write_text(CLUSTER)
    process = subprocess.Popen(
        [sys.executable, "cluster.py"], cwd=folder, env=environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address, *workers = process.stdout.readline().split()
        yield address, [int(worker) for worker in workers]
    finally:
        process.communicate(timeout=60)  # its input ends, and so does it


def test_a_dask_cluster_that_loses_a_worker_gives_the_full_result(tmp_path: Path, experiment: Path) -> None:
    with two_workers(tmp_path) as (address, workers):
        assert len(workers) == 2
        process = begun("-m", "crossings", "sweep", "seas", "--dask", address, "--out", "dask", cwd=tmp_path)
        until(lambda: rows_there(tmp_path / "dask") > 2, process)
        os.kill(workers[0], signal.SIGKILL)
        out, _ = ended(process)
        assert f"{RUNS} made now, 0 failed" in out
    ended(begun("-m", "crossings", "sweep", "seas", "--processes", "1", "--out", "whole", cwd=tmp_path))
    pd.testing.assert_frame_equal(lasting(tmp_path / "dask"), lasting(tmp_path / "whole"))
    made_by = Sweep.load(tmp_path / "dask").results()["worker"].str.rpartition(":")[2].astype(int)
    assert made_by.nunique() >= 2


def test_an_address_where_nothing_answers_is_one_line(tmp_path: Path, experiment: Path) -> None:
    process = begun("-m", "crossings", "sweep", "seas", "--dask", "tcp://127.0.0.1:9", cwd=tmp_path)
    _, error = ended(process, status=2)
    assert error.startswith("crossings: dask tcp://127.0.0.1:9: expected the address of a scheduler")


def test_ten_thousand_finished_rows_are_resumed_in_seconds(tmp_path: Path) -> None:
    sweep = Sweep("no-policy", {"inflow.scale": (0.5, 1.5)}, design="latin-hypercube", samples=2_000,
                  seeds=range(1, 6), out=tmp_path / "many", run=sweep_runs.quick)  # fmt: skip
    place = store.new_generation(sweep.folder, sweep.as_dict(), sweep.identity().as_dict())
    kept = Store(place)
    rows = [
        {"run_id": planned.run_id, "seed": planned.seed, **planned.point, "status": DONE, "arrivals": 1.0}
        | {"digest": "x", "digest_exact": "x", "identity": "x", "attempt": 1, "worker": "", "started": ""}
        | {"wall_seconds": 1.0}
        for planned in sweep.runs
    ]
    for first in range(0, len(rows), 500):
        kept.add([Finished(row, {}) for row in rows[first : first + 500]])
    kept.close()
    begin = time.process_time()  # whatever else the machine does
    summary = Sweep.load(tmp_path / "many", run=sweep_runs.quick).run()
    spent = time.process_time() - begin
    assert (summary.total, summary.earlier, summary.made) == (10_000, 10_000, 0)
    assert spent < 3.0
