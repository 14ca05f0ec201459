"""Executors, trees and stores that give up, and odd rows: what is lost is said, what is there is kept."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from tests import sweep_runs

from crossings import scenario_errors
from crossings.errors import InputError
from crossings.study import making, parts, trunks
from crossings.study.sweeps import Sweep

AXES = {"inflow.scale": [0.5, 1.0]}


def made(out: Path, **more: object) -> Sweep:
    return Sweep("no-policy", AXES, seeds=(1, 2, 3), out=out, run=sweep_runs.quick, **more)


class Refusing(ThreadPoolExecutor):
    """Breaks, or gives it back, after so many batches."""

    def __init__(self, after: int, error: Exception) -> None:
        super().__init__(1)
        self.left, self.error = after, error

    def submit(self, *given, **named):
        if self.left <= 0 and isinstance(self.error, BrokenExecutor):
            raise self.error
        self.left -= 1
        if self.left < 0:
            future: Future[object] = Future()
            future.set_exception(self.error)
            return future
        return super().submit(*given, **named)


def test_an_executor_that_breaks_ends_a_sweep_with_what_was_finished(tmp_path):
    sweep = made(tmp_path / "out")
    with (
        Refusing(1, BrokenExecutor("out of cores")) as pool,
        pytest.raises(RuntimeError, match="the executor gave up: BrokenExecutor out of cores"),
    ):
        sweep.run(executor=pool)
    kept = len(sweep.results())
    assert 0 <= kept < 6
    assert sweep.run(processes=1).earlier == kept
    assert len(sweep.results()) == 6


def test_a_run_whose_batch_cannot_be_sent_back_fails_alone(tmp_path):
    sweep = made(tmp_path / "out")
    with Refusing(0, OverflowError("too large to send")) as pool:
        summary = sweep.run(executor=pool)
    assert summary.failed == 6
    assert set(sweep.results()["error"]) == {"OverflowError: too large to send"}
    assert sweep.run(processes=1).failed == 0


def test_a_run_that_withered_is_a_row_that_says_why():
    planned = making.Planned("ab-1", {"inflow.scale": 0.5}, {"inflow.scale": 0.5}, 1)
    work = making.Work.of(made(Path("out")).base, sweep_runs.quick, ())
    found = making.taken(work, planned, trunks.Withered("Traceback\n  here\nValueError: no boats\n"))
    assert found.row["status"] == "failed"
    assert found.row["error"] == "ValueError: no boats"
    assert "here" in found.row["traceback"]


def test_tables_that_a_run_does_not_give_are_refused():
    with pytest.raises(InputError, match="keep = daily: expected a run that gives them, got dict"):
        making._table({}, "daily")


# ---- stores


def test_values_of_several_kinds_share_a_column_as_floats_or_text():
    assert parts._column([1, 2.5, None]).to_pylist() == [1.0, 2.5, None]
    assert parts._column([2**70, 1.5, None]).to_pylist() == [float(2**70), 1.5, None]
    assert parts._column([1, "few", None]).to_pylist() == ["1", "few", None]
    assert parts._column([1, 2]).type == pa.int64()


def test_rows_that_keep_changing_while_they_are_read_are_an_error(tmp_path, monkeypatch):
    def moved(*_):
        raise FileNotFoundError("compacted in between")

    monkeypatch.setattr(parts, "journal_numbers", lambda _place: [])
    monkeypatch.setattr(parts, "part_numbers", lambda _place: [1])
    monkeypatch.setattr(parts, "_read_part", moved)
    with pytest.raises(OSError, match="kept changing while it was read"):
        parts.read_rows(tmp_path)


# ---- what a slip is said to be


def test_what_is_shown_and_named_of_odd_values():
    assert scenario_errors.shown(object).startswith("<class 'object'>")
    assert scenario_errors._kind(date(2025, 1, 1)) == "date"
    assert scenario_errors._kind(True) == "bool"
    assert scenario_errors._kind(3.0 + 1j) == "complex"
    assert scenario_errors._item({"a": 1, 2: 3}, "2") == 3
    assert scenario_errors._item({"a": 1}, "b") is None
    assert scenario_errors._item(5, "b") is None
