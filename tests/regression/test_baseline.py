"""A stored baseline: the ready scenarios over four months, number by number.

It changes only when results change, and then only together with an entry marked "results change" in
CHANGELOG.md that says why: ``make baseline`` writes it anew.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

import crossings as cx

STORED = Path(__file__).with_name("baseline.json")
CASES = {"no-policy": 1, "one-in-one-out": 7}  # scenario and seed


def outcome(name: str, seed: int) -> dict[str, Any]:
    """Run four months about the pilot's start and return what is compared."""
    scenario = cx.Scenario.load(name).with_(start="2025-07-01", end="2025-10-31", warmup_days=120)
    result = cx.run(scenario, seed=seed)
    return {
        "digest": result.digest,
        "totals": result.summary(),
        "monthly": {key: values for key, values in result.monthly().items() if key != "month"},
    }


@pytest.mark.parametrize(("name", "seed"), CASES.items())
def test_results_are_those_stored(name, seed):
    stored, found = json.loads(STORED.read_text())[name], outcome(name, seed)
    # Totals first: they say what changed, where a digest only says that something did.
    assert found["totals"] == pytest.approx(stored["totals"], rel=1e-6)
    assert found["monthly"] == stored["monthly"]
    assert found["digest"] == stored["digest"]


if __name__ == "__main__":
    STORED.write_text(json.dumps({n: outcome(n, s) for n, s in CASES.items()}, indent=1) + "\n")
    sys.stdout.write(f"{STORED} written: say why in CHANGELOG.md, marked 'results change'\n")
