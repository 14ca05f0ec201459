"""Whatever a scenario holds survives TOML, and whatever is typed ends in a scenario or in one line."""

from __future__ import annotations

import tomllib
from datetime import date

import hypothesis.strategies as st
from hypothesis import assume, given, settings

from crossings.errors import InputError
from crossings.parameters import Described
from crossings.scenario import Scenario, parameters
from crossings.scenario_text import parse_setting, value_text, write

BASE = Scenario.load("one-in-one-out")
ROOMS = [row for row in parameters() if not row.path.startswith("policies.")]
NUMBERS = [
    row
    for row in ROOMS
    if row.low is not None
    and row.high is not None
    and isinstance(row.default, (int, float))
    and not isinstance(row.default, bool)
]

KEYS = ["start", "end", "name", "warmup_days", "weather.wave_sd", "policies.returns", "policies", ""]
GROUPS = ["Iran", "Iraq", "Syria", "Vietnam"]

words = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20)
values = st.recursive(
    st.booleans() | st.integers(-(2**62), 2**62) | st.floats(allow_nan=False) | words | st.dates(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=6,
)
tables = st.recursive(
    st.dictionaries(words, values, max_size=3),
    lambda inner: st.dictionaries(words, inner | values, max_size=3),
    max_leaves=8,
)


def _places(matched_to: str | None) -> st.SearchStrategy[dict[str, object]]:
    """Return where the places of the legal route come from: returns, or so many a week."""
    weekly = st.just(0.0) if matched_to else st.floats(0.1, 500.0)
    keys = "policies.legal_route.matched_to", "policies.legal_route.places_per_week"
    return weekly.map(lambda places: dict(zip(keys, (matched_to, places), strict=True)))


@st.composite
def changes(draw: st.DrawFn) -> dict[str, object]:
    """Return plausible values for some parameters of the rooms, and dates and policies."""

    def plausible(row: Described) -> object:
        if isinstance(row.default, int):
            return draw(st.integers(int(row.low), int(row.high)))
        return draw(st.floats(row.low, row.high))

    rows = draw(st.lists(st.sampled_from(NUMBERS), max_size=5, unique_by=lambda row: row.path))
    start = draw(st.dates(date(2018, 1, 1), date(2030, 1, 1)))
    return {
        **{row.path: plausible(row) for row in rows},
        "title": draw(words),
        "start": start,
        "end": draw(st.dates(start, date(2031, 1, 1))),
        "policies.returns.quota_per_week": draw(st.floats(0, 900)),
        "policies.returns.announced_chance": draw(st.none() | st.floats(0, 1)),
        "policies.returns.nationalities": draw(st.lists(st.sampled_from(GROUPS), max_size=3, unique=True)),
        "policies.returns.end": draw(st.none() | st.dates(date(2025, 12, 1), date(2030, 1, 1))),
        **draw(st.sampled_from(["returns", None]).flatmap(_places)),
    }


@given(changes())
@settings(max_examples=60, deadline=None)
def test_a_scenario_survives_toml(changed):
    try:
        scenario = BASE.with_(**changed)
    except InputError:  # rooms may refuse some pairs of plausible values
        assume(False)
    text = scenario.to_toml()
    again = Scenario.from_toml(text)
    assert again == scenario
    assert again.to_toml() == text
    assert tomllib.loads(scenario.to_toml(comments=True)) == tomllib.loads(text)
    assert scenario.with_(**{key: scenario.as_dict()[key] for key in ("title", "start", "end")}) == scenario


@given(tables)
@settings(max_examples=150, deadline=None)
def test_any_table_survives_toml(table):
    assert tomllib.loads(write(table)) == table


@given(st.from_regex(r"[a-z_]{1,8}(\.[a-z_]{1,8}){0,2}", fullmatch=True), values)
@settings(max_examples=100, deadline=None)
def test_a_value_survives_the_command_line(key, value):
    assert parse_setting(f"{key}={value_text(value)}") == (key, value)


@given(st.sampled_from(KEYS) | words, words)
@settings(max_examples=150, deadline=None)
def test_anything_typed_ends_in_a_scenario_or_in_one_line(key, text):
    try:
        scenario = BASE.with_settings([f"{key}={text}"])
    except InputError as error:
        said = str(error)
    else:
        said = "scenario"
        assert Scenario.from_toml(scenario.to_toml()) == scenario
    assert len(said.splitlines()) == 1
