"""Supply: orders, lead times, seizures, and what happens when a supplier is taken out."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError
from tests.coast import Coast, trading

from crossings.smuggling.supply import SupplyBlock


def ordered(coast, boats=2, day=0):
    wanted = np.where(coast.networks.active, boats, 0)
    return coast.smuggling.supply.order(wanted, day)


def coast_with(**changes):
    coast = Coast(days=120, height=2.0, changes={f"supply__{name}": value for name, value in changes.items()})
    coast.smuggling.supply.capacity[:] = coast.smuggling.supply.shares * 200
    return coast


def test_boats_arrive_after_their_lead_time():
    coast = coast_with(shipping__seizure_chance=0.0, shipping__lead_sigma=0.0, shipping__lead_days=10.0)
    before = coast.networks.boats.copy()
    served = ordered(coast)
    assert served.sum() == 60
    assert coast.networks.on_order.sum() == 60
    coast.run(10)
    assert coast.networks.on_order.sum() == 60
    coast.run(1)
    assert coast.networks.on_order.sum() == 0
    np.testing.assert_array_equal(coast.networks.boats - before, served)
    assert coast.notes.flows["boats_delivered"] == 60


def test_no_boat_is_lost_from_the_books():
    coast = coast_with()
    before = coast.networks.boats.sum()
    for week in range(8):
        ordered(coast, day=7 * week)
        coast.run(7)
        if week == 3:
            coast.smuggling.dissolve(0)
    flows, ledger = coast.notes.flows, coast.smuggling.ledger
    assert ledger.resold > 0
    here = coast.networks.boats.sum() + ledger.in_transit + ledger.unclaimed
    assert before + flows["boats_ordered"] == here + flows["boats_seized"]
    assert (ledger.brought, ledger.ordered, ledger.seized) == (
        before,
        flows["boats_ordered"],
        flows["boats_seized"],
    )
    assert ledger.in_transit >= coast.networks.on_order.sum()
    ledger.check()


def test_boats_of_a_network_that_has_gone_are_sold_to_others_first():
    coast = coast_with(shipping__seizure_chance=0.0, shipping__lead_sigma=0.0, shipping__lead_days=10.0)
    networks, ledger, supply = coast.networks, coast.smuggling.ledger, coast.smuggling.supply
    stock = int(networks.boats[0])
    supply.order(np.where(np.arange(len(networks)) == 0, 5, 0), 0)
    coast.run(1)
    coast.smuggling.dissolve(0)
    assert ledger.unclaimed == stock > 0
    coast.run(10)
    assert ledger.unclaimed == stock + 5  # those on the road have come, and find nobody
    cash, boats = networks.cash[1], networks.boats[1]
    price = supply.delivered_cost(networks.quality)[1]
    got = supply.order(np.where(np.arange(len(networks)) == 1, 4, 0), 11)
    assert got[1] == 4 == networks.boats[1] - boats
    assert networks.cash[1] == pytest.approx(cash - 4 * price)
    assert (ledger.unclaimed, ledger.resold) == (stock + 1, 4)
    assert coast.notes.flows["boats_ordered"] == 5  # nothing new
    ledger.check()


def test_the_ledger_notices_a_boat_that_vanishes_or_appears():
    coast = coast_with()
    ledger = coast.smuggling.ledger
    for wrong in (-1, 1):
        coast.networks.boats[3] += wrong
        with pytest.raises(AssertionError, match="boats: "):
            ledger.check()
        coast.networks.boats[3] -= wrong
    ledger.check()


@pytest.mark.parametrize("lever", [0.0, 1.0, 3.0])
def test_seizures_follow_chance_and_lever(lever):
    coast = coast_with(shipping__lead_days=2.0)
    coast.levers.upstream_seizures = lever
    for week in range(10):
        ordered(coast, boats=1, day=7 * week)
        coast.run(7)
    coast.run(20)
    share = coast.notes.flows["boats_seized"] / coast.notes.flows["boats_ordered"]
    expected = 1 - (1 - SupplyBlock().shipping.seizure_chance) ** lever
    assert share == pytest.approx(expected, abs=0.075)


def test_networks_learn_what_is_lost_on_the_way():
    coast = coast_with(shipping__lead_days=2.0)
    shipping = coast.smuggling.supply.shipping
    prior = shipping.expected_loss
    coast.levers.upstream_seizures = 6.0
    for week in range(6):
        ordered(coast, day=7 * week)
        coast.run(7)
    assert prior == pytest.approx(shipping.block.seizure_chance)
    assert shipping.expected_loss > prior + 0.2
    assert coast.smuggling.supply.delivered_cost(np.array([0.5]))[0] > 9_000


def test_orders_are_paid_for():
    coast = coast_with()
    cash = coast.networks.cash.copy()
    cost = coast.smuggling.supply.order_cost(coast.networks.quality)
    served = ordered(coast)
    np.testing.assert_allclose(cash - coast.networks.cash, served * cost)


def test_nobody_gets_more_than_suppliers_have():
    coast = coast_with()
    coast.smuggling.supply.capacity[:] = [10.5, 4.0, 3.0, 2.0, 0.5]
    served = ordered(coast, boats=3)
    assert 12 <= served.sum() <= 20
    assert served.max() <= 3
    assert coast.smuggling.supply.scarcity == pytest.approx(90 / 20)


def test_scarcity_makes_boats_dear_and_capacity_grow():
    coast = coast_with()
    supply = coast.smuggling.supply
    quality = np.array([supply.block.reference_quality])
    assert supply.order_cost(quality)[0] == supply.block.boat_price + supply.block.transport_cost
    supply.capacity[:] = supply.shares * 20
    ordered(coast, boats=2)
    assert supply.order_cost(quality)[0] > supply.block.boat_price + supply.block.transport_cost
    before = supply.capacity.sum()
    ordered(coast, boats=2, day=7)
    assert supply.capacity.sum() > before


def test_sounder_boats_cost_more():
    supply = coast_with().smuggling.supply
    cost = supply.order_cost(np.linspace(0.1, 1.0, 10))
    assert (np.diff(cost) > 0).all()


def test_a_policy_may_make_boats_cheaper_or_dearer():
    coast = coast_with()
    quality = np.array([0.5])
    usual = coast.smuggling.supply.delivered_cost(quality)
    coast.levers.boat_cost = 0.5
    np.testing.assert_allclose(coast.smuggling.supply.delivered_cost(quality), 0.5 * usual)


def test_sounder_boats_are_seized_more_often_and_networks_reckon_with_it():
    shares = []
    for quality in (0.1, 1.0):
        coast = coast_with(shipping__lead_days=2.0, shipping__bulk=2.0)
        coast.networks.quality[:] = quality
        for week in range(10):
            ordered(coast, boats=1, day=7 * week)
            coast.run(7)
        coast.run(20)
        shares.append(coast.notes.flows["boats_seized"] / coast.notes.flows["boats_ordered"])
    assert shares[1] > shares[0] + 0.2
    expected = coast_with().smuggling.supply.shipping.expected_loss_of(np.array([0.1, 0.5, 1.0]))
    assert expected[0] < expected[1] < expected[2]
    assert expected[1] == pytest.approx(SupplyBlock().shipping.seizure_chance)


def test_a_removed_supplier_takes_its_shipments_with_it_and_is_replaced():
    coast = coast_with(shipping__seizure_chance=0.0, replacement_days=20.0)
    supply = coast.smuggling.supply
    served = ordered(coast)
    coast.run(1)
    supply.remove(0)
    supply.remove(0)  # once is enough
    assert not supply.working[0]
    coast.run(40)
    lost = coast.notes.flows["boats_seized"]
    assert 0.3 * served.sum() < lost < 0.7 * served.sum()
    coast.run(75)
    assert supply.working.all()


def test_only_a_removed_suppliers_customers_change():
    coast = coast_with()
    supply = coast.smuggling.supply
    slots = np.flatnonzero(coast.networks.active)
    _, before = supply._draw_choices(slots, 0)
    supply.working[0] = False
    _, after = supply._draw_choices(slots, 0)
    stay = before[0] != 0
    assert stay.any()
    np.testing.assert_array_equal(before[0][stay], after[0][stay])
    assert (after[0] != 0).all()


def test_without_suppliers_there_are_no_boats():
    coast = coast_with()
    coast.smuggling.supply.working[:] = False
    assert ordered(coast).sum() == 0


def test_networks_replace_what_they_use_and_order_what_is_missing_from_their_cover():
    supply = coast_with(cover_weeks=4.0, order_share=1.0, shipping__seizure_chance=0.0).smuggling.supply
    networks = supply._networks
    networks.boats[:3], networks.on_order[:3] = (0, 3, 20), (0, 2, 0)
    use, backlog = np.full(len(networks), 2.0), np.full(len(networks), 1.0)
    wanted = supply.wanted(use, backlog)
    assert wanted[:3].tolist() == [2 + 9, 2 + 4, 0]
    assert wanted[~networks.active].sum() == 0


@pytest.mark.parametrize("shares", [(), (0.0, 0.0), (1.0, -0.1)])
def test_impossible_shares_are_refused(shares):
    with pytest.raises(ValidationError, match="expected shares"):
        SupplyBlock(supplier_shares=shares)


def test_scarcity_cannot_be_priced_beyond_all_bounds():
    with pytest.raises(ValidationError, match="scarcity_price"):
        SupplyBlock(scarcity_price=1e4)
    coast = coast_with(scarcity_price=5.0)
    coast.smuggling.supply.scarcity = 1e6
    assert np.isfinite(coast.smuggling.supply.order_cost(np.array([1.0]))).all()


def test_a_supplier_who_is_replaced_sooner_leaves_boats_scarce_for_less_long():
    def scarce_weeks(days):
        coast = coast_with(replacement_days=days, capacity_speed=0.0)
        coast.smuggling.supply.remove(0)
        scarce = 0
        for week in range(12):
            ordered(coast, boats=4, day=7 * week)
            scarce += coast.smuggling.supply.scarcity > 1.0
            coast.run(7)
        return scarce

    assert scarce_weeks(10.0) < scarce_weeks(1000.0) == 12


def test_suppliers_shares_are_of_their_sum():
    parts = Coast(changes={"supply__supplier_shares": (4.0, 2.0, 2.0)}).smuggling.supply
    parts.found(10.0)
    assert parts.shares.tolist() == [0.5, 0.25, 0.25]
    assert parts.capacity.tolist() == pytest.approx([6.5, 3.25, 3.25])  # with spare capacity


def test_boats_are_out_for_a_night_and_used_up_when_they_left():
    coast = trading(Coast(per_day=60, days=40))
    coast.weather.forecast[25:] = 9.0  # nobody sets out any more
    coast.run(35)
    ledger = coast.smuggling.ledger
    assert coast.notes.flows["launches"] > 20
    assert ledger.out == 0
    assert ledger.used == coast.notes.flows["launches"]
