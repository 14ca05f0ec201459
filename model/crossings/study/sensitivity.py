"""How far each parameter moves an outcome: Morris' elementary effects and Sobol's indices.

Both take the mean over seeds at every point, because all points share their seeds. Axes are taken on
the unit interval, so that effects are those of crossing the whole range of an axis.

*Morris* [1]_: ``mu`` is the mean elementary effect, ``mu_star`` the mean of its size [2]_, ``sigma``
its standard deviation (large where the effect is curved or depends on other axes). *Sobol* [3]_:
``S1`` is the share of the variance that goes with the axis alone, ``ST`` that with all its
interactions. Intervals are 95% by bootstrap: over trajectories, or over the base points. They do not
contain the noise of few seeds; ``noise`` says how large that is.

References
----------
.. [1] M. D. Morris, Technometrics 33(2) (1991) 161-174, doi:10.2307/1269043.
.. [2] F. Campolongo, J. Cariboni, A. Saltelli, Environmental Modelling & Software 22(10) (2007)
       1509-1518, doi:10.1016/j.envsoft.2006.10.004.
.. [3] A. Saltelli et al., Computer Physics Communications 181(2) (2010) 259-270,
       doi:10.1016/j.cpc.2009.09.018.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.study import designs
from crossings.study.pairs import LEVEL
from crossings.study.sweep_results import finished

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from crossings.study.sweeps import Sweep

_RESAMPLES = 1000
_SEED = 20250806  # of the bootstrap: the same intervals every time


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """Indices of every axis for one outcome.

    Attributes
    ----------
    design
        ``"morris"`` or ``"sobol"``.
    outcome
        What moves.
    table
        A row for each axis, the most important first. Morris: ``mu, mu_star, low, high, sigma``, with
        the interval of ``mu_star``. Sobol: ``S1, S1_low, S1_high, ST, ST_low, ST_high``.
    points, seeds
        Points of the design, and seeds at each.
    mean, noise
        Mean of the outcome over points, and the standard error that its mean over seeds has at a point;
        nan with one seed.
    title, scenario, chosen, dates
        Of the sweep: its title, the scenario it starts from, its seeds, and the first and last date.
    origin
        Version that made its runs.
    """

    design: str
    outcome: str
    table: pd.DataFrame
    points: int
    seeds: int
    mean: float
    noise: float
    title: str
    scenario: str
    chosen: tuple[int, ...]
    dates: str
    origin: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        rows = self.table.reset_index().to_dict(orient="records")
        said = {"design": self.design, "outcome": self.outcome, "points": self.points, "seeds": self.seeds}
        return said | {"mean": self.mean, "noise": self.noise, "level": LEVEL, "axes": rows}

    def plot(self) -> Figure:
        """Draw the indices with their intervals."""
        from crossings.views.indices import draw  # noqa: PLC0415, slow to load and from a higher floor

        return draw([self]).figure


def analyse(sweep: Sweep, rows: pd.DataFrame, outcome: str, origin: str) -> Sensitivity:
    """Return the indices that a sweep's design allows; see `Sweep.sensitivity`."""
    if sweep.design not in (designs.MORRIS, designs.SOBOL):
        raise InputError(
            f'design = "{sweep.design}": expected morris or sobol for an analysis of sensitivity'
        )
    names = [axis.name for axis in sweep.axes]
    done = finished(rows, outcome, names)
    by_point = done.groupby("point")[outcome]
    missing = len(sweep.points) * len(sweep.seeds) - int(by_point.count().sum())
    if missing:
        raise InputError(
            f"{missing} of the sweep's runs have no {outcome}: expected all; run the sweep again"
        )
    means = by_point.mean().to_numpy(dtype=np.float64)
    spread = by_point.var().to_numpy(dtype=np.float64)
    table = (_morris if sweep.design == designs.MORRIS else _sobol)(sweep, means, names)
    return Sensitivity(
        design=sweep.design,
        outcome=outcome,
        table=table,
        points=len(sweep.points),
        seeds=len(sweep.seeds),
        mean=float(means.mean()),
        noise=float(np.sqrt(spread.mean() / len(sweep.seeds))) if len(sweep.seeds) > 1 else float("nan"),
        title=sweep.title or sweep.name,
        scenario=sweep.base.name,
        chosen=sweep.seeds,
        dates=f"{sweep.base.start} to {sweep.base.end}",
        origin=origin,
    )


def _morris(sweep: Sweep, means: NDArray[np.float64], names: list[str]) -> pd.DataFrame:
    analysis = designs.salib("analyze.morris")
    cube = _cube(sweep)
    found = analysis.analyze(
        designs.problem(len(names)), cube, means, num_levels=designs.MORRIS_LEVELS,
        num_resamples=_RESAMPLES, conf_level=LEVEL, seed=_SEED,
    )  # fmt: skip
    star, half = np.asarray(found["mu_star"]), np.asarray(found["mu_star_conf"])
    columns = {"mu": found["mu"], "mu_star": star, "low": star - half, "high": star + half}
    table = pd.DataFrame(columns | {"sigma": found["sigma"]}, index=pd.Index(names, name="axis"))
    return table.astype(np.float64).sort_values("mu_star", ascending=False)


def _sobol(sweep: Sweep, means: NDArray[np.float64], names: list[str]) -> pd.DataFrame:
    analysis = designs.salib("analyze.sobol")
    if not means.std() > 0:
        raise InputError("the outcome is the same at every point: expected one that varies")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of resamples without variance
        found = analysis.analyze(
            designs.problem(len(names)), means, calc_second_order=False, num_resamples=_RESAMPLES,
            conf_level=LEVEL, seed=_SEED,
        )  # fmt: skip
    columns: dict[str, NDArray[np.float64]] = {}
    for index in ("S1", "ST"):
        middle, half = np.asarray(found[index]), np.asarray(found[f"{index}_conf"])
        columns |= {index: middle, f"{index}_low": middle - half, f"{index}_high": middle + half}
    table = pd.DataFrame(columns, index=pd.Index(names, name="axis"))
    return table.astype(np.float64).sort_values("ST", ascending=False)


def _cube(sweep: Sweep) -> NDArray[np.float64]:
    """Return the unit cube the design was made in, once it is clear that it still gives its points."""
    cube = designs.unit_points(sweep.design, len(sweep.axes), sweep.samples or 1, sweep.design_seed)
    again = [
        {axis.name: axis.at(float(place)) for axis, place in zip(sweep.axes, row, strict=True)}
        for row in cube
    ]
    same = [{name: str(value) for name, value in point.items()} for point in again]
    if same != [{name: str(value) for name, value in point.items()} for point in sweep.points]:
        raise InputError(
            "SALib now makes other points of this design: expected the version the sweep was made with"
        )
    return cube
