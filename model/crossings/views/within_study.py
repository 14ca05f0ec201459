"""How much a conclusion hangs on what is assumed, as far as the study that is reported can tell.

A comparison at draws of the posterior tells how far its effect moves with the calibrated parameters; a
sweep made for it tells which of the parameters that it varied move an outcome most. A study that varied
no parameter cannot tell, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from crossings.errors import InputError
from crossings.outcomes.result import Result
from crossings.parameters import described
from crossings.study.comparison import Comparison
from crossings.study.designs import MORRIS, ONE_AT_A_TIME, SOBOL
from crossings.study.sweep_results import finished
from crossings.study.sweeps import Sweep
from crossings.views.responses import one_at_a_time
from crossings.views.sheet import number, percent

_MOST = 12  # rows of the table


@dataclass(frozen=True)
class Told:
    """What is known of it: paragraphs, and a table that may have no rows."""

    said: tuple[str, ...]
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def told_by(study: Result | Comparison | Sweep) -> Told:
    """Return how much what a study found hangs on its parameters.

    Parameters
    ----------
    study
        A run, a comparison or a sweep.
    """
    if isinstance(study, Result):
        return Told((_unknown("one run with the parameters it has"),))
    if isinstance(study, Comparison):
        return _of_draws(study)
    if study.design in (MORRIS, SOBOL):
        return _of_indices(study)
    if study.design == ONE_AT_A_TIME:
        return _of_single_moves(study)
    varied = ", ".join(f"{axis.name}{_kind(study, axis.keys)}" for axis in study.axes)
    return Told(
        (
            f"The sweep varied {varied}; the table shows what follows. "
            + _unknown("a sweep with all other parameters as they are"),
        )
    )


def _unknown(what: str) -> str:
    return (
        f"How much the rest hangs on what is assumed cannot be told from {what}. "
        "'crossings compare BASE SCENARIO --posterior 40' runs an effect at draws of the calibrated "
        "parameters, and a sweep of design morris or sobol says which parameters move an outcome most. "
        "Either is worth running before anything is decided."
    )


# a comparison --------------------------------------------------------------------------------------


def _of_draws(study: Comparison) -> Told:
    if study.posterior is None:
        return Told((_unknown("a comparison with one set of parameters"),))
    drawn = study.posterior
    effects: dict[str, Any] = drawn["effects"]
    said = (
        f"The effect on arrivals from {drawn['start']} to {drawn['end']} at {len(drawn['draws'])} draws of "
        "the calibrated parameters, a seed each, beside that of chance alone. What was not calibrated, and "
        "the rules themselves, are the same in all of them."
    )
    heads = (
        "effect on arrivals",
        "median",
        "90%, chance and parameters",
        "90%, chance alone",
        "times as wide",
    )
    return Told((said,), heads, tuple(_draws(label, found) for label, found in effects.items()))


def _draws(label: str, found: dict[str, Any]) -> tuple[str, ...]:
    wide, alone = found["chance_and_parameters"], found["chance"]
    times = "\u2013"
    if alone is not None and alone[1] > alone[0]:
        times = number((wide[1] - wide[0]) / (alone[1] - alone[0]), ",.1f")
    return label, percent(found["median"]), _span(wide), "\u2013" if alone is None else _span(alone), times


def _span(ends: list[float]) -> str:
    return f"{percent(ends[0])} to {percent(ends[1])}"


# a sweep -------------------------------------------------------------------------------------------


def _of_indices(study: Sweep) -> Told:
    rows, outcomes = [], []
    for outcome in _outcomes(study):
        try:
            found = study.sensitivity(outcome)
        except InputError:  # runs are missing, or nothing varies
            continue
        outcomes.append(outcome.replace("_", " "))
        rows += [
            (outcomes[-1], f"{name}{_kind(study, _keys(study, name))}", *_index(study, row))
            for name, row in found.table.head(_MOST).iterrows()
        ]
    if not rows:
        return Told(("Too few runs have ended for indices. " + _unknown("what there is"),))
    if study.design == MORRIS:
        heads = ("outcome", "parameter", "mu* (95% interval)", "sigma")
        what = "Mean size of the effect of crossing a parameter's whole range (mu*)"
    else:
        heads = ("outcome", "parameter", "alone (95% interval)", "with interactions (95% interval)")
        what = "Share of the variance that goes with a parameter"
    said = f"{what}, for {' and '.join(outcomes)}. Parameters that were not varied here are not among them."
    return Told((said,), heads, tuple(rows))


def _index(study: Sweep, row: Any) -> tuple[str, str]:
    if study.design == MORRIS:
        star, low, high = (_plain(row[name]) for name in ("mu_star", "low", "high"))
        return f"{star} ({low} to {high})", _plain(row["sigma"])
    return tuple(
        f"{row[name]:.2f} ({row[f'{name}_low']:.2f} to {row[f'{name}_high']:.2f})".replace("-", "\u2212")
        for name in ("S1", "ST")
    )  # type: ignore[return-value] # two of them


def _of_single_moves(study: Sweep) -> Told:
    rows: list[tuple[str, ...]] = []
    results, outcomes = study.results(), _outcomes(study)
    changes = one_at_a_time(
        study, finished(results, outcomes[0], [axis.name for axis in study.axes]), outcomes
    )
    for outcome in outcomes:
        order = changes[outcome].abs().sort_values(ascending=False, kind="stable").index[:_MOST]
        for row in changes.loc[order].to_dict("records"):
            name, low, high = row["axis"], row[f"{outcome}_low"], row[f"{outcome}_high"]
            spread = "" if np.isnan(low) or low == high else f" ({_change(low)} to {_change(high)})"
            told = f"{name}{_kind(study, _keys(study, name))} = {row['value']}"
            rows.append((outcome.replace("_", " "), told, f"{_change(row[outcome])}{spread}"))
    said = (
        f"Each parameter was moved alone, and the table gives the change of an outcome, largest first "
        f"({_MOST} at most). What matters only together with others does not show."
    )
    return Told((said,), ("outcome", "parameter", "change, chance in brackets"), tuple(rows))


def _outcomes(study: Sweep) -> list[str]:
    columns = study.results().columns
    return [name for name in study.figure.y if name in columns]


def _keys(study: Sweep, name: Any) -> tuple[str, ...]:
    return next(axis.keys for axis in study.axes if axis.name == name)


def _kind(study: Sweep, keys: tuple[str, ...]) -> str:
    """Return a remark where a value rests on no source."""
    return " (assumed)" if any(key in assumed(study) for key in keys) else ""


def assumed(study: Sweep) -> frozenset[str]:
    """Return the dotted keys of a sweep's scenario that rest on no source."""
    return frozenset(row.path for row in _described(study) if row.assumed)


def _described(study: Sweep) -> Iterator[Any]:
    yield from described(study.base)
    for name, policy in study.base.policies.items():
        yield from described(policy, f"policies.{name}")


def _plain(value: float) -> str:
    return number(value, ",.0f" if abs(value) >= 10 else ",.3g")


def _change(value: float) -> str:
    return "0" if value == 0 else number(value, "+,.0f" if abs(value) >= 10 else "+,.3g")
