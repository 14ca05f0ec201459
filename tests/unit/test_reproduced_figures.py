"""What each published experiment shows in its figure is what was found, beside what was published."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest
from matplotlib.figure import Figure

from crossings.views import reproduced
from crossings.views.reproduced_panels import PANELS


def panel(name, tables, published=None):
    axes = Figure().add_subplot()
    PANELS[name](axes, tables, published or {})
    return axes


def labels(axes):
    return [label.get_text() for label in axes.get_xticklabels()]


def curves(axes):
    """Return what every errorbar's line shows, by its label."""
    return {each.get_label(): each.lines[0].get_ydata().tolist() for each in axes.containers}


def ends(container):
    """Return low and high ends of an errorbar's intervals, of those that are known."""
    return [tuple(segment[:, 1]) for segment in container.lines[2][0].get_segments() if len(segment)]


@pytest.mark.parametrize("known", [True, False])
def test_repeated_trials_shows_shares_by_world_and_those_published(known):
    rows = [
        (world, times, share)
        for world in ("p35", "mixed")
        for times, share in (("caught-once", 0.7), ("caught-twice", 0.2), ("caught-more", 0.1))
    ]
    table = pd.DataFrame(rows, columns=["world", "times", "share"])
    published = {"mixed.caught-once": 0.75, "mixed.caught-twice": 0.15} if known else {}
    axes = panel("repeated-trials", {"caught": table}, published)
    assert [[bar.get_height() for bar in bars] for bars in axes.containers] == [
        [0.7] * 2,
        [0.2] * 2,
        [0.1] * 2,
    ]
    assert sorted(line.get_ydata()[0] for line in axes.lines) == ([0.15, 0.75] if known else [])
    assert labels(axes) == ["p = .35", "mean p = .40,\npeople differ"]


def test_three_cities_shows_variants_in_both_worlds_and_the_exact_share():
    variants = ["standard", "no-communication", "half-exploration", "talk-only", "full-exploration"]
    variants.append("perfect-information")
    rows = [
        (world, variant, 0.5 + 0.01 * place, 0.4, 0.7)
        for world in ("3-cities", "4-cities")
        for place, variant in enumerate(variants)
    ]
    table = pd.DataFrame(rows, columns=["world", "variant", "better_exit", "low", "high"])
    exact = {"3-cities.perfect-information.better-exit": 0.62}
    axes = panel("three-cities", {"shares": table}, exact)
    assert curves(axes)["3-cities"] == pytest.approx([0.51, 0.52, 0.50, 0.53, 0.54, 0.55])
    assert ends(axes.containers[0])[0] == pytest.approx((0.4, 0.7))
    assert 0.62 in [line.get_ydata()[0] for line in axes.lines if len(line.get_ydata()) == 2]
    assert [text.get_text() for text in axes.texts] == ["perfect information, exactly"]
    assert labels(axes)[0] == "no\ncommunication"
    assert not panel("three-cities", {"shares": table}).texts


def test_beds_shows_entries_by_the_chance_of_being_caught_for_each_number_of_beds():
    rows = [(c, b, 10.0 * b - c, 9.0 * b - c, 11.0 * b - c) for c in (0.2, 0.6) for b in (0.5, 1.0)]
    table = pd.DataFrame(rows, columns=["caught", "beds", "entered", "low", "high"])
    axes = panel("beds-bottleneck", {"bottleneck": table})
    assert curves(axes) == {"0.5": pytest.approx([4.8, 4.4]), "1": pytest.approx([9.8, 9.4])}
    assert ends(axes.containers[1])[0] == pytest.approx((8.8, 10.8))
    assert axes.get_ylim()[0] == 0.0
    assert axes.get_xticks().tolist() == [0.2, 0.6]


