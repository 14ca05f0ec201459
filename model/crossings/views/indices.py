"""The figure of an analysis of sensitivity: an index for each axis, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from crossings.study.designs import MORRIS
from crossings.views.sheet import AS_IT_IS, Made, Panels, drawn, grid, thousands
from crossings.views.style import COLOURS, FAINT, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.study.sensitivity import Sensitivity

_ROW, _FRAME = 0.24, 0.6  # inches
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SIDES = ((1, 1), (1, -1), (-1, 1), (-1, -1), (0, 1), (1, 0), (0, -1), (-1, 0))
_AWAY, _SHARE = 6, 0.05  # of a letter from its dot, in points and as a share of the panel
_BARS = {"S1": "alone", "ST": "with interactions"}
_MORRIS = (
    "Mean size of the effect of crossing the whole range of each parameter (mu*), and beside it how far the "
    "effect differs from place to place (sigma): near or above the dotted line it depends on the others."
)
_SOBOL = "Share of the variance that goes with each parameter."


def draw(found: Sequence[Sensitivity]) -> Panels:
    """Draw mu* for each axis and against sigma, or first-order and total indices.

    Parameters
    ----------
    found
        The indices of one sweep for one outcome or several, drawn beneath each other.
    """
    first = found[0]
    morris = first.design == MORRIS
    said = f"{_MORRIS if morris else _SOBOL} Lines are 95% intervals by bootstrap over the design."
    made = Made((first.scenario,), first.chosen, first.origin)
    notes = f"{first.points:,} points, {first.dates}; for the ranges of the design."
    height = len(found) * max(_ROW * len(first.table) + _FRAME, 1.9)
    with drawn(f"{first.title}: what matters", said, made, height, notes) as figure:
        left = 0.065 * max(len(str(name)) + 3 for name in first.table.index) + 0.25
        panels = grid(
            figure, len(found), 2 if morris else 1, widths=(3, 2) if morris else None, left=left,
            below=0.42, above=0.1, gap=0.55, share_x=False,
        )  # fmt: skip
        for place, each in enumerate(found):
            if morris:
                _effects(panels[2 * place], each)
                _scatter(panels[2 * place + 1], each)
            else:
                _shares(panels[place], each)
    return Panels(panels)


def _effects(panel: Axes, found: Sensitivity) -> None:
    _bars(panel, found, ("mu_star",), ("low",), ("high",))
    names = [f"{name}  {letter}" for name, letter in zip(found.table.index, _lettered(found), strict=True)]
    panel.set_yticks(np.arange(len(names)), names[::-1])
    panel.set_xlabel(f"mean size of effect on {_words(found)} (mu*)")
    thousands(panel, "x", AS_IT_IS, most=4)


def _shares(panel: Axes, found: Sensitivity) -> None:
    _bars(panel, found, tuple(_BARS), ("S1_low", "ST_low"), ("S1_high", "ST_high"))
    panel.set_yticks(np.arange(len(found.table)), found.table.index[::-1])
    panel.set_xlabel(f"share of the variance of {_words(found)}")
    panel.legend(loc="lower right")


def _bars(panel: Axes, found: Sensitivity, names: Any, low: Any, high: Any) -> None:
    table = found.table.iloc[::-1]
    height = 0.7 / len(names)
    for order, (index, below, above) in enumerate(zip(names, low, high, strict=True)):
        places = np.arange(len(table)) + (order - (len(names) - 1) / 2) * -height
        panel.barh(places, table[index], height, color=COLOURS[order], alpha=0.85, label=_BARS.get(index))
        panel.hlines(places, table[below], table[above], color=INK, linewidth=0.9)
    panel.axvline(0, color=FAINT, linewidth=0.6)
    panel.grid(axis="x")
    panel.grid(visible=False, axis="y")


def _scatter(panel: Axes, found: Sensitivity) -> None:
    """Draw sigma against mu*, each axis by the letter behind its name."""
    table = found.table
    top = 1.15 * float(max(table["mu_star"].max(), table["sigma"].max())) or 1.0
    panel.set(xlim=(-0.06 * top, top), ylim=(-0.06 * top, top))
    panel.plot([0, top], [0, top], color=FAINT, linewidth=0.6, linestyle=":")
    panel.plot(table["mu_star"], table["sigma"], "o", markersize=3.5, color=COLOURS[0])
    points = table[["mu_star", "sigma"]].to_numpy() / top
    for letter, point, (right, up) in zip(_lettered(found), points, _free_sides(points), strict=True):
        panel.annotate(
            letter, (point[0] * top, point[1] * top), xytext=(_AWAY * right, _AWAY * up),
            textcoords="offset points", fontsize=7.5, ha="center", va="center",
        )  # fmt: skip
    panel.set_xlabel("mu*")
    panel.set_ylabel("sigma")
    thousands(panel, "x", AS_IT_IS, most=3)
    thousands(panel, "y", AS_IT_IS, most=4)


def _free_sides(points: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return for each dot, in shares of the panel, the side on which its letter has most room.

    Letters that have their places already take room like dots.
    """
    taken = [(float(x), float(y)) for x, y in points]
    found = []
    for own, (x, y) in enumerate(points):
        spots = [(x + _SHARE * right, y + _SHARE * up) for right, up in _SIDES]
        others = taken[:own] + taken[own + 1 :]
        room = [min((np.hypot(a - c, b - d) for c, d in others), default=1.0) for a, b in spots]
        best = next((n for n, free in enumerate(room) if free > _SHARE), int(np.argmax(room)))
        found.append(_SIDES[best])
        taken.append((float(spots[best][0]), float(spots[best][1])))
    return found


def _lettered(found: Sensitivity) -> list[str]:
    count = len(found.table)
    return list(_LETTERS[:count]) if count <= len(_LETTERS) else [str(n + 1) for n in range(count)]


def _words(found: Sensitivity) -> str:
    return found.outcome.replace("_", " ")
