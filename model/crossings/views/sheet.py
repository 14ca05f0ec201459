"""A sheet: a figure with a heading above its panels and the small print beneath them.

Every figure of the house is drawn on one. A sheet says what made it (scenarios, seeds, version) and
what it must not be used for, once in small print where the reader sees it and once in the metadata
of the file, and leaves as much room for both as they need.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsIndex, cast

import matplotlib as mpl
import matplotlib.dates as mdates
import numpy as np
from matplotlib.ticker import FuncFormatter, MaxNLocator

from crossings.errors import InputError
from crossings.outcomes.provenance import LIMITS
from crossings.outcomes.summary import Dates, Floats, policy_marks
from crossings.views.style import COLOURS, DASHES, FAINT, STYLE, WIDTH, PaperFigure, paper, ranges

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.outcomes.result import Result
    from crossings.study.comparison import Comparison

BAND = (10.0, 90.0)
"""Percentiles between which bands over seeds run."""

LEFT, RIGHT = 0.02, 0.975
_HEAD, _LINE, _PRINT_LINE = 0.36, 0.165, 0.135  # inches
_PRINT_WIDTH = 136  # characters
_LETTER, _HANDLE = 0.078, 0.62  # inches: a letter of a legend, and the line before a name with its gaps
AS_IT_IS = ",.10g"
"""How numbers that may be fractions are written on an axis."""


@dataclass(frozen=True)
class Made:
    """What a figure was made from.

    Attributes
    ----------
    scenarios
        Names of the scenarios drawn.
    seeds
        Seeds of the runs drawn.
    origin
        Version and, in a checkout, commit.
    """

    scenarios: tuple[str, ...]
    seeds: tuple[int, ...]
    origin: str

    @classmethod
    def by(cls, study: Comparison | Result | Sequence[Result]) -> Made:
        """Return what made a result, several results, or a comparison."""
        if hasattr(study, "labels"):
            compared = cast("Comparison", study)
            return cls(compared.labels, compared.seeds, compared.provenance[compared.base]["origin"])
        runs = by_scenario(cast("Any", study))
        first = next(iter(runs.values()))
        return cls(
            tuple(runs), tuple(run.seed for run in first), origin=first[0].provenance.origin
        )  # fmt: skip


class Panels(tuple["Axes", ...]):
    """The axes of a figure, from the top; shows the whole figure in a notebook."""

    __slots__ = ()

    @property
    def figure(self) -> PaperFigure:
        """The figure the axes are on."""
        return cast("PaperFigure", self[cast("SupportsIndex", 0)].figure)

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure, with what it shows and its limits of use in the file."""
        self.figure.savefig(fname, **options)

    def _repr_png_(self) -> bytes:
        return self.figure._repr_png_()


def by_scenario(results: Result | Iterable[Result]) -> dict[str, list[Result]]:
    """Return runs by the name of their scenario, in the order given.

    Raises
    ------
    InputError
        If there is no run, what is given is no run, or runs cover different dates.
    """
    runs: list[Any] = [results] if hasattr(results, "daily") else list(results)
    if not runs:
        raise InputError("figure: expected at least one result")
    for run in runs:
        one_run(run)
    found: dict[str, list[Result]] = {}
    for run in runs:
        if (run.start, run.end) != (runs[0].start, runs[0].end):
            raise InputError(
                f"figure of '{run.name}' from {run.start} to {run.end}: "
                f"expected the dates of '{runs[0].name}', {runs[0].start} to {runs[0].end}"
            )
        found.setdefault(run.name, []).append(run)
    return found


def one_run(given: Any) -> None:
    """Refuse what is not the result of one run.

    Raises
    ------
    InputError
        If it is a comparison, a sweep or anything else.
    """
    if not hasattr(given, "provenance") or not hasattr(given, "seed"):
        raise InputError(
            f"figure of {given!r}: expected results of run(), one or several: a comparison keeps daily "
            "totals only, for its own figures and those of effects and cost"
        )


def compared(given: Any) -> None:
    """Refuse what is not a comparison.

    Raises
    ------
    InputError
        If it is one run, a sweep or anything else.
    """
    if not hasattr(given, "labels"):
        raise InputError(
            f"figure of {given!r}: expected a comparison, from compare(): one run has no effect of a policy"
        )


@contextmanager
def drawn(title: str, said: str, made: Made, height: float, notes: str = "") -> Iterator[PaperFigure]:
    """Give a figure to draw panels on, with heading and small print, in the style of the house.

    Parameters
    ----------
    title
        What is shown, in a few words.
    said
        One or two sentences beneath: what lines, bands and marks are.
    made
        What made it.
    height
        Inches for the panels with the labels of their axes.
    notes
        What else the small print says.

    Yields
    ------
    PaperFigure
        Panels belong within ``figure.room``; see `grid`.
    """
    lines = textwrap.wrap(said, 106)
    small = print_lines(made, notes)
    above = _HEAD + _LINE * len(lines) + 0.08
    below = 0.1 + _PRINT_LINE * len(small) + 0.06
    whole = above + height + below
    with mpl.rc_context(cast("Any", STYLE)):
        figure = paper(whole, about(title, said, made))
        figure.room = (below / whole, 1 - above / whole)
        figure.text(LEFT, 1 - 0.09 / whole, title, fontsize=11, fontweight="bold", va="top")
        figure.text(LEFT, 1 - 0.32 / whole, "\n".join(lines), va="top", color=FAINT, linespacing=1.3)
        figure.text(
            LEFT, 0.08 / whole, "\n".join(small), fontsize=6.6, color=FAINT, va="bottom", linespacing=1.3
        )
        yield figure


