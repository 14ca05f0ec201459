"""The fall in first-time arrivals against the share of arrivals that is returned, months 7 to 12.

What happens between a tenth and nine tenths has not been observed anywhere: routes emptied where arrivals
could not settle either (EU-Turkey 2016, Albania 2023), and nothing was seen where few were returned. Measured
with the defaults, beside a response in proportion and one that is all or nothing at one half (means of eight
seeds, standard deviation of one seed):

========  =====  ============  =========  ==============
returned  fall   one seed, sd  linear     threshold at .5
========  =====  ============  =========  ==============
.033      .025   .016          .033       0
.111      .097   .018          .111       0
.277      .262   .018          .277       0
.541      .596   .023          .541       1
.895      .998   .001          .895       1
========  =====  ============  =========  ==============

So the response is nearly in proportion to a third, and steeper than that beyond. Bounds at the ends are four
standard errors or more away, as are the steps between doses: a false alarm has a chance below 1e-4.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.effects import NOBODY_HEARS, SEEDS, Pairs, pairs, returning

START = "2025-01-01"
MONTHS_7_TO_12 = ("2025-07-01", "2025-12-31")
DOSES = (0.03, 0.10, 0.25, 0.50, 0.90)
EIGHT = range(1, 9)


def returned_share(found: Pairs) -> float:
    """Return who was returned by the end of the year, over who arrived in its first ten months."""
    days = found.with_policy
    return float(np.mean([run["returned"].sum() / run.loc[:"2025-10-31", "arrivals"].sum() for run in days]))


def fall(found: Pairs) -> float:
    """Return by how much first-time arrivals fall in months 7 to 12."""
    return -found.effect("first_arrivals", *MONTHS_7_TO_12)


def dosed(dose: float, seeds=EIGHT, world=None) -> Pairs:
    return pairs(returning(dose, START), seeds, world)


def test_few_returned_deter_few_and_nearly_all_returned_deter_nearly_all():
    """Means of four and of two seeds; .05 is three standard errors (.008) from the first fall."""
    low, high = dosed(0.03, SEEDS), dosed(0.90, (1, 2))
    assert 0.02 < returned_share(low) < 0.04
    assert 0.85 < returned_share(high) < 0.95
    assert -0.02 < fall(low) < 0.05
    assert fall(high) > 0.80


@pytest.mark.slow
def test_the_curve_rises_and_is_neither_a_line_nor_a_step():
    found = [dosed(dose) for dose in DOSES]
    shares, falls = [returned_share(run) for run in found], [fall(run) for run in found]
    assert np.allclose(shares, DOSES, atol=0.06), shares
    assert falls[0] < 0.05
    assert falls[-1] > 0.80
    assert all(less < more for less, more in pairwise(falls)), falls
    assert 0.05 < falls[2] < 0.5 < falls[3] < 0.95  # a step would put both at 0 or 1
    assert falls[3] - falls[2] > 1.1 * (shares[3] - shares[2])  # steeper there than a line: four errors


@pytest.mark.slow
def test_the_curve_moves_with_how_sharply_people_choose():
    """-.39 at half of the default rationality and -.23 at twice, with standard errors of .014 and .006."""
    low, high = (fall(dosed(0.25, SEEDS, {"choices.rationality": how})) for how in (1.5, 6.0))
    assert abs(low - high) > 0.05


@pytest.mark.slow
def test_where_nobody_hears_returns_deter_nobody():
    """The counter-test: half and more are returned, and as many come for the first time."""
    deaf = dosed(0.50, SEEDS, NOBODY_HEARS)
    assert returned_share(deaf) > 0.4
    assert abs(fall(deaf)) < 0.06
