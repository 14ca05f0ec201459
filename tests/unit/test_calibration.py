"""Calibration finds what is there to be found, says what is not, and goes on where it was stopped.

The toy (`tests.histories`) has a known truth for two parameters; the third moves demand alone.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.histories import TRUE_EFFECT, TRUE_MEAN, toy
from tests.pages import colliding, outside

import crossings as cx
from crossings.corridors.observed import observed
from crossings.errors import InputError
from crossings.study.calibration import FREE, HISTORY, Calibration, Free, axes, cube, posterior
from crossings.study.posteriors import Posterior
from crossings.study.targets import targets
from crossings.views.calibration import draw

THREE = (
    Free("weather.wave_mean", "wave height"),
    Free("enforcement.patrols.patrol_effect", "patrols"),
    Free("values.level", "level"),
)
ABOUT = {
    "command": "crossings calibrate", "version": "0", "identity": "0", "seed": 1, "draws_run": 40,
    "draws_full": 3000, "draws_failed": 0, "passes": 2, "people_per_agent": 1,
}  # fmt: skip


def planned(folder, draws=40):
    return Calibration.plan(draws, free=THREE, out=folder, run=toy)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    plan = planned(tmp_path_factory.mktemp("calibration") / "store")
    plan.run(processes=1)
    emulators = plan.learn()
    return plan, emulators, posterior(emulators, 3, 300, steps=200)


def test_the_truth_is_found(fitted):
    """Posterior medians lie within two posterior standard deviations: false alarm about one in 20 at worst.

    The seed is fixed, so it does not alarm by chance from day to day.
    """
    plan, emulators, chains = fitted
    found = Posterior.of(plan, emulators, chains, ABOUT)
    for key, true in (("weather.wave_mean", TRUE_MEAN), ("enforcement.patrols.patrol_effect", TRUE_EFFECT)):
        values = found.values[key]
        assert abs(values.median() - true) < 2 * values.std()
        assert values.std() < 0.5 * _prior_sd(plan, key)


def _prior_sd(plan, key):
    (axis,) = [each for each in plan.axes if each.name == key]
    return (axis.span.high - axis.span.low) / np.sqrt(12)


def test_what_nothing_bears_on_keeps_its_prior_and_is_said_to(fitted):
    plan, emulators, chains = fitted
    found = Posterior.of(plan, emulators, chains, ABOUT)
    told = {each["key"]: each for each in found.about["parameters"]}
    assert told["weather.wave_mean"]["moved"]
    assert told["enforcement.patrols.patrol_effect"]["moved"]
    assert not told["values.level"]["moved"]
    assert abs(told["values.level"]["narrower"]) < 0.2


def test_emulators_say_how_well_they_predict(fitted):
    _, emulators, _ = fitted
    assert emulators.patterns["crossing_days@month-06"].explained > 0.8
    assert emulators.patterns["after_none@2021-2024"].explained < 0.3


def test_demand_follows_the_draw_and_has_the_chance_of_a_run(fitted):
    """The toy wants exp(level - 1) with a log standard deviation of .05."""
    plan, emulators, chains = fitted
    level = Posterior.of(plan, emulators, chains, ABOUT).values["values.level"].to_numpy()
    errors = np.log(chains.demand[:, 0]) - (level - 1.0)
    assert np.corrcoef(np.log(chains.demand[:, 0]), level)[0, 1] > 0.9
    assert 0.03 < errors.std() < 0.09


def test_the_same_seed_gives_the_same_posterior(fitted):
    _, emulators, chains = fitted
    again = posterior(emulators, 3, 300, steps=200)
    assert np.array_equal(again.points, chains.points)
    assert np.array_equal(again.demand, chains.demand)


def test_more_draws_go_on_from_those_that_are_there(tmp_path):
    few, many = planned(tmp_path / "store", 6), planned(tmp_path / "store", 9)
    assert few.run(processes=1).made == 6
    summary = many.run(processes=1)
    assert (summary.earlier, summary.made) == (6, 3)
    assert np.array_equal(many.points[:6], few.points)
    assert len(many.done()[1]) == 9


def test_every_draw_has_chance_of_its_own(tmp_path):
    plan = planned(tmp_path / "store", 5)
    assert [point["weather.seed"] for point in plan.sweep.points] == [1, 2, 3, 4, 5]


def test_too_few_draws_are_refused(tmp_path):
    plan = planned(tmp_path / "store", 5)
    plan.run(processes=1)
    with pytest.raises(InputError, match="draws = 5: expected at least 20"):
        plan.learn()


def test_priors_are_the_ranges_that_parameters_declare():
    base = cx.Scenario.load(HISTORY)
    spans = {axis.name: axis.span for axis in axes(base)}
    assert (spans["values.level"].low, spans["values.level"].high) == (0.6, 1.6)
    assert spans["choices.rationality"].log
    for each in FREE:
        base.replace(each.key, spans[each.key].low)
        base.replace(each.key, spans[each.key].high)
    with pytest.raises(InputError, match=r"weather\.wave: expected a parameter with a plausible range"):
        axes(base, (Free("weather.wave", "none"),))


def test_nothing_after_2024_is_fitted_and_no_policy():
    names = [target.name for target in targets(observed())]
    assert len(names) == len(set(names)) == 12 + 2 + 4 + 3
    assert not any("2025" in name or "people of" in name for name in names)


def test_the_sequence_is_even_and_grows():
    points = cube(256, 3, 1)
    assert np.array_equal(cube(300, 3, 1)[:256], points)
    assert np.abs(points.mean(axis=0) - 0.5).max() < 0.02


# ------------------------------------------------------------------------- the posterior


def test_a_posterior_is_read_back_as_it_was_written(fitted, tmp_path):
    plan, emulators, chains = fitted
    found = Posterior.of(plan, emulators, chains, ABOUT)
    found.save(tmp_path)
    back = Posterior.load(tmp_path)
    assert np.allclose(back.values, found.values, rtol=1e-5)
    assert np.allclose(back.demand, found.demand, rtol=1e-5)
    assert back.about == found.about


def test_a_posterior_is_drawn_beside_its_prior(fitted):
    plan, emulators, chains = fitted
    found = Posterior.of(plan, emulators, chains, ABOUT)
    panels = draw(found)
    assert not outside(panels.figure)
    assert not colliding(panels.figure)
    for panel, key in zip(panels, found.values, strict=True):
        assert sum(patch.get_height() for patch in panel.patches[1:]) == len(found), key


def test_a_folder_that_is_no_posterior_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"expected a folder with draws\.csv and about\.json"):
        Posterior.load(tmp_path)
    (tmp_path / "about.json").write_text("{}", encoding="utf-8")
    (tmp_path / "draws.csv").write_text("values.level\n1.0\n", encoding="utf-8")
    with pytest.raises(InputError, match="expected numbers in columns demand@2021"):
        Posterior.load(tmp_path)
    heads = ",".join(["values.levle", *(f"demand@{year}" for year in range(2021, 2026))])
    (tmp_path / "draws.csv").write_text(f"{heads}\n{','.join(['1'] * 6)}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"did you mean 'values\.level'"):
        Posterior.load(tmp_path)


def test_draws_are_settings_of_scenarios_past_and_present(fitted):
    plan, emulators, chains = fitted
    found = Posterior.of(plan, emulators, chains, ABOUT)
    past = cx.Scenario.load(HISTORY).with_(**found.history(3))
    assert past.inflow.yearly_scale == pytest.approx(tuple(found.demand.iloc[3]), rel=1e-4)
    assert past.weather.wave_mean == found.values["weather.wave_mean"].iloc[3]
    present = cx.Scenario.load("no-policy").with_(**found.behaviour(3))
    assert present.inflow.yearly_scale == ()
    assert found.behaviour(300 + 3) == found.behaviour(3)


def test_draws_are_spread_over_the_posterior(fitted):
    plan, emulators, chains = fitted
    found = Posterior.of(plan, emulators, chains, ABOUT)
    chosen = found.spread_out(300)
    assert sorted(chosen) == list(range(300))
    assert found.spread_out(12) == chosen[:12]
    assert np.diff([0, *sorted(chosen[:12]), 300]).max() < 60
    for count in (0, 301):
        with pytest.raises(InputError, match="expected 1 to 300 draws"):
            found.spread_out(count)


def test_the_shipped_posterior_lies_in_the_priors_and_says_what_made_it():
    found = Posterior.load()
    spans = {axis.name: axis.span for axis in axes(cx.Scenario.load(HISTORY))}
    assert set(found.values.columns) == set(spans)
    for key, span in spans.items():
        assert found.values[key].between(span.low * (1 - 1e-5), span.high * (1 + 1e-5)).all()
    assert found.about["draws_run"] > 0
    assert found.about["command"].startswith("crossings calibrate")
