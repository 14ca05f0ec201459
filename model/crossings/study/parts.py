"""What a generation of a sweep consists of on the disk: Parquet parts, and journals not yet compacted.

Parts are numbered like the journal they were made of: ``rows-000001.parquet``, and ``daily-``,
``people-`` and ``events-`` where these are kept. While a journal is there, it alone is true, and parts
of its number are remains of a compaction that a kill broke off. Parts carry checksums, and that of
rows says which tables belong to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from crossings.errors import InputError
from crossings.scenario_text import one_line
from crossings.study import journal
from crossings.study.journal import Record

ROWS = "rows"
TABLES = ("daily", "people", "events")
"""What may be kept of a run besides its row of totals."""

_ROWS_A_GROUP = 100_000  # rows of a table gathered before they are written
_PARQUET: Any = {"compression": "zstd", "write_page_checksum": True}
_TABLES_TOO = b"crossings tables"  # where the file of rows says which tables belong to it
_SAID = 200
_ASIDE = "damaged-"
_TRIES = 5


def read_rows(place: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return the rows of a generation, as many as there were attempts, in order of writing.

    It may be asked while a sweep is adding to it, from any process.

    Parameters
    ----------
    place
        Folder of the generation.
    columns
        Which are wanted; default all.
    """
    for _ in range(_TRIES):
        journals = journal_numbers(place)
        parts = [n for n in part_numbers(place) if n not in journals]
        try:
            tables = [_read_part(part_file(place, ROWS, number), columns) for number in parts]
            tables += [_rows_table(journal.read(journal_file(place, number)), columns) for number in journals]
        except FileNotFoundError:  # compacted in between
            continue
        tables = [table for table in tables if table.num_rows]
        if not tables:
            return pd.DataFrame()
        # a column of which one part has nothing but nulls takes its type from the others
        found: pd.DataFrame = pa.concat_tables(tables, promote_options="permissive").to_pandas()
        return found
    raise OSError(f"{place}: kept changing while it was read")


def _read_part(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    with _undamaged(path):
        return pq.read_table(
            path, columns=None if columns is None else list(columns), page_checksum_verification=True
        )


@contextmanager
def _undamaged(path: Path) -> Iterator[None]:
    """Say in one line what is wrong with a part that cannot be read."""
    try:
        yield
    except (FileNotFoundError, PermissionError):
        raise
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"{path}: damaged ({one_line(str(error), _SAID)}): expected what a sweep wrote; "
            "the sweep run again makes its runs anew"
        ) from None


def set_aside(place: Path) -> list[str]:
    """Rename parts that cannot be read, all of a number together; return what was wrong."""
    found = []
    journals = journal_numbers(place)
    every = {number for name in (ROWS, *TABLES) for number in part_numbers(place, name)}
    for number in sorted(every.difference(journals)):
        if bad := _damaged(place, number):
            found += bad
            for name in (*TABLES, ROWS):  # rows last: as long as they are there, this is begun again
                path = part_file(place, name, number)
                if path.exists():
                    path.replace(path.with_name(f"{_ASIDE}{path.name}"))
            journal.sync_folder(place)
    return found


def _damaged(place: Path, number: int) -> list[str]:
    """Return the names of parts of a number that are missing or cannot be read.

    Rows are read through, tables only at their ends: those may be long, and say so when they are read.
    """
    rows = part_file(place, ROWS, number)
    try:
        said = (_read_part(rows).schema.metadata or {}).get(_TABLES_TOO, b"").decode()
    except (InputError, FileNotFoundError):
        return [rows.name]
    found = []
    for path in (part_file(place, name, number) for name in said.split()):
        try:
            with _undamaged(path):
                pq.read_metadata(path)
        except (InputError, FileNotFoundError):
            found.append(path.name)
    return found


