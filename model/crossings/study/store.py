"""The folder of a sweep: what runs gave, written by one process and never lost.

A finished run goes to a journal (`crossings.study.journal`) and is acknowledged once it is on the
disk. Every few thousand rows, the journal is compacted into *parts*, Parquet files numbered like it:
``rows-000001.parquet``, and ``daily-``, ``people-`` and ``events-`` where these are kept. While a
journal is there, it alone is true, and parts of its number are remains of a compaction that a kill
broke off, to be made again. Journals and parts carry checksums; parts that are damaged all the same
are set aside when the sweep goes on, and their runs made again.

Rows belong to a *generation*: a folder for each identity of the code, data and scenario that made
them, with ``identity.json`` and ``sweep.json`` (the sweep itself, so that the folder says what it
holds). A lock, freed by the system when its holder dies, keeps a second writer out.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from crossings.errors import InputError
from crossings.study import parts
from crossings.study.journal import Journal, Record

SWEEP, IDENTITY = "sweep.json", "identity.json"

_MOST_ROWS = 2_000
_MOST_BYTES = 64 * 2**20
_LOCK, _HOLDER = "lock", "lock.holder"
_GENERATION, _GENERATION_NAME = "generation-{:03d}", re.compile(r"generation-\d+")


@dataclass(frozen=True)
class Finished:
    """A run that has ended, well or not.

    Attributes
    ----------
    row
        Its row.
    tables
        Tables as Arrow streams, by name.
    spared
        Share of its days that was not run for it, being a history it has in common with others.
    """

    row: Mapping[str, Any]
    tables: Mapping[str, bytes]
    spared: float = 0.0


@contextmanager
def locked(folder: Path) -> Iterator[Callable[[], None]]:
    """Keep every other coordinator out of a sweep's folder while the block runs.

    Yields
    ------
    callable
        Raises RuntimeError once the lock is no longer there, and another coordinator could be.

    Raises
    ------
    InputError
        If another one is at work there.
    """
    lock = FileLock(folder / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(
            f"folder '{folder}': another sweep is at work there{_holder(folder)}, expected one at a time"
        ) from None
    ours = (folder / _LOCK).stat()

    def check() -> None:
        try:
            there = os.path.samestat(ours, (folder / _LOCK).stat())
        except FileNotFoundError:
            there = False
        if not there:
            raise RuntimeError(f"folder '{folder}': the file '{_LOCK}' in it was removed or replaced")

    try:
        (folder / _HOLDER).write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield check
    finally:
        (folder / _HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    try:
        return f" ({(folder / _HOLDER).read_text(encoding='utf-8')})"
    except OSError:
        return ""


def generations(folder: Path) -> list[Path]:
    """Return the generations in a sweep's folder, oldest first."""
    there = [path.parent for path in folder.glob(f"generation-*/{IDENTITY}")]
    return sorted((path for path in there if _GENERATION_NAME.fullmatch(path.name)), key=generation_number)


def generation_number(place: Path) -> int:
    """Return the number of a generation from the name of its folder."""
    return int(place.name.rpartition("-")[2])


def is_sweep(folder: Path) -> bool:
    """Return whether a folder is a sweep's, be it one that was killed before its first row."""
    return (folder / _LOCK).exists() or bool(generations(folder))


def new_generation(folder: Path, sweep: Mapping[str, Any], identity: Mapping[str, Any]) -> Path:
    """Make the folder of a new generation, whole or not at all: its identity is written last."""
    there = [path for path in folder.glob("generation-*") if _GENERATION_NAME.fullmatch(path.name)]
    place = folder / _GENERATION.format(max(map(generation_number, there), default=0) + 1)
    place.mkdir(parents=True)
    write_table(place / SWEEP, sweep)
    write_table(place / IDENTITY, identity)
    return place


def write_table(path: Path, table: Mapping[str, Any]) -> None:
    """Write plain data as JSON, in one step."""
    text = json.dumps(table, indent=1, default=str, ensure_ascii=False)
    with parts.fresh_file(path) as fresh:
        fresh.write_text(text + "\n", encoding="utf-8")


def read_table(path: Path) -> dict[str, Any]:
    """Read plain data from JSON.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected what a sweep wrote there, got {error}") from None
    return found


class Store:
    """One generation opened to add to; hold the lock of the sweep's folder while it is open.

    Parameters
    ----------
    place
        Folder of the generation.
    most_rows
        Rows after which a journal is compacted into parts.

    Attributes
    ----------
    cut
        Bytes of the journal that a kill had left half-written, now cut off.
    damaged
        Files that a disk had damaged: parts now set aside under another name, and journals.
    """

    def __init__(self, place: Path, most_rows: int = _MOST_ROWS) -> None:
        self.place = place
        self._most_rows = most_rows
        for number in parts.journal_numbers(place)[:-1]:
            parts.compact(place, number)  # a kill came between compacting it and beginning the next
        damaged = parts.set_aside(place)
        self._number = max(
            [*parts.journal_numbers(place), *(n + 1 for n in parts.part_numbers(place))], default=1
        )
        self._journal = Journal(parts.journal_file(place, self._number))
        self.cut = self._journal.cut
        self.damaged = (*damaged, *([self._journal.path.name] if self._journal.damaged else []))

    def add(self, finished: Sequence[Finished]) -> None:
        """Write what runs gave; when this returns, a power cut cannot take it back."""
        self._journal.add(Record(each.row, each.tables) for each in finished)
        if self._journal.records >= self._most_rows or self._journal.size >= _MOST_BYTES:
            self.compact()

    def compact(self) -> None:
        """Turn the journal into parts and begin a new one."""
        if not self._journal.records:
            return
        self._journal.close()
        self._number += 1
        self._journal = Journal(parts.journal_file(self.place, self._number))
        parts.compact(self.place, self._number - 1)

    def close(self) -> None:
        """Compact what is left and let go of the files."""
        self.compact()
        self._journal.close()
        parts.journal_file(self.place, self._number).unlink()

    def abandon(self) -> None:
        """Let go of the files and leave the rest to whoever opens them next."""
        self._journal.close()
