"""Asylum: everybody is decided in the end, by their group's chance, and waiting costs nothing to compute."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from scipy.stats import norm
from tests.shore import EPOCH, Shore, landing_daily

from crossings.authorities import AsylumBlock, AuthoritiesBlock, ProcedureBlock
from crossings.policies import AsylumRules, ReturnsAgreement
from crossings.population import State

QUICK = AsylumBlock(decision_days=20.0, appeal_days=20.0, removal_days=10.0, removed_share=0.3)


def shore_with(block: AsylumBlock, *, days: int = 200, per_day: int = 20, **policies: AsylumRules) -> Shore:
    shore = Shore(policies, per_day=per_day, days=days, block=AuthoritiesBlock(asylum=block))
    shore.morning = lambda day: shore.cross(shore.to_camp(day)) if day < 40 else None
    return shore


def test_everyone_is_decided_in_the_end() -> None:
    shore = shore_with(QUICK, days=600).run(600)
    states = shore.states()
    assert states[State.ASYLUM] == states[State.APPEAL] == 0
    assert states[State.GRANTED] + states[State.REFUSED] + states[State.REMOVED] == 800
    flows = shore.notes.flows
    assert flows["granted"] == states[State.GRANTED]
    assert flows["removed"] == states[State.REMOVED]


def test_shares_are_those_of_the_parameters() -> None:
    # 800 people, each share within 4.4 standard errors: a correct program fails one in 1e5 of such checks.
    shore = shore_with(QUICK, days=600).run(600)
    flows, block = shore.notes.flows, QUICK
    refused = flows["refused"]

    def within(observed: float, share: float, of: float) -> bool:
        return abs(observed - share * of) < 4.4 * np.sqrt(of * share * (1 - share))

    assert within(refused, 0.5, 800)
    assert within(flows["appealed"], block.appeal_share, refused)
    assert within(flows["granted"] - (800 - refused), block.appeal_allowed, flows["appealed"])
    final = 800 - flows["granted"]
    assert within(flows["removed"], block.removed_share, final)
    assert within(shore.notes.news["settle", False], block.refusal_unsettles, final)


def test_news_counts_every_decision_once() -> None:
    shore = shore_with(QUICK, days=600).run(600)
    news, flows = shore.notes.news, shore.notes.flows
    assert news["grant", True] + news["grant", False] == 800
    assert news["grant", False] == flows["refused"]
    assert news["settle", True] == 800, "each is heard of at release"
    final = 800 - flows["granted"]
    assert 0 < news["settle", False] < final, "and once more if a final refusal unsettles them"


def test_times_to_a_decision_have_the_median_and_spread_that_are_stated() -> None:
    """At three ages of the claims of one day; 4.4 standard errors, as above."""
    block = AuthoritiesBlock(asylum=AsylumBlock(decision_days=60.0, decision_spread=0.5))
    shore = Shore(per_day=800, days=100, block=block)
    shore.morning = lambda day: shore.cross(shore.to_camp(day)) if day == 0 else None
    people = shore.run(5).population
    claims = people.rows_in(State.ASYLUM)
    assert claims.size == 800
    since = people.since[claims].copy()
    for day in (40, 63, 100):
        shore.run(day - shore.clock.day)
        waiting = (people.state[claims] == State.ASYLUM).mean()
        expected = norm.sf(np.log((shore.clock.now - since) / 60.0) / 0.5).mean()
        assert abs(waiting - expected) < 4.4 * np.sqrt(expected * (1 - expected) / 800), day


def test_a_rule_lowers_grants_for_the_nationality_it_names() -> None:
    none = shore_with(QUICK, rules=AsylumRules(grants=0.0)).run(150)
    other = shore_with(QUICK, rules=AsylumRules(grants=0.0, nationalities=("Albania",))).run(150)
    assert none.notes.news["grant", True] == 0
    assert other.notes.news["grant", True] > 200


def test_accommodation_is_charged_for_those_who_wait() -> None:
    shore = shore_with(AsylumBlock(accommodated=0.5, accommodation_cost=10.0), days=60)
    shore.run(59)
    before = shore.notes.spent["accommodation"]
    shore.run(1)
    backlog = shore.authorities.asylum.backlog()
    assert shore.notes.spent["accommodation"] - before == pytest.approx(backlog * 5.0, rel=0.02)
    assert shore.notes.levels["asylum_backlog"] == pytest.approx(backlog, abs=10)


def test_somebody_taken_out_of_the_queue_by_others_is_not_decided() -> None:
    shore = landing_daily(shore_with(QUICK)).run(5)
    rows = shore.population.rows_in(State.ASYLUM)
    shore.population.move(rows, State.REFUSED, shore.clock.now)  # decided elsewhere
    shore.run(80)
    assert (shore.population.state[rows] == State.REFUSED).all()


def test_containment_is_heard_of_at_once() -> None:
    shore = landing_daily(Shore({"rules": AsylumRules(containment=0.5)}, per_day=50, days=20))
    shore.run(20)
    contained, released = shore.notes.news["settle", False], shore.notes.news["return", False]
    assert 0.4 < contained / released < 0.6


def test_contained_people_are_never_said_to_have_settled() -> None:
    shore = shore_with(QUICK, days=600, rules=AsylumRules(containment=1.0)).run(600)
    assert shore.notes.flows["granted"] > 400
    assert shore.notes.news["settle", True] == 0
    assert shore.notes.news["settle", False] == 800, "each is heard of once, at release"


def test_half_contained_means_that_half_of_those_released_may_settle() -> None:
    half = shore_with(QUICK, days=600, rules=AsylumRules(containment=0.5)).run(600).notes.news
    assert abs(half["settle", True] - 400) < 4.4 * np.sqrt(800) / 2
    unsettled = half["settle", True] + half["settle", False] - 800
    free = shore_with(QUICK, days=600).run(600).notes.news
    # of the contained no more is heard: about half as many are unsettled later
    assert abs(unsettled - free["settle", False] / 2) < 4.4 * np.sqrt(free["settle", False]) / 2


def test_people_judge_containment_by_those_released_lately() -> None:
    rules = AsylumRules(containment=0.5, announced_chance=0.0, start=EPOCH + timedelta(days=30))
    shore = landing_daily(Shore({"rules": rules}, per_day=50, days=100))
    assert shore.authorities.asylum.free_to_settle(1, 28) is None
    (told,) = shore.policies["rules"].announcements(shore)
    shore.run(50)
    assert shore.authorities.asylum.free_to_settle(20, 28) == 1.0
    assert told.carried_out(50) is None, "too early to judge"
    shore.run(45)
    # some 1,400 people: four standard errors
    assert told.carried_out(90) == pytest.approx(0.5, abs=0.054)


def test_people_released_from_detention_are_contained_like_others() -> None:
    policies = {
        "returns": ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0, seat_margin=0.0),
        "rules": AsylumRules(containment=1.0),
    }
    block = AuthoritiesBlock(asylum=QUICK, returns=ProcedureBlock(limit_days=20.0))
    shore = Shore(policies, per_day=20, days=600, block=block)
    shore.morning = lambda day: shore.cross(shore.to_camp(day)) if day < 40 else None
    shore.run(600)
    assert shore.notes.flows["bailed"] > 100
    assert shore.notes.news["settle", True] == 0
    assert shore.notes.news["settle", False] == 800


def test_who_arrives_again_after_containment_ended_is_no_longer_contained() -> None:
    rules = AsylumRules(containment=1.0, end=EPOCH + timedelta(days=20))
    shore = Shore({"rules": rules}, per_day=20, days=30, block=AuthoritiesBlock(asylum=QUICK))
    shore.morning = lambda day: shore.cross(shore.to_camp(day)) if day == 0 else None
    shore.run(10)
    rows, people = shore.population.rows_in(State.ASYLUM), shore.population
    assert shore.authorities.asylum._contained[rows].all()
    people.move(rows, State.DETAINED, shore.clock.now)  # removed by others and back again
    people.move(rows, State.RECEPTION, shore.clock.now)
    people.move(rows, State.CAMP, shore.clock.now)
    shore.run(15)
    shore.cross(rows)
    shore.run(5)
    assert not shore.authorities.asylum._contained[rows].any()


def mixed(**policies: object) -> Shore:
    """Every other person is Albanian."""
    shore = Shore(policies, per_day=50, days=40)
    shore.population.group[::2] = 1
    return landing_daily(shore)


def test_containment_of_some_leaves_the_others_free() -> None:
    rules = AsylumRules(containment=1.0, announced_chance=0.0, nationalities=("Albania",), start=EPOCH)
    shore = mixed(rules=rules).run(40)
    asylum = shore.authorities.asylum
    assert asylum.free_to_settle(40, 28, (1,)) == 0.0
    assert asylum.free_to_settle(40, 28, (0,)) == 1.0
    assert asylum.free_to_settle(40, 28) == pytest.approx(0.5, abs=0.05)
    assert shore.policies["rules"].carried_out(shore, 40) == 0.0  # judged by those it names
    everyone = mixed(rules=AsylumRules(containment=1.0)).run(40)
    assert everyone.authorities.asylum.free_to_settle(40, 28, (0,)) == 0.0
    assert asylum.free_to_settle(2, 1) is None


def test_inadmissible_claims_are_refused_at_once_and_for_good() -> None:
    barred = mixed(rules=AsylumRules(inadmissible=1.0, nationalities=("Albania",))).run(40)
    refused = barred.population.state == State.REFUSED
    assert refused.sum() > 800
    assert (barred.population.group[refused] == 1).all()
    assert not (barred.population.group[barred.population.state == State.APPEAL] == 1).any()
    assert barred.notes.news["grant", False] == barred.notes.flows["refused"]
    usual = mixed().run(40)
    assert (usual.population.state == State.REFUSED).sum() < 0.05 * refused.sum()
