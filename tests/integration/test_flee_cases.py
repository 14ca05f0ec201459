"""``crossings reproduce flee``: a case never seen before by one command; Mali where its files are at hand."""

from __future__ import annotations

import csv
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.test_cli import crossings
from tests.pages import colliding, outside

from crossings.errors import InputError
from crossings.replicas.flee.comparing import compare
from crossings.replicas.flee.model import FleeModel
from crossings.replicas.flee.reading import read
from crossings.replicas.flee.rules import FleeBlock
from crossings.study import expected, experiments, reproduction
from crossings.study.reproductions import Work, flee
from crossings.views.reproduced import draw

UPRIVER = Path(__file__).parents[1] / "cases" / "upriver"
DATA = os.environ.get(reproduction.DATA)


def test_a_case_never_seen_before_runs_with_one_command(tmp_path):
    done = crossings("reproduce", "flee", "--data", str(UPRIVER), cwd=tmp_path)
    lines = done.stdout.splitlines()
    days = [line for line in lines if " 2031-" in line]
    assert len(days) == 60 + 1  # each day, and the line on what was run
    assert all(name in lines[1] for name in ("rescaled_ard", "error Lakeside Camp", "error Meadow"))
    assert any(line.startswith("Hilltop Camp") for line in lines)
    assert "nothing was published about this case" in lines[-1]
    place = tmp_path / "reproduced" / "flee"
    assert (place / "figure.png").stat().st_size > 30_000
    rows = list(csv.DictReader((place / "counts.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 60 * 3
    assert rows[0]["counted"] == "150"
    assert "rescaled-ard" in (place / "report.md").read_text(encoding="utf-8")
    assert json.loads((place / "result.json").read_text())["quantities"] == []


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("input/routes.csv", None, "routes.csv: not found"),
        (
            "input/routes.csv",
            b"Oldbridge,Nowhere,10,0\n",
            "routes.csv line 1, column name2: 'Nowhere', expected",
        ),
        ("input/locations.csv", None, "flee: needs input/locations.csv or"),
    ],
)
def test_a_malformed_folder_is_one_line_and_nothing_is_written(tmp_path, file, content, said):
    place = tmp_path / "case"
    shutil.copytree(UPRIVER, place)
    (place / file).unlink() if content is None else (place / file).write_bytes(content)
    done = crossings("reproduce", "flee", "--data", "case", cwd=tmp_path, status=2)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_a_folder_of_other_data_is_no_mistake_where_it_was_not_named(tmp_path, monkeypatch):
    monkeypatch.setenv(reproduction.DATA, str(tmp_path))
    done = crossings("reproduce", "flee", "--json", cwd=tmp_path)
    assert json.loads(done.stdout) == []
    assert "flee skipped: needs input/locations.csv" in done.stderr


QUANTITY = """[{name}]
meaning = "made up"
published = {value}
kind = "absolute"
tolerance = 0
source = "made up"
status = "not fitted"
case = "upriver"
"""


def test_published_quantities_are_judged_for_their_case_alone(tmp_path):
    place = Path(shutil.copytree(experiments.folder("flee"), tmp_path / "mine"))
    text = (place / experiments.FILE).read_text(encoding="utf-8")
    known = f'[settings.published]\nupriver = "{read(UPRIVER).fingerprint}"\n'
    (place / experiments.FILE).write_text(text.replace("[settings.published]\n", known), encoding="utf-8")
    shipped = (place / expected.FILE).read_text(encoding="utf-8").replace('["people"]', '["people of Mali"]')
    (place / expected.FILE).write_text(
        shipped + QUANTITY.format(name="people", value=4_320), encoding="utf-8"
    )
    judged = reproduction.reproduce(place, data=UPRIVER, scale=0.2)
    assert [verdict.quantity for verdict in judged.verdicts] == ["people"]
    assert judged.ok
    assert "people" not in judged.unjudged
    assert "rescaled-ard" in judged.unjudged
    rows = {row["quantity"]: row for row in judged.rows()}
    assert rows["people"]["ok"] is True
    assert rows["rescaled-ard"]["published"] is rows["rescaled-ard"]["ok"] is None
    assert 0.0 < rows["rescaled-ard"]["obtained"] < rows["naive-rescaled-ard"]["obtained"]
    page = draw(judged)
    assert outside(page) == []
    assert colliding(page) == []
    (place / expected.FILE).write_text(QUANTITY.format(name="poeple", value=1), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'people'"):  # it is judged, so it must be known
        reproduction.reproduce(place, data=UPRIVER, scale=0.2)


# --------------------------------------------------------------------- Mali, where its files are at hand


@pytest.mark.slow
@pytest.mark.skipif(DATA is None, reason=f"the files of Mali are not at hand ({reproduction.DATA})")
def test_mali_with_one_run_and_other_rules_that_must_not_come_out():
    experiment = reproduction.load("flee")
    try:
        place = reproduction.found_data(experiment, str(DATA))
    except reproduction.Skipped as why:
        pytest.skip(str(why))
    assert place is not None
    judged = reproduction.reproduce(experiment, scale=0.2, data=place)
    assert len(judged.verdicts) == 16
    assert [verdict.quantity for verdict in judged.verdicts if not verdict.ok] == []
    page = draw(judged)
    assert outside(page) == []
    assert colliding(page) == []
    for change in ({"awareness": 2}, {"initial_in_camps": False}, {"leave_camp": 0.3}):
        rules = FleeBlock.model_validate({"people_each": 10, **change})
        found = flee.reproduce(flee.Settings(seeds=1, rules=rules), Work(data=place))
        assert not 0.27 <= found.estimates["rescaled-ard"].value <= 0.37, change
    case = read(place)
    boundless = replace(case, sites=tuple(replace(site, capacity=0.0) for site in case.sites))
    run = FleeModel(boundless, FleeBlock(people_each=10), 1).run()
    assert (
        compare(boundless, [run.simulated], 10).rescaled.mean() > 0.6
    )  # the room of camps is part of the input
    tenth = flee.reproduce(flee.Settings(seeds=3, rules=FleeBlock(people_each=10)), Work(data=place))
    assert 0.27 <= tenth.estimates["rescaled-ard"].value <= 0.37  # the same with ten people for each
