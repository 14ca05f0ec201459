"""From runs to a validation, a forecast and a score, and the commands that make and tell them.

Histories are invented here (`invented`, `effects`, `monthly`), so that it is known what must come out; the
sweeps that keep them, and all that is made of them, are the real ones.
"""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.histories import toy
from tests.like_observed import SEEN_COUNTS, like_observed
from tests.spreadsheets import two_weeks, write_ods
from tests.unit.test_calibration import THREE
from tests.unit.test_forecast import MONTHS, WEEKS
from tests.unit.test_forecast import made as made_forecast
from tests.unit.test_validation import posterior, runs

from crossings.cli import calibrating
from crossings.corridors import spreadsheet
from crossings.errors import InputError
from crossings.study import forecasting, posteriors, recorded, scoring, validation
from crossings.study.calibration import Calibration
from crossings.study.forecasting import AS_IMPLEMENTED, NO_POLICY
from crossings.study.patterns import name_of
from crossings.study.posteriors import SHIPPED
from crossings.study.scores import Score
from crossings.study.verdicts import asked, judge


def invented(scenario, seed=1):
    """Return patterns of a history: what was observed, more of it under a higher seed of the weather."""
    found = like_observed(1.0 + 0.01 * (scenario.weather.seed % 5))
    return {name: value for name, value in found.items() if not name.startswith("prevented_fall")}


def breaks(scenario, seed=1):
    raise ZeroDivisionError("no boats")


def effects(scenario, seed=1, *, case):
    """Return effects of policies as the bands want them; of Rwanda none at all."""
    return {"all": 0.0, "named": -0.8, "others": 0.5, "per_boat": 0.1}


def monthly(scenario, seed=1):
    """Return arrivals of a thousand a month, a half of that where people are returned."""
    people = 500.0 if "returns" in scenario.policies else 1000.0
    if scenario.start.year == 2025 and scenario.start.month == 1:
        return {f"2025-{month:02d}": people for month in range(1, 8)}
    return dict.fromkeys(MONTHS, people) | dict.fromkeys(WEEKS, people / 4)


# ---- runs


def test_a_validation_judges_what_its_runs_say(tmp_path, monkeypatch):
    monkeypatch.setattr(validation, "measured", invented)
    monkeypatch.setattr(validation, "paired", effects)
    found = validation.validate(posterior(), 2, 2, 1, out=tmp_path, processes=1)
    assert (found.about["draws"], found.about["seeds"], found.about["failed"]) == (2, 2, 0)
    assert found.about["pairs"] == {"albania": 1, "rwanda": 1, "supplier": 1}
    assert set(found.pairs) == set(validation.CASES)
    verdicts = {each.pattern: each for each in found.verdicts}
    assert verdicts["Albania: Albanian arrivals"].met
    assert verdicts["Rwanda: all arrivals"].met
    assert verdicts["supplier: people per boat"].median == pytest.approx(0.1)
    others = verdicts["Albania: all others"]
    assert not others.met
    assert others.missed_by == pytest.approx(0.4)
    assert found.met == sum(each.met for each in found.verdicts) < len(found.verdicts)


def test_a_validation_of_which_no_run_ends_well_says_why(tmp_path, monkeypatch):
    monkeypatch.setattr(validation, "measured", breaks)
    with pytest.raises(InputError, match=r"history: no run ended well .*no boats"):
        validation.validate(posterior(), 2, 1, 1, out=tmp_path, cases=(), processes=1)


def result(per_day, boats):
    days = pd.date_range("2024-07-01", "2025-07-31", name="date")
    columns = {
        "arrivals": per_day, "boats": boats, "prevented": per_day, "attempts": 2 * boats, "deaths": 0.0,
        "taxi_attempts": 0.0, "launches": 2 * boats, "stopped_beach": 0.0, "price": 1000.0,
        "waiting": 5.0, "networks": 7.0,
    }  # fmt: skip
    by = pd.DataFrame({"date": days, "outcome": "arrivals", "key": "Iraq", "value": per_day})
    return SimpleNamespace(daily=pd.DataFrame(columns, index=days), by=by)


