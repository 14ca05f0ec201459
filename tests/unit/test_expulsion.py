"""Summary returns: who is expelled, when, and what people see of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.shore import EPOCH, Shore, landing_daily

from crossings.policies import AsylumRules, ReturnsAgreement, SummaryReturns
from crossings.population import State

DAYS = timedelta(days=1)


def expelling(children: float = 0.0, **changes: object) -> Shore:
    policy = SummaryReturns(**{"share": 0.5, "start": EPOCH, **changes})
    return landing_daily(Shore({"expulsion": policy}, per_day=100, days=40, children=children)).run(40)


def test_a_share_is_handed_over_on_the_day_of_triage_without_detention() -> None:
    shore = expelling()
    people, flows = shore.population, shore.notes.flows
    processed = flows["returned"] + int((people.state == State.ASYLUM).sum())
    assert flows["returned"] == pytest.approx(0.5 * processed, abs=4 * (0.25 * processed) ** 0.5)
    assert max(shore.days_to_return) <= 3.0  # the longest stay in holding
    assert flows["detained"] == flows["bailed"] == 0
    assert shore.notes.spent["casework"] == shore.notes.spent["flights"] == 0.0
    assert all("flight" not in stage.name for stage in shore.authorities.stages())
    assert shore.notes.news["return", True] == flows["returned"]


def test_children_and_other_nationalities_are_spared() -> None:
    assert expelling(children=1.0).notes.flows["returned"] == 0
    assert expelling(children=1.0, adults_only=False, share=1.0).notes.flows["returned"] > 3000
    assert expelling(nationalities=("Albania",)).notes.flows["returned"] == 0


def test_it_begins_and_ends_on_its_dates_and_grows_over_its_ramp() -> None:
    shore = expelling(share=1.0, start=EPOCH + 10 * DAYS, end=EPOCH + 30 * DAYS, ramp_days=10.0)
    assert shore.notes.within("returned", 0, 11) == 0
    assert shore.notes.within("returned", 30, 40) == 0
    early, late = shore.notes.within("returned", 12, 16), shore.notes.within("returned", 24, 28)
    assert 0 < early < 0.7 * late


def test_people_judge_it_by_hand_overs_over_landings() -> None:
    shore = expelling()
    policy = shore.policies["expulsion"]
    (told,) = policy.announcements(shore)
    assert (told.belief, told.chance) == ("return", 0.5)
    assert policy.carried_out(shore, 20) is None
    assert policy.carried_out(shore, 40) == pytest.approx(0.5, abs=0.05)


def beside_an_agreement(share: float, expulsion: int, agreement: int) -> tuple[int, int]:
    """Return how many were handed over at once and how many detained, by the order of the policies."""
    policies = {
        "agreement": ReturnsAgreement(announced=None, start=EPOCH, ramp_days=0.0, priority=agreement),
        "expulsion": SummaryReturns(share=share, start=EPOCH, priority=expulsion),
        "rules": AsylumRules(containment=0.1),
    }
    flows = landing_daily(Shore(policies, per_day=100, days=40)).run(40).notes.flows
    return flows["returned"], flows["detained"]


def test_it_goes_before_others_by_priority_and_leaves_the_rest_to_them() -> None:
    returned, detained = beside_an_agreement(0.5, expulsion=1, agreement=2)
    assert returned > 1500
    assert detained > 100
    everyone, nobody = beside_an_agreement(1.0, expulsion=1, agreement=2)
    assert nobody == 0  # it has taken all
    others, first = beside_an_agreement(1.0, expulsion=2, agreement=1)
    assert first > 100
    assert others < everyone
