"""Whatever stands in a file or on the command line is taken, or refused in one clear line.

Nothing is written where something was refused. Nothing that a data file says is run as code, starts a
process or asks another machine, nothing is written because of it, and for a corridor or a spreadsheet nothing
is read that is neither its own nor the program's. (A scenario or a study may name files elsewhere, as its
writer pleases.)
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import FrameType
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from tests.mangling import CELLS, changes, is_one_clear_line, spoil
from tests.spreadsheets import FIRST, two_weeks, write_ods

import crossings
from crossings import corridors
from crossings.cli import main
from crossings.corridors import spreadsheet
from crossings.errors import InputError
from crossings.model import CrossingsModel
from crossings.scenario import Scenario
from crossings.study import reproduction, trunks
from crossings.study.sweeps import Sweep

PACKAGE = Path(crossings.__file__).parent
CORRIDOR = PACKAGE / "corridors" / "gathmann"
CORRIDOR_FILES = sorted(path.relative_to(CORRIDOR) for path in CORRIDOR.iterdir() if path.is_file())
EXPERIMENTS = Path(__file__).parents[2] / "experiments"
SCENARIOS = sorted((PACKAGE / "scenarios").glob("*.toml"))
STUDY = EXPERIMENTS / "dose-response"

MANY = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


STARTS = (
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "subprocess.Popen",
    "socket.connect",
    "ctypes.dlopen",
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
PROGRAMS = tuple({str(PACKAGE), str(EXPERIMENTS), sys.prefix, sys.base_prefix, os.path.dirname(os.__file__)})
WATCH: dict[str, list[str] | None] = {"seen": None}


def _watch(event: str, details: tuple[Any, ...]) -> None:
    """Note what Python's own audit says of code, processes and files, while something is loaded."""
    seen = WATCH["seen"]
    if seen is None or event not in (*STARTS, "compile", "open") or _importing():
        return
    if event in STARTS or (event == "compile" and str(details[1]).startswith("<")):
        seen.append(f"{event} {details}")
    elif event == "open" and not isinstance(details[0], int):
        path = os.path.realpath(os.fsdecode(details[0]))
        if details[2] & WRITES:
            seen.append(f"written: {path}")
        elif not path.startswith(PROGRAMS):
            seen.append(f"read: {path}")


def _importing() -> bool:
    """Tell whether a library is being loaded, which compiles and opens what is its own."""
    frame: FrameType | None = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


sys.addaudithook(_watch)  # for good: one that is there cannot be taken away


@contextlib.contextmanager
def watched() -> Iterator[list[str]]:
    """Give what is noted meanwhile."""
    WATCH["seen"] = seen = []
    try:
        yield seen
    finally:
        WATCH["seen"] = None


def taken_or_refused(load: Callable[[], object], inside: Path | None = None) -> None:
    """Load something; if it is refused, in one clear line. Nothing outside is read, if it has an inside."""
    with watched() as seen:
        try:
            load()
        except InputError as error:
            said = str(error)
        else:
            said = "taken"
    assert is_one_clear_line(said), said
    own = f"read: {'' if inside is None else inside.resolve()}"
    assert [each for each in seen if not each.startswith(own)] == []


def test_the_watch_sees_what_is_run_started_written_and_read(tmp_path):
    with watched() as seen:
        eval("1 + 1")
        (tmp_path / "mine").write_text("")
        Path("/etc/hosts").read_text(encoding="utf-8")
        subprocess.run(["true"], check=True)
    assert [each.split()[0] for each in seen if "subprocess" not in each][:3] == [
        "compile",
        "written:",
        "read:",
    ]
    assert any(each.startswith("subprocess.Popen") for each in seen)


