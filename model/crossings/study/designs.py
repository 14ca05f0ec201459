"""Designs: which points of the axes a sweep visits.

A factorial design visits every combination; the others a sample. Latin hypercubes come from SciPy
[1]_, Morris trajectories and Saltelli's points for Sobol indices from SALib [2]_ (the extra
``sensitivity``). A design is the same again for the same seed, and a point is a plain table: name of
the axis -> value.

References
----------
.. [1] M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21(2) (1979) 239-245.
.. [2] J. Herman, W. Usher, Journal of Open Source Software 2(9) (2017) 97, doi:10.21105/joss.00097.
       M. D. Morris, Technometrics 33(2) (1991) 161-174, doi:10.2307/1269043.
       A. Saltelli, Computer Physics Communications 145 (2002) 280-297,
       doi:10.1016/S0010-4655(02)00280-1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from itertools import product
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.errors import InputError
from crossings.study.axes import Axis, Value

Floats = NDArray[np.float64]
Point = Mapping[str, Value]

LATIN, SOBOL, MORRIS = "latin-hypercube", "sobol", "morris"
FACTORIAL, ONE_AT_A_TIME, TABLE = "factorial", "one-at-a-time", "table"
SAMPLED = (LATIN, SOBOL, MORRIS)
DESIGNS = (FACTORIAL, ONE_AT_A_TIME, *SAMPLED, TABLE)

MOST = 10_000_000
"""Points a design, and runs a sweep may have."""

MORRIS_LEVELS = 4
"""Levels of each axis that Morris trajectories step between, his own choice."""


def points(design: str, axes: Sequence[Axis], samples: int = 1, seed: int = 1) -> list[dict[str, Value]]:
    """Return the points of a design, in its order.

    Parameters
    ----------
    design
        One of `DESIGNS` but a table, whose points are given.
    axes
        What varies.
    samples
        Points of a Latin hypercube, trajectories of a Morris design (each of one point more than there
        are axes), or base points of a Sobol design (each makes two points more than there are axes).
    seed
        Seed of a sampled design; has nothing to do with the seeds of runs.

    Raises
    ------
    InputError
        If the library for it is not installed, or axes and design do not go together.
    """
    if design == FACTORIAL:
        grids = [axis.grid() for axis in axes]
        _not_too_many(prod(map(len, grids)))
        return [dict(zip((a.name for a in axes), values, strict=True)) for values in product(*grids)]
    if design == ONE_AT_A_TIME:
        return [{}, *({axis.name: value} for axis in axes for value in axis.ends())]
    _not_too_many(samples * {MORRIS: len(axes) + 1, SOBOL: len(axes) + 2}.get(design, 1))
    cube = unit_points(design, len(axes), samples, seed)
    return [{axis.name: axis.at(float(place)) for axis, place in zip(axes, row, strict=True)} for row in cube]


def _not_too_many(count: int) -> None:
    """Refuse a design before its points fill the memory."""
    if count > MOST:
        raise InputError(f"{count:,} points: expected at most {MOST:,}")


def unit_points(design: str, dimensions: int, samples: int, seed: int) -> Floats:
    """Return a sampled design as rows of coordinates from 0 to 1, shape (points, dimensions).

    Raises
    ------
    InputError
        If SALib is not installed, or a Sobol design is asked for a number that is no power of two.
    """
    if design == LATIN:
        from scipy.stats import qmc  # noqa: PLC0415, slow to load

        return np.asarray(qmc.LatinHypercube(dimensions, rng=seed).random(samples))
    if design == SOBOL:
        if samples & (samples - 1):
            raise InputError(f"samples = {samples}: expected a power of two for a Sobol design, such as 64")
        sobol = salib("sample.sobol")
        return np.asarray(
            sobol.sample(problem(dimensions), samples, calc_second_order=False, seed=seed), dtype=np.float64
        )
    morris = salib("sample.morris")
    sampled = morris.sample(problem(dimensions), samples, num_levels=MORRIS_LEVELS, seed=seed)
    return np.asarray(sampled, dtype=np.float64)


def problem(dimensions: int) -> dict[str, Any]:
    """Return the unit cube as SALib wants it described."""
    names = [f"x{number}" for number in range(dimensions)]
    return {"num_vars": dimensions, "names": names, "bounds": [[0.0, 1.0]] * dimensions}


def salib(module: str) -> Any:
    """Return a module of SALib.

    Raises
    ------
    InputError
        If it is not installed.
    """
    try:
        return import_module(f"SALib.{module}")
    except ImportError as error:
        raise InputError(
            f"Morris and Sobol designs need SALib ({error}): "
            "expected the extra, pip install 'crossings[sensitivity]'"
        ) from None
