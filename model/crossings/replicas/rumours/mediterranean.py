"""The runs on the map of the Mediterranean, 2016-2019: parameters, timeline and yearly counts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from crossings.replicas.rumours.metrics import measure
from crossings.replicas.rumours.model import Change, RumoursModel
from crossings.replicas.rumours.parameters import RumoursBlock
from crossings.replicas.rumours.worlds import World, from_map

MAP = "map_med1.json"
YEARS = (2016, 2017, 2018, 2019)
YEAR = 100
"""Units of time in a year; the first is the warm-up."""

PERCEIVED = ("p_drop_contact", "p_info_contacts", "p_transfer_info", "risk_scale", "path_penalty_risk")
_INTERCEPTED = (0.01, 0.077, 0.153, 0.428, 0.389)
_RISK = (0.01, 0.023, 0.020, 0.029, 0.048)
_ENTRY, _WAIT = 20.0, 10.0


@dataclass(frozen=True)
class Calibrated:
    """What was calibrated: five parameters of perception, and yearly factors of the rate of entry."""

    name: str
    perceived: dict[str, float]
    factors: tuple[float, float, float]


def block_of(run: Calibrated) -> RumoursBlock:
    """Return all parameters of a published run."""
    return RumoursBlock(
        n_ini_contacts=10,
        p_know_target=0.0,
        p_know_city=0.1,
        p_know_link=0.1,
        ini_capital=0.0,
        rate_costs_stay=1.0,
        costs_stay=1.0,
        ben_resources=5.0,
        costs_move=2.0,
        save_thresh=100.0,
        save_income=1.0,
        risk_exp=0.01,
        error=0.1,
        error_risk=0.01,
        error_frict=0.5,
        qual_weight_x=0.0,
        qual_weight_res=0.1,
        move_speed=0.0389105,
        **run.perceived,
    )


def timeline(world: World, factors: tuple[float, float, float]) -> list[Change]:
    """Return the changes of entry, interception and risk, year by year, the warm-up first."""
    rates = _ENTRY * np.cumprod([1.0, 1.0, *factors])
    sea = np.flatnonzero(world.sea)
    return [
        Change(YEAR * year, float(rate), risk, sea, chance)
        for year, (rate, risk, chance) in enumerate(zip(rates, _RISK, _INTERCEPTED, strict=True))
    ]


@dataclass(frozen=True)
class Run:
    """One run: whose parameters, the draw of what the map leaves open, and its own seed."""

    calibrated: Calibrated
    draw: int
    seed: int
    size: float


def run(asked: Run, path: Path) -> dict[str, Any]:
    """Run a published run's parameters on the map and return its measures, yearly counts among them."""
    world = from_map(path, asked.draw)
    changes = timeline(world, asked.calibrated.factors)
    until = YEAR * (len(YEARS) + 1)
    model = RumoursModel(
        world,
        block_of(asked.calibrated),
        asked.seed,
        changes=changes,
        until=until,
        size=asked.size,
        wait=_WAIT,
    ).run()
    measured = measure(model)
    series = model.datacollector.get_model_vars_dataframe().set_index("time")
    for number, year in enumerate(YEARS, start=1):
        start, end = YEAR * number + 1, YEAR * (number + 1)
        for name, column in (("arrivals", "arrived"), ("deaths", "dead")):
            measured[f"{name}_{year}"] = float(series[column][end] - series[column][start])
    for time in (50, 100, 200, 300):
        measured[f"en_route_{time}"] = float(series["en_route"][time])
        measured[f"arrived_{time}"] = float(series["arrived"][time])
    return {"run": asked.calibrated.name, "draw": asked.draw, **measured}
