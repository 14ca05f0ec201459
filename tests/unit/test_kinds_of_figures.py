"""Figures refuse what they cannot draw in one line, and maps draw boats wherever people are said to be."""

from __future__ import annotations

import pytest

import crossings as cx
from crossings.errors import InputError
from crossings.views import beliefs, burden, cost, effects, flows, pipeline, trade
from crossings.views import map as maps

SHORT = {"start": "2025-08-01", "end": "2025-08-24", "warmup_days": 30, "people_per_agent": 5}


@pytest.fixture(scope="module")
def comparison() -> cx.Comparison:
    scenarios = [cx.Scenario.load(name).with_(**SHORT) for name in ("no-policy", "one-in-one-out")]
    return cx.compare(*scenarios, seeds=1, processes=1)


@pytest.mark.parametrize("figure", [trade, beliefs, pipeline, burden, maps], ids=lambda each: each.__name__)
def test_a_comparison_is_no_run(comparison, figure):
    with pytest.raises(InputError, match=r"<Comparison .*: expected results of run\(\)"):
        figure.draw(comparison)


@pytest.mark.parametrize("figure", [effects, cost], ids=lambda each: each.__name__)
def test_a_run_is_no_comparison(figure):
    run = cx.run(cx.Scenario.load("no-policy").with_(**SHORT), seed=1)
    with pytest.raises(InputError, match=r"<Result .*: expected a comparison, from compare\(\)"):
        figure.draw(run)


@pytest.mark.parametrize("figure", [trade, pipeline], ids=lambda each: each.__name__)
def test_less_than_a_week_is_not_drawn_by_week(figure):
    run = cx.run(cx.Scenario.load("no-policy").with_(**SHORT | {"end": "2025-08-05"}), seed=1)
    with pytest.raises(
        InputError, match=r"'no-policy', 2025-08-01 to 2025-08-05: expected seven days or more"
    ):
        figure.draw(run)


@pytest.mark.parametrize("corridor", ["channel", "aegean", "us-southwest"])
def test_all_who_arrive_by_boat_are_on_a_leg_by_boat(corridor):
    """Some corridors hold people at a place of their own, others on the shore they set out from."""
    scenario = cx.Scenario.load("no-policy").with_(**SHORT, corridor=corridor)
    run = cx.run(scenario, seed=1, events=True)
    counted = flows.count(run)
    by_boat = [row for row, (_, _, mode) in enumerate(counted.legs) if mode == "boat"]
    arrived = run.daily["arrivals"].sum()
    assert arrived > 0
    assert counted.people[by_boat].sum() == arrived