def test_the_founding_article_shows_effects_in_percent_and_who_died():
    rows = [
        (week, resources, effect, effect - 0.01, effect + 0.01, 70.0, deaths)
        for resources, shift in (("grow", 0.0), ("stay", 0.02))
        for week, effect, deaths in ((50, -0.02 + shift, 68.4), (400, -0.15 + shift, 60.6))
    ]
    columns = ["a_week", "resources", "effect", "low", "high", "deaths_without", "deaths"]
    axes = panel("founding-article", {"effects": pd.DataFrame(rows, columns=columns)})
    found = curves(axes)
    assert found["beds, caseworkers and officers in proportion"] == pytest.approx([-2.0, -15.0])
    assert found["on the resources of the pilot"] == pytest.approx([0.0, -13.0])
    assert ends(axes.containers[0])[1] == pytest.approx((-16.0, -14.0))
    assert labels(axes) == ["50\n68 / 68 died", "400\n61 / 61 died"]
    assert "(70 without policy)" in axes.get_xlabel()
    assert axes.get_xscale() == "log"


def test_routes_and_rumours_shows_one_point_a_run():
    rows = [
        (comm, know, 20.0 + place, 2.0 + place)
        for comm in ("low", "high")
        for know in ("low", "high")
        for place in range(3)
    ]
    table = pd.DataFrame(rows, columns=["comm", "know", "n_steps", "rstdd_link"])
    axes = panel("routes-and-rumours", {"runs": table})
    assert [line.get_label() for line in axes.lines] == [
        f"{comm} communication, {know} knowledge" for comm in ("low", "high") for know in ("low", "high")
    ]
    assert [line.get_marker() for line in axes.lines] == ["o", "s", "o", "s"]
    assert all(line.get_xdata().tolist() == [20.0, 21.0, 22.0] for line in axes.lines)
    assert all(line.get_ydata().tolist() == [2.0, 3.0, 4.0] for line in axes.lines)


@pytest.mark.parametrize("runs", [1, 3])
def test_risk_and_rumours_shows_deaths_for_a_hundred_arrivals_pooled_over_runs(runs):
    table = pd.DataFrame(
        [
            {f"{what}_{year}": number for year in range(2016, 2020) for what, number in counts.items()}
            for counts in ({"arrivals": 90.0, "deaths": 2.0}, {"arrivals": 110.0, "deaths": 6.0}) * runs
        ]
    )
    table = table.iloc[: 2 * runs]
    axes = panel("risk-and-rumours", {"runs": table}, {"deaths-per-arrival-2017": 0.03})
    assert [each.lines[0].get_ydata()[0] for each in axes.containers] == pytest.approx([4.0] * 4)
    low, high = ends(axes.containers[0])[0]
    assert low < 4.0 < high
    (published,) = (each for each in axes.collections if each.get_label() == "as published")
    assert [segment[0, 1] for segment in published.get_segments() if len(segment)] == pytest.approx([3.0])
    assert labels(axes)[0] == f"2016\n{200 * runs} arrived, {8 * runs} died"


def test_risk_and_rumours_of_one_run_has_a_point_without_an_interval():
    table = pd.DataFrame([{f"{w}_{y}": 5.0 for y in range(2016, 2020) for w in ("arrivals", "deaths")}])
    axes = panel("risk-and-rumours", {"runs": table})
    assert "5 arrived, 5 died" in labels(axes)[0]
    assert ends(axes.containers[0]) == []


def test_flee_checks_shows_shares_beside_the_exact():
    table = pd.DataFrame({"place": ["Town B", "Town C"], "share": [0.3, 0.2]})
    axes = panel("flee-checks", {"star": table}, {"star.Town B": 0.31})
    assert [bar.get_height() for bar in axes.containers[0]] == [0.3, 0.2]
    (exact,) = axes.collections
    assert exact.get_segments()[0][0, 1] == 0.31
    assert labels(axes) == ["Town B", "Town C"]


