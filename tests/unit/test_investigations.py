"""Investigations: cases take their time, end as they must, and are overtaken by events."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from tests.coast import Coast

from crossings.enforcement import Investigations, InvestigationsBlock, InvestigationTeam
from crossings.enforcement.investigations import NETWORK, SUPPLIER


def investigating(**values):
    coast = Coast(days=4000, height=2.0)
    block = InvestigationsBlock(**values)
    coast.investigations = Investigations(
        coast.model, block, coast.streams, coast.clock, coast.smuggling, coast.notes, coast.levers
    )
    coast.investigations.open()
    return coast


def open_cases(coast):
    return [case for team in coast.investigations.teams for case in team.cases]


def test_every_team_begins_with_cases_at_all_stages():
    coast = investigating()
    block, cases = coast.investigations.block, open_cases(coast)
    assert len(cases) == block.teams * block.cases_per_team
    assert len(coast.model.agents_by_type[InvestigationTeam]) == block.teams
    age = np.array([-case.opened for case in cases])
    assert age.min() >= 0
    assert age.max() > 0.7 * block.case_days
    length = np.array([case.due - case.opened for case in cases])
    assert np.median(length) == pytest.approx(block.case_days, rel=0.15)


def test_networks_that_are_no_target_yet_come_first():
    coast = investigating(supplier_share=0.0, teams=10, cases_per_team=3)
    assert len({case.serial for case in open_cases(coast)}) == 30


def test_new_cases_are_ripe_only_after_more_than_a_year():
    coast = investigating(case_sigma=0.1, dismantled=0.0, disrupted=0.0)
    cases = set(open_cases(coast))
    coast.levers.investigations = 3.0
    coast.investigations.staff(0)
    new = set(open_cases(coast)) - cases
    assert len(new) == 2 * len(cases)
    assert min(case.due for case in new) > 330


@pytest.mark.parametrize(("dismantled", "disrupted"), [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0)])
def test_a_ripe_case_ends_as_it_must(dismantled, disrupted):
    coast = investigating(
        teams=1, cases_per_team=1, supplier_share=0.0, dismantled=dismantled, disrupted=disrupted
    )
    case = open_cases(coast)[0]
    networks, crews = coast.networks, int(coast.networks.crews[case.target])
    coast.run(int(case.due) + 1)
    team = coast.investigations.teams[0]
    assert team.closed == 1
    assert team.successes == (dismantled + disrupted)
    assert networks.is_same(case.target, case.serial) == (dismantled == 0)
    status = networks.agents[case.target].status if dismantled == 0 else None
    assert status == {1.0: "disrupted", 0.0: "active"}[disrupted] if dismantled == 0 else status is None
    assert (coast.notes.flows["crews_arrested"] == crews) == (dismantled == 1)


def test_a_case_is_overtaken_when_its_network_has_gone():
    coast = investigating(teams=1, cases_per_team=1, supplier_share=0.0, dismantled=1.0, disrupted=0.0)
    case = open_cases(coast)[0]
    coast.smuggling.dissolve(case.target)
    newcomer = coast.networks.enter(900, "another", 0, 2, 0.0, 0.0)
    assert newcomer == case.target
    coast.run(int(case.due) + 1)
    assert coast.networks.status[newcomer] == 1
    assert coast.investigations.teams[0].successes == 0


def test_a_case_against_a_supplier_takes_it_out():
    coast = investigating(teams=1, cases_per_team=1, supplier_share=1.0, dismantled=1.0, disrupted=0.0)
    case = open_cases(coast)[0]
    assert case.kind == SUPPLIER
    coast.run(int(case.due) + 1)
    assert coast.investigations.teams[0].successes == 1
    assert coast.smuggling.supply._generation[case.target] == 1


def test_the_largest_supplier_is_the_likeliest_target():
    coast = investigating(supplier_share=1.0, teams=40, cases_per_team=5)
    targets = Counter(case.target for case in open_cases(coast))
    assert targets.most_common(1)[0][0] == 0
    assert targets[0] / sum(targets.values()) == pytest.approx(0.5, abs=0.12)


def test_arrests_set_for_a_day_take_the_largest():
    coast = investigating(teams=0)
    coast.smuggling.market.launches[7] = 9.0
    coast.levers.suppliers_arrested, coast.levers.networks_arrested = 2, 1
    coast.investigations.daily(0)
    assert coast.smuggling.supply.working.tolist() == [False, False, True, True, True]
    assert np.flatnonzero(~coast.networks.alive[:30]).tolist() == [7]
    assert coast.notes.flows["networks_dissolved"] == 1


def test_arrests_end_where_nobody_is_left():
    coast = investigating(teams=0)
    coast.levers.suppliers_arrested = coast.levers.networks_arrested = 99
    coast.investigations.daily(0)
    assert not coast.smuggling.supply.working.any()
    assert not coast.networks.alive.any()


def test_teams_that_are_let_go_drop_their_cases():
    coast = investigating()
    coast.levers.investigations = 0.0
    coast.investigations.staff(0)
    assert coast.investigations.teams == []
    assert InvestigationTeam not in {type(agent) for agent in coast.model.agents}
    coast.run(300)
    assert coast.notes.flows["networks_dissolved"] == 0
    coast.notes.spent.clear()
    coast.investigations.daily(300)
    assert coast.notes.spent["investigations"] == 0


def test_without_networks_there_is_nobody_to_investigate():
    coast = investigating(supplier_share=0.0)
    for slot in np.flatnonzero(coast.networks.alive).tolist():
        coast.smuggling.dissolve(slot)
    coast.levers.investigations = 2.0
    coast.investigations.staff(0)
    assert coast.investigations.teams[-1].cases == []


def test_cases_end_networks_at_a_realistic_pace():
    coast = investigating()
    for _ in range(3 * 52):
        coast.investigations.staff(0)
        coast.run(7)
        while coast.networks.active.sum() < 30:
            coast.networks.enter(900 + coast.networks.entered, "next", 0, 2, 0.4, coast.clock.now)
            coast.networks.revive(coast.clock.now)
    ended = coast.notes.flows["networks_dissolved"] / 3
    assert 9 <= ended <= 25
    assert {case.kind for case in open_cases(coast)} <= {NETWORK, SUPPLIER}
