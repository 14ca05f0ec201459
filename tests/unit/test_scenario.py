"""A scenario composes every room, is read, changed and written, and says what is wrong in one line."""

from __future__ import annotations

import inspect
import pickle
import pkgutil
import tomllib
from datetime import date
from importlib import import_module

import numpy as np
import pytest

import crossings
from crossings.errors import InputError
from crossings.parameters import Block
from crossings.policies import LegalRoute, Policy, ReturnsAgreement
from crossings.scenario import Scenario, parameters

QUOTA = "policies.returns.quota_per_week"


@pytest.fixture(scope="module")
def pilot() -> Scenario:
    return Scenario.load("one-in-one-out")


# ------------------------------------------------------------------ what is shipped


def test_the_pilot_is_as_announced(pilot):
    returns, route = pilot.policies["returns"], pilot.policies["legal_route"]
    assert (pilot.start, pilot.end) == (date(2025, 1, 1), date(2026, 6, 30))
    assert isinstance(returns, ReturnsAgreement)
    assert (returns.announced, returns.start) == (date(2025, 7, 10), date(2025, 8, 6))
    assert returns.quota_per_week == 50
    assert isinstance(route, LegalRoute)
    assert (route.matched_to, route.matching) == ("returns", 1.0)
    assert [policy.name for policy in pilot.policies.values()] == ["returns", "legal_route"]


def test_no_policy_is_the_pilot_without_its_policies(pilot):
    base = Scenario.load("no-policy")
    assert base.policies == {}
    same = {"name": base.name, "title": base.title, "description": base.description}
    assert pilot.with_(**same, **{"policies.legal_route": None, "policies.returns": None}) == base


