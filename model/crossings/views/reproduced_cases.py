"""Natural experiments in one figure: the effect found beside the band it was to fall in, case by case."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from crossings.study.natural_cases import NATIONALITIES
from crossings.study.reproduction import Judgement, Verdict
from crossings.views.sheet import held, number
from crossings.views.style import COLOURS, FAINT

ROW = 0.2  # inches for one quantity
_LEAST, _MOST = -1.05, 0.65  # effects drawn; those beyond stand at the edge with an arrow
_BAND = "#D9D9D9"
_OTHER = ("supplier.load", "mauritania.displaced", "chnv.order", ".twice")
"""Ends of the names of quantities that are no effect on people who arrive, and have no place on the axis."""


def rows(judgement: Judgement) -> list[Verdict]:
    """Return the verdicts that the figure shows: effects on people who arrive."""
    return [verdict for verdict in judgement.verdicts if not verdict.quantity.endswith(_OTHER)]


def draw(axes: Axes, judgement: Judgement) -> None:
    """Draw every effect with its interval, the band judged by, and the raw change in the model."""
    shown = rows(judgement)
    table = judgement.findings.tables["effects"]
    change = dict(zip(table["quantity"], table["raw_change"].to_numpy(dtype=np.float64), strict=True))
    for row, verdict in enumerate(shown):
        _band(axes, row, verdict)
        raw = change[verdict.quantity]
        if np.isfinite(raw):
            where, marker = held(raw, (_LEAST, _MOST), "D")
            axes.plot(where, row, marker, color=FAINT, markersize=3.2, fillstyle="none", clip_on=False)
        _effect(axes, row, verdict)
    titles = dict(zip(table["case"], table["title"], strict=True))
    axes.set_yticks(range(len(shown)), [_name(verdict, titles) for verdict in shown], fontsize=6.8)
    for row in _first_of_each(shown)[1:]:
        axes.axhline(row - 0.5, color="#EEEEEE", linewidth=0.6, zorder=0)
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(_LEAST, _MOST)
    ticks = np.arange(-1.0, 0.7, 0.25)
    axes.set_xticks(ticks, [number(100 * tick, "+.0f") + "%" if tick else "0" for tick in ticks])
    axes.set_xlabel(
        "effect on arrivals: with the policies over without, same seeds, less one; arrows: beyond",
        fontsize=7.5,
    )
    axes.grid(visible=False)
    axes.legend(handles=_legend(), ncols=4, loc="lower right", bbox_to_anchor=(1.0, 1.0), fontsize=6.6)


def _band(axes: Axes, row: int, verdict: Verdict) -> None:
    low, high = _judged(verdict)
    axes.barh(row, high - low, left=low, height=0.72, color=_BAND, zorder=0.5)


def _judged(verdict: Verdict) -> tuple[float, float]:
    """Return where the effect is held to lie: a band, or a side of a bound or of zero."""
    expected = verdict.expected
    if expected.kind == "sign":
        return (0.0, _MOST) if expected.published > 0 else (_LEAST, 0.0)
    if expected.kind == "at most":
        return _LEAST, expected.published
    return expected.published - verdict.allowed, expected.published + verdict.allowed


def _effect(axes: Axes, row: int, verdict: Verdict) -> None:
    got, colour = verdict.obtained, COLOURS[0] if verdict.ok else COLOURS[1]
    ends = np.clip([got.value if end is None else end for end in (got.low, got.high)], _LEAST, _MOST)
    axes.plot(ends, [row, row], color=colour, linewidth=1.3)
    where, marker = held(got.value, (_LEAST, _MOST), "o" if verdict.ok else "X")
    axes.plot(where, row, marker, color=colour, markersize=4, clip_on=False)


def _name(verdict: Verdict, titles: dict[str, str]) -> str:
    case, what = verdict.quantity.split(".", 1)
    said = what.title() if what.title() in NATIONALITIES else what.replace("-", " ")
    return titles[case] if what == "effect" else f"{titles[case]}: {said}"


def _first_of_each(shown: list[Verdict]) -> list[int]:
    """Return the rows at which a new case begins."""
    cases = [verdict.quantity.split(".")[0] for verdict in shown]
    return [row for row, case in enumerate(cases) if row == 0 or cases[row - 1] != case]


def _legend() -> list[Line2D | Patch]:
    raw = _point("D", FAINT, "raw change, model")
    raw.set_fillstyle("none")
    return [
        Patch(color=_BAND, label="observed: held to lie here"),
        _point("o", COLOURS[0], "effect, within (95%)"),
        _point("X", COLOURS[1], "effect, outside"),
        raw,
    ]


def _point(marker: str, colour: str, label: str) -> Line2D:
    return Line2D([], [], marker=marker, color=colour, linestyle="none", markersize=4, label=label)
