"""The frame of published experiments: what a run may know, what is judged, and when one is skipped."""

from __future__ import annotations

import ast
import json
import shutil
import sys
from pathlib import Path

import pytest

from crossings.errors import InputError
from crossings.study import expected, experiments
from crossings.study.reproduction import DATA, RESULT, Skipped, load, reproduce
from crossings.views import shelf
from crossings.views.reproduction_report import report

PACKAGE = Path(expected.__file__).parents[1]
SMALL = 0.02


def copied(tmp_path: Path, name: str = "repeated-trials") -> Path:
    """Copy an experiment of the shelf to where it may be changed."""
    return Path(shutil.copytree(experiments.folder(name), tmp_path / name))


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


# --------------------------------------------------------------------- a run knows nothing of the answer


def imports(source: str) -> set[str]:
    """Return every module or name that a module imports, in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def knows(source: str) -> bool:
    """Whether a module could read published values."""
    judges = ("crossings.study.expected", "crossings.study.reproduction")
    return any(name in judges or name.startswith(f"{judges[0]}.") for name in imports(source)) or (
        "expected.toml" in source
    )


def test_neither_the_model_nor_what_runs_an_experiment_could_read_expected_values():
    modules = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] not in ABOVE]
    modules += list((PACKAGE / "study" / "reproductions").glob("*.py"))
    assert len(modules) > 80
    assert [path for path in modules if knows(path.read_text(encoding="utf-8"))] == EXPLAINS
    # and the question can be answered with yes
    assert knows("from crossings.study import expected")
    assert knows("from crossings.study.expected import read")
    assert knows("open('expected.toml')")
    assert knows((PACKAGE / "study" / "reproduction.py").read_text(encoding="utf-8"))


ABOVE = ("study", "views", "cli")
EXPLAINS: list[Path] = []

OPENED: list[str] = []
WATCH = {"on": False}


def _watch(event: str, args: tuple[object, ...]) -> None:
    if event == "open" and WATCH["on"]:
        OPENED.append(str(args[0]))


def test_no_expected_value_is_read_while_an_experiment_runs(tmp_path):
    sys.addaudithook(_watch)
    experiment = load("repeated-trials")
    from crossings.study.reproductions import Work  # noqa: PLC0415

    WATCH["on"] = True
    try:
        experiment.runner.run(experiment.settings, Work(scale=SMALL))
        during = list(OPENED)
        expected.read(experiment.place)
    finally:
        WATCH["on"] = False
    assert not any(name.endswith(expected.FILE) for name in during)
    assert any(name.endswith(expected.FILE) for name in OPENED)  # the watch sees it


def test_other_published_values_change_verdicts_and_nothing_that_is_obtained(tmp_path):
    place = copied(tmp_path)
    before = reproduce(place, scale=SMALL)
    changed(place / expected.FILE, "published = 1.0", "published = 0.25")
    after = reproduce(place, scale=SMALL)
    assert [v.obtained for v in after.verdicts] == [v.obtained for v in before.verdicts]
    assert before.verdicts[0].ok
    assert not after.verdicts[0].ok
    assert not after.ok


# --------------------------------------------------------------------- the shelf


@pytest.mark.parametrize("name", experiments.shipped("reproduction"))
def test_every_experiment_on_the_shelf_is_whole(name):
    experiment = load(name)
    assert expected.read(experiment.place)
    text = (experiment.place / "README.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {experiment.description.title}")
    assert f"crossings reproduce {name}" in text
    assert experiment.description.question.endswith("?")


def test_the_shelf_has_the_first_five():
    five = {"beds-bottleneck", "founding-article", "repeated-trials", "sanctions", "three-cities"}
    assert five <= set(experiments.shipped("reproduction"))


def test_the_table_of_the_shelf_is_current():
    assert shelf.main(["--check"]) == 0


def test_the_table_says_how_each_last_run_came_out(tmp_path):
    place = copied(tmp_path)
    (place / RESULT).unlink(missing_ok=True)
    assert "| 26 | not run |" in shelf.table([str(place)])
    judged = reproduce(place, scale=SMALL)
    (place / RESULT).write_text(json.dumps(judged.as_dict()))
    within = sum(verdict.ok for verdict in judged.verdicts)
    row = shelf.table([str(place)]).splitlines()[-1]
    assert f"| {within} of 26 |" in row
    assert judged.identity[:12] in row
    assert shelf.stale([str(place)]) == []
    changed(place / RESULT, judged.identity, "0" * 64)
    assert shelf.stale([str(place)]) == [str(place)]


# --------------------------------------------------------------------- mistakes and missing files


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("people = 20000", "peopel = 20000", "did you mean 'people'?"),
        ("people = 20000", "people = 20", "settings.people: 20:"),
        ('runs = "repeated-trials"', 'runs = "repeated-trails"', "did you mean 'repeated-trials'?"),
        ('title = "', 'titel = "', "did you mean 'title'?"),
        ('kind = "reproduction"', 'kind = "sweep"', 'expected "reproduction"'),
        ("seed = 1", "seed = -1", "seed: -1:"),
    ],
)
def test_a_mistake_in_an_experiment_is_said_in_one_line(tmp_path, old, new, said):
    place = copied(tmp_path)
    changed(place / experiments.FILE, old, new)
    with pytest.raises(InputError) as error:
        load(place)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_quantity_that_the_run_does_not_find_is_said(tmp_path):
    place = copied(tmp_path)
    changed(place / expected.FILE, '["p35.enters"]', '["p35.entres"]')
    with pytest.raises(InputError, match=r"did you mean 'p35.enters'\?"):
        reproduce(place, scale=SMALL)


@pytest.mark.parametrize("scale", [0.0, -1.0, float("nan"), 1e9])
def test_a_scale_that_means_nothing_is_refused(scale):
    with pytest.raises(InputError, match="scale"):
        reproduce("repeated-trials", scale=scale)


def test_an_experiment_is_skipped_without_the_files_it_needs(tmp_path, monkeypatch):
    monkeypatch.delenv(DATA, raising=False)
    place = copied(tmp_path)
    with (place / experiments.FILE).open("a", encoding="utf-8") as file:
        file.write('\n[data]\nfiles = ["routes.csv"]\nsource = "the authors\' repository"\n')
    with pytest.raises(Skipped, match=r"needs routes.csv \(the authors' repository\); give .* --data"):
        reproduce(place, scale=SMALL)
    data = tmp_path / "data"
    data.mkdir()
    with pytest.raises(Skipped, match="not all are in"):
        reproduce(place, scale=SMALL, data=data)
    (data / "routes.csv").write_text("from,to\n")
    assert reproduce(place, scale=SMALL, data=data).verdicts
    monkeypatch.setenv(DATA, str(data))
    assert reproduce(place, scale=SMALL).verdicts
    with pytest.raises(InputError, match="expected a folder"):
        reproduce(place, scale=SMALL, data=tmp_path / "nowhere")


def test_a_report_says_by_how_much_something_is_missed(tmp_path):
    place = copied(tmp_path)
    changed(place / expected.FILE, "published = 1.0", "published = 0.25")
    text = report(reproduce(place, scale=SMALL))
    assert "outside by 0.75" in text
    assert "Massey & Singer 1995" in text
