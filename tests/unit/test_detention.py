"""Beds and other stages: requests that leave no trace, order of service, and the counts kept."""

from __future__ import annotations

import pytest
from tests.shore import EPOCH, Notes

from crossings.authorities import Delay, Detention, DetentionBlock, Stage
from crossings.authorities.cases import Case, Released, Steps
from crossings.clock import Clock
from crossings.hooks import Levers


@pytest.fixture
def clock() -> Clock:
    return Clock(EPOCH)


def stay(case: Case, stage: Stage, clock: Clock, days: float) -> Steps:
    with case.request(stage) as claim:
        yield claim
        yield clock.env.timeout(days)


def open_case(clock: Clock, stage: Stage, row: int, days: float, priority: int = 0) -> tuple[Case, list[str]]:
    case, ends = Case(clock, row, tie=row, priority=priority), []
    case.start(lambda: stay(case, stage, clock, days), ends.append)
    return case, ends


def test_a_request_withdrawn_while_waiting_leaves_no_trace(clock: Clock) -> None:
    stage = Stage(clock, "beds", 1)
    open_case(clock, stage, 1, 5.0)
    case, ends = open_case(clock, stage, 2, 5.0)
    clock.at(2.0, lambda: case.leave("gone"))
    clock.env.run(until=3.0)
    assert (stage.count, len(stage.queue), stage.free) == (1, 0, 0)
    assert ends == ["gone"]
    clock.env.run(until=20.0)
    assert (stage.count, len(stage.queue), stage.free) == (0, 0, 1)
    report = stage.log.report()
    assert report.exits == {"done": 1, "gone": 1}
    assert (report.queue, report.inside, report.entered) == (0, 0, 2)
    assert stage.log.served == 1


def test_a_request_withdrawn_while_holding_leaves_no_trace(clock: Clock) -> None:
    stage = Stage(clock, "beds", 1)
    case, ends = open_case(clock, stage, 1, 50.0)
    _, next_ends = open_case(clock, stage, 2, 1.0)
    clock.at(2.0, lambda: case.leave("gone"))
    clock.env.run(until=10.0)
    assert (ends, next_ends) == (["gone"], ["done"])
    assert (stage.count, len(stage.queue)) == (0, 0)
    assert stage.log.report().max_wait == 2.0
    assert stage.log.report().mean_stay == pytest.approx(1.5)


def test_a_unit_is_never_handed_to_somebody_who_leaves_at_that_instant(clock: Clock) -> None:
    stage = Stage(clock, "beds", 1)
    holder, _ = open_case(clock, stage, 1, 50.0)
    leaver, _ = open_case(clock, stage, 2, 50.0)
    third, _ = open_case(clock, stage, 3, 50.0)

    def both_leave() -> None:
        leaver.leave("gone")
        holder.leave("gone")
        assert [claim.tie for claim in stage.users] == [3]

    clock.at(1.0, both_leave)
    clock.env.run(until=2.0)
    assert stage.count == 1
    assert third.outcome is None


def test_leaving_between_being_served_and_waking_gives_the_unit_back(clock: Clock) -> None:
    stage = Stage(clock, "seats", 0)
    case, ends = open_case(clock, stage, 1, 1.0)

    def open_and_leave() -> None:
        stage.resize(1)
        assert stage.count == 1
        case.leave("gone")

    clock.at(1.0, open_and_leave)
    clock.env.run(until=5.0)
    assert (stage.count, ends) == (0, ["gone"])


def test_leaving_before_the_process_has_begun(clock: Clock) -> None:
    stage = Stage(clock, "beds", 1)
    case, ends = open_case(clock, stage, 1, 5.0)
    case.leave("gone")
    case.leave("again")
    clock.env.run(until=1.0)
    assert ends == ["gone"]
    assert stage.count == 0
    case.leave("too late")
    assert case.outcome == "gone"


def test_a_procedure_may_end_itself_with_a_reason(clock: Clock) -> None:
    stage, delay = Stage(clock, "beds", 1), Delay(clock, "reply")
    case, ends = Case(clock, 1, 1), []

    def steps() -> Steps:
        with case.request(stage) as claim:
            yield claim
            with delay.passing():
                yield clock.env.timeout(3.0)
                raise Released("refused")

    case.start(steps, ends.append)
    clock.env.run(until=9.0)
    assert ends == ["refused"]
    assert stage.log.report().exits == delay.log.report().exits == {"refused": 1}
    assert delay.log.report().mean_stay == 3.0


def test_service_goes_by_priority_then_time_then_identity(clock: Clock) -> None:
    stage = Stage(clock, "beds", 0)
    claims = [stage.request(priority, tie) for priority, tie in ((1, 9), (1, 4), (0, 7), (1, 6))]
    clock.env.run(until=1.0)
    claims.append(stage.request(1, 1))
    served = []
    for _ in claims:
        stage.resize(1)
        claim = stage.users[0]
        served.append(claim.tie)
        stage.resize(0)
        claim.close()
    assert served == [7, 4, 6, 9, 1]


def test_fewer_beds_put_nobody_out_and_more_serve_those_who_wait(clock: Clock) -> None:
    beds = Detention(DetentionBlock(beds=4), clock)
    levers = Levers()
    claims = [beds.request(0, k) for k in range(6)]
    assert (beds.count, len(beds.queue)) == (4, 2)
    levers.detention_beds = 0.5
    beds.noon(levers)
    assert (beds.capacity, beds.count, beds.free) == (2, 4, 0)
    claims[0].close()
    assert (beds.count, len(beds.queue)) == (3, 2)
    levers.detention_beds = 2.0
    beds.noon(levers)
    assert (beds.capacity, beds.count, len(beds.queue), beds.free) == (8, 5, 0, 3)


def test_time_averages_and_use_of_capacity(clock: Clock) -> None:
    stage = Stage(clock, "beds", 2)
    for row, days in enumerate((4.0, 4.0, 2.0)):
        open_case(clock, stage, row, days)
    clock.env.run(until=10.0)
    report = stage.log.report()
    assert report.mean_inside == pytest.approx((4 + 4 + 2) / 10)
    assert report.mean_queue == pytest.approx(4 / 10)
    assert report.use == pytest.approx(10 / 20)
    assert report.mean_wait == pytest.approx(4 / 3)
    assert stage.log.delayed == 1


def test_beds_are_charged_by_the_time_they_are_taken(clock: Clock) -> None:
    beds, notes = Detention(DetentionBlock(beds=2, cost_per_day=100.0), clock), Notes(clock)
    open_case(clock, beds, 1, 2.5)
    clock.env.run(until=2.0)
    beds.charge(notes)
    assert notes.spent["detention"] == pytest.approx(200.0)
    clock.env.run(until=4.0)
    beds.charge(notes)
    beds.charge(notes)
    assert notes.spent["detention"] == pytest.approx(250.0)
