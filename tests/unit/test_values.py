"""Values: the utility solves its own equation, and what arriving is worth is made as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.camp import CHANNEL, Camp

from crossings.people import ValuesBlock
from crossings.people.values import Values, attempt_line, attempt_utility

BLOCK = ValuesBlock()
chances = st.floats(0.0, 0.99)
worths = st.floats(-2.0, 8.0)


def utility(block: ValuesBlock = BLOCK, **changes: float) -> float:
    given_ = {
        "stop": 0.45,
        "death": 0.001,
        "returned": 0.01,
        "value": 3.0,
        "after_return": 0.2,
        "price": 0.3,
        "outside": -0.1,
        **changes,
    }
    return float(attempt_utility(block, **given_).utility)


def test_a_sure_crossing_is_worth_its_gain_less_price_and_hardship():
    assert utility(stop=0, death=0, returned=0) == pytest.approx(3.0 - 0.3 - BLOCK.try_cost)
    assert utility(stop=0, death=0, returned=1) == pytest.approx(0.2 - 0.3 - BLOCK.try_cost)
    assert utility(stop=0, death=1, returned=0) == pytest.approx(-BLOCK.death_loss - BLOCK.try_cost)


def test_somebody_never_let_through_and_never_tired_gets_the_hardship_of_all_tries():
    block = ValuesBlock(retry=0.9, try_cost=0.05)
    assert utility(block, stop=1, death=0, outside=0) == pytest.approx(-0.05 / (1 - 0.9))


def test_a_case_worked_out_by_hand():
    # a = .5, k = .5, q = .8: 1 - qk = .6; (.5 (.9*2 + .1*.4 - .34) - .1 + .5*.2*(-.5)) / .6 = 1
    block = ValuesBlock(retry=0.8, try_cost=0.1)
    found = utility(
        block, stop=0.5, death=0.0, returned=0.1, value=2.0, after_return=0.4, price=0.34, outside=-0.5
    )
    assert found == pytest.approx(0.6 / 0.6)


cases = st.fixed_dictionaries(
    {
        "stop": chances,
        "death": st.floats(0.0, 0.2),
        "returned": chances,
        "value": worths,
        "after_return": worths,
        "price": st.floats(0.0, 3.0),
        "outside": st.floats(-2.0, 1.0),
    }
)


@given(cases)
def test_utility_solves_its_equation_and_is_the_sum_of_its_parts(case: dict[str, float]):
    attempt = attempt_utility(BLOCK, **case)
    u, q = float(attempt.utility), BLOCK.retry
    d, r = case["death"], case["returned"]
    k = (1 - d) * case["stop"]
    worth = (1 - r) * case["value"] + r * case["after_return"] - case["price"]
    once = (1 - d - k) * worth - d * BLOCK.death_loss - BLOCK.try_cost
    assert u == pytest.approx(once + k * (q * u + (1 - q) * case["outside"]), abs=1e-9)
    parts = attempt.gain + attempt.price + attempt.death + attempt.hardship + attempt.giving_up
    assert float(parts) == pytest.approx(u, abs=1e-9)
    line = attempt_line(BLOCK, case["stop"], d, case["outside"])
    assert float(line.slope * worth + line.start) == pytest.approx(u, abs=1e-9)
    assert float(attempt.chance) == pytest.approx(float(line.slope))


@given(chances, chances)
def test_a_higher_chance_of_return_or_stop_or_a_higher_price_is_never_better(one, other):
    low, high = sorted((one, other))
    for belief in ("returned", "stop", "price"):
        assert utility(**{belief: high}) <= utility(**{belief: low}) + 1e-12


def test_arrays_broadcast():
    attempt = attempt_utility(
        BLOCK,
        stop=np.full(3, 0.4),
        death=0.001,
        returned=np.array([[0.0], [0.5]]),
        value=np.array([1.0, 2.0, 3.0]),
        after_return=0.0,
        price=0.3,
        outside=0.0,
    )
    assert all(part.shape == (2, 3) for part in attempt)


def test_value_of_arriving_is_work_protection_and_ties():
    camp = Camp(["Iran", "Albania"])
    values, groups = camp.values, CHANNEL.groups
    assert values.of_groups() == pytest.approx([group.value for group in groups])
    no_work, no_grant = values.of_groups(work=0.0), values.of_groups(grant=0.0)
    assert no_work == pytest.approx([group.value * (1 - group.work_weight) for group in groups])
    assert no_grant == pytest.approx([group.value * group.work_weight for group in groups])
    camp.population.ties[:] = [True, False]
    camp.population.value_spread[:] = [1.0, 2.0]
    values = Values(values.block, CHANNEL, camp.population)  # which knows from the start who has ties
    iran, albania = CHANNEL.group_code("Iran"), CHANNEL.group_code("Albania")
    expected = [groups[iran].value + values.block.ties, 2.0 * groups[albania].value]
    assert values.of_people(camp.rows, values.of_groups()) == pytest.approx(expected)


def test_level_scales_all_groups_alike():
    assert Camp(["Iran"], values={"level": 1.5}).values.of_groups() == pytest.approx(
        1.5 * Camp(["Iran"]).values.of_groups()
    )


def test_outside_is_the_best_of_what_is_left_and_home_is_worse_for_those_with_most_to_fear():
    values = Camp(["Iran"]).values
    sudan, india = CHANNEL.group_code("Sudan"), CHANNEL.group_code("India")
    assert values.home[sudan] < values.home[india]
    assert values.asylum_here[sudan] > values.asylum_here[india]  # the corridor says Sudanese prefer France
    best = np.maximum(np.maximum(values.asylum_here, values.home), values.elsewhere.max(axis=1))
    assert values.outside == pytest.approx(best)
    assert values.host == "France"
    assert {"Belgium", "Germany", "Italy", "Spain", "Greece"} <= set(values.countries)
    assert "France" not in values.countries


def test_what_comes_later_is_worth_less():
    values = Camp(["Iran"]).values
    assert values.delay_factor(0.0) == 1.0
    assert values.delay_factor(7.0) == pytest.approx(np.exp(-values.block.discount))
    assert (np.diff(values.delay_factor(np.arange(50))) < 0).all()


def test_after_a_return_little_is_left():
    values = Camp(["Iran"]).values
    after = values.after_return(np.array([3.0]), 0.1)
    assert after == pytest.approx(0.1 + 3.0 * values.block.return_option - values.block.return_loss)
