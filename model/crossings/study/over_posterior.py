"""An effect under what is not known about behaviour: the same comparison at draws of the posterior.

Each draw is run with and without the policy under a seed of its own, so that the spread of effects over
draws is that of chance and parameters together; the spread over the seeds of a comparison at the default
parameters is that of chance alone. The two are reported beside each other and never as one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from crossings import model
from crossings.errors import InputError
from crossings.outcomes.summary import Weekly, weeks
from crossings.scenario import Scenario
from crossings.study.compared import Comparison
from crossings.study.patterns import Floats
from crossings.study.posteriors import Posterior
from crossings.study.runs import Job, Progress, RunFailure, RunRecord, run_all

LOW, HIGH = 0.05, 0.95


@dataclass(frozen=True, eq=False)
class OverPosterior:
    """Effects on arrivals at draws of the posterior, beside those of seeds alone.

    Attributes
    ----------
    base
        Scenario that the others are compared with.
    start, end
        Window.
    draws
        Draws of the posterior.
    effects
        By scenario: effect of each draw, chance and parameters.
    alone
        By scenario: effect of each seed at the default parameters, chance alone.
    weekly
        Sums by week at every draw: the wider band of the figure by week.
    """

    base: str
    start: date
    end: date
    draws: tuple[int, ...]
    effects: Mapping[str, Floats]
    alone: Mapping[str, Floats]
    weekly: Weekly

    def as_dict(self) -> dict[str, Any]:
        """Return medians and both 90% intervals as plain data."""
        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "draws": list(self.draws),
            "effects": {
                label: {
                    "median": float(np.median(values)),
                    "chance_and_parameters": _interval(values),
                    "chance": _interval(self.alone[label]),
                }
                for label, values in self.effects.items()
            },
        }


def over_posterior(
    scenarios: Sequence[Scenario],
    compared: Comparison,
    draws: int,
    posterior: Posterior | None = None,
    processes: int | None = None,
    progress: Progress | None = None,
) -> OverPosterior:
    """Compare scenarios at draws of the posterior.

    Parameters
    ----------
    scenarios
        As compared, base first.
    compared
        Their comparison at the parameters they have: chance alone, and the window.
    draws
        How many draws, from 2, evenly spaced over the posterior.
    posterior
        Default the package's own.
    processes, progress
        As in `comparison.compare`.

    Raises
    ------
    InputError
        If there are not as many draws, or fewer than two are asked for.
    RuntimeError
        If a run fails.
    """
    if draws < 2:
        raise InputError(f"posterior {draws}: expected at least 2, as one has no spread")
    known = Posterior.load() if posterior is None else posterior
    chosen = known.spread_out(draws)
    run = partial(model.run, events=False)
    jobs = [
        Job(label, scenario.with_(**known.behaviour(draw)), 1 + place, run)
        for place, draw in enumerate(chosen)
        for label, scenario in zip(compared.labels, scenarios, strict=True)
    ]
    window: Any = compared.effects().iloc[0]
    opening, closing = window["start"], window["end"]
    first = (opening - compared.start).days
    last = (closing - compared.start).days + 1
    sums: dict[str, list[float]] = {label: [] for label in compared.labels}
    by_week: dict[str, list[dict[str, Floats]]] = {label: [] for label in compared.labels}
    for record in run_all(jobs, processes, progress):
        if isinstance(record, RunFailure):
            raise RuntimeError(f"a draw of the posterior failed; {record}")
        sums[record.label].append(_arrivals(record, first, last))
        by_week[record.label].append(weeks(compared.dates, record.daily)[1])
    counted = {label: np.array(values) for label, values in sums.items()}
    alone = {label: compared.daily[label]["arrivals"][:, first:last].sum(axis=1) for label in compared.labels}
    return OverPosterior(
        base=compared.base,
        start=opening,
        end=closing,
        draws=tuple(chosen),
        effects=_effects(counted),
        alone=_effects(alone),
        weekly=_stacked(compared.weekly, by_week),
    )


def _stacked(weekly: Weekly, by_week: Mapping[str, Sequence[Mapping[str, Floats]]]) -> Weekly:
    """Return the weeks of all draws in the form of the comparison's own; draw k has seed k."""
    series = {
        label: {name: np.stack([each[name] for each in found]) for name in found[0]}
        for label, found in by_week.items()
    }
    count = len(next(iter(by_week.values())))
    return replace(weekly, series=series, seeds=tuple(range(1, count + 1)))


def _arrivals(record: RunRecord, first: int, last: int) -> float:
    return float(record.daily["arrivals"][first:last].sum())


def _effects(sums: Mapping[str, Floats]) -> dict[str, Floats]:
    base, *others = sums
    return {label: sums[label] / np.maximum(sums[base], 1.0) - 1.0 for label in others}


def _interval(values: Floats) -> list[float] | None:
    return None if len(values) < 2 else [float(each) for each in np.quantile(values, (LOW, HIGH))]
