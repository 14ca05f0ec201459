"""Departures stopped upstream and boats turned back: on a coast where everything else is real."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.conftest import SHORT

import crossings as cx
from crossings.model import CrossingsModel
from crossings.policies import SeaTurnback, UpstreamInterdiction
from crossings.population import NOBODY, State

START = cx.Scenario.load("no-policy").with_(**SHORT).epoch


def lived(policy: object | None = None) -> CrossingsModel:
    setting = cx.Scenario.load("no-policy").with_(**SHORT)
    model = CrossingsModel(setting.with_(policies={"it": policy} if policy else {}), seed=3)
    while model.running:
        model.step()
    return model


def total(model: CrossingsModel, outcome: str) -> float:
    return float(model.result().daily[outcome].sum())


@pytest.fixture(scope="module")
def without() -> CrossingsModel:
    return lived()


def test_who_is_turned_back_has_not_arrived_and_is_seen(without) -> None:
    back = lived(SeaTurnback(turned_back=0.6, announced_chance=0.6, start=START))
    assert total(without, "turned_back_sea") == 0
    assert total(back, "turned_back_sea") > total(back, "arrivals") > 0
    assert total(back, "arrivals") < 0.6 * total(without, "arrivals")
    seen = back.patrols.turned_back_share(back.days, 60)
    assert seen == pytest.approx(0.6, abs=0.12)
    assert back.policies["it"].carried_out(back, back.days) == back.patrols.turned_back_share(back.days, 28)
    assert without.patrols.turned_back_share(without.days, 60) == 0.0
    mean = back.result().daily["belief_stop"].iloc[-1] - without.result().daily["belief_stop"].iloc[-1]
    assert mean > 0.1


def test_departures_are_stopped_where_it_is_said_and_nowhere_else(without) -> None:
    sites = ("Calais-Sangatte", "Wissant-Ambleteuse", "Gravelines")
    stopped = lived(UpstreamInterdiction(stopped=0.9, sites=sites, announced_chance=0.9, start=START))
    policy = stopped.policies["it"]
    here = tuple(k for k, site in enumerate(stopped.corridor.sites) if site.name in sites)
    assert policy.carried_out(stopped, 50) == stopped.patrols.stopped_share(50, 28, here)
    assert stopped.patrols.stopped_share(stopped.days, stopped.days, here) == pytest.approx(0.9, abs=0.1)
    others = tuple(k for k, site in enumerate(stopped.corridor.sites) if site.name not in sites)
    assert stopped.patrols.stopped_share(stopped.days, stopped.days, others) == 0.0
    assert total(stopped, "arrivals") < total(without, "arrivals")


def test_nobody_can_judge_before_there_is_anything_to_see() -> None:
    model = CrossingsModel(cx.Scenario.load("no-policy").with_(**SHORT), seed=3)
    assert model.patrols.stopped_share(10, 10) is None
    assert model.patrols.turned_back_share(10, 10) is None
    dated = UpstreamInterdiction(start=START + timedelta(days=5), announced_chance=0.5)
    assert dated.carried_out(model, 20) is None
    assert UpstreamInterdiction().announcements(model) == []
    (told,) = dated.announcements(model)
    assert (told.belief, told.chance) == ("stop", 0.5)


def test_the_chance_upstream_is_that_of_the_site_and_leaves_the_officers_theirs() -> None:
    model = CrossingsModel(cx.Scenario.load("no-policy").with_(**SHORT), seed=3)
    assert model.patrols.upstream_chance(0) == 0.0
    before = model.patrols.stop_chance(0, True, 3)
    model.levers.departures_stopped = np.array([0.5] + [0.0] * (len(model.patrols.site_names) - 1))
    assert [model.patrols.upstream_chance(site) for site in (0, 1)] == [0.5, 0.0]
    assert model.patrols.stop_chance(0, True, 3) == before


def test_who_is_held_cannot_try_again_meanwhile(without) -> None:
    interdiction = {"stopped": 0.6, "start": START}
    free = lived(UpstreamInterdiction(**interdiction))
    held = lived(UpstreamInterdiction(**interdiction, held_days=40.0))
    assert total(without, "stopped_upstream") == total(free, "custody") == total(without, "custody") == 0
    assert total(held, "custody") == pytest.approx(total(held, "stopped_upstream"), abs=1)
    assert held.population.attempts.sum() < 0.9 * free.population.attempts.sum()
    assert total(held, "arrivals") < total(free, "arrivals")
    inside = held.population.rows_in(State.CUSTODY)
    assert inside.size > 0
    assert (held.population.network[inside] == NOBODY).all()
    stay = held.clock.now - held.population.since[inside]
    assert 0.0 < stay.mean() < 60.0
    let_go = held.population.stops[held.population.rows_in(State.CAMP)]
    assert let_go.max() > 1  # who was let go tried again