def grid(
    figure: PaperFigure,
    rows: int,
    columns: int = 1,
    *,
    heights: Sequence[float] | None = None,
    widths: Sequence[float] | None = None,
    left: float = 0.7,
    below: float = 0.42,
    above: float = 0.25,
    gap: float = 0.5,
    gap_across: float = 0.6,
    share_x: bool = True,
) -> list[Axes]:
    """Lay out panels in the room that a sheet leaves, row by row.

    Parameters
    ----------
    figure
        From `drawn`.
    rows, columns
        How many panels.
    heights, widths
        Their proportions; default all alike.
    left, below, above, gap, gap_across
        Inches left for labels: at the left, under the last row, above the first, between rows and
        between columns.
    share_x
        Whether panels above each other share their horizontal axis.
    """
    wide, tall = figure.get_size_inches()
    bottom, top = figure.room
    bottom, top = bottom + below / tall, top - above / tall
    inner = (top - bottom) * tall
    mean = (inner - gap * (rows - 1)) / rows
    across = (RIGHT * wide - left - gap_across * (columns - 1)) / columns
    spec = figure.add_gridspec(
        rows, columns, height_ratios=heights or [1.0] * rows, width_ratios=widths or [1.0] * columns,
        left=left / wide, right=RIGHT, bottom=bottom, top=top, hspace=gap / mean, wspace=gap_across / across,
    )  # fmt: skip
    panels: list[Axes] = []
    for row in range(rows):
        for column in range(columns):
            head = panels[column] if share_x and row else None
            panels.append(figure.add_subplot(spec[row, column], sharex=head))
            if share_x and row < rows - 1:
                panels[-1].tick_params(labelbottom=False)
    return panels


def lines_over_time(axes: Axes, dates: Dates, runs: Floats, number: int) -> None:
    """Draw the median over runs and, of several, the band from the 10th to the 90th percentile.

    Parameters
    ----------
    axes
        Where.
    dates
        Dates, shape (dates,).
    runs
        Values, shape (runs, dates); nan where there is none.
    number
        Position of the scenario, which gives colour and dashes.
    """
    colour, dashes = look(number)
    if len(runs) > 1:
        low, high = np.percentile(runs, BAND, axis=0)
        axes.fill_between(dates, low, high, color=colour, alpha=0.17, linewidth=0 if len(dates) > 1 else 4)
    axes.plot(dates, np.median(runs, axis=0), color=colour, linestyle=dashes, marker=alone(dates))


def alone(dates: Dates) -> str:
    """Return the marker of a line over dates: a dot where a single date has nothing to be joined to."""
    return "o" if len(dates) == 1 else ""


