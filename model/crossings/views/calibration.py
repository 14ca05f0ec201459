"""The figure of a calibration: what each parameter was taken to be before, and what is left of that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crossings.study.calibration import FREE
from crossings.views.sheet import Made, Panels, drawn, grid
from crossings.views.style import COLOURS, FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.study.posteriors import Posterior

_COLUMNS = 3
_ROW = 1.15  # inches
_BINS = 16
_LOGARITHMIC = frozenset(each.key for each in FREE if each.log)


def draw(posterior: Posterior) -> Panels:
    """Draw prior and posterior of every parameter.

    Parameters
    ----------
    posterior
        As `crossings calibrate` made it, or the package's own.

    Returns
    -------
    Panels
        One for each parameter, in their order.
    """
    about = posterior.about
    learnt: list[dict[str, Any]] = list(about["parameters"])
    rows = -(-len(learnt) // _COLUMNS)
    said = (
        "Grey: the prior, even over the range shown. Blue: draws from the posterior, and their median. "
        "Panels headed in bold moved: at least a quarter narrower, or a median off the middle of the prior."
    )
    made = Made(("history",), (int(about["seed"]),), f"Crossings {about['version']}")
    notes = f"{about['draws_run']:,} draws run of {about['draws_full']:,} of a full calibration."
    with drawn("From prior to posterior", said, made, _ROW * rows + 0.4, notes) as figure:
        panels = grid(
            figure, rows, _COLUMNS, left=0.25, below=0.3, above=0.3, gap=0.55, gap_across=0.25, share_x=False
        )
        for axes, each in zip(panels, learnt, strict=False):
            _parameter(axes, posterior.values[each["key"]].to_numpy(float), each)
        for axes in panels[len(learnt) :]:
            axes.set_axis_off()
    return Panels(panels[: len(learnt)])


def _parameter(axes: Axes, values: Any, each: dict[str, Any]) -> None:
    low, high = float(each["prior_low"]), float(each["prior_high"])
    log = each["key"] in _LOGARITHMIC
    edges = np.geomspace(low, high, _BINS + 1) if log else np.linspace(low, high, _BINS + 1)
    axes.axhspan(0.0, len(values) / _BINS, color=FAINT, alpha=0.18, linewidth=0)
    axes.hist(values, bins=list(edges), color=COLOURS[0], alpha=0.75)
    axes.axvline(float(np.median(values)), color=COLOURS[1], linewidth=1.2)
    if log:
        axes.set_xscale("log")
        axes.minorticks_off()
        axes.set_xticks([low, float(np.sqrt(low * high)), high])
        axes.xaxis.set_major_formatter("{x:.2g}")
    axes.set_xlim(low, high)
    axes.set_yticks([])
    axes.tick_params(labelsize=7)
    section, _, name = str(each["key"]).rpartition(".")
    axes.set_title(
        f"{section.rpartition('.')[2]}.{name}", fontsize=7.5, loc="left",
        fontweight="bold" if each["moved"] else "normal",
    )  # fmt: skip
