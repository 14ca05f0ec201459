"""Whatever stands in a file or on the command line is taken, or refused in one clear line.

Nothing is written where something was refused, and nothing that a data file says is run as code or leads
out of its folder.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

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
from crossings.scenario import Scenario
from crossings.study.sweeps import Sweep

PACKAGE = Path(crossings.__file__).parent
CORRIDOR = PACKAGE / "corridors" / "gathmann"
CORRIDOR_FILES = sorted(path.relative_to(CORRIDOR) for path in CORRIDOR.iterdir() if path.is_file())
EXPERIMENTS = Path(__file__).parents[2] / "experiments"
SCENARIOS = sorted((PACKAGE / "scenarios").glob("*.toml"))
STUDY = EXPERIMENTS / "dose-response"

MANY = settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
SOME = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def taken_or_refused(load: Callable[[], object]) -> None:
    """Load something; if it is refused, in one clear line."""
    try:
        load()
    except InputError as error:
        said = str(error)
    else:
        said = "taken"
    assert is_one_clear_line(said), said


def corridor_spoilt(spoilt: list[tuple]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(shutil.copytree(CORRIDOR, Path(folder) / "place"))
        for change in spoilt:
            spoil(place, *change)
        taken_or_refused(lambda: corridors.load(place))


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
        taken_or_refused(lambda: spreadsheet.read(path))


def typed(words: list[str]) -> None:
    """Run the command line in an empty folder, dry where it would simulate, and look at how it ends."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as left,
        ):
            main(words)
        assert left.value.code in (0, 2), (words, err.getvalue())
        assert "Traceback" not in out.getvalue() + err.getvalue()
        if left.value.code == 2:
            lines = [line for line in err.getvalue().splitlines() if line.strip()]
            assert len(lines) == 1, (words, lines)
            assert list(Path(folder).iterdir()) == []


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
).filter(lambda words: not _would_work(words))


def _would_work(words: list[str]) -> bool:
    """Tell whether this could begin a real and long piece of work."""
    return words[0] in ("reproduce", "validate", "map", "sweep") and not any(
        word.startswith("-") and word not in ("--json", "--force") for word in words[1:]
    )


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
