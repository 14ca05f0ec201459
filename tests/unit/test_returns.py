"""Returns: the steps of a case, the quota, the weekly flight and the end of a policy."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import numpy as np
import pytest
from tests.shore import EPOCH, Shore, landing_daily

from crossings.authorities import (
    AuthoritiesBlock,
    DetentionBlock,
    FlightsBlock,
    ProcedureBlock,
    StageReport,
)
from crossings.policies import BilateralReturns, Policy, ReturnsAgreement
from crossings.population import State

SMOOTH = {"refused": 0.0, "unfit": 0.0, "challenge": 0.0}


def agreement(**changes: object) -> ReturnsAgreement:
    return ReturnsAgreement(**{"announced": EPOCH, "start": EPOCH, "ramp_days": 0.0, **changes})


def shore_with(
    policy: Policy,
    *,
    days: int = 120,
    per_day: int = 15,
    beds: int = 400,
    cancelled: float = 0.0,
    **steps: object,
) -> Shore:
    block = AuthoritiesBlock(
        detention=DetentionBlock(beds=beds),
        flights=FlightsBlock(cancelled=cancelled),
        returns=ProcedureBlock(**steps),
    )
    return landing_daily(Shore({"returns": policy}, days=days, per_day=per_day, block=block))


def stage(shore: Shore, name: str) -> StageReport:
    return next(report for report in shore.authorities.stages() if report.name == name)


def test_the_quota_is_returned_whatever_share_completes() -> None:
    for refused, expected in ((0.0, 0.85), (0.4, 0.85), (0.4, 0.3)):
        policy = agreement(quota_per_week=21, expected_completion=expected)
        shore = shore_with(policy, days=240, refused=refused).run(240)
        weekly = shore.notes.within("returned", 100, 240) / 20
        assert weekly == pytest.approx(21, rel=0.08), (refused, expected)


def test_people_are_returned_on_the_weekday_of_the_flight_only() -> None:
    shore = shore_with(agreement(), days=80).run(80)
    weekdays = {shore.clock.date(day).weekday() for day in shore.notes.by_day["returned"]}
    assert weekdays == {FlightsBlock().weekday}


def test_people_are_returned_about_six_weeks_after_they_landed() -> None:
    shore = shore_with(agreement(quota_per_week=30), days=200, cancelled=0.05).run(200)
    assert stage(shore, "detention").exits["done"] == len(shore.days_to_return)
    assert 20 <= min(shore.notes.by_day["returned"]) <= 40
    assert float(np.median(shore.days_to_return)) == pytest.approx(43, abs=5)
    assert max(shore.days_to_return) <= ProcedureBlock().limit_days


def test_everyone_detained_is_returned_released_or_still_there() -> None:
    shore = shore_with(agreement(), days=150).run(150)
    flows = shore.notes.flows
    assert flows["selected"] == flows["detained"]
    assert flows["detained"] == flows["returned"] + flows["bailed"] + shore.states()[State.DETAINED]
    assert flows["returned"] == shore.states()[State.RECEPTION] == len(shore.handed_over)
    report = stage(shore, "detention")
    assert report.inside == shore.states()[State.DETAINED]
    assert sum(report.exits.values()) == flows["returned"] + flows["bailed"]
    assert report.exits["partner refused"] == flows["partner_refused"]


def test_the_legal_limit_releases_people_in_time_and_leaves_no_request_behind() -> None:
    policy = agreement(quota_per_week=20, seat_margin=0.0)  # consent, but never a seat
    shore = shore_with(policy, days=150, limit_days=40.0, **SMOOTH)
    longest = 0.0
    for _ in range(150):
        shore.run(1)
        detained = shore.population.rows_in(State.DETAINED)
        if detained.size:
            landed = np.array([shore.authorities.returns.cases[row].landed for row in detained])
            longest = max(longest, float(shore.clock.now - landed.min()))
    assert longest <= 41.0  # a case begun with day k is looked at each noon, the last one before the limit
    assert shore.notes.flows["returned"] == 0
    assert stage(shore, "flight returns").exits["legal limit"] > 50
    flights = shore.authorities.returns.programmes["returns"].flights
    assert len(flights.queue) == stage(shore, "flight returns").queue
    waiting = {claim.tie for claim in flights.queue}
    assert waiting <= {case.tie for case in shore.authorities.returns.cases.values()}


@pytest.mark.parametrize("limit", [1.0, 2.0, 3.0])
def test_even_a_limit_shorter_than_holding_is_enforced(limit: float) -> None:
    shore = shore_with(agreement(quota_per_week=20), days=30, limit_days=limit)
    for _ in range(30):
        shore.run(1)
        cases = shore.authorities.returns.cases.values()
        # at the latest on the noon after triage, which comes up to three days after landing
        assert all(shore.clock.now - case.landed <= max(limit, 3.0) + 1.0 for case in cases)
    assert shore.notes.flows["bailed"] > 20
    assert shore.notes.flows["returned"] == 0
    assert stage(shore, "detention").exits.keys() == {"legal limit"}


def test_the_end_of_a_policy_releases_everyone_at_once() -> None:
    policy = agreement(end=EPOCH + timedelta(days=45))
    shore = shore_with(policy, days=70).run(45)
    assert shore.states()[State.DETAINED] > 100
    shore.run(1)
    returns = shore.authorities.returns
    assert shore.states()[State.DETAINED] == 0
    assert returns.cases == {}
    assert returns.detention.count == len(returns.detention.queue) == 0
    assert returns.procedure.caseworkers.count == len(returns.procedure.caseworkers.queue) == 0
    assert len(returns.programmes["returns"].flights.queue) == 0
    shore.run(20)
    assert shore.notes.by_day["detained"].keys() <= set(range(45))


def test_the_end_of_a_policy_releases_the_last_person_though_nobody_is_due_any_more() -> None:
    one_in_august = {"quota_by_month": (1,), "quota_per_week": 0, "lead_days": 20, "expected_completion": 1.0}
    policy = agreement(end=EPOCH + timedelta(days=15), **one_in_august)
    shore = shore_with(policy, days=20, **SMOOTH).run(15)
    quota = shore.authorities.returns.programmes["returns"].quota
    assert (quota.weekly, quota.open, shore.states()[State.DETAINED]) == (0.0, 1, 1)
    shore.run(1)
    assert (quota.open, shore.states()[State.DETAINED]) == (0, 0)


def test_a_cancelled_flight_leaves_people_waiting_for_the_next() -> None:
    shore = shore_with(agreement(), days=120, cancelled=1.0, **SMOOTH).run(100)
    flights = shore.authorities.returns.programmes["returns"].flights
    assert shore.notes.flows["returned"] == flights.offered == 0
    assert flights.cancelled > 5
    assert stage(shore, "flight returns").queue > 50


def test_no_aircraft_flies_before_anyone_is_ready() -> None:
    shore = shore_with(agreement(quota_per_week=10_000), days=60)
    flights = None
    for _ in range(60):
        shore.run(1)
        flights = shore.authorities.returns.programmes["returns"].flights
        paid = shore.notes.spent["flights"] / FlightsBlock().cost_per_flight
        assert (paid > 0) == (shore.notes.flows["returned"] > 0)
    assert flights is not None
    assert flights.taken == shore.notes.flows["returned"] > 60
    # a week's flights hold all who fly in it, with less than one aircraft to spare
    weeks = len(shore.notes.by_day["returned"])
    assert flights.offered - flights.taken < weeks * FlightsBlock().seats_per_flight


def test_a_flight_takes_no_more_than_quota_and_margin_allow() -> None:
    shore = shore_with(agreement(quota_per_week=10, seat_margin=1.2), days=120, cancelled=0.5).run(120)
    assert max(shore.notes.by_day["returned"].values()) <= 12


def test_empty_seats_are_counted() -> None:
    shore = shore_with(agreement(quota_per_week=10, seat_margin=3.0), days=120).run(120)
    report = stage(shore, "flight returns")
    assert report.use is not None
    assert 0.1 < report.use < 0.6


def test_without_caseworkers_nobody_is_selected() -> None:
    shore = shore_with(agreement(), days=20, caseworkers=0).run(20)
    assert shore.notes.flows["detained"] == 0


def test_too_few_caseworkers_limit_selection_instead_of_letting_referrals_lapse() -> None:
    shore = shore_with(agreement(quota_per_week=100), days=60, per_day=40, caseworkers=6).run(60)
    report = stage(shore, "caseworkers")
    assert report.mean_wait > 1.0
    assert report.exits.get("referral too late", 0) < 0.02 * report.entered
    assert report.use is not None
    assert report.use > 0.8


def test_more_beds_and_caseworkers_come_with_the_policy() -> None:
    shore = shore_with(agreement(beds=2.0, caseworkers=3.0), days=5).run(3)
    assert shore.authorities.detention.capacity == 800
    assert shore.authorities.returns.procedure.caseworkers.capacity == 72


def test_a_quota_that_cannot_be_used_lapses() -> None:
    shore = shore_with(agreement(quota_per_week=70), days=60, per_day=1).run(60)
    quota = shore.authorities.returns.programmes["returns"].quota
    assert quota.lapsed > 300
    assert quota.allowance <= 140


def test_returned_people_are_recognised_and_returned_faster() -> None:
    shore = shore_with(agreement(quota_per_week=7, seat_margin=5.0), days=140, **SMOOTH)
    shore.run(80)
    people = shore.population
    back = people.rows_in(State.RECEPTION)
    assert back.size > 10
    people.move(back, State.CAMP, shore.clock.now)
    shore.cross(back)
    landed = shore.clock.now + 0.6
    shore.run(6)
    detained = np.isin(back, people.rows_in(State.DETAINED))
    assert detained.mean() > 0.85  # all but those not recognised
    shore.run(40)
    assert shore.notes.flows["returned_again"] >= 0.8 * back.size
    again = back[people.returns[back] == 2]
    assert float(np.median(people.since[again] - landed)) < 25


def test_bilateral_returns_end_the_journey() -> None:
    policy = BilateralReturns(start=EPOCH, nationalities=("Eritrea",), quota_per_week=50)
    shore = shore_with(policy, days=60).run(60)
    assert shore.states()[State.REMOVED] == shore.notes.flows["removed"] > 50
    assert shore.notes.flows["returned"] == 0
    assert shore.notes.news["return", True] == shore.notes.flows["removed"]


def test_a_nationality_that_is_not_meant_is_left_alone() -> None:
    policy = BilateralReturns(start=EPOCH, nationalities=("Albania",))
    assert shore_with(policy, days=20).run(20).notes.flows["detained"] == 0


def test_taking_one_person_out_changes_no_other_luck() -> None:
    policy = agreement(quota_per_week=10_000, carry_over_weeks=10.0)  # all who can be are detained
    gone = 7

    def fates(without: np.ndarray | None) -> dict[int, tuple[int, float]]:
        block = AuthoritiesBlock(
            detention=DetentionBlock(beds=10_000), returns=ProcedureBlock(caseworkers=10_000)
        )
        shore = Shore({"returns": policy}, per_day=15, days=20, block=block, without=without)
        people = landing_daily(shore).run(60).population
        return {
            int(key): (int(state), float(since))
            for key, state, since in zip(people.key, people.state, people.since, strict=True)
        }

    whole, less = fates(None), fates(np.array([gone]))
    missing = set(whole) - set(less)
    assert len(missing) == 1
    assert {key: fate for key, fate in whole.items() if key not in missing} == less


def test_the_lot_falls_alike_whoever_else_is_there() -> None:
    shore = Shore(per_day=40, days=2)
    rows = np.arange(80)
    quota = shore.authorities.returns.open(agreement().named("returns")._terms(shore))
    quota.allow(700.0)
    quota.allowance = 10 * quota.terms.expected_completion
    chosen = quota.select(rows)
    fewer = quota.select(np.setdiff1d(rows, chosen[:1]))
    assert chosen.size == fewer.size == 10
    assert fewer[:9].tolist() == chosen[1:].tolist()


def test_no_more_than_the_largest_share_is_selected_and_the_same_people_as_with_a_larger_one() -> None:
    def selected(share: float) -> set[int]:
        policies = {"returns": agreement(quota_per_week=5000, largest_share=share)}
        block = AuthoritiesBlock(
            detention=DetentionBlock(beds=10_000), returns=ProcedureBlock(caseworkers=10_000)
        )
        shore = landing_daily(Shore(policies, per_day=200, days=10, block=block)).run(10)
        return set(shore.population.rows_in(State.DETAINED).tolist()) | set(
            np.flatnonzero(shore.population.returns).tolist()
        )

    some, more, all_ = selected(0.1), selected(0.3), selected(1.0)
    assert some < more < all_
    for chosen, share in ((some, 0.1), (more, 0.3)):  # 4.4 standard errors
        assert abs(len(chosen) - share * len(all_)) < 4.4 * np.sqrt(len(all_) * share * (1 - share))


def test_carried_out_is_the_share_of_eligible_arrivals_returned() -> None:
    shore = shore_with(agreement(quota_per_week=21, judged_after_days=60), days=200).run(59)
    policy = shore.policies["returns"]
    assert isinstance(policy, ReturnsAgreement)
    assert policy.carried_out(shore, shore.clock.day) is None
    shore.run(141)
    share = policy.carried_out(shore, shore.clock.day)
    assert share == pytest.approx(21 / (15 * 7), rel=0.2)


def test_a_policy_older_than_the_run_is_not_judged_sooner_than_one_that_begins_with_it() -> None:
    def shares(**dates: date) -> list[float | None]:
        shore = shore_with(agreement(quota_per_week=21, **dates), days=75)
        policy = shore.policies["returns"]
        assert isinstance(policy, ReturnsAgreement)
        seen = []
        for _ in range(75):
            shore.run(1)
            seen.append(policy.carried_out(shore, shore.clock.day))
        return seen

    long_ago = EPOCH - timedelta(days=400)
    older, fresh = shares(start=long_ago, announced=long_ago), shares(start=EPOCH, announced=EPOCH)
    assert older == fresh
    assert older[:54] == [None] * 54
    assert older[60] is not None


def test_dates_count_from_noon_of_the_start() -> None:
    policy = agreement(start=date(2025, 8, 11), ramp_days=10.0)
    shore = Shore({"returns": policy})
    strengths = [shore.policies["returns"].strength(shore.clock, day) for day in (6, 7, 11, 16, 17, 99)]
    assert strengths == pytest.approx([0.0, 0.1, 0.5, 1.0, 1.0, 1.0])


def test_returns_follow_the_months_laid_down() -> None:
    policy = agreement(quota_by_month=(0, 30, 60, 20, 45), quota_per_week=0, carry_over_weeks=8.0)
    shore = shore_with(policy, days=150, per_day=30).run(150)
    by_month = Counter[int]()
    for day, number in shore.notes.by_day["returned"].items():
        by_month[shore.clock.date(day).month] += number
    assert sum(by_month.values()) == pytest.approx(155, abs=8)
    assert [by_month[month] for month in (9, 10, 11, 12)] == pytest.approx([30, 60, 20, 45], abs=9)
    assert by_month[8] == 0


def test_cases_open_at_the_end_of_a_policy_may_be_finished() -> None:
    end = EPOCH + timedelta(days=50)
    finished = shore_with(agreement(end=end, finish_cases=True), days=140).run(140)
    released = shore_with(agreement(end=end), days=140).run(140)
    assert finished.notes.within("selected", 51, 140) == 0
    assert finished.notes.within("returned", 51, 140) > 100
    assert released.notes.within("returned", 52, 140) == 0
    assert finished.states()[State.DETAINED] == released.states()[State.DETAINED] == 0


def test_flights_wait_while_the_partners_reception_is_full() -> None:
    # nobody leaves this shore's reception, so it fills up once and for all
    shore = shore_with(agreement(reception_places=25), days=140).run(140)
    assert shore.notes.flows["returned"] == 25 == shore.states()[State.RECEPTION]
    assert stage(shore, "flight returns").queue > 0
    assert stage(shore, "detention").exits["legal limit"] > 0
    assert shore.notes.levels["detained_stock"] <= 400


def test_returns_are_set_against_the_arrivals_they_come_from() -> None:
    # Arrivals double after two months: as many are selected, a smaller share, which shows one return later.
    shore = shore_with(agreement(quota_per_week=21), days=160, per_day=20)
    shore.morning = lambda day: shore.cross(shore.to_camp(day)[: 10 if day < 100 else 20])
    quota = shore.run(140).authorities.returns.programmes["returns"].quota
    assert quota.carried_out(140, 28, 44) == pytest.approx(21 / 70, rel=0.2)
    assert quota.carried_out(140, 28) == pytest.approx(21 / 140, rel=0.2)
