"""The command `sensitivity`, as typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from crossings.cli.app import follow

STUDY = """
kind = "sweep"
scenario = "no-policy"
design = "morris"
samples = 4

[settings]
start = 2025-06-01
end = 2025-06-28
warmup_days = 10

[[axes]]
key = "inflow.scale"
[[axes]]
key = "weather.wave_sd"
"""


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("study")
    (folder / "experiment.toml").write_text(STUDY)
    return ["sensitivity", str(folder), "--out", str(folder / "made"), "--processes", "1"]


def test_indices_are_said_and_drawn(typed, tmp_path, capsys):
    picture = tmp_path / "indices.png"
    assert follow([*typed, "--figure", str(picture), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["axis"] for row in found["axes"]} == {"inflow.scale", "weather.wave_sd"}
    assert found["points"] == 4 * (2 + 1)
    with Image.open(picture) as drawn:
        assert drawn.width > 500
    assert follow(typed) == 0
    assert "inflow.scale" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--figure", "there.png"], "exists: expected a new one (or --force"),
        (["--figure", "indices.gif"], "expected a name that ends in .png or .pdf or .svg"),
        (["--figure", "nowhere/indices.png"], "expected a file in a folder that exists"),
        (["--force"], "option --force: expected --figure FILE with it"),
    ],
)
def test_a_figure_that_cannot_be_drawn_is_refused_before_any_run(
    typed, tmp_path, monkeypatch, capsys, options, expected
):
    monkeypatch.chdir(tmp_path)
    Path("there.png").write_text("mine")
    assert follow([*typed, "--out", "new", *options]) == 2
    assert expected in capsys.readouterr().err
    assert Path("there.png").read_text() == "mine"
    assert not Path("new").exists()
