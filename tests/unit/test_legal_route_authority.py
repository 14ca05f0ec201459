"""The legal route: who is drawn, how vetting ends, and a ledger that balances throughout."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest
from tests.shore import EPOCH, Shore

from crossings.authorities import AuthoritiesBlock, LedgerError, LegalRouteBlock, PlaceLedger
from crossings.hooks import Rows
from crossings.policies import LegalRoute, ReturnsAgreement
from crossings.population import State


def applying(shore: Shore, share: float = 0.5) -> Shore:
    """Let a share of those who enter apply once the route is open, and the rest cross."""

    def morning(day: int) -> None:
        rows = shore.to_camp(day)
        if shore.authorities.legal_route.open:
            applicants = rows[: round(share * rows.size)]
            shore.population.move(applicants, State.APPLIED, day)
            rows = rows[applicants.size :]
        shore.cross(rows)

    shore.morning = morning
    return shore


def standalone(**changes: object) -> LegalRoute:
    return LegalRoute(
        **{"announced": EPOCH, "start": EPOCH, "matched_to": None, "places_per_week": 14.0, **changes}
    )


def test_matched_admissions_follow_returns_one_for_one() -> None:
    policies = {
        "returns": ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0.0, quota_per_week=30),
        "legal": LegalRoute(announced=EPOCH, start=EPOCH),
    }
    shore = applying(Shore(policies, per_day=30, days=150)).run(150)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    assert ledger.returns == shore.notes.flows["returned"] > 200
    assert ledger.admitted == shore.notes.flows["admitted"] == shore.states()[State.ADMITTED] > 150
    assert ledger.admitted + ledger.vetting + ledger.unused == ledger.returns
    assert ledger.vetting == shore.states()[State.VETTING]


@pytest.mark.parametrize("matching", [0.5, 2.0, 0.1])
def test_other_rates_of_matching_balance_too(matching: float) -> None:
    policies = {
        "returns": ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0.0, quota_per_week=30),
        "legal": LegalRoute(announced=EPOCH, start=EPOCH, matching=matching, advance_places=5),
    }
    shore = applying(Shore(policies, per_day=30, days=120)).run(120)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    used = ledger.admitted + ledger.vetting + ledger.unused
    assert used == pytest.approx(matching * shore.notes.flows["returned"] + 5)
    assert ledger.unused < 60 * matching + 1  # a lottery leaves a week's earnings at most


def test_advance_places_are_used_before_any_return() -> None:
    policies = {
        "returns": ReturnsAgreement(announced=EPOCH, start=EPOCH, quota_per_week=30),
        "legal": LegalRoute(announced=EPOCH, start=EPOCH, advance_places=25),
    }
    shore = applying(Shore(policies, per_day=30, days=40)).run(40)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    assert ledger.returns < ledger.admitted + ledger.vetting <= ledger.returns + 25


def test_returns_made_before_the_route_opened_earn_places() -> None:
    policies = {
        "returns": ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0.0),
        "legal": LegalRoute(announced=EPOCH, start=EPOCH + timedelta(days=70)),
    }
    shore = applying(Shore(policies, per_day=30, days=120)).run(120)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    assert shore.notes.within("returned", 0, 70) > 50
    assert ledger.entitlement == ledger.returns == shore.notes.flows["returned"]
    assert ledger.admitted + ledger.vetting > shore.notes.within("returned", 70, 120)


def test_a_route_of_its_own_grants_its_places_week_by_week() -> None:
    shore = applying(Shore({"legal": standalone()}, per_day=20, days=140)).run(140)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    assert ledger.scheduled == pytest.approx(14 * 20)
    assert shore.notes.within("admitted", 70, 140) == pytest.approx(140, rel=0.15)
    assert ledger.returns == 0


def test_a_failed_vetting_frees_the_place_and_the_person() -> None:
    block = AuthoritiesBlock(legal_route=LegalRouteBlock(confirmed=0.0))
    shore = applying(Shore({"legal": standalone()}, per_day=20, days=80, block=block)).run(80)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    assert ledger.admitted == 0
    assert shore.notes.flows["vetting_failed"] == len(shore.sent_back) > 20
    assert (shore.population.state[shore.sent_back] == State.CAMP).all()
    assert ledger.vetting + ledger.unused == pytest.approx(ledger.scheduled)
    assert shore.notes.news["legal", False] >= shore.notes.flows["vetting_failed"]


def test_only_people_with_ties_who_never_crossed_are_drawn() -> None:
    shore = Shore({"legal": standalone(places_per_week=700)}, per_day=40, days=60)
    shore.population.ties[::2] = False
    shore.population.arrivals[1::4] = 1
    applying(shore, share=1.0).run(60)
    drawn = np.concatenate(
        [shore.population.rows_in(State.VETTING), shore.population.rows_in(State.ADMITTED)]
    )
    assert drawn.size > 100
    assert shore.population.ties[drawn].all()
    assert (shore.population.arrivals[drawn] == 0).all()


def test_the_lottery_goes_by_a_rank_of_ones_own() -> None:
    def drawn(without: Rows | None) -> set[int]:
        shore = Shore({"legal": standalone(places_per_week=70)}, per_day=60, days=9, without=without)
        people = applying(shore, share=1.0).run(9).population
        return {int(key) for key in people.key[people.rows_in(State.VETTING)]}

    everyone = drawn(None)
    assert 5 < len(everyone) < 100
    loser = next(
        k for k, key in enumerate(Shore(per_day=60, days=9).population.key) if int(key) not in everyone
    )
    assert drawn(np.array([loser])) == everyone


def test_a_route_that_closes_sends_applicants_back() -> None:
    policy = standalone(end=EPOCH + timedelta(days=20))
    shore = applying(Shore({"legal": policy}, per_day=20, days=100)).run(20)
    assert shore.states()[State.APPLIED] > 50
    shore.run(1)
    assert shore.states()[State.APPLIED] == 0
    assert not shore.authorities.legal_route.open
    shore.run(79)
    assert shore.states()[State.VETTING] == 0  # those drawn are still seen through
    assert len(shore.sent_back) > 50


def test_stages_report_the_time_they_take() -> None:
    shore = applying(Shore({"legal": standalone(places_per_week=100)}, per_day=60, days=80)).run(80)
    stages = {report.name: report for report in shore.authorities.stages()}
    assert stages["vetting officers"].mean_wait > 0.0
    assert 15 < stages["checks"].mean_stay < 19
    assert stages["transfer"].mean_stay == pytest.approx(7.0)
    assert stages["checks"].exits["not confirmed"] == shore.notes.flows["vetting_failed"]
    assert shore.notes.spent["legal_route"] > 0


def test_a_ledger_refuses_to_be_overdrawn_or_cooked() -> None:
    ledger = PlaceLedger(advance_places=2)
    with pytest.raises(LedgerError, match="overdrawn"):
        ledger.draw(3)
    ledger = PlaceLedger()
    ledger.unused += 1
    with pytest.raises(LedgerError, match="add up"):
        ledger.check()
    with pytest.raises(LedgerError, match="overdrawn"):
        PlaceLedger(advance_places=1).admit()


def test_admissions_stay_within_their_month_and_nobody_loses_a_place() -> None:
    route = standalone(places_per_week=30, admissions_by_month=(0, 20, 5, 60))
    shore = applying(Shore({"legal": route}, per_day=20, days=120)).run(120)
    by_month = Counter[int]()
    for day, number in shore.notes.by_day["admitted"].items():
        by_month[shore.clock.date(day).month] += number
    assert [by_month[month] for month in (8, 9, 10, 11)] == pytest.approx([0, 20, 5, 60], abs=3)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    assert ledger.admitted + ledger.vetting + ledger.unused == pytest.approx(ledger.scheduled)
    waiting = next(report for report in shore.authorities.stages() if report.name == "transfer seats legal")
    assert waiting.queue > 100  # confirmed and waiting: a backlog, not lost places
    assert waiting.entered == waiting.queue + sum(waiting.exits.values())


def test_a_route_for_some_admits_nobody_else_and_needs_no_ties_where_it_asks_for_none() -> None:
    policies = {
        "albanians": standalone(nationalities=("Albania",), ties_required=False),
        "everybody": standalone(places_per_week=7.0),
    }
    shore = applying(Shore(policies, per_day=20, days=60))
    people = shore.population
    people.group[::2] = 1
    people.ties[:] = people.group == 0  # no Albanian has ties
    shore.run(60)
    admitted = people.state == State.ADMITTED
    groups = Counter(people.group[admitted].tolist())
    assert groups[1] > 1.3 * groups[0] > 0  # 14 places a week against 7
    some = np.array([0, 1])
    assert shore.authorities.may_apply(some).tolist() == (people.arrivals[some] == 0).tolist()
    people.arrivals[some] = 1
    assert not shore.authorities.may_apply(some).any()
    closed = Shore({"everybody": standalone(start=EPOCH + timedelta(days=30))}, per_day=20, days=20).run(5)
    assert not closed.authorities.may_apply(some).any()
