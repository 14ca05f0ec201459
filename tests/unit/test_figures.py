"""Figures draw the data they are given, say where it comes from, and can be read."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from tests.pages import colliding, outside, said, written

import crossings as cx
from crossings import corridors
from crossings.errors import InputError
from crossings.outcomes.provenance import LIMITS
from crossings.views import beliefs, burden, cost, differences, dose, effects, flows, pipeline, trade
from crossings.views import map as maps
from crossings.views.sheet import BAND, Made
from crossings.views.style import COLOURS

SEASON = {"start": "2025-08-01", "end": "2025-09-28", "warmup_days": 60}
NAMES = ("no-policy", "one-in-one-out")


@pytest.fixture(scope="module")
def runs() -> list[cx.Result]:
    return [
        cx.run(cx.Scenario.load(name).with_(**SEASON), seed=seed, events=True)
        for name in NAMES
        for seed in (1, 2)
    ]


@pytest.fixture(scope="module")
def comparison():
    pilot = cx.Scenario.load("one-in-one-out").with_(**SEASON)
    patrols = {"kind": "BeachPatrolling", "start": "2025-08-10"}
    others = [
        pilot,
        cx.Scenario.load("no-policy").with_(**SEASON, name="patrols").replace("policies.p", patrols),
    ]
    return cx.compare(cx.Scenario.load("no-policy").with_(**SEASON), *others, seeds=4, processes=1)


@pytest.fixture(scope="module")
def doses(comparison) -> pd.DataFrame:
    return pd.DataFrame(
        {"dose": [0, 50, 200], "effect": [0, -0.1, -0.3], "low": [0, -0.15, -0.5], "high": [0, -0.05, -0.2]}
    )


@pytest.fixture(scope="module")
def every(runs, comparison, doses):
    """Every figure of the house, once."""
    return {
        "effects": effects.draw(comparison),
        "cost": cost.draw(comparison),
        "dose": dose.draw(doses, Made.by(comparison), dose="returns a week"),
        "trade": trade.draw(runs),
        "beliefs": beliefs.draw(runs),
        "beliefs of one": beliefs.draw(runs[2]),
        "burden": burden.draw(runs),
        "burden of one": burden.draw(runs[0]),
        "pipeline": pipeline.draw(runs),
        "map": maps.draw(runs[2]),
    }


def test_nothing_leaves_the_page_or_covers_other_words(every):
    for name, panels in every.items():
        assert outside(panels.figure) == [], name
        assert colliding(panels.figure) == [], name


def test_the_check_of_layout_finds_a_collision_and_a_text_outside():
    figure = Figure(figsize=(3, 2))
    figure.add_artist(Text(0.5, 0.5, "one"))
    for place, text in ((0.1, "here"), (0.1, "there"), (0.95, "much too far to the right")):
        figure.text(place, 0.5, text)
    assert colliding(figure) == [("here", "there")]
    assert outside(figure) == ["much too far to the right"]


def test_no_panel_is_empty(every):
    for name, panels in every.items():
        for axes in panels:
            assert axes.has_data() or axes.collections, (name, axes.get_title("left"))


@pytest.mark.parametrize("kind", ["png", "pdf", "svg"])
def test_every_file_says_what_made_it(every, tmp_path, kind):
    for name, panels in every.items():
        path = tmp_path / f"{name}.{kind}"
        panels.savefig(path)
        if kind == "png":
            with Image.open(path) as picture:
                about = picture.text
            assert about["Disclaimer"] == LIMITS, name
            assert about["Version"].startswith("crossings "), name
            assert "Seeds" in about
            assert "one-in-one-out" in about["Scenarios"] or "no-policy" in about["Scenarios"]
        small = said(panels.figure).replace("\n", " ")
        assert all(part in small for part in LIMITS.split(". ")), name
        assert "Seeds: " in small


def test_colours_are_those_of_the_palette(every):
    allowed = {colour.lower() for colour in COLOURS}
    for panels in (every["trade"], every["pipeline"], every["effects"]):
        for axes in panels:
            bold = [line for line in axes.get_lines() if line.get_linewidth() > 1 and len(line.get_xdata())]
            assert {to_hex(line.get_color()) for line in bold} <= allowed


# what is drawn is what was given -------------------------------------------------------------------


def test_effects_are_those_of_the_comparison(every, comparison):
    arrivals, others = every["effects"]
    found = comparison.effects()
    means = [
        line.get_xdata()[0]
        for line in arrivals.get_lines()
        if line.get_marker() in "os" and line.get_marker()
    ]
    given = [100 * found.loc[(label, "arrivals"), "effect"] for label in comparison.labels[1:]]
    assert means == pytest.approx(given)
    bars = [line.get_xdata() for line in arrivals.get_lines() if line.get_linewidth() > 2]
    ends = [
        [100 * found.loc[(label, "arrivals"), end] for end in ("low", "high")]
        for label in comparison.labels[1:]
    ]
    np.testing.assert_allclose(bars, ends)
    dots = [line.get_xdata() for line in arrivals.get_lines() if line.get_marker() == "."]
    assert [len(each) for each in dots] == [4, 4]
    assert "people who died trying to cross" in said(others.figure)


def test_of_several_policies_each_row_has_its_name(every, comparison):
    others = every["effects"][1]
    rows = {label.get_position()[1]: label.get_text() for label in others.get_yticklabels()}
    marks = [line for line in others.get_lines() if line.get_marker() in ("o", "s")]
    assert [rows[line.get_ydata()[0]] for line in marks] == [*comparison.labels[1:]] * len(effects.BESIDE)
    headings = [text for text in rows.values() if text not in comparison.labels]
    assert headings == list(effects.BESIDE.values())


def test_long_names_of_scenarios_stay_on_the_page():
    season = SEASON | {"end": "2025-08-24", "people_per_agent": 10}
    names = [f"{word}, a scenario with a very long name that says every difference it has" for word in "abc"]
    setting = cx.Scenario.load("no-policy").with_(**season)
    short = cx.compare(*(setting.with_(name=name) for name in names), seeds=2, processes=1)
    runs = [cx.run(setting.with_(name=name), seed=1) for name in names[:2]]
    for figure in (
        effects.draw(short).figure,
        cost.draw(short).figure,
        short.plot(),
        short.plot_effects(),
        beliefs.draw([*runs, cx.run(setting.with_(name=names[2]), seed=1)]).figure,
        *(each.draw(runs).figure for each in (trade, pipeline, burden, beliefs)),
    ):
        assert outside(figure) == []
        assert colliding(figure) == []


def test_more_beliefs_than_fit_beside_each_other_are_refused(runs):
    many = [replace(runs[0], name=f"scenario {n}") for n in range(beliefs.MOST + 1)]
    with pytest.raises(InputError, match=f"at most {beliefs.MOST} scenarios, got {len(many)}"):
        beliefs.draw(many)


def test_differences_that_are_none_are_drawn_at_zero():
    noise = differences.Panel("removed", {"pilot": (3e-17, 0.0, 6e-17)})
    figure = differences.draw([noise], "no-policy", (1, 2), "some dates", "crossings 0.1.0")
    (axes,) = figure.axes
    assert axes.get_lines()[0].get_xdata()[0] == 0.0
    assert axes.get_xlim()[1] > 1e-3
    assert figure.about["Scenarios"] == "no-policy, pilot"
    assert "Scenarios: no-policy, pilot. Seeds: 1, 2." in said(figure)


def test_names_cover_no_mark(every):
    for name, at in (("cost", 0), ("burden", 1)):
        axes = every[name][at]
        axes.figure.canvas.draw()
        for legend in (axes.get_legend(), *axes.figure.legends):
            assert legend is None or not legend.get_window_extent().overlaps(axes.get_window_extent()), name


def test_changes_of_other_outcomes_are_paired(every, comparison):
    others = every["effects"][1]
    opening = comparison.effects()["start"].iloc[0]
    table = comparison.table(opening)
    drawn = {line.get_xdata()[0] for line in others.get_lines() if line.get_marker() in ("o", "s")}
    for outcome in ("attempts", "waiting_mean", "cost_gbp"):
        for label in comparison.labels[1:]:
            row = table.loc[(label, outcome)]
            assert min(abs(x - 100 * row["difference"] / row["base"]) for x in drawn) < 1e-9


def test_cost_and_arrivals_of_each_policy(every, comparison):
    (axes,) = every["cost"]
    table = comparison.table()
    for line, label in zip((c for c in axes.containers), comparison.labels[1:], strict=True):
        mark = line.lines[0]
        assert mark.get_xdata()[0] == pytest.approx(table.loc[(label, "cost_gbp"), "difference"] / 1e6)
        assert mark.get_ydata()[0] == pytest.approx(table.loc[(label, "arrivals"), "difference"])
    assert "deaths" in said(axes.figure)


def test_dose_and_response(doses, comparison):
    table = doses.assign(least=doses["low"] - 0.1, most=doses["high"] + 0.1)
    (axes,) = dose.draw(table, Made.by(comparison), dose="returns a week", wider=("least", "most"))
    line = axes.containers[0].lines[0]
    np.testing.assert_allclose(line.get_xdata(), table["dose"])
    np.testing.assert_allclose(line.get_ydata(), 100 * table["effect"])
    band = axes.collections[0].get_paths()[0].vertices
    assert band[:, 1].min() == pytest.approx(-60)
    assert "uncertainty of parameters" in said(axes.figure).replace("\n", " ")
    split = pd.concat([table.assign(policy="one"), table.assign(policy="two")])
    (axes,) = dose.draw(split, Made.by(comparison), dose="returns a week", split="policy")
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["one", "two"]


def test_a_sweep_draws_its_own_dose_and_response(tmp_path):
    axis = "policies.returns.quota_per_week"
    base = cx.Scenario.load("one-in-one-out").with_(start="2025-08-01", end="2025-08-24", warmup_days=40)
    sweep = cx.Sweep(base, {axis: [0.0, 300.0]}, replications=2, out=tmp_path / "doses")
    sweep.run(processes=1)
    (axes,) = dose.of_sweep(sweep, axis, 0.0, told="returns a week")
    found = sweep.differences({axis: 0.0}).reset_index()
    line = axes.containers[0].lines[0]
    np.testing.assert_allclose(line.get_xdata(), [0.0, 300.0])
    np.testing.assert_allclose(line.get_ydata(), 100 * found["difference"] / found["base"])
    assert outside(axes.figure) == []
    assert f"crossings {cx.__version__}" in said(axes.figure)
    with pytest.raises(InputError, match="of that alone"):
        dose.of_sweep(sweep, "inflow.scale", 1.0)


def test_a_table_of_doses_must_be_one(doses, comparison):
    with pytest.raises(InputError, match="low"):
        dose.draw(doses.drop(columns="low"), Made.by(comparison), dose="returns")
    with pytest.raises(InputError, match="at least one row"):
        dose.draw(doses.iloc[:0], Made.by(comparison), dose="returns")


def test_prices_are_weekly_means_with_medians_and_bands(every, runs):
    axes = every["trade"][0]
    weekly = np.array(
        [run.daily["price"].to_numpy(float)[:56].reshape(8, 7).mean(axis=1) for run in runs[:2]]
    )
    np.testing.assert_allclose(axes.get_lines()[0].get_ydata(), np.median(weekly, axis=0))
    low, high = np.percentile(weekly, BAND, axis=0)
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(low.min())
    assert band.max() == pytest.approx(high.max())


def test_flows_are_sums_and_levels_are_means(runs):
    starts, arrivals = trade.by_week(runs[0], "arrivals")
    assert len(starts) == 8
    assert arrivals.sum() == runs[0].daily["arrivals"].to_numpy()[:56].sum()


def test_beliefs_are_means_by_group(every, runs):
    (first, *_) = every["beliefs of one"]
    name = beliefs._largest([runs[2]], 1)[0]
    told = runs[2].beliefs().astype({"group": str, "belief": str})
    given = told[(told["group"] == name) & (told["belief"] == "stop")].sort_values("date")["mean"]
    drawn = [line.get_ydata() for line in first.get_lines() if line.get_linewidth() > 1]
    assert any(len(y) == len(given) and np.allclose(y, 100 * given) for y in drawn)


def test_burden_leaves_nobody_out_but_those_at_home(every, runs):
    table = burden.standing(runs[:2])
    ends = pd.concat([run.ends() for run in runs[:2]]).astype({"group": str, "country": str, "state": str})
    abroad = ends[ends["country"] != ends["group"]]
    away = abroad[~abroad["state"].isin(["origin", "stayed_origin", "went_home", "removed"])]
    assert table.to_numpy().sum() == pytest.approx(away["people"].sum() / 2)
    axes = every["burden of one"][0]
    widths = sum(bar.get_width() for bar in axes.patches)
    alone = burden.standing([runs[0]])
    chosen = alone.sum(axis=1).sort_values(ascending=False).index[:9]
    assert 1000 * widths == pytest.approx(alone.loc[chosen].to_numpy().sum())


def test_differences_of_burden_are_between_scenarios(every, runs):
    axes = every["burden"][1]
    without, with_policy = burden.standing(runs[:2]).sum(axis=1), burden.standing(runs[2:]).sum(axis=1)
    drawn = {
        label.get_text(): bar.get_width()
        for label, bar in zip(axes.get_yticklabels(), axes.patches, strict=True)
    }
    for country, width in drawn.items():
        assert width == pytest.approx(with_policy.get(country, 0.0) - without[country])


def test_times_agree_with_life_lines(runs):
    pilot = runs[2]
    vetting = pipeline.STAGES[3]
    days = pipeline.stays(pilot, vetting)
    steps = pilot.events().astype({"to": str, "from": str})
    left = steps[(steps["from"] == "vetting") & (steps["to"] != "vetting")]
    assert len(days) == len(left)
    assert np.all(days >= 0)
    unfollowed = replace(pilot, steps=None)
    assert len(pipeline.stays(unfollowed, vetting)) == 0
    detained = pipeline.STAGES[0]
    left_detention = pilot.daily["returned"].sum() + pilot.daily["bailed"].sum()
    assert pipeline.mean_days(pilot, detained) == pytest.approx(
        pilot.daily["detained_stock"].sum() / left_detention
    )
    assert np.isnan(pipeline.mean_days(runs[0], detained))


def test_runs_of_different_dates_do_not_mix(runs):
    other = replace(runs[1], end=date(2025, 9, 1))
    with pytest.raises(InputError, match="expected the dates of"):
        trade.draw([runs[0], other])
    with pytest.raises(InputError, match="at least one"):
        trade.draw([])


# the map --------------------------------------------------------------------------------------------


def test_circles_are_attempts_and_lines_are_flows(every, runs):
    pilot = runs[2]
    counted = flows.count(pilot)
    assert counted.attempts.sum() == pilot.daily["attempts"].sum()
    ways, coast = every["map"]
    sizes = next(c for c in coast.collections if len(c.get_offsets()) == len(counted.sites)).get_sizes()
    total = counted.attempts.sum(axis=1)
    np.testing.assert_allclose(sizes / sizes.max(), total / total.max())
    widths = next(c for c in ways.collections if len(c.get_linewidth()) > 5).get_linewidth()
    people = counted.people.sum(axis=1)[maps._legs_shown(counted, coastal=False)]
    np.testing.assert_allclose(np.array(widths) / max(widths), people / people.max())


def test_flows_on_legs_are_journeys(runs):
    counted = flows.count(runs[2])
    total = dict(zip(counted.legs, counted.people.sum(axis=1), strict=True))
    daily = runs[2].daily
    reached = sum(
        n
        for (_, end, mode), n in total.items()
        if mode == "land" and end in ("Calais", "Dunkirk", "Boulogne")
    )
    returned_to_camp = total["French reception", "Calais", "land"]
    assert reached - returned_to_camp == daily["reached_coast"].sum()
    assert total["Calais", "Dover", "lorry"] == daily["lorry_arrivals"].sum()
    boats = sum(n for (_, _, mode), n in total.items() if mode == "boat")
    assert boats == daily["arrivals"].sum()


def test_a_map_needs_life_lines(runs):
    with pytest.raises(InputError, match="events=True"):
        maps.draw(replace(runs[0], steps=None))
    with pytest.raises(InputError, match=r"\.gif"):
        maps.animate(runs[0], "season.mp4")


def test_the_animation_has_a_frame_for_each_week(runs, tmp_path):
    done = []
    path = maps.animate(runs[2], tmp_path / "season.gif", progress=lambda at, of: done.append((at, of)))
    with Image.open(path) as picture:
        assert picture.n_frames == 9 == len(done)
        assert LIMITS.encode() in picture.info["comment"]
        first, last = (np.asarray(_frame(picture, n)) for n in (0, 8))
    assert (first != last).any()


def _frame(picture, number):
    picture.seek(number)
    return picture.convert("RGB")


def test_every_place_of_the_corridor_is_named_once(every):
    texts = [text.get_text() for text in written(every["map"].figure)]
    for place in corridors.load().places:
        assert texts.count(place.name) == (0 if place.kind == "state" else 1)


# what any figure may be given ------------------------------------------------------------------------


def test_a_map_without_land_names_the_ends_of_its_ways():
    world = cx.Scenario.load("no-policy").with_(**SEASON | {"end": "2025-08-10"}, corridor="aegean")
    ways, _ = panels = maps.draw(cx.run(world, seed=1, events=True))
    named = [text.get_text() for text in ways.texts]
    assert "Izmir" in named
    assert outside(panels.figure) == []
    low, high = ways.get_ylim()
    for line in next(c for c in ways.collections if isinstance(c, LineCollection)).get_segments():
        assert low < min(line[:, 1]) <= max(line[:, 1]) < high


def test_one_pair_is_said_to_have_no_interval():
    season = SEASON | {"end": "2025-08-24", "people_per_agent": 10}
    one = cx.compare(*(cx.Scenario.load(name).with_(**season) for name in NAMES), seeds=1, processes=1)
    for figure in (effects.draw(one).figure, cost.draw(one).figure, one.plot_effects()):
        words = said(figure).replace("\n", " ")
        assert "95%" not in words
        assert "pair" in words.lower()
        assert outside(figure) == colliding(figure) == []
