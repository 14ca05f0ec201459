"""Experiment files of kind sweep: what they may say, and one line for whatever is wrong."""

# ruff: noqa: E501 - a file and what is said of it stand on one line

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from crossings.errors import InputError
from crossings.outcomes.summary import HEADLINES
from crossings.study import experiments
from crossings.study.sweeps import Sweep

ROOT = Path(__file__).parents[2]
HEAD = 'kind = "sweep"\nscenario = "one-in-one-out"\n'
QUOTA = '[[axes]]\nkey = "policies.returns.quota_per_week"\n'


def loaded(folder: Path, text: str) -> Sweep:
    folder.mkdir(exist_ok=True)
    (folder / "experiment.toml").write_text(text, encoding="utf-8")
    return Sweep.load(folder)


@pytest.mark.parametrize("name", experiments.shipped("sweep"))
def test_ready_studies_can_be_run_and_have_a_readme(name: str) -> None:
    sweep = Sweep.load(name)
    readme = (ROOT / "experiments" / name / "README.md").read_text(encoding="utf-8")
    assert sweep.question in readme
    assert f"crossings sweep {name}" in readme
    assert set(sweep.figure.y) <= set(HEADLINES)
    assert len(sweep.runs) == len(sweep.points) * len(sweep.seeds)
    for point in {str(point): point for point in sweep.points[:: max(1, len(sweep.points) // 8)]}.values():
        settings = {
            k: v
            for axis in sweep.axes
            if axis.name in point
            for k, v in axis.settings(point[axis.name]).items()
        }
        sweep.base.with_(**settings)


def test_there_are_studies() -> None:
    assert {"dose-response", "matching-ratio", "speed-of-return", "credibility"} <= set(
        experiments.shipped("sweep")
    )


def test_a_file_says_it_all(tmp_path: Path) -> None:
    sweep = loaded(
        tmp_path / "mine",
        HEAD + 'title = "Mine"\nseeds = [5, 9]\nkeep = ["daily"]\n[settings]\nend = 2025-12-31\nweather.wave_sd = 0.5\n'
        + QUOTA + 'low = 10\nhigh = 1000\npoints = 3\nscale = "log"\n'
        + '[[axes]]\nname = "patrols"\n[axes.variants.few]\n"enforcement.patrols.teams" = 20\n[axes.variants.usual]\n',
    )  # fmt: skip
    assert (sweep.name, sweep.title, sweep.seeds, sweep.keep) == ("mine", "Mine", (5, 9), ("totals", "daily"))
    assert sweep.base.end == date(2025, 12, 31)
    assert sweep.base.weather.wave_sd == 0.5
    assert [point["policies.returns.quota_per_week"] for point in sweep.points[::2]] == [10, 100, 1000]
    assert sweep.points[0]["patrols"] == "few"
    assert sweep.runs[0].settings["enforcement.patrols.teams"] == 20


def test_ends_left_out_are_those_of_the_plausible_range(tmp_path: Path) -> None:
    sweep = loaded(tmp_path / "mine", HEAD + '[[axes]]\nkey = "beliefs.credibility"\npoints = 2\n')
    assert [point["beliefs.credibility"] for point in sweep.points] == [0.05, 0.6]


def test_a_table_gives_points_one_by_one(tmp_path: Path) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "points.csv").write_text("end,policies.returns.quota_per_week\n2025-10-31,100\n,200\n\n")
    sweep = loaded(place, HEAD + 'design = "table"\ntable = "points.csv"\n')
    assert sweep.points == [
        {"end": date(2025, 10, 31), "policies.returns.quota_per_week": 100},
        {"policies.returns.quota_per_week": 200},
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "swep"\n', 'kind = \'swep\': expected "sweep" or "reproduction"'),
        (HEAD + "replication = 3\n" + QUOTA + "values = [1]\n", "replication = 3: unknown key.*'replications'"),
        (HEAD + 'replications = "3"\n' + QUOTA + "values = [1]\n", 'replications = "3": expected a whole number'),
        (HEAD + 'design = "sobel"\n' + QUOTA + "values = [1]\n", "design = \"sobel\": expected one of.*'sobol'"),
        (HEAD + '[[axes]]\nkey = "policies.returns.quota"\nvalues = [1]\n', "unknown key.*'policies.returns.quota_per_week'"),
        (HEAD + QUOTA + "value = [1]\n", r"axes\[1\].value = \[1\]: unknown key.*values"),
        (HEAD + QUOTA + "values = [50, -1]\n", "axis 'policies.returns.quota_per_week': .* = -1: expected at least 0"),
        (HEAD + QUOTA + "values = [1]\nlow = 2\n", r"axes\[1\].low: expected either values or low, got both"),
        (HEAD + QUOTA + 'low = 0\nhigh = 9\npoints = 3\nscale = "log"\n', "expected more than 0 on a log scale"),
        (HEAD + QUOTA, "points = nothing given: expected how many"),
        (HEAD + QUOTA + "values = []\n", r"axes\[1\]: expected at least one value"),
        (HEAD + "[[axes]]\n[axes.variants.a]\n", r"axes\[1\].name = nothing given: expected a name"),
        (HEAD + 'axes = "beds"\n', 'axes = "beds": expected tables'),
        (HEAD + 'design = "table"\n', "table = \"FILE.csv\""),
        (HEAD + 'design = "table"\ntable = "none.csv"\n', "none.csv: expected a CSV file"),
        (HEAD + "[settings]\nweather.wave = 1\n" + QUOTA + "values = [1]\n", "weather.wave = 1: unknown key"),
        (HEAD + "[figure]\ny = 3\n" + QUOTA + "values = [1]\n", "figure.y = 3: expected a list"),
        (HEAD + QUOTA + "values = [1]\n" + QUOTA + "values = [2]\n", "axis 'policies.returns.quota_per_week': expected every name once"),
        (HEAD + "[[axes]]\nvalues = [1]\n", r"axes\[1\].key = nothing given: expected the dotted key"),
        (HEAD + QUOTA + "values = [[1, 2]]\n", r"axes\[1\].values: \[1, 2\]: expected numbers, texts or dates"),
        (HEAD + '[[axes]]\nkey = "enforcement.patrols.teams"\nlow = 1.5\nhigh = 9\npoints = 3\n', "takes whole numbers: expected whole low and high"),
        ('kind = "reproduction"\n', 'kind = "reproduction": expected "sweep"'),
        (HEAD.replace("one-in", "two-in") + QUOTA, "unknown scenario 'two-in-one-out'.*'one-in-one-out'"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        loaded(tmp_path / "mine", text)
    assert "\n" not in str(caught.value)
    assert "experiment.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("end\n", "expected a row of dotted keys and rows of values"),
        ("end,end\n2025-10-31,2025-10-31\n", "line 1: expected a dotted key for each column, each once"),
        ("end,\n2025-10-31,3\n", "line 1: expected a dotted key for each column, each once"),
        ("end\n\n2025-10-31,3\n", "line 3: 2 cells, expected at most 1"),
        ("weather.wave_sd\n[1\n", "line 2: "),
    ],
)
def test_a_table_with_a_slip_says_its_line(tmp_path: Path, text: str, said: str) -> None:
    place = tmp_path / "mine"
    place.mkdir()
    (place / "points.csv").write_text(text)
    with pytest.raises(InputError, match=said) as caught:
        loaded(place, HEAD + 'design = "table"\ntable = "points.csv"\n')
    assert "points.csv" in str(caught.value)


def test_a_sweep_says_what_it_is(tmp_path: Path) -> None:
    sweep = loaded(tmp_path / "mine", HEAD + "seeds = [1, 2]\n" + QUOTA + "values = [10, 20, 30]\n")
    assert repr(sweep).startswith("<Sweep mine: 3 points, 2 seeds, in ")
    with pytest.raises(InputError, match="events were not kept by this sweep: expected keep with 'events'"):
        next(iter(sweep.tables("events")))
