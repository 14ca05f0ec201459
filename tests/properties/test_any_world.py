"""Whatever world a scenario describes, nobody and nothing in it is lost or made up.

Scenarios are drawn at random: any policies together, rooms at the ends of their ranges and at their hard
limits, no patrols, no networks, hardly anybody, or one agent for a hundred. Each lives through some weeks,
and everything that must hold on every day is looked at on every day.
"""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings

import crossings as cx
from crossings.errors import InputError
from crossings.parameters import Described, described
from crossings.policies import kinds
from crossings.population import State
from crossings.scenario import Scenario, parameters

WEEKS = {"start": "2025-06-01", "end": "2025-06-28", "warmup_days": 35}

SIZES = ("inflow.scale", "people_per_agent", "warmup_days")
NUMBERS = [
    row
    for row in parameters()
    if not row.path.startswith("policies.")
    and row.path not in SIZES
    and row.low is not None
    and row.high is not None
    and isinstance(row.default, (int, float))
    and not isinstance(row.default, bool)
]
NOBODY_THERE = [
    {"enforcement.patrols.teams": 0},
    {"enforcement.investigations.teams": 0},
    {"authorities.detention.beds": 0},
    {"authorities.returns.caseworkers": 0},
    {"authorities.legal_route.officers": 1},
    {"smuggling.networks.max_networks": 2},
    {"smuggling.turnover.entry_rate": 0.0},
    {"smuggling.supply.supplier_shares": [1.0]},
    {"beliefs.contacts_per_day": 0.0, "beliefs.news_reach": 0.0},
    {"choices.rationality": 0.0},
]
PLENTY = [{"inflow.scale": 1e-5}, {"inflow.scale": 0.02}, {"inflow.scale": 0.05, "people_per_agent": 10}]
MANY = {"inflow.scale": 5.0, "people_per_agent": 100}


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, object]:
    """Return changes to a scenario: its size, rooms at plausible values, ends and limits, and policies."""
    rows = draw(st.lists(st.sampled_from(NUMBERS), max_size=6, unique_by=lambda row: row.path))
    changed: dict[str, object] = {row.path: draw(_plausible(row)) for row in rows}
    for none in draw(st.lists(st.sampled_from(NOBODY_THERE), max_size=2)):
        changed.update(none)
    changed.update(draw(st.sampled_from([*PLENTY, MANY])))
    names = draw(st.lists(st.sampled_from(sorted(kinds())), max_size=5, unique=True))
    changed.update({f"policies.p{number}": draw(_policy(kind)) for number, kind in enumerate(names)})
    return changed


def _plausible(row: Described) -> st.SearchStrategy[float]:
    """Return a value inside the plausible range, its ends more often than others."""
    low, high = row.low, row.high
    assert low is not None
    assert high is not None
    if isinstance(row.default, int):
        return st.sampled_from([int(low), int(high)]) | st.integers(int(low), int(high))
    return st.sampled_from([low, high]) | st.floats(low, high)


@st.composite
def _policy(draw: st.DrawFn, kind: str) -> dict[str, object]:
    """Return the table of a policy that is in force for some of the weeks, some of its numbers drawn."""
    first = draw(st.sampled_from(["2025-05-01", "2025-05-25", "2025-06-10"]))
    table: dict[str, object] = {"kind": kind, "announced": first, "start": first}
    if draw(st.booleans()):
        table["end"] = "2025-06-20"
    rows = [row for row in described(kinds()[kind]) if row.low is not None and row.high is not None]
    for row in (
        draw(st.lists(st.sampled_from(rows), max_size=4, unique_by=lambda row: row.path)) if rows else []
    ):
        if isinstance(row.default, (int, float)) and not isinstance(row.default, bool):
            table[row.path] = draw(_plausible(row))
    if kind == "LegalRoute":
        table |= {"matched_to": "", "places_per_week": draw(st.floats(1.0, 500.0))}
    return table


def world(changed: dict[str, object]) -> Scenario | None:
    """Return the scenario, or None where it is refused, which must be said in one line."""
    try:
        return Scenario.load("no-policy").with_(**WEEKS, **changed)
    except InputError as error:
        said = str(error)
    assert len(said.splitlines()) == 1
    return None


def live(scenario: Scenario, seed: int) -> cx.CrossingsModel:
    """Live through a scenario and look every day at what must hold every day."""
    model = cx.CrossingsModel(scenario, seed)
    before = -1.0
    while model.running:
        model.step()  # checks people, ledgers of places and open cases itself
        people, networks = model.population, model.smuggling.networks
        assert model.clock.now > before
        before = model.clock.now
        assert (people.counts >= 0).all()
        assert people.counts.sum() == len(people)
        assert model.authorities.detention.count >= 0
        assert (networks.boats >= 0).all()
        assert (networks.crews >= 0).all()
        assert (networks.load[networks.active] > 0).all()
        assert np.isfinite(networks.cash).all()
        assert np.isfinite(people.belief[:, :, : people.entered]).all()
        assert (people.belief >= 0).all()
        model.smuggling.ledger.check()
    return model


def check_outcomes(model: cx.CrossingsModel) -> None:
    """Look at what a run reports: nothing negative, and everyone who came is somewhere."""
    daily, people = model.result().daily, model.population
    flows = daily[["attempts", "arrivals", "deaths", "stopped_beach", "stopped_sea", "returned", "admitted"]]
    assert (flows.to_numpy() >= 0).all()
    assert np.isfinite(daily.drop(columns=["price", "load"], errors="ignore").to_numpy(float)).all()
    assert (daily["attempts"] >= daily["stopped_beach"]).all()
    ended = people.state[: people.entered]
    assert not np.isin(ended, [State.FUTURE]).any()
    dead = int((ended == State.DEAD).sum()) * people.stands_for
    assert daily["deaths"].sum() + daily["transit_deaths"].sum() <= dead + 1e-9
    for stage in model.authorities.stages():
        assert stage.entered == stage.queue + stage.inside + sum(stage.exits.values()), stage.name
    costs = daily.filter(like="cost")
    assert (costs.to_numpy() >= 0).all()


@pytest.mark.parametrize("changed", [*NOBODY_THERE, *PLENTY, MANY], ids=str)
def test_the_limits_are_worlds_that_are_taken(changed: dict[str, object]) -> None:
    """One that is refused would be lived through by nobody, and no test would say so."""
    assert world(changed) is not None


@pytest.mark.slow
@given(worlds(), st.integers(0, 2**32))
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_lost_in_any_world(changed: dict[str, object], seed: int) -> None:
    scenario = world(changed)
    assume(scenario is not None)  # one in four is refused, and another is drawn
    check_outcomes(live(scenario, seed))


@given(worlds(), st.integers(0, 2**32))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_is_lost_in_some_worlds(changed: dict[str, object], seed: int) -> None:
    scenario = world(changed)
    assume(scenario is not None)  # one in four is refused, and another is drawn
    check_outcomes(live(scenario, seed))
