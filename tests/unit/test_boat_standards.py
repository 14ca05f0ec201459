"""A ban on flimsy boats: nobody uses any, from its start, and what it costs is charged."""

from __future__ import annotations

import pytest
from tests.conftest import SHORT

import crossings as cx
from crossings.errors import InputError
from crossings.study.launch_log import observe

BAN = {"kind": "BoatStandards", "least_soundness": 0.45}


def world(**policy):
    ban = {"policies.ban": {**BAN, **policy}}
    return cx.Scenario.load("no-policy").with_(corridor="signs-crossings", **SHORT, **ban)


def test_boats_are_at_least_as_sound_as_the_bound():
    base = cx.Scenario.load("no-policy").with_(corridor="signs-crossings", **SHORT)
    assert observe(base, 1).launches["quality"].min() < 0.45
    flimsy = observe(world(), 1).launches["quality"] < 0.45
    assert flimsy.mean() < 0.05  # of networks that have just begun, until their first week is over


def test_a_ban_that_begins_late_changes_nothing_before():
    base = cx.run(cx.Scenario.load("no-policy").with_(corridor="signs-crossings", **SHORT), seed=2)
    late = cx.run(world(start="2025-06-20"), seed=2)
    before = base.daily.loc[:"2025-06-19"].drop(columns="cost_gbp")
    assert late.daily.loc[:"2025-06-19"].drop(columns="cost_gbp").equals(before)
    quality = late.daily["boat_quality"]
    assert quality.loc["2025-06-29"] > quality.loc["2025-06-15"]


def test_it_costs_a_day_of_controls():
    def spent(scenario):
        by = cx.run(scenario, seed=1).by
        return by[(by["outcome"] == "cost_gbp") & (by["key"] == "upstream_seizures")]["value"].sum()

    assert spent(world(cost_per_day=1_000.0)) == pytest.approx(1_000.0 * 30)


def test_the_stricter_of_two_bans_counts():
    weaker = {**BAN, "least_soundness": 0.2}
    for policies in ({"ban": BAN, "weaker": weaker}, {"weaker": weaker, "ban": BAN}):
        launches = observe(world().with_(policies=policies), 1).launches
        assert (launches["quality"] < 0.45).mean() < 0.05


@pytest.mark.parametrize("bound", [-0.1, 1.1])
def test_a_bound_that_is_no_soundness_is_refused(bound):
    with pytest.raises(InputError, match="least_soundness"):
        world(least_soundness=bound)
