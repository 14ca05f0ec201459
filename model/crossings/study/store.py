"""The folder of a sweep: what runs gave, written by one process and never lost.

A finished run goes to a journal (`crossings.study.journal`) and is acknowledged once it is on the
disk. Every few thousand rows, the journal is compacted into *parts*, Parquet files numbered like it:
``rows-000001.parquet``, and ``daily-``, ``people-`` and ``events-`` where these are kept. While a
journal is there, it alone is true, and parts of its number are remains of a compaction that a kill
broke off, to be made again.

Rows belong to a *generation*: a folder for each identity of the code, data and scenario that made
them, with ``identity.json`` and ``sweep.json`` (the sweep itself, so that the folder says what it
holds). A lock, freed by the system when its holder dies, keeps a second writer out.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from crossings.errors import InputError
from crossings.study import journal
from crossings.study.journal import Journal, Record

ROWS = "rows"
TABLES = ("daily", "people", "events")
"""What may be kept of a run besides its row of totals."""

SWEEP, IDENTITY = "sweep.json", "identity.json"

_MOST_ROWS = 2_000
_MOST_BYTES = 64 * 2**20
_ROWS_A_GROUP = 100_000  # rows of a table gathered before they are written
_LOCK, _HOLDER = "lock", "lock.holder"
_GENERATION = "generation-{:03d}"
_TRIES = 5


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
def locked(folder: Path) -> Iterator[None]:
    """Keep every other coordinator out of a sweep's folder while the block runs.

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
    try:
        (folder / _HOLDER).write_text(f"process {os.getpid()} on {socket.gethostname()}", encoding="utf-8")
        yield
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
    return sorted(path.parent for path in folder.glob(f"generation-*/{IDENTITY}"))


def is_sweep(folder: Path) -> bool:
    """Return whether a folder is a sweep's, be it one that was killed before its first row."""
    return (folder / _LOCK).exists() or bool(generations(folder))


def new_generation(folder: Path, sweep: Mapping[str, Any], identity: Mapping[str, Any]) -> Path:
    """Make the folder of a new generation, whole or not at all: its identity is written last."""
    numbers = [int(path.name.rpartition("-")[2]) for path in folder.glob("generation-*")]
    place = folder / _GENERATION.format(max(numbers, default=0) + 1)
    place.mkdir(parents=True)
    write_table(place / SWEEP, sweep)
    write_table(place / IDENTITY, identity)
    return place


def write_table(path: Path, table: Mapping[str, Any]) -> None:
    """Write plain data as JSON, in one step."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(json.dumps(table, indent=1, default=str, ensure_ascii=False) + "\n", encoding="utf-8")
    _take_place(fresh, path)


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
    """

    def __init__(self, place: Path, most_rows: int = _MOST_ROWS) -> None:
        self.place = place
        self._most_rows = most_rows
        for number in _numbers(place, "journal", ".log")[:-1]:
            self._compact(number)  # a kill came between compacting it and beginning the next
        self._number = max(
            [*_numbers(place, "journal", ".log"), *(n + 1 for n in _part_numbers(place))], default=1
        )
        self._journal = Journal(_journal(place, self._number))
        self.cut = self._journal.cut

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
        self._journal = Journal(_journal(self.place, self._number))
        self._compact(self._number - 1)

    def close(self) -> None:
        """Compact what is left and let go of the files."""
        self.compact()
        self._journal.close()
        _journal(self.place, self._number).unlink()

    def abandon(self) -> None:
        """Let go of the files and leave the rest to whoever opens them next."""
        self._journal.close()

    def _compact(self, number: int) -> None:
        source = _journal(self.place, number)
        if any(True for _ in journal.read(source)):
            _write_rows(_part(self.place, ROWS, number), journal.read(source))
            for name in TABLES:
                _write_tables(_part(self.place, name, number), name, journal.read(source))
        source.unlink()
        journal.sync_folder(self.place)


# ------------------------------------------------------------------------------ reading


def read_rows(place: Path) -> pd.DataFrame:
    """Return the rows of a generation, as many as there were attempts, in order of writing.

    It may be asked while a sweep is adding to it, from any process.
    """
    for _ in range(_TRIES):
        journals = _numbers(place, "journal", ".log")
        parts = [n for n in _part_numbers(place) if n not in journals]
        try:
            tables = [pq.read_table(_part(place, ROWS, number)) for number in parts]
            tables += [_rows_table(journal.read(_journal(place, number))) for number in journals]
        except FileNotFoundError:  # compacted in between
            continue
        tables = [table for table in tables if table.num_rows]
        if not tables:
            return pd.DataFrame()
        # a column of which one part has nothing but nulls takes its type from the others
        found: pd.DataFrame = pa.concat_tables(tables, promote_options="permissive").to_pandas()
        return found
    raise OSError(f"{place}: kept changing while it was read")


