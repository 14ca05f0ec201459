"""No parameter does nothing: each moves an outcome of a short, busy season from its default.

A parameter of a room is set to the end of its plausible range that is further from its default, then to the
other, and the season is lived day by day until an outcome of that day is no longer what it was. Where a
parameter speaks only under conditions that the season does not bring about, they are stated in `UNDER`.
Draws are the same in both runs, so the test raises no false alarm; how much an outcome moves, and which
way, is asserted elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import pytest
from tests.busy import busy

import crossings as cx
from crossings.outcomes.catalogue import OUTCOMES
from crossings.parameters import Described, described

pytestmark = pytest.mark.slow

OTHER: dict[str, Any] = {
    "weather.seed": 9,
    "routes.closed": ("Tehran > Aegean and Balkans",),
    "inflow.yearly_scale": (1.3,),
    "inflow.yearly_from": 2025,
    "inflow.known_until": 2023,
    "smuggling.supply.supplier_shares": (0.6, 0.4),
    "authorities.returns.limit_days": 20.0,
}
"""What parameters are set to that have no range of numbers, or one that so short a season does not reach."""

UNDER: dict[str, dict[str, Any]] = {
    "routes.distance_decay": {"routes.closed": ("Tehran > Air with visa",)},  # the shortest way
    "inflow.yearly_from": {"inflow.yearly_scale": (1.0, 2.0)},
    # in the busy season nobody keeps work for long, whatever was expected
    "beliefs.work": {"enforcement.workplaces.workers_at_risk": 200_000.0, "beliefs.remote_weight": 0.1},
    "smuggling.pricing.deposit_share": {"smuggling.pricing.tries_per_booking": 2},  # more of them are lost
    # bounds, which only markups that do not return to the first come near
    "smuggling.pricing.lowest_markup": {
        "smuggling.pricing.markup_return": 0.0,
        "smuggling.pricing.markup_speed": 0.1,
    },
    "smuggling.pricing.highest_markup": {
        "smuggling.pricing.markup_return": 0.0,
        "smuggling.pricing.markup_speed": 0.1,
        "smuggling.pricing.starting_markup": 5.0,
    },
    # bounds, which only networks that begin near them reach
    "smuggling.design.lowest_load": {"smuggling.networks.starting_load": 35.0},
    "smuggling.design.highest_load": {"smuggling.networks.starting_load": 79.0},
    "smuggling.design.highest_wave_limit": {"smuggling.networks.starting_wave_limit": 0.52},
    # several boats in distress at a time
    "passage.rescue.job_hours": {"passage.distress": 30.0, "weather.wave_mean": 0.2},
    # who is returned twice within the season
    "authorities.returns.repeat_speed": {
        "authorities.returns.reply_days": 3.0,
        "authorities.returns.preparation_days": 4.0,
        "authorities.returns.notice_days": 1.0,
        "choices.reception_days": 1.0,
        "choices.repeat_return": 0.0,
        "values.home_value": -5.0,
        "values.host_value": -5.0,
        "values.elsewhere_value": -5.0,
    },
}

ROOMS = [row for row in described(cx.Scenario) if "." in row.path]

Day = dict[str, float]


def lived(scenario: cx.Scenario) -> Iterator[Day]:
    """Live through a season; yield the outcomes of every day, of the warm-up too."""
    model = cx.CrossingsModel(scenario, seed=1)
    while model.running:
        model.step()
        today = {name: model.recorder.value(name, model.steps - 1) for name in OUTCOMES}
        yield {name: 0.0 if math.isnan(value) else value for name, value in today.items()}


@lru_cache(maxsize=1 + len(UNDER))
def usual(path: str) -> tuple[Day, ...]:
    """Return the season with everything as it was; `path` says under which conditions."""
    return tuple(lived(busy(**UNDER.get(path, {}))))


def ends(row: Described) -> list[Any]:
    """Return what a parameter is set to, the value further from its own first."""
    if row.path in OTHER:
        return [OTHER[row.path]]
    now: Any = busy(**UNDER.get(row.path, {}))
    for name in row.path.split("."):
        now = getattr(now, name)
    assert row.low is not None
    assert row.high is not None
    return sorted((row.low, row.high), key=lambda end: -abs(end - now))


def first_move(path: str, value: Any) -> int | None:
    """Return the day on which an outcome first is another, None if there is none."""
    changed = lived(busy(**UNDER.get(path, {}), **{path: value}))
    for day, (now, before) in enumerate(zip(changed, usual(path if path in UNDER else ""), strict=True)):
        if any(now[name] != before[name] for name in OUTCOMES):
            return day
    return None


def test_the_season_is_busy():
    total: dict[str, float] = dict.fromkeys(OUTCOMES, 0.0)
    for day in usual(""):
        for name, value in day.items():
            total[name] += value
    for name in (
        "arrivals", "deaths", "rescued_uk", "rescued_french", "stopped_beach", "stopped_sea", "returned",
        "removed", "admitted", "vetting_failed", "granted", "appealed", "networks_entered",
        "networks_dissolved", "boats_seized", "lorry_arrivals", "work_arrests",
    ):  # fmt: skip
        assert total[name] > 0, name


@pytest.mark.parametrize("row", ROOMS, ids=lambda row: row.path)
def test_a_parameter_moves_an_outcome(row):
    assert any(first_move(row.path, value) is not None for value in ends(row))


def test_a_parameter_that_does_nothing_would_be_found():
    """The counter-test: a value that is the one it had moves nothing."""
    scale = busy().inflow.scale
    assert first_move("inflow.scale", scale) is None
