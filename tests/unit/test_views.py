"""The weekly figure shows what it says, says what it may be used for, and disturbs nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from outcome_samples import Setting, dated, made_run
from PIL import Image
from tests.pages import colliding, outside, said

from crossings.errors import InputError
from crossings.outcomes.provenance import LIMITS
from crossings.outcomes.summary import Mark, Weekly
from crossings.views.style import COLOURS, ranges
from crossings.views.weekly import draw

STARTS = np.arange("2025-01-01", "2025-07-02", np.timedelta64(7, "D"), dtype="datetime64[D]")
OUTCOMES = ("arrivals", "returned", "admitted", "deaths")


def weekly(runs: int = 5, labels: tuple[str, ...] = ("no-policy", "pilot")) -> Weekly:
    random = np.random.default_rng(2)
    series = {
        label: {name: random.poisson(40.0, (runs, len(STARTS))) for name in OUTCOMES} for label in labels
    }
    marks = (Mark(dated(60), "returns in force", "start"), Mark(dated(5000), "too late", "end"))
    return Weekly(STARTS, series, tuple(range(1, runs + 1)), marks, "crossings 0.1.0")


def test_lines_are_medians_and_the_second_panel_is_paired() -> None:
    given = weekly()
    top, difference, returned, admitted = draw(given).axes
    medians = [np.median(given.series[label]["arrivals"], axis=0) for label in given.series]
    drawn = [line.get_ydata() for line in top.get_lines() if line.get_linewidth() > 1]
    np.testing.assert_array_equal(drawn, medians)
    pairs = given.series["pilot"]["arrivals"] - given.series["no-policy"]["arrivals"]
    thick = [line.get_ydata() for line in difference.get_lines() if line.get_linewidth() > 1]
    np.testing.assert_array_equal(thick, [np.median(pairs, axis=0)])
    assert returned.get_title("left") == "People returned per week"
    assert admitted.get_title("left") == "People admitted per week"


def test_a_second_band_shows_chance_and_parameters_together() -> None:
    given, wider = weekly(), weekly(runs=30)
    figure = draw(given, wider)
    top = figure.axes[0]
    low, high = np.percentile(wider.series["pilot"]["arrivals"], (10, 90), axis=0)
    dotted = [line.get_ydata() for line in top.get_lines() if line.get_linewidth() == 0.6]
    assert any(np.array_equal(edge, low) for edge in dotted)
    assert any(np.array_equal(edge, high) for edge in dotted)
    assert len(top.collections) == 4
    assert "30 runs that differ in parameters too" in said(figure)
    assert "30 runs" in figure.about["Description"]
    assert outside(figure) == []
    assert colliding(figure) == []
    with pytest.raises(InputError, match="expected the scenarios and weeks"):
        draw(given, weekly(labels=("another", "pilot")))
    assert given.plot(wider).axes


def test_it_says_who_died_from_what_and_its_limits() -> None:
    given = weekly()
    text = said(draw(given)).replace("\n", " ")
    for part in (
        *LIMITS.split(". "),
        "Seeds: 1\u20135",
        "crossings 0.1.0",
        "no-policy",
        "returns in force (2 Mar 2025)",
    ):
        assert part in text
    deaths = np.median(given.series["pilot"]["deaths"].sum(axis=1))
    assert f"pilot: {deaths:,.0f}" in text
    assert "died trying to cross" in text
    assert "too late" not in text


def test_nothing_is_cut_off_or_covered() -> None:
    together = tuple(Mark(dated(60), f"policy number {n} in force", "start") for n in range(9))
    for given in (
        weekly(labels=("one",)),
        weekly(),
        weekly(labels=tuple("abcdef")),
        weekly(labels=("long " * 30, "x" * 100)),
        replace(weekly(), marks=together),
    ):
        figure = draw(given)
        assert outside(figure) == []
        assert colliding(figure) == []
        for above, below in zip(figure.axes, figure.axes[1:], strict=False):
            assert below.get_tightbbox().y1 <= above.get_tightbbox().y0 + 1


def test_a_single_week_can_be_seen() -> None:
    given = weekly()
    short = {
        label: {name: weeks[:, :1] for name, weeks in series.items()}
        for label, series in given.series.items()
    }
    figure = draw(Weekly(STARTS[:1], short, given.seeds, (), given.origin))
    for axes in figure.axes:
        assert {line.get_marker() for line in axes.get_lines() if line.get_linewidth() > 1} == {"o"}
    assert colliding(figure) == []


def test_one_run_has_no_bands_and_no_differences() -> None:
    figure = draw(weekly(runs=1, labels=("pilot",)))
    assert len(figure.axes) == 3
    assert all(len(axes.collections) == 0 for axes in figure.axes)
    assert "One run" in said(figure)


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_the_file_says_what_it_shows(tmp_path: Path, kind: str) -> None:
    draw(weekly()).savefig(tmp_path / f"figure.{kind}")
    if kind == "png":
        about = Image.open(tmp_path / "figure.png").text
        assert about["Disclaimer"] == LIMITS
        assert about["Scenarios"] == "no-policy, pilot"
        assert about["Seeds"] == "1-5"
        assert about["Version"] == "crossings 0.1.0"
    assert (tmp_path / f"figure.{kind}").stat().st_size > 10_000


def test_drawing_changes_no_setting_and_keeps_no_window() -> None:
    before = dict(mpl.rcParams)
    figure = draw(weekly())
    assert dict(mpl.rcParams) == before
    assert "matplotlib.pyplot" not in sys.modules or figure not in list(_open_figures())
    assert figure._repr_png_().startswith(b"\x89PNG")


def _open_figures() -> list[object]:
    from matplotlib import pyplot  # noqa: PLC0415

    return [pyplot.figure(number) for number in pyplot.get_fignums()]


def test_a_result_draws_itself() -> None:
    result = made_run(Setting("pilot", 0.1, policies={"returns": {"start": dated(20)}}), seed=1)
    assert "returns in force" in said(result.plot())


# G. M. Machado et al., IEEE Trans. Visualization and Computer Graphics 15 (2009), 1291-1298, table 1: what is
# left of linear red, green and blue where one kind of cone is missing altogether
SEEN_BY = {
    "most": np.eye(3),
    "protanopes": [
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopes": [
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopes": [
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ],
}  # fmt: skip
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)


def lab(colour: str, who: str) -> np.ndarray:
    """Return lightness and hue of an sRGB colour as somebody sees it (CIE 1976 L*a*b*)."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    part = XYZ @ np.clip(SEEN_BY[who] @ linear, 0.0, 1.0) / XYZ.sum(axis=1)
    x, y, z = np.where(part > (6 / 29) ** 3, np.cbrt(part), part / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest(colours: Sequence[str], who: str) -> float:
    """Return how far apart the two are that are most alike; about 2 can just be told apart side by side."""
    seen = [lab(colour, who) for colour in colours]
    return min(float(np.linalg.norm(one - other)) for one, other in combinations(seen, 2))


@pytest.mark.parametrize("who", SEEN_BY)
def test_colours_differ_in_lightness_or_hue_for_everyone(who: str) -> None:
    assert len(COLOURS) >= 6
    assert nearest(COLOURS, who) > 15


def test_red_and_green_are_told_apart_by_most_alone() -> None:
    red_and_green = ("#D62728", "#2CA02C")
    assert nearest(red_and_green, "most") > 100
    assert nearest(red_and_green, "deuteranopes") < 10


def test_seeds_in_short() -> None:
    assert ranges([0]) == "0"
    assert ranges([3, 1, 2]) == "1\u20133"
    assert ranges([1, 5, 9]) == "1, 5, 9"
    assert ranges(range(1, 40, 2)) == "1, 3, 5, 7, 9, 11, 13, 15, \u2026 (20 in all)"


def test_matplotlib_is_loaded_only_to_draw() -> None:
    code = "import sys, crossings.outcomes, crossings.views; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
