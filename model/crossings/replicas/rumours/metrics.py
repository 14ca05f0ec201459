"""What is measured of a run, as published: routes, plans, contacts, knowledge, concentration.

Averages over people are over the latest to enter among those who have arrived.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from crossings.replicas.rumours.model import RumoursModel
from crossings.replicas.rumours.state import ARRIVED, UNKNOWN

Floats = NDArray[np.float64]

LATEST = 1000
"""People averaged over, at full size."""


def measure(model: RumoursModel) -> dict[str, float]:
    """Return the published measures of a run that has ended, by name.

    Returns
    -------
    dict
        ``n_entered``, ``n_arrived``, ``n_dead``, ``n_migrants`` (en route), ``n_steps``, ``freq_plan``,
        ``n_contacts``, ``n_loc``, ``n_link``, ``cap``, ``acc_c``, ``acc_l``, ``mean_link``, ``rstdd_link``,
        ``max_n_migr``, ``gini_link``, ``top_ten_links``, ``hhi_exit``. NaN where nobody has arrived.
    """
    s, world = model.state, model.state.world
    who = np.flatnonzero(s.people.status == ARRIVED)[-max(round(LATEST * model.size), 1) :]
    people = {
        "n_steps": s.people.steps[who],
        "freq_plan": s.people.planned_steps[who] / np.maximum(s.people.steps[who], 1),
        "n_contacts": s.people.contacts[who],
        "n_loc": [(s.knows_city[m] != UNKNOWN).sum() for m in who],
        "n_link": [(s.knows_link[m] != UNKNOWN).sum() for m in who],
        "cap": s.people.capital[who],
        "acc_c": [accuracy_of_cities(model, m) for m in who],
        "acc_l": [accuracy_of_links(model, m) for m in who],
    }
    en_route = model.datacollector.get_model_vars_dataframe()["en_route"]
    exits = s.cities.visits[s.exits]
    return {
        "n_entered": float(world.entered[0]),
        "n_arrived": float(world.arrived[0]),
        "n_dead": float(world.dead[0]),
        "n_migrants": float(world.en_route[0]),
        **{name: float(np.mean(values)) if who.size else float("nan") for name, values in people.items()},
        "mean_link": float(s.links.crossings.mean()),
        "rstdd_link": _relative_sd(s.links.crossings),
        "max_n_migr": float(en_route.max()),
        "gini_link": gini(s.links.crossings),
        "top_ten_links": float(np.sort(s.links.crossings)[-10:].sum() / max(s.links.crossings.sum(), 1)),
        "hhi_exit": float(((exits / max(exits.sum(), 1)) ** 2).sum()),
    }


def accuracy_of_cities(model: RumoursModel, m: int) -> float:
    """Return one less the mean distance between what a person believes of known cities and the truth."""
    s = model.state
    known = s.knows_city[m] != UNKNOWN
    off = s.city[m, known, :2] - model.world.truth[known]
    return float(1.0 - np.sqrt((off * off).sum(axis=1)).mean())


def accuracy_of_links(model: RumoursModel, m: int) -> float:
    """Return the accuracy of a person's beliefs about known links.

    As published it has no upper bound, because an error of friction beyond the length of a link counts
    for it; the switch bounds what a link can contribute.
    """
    s = model.state
    known = s.knows_link[m] != UNKNOWN
    friction = np.abs(s.link[m, known, 0] - s.links.friction[known]) / s.links.length[known]
    risk = s.link[m, known, 1] - s.links.risk[known]
    if not model.block.oddities.unbounded_accuracy:
        return float((1.0 - np.minimum(np.sqrt(friction**2 + risk**2), 1.0)).mean())
    return float(np.sqrt((1.0 - friction) ** 2 + risk**2).mean())


def alike(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    """Return the squared correlation of two rows of counts."""
    return float(np.corrcoef(one, other)[0, 1] ** 2)


def gini(counts: NDArray[np.int64]) -> float:
    """Return how unequal counts are: 0 if all are the same, near 1 if one has all."""
    ordered, n = np.sort(counts), len(counts)
    total = ordered.sum()
    return float((2.0 * (np.arange(1, n + 1) * ordered).sum() / total - (n + 1)) / n) if total else 0.0


def _relative_sd(counts: NDArray[np.int64]) -> float:
    return float(counts.std(ddof=1) / counts.mean()) if counts.any() else float("nan")
