"""The day's order and the rule for events at exactly noon."""

from __future__ import annotations

from datetime import date

from crossings.clock import NIGHTFALL, Clock


def record(days=3):
    clock, seen = Clock(date(2025, 1, 1)), []
    clock.every_day(
        lambda day: seen.append((clock.now, "noon", day)), lambda day: seen.append((clock.now, "night", day))
    )
    return clock, seen, days


def test_noon_and_nightfall_come_once_a_day_in_order():
    clock, seen, days = record()
    for _ in range(days):
        clock.run_day()
    assert seen == [
        (k + part, name, k) for k in range(3) for part, name in ((0.0, "noon"), (NIGHTFALL, "night"))
    ]


def test_an_event_at_exactly_noon_belongs_to_the_day_that_begins():
    clock, seen, _ = record()
    clock.at(1.0, lambda: seen.append((clock.now, "boundary", clock.day)))
    clock.run_day()
    assert "boundary" not in [name for _, name, _ in seen]
    clock.run_day()
    assert [name for time, name, _ in seen if time == 1.0] == ["noon", "boundary"]


def test_an_event_just_before_noon_belongs_to_the_day_that_ends():
    clock, seen, _ = record()
    clock.at(1.0 - 1e-9, lambda: seen.append((clock.now, "late", clock.day)))
    clock.run_day()
    assert seen[-1][1:] == ("late", 0)


def test_equal_times_keep_the_order_in_which_they_were_asked_for():
    clock, seen = Clock(date(2025, 1, 1)), []
    for name in "cab":
        clock.at(0.5, lambda name=name: seen.append(name))
    clock.run_day()
    assert seen == ["c", "a", "b"]


def test_what_noon_schedules_for_that_instant_runs_on_that_day():
    clock, seen = Clock(date(2025, 1, 1)), []
    clock.every_day(lambda day: clock.at(clock.now, lambda: seen.append(day)), lambda _day: None)
    clock.run_day()
    assert seen == [0]


def test_dates():
    clock = Clock(date(2024, 12, 31))
    assert clock.date(1) == date(2025, 1, 1)
    assert clock.day_of(date(2025, 1, 31)) == 31
    assert clock.ordinal(0) == date(2024, 12, 31).toordinal()
    # 23:59 of the first afternoon is still the epoch's date, 00:01 is the next
    assert clock.date_index(0.4999) == 0
    assert clock.date_index(0.5001) == 1
    assert clock.date_index(1.2) == 1
