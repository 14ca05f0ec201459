"""A case: one person's way through a procedure, which they may leave at any moment.

A case is a SimPy process together with every request it has made. Leaving takes back all of
these at once, before anything else happens at that instant, and only then wakes the process to
let it end; so a unit is never handed to someone who is already gone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy

from crossings.authorities.stage_log import DONE
from crossings.authorities.stages import Claim, Stage
from crossings.clock import Clock

Steps = Generator[simpy.Event, Any, None]


class Released(Exception):  # noqa: N818 - no error: how most procedures that fail end
    """Raised inside a procedure to end it short of its aim, for the stated reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Case:
    """One person in a procedure.

    Parameters
    ----------
    clock
        The run's clock.
    row
        The person's row.
    tie
        The person's identity, which decides between equals in a queue.
    priority
        Place in every queue; lower is served first.
    landed
        Time from which the law counts; now, if None.
    """

    def __init__(
        self, clock: Clock, row: int, tie: int, priority: int = 0, landed: float | None = None
    ) -> None:
        self.row = row
        self.tie = tie
        self.priority = priority
        self.landed = clock.now if landed is None else landed
        self.outcome: str | None = None
        self._clock = clock
        self._claims: list[Claim] = []
        self._process: simpy.Process | None = None
        self._begun = False
        self._left: str | None = None

    @property
    def begun(self) -> bool:
        """Whether the person has taken the first step; not yet at the instant the case is opened."""
        return self._begun

    def request(self, stage: Stage) -> Claim:
        """Ask for a unit of a stage; taken back by `leave` wherever the case then stands."""
        claim = stage.request(self.priority, self.tie)
        self._claims.append(claim)
        return claim

    def start(self, steps: Callable[[], Steps], close: Callable[[str], None]) -> None:
        """Begin the procedure.

        Parameters
        ----------
        steps
            The procedure; it may raise `Released`.
        close
            Called once with the outcome: ``"done"`` or the reason for leaving.
        """
        self._process = self._clock.env.process(self._live(steps, close))

    def leave(self, reason: str) -> None:
        """Take the person out of the procedure now, with everything they asked for or held."""
        if self._process is None or not self._process.is_alive or self._left is not None:
            return
        self._left = reason
        for claim in reversed(self._claims):
            claim.close(reason)
        if self._begun:
            self._process.interrupt(reason)

    def _live(self, steps: Callable[[], Steps], close: Callable[[str], None]) -> Steps:
        self._begun = True
        outcome = self._left or DONE
        try:
            if self._left is None:
                yield from steps()
        except Released as end:
            outcome = end.reason
        except simpy.Interrupt as end:
            outcome = str(end.cause)
        for claim in reversed(self._claims):
            claim.close(outcome)
        self.outcome = outcome
        close(outcome)
