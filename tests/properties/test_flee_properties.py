"""Flee under any case: files changed at random end in a case or in one clear line, and nobody is lost."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.mangling import changes, is_one_clear_line, spoil

from crossings.errors import InputError
from crossings.replicas.flee import small
from crossings.replicas.flee.case import Case, Closure, Road, entries
from crossings.replicas.flee.comparing import compare
from crossings.replicas.flee.model import NOWHERE, FleeModel
from crossings.replicas.flee.reading import read
from crossings.replicas.flee.rules import FleeBlock

UPRIVER = Path(__file__).parents[1] / "cases" / "upriver"
FILES = sorted(path.relative_to(UPRIVER) for path in UPRIVER.rglob("*.csv"))
WORDS = ("Meadow", "2031-03-05", "conflict_zone", "camp", "Ardania")
SPOILT = st.lists(changes(FILES, *WORDS), min_size=1, max_size=3)


def taken_or_refused(spoilt: list[tuple[Any, ...]]) -> None:
    """Spoil a case; it gives one clear line, or runs for some days with everyone accounted for."""
    model, said = None, "a case"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(shutil.copytree(UPRIVER, Path(folder) / "case"))
        for change in spoilt:
            spoil(place, *change)
        try:
            case = read(place)
            model = FleeModel(replace(case, counted=np.minimum(case.counted, 2_000)), FleeBlock(), 1)
        except InputError as error:
            said = str(error)
    assert is_one_clear_line(said), said
    if model is not None:
        for _ in range(min(case.days, 12)):
            model.step()
        accounted(model)


@settings(max_examples=120, deadline=None)
@given(SPOILT)
def test_files_changed_at_random_give_a_case_that_runs_or_one_clear_line(spoilt):
    taken_or_refused(spoilt)


@pytest.mark.slow
@settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
@given(SPOILT)
def test_so_do_thousands_of_them(spoilt):
    taken_or_refused(spoilt)


def accounted(model: FleeModel) -> None:
    """Everyone who entered is at one place, on one road, or gone, and counts say so."""
    people = model.people
    there = (people.place != NOWHERE) & (people.road == NOWHERE)
    on_the_road = people.road != NOWHERE
    assert model.entered == int(there.sum()) + int(on_the_road.sum()) + model.gone
    present = np.bincount(people.place[there], minlength=len(model.case.sites))
    assert np.array_equal(present, [model.at(code) for code in range(len(present))])
    assert (people.km[on_the_road] <= model.roads.km[people.road[on_the_road]]).all()
    assert (people.place[on_the_road] == model.roads.start[people.road[on_the_road]]).all()
    assert model.entered == model.entering[: model.clock.day].sum() + _first(model)


def _first(model: FleeModel) -> int:
    return int(model.case.counted[0].sum()) if model.block.initial_in_camps else 0


KINDS = st.sampled_from(["town", "camp", "idpcamp", "marker", "forwarding_hub", "conflict_zone"])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kinds = {"Source": "conflict_zone", "Camp": "camp"}
    for number in range(draw(st.integers(1, 5))):
        kinds[f"P{number}"] = draw(KINDS)
    names = list(kinds)
    pairs = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda pair: pair[0] != pair[1])
    roads = draw(
        st.lists(
            st.builds(lambda p, km, f: Road(*p, km, f), pairs, st.floats(0.5, 900.0), st.booleans()),
            max_size=9,
        )
    )
    days = draw(st.integers(1, 12))
    camps = sum(kind == "camp" for kind in kinds.values())
    counted = draw(
        st.lists(st.lists(st.integers(0, 60), min_size=camps, max_size=camps), min_size=days, max_size=days)
    )
    closures = draw(
        st.lists(
            st.builds(
                lambda p, kind, start, length: Closure(kind, *p, start, start + length if length else None),
                pairs, st.sampled_from(["link", "location"]), st.integers(0, 9), st.integers(0, 4),
            ),
            max_size=3,
        )
    )  # fmt: skip
    case = small.made(kinds, [], counted, capacity=draw(st.sampled_from([0.0, 1.0, 30.0])), closures=closures)
    return replace(case, roads=tuple(roads))


@settings(max_examples=60, deadline=None)
@given(
    cases(),
    st.builds(
        FleeBlock,
        awareness=st.integers(0, 4),
        whole_day_each_road=st.booleans(),
        camps_are_sinks=st.booleans(),
        empty_camps=st.booleans(),
        initial_in_camps=st.booleans(),
        first_road_on_foot=st.booleans(),
        least_room=st.sampled_from([0.0, 0.5, 1.0]),
    ),
)
def test_nobody_is_lost_or_made_in_any_world(case, rules):
    model = FleeModel(case, rules, 1)
    while model.running:
        model.step()
        accounted(model)
        camps = model.case.camps
        assert model.simulated[model.clock.day - 1].tolist() == [model.at(code) for code in camps]
    found = compare(model.case, [model.simulated])
    ard, rescaled = found.ard[0], found.rescaled[0]
    assert ((ard >= 0.0) | np.isnan(ard)).all()
    assert ((rescaled >= 0.0) & (rescaled <= 2.0 + 1e-9) | np.isnan(rescaled)).all()


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=40))
def test_as_many_enter_as_the_highest_count_above_the_first(steps):
    counted = np.maximum(np.cumsum([50, *steps]), 0)[:, None]
    entering = entries(counted)
    assert (entering >= 0).all()
    assert entering.cumsum().tolist() == (np.maximum.accumulate(counted[:, 0]) - counted[0, 0]).tolist()
