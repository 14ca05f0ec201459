"""Natural experiments: worlds that differ in the bundle alone, no private behaviour, counts and figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import crossings as cx
from crossings import corridors, scenario_files
from crossings.errors import InputError
from crossings.study import reproduction
from crossings.study.estimates import Estimate
from crossings.study.natural_cases import CASES, Window
from crossings.study.reproductions import Findings, Work
from crossings.study.reproductions import natural_experiments as natural
from crossings.views import reproduced_cases
from crossings.views.reproduced import draw

OF_THE_PLACE = {
    "weather.wave_mean",
    "weather.wave_amplitude",
    "weather.wave_peak_day",
    "weather.wave_sd",
    "inflow.scale",
    "enforcement.patrols.teams",
    "smuggling.networks.starting_taxi_share",
    "smuggling.tactics.taxi_ceiling",  # whether boats can be had that pick people up from the water
}
ELSEWHERE = [name for name in cx.Scenario.shipped() if scenario_files.read(name).get("corridor")]


@pytest.mark.parametrize("name", sorted({*ELSEWHERE, *(case.scenario for case in CASES.values())}))
def test_no_corridor_has_a_parameter_of_behaviour_of_its_own(name):
    assert set(cx.Scenario.load(name).differences()) <= OF_THE_PLACE


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_worlds_of_a_case_differ_in_the_bundle_alone(case):
    worlds = case.worlds()
    without, bundle = (worlds[name].as_dict() for name in ("without", "with"))
    assert not set(case.bundle) & set(without["policies"])
    for name in case.bundle:
        bundle["policies"].pop(name)
    assert bundle == without


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_windows_lie_in_the_run_and_the_one_before_ends_before_anything_is_known(case):
    setting = case.worlds()["with"]
    for window in (case.before, *case.windows.values()):
        assert setting.start <= window.first <= window.last <= setting.end
    known = [setting.policies[name].announced or setting.policies[name].start for name in case.bundle]
    assert case.before.last < min(known)
    corridor = corridors.load(setting.corridor)
    for window in case.windows.values():
        assert set(window.keys) <= {*corridor.group_names, *corridor.place_names}


def test_each_quantity_judged_is_found_and_each_case_is_judged():
    judged = set(reproduction.expected.read(reproduction.load("natural-experiments").place))
    assert {name.split(".")[0] for name in judged} == set(CASES)
    found = {name for case in CASES.values() for name in case.windows}
    twice = {f"{case.name}.twice" for case in CASES.values() if case.twice}
    assert judged == (found & judged) | twice | {"supplier.load", "mauritania.displaced", "chnv.order"}
    assert {case.twice for case in CASES.values()} - {""} <= found


def test_a_world_of_twice_the_people_has_twice_of_all_that_counts_people():
    small, large = (CASES["eu-turkey"].worlds(size)["with"] for size in (1.0, 2.0))
    assert large.inflow.scale == 2 * small.inflow.scale
    assert large.policies["returns"].quota_per_week == 2 * small.policies["returns"].quota_per_week
    for key in ("places_per_week", "expected_applicants"):
        assert getattr(large.policies["resettlement"], key) == 2 * getattr(
            small.policies["resettlement"], key
        )
    assert large.policies["islands"] == small.policies["islands"]


def test_the_readme_says_what_each_case_tests_and_what_was_put_in():
    text = (reproduction.load("natural-experiments").place / "README.md").read_text(encoding="utf-8")
    for case in CASES.values():
        assert f"| `{case.name}` | {case.tests} | {case.given} | {case.open_} |" in text


# ---- counting


def result() -> SimpleNamespace:
    dates = pd.date_range("2024-01-01", periods=4)
    by = pd.DataFrame(
        {
            "date": list(dates) * 2,
            "outcome": "arrivals",
            "key": ["Here"] * 4 + ["There"] * 4,
            "value": [1.0, 2, 4, 8, 10, 20, 40, 80],
        }
    )
    return SimpleNamespace(daily=pd.DataFrame({"arrivals": [11.0, 22, 44, 88]}, index=dates), by=by)


def test_a_window_counts_its_dates_and_its_groups_or_all_others():
    window = Window(date(2024, 1, 2), date(2024, 1, 3))
    assert window.days == 2
    assert natural.counted(result(), window) == 66
    assert natural.counted(result(), replace(window, keys=("Here",))) == 6
    assert natural.counted(result(), replace(window, keys=("Here",), others=True)) == 60
    with pytest.raises(InputError, match="did you mean 'There'"):
        natural.counted(result(), replace(window, keys=("Their",)))


def counts(case, **changed: float) -> list[natural.Counts]:
    """Three runs in which the bundle leaves a half of everything, but of what is named."""
    made = []
    for number in (90.0, 100.0, 110.0):
        usual = dict.fromkeys((*case.windows, "before", "deaths", "attempts"), number)
        after = {name: number * changed.get(name, 0.5) for name in usual}
        made.append({"without": usual, "with": after})
    return made


def test_an_effect_is_paired_and_the_raw_change_stands_beside_it():
    case = CASES["australia"]
    found = natural.effects(case, counts(case, **{"australia.step-two": 0.0}))
    assert found["australia.step-one"].value == pytest.approx(-0.5)
    assert found["australia.step-one"].error == pytest.approx(0.0, abs=1e-9)
    assert found["australia.step-two"].value == -1.0
    table = natural._table([case], {"australia": counts(case)}, found).set_index("quantity")
    assert table.loc["australia.step-one", "raw_change"] == pytest.approx(case.before.days / 56 - 1)
    assert table.loc["australia.step-one", ["deaths_without", "deaths_with"]].tolist() == [100.0, 50.0]


def test_what_is_found_beside_effects():
    case = CASES["mauritania"]
    found = natural._special(case, counts(case, **{"mauritania.elsewhere": 1.2}))
    assert found["mauritania.displaced"].value == pytest.approx(0.2 / 0.5)
    case = CASES["supplier"]
    found = natural._special(case, counts(case, **{"supplier.people": 0.9, "supplier.boats": 0.75}))
    assert found["supplier.load"].value == pytest.approx(0.2)
    case = CASES["chnv"]
    places = {"cuba": 18.5, "haiti": 25.0, "nicaragua": 10.4, "venezuela": 23.8}
    left = {f"chnv.{name}": 1.0 - places[name] / 50 for name in places}
    assert natural._special(case, counts(case, **left))["chnv.order"].value == pytest.approx(1.0)
    turned = {name: 1.0 - value for name, value in left.items()}
    assert natural._special(case, counts(case, **turned))["chnv.order"].value == pytest.approx(-1.0)
    assert natural._special(CASES["rwanda"], []) == {}


def test_an_unknown_case_is_refused_with_its_nearest_name():
    with pytest.raises(InputError, match="did you mean 'australia'"):
        natural.reproduce(natural.Settings(cases=("austria",)), Work(processes=1))


# ---- the figure


@pytest.fixture
def judgement():
    experiment = reproduction.load("natural-experiments")
    estimates, tables = {}, []
    for case in CASES.values():
        made = counts(case)
        found = natural.effects(case, made) | natural._special(case, made)
        found = {name: Estimate(e.value, 0.05, e.value - 0.1, e.value + 0.1) for name, e in found.items()}
        tables.append(natural._table([case], {case.name: made}, found))
        estimates |= found
        if case.twice:
            estimates[f"{case.name}.twice"] = Estimate(0.0, 0.1, -0.2, 0.2)
    findings = Findings(estimates, {"effects": pd.concat(tables)}, "3 seeds")
    verdicts = reproduction.judge(experiment, findings)
    return reproduction.Judgement(experiment, verdicts, findings, 1.0, datetime.now(UTC), 1.0, "0" * 64)


def test_the_figure_shows_every_effect_beside_its_band(judgement, tmp_path):
    figure = draw(judgement)
    figure.savefig(tmp_path / "figure.png")
    upper = figure.axes[0]
    names = [label.get_text() for label in upper.get_yticklabels()]
    assert len(names) == len(judgement.verdicts) - 3 - 3
    assert all(any(case.title in name for name in names) for case in CASES.values())
    bands = {patch.get_y() + patch.get_height() / 2: patch for patch in upper.patches}
    for row, verdict in enumerate(reproduced_cases.rows(judgement)):
        low = _near(bands, row).get_x()
        if verdict.expected.kind == "absolute":
            assert low == pytest.approx(verdict.expected.published - verdict.expected.tolerance)
    points = [line for line in upper.lines if line.get_marker() in ("o", "X")]
    drawn = sorted(float(np.ravel(line.get_xdata())[0]) for line in points)
    assert drawn == pytest.approx([-0.5] * len(names))


def _near(bands, row):
    return next(patch for middle, patch in bands.items() if abs(middle - row) < 1e-6)