def corridor_spoilt(spoilt: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(shutil.copytree(CORRIDOR, Path(folder) / "place"))
        for change in spoilt:
            spoil(place, *change)
        taken_or_refused(lambda: corridors.load(place), inside=place)


def scenario_spoilt(file: Path, spoilt: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        shutil.copy(file, place / "mine.toml")
        for change in spoilt:
            spoil(place, Path("mine.toml"), *change[1:])
        taken_or_refused(lambda: Scenario.load(place / "mine.toml"))


def study_spoilt(spoilt: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "study"
        place.mkdir()
        shutil.copy(STUDY / "experiment.toml", place / "experiment.toml")
        for change in spoilt:
            spoil(place, Path("experiment.toml"), *change[1:])
        taken_or_refused(lambda: Sweep.load(place))


def spreadsheet_spoilt(cells: list[tuple[str, int, int, object]], cut: tuple[int, int] | None) -> None:
    """Replace cells of the small spreadsheet, then break its bytes where `cut` says; read what is left."""
    sheets = two_weeks()
    for sheet, row, column, value in cells:
        rows = sheets[sheet]
        line = rows[row % len(rows)]
        line[column % len(line)] = value
    with tempfile.TemporaryDirectory() as folder:
        path = write_ods(Path(folder) / "series.ods", sheets)
        if cut is not None:
            whole = bytearray(path.read_bytes())
            at, byte = cut[0] % len(whole), cut[1]
            path.write_bytes(whole[:at] if byte > 255 else whole[:at] + bytes([byte]) + whole[at + 1 :])
        taken_or_refused(lambda: spreadsheet.read(path), inside=path)


class Begun(BaseException):
    """Work that takes its time would begin now: what was typed was taken."""


def begin(*_: object, **__: object) -> None:
    raise Begun


@pytest.fixture(autouse=True, scope="module")
def nothing_long_begins():
    """Let nothing be simulated here, in this process or another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CrossingsModel, "__init__", begin)
        patch.setattr(ProcessPoolExecutor, "__init__", begin)
        patch.setattr(trunks, "grow", begin)
        patch.setattr(reproduction, "reproduce", begin)
        yield


def typed(words: list[str]) -> None:
    """Run the command line in an empty folder, up to where something long would begin, and see it end."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises((SystemExit, Begun)) as left,
        ):
            main(words)
        said = out.getvalue() + err.getvalue()
        assert "Traceback" not in said
        if isinstance(left.value, Begun):
            return
        assert left.value.code in (0, 2), (words, said)
        if left.value.code == 2:
            lines = [line for line in err.getvalue().splitlines() if line.strip()]
            assert len(lines) == 1, (words, lines)
            assert list(Path(folder).iterdir()) == []


def test_what_would_take_long_is_stopped_where_it_begins():
    for words in (
        ["run", "no-policy"],
        ["sweep", "dose-response"],
        ["validate"],
        ["reproduce", "three-cities"],
    ):
        with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), pytest.raises(Begun):
            main(words)


FOUND = (
    st.sampled_from([*CELLS, -1, 0, 1.5, 10**9, None, FIRST])
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
)
SHEETS = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(["SB_01", "SB_02"]), st.integers(0, 20), st.integers(0, 5), FOUND),
        min_size=1,
        max_size=3,
    ),
    st.none() | st.tuples(st.integers(0, 4000), st.integers(0, 300)),
)

COMMANDS = [
    "run",
    "compare",
    "calibrate",
    "forecast",
    "scenarios",
    "params",
    "sweep",
    "rerun",
    "sensitivity",
    "report",
    "map",
    "reproduce",
    "validate",
    "",
]
OPTIONS = [
    "--json",
    "--out",
    "--seeds",
    "--seed",
    "--set",
    "--start",
    "--end",
    "--force",
    "--scale",
    "--data",
    "-x",
]
WORDS = [
    *CELLS,
    "no-policy",
    "one-in-one-out",
    "NAME",
    "dose-response",
    "three-cities",
    "-1",
    "weather.wave_sd=x",
]
arguments = st.builds(
    lambda command, words: [command, *words],
    st.sampled_from(COMMANDS),
    st.lists(st.sampled_from([*OPTIONS, *WORDS]) | st.text(max_size=8), max_size=4),
)


@pytest.mark.parametrize("file", CORRIDOR_FILES, ids=str)
def test_no_word_in_a_corridor_leads_out_of_its_folder(file):
    for cell in range(4):
        corridor_spoilt([(file, "cell", 1, cell, "../../etc/passwd")])


@given(st.lists(changes(CORRIDOR_FILES), min_size=1, max_size=3))
@SOME
def test_a_corridor_of_one_s_own_loads_or_is_refused(spoilt):
    corridor_spoilt(spoilt)


@given(st.sampled_from(SCENARIOS), st.lists(changes([Path("x.toml")]), min_size=1, max_size=3))
@SOME
def test_a_scenario_loads_or_is_refused(file, spoilt):
    scenario_spoilt(file, spoilt)


@given(st.lists(changes([Path("x.toml")]), min_size=1, max_size=3))
@SOME
def test_a_study_loads_or_is_refused(spoilt):
    study_spoilt(spoilt)


@given(SHEETS)
@SOME
def test_a_spreadsheet_is_read_or_refused(spoilt):
    spreadsheet_spoilt(*spoilt)


@given(arguments)
@SOME
def test_whatever_is_typed_ends_well(words):
    typed(words)


@pytest.mark.slow
class TestAtLength:
    """The same, thousands of times."""

    @given(st.lists(changes(CORRIDOR_FILES), min_size=1, max_size=4))
    @MANY
    def test_corridors(self, spoilt):
        corridor_spoilt(spoilt)

    @given(st.sampled_from(SCENARIOS), st.lists(changes([Path("x.toml")]), min_size=1, max_size=4))
    @MANY
    def test_scenarios(self, file, spoilt):
        scenario_spoilt(file, spoilt)

    @given(st.lists(changes([Path("x.toml")]), min_size=1, max_size=4))
    @MANY
    def test_studies(self, spoilt):
        study_spoilt(spoilt)

    @given(SHEETS)
    @MANY
    def test_spreadsheets(self, spoilt):
        spreadsheet_spoilt(*spoilt)

    @given(arguments)
    @settings(MANY, max_examples=1500)
    def test_command_lines(self, words):
        typed(words)
