"""What a stage reports, whom it serves first, and how many seats a flight has."""

from __future__ import annotations

from datetime import date

import pytest
from tests.shore import Shore

from crossings.authorities import FlightsBlock, LedgerError, PlaceLedger
from crossings.authorities.flights import Flights
from crossings.authorities.quotas import Quota, Terms
from crossings.authorities.stage_log import StageLog, reason_of
from crossings.authorities.stages import Stage
from crossings.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(date(2025, 8, 4))


def test_a_stage_that_nobody_entered_reports_nothing(clock: Clock) -> None:
    log = StageLog(clock, "notice")
    clock.env.run(until=3.0)
    report = log.report()
    assert (report.name, report.capacity, report.use, report.exits) == ("notice", None, None, {})
    assert (report.queue, report.inside, report.entered, log.served, log.delayed) == (0, 0, 0, 0, 0)
    assert (report.mean_wait, report.max_wait, report.mean_stay) == (0.0, 0.0, 0.0)
    assert (report.mean_queue, report.mean_inside, log.used_days) == (0.0, 0.0, 0.0)


def test_a_stage_reports_means_over_people_and_over_time(clock: Clock) -> None:
    log = StageLog(clock, "beds", capacity=2)
    for _ in range(3):
        log.ask()
    log.begin(0.0)
    clock.env.run(until=2.0)
    log.begin(2.0)
    log.leave("done", stayed=2.0)
    log.leave("gone", stayed=None)
    clock.env.run(until=6.0)
    log.leave("done", stayed=4.0)
    clock.env.run(until=8.0)
    report = log.report()
    assert (report.queue, report.inside, report.entered, log.served, log.delayed) == (0, 0, 3, 2, 1)
    assert report.exits == {"done": 2, "gone": 1}
    assert (report.mean_wait, report.max_wait) == (1.0, 2.0)  # of two who were served, one waited two days
    assert report.mean_stay == 3.0
    assert report.mean_queue == pytest.approx(2 * 2 / 8)
    assert report.mean_inside == pytest.approx((2 + 4) / 8)
    assert report.use == pytest.approx(6 / 16)


def test_use_is_of_the_capacity_there_was(clock: Clock) -> None:
    log = StageLog(clock, "beds", capacity=1)
    log.ask()
    log.begin(0.0)
    clock.env.run(until=4.0)
    log.resize(3)
    clock.env.run(until=8.0)
    assert log.report().use == pytest.approx(8 / (4 + 12))


def test_why_somebody_leaves() -> None:
    class ToldError(Exception):
        reason = "flown"

    class CausedError(Exception):
        cause = "limit"

    assert reason_of(None) == "done"
    assert reason_of(ToldError()) == "flown"
    assert reason_of(CausedError()) == "limit"
    assert reason_of(KeyError()) == "KeyError"


def test_who_asks_for_no_priority_comes_before_the_patient_and_after_the_urgent(clock: Clock) -> None:
    stage = Stage(clock, "beds", 0)
    patient, plain, urgent = stage.request(priority=1), stage.request(), stage.request(priority=-1)
    for claim in (urgent, plain, patient):
        assert not claim.triggered
        stage.resize(stage.capacity + 1)
        assert claim.triggered
    assert stage.free == 0


def test_among_equals_the_first_identity_is_served_first(clock: Clock) -> None:
    stage = Stage(clock, "beds", 0)
    last, first, second = stage.request(tie=7), stage.request(), stage.request(tie=0)
    for claim in (first, second, last):
        assert not claim.triggered
        stage.resize(stage.capacity + 1)
        assert claim.triggered


def flight(ready: int, **block: object) -> tuple[Flights, Shore]:
    """Return a flight with so many people ready for it."""
    shore = Shore(days=5)
    stage = Flights(FlightsBlock(**{"cancelled": 0.0, **block}), shore.authorities._office, "p")
    for number in range(ready):
        stage.request(tie=number)
    return stage, shore


