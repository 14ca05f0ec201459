"""``crossings sweep``, ``rerun``, ``sensitivity`` and ``app`` in this process; runs take no time."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from tests import sweep_runs

from crossings.cli import serving, sweeping, terminal
from crossings.errors import InputError
from crossings.study import experiments
from crossings.study.advance import Advance, Estimate, Summary
from crossings.study.rerun import Rerun
from crossings.study.sensitivity import Sensitivity
from crossings.study.sweeps import Sweep

MINE = """
kind = "sweep"
scenario = "no-policy"
seeds = [2, 3]
title = "Mine"
[[axes]]
key = "inflow.scale"
values = [0.5, 1.0]
"""
MORRIS = """
kind = "sweep"
scenario = "no-policy"
design = "morris"
samples = 4
replications = 2
[[axes]]
key = "inflow.scale"
low = 0.5
high = 1.5
[[axes]]
key = "weather.wave_sd"
low = 0.5
high = 1.5
"""


@pytest.fixture
def ends(ends, tmp_path):
    """Return what runs a command, in a folder with two sweeps."""
    for name, text in (("mine", MINE), ("screen", MORRIS)):
        place = tmp_path / name
        place.mkdir()
        (place / "experiment.toml").write_text(text, encoding="utf-8")
    return ends


@pytest.fixture(autouse=True)
def runs(monkeypatch):
    """Let sweeps of the command line make quick runs; return what lets them make others."""
    load = Sweep.load.__func__

    def use(run):
        monkeypatch.setattr(
            Sweep, "load", classmethod(lambda cls, place, out=None, _run=None: load(cls, place, out, run))
        )

    use(sweep_runs.quick)
    return use


ONE = ("--processes", "1")


def test_without_a_name_ready_sweeps_are_listed(ends):
    status, out, _ = ends("sweep")
    assert status == 0
    rows = out.splitlines()
    assert rows[0].split()[:2] == ["sweep", "design"]
    assert {row.split()[0] for row in rows[1:] if not row.startswith(" ")} == set(
        experiments.shipped("sweep")
    )
    listed = json.loads(ends("sweep", "--json")[1])["sweeps"]
    dose = next(row for row in listed if row["name"] == "dose-response")
    assert dose["design"] == "factorial"
    assert dose["question"].endswith("?")


def test_a_sweep_leaves_a_table_and_a_figure_and_goes_on(ends, tmp_path):
    status, out, err = ends("sweep", "mine", "--out", "kept", *ONE)
    assert (status, err) == (0, "")
    assert out.startswith("mine: 4 runs, 0 from before, 4 made now, 0 failed; in kept\n")
    assert "1 worker" in out
    table = pd.read_csv(tmp_path / "kept" / "results.csv")
    assert table["arrivals"].tolist() == [502, 503, 1002, 1003]
    assert (tmp_path / "kept" / "figure.png").stat().st_size > 5_000
    status, out, _ = ends("sweep", "mine", "--out", "kept", *ONE)
    assert (status, out) == (0, "mine: 4 runs, 4 from before, 0 made now, 0 failed; in kept\n")
    said = json.loads(ends("sweep", "mine", "--out", "kept", *ONE, "--json")[1])
    assert (said["total"], said["earlier"], said["busy"]) == (4, 4, None)


def test_a_sweep_says_beforehand_what_it_will_take(ends, tmp_path):
    status, out, _ = ends("sweep", "mine", "--out", "kept", "--dry-run", *ONE)
    assert status == 0
    assert out.startswith("mine: 2 points, 2 seeds, 4 runs, 0 of them there\n")
    assert "1 process, " in out
    assert out.endswith(" in kept\n")
    said = json.loads(ends("sweep", "mine", "--out", "kept", "--dry-run", "--json", *ONE)[1])
    assert (said["name"], said["runs"], said["workers"]) == ("mine", 4, 1)
    assert not (tmp_path / "kept").exists()


def test_a_run_that_failed_is_told_and_ends_it_with_status_1(ends, runs, monkeypatch, tmp_path):
    monkeypatch.setenv("MENDED", str(tmp_path / "mended"))
    runs(sweep_runs.fails_at_three)
    status, out, _ = ends("sweep", "mine", "--out", "kept", *ONE)
    assert status == 1
    assert "4 made now, 2 failed" in out
    assert "the first failure: run " in out
    assert "ZeroDivisionError: boats ran out" in out
    rows = Sweep.load("kept").results()
    broken = rows.loc[rows["status"] == "failed", "run_id"].iloc[0]
    status, _, err = ends("rerun", broken, "--sweep", "kept")
    assert status == 2
    assert f"run '{broken}' failed (ZeroDivisionError: boats ran out): expected one that ended well" in err


def test_a_sweep_of_which_all_failed_leaves_a_table_and_no_figure(ends, runs, tmp_path):
    runs(sweep_runs.exits)
    status, out, _ = ends("sweep", "mine", "--out", "kept", *ONE)
    assert status == 1
    assert "4 failed" in out
    assert (tmp_path / "kept" / "results.csv").exists()
    assert not (tmp_path / "kept" / "figure.png").exists()


@pytest.mark.parametrize("first", [True, False])
def test_breaking_a_sweep_off_says_what_is_kept(ends, monkeypatch, first):
    def run(_sweep, progress, **_):
        if not first:
            progress(Advance(1200, 4000, 0, 10, 2.0))
        raise KeyboardInterrupt

    monkeypatch.setattr(Sweep, "run", run)
    kept = "nothing is lost" if first else "1,200 of 4,000 runs are kept"
    status, out, err = ends("sweep", "mine", "--out", "kept")
    assert (status, out) == (130, "")
    assert err.splitlines()[-1] == f"crossings: interrupted, {kept} in kept; the same command goes on"


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (OSError(28, "No space left on device"), "kept: No space left on device"),
        (RuntimeError("gone"), "gone"),
    ],
)
def test_a_fault_of_the_disk_or_of_workers_ends_a_sweep_in_one_line(ends, monkeypatch, raised, said):
    def run(*_, **__):
        raise raised

    monkeypatch.setattr(Sweep, "run", run)
    status, out, err = ends("sweep", "mine", "--out", "kept")
    assert (status, out) == (1, "")
    assert err == f"crossings: {said}; what was finished is kept, the same command goes on\n"


# ---- rerun


def test_a_row_is_found_among_the_results_and_looked_for_in_one_place_only(ends, tmp_path):
    ends("sweep", "mine", *ONE)
    row = Sweep.load("results/mine").results().iloc[0]
    status, _, err = ends("rerun", "none-1")
    assert (status, err) == (
        2, "crossings: run 'none-1': no sweep in 'results' has it: expected --sweep with the folder of one\n"
    )  # fmt: skip
    assert sweeping._holder(row["run_id"]) == Path("results/mine")
    ends("sweep", "mine", "--out", "results/again", *ONE)
    with pytest.raises(InputError, match="2 sweeps in 'results' have it"):
        sweeping._holder(row["run_id"])


def again(**changes):
    usual = {
        "run_id": "ab-2", "seed": 2, "point": {"inflow.scale": 0.5}, "then": "f" * 64, "now": "f" * 64,
        "exact": True, "changes": (), "error": None,
    }  # fmt: skip
    return Rerun(**(usual | changes))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (again(), f"the same: digest {'f' * 16}, every bit"),
        (
            again(exact=False, changes=("numpy 1 -> 2",)),
            f"the same: digest {'f' * 16}\nchanged since: numpy 1 -> 2",
        ),
        (again(now="0" * 64), f"not the same: digest {'f' * 16} then, {'0' * 16} now"),
        (again(now=None, error="ValueError: x"), "not the same: it failed now (ValueError: x)"),
    ],
)
def test_rerun_says_whether_it_is_the_same(ends, monkeypatch, found, said):
    monkeypatch.setattr(Sweep, "rerun", lambda _sweep, _run_id: found)
    status, out, _ = ends("rerun", "ab-2", "--sweep", "mine")
    assert status == (0 if found.same else 1)
    assert out == f"run ab-2: inflow.scale = 0.5, seed 2\n{said}\n"
    told = json.loads(ends("rerun", "ab-2", "--sweep", "mine", "--json")[1])
    assert told["same"] is found.same


def test_a_run_of_another_design_cannot_be_made_again(ends):
    ends("sweep", "mine", "--out", "kept", *ONE)
    sweep = Sweep.load("kept")
    run_id = sweep.results()["run_id"].iloc[-1]
    sweep.points = sweep.points[:1]
    with pytest.raises(InputError, match="expected one of the sweep as it is now; its design has changed"):
        sweep.rerun(run_id)


# ---- sensitivity


def test_sensitivity_prints_indices_of_a_design_made_for_it(ends, tmp_path):
    status, out, _ = ends("sensitivity", "screen", "--out", "kept", "--figure", "indices.png", *ONE)
    assert status == 0
    lines = out.splitlines()
    assert lines[0].startswith("arrivals, morris design of 12 points, 2 seeds, mean ")
    assert lines[1].split()[:3] == ["axis", "mu", "mu_star"]
    row = next(line.split() for line in lines if line.startswith("inflow.scale"))
    assert row[1:3] == ["1,000", "1,000"]  # a thousand for each unit of it, and nothing for the other
    assert next(line.split() for line in lines if line.startswith("weather.wave_sd"))[2] == "0"
    assert lines[-1].startswith("standard error of a point's mean over seeds: ")
    assert (tmp_path / "indices.png").stat().st_size > 5_000
    said = json.loads(ends("sensitivity", "screen", "--out", "kept", "--json", *ONE)[1])
    assert (said["design"], said["outcome"], said["points"], said["seeds"]) == ("morris", "arrivals", 12, 2)
    assert [each["mu_star"] for each in said["axes"]] == pytest.approx([1000.0, 0.0])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mine",), 'design = "factorial" of mine: expected morris or sobol'),
        (
            ("screen", "--figure", "none/x.png"),
            "option --figure none/x.png: expected a file in a folder that exists",
        ),
        (("screen", "--figure", "x.crayon"), "option --figure x.crayon: expected a name that ends in .png"),
        (("screen", "--outcome", "arrival"), "did you mean 'arrivals'"),
    ],
)
def test_what_is_wrong_with_sensitivity_is_one_line(ends, words, said):
    status, out, err = ends("sensitivity", *words, "--out", "kept", *ONE)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1


def test_indices_over_a_single_seed_have_no_error_over_seeds(capsys):
    table = pd.DataFrame({"mu_star": [12_345.6, 0.5]}, index=["a", "b"])
    found = SimpleNamespace(
        seeds=1, outcome="arrivals", design="morris", points=1_234, mean=5.0, table=table, noise=float("nan")
    )
    assert set(vars(found)) <= set(Sensitivity.__dataclass_fields__)
    sweeping._print_indices(found)
    said = capsys.readouterr().out
    assert "morris design of 1,234 points, 1 seed, mean 5" in said
    assert "12,346" in said
    assert "standard error" not in said


# ---- how it is said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.0, "0.0 s"), (119.9, "119.9 s"), (120, "2.0 min"), (7200, "2.0 h"), (172_800, "2.0 days")],
)
def test_times_are_said_in_the_unit_of_which_there_are_two(seconds, said):
    assert sweeping._time(seconds) == said


@pytest.mark.parametrize(
    ("size", "said"),
    [(999, "999 bytes"), (1_500, "2 kB"), (2_000_000, "2 MB"), (3_210_000_000_000, "3,210.0 GB")],
)
def test_space_is_said_in_the_unit_that_fits(size, said):
    assert sweeping._space(size) == said


def test_pace_is_said_once_a_run_has_ended():
    assert sweeping._pace(Advance(5, 2000, 0, 0, 9.0)) == "5 of 2,000 runs"
    assert (
        sweeping._pace(Advance(20, 2000, 3, 10, 5.0)) == "20 of 2,000 runs, 3 failed, 2 runs/s, 16.5 min left"
    )


def test_an_estimate_counts_in_words(capsys):
    sweeping._print_estimate(
        SimpleNamespace(name="mine", folder="kept"), Estimate(1, 2, 1000, 0, 2.0, 5_000.0, 2)
    )
    assert capsys.readouterr().out == (
        "mine: 1 point, 2 seeds, 1,000 runs, 0 of them there\n"
        "about 16.7 min (2 processes, 2.0 s a run), about 5 MB in kept\n"
    )


def test_a_summary_tells_of_damage_and_of_what_was_spared(capsys):
    found = Summary(
        name="mine", folder=Path("kept"), generation=1, total=8, earlier=4, made=4, failed=1,
        wall_seconds=2.0, run_seconds=3.0, workers=2, cut_bytes=1_500, damaged=("rows-1.parquet",),
        first_failure="ValueError: x", spared=0.25,
    )  # fmt: skip
    sweeping._print_summary(found)
    assert capsys.readouterr().out == (
        "mine: 8 runs, 4 from before, 4 made now, 1 failed; in kept\n"
        "2.0 s, 2 runs/s, 2 workers 75% busy with runs; a common history spared 25% of their days\n"
        "cut off 1,500 bytes that were half-written when it was last stopped\n"
        "damaged, so that lost runs were made again: rows-1.parquet\n"
        "the first failure: ValueError: x\n"
    )


def test_on_a_terminal_a_sweep_shows_a_bar(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # which rich takes for a terminal
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with sweeping.watched("mine", quiet=False) as watcher:
        watcher(Advance(20, 40, 0, 10, 5.0))
    assert "mine: 20 of 40 runs, 2 runs/s, 10.0 s left" in capsys.readouterr().err


def test_numbers_of_numpy_are_numbers_in_json():
    table = pd.Series([1.0, float("nan")]).to_numpy()
    assert terminal.plain({"a": table, 2: (table[0],)}) == {"a": [1.0, None], "2": [1.0]}


def test_memory_that_runs_out_is_one_line_and_status_1(ends, monkeypatch):
    def full(*_, **__):
        raise MemoryError("4 TB")

    monkeypatch.setattr(Sweep, "estimate", full)
    assert ends("sweep", "mine", "--dry-run") == (1, "", "crossings: out of memory: 4 TB\n")


# ---- the app


class Server:
    """Stands in for the server of the app; remembers where it was asked to listen."""

    asked: list[tuple[str, int]] = []  # noqa: RUF012

    def __init__(self, config):
        self.config = config

    def run(self, sockets):
        (listening,) = sockets
        assert self.config == ("solara.server.starlette:app", "warning")
        assert os.environ["SOLARA_APP"] == "crossings.views.app"
        assert os.environ["SOLARA_TELEMETRY_MIXPANEL_ENABLE"] == "False"
        Server.asked.append(listening.getsockname())
        listening.close()


@pytest.fixture
def server(monkeypatch):
    fake = SimpleNamespace(Server=Server, Config=lambda app, log_level: (app, log_level))
    monkeypatch.setitem(__import__("sys").modules, "uvicorn", fake)
    monkeypatch.setattr(serving, "find_spec", lambda name: name)
    monkeypatch.setattr(os, "environ", os.environ.copy())
    Server.asked.clear()
    return Server


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "localhost"), ("127.0.0.2", "127.0.0.2")])
def test_the_app_listens_before_it_says_where(ends, server, host, shown):
    status, out, _ = ends("app", "--port", "0", "--host", host)
    ((address, port),) = server.asked
    assert (status, address) == (0, host)
    assert port > 0
    assert out == f"open http://{shown}:{port} in a browser; Ctrl-C ends it\n"


def test_an_app_that_cannot_be_served_is_one_line(ends, server, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        status, _, err = ends("app", "--port", str(port))
    assert status == 2
    assert err.startswith(f"crossings: option --port {port}: expected one that is free at 127.0.0.1, got: ")
    status, _, err = ends("app", "--port", "65536")
    assert (status, err) == (2, "crossings: option --port 65536: expected a whole number from 0 to 65535\n")
    monkeypatch.setattr(serving, "find_spec", lambda name: None if name == "uvicorn" else name)
    status, _, err = ends("app")
    assert (status, err) == (
        2, "crossings: the app needs uvicorn: expected the extra, pip install 'crossings[app]'\n"
    )  # fmt: skip
    assert server.asked == []