def test_the_supplier_is_judged_by_people_per_boat_meanwhile(monkeypatch):
    with_it, without = result(90.0, 2.0), result(100.0, 2.5)
    monkeypatch.setattr(
        validation, "_run", lambda scenario, _seed: with_it if "supplier" in scenario.policies else without
    )
    base = validation.Scenario.load("history")
    found = validation.paired(base, 1, case="supplier")
    assert found == {"all": pytest.approx(-0.1), "per_boat": pytest.approx(45.0 / 40.0 - 1.0)}


def test_history_is_measured_as_it_was_run(monkeypatch):
    monkeypatch.setattr(validation, "_run", lambda _scenario, _seed: result(90.0, 2.0))
    found = validation.measured(validation.Scenario.load("history"), 1)
    assert found[name_of("people_per_boat", 2024)] == 45.0
    assert found[name_of("prevented_share", 2025)] == 0.5
    assert found["people of Iraq@2024"] == 90.0 * 184


def test_a_forecast_finds_demand_first_and_runs_both_arms(tmp_path, monkeypatch):
    monkeypatch.setattr(forecasting, "arrivals", monthly)
    found = forecasting.forecast(posterior(), 2, 1, 2, out=tmp_path, processes=1)
    assert found.about["runs"] == {NO_POLICY: 2, AS_IMPLEMENTED: 2}
    assert found.about["seeds"] == {NO_POLICY: 1, AS_IMPLEMENTED: 1}
    assert found.about["anchors"] == 2
    counted = sum(SEEN_COUNTS.people[2025, month] for month in range(1, 8))
    assert found.about["log_demand_2025"] == [pytest.approx(np.log(counted / 7000), abs=1e-4), 0.0]
    assert found.effect() == pytest.approx([-0.5] * 2)
    assert {path.name for path in tmp_path.iterdir()} >= {"anchors", NO_POLICY, AS_IMPLEMENTED}


def test_a_forecast_without_runs_of_chance_says_nothing_of_it():
    made = made_forecast()
    alone = {arm: table.iloc[:0] for arm, table in made.runs.items()}
    totals = recorded._totals(forecasting.Forecast(made.runs, alone, made.about))
    assert set(totals[NO_POLICY]) == {"median", "low", "high"}


def test_the_models_own_score_is_of_all_months_of_its_origins(tmp_path, monkeypatch):
    monkeypatch.setattr(forecasting, "measured", invented)
    found = scoring.model_score(posterior(), 2, tmp_path, processes=1)
    assert found.forecasts == 12 * len(forecasting.ORIGINS)
    assert found.saw_the_future
    assert found.crps > 0.0


@pytest.mark.parametrize(
    ("load", "file"),
    [(recorded.load_validation, "result.json"), (recorded.load_forecast, "scores.csv")],
)
def test_a_result_that_was_not_kept_is_refused_by_its_file(tmp_path, load, file):
    with pytest.raises(InputError, match=f"{file}: expected a (table of a )?kept result"):
        load(tmp_path)


# ---- commands

ONE = ("--processes", "1")


@pytest.fixture
def shelf(monkeypatch, tmp_path):
    """Let results be recorded in a folder of the test in place of the package's own."""
    place = tmp_path / "shelf"
    monkeypatch.setattr(posteriors, "SHIPPED", place / "posterior")
    monkeypatch.setattr(recorded, "VALIDATION", place / "validation")
    monkeypatch.setattr(recorded, "FORECAST", place / "forecast")
    return place


def files(folder):
    return {path.name for path in folder.iterdir() if path.is_file()}


def small(monkeypatch, run=toy):
    """Let a calibration be one of three parameters of a toy."""
    plan = Calibration.plan
    monkeypatch.setattr(Calibration, "plan", lambda draws, **named: plan(draws, free=THREE, run=run, **named))


