"""A threat never carried out changes little and fades; one carried out on everyone empties the route.

Removal to Rwanda was announced for two years and carried out on nobody; no effect on arrivals was
established. Means of eight seeds over quarters: -4, -2, 0 and 0%, standard errors up to .015, and 0% with
one of .010 in the half year after the first; carried out, -25, -92, -97 and -98%. Bounds are three standard
errors or more away: a false alarm in 400.
"""

from __future__ import annotations

import pytest
from tests.conftest import SHORT, season
from tests.effects import DISBELIEVED, NOBODY_HEARS, pairs, threat

START = "2025-01-01"
QUARTERS = (
    ("2025-01-01", "2025-03-31"),
    ("2025-04-01", "2025-06-30"),
    ("2025-07-01", "2025-09-30"),
    ("2025-10-01", "2025-12-31"),
)
YEAR_AND_A_HALF = {"start": START, "end": "2026-06-30"}
AFTER_A_YEAR = ("2026-01-01", "2026-06-30")


def test_carried_out_on_nobody_it_changes_arrivals_by_less_than_a_tenth_in_any_quarter():
    """Means of four seeds, standard errors up to .021."""
    empty = pairs(threat(START))
    assert all(abs(empty.effect("arrivals", *quarter)) < 0.10 for quarter in QUARTERS)
    assert empty.effect("arrivals", *QUARTERS[0]) < -0.01  # it is not ignored: five standard errors


def test_carried_out_on_everyone_it_cuts_arrivals_by_more_than_a_fifth():
    """Two seeds: ten standard errors (.05 in the first quarter) and more."""
    kept = pairs(threat(START, carried_out=True), (1, 2))
    assert kept.effect("arrivals", START, "2025-12-31") < -0.20
    assert kept.effect("arrivals", *QUARTERS[-1]) < -0.80


def test_where_no_announcement_is_believed_it_changes_nothing_at_all():
    """Every day of every count, in a season that is quick to run and changes where it is believed."""
    for world, alike in ((DISBELIEVED, True), ({}, False)):
        without = season("no-policy", 1, **SHORT, **world).daily
        threatened = season("no-policy", 1, **SHORT, **world, **threat(SHORT["start"])).daily
        said = without.columns.intersection(threatened.columns)
        assert {"arrivals", "attempts", "moved_on"} <= set(said)
        assert threatened[said].equals(without[said]) == alike


@pytest.mark.slow
def test_after_a_year_it_cannot_be_told_from_chance():
    """Eight seeds alone gave -2.4% (standard error .6), sixteen others -.6% (.6): all of them, for power."""
    empty = pairs(threat(START), range(1, 25), dates=YEAR_AND_A_HALF)
    assert all(abs(empty.effect("arrivals", *quarter)) < 0.10 for quarter in QUARTERS)
    assert abs(empty.z("arrivals", *AFTER_A_YEAR)) < 3.5  # Student's t with 23 degrees: one in 500
    assert abs(empty.effect("arrivals", *AFTER_A_YEAR)) < 0.03


@pytest.mark.slow
def test_where_nobody_hears_even_removing_everyone_leaves_first_arrivals_as_they_were():
    """The counter-test."""
    deaf = pairs(threat(START, carried_out=True), range(1, 4), NOBODY_HEARS)
    assert abs(deaf.effect("first_arrivals", START, "2025-12-31")) < 0.08