@pytest.mark.parametrize(
    ("ready", "most", "flown"),
    [(0, 5.0, 0), (1, 5.0, 1), (9, 5.0, 5), (9, 4.2, 5), (9, 0.0, 0), (9, 99.0, 9)],
)
def test_a_flight_takes_those_who_are_ready_as_far_as_the_policy_may(ready, most, flown):
    stage, shore = flight(ready)
    stage.depart(3, most)
    assert (stage.count, len(stage.queue), stage.taken) == (flown, ready - flown, flown)
    assert shore.notes.spent["flights"] == (80_000 if flown else 0)
    assert stage.free == 0  # nobody who comes later gets on


def test_a_second_aircraft_flies_when_one_is_full():
    stage, shore = flight(7, seats_per_flight=3)
    stage.depart(3, 99.0)
    assert stage.count == 7
    assert stage.offered == 9
    assert shore.notes.spent["flights"] == 3 * 80_000
    assert stage.report().use == pytest.approx(7 / 9)


def test_nobody_flies_and_nothing_is_paid_where_all_is_cancelled():
    stage, shore = flight(7, seats_per_flight=3, cancelled=1.0)
    stage.depart(3, 99.0)
    assert (stage.count, stage.cancelled, stage.offered) == (0, 3, 0)
    assert not shore.notes.spent
    assert stage.report().use is None


def test_a_ledger_checks_every_entry():
    for entry in ("schedule", "returned", "draw", "fail", "admit"):
        ledger = PlaceLedger(matching=1.0, advance_places=3)
        ledger.unused += 1  # somebody has cooked it
        with pytest.raises(LedgerError, match="add up"):
            getattr(ledger, entry)(1)


def test_places_are_earned_scheduled_given_taken_back_and_used_up():
    ledger = PlaceLedger(matching=0.5, advance_places=3)
    ledger.returned(4)
    ledger.schedule(1.5)
    assert (ledger.entitlement, ledger.available) == (6.5, 6)
    ledger.draw(4)
    ledger.fail()
    ledger.admit(2)
    assert (ledger.vetting, ledger.admitted, ledger.unused) == (1, 2, 3.5)
    assert PlaceLedger().available == 0


def quota(**terms: object) -> tuple[Quota, Shore]:
    shore = Shore(days=5)
    return Quota(Terms("p", **terms), shore.authorities._office, room=lambda: 99), shore


def test_a_quota_begins_with_nothing_done():
    fresh, _ = quota()
    assert (fresh.detained, fresh.ended, fresh.returned, fresh.open) == (0, 0, 0, 0)
    assert (fresh.weekly, fresh.seats, fresh.allowance, fresh.lapsed) == (0.0, 0.0, 0.0, 0.0)
    assert fresh.carried_out(10, 7) is None


def test_an_allowance_is_set_aside_for_a_case_and_settled_by_how_it_ends():
    used, _ = quota(expected_completion=0.8, carry_over_weeks=2.0, seat_margin=1.5)
    for _ in range(10):
        used.allow(14.0)
    assert used.allowance == pytest.approx(20.0)
    assert used.seats == 21.0
    used.begun(5)
    assert used.allowance == pytest.approx(16.0)
    used.settle(returned=True)  # a place is used up, of which .8 had been set aside
    assert used.allowance == pytest.approx(15.8)
    used.settle(returned=False)
    assert used.allowance == pytest.approx(16.6)
    assert (used.detained, used.ended, used.returned, used.open) == (5, 2, 1, 3)
    for _ in range(10):
        used.allow(14.0, seats=4.0)
    assert used.allowance == 28.0  # two weeks of it; what is more lapses
    assert used.lapsed == pytest.approx(16.6 + 20.0 - 28.0)
    assert used.seats == 4.0
    used.stop()
    assert (used.weekly, used.allowance) == (0.0, 0.0)


def test_carried_out_is_what_was_returned_of_those_eligible_before():
    used, shore = quota()
    used.note_eligible(4)
    used.note_eligible(4)
    shore.run(2)
    used.begun(3)
    used.settle(returned=True)
    used.settle(returned=True)
    today = shore.clock.day
    assert used.carried_out(today + 1, 7) == 2 / 8
    assert used.carried_out(today + 1, 1) is None  # nobody was eligible today
    assert used.carried_out(today + 1, 1, lag=today) == 2 / 8
    assert used.carried_out(today, 7) == 0.0  # today's are counted from tomorrow
