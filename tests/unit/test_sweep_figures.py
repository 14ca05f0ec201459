"""Figures of sweeps, read back: what is drawn is what the runs gave, and can be read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tests import sweep_runs
from tests.pages import colliding, outside, said, written

from crossings.errors import InputError
from crossings.outcomes.provenance import LIMITS
from crossings.study.sweeps import Sweep

SCALE, SPREAD = "inflow.scale", "weather.wave_sd"
RANGES = {SCALE: (0.5, 1.5), SPREAD: (0.5, 1.5), "beliefs.homophily": (0.0, 1.0)}
LISTED = {SCALE: [0.5, 1.0, 1.5], SPREAD: [0.5, 0.7]}
FIGURE = {"x": SCALE, "by": SPREAD, "y": ["arrivals", "deaths"]}
NAMES = ("curves", "few", "one axis of two", "words", "one-at-a-time", "latin-hypercube", "sobol", "morris")


def swept(out: Path, axes: Any, run: Any = sweep_runs.few_die, **more: Any) -> Sweep:
    sweep = Sweep("no-policy", axes, out=out, run=run, **{"figure": {"y": FIGURE["y"]}} | more)
    sweep.run(processes=1)
    return sweep


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sweep]:
    folder = tmp_path_factory.mktemp("sweeps")
    ends = {"end": {"variants": {"soon": {"end": "2025-06-30"}, "later": {"end": "2025-12-31"}}}}
    found = {
        "curves": swept(folder / "1", LISTED, figure=FIGURE, seeds=range(1, 9), title="Why", question="Why?"),
        "few": swept(folder / "2", LISTED, figure=FIGURE, seeds=[1, 2]),
        "one axis of two": swept(folder / "3", LISTED, seeds=[1, 2, 3]),
        "words": swept(folder / "4", ends, seeds=[1, 2]),
    }
    for number, name in enumerate(NAMES[4:]):
        run = sweep_runs.ishigami if name in NAMES[6:] else sweep_runs.few_die
        found[name] = swept(folder / name, RANGES, run, design=name, samples=8, seeds=range(1, 3 + number))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_everything_can_be_read(sweeps: dict[str, Sweep], name: str) -> None:
    figure = sweeps[name].plot()
    assert outside(figure) == []
    assert colliding(figure) == []
    words = said(figure)
    assert "not a forecast" in words
    assert "Seeds: 1" in words
    assert "crossings " in words


def test_the_file_says_what_made_it(sweeps: dict[str, Sweep], tmp_path: Path) -> None:
    sweeps["curves"].plot().savefig(tmp_path / "figure.png")
    with Image.open(tmp_path / "figure.png") as picture:
        assert picture.text["Title"] == "Why"
        assert picture.text["Disclaimer"] == LIMITS
        assert picture.text["Scenarios"] == "no-policy"


def test_axes_say_what_varies_and_what_is_counted(sweeps: dict[str, Sweep], tmp_path: Path) -> None:
    axes = sweeps["one-at-a-time"].plot().axes
    assert [each.get_xlabel() for each in axes] == [
        "change in arrivals\n(people)",
        "change in deaths\n(people)",
    ]
    low, high = axes[0].get_ylim()
    assert high - low == len(RANGES)
    named = swept(tmp_path, {"demand": {"key": SCALE, "values": [0.5, 1.0]}}, seeds=[1])
    last = named.plot().axes[-1]
    assert (last.get_xlabel(), last.get_ylabel()) == (f"demand ({SCALE})", "deaths\n(people)")


def test_lines_are_means_and_bands_of_counts_end_at_none(sweeps: dict[str, Sweep]) -> None:
    rows = sweeps["curves"].results()
    figure = sweeps["curves"].plot()
    for axes, outcome in zip(figure.axes, FIGURE["y"], strict=True):
        means = rows.groupby([SPREAD, SCALE])[outcome].mean()
        drawn = [line for line in axes.get_lines() if len(line.get_xdata())]
        for line, spread in zip(drawn, LISTED[SPREAD], strict=True):
            np.testing.assert_allclose(line.get_ydata(), means[spread], rtol=1e-12)
        for band in axes.collections:
            assert band.get_paths()[0].vertices[:, 1].min() >= 0
        assert axes.get_ylim()[0] == 0
        assert axes.get_ylim()[1] > rows.groupby([SPREAD, SCALE])[outcome].mean().max()
    deaths = rows[(rows[SPREAD] == 0.5) & (rows[SCALE] == 0.5)]["deaths"]
    assert deaths.mean() < 2.365 * deaths.std() / 8**0.5  # so that the interval would reach below none
    assert "are 95% intervals" in said(figure)


def test_bands_of_few_seeds_are_their_range(sweeps: dict[str, Sweep]) -> None:
    rows = sweeps["few"].results()
    panel = sweeps["few"].plot().axes[0]
    own = rows[rows[SPREAD] == 0.5]
    heights = panel.collections[0].get_paths()[0].vertices[:, 1]
    assert heights.max() == own["arrivals"].max()
    assert heights.min() == own["arrivals"].min()


def test_a_single_run_is_said_to_be_one(tmp_path: Path) -> None:
    for name, axes in (("factorial", LISTED), ("one-at-a-time", RANGES)):
        figure = {"x": SCALE, "by": SPREAD} if name == "factorial" else {}
        words = said(swept(tmp_path / name, axes, design=name, figure=figure).plot()).replace("\n", " ")
        assert "a single run, which does not show how far chance alone moves it" in words
        assert "intervals" not in words


def test_what_is_mixed_is_said(sweeps: dict[str, Sweep]) -> None:
    assert f"over every {SPREAD}" in said(sweeps["one axis of two"].plot()).replace("\n", " ")


def test_bars_are_paired_changes_from_the_scenario(sweeps: dict[str, Sweep]) -> None:
    sweep = sweeps["one-at-a-time"]
    rows = sweep.results().set_index(["point", "seed"])["arrivals"].unstack()
    panel = sweep.plot().axes[0]
    widths = sorted(bar.get_width() for bar in panel.patches)
    changes = rows.sub(rows.loc[0], axis=1).mean(axis=1).drop(0)
    np.testing.assert_allclose(widths, sorted(changes), rtol=1e-12)
    values = {text.get_text() for text in panel.texts}
    assert {"0.5", "1.5", "0", "1"} <= values


def test_a_sampled_design_is_a_cloud_for_each_axis(sweeps: dict[str, Sweep]) -> None:
    figure = sweeps["latin-hypercube"].plot()
    assert len(figure.axes) == 2 * len(RANGES)
    assert [len(axes.get_lines()[0].get_xdata()) for axes in figure.axes] == [8] * 6


def test_indices_are_drawn_for_designs_made_for_them(sweeps: dict[str, Sweep]) -> None:
    table = sweeps["morris"].sensitivity("arrivals").table
    bars, dots = sweeps["morris"].plot().axes
    np.testing.assert_allclose([bar.get_width() for bar in bars.patches], table["mu_star"][::-1])
    np.testing.assert_allclose(dots.get_lines()[1].get_ydata(), table["sigma"])
    assert [text.get_text() for text in dots.texts] == ["a", "b", "c"]
    names = [text.get_text() for text in bars.get_yticklabels()]
    assert names == [f"{name}  {letter}" for name, letter in zip(table.index, "abc", strict=True)][::-1]
    words = {text.get_text() for text in written(sweeps["sobol"].plot())}
    assert {"alone", "with interactions"} <= words


def test_nothing_to_draw_is_said(sweeps: dict[str, Sweep]) -> None:
    sweep = Sweep.load(sweeps["few"].folder, run=sweep_runs.few_die)
    sweep.figure = sweep.figure.model_copy(update={"y": ("boats",)})
    with pytest.raises(InputError, match="figure: expected an outcome that the runs give, got boats"):
        sweep.plot()
