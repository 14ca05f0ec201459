"""One boat's night, end by end, and what everyone is told of it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.coast import Coast, changed

from crossings.clock import NIGHTFALL
from crossings.passage import PassageBlock, boarding_chance, distress_chance, roughness
from crossings.population import NOBODY, State
from crossings.smuggling.networks import newcomer_serial
from crossings.streams import identity

SAFE = PassageBlock(distress=0.0, boarding_incident=0.0)


def night(clients=60, taxi=False, changes=None, **options):
    """Return a coast after one night on which one network sent one boat, at noon of the next day."""
    coast = Coast(per_day=clients, days=3, changes=changes, **{"passage": SAFE, **options})
    coast.networks.taxi_share[:] = float(taxi)
    coast.networks.boats[0] = 1
    coast.networks.crews[0] = 3
    coast.networks.load[0] = 60.0
    coast.networks.site_weights[:] = np.eye(len(coast.corridor.sites))[4]  # the shortest way
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0) if day == 0 else None
    coast.cash_before = coast.networks.cash[0]
    coast.run(1)
    (launch,) = coast.launches[0]
    coast.launch = launch
    coast.passage.tell()
    return coast


def test_people_arrive_pay_and_are_in_the_hands_of_the_authorities():
    coast = night()
    people, rows, flows = coast.population, coast.launch.rows, coast.notes.flows
    assert (people.state[rows] == State.HELD).all()
    assert (people.attempts[rows] == 1).all()
    assert (people.arrivals[rows] == 1).all()
    assert (people.network[rows] == NOBODY).all()
    assert flows["arrivals"] == flows["attempts"] == flows["first_arrivals"] == len(rows)
    assert flows["boats"] == flows["launches"] == 1
    earned = coast.networks.cash[0] - coast.cash_before
    fares = people.fare[rows].sum()
    costs = coast.smuggling.pricing.block
    arrested = flows["crews_arrested"]
    paid = costs.launch_cost + len(rows) * costs.client_cost + arrested * costs.crew_loss_cost
    assert earned == pytest.approx(fares - paid)
    assert coast.networks.boats[0] == 0
    ((landed, time),) = coast.landed
    assert landed.tolist() == rows.tolist()
    hours = (time - coast.launch.leaves_at) * 24
    assert 3 < hours < 14  # 36 km at about 3 knots


def test_who_arrives_learns_that_one_may_get_through_and_live():
    coast = night()
    arrived = len(coast.launch.rows)
    assert coast.notes.news == {("stop", False): arrived, ("death", False): arrived}


def test_nobody_is_told_anything_before_noon():
    coast = Coast(per_day=60, days=2, passage=SAFE)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0) if day == 0 else None
    coast.run(1)
    assert coast.landed
    assert not coast.notes.news
    coast.passage.tell()
    assert coast.notes.news
    coast.notes.news.clear()
    coast.passage.tell()
    assert not coast.notes.news


@pytest.mark.parametrize("loss", [0.0, 1.0])
def test_a_stop_at_the_beach_sends_everyone_back(loss):
    block = PassageBlock(boat_loss=loss, arrest_at_stop=1.0)
    coast = night(beach=1.0, passage=block)
    people, rows, flows = coast.population, coast.launch.rows, coast.notes.flows
    assert (people.state[rows] == State.BOOKED).all()
    assert (people.network[rows] == 0).all()
    assert (people.failed_tries[rows] == 1).all()
    assert (people.stops[rows] == 1).all()
    assert (people.place[rows] == coast.corridor.places_of("camp")[0]).all()
    assert flows["stopped_beach"] == len(rows)
    assert abs(flows["prevented"] - block.recorded_share * len(rows)) <= 1
    assert flows["arrivals"] == flows["boats"] == 0
    assert (coast.networks.boats[0], flows["boats_lost"]) == ((1, 0), (0, 1))[int(loss)]
    assert coast.networks.crews[0] == 2
    assert flows["crews_arrested"] == 1
    assert coast.notes.news == {("stop", True): len(rows)}
    assert sorted(coast.looking) == sorted(rows.tolist())
    assert coast.smuggling.experience.stopped[0] == 1


def test_after_enough_failed_tries_the_deposit_is_lost_and_people_choose_anew():
    coast = night(beach=1.0, changes={"pricing__tries_per_booking": 1})
    people, rows = coast.population, coast.launch.rows
    assert (people.state[rows] == State.CAMP).all()
    assert (people.network[rows] == NOBODY).all()
    assert (people.failed_tries[rows] == 0).all()
    terms = coast.smuggling.pricing.block
    costs = terms.launch_cost + coast.notes.flows["crews_arrested"] * terms.crew_loss_cost
    earned = coast.networks.cash[0] - coast.cash_before
    assert earned == pytest.approx(terms.deposit_share * people.fare[rows].sum() - costs)


@pytest.mark.parametrize("taxi", [False, True])
def test_only_taxi_boats_are_stopped_at_sea_and_all_of_that_is_recorded(taxi):
    coast = night(taxi=taxi, sea_chance=1.0)
    flows, aboard = coast.notes.flows, len(coast.launch.rows)
    assert flows["stopped_sea"] == (aboard if taxi else 0)
    assert flows["prevented"] == (aboard if taxi else 0)
    assert flows["taxi_attempts"] == (aboard if taxi else 0)
    assert flows["arrivals"] == (0 if taxi else aboard)


TO_FRANCE = {"rescue__uk_units": 0.0, "rescue__ship_hours": 1000.0}
TO_UK = {"rescue__french_units": 0.0, "rescue__ship_hours": 1000.0}
AFLOAT, SUNK = {"rescue__sinking": 0.0}, {"rescue__sinking": 1e6}


def distressed(**values):
    return changed(PassageBlock(), distress=1e6, boarding_incident=0.0, **{**AFLOAT, **values})


def test_french_boats_bring_people_to_france():
    coast = night(passage=distressed(**TO_FRANCE))
    people, rows, flows = coast.population, coast.launch.rows, coast.notes.flows
    assert (people.state[rows] == State.BOOKED).all()
    assert flows["rescued_french"] == flows["prevented"] == len(rows)
    assert flows["boats_lost"] == 1
    assert coast.networks.boats[0] == 0
    assert coast.notes.news == {("stop", True): len(rows), ("death", False): len(rows)}
    assert coast.smuggling.experience.failed[0] == 1


def test_rescue_by_boats_from_the_other_side_is_an_arrival():
    coast = night(passage=distressed(**TO_UK))
    people, rows, flows = coast.population, coast.launch.rows, coast.notes.flows
    assert (people.state[rows] == State.HELD).all()
    assert flows["rescued_uk"] == flows["arrivals"] == len(rows)
    assert flows["boats"] == 1
    assert flows["prevented"] == flows["boats_lost"] == 0
    assert coast.smuggling.experience.failed[0] == 0


def test_some_may_die_in_distress_and_the_others_are_rescued():
    coast = night(clients=600, passage=distressed(**TO_UK, **SUNK, rescue__survival_hours=3.0))
    people, rows, flows = coast.population, coast.launch.rows, coast.notes.flows
    dead = people.state[rows] == State.DEAD
    assert 0 < flows["deaths"] == dead.sum() < len(rows)
    assert flows["arrivals"] == (~dead).sum()
    assert (people.network[rows[dead]] == NOBODY).all()
    assert coast.notes.news["death", True] == dead.sum()
    assert coast.notes.news["death", False] == (~dead).sum()


def test_some_may_die_in_boarding_and_the_boat_still_goes():
    block = PassageBlock(distress=0.0, boarding_incident=1.0, boarding_toll=0.4, load_effect=0.0)
    coast = night(passage=block)
    flows = coast.notes.flows
    assert flows["deaths"] > 0
    assert flows["deaths"] + flows["arrivals"] == len(coast.launch.rows)


@pytest.mark.parametrize("end", ["dissolve", "disrupt"])
def test_no_boat_leaves_for_a_network_that_has_gone_since_the_evening(end):
    coast = Coast(per_day=60, days=3, passage=SAFE)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0) if day == 0 else None
    boats = coast.networks.boats[0]
    arguments = (0, 9.0, 0.0) if end == "disrupt" else (0,)
    coast.clock.at(9.5 / 24, lambda: getattr(coast.smuggling, end)(*arguments))
    coast.run(1)
    assert coast.launches[0]
    assert coast.notes.flows["launches"] == 0
    assert coast.population.counts[State.CAMP] == 60
    assert coast.networks.boats[0] == (boats if end == "disrupt" else 0)


def test_people_come_back_free_when_their_network_ends_while_they_are_at_sea():
    coast = Coast(per_day=60, days=3, passage=distressed(**TO_FRANCE, early_distress=0.1))
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0) if day == 0 else None
    ended = []

    def end_it():
        assert coast.population.counts[State.AT_SEA] > 0
        coast.smuggling.dissolve(0)
        coast.networks.enter(900, "next", 0, 1, 0.0, coast.clock.now)
        ended.append(True)

    coast.smuggling.set_off, start = _after(
        coast.smuggling.set_off, lambda: coast.clock.at(coast.clock.now + 0.01, end_it)
    )
    coast.run(2)
    assert ended
    assert start
    assert coast.population.counts[State.CAMP] == 120
    assert (coast.population.network[:120] == NOBODY).all()
    assert coast.networks.boats[0] == 0
    assert coast.smuggling.experience.failed[0] == 0


def _after(method, action):
    """Return a method that acts once it has done what it does, and the list of its calls."""
    calls = []

    def wrapped(*arguments, **named):
        calls.append(method(*arguments, **named))
        action()
        return calls[-1]

    return wrapped, calls


def test_danger_rises_with_load_waves_poor_boats_and_time():
    block = PassageBlock()
    size = int(block.boat_size)
    base = distress_chance(block, size, 0.5, 0.35, 0.3)
    assert base == pytest.approx(1 - np.exp(-block.distress * 0.3))
    assert distress_chance(block, size + 15, 0.5, 0.35, 0.3) > base
    assert distress_chance(block, size, 0.2, 0.35, 0.3) > base
    assert distress_chance(block, size, 0.5, 0.6, 0.3) > base
    assert distress_chance(block, size, 0.5, 0.35, 0.6) > base
    assert distress_chance(block, size + 5, 0.5, 1.2, 0.3) > 0.8
    assert boarding_chance(block, size) == pytest.approx(block.boarding_incident)
    assert roughness(block, block.reference_height) == 1.0
    assert roughness(block, 0.6) > 1.0 > roughness(block, 0.1)


def test_where_nobody_is_left_alive_the_boat_has_not_arrived():
    coast = night(passage=distressed(**TO_UK, **SUNK, rescue__survival_hours=0.1))
    flows = coast.notes.flows
    assert flows["deaths"] == flows["attempts"] == len(coast.launch.rows)
    assert flows["arrivals"] == flows["boats"] == flows["rescued_uk"] == 0
    assert flows["boats_lost"] == 1


def test_rescue_boats_are_taken_up_for_a_while_and_then_ready_again():
    coast = night(passage=distressed(**TO_FRANCE, rescue__job_hours=30.0))
    assert coast.passage.rescue.under_way == 1
    coast.weather.forecast[:] = 9.0
    coast.run(2)
    assert coast.passage.rescue.under_way == 0


def test_a_boat_of_which_nobody_ashore_knows_keeps_no_rescue_from_others():
    coast = night(passage=distressed(rescue__no_alarm=1.0, rescue__job_hours=30.0))
    assert coast.notes.flows["boats_lost"] + coast.notes.flows["rescued_uk"] > 0  # a ship was there
    assert coast.passage.rescue.under_way == 0


def test_clients_of_a_network_that_ends_while_they_are_at_sea_are_heard_once():
    """Their network goes, another takes its slot and goes too; they come back, are free, and say so once."""
    coast = Coast(per_day=60, days=3, passage=distressed(**TO_FRANCE))
    networks, smuggling = coast.networks, coast.smuggling
    networks.taxi_share[:], networks.boats[0], networks.crews[0], networks.load[0] = 0.0, 1, 3, 60.0
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0) if day == 0 else None

    def replace() -> None:
        (launch,) = coast.launches[0]
        assert (coast.population.state[launch.rows] == State.AT_SEA).all()
        smuggling.dissolve(0)
        assert networks.enter(newcomer_serial(coast.clock.ordinal(0), 0), "late", 0, 2, 0.0, 0.5) == 0
        coast.looking.clear()
        smuggling.dissolve(0)

    def begin(day: int) -> None:
        (launch,) = coast.launches[day]
        coast.clock.at(launch.leaves_at + 1e-6, replace)

    coast.clock.at(NIGHTFALL + 1e-6, lambda: begin(0))
    coast.run(1)
    coast.passage.tell()
    (launch,) = coast.launches[0]
    assert len(launch.rows) > 20
    assert coast.notes.news == {("stop", True): len(launch.rows), ("death", False): len(launch.rows)}
    assert sorted(coast.looking) == sorted(launch.rows.tolist())
    assert (coast.population.state[launch.rows] == State.CAMP).all()
    assert (coast.population.network[launch.rows] == NOBODY).all()


@pytest.mark.parametrize("rescue", [(0.0, 0.0), (1.0, 1.0), (1.0, 3.0), (2.5, 0.5)])
def test_rescue_boats_cost_by_the_day_on_which_they_stand_by(rescue):
    coast = Coast(days=4)
    coast.passage._patrols.rescue = lambda: rescue
    coast.run(3)
    block = coast.passage.block.rescue
    boats = block.french_units * rescue[0] + block.uk_units * rescue[1]
    assert coast.notes.spent["rescue"] == pytest.approx(3 * boats * block.unit_cost)


def test_a_boats_luck_is_its_own_whatever_else_happens_in_the_night():
    """Boats of one network fare alike whether or not another network launches."""

    def ends(others):
        coast = Coast(per_day=400, days=6, beach=0.4, seed=3)
        coast.networks.boats[:] = coast.networks.crews[:] = 4

        def afternoon(day):
            rows = coast.population.rows_in(State.CAMP)
            mine = coast.population.key[rows] % np.uint64(2) == 0
            coast.book(rows[mine], 0)
            if others:
                coast.book(rows[~mine], 1)

        coast.afternoon = afternoon
        coast.run(5)
        mine = coast.population.key % np.uint64(2) == 0
        people = coast.population
        return people.state[mine], people.since[mine], people.attempts[mine], people.stops[mine]

    for alone, together in zip(ends(others=False), ends(others=True), strict=True):
        np.testing.assert_array_equal(alone, together)


def test_keys_of_people_are_all_that_deaths_depend_on():
    keys = identity("Iran", 739_000, np.arange(500))
    coast = Coast()
    everyone = coast.streams.uniform("passage.sea", keys, np.ones(500))
    some = coast.streams.uniform("passage.sea", keys[::3], np.ones(167))
    np.testing.assert_array_equal(everyone[::3], some)


def test_stop_shares_and_load_are_as_observed():
    """Real patrols and hazards over many calm nights: stop rate, and share of those at sea who arrive.

    On a sea that is always calm fewer people die than the .75 per thousand observed on all nights, which the
    tests of levels hold whole seasons to.
    """
    coast = Coast(per_day=500, days=100, beach=None, height=0.4)

    def afternoon(day):
        coast.spread(coast.population.rows_in(State.CAMP))
        coast.networks.boats[:] = coast.networks.crews[:] = 3
        coast.networks.taxi_share[:] = 0.45
        coast.networks.load[:] = 62.0

    coast.afternoon = afternoon
    coast.run(90)
    flows = coast.notes.flows
    at_sea = flows["attempts"] - flows["stopped_beach"]
    assert 0.25 < flows["stopped_beach"] / flows["attempts"] < 0.5
    assert 0.81 < flows["arrivals"] / at_sea < 0.93
    assert 0.0 < 1000 * flows["deaths"] / at_sea < 0.75
    assert 50 < flows["arrivals"] / flows["boats"] < 70
