"""``crossings reproduce`` as a user meets it: real processes, output, reports, errors, exit statuses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.integration.test_cli import crossings

from crossings.study import experiments

KEYS = ["experiment", "quantity", "published", "obtained", "low", "high", "tolerance", "ok"]
SMALL = ("--scale", "0.05")


@pytest.fixture
def experiment(tmp_path) -> Path:
    return Path(shutil.copytree(experiments.folder("repeated-trials"), tmp_path / "mine"))


def change(experiment: Path, file: str, old: str, new: str) -> None:
    path = experiment / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_json_is_a_list_of_verdicts_and_nothing_else(tmp_path, experiment):
    change(experiment, "experiment.toml", "people = 20000", "people = 4000")
    done = crossings("reproduce", "mine", "--json", cwd=tmp_path, status=1)  # by chance: see the next test
    rows = json.loads(done.stdout)
    assert [list(row) for row in rows] == [KEYS] * len(rows)
    assert len(rows) == 26
    assert all(row["low"] <= row["obtained"] <= row["high"] for row in rows)
    outside = [row for row in rows if not row["ok"]]
    assert all(abs(row["obtained"] - row["published"]) > row["tolerance"] for row in outside)
    assert {row["quantity"] for row in outside} <= {"p35.repeat-share", "p40.repeat-share"}


def test_the_full_experiment_ends_well_and_leaves_a_report(tmp_path):
    done = crossings("reproduce", "repeated-trials", cwd=tmp_path)
    assert "26 of 26 within tolerance" in done.stdout
    place = tmp_path / "reproduced" / "repeated-trials"
    assert {path.name for path in place.iterdir()} == {"report.md", "result.json", "figure.png", "caught.csv"}
    assert (tmp_path / "reproduced" / "provenance.json").is_file()
    assert "Espenshade 1995" in (place / "report.md").read_text(encoding="utf-8")
    assert (place / "figure.png").stat().st_size > 30_000
    crossings("reproduce", "repeated-trials", "--json", cwd=tmp_path)  # the default folder is made anew


def test_something_outside_ends_with_status_1(tmp_path, experiment):
    change(experiment, "expected.toml", "published = 1.0", "published = 0.5")
    done = crossings("reproduce", str(experiment), *SMALL, "--out", "there", cwd=tmp_path, status=1)
    assert "outside by 0.5" in done.stdout
    assert (tmp_path / "there" / "mine" / "report.md").is_file()


def test_a_folder_that_is_there_is_not_replaced_unasked(tmp_path, experiment):
    (tmp_path / "there").mkdir()
    done = crossings("reproduce", "mine", *SMALL, "--out", "there", cwd=tmp_path, status=2)
    assert "exists" in done.stderr
    (tmp_path / "reproduced").mkdir()
    (tmp_path / "reproduced" / "thesis.txt").write_text("mine")
    done = crossings("reproduce", "mine", *SMALL, cwd=tmp_path, status=2)
    assert "holds something else" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("repeated-trails",), "did you mean 'repeated-trials'?"),
        ((), "expected the name of one experiment, or --all"),
        (("repeated-trials", "--all"), "or --all (not both)"),
        (("repeated-trials", "--scale", "0"), "--scale 0: expected a number above 0"),
        (("repeated-trials", "--scale", "half"), "expected a number above 0"),
        (("repeated-trials", "--scale", "nan"), "expected a number above 0"),
        (("repeated-trials", "--data", "nowhere"), "data 'nowhere': expected a folder"),
        (("repeated-trials", "--force"), "expected --out DIR with it"),
        (("repeated-trials", "--scale", "0.1", "--record"), "expected the full experiment"),
    ],
)
def test_a_mistake_is_one_line_and_nothing_is_written(tmp_path, words, said):
    done = crossings("reproduce", *words, cwd=tmp_path, status=2)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_an_experiment_without_its_files_is_skipped_with_the_reason(tmp_path, experiment):
    with (experiment / "experiment.toml").open("a", encoding="utf-8") as file:
        file.write('\n[data]\nfiles = ["routes.csv"]\nsource = "the authors\' repository"\n')
    done = crossings("reproduce", "mine", "--json", cwd=tmp_path)
    assert json.loads(done.stdout) == []
    assert "mine skipped: needs routes.csv (the authors' repository)" in done.stderr
    (tmp_path / "routes.csv").write_text("from,to\n")
    done = crossings("reproduce", "mine", *SMALL, "--data", ".", "--json", cwd=tmp_path, status=1)
    assert len(json.loads(done.stdout)) == 26


def test_a_result_is_kept_beside_the_experiment_on_request(tmp_path, experiment):
    (experiment / "result.json").unlink(missing_ok=True)
    crossings("reproduce", "mine", "--record", "--json", cwd=tmp_path)
    kept = json.loads((experiment / "result.json").read_text(encoding="utf-8"))
    assert len(kept["identity"]) == 64
    assert len(kept["quantities"]) == 26
