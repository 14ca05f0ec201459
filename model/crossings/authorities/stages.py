"""Stages: what people queue for or pass through, and the count each stage keeps.

Two kinds of stage make up every procedure here. A `Stage` is scarce (beds, caseworkers, seats): it
is a SimPy priority resource whose requests leave no trace, whether the person who made one gives
up while waiting or leaves while holding. A `Delay` is only a stretch of time (a notice period, a
partner's reply). Both keep the same `StageLog`, so unused capacity and long queues show up where
they arise instead of being lost silently.

Requests are served by priority, then by the time they were made, then by the identity of who made
them, so that nothing depends on the order in which a program happened to ask.
"""

from __future__ import annotations

from bisect import insort
from operator import attrgetter
from types import TracebackType
from typing import TYPE_CHECKING, Any

from simpy.core import BoundClass
from simpy.resources.resource import PriorityRequest, PriorityResource, SortedQueue

from crossings.authorities.stage_log import DONE, StageLog, reason_of
from crossings.clock import Clock


class Claim(PriorityRequest):
    """One person's request for one unit of a stage, waiting at first and then holding.

    As a context manager it is withdrawn or released on the way out, whichever it needs.

    Parameters
    ----------
    stage
        What is asked for.
    priority
        Lower is served first.
    tie
        Identity of who asks; decides between requests of one priority made at one time.
    """

    def __init__(self, stage: Stage, priority: int = 0, tie: int = 0) -> None:
        self.stage = stage
        self.tie = tie
        self.closed = False
        self.rank = (priority, stage.clock.now, tie)
        """Place in the order of service: priority, time of asking, identity."""
        stage.log.ask()
        super().__init__(stage, priority, preempt=False)

    def close(self, reason: str = DONE) -> None:
        """Withdraw the request if it waits, give the unit back if it holds one; once."""
        if not self.closed:
            self.closed = True
            self.stage.remove(self, reason)

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # A generator that is thrown away with its world closes nothing: there is no world left.
        if exc_type is not GeneratorExit:
            self.close(reason_of(exc_value))


_rank = attrgetter("rank")


class _Line(SortedQueue):
    """The queue of a stage, in order of service."""

    def append(self, item: Claim) -> None:
        insort(self, item, key=_rank)


class Stage(PriorityResource):
    """Something scarce that people queue for.

    Parameters
    ----------
    clock
        The run's clock.
    name
        Name in reports.
    capacity
        Units, zero or more; may be changed at any time by `resize`.
    """

    PutQueue = _Line

    if TYPE_CHECKING:

        def request(self, priority: int = 0, tie: int = 0) -> Claim:
            """Ask for one unit; lower priorities are served first."""

    else:
        request = BoundClass(Claim)

    def __init__(self, clock: Clock, name: str, capacity: int) -> None:
        self.clock = clock
        self.log = StageLog(clock, name, capacity)
        super().__init__(clock.env, 1)  # SimPy refuses zero, which here is a capacity like any other
        self._capacity = capacity

    @property
    def free(self) -> int:
        """Units that nobody holds or is waiting for; never negative."""
        return max(0, int(self.capacity) - self.count - len(self.queue))

    def resize(self, capacity: int) -> None:
        """Change the number of units.

        With more, those who wait are served at once. With fewer, nobody loses what they hold:
        units go out of use as they are given back.
        """
        self.log.resize(capacity)
        self._capacity = capacity
        self._serve()

    def release(self, request: Claim) -> None:  # type: ignore[override] # simpy: an event, which nobody awaits
        """Give back or withdraw a request; the same as ``request.close()``."""
        request.close()

    def remove(self, claim: Claim, reason: str) -> None:
        """Take a claim out of the queue or out of use; called by `Claim.close`."""
        if claim.triggered:
            self.users.remove(claim)
            self.log.leave(reason, float(self._env.now) - float(claim.usage_since or 0.0))
        else:
            self.queue.remove(claim)
            self.log.leave(reason, None)
        self._serve()

    def _serve(self) -> None:
        while self.queue and self.count < self.capacity:
            self._trigger_put(None)

    def _do_put(self, event: Any) -> None:
        super()._do_put(event)
        if event.triggered:
            self.log.begin(float(self._env.now) - float(event.time))


class Delay:
    """A stretch of time that people pass through, limited by nothing but the calendar.

    Used as ``with delay.passing(): yield clock.env.timeout(days)``.
    """

    def __init__(self, clock: Clock, name: str) -> None:
        self.log = StageLog(clock, name)
        self._clock = clock

    def passing(self) -> _Passing:
        """Return the context in which one person passes through."""
        return _Passing(self.log, self._clock)


class _Passing:
    """One person's time in a `Delay`."""

    def __init__(self, log: StageLog, clock: Clock) -> None:
        self._log = log
        self._clock = clock
        self._began = clock.now

    def __enter__(self) -> _Passing:
        self._log.ask()
        self._log.begin(0.0)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc_type is not GeneratorExit:
            self._log.leave(reason_of(exc_value), self._clock.now - self._began)
