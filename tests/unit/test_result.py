"""Totals follow their definitions; a saved result is whole, and never replaced unasked."""

from __future__ import annotations

import json
import os
import pickle
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from outcome_samples import END, START, Setting, dated, made_run

from crossings.errors import InputError
from crossings.outcomes import EventLog, People, Result
from crossings.outcomes.digest import digest, digest_exact
from crossings.outcomes.folders import refuse_existing, refuse_unusable
from crossings.outcomes.summary import NEEDED, Mark, months, policy_marks, totals, weeks
from crossings.outcomes.tables import records
from crossings.population import Population, State
from crossings.streams import identity

TOTALS = [
    *("arrivals", "boats", "attempts", "prevented", "deaths", "returned", "removed", "admitted"),
    *("lorry_arrivals", "moved_on"),
    *("people_per_boat", "crossing_day_share", "waiting_mean", "cost_gbp"),
]


@pytest.fixture(scope="module")
def result() -> Result:
    return made_run(Setting("pilot", 0.1, policies={"returns": {"start": dated(20)}}), seed=3)


def columns(**given: list[float]) -> dict[str, np.ndarray]:
    days = len(next(iter(given.values())))
    return {name: np.array(given.get(name, [0.0] * days), dtype=float) for name in NEEDED}


def test_totals_follow_their_definitions() -> None:
    found = totals(
        columns(
            arrivals=[0, 110, 0, 60], boats=[0, 2, 0, 1], waiting=[np.nan, 1, 2, 6], cost_gbp=[1, 2, 3, 4]
        )
    )
    assert found["arrivals"] == 170
    assert found["people_per_boat"] == pytest.approx(170 / 3)
    assert found["crossing_day_share"] == 0.5
    assert found["waiting_mean"] == 3
    assert found["cost_gbp"] == 10


def test_totals_of_many_runs_are_those_of_each() -> None:
    one, two = columns(arrivals=[1, 2], boats=[1, 0]), columns(arrivals=[0, 0], boats=[0, 0])
    both = totals({name: np.stack([one[name], two[name]]) for name in NEEDED})
    np.testing.assert_array_equal(both["people_per_boat"], [3.0, np.nan])
    np.testing.assert_array_equal(both["arrivals"], [3.0, 0.0])


def test_months_and_whole_weeks() -> None:
    dates = np.arange(np.datetime64("2025-01-30"), np.datetime64("2025-02-15"))
    days = {name: np.ones(len(dates)) for name in NEEDED}
    assert months(dates, days)["month"] == ["2025-01", "2025-02"]
    assert months(dates, days)["arrivals"] == [2, 14]
    starts, sums = weeks(dates, {"arrivals": np.ones((3, 16))}, ["arrivals"])
    assert starts.astype(str).tolist() == ["2025-01-30", "2025-02-06"]
    assert sums["arrivals"].tolist() == [[7, 7]] * 3


def test_policy_dates_are_read_as_dates_or_text() -> None:
    policies = {
        "legal_route": {"start": "2025-08-06", "end": None},
        "returns": {"announced": date(2025, 7, 10)},
    }
    assert policy_marks({"policies": policies}) == (
        Mark(date(2025, 7, 10), "returns announced", "announced"),
        Mark(date(2025, 8, 6), "legal route in force", "start"),
    )
    assert policy_marks({}) == ()


def test_the_summary_is_plain_data_with_the_agreed_names(result: Result) -> None:
    found = json.loads(json.dumps(result.as_dict(), allow_nan=False))
    assert list(found) == [
        *("scenario", "seed", "host", "start", "end", "totals", "monthly", "burden", "costs", "stages"),
        *("digest", "wall_seconds"),
    ]
    assert list(found["totals"]) == TOTALS
    assert isinstance(found["totals"]["arrivals"], int)
    assert list(found["monthly"]) == ["month", "arrivals", "boats", "prevented", "returned", "admitted"]
    assert sum(found["monthly"]["arrivals"]) == found["totals"]["arrivals"] == result.daily["arrivals"].sum()
    assert found["monthly"]["month"] == ["2025-01", "2025-02", "2025-03"]


