"""``crossings report`` and ``crossings map``: what a user gets from folders of results."""

from __future__ import annotations

import base64
import json
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from tests.integration.test_cli import crossings

import crossings as cx
from crossings.cli import main
from crossings.errors import InputError
from crossings.outcomes.provenance import LIMITS
from crossings.study import robustness
from crossings.study.comparison import Comparison
from crossings.views import effect_by_assumption
from crossings.views.opened import opened
from crossings.views.report import report

SHORT = {"start": "2025-08-01", "end": "2025-08-24", "warmup_days": 40}
WORDS = ("--start", "2025-08-01", "--end", "2025-08-24", "--set", "warmup_days=40")


class Page(HTMLParser):
    """What a browser would load, what it would show as text, and its pictures."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self.rows: list[list[str]] = []
        self._in = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self._in = tag
        self.loaded += [given[name] for name in ("src", "data", "poster", "srcset") if given.get(name)]
        if tag == "link":
            self.loaded.append(given.get("href", ""))
        if tag == "a":
            self.links.append(given.get("href", ""))
        if tag == "tr":
            self.rows.append([])

    def handle_data(self, text):
        if self._in in ("td", "th") and text.strip():
            self.rows[-1].append(text)
        if self._in not in ("style", "script"):
            self.words.append(text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> Path:
    """A run with life lines and a comparison, written by the command line."""
    place = tmp_path_factory.mktemp("results")
    crossings("run", "one-in-one-out", *WORDS, "--events", "--out", "run", cwd=place)
    words = (
        "compare",
        "no-policy",
        "one-in-one-out",
        *WORDS,
        "--seeds",
        "2",
        "--processes",
        "1",
        "--out",
        "pilot",
    )
    crossings(*words, cwd=place)
    return place


@pytest.mark.parametrize("name", ["run", "pilot"])
def test_a_report_is_one_file_that_loads_nothing(folders, name):
    done = crossings("report", name, "--out", f"{name}.html", cwd=folders)
    assert done.stdout.strip() == f"written to {name}.html"
    text = (folders / f"{name}.html").read_text(encoding="utf-8")
    page = Page(text)
    assert page.loaded
    assert all(source.startswith("data:image/png;base64,") for source in page.loaded)
    assert all(link.startswith("#") for link in page.links)
    assert "@import" not in text
    assert "url(" not in text
    assert "<script" not in text
    for source in page.loaded:
        with Image.open(BytesIO(base64.b64decode(source.partition(",")[2]))) as picture:
            assert picture.width > 900
            assert picture.text["Disclaimer"] == LIMITS
    for part in (
        LIMITS,
        "How sure this is",
        "Limits of use",
        "Where it comes from",
        "are assumed",
        "died trying",
    ):
        assert part in page.text, part


def test_the_key_table_is_that_of_the_comparison(folders):
    found = opened(folders / "pilot")
    assert isinstance(found, Comparison)
    page = Page(report(found))
    row = next(row for row in page.rows if row and row[0] == "people who arrived by small boat")
    table = found.table().loc[("one-in-one-out", "arrivals")]
    assert row[1:3] == [f"{table['base']:,.0f}", f"{table['policy']:,.0f}"]
    assert row[3].startswith(f"{table['difference']:+,.0f}".replace("-", "\u2212"))
    keys = {row[0]: row[1:] for row in page.rows if row}
    assert keys["policies.returns.kind"] == ["\u2013", "ReturnsAgreement"]
    assert "weather.wave_mean" not in keys  # the same in both
    assert "What does one-in-one-out change, compared with no-policy?" in page.text


def test_what_the_known_effect_hangs_on_is_said(folders, monkeypatch):
    page = Page(report(opened(folders / "pilot")))
    assert "What it hangs on" in page.text
    for row in effect_by_assumption.rows(robustness.load()):
        assert list(row) in page.rows
    monkeypatch.setattr(robustness, "load", _nothing_kept)
    page = Page(report(opened(folders / "pilot")))
    assert "are assumed" in page.text
    assert "at the lower end" not in page.text


def _nothing_kept() -> None:
    raise InputError("effects.csv: expected what is kept there")


def as_json(content: object) -> object:
    return json.loads(json.dumps(content, default=str))


def test_results_open_as_they_were_saved(tmp_path):
    pilot = cx.Scenario.load("one-in-one-out").with_(**SHORT)
    run = cx.run(pilot, seed=3, events=True)
    run.save(tmp_path / "run")
    again = opened(tmp_path / "run")
    assert isinstance(again, cx.Result)
    assert again.digest == run.digest
    assert as_json(again.provenance.as_dict()) == as_json(run.provenance.as_dict())
    assert again.summary() == run.summary()
    pd.testing.assert_frame_equal(
        again.ends().astype({"group": str, "state": str, "country": str}),
        run.ends().astype({"group": str, "state": str, "country": str}),
    )
    assert len(again.events()) == len(run.events())
    pd.testing.assert_frame_equal(
        again.beliefs().astype({"group": str, "belief": str}),
        run.beliefs().astype({"group": str, "belief": str}),
    )
    with pytest.raises(InputError, match="not kept"):
        again.people()
    again.save(tmp_path / "again")
    assert opened(tmp_path / "again").digest == run.digest

    both = cx.compare(cx.Scenario.load("no-policy").with_(**SHORT), pilot, seeds=[4, 2], processes=1)
    both.save(tmp_path / "both")
    same = opened(tmp_path / "both")
    assert isinstance(same, Comparison)
    pd.testing.assert_frame_equal(same.table(), both.table())
    pd.testing.assert_frame_equal(same.effects(), both.effects())
    assert (same.labels, same.seeds, same.digests) == (both.labels, both.seeds, both.digests)
    assert same.marks == both.marks
    for label in both.labels:
        np.testing.assert_array_equal(same.daily[label]["arrivals"], both.daily[label]["arrivals"])


def test_a_sweep_has_a_report(tmp_path):
    base = cx.Scenario.load("one-in-one-out").with_(**SHORT)
    sweep = cx.Sweep(
        base, {"policies.returns.quota_per_week": [0.0, 100.0]}, replications=2, out=tmp_path / "dose",
        question="What do <more> returns do?",
    )  # fmt: skip
    with pytest.raises(InputError, match="run the sweep first"):
        report(sweep)
    sweep.run(processes=1)
    done = crossings("report", "dose", cwd=tmp_path)
    assert done.stdout.strip().endswith("report.html")
    text = (tmp_path / "dose" / "report.html").read_text(encoding="utf-8")
    page = Page(text)
    assert "What do &lt;more&gt; returns do?" in text
    means = sweep.results().groupby("policies.returns.quota_per_week")["arrivals"].mean()
    assert [row[1].split(" ")[0] for row in page.rows if row and row[0] in ("0.0", "100.0")] == [
        f"{mean:,.0f}" for mean in means
    ]
    assert json.loads((tmp_path / "dose" / "provenance.json").read_text())["identity"] in page.text
    assert f"crossings {cx.__version__}" in page.text


def test_what_cannot_be_reported_is_one_line(folders, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "provenance.json").write_text("{}")
    for words, told in (
        (("report", "nowhere"), "expected a folder of results"),
        (("report", "empty"), "expected results that can be read"),
        (("report", "broken"), "expected results that can be read"),
        (("report", str(folders / "run"), "--out", "page.txt"), "ends in .html"),
        (("report", str(folders / "run"), "--out", "deep/page.html"), "folder that exists"),
        (("map", "one-in-one-out", "--out", "map.jpeg"), "ends in .png"),
        (("map", str(folders / "pilot")), "life lines"),
        (("map", str(folders / "run"), "--end", "2025-08-20"), "no other values or dates"),
        (("map", "one-in-one-uot"), "did you mean"),
    ):
        with pytest.raises(SystemExit) as left:
            main(words)
        said = capsys.readouterr().err
        assert left.value.code == 2
        assert told in said
        assert len(said.splitlines()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken", "empty"]
    (tmp_path / "old.html").write_text("mine")
    with pytest.raises(SystemExit) as left:
        main(["report", str(folders / "run"), "--out", "old.html"])
    assert left.value.code == 2
    assert "--force" in capsys.readouterr().err
    assert (tmp_path / "old.html").read_text() == "mine"
    with pytest.raises(SystemExit) as left:
        main(["report", str(folders / "run"), "--out", "old.html", "--force"])
    assert left.value.code == 0
    assert (tmp_path / "old.html").stat().st_size > 100_000


def test_a_map_and_a_season_from_one_call(folders):
    done = crossings("map", "run", "--out", "map.png", "--out", "season.gif", cwd=folders)
    assert done.stdout.split() == ["written", "to", "map.png", "written", "to", "season.gif"]
    with Image.open(folders / "map.png") as picture:
        assert picture.text["Scenarios"] == "one-in-one-out"
        assert picture.text["Disclaimer"] == LIMITS
    with Image.open(folders / "season.gif") as moving:
        assert moving.n_frames == 4
