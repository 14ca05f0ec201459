"""A file that records are added to, of which a kill or a power cut can cost the last one at most.

Each record is a head of four bytes of length and sixteen of checksum, then the content: a JSON
object and any number of named attachments (tables as bytes). A record counts once all its bytes are
on the disk and its checksum is right. Whatever follows the last such record was never acknowledged;
opening the journal to add to it cuts it off. What is damaged between two whole records, by a disk that
forgets, is left out, and costs the records it was part of but not those after it.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

MAGIC = b"crossings journal 1\n"
"""How every journal begins."""

_HEAD = struct.Struct("<I16s")
_LENGTH = struct.Struct("<I")
_LARGEST = 2**32 - 1
_TEXT_BEGINS = b'{"content": '  # after head and length of its text: how records are found past damage


@dataclass(frozen=True)
class Record:
    """One entry: a JSON object, and attachments by name."""

    content: Mapping[str, Any]
    attachments: Mapping[str, bytes] = field(default_factory=dict)


class Journal:
    """A journal opened to add to; what is damaged at its end is cut off first.

    Parameters
    ----------
    path
        The file; made if it is not there.

    Attributes
    ----------
    records
        Number of whole records in it.
    cut
        Bytes that were cut off when it was opened: what a kill left half-written.
    damaged
        Bytes between whole records that are none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        fresh = not path.exists()
        self._file = path.open("ab", buffering=0)
        try:
            self._make_whole()
            if fresh:
                sync_folder(path.parent)
        except BaseException:
            self._file.close()
            raise

    def _make_whole(self) -> None:
        found = _scan(self.path)
        self.records, self.damaged = found.records, found.damaged
        self.cut = self.path.stat().st_size - found.end
        if self.cut:
            self._file.truncate(found.end)
        if not found.end:
            self._write(MAGIC)
        self._file.seek(0, os.SEEK_END)

    @property
    def size(self) -> int:
        """Bytes in it."""
        return self._file.tell()

    def add(self, records: Iterable[Record]) -> None:
        """Write records and return when they are on the disk; only then are they acknowledged."""
        coded = [_encode(record) for record in records]
        if coded:
            self._write(b"".join(coded))
            self.records += len(coded)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:  # an unbuffered file may take less than it is given
            rest = rest[self._file.write(rest) :]
        os.fsync(self._file.fileno())


def read(path: Path) -> Iterator[Record]:
    """Yield the whole records of a journal, in order; nobody needs to have closed it.

    Raises
    ------
    OSError
        If it cannot be read.
    """
    with path.open("rb") as file:
        for data in _whole(file):
            yield _decode(data)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder are on the disk, where the system can do so."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@dataclass(frozen=True)
class _Extent:
    records: int
    end: int
    damaged: int


def _scan(path: Path) -> _Extent:
    with path.open("rb") as file:
        sizes = [_HEAD.size + len(data) for data in _whole(file)]
        end = file.tell()
    return _Extent(len(sizes), end, max(end - len(MAGIC) - sum(sizes), 0))


def _whole(file: BinaryIO) -> Iterator[bytes]:
    """Yield the content of whole records and pass over what is none; leave the file where the last ends."""
    end = len(MAGIC) if file.read(len(MAGIC)) == MAGIC else 0
    going_on = bool(end) or _find(file, 0)
    while going_on:
        data = _next(file)
        if data is None:
            going_on = _find(file, end)
        else:
            end = file.tell()
            yield data
    file.seek(end)


def _next(file: BinaryIO) -> bytes | None:
    """Return the content of the record that begins here, or None if there is no whole one."""
    head = file.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    length, checksum = _HEAD.unpack(head)
    data = file.read(length)
    return data if len(data) == length and _checksum(data) == checksum else None


def _find(file: BinaryIO, start: int) -> bool:
    """Go to the next whole record that begins after a place; say whether there is one."""
    file.seek(start)
    rest = file.read()
    before = _HEAD.size + _LENGTH.size
    found = rest.find(_TEXT_BEGINS, before + 1)
    while found >= 0:
        file.seek(start + found - before)
        if _next(file) is not None:
            file.seek(start + found - before)
            return True
        found = rest.find(_TEXT_BEGINS, found + 1)
    return False


def _encode(record: Record) -> bytes:
    lengths = {name: len(data) for name, data in record.attachments.items()}
    # ordinary JSON has no nan; Python's reads what it writes
    text = json.dumps({"content": record.content, "lengths": lengths}, ensure_ascii=False)
    coded = text.encode("utf-8", errors="surrogatepass")
    data = b"".join([_LENGTH.pack(len(coded)), coded, *record.attachments.values()])
    if len(data) > _LARGEST:
        raise ValueError(f"a record of {len(data):,} bytes: expected at most {_LARGEST:,}")
    return _HEAD.pack(len(data), _checksum(data)) + data


def _decode(data: bytes) -> Record:
    (length,) = _LENGTH.unpack_from(data)
    place = _LENGTH.size + length
    head = json.loads(data[_LENGTH.size : place].decode("utf-8", errors="surrogatepass"))
    attachments = {}
    for name, size in head["lengths"].items():
        attachments[name] = data[place : place + size]
        place += size
    return Record(head["content"], attachments)


def _checksum(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()
