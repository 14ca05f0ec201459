"""A run that starts in January and one that starts in August agree on September.

Both see the same people and the same weather (common random numbers are keyed by date), so what
differs is only how the stock of people, boats and beliefs came about. The bound is on the mean of
weekly arrivals over eight seeds; the paired difference has a standard error of about 2%, so 10%
is a 5-sigma bound (false alarm below 1e-5) for a warm-up that does its work.
"""

from __future__ import annotations

import numpy as np
from tests.conftest import season

SEEDS = range(1, 9)


def september(start: str, warmup_days: int = 180) -> np.ndarray:
    runs = [
        season("no-policy", seed, start=start, end="2025-09-30", warmup_days=warmup_days) for seed in SEEDS
    ]
    return np.array([run.daily.loc["2025-09-01":"2025-09-28", "arrivals"].sum() / 4 for run in runs])


def test_the_start_of_a_run_does_not_show_in_september():
    from_january, from_august = september("2025-01-01"), september("2025-08-01")
    assert abs(from_august.mean() / from_january.mean() - 1) < 0.10


def test_without_a_warm_up_it_does():
    """The counter-test: with a warm-up of two weeks the coast is still nearly empty."""
    assert september("2025-08-01", warmup_days=14).mean() < 0.8 * september("2025-01-01").mean()
