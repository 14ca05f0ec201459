"""The recorder books what rooms report on the right date, under the right key, or refuses."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from crossings.clock import Clock
from crossings.errors import InputError
from crossings.hooks import Tally
from crossings.outcomes import ACCOUNTS, OUTCOMES, Recorder, catalogue

GROUPS = ("Eritrea", "Sudan", "Vietnam")
PLACES = ("Calais", "Gravelines", "Rome", "Milan")
COUNTRIES = ("France", "France", "Italy", "Italy")
EPOCH, START, END = date(2025, 1, 1), date(2025, 1, 4), date(2025, 1, 8)


@pytest.fixture
def clock() -> Clock:
    return Clock(EPOCH)


@pytest.fixture
def recorder(clock: Clock) -> Recorder:
    return Recorder(clock, START, END, groups=GROUPS, places=PLACES, countries=COUNTRIES)


def advance(clock: Clock, time: float) -> None:
    clock.env.run(until=time)


def test_it_is_a_tally(recorder: Recorder) -> None:
    tally: Tally = recorder
    tally.count("boats")


def test_a_flow_counts_on_the_calendar_date_of_its_time(clock: Clock, recorder: Recorder) -> None:
    advance(clock, 3.0)  # noon of 4 January
    recorder.count("boats", 1)
    recorder.count("boats", 2, time=3.499)  # 23:59 of 4 January
    recorder.count("boats", 4, time=3.5)  # midnight
    daily = recorder.daily()
    assert daily["boats"].tolist() == [3, 4, 0, 0, 0]
    assert daily.index[0].date() == START
    assert daily.index[-1].date() == END


def test_warm_up_and_what_comes_after_the_end_are_not_reported(clock: Clock, recorder: Recorder) -> None:
    recorder.count("arrivals", 50)
    advance(clock, 5.0)
    recorder.count("arrivals", 7)
    recorder.count("arrivals", 9, time=99.0)
    assert recorder.daily()["arrivals"].sum() == 7
    assert recorder.value("arrivals", 0) == 50


def test_the_night_after_the_last_date_can_still_report(clock: Clock, recorder: Recorder) -> None:
    advance(clock, 8.0 - 1e-9)  # just before noon of 9 January, where the run ends
    for report in (
        lambda: recorder.count("arrivals", 9),
        lambda: recorder.level("waiting", 9),
        lambda: recorder.spend("flights", 9),
    ):
        report()
    assert recorder.daily()["arrivals"].sum() == 0


def test_counts_by_key_add_up_to_the_total(clock: Clock, recorder: Recorder) -> None:
    advance(clock, 4.0)
    recorder.count_by("arrivals", np.array([0, 0, 2], dtype=np.int16))
    recorder.count_by("arrivals", np.array([], dtype=np.int16))
    recorder.count_by("arrivals", np.array([1]), time=5.6)
    by = recorder.by()
    wide = by[by["outcome"] == "arrivals"].pivot_table(
        index="date", columns="key", values="value", observed=True
    )
    assert wide.sum(axis=1).tolist() == recorder.daily()["arrivals"].tolist() == [0, 3, 0, 1, 0]
    assert wide["Eritrea"].tolist() == [0, 2, 0, 0, 0]


def test_place_codes_are_reported_by_country_where_the_catalogue_says_so(
    clock: Clock, recorder: Recorder
) -> None:
    advance(clock, 4.0)
    recorder.count_by("moved_on", np.array([2, 3, 3]))
    recorder.count_by("launches", np.array([0, 1, 1]))
    by = recorder.by().groupby(["outcome", "key"], observed=True)["value"].sum()
    assert by["moved_on"].to_dict() == {"Italy": 3}
    assert by["launches"].to_dict() == {"Calais": 1, "Gravelines": 2}


@pytest.mark.parametrize("code", [-1, 3])
def test_a_code_without_a_name_is_refused(recorder: Recorder, code: int) -> None:
    with pytest.raises(ValueError, match=r"negative|broadcast"):
        recorder.count_by("arrivals", np.array([0, code]))


def test_a_level_holds_until_it_is_set_again(clock: Clock, recorder: Recorder) -> None:
    advance(clock, 1.0)
    recorder.level("price", 1500)  # in the warm-up
    advance(clock, 5.0)
    recorder.level("price", 1700)
    assert recorder.daily()["price"].tolist() == [1500, 1500, 1700, 1700, 1700]
    assert recorder.value("price", 4) == 1500
    assert math.isnan(recorder.value("price", 0))
    assert recorder.daily()["waiting"].isna().all()


def test_a_level_by_key_has_no_total_unless_one_is_set(clock: Clock, recorder: Recorder) -> None:
    recorder.level("belief_return", 0.02, key="Sudan")
    assert "belief_return" not in recorder.daily()
    by = recorder.by()
    assert by[by["outcome"] == "belief_return"]["value"].tolist() == [0.02] * 5
    recorder.level("belief_return", 0.03)
    assert recorder.daily()["belief_return"].tolist() == [0.03] * 5


def test_accounts_add_up_to_the_cost(clock: Clock, recorder: Recorder) -> None:
    advance(clock, 3.0)
    recorder.spend("flights", 100.5)
    recorder.spend("detention", 20)
    by = recorder.by()
    costs = by[by["outcome"] == "cost_gbp"]
    assert set(costs["key"]) == set(ACCOUNTS)
    assert (
        costs["value"].sum() == recorder.daily()["cost_gbp"].sum() == recorder.value("cost_gbp", 3) == 120.5
    )


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (lambda r: r.count("arivals"), "unknown flow 'arivals'.*did you mean 'arrivals'"),
        (lambda r: r.count("waiting"), "unknown flow 'waiting'"),
        (lambda r: r.count("cost_gbp"), "unknown flow 'cost_gbp'"),
        (lambda r: r.count_by("boats_seized", np.array([1])), "kept as a total only"),
        (lambda r: r.level("wating", 1), "unknown level 'wating'.*did you mean 'waiting'"),
        (lambda r: r.level("arrivals", 1), "unknown level 'arrivals'"),
        (lambda r: r.level("belief_return", 1, key="Sudann"), "unknown key of belief_return.*'Sudan'"),
        (lambda r: r.level("price", 1, key="Sudan"), "kept as a total only"),
        (lambda r: r.spend("flight", 1), "unknown account 'flight'.*did you mean 'flights'"),
        (lambda r: r.value("arivals", 0), "unknown outcome 'arivals'"),
    ],
)
def test_a_name_that_is_not_listed_is_refused_at_once(recorder: Recorder, report, said: str) -> None:
    with pytest.raises(InputError, match=said):
        report(recorder)


def test_people_are_whole(recorder: Recorder) -> None:
    recorder.count("arrivals", 2.5, time=4.0)
    with pytest.raises(ValueError, match="'arrivals' counts people: expected whole numbers"):
        recorder.daily()


def test_dates_must_be_in_order(clock: Clock) -> None:
    with pytest.raises(InputError, match="expected a date not before the start"):
        Recorder(clock, END, START, groups=GROUPS, places=PLACES, countries=COUNTRIES)


def test_every_outcome_says_what_it_is() -> None:
    for outcome in OUTCOMES.values():
        assert outcome.unit
        assert outcome.meaning
        assert outcome.kind == "flow" or not outcome.whole
    listed = [outcome.name for outcome in (*catalogue._FLOWS, *catalogue._LEVELS)]
    assert sorted(OUTCOMES) == sorted(listed), "each once: of two of one name a table by name keeps the last"
