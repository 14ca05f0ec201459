"""Landing and triage: nobody is held too long, policies choose in order, everyone else claims."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from pydantic import ValidationError
from tests.shore import Shore, landing_daily

from crossings.authorities import AuthoritiesBlock, DetentionBlock, HoldingBlock, ProcedureBlock
from crossings.errors import InputError
from crossings.hooks import Rows
from crossings.policies import Policy, ReturnsAgreement, World
from crossings.population import State


def agreement(**changes: object) -> ReturnsAgreement:
    return ReturnsAgreement(announced=date(2025, 7, 10), start=date(2025, 8, 4), ramp_days=0.0, **changes)


def test_holding_ends_at_a_noon_within_the_legal_limit() -> None:
    shore = Shore(per_day=60, days=10)
    stays: list[float] = []
    enter = shore.authorities.asylum.enter

    def note(rows: Rows, time: float) -> None:
        stays.extend((time - shore.population.since[rows]).tolist())
        assert time == int(time)
        enter(rows, time)

    shore.authorities.asylum.enter = note
    landing_daily(shore).run(10)
    block = HoldingBlock()
    assert min(stays) >= 0.4
    assert max(stays) <= block.max_days
    assert 1.0 < float(np.mean(stays)) < 2.4


def test_who_lands_just_before_and_just_after_noon_is_held_from_then() -> None:
    shore = Shore(per_day=2, days=8)
    shore.morning = lambda day: (
        shore.cross(shore.to_camp(day), 0.999 if day == 0 else 1.0) if day < 2 else None
    )
    shore.run(3)
    assert shore.population.state[:4].tolist() == [State.HELD] * 4
    assert shore.population.since[:4].tolist() == [0.999, 0.999, 2.0, 2.0]
    shore.run(3)
    assert shore.states()[State.ASYLUM] == 4


def test_without_policies_everyone_claims_and_word_of_it_spreads() -> None:
    shore = landing_daily(Shore(per_day=5, days=20))
    shore.run(20)
    assert shore.states()[State.DETAINED] == 0
    released = shore.notes.news["return", False]
    assert released == 100 - shore.states()[State.HELD] - shore.states()[State.AT_SEA]
    assert shore.notes.spent["holding"] > 0


def test_never_more_are_detained_than_there_are_beds() -> None:
    block = AuthoritiesBlock(detention=DetentionBlock(beds=6))
    shore = landing_daily(Shore({"returns": agreement(quota_per_week=500)}, per_day=30, block=block))
    for _ in range(25):
        shore.run(1)
        assert shore.authorities.detention.count <= 6
        assert shore.states()[State.DETAINED] == shore.authorities.detention.count
    assert shore.authorities.detention.count == 6


def test_children_and_people_who_landed_before_the_start_are_not_selected() -> None:
    shore = landing_daily(Shore({"returns": agreement(quota_per_week=900)}, per_day=30, children=0.5))
    shore.run(20)
    detained = shore.population.rows_in(State.DETAINED)
    assert detained.size > 50
    assert shore.population.adult[detained].all()

    late = agreement(quota_per_week=900).model_copy(update={"start": date(2025, 8, 14)})
    shore = Shore({"returns": late}, per_day=30)
    detained_from: list[float] = []
    begin = shore.authorities.returns.begin

    def note(policy: str, wanted: Rows, free: Rows) -> Rows:
        detained_from.extend(shore.population.since[wanted].tolist())
        return begin(policy, wanted, free)

    shore.authorities.returns.begin = note
    landing_daily(shore).run(20)
    assert min(detained_from) >= 10.0


def test_policies_choose_in_their_order_and_nobody_is_chosen_twice() -> None:
    shore = landing_daily(
        Shore({"first": agreement(quota_per_week=100), "second": agreement(quota_per_week=100)}, per_day=20)
    )
    shore.run(30)
    quotas = {name: programme.quota for name, programme in shore.authorities.returns.programmes.items()}
    assert quotas["first"].detained > quotas["second"].detained > 0
    assert sum(quota.detained for quota in quotas.values()) == shore.notes.flows["detained"]


def detained_under(shore: Shore) -> dict[str, int]:
    programmes = shore.authorities.returns.programmes
    return {name: programme.quota.detained for name, programme in programmes.items()}


def two_policies(first: int, second: int, *, block: AuthoritiesBlock | None = None, days: int = 20) -> Shore:
    policies: dict[str, Policy] = {
        "first": agreement(quota_per_week=100, priority=first),
        "second": agreement(quota_per_week=100, priority=second),
    }
    return landing_daily(Shore(policies, per_day=20, days=days, block=block)).run(days)


def test_scarce_beds_go_to_the_policy_that_comes_first_in_priority() -> None:
    scarce = AuthoritiesBlock(detention=DetentionBlock(beds=20))
    ahead, behind, equal = (
        detained_under(two_policies(*places, block=scarce)) for places in ((1, 2), (2, 1), (5, 5))
    )
    assert ahead["first"] > 4 * ahead["second"]
    assert (behind["second"], behind["first"]) == (ahead["first"], ahead["second"])
    assert equal == ahead, "among equals the scenario's order counts"


def test_a_later_policy_chooses_among_those_still_free_and_misses_nobody() -> None:
    plenty = AuthoritiesBlock(
        detention=DetentionBlock(beds=5_000), returns=ProcedureBlock(caseworkers=500, refused=0.0, unfit=0.0)
    )
    alone = landing_daily(Shore({"second": agreement(quota_per_week=49)}, per_day=40, days=20, block=plenty))
    both = Shore(
        {"second": agreement(quota_per_week=49, priority=2), "first": agreement(quota_per_week=49)},
        per_day=40,
        days=20,
        block=plenty,
    )
    both = landing_daily(both).run(20)
    # Nobody chosen twice: the second loses no pick to the first.
    assert detained_under(both)["second"] == detained_under(alone.run(20))["second"]
    assert detained_under(both)["first"] == detained_under(both)["second"]


def test_the_room_with_caseworkers_is_shared_on_the_day() -> None:
    few = AuthoritiesBlock(
        holding=HoldingBlock(min_days=2.5),  # so that a whole day's landings are at the first triage
        detention=DetentionBlock(beds=5_000),
        returns=ProcedureBlock(caseworkers=1, referral_days=1.0, longest_queue=5.0),
    )
    shore = two_policies(1, 1, block=few, days=4)
    by_day = shore.notes.by_day["detained"]
    assert by_day[min(by_day)] == 5, "between them no more than one caseworker gets to in five days"


def test_only_those_whose_case_begins_count_as_selected() -> None:
    shore = two_policies(1, 2, block=AuthoritiesBlock(detention=DetentionBlock(beds=20)))
    assert shore.notes.flows["selected"] == shore.notes.flows["detained"] > 20


def test_a_policy_is_judged_by_all_it_applies_to_whoever_detains_them() -> None:
    shore = two_policies(1, 2)
    quotas = [programme.quota for programme in shore.authorities.returns.programmes.values()]
    assert quotas[0]._eligible == quotas[1]._eligible
    assert sum(quotas[0]._eligible.values()) > 200


def test_a_policy_that_detains_without_a_programme_is_told_so() -> None:
    class Blunt(Policy):
        def at_triage(self, world: World, rows: Rows) -> Rows:
            return rows

    with pytest.raises(InputError, match="returns policy 'blunt'"):
        landing_daily(Shore({"blunt": Blunt()})).run(5)


def test_rows_a_policy_has_no_business_with_are_ignored() -> None:
    class Greedy(ReturnsAgreement):
        def at_triage(self, world: World, rows: Rows) -> Rows:
            self._quota(world)
            return np.arange(len(world.population))

    shore = landing_daily(Shore({"greedy": Greedy(start=date(2025, 8, 4))}, per_day=5, days=10))
    shore.run(10)
    assert shore.notes.flows["detained"] > 0


def test_the_longest_stay_is_not_shorter_than_the_shortest() -> None:
    with pytest.raises(ValidationError, match="at least min_days"):
        HoldingBlock(min_days=2.5, max_days=2.0)
