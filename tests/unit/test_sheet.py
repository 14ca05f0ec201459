"""The sheet that every figure is drawn on: numbers and dates of axes, legends, a single week."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pages import colliding, outside

from crossings.views import sheet
from crossings.views.sheet import AS_IT_IS, Made


@pytest.mark.parametrize("top", [0.0, 0.8, 3.0, 60.0, 40_000.0])
def test_no_number_stands_twice_on_an_axis(top):
    for spec, sign in ((",.0f", 1), ("+,.0f", -1), (AS_IT_IS, 1)):
        with sheet.drawn("", "", Made((), (), ""), 2.0) as figure:
            (axes,) = sheet.grid(figure, 1)
            axes.set_ylim(min(0.0, sign * top), max(top, 1.0))
            sheet.thousands(axes, "y", spec)
        shown = [label.get_text() for label in _drawn(figure).axes[0].get_yticklabels()]
        assert len(shown) == len(set(shown)) > 1, (spec, shown)


@pytest.mark.parametrize(("first", "last"), [("2025-08-01", "2025-08-08"), ("2025-12-01", "2026-01-20")])
def test_dates_say_their_year(first, last):
    with sheet.drawn("", "", Made((), (), ""), 2.0) as figure:
        (axes,) = sheet.grid(figure, 1)
        sheet.calendar(axes, np.array([first, last], dtype="datetime64[D]"))
    labels = "\n".join(label.get_text() for label in _drawn(figure).axes[0].get_xticklabels())
    assert {year for year in ("2025", "2026") if year in labels} == {first[:4], last[:4]}
    assert outside(figure) == colliding(figure) == []


def test_a_single_week_is_a_dot_in_its_week():
    week = np.array(["2025-08-01"], dtype="datetime64[D]")
    with sheet.drawn("", "", Made((), (), ""), 2.0) as figure:
        (axes,) = sheet.grid(figure, 1)
        sheet.lines_over_time(axes, week, np.array([[3.0], [4.0]]), 0)
        sheet.calendar(axes, week)
    assert axes.get_lines()[0].get_marker() == "o"
    assert axes.collections[0].get_linewidth() > 0
    low, high = axes.get_xlim()
    assert high - low == 7


@pytest.mark.parametrize("names", [[f"scenario-number-{n}" for n in range(12)], ["long " * 30, "b" * 100]])
def test_however_many_names_a_legend_has_it_covers_nothing(names):
    made = Made(tuple(names), (1,), "crossings")
    room = 1.5 + sheet.legend_height(names, 0.7)
    with sheet.drawn("Title", "What is drawn.", made, room) as figure:
        (axes,) = sheet.grid(figure, 1, above=0.25 + sheet.legend_height(names, 0.7))
        axes.set_title("A panel with a title", loc="left", pad=3)
        sheet.legend_above(figure, axes, names)
    assert outside(figure) == colliding(figure) == []
    assert len(
        {(handle.get_color(), str(handle._unscaled_dash_pattern)) for handle in axes.get_lines()}
    ) == len(names)


def _drawn(figure):
    figure.canvas.draw()
    return figure