def read_tables(place: Path, name: str) -> Iterator[pa.Table]:
    """Yield a kept table (``daily``, ``people`` or ``events``) of all runs piece by piece."""
    for path in part_files(place, name):
        with _undamaged(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
            for group in range(file.num_row_groups):
                yield file.read_row_group(group)
    for number in journal_numbers(place):
        yield from (table for table, _ in _tables_of(journal.read(journal_file(place, number)), name))


def part_files(place: Path, name: str) -> list[Path]:
    """Return the Parquet files of rows or of a kept table; a table without its rows does not count."""
    true = set(part_numbers(place)).difference(journal_numbers(place))
    return [part_file(place, name, n) for n in part_numbers(place, name) if n in true]


def encode(table: pd.DataFrame) -> bytes:
    """Write a table as a compressed Arrow stream: how it travels from worker to journal."""
    arrow = pa.Table.from_pandas(
        table.reset_index() if table.index.name is not None else table, preserve_index=False
    )
    out = BytesIO()
    with pa.ipc.new_stream(out, arrow.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as stream:
        stream.write_table(arrow)
    return out.getvalue()


def compact(place: Path, number: int) -> None:
    """Turn a journal into parts of its number, and remove it; done again, it gives the same."""
    source = journal_file(place, number)
    if any(True for _ in journal.read(source)):
        written = [name for name in TABLES if _write_tables(part_file(place, name, number), name, source)]
        _write_rows(part_file(place, ROWS, number), source, written)
    source.unlink()
    journal.sync_folder(place)


def _write_rows(path: Path, source: Path, tables: Sequence[str]) -> None:
    """Write the rows, and in their file which tables belong to them."""
    found = _rows_table(journal.read(source))
    about = {**(found.schema.metadata or {}), _TABLES_TOO: " ".join(tables)}
    with fresh_file(path) as fresh:
        pq.write_table(found.replace_schema_metadata(about), fresh, **_PARQUET)


def _rows_table(records: Iterable[Record], columns: Sequence[str] | None = None) -> pa.Table:
    rows = [dict(record.content) for record in records]
    names = list(dict.fromkeys(name for row in rows for name in row)) if columns is None else columns
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


def _write_tables(path: Path, name: str, source: Path) -> bool:
    """Write a kept table of every run that has one; say whether any has."""
    tables = _tables_of(journal.read(source), name)
    first = next(tables, None)
    if first is None:
        return False
    with fresh_file(path) as fresh, ExitStack() as stack:
        writer: pq.ParquetWriter | None = None
        waiting: list[pa.Table] = []
        for table, last in chain([first], tables):
            waiting.append(table)
            if last or sum(each.num_rows for each in waiting) >= _ROWS_A_GROUP:
                group = pa.concat_tables(waiting, promote_options="permissive")
                writer = writer or stack.enter_context(pq.ParquetWriter(fresh, group.schema, **_PARQUET))
                writer.write_table(group.cast(writer.schema))
                waiting = []
    return True


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


@contextmanager
def fresh_file(path: Path) -> Iterator[Path]:
    """Give a place to write to, which takes that of a file once it is whole, or else is gone."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        yield fresh
        with fresh.open("rb+") as file:
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    journal.sync_folder(path.parent)


def journal_file(place: Path, number: int) -> Path:
    """Return where the journal of a number is."""
    return place / f"journal-{number:06d}.log"


def part_file(place: Path, name: str, number: int) -> Path:
    """Return where the part of a number is."""
    return place / f"{name}-{number:06d}.parquet"


def journal_numbers(place: Path) -> list[int]:
    """Return the numbers of the journals that are there."""
    return _numbers(place, "journal", ".log")


def part_numbers(place: Path, name: str = ROWS) -> list[int]:
    """Return the numbers of the parts of rows or of a kept table that are there."""
    return _numbers(place, name, ".parquet")


def _numbers(place: Path, name: str, suffix: str) -> list[int]:
    found = place.glob(f"{name}-[0-9]*{suffix}")
    return sorted(int(path.name.removeprefix(f"{name}-").removesuffix(suffix)) for path in found)
