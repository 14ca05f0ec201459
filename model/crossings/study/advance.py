"""How far a sweep is, and what came of it when it ended: for whoever waits and for the record."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Advance:
    """Where a sweep stands.

    Attributes
    ----------
    done, total
        Runs that have ended, those of earlier times included, and all.
    failed
        Runs among `done` that failed.
    made
        Runs that ended since it was started this time.
    seconds
        Time since then.
    """

    done: int
    total: int
    failed: int
    made: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Runs that end in a second."""
        return self.made / self.seconds if self.seconds > 0 else 0.0

    @property
    def remaining(self) -> float | None:
        """Seconds it will go on for at this pace; None before the first run."""
        return (self.total - self.done) / self.per_second if self.made else None


DONE, FAILED = "done", "failed"

Watcher = Callable[[Advance], None]
"""Called whenever runs have ended."""


@dataclass(frozen=True)
class Estimate:
    """What a sweep will take, before it is run.

    Attributes
    ----------
    points, seeds, runs
        Points of the design, seeds at each, and different runs that makes.
    done
        Runs that are there already.
    run_seconds
        Mean time of a run: of those that are there, or of one that was tried.
    seconds
        Time for the rest.
    bytes_a_run, bytes
        Space on disk: of a run, and of the rest.
    workers
        Processes that was reckoned with.
    """

    points: int
    seeds: int
    runs: int
    done: int
    run_seconds: float
    bytes_a_run: float
    workers: int

    @property
    def seconds(self) -> float:
        """Time for what is left."""
        return (self.runs - self.done) * self.run_seconds / self.workers

    @property
    def bytes(self) -> float:
        """Space for what is left."""
        return (self.runs - self.done) * self.bytes_a_run

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self) | {"seconds": self.seconds, "bytes": self.bytes}


@dataclass(frozen=True)
class Summary:
    """What came of a sweep.

    Attributes
    ----------
    name, folder, generation
        Which sweep, where it is, and which identity's rows these are.
    total
        Different runs of the design.
    earlier, made, failed
        Runs found finished, runs made this time, and runs among all that failed.
    wall_seconds
        Time it took this time.
    run_seconds
        The same spent in runs, added up over workers.
    workers
        Number of workers.
    cut_bytes
        Bytes that an earlier kill had left half-written.
    damaged
        Files that a disk had damaged; runs that were lost with them have been made again.
    first_failure
        What the first failed run said.
    spared
        Share of the days of runs made this time that was not run, being a history they have in common.
    """

    name: str
    folder: Path
    generation: int
    total: int
    earlier: int
    made: int
    failed: int
    wall_seconds: float
    run_seconds: float
    workers: int
    cut_bytes: int
    damaged: tuple[str, ...]
    first_failure: str | None
    spared: float = 0.0

    @property
    def busy(self) -> float:
        """Share of the workers' time that was spent in runs; nan where none was made."""
        return self.run_seconds / (self.wall_seconds * self.workers) if self.made else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self) | {"folder": str(self.folder), "busy": self.busy}


class Tally:
    """Counts what ends and tells whoever watches.

    Parameters
    ----------
    total
        Runs of the sweep.
    earlier
        Runs that had ended before.
    watcher
        Told after every batch.
    """

    def __init__(self, total: int, earlier: int, watcher: Watcher | None) -> None:
        self.made, self.failed, self.run_seconds = 0, 0, 0.0
        self.first_failure: str | None = None
        self._total, self._earlier, self._watcher = total, earlier, watcher
        self._begun = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Time since it began."""
        return time.perf_counter() - self._begun

    def count(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Count the rows of a batch."""
        for row in rows:
            self.made += 1
            self.run_seconds += row["wall_seconds"]
            if row["status"] == FAILED:
                self.failed += 1
                self.first_failure = self.first_failure or f"run {row['run_id']}: {row['error']}"
        self.tell()

    def tell(self) -> None:
        """Tell how far it is."""
        if self._watcher is not None:
            done = self._earlier + self.made
            self._watcher(Advance(done, self._total, self.failed, self.made, self.seconds))
