"""Where in the space of parameters an outcome lies beyond a limit: scenario discovery with a tree.

A classification tree (CART [1]_, by scikit-learn, the extra ``discovery``) splits the space along its
axes; each leaf in which more than half of the runs are of interest is a box: a few intervals that a
reader can understand. *Coverage* is the share of all runs of interest that lie in a box, *density*
the share of the box's runs that are of interest, *mass* the share of all runs in it [2]_.

References
----------
.. [1] L. Breiman et al., "Classification and Regression Trees", Wadsworth (1984).
.. [2] B. P. Bryant, R. J. Lempert, Technological Forecasting and Social Change 77(1) (2010) 34-49,
       doi:10.1016/j.techfore.2009.08.002.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.scenario_errors import shown
from crossings.study.sweep_results import finished

_MOST_LEAVES = 8
_SMALLEST_LEAF = 0.05  # share of all runs


@dataclass(frozen=True)
class Box:
    """A part of the space in which an outcome mostly lies beyond the limit.

    Attributes
    ----------
    limits
        Axis -> (least, most), either None where there is no limit; values of an axis that is no number
        are listed.
    coverage, density, mass
        Shares; see the module.
    runs
        Runs in it.
    """

    limits: Mapping[str, Any]
    coverage: float
    density: float
    mass: float
    runs: int

    def __str__(self) -> str:
        said = " and ".join(_said(name, limit) for name, limit in self.limits.items()) or "everywhere"
        return f"{said}: {self.density:.0%} of {self.runs} runs, {self.coverage:.0%} of all of interest"


@dataclass(frozen=True)
class Discovery:
    """Boxes, that with the greatest coverage first.

    Attributes
    ----------
    question
        The outcome and the limit.
    boxes
        What was found; nothing if no part of the space is mostly of interest.
    share
        Share of all runs that are of interest.
    """

    question: str
    boxes: tuple[Box, ...]
    share: float

    def table(self) -> pd.DataFrame:
        """Return a row for each box: its limits as text, coverage, density, mass and runs."""
        return pd.DataFrame(
            [
                {"box": str(box).partition(":")[0], "coverage": box.coverage, "density": box.density}
                | {"mass": box.mass, "runs": box.runs}
                for box in self.boxes
            ],
            columns=["box", "coverage", "density", "mass", "runs"],
        )


def discover(
    rows: pd.DataFrame,
    axes: Sequence[str],
    outcome: str,
    *,
    above: float | None = None,
    below: float | None = None,
) -> Discovery:
    """Return the boxes in which an outcome lies above or below a limit.

    Parameters
    ----------
    rows
        Results of a sweep.
    axes
        Names of its axes.
    outcome
        Column of outcomes.
    above, below
        The limit; one of them.

    Raises
    ------
    InputError
        If not just one limit is given, there is no such outcome, scikit-learn is not installed, or all
        runs lie on one side.
    """
    if (above is None) == (below is None):
        raise InputError(f"above = {above}, below = {below}: expected one of them")
    done = finished(rows, outcome, axes)
    values = done[outcome].to_numpy(dtype=np.float64)
    wanted = values > above if above is not None else values < float(below or 0.0)
    question = (
        f"{outcome} {'above' if above is not None else 'below'} {above if above is not None else below:g}"
    )
    if wanted.all() or not wanted.any():
        raise InputError(f"{question}: true of {'all' if wanted.all() else 'no'} runs, expected of some")
    features = _Features(done[list(axes)])
    tree = _tree().DecisionTreeClassifier(
        max_leaf_nodes=_MOST_LEAVES, min_samples_leaf=_SMALLEST_LEAF, random_state=0
    )
    leaves = tree.fit(features.numbers, wanted).apply(features.numbers)
    boxes = [_box(features, tree.tree_, int(leaf), leaves, wanted) for leaf in np.unique(leaves)]
    found = sorted((box for box in boxes if box.density > 0.5), key=lambda box: -box.coverage)
    return Discovery(question, tuple(found), float(wanted.mean()))


class _Features:
    """Axes as numbers: numeric ones as they are, others by the place of a value among all.

    Parameters
    ----------
    frame
        A column for each axis.
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.names = [str(name) for name in frame.columns]
        self.levels: dict[str, list[Any]] = {}
        columns = []
        for name in self.names:
            column = frame[name]
            if pd.api.types.is_numeric_dtype(column) and not column.hasnans:
                columns.append(column.to_numpy(dtype=np.float64))
            else:
                self.levels[name] = sorted(column.astype(str).unique())
                columns.append(column.astype(str).map(self.levels[name].index).to_numpy(dtype=np.float64))
        self.numbers = np.column_stack(columns)

    def limit(self, name: str, low: float, high: float) -> Any:
        """Return an interval, or the values that lie in it."""
        if name in self.levels:
            return [level for place, level in enumerate(self.levels[name]) if low < place <= high]
        return (None if np.isinf(low) else low, None if np.isinf(high) else high)


def _box(
    features: _Features, tree: Any, leaf: int, leaves: NDArray[np.int64], wanted: NDArray[np.bool_]
) -> Box:
    low = dict.fromkeys(features.names, -np.inf)
    high = dict.fromkeys(features.names, np.inf)
    node = 0
    while node != leaf:
        name, cut = features.names[tree.feature[node]], float(tree.threshold[node])
        left = int(tree.children_left[node])
        if _holds(tree, left, leaf):
            high[name], node = min(high[name], cut), left
        else:
            low[name], node = max(low[name], cut), int(tree.children_right[node])
    limited = [name for name in features.names if np.isfinite(low[name]) or np.isfinite(high[name])]
    inside = leaves == leaf
    hits = int((inside & wanted).sum())
    return Box(
        limits={name: features.limit(name, low[name], high[name]) for name in limited},
        coverage=hits / int(wanted.sum()),
        density=hits / int(inside.sum()),
        mass=float(inside.mean()),
        runs=int(inside.sum()),
    )


def _holds(tree: Any, node: int, leaf: int) -> bool:
    """Return whether a leaf hangs below a node."""
    if node == leaf:
        return True
    below = (int(tree.children_left[node]), int(tree.children_right[node]))
    return below[0] >= 0 and (_holds(tree, below[0], leaf) or _holds(tree, below[1], leaf))


def _said(name: str, limit: Any) -> str:
    if isinstance(limit, list):
        return f"{name} is {' or '.join(limit)}"
    low, high = limit
    if low is None:
        return f"{name} <= {high:.4g}"
    return f"{name} > {low:.4g}" if high is None else f"{low:.4g} < {name} <= {high:.4g}"


def _tree() -> Any:
    try:
        return import_module("sklearn.tree")
    except ImportError as error:
        raise InputError(
            f"scenario discovery needs scikit-learn ({shown(str(error))}): "
            "expected the extra, pip install 'crossings[discovery]'"
        ) from None