def test_the_border_shows_cost_by_parts_and_who_goes_where():
    table = pd.DataFrame(
        {
            "world": ["before", "before", "tripled", "tripled"], "crossing": ["near", "remote"] * 2,
            "share": [0.8, 0.2, 0.6, 0.4], "fare": [900.0, 1000.0, 1100.0, 1000.0], "time": [50.0] * 4,
            "danger": [10.0] * 4, "stop": [0.3, 0.1, 0.6, 0.1], "risk": [0.001] * 4,
            "deaths": [4.0, 4.0, 6.0, 6.0],
        }
    )  # fmt: skip
    axes = panel("gathmann", {"border": table})
    fare, time, danger = axes.containers
    assert [bar.get_height() for bar in fare] == [900.0, 1000.0, 1100.0, 1000.0]
    assert [bar.get_y() for bar in time] == [900.0, 1000.0, 1100.0, 1000.0]
    assert [bar.get_y() + bar.get_height() for bar in danger] == [960.0, 1060.0, 1160.0, 1060.0]
    assert labels(axes)[2] == "near, patrols tripled\n60% of people,\n60% stopped"
    assert axes.get_legend().get_title().get_text() == "people who died in a year: 4 before, 6 after"


def histories(world, effects, seen):
    return pd.DataFrame({"world": world, "effect": effects, "error": 0.1, "seen": seen})


def test_signs_shows_departures_on_the_left_and_observers_on_the_right():
    departures = pd.DataFrame({"origin": ["A", "B"], "way": [-0.5, 0.0], "departures": [1.4, 0.1]})
    tables = {
        "departures": departures,
        "histories": histories("rescue", [0.02, -0.3, 0.1], [False, True, False]),
        "returns": histories("returns", [0.05], [False]),
    }
    axes = panel("signs", tables, {"friebel.elasticity": -3.0})
    left, right = axes.child_axes
    slope, points = left.lines
    assert slope.get_ydata().tolist() == [150.0, 0.0]
    assert slope.get_label() == "slope -3"
    assert points.get_ydata().tolist() == pytest.approx([140.0, 10.0])
    shown = [line.get_ydata().tolist() for line in right.lines if line.get_marker() == "o"]
    assert shown == [[-30.0], pytest.approx([2.0, 10.0]), [], [5.0]]
    assert labels(right) == ["rescue", "returns"]


def test_signs_shows_only_what_was_run():
    axes = panel("signs", {"returns": histories("returns", [0.05], [False])})
    assert len(axes.child_axes) == 1
    assert labels(axes.child_axes[0]) == ["returns"]
    assert not panel("signs", {}).child_axes


@pytest.mark.parametrize("days", [1, 40])
def test_a_camp_of_a_single_day_has_no_mark_of_settling(days):
    dates = pd.date_range(date(2024, 1, 1), periods=days)
    camps = pd.DataFrame({"camp": ["North"]})
    errors = pd.DataFrame({"date": dates, "rescaled_ard": 0.1, "ard": 0.2})
    counts = pd.DataFrame(
        {"date": dates, "camp": "North", "least": 80.0, "most": 95.0, "simulated": 90.0, "counted": 100.0}
    )
    figure = Figure()
    PANELS["flee"](figure.add_subplot(), {"camps": camps, "days": errors, "counts": counts}, {})
    curve, camp = figure.axes
    assert curve.lines[0].get_ydata().tolist() == [0.1] * days
    assert [line.get_ydata()[0] for line in camp.lines] == [90.0, 100.0]
    upright = [line for line in curve.lines if line.get_xdata()[0] == line.get_xdata()[-1] and days > 1]
    assert len(upright) == (1 if days > 12 else 0)
    assert len(curve.lines) == (4 if days > 12 else 3)


def test_what_lies_beyond_the_axis_is_an_arrow_at_its_end():
    def verdict(value, ok):
        expected = SimpleNamespace(published=0.0, kind="value")
        obtained = SimpleNamespace(value=value, low=value - 0.5, high=value + 0.5)
        return SimpleNamespace(obtained=obtained, expected=expected, allowed=1.0, ok=ok, quantity="q")

    axes = Figure().add_subplot()
    reproduced._verdicts(axes, (verdict(-9.0, False), verdict(0.2, True), verdict(4.0, False)))
    marks = {line.get_ydata()[0]: line for line in axes.get_lines() if line.get_marker() in ("<", "o", ">")}
    assert [marks[row].get_marker() for row in range(3)] == ["<", "o", ">"]
    assert [marks[row].get_xdata()[0] for row in range(3)] == [-3.0, 0.2, 3.0]
    assert not any(mark.get_clip_on() for mark in marks.values())
    assert "arrows" in axes.get_xlabel()
