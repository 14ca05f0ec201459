"""Calibration: which values of the behaviour parameters go with what was observed in 2021-24.

Behaviour is constant over years; the one thing free by year is the total of demand, found inside each
draw (`crossings.study.demand`). The design is a scrambled Halton sequence in the ranges that parameters
declare, so that a longer calibration goes on where a shorter one ended. Every draw has chance of its
own. From the runs, emulators (`crossings.study.emulator`) say what patterns are to be expected in
between, and an ensemble of Markov chains [1]_ draws from the posterior: the prior, even over the ranges
or their logarithms, times a normal likelihood of the targets, whose covariance is that of the emulators'
errors, chance included, and of the model's own error (`Target.tolerance`).

References
----------
.. [1] D. Foreman-Mackey, D. W. Hogg, D. Lang, J. Goodman, "emcee: The MCMC Hammer", Publications of the
   Astronomical Society of the Pacific 125 (2013) 306, doi:10.1086/670067.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from crossings.corridors.observed import observed
from crossings.errors import InputError
from crossings.scenario import Scenario
from crossings.study.advance import DONE, Summary, Watcher
from crossings.study.axes import Axis, Range
from crossings.study.demand import YEARS, history
from crossings.study.emulator import Emulator, library
from crossings.study.patterns import Floats, name_of
from crossings.study.runs import Run
from crossings.study.sweep_files import ranges
from crossings.study.sweep_parts import Given
from crossings.study.sweeps import Sweep
from crossings.study.targets import Target, targets

DRAWS = 3000
"""Draws of a full calibration."""
PASSES, TOLERANCE = 2, 0.05
HISTORY = "history"
CHANCE = "weather.seed"


@dataclass(frozen=True)
class Free:
    """A parameter that calibration may move.

    Attributes
    ----------
    key
        Dotted key.
    why
        What it stands for here.
    log
        Whether its prior is even over the logarithm.
    low, high
        Ends of the prior where they are not those of the declared range.
    past
        Whether it says how history began, and means nothing to a scenario that begins later.
    """

    key: str
    why: str
    log: bool = False
    low: float | None = None
    high: float | None = None
    past: bool = False


FREE = (
    Free("values.level", "level of the value of arriving"),
    Free("values.spread", "its spread over people"),
    Free("values.try_cost", "hardship of an attempt"),
    Free("choices.rationality", "how sharply people choose at the coast", log=True),
    Free("journeys.route_rationality", "how sharply they choose whether to set out", log=True),
    Free("beliefs.news_weight", "what news of compatriots is worth", log=True),
    Free("beliefs.credibility", "share of announcements expected to be carried out", log=True),
    Free("smuggling.networks.starting_taxi_share", "taxi boats in 2021", low=0.0, high=0.1, past=True),
    Free("smuggling.tactics.imitation", "how fast networks copy tactics"),
    Free("smuggling.design.load_risk", "what networks think that load does at sea"),
    Free("enforcement.patrols.patrol_effect", "what officers can do on a beach"),
    Free("passage.recorded_share", "share of people stopped on beaches who are recorded"),
    Free("weather.wave_mean", "wave height"),
    Free("weather.wave_amplitude", "its season"),
    Free("weather.wave_memory", "its persistence"),
)
"""What calibration moves. Everything else is fixed, assumed where no source is given, and swept."""

FIXED = (
    "weather.wave_sd",
    "smuggling.networks.starting_wave_limit",
    "values.death_loss",
    "journeys.baseline_participation",
)
"""Named because they are assumed and would trade off with the above: never moved, only swept."""


def axes(base: Scenario, free: Sequence[Free] = FREE) -> list[Axis]:
    """Return the priors as axes of a sweep.

    Raises
    ------
    InputError
        If a parameter does not exist or declares no range.
    """
    declared = ranges(base)
    found = []
    for each in free:
        low, high = declared.get(each.key, (None, None))
        low, high = each.low if each.low is not None else low, each.high if each.high is not None else high
        if low is None or high is None:
            raise InputError(f"{each.key}: expected a parameter with a plausible range")
        found.append(Axis(each.key, (each.key,), span=Range(low, high, log=each.log)))
    return found


def cube(count: int, dimensions: int, seed: int) -> Floats:
    """Return the first points of a scrambled Halton sequence, shape (count, dimensions)."""
    from scipy.stats import qmc  # noqa: PLC0415, slow to load

    return np.asarray(qmc.Halton(dimensions, rng=seed).random(count), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class Calibration:
    """The runs of a calibration, and what they say.

    Attributes
    ----------
    sweep
        Which keeps the runs, and goes on where it was stopped.
    axes
        Priors.
    targets
        What is fitted.
    points
        Places of the draws in the unit cube.
    """

    sweep: Sweep
    axes: tuple[Axis, ...]
    targets: tuple[Target, ...]
    points: Floats

    @classmethod
    def plan(
        cls,
        draws: int = DRAWS,
        *,
        scenario: Scenario | str | Path = HISTORY,
        free: Sequence[Free] = FREE,
        passes: int = PASSES,
        design_seed: int = 1,
        out: str | os.PathLike[str] | None = None,
        run: Run | None = None,
    ) -> Self:
        """Lay down the draws.

        Parameters
        ----------
        draws
            Points of the design; more later go on from there.
        scenario
            History, or a shorter one for a try.
        free
            What may move.
        passes
            Most runs of a draw in search of its demand.
        design_seed
            Of the scrambling of the sequence.
        out
            Folder of the runs; default ``results/calibration``.
        run
            What makes a run in place of `demand.history`: a function of a module, called alike.
        """
        base = Scenario.of(scenario)
        spans = axes(base, free)
        points = cube(draws, len(spans), design_seed)
        given = [
            {axis.name: axis.at(float(place)) for axis, place in zip(spans, row, strict=True)}
            | {CHANCE: number}
            for number, row in enumerate(points, start=1)
        ]
        sweep = Sweep(
            base,
            Given(given, spans),
            design="table",
            name="calibration",
            title="Calibration",
            question="Which values of the behaviour parameters go with what was observed in 2021-24?",
            out=out,
            run=partial(history, passes=passes, tolerance=TOLERANCE) if run is None else run,
        )
        return cls(sweep, tuple(spans), targets(observed(base.corridor)), points)

    def run(
        self,
        processes: int | None = None,
        progress: Watcher | None = None,
        accept_changes: bool = False,
    ) -> Summary:
        """Make every draw that is missing; see `Sweep.run`."""
        return self.sweep.run(processes=processes, progress=progress, accept_changes=accept_changes)

    def done(self) -> tuple[Floats, pd.DataFrame]:
        """Return places and patterns of the draws that ended well, in the order of the design."""
        rows = self.sweep.results()
        good = rows[rows["status"] == DONE].sort_values("point")
        wanted = [target.name for target in self.targets]
        whole = good.dropna(subset=[name for name in wanted if name in good.columns])
        return self.points[whole["point"].to_numpy(int)], whole.reset_index(drop=True)

    def learn(self) -> Emulators:
        """Return emulators of the targets and of demand.

        Raises
        ------
        InputError
            If too few draws ended well, or a library is missing.
        """
        points, rows = self.done()
        values = {target.name: target.on_scale(rows[target.name].to_numpy(float)) for target in self.targets}
        demand = {
            name_of("wanted", year): np.log(rows[name_of("wanted", year)].to_numpy(float)) for year in YEARS
        }
        return Emulators(
            self.targets,
            {name: Emulator.fit(points, value) for name, value in values.items()},
            {name: Emulator.fit(points, value) for name, value in demand.items()},
        )


@dataclass(frozen=True, eq=False)
class Emulators:
    """All emulators of a calibration.

    Attributes
    ----------
    targets
        What is fitted.
    patterns
        Emulators of the targets, by name.
    demand
        Emulators of the log multiple of demand that each year wants.
    """

    targets: tuple[Target, ...]
    patterns: dict[str, Emulator]
    demand: dict[str, Emulator]

    def precision(self) -> Floats:
        """Return the inverse covariance of targets about predictions: chance, emulator, and model."""
        errors = np.column_stack([self.patterns[target.name].errors for target in self.targets])
        covariance = library("sklearn.covariance").LedoitWolf(assume_centered=True).fit(errors).covariance_
        own = np.diag([target.tolerance**2 for target in self.targets])
        return np.asarray(np.linalg.inv(covariance + own))

    def log_likelihood(self, points: Floats, precision: Floats) -> Floats:
        """Return the log likelihood of what was observed at places in the unit cube; -inf outside."""
        inside = np.all((points >= 0.0) & (points <= 1.0), axis=1)
        found = np.full(len(points), -np.inf)
        if inside.any():
            expected = np.column_stack([self.patterns[t.name].at(points[inside]) for t in self.targets])
            gap = np.array([target.aim for target in self.targets]) - expected
            found[inside] = -0.5 * np.einsum("ij,jk,ik->i", gap, precision, gap)
        return found


@dataclass(frozen=True, eq=False)
class Chains:
    """Draws from the posterior, in the unit cube.

    Attributes
    ----------
    points
        Shape (draws, parameters).
    demand
        Multiples of demand of `YEARS`, shape (draws, years); each with the chance that one run's years
        have, because the counted years were one course of chance as well.
    accepted
        Mean share of proposals that chains took.
    steps, autocorrelation
        Steps of each chain, and after how many they forget, for the slowest parameter.
    """

    points: Floats
    demand: Floats
    accepted: float
    steps: int
    autocorrelation: float


def posterior(emulators: Emulators, dimensions: int, count: int, seed: int = 1, steps: int = 1500) -> Chains:
    """Draw from the posterior.

    Parameters
    ----------
    emulators
        Of targets and demand.
    dimensions
        Parameters.
    count
        Draws wanted.
    seed
        Of the chains.
    steps
        Of each chain; the first third is thrown away.
    """
    emcee = library("emcee")
    walkers = 4 * dimensions
    precision = emulators.precision()
    sampler = emcee.EnsembleSampler(
        walkers,
        dimensions,
        lambda points: emulators.log_likelihood(np.atleast_2d(points), precision),
        vectorize=True,
        moves=[(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)],
    )
    # the library's own generator: this is inference about the model, and no draw of the model
    sampler.random_state = np.random.RandomState(seed).get_state()
    sampler.run_mcmc(cube(walkers, dimensions, seed), steps)
    kept = sampler.get_chain(discard=steps // 3, flat=True)
    chosen = kept[np.linspace(0, len(kept) - 1, count).astype(int)]
    slowest = float(np.max(sampler.get_autocorr_time(tol=0)))
    return Chains(
        chosen,
        _demand(emulators, chosen, seed),
        float(np.mean(sampler.acceptance_fraction)),
        steps,
        slowest,
    )


def _demand(emulators: Emulators, points: Floats, seed: int) -> Floats:
    expected = np.column_stack([each.at(points) for each in emulators.demand.values()])
    errors = np.column_stack([each.errors for each in emulators.demand.values()])
    runs = (cube(len(points), 1, seed)[:, 0] * len(errors)).astype(int)
    return np.asarray(np.exp(expected + errors[runs]))


def values_of(spans: Sequence[Axis], points: Floats) -> pd.DataFrame:
    """Return parameter values at places in the unit cube: a column for each, a row for each draw."""
    rows: list[dict[str, Any]] = [
        {axis.name: axis.at(float(place)) for axis, place in zip(spans, row, strict=True)} for row in points
    ]
    return pd.DataFrame(rows)