def read_tables(place: Path, name: str) -> Iterator[pa.Table]:
    """Yield a kept table (``daily``, ``people`` or ``events``) of all runs piece by piece."""
    journals = _numbers(place, "journal", ".log")
    for number in _numbers(place, name, ".parquet"):
        if number not in journals:
            with pq.ParquetFile(_part(place, name, number)) as file:
                for group in range(file.num_row_groups):
                    yield file.read_row_group(group)
    for number in journals:
        yield from (table for table, _ in _tables_of(journal.read(_journal(place, number)), name))


def part_files(place: Path, name: str) -> list[Path]:
    """Return the Parquet files of rows or of a kept table."""
    journals = _numbers(place, "journal", ".log")
    return [_part(place, name, n) for n in _numbers(place, name, ".parquet") if n not in journals]


def encode(table: pd.DataFrame) -> bytes:
    """Write a table as a compressed Arrow stream: how it travels from worker to journal."""
    arrow = pa.Table.from_pandas(
        table.reset_index() if table.index.name is not None else table, preserve_index=False
    )
    out = BytesIO()
    with pa.ipc.new_stream(out, arrow.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(arrow)
    return out.getvalue()


# ------------------------------------------------------------------------------ writing


def _write_rows(path: Path, records: Iterable[Record]) -> None:
    fresh = _fresh(path)
    pq.write_table(_rows_table(records), fresh, compression="zstd")
    _take_place(fresh, path)


def _rows_table(records: Iterable[Record]) -> pa.Table:
    rows = [dict(record.content) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row))
    return pa.table({name: _column([row.get(name) for row in rows]) for name in names})


def _column(values: list[Any]) -> pa.Array:
    """Return values as one column; whole numbers and others mixed are floats, anything else text."""
    try:
        return pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        kinds = {type(value) for value in values if value is not None}
        if kinds <= {int, float}:
            return pa.array([None if value is None else float(value) for value in values])
        return pa.array([None if value is None else str(value) for value in values])


def _write_tables(path: Path, name: str, records: Iterable[Record]) -> None:
    fresh = _fresh(path)
    writer: pq.ParquetWriter | None = None
    waiting: list[pa.Table] = []
    try:
        for table, last in _tables_of(records, name):
            waiting.append(table)
            if last or sum(each.num_rows for each in waiting) >= _ROWS_A_GROUP:
                group = pa.concat_tables(waiting, promote_options="permissive")
                writer = writer or pq.ParquetWriter(fresh, group.schema, compression="zstd")
                writer.write_table(group.cast(writer.schema))
                waiting = []
    finally:
        if writer is not None:
            writer.close()
    if writer is not None:
        _take_place(fresh, path)


def _tables_of(records: Iterable[Record], name: str) -> Iterator[tuple[pa.Table, bool]]:
    """Yield each run's table with its run id before it, and whether it is the last one."""
    held: pa.Table | None = None
    for record in records:
        if name in record.attachments:
            if held is not None:
                yield held, False
            held = _with_run(record.content["run_id"], record.attachments[name])
    if held is not None:
        yield held, True


def _with_run(run_id: str, data: bytes) -> pa.Table:
    table = pa.ipc.open_stream(data).read_all()
    plain = [
        pa.field(field.name, field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in table.schema
    ]
    runs = pa.array([run_id] * table.num_rows, pa.string())
    return table.cast(pa.schema(plain)).add_column(0, "run_id", runs).replace_schema_metadata(None)


def _take_place(fresh: Path, path: Path) -> None:
    with fresh.open("rb+") as file:
        os.fsync(file.fileno())
    fresh.replace(path)
    journal.sync_folder(path.parent)


def _fresh(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _journal(place: Path, number: int) -> Path:
    return place / f"journal-{number:06d}.log"


def _part(place: Path, name: str, number: int) -> Path:
    return place / f"{name}-{number:06d}.parquet"


def _part_numbers(place: Path) -> list[int]:
    return _numbers(place, ROWS, ".parquet")


def _numbers(place: Path, name: str, suffix: str) -> list[int]:
    found = place.glob(f"{name}-[0-9]*{suffix}")
    return sorted(int(path.name.removeprefix(f"{name}-").removesuffix(suffix)) for path in found)
