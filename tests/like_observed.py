"""Patterns of runs about what was observed, for tests of what is judged by them."""

from __future__ import annotations

from typing import Any

from crossings.corridors.observed import observed
from crossings.study.patterns import FITTED_YEARS, name_of
from crossings.study.verdicts import asked

SEEN_COUNTS = observed()


def like_observed(factor: Any) -> dict[str, Any]:
    """Return months and patterns, the middles of their bands, times a number or one for each run."""
    found = {
        name_of("people", f"{y}-{m:02d}"): people * factor
        for (y, m), people in SEEN_COUNTS.people.items()
        if y in FITTED_YEARS
    }
    for each in asked(SEEN_COUNTS):
        found[name_of(each.pattern, each.period)] = (each.least + each.most) / 2 * factor
    found[name_of("prevented_share", 2025)] = 0.39 * factor
    return found
