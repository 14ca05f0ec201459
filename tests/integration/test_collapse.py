"""Extremes that a policy or a sweep may reach, and that must not be traps."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import SHORT

import crossings as cx


def test_the_trade_begins_again_after_every_network_has_gone(short):
    """A coast without networks is no trap: others begin, and launches are back within months."""
    scenario = short.with_(end="2025-10-31")
    model = cx.CrossingsModel(setting=scenario, seed=1)
    for _ in range(60):
        model.step()
    for slot in np.flatnonzero(model.smuggling.networks.alive).tolist():
        model.smuggling.dismantle(slot)
    assert not model.smuggling.networks.active.any()
    while model.running:
        model.step()
    later = model.result().daily
    undisturbed = cx.run(scenario, seed=1).daily
    assert later.loc[:"2025-09-30", "networks_entered"].sum() > 5
    fortnight = slice("2025-06-02", "2025-06-15")  # newcomers have few crews
    assert later.loc[fortnight, "launches"].sum() < 0.5 * undisturbed.loc[fortnight, "launches"].sum()
    assert later.loc["2025-10-01":, "launches"].sum() > 0.5 * undisturbed.loc["2025-10-01":, "launches"].sum()


def test_boats_that_cost_nothing_do_not_end_the_trade(short):
    free = {"smuggling.supply.boat_price": 0.0, "smuggling.supply.transport_cost": 0.0}
    assert (
        cx.run(short.with_(**free), seed=1).summary()["boats"] > cx.run(short, seed=1).summary()["boats"] / 2
    )


def test_new_clients_are_counted_once(short):
    model, joined = cx.CrossingsModel(setting=short, seed=1), []
    asked = model.smuggling.bookings.joined
    model.smuggling.bookings.joined = lambda: joined.append(asked()) or joined[-1]
    while model.running:
        model.step()
    booked = sum(model.recorder.value("bookings", day) for day in range(model.days + 1))
    since = asked().sum()  # after the last Sunday
    assert np.sum(joined) + since == booked > 1000


EXTREMES = {
    "choices.rationality": 0.0,
    "enforcement.patrols.teams": 0,
    "enforcement.investigations.teams": 0,
    "enforcement.workplaces.teams": 0,
    "inflow.scale": 0.0,
    "smuggling.supply.boat_price": 0.0,
    "smuggling.supply.supplier_shares": [1.0, 0.0],
    "authorities.detention.beds": 0,
    "authorities.returns.caseworkers": 0,
    "authorities.flights.cancelled": 1.0,
    "authorities.returns.limit_days": 1.0,
    "policies.returns.quota_per_week": 10_000.0,
}


@pytest.mark.parametrize(("key", "value"), EXTREMES.items())
def test_extreme_values_run_and_conserve(key, value):
    """Every day of a run checks that people are conserved and ledgers balance; here nothing is negative."""
    dates = {"announced": "2025-05-10", "start": "2025-05-20"}
    pilot = {
        f"policies.{name}.{what}": day for name in ("returns", "legal_route") for what, day in dates.items()
    }
    daily = cx.run(cx.Scenario.load("one-in-one-out").with_(**SHORT, **pilot, **{key: value}), seed=1).daily
    assert (daily.fillna(0.0) >= 0).all().all()
    assert daily["candidates"].sum() > 0 or key == "inflow.scale"
