"""Routes and Rumours: what more talk does to journeys, to their concentration and to their predictability.

Runs come in worlds, cells (prior knowledge by communication) and replicates; the null effects of the
campaign's trust and of sensitivity to risk are sought in the first world.
"""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd

from crossings.parameters import Block, param
from crossings.replicas.rumours.generic import COMM, HIGH, KNOW, LOW, Cell, run
from crossings.replicas.rumours.metrics import alike
from crossings.study.compiled import require_compiler
from crossings.study.estimates import Estimate, mean, ratio, student
from crossings.study.kept import carry_out
from crossings.study.reproductions import Findings, Work, reproduction

DESIGN = "Bijak (ed.) 2022, ch. 9, design of the generic campaign runs"

RATIOS = ("n_steps", "n_migrants", "max_n_migr", "n_dead", "n_link")


class Settings(Block):
    """Size of the experiment."""

    worlds: int = param(3, "Worlds drawn at random", source=DESIGN + " (there one)", min_value=1)
    replicates: int = param(3, "Runs of each cell in each world", source=DESIGN, min_value=2)
    size: float = param(1.0, "Share of the population that is simulated", min_value=0.02, max_value=1.0)
    nulls: bool = param(True, "Whether campaign trust and risk sensitivity are varied as well")


@reproduction("routes-and-rumours", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run the design and compare low with high."""
    require_compiler()
    runs = pd.DataFrame(carry_out(work, run, design(settings, work)))
    base = runs[(runs["trust"] == LOW) & (runs["risk"] == LOW)]
    estimates = {
        "entrants": mean(base["n_entered"]),
        "unaccounted": Estimate(float(_unaccounted(runs).abs().max())),
        "arrived.fewest": Estimate(float(base["n_arrived"].min())),
        "arrived.most": Estimate(float(base["n_arrived"].max())),
    }
    for know in (LOW, HIGH):
        estimates |= _communication(base[base["know"] == know], f"know-{know}")
    for factor in ("trust", "risk"):
        estimates |= _null(runs, factor)
    table = base.drop(columns=["visits", "trust", "risk"])
    size = f"{len(runs)} runs of {base['n_entered'].mean():,.0f} people in {base['world'].nunique()} worlds"
    return Findings(estimates, {"runs": table}, size)


def design(settings: Settings, work: Work) -> list[Cell]:
    """Return the runs of the experiment at the size of the work."""
    worlds, replicates = work.number(settings.worlds), work.number(settings.replicates, least=2)
    base = [
        Cell(work.seed + world, replicate + 1, know, comm, size=settings.size)
        for world, know, comm, replicate in itertools.product(range(worlds), KNOW, COMM, range(replicates))
    ]
    if not settings.nulls:
        return base
    first = [cell for cell in base if cell.world == work.seed]
    varied = [Cell(**{**vars(cell), factor: HIGH}) for factor in ("trust", "risk") for cell in first]
    return base + varied


def _unaccounted(runs: pd.DataFrame) -> pd.Series[float]:
    return runs["n_entered"] - runs["n_arrived"] - runs["n_dead"] - runs["n_migrants"]


def _communication(runs: pd.DataFrame, name: str) -> dict[str, Estimate]:
    """Return what more communication does, at one level of prior knowledge."""
    order = ["world", "replicate"]
    low, high = (runs[runs["comm"] == level].sort_values(order) for level in (LOW, HIGH))
    estimates = {
        f"{name}.steps.low": mean(low["n_steps"]),
        f"{name}.steps.high": mean(high["n_steps"]),
        f"{name}.contacts.low": mean(low["n_contacts"]),
        f"{name}.contacts.high": mean(high["n_contacts"]),
    }
    for measured in RATIOS:
        estimates[f"{name}.{measured}.ratio"] = ratio(high[measured].to_numpy(), low[measured].to_numpy())
    for measured in ("freq_plan", "acc_c"):
        estimates[f"{name}.{measured}.change"] = mean(high[measured].to_numpy() - low[measured].to_numpy())
    by_world = [rows.groupby("world")["rstdd_link"].mean() for rows in (low, high)]
    estimates[f"{name}.concentration.least"] = Estimate(float((by_world[1] / by_world[0]).min()))
    alike_low, alike_high = (_replicability(rows) for rows in (low, high))
    estimates[f"{name}.replicability.low"] = mean(list(alike_low.values()))
    estimates[f"{name}.replicability.high"] = mean(list(alike_high.values()))
    lost = [alike_low[world] - alike_high[world] for world in alike_low]
    estimates[f"{name}.replicability.lost"] = Estimate(min(lost))
    return estimates


def _replicability(runs: pd.DataFrame) -> dict[int, float]:
    """Return the mean squared correlation of city counts between replicates, by world."""
    return {
        int(str(world)): float(np.mean([alike(a, b) for a, b in itertools.combinations(rows["visits"], 2)]))
        for world, rows in runs.groupby("world")
    }


def _null(runs: pd.DataFrame, factor: str) -> dict[str, Estimate]:
    """Return Student's t of a factor that should do nothing, on arrivals and deaths."""
    other = "risk" if factor == "trust" else "trust"
    rows = runs[(runs["world"] == runs["world"].min()) & (runs[other] == LOW)]
    estimates = {}
    for measured in ("n_arrived", "n_dead"):
        low, high = (rows.loc[rows[factor] == level, measured].to_numpy() for level in (LOW, HIGH))
        if len(high) < 2:  # not varied
            estimates[f"null.{factor}.{measured}"] = Estimate(float("nan"))
            continue
        error = float(np.sqrt(low.var(ddof=1) / len(low) + high.var(ddof=1) / len(high)))
        gap = student(float(high.mean() - low.mean()), error, len(low) + len(high) - 2)
        estimates[f"null.{factor}.{measured}"] = Estimate(gap.value / error, 1.0)
    return estimates
