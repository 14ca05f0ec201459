"""Sanctions and recidivism: six published cells, and the estimator that recovers what sanctions do.

The effect of a sanction is estimated twice: by comparing the sanctioned with the others, and by
two-stage least squares with the day's places for each sanction as instruments [1]_. Standard errors are
those over repetitions of the whole experiment.

References
----------
.. [1] J. D. Angrist and J.-S. Pischke, "Mostly Harmless Econometrics", Princeton (2009), chapter 4.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossings.parameters import Block, param
from crossings.replicas.sanctions import ADMINISTRATIVE, FULL, KINDS, NONE, Border, Records, SanctionsBlock
from crossings.streams import Floats
from crossings.study.estimates import Estimate, mean
from crossings.study.reproductions import Findings, Work, reproduction

MONTH = 365.25 / 12.0
HORIZONS = {"3-months": 3 * MONTH, "18-months": 18 * MONTH}
LONG = HORIZONS["18-months"]


class Settings(Block):
    """Size of the experiment, and the two shares of people sanctioned that are compared."""

    people: int = param(40_000, "First apprehensions in four years", unit="person", min_value=1000)
    repetitions: int = param(12, "Repetitions of the whole experiment", min_value=2)
    before: float = param(0.15, "Share sanctioned before the roll-out", source="Bazzi et al. 2021")
    after: float = param(0.85, "Share sanctioned after it", source="Bazzi et al. 2021")


@reproduction("sanctions", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Repeat the experiment: sanctions by lot, sanctions aimed, and two shares of people sanctioned."""
    repetitions = work.number(settings.repetitions, least=2)
    found: dict[str, list[float]] = {}
    for number in range(repetitions):
        for quantity, value in _once(settings, work.seed + number).items():
            found.setdefault(quantity, []).append(value)
        work.report(number + 1, repetitions)
    estimates = {quantity: mean(values) for quantity, values in found.items()}
    size = f"{repetitions} repetitions of {settings.people:,} first apprehensions"
    return Findings(estimates, {"effects": _effects(estimates), "repetitions": pd.DataFrame(found)}, size)


def _once(settings: Settings, seed: int) -> dict[str, float]:
    def border(**changes: object) -> Records:
        return Border(SanctionsBlock.model_validate(changes), settings.people, seed).run()

    by_lot, aimed = border(), border(aimed=True)
    made = {
        f"{KINDS[kind]}.{horizon}": float(by_lot.again_within(days)[by_lot.sanction == kind].mean())
        for horizon, days in HORIZONS.items()
        for kind in (NONE, ADMINISTRATIVE, FULL)
    }
    for name, records in (("lot", by_lot), ("aimed", aimed)):
        for label, effects in (("naive", naive(records, LONG)), ("iv", instrumented(records, LONG))):
            made[f"{name}.{label}.administrative"], made[f"{name}.{label}.full"] = effects
    for kind, full_share in (("administrative", 0.0), ("full", 1.0)):
        few, many = (
            float(border(sanctioned=share, full_share=full_share).again_within(LONG).mean())
            for share in (settings.before, settings.after)
        )
        made[f"roll-out.{kind}"] = many - few
    for kind in ("administrative", "full"):
        made[f"naive-bias.{kind}"] = made[f"aimed.naive.{kind}"] - made[f"lot.naive.{kind}"]
    return made


def naive(records: Records, days: float) -> tuple[float, float]:
    """Return by how much people with each sanction differ in recidivism from those without."""
    again, kind = records.again_within(days), records.sanction
    without = float(again[kind == NONE].mean())
    return float(again[kind == ADMINISTRATIVE].mean()) - without, float(again[kind == FULL].mean()) - without


def instrumented(records: Records, days: float) -> tuple[float, float]:
    """Return the effects of both sanctions by two-stage least squares with places as instruments.

    There are as many instruments as sanctions, so the estimator solves Z'(y - X b) = 0.
    """
    again = records.again_within(days).astype(np.float64)
    ones = np.ones_like(again)
    treated = _columns(ones, records.sanction == ADMINISTRATIVE, records.sanction == FULL)
    places = _columns(ones, records.administrative_places, records.full_places)
    moments = np.einsum("ni,nj->ij", places, treated)
    _, administrative, full = np.linalg.solve(moments, np.einsum("ni,n->i", places, again))
    return float(administrative), float(full)


def _columns(*columns: object) -> Floats:
    return np.column_stack([np.asarray(column, dtype=np.float64) for column in columns])


def _effects(estimates: dict[str, Estimate]) -> pd.DataFrame:
    rows = [
        (kind, assigned, estimator, found.value, found.low, found.high)
        for kind in ("administrative", "full")
        for assigned in ("lot", "aimed")
        for estimator in ("naive", "iv")
        for found in (estimates[f"{assigned}.{estimator}.{kind}"],)
    ]
    return pd.DataFrame(rows, columns=["sanction", "assigned", "estimator", "effect", "low", "high"])
