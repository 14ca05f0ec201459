"""Single runs of long experiments are kept as they end, and made again if what makes them has changed."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from crossings.errors import InputError
from crossings.replicas.rumours import generic
from crossings.study import identity, kept
from crossings.study.kept import JOURNAL, carry_out, found
from crossings.study.reproductions import Work
from crossings.study.store import locked

MADE: list[int] = []
BROKEN = {"at": -1}


@dataclass(frozen=True)
class Asked:
    number: int
    size: float = 1.0


ASKED = [Asked(number) for number in (3, 1, 2, 5)]


def make(asked: Asked, *files: Path) -> dict[str, Any]:
    MADE.append(asked.number)
    if asked.number == BROKEN["at"]:
        raise KeyboardInterrupt
    content = "".join(path.read_text() for path in files)
    return {"third": asked.number / 3, "none": math.nan, "many": [asked.number, 7], "file": content}


@pytest.fixture
def work(tmp_path) -> Work:
    MADE.clear()
    BROKEN["at"] = -1
    return Work(processes=1, keep=tmp_path / "kept")


def made() -> list[int]:
    numbers = list(MADE)
    MADE.clear()
    return numbers


def test_what_was_broken_off_goes_on_where_it_was(work):
    told: list[tuple[int, int]] = []
    work = replace(work, report=lambda done, of: told.append((done, of)))
    BROKEN["at"] = 2
    with pytest.raises(KeyboardInterrupt):
        carry_out(work, make, ASKED)
    assert made() == [3, 1, 2]
    BROKEN["at"] = -1
    rows = carry_out(work, make, ASKED)
    assert made() == [2, 5]
    assert [row["third"] for row in rows] == [1.0, 1 / 3, 2 / 3, 5 / 3]
    assert all(math.isnan(row["none"]) for row in rows)
    assert [row["many"] for row in rows] == [[3, 7], [1, 7], [2, 7], [5, 7]]
    assert told == [(0, 4), (1, 4), (2, 4), (2, 4), (3, 4), (4, 4)]
    assert carry_out(work, make, ASKED)[0]["third"] == 1.0
    assert made() == []


def test_a_run_half_written_when_the_power_failed_is_made_again(work):
    carry_out(work, make, ASKED)
    path = work.keep / JOURNAL
    path.write_bytes(path.read_bytes()[:-5])
    made()
    assert len(carry_out(work, make, ASKED)) == 4
    assert made() == [5]
    assert len(found(work.keep)) == 4


def test_runs_of_other_code_other_versions_or_another_size_do_not_count(work, monkeypatch):
    carry_out(work, make, ASKED)
    made()
    carry_out(work, make, [replace(each, size=0.5) for each in ASKED[:2]])
    assert made() == [3, 1]
    older = dict(identity.code_of(make))
    assert make.__module__ in older
    monkeypatch.setattr(kept, "code_of", lambda _run: older | {"numpy": "1.0"})
    carry_out(work, make, ASKED)
    assert made() == [3, 1, 2, 5]
    monkeypatch.undo()
    carry_out(work, make, ASKED)  # the first ones are still there
    assert made() == []


def test_runs_that_read_another_file_do_not_count(work, tmp_path):
    path = tmp_path / "map.json"
    path.write_text("one")
    assert carry_out(work, make, ASKED[:1], path)[0]["file"] == "one"
    path.write_text("two")
    assert carry_out(work, make, ASKED[:1], path)[0]["file"] == "two"
    assert made() == [3, 3]


def test_the_same_run_asked_for_twice_is_made_once(work):
    rows = carry_out(work, make, [ASKED[0], ASKED[1], ASKED[0]])
    assert [row["many"][0] for row in rows] == [3, 1, 3]
    assert made() == [3, 1]


def test_worker_processes_give_the_same_rows_in_the_order_asked(work):
    rows = carry_out(replace(work, processes=2), make, ASKED)
    assert [row["many"][0] for row in rows] == [3, 1, 2, 5]
    assert made() == []  # not here
    assert len(found(work.keep)) == 4


def test_nothing_is_kept_unasked_and_seconds_are_those_of_the_runs(work, tmp_path):
    loose = replace(work, keep=None)
    carry_out(loose, make, ASKED)
    assert list(tmp_path.iterdir()) == []
    carry_out(work, make, ASKED)
    seconds = sum(spent for _, spent in found(work.keep).values())
    again = Work(processes=1, keep=work.keep)
    carry_out(again, make, ASKED)
    assert again.spent == [pytest.approx(seconds)]


def test_two_at_work_in_one_folder_are_refused(work):
    work.keep.mkdir()
    with locked(work.keep), pytest.raises(InputError, match="at work there"):
        carry_out(work, make, ASKED)


def test_a_folder_that_cannot_be_is_refused_before_anything_runs(work, tmp_path):
    (tmp_path / "kept").write_text("thesis")
    with pytest.raises(InputError, match="expected a place to keep runs"):
        carry_out(work, make, ASKED)
    assert made() == []


def test_what_makes_a_replica_is_its_modules_and_nothing_of_the_season():
    code = identity.code_of(generic.run)
    assert {"crossings.replicas.rumours.beliefs", "crossings.streams", "numpy"} <= set(code)
    assert not {"crossings.model", "crossings.population", "crossings.replicas.three_cities"} & set(code)
