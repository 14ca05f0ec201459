"""What the app runs and draws, without a browser."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from tests.pages import colliding, outside

import crossings as cx
from crossings.errors import InputError
from crossings.scenario import Scenario
from crossings.views import app_panels
from crossings.views.app_model import PATROLS, SLIDERS, AppModel, adjusted, archive


@pytest.fixture(scope="module")
def model():
    made = AppModel(setting="one-in-one-out", seed=1, returns=2.0, places=0.5, patrols=1.5)
    for _ in range(70):
        made.step()
    return made


def test_sliders_multiply_what_the_scenario_says():
    pilot = cx.Scenario.load("one-in-one-out")
    twice = adjusted(pilot, returns=2.0, places=0.5, patrols=1.5)
    assert twice.policies["returns"].quota_per_week == 2 * pilot.policies["returns"].quota_per_week
    assert twice.policies["legal_route"].matching == 0.5 * pilot.policies["legal_route"].matching
    assert twice.policies[PATROLS].teams == 1.5
    monthly = cx.Scenario.load("one-in-one-out-as-implemented")
    quotas = monthly.policies["returns"].quota_by_month
    assert list(adjusted(monthly, returns=2.0).policies["returns"].quota_by_month) == [2 * n for n in quotas]


@pytest.mark.parametrize("name", Scenario.shipped())
def test_every_scenario_stands_every_end_of_the_sliders(name):
    scenario = cx.Scenario.load(name)
    assert adjusted(scenario) == scenario
    for end in ("min", "max"):
        ends = {slider: SLIDERS[slider][end] for slider in ("returns", "places", "patrols")}
        assert adjusted(scenario, **ends).name == name


def test_it_opens_past_its_warm_up_and_resets_as_mesa_does(model):
    again = type(model)(setting="no-policy", seed=2, returns=1.0, places=1.0, patrols=1.0)
    assert (again.done, again.running) == (0, True)
    assert not again.has_returns
    assert not again.has_legal_route
    assert model.done == 70
    assert model.has_returns
    with pytest.raises(InputError, match="did you mean"):
        AppModel(setting="no-polciy")


def test_numbers_are_those_of_the_run(model):
    whole = model.result().daily
    lived = whole.iloc[:70]
    found = app_panels.totals(model)
    assert found["arrivals"] == lived["arrivals"].sum() > 0
    assert found["waiting"] == lived["waiting"].iloc[-1]


def test_panels_draw_what_was_lived_through(model):
    weeks = app_panels.draw_weeks(model)
    arrivals = app_panels.seen(model).daily["arrivals"].to_numpy()
    np.testing.assert_array_equal(
        weeks.axes[0].get_lines()[0].get_ydata(), arrivals.reshape(10, 7).sum(axis=1)
    )
    sizes = next(
        c
        for c in app_panels.draw_map(model).axes[0].collections
        if hasattr(c, "get_sizes") and len(c.get_sizes()) > 1
    ).get_sizes()
    by = app_panels.seen(model).by
    recent = by[(by["outcome"] == "launches") & (by["date"] > by["date"].max() - pd.Timedelta(days=28))]
    boats = recent.groupby("key", observed=True)["value"].sum()
    order = [site.name for site in model.corridor.sites]
    np.testing.assert_allclose(sizes, [260 * boats.get(name, 0.0) / boats.max() for name in order])


def test_each_count_has_a_scale_of_its_own(model):
    found = app_panels.seen(model).daily.iloc[:70]
    for draw in (app_panels.draw_weeks, app_panels.draw_pipeline):
        panels = draw(model).axes
        assert len(panels) == 4
        for axes in panels:
            (line,) = axes.get_lines()
            highest = line.get_ydata().max()
            assert highest < axes.get_ylim()[1] <= max(5.0, 1.2 * highest)
    dying = app_panels.draw_weeks(model).axes[1]
    assert dying.get_title("left") == "dying in the attempt"
    np.testing.assert_array_equal(
        dying.get_lines()[0].get_ydata(), found["deaths"].to_numpy().reshape(10, 7).sum(axis=1)
    )


@pytest.mark.parametrize(
    "draw", [app_panels.draw_map, app_panels.draw_weeks, app_panels.draw_pipeline, app_panels.draw_beliefs]
)
def test_panels_can_be_read(model, draw):
    for run in (model, AppModel(seed=3)):  # well under way, and about to begin
        figure = draw(run)
        assert outside(figure) == []
        assert colliding(figure) == []


def test_the_run_so_far_in_one_file(model):
    with ZipFile(BytesIO(archive(model))) as packed:
        daily = pd.read_parquet(BytesIO(packed.read("crossings-run/daily.parquet")))
    assert daily["arrivals"].sum() == app_panels.totals(model)["arrivals"]
