"""Sweeps whose disk, folder or files fail them: one line, nothing lost, and the same command goes on."""

from __future__ import annotations

import itertools
import random
import resource
import shutil
import signal
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

import pandas as pd
import pytest
from tests import sweep_runs
from tests.sweep_commands import SWEEP, begun, ended, lasting, rows_there, until

from crossings.study import making
from crossings.study.sweeps import Sweep

FEW = SWEEP.replace("replications = 8", "replications = 2")
RUNS = 3 * 2 * 2
COMMAND = ("-m", "crossings", "sweep", "seas", "--processes", "1")
ROOM = 100_000  # bytes a file may have on the disk that is full; the journal of all runs has more
OFTEN_COMPACTED = """
import sys
from functools import partial
from crossings.study import sweep_runs as under_way
from crossings.study.sweeps import Sweep
from tests import sweep_runs

under_way.Store = partial(under_way.Store, most_rows=3)

if __name__ == "__main__":
    sweep = Sweep("no-policy", {"inflow.scale": [0.5, 1.0, 1.5]}, seeds=range(1, 301), out=sys.argv[1],
                  run=sweep_runs.steady)
    sweep.run(processes=int(sys.argv[2]))
"""


def experiment_in(folder: Path) -> Path:
    """Write the experiment into a folder and return where its sweep is going to be."""
    (folder / "seas").mkdir()
    (folder / "seas" / "experiment.toml").write_text(FEW)
    return folder / "results" / "seas"


@pytest.fixture
def experiment(tmp_path: Path) -> Path:
    return experiment_in(tmp_path)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Return what a sweep gives that nothing happens to."""
    folder = tmp_path_factory.mktemp("whole")
    place = experiment_in(folder)
    ended(begun(*COMMAND, cwd=folder))
    return lasting(place)


def one_line(error: str) -> str:
    assert error.startswith("crossings: ")
    assert error.count("\n") == 1, error
    return error


def test_a_full_disk_is_one_line_and_the_same_command_goes_on(
    tmp_path: Path, experiment: Path, undisturbed: pd.DataFrame
) -> None:
    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))

    _, error = ended(begun(*COMMAND, cwd=tmp_path, measured=False, preexec_fn=full), status=1)
    assert "what was finished is kept, the same command goes on" in one_line(error)
    there = rows_there(experiment)
    assert 0 < there < RUNS
    out, _ = ended(begun(*COMMAND, cwd=tmp_path))
    assert f"{RUNS} runs, {there} from before, {RUNS - there} made now, 0 failed" in out
    pd.testing.assert_frame_equal(lasting(experiment), undisturbed)


def test_a_damaged_part_is_set_aside_and_its_runs_are_made_again(
    tmp_path: Path, experiment: Path, undisturbed: pd.DataFrame
) -> None:
    ended(begun(*COMMAND, cwd=tmp_path))
    (part,) = experiment.glob("generation-001/daily-*.parquet")
    part.write_bytes(part.read_bytes()[:-100])
    out, _ = ended(begun(*COMMAND, cwd=tmp_path))
    assert f"{RUNS} runs, 0 from before, {RUNS} made now, 0 failed" in out
    assert f"damaged, so that lost runs were made again: {part.name}" in out
    assert part.with_name(f"damaged-{part.name}").exists()
    pd.testing.assert_frame_equal(lasting(experiment), undisturbed)
    assert len(Sweep.load(experiment).daily()) == RUNS * 10


@pytest.mark.parametrize("what", ["folder", "lock"])
def test_a_folder_or_lock_that_is_taken_away_ends_it(
    tmp_path: Path, experiment: Path, undisturbed: pd.DataFrame, what: str
) -> None:
    process = begun(*COMMAND, cwd=tmp_path)
    until(lambda: rows_there(experiment) > 1, process)
    if what == "folder":
        shutil.rmtree(experiment)
    else:
        (experiment / "lock").unlink()
    _, error = ended(process, status=1)
    assert "the file 'lock' in it was removed or replaced" in one_line(error)
    ended(begun(*COMMAND, cwd=tmp_path))
    pd.testing.assert_frame_equal(lasting(experiment), undisturbed)


def test_what_its_folder_says_of_it_cannot_be_read(tmp_path: Path, experiment: Path) -> None:
    ended(begun(*COMMAND, cwd=tmp_path))
    (experiment / "generation-001" / "identity.json").write_text('{"code": ')
    before = sorted(path.name for path in experiment.rglob("*"))
    _, error = ended(begun(*COMMAND, cwd=tmp_path), status=2)
    assert "identity.json: expected what a sweep wrote there" in one_line(error)
    assert sorted(path.name for path in experiment.rglob("*")) == before


def test_a_clock_that_is_set_back_changes_no_result(
    tmp_path: Path, experiment: Path, undisturbed: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every look at the clock finds it a day earlier; time spent is not taken from it."""
    looks = itertools.count()

    class SetBack(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime(2025, 3, 30, 1, tzinfo=tz) - timedelta(days=next(looks))

    monkeypatch.setattr(making, "datetime", SetBack)
    monkeypatch.chdir(tmp_path)
    sweep = Sweep.load("seas")
    sweep.run(processes=1)
    rows = sweep.results()
    assert next(looks) >= RUNS
    assert rows["started"].nunique() == RUNS
    assert (rows["wall_seconds"] > 0.0).all()
    pd.testing.assert_frame_equal(lasting(experiment), undisturbed)


@pytest.mark.slow
def test_killed_a_hundred_times_while_it_compacts_all_the_time(tmp_path: Path) -> None:
    (tmp_path / "often.py").write_text(OFTEN_COMPACTED)
    moments = random.Random(100)
    cut = tmp_path / "cut"
    acknowledged = 0
    for kill in range(100):
        workers = "2" if kill % 10 == 0 else "1"  # with one it is quick to begin, and nobody else makes runs
        process = begun("often.py", "cut", workers, cwd=tmp_path)
        until(lambda before=acknowledged: rows_there(cut) > before, process)
        time.sleep(moments.uniform(0.0, 0.15))
        seen = rows_there(cut)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        acknowledged = rows_there(cut)
        assert acknowledged >= seen
    ended(begun("often.py", "cut", "2", cwd=tmp_path))
    assert rows_there(cut) == 900  # nothing acknowledged was made twice
    whole = Sweep("no-policy", {"inflow.scale": [0.5, 1.0, 1.5]}, seeds=range(1, 301), out=tmp_path / "whole",
                  run=sweep_runs.steady)  # fmt: skip
    whole.run(processes=1)
    pd.testing.assert_frame_equal(
        lasting(cut, sweep_runs.steady), lasting(tmp_path / "whole", sweep_runs.steady)
    )
