"""Properties of hearsay that hold whatever is believed and heard."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossings.replicas.hearsay import LEAST_TRUST, MOST_TRUST, Hearsay

part = st.floats(0.0, 1.0)
trusts = st.floats(LEAST_TRUST, MOST_TRUST)


@given(part, part, part, part, trusts, part, trusts)
def test_a_new_value_lies_between_and_a_new_trust_within(convince, convert, confuse, v, t, ov, ot):
    hearsay = Hearsay(convince, convert, confuse, 0.1)
    value, trust = hearsay.heard(v, t, ov, ot)
    assert min(v, ov) - 1e-9 <= value <= max(v, ov) + 1e-9
    assert LEAST_TRUST <= trust <= MOST_TRUST


@given(part, trusts, trusts)
def test_hearing_the_same_changes_no_value_and_lowers_no_trust(v, t, ot):
    value, trust = Hearsay(0.5, 0.1, 0.3, 0.1).heard(v, t, v, ot)
    assert value == pytest.approx(v, abs=1e-9)
    assert trust >= t - 1e-9


@given(part, trusts, part)
def test_who_doubts_is_moved_more(v, t, ov):
    hearsay = Hearsay(0.5, 0.1, 0.3, 0.1)
    firm, _ = hearsay.heard(v, 0.99, ov, t)
    doubting, _ = hearsay.heard(v, 0.01, ov, t)
    assert abs(doubting - v) >= abs(firm - v) - 1e-9


@given(part, part)
def test_what_is_understood_is_within_the_error(v, u):
    hearsay = Hearsay(0.5, 0.1, 0.3, 0.1)
    assert abs(hearsay.understood(v, 1.0, u) - v) <= 0.1 + 1e-12
    assert 0.0 <= hearsay.understood(v, 1.0, u) <= 1.0
    assert LEAST_TRUST <= hearsay.believed(v, u) <= MOST_TRUST
