"""A stored event trace: every step of every life line of a small world, in order.

Totals may agree while lives differ; here the first step that differs is named. The world is the pilot at
one agent for a hundred people, with a quota large enough that people are held, returned and admitted in it.
It changes only when results change, with the baseline: ``make baseline`` writes both anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import crossings as cx

STORED = Path(__file__).with_name("trace.csv.gz")
SEED = 3


def trace(seed: int = SEED) -> pd.DataFrame:
    """Return the steps of the small world as text, one row each, in the order in which they were taken."""
    scenario = cx.Scenario.load("one-in-one-out").with_(
        start="2025-08-06",
        end="2025-10-20",
        warmup_days=60,
        people_per_agent=100,
        **{"policies.returns.quota_per_week": 1500},
    )
    return cx.run(scenario, seed=seed, events=True).events().astype(str).fillna("nan")


def stored() -> pd.DataFrame:
    return pd.read_csv(STORED, dtype=str, keep_default_na=False)


def test_every_step_is_the_one_stored():
    found, kept = trace(), stored()
    assert list(found.columns) == list(kept.columns)
    common = min(len(found), len(kept))
    differs = (found[:common].to_numpy() != kept[:common].to_numpy()).any(axis=1)
    if differs.any():
        first = int(differs.argmax())
        raise AssertionError(f"step {first}: {found.loc[first].to_dict()}, was {kept.loc[first].to_dict()}")
    assert len(found) == len(kept)


def test_it_holds_the_steps_that_policies_bring_about():
    assert {"held", "detained", "reception", "admitted", "at_sea", "dead", "lorry_arrived"} <= set(
        stored()["to"]
    )


def test_another_seed_takes_other_steps():
    assert not trace(SEED + 1).equals(stored())


if __name__ == "__main__":
    trace().to_csv(STORED, index=False, compression={"method": "gzip", "mtime": 0})
    sys.stdout.write(f"{STORED} written: say why in CHANGELOG.md, marked 'results change'\n")
