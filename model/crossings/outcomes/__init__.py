"""What comes out of a run: outcomes recorded by day, life lines, and the `Result` that holds them."""

from crossings.outcomes.catalogue import ACCOUNTS, OUTCOMES, Outcome
from crossings.outcomes.events import EventLog, People
from crossings.outcomes.provenance import LIMITS, Provenance
from crossings.outcomes.recorder import Recorder
from crossings.outcomes.result import Result

__all__ = [
    "ACCOUNTS",
    "LIMITS",
    "OUTCOMES",
    "EventLog",
    "Outcome",
    "People",
    "Provenance",
    "Recorder",
    "Result",
]
