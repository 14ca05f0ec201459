"""Sweeps: what is run, what is kept, what is run again, and what is refused."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests import sweep_runs
from tests.sweep_commands import rows_of

import crossings as cx
from crossings.errors import InputError
from crossings.study import identity, making
from crossings.study.sweeps import Sweep

AXES = {"inflow.scale": [0.5, 1.0], "weather.wave_sd": [0.5, 0.6, 0.7]}


def made(
    out: Path, axes: Any = AXES, seeds: Any = (1, 2, 3), run: Any = sweep_runs.quick, **more: Any
) -> Sweep:
    return Sweep("no-policy", axes, seeds=seeds, out=out, run=run, **more)


def test_every_point_is_run_under_every_seed(tmp_path: Path) -> None:
    sweep = made(tmp_path / "out")
    summary = sweep.run(processes=1)
    assert (summary.total, summary.made, summary.earlier, summary.failed) == (18, 18, 0, 0)
    rows = sweep.results()
    assert rows["arrivals"].tolist() == [
        1000 * scale + s for scale in (0.5, 1.0) for _ in range(3) for s in (1, 2, 3)
    ]
    assert rows["deaths"].tolist() == rows["weather.wave_sd"].tolist()
    assert rows["run_id"].is_unique
    assert rows["identity"].is_unique


def test_the_executor_makes_no_difference(tmp_path: Path) -> None:
    here = made(tmp_path / "here")
    here.run(processes=1)
    before = multiprocessing.get_start_method()
    processes = made(tmp_path / "processes")
    processes.run(processes=2)
    assert multiprocessing.get_start_method() == before
    threads = made(tmp_path / "threads")
    with ThreadPoolExecutor(3) as pool:
        threads.run(executor=pool)
    pd.testing.assert_frame_equal(rows_of(processes), rows_of(here))
    pd.testing.assert_frame_equal(rows_of(threads), rows_of(here))


def test_running_it_again_runs_nothing_and_a_larger_design_only_what_is_new(tmp_path: Path) -> None:
    made(tmp_path / "out").run(processes=1)
    assert made(tmp_path / "out").run(processes=1).made == 0
    grown = made(tmp_path / "out", {**AXES, "inflow.scale": [0.5, 0.8, 1.0]}, seeds=(1, 2, 3, 4))
    summary = grown.run(processes=1)
    assert (summary.earlier, summary.made) == (18, 36 - 18)
    fresh = made(tmp_path / "fresh", {**AXES, "inflow.scale": [0.5, 0.8, 1.0]}, seeds=(1, 2, 3, 4))
    fresh.run(processes=1)
    pd.testing.assert_frame_equal(rows_of(grown), rows_of(fresh))


def test_a_failed_run_is_kept_with_its_traceback_and_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MENDED", str(tmp_path / "mended"))
    sweep = made(tmp_path / "out", run=sweep_runs.fails_at_three)
    summary = sweep.run(processes=1)
    assert (summary.made, summary.failed) == (18, 6)
    assert summary.first_failure is not None
    assert "ZeroDivisionError: boats ran out" in summary.first_failure
    bad = sweep.results().query("status == 'failed'")
    assert bad["seed"].tolist() == [3] * 6
    assert bad["traceback"].str.contains("fails_at_three").all()
    assert bad["arrivals"].isna().all()
    assert bad["inflow.scale"].notna().all()
    assert sweep.run(processes=1).made == 6  # again, and they fail again
    (tmp_path / "mended").touch()
    summary = sweep.run(processes=1)
    assert (summary.earlier, summary.made, summary.failed) == (12, 6, 0)
    undisturbed = made(tmp_path / "other", run=sweep_runs.fails_at_three)
    undisturbed.run(processes=1)
    pd.testing.assert_frame_equal(rows_of(sweep), rows_of(undisturbed))
    assert sweep.results()["attempt"].max() == 3


def test_an_invalid_combination_fails_alone(tmp_path: Path) -> None:
    axes = {
        "start": {"variants": {"early": {"start": "2025-06-01"}, "late": {"start": "2026-05-01"}}},
        "end": {"variants": {"soon": {"end": "2025-06-10"}, "later": {"end": "2026-05-10"}}},
    }
    sweep = made(tmp_path / "out", axes, seeds=[1])
    assert sweep.run(processes=1).failed == 1
    (error,) = sweep.results().query("status == 'failed'")["error"]
    assert error.startswith("InputError: end = 2025-06-10: expected a date on or after start = 2026-05-01")


def test_what_ends_a_process_ends_a_run(tmp_path: Path) -> None:
    sweep = made(tmp_path / "out", run=sweep_runs.exits)
    assert sweep.run(processes=1).failed == 18
    assert sweep.results()["error"][0] == "SystemExit: enough of no-policy with 1"


def test_a_run_that_kills_its_worker_takes_no_other_with_it(tmp_path: Path) -> None:
    sweep = made(
        tmp_path / "out", {"inflow.scale": [0.5, 1.0]}, seeds=range(1, 6), run=sweep_runs.leaves_at_three
    )
    assert sweep.run(processes=2).failed == 2
    rows = sweep.results().set_index("seed")
    assert (rows.loc[3, "status"] == "failed").all()
    assert rows.loc[3, "error"].str.contains("a worker process died").all()
    assert (rows.drop(index=3)["status"] == "done").all()


def test_a_changed_identity_is_refused_or_begins_a_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path / "out").run(processes=1)
    other = Sweep(cx.Scenario.load("no-policy").replace("beliefs.stop", 0.5), AXES, out=tmp_path / "out",
                  run=sweep_runs.quick)  # fmt: skip
    said = r"its rows were made by another scenario beliefs.stop: expected the same, or --accept-changes"
    with pytest.raises(InputError, match=said):
        other.run(processes=1)
    assert other.run(processes=1, accept_changes=True).generation == 2
    assert (len(other.results()), len(other.results(generation=1))) == (6, 6)
    code = dict(identity.code_of_package())
    monkeypatch.setattr(
        identity, "code_of_package", lambda: tuple((code | {"crossings.clock": "changed"}).items())
    )
    with pytest.raises(InputError, match=r"another code of crossings\.clock"):
        other.run(processes=1)
    with pytest.raises(InputError, match=r"generation 7 of .*: expected one of 1, 2"):
        other.results(generation=7)


def test_the_folder_says_what_it_holds(tmp_path: Path) -> None:
    sweep = made(tmp_path / "out", {"inflow.scale": (0.5, 1.5)}, design="latin-hypercube", samples=5)
    sweep.run(processes=1)
    found = Sweep.load(tmp_path / "out", run=sweep_runs.quick)
    assert found.run(processes=1).made == 0
    pd.testing.assert_frame_equal(found.results(), sweep.results())


def test_a_point_that_comes_twice_is_run_once(tmp_path: Path) -> None:
    frame = pd.DataFrame({"inflow.scale": [0.5, 1.0, 0.5], "weather.wave_sd": [np.nan, 0.5, np.nan]})
    sweep = made(tmp_path / "out", frame, seeds=[1])
    assert sweep.design == "table"
    assert sweep.run(processes=1).made == 2
    rows = sweep.results()
    assert rows["point"].tolist() == [0, 1, 2]
    assert rows["arrivals"].tolist() == [501, 1001, 501]
    assert rows["deaths"][0] == cx.Scenario.load("no-policy").weather.wave_sd


def test_rows_of_real_runs_can_be_asked_and_made_again(tmp_path: Path) -> None:
    tiny = cx.Scenario.load("no-policy").with_(
        start="2025-06-01", end="2025-06-10", warmup_days=10, **{"inflow.scale": 0.05}
    )
    sweep = Sweep(tiny, {"weather.wave_sd": [0.5, 0.6]}, seeds=[1, 2], keep=["daily", "people", "events"],
                  out=tmp_path / "out")  # fmt: skip
    sweep.run(processes=1)
    rows = sweep.results()
    result = cx.run(tiny.replace("weather.wave_sd", 0.6), seed=2)
    assert rows["digest"].iloc[-1] == result.digest
    daily = sweep.daily().query(f"run_id == '{rows['run_id'].iloc[-1]}'")
    assert daily["waiting"].tolist() == result.daily["waiting"].tolist()
    assert len(sweep.events()) > len(sweep.people()) > 0
    counted = sweep.sql("select run_id, count(*) as days from daily join runs using (run_id) group by run_id")
    assert counted["days"].tolist() == [10] * 4
    again = sweep.rerun(rows["run_id"].iloc[1])
    assert again.same
    assert again.exact
    assert again.changes == ()
    with pytest.raises(InputError, match="SQL: expected a query"):
        sweep.sql("select nothing from nowhere")
    with pytest.raises(InputError, match="unknown run 'x': expected one of"):
        sweep.rerun("x")


def test_a_row_that_cannot_be_made_again_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = made(tmp_path / "out")
    sweep.run(processes=1)
    name = sweep.results()["run_id"][0]
    sweep._run = sweep_runs.steady
    again = sweep.rerun(name)
    assert again.same
    assert again.changes == ("run by function",)
    monkeypatch.setattr(sweep, "_run", sweep_runs.ishigami)
    assert not sweep.rerun(name).same


def test_differences_are_paired_by_seed(tmp_path: Path) -> None:
    sweep = made(tmp_path / "out")
    sweep.run(processes=1)
    found = sweep.differences({"inflow.scale": 1.0})
    assert len(found) == 6
    assert found.loc[(0.5, 0.6), "difference"] == -500
    assert found.loc[(0.5, 0.6), "standard_error"] == 0
    assert found.loc[(1.0, 0.7), "pairs"] == 3
    with pytest.raises(InputError, match=r"base inflow.scale = 2: expected a point"):
        sweep.differences({"inflow.scale": 2})


def test_the_watcher_is_told_how_far_it_is(tmp_path: Path) -> None:
    told = []
    made(tmp_path / "out").run(processes=1, progress=told.append)
    assert [told[0].done, told[0].remaining, told[-1].done, told[-1].total] == [0, None, 18, 18]
    assert told[-1].remaining == 0
    assert told[-1].per_second > 0


def test_an_estimate_writes_nothing(tmp_path: Path) -> None:
    sweep = made(tmp_path / "out")
    found = sweep.estimate(processes=2)
    assert (found.runs, found.done, found.points, found.seeds) == (18, 0, 6, 3)
    assert found.bytes > 0
    assert not (tmp_path / "out").exists()
    sweep.run(processes=1)
    assert sweep.estimate().done == 18


def test_two_sweeps_in_one_folder_are_refused(tmp_path: Path) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def stopped(_: object) -> None:
        begun.set()
        assert go_on.wait(20)

    first = threading.Thread(target=lambda: made(tmp_path / "out").run(processes=1, progress=stopped))
    first.start()
    assert begun.wait(20)
    with pytest.raises(InputError, match="another sweep is at work there"):
        made(tmp_path / "out").run(processes=1)
    go_on.set()
    first.join()
    assert made(tmp_path / "out").run(processes=1).earlier == 18


@pytest.mark.parametrize(
    ("axes", "more", "said"),
    [
        ({}, {}, "axes = .*expected at least one"),
        ({"inflow.scal": [1]}, {}, "inflow.scal = 0: unknown key.*did you mean 'inflow.scale'"),
        ({"inflow.scale": ["much"]}, {}, "axis 'inflow.scale': inflow.scale = \"much\": expected a number"),
        ({"inflow.scale": (2, 1)}, {}, r"axes\[1\].high = 1: expected more than low = 2"),
        ({"inflow.scale": 3}, {}, "inflow.scale = 3: expected a list of values, a range"),
        ({"corridor": (1, 2)}, {}, 'corridor is "channel": expected values'),
        ({"seed": {"key": "inflow.scale", "values": [1.0]}}, {}, "axis 'seed': expected another name"),
        (AXES, {"design": "factoral"}, "unknown design 'factoral'.*did you mean 'factorial'"),
        (AXES, {"design": "table"}, "expected points, as a CSV file or a pandas frame"),
        (AXES, {"seeds": [1, 1]}, "each once"),
        (AXES, {"seeds": [-1]}, "seeds: -1: expected whole numbers from 0"),
        (AXES, {"seeds": None, "replications": 0}, "replications = 0: expected a whole number"),
        (AXES, {"replications": 2}, "expected either replications or seeds, got both"),
        (AXES, {"keep": ["dayly"]}, "unknown outcome to keep 'dayly'.*did you mean 'daily'"),
        (AXES, {"figure": {"x": "scale"}}, r"unknown axis in \[figure\] 'scale'"),
        (AXES, {"design": "sobol", "samples": 12}, "expected a power of two"),
        ({key: {"low": 0.5, "high": 1.0, "points": 9999} for key in AXES}, {}, "99,980,001 points: expected"),
        (AXES, {"design": "morris", "samples": 10_000_000}, "30,000,000 points: expected at most 10,000,000"),
    ],
)
def test_what_cannot_be_run_is_refused_before_anything_is_written(
    tmp_path: Path, axes: Any, more: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        Sweep("no-policy", axes, **{"seeds": [1]} | more, out=tmp_path / "out", run=sweep_runs.quick)
    assert list(tmp_path.iterdir()) == []


def test_a_ready_study_goes_before_a_folder_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made(Path("screening")).run(processes=1)
    assert Sweep.load("screening").design == "morris"
    assert Sweep.load("./screening", run=sweep_runs.quick).design == "factorial"


def test_a_folder_of_another_version_says_which_file(tmp_path: Path) -> None:
    made(tmp_path / "out").run(processes=1)
    path = tmp_path / "out" / "generation-001" / "sweep.json"
    whole = path.read_text()
    for old, new, said in (
        ('"homophily"', '"homophyly"', r"sweep.json: of another version of the model: beliefs.homophyly"),
        ('"points"', '"pints"', r"sweep.json: expected what a sweep wrote there, got KeyError\('points'\)"),
    ):
        path.write_text(whole.replace(old, new))
        with pytest.raises(InputError, match=said):
            Sweep.load(tmp_path / "out")


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(InputError, match="holds something else"):
        made(tmp_path).run(processes=1)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_worker_with_other_code_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sweep = made(tmp_path / "out")

    class Stale(making.Work):
        @classmethod
        def of(cls, *parts: Any) -> making.Work:
            return replace(making.Work.of(*parts), sources="other", code=(("crossings.clock", "other"),))

    monkeypatch.setattr("crossings.study.sweep_runs.Work", Stale)
    with pytest.raises(InputError, match="expected the code of the process that asks"):
        sweep.run(processes=1)
