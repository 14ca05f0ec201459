"""Designs visit the points they promise."""

from __future__ import annotations

import numpy as np
import pytest
from SALib.sample import morris, sobol

from crossings.errors import InputError
from crossings.study.axes import Axis, Range, settings_at
from crossings.study.designs import points, unit_points

QUOTA = Axis("quota", ("policies.returns.quota_per_week",), values=(0, 50, 100))
SHARE = Axis("share", ("policies.returns.largest_share",), span=Range(0.0, 1.0, points=5))
BEDS = Axis("beds", variants={"fixed": {}, "scaled": {"policies.returns.beds": 4.0}})
WHOLE = Axis("days", ("policies.returns.judged_over_days",), span=Range(28, 31, points=9, whole=True))


def test_factorial_visits_every_combination_once() -> None:
    found = points("factorial", [QUOTA, SHARE, BEDS])
    assert len(found) == 3 * 5 * 2
    assert len({tuple(point.items()) for point in found}) == 30
    assert found[0] == {"quota": 0, "share": 0.0, "beds": "fixed"}
    assert {point["share"] for point in found} == {0.0, 0.25, 0.5, 0.75, 1.0}


def test_ranges_are_even_or_even_in_the_logarithm() -> None:
    assert Range(1.0, 1000.0, points=4, log=True).grid() == (1.0, 10.0, 100.0, 1000.0)
    assert Range(2.0, 3.0, points=1).grid() == (2.0,)
    assert Range(28, 31, points=9, whole=True).grid() == (28, 29, 30, 31)  # each once
    assert all(isinstance(value, int) for value in Range(28, 31, points=9, whole=True).grid())


def test_whole_numbers_get_equal_stretches_of_the_unit_interval() -> None:
    places = (np.arange(4000) + 0.5) / 4000
    counts = np.unique([WHOLE.at(place) for place in places], return_counts=True)
    assert counts[0].tolist() == [28, 29, 30, 31]
    assert counts[1].tolist() == [1000] * 4
    assert WHOLE.at(1.0) == 31


def test_one_at_a_time_moves_one_axis_from_where_it_stands() -> None:
    found = points("one-at-a-time", [QUOTA, SHARE, BEDS])
    assert found[0] == {}
    assert all(len(point) == 1 for point in found[1:])
    assert len(found) == 1 + 3 + 2 + 2


def test_a_latin_hypercube_has_one_point_in_every_stratum() -> None:
    cube = unit_points("latin-hypercube", 3, 20, seed=4)
    assert cube.shape == (20, 3)
    for axis in cube.T:
        assert sorted(np.floor(axis * 20).astype(int)) == list(range(20))
    np.testing.assert_array_equal(cube, unit_points("latin-hypercube", 3, 20, seed=4))
    assert (cube != unit_points("latin-hypercube", 3, 20, seed=5)).any()


def test_sobol_and_morris_are_those_of_salib() -> None:
    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[0, 1]] * 3}
    expected = sobol.sample(problem, 8, calc_second_order=False, seed=3)
    np.testing.assert_array_equal(unit_points("sobol", 3, 8, 3), expected)
    np.testing.assert_array_equal(unit_points("morris", 3, 5, 3), morris.sample(problem, 5, seed=3))
    assert len(points("sobol", [QUOTA, SHARE, BEDS], samples=8)) == 8 * (3 + 2)
    assert len(points("morris", [QUOTA, SHARE, BEDS], samples=5)) == 5 * (3 + 1)


def test_making_a_design_leaves_the_global_generator_alone() -> None:
    np.random.seed(1)  # noqa: NPY002, the one that must not be touched
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    for design in ("latin-hypercube", "sobol", "morris"):
        unit_points(design, 3, 8, 1)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002


def test_sampled_values_stay_in_their_range() -> None:
    log = Axis("scale", ("inflow.scale",), span=Range(0.01, 10.0, log=True))
    found = [point["scale"] for point in points("latin-hypercube", [log], samples=200)]
    assert 0.01 <= min(found) < 0.011
    assert 9.0 < max(found) <= 10.0
    assert np.median(found) == pytest.approx(np.sqrt(0.1), rel=0.05)


def test_a_point_sets_keys_alike_and_variants_set_several() -> None:
    share = Axis(
        "share", ("policies.returns.largest_share", "policies.returns.announced_chance"), values=(0.5,)
    )
    found = settings_at([share, BEDS], {"share": 0.5, "beds": "scaled"})
    assert found == {
        "policies.returns.largest_share": 0.5,
        "policies.returns.announced_chance": 0.5,
        "policies.returns.beds": 4.0,
    }
    with pytest.raises(InputError, match=r"axis 'beds' at \"many\": expected one of fixed, scaled"):
        settings_at([BEDS], {"beds": "many"})


def test_what_does_not_go_together_is_refused() -> None:
    with pytest.raises(InputError, match=r"axis 'scale': points = nothing given"):
        points("factorial", [Axis("scale", ("inflow.scale",), span=Range(0.8, 1.2))])
    with pytest.raises(InputError, match="expected a power of two"):
        unit_points("sobol", 2, 12, 1)