def test_a_run_without_boats_has_no_people_per_boat() -> None:
    assert made_run(Setting("short", end=START), seed=0).summary()["people_per_boat"] is None


def test_digests_are_those_of_the_daily_table(result: Result) -> None:
    assert result.digest == digest(result.daily)
    assert result.digest_exact == digest_exact(result.daily)
    assert made_run(Setting("other name", 0.1), seed=3).digest == result.digest
    assert made_run(Setting("pilot", 0.1), seed=4).digest != result.digest


def test_a_saved_result_reads_back_the_same(result: Result, tmp_path: Path) -> None:
    place = tmp_path / "results" / "pilot"
    result.save(place)
    assert sorted(path.name for path in place.iterdir()) == [
        "burden.csv", "by.parquet", "costs.csv", "daily.csv", "daily.parquet", "provenance.json",
        "summary.json", "weekly.png",
    ]  # fmt: skip
    assert [path.name for path in place.parent.iterdir()] == ["pilot"]
    pd.testing.assert_frame_equal(pd.read_parquet(place / "daily.parquet"), result.daily, check_freq=False)
    text = pd.read_csv(place / "daily.csv", index_col="date", parse_dates=True)
    assert digest(text) == result.digest
    assert json.loads((place / "summary.json").read_text())["digest"] == result.digest
    assert json.loads((place / "provenance.json").read_text())["seed"] == 3


def test_less_than_a_week_is_saved_without_a_figure(tmp_path: Path) -> None:
    short = made_run(Setting("short", end=dated(5)), seed=1)
    short.save(tmp_path / "short")
    assert (tmp_path / "short" / "daily.csv").exists()
    assert not (tmp_path / "short" / "weekly.png").exists()
    with pytest.raises(InputError, match="expected at least 7 dates"):
        short.plot()


