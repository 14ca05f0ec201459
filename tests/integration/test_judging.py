"""``calibrate``, ``validate``, ``forecast`` and ``data import`` as a user meets them."""

from __future__ import annotations

import json

from tests.integration.test_cli import crossings
from tests.spreadsheets import two_weeks, write_ods


def test_a_spreadsheet_is_imported_once(tmp_path):
    write_ods(tmp_path / "series.ods", two_weeks())
    said = crossings("data", "import", "series.ods", "--out", "counts", cwd=tmp_path)
    assert "2024-01-01 to 2024-01-14: 286 people in 6 boats, 2 weeks; written to counts" in said.stdout
    assert {path.name for path in (tmp_path / "counts").iterdir()} == {
        "daily.csv",
        "weekly.csv",
        "provenance.json",
    }
    again = crossings("data", "import", "series.ods", "--out", "counts", cwd=tmp_path, status=2)
    assert "folder 'counts' exists" in again.stderr
    told = crossings("data", "import", "series.ods", "--out", "counts", "--force", "--json", cwd=tmp_path)
    assert json.loads(told.stdout)["people"] == 286


def test_what_is_wrong_is_said_in_one_line_and_nothing_is_written(tmp_path):
    sheets = two_weeks()
    sheets["SB_01"][4][1] = "fifty"
    write_ods(tmp_path / "series.ods", sheets)
    cases = [
        (("data", "import", "series.ods"), "sheet SB_01 row 5, people: 'fifty', expected a whole number"),
        (("data", "import", "none.ods"), "file 'none.ods': expected an OpenDocument spreadsheet"),
        (("calibrate", "--draws", "0"), "0: expected a whole number of at least 1"),
        (("validate", "--posterior", "nowhere"), "posterior 'nowhere': expected a folder with draws.csv"),
        (
            ("forecast", "--data", "nowhere"),
            "data 'nowhere': expected a folder made by crossings data import",
        ),
        (
            ("compare", "no-policy", "one-in-one-out", "--posterior", "1"),
            "option --posterior 1: expected at least",
        ),
    ]
    for words, said in cases:
        done = crossings(*words, cwd=tmp_path, status=2)
        assert said in done.stderr, done.stderr
        assert done.stderr.count("\n") == 1
        assert done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == ["series.ods"]


def test_more_draws_than_there_are_are_refused_before_anything_runs(tmp_path):
    words = ("compare", "no-policy", "one-in-one-out", "--posterior", "100000")
    assert "posterior 100000: expected 1 to" in crossings(*words, cwd=tmp_path, status=2).stderr


def test_a_comparison_shows_both_uncertainties(tmp_path):
    words = (
        "compare", "no-policy", "one-in-one-out", "--start", "2025-08-10", "--end", "2025-08-30",
        "--set", "warmup_days=40", "--seeds", "2", "--posterior", "2", "--processes", "1",
    )  # fmt: skip
    said = crossings(*words, cwd=tmp_path).stdout
    assert "effect at 2 draws of the posterior, a seed each: median" in said
    assert "chance and parameters; chance alone, at the defaults:" in said
    told = json.loads(crossings(*words, "--json", cwd=tmp_path).stdout)["posterior"]
    effect = told["effects"]["one-in-one-out"]
    assert len(told["draws"]) == 2
    assert effect["chance_and_parameters"][0] <= effect["median"] <= effect["chance_and_parameters"][1]
    assert len(effect["chance"]) == 2
    crossings(*words, "--out", "both", cwd=tmp_path)
    assert json.loads((tmp_path / "both" / "summary.json").read_text())["posterior"] == told
    assert (tmp_path / "both" / "posterior_weekly.csv").is_file()