@pytest.mark.parametrize("name", Scenario.shipped())
def test_every_shipped_scenario_tells_what_it_is(name):
    scenario = Scenario.load(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.description.strip()
    assert scenario.title in scenario.describe()


def test_every_block_of_every_room_is_in_the_scenario():
    above = ("study", "views", "cli", "model", "replicas", "scenario", "__main__")
    modules = [found.name for found in pkgutil.walk_packages(crossings.__path__, "crossings.")]
    rooms = [import_module(name) for name in modules if name.split(".")[1] not in above]
    classes = {kind for room in rooms for _, kind in inspect.getmembers(room, inspect.isclass)}
    blocks = {kind for kind in classes if issubclass(kind, Block) and not issubclass(kind, Policy)} - {Block}

    def within(kind: type[Block]) -> set[type[Block]]:
        below = [field.annotation for field in kind.model_fields.values()]
        inner = {each for each in below if isinstance(each, type) and issubclass(each, Block)}
        return inner.union(*map(within, inner))

    assert blocks == within(Scenario)


def test_every_parameter_is_documented_and_stands_once():
    rows = list(parameters())
    paths = [row.path for row in rows]
    assert len(paths) == len(set(paths)) > 100
    assert all(row.meaning and row.unit and row.source for row in rows)
    for row in rows:
        if row.low is not None and row.high is not None and isinstance(row.default, (int, float)):
            assert row.low <= row.default <= row.high, row.path


# ------------------------------------------------------------------------- change


def test_replace_gives_another_scenario_and_leaves_the_first(pilot):
    more = pilot.replace(QUOTA, 100)
    assert more.policies["returns"].quota_per_week == 100
    assert pilot.policies["returns"].quota_per_week == 50
    assert more.replace(QUOTA, 50) == pilot


def test_values_may_come_from_numpy(pilot):
    numbers = {QUOTA: np.int64(75), "weather.wave_sd": np.float64(0.5), "warmup_days": np.int64(90)}
    assert pilot.with_(**numbers) == pilot.with_(**{key: number.item() for key, number in numbers.items()})


def test_dates_move_together(pilot):
    assert pilot.with_(start="2027-01-01", end=date(2027, 2, 1)).days == 32
    with pytest.raises(InputError):
        pilot.replace("start", "2027-01-01")


def test_settings_are_toml_values_or_bare_words(pilot):
    changed = pilot.with_settings(
        [
            f"{QUOTA} = 80",
            "policies.returns.end=2026-01-01",
            "policies.returns.nationalities=['Iran', 'Iraq']",
            "policies.legal_route.matched_to=returns",
            "title=two words",
        ]
    )
    returns = changed.policies["returns"]
    assert (returns.quota_per_week, returns.end) == (80, date(2026, 1, 1))
    assert returns.nationalities == ("Iran", "Iraq")
    assert changed.title == "two words"


def test_a_policy_may_be_added_and_taken_away(pilot):
    added = pilot.with_settings(["policies.patrols={kind='BeachPatrolling', start=2025-03-01, teams=2}"])
    assert list(added.policies) == ["returns", "legal_route", "patrols"]
    assert added.replace("policies.patrols", None) == pilot
    assert added.with_settings(["policies.patrols=none"]) == pilot
    given = pilot.replace("policies.patrols", added.policies["patrols"])
    assert given == added


def test_none_takes_away_an_optional_value(pilot):
    known = pilot.replace("policies.returns.announced_chance", 0.1)
    assert known.with_settings(["policies.returns.announced_chance=none"]) == pilot
    silent = pilot.replace("policies.returns.announced", None)
    assert silent.policies["returns"].announced is None
    assert Scenario.from_toml(silent.to_toml()) == silent


def test_it_survives_pickling(pilot):
    again = pickle.loads(pickle.dumps(pilot))
    assert again == pilot
    assert again.policies["returns"].name == "returns"


# -------------------------------------------------------------------------- files


def test_toml_is_canonical_and_loses_nothing(pilot):
    text = pilot.to_toml()
    assert Scenario.from_toml(text) == pilot
    assert Scenario.from_toml(text).to_toml() == text
    assert tomllib.loads(pilot.to_toml(comments=True)) == tomllib.loads(text)


def test_a_file_extends_another_and_says_what_differs(tmp_path):
    (tmp_path / "hundred.toml").write_text(
        'extends = "one-in-one-out"\n[policies.returns]\nquota_per_week = 100\n[weather]\nwave_sd = 0.5\n'
    )
    (tmp_path / "alone.toml").write_text('extends = "hundred.toml"\npolicies.legal_route = "none"\n')
    hundred, alone = (Scenario.load(tmp_path / f"{name}.toml") for name in ("hundred", "alone"))
    assert hundred.name == "hundred"
    assert hundred.policies["returns"].quota_per_week == 100
    assert hundred.policies["returns"].start == date(2025, 8, 6)
    assert list(alone.policies) == ["returns"]
    assert alone.weather.wave_sd == 0.5
    assert "weather.wave_sd = 0.5" in alone.describe()


def test_another_kind_replaces_a_policy_whole(tmp_path):
    path = tmp_path / "threat.toml"
    policy = '[policies.returns]\nkind = "ThirdCountryRemoval"\nstart = 2025-08-01\n'
    path.write_text(f'extends = "one-in-one-out"\n{policy}')
    assert Scenario.load(path).policies["returns"].quota_per_week == 0


def test_a_corridor_is_found_beside_its_scenario(tmp_path, monkeypatch):
    (tmp_path / "sea").mkdir()
    (tmp_path / "other.toml").write_text('corridor = "./sea"\n')
    monkeypatch.chdir("/")
    with pytest.raises(InputError, match=r"corridor\.toml: not found in .*sea"):
        Scenario.load(tmp_path / "other.toml")


def test_of_takes_what_there_is(pilot):
    assert Scenario.of(pilot) is pilot
    assert Scenario.of("one-in-one-out") == pilot


# ------------------------------------------------------------------- what is wrong

WRONG = {
    "weather.wave_ds=0.5": "weather.wave_ds = 0.5: unknown key, .*did you mean 'weather.wave_sd'",
    "wheather.wave_sd=0.5": "unknown key 'wheather'.*did you mean 'weather'",
    "wave_sd=0.5": "did you mean 'weather.wave_sd'",
    "weather.wave_sd=rough": 'weather.wave_sd = "rough": expected a number',
    "weather.wave_sd='0.5'": 'weather.wave_sd = "0.5": expected a number',
    "weather.wave_sd=true": "weather.wave_sd = true: expected a number",
    "weather.wave_sd=nan": "weather.wave_sd = nan: expected a finite number",
    "weather.wave_sd=-1": "weather.wave_sd = -1: expected at least 0",
    "routes.hazard_cost=1e13": r"hazard_cost = 10000000000000\.0: expected .*at most 1e\+12",
    "weather.wave_sd=[1]": r"weather.wave_sd = \[1\]: expected a number",
    "weather.wave_sd=": "weather.wave_sd = : expected a number, true, a date, text",
    "smuggling.design.highest_load=10": "highest_load = 10: expected at least lowest_load = 20",
    "smuggling.design.highest_wave_limit=0.1": "highest_wave_limit = 0.1: expected at least lowest",
    "smuggling.pricing.highest_markup=1.05": "highest_markup = 1.05: expected at least lowest_markup = 1.1",
    "weather=5": "weather = 5: expected a table",
    "start=2025-02-30": "start = .2025-02-30.: expected a date that exists",
    "start=20250101": "start = 20250101: expected a date",
    "start='20250101'": "start = .20250101.: expected a date",
    "start.year=2024": "start is one value",
    "end=2024-12-31": "end = 2024-12-31: expected a date on or after start = 2025-01-01",
    "end=9999-12-31": "end = 9999-12-31: expected a date from",
    "name=5": "name = 5: expected text",
    "name=''": 'name = "": expected 1 to 80 printable characters',
    r'name="a\nb"': "expected 1 to 80 printable characters",
    f"name={'n' * 81}": "expected 1 to 80 printable characters",
    "warmup_days=0": "warmup_days = 0: expected at least 1 ",
    "warmup_days=1.5": "warmup_days = 1.5: expected a whole number",
    "corridor=chanel": "unknown corridor 'chanel'.*did you mean 'channel'",
    f"{QUOTA}=-5": f"{QUOTA} = -5: expected at least 0",
    "policies.returns.quota_by_month=[5, -1]": r"returns.quota_by_month.1 = -1: expected at least 0",
    "policies.returns.ramp_days=4000": "returns.ramp_days = 4000: expected at most 3650",
    "policies.returns.end=2025-08-07": "returns.ramp_days = 56: expected at most 1, the number of days from",
    f"{QUOTA}=fifty": f'{QUOTA} = "fifty": expected a number',
    "policies.returns.quota=5": f"did you mean '{QUOTA}'",
    "policies.retuns.quota_per_week=5": "unknown policy 'retuns'.*did you mean 'returns'",
    "policies.returns.kind=ReturnAgreement": "returns.kind: unknown kind.*did you mean 'ReturnsAgreement'",
    "policies.returns.kind=['LegalRoute']": "returns.kind: unknown kind of policy",
    "policies.returns.end=2025-08-01": "returns.end = 2025-08-01: expected a date after start",
    "policies.returns.announced=2025-09-01": "returns.announced = 2025-09-01: expected a date on or",
    "policies.returns.nationalities=['Irak']": "unknown nationality 'Irak'.*did you mean 'Iraq'",
    "policies.returns.partner=Frankreich": "policies.returns.*Frankreich.*expected one of France",
    "policies.legal_route.matched_to=retuns": "policies.legal_route.*retuns.*did you mean 'returns'",
    "policies.x={start=2025-03-01}": "policies.x",
    "policies=5": "policies = 5: expected a table",
    "no equals sign": "setting 'no equals sign': expected key=value",
}


@pytest.mark.parametrize("setting", WRONG)
def test_what_is_wrong_is_said_in_one_line(pilot, setting):
    with pytest.raises(InputError, match=WRONG[setting]) as caught:
        pilot.with_settings([setting])
    assert "\n" not in str(caught.value)


WRONG_FILES = {
    "start = 2025-01-01\nend = 2025-02-30\n": r"mine.toml, line 2: end = 2025-02-30: expected a date",
    "[policies.returns]\nstart = 2025-13-01\n": "line 2: policies.returns.start = 2025-13-01: expected a",
    "title = 'a'\nthis is not TOML\n": r"mine.toml, line 2: 'this is not TOML': expected TOML",
    "title = 'a\n": r"mine.toml, line 1: .*expected TOML",
    "[policies.returns\n": r"mine.toml, line 1",
    "[policies.returns]\nquota_per_week = 5\n": "returns.kind = nothing given: expected .*ReturnsAgreement",
    "policies.returns = 5\n": "policies.returns = 5: expected a table",
    '[policies.none]\nkind = "LegalRoute"\n': 'policy name "none"',
    '[policies."a b"]\nkind = "LegalRoute"\n': 'policy name "a b": expected letters',
    "extends = 'no-polcy'\n": "unknown scenario 'no-polcy'.*did you mean 'no-policy'",
    "extends = '../../../../etc/hostname'\n": "unknown scenario '../../../../etc/hostname': expected one of",
    "extends = 5\n": "extends = 5: expected the name or path",
    "extends = '~nobody-of-that-name/x.toml'\n": "no such file",
    f"extends = '{'x' * 5000}.toml'\n": r"scenario 'x+\.\.\.': no such file",
    f"{'a.' * 2000}b = 1\n": "a = a value nested too deeply: unknown key",
    "extends = 'mine.toml'\n": "expected a scenario that does not extend itself",
    "extends = 'gone.toml'\n": "gone.toml.*no such file",
    "[policies.bilateral]\nkind = 'BilateralReturns'\n": "policies.bilateral.nationalities",
    "".join(f"[policies.p{n}]\nkind = 'ReturnsAgreement'\nbeds = {n}\n" for n in (2, 3)): (
        "policies.p2.beds = 2: expected 3 or 1, since policies.p3.beds = 3 sets the size of the same pool"
    ),
}


@pytest.mark.parametrize("text", WRONG_FILES)
def test_what_is_wrong_in_a_file_is_said_in_one_line(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=WRONG_FILES[text]) as caught:
        Scenario.load(path)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "bytes.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"bytes\.toml"):
        Scenario.load(path)


def test_a_mark_at_the_beginning_of_a_file_does_no_harm(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\n', encoding="utf-8-sig")
    assert Scenario.load(path).title == "Mine"


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(InputError, match="did you mean 'one-in-one-out'"):
        Scenario.load("one-in-one-ou")


def test_building_in_python_is_checked_alike():
    with pytest.raises(InputError, match=r"weather\.wave_sd = -1"):
        Scenario(weather={"wave_sd": -1})
    with pytest.raises(InputError, match="unknown key"):
        Scenario(wether={})
    named = Scenario(policies={"deal": ReturnsAgreement()})
    assert named.policies["deal"].name == "deal"
