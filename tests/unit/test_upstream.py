"""Departures stopped upstream and boats turned back: on a coast where everything else is real."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.conftest import SHORT

import crossings as cx
from crossings.model import CrossingsModel
from crossings.policies import SeaTurnback, UpstreamInterdiction

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
    assert policy.carried_out(stopped, stopped.days) > 0.85
    others = tuple(k for k, site in enumerate(stopped.corridor.sites) if site.name not in sites)
    elsewhere = [model.patrols.stopped_share(model.days, 60, others) for model in (stopped, without)]
    assert elsewhere[0] == pytest.approx(elsewhere[1], abs=0.12)
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


def test_the_chance_upstream_adds_to_that_at_the_beach_and_spares_no_taxi_boat() -> None:
    patrols = CrossingsModel(cx.Scenario.load("no-policy").with_(**SHORT), seed=3).patrols
    before = np.array([patrols.stop_chance(0, taxi, 3) for taxi in (False, True)])
    patrols._levers.departures_stopped = np.array([0.5] + [0.0] * (len(patrols.site_names) - 1))
    after = np.array([patrols.stop_chance(0, taxi, 3) for taxi in (False, True)])
    np.testing.assert_allclose(after, 1.0 - 0.5 * (1.0 - before))
    assert patrols.stop_chance(1, True, 3) < 0.5