def test_calibrate_keeps_a_posterior_and_tells_it(ends, shelf, monkeypatch, tmp_path):
    small(monkeypatch)
    learn, learnt = Calibration.learn, []  # once for both commands, which takes longest
    monkeypatch.setattr(
        Calibration, "learn", lambda plan: learnt[0] if learnt else learnt.append(learn(plan)) or learnt[0]
    )
    words = (
        "calibrate",
        "--draws",
        "24",
        "--keep",
        "30",
        "--steps",
        "20",
        "--out",
        "fit",
        "--processes",
        "1",
    )
    status, out, err = ends(*words, "--record")
    assert (status, err) == (0, "")
    heads = out.splitlines()[0].split()
    assert heads[:4] == ["parameter", "prior", "5%", "median"]
    assert any(line.startswith("weather.wave_mean") for line in out.splitlines())
    assert (
        "24 draws run of the 3,000 of a full calibration; 30 draws of the posterior in fit/posterior" in out
    )
    assert "calibration.png" in files(tmp_path / "fit")
    assert files(shelf / "posterior") == files(tmp_path / "fit" / "posterior")
    assert "calibration.png" in files(shelf / "validation")
    status, out, _ = ends(*words, "--json")
    about = json.loads(out)
    assert (status, about["draws_run"], about["passes"]) == (0, 24, 2)
    assert about["command"].startswith("crossings ")


def test_calibrate_says_beforehand_how_much_it_is(ends, monkeypatch, tmp_path):
    small(monkeypatch)
    status, out, _ = ends("calibrate", "--draws", "24", "--out", "fit", "--dry-run", "--processes", "1")
    assert status == 0
    assert "24 points, 1 seed, 24 runs, 0 of them there" in out
    assert "1 process, " in out
    status, out, _ = ends("calibrate", "--draws", "24", "--out", "fit", "--dry-run", "--json")
    assert json.loads(out)["runs"] == 24
    assert list(tmp_path.iterdir()) == []


def judged(tell=None):
    over, alone = runs(spread=0.3), runs(spread=0.05)
    about = {
        "draws": 40, "seeds": 40, "pairs": {"albania": 2}, "failed": 0, "people_per_agent": 1,
        "identity": "0",
    }  # fmt: skip
    verdicts = judge(asked(SEEN_COUNTS), over, alone)
    return validation.Validation(tuple(verdicts), over, alone, {}, about | (tell or {}))


def test_validate_prints_a_line_for_every_pattern(ends, shelf, monkeypatch, tmp_path):
    asked_for = {}

    def validate(_posterior, *numbers, **named):
        asked_for.update(named, numbers=numbers)
        return judged()

    monkeypatch.setattr(validation, "validate", validate)
    words = (
        "validate",
        "--draws",
        "5",
        "--seeds",
        "4",
        "--pairs",
        "3",
        "--people-per-agent",
        "10",
        "--posterior",
        str(SHIPPED),
    )
    words += ("--posterior", str(SHIPPED))
    status, out, err = ends(*words, "--out", "kept", "--record")
    assert (status, err) == (0, "")
    found = judged()
    assert f"{found.met} of {len(found.verdicts)} patterns in their bands; 40 draws" in out
    assert sum("out by" in line for line in out.splitlines()) == len(found.verdicts) - found.met
    assert asked_for["numbers"] == (5, 4, 3)
    assert asked_for["scenario"].people_per_agent == 10
    assert files(tmp_path / "kept") == files(shelf / "validation")
    assert files(tmp_path / "kept") == {"patterns.csv", "months.csv", "result.json", "validation.png"}
    status, out, _ = ends(*words, "--out", "kept", "--json")
    assert [row["pattern"] for row in json.loads(out)["verdicts"]] == [
        each.pattern for each in found.verdicts
    ]


def test_runs_that_failed_end_a_command_with_status_1(ends, monkeypatch):
    monkeypatch.setattr(validation, "validate", lambda *_, **__: judged({"failed": 1200}))
    status, _, err = ends("validate", "--json")
    assert status == 1
    assert err == "crossings: 1,200 runs failed; the same command tries them again\n"