def look(number: int) -> tuple[str, Any]:
    """Return colour and dashes of the scenario at a position; no two of the first 36 look alike."""
    return COLOURS[number % len(COLOURS)], DASHES[(number + number // len(COLOURS)) % len(DASHES)]


def calendar(axes: Axes, dates: Sequence[Any] | Dates, ticks: tuple[int, int] = (4, 9)) -> None:
    """Give an axis of dates its limits and labels, with no fewer and no more ticks than said."""
    first, last = position(dates[0]), position(dates[-1])
    half_a_week = 3.5 if first == last else 0.0
    axes.set_xlim(first - half_a_week, last + half_a_week)
    locator = mdates.AutoDateLocator(minticks=ticks[0], maxticks=ticks[1])  # type: ignore[no-untyped-call] # matplotlib
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(_WithYear(locator, show_offset=False))  # type: ignore[no-untyped-call] # the same


class _WithYear(mdates.ConciseDateFormatter):
    """Short dates, with the year beneath the first of them wherever none is a year itself."""

    def format_ticks(self, values: Any) -> list[str]:
        labels: list[str] = super().format_ticks(values)  # type: ignore[no-untyped-call] # matplotlib
        years = [mdates.num2date(value).year for value in values]  # type: ignore[no-untyped-call] # the same
        if not any(label == str(year) for label, year in zip(labels, years, strict=True)):
            for at, year in enumerate(years):
                if at == 0 or year != years[at - 1]:
                    labels[at] += f"\n{year}"
        return labels


def position(when: Any) -> float:
    """Return where a date lies on an axis."""
    return float(mdates.date2num(when))  # type: ignore[no-untyped-call] # as above


def policy_dates(
    panels: Sequence[Axes], scenarios: Iterable[dict[str, Any]], dates: Dates, *, named: int = 0
) -> None:
    """Mark the dates on which policies begin or end, by a line in every panel; named in one of them."""
    marks = {
        mark: None for scenario in scenarios for mark in policy_marks(scenario) if mark.kind != "announced"
    }
    said: dict[Any, list[str]] = {}
    for mark in marks:
        if dates[0] <= np.datetime64(mark.when) <= dates[-1]:
            said.setdefault(mark.when, []).append(mark.text)
    for number, (when, texts) in enumerate(sorted(said.items())):
        for axes in panels:
            axes.axvline(position(when), color=FAINT, linewidth=0.8, linestyle=(0, (2, 2)), zorder=1.5)
        first, last = panels[0].get_xlim()
        late = position(when) > first + (last - first) * (0.5 if named >= 0 else 0.35)
        lines = texts if named < 0 else textwrap.wrap("; ".join(texts), 72)
        panels[named].annotate(
            "\n".join(lines), (position(when), 0.98 - 0.11 * (number % 4)),
            xycoords=("data", "axes fraction"), xytext=(-4 if late else 4, 0), textcoords="offset points",
            ha="right" if late else "left", va="top", fontsize=7,
            bbox={"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip


def thousands(axes: Axes, which: str = "y", format_spec: str = ",.0f", most: int = 5) -> None:
    """Write numbers on an axis with separators and a true minus sign, at round steps.

    Where no decimals are written, steps are whole: otherwise neighbours would carry the same number.
    """
    axis = axes.yaxis if which == "y" else axes.xaxis
    axis.set_major_formatter(FuncFormatter(lambda value, _: number(value, format_spec) if value else "0"))
    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10], integer=format_spec.endswith(".0f")))


def held(value: float, ends: tuple[float, float], marker: str) -> tuple[float, str]:
    """Return where a value stands on an axis with fixed ends, and its mark: beyond them, an arrow."""
    low, high = ends
    return min(max(value, low), high), "<" if value < low else ">" if value > high else marker


def number(value: float, format_spec: str = ",.0f") -> str:
    """Return a number as text, with a true minus sign."""
    return format(value, format_spec).replace("-", "\u2212")


def percent(share: float) -> str:
    """Return a signed share as text, per cent."""
    return number(share, "+.1%")


def legend_above(figure: PaperFigure, axes: Axes, names: Sequence[str]) -> None:
    """Name the scenarios above all panels, in the order of their looks; see `legend_height`."""
    handles = [
        axes.plot([], [], color=look(order)[0], linestyle=look(order)[1])[0] for order in range(len(names))
    ]
    edge = axes.get_position().x0
    left = edge * float(figure.get_figwidth())
    longest = int((WIDTH * RIGHT - left - _HANDLE) / _LETTER)
    figure.legend(
        handles, [short(name, longest) for name in names], loc="upper left",
        bbox_to_anchor=(edge, figure.room[1]), ncols=_columns(names, left), handlelength=2.6,
        borderaxespad=0, borderpad=0, columnspacing=1.0, labelspacing=0.25,
    )  # fmt: skip


def legend_height(names: Sequence[str], left: float) -> float:
    """Return the inches that `legend_above` takes over panels that begin so far from the left."""
    return 0.06 + _LINE * int(np.ceil(len(names) / _columns(names, left)))


def _columns(names: Sequence[str], left: float) -> int:
    """Return how many names fit beside each other."""
    wide = _HANDLE + _LETTER * max(map(len, names), default=0)
    return max(1, min(4, len(names), int((WIDTH * RIGHT - left) / wide)))


def short(name: str, longest: int) -> str:
    """Return a name, cut to a number of characters where it is longer; the small print has it whole."""
    return name if len(name) <= longest else f"{name[: longest - 1]}\u2026"


def bands(runs: int) -> str:
    """Say what lines and bands over seeds are."""
    return (
        f"Lines are medians and bands 10\u201390% of {runs} seeds" if runs > 1 else "One run of each scenario"
    )


def print_lines(made: Made, notes: str = "") -> list[str]:
    """Return the small print, line by line."""
    which = f"Scenarios: {', '.join(made.scenarios)}. Seeds: {ranges(made.seeds)}. {made.origin}. {notes}"
    return textwrap.wrap(LIMITS, _PRINT_WIDTH) + textwrap.wrap(which.strip(), _PRINT_WIDTH)


def about(title: str, said: str, made: Made) -> dict[str, str]:
    """Return what goes into the metadata of the file."""
    return {
        "Title": title,
        "Description": _latin(said),
        "Scenarios": ", ".join(made.scenarios),
        "Seeds": _latin(ranges(made.seeds)),
        "Version": made.origin,
        "Disclaimer": LIMITS,
    }


def _latin(text: str) -> str:
    """Return text without the signs that the text of a PNG file cannot hold."""
    return text.replace("\u2013", "-").replace("\u2026", "...").replace("\u2212", "-")
