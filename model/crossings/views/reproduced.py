"""A published experiment in one figure: what it shows above, how close each quantity comes beneath.

The lower panel draws, for every quantity, how far what was obtained lies from what was published, in
units of the tolerance, with its interval; the band is the tolerance. Where the tolerance is a bound or
a sign there is no such unit, and only the verdict stands there.
"""

from __future__ import annotations

import textwrap
from typing import Any, cast

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from crossings.outcomes.provenance import LIMITS
from crossings.study.reproduction import Judgement, Verdict
from crossings.views import reproduced_cases
from crossings.views.reproduced_panels import HEIGHTS, PANELS
from crossings.views.sheet import held
from crossings.views.style import COLOURS, FAINT, STYLE, PaperFigure, paper

NOTHING_PUBLISHED = "Nothing was published about this case to judge it by"

_ROW = 0.155  # inches for one quantity
_TOP, _PANEL, _GAP, _FOOT = 0.85, 2.6, 0.75, 1.0
_WIDEST = 3.0  # tolerances beyond which a point is drawn at the edge
_LEFT, _RIGHT = 0.34, 0.97
_TITLE = 11
_BY_CASE = "natural-experiments"  # whose upper panel is as tall as it has cases


def draw(judgement: Judgement) -> PaperFigure:
    """Draw a judged experiment.

    Parameters
    ----------
    judgement
        From `crossings.study.reproduction.reproduce`.
    """
    rows = len(judgement.verdicts)
    lower = max(0.6, _ROW * rows) if rows else 0.0
    name = judgement.experiment.runner.name
    panel = PANELS.get(name)
    by_case = name == _BY_CASE
    if by_case:
        tall = reproduced_cases.ROW * len(reproduced_cases.rows(judgement))
    else:
        tall = HEIGHTS[name](judgement.findings.tables) if name in HEIGHTS else _PANEL
    upper = tall + _GAP if panel is not None or by_case else 0.0
    height = _TOP + upper + lower + _FOOT
    with mpl.rc_context(cast("Any", STYLE)):
        figure = paper(height, _about(judgement))
        if by_case:
            place = (_LEFT, (lower + _FOOT + _GAP) / height, _RIGHT - _LEFT, tall / height)
            reproduced_cases.draw(figure.add_axes(place), judgement)
        if panel is not None:
            axes = figure.add_axes((0.105, (lower + _FOOT + _GAP) / height, 0.865, tall / height))
            published = {each.quantity: each.expected.published for each in judgement.verdicts}
            panel(axes, judgement.findings.tables, published)
        if rows:
            axes = figure.add_axes((_LEFT, _FOOT / height, _RIGHT - _LEFT, lower / height))
            _verdicts(axes, judgement.verdicts)
        title = f"{judgement.experiment.description.title}: model output"
        figure.text(0.02, 1 - 0.09 / height, title, fontsize=_TITLE, fontweight="bold", va="top")
        said = "\n".join(textwrap.wrap(f"{_size(judgement)} {LIMITS}", 136))
        figure.text(0.02, 0.08 / height, said, fontsize=6.6, color=FAINT, va="bottom", linespacing=1.3)
    return figure


def _verdicts(axes: Axes, verdicts: tuple[Verdict, ...]) -> None:
    axes.axvspan(-1.0, 1.0, color="#E8E8E8", zorder=0)
    axes.axvline(0.0, color=FAINT, linewidth=0.8)
    for row, verdict in enumerate(verdicts):
        colour = COLOURS[0] if verdict.ok else COLOURS[1]
        where = _in_tolerances(verdict)
        if where is None:
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            word = "holds" if verdict.ok else "does not hold"
            axes.text(0.0, row, word, color=colour, fontsize=6.5, ha="center", va="center", bbox=box)
            continue
        low, _, high = np.clip(where, -_WIDEST, _WIDEST)
        axes.plot([low, high], [row, row], color=colour, linewidth=1.1)
        middle, marker = held(where[1], (-_WIDEST, _WIDEST), "o" if verdict.ok else "X")
        axes.plot([middle], [row], marker=marker, color=colour, markersize=3.5, clip_on=False)
    axes.set_yticks(range(len(verdicts)), [verdict.quantity for verdict in verdicts], fontsize=6.5)
    axes.set_ylim(len(verdicts) - 0.5, -0.5)
    axes.set_xlim(-_WIDEST, _WIDEST)
    axes.grid(visible=False)
    axes.set_xlabel(
        "obtained less published, in tolerances (grey: within); lines: 95% intervals; arrows: beyond",
        fontsize=7.5,
    )


def _in_tolerances(verdict: Verdict) -> tuple[float, float, float] | None:
    """Return low, middle and high as multiples of the tolerance; None where there is no such unit."""
    got, published = verdict.obtained, verdict.expected.published
    if verdict.expected.kind in ("sign", "at least", "at most") or verdict.allowed == 0.0:
        return None
    low, high = (got.value if end is None else end for end in (got.low, got.high))
    found = [(end - published) / verdict.allowed for end in (low, got.value, high)]
    return found[0], found[1], found[2]


def _size(judgement: Judgement) -> str:
    within, number = sum(verdict.ok for verdict in judgement.verdicts), len(judgement.verdicts)
    judged = f"{within} of {number} quantities within tolerance" if number else NOTHING_PUBLISHED
    return (
        f"{judged}. {judgement.findings.size}; scale "
        f"{judgement.scale:g}, seed {judgement.experiment.description.seed}, model {judgement.identity[:12]}."
    )


def _about(judgement: Judgement) -> dict[str, str]:
    return {
        "Title": judgement.experiment.description.title,
        "Description": judgement.experiment.description.question,
        "Size": _size(judgement),
        "Disclaimer": LIMITS,
    }