def test_an_existing_folder_is_refused_and_left_alone(result: Result, tmp_path: Path) -> None:
    result.save(tmp_path / "mine")
    before = (tmp_path / "mine" / "summary.json").read_bytes()
    with pytest.raises(InputError, match="exists: expected a new one"):
        made_run(Setting("other"), seed=9).save(tmp_path / "mine")
    assert (tmp_path / "mine" / "summary.json").read_bytes() == before
    made_run(Setting("other"), seed=9).save(tmp_path / "mine", force=True)
    assert json.loads((tmp_path / "mine" / "summary.json").read_text())["scenario"] == "other"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_force_never_replaces_a_folder_of_other_things(result: Result, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    with pytest.raises(InputError, match="holds something else"):
        result.save(tmp_path / "thesis", force=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is not a folder"):
        result.save(tmp_path / "file", force=True)
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "years of work"


def test_a_save_broken_off_leaves_nothing_behind(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result.save(tmp_path / "old")

    def full(*_arguments: object, **_options: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(pd.DataFrame, "to_csv", full)
    for name in ("new", "old"):
        with pytest.raises(OSError, match="no space"):
            result.save(tmp_path / name, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]
    assert (tmp_path / "old" / "daily.csv").is_file()


@pytest.mark.parametrize("moment", [1, 2, 3])
def test_a_replacement_broken_off_leaves_the_old_or_the_new_whole(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    result.save(tmp_path / "mine")
    rename, steps = Path.rename, iter(range(1, 9))

    def interrupted(path: Path, to: Path) -> Path:
        step = next(steps)
        if step == moment:  # before the step, or just after the last
            raise KeyboardInterrupt
        done = rename(path, to)
        if step == 2 and moment == 3:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        made_run(Setting("other"), seed=9).save(tmp_path / "mine", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    summary = json.loads((tmp_path / "mine" / "summary.json").read_text())
    assert summary["scenario"] == ("other" if moment == 3 else "pilot")


def test_what_a_killed_run_left_is_in_nobodys_way(result: Result, tmp_path: Path) -> None:
    for number in (os.getpid(), os.getpid() + 1):
        (tmp_path / f".mine.{number}.new").mkdir()
    result.save(tmp_path / "mine")
    assert (tmp_path / "mine" / "summary.json").exists()


@pytest.mark.parametrize("where", ["file/in", "file/deeper/in", "x" * 300, "y" * 300 + "/in", "nul\0"])
def test_a_place_that_cannot_be_written_to_is_refused_before(tmp_path: Path, where: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="expected a place to write"):
        refuse_unusable(tmp_path / where)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_asking_whether_a_place_can_be_written_to_leaves_nothing(tmp_path: Path) -> None:
    refuse_unusable(tmp_path / "deep" / "er")
    assert list(tmp_path.iterdir()) == []


def test_a_saved_folder_can_be_read_by_others(result: Result, tmp_path: Path) -> None:
    ordinary = tmp_path / "ordinary"
    ordinary.mkdir()
    result.save(tmp_path / "mine")
    assert (tmp_path / "mine").stat().st_mode == ordinary.stat().st_mode


def test_what_was_not_kept_is_said_so(result: Result) -> None:
    with pytest.raises(InputError, match="events were not recorded"):
        result.events()
    with pytest.raises(InputError, match="people were not kept"):
        result.people()


def test_it_travels_between_processes(result: Result) -> None:
    again = pickle.loads(pickle.dumps(result))
    assert again.digest == result.digest
    assert repr(again) == repr(result)


@pytest.fixture
def population() -> Population:
    keys = np.concatenate([identity("Eritrea", 739000, [0, 1]), identity("Sudan", 739001, [0])])
    return Population(keys, [0, 0, 1], [0, 0, 1])


def test_the_event_log_misses_no_step(population: Population, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossings.outcomes.events.CHUNK", 2)
    log = EventLog(population)
    population.enter(0, 0.0)
    population.enter(1, 1.0)
    population.move([0, 1, 2], State.TRAVELLING, 1.25)
    population.move([1], State.CAMP, 30.5, place=1)
    table = log.frame(("Eritrea", "Sudan"), ("Rome", "Calais"), date(2025, 1, 1))
    assert len(log) == len(table) == 7
    assert table["to"].tolist() == ["origin"] * 3 + ["travelling"] * 3 + ["camp"]
    assert table["person"].tolist() == population.key[[0, 1, 2, 0, 1, 2, 1]].tolist()
    last = table.iloc[-1]
    assert (last["from"], last["place"], last["group"]) == ("travelling", "Calais", "Eritrea")
    assert last["time"] == pd.Timestamp("2025-02-01 00:00")
    assert table["place"].isna().sum() == 6
    # replaying the steps gives the states
    states = table.groupby("person")["to"].last()
    assert states[population.key[1]] == "camp"


def test_only_one_listens(population: Population) -> None:
    EventLog(population)
    with pytest.raises(RuntimeError, match="a listener already"):
        EventLog(population)


def test_people_are_those_who_entered_as_they_stand(population: Population) -> None:
    population.enter(0, 0.0)
    population.move([1], State.TRAVELLING, 0.25)
    people = People.of(population, ("Eritrea", "Sudan"), ("Rome",), ("Italy",), date(2025, 1, 1))
    population.move([1], State.CAMP, 20.0, place=0)  # a copy does not change any more
    table = people.frame()
    assert table.index.tolist() == population.key[:2].tolist()
    assert table["state"].tolist() == ["origin", "travelling"]
    assert table["group"].tolist() == ["Eritrea"] * 2
    assert table["entry_date"].tolist() == [pd.Timestamp("2025-01-01")] * 2
    assert table["belief_return"].isna().all()  # neither has reached the coast
    assert {"attempts", "arrivals", "returns", "wealth", "ties", "since"} <= set(table)


def test_ends_count_everyone_once_by_country(population: Population) -> None:
    population.place[:] = [0, 1, 2, *[0] * (len(population) - 3)]
    population.enter(0, 0.0)
    population.move([1], State.STAYED_ORIGIN, 0.25)
    people = People.of(
        population,
        ("Eritrea", "Sudan"),
        ("Rome", "Lyon", "Bari"),
        ("Italy", "France", "Italy"),
        date(2025, 1, 1),
    )
    ends = people.ends()
    assert ends["people"].sum() == population.entered
    stayed = ends[ends["state"] == "stayed_origin"]
    assert stayed[["country", "people"]].to_numpy().tolist() == [["France", 1]]


def test_dates_cover_the_run(result: Result) -> None:
    assert result.daily.index[0].date() == START
    assert result.daily.index[-1].date() == END
    assert result.daily.isna().sum().sum() == sum(
        result.daily[name].isna().all() * len(result.daily) for name in result.daily
    )


def test_stages_and_ends_that_were_not_kept_are_said_so(result: Result) -> None:
    with pytest.raises(InputError, match="stages were not kept"):
        result.stages()
    with pytest.raises(InputError, match="people were not kept"):
        result.ends()


def test_all_that_was_kept_is_saved_and_shown(result: Result, population: Population, tmp_path: Path) -> None:
    log = EventLog(population)
    population.enter(0, 0.0)
    people = People.of(population, ("Eritrea", "Sudan"), ("Rome",), ("Italy",), date(2025, 1, 1))
    steps = log.frame(("Eritrea", "Sudan"), ("Rome",), date(2025, 1, 1))
    table = pd.DataFrame({"stage": ["detention"], "queue": [3.0]}).set_index("stage")
    whole = replace(result, last=people, steps=steps, stage_table=table)
    whole.save(tmp_path / "whole")
    assert pd.read_csv(tmp_path / "whole" / "stages.csv")["queue"].tolist() == [3.0]
    assert pd.read_parquet(tmp_path / "whole" / "ends.parquet")["people"].sum() == 2
    assert len(pd.read_parquet(tmp_path / "whole" / "events.parquet")) == len(steps) == 2
    assert whole.events() is steps
    assert whole.stages() is table
    assert whole.as_dict()["stages"] == [{"stage": "detention", "queue": 3.0}]
    # of a run that is opened again only the table of ends is left
    opened = replace(result, standing=whole.ends())
    pd.testing.assert_frame_equal(opened.ends(), whole.ends())
    opened.save(tmp_path / "opened")
    assert (tmp_path / "opened" / "ends.parquet").exists()
    assert not (tmp_path / "opened" / "events.parquet").exists()


def test_beliefs_are_told_by_group_and_date_with_mean_and_spread(result: Result) -> None:
    days = pd.to_datetime(["2025-01-01", "2025-01-01", "2025-01-02", "2025-01-01"])
    outcomes = ["belief_stop", "belief_stop_spread", "belief_stop", "arrivals"]
    by = pd.DataFrame({"date": days, "outcome": outcomes, "key": "Sudan", "value": [0.4, 0.1, 0.5, 9.0]})
    table = replace(result, by=by).beliefs()
    assert table[["group", "belief"]].drop_duplicates().to_numpy().tolist() == [["Sudan", "stop"]]
    assert table["mean"].tolist() == [0.4, 0.5]
    assert table["spread"].iloc[0] == 0.1
    assert np.isnan(table["spread"].iloc[1])


def test_a_place_with_results_is_refused_unless_they_may_go(result: Result, tmp_path: Path) -> None:
    result.save(tmp_path / "mine")
    with pytest.raises(InputError, match="exists: expected a new one"):
        refuse_unusable(tmp_path / "mine")
    with pytest.raises(InputError, match="exists: expected a new one"):
        refuse_existing(tmp_path / "mine")
    refuse_unusable(tmp_path / "mine", force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_a_moment_of_a_policy_is_its_date() -> None:
    marks = policy_marks({"policies": {"watch": {"end": datetime(2025, 3, 4, 12)}}})
    assert marks == (Mark(date(2025, 3, 4), "watch ended", "end"),)


def test_tables_become_plain_data() -> None:
    frame = pd.DataFrame(
        {"n": [np.int64(3)], "x": [np.nan], "when": [date(2025, 1, 2)], "what": ["a"]}, index=["row"]
    )
    assert records(frame) == [{"index": "row", "n": 3, "x": None, "when": "2025-01-02", "what": "a"}]
    assert type(records(frame)[0]["n"]) is int


def test_ends_count_people_where_a_row_stands_for_several() -> None:
    keys = np.concatenate([identity("Eritrea", 739000, [0, 1])])
    several = Population(keys, [0, 0], [0, 0], 5)
    several.enter(0, 0.0)
    ends = People.of(several, ("Eritrea",), ("Rome",), ("Italy",), date(2025, 1, 1)).ends()
    assert ends["people"].tolist() == [10]
