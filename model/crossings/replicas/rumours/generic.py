"""The generic campaign runs: random worlds, a danger in their middle, and a campaign that tells of it.

Four factors have a low and a high level: prior knowledge, communication, trust in the campaign and
sensitivity to risk.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.replicas.rumours.metrics import measure
from crossings.replicas.rumours.model import Campaign, Change, RumoursModel
from crossings.replicas.rumours.parameters import RumoursBlock
from crossings.replicas.rumours.worlds import SyntheticBlock, World, synthetic

LOW, HIGH = "low", "high"
KNOW = {LOW: 0.1, HIGH: 0.5}
COMM = {LOW: 0.1, HIGH: 0.3}
TRUST = {LOW: 0.5, HIGH: 1.0}
RISK = {LOW: (10.0, 5.0), HIGH: (20.0, 10.0)}
"""Levels of the four factors; risk is ``risk_scale`` and ``path_penalty_risk``."""

_UNTIL, _RISES, _DANGER, _CAMPAIGN = 350, 100, 201, 220
_ENTRY, _LATER_ENTRY, _RISK, _NORMAL = 5.0, 30.0, 0.02, 0.001
_WEST, _EAST, _SOUTH, _NORTH = 0.4, 0.6, 0.3, 0.7


@dataclass(frozen=True)
class Cell:
    """One run: where in the design, in which world, and which of its replicates."""

    world: int
    replicate: int
    know: str = LOW
    comm: str = LOW
    trust: str = LOW
    risk: str = LOW
    size: float = 1.0


def model_of(cell: Cell, world: World) -> RumoursModel:
    """Return the model of a cell, before its run: the published timeline and the cell's levels."""
    know, comm = KNOW[cell.know], COMM[cell.comm]
    risk_scale, path_penalty_risk = RISK[cell.risk]
    block = RumoursBlock(
        p_know_city=know,
        p_know_link=know,
        p_know_target=know,
        p_info_contacts=comm,
        p_transfer_info=comm,
        risk_scale=risk_scale,
        path_penalty_risk=path_penalty_risk,
    )
    changes = [
        Change(0, entry_rate=_ENTRY),
        Change(_RISES, entry_rate=_LATER_ENTRY),
        Change(_DANGER, risk=_RISK, links=dangerous(world)),
    ]
    campaign = Campaign(_CAMPAIGN, TRUST[cell.trust], above=_NORMAL)
    return RumoursModel(
        world, block, cell.replicate, changes=changes, until=_UNTIL, campaign=campaign, size=cell.size
    )


def dangerous(world: World) -> NDArray[np.int64]:
    """Return the links that touch the rectangle which becomes dangerous."""
    ends = world.place[world.ends]
    (west, east), (south, north) = ends[..., 0].T, ends[..., 1].T
    enters, leaves = np.zeros(len(ends)), np.ones(len(ends))
    for start, end, low, high in ((west, east, _WEST, _EAST), (south, north, _SOUTH, _NORTH)):
        step = np.where(np.abs(end - start) < 1e-12, 1e-12, end - start)
        first, second = (low - start) / step, (high - start) / step
        enters = np.maximum(enters, np.minimum(first, second))
        leaves = np.minimum(leaves, np.maximum(first, second))
    return np.flatnonzero(enters <= leaves)


def run(cell: Cell) -> dict[str, Any]:
    """Run a cell and return where it stands, its measures, and the visits to each city."""
    world = synthetic(SyntheticBlock(), cell.world)
    model = model_of(cell, world).run()
    return {**vars(cell), **measure(model), "visits": model.state.cities.visits.tolist()}
