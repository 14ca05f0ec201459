"""Refusals: of asylum, and of legal places; and those who then stay or come without papers.

Czaika and Hobolth find that a tenth more refusals of asylum go with 2 to 4% more people who stay irregularly,
and a tenth more refusals of visas with 4 to 7% more who enter irregularly [1]_. Here grants are made rarer
in one world, and legal places fewer in another, and elasticities are taken between the worlds.

References
----------
.. [1] M. Czaika, M. Hobolth, "Do restrictive asylum and visa policies increase irregular migration into
   Europe?", European Union Politics 17(3) (2016).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
import pandas as pd

from crossings.model import CrossingsModel
from crossings.population import State
from crossings.scenario import Scenario
from crossings.study.estimates import Estimate, mean
from crossings.study.measured import by_world, means
from crossings.study.signs import START, small_world

CORRIDOR = "signs-crossings"
LAST = date(2026, 12, 31)
"""Two years beside the one before, for decisions and appeals take some eighteen months."""
GRANTS = 0.75
"""Multiple of grants, by which a quarter of them becomes refusals."""
MANY, FEW = 20.0, 8.0
"""Legal places a week in the two worlds."""


def refusals(
    seeds: Sequence[int],
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Estimate], pd.DataFrame]:
    """Grant asylum less often, and give fewer legal places, and see who stays and who comes.

    Parameters
    ----------
    seeds
        Of each world.
    processes, progress
        As `crossings.study.measured.measure_all` takes them.

    Returns
    -------
    tuple
        Estimates, and means of each world.
    """
    usual = small_world(CORRIDOR, end=LAST)
    strict = {"kind": "AsylumRules", "grants": GRANTS}
    worlds = {
        "usual": usual,
        "fewer grants": usual.with_(**{"policies.rules": strict}),
        "many places": usual.with_(**{"policies.places": _places(MANY)}),
        "few places": usual.with_(**{"policies.places": _places(FEW)}),
    }
    found = by_world(standing, worlds, seeds, processes, progress)
    usual_, strict_, many, few = found.values()
    stay = np.log(strict_["refused-stock"] / usual_["refused-stock"])
    wide = np.log(strict_["without-leave"] / usual_["without-leave"])
    refused = np.log(strict_["refused"] / usual_["refused"])
    come = np.log(few["arrivals"] / many["arrivals"])
    turned_down = np.log((few["applied"] - few["admitted"]) / (many["applied"] - many["admitted"]))
    estimates = {
        "czaika.asylum": mean(stay / refused),
        "czaika.asylum-wide": mean(wide / refused),
        "czaika.visa": mean(come / turned_down),
    }
    return estimates, means(found)


def _places(a_week: float) -> dict[str, object]:
    return {
        "kind": "LegalRoute",
        "announced": START,
        "start": START,
        "matched_to": "none",
        "places_per_week": a_week,
        "expected_applicants": 2_000.0,
    }


def standing(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run one world; return refusals, people without papers at its end, arrivals, and the legal route."""
    model = CrossingsModel(scenario, seed)
    while model.running:
        model.step()
    daily, counts = model.result().daily, model.population.counts
    refused_stock = float(counts[State.REFUSED])
    return {
        "refused": float(daily["refused"].sum()),
        "refused-stock": refused_stock,
        "without-leave": refused_stock + float(counts[State.ASYLUM] + counts[State.APPEAL]),
        "arrivals": float(daily["arrivals"].sum()),
        "applied": float(daily["applied"].sum()),
        "admitted": float(daily["admitted"].sum()),
    }
