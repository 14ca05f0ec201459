"""Rooms with nobody in them, or with one: nothing is done, nothing is said, and nothing breaks."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from tests.camp import Camp, Road
from tests.coast import Coast
from tests.shore import EPOCH, Shore, landing_daily

from crossings.authorities import AuthoritiesBlock, LedgerError, ProcedureBlock
from crossings.people.offers import nobody
from crossings.people.word_of_mouth import meet
from crossings.policies import ReturnsAgreement
from crossings.population import State
from crossings.smuggling import SmugglingBlock
from crossings.smuggling.pricing import Week

NOBODY = np.zeros(0, dtype=np.intp)


def empty(coast: Coast, left: int = 0) -> Coast:
    """Dissolve all networks but the first few."""
    for slot in np.flatnonzero(coast.networks.alive)[left:].tolist():
        coast.smuggling.dissolve(slot)
    return coast


def quiet_week(coast: Coast) -> Week:
    return Week(*(np.zeros(len(coast.networks)) for _ in range(4)))


def test_without_networks_no_price_is_reported_or_moved():
    coast = empty(Coast())
    coast.notes.levels.clear()
    coast.smuggling.report()
    assert coast.notes.levels == {"networks": 0.0, "boats_in_stock": 0.0}
    prices = coast.networks.price.copy()
    coast.smuggling.pricing.review(quiet_week(coast), np.zeros(len(coast.networks)))
    assert (coast.networks.price == prices).all()


def test_without_networks_the_trade_earns_neither_more_nor_less_than_it_did():
    coast = Coast()
    turnover, profit = coast.smuggling.turnover, np.full(len(coast.networks), 700.0)
    turnover.settle(profit)
    assert turnover.earnings == 700.0
    empty(coast)
    turnover.settle(0.0 * profit)
    assert turnover.earnings == 700.0


def test_a_newcomer_copies_a_tactic_and_has_none_to_copy_where_it_is_alone():
    coast = Coast()
    coast.networks.taxi_share[:] = 0.7
    waiting = np.zeros(len(coast.networks.languages), dtype=np.int64)
    with_rivals = coast.smuggling.turnover.begin(1001, waiting, 0.0)
    alone = empty(coast).smuggling.turnover.begin(1002, waiting, 0.0)
    assert coast.networks.taxi_share[with_rivals] == 0.7
    assert coast.networks.taxi_share[alone] == 0.0


def test_a_newcomer_who_is_alone_reckons_with_no_taxi_boats():
    def hope(coast: Coast) -> float:
        return coast.smuggling.pricing.prospect(400.0, 3, 65.0)

    with_boats_by_land, with_taxi_boats = Coast(), Coast()
    with_boats_by_land.networks.taxi_share[:] = 0.0
    with_taxi_boats.networks.taxi_share[:] = 1.0
    assert hope(with_taxi_boats) != pytest.approx(hope(with_boats_by_land))
    assert hope(empty(with_taxi_boats)) == pytest.approx(hope(with_boats_by_land))


def test_a_network_without_rivals_imitates_nobody():
    coast = empty(Coast(changes={"tactics__imitation": 1.0, "tactics__trying": 1.0}), left=1)
    before = coast.networks.taxi_share.copy()
    coast.smuggling.tactics.review(1)
    assert (coast.networks.taxi_share == before).all()


def test_the_least_may_be_the_greatest_but_not_above_it():
    for what, value in (("load", 60.0), ("wave_limit", 0.5)):
        SmugglingBlock.model_validate({"design": {f"lowest_{what}": value, f"highest_{what}": value}})
        with pytest.raises(ValidationError, match=f"highest_{what} = .*: expected at least lowest_{what}"):
            SmugglingBlock.model_validate(
                {"design": {f"lowest_{what}": value, f"highest_{what}": 0.9 * value}}
            )
    SmugglingBlock.model_validate({"pricing": {"lowest_markup": 2.0, "highest_markup": 2.0}})
    with pytest.raises(ValidationError, match=r"highest_markup = 1\.9: expected at least lowest_markup = 2"):
        SmugglingBlock.model_validate({"pricing": {"lowest_markup": 2.0, "highest_markup": 1.9}})


def test_nobody_claims_and_nothing_is_counted():
    shore = Shore(days=10)
    shore.authorities.asylum.enter(NOBODY, 0.0)
    assert shore.authorities.asylum.backlog() == 0
    assert not shore.notes.flows
    assert nobody(np.arange(3)).tolist() == [False] * 3


def test_referrals_come_too_late_where_there_is_no_time_for_them():
    block = AuthoritiesBlock(returns=ProcedureBlock(referral_limit=0.0))
    policy = ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0.0)
    shore = landing_daily(Shore({"returns": policy}, days=40, block=block)).run(40)
    assert shore.notes.flows["referred"] == shore.notes.flows["returned"] == 0
    caseworkers = next(stage for stage in shore.authorities.stages() if stage.name == "caseworkers")
    assert set(caseworkers.exits) == {"referral too late"}
    assert shore.authorities.detention.count == 0


def test_open_cases_must_be_where_their_people_are():
    policy = ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0.0)
    shore = landing_daily(Shore({"returns": policy}, days=10)).run(8)
    shore.authorities.check()
    astray = shore.population.rows_in(State.DETAINED)[:1]
    shore.population.move(astray, State.ASYLUM, shore.clock.now)
    with pytest.raises(LedgerError, match="against people detained"):
        shore.authorities.check()


def test_a_policy_opens_its_programme_once():
    policy = ReturnsAgreement(announced=EPOCH, start=EPOCH, ramp_days=0.0)
    shore = Shore({"returns": policy}, days=10).run(3)
    programme = shore.authorities.returns.programmes["returns"]
    assert shore.authorities.returns.open(programme.terms) is programme.quota
    assert shore.authorities.returns.programmes["returns"] is programme


def test_a_route_that_lets_all_go_need_not_be_told_how_many():
    shore = Shore(days=10)
    routes = shore.authorities.legal_route
    routes.route("free", None, 1.0, 0)
    routes.transfer_up_to("free", 3)
    assert routes.routes["free"].seats is None


def test_who_left_reception_by_another_door_does_not_choose_there():
    world = Camp(["Iran"] * 20)
    people, rows = world.population, world.rows
    people.move(rows, State.BOOKED, 0.0)
    people.move(rows, State.AT_SEA, 0.0)
    for state in (State.HELD, State.DETAINED, State.RECEPTION):
        people.move(rows, state, 0.0)
    world.choices.after_return(rows, 0)
    people.move(rows, State.WENT_HOME, 0.0)
    for day in range(1, 150):
        world.wait_until(day)
        world.choices.at_coast(day)
    assert world.count(State.WENT_HOME) == len(rows)


def test_the_ring_of_meetings_has_room_for_so_many_pools():
    point, seeker = np.array([0.1, 0.6]), np.array([0.3])
    assert meet([np.array([0, 4095])], point, np.array([4095]), seeker).tolist() == [1]
    with pytest.raises(ValueError, match="in pools below 4096"):
        meet([np.array([0, 4096])], point, np.array([0]), seeker)


def test_where_nobody_has_a_lorry_within_reach_nobody_reckons_with_one():
    assert Road(days=2, scale=0.02, choices={"lorry_reach": 0.0}).options.lorry_reach == 0.0
    assert Road(days=2, scale=0.02, choices={"lorry_reach": 0.4}).options.lorry_reach == 0.4
