"""Tables that a whole run gives."""

from __future__ import annotations

import pytest
from tests.conftest import SHORT

import crossings as cx
from crossings.population import BELIEFS


@pytest.fixture(scope="module")
def result() -> cx.Result:
    return cx.run(cx.Scenario.load("no-policy").with_(**SHORT), seed=1)


def test_beliefs_are_a_table_by_nationality(result: cx.Result) -> None:
    table = result.beliefs()
    assert list(table.columns) == ["date", "group", "belief", "mean", "spread"]
    assert set(table["belief"]) == set(BELIEFS)
    assert table["mean"].between(0, 1).all()
    assert table["spread"].between(0, 0.5).all()
    assert len(table) == len(result.daily) * table["group"].nunique() * len(BELIEFS)
    # people at the coast have lived through different things
    stops = table[(table["belief"] == "stop") & (table["group"] == "Sudan")]
    assert stops["spread"].iloc[-1] > 0.01
