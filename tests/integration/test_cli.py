"""The command line as a user meets it: real processes, their output, errors and exit statuses."""

from __future__ import annotations

import errno
import json
import os
import pty
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest
import typer

from crossings.cli import main
from crossings.cli.app import app, follow
from crossings.outcomes.provenance import LIMITS

COMMANDS = typer.main.get_command(app).commands
SHORT = ("--start", "2025-09-01", "--end", "2025-09-14", "--set", "warmup_days=40")
TOTALS = [
    "arrivals",
    "boats",
    "attempts",
    "prevented",
    "deaths",
    "returned",
    "removed",
    "admitted",
    "lorry_arrivals",
    "moved_on",
    "people_per_boat",
    "crossing_day_share",
    "waiting_mean",
    "cost_gbp",
]


def crossings(*words: str, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder; it must end with the given status."""
    environment = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "100"}
    if "PYTHONPATH" in environment:
        folders = environment["PYTHONPATH"].split(os.pathsep)
        environment["PYTHONPATH"] = os.pathsep.join(str(Path(folder).resolve()) for folder in folders)
    done = subprocess.run(
        [sys.executable, "-m", "crossings", *words],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    assert done.returncode == status, done.stderr
    return done


# --------------------------------------------------------------------- what is there


@pytest.mark.parametrize("command", ["run", "compare", "scenarios", "params", "report", "map", "app"])
def test_commands_have_help_with_an_example(tmp_path, command):
    text = crossings(command, "--help", cwd=tmp_path).stdout
    assert f"Example: crossings {command}" in text
    assert command in crossings(cwd=tmp_path).stdout


def test_no_command_is_without_help_and_example(capsys):
    """The same for all that there are, in one process."""
    every = [(name,) for name in COMMANDS if name != "data"] + [
        ("data", name) for name in COMMANDS["data"].commands
    ]
    assert {("run",), ("sweep",), ("reproduce",), ("data", "import")} <= set(every)
    for words in every:
        assert follow([*words, "--help"]) == 0, words
        text = " ".join(capsys.readouterr().out.split())
        assert f"Example: crossings {' '.join(words)}" in text, words


def test_help_is_there_at_once(tmp_path):
    program = (
        "import sys, crossings.cli.app; print(*sorted(set(sys.modules) & {'pandas', 'mesa', 'matplotlib'}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_version(tmp_path):
    assert crossings("--version", cwd=tmp_path).stdout.startswith("crossings 0")


def test_scenarios_are_listed(tmp_path):
    text = crossings("scenarios", cwd=tmp_path).stdout
    assert "one-in-one-out" in text
    listed = json.loads(crossings("scenarios", "--json", cwd=tmp_path).stdout)["scenarios"]
    pilot = next(each for each in listed if each["name"] == "one-in-one-out")
    assert (pilot["start"], pilot["end"]) == ("2025-01-01", "2026-06-30")
    assert pilot["policies"] == {"returns": "ReturnsAgreement", "legal_route": "LegalRoute"}


def test_a_printed_scenario_is_one_to_start_from(tmp_path):
    text = crossings("scenarios", "one-in-one-out", cwd=tmp_path).stdout
    assert tomllib.loads(text)["policies"]["returns"]["quota_per_week"] == 50
    (tmp_path / "mine.toml").write_text(text)
    again = crossings("scenarios", "mine.toml", cwd=tmp_path).stdout
    assert again == text


def test_parameters_are_listed(tmp_path):
    assert "weather.wave_mean" in crossings("params", "wave", cwd=tmp_path).stdout
    rows = json.loads(crossings("params", "quota_per_week", "--json", cwd=tmp_path).stdout)["parameters"]
    row = next(row for row in rows if row["path"] == "policies.ReturnsAgreement.quota_per_week")
    assert row["default"] == 50
    assert (row["unit"], row["assumed"]) == ("person/week", False)
    assert len(json.loads(crossings("params", "--json", cwd=tmp_path).stdout)["parameters"]) > 100


# ------------------------------------------------------------------------------- run


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, dict]:
    """Run once with everything switched on."""
    folder = tmp_path_factory.mktemp("run")
    options = ("--seed", "7", "--out", "deep/out", "--events", "--json")
    done = crossings("run", "one-in-one-out", *SHORT, *options, cwd=folder)
    assert done.stderr == ""
    return folder / "deep" / "out", json.loads(done.stdout)


def test_json_is_one_object_as_promised(written):
    content = written[1]
    assert list(content) == [
        "scenario",
        "seed",
        "host",
        "start",
        "end",
        "totals",
        "monthly",
        "burden",
        "costs",
        "stages",
        "digest",
        "wall_seconds",
        "limits",
    ]
    assert content["limits"] == LIMITS
    assert (content["scenario"], content["seed"]) == ("one-in-one-out", 7)
    assert (content["start"], content["end"]) == ("2025-09-01", "2025-09-14")
    assert list(content["totals"]) == TOTALS
    assert list(content["monthly"]) == ["month", "arrivals", "boats", "prevented", "returned", "admitted"]
    assert content["monthly"]["month"] == ["2025-09"]
    assert sum(content["monthly"]["arrivals"]) == content["totals"]["arrivals"] > 0
    assert len(content["digest"]) == 64
    assert {"Italy", "Spain", "Greece"} <= {row["country"] for row in content["burden"]}
    assert sum(row["gbp"] for row in content["costs"]) == pytest.approx(content["totals"]["cost_gbp"])
    stages = {row["stage"]: row for row in content["stages"]}
    detention = stages["detention"]
    assert (
        detention["entered"]
        == detention["done"] + detention["left"] + detention["queue"] + detention["inside"]
    )
    assert 0 < detention["use"] < 1


def test_results_are_written(written):
    folder, content = written
    names = {path.name for path in folder.iterdir()}
    assert {"daily.parquet", "daily.csv", "events.parquet", "summary.json", "provenance.json"} <= names
    provenance = json.loads((folder / "provenance.json").read_text())
    assert provenance["seed"] == content["seed"] == 7
    assert provenance["scenario"]["policies"]["returns"]["quota_per_week"] == 50


def test_a_run_in_words_is_the_same_run(written, tmp_path):
    done = crossings("run", "one-in-one-out", *SHORT, "--seed", "7", cwd=tmp_path)
    for word in (
        "arrivals",
        "boats",
        "recorded prevented",
        "deaths",
        "returned",
        "admitted",
        "waiting",
        "cost",
    ):
        assert word in done.stdout
    assert written[1]["digest"][:16] in done.stdout
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_replaced_only_if_forced(written, tmp_path):
    folder = written[0]
    before = (folder / "summary.json").read_bytes()
    refused = crossings("run", "no-policy", *SHORT, "--out", str(folder), cwd=tmp_path, status=2)
    assert_one_line(refused, "exists")
    assert (folder / "summary.json").read_bytes() == before
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    crossings("run", "no-policy", *SHORT, "--out", str(copy), "--force", cwd=tmp_path)
    assert json.loads((copy / "summary.json").read_text())["scenario"] == "no-policy"
    assert not (copy / "events.parquet").exists()


def test_on_a_terminal_there_is_a_bar_and_it_goes_to_standard_error(tmp_path):
    master, terminal = pty.openpty()
    whole = ("run", "no-policy", "--start", "2023-01-01", "--end", "2025-12-31")
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [sys.executable, "-m", "crossings", *whole],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
    ) as process:
        os.close(terminal)
        shown = _read_all(master)
        assert process.stdout is not None
        printed = process.stdout.read()
    assert process.returncode == 0
    assert "no-policy, seed 1" in shown
    assert "%" in shown
    assert "seed 1" in printed
    assert "\x1b" not in printed


def _read_all(master: int) -> str:
    pieces = []
    while True:
        try:
            piece = os.read(master, 65536)
        except OSError:  # how Linux says that nobody writes there any more
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(master)
    return b"".join(pieces).decode(errors="replace")


def test_a_disk_that_fills_up_loses_no_result(tmp_path, monkeypatch, capsys):
    def full(*_arguments: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("crossings.outcomes.result.write_json", full)
    with pytest.raises(SystemExit) as left:
        main(["run", "no-policy", *SHORT, "--out", str(tmp_path / "out")])
    printed = capsys.readouterr()
    assert left.value.code == 1
    assert "arrivals" in printed.out
    assert printed.out.endswith("; not written\n")
    assert printed.err == "crossings: [Errno 28] No space left on device\n"
    assert list(tmp_path.iterdir()) == []


def test_a_reader_who_leaves_early_costs_no_result(tmp_path):
    command = f"{sys.executable} -m crossings run no-policy {' '.join(SHORT)} --out out | true"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert (tmp_path / "out" / "summary.json").exists()


def test_a_figure_that_cannot_be_drawn_is_known_before_the_run(tmp_path, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "crayon")
    done = crossings("run", "no-policy", *SHORT, "--out", "out", cwd=tmp_path, status=2)
    assert_one_line(done, "expected a Matplotlib that can draw")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["scenarios one-in-one-out", "params", f"run no-policy {' '.join(SHORT)}"])
def test_nobody_listening_is_no_fault(tmp_path, words):
    command = f"{sys.executable} -m crossings {words} >&-"
    done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_the_letters_of_any_terminal_are_enough(tmp_path, encoding):
    (tmp_path / "mine.toml").write_text('extends = "no-policy"\nname = "漢字"\n', encoding="utf-8")
    environment = {**os.environ, "PYTHONWARNINGS": "error", "PYTHONIOENCODING": encoding}
    for words in (("run", "mine.toml", *SHORT, "--out", "out"), ("params", "é"), ("scenarios", "mine.toml")):
        done = subprocess.run(
            [sys.executable, "-m", "crossings", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            check=True,
        )
        assert done.stderr == b""
    # the last is a file in the making, and TOML is UTF-8
    assert tomllib.loads(done.stdout.decode("utf-8"))["name"] == "漢字"


def test_a_narrow_terminal_cuts_no_number_short(tmp_path):
    words = ("run", "no-policy", *SHORT)
    wide = crossings(*words, cwd=tmp_path).stdout.splitlines()
    narrow = _on_a_terminal(*words, columns=24, cwd=tmp_path)
    for line in wide[2:-1]:
        assert line.strip() in narrow
    keys = _on_a_terminal("params", "announced_chance", columns=60, cwd=tmp_path)
    assert "policies.ReturnsAgreement.announced_chance = none  (probability)" in keys


def _on_a_terminal(*words: str, columns: int, cwd: Path) -> str:
    """Return what a terminal of so many columns is sent on standard output."""
    master, terminal = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "COLUMNS": str(columns)}
    with subprocess.Popen(
        [sys.executable, "-m", "crossings", *words],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(terminal)
        shown = _read_all(master)
    assert process.returncode == 0
    return shown.replace("\r\n", "\n")


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ("run no-policy", 0.3),  # while it is still being imported
        ("run no-policy", 4.0),
        ("compare no-policy one-in-one-out --seeds 50 --processes 2", 1.5),  # while workers start
        ("compare no-policy one-in-one-out --seeds 50 --processes 2", 6.0),
    ],
)
def test_breaking_off_leaves_one_line_and_nothing_else(tmp_path, words, seconds):
    words = f"{words} --start 2020-01-01 --end 2025-12-31 --out out"
    with subprocess.Popen(
        [sys.executable, "-m", "crossings", *words.split()],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to workers as well
        try:
            printed, said = process.communicate(timeout=60)  # to the end of the pipes, which workers hold too
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert said == "crossings: interrupted, nothing written\n"
    assert printed == ""
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


# --------------------------------------------------------------------------- compare


def test_compare_prints_both_and_the_difference(tmp_path):
    words = ("compare", "no-policy", "one-in-one-out", *SHORT, "--seeds", "2", "--out", "both")
    done = crossings(*words, "--set", "policies.returns.quota_per_week=200", cwd=tmp_path)
    for word in ("no-policy", "one-in-one-out", "difference", "95%", "recorded prevented", "waiting", "cost"):
        assert word in done.stdout
    assert done.stderr == ""
    names = {path.name for path in (tmp_path / "both").iterdir()}
    assert {"daily.parquet", "daily.csv", "summary.json", "provenance.json", "weekly.png"} <= names
    provenance = json.loads((tmp_path / "both" / "provenance.json").read_text())
    scenarios = provenance["scenarios"]
    assert scenarios["one-in-one-out"]["policies"]["returns"]["quota_per_week"] == 200
    assert scenarios["no-policy"]["policies"] == {}


def test_compare_as_json(tmp_path):
    words = ("compare", "no-policy", "one-in-one-out", "no-policy", *SHORT, "--seeds", "1", "--json")
    content = json.loads(crossings(*words, cwd=tmp_path).stdout)
    assert content["scenarios"][:2] == ["no-policy", "one-in-one-out"]
    assert content["seeds"] == [1]
    assert content["limits"] == LIMITS
    again = [row for row in content["table"] if row["scenario"] == content["scenarios"][2]]
    assert {row["outcome"] for row in again} == set(TOTALS)
    assert all(row["difference"] == 0 for row in again)
    assert {"Italy", "Spain", "Greece"} <= {row["key"] for row in content["by_country"]}
    assert all(row["value"] is None for row in content["unit_costs"] if row["scenario"] == "no-policy (2)")


# -------------------------------------------------------------------- what is wrong

WRONG = {
    "run one-in-one-ou": "did you mean 'one-in-one-out'",
    "run gone.toml": "gone.toml",
    "run no-policy extra": "extra",
    "run --seed abc": "'--seed': abc: expected a whole number",
    "run --seed -1": "'--seed': -1: expected a whole number",
    "run --seed 18446744073709551616": "expected a whole number",
    "run --seed": "--seed",
    "run --sed 1": "--seed",
    "run --start 2025-02-30": 'start = "2025-02-30": expected a date that exists',
    "run --end 2024-01-01": "end = 2024-01-01: expected a date on or after start",
    "run --end 2025-03-01 --set end=2025-03-01": "option --end 2025-03-01: expected one date",
    "run --set weather.wave_ds=1": "did you mean 'weather.wave_sd'",
    "run --set weather.wave_sd": "expected key=value",
    "run --set policies.returns.quota_per_week=-1": "quota_per_week = -1: expected at least 0",
    "run --set policies.returns.nationalities=['Irak']": "did you mean 'Iraq'",
    "run --set corridor=chanel": "did you mean 'channel'",
    "run --out .": "exists",
    "run --out /dev/null/x": "place to write",
    f"run --out {'x' * 300}": "place to write",
    "run --events": "--out",
    "run --force": "--out",
    "rnu": "run",
    "compare no-policy": "SCENARIO",
    "compare no-policy one-in-one-out --seeds 0": "'--seeds': 0: expected a whole number",
    "compare no-policy one-in-one-out --set policies.retuns.quota_per_week=1": "did you mean 'returns'",
    "compare no-policy no-policy --set policies.returns.quota_per_week=1": "it has none",
    "scenarios no-polcy": "did you mean 'no-policy'",
    "params wave_ds": "did you mean 'wave_sd'",
}


def assert_one_line(done: subprocess.CompletedProcess[str], part: str) -> None:
    assert part in done.stderr
    assert done.stderr.startswith("crossings: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("words", WRONG)
def test_what_is_wrong_is_one_line_and_status_2_and_nothing_is_written(tmp_path, words):
    assert_one_line(crossings(*words.split(), cwd=tmp_path, status=2), WRONG[words])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", ["run one-in-one-ou --json", "params wave_ds --json"])
def test_errors_leave_standard_output_empty_for_machines_too(tmp_path, words):
    assert crossings(*words.split(), cwd=tmp_path, status=2).stdout == ""


def test_a_broken_file_is_named_with_its_line(tmp_path):
    (tmp_path / "mine.toml").write_text('extends = "no-policy"\nend = 2025-02-30\n')
    done = crossings("run", "mine.toml", cwd=tmp_path, status=2)
    assert_one_line(done, "mine.toml, line 2: end = 2025-02-30: expected a date that exists")
