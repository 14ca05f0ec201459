"""Figures of sweeps: outcomes along an axis with bands over seeds, and one parameter at a time.

Bands are 95% intervals of the mean over seeds by Student's t, or, of fewer than five seeds, from the
least to the greatest: chance only. A sweep made for an analysis of sensitivity is drawn as its indices
(`crossings.views.indices`), and one whose points are a sample as a cloud for each axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import special

from crossings.errors import InputError
from crossings.outcomes.catalogue import OUTCOMES
from crossings.outcomes.summary import Floats
from crossings.study.designs import LATIN, MORRIS, ONE_AT_A_TIME, SOBOL
from crossings.study.pairs import LEVEL
from crossings.study.sensitivity import analyse
from crossings.study.sweep_results import finished
from crossings.views import indices
from crossings.views.sheet import Made, Panels, drawn, grid, legend_above, look, number, thousands
from crossings.views.style import COLOURS, FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from crossings.study.axes import Axis
    from crossings.study.sweeps import Sweep

_PANEL, _CLOUD = 1.6, 1.8  # inches: heights
_BAR = 0.19
_ENOUGH = 5  # seeds from which on an interval says more than their range
_SINGLE = "a single run, which does not show how far chance alone moves it"
_PURE = "1"  # the unit of shares
_FEW = 2  # parameters that can be named beneath an axis
_TEN = 10  # from which on nobody wants decimals


def draw(sweep: Sweep, rows: pd.DataFrame, origin: str) -> Panels:
    """Draw a sweep as its ``[figure]`` says: a panel for each outcome.

    Parameters
    ----------
    sweep
        The sweep.
    rows
        Its results.
    origin
        Version that made them.

    Raises
    ------
    InputError
        If no run has ended well, an outcome is not there, or runs are missing that indices need.
    """
    names = [axis.name for axis in sweep.axes]
    outcomes = [name for name in sweep.figure.y if name in rows.columns]
    if not outcomes:
        raise InputError(f"figure: expected an outcome that the runs give, got {', '.join(sweep.figure.y)}")
    if sweep.design in (MORRIS, SOBOL):
        means = rows.groupby("point")[outcomes].mean()  # seeds may differ where points do not
        varying = [name for name in outcomes if means[name].nunique() > 1] or outcomes[:1]
        return indices.draw([analyse(sweep, rows, name, origin) for name in varying])
    done = finished(rows, outcomes[0], names)
    made = Made((sweep.base.name,), sweep.seeds, origin)
    if sweep.design == ONE_AT_A_TIME:
        return _tornado(sweep, done, outcomes, made)
    if sweep.design == LATIN:
        return _clouds(sweep, done, outcomes, made)
    return _curves(sweep, done, outcomes, made)


def _curves(sweep: Sweep, done: pd.DataFrame, outcomes: Sequence[str], made: Made) -> Panels:
    x, by = sweep.figure.x or sweep.axes[0].name, sweep.figure.by
    groups: list[Any] = [("", done)] if by is None else list(done.groupby(by, sort=False, dropna=False))
    others = [axis.name for axis in sweep.axes if axis.name not in (x, by)]
    mixed = f", over every {' and '.join(others)}" if others else ""
    said = f"Lines are means of {_seeds(sweep)}{mixed}, and bands {_bands(sweep, bool(others))}."
    if len(sweep.seeds) == 1 and not others:
        said = f"Each mark is {_SINGLE}."
    with drawn(
        _title(sweep), _asked(sweep, said), made, _PANEL * len(outcomes) + 0.6, _notes(sweep, done)
    ) as figure:
        panels = grid(figure, len(outcomes), above=0.25 if by else 0.08, below=0.45, left=1.0, gap=0.15)
        for panel, outcome in zip(panels, outcomes, strict=True):
            for order, (_, own) in enumerate(groups):
                _curve(panel, own, x, outcome, order)
            _measure(panel, done[outcome], outcome)
        if by is not None:
            legend_above(figure, panels[0], [f"{by}: {label}" for label, _ in groups])
        panels[-1].set_xlabel(_what_varies(next(axis for axis in sweep.axes if axis.name == x)))
    return Panels(panels)


def _curve(panel: Axes, own: pd.DataFrame, x: str, outcome: str, order: int) -> None:
    numeric = pd.api.types.is_numeric_dtype(own[x]) and not pd.api.types.is_bool_dtype(own[x])
    runs = own.groupby(x, sort=numeric)[outcome]
    spread = pd.DataFrame([_spread(each.to_numpy(np.float64)) for _, each in runs])
    low = spread["low"].clip(lower=0.0) if own[outcome].min() >= 0 else spread["low"]  # counts end at none
    values = list(runs.groups)
    at: Any = np.array(values) if numeric else np.arange(len(values))
    colour, dashes = look(order)
    panel.fill_between(at, low, spread["high"], color=colour, alpha=0.2, linewidth=0)
    panel.plot(at, spread["mean"], color=colour, linestyle=dashes, marker="o", markersize=3)
    if not numeric:
        panel.set_xticks(at, [str(value) for value in values])


def _clouds(sweep: Sweep, done: pd.DataFrame, outcomes: Sequence[str], made: Made) -> Panels:
    """Draw every point of a sampled design: a row for each outcome, a column for each axis."""
    names = [axis.name for axis in sweep.axes]
    means = done.groupby("point").agg(dict.fromkeys(names, "first") | dict.fromkeys(outcomes, "mean"))
    said = f"Each dot is a point of the design: the mean of {_seeds(sweep)}."
    height = _CLOUD * len(outcomes) + 0.5
    with drawn(_title(sweep), _asked(sweep, said), made, height, _notes(sweep, done)) as figure:
        panels = grid(figure, len(outcomes), len(names), above=0.08, below=0.45, left=1.0, gap=0.15,
                      gap_across=0.25)  # fmt: skip
        for place, panel in enumerate(panels):
            outcome, name = outcomes[place // len(names)], names[place % len(names)]
            panel.plot(means[name], means[outcome], "o", markersize=2.5, color=COLOURS[0], alpha=0.7)
            _measure(panel, means[outcome], outcome if not place % len(names) else "")
            panel.locator_params(axis="x", nbins=4) if pd.api.types.is_numeric_dtype(means[name]) else None
            if place % len(names):
                panel.tick_params(labelleft=False)
            if place // len(names) == len(outcomes) - 1:
                panel.set_xlabel(name.rpartition(".")[2])
    return Panels(panels)


def _tornado(sweep: Sweep, done: pd.DataFrame, outcomes: Sequence[str], made: Made) -> Panels:
    """Draw a bar for each value of each axis, the axis that moves the first outcome most on top."""
    changes = one_at_a_time(sweep, done, outcomes)
    order = changes.groupby("axis")[outcomes[0]].apply(lambda each: each.abs().max()).sort_values().index
    over = f"over {_seeds(sweep)}; lines {_bands(sweep, False)}"
    if len(sweep.seeds) == 1:
        over = f"each of {_SINGLE}"
    said = (
        f"Bars are mean changes from the scenario as it is, seed by seed, {over}. Beside each is the value."
    )
    height = _BAR * (len(changes) + len(order)) + 0.75
    with drawn(_title(sweep), _asked(sweep, said), made, height, _notes(sweep, done)) as figure:
        left = 0.065 * max(map(len, order)) + 0.3
        panels = grid(figure, 1, len(outcomes), left=left, below=0.6, above=0.08, gap_across=0.2)
        for panel, outcome in zip(panels, outcomes, strict=True):
            for place, name in enumerate(order):
                own = changes[changes["axis"] == name]
                for which, row in enumerate(own.to_dict("records")):
                    where = place + 0.8 * ((len(own) - 1) / 2 - which) / len(own)
                    _bar(panel, where, 0.72 / len(own), row, outcome, COLOURS[which % len(COLOURS)])
            panel.set_yticks(range(len(order)), order if panel is panels[0] else [""] * len(order))
            panel.axvline(0, color=FAINT, linewidth=0.6)
            panel.set_ylim(-0.5, len(order) - 0.5)
            panel.margins(x=0.2)
            panel.set_xlabel(f"change in {_with_unit(outcome)}")
            thousands(panel, "x", _format(changes[outcome]), most=4)
            panel.grid(axis="x")
            panel.grid(visible=False, axis="y")
    return Panels(panels)


def _bar(panel: Axes, where: float, height: float, row: dict[Any, Any], outcome: str, colour: str) -> None:
    change, low, high = row[outcome], row[f"{outcome}_low"], row[f"{outcome}_high"]
    panel.barh(where, change, height=height, color=colour, alpha=0.8)
    panel.hlines(where, low, high, color=FAINT, linewidth=0.8)
    up = change >= 0
    value = row["value"]
    panel.annotate(
        number(value, ",g") if isinstance(value, float) else str(value),
        (max(high, change, 0.0) if up else min(low, change, 0.0), where),
        xytext=(3 if up else -3, 0), textcoords="offset points", ha="left" if up else "right", va="center",
        fontsize=6.5,
    )  # fmt: skip


def one_at_a_time(sweep: Sweep, done: pd.DataFrame, outcomes: Sequence[str]) -> pd.DataFrame:
    """Return the mean paired change of outcomes where one axis is moved, with its band over seeds.

    Returns
    -------
    DataFrame
        ``axis, value``, and for each outcome its mean change, ``<outcome>_low`` and ``<outcome>_high``.
    """
    base = done[done["point"] == 0].set_index("seed")
    found = []
    for place, point in enumerate(sweep.points):
        own = done[done["point"] == place].set_index("seed")
        for name, value in point.items():
            row: dict[str, Any] = {"axis": name, "value": value}
            for outcome in outcomes:
                spread = _spread((own[outcome] - base[outcome]).dropna().to_numpy(np.float64))
                row |= {outcome: spread["mean"], f"{outcome}_low": spread["low"]}
                row[f"{outcome}_high"] = spread["high"]
            found.append(row)
    return pd.DataFrame(found)


def _spread(values: Floats) -> dict[str, float]:
    """Return the mean over seeds and its band; see the module."""
    n = len(values)
    if n < _ENOUGH:
        low, high = (float(values.min()), float(values.max())) if n else (np.nan, np.nan)
        return {"mean": float(values.mean()) if n else np.nan, "low": low, "high": high}
    half = float(special.stdtrit(n - 1, (1.0 + LEVEL) / 2.0) * values.std(ddof=1) / np.sqrt(n))
    mean = float(values.mean())
    return {"mean": mean, "low": mean - half, "high": mean + half}


def _measure(panel: Axes, values: pd.Series[float], outcome: str) -> None:
    """Name the outcome, from none upwards where it cannot be less, with room for the uppermost mark."""
    panel.set_ylabel(_with_unit(outcome))
    thousands(panel, "y", _format(values))
    if values.min() >= 0:
        panel.set_ylim(0.0, 1.08 * float(values.max()) or 1.0)


def _with_unit(outcome: str) -> str:
    """Return what a figure calls an outcome, with its unit beneath if the name does not say it."""
    unit = OUTCOMES[outcome].unit if outcome in OUTCOMES else ""
    told = "" if unit in ("", _PURE, outcome) else f"\n({unit})"
    return outcome.replace("_", " ") + told


def _what_varies(axis: Axis) -> str:
    """Return the name of an axis with the parameter it moves, whose entry says what its numbers mean."""
    keys = [key for key in axis.keys if key != axis.name]
    return f"{axis.name} ({', '.join(keys)})" if 0 < len(keys) <= _FEW else axis.name


def _format(values: pd.Series[float]) -> str:
    return ",.0f" if values.abs().max() >= _TEN else ",g"


def _title(sweep: Sweep) -> str:
    return sweep.title or sweep.name


def _asked(sweep: Sweep, said: str) -> str:
    return f"{sweep.question} {said}".strip()


def _seeds(sweep: Sweep) -> str:
    return f"{len(sweep.seeds)} {'seed' if len(sweep.seeds) == 1 else 'seeds'}"


def _bands(sweep: Sweep, mixed: bool) -> str:
    if mixed:
        return "show how far all these runs spread"
    if len(sweep.seeds) < _ENOUGH:
        return "run from the least to the greatest of these few: chance only"
    return f"are {LEVEL:.0%} intervals: chance only"


def _notes(sweep: Sweep, done: pd.DataFrame) -> str:
    return f"{len(done):,} runs, {sweep.base.start} to {sweep.base.end}."
