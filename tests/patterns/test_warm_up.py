"""A run that starts in January and one that starts in August agree on September.

Both see the same people and the same weather (common random numbers are keyed by date), so what
differs is only how the stock of people, boats and beliefs came about. The bound is on the mean of
weekly arrivals over thirty-two seeds; the paired difference of one seed has a standard deviation of some
17% of September's arrivals, that of the mean one of 3%, so 10% is a bound of 3.3 standard errors (false
alarm below 1 in 1,000) for a warm-up that does its work.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import season


def september(start: str, seeds: int, warmup_days: int = 180) -> np.ndarray:
    runs = [
        season("no-policy", seed, start=start, end="2025-09-30", warmup_days=warmup_days)
        for seed in range(1, seeds + 1)
    ]
    return np.array([run.daily.loc["2025-09-01":"2025-09-28", "arrivals"].sum() / 4 for run in runs])


@pytest.mark.slow
def test_the_start_of_a_run_does_not_show_in_september():
    from_january, from_august = september("2025-01-01", 32), september("2025-08-01", 32)
    assert abs(from_august.mean() / from_january.mean() - 1) < 0.10


def test_without_a_warm_up_it_does():
    """The counter-test: with a warm-up of two weeks the coast is still nearly empty."""
    assert september("2025-08-01", 8, warmup_days=14).mean() < 0.8 * september("2025-01-01", 8).mean()
