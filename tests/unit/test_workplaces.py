"""Workplaces: visits, arrests, removals, and the chance of keeping work."""

from __future__ import annotations

import numpy as np
import pytest
from tests.coast import Coast

from crossings.enforcement import Workplaces, WorkplacesBlock, WorkplaceTeam
from crossings.population import State


def inspected(people=20_000, refused=0.5, **values):
    coast = Coast(per_day=people, days=1)
    workplaces = Workplaces(
        coast.model,
        WorkplacesBlock(**values),
        coast.streams,
        coast.clock,
        coast.population,
        coast.notes,
        coast.levers,
    )
    everyone = coast.population
    rows = everyone.enter(0, 0.0)
    for state in (State.TRAVELLING, State.CAMP, State.BOOKED, State.AT_SEA, State.HELD, State.ASYLUM):
        everyone.move(rows, state, 0.0)
    everyone.move(rows[: int(refused * people)], State.REFUSED, 0.0)
    return coast, workplaces


def weeks(coast, workplaces, number):
    for week in range(number):
        for day in range(7):
            workplaces.daily(7 * week + day)
        workplaces.weekly(7 * week)
    coast.population.check()


def test_visits_are_made_and_paid_for():
    coast, workplaces = inspected(people=10)
    weeks(coast, workplaces, 52)
    visits = coast.notes.flows["work_visits"]
    assert visits == pytest.approx(52 * 20 * 10.6, abs=1)
    teams = coast.model.agents_by_type[WorkplaceTeam]
    assert sum(team.visits for team in teams) == visits
    assert coast.notes.spent["inspections"] == visits * workplaces.block.visit_cost


def test_arrests_and_removals_come_at_the_stated_rates():
    coast, workplaces = inspected(workers_at_risk=20_000.0, working_share=0.5)
    weeks(coast, workplaces, 8)
    arrests = coast.notes.flows["work_arrests"]
    chance = (1 - np.exp(-4 * workplaces.hazard())) * 0.5
    assert arrests == pytest.approx(2 * 20_000 * chance, rel=0.15)
    removed = coast.notes.flows["removed"]
    assert removed == coast.population.counts[State.REMOVED]
    assert removed == pytest.approx(0.5 * arrests * workplaces.block.removed_share, rel=0.25)
    assert coast.notes.spent["removals"] == removed * workplaces.block.removal_cost


@pytest.mark.parametrize(
    ("name", "outcome"), [("working_share", "work_arrests"), ("removed_share", "removed")]
)
def test_more_who_work_mean_more_arrests_and_more_to_be_removed_more_removals(name, outcome):
    few, many = (inspected(workers_at_risk=20_000.0, **{name: share}) for share in (0.1, 0.5))
    for coast, workplaces in (few, many):
        weeks(coast, workplaces, 8)
    assert many[0].notes.flows[outcome] > 2 * few[0].notes.flows[outcome] > 0


def test_removals_cost_what_each_costs():
    cheap, dear = (inspected(workers_at_risk=20_000.0, removal_cost=pounds) for pounds in (1_000.0, 9_000.0))
    for coast, workplaces in (cheap, dear):
        weeks(coast, workplaces, 8)
    assert dear[0].notes.spent["removals"] == 9 * cheap[0].notes.spent["removals"] > 0


def test_nobody_is_removed_while_a_claim_is_undecided():
    coast, workplaces = inspected(refused=0.0, workers_at_risk=2_000.0)
    weeks(coast, workplaces, 4)
    assert coast.notes.flows["work_arrests"] > 0
    assert coast.notes.flows["removed"] == 0


def test_everyone_comes_up_once_in_four_weeks():
    _, workplaces = inspected(people=1_000)
    seen = np.concatenate([workplaces._at_risk(7 * week) for week in range(4)])
    assert sorted(seen.tolist()) == list(range(1_000))


def test_more_visits_make_work_harder_to_keep():
    coast, workplaces = inspected(people=10)
    usual = workplaces.keep_work_chance()
    coast.levers.inspections = 3.0
    assert workplaces.keep_work_chance() == pytest.approx(usual**3)
    coast.levers.inspections = 0.0
    assert workplaces.keep_work_chance() == 1.0
    assert 0.9 < usual < 1.0


def test_removals_after_arrest_are_heard_of_by_compatriots():
    coast, workplaces = inspected(workers_at_risk=20_000.0, working_share=0.5)
    heard = []
    workplaces._hear = lambda belief, groups, happened: heard.append((belief, len(groups), happened))
    weeks(coast, workplaces, 4)
    assert {(belief, happened) for belief, _, happened in heard} == {("return", True)}
    assert sum(number for _, number, _ in heard) == coast.notes.flows["removed"] > 0
