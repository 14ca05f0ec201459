"""What a published value allows, and what is wrong with a file that says it badly."""

from __future__ import annotations

import math

import pytest

from crossings.errors import InputError
from crossings.study.estimates import Estimate, mean, ratio, share
from crossings.study.expected import Expected, read

GOOD = """
[share]
meaning = "a share"
published = 0.5
kind = "absolute"
tolerance = 0.1
source = "Table 1"
status = "not fitted"
"""


def quantity(kind: str, published: float, tolerance: float) -> Expected:
    return Expected(
        meaning="m", published=published, kind=kind, tolerance=tolerance, source="s", status="not fitted"
    )


@pytest.mark.parametrize(
    ("kind", "published", "tolerance", "within", "outside"),
    [
        ("absolute", 0.5, 0.1, 0.59, 0.61),
        ("absolute", 0.5, 0.1, 0.41, 0.39),
        ("relative", 200.0, 0.1, 219.0, 221.0),
        ("relative", -200.0, 0.1, -181.0, -179.0),
        ("standard errors", 0.5, 3.0, 0.5 + 2.9 * 0.02, 0.5 + 3.1 * 0.02),
        ("sign", -1.0, 2.0, -0.041, -0.039),
        ("sign", -1.0, 2.0, -1.0, 1.0),
        ("sign", 1.0, 0.0, 1e-9, 0.0),
        ("at least", 0.75, 0.0, 0.75, 0.749),
        ("at most", 0.0, 0.5, 0.5, 0.51),
        ("absolute", 0.5, 0.1, 0.5, math.nan),
        ("sign", 1.0, 0.0, 0.1, math.nan),
        ("at least", 0.0, 0.0, 0.1, math.nan),
    ],
)
def test_what_each_kind_of_tolerance_allows(kind, published, tolerance, within, outside):
    expected = quantity(kind, published, tolerance)
    assert expected.holds(Estimate(within, 0.02))
    assert not expected.holds(Estimate(outside, 0.02))


def test_a_sign_is_not_claimed_where_the_interval_holds_zero():
    sign = quantity("sign", -1.0, 2.0)
    assert sign.holds(Estimate(-0.05, 0.02, -0.09, -0.01))
    assert not sign.holds(Estimate(-0.05, 0.02, -0.30, 0.20))  # two runs
    assert quantity("sign", -1.0, 0.0).holds(Estimate(-0.05, 0.02, -0.30, 0.20))


def test_standard_errors_need_an_error():
    with pytest.raises(ValueError, match="needs an estimate"):
        quantity("standard errors", 1.0, 3.0).holds(Estimate(1.0))


def test_a_file_is_read_in_its_order(tmp_path):
    (tmp_path / "expected.toml").write_text(GOOD + GOOD.replace("[share]", '["a.b"]'))
    assert list(read(tmp_path)) == ["share", "a.b"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("tolerance = 0.1", "tolerence = 0.1", "did you mean 'tolerance'?"),
        ("tolerance = 0.1", "tolerance = -1", "share.tolerance = -1: input should be greater than"),
        ("published = 0.5", 'published = "half"', "share.published = 'half'"),
        ("published = 0.5", "published = nan", "share.published = nan"),
        ('"absolute"', '"roughly"', "share.kind = 'roughly'"),
        ('"absolute"', '"sign"', "share.published = 0.5: expected 1 or -1"),
        ('source = "Table 1"\n', "", "share.source: missing"),
        ('"not fitted"', '"maybe"', "share.status = 'maybe'"),
        ("[share]", "share =", "expected.toml"),
    ],
)
def test_a_mistake_is_said_in_one_line(tmp_path, old, new, said):
    (tmp_path / "expected.toml").write_text(GOOD.replace(old, new))
    with pytest.raises(InputError) as error:
        read(tmp_path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("text", ["", "share = 3\n"])
def test_a_file_without_quantities_is_refused(tmp_path, text):
    (tmp_path / "expected.toml").write_text(text)
    with pytest.raises(InputError, match="expected"):
        read(tmp_path)


def test_no_file_is_said(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path)


def test_estimates_against_the_tables():
    found = share(81, 263)  # R. G. Newcombe, Statistics in Medicine 17 (1998), table I: .2553 to .3662
    assert (round(found.low, 4), round(found.high, 4)) == (0.2553, 0.3662)
    assert share(0, 20).low == 0.0
    assert share(0, 20).high == pytest.approx(0.1611, abs=1e-4)
    found = mean([1.0, 2.0, 3.0, 4.0])
    assert (found.value, found.error) == (2.5, pytest.approx(math.sqrt(5 / 3) / 2))
    assert found.high - found.value == pytest.approx(3.1824 * found.error, rel=1e-4)
    assert ratio([2.0, 4.0, 6.0], [1.0, 2.0, 3.0]).error == pytest.approx(0.0)
    assert math.isnan(share(0, 0).value)
    assert math.isnan(ratio([1.0, 1.0], [0.0, 0.0]).value)
    assert mean([1.0]).error is None
