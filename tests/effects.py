"""Effects of policies in paired runs, for tests of the patterns that must emerge.

A pair is one seed run without and with a policy; whatever else is changed (a mechanism switched off) is
changed in both. Every policy here begins on one date, with the parameters of the package but for its own
scale.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.authorities import ProcedureBlock
from crossings.study.pairs import ratio_effect
from tests.conftest import season

BEGIN = "2025-04-01"
YEAR = {"start": "2025-01-01", "end": "2025-12-31"}
SEEDS = range(1, 5)

PLENTY = {
    "quota_per_week": 5000.0,
    "adults_only": False,
    "seat_margin": 1.0,
    "beds": 60.0,
    "caseworkers": 60.0,
}
"""Capacity to return whomever a policy selects."""

DISBELIEVED = {"beliefs.credibility": 0.0, "beliefs.credibility_evidence": 0.0}
"""Changes to a world in which no announcement is ever believed."""

NOBODY_HEARS = {**DISBELIEVED, "beliefs.news_weight": 0.0, "beliefs.own_weight": 0.0}
"""Changes to a world in which what happens is not heard of either, and teaches nobody anything."""


def threat(
    begin: str = BEGIN, announced: str | None = None, *, carried_out: bool = False
) -> dict[str, object]:
    """Return a threat of removal: announced to all, carried out on nobody or on everyone."""
    kept = PLENTY if carried_out else {}
    removal = {"kind": "ThirdCountryRemoval", "announced": announced or begin, "start": begin, **kept}
    return {"policies.removal": removal}


def containment(
    begin: str = BEGIN, announced: str | None = None, *, carried_out: bool = True
) -> dict[str, object]:
    """Return rules by which nobody who arrives may go on or settle."""
    rules = {
        "kind": "AsylumRules",
        "announced": announced or begin,
        "start": begin,
        "announced_chance": 0.0,
        "containment": float(carried_out),
    }
    return {"policies.rules": rules}


def returning(share: float, begin: str) -> dict[str, object]:
    """Return an agreement under which about a share of arrivals is returned, and says so."""
    completed = completion(ProcedureBlock())
    changes: dict[str, object] = {}
    if share > completed:  # beyond what the procedure completes, the partner has to take everyone back
        changes["authorities.returns.refused"] = 0.0
        completed = completion(ProcedureBlock(refused=0.0))
    agreement = {"kind": "ReturnsAgreement", "announced": begin, "start": begin, "ramp_days": 0.0, **PLENTY}
    changes["policies.returns"] = {
        **agreement,
        "largest_share": share / completed,
        "announced_chance": share,
    }
    return changes


def completion(block: ProcedureBlock) -> float:
    """Return the share of cases that end in a return where nothing is scarce."""
    won = block.challenge * block.relief * block.challenge_won
    return (1.0 - block.refused) * (1.0 - block.unfit) * (1.0 - won)


@dataclass(frozen=True)
class Pairs:
    """Daily tables of runs without and with a policy, seed by seed."""

    without: list[pd.DataFrame]
    with_policy: list[pd.DataFrame]

    def totals(self, outcome: str, first: str, last: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the totals of every run over dates, without and with the policy."""
        without, with_policy = (
            np.array([run.loc[first:last, outcome].sum() for run in runs], dtype=np.float64)
            for runs in (self.without, self.with_policy)
        )
        return without, with_policy

    def effect(self, outcome: str, first: str, last: str) -> float:
        """Return the ratio of means less one."""
        return ratio_effect(*self.totals(outcome, first, last))["effect"]

    def z(self, outcome: str, first: str, last: str) -> float:
        """Return the effect over its standard error."""
        found = ratio_effect(*self.totals(outcome, first, last))
        return found["effect"] / found["standard_error"]

    def days_to_half(self, outcome: str, begin: str = BEGIN, window: int = 28) -> float:
        """Return the days until the effect over a moving window is half of that over the last two windows.

        A day is the middle of its window.
        """
        a, b = (
            np.mean([run.loc[begin:, outcome].to_numpy(dtype=np.float64) for run in runs], axis=0)
            for runs in (self.without, self.with_policy)
        )
        last = slice(-2 * window, None)
        final = b[last].sum() / a[last].sum() - 1.0
        moving = np.convolve(b, np.ones(window), "valid") / np.convolve(a, np.ones(window), "valid") - 1.0
        return float(np.flatnonzero(moving / final >= 0.5)[0]) + window / 2


def pairs(
    policy: dict[str, object],
    seeds: Iterable[int] = SEEDS,
    world: dict[str, object] | None = None,
    dates: dict[str, str] = YEAR,
) -> Pairs:
    """Run pairs: `world` and `dates` change both runs, `policy` the second.

    Most tests share the year 2025 under the same seeds, so that the years without a policy are run once.
    """
    both = {**dates, **(world or {})}
    seeds = list(seeds)
    return Pairs(
        [season("no-policy", seed, **both).daily for seed in seeds],
        [season("no-policy", seed, **{**both, **policy}).daily for seed in seeds],
    )
