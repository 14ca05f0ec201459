"""The ledger of places balances at every moment, whatever happens and in whatever order."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from tests.shore import EPOCH, Shore, landing_daily

from crossings.authorities import (
    AuthoritiesBlock,
    DetentionBlock,
    FlightsBlock,
    LegalRouteBlock,
    PlaceLedger,
    ProcedureBlock,
    Stage,
)
from crossings.authorities.cases import Case, Steps
from crossings.clock import Clock
from crossings.hooks import Rows
from crossings.policies import LegalRoute, ReturnsAgreement
from crossings.population import State


class LedgerMachine(RuleBasedStateMachine):
    """Any order of returns, grants, draws, failures and admissions."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = PlaceLedger(matching=0.7, advance_places=3)
        self.earned = 3.0
        self.in_vetting = self.done = 0

    @rule(number=st.integers(0, 40))
    def returns(self, number: int) -> None:
        self.ledger.returned(number)
        self.earned += 0.7 * number

    @rule(places=st.floats(0.0, 30.0))
    def schedule(self, places: float) -> None:
        self.ledger.schedule(places)
        self.earned += places

    @precondition(lambda self: self.ledger.available > 0)
    @rule(data=st.data())
    def draw(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, self.ledger.available))
        self.ledger.draw(number)
        self.in_vetting += number

    @precondition(lambda self: self.in_vetting > 0)
    @rule(admitted=st.booleans())
    def end_vetting(self, admitted: bool) -> None:
        (self.ledger.admit if admitted else self.ledger.fail)()
        self.in_vetting -= 1
        self.done += admitted

    @invariant()
    def balances(self) -> None:
        ledger = self.ledger
        ledger.check()
        assert (ledger.vetting, ledger.admitted) == (self.in_vetting, self.done)
        assert ledger.entitlement == pytest.approx(self.earned)
        assert ledger.admitted + ledger.vetting + ledger.unused == pytest.approx(self.earned)


LedgerMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
TestLedger = LedgerMachine.TestCase


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    quota=st.floats(0.0, 120.0),
    beds=st.integers(0, 120),
    matching=st.sampled_from([0.0, 0.5, 1.0, 1.5, 3.0]),
    advance=st.integers(0, 30),
    refused=st.floats(0.0, 1.0),
    confirmed=st.floats(0.0, 1.0),
    cancelled=st.floats(0.0, 1.0),
    length=st.integers(20, 70),
    apart=st.integers(-15, 15),
    seed=st.integers(0, 2**32),
)
def test_returns_and_admissions_balance_in_any_world(
    *,
    quota: float,
    beds: int,
    matching: float,
    advance: int,
    refused: float,
    confirmed: float,
    cancelled: float,
    length: int,
    apart: int,
    seed: int,
) -> None:
    """`Shore.run` checks people, cases and places every day; the ledger checks itself at every change."""
    start = EPOCH + timedelta(days=15)
    policies = {
        "returns": ReturnsAgreement(
            announced=None, start=start, end=start + timedelta(days=length), ramp_days=7, quota_per_week=quota
        ),
        "legal": LegalRoute(
            announced=None,
            start=start + timedelta(days=apart),
            matching=matching,
            advance_places=advance,
        ),
    }
    block = AuthoritiesBlock(
        detention=DetentionBlock(beds=beds),
        returns=ProcedureBlock(refused=refused),
        flights=FlightsBlock(cancelled=cancelled),
        legal_route=LegalRouteBlock(confirmed=confirmed),
    )
    shore = Shore(policies, per_day=15, days=80, seed=seed, block=block)

    def morning(day: int) -> None:
        rows = shore.to_camp(day)
        if shore.authorities.legal_route.open:
            shore.population.move(rows[:5], State.APPLIED, day)
            rows = rows[5:]
        shore.cross(rows)

    shore.morning = morning
    shore.run(110)
    ledger = shore.authorities.legal_route.routes["legal"].ledger
    assert ledger.returns == shore.notes.flows["returned"] == shore.states()[State.RECEPTION]
    assert ledger.admitted + ledger.vetting + ledger.unused == pytest.approx(
        matching * ledger.returns + advance
    )
    assert shore.notes.flows["detained"] <= shore.notes.flows["returned"] + shore.notes.flows["bailed"] + beds
    if length < 70:
        assert shore.authorities.detention.count == 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    quotas=st.lists(st.floats(0.0, 200.0), min_size=2, max_size=3),
    priorities=st.permutations([0, 1, 2]),
    beds=st.integers(0, 60),
    seed=st.integers(0, 2**32),
)
def test_policies_share_people_and_beds_in_order_of_priority(
    *, quotas: list[float], priorities: list[int], beds: int, seed: int
) -> None:
    policies = {
        f"policy {place}": ReturnsAgreement(
            announced=None, start=EPOCH, ramp_days=0, quota_per_week=quota, priority=place
        )
        for place, quota in zip(priorities, quotas, strict=False)
    }
    shore = landing_daily(
        Shore(policies, per_day=10, seed=seed, block=AuthoritiesBlock(detention=DetentionBlock(beds=beds)))
    )
    begun: list[int] = []
    begin = shore.authorities.returns.begin

    def note(policy: str, wanted: Rows, free: Rows) -> Rows:
        rows = begin(policy, wanted, free)
        assert np.isin(rows, wanted).all()
        assert np.isin(rows, free).all()
        begun.extend(rows.tolist())
        turns.append((shore.clock.now, shore.authorities.returns.priority(policy)))
        return rows

    turns: list[tuple[float, int]] = []
    shore.authorities.returns.begin = note
    for _ in range(25):
        shore.run(1)
        assert shore.authorities.detention.count <= beds
    assert turns == sorted(turns), "asked by priority on every day"
    assert len(begun) == len(set(begun)) == shore.notes.flows["selected"] == shore.notes.flows["detained"]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_order_of_asking_and_leaving_leaves_a_trace(data: st.DataObject) -> None:
    """People ask, wait, hold, finish or are taken out at any moment, and beds come and go."""
    clock = Clock(EPOCH)
    stage = Stage(clock, "beds", data.draw(st.integers(0, 3)))
    ended: list[int] = []
    cases: list[Case] = []

    def steps(case: Case, days: float) -> Steps:
        with case.request(stage) as claim:
            yield claim
            yield clock.env.timeout(days)

    quarter_days = st.integers(0, 40).map(lambda quarters: quarters / 4.0)
    people = data.draw(st.lists(st.tuples(quarter_days, quarter_days, st.none() | quarter_days), max_size=12))
    for row, (arrives, stays, leaves) in enumerate(people):
        case = Case(clock, row, row, priority=row % 2)
        cases.append(case)
        clock.at(
            arrives,
            lambda case=case, stays=stays, row=row: case.start(
                lambda: steps(case, stays), lambda _end: ended.append(row)
            ),
        )
        if leaves is not None:
            clock.at(leaves, lambda case=case: case.leave("gone"))
    for _ in range(data.draw(st.integers(0, 3))):
        time, size = data.draw(quarter_days), data.draw(st.integers(0, 3))
        clock.at(time, lambda size=size: stage.resize(size))
    clock.at(60.0, lambda: stage.resize(len(people) + 1))
    for time in np.arange(0.125, 90.0, 0.25):
        clock.env.run(until=time)
        assert stage.count + len(stage.queue) == stage.log.inside + stage.log.queue
        assert stage.log.entered == sum(stage.log.exits.values()) + stage.log.inside + stage.log.queue
        assert not (stage.queue and stage.count < stage.capacity)
    assert sorted(ended) == list(range(len(people)))
    assert stage.count == len(stage.queue) == 0
