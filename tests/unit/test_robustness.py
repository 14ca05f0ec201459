"""How far an effect hangs on assumptions: what is measured, kept, drawn and said of it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from tests.conftest import SHORT
from tests.pages import colliding, outside

import crossings as cx
from crossings.errors import InputError
from crossings.study import experiments, robustness
from crossings.study.robustness import Robustness
from crossings.study.sweeps import Sweep
from crossings.views import effect_by_assumption


def made_up() -> Robustness:
    """One parameter that hardly matters, and one that turns the direction at its upper end."""
    rows = [
        ("", "", -0.10), ("weather.wave_mean", "0.8", -0.09), ("weather.wave_mean", "1.2", -0.11),
        ("values.level", "1.0", -0.30), ("values.level", "2.0", 0.05),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["key", "value", "effect"])
    table["low"], table["high"] = table["effect"] - 0.02, table["effect"] + 0.02
    about = {
        "scenario": "one-in-one-out", "base": "no-policy", "start": "2025-08-06", "end": "2025-12-31",
        "seeds": [1, 2, 3], "origin": "crossings 0 (abc)",
    }  # fmt: skip
    return Robustness(table, about)


def test_spans_are_in_order_of_what_the_effect_hangs_on():
    spans = made_up().spans()
    assert list(spans.index) == ["values.level", "weather.wave_mean"]
    assert spans.loc["values.level"].tolist() == ["1.0", "2.0", -0.30, 0.05]
    assert made_up().as_it_is["effect"] == -0.10


def test_a_direction_that_turns_is_said():
    first, _ = effect_by_assumption.in_words(made_up())
    assert "by \u221210.0% (95% interval \u221212.0% to \u22128.0%)" in first
    assert "with one of them moved, by \u221230.0% to +5.0%" in first
    assert "turns in 1 of 4 trials" in first
    steady = made_up()
    steady.table.loc[4, "effect"] = -0.05
    assert "The direction never turns." in effect_by_assumption.in_words(steady)[0]


def test_the_rows_said_are_those_that_matter_most():
    assert effect_by_assumption.rows(made_up(), most=1) == (
        ("values.level", "1 to 2", "\u221230.0%", "+5.0%"),
    )


def test_what_is_drawn_is_the_table():
    panels = effect_by_assumption.draw(made_up())
    (axes,) = panels
    low, high = (
        line.get_xdata()
        for line in axes.get_lines()
        if len(line.get_xdata()) == 2 and line.get_marker() in "os"
    )
    assert list(low) == pytest.approx([-30.0, -9.0])
    assert list(high) == pytest.approx([5.0, -11.0])
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "values.level, 1 to 2",
        "weather.wave_mean, 0.8 to 1.2",
    ]
    assert panels.figure.about["Scenarios"] == "no-policy, one-in-one-out"
    assert panels.figure.about["Seeds"] == "1-3"


def test_the_names_of_all_parameters_fit():
    figure = effect_by_assumption.draw(robustness.load()).figure
    assert outside(figure) == []
    assert colliding(figure) == []


def test_what_is_measured_is_the_comparison_at_every_point():
    dates = SHORT | {"start": "2025-08-01", "end": "2025-09-15"}
    pilot = cx.Scenario.load("one-in-one-out").with_(**dates)
    sweep = Sweep(pilot, {"values.level": [0.7, 2.0]}, design="one-at-a-time", seeds=[1])
    found = robustness.measure(sweep, cx.Scenario.load("no-policy"), [1], processes=1)
    assert found.table["key"].tolist() == ["", "values.level", "values.level"]
    for row, moved in ((0, {}), (2, {"values.level": 2.0})):
        base = cx.Scenario.load("no-policy").with_(**dates, **moved)
        study = cx.compare(base, pilot.with_(**moved), seeds=[1], processes=1)
        effect = study.effects().loc[("one-in-one-out", "arrivals"), "effect"]
        assert found.table.loc[row, "effect"] == pytest.approx(effect)
    assert found.table["effect"].nunique() == 3
    assert found.about["seeds"] == [1]


def test_another_design_is_refused():
    sweep = Sweep("one-in-one-out", {"values.level": [1.0, 2.0]})
    with pytest.raises(InputError, match="expected 'one-at-a-time'"):
        robustness.measure(sweep, cx.Scenario.load("no-policy"), [1])


def test_what_is_kept_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(experiments, "shelf", lambda: tmp_path)
    with pytest.raises(InputError, match=r"effects\.csv"):
        robustness.load()


def test_the_table_on_the_shelf_is_that_of_the_study():
    found, sweep = robustness.load(), Sweep.load(robustness.STUDY)
    assert set(found.table["key"]) == {"", *(axis.name for axis in sweep.axes)}
    assert len(found.table) == len(sweep.points)
    assert found.about["scenario"] == sweep.base.name


def test_the_text_of_the_study_says_what_the_table_and_the_readme_say():
    effects, folder = robustness.load().table["effect"], experiments.shelf()
    said = (folder / robustness.STUDY / "README.md").read_text(encoding="utf-8").replace("\n", " ")
    assert f"by {effects.iloc[0]:+.1%} (" in said
    assert f"by {effects.min():+.1%} to {effects.max():+.1%} with one assumption moved" in said
    readme = (folder.parent / "README.md").read_text(encoding="utf-8")
    (longer,) = re.findall(r"one-in-one-out: (-[\d.]+%) .* to 2026-06-30", readme)
    assert f"({longer}, README)" in said
