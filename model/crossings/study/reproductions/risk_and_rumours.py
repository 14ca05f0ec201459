"""Risk and Rumours: the Mediterranean 2016-2019, with the parameters of twenty published runs.

The map is a file of the user. The published parameters are input and lie beside the experiment; what the
published runs found is read after all runs have ended, to correlate run with run.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import special

from crossings.parameters import Block, param
from crossings.replicas.rumours.mediterranean import MAP, PERCEIVED, YEARS, Calibrated, Run, run
from crossings.streams import Streams, identity
from crossings.study import experiments
from crossings.study.compiled import require_compiler
from crossings.study.estimates import Estimate, mean, ratio
from crossings.study.kept import carry_out
from crossings.study.reproductions import Findings, Work, reproduction

SOURCE = "Bijak (ed.) 2022, ch. 8-9, runs published in baps-provenance"
MATCHED = ("freq_plan", "n_steps", "acc_c", "n_contacts")
"""Measures that are correlated, run by run, with the published."""


class Settings(Block):
    """Size of the experiment."""

    runs: int = param(
        20, "Published runs taken up, spread over the list", source=SOURCE, min_value=2, max_value=20
    )
    draws: int = param(2, "Draws of entries, quality and resources for each", min_value=1)
    size: float = param(0.1, "Share of the population that is simulated", min_value=0.02, max_value=1.0)


def calibrated(folder: Path) -> list[Calibrated]:
    """Return the calibrated parameters of the published runs."""
    table = pd.read_csv(folder / "parameters.csv")
    return [
        Calibrated(
            row["run"], {name: float(row[name]) for name in PERCEIVED}, (row["f1"], row["f2"], row["f3"])
        )
        for row in table.to_dict("records")
    ]


@reproduction("risk-and-rumours", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run the published parameters and pool what they give."""
    assert work.data is not None  # the frame skips an experiment whose files are not there
    require_compiler()
    folder = experiments.folder("risk-and-rumours")
    known = calibrated(folder)
    number, draws = min(work.number(settings.runs, least=3), len(known)), work.number(settings.draws)
    chosen = [known[round(k)] for k in np.linspace(0, len(known) - 1, number)]
    asked = [
        Run(each, work.seed + place, work.seed + place, settings.size)
        for place, each in enumerate(each for each in chosen for _ in range(draws))
    ]
    runs = pd.DataFrame(carry_out(work, run, asked, work.data / MAP))
    estimates = _pooled(runs, settings.size)
    estimates |= _matched(runs, pd.read_csv(folder / "published.csv"), work.seed)
    size = f"{len(runs)} runs at {settings.size:g} of the population, {runs['n_entered'].sum():,.0f} people"
    return Findings(estimates, {"runs": runs}, size)


def _pooled(runs: pd.DataFrame, size: float) -> dict[str, Estimate]:
    unaccounted = runs["n_entered"] - runs["n_arrived"] - runs["n_dead"] - runs["n_migrants"]
    estimates = {
        "unaccounted": Estimate(float(unaccounted.abs().max())),
        "arrived": mean(runs["n_arrived"] / size),
        "dead": mean(runs["n_dead"] / size),
        "en-route": mean(runs["n_migrants"] / size),
        "arrived-by-100": mean(runs["arrived_100"] / size),
        "en-route-at-100": mean(runs["en_route_100"] / size),
    }
    for name in ("n_steps", "freq_plan", "n_contacts", "n_loc", "n_link", "cap", "acc_c", "acc_l"):
        estimates[name] = mean(runs[name])
    for year in YEARS:
        estimates[f"deaths-per-arrival-{year}"] = ratio(runs[f"deaths_{year}"], runs[f"arrivals_{year}"])
    for before, year in pairwise(YEARS):
        estimates[f"arrivals-{year}-over-{before}"] = ratio(
            runs[f"arrivals_{year}"], runs[f"arrivals_{before}"]
        )
    return estimates


def _matched(runs: pd.DataFrame, published: pd.DataFrame, seed: int) -> dict[str, Estimate]:
    """Return correlations with the published over runs, and one with the published rows shuffled."""
    names = runs["run"].drop_duplicates()
    ours = runs.groupby("run")[list(MATCHED)].mean().loc[names]
    theirs = published.set_index("run").loc[names]
    estimates = {
        f"correlation.{name}": correlation(ours[name].to_numpy(), theirs[name].to_numpy()) for name in MATCHED
    }
    shuffled = np.argsort(
        Streams(seed).uniform("risk_and_rumours.shuffle", identity("row", 0, np.arange(len(names))))
    )
    estimates["control.freq_plan"] = correlation(
        ours["freq_plan"].to_numpy(), theirs["freq_plan"].to_numpy()[shuffled]
    )
    return estimates


def correlation(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> Estimate:
    """Return Pearson's correlation with Fisher's interval; without one for fewer than five points."""
    r = float(np.corrcoef(one, other)[0, 1])
    if len(one) < 5:
        return Estimate(r)
    z, half = np.arctanh(r), float(special.ndtri(0.975)) / np.sqrt(len(one) - 3)
    return Estimate(
        r, (1.0 - r * r) / np.sqrt(len(one) - 3), float(np.tanh(z - half)), float(np.tanh(z + half))
    )
