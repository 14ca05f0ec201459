"""The journal gives back what was added, whatever happens to its end."""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from itertools import accumulate
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.study.journal import MAGIC, Journal, Record, _encode, read

VALUES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text()
RECORDS = st.lists(
    st.builds(
        Record,
        st.dictionaries(st.text(max_size=8), VALUES, max_size=4),
        st.dictionaries(st.sampled_from(["daily", "people", "events"]), st.binary(max_size=200), max_size=3),
    ),
    max_size=6,
)


def written(folder: str, records: list[Record]) -> Path:
    path = Path(folder) / "journal"
    with Journal(path) as journal:
        journal.add(records)
    return path


@given(RECORDS, RECORDS)
def test_what_is_added_is_read_back_in_order(first: list[Record], second: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, first)
        with Journal(path) as journal:
            assert (journal.records, journal.cut) == (len(first), 0)
            journal.add(second)
        assert list(read(path)) == first + second


@given(RECORDS.filter(bool), st.data())
@settings(max_examples=200)
def test_whatever_cuts_it_short_leaves_the_records_before(records: list[Record], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, records)
        whole = path.read_bytes()
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
        left = list(read(path))
        assert left == records[: len(left)]
        assert len(left) < len(records)
        with Journal(path) as journal:  # the cut is mended, and the rest can be added again
            journal.add(records[len(left) :])
        assert list(read(path)) == records


@given(RECORDS.filter(bool), st.data())
@settings(max_examples=200)
def test_a_changed_byte_costs_the_record_it_was_in(records: list[Record], data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, records)
        broken = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(broken) - 1))
        broken[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(broken)
        ends = list(accumulate((len(_encode(record)) for record in records), initial=len(MAGIC)))
        hit = bisect_right(ends, place) - 1 if place >= len(MAGIC) else None
        expected = [record for number, record in enumerate(records) if number != hit]
        assert list(read(path)) == expected
        with Journal(path) as journal:  # and more can be added
            assert journal.records == len(expected)
            assert hit is None or journal.damaged + journal.cut == ends[hit + 1] - ends[hit]
            journal.add(records)
        assert list(read(path)) == expected + records


@given(st.binary(min_size=1, max_size=400), RECORDS)
def test_rubbish_after_the_end_is_cut_off(rubbish: bytes, records: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, records)
        with path.open("ab") as file:
            file.write(rubbish)
        with Journal(path) as journal:
            assert journal.cut == len(rubbish)
        assert list(read(path)) == records
