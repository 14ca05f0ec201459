"""The one clock: SimPy's, in days, and the order of a model day.

Time 0 is noon on the epoch, the date on which the warm-up begins. Model day ``k`` is the
half-open interval ``[k, k + 1)``, from noon to noon, so that no night is cut in two.

What happens at exactly noon belongs to the day that begins: SimPy leaves an event at time
``k + 1`` untouched when it runs *until* ``k + 1``, and the afternoon of day ``k + 1`` is scheduled
as an urgent event, so it comes before everything else at that instant.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import simpy
from simpy.events import URGENT

NIGHTFALL = 9.0 / 24.0
"""Time of day, in days after noon, at which networks decide about the night (21:00)."""


class Clock:
    """A SimPy environment with a calendar.

    Parameters
    ----------
    epoch
        Date whose noon is time 0.
    """

    def __init__(self, epoch: dt.date) -> None:
        self.epoch = epoch
        self.env = simpy.Environment()
        self._epoch_ordinal = epoch.toordinal()

    @property
    def now(self) -> float:
        """Days since noon of the epoch."""
        return float(self.env._now)  # asked for so often that SimPy's own property costs

    @property
    def day(self) -> int:
        """Number of the model day that contains `now`."""
        return int(self.env._now)

    def ordinal(self, day: int) -> int:
        """Return the Gregorian ordinal of the date on which model day `day` begins, at noon."""
        return self._epoch_ordinal + day

    def date(self, day: int) -> dt.date:
        """Return the date on which model day `day` begins."""
        return self.epoch + dt.timedelta(days=day)

    def day_of(self, when: dt.date) -> int:
        """Return the model day that begins at noon of the given date."""
        return when.toordinal() - self._epoch_ordinal

    def date_index(self, time: float) -> int:
        """Return which calendar date `time` falls on, counted from the epoch, midnight to midnight."""
        return int(time + 0.5)

    def at(self, time: float, action: Callable[[], Any]) -> None:
        """Run `action` at `time`, in the order in which it was asked for among its equals."""
        event = self.env.timeout(time - self.env.now)
        _when_due(event, action)

    def every_day(self, noon: Callable[[int], Any], nightfall: Callable[[int], Any]) -> None:
        """Run `noon(day)` first thing every model day and `nightfall(day)` each evening."""

        def begin(_event: simpy.Event) -> None:
            day = self.day
            tomorrow = _urgent(self.env, 1.0)
            _when_due(tomorrow, lambda: begin(tomorrow))
            noon(day)
            self.at(day + NIGHTFALL, lambda: nightfall(day))

        first = _urgent(self.env, 0.0)
        _when_due(first, lambda: begin(first))

    def run_day(self) -> None:
        """Advance to the next noon, leaving what happens at exactly that noon for the next day."""
        self.env.run(until=self.day + 1)


def _urgent(env: simpy.Environment, delay: float) -> simpy.Event:
    """Return an event that comes due after `delay`, ahead of ordinary events at that time."""
    event = simpy.Event(env)
    event._ok = True
    event._value = None
    env.schedule(event, priority=URGENT, delay=delay)
    return event


def _when_due(event: simpy.Event, action: Callable[[], Any]) -> None:
    callbacks = event.callbacks
    assert callbacks is not None  # a fresh event always has its list
    callbacks.append(lambda _event: action())
