"""The store keeps every acknowledged row, whatever comes in between, and lets one writer in."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crossings.errors import InputError
from crossings.study import journal, parts
from crossings.study.parts import encode, part_files, read_rows, read_tables
from crossings.study.store import Finished, Store, locked


def row(number: int) -> dict[str, Any]:
    found = {"run_id": f"run-{number:05d}", "seed": number, "status": "done", "arrivals": float(number)}
    return found | ({"error": "why"} if number % 7 == 6 else {})


def finished(number: int) -> Finished:
    dates = pd.date_range("2025-06-01", periods=3, name="date")
    daily = pd.DataFrame({"arrivals": [number, 0, 1], "price": [1.5, np.nan, 2.0]}, index=dates)
    kinds = pd.Categorical(["camp", "settled"], categories=["camp", "lost", "settled"])
    tables = {"daily": encode(daily), "people": encode(pd.DataFrame({"state": kinds}))}
    return Finished(row(number), tables)


def filled(place: Path, runs: range, most_rows: int = 10) -> None:
    kept = Store(place, most_rows=most_rows)
    for number in runs:
        kept.add([finished(number)])
    kept.close()


def ids(place: Path) -> list[str]:
    return read_rows(place)["run_id"].tolist()


def expected(count: int) -> list[str]:
    return [f"run-{number:05d}" for number in range(count)]


def test_rows_come_back_in_order_from_few_files(tmp_path: Path) -> None:
    filled(tmp_path, range(25))
    assert ids(tmp_path) == expected(25)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        f"{name}-{number:06d}.parquet" for name in ("rows", "daily", "people") for number in (1, 2, 3)
    )
    rows = read_rows(tmp_path)
    assert rows["error"].notna().sum() == 3
    assert rows["arrivals"].tolist() == list(range(25))


def test_kept_tables_come_back_run_by_run(tmp_path: Path) -> None:
    filled(tmp_path, range(25))
    daily = pd.concat(table.to_pandas() for table in read_tables(tmp_path, "daily"))
    assert daily.columns.tolist() == ["run_id", "date", "arrivals", "price"]
    assert daily.groupby("run_id")["arrivals"].sum().tolist() == [number + 1 for number in range(25)]
    people = pd.concat(table.to_pandas() for table in read_tables(tmp_path, "people"))
    assert people["state"].tolist() == ["camp", "settled"] * 25
    assert len(part_files(tmp_path, "daily")) == 3
    assert list(read_tables(tmp_path, "events")) == []


def test_rows_can_be_read_while_they_are_written(tmp_path: Path) -> None:
    kept = Store(tmp_path, most_rows=10)
    for number in range(14):
        kept.add([finished(number)])
        assert ids(tmp_path) == expected(number + 1)
    assert sum(len(table) for table in read_tables(tmp_path, "daily")) == 14 * 3
    kept.abandon()


def test_opening_it_again_goes_on_where_it_stood(tmp_path: Path) -> None:
    for first in range(0, 30, 5):
        kept = Store(tmp_path, most_rows=12)
        kept.add([finished(number) for number in range(first, first + 5)])
        kept.abandon()
    Store(tmp_path).close()
    assert ids(tmp_path) == expected(30)


@pytest.mark.parametrize("moment", range(12))
def test_a_kill_at_any_step_of_compaction_loses_and_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    kept = Store(tmp_path, most_rows=100)
    kept.add([finished(number) for number in range(8)])
    steps = 0

    def killed_at(step: object) -> object:
        def told(*arguments: object, **named: object) -> object:
            nonlocal steps
            if steps == moment:
                raise SystemExit
            steps += 1
            return step(*arguments, **named)

        return told

    monkeypatch.setattr(journal, "sync_folder", killed_at(journal.sync_folder))
    monkeypatch.setattr(Path, "unlink", killed_at(Path.unlink))
    monkeypatch.setattr(Path, "replace", killed_at(Path.replace))
    monkeypatch.setattr(parts.pq, "write_table", killed_at(parts.pq.write_table))
    try:
        kept.close()
        ended = True
    except SystemExit:
        ended = False
    assert ended == (moment == 11)  # so every step there is was killed at
    monkeypatch.undo()
    kept.abandon()
    assert ids(tmp_path) == expected(8)
    again = Store(tmp_path)
    again.add([finished(8)])
    again.close()
    assert ids(tmp_path) == expected(9)
    assert sum(len(table) for table in read_tables(tmp_path, "daily")) == 9 * 3


def test_a_damaged_end_costs_what_follows_it(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    kept.add([finished(number) for number in range(5)])
    kept.abandon()
    (path,) = tmp_path.glob("journal-*")
    path.write_bytes(path.read_bytes()[:-100])
    assert ids(tmp_path) == expected(4)
    again = Store(tmp_path)
    assert again.cut > 0
    again.add([finished(4)])
    again.close()
    assert ids(tmp_path) == expected(5)


def flip(path: Path, place: int) -> None:
    """Change a byte, as a failing disk does."""
    content = bytearray(path.read_bytes())
    content[place] ^= 255
    path.write_bytes(content)


def test_damage_in_the_middle_of_a_journal_costs_one_row(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    kept.add([finished(number) for number in range(5)])
    kept.abandon()
    (path,) = tmp_path.glob("journal-*")
    flip(path, path.stat().st_size // 2)
    left = ids(tmp_path)
    assert left == [name for name in expected(5) if name in left]
    assert len(left) == 4
    again = Store(tmp_path)
    assert (again.cut, again.damaged) == (0, (path.name,))
    again.close()
    assert ids(tmp_path) == left


@pytest.mark.parametrize("damage", ["cut", "flip", "head", "gone"])
@pytest.mark.parametrize("name", ["rows", "daily"])
def test_a_damaged_part_is_said_and_set_aside_with_all_of_its_number(
    tmp_path: Path, name: str, damage: str
) -> None:
    filled(tmp_path, range(25))
    path = tmp_path / f"{name}-000002.parquet"
    size = path.stat().st_size
    if damage == "cut":
        path.write_bytes(path.read_bytes()[: size // 2])
    elif damage == "flip":  # in a page, which has a checksum
        flip(path, 40 if name == "rows" else size - 10)
    elif damage == "head":
        flip(path, size - 1)
    else:
        path.unlink()
    if damage != "gone":
        with pytest.raises(InputError, match=rf"{name}-000002.parquet: damaged .*makes its runs anew"):
            _ = ids(tmp_path) if name == "rows" else list(read_tables(tmp_path, name))
    else:
        assert (
            len(ids(tmp_path)) * 3 == sum(len(t) for t in read_tables(tmp_path, "daily")) or name == "daily"
        )
    again = Store(tmp_path, most_rows=10)
    assert again.damaged == (path.name,)
    assert ids(tmp_path) == [*expected(10), *expected(25)[20:]]
    for number in range(10, 20):
        again.add([finished(number)])
    again.close()
    assert sorted(ids(tmp_path)) == expected(25)
    assert sum(len(table) for table in read_tables(tmp_path, "daily")) == 25 * 3
    whole = Store(tmp_path)
    assert whole.damaged == ()
    whole.close()


def test_a_lock_that_is_taken_away_is_noticed(tmp_path: Path) -> None:
    with locked(tmp_path) as check:
        check()
        (tmp_path / "lock").unlink()
        with pytest.raises(RuntimeError, match="the file 'lock' in it was removed or replaced"):
            check()
        (tmp_path / "lock").touch()
        with pytest.raises(RuntimeError, match="removed or replaced"):
            check()


def test_what_cannot_be_written_whole_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store(tmp_path)
    kept.add([finished(number) for number in range(5)])
    monkeypatch.setattr(parts.pq.ParquetWriter, "write_table", raises_full)
    with pytest.raises(OSError, match="No space left"):
        kept.close()
    kept.abandon()
    assert [path.suffix for path in tmp_path.iterdir()] == [".log", ".log"]
    monkeypatch.undo()
    Store(tmp_path).close()
    assert ids(tmp_path) == expected(5)


def raises_full(*_: object, **__: object) -> None:
    raise OSError(28, "No space left on device")


def test_a_second_coordinator_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from crossings.study.store import locked\n"
        "with locked(Path(sys.argv[1])): print('in', flush=True); time.sleep(60)"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        said = rf"another sweep is at work there \(process {other.pid} on .*\), expected one at a time"
        with pytest.raises(InputError, match=said), locked(tmp_path):
            pass
    finally:
        other.kill()  # without a chance to free anything
        other.communicate()
    with locked(tmp_path):
        pass


def test_ten_thousand_rows_are_read_at_once(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    for first in range(0, 10_000, 500):
        kept.add([Finished(row(number), {}) for number in range(first, first + 500)])
    kept.close()
    assert len(list(tmp_path.iterdir())) == 5
    begun = time.process_time()  # whatever else the machine does
    assert len(read_rows(tmp_path)) == 10_000
    assert time.process_time() - begun < 2.0
