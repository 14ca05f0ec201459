"""The model as a Mesa model: agents, groups, data collection and batches, alike on Mesa 3.3 and 3.5."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import pytest

import crossings as cx
from crossings.enforcement import BeachPatrol, InvestigationTeam, SeaPatrol, WorkplaceTeam
from crossings.population import Migrant
from crossings.smuggling import SmugglingNetwork


@pytest.fixture(scope="module")
def model():
    scenario = cx.Scenario.load("no-policy").with_(start="2025-06-01", end="2025-06-10", warmup_days=60)
    model = cx.CrossingsModel(setting=scenario, seed=2)
    for _ in range(65):
        model.step()
    return model


def one(model: cx.CrossingsModel, state: str) -> Migrant:
    return next(agent for agent in model.agents if isinstance(agent, Migrant) and agent.state == state)


def test_everyone_under_way_is_an_agent_and_nobody_else(model):
    migrants = model.agents.select(agent_type=Migrant)
    assert len(migrants) == model.population.under_way().size > 10_000
    assert {agent.row for agent in migrants} == set(model.population.under_way().tolist())


def test_all_kinds_of_agents_are_there(model):
    kinds = {SmugglingNetwork, BeachPatrol, SeaPatrol, InvestigationTeam, WorkplaceTeam, Migrant}
    assert kinds <= set(model.agent_types)
    assert len(model.agents_by_type[SmugglingNetwork]) >= 20


def test_numbers_of_agents_are_unique(model):
    numbers = model.agents.get("unique_id")
    assert len(set(numbers)) == len(numbers)


def test_numbers_of_agents_do_not_depend_on_earlier_models(model):
    again = cx.CrossingsModel(setting=model.setting, seed=2)
    again.step()
    first = sorted(agent.unique_id for agent in again.agents_by_type[BeachPatrol])
    assert first == sorted(agent.unique_id for agent in model.agents_by_type[BeachPatrol])


def test_select_and_group_by_read_the_rows(model):
    camp = model.agents.select(lambda agent: isinstance(agent, Migrant) and agent.state == "camp")
    by_nationality = camp.groupby("nationality").count()
    people = model.population
    assert sum(by_nationality.values()) == people.counts[3]
    means = camp.groupby("nationality").agg("belief_stop", lambda values: sum(values) / len(values))
    assert all(0 < mean < 1 for mean in means.values())


def test_a_migrant_shows_its_row(model):
    person = one(model, "booked")
    assert person.nationality in model.corridor.group_names
    assert person.place in model.corridor.place_names
    assert person.wealth == model.population.wealth[person.row]
    assert 0 <= person.belief_return <= 1
    with pytest.raises(AttributeError, match="has no 'belief_rain'"):
        _ = person.belief_rain


def test_agents_leave_when_their_journey_ends(model):
    before = {agent.row for agent in model.agents.select(agent_type=Migrant)}
    for _ in range(3):
        model.step()
    after = {agent.row for agent in model.agents.select(agent_type=Migrant)}
    ended = before - after
    assert ended
    assert all(model.population.state[row] >= 15 for row in ended)


def test_a_decision_can_be_explained(model):
    person = one(model, "camp")
    options = model.explain(person)
    assert {"boat", "wait", "lorry", "home"} <= set(options)
    assert sum(option["probability"] for option in options.values()) == pytest.approx(1)


def test_the_data_collector_agrees_with_the_result():
    scenario = cx.Scenario.load("no-policy").with_(start="2025-06-01", end="2025-06-10", warmup_days=60)
    model = cx.CrossingsModel(setting=scenario, seed=2)
    while model.running:
        model.step()
    collected = model.datacollector.get_model_vars_dataframe().set_index("date")
    daily = model.result().daily
    assert collected.index[-1] == "2025-06-10"
    reported = collected.loc["2025-06-01":]
    for outcome in ("arrivals", "boats", "waiting", "price", "cost_gbp"):
        assert reported[outcome].tolist() == pytest.approx(daily[outcome].tolist())


TINY = cx.Scenario.load("no-policy").with_(start="2025-06-01", end="2025-06-05", warmup_days=20)


def test_batch_run_varies_settings_and_seeds():
    more = TINY.replace("enforcement.patrols.teams", 80)
    rows = cx.batch_run(cx.CrossingsModel, {"setting": [TINY, more]}, seeds=(1, 2))
    assert [(row["RunId"], row["seed"]) for row in rows] == [(0, 1), (1, 2), (2, 1), (3, 2)]
    assert all(row["date"] == "2025-06-05" for row in rows)
    assert rows[0]["setting"] is TINY


def test_batch_run_keeps_every_nth_row():
    rows = cx.batch_run(cx.CrossingsModel, {"setting": TINY}, seeds=(1,), data_collection_period=10)
    assert [row["Step"] for row in rows] == [0, 10, 20, 24]


def test_batch_run_stops_where_told():
    rows = cx.batch_run(cx.CrossingsModel, {"setting": TINY}, seeds=(1,), max_steps=3)
    assert rows[0]["Step"] == 2


def test_batch_run_gives_the_same_on_processes_and_on_any_executor():
    here = cx.batch_run(cx.CrossingsModel, {"setting": TINY}, seeds=(1, 2))
    method = multiprocessing.get_start_method()
    spread = cx.batch_run(cx.CrossingsModel, {"setting": TINY}, seeds=(1, 2), processes=2)
    with ThreadPoolExecutor(2) as pool:
        threaded = cx.batch_run(cx.CrossingsModel, {"setting": TINY}, seeds=(1, 2), executor=pool)
    assert spread == here == threaded
    assert multiprocessing.get_start_method() == method


def test_batch_run_loses_nobody_elses_run_to_one_that_fails():
    rows = cx.batch_run(cx.CrossingsModel, {"setting": [TINY, "no-such-scenario"]}, seeds=(1,))
    assert "error" not in rows[0]
    assert "unknown scenario 'no-such-scenario'" in rows[1]["error"]


def test_a_run_that_is_over_cannot_be_stepped():
    model = cx.CrossingsModel(setting=TINY, seed=1)
    while model.running:
        model.step()
    with pytest.raises(RuntimeError, match="ended on 2025-06-05"):
        model.step()
