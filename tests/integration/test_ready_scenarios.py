"""Every ready scenario runs by its name and does what it says."""

from __future__ import annotations

from datetime import timedelta

import pytest

import crossings as cx

PAST = {
    "albania-2022",
    "albania-2022-without",
    "history",
    "rwanda-announced",
    "rwanda-carried-out",
    "vietnam-agreement",
    "supplier-2024",
}


@pytest.mark.parametrize("name", cx.Scenario.shipped())
def test_it_says_what_it_is_represents_and_leaves_out(name: str) -> None:
    scenario = cx.Scenario.load(name)
    text = " ".join(scenario.description.split())
    assert text.endswith(".")
    assert text.count(". ") >= (0 if name in ("no-policy", "one-in-one-out") else 1)
    base = cx.Scenario.load("no-policy")
    past = name in PAST or scenario.corridor != "channel"
    assert ((scenario.start, scenario.end) == (base.start, base.end)) != past
    assert (scenario.policies == {}) == (name == "no-policy")


@pytest.mark.slow
@pytest.mark.parametrize("name", cx.Scenario.shipped())
def test_it_runs(name: str) -> None:
    scenario = cx.Scenario.load(name)
    starts = [policy.start for policy in scenario.policies.values() if policy.start]
    start = max([*starts, scenario.start])
    short = scenario.with_(start=str(start), end=str(start + timedelta(days=70)), warmup_days=120)
    daily = cx.run(short, seed=1).daily
    assert daily["candidates"].sum() > 0
    turned_back = name == "australia-2013"  # every boat, by then: few set out and nobody arrives
    assert turned_back or daily["arrivals"].sum() > 0
    returning = any(getattr(policy, "quota_per_week", 0) for policy in scenario.policies.values())
    assert (daily["detained"].sum() > 0) == returning


def test_returns_as_implemented_are_the_counts_of_the_home_office() -> None:
    policies = cx.Scenario.load("one-in-one-out-as-implemented").policies
    assert sum(policies["returns"].quota_by_month) == 1087
    assert sum(policies["legal_route"].admissions_by_month) == 1117


def test_everything_together_shares_one_pool_by_stated_priority() -> None:
    policies = cx.Scenario.load("everything-together").policies
    ranks = {name: policy.priority for name, policy in policies.items() if hasattr(policy, "priority")}
    assert sorted(ranks, key=ranks.get) == ["vietnam", "returns", "third_country"]
    with pytest.raises(cx.InputError, match="same pool"):
        cx.Scenario.load("everything-together").replace("policies.returns.beds", 2.0)
