"""The count that every stage of a procedure keeps: who came, who left and why, how long it took."""

from __future__ import annotations

from dataclasses import dataclass

from crossings.clock import Clock

DONE = "done"
"""The way of leaving a stage that leads on to the next."""


@dataclass(frozen=True)
class StageReport:
    """What happened at one stage up to now.

    Attributes
    ----------
    name
        Name of the stage.
    capacity
        Units it has now; None where a stage is only a delay.
    queue, inside
        People waiting for it and people in it now.
    entered
        People who ever asked for it.
    exits
        People who left, by reason; ``"done"`` led on to the next stage.
    mean_wait, max_wait
        Days from asking to being served, over those served.
    mean_stay
        Days from being served to leaving, over those who left after being served.
    mean_queue, mean_inside
        Time averages of the two counts.
    use
        Share of the capacity taken, over time; None without capacity.
    """

    name: str
    capacity: int | None
    queue: int
    inside: int
    entered: int
    exits: dict[str, int]
    mean_wait: float
    max_wait: float
    mean_stay: float
    mean_queue: float
    mean_inside: float
    use: float | None


class StageLog:
    """Counts and time integrals of one stage.

    Parameters
    ----------
    clock
        The run's clock.
    name
        Name of the stage in reports.
    capacity
        Units to begin with, or None for a stage without a limit.
    """

    def __init__(self, clock: Clock, name: str, capacity: int | None = None) -> None:
        self.name = name
        self.capacity = capacity
        self.queue = 0
        self.inside = 0
        self.entered = 0
        self.served = 0
        self.delayed = 0
        """People served who had to wait at all."""
        self.exits: dict[str, int] = {}
        self.used_days = 0.0
        """Unit-days taken so far, up to the last change."""
        self._env = clock.env
        self._opened = self._changed = clock.now
        self._queue_days = self._capacity_days = 0.0
        self._waited = self._longest = self._stayed = 0.0
        self._finished = 0

    def tick(self) -> None:
        """Bring the time integrals up to now."""
        now = self._env.now
        elapsed = now - self._changed
        if elapsed > 0.0:
            self._changed = now
            self.used_days += elapsed * self.inside
            self._queue_days += elapsed * self.queue
            self._capacity_days += elapsed * (self.capacity or 0)

    def ask(self) -> None:
        """Note that someone joined the queue."""
        self.tick()
        self.entered += 1
        self.queue += 1

    def begin(self, waited: float) -> None:
        """Note that someone in the queue is served after so many days."""
        self.tick()
        self.queue -= 1
        self.inside += 1
        self.served += 1
        self.delayed += waited > 0.0
        self._waited += waited
        self._longest = max(self._longest, waited)

    def leave(self, reason: str, stayed: float | None) -> None:
        """Note that someone left after a stay of so many days, or from the queue if None."""
        self.tick()
        self.exits[reason] = self.exits.get(reason, 0) + 1
        if stayed is None:
            self.queue -= 1
        else:
            self.inside -= 1
            self._stayed += stayed
            self._finished += 1

    def resize(self, capacity: int) -> None:
        """Note a change of capacity."""
        self.tick()
        self.capacity = capacity

    def report(self) -> StageReport:
        """Return the stage's figures so far."""
        self.tick()
        span = max(self._env.now - self._opened, 1e-12)
        return StageReport(
            name=self.name,
            capacity=self.capacity,
            queue=self.queue,
            inside=self.inside,
            entered=self.entered,
            exits=dict(sorted(self.exits.items())),
            mean_wait=self._waited / max(self.served, 1),
            max_wait=self._longest,
            mean_stay=self._stayed / max(self._finished, 1),
            mean_queue=self._queue_days / span,
            mean_inside=self.used_days / span,
            use=None if self.capacity is None else self.used_days / max(self._capacity_days, 1e-12),
        )


def reason_of(error: BaseException | None) -> str:
    """Return why someone leaves a stage, from the exception that takes them out of it."""
    if error is None:
        return DONE
    return str(getattr(error, "reason", None) or getattr(error, "cause", None) or type(error).__name__)
