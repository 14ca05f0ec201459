"""Networks: who they are, how they begin and end, and what the agents show."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.coast import Coast, trading

from crossings.population import NOBODY, State
from crossings.smuggling import SmugglingNetwork
from crossings.smuggling.networks import MOST_IN_A_WEEK, newcomer_serial
from crossings.streams import identity

LOAD = 65.0


def test_the_corridors_networks_exist_at_the_beginning():
    coast = Coast()
    seeds = coast.corridor.network_seeds
    agents = coast.model.agents_by_type[SmugglingNetwork]
    assert [agent.name for agent in agents] == [seed.name for seed in seeds]
    assert [agent.language for agent in agents] == [seed.language for seed in seeds]
    assert [agent.boats for agent in agents] == [seed.boats_in_stock for seed in seeds]
    assert {agent.status for agent in agents} == {"active"}
    assert all(agent.price > 0 and agent.site_weights.sum() == pytest.approx(1.0) for agent in agents)


@pytest.mark.parametrize("share", [0.0, 0.03, 0.5])
def test_a_scenario_says_how_common_taxi_boats_are_at_the_beginning(share):
    coast = Coast(changes={"networks__starting_taxi_share": share})
    networks, stock = coast.networks, coast.networks.boats
    assert np.average(networks.taxi_share, weights=stock) == pytest.approx(share, abs=1e-9)
    usual = Coast().networks.taxi_share
    if share:
        np.testing.assert_allclose(networks.taxi_share[:30] / usual[:30], networks.taxi_share[0] / usual[0])


def test_agents_follow_the_table_and_keep_what_they_last_showed():
    coast = Coast()
    agent = coast.networks.agents[3]
    coast.networks.price[3] = 1234.0
    assert agent.price == 1234.0
    coast.smuggling.dissolve(3)
    coast.networks.price[3] = 1.0
    assert (agent.status, agent.price) == ("dissolved", 1234.0)
    assert agent not in coast.model.agents
    with pytest.raises(AttributeError, match="has no 'colour'"):
        _ = agent.colour


def test_a_slot_is_used_again_but_a_serial_never_is():
    coast = Coast()
    networks = coast.networks
    coast.smuggling.dissolve(2)
    slot = networks.enter(newcomer_serial(coast.clock.ordinal(5), 0), "late", 0, 2, 0.3, 5.0)
    assert slot == 2
    assert networks.serial[2] >= len(coast.corridor.network_seeds)
    assert networks.keys(np.array([2])) == identity("network", 0, networks.serial[2])
    assert len(set(networks.serial[networks.alive].tolist())) == networks.alive.sum()


def test_there_is_no_room_for_more_than_the_most():
    coast = Coast(changes={"networks__max_networks": 30})
    with pytest.raises(ValueError, match="no free slot"):
        coast.networks.enter(900, "one more", 0, 1, 0.0, 0.0)
    assert coast.smuggling.turnover.newcomers(1e9, 1) == 0


@pytest.mark.parametrize("end", ["dissolve", "dismantle", "disrupt"])
def test_clients_of_a_network_that_stops_are_free_to_choose(end):
    coast = Coast(per_day=30, height=2.0)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), day)
    coast.run(2)
    arguments = {"disrupt": (30.0, 0.5)}.get(end, ())
    getattr(coast.smuggling, end)(1, *arguments)
    coast.population.check()
    assert sorted(coast.looking) == list(range(30, 60))
    assert (coast.population.network[30:60] == NOBODY).all()
    assert coast.population.counts[State.CAMP] == 30
    assert not coast.smuggling.offers().open[1]
    assert coast.smuggling.offers().open[0]


def test_a_disrupted_network_loses_a_share_and_comes_back():
    coast = Coast()
    boats, crews = int(coast.networks.boats[0]), int(coast.networks.crews[0])
    coast.smuggling.disrupt(0, 10.0, 0.5)
    assert coast.networks.boats[0] == boats - round(boats / 2)
    assert coast.networks.crews[0] == crews - -(-crews // 2)
    assert coast.notes.flows["boats_seized"] == boats - coast.networks.boats[0]
    coast.networks.revive(9.9)
    assert coast.networks.agents[0].status == "disrupted"
    coast.networks.revive(10.0)
    assert coast.networks.agents[0].status == "active"


def test_a_dismantled_network_loses_boats_and_crews():
    coast = Coast()
    boats, crews = coast.networks.boats[0], coast.networks.crews[0]
    coast.smuggling.dismantle(0)
    assert coast.notes.flows["boats_seized"] == boats
    assert coast.notes.flows["crews_arrested"] == crews
    assert coast.notes.flows["networks_dissolved"] == 1


def test_broke_networks_end_and_idle_ones_too():
    coast = Coast(height=2.0, changes={"turnover__idle_weeks": 3})
    turnover, networks = coast.smuggling.turnover, coast.networks
    queue = np.where(networks.alive, 5.0, 0.0)
    networks.cash[0], networks.boats[0] = -1e6, 0
    networks.cash[1] = -1e6  # has boats yet
    networks.cash[2], networks.boats[2] = -1e6, 0  # has paid for boats that are on their way
    coming = np.zeros(len(networks))
    coming[2] = 4
    assert turnover.failing(queue, coming).tolist() == [0]
    networks.cash[0] = 0.0
    queue[7] = 0.0
    assert [turnover.failing(queue, coming).tolist() for _ in range(3)] == [[], [], [7]]


def test_a_week_earns_what_comes_in_less_the_boats_used_up():
    """Whoever stocks up earns no less, and a boat that is used or seized is paid for then."""
    coast = Coast(days=60, height=2.0, changes={"supply__shipping__seizure_chance": 0.0})
    market, networks, supply = coast.smuggling.market, coast.networks, coast.smuggling.supply
    supply.capacity[:] = 100.0
    supply.order(np.where(np.arange(len(networks)) < 3, 3, 0), 0)
    cost = supply.order_cost(networks.quality)
    market.open_books(cost)
    assert not market.close_books().any()
    coast.run(50)
    assert networks.on_order.sum() == 0
    assert not market.close_books().any()  # delivered, not used
    networks.cash[0] += 5_000.0
    networks.boats[0] -= 2
    coast.smuggling.disrupt(1, 10.0, 1.0)
    lost = networks.agents[1].boats
    earned = market.close_books()
    assert earned[0] == pytest.approx(5_000.0 - 2 * cost[0])
    assert lost == 0
    assert earned[1] < -3 * cost[1]
    assert earned[2] == 0.0


def test_the_first_week_pays_for_its_boats_too():
    coast = Coast()
    cost = coast.smuggling.supply.order_cost(coast.networks.quality)
    coast.networks.boats[3] -= 2
    earned = coast.smuggling.market.close_books()
    assert earned[3] == pytest.approx(-2 * cost[3])
    assert not np.delete(earned, 3).any()


def test_others_begin_only_while_earnings_exceed_the_hurdle():
    coast = Coast()
    turnover = coast.smuggling.turnover
    occasions = range(739_000, 739_200)
    turnover.earnings = turnover.block.hurdle * 0.99
    assert sum(turnover.newcomers(0.0, day) for day in occasions) == 0
    turnover.earnings = turnover.block.hurdle * np.e
    free = (~coast.networks.alive).sum() / len(coast.networks)
    expected = turnover.block.entry_rate * free * len(occasions)
    assert sum(turnover.newcomers(0.0, day) for day in occasions) == pytest.approx(expected, rel=0.25)
    turnover.earnings = 0.0  # what incumbents earn is not all: people whom nobody carries are worth as much
    prospect = turnover.block.hurdle * np.e
    assert sum(turnover.newcomers(prospect, day) for day in occasions) == pytest.approx(expected, rel=0.25)


def test_no_more_begin_in_a_week_than_have_serials_of_their_own():
    coast = Coast(changes={"turnover__entry_rate": 1e4, "networks__max_networks": 400})
    assert coast.smuggling.turnover.newcomers(1e9, 739_000) == MOST_IN_A_WEEK


def test_people_whom_nobody_can_carry_are_what_a_newcomer_hopes_for():
    coast = Coast()
    turnover, pricing = coast.smuggling.turnover, coast.smuggling.pricing
    assert turnover.unserved(1000, 250.0) == 0.0
    assert turnover.unserved(1000, 200.0) == 200.0
    assert pricing.prospect(0.0, 2, LOAD) == 0.0
    assert (
        0.0
        < pricing.prospect(30.0, 2, LOAD)
        < pricing.prospect(1000.0, 2, LOAD)
        == pricing.prospect(9000.0, 2, LOAD)
    )
    assert pricing.prospect(9000.0, 2, LOAD) == pytest.approx(2 * pricing.prospect(9000.0, 1, LOAD))
    assert pricing.prospect(9000.0, 2, 0.5 * LOAD) < pricing.prospect(9000.0, 2, LOAD)


def test_what_a_newcomer_hopes_for_hangs_on_what_all_have_seen_and_not_on_who_has_the_first_slot():
    coast = Coast()
    pricing, seen, networks = coast.smuggling.pricing, coast.smuggling.experience, coast.networks
    before = pricing.prospect(9000.0, 2, LOAD)
    seen.launched[0, 0] = seen.stopped[0] = seen.lost[0] = seen.arrested[0] = 200.0
    told = pricing.prospect(9000.0, 2, LOAD)
    assert told != pytest.approx(before, rel=0.01)
    for column in (seen.launched[0], seen.stopped, seen.lost, seen.arrested, networks.taxi_share):
        column[[0, 9]] = column[[9, 0]]
    assert pricing.prospect(9000.0, 2, LOAD) == pytest.approx(told)


def test_a_newcomer_speaks_the_language_of_those_who_wait():
    coast = Coast()
    turnover, languages = coast.smuggling.turnover, coast.networks.languages
    waiting = np.zeros(len(languages), dtype=np.int64)
    waiting[languages.index("Tigrinya")] = 10_000
    slots = [turnover.begin(900 + n, waiting, 3.0) for n in range(4)]
    assert {coast.networks.agents[slot].language for slot in slots} == {"Tigrinya"}
    assert (coast.networks.since[slots] == 3.0).all()


def test_crews_are_hired_for_the_queue_and_let_go_when_idle():
    coast = Coast(per_day=400, height=2.0)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0)
    coast.run(1)
    crews = coast.networks.crews
    crews[:2] = 2
    coast.smuggling.turnover.hire(coast.smuggling.market.week())
    assert crews[0] == 3
    crews[1] = 9
    coast.smuggling.turnover.hire(coast.smuggling.market.week())
    assert crews[1] == 8


def test_offers_are_what_clients_look_for():
    coast = Coast(per_day=50, height=2.0)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 4)
    before = coast.smuggling.offers()
    coast.run(3)
    offers = coast.smuggling.offers()
    assert offers.open.sum() == 30
    assert offers.language_match.shape == (len(coast.corridor.groups), len(coast.networks))
    assert offers.language_match[coast.corridor.group_code("Iran"), 9]  # N10 speaks Persian
    assert offers.wait_days[4] > before.wait_days[4] == 0
    assert ((offers.reputation[offers.open] > 0.2) & (offers.reputation[offers.open] < 0.9)).all()


def test_clients_look_elsewhere_when_no_boat_comes_for_weeks():
    coast = Coast(per_day=10, height=2.0, changes={"launching__patience_days": 20.0})
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0)
    coast.run(10)
    coast.smuggling.bookings.end_idle(coast.clock.now - 5.5, coast.clock.now)
    assert len(coast.looking) == 50


def test_two_hundred_days_of_trade_stay_in_bounds():
    coast = trading(Coast(per_day=130, days=200, beach=None, height=0.3, investigated=True)).run(200)
    flows, levels = coast.notes.flows, coast.notes.levels
    assert 20 <= levels["networks"] <= 48
    assert flows["boats_ordered"] > flows["boats_delivered"] > flows["launches"] / 3
    assert flows["arrivals"] > 0.6 * coast.population.entered
    assert flows["deaths"] < 0.005 * flows["attempts"]
    assert 700 < levels["price"] < 4_000
    stocks = coast.networks.boats.sum() + coast.networks.on_order.sum()
    assert stocks > 0


def test_networks_that_begin_in_a_week_have_serials_of_that_week():
    monday = date(2025, 3, 3).toordinal()
    start = monday - monday % 7
    week = {newcomer_serial(start + day, 3) for day in range(7)}
    assert len(week) == 1
    assert newcomer_serial(start + 7, 3) == week.pop() + MOST_IN_A_WEEK
    assert newcomer_serial(start + 7, 0) == newcomer_serial(start, MOST_IN_A_WEEK - 1) + 1


def test_where_there_is_no_hurdle_others_begin_as_at_e_times_a_hurdle():
    def begun(hurdle, earnings):
        turnover = Coast(changes={"turnover__hurdle": hurdle}).smuggling.turnover
        turnover.earnings = earnings
        return [turnover.newcomers(0.0, occasion) for occasion in range(400)]

    assert begun(0.0, 500.0) == begun(1000.0, 1000.0 * np.e)
    assert sum(begun(0.0, 500.0)) > 100
    assert not any(begun(0.0, 0.0))


def test_owners_take_out_what_is_above_the_reserve_and_nothing_else():
    coast = Coast()
    networks, turnover = coast.networks, coast.smuggling.turnover
    reserve = turnover.block.reserve_cash * np.maximum(networks.crews, 1)
    networks.cash[:] = reserve
    networks.cash[0] += 500.0
    networks.cash[1] -= 500.0
    gone = np.flatnonzero(~networks.alive)[0]
    networks.cash[gone] = before = 7e6
    turnover.settle(np.zeros(len(networks)))
    assert networks.cash[0] == reserve[0]
    assert networks.cash[1] == reserve[1] - 500.0
    assert (networks.cash[2:20] == reserve[2:20]).all()
    assert networks.cash[gone] == before