@pytest.mark.parametrize(
    ("raised", "status", "said"),
    [
        (
            KeyboardInterrupt(),
            130,
            "interrupted, what was finished is kept in kept; the same command goes on",
        ),
        (
            RuntimeError("a worker died"),
            1,
            "a worker died; what was finished is kept, the same command goes on",
        ),
    ],
)
def test_what_breaks_a_validation_off_leaves_what_was_finished(ends, monkeypatch, raised, status, said):
    def stops(*_, **__):
        raise raised

    monkeypatch.setattr(validation, "validate", stops)
    assert ends("validate", "--out", "kept") == (status, "", f"crossings: {said}\n")


def test_forecast_scores_by_month_and_with_data_by_week_and_day(ends, shelf, monkeypatch, tmp_path):
    own = Score(scoring.MODEL, 10.0, 1.0, 0.5, 0.9, 36, True)
    rival = Score("naive", 12.5, 1.5, 0.45, 0.88, 36, False)
    monkeypatch.setattr(forecasting, "forecast", lambda *_, **__: with_failures())
    monkeypatch.setattr(scoring, "monthly_benchmarks", lambda: [rival])
    monkeypatch.setattr(scoring, "model_score", lambda *_: own)
    seen = []
    for name in ("weekly_benchmarks", "daily_benchmarks"):
        monkeypatch.setattr(scoring, name, lambda series: seen.append(series.sum()) or [rival])
    daily, weekly = spreadsheet.read(write_ods(tmp_path / "series.ods", two_weeks()))
    (tmp_path / "counts").mkdir()
    given = ("--posterior", str(SHIPPED))
    spreadsheet.write(daily, weekly, tmp_path / "counts")

    status, out, err = ends("forecast", "--out", "kept", "--data", "counts", "--record", *given)
    assert (status, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    assert [row[1] for row in rows if row[0] == "naive"] == ["month", "week", "day"]
    assert sum("saw the future" in line for line in out.splitlines()) == 1
    assert "monthly.csv, weekly.csv and scores.csv written to kept" in out
    assert seen == [286, 286]
    assert files(tmp_path / "kept") == files(shelf / "forecast")
    status, out, _ = ends("forecast", "--out", "kept", "--json", *given)
    assert [row["by"] for row in json.loads(out)["scores"]] == ["month", "month"]


def with_failures():
    found = made_forecast()
    return forecasting.Forecast(found.runs, found.chance, dict(found.about) | {"failed": 0})


def test_a_posterior_that_trades_off_says_so(capsys, tmp_path):
    row = {
        "key": "values.level", "prior_low": 0.5, "prior_high": 2.0, "q05": 0.8, "q50": 1.0, "q95": 1.2,
        "narrower": 0.6, "moved": True,
    }  # fmt: skip
    pair = {"one": "values.level", "other": "beliefs.stop", "correlation": -0.71}
    about = {
        "parameters": [row], "trade_offs": [pair], "draws_run": 10, "draws_full": 3000, "draws_failed": 2,
    }  # fmt: skip

    class Found:
        def __init__(self):
            self.about = about

        def __len__(self):
            return 7

    calibrating._print_posterior(Found(), tmp_path)
    said = capsys.readouterr().out
    assert "0.5 to 2" in said
    assert "60%" in said
    assert "values.level and beliefs.stop trade off: correlation -0.71" in said
    assert "10 draws run of the 3,000 of a full calibration, 2 failed; 7 draws" in said


def test_a_wait_is_said_on_a_terminal_only(monkeypatch, capsys):
    with calibrating._said("posterior", quiet=False):
        pass
    assert capsys.readouterr().err == ""
    monkeypatch.setenv("FORCE_COLOR", "1")  # which rich takes for a terminal
    monkeypatch.setenv("TERM", "xterm")
    with calibrating._said("posterior", quiet=False):
        pass
    assert "posterior" in capsys.readouterr().err
    with calibrating._said("posterior", quiet=True):
        pass
    assert capsys.readouterr().err == ""
