"""Choice at the coast: sane at rest, moved by beliefs only, and everyone by their own luck."""

from __future__ import annotations

import numpy as np
import pytest
from tests.camp import CALAIS, CHANNEL, MIX, Camp, camp, offers

from crossings.people import Offers
from crossings.population import NOBODY, State

COUNTRIES = ("Belgium", "Germany", "Italy", "Spain", "Greece")


def boat_share(world: Camp) -> float:
    return float(world.chances()["boat"].mean())


# at rest ---------------------------------------------------------------------------------------


def test_without_a_policy_most_people_book_at_once_and_few_give_up():
    chances = {option: float(share.mean()) for option, share in camp().chances().items()}
    assert sum(chances.values()) == pytest.approx(1.0)
    assert 0.55 < chances["boat"] < 0.85
    assert 0.05 < chances["wait"] < 0.3
    assert 0.005 < chances["lorry"] < 0.1
    leaving = chances["asylum here"] + chances["home"] + sum(chances[c] for c in COUNTRIES)
    assert 0.01 < leaving < 0.1  # of all who might come; those who do come value arriving more
    assert chances["apply"] == 0.0


def test_options_are_those_of_the_model():
    names = camp(1).choices.options.names
    assert names[:5] == ("boat", "wait", "lorry", "apply", "asylum here")
    assert set(COUNTRIES) <= set(names)
    assert names[-1] == "home"


# deterrence ------------------------------------------------------------------------------------


def test_participation_falls_with_the_believed_chance_of_return_a_little_and_then_a_lot():
    world = camp()
    shares = []
    for chance in (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9):
        world.believe("return", chance)
        shares.append(boat_share(world))
    change = np.array(shares) / shares[0] - 1.0
    assert (np.diff(change) < 0).all()
    assert change[1] > -0.05
    assert change[-1] < -0.8


@pytest.mark.parametrize(("belief", "better", "worse"), [
    ("stop", 0.2, 0.8), ("settle", 0.95, 0.4), ("death", 0.0005, 0.01), ("return", 0.01, 0.4),
])  # fmt: skip
def test_every_belief_about_crossing_counts(belief: str, better: float, worse: float):
    world = camp()
    world.believe(belief, better)
    before = boat_share(world)
    world.believe(belief, worse)
    assert boat_share(world) < before - 0.01


def test_refused_claims_and_lost_work_count_by_what_is_heard_of_them():
    world = camp(beliefs={"news_delay_days": 1, "home_delay_days": 0, "remote_weight": 1.0})
    before = world.chances()["boat"]
    world.beliefs.news_only("grant", np.full(500, CHANNEL.group_code("Eritrea")), happened=False)
    world.wait_until(1)
    world.beliefs.news.turn(1)
    after = world.chances()["boat"]
    concerned = world.population.group == CHANNEL.group_code("Eritrea")
    assert (after[concerned] < before[concerned]).all()
    assert after[~concerned] == pytest.approx(before[~concerned])


def test_those_who_value_arriving_most_are_deterred_last():
    world = camp()
    world.believe("return", 0.3)
    share = world.chances()["boat"]
    keen = world.population.value_spread > np.quantile(world.population.value_spread, 0.8)
    slack = world.population.value_spread < np.quantile(world.population.value_spread, 0.2)
    assert share[keen].mean() > share[slack].mean() + 0.1


def test_people_hurry_before_a_door_closes_and_wait_for_it_to_open():
    world = camp(beliefs={"announcement_weight": 200.0, "credibility": 0.9})
    world.offers = offers(wait=2.0)
    calm = {option: share.mean() for option, share in world.chances().items()}
    world.announce("return", 0.9, start=5)
    rush = {option: share.mean() for option, share in world.chances().items()}
    assert rush["wait"] < 0.5 * calm["wait"]
    assert rush["boat"] > calm["boat"]
    world.beliefs.withdraw("test")
    world.announce("return", 0.9, start=0, end=5)
    opening = {option: share.mean() for option, share in world.chances().items()}
    assert opening["wait"] > 2 * calm["wait"]


def test_a_stop_that_will_come_makes_people_hurry_and_one_that_will_go_makes_them_wait():
    world = camp(400, beliefs={"announcement_weight": 200.0, "credibility": 0.9})
    calm = {option: share.mean() for option, share in world.chances().items()}
    world.announce("stop", 0.95, start=9)
    closing = {option: share.mean() for option, share in world.chances().items()}
    assert closing["boat"] > calm["boat"]
    world.beliefs.withdraw("test")
    world.announce("stop", 0.95, start=0, end=8)
    opening = {option: share.mean() for option, share in world.chances().items()}
    assert opening["wait"] > 2 * calm["wait"]


def test_waiting_is_worth_a_lorry_next_week_to_those_who_have_one_within_reach():
    world = camp(400, choices={"lorry_reach": 1.0, "lorry_success": 0.95, "lorry_cost": 0.0})
    none = camp(400, choices={"lorry_reach": 0.0})
    for place in (world, none):
        place.believe("stop", 0.99)
    assert world.chances()["wait"].mean() > none.chances()["wait"].mean()


def test_who_is_booked_weighs_the_reputation_of_their_own_network():
    def keeps(reputation: float) -> float:
        world = camp(300, choices={"reputation_weight": 1.0})
        base = offers(4)
        told = np.array([reputation, 0.5, 0.5, 0.5])
        world.population.move(world.rows, State.BOOKED, 0.0)
        world.population.network[world.rows] = 0
        world.population.fare[world.rows] = base.price[0]
        world.offers = Offers(base.serial, base.price, told, base.wait_days, base.open, base.language_match)
        return float(world.chances()["boat"].mean())

    assert keeps(0.9) > keeps(0.1) + 0.05


def test_a_rule_counts_from_the_day_one_would_land_under_it():
    world = camp(200, beliefs={"announcement_weight": 200.0, "credibility": 0.9})
    slow = np.array([2.0, 2.0, 30.0, 30.0])
    base = offers(4)
    world.offers = Offers(base.serial, base.price, base.reputation, slow, base.open, base.language_match)
    world.announce("return", 0.9, start=20)
    menu = world.choices.options.at_camp(world.rows, 0, world.offers, world.may_apply(world.rows))
    assert (menu.places[:2].mean(axis=1) > menu.places[2:].mean(axis=1) + 1.0).all()


# networks --------------------------------------------------------------------------------------


def test_one_network_more_or_less_makes_nobody_cross():
    world = camp(200)
    world.offers = offers(2)
    few = world.chances()
    world.offers = offers(40)
    many = world.chances()
    for option, share in few.items():
        assert many[option] == pytest.approx(share), option


def test_clients_prefer_cheap_quick_well_spoken_networks_and_never_closed_ones():
    world = camp(1300)
    base = offers(5)
    price, wait, reputation = base.price.copy(), base.wait_days.copy(), base.reputation.copy()
    price[1], wait[2], reputation[3] = 3000.0, 21.0, 0.2
    is_open = np.array([True, True, True, True, False])
    world.offers = Offers(base.serial, price, reputation, wait, is_open, base.language_match)
    world.choices.at_coast(0)
    chosen = np.bincount(world.population.network[world.population.network != NOBODY], minlength=5)
    assert chosen[0] > 1.15 * max(chosen[1:4])
    assert chosen[4] == 0


def test_clients_prefer_networks_of_their_language():
    world = camp(1300)
    base = offers(2)
    match = np.zeros_like(base.language_match)
    match[:, 0] = True
    world.offers = Offers(base.serial, base.price, base.reputation, base.wait_days, base.open, match)
    world.choices.at_coast(0)
    chosen = np.bincount(world.population.network[world.population.network != NOBODY], minlength=2)
    assert chosen[0] > 3 * chosen[1]


def test_with_no_network_open_people_wait_for_one():
    world = camp(300)
    world.offers = offers(open_=False)
    chances = world.chances()
    assert (chances["boat"] == 0).all()
    assert chances["wait"].mean() > 0.5


def test_booking_writes_the_terms_and_the_next_look():
    world = camp(300)
    world.offers = offers(price=1234.0)
    world.choices.at_coast(0)
    people = world.population
    booked = people.state == State.BOOKED
    assert booked.sum() == world.notes.flows["bookings"] > 150
    assert (people.fare[booked] == 1234.0).all()
    assert (people.network[booked] >= 0).all()
    assert (people.network[~booked] == NOBODY).all()
    assert (people.next_choice == world.choices.block.wait_days).all()
    assert (people.choices == 1).all()
    people.check()


def test_most_of_those_booked_keep_their_place_and_leave_it_if_told_they_would_be_returned():
    world = camp(600)
    world.choices.at_coast(0)
    booked = np.flatnonzero(world.population.state == State.BOOKED)
    world.wait_until(7)
    kept = world.chances(booked)
    assert kept["boat"].mean() > 0.9
    assert (kept["wait"] == 0).all()
    world.believe("return", 0.9)
    assert world.chances(booked)["boat"].mean() < 0.3
    world.choices.at_coast(7)
    left = booked[world.population.state[booked] != State.BOOKED]
    assert left.size > 0.5 * booked.size
    assert (world.population.network[left] == NOBODY).all()
    world.population.check()


def test_people_look_again_when_their_time_has_come_or_something_happened():
    world = camp(300, choices={"wait_days": 5})
    world.choices.at_coast(0)
    looks = world.population.choices.copy()
    world.wait_until(1)
    shaken = np.flatnonzero(world.population.state == State.BOOKED)[:10]
    world.choices.after_event(shaken)
    tried = world.notes.flows["lorry_attempts"]
    world.choices.at_coast(1)
    again = np.flatnonzero(world.population.choices > looks)
    assert set(shaken) <= set(again)
    assert len(again) <= len(shaken) + tried
    world.wait_until(5)
    due = np.isin(world.population.state, [State.CAMP, State.BOOKED]) & (world.population.next_choice <= 5)
    before = world.population.choices.copy()
    world.choices.at_coast(5)
    assert (world.population.choices[due] == before[due] + 1).all()


# everything else -------------------------------------------------------------------------------


def test_who_gives_up_is_counted_where_they_go():
    world = camp(1300)
    world.believe("return", 0.95)
    for day in range(40):
        world.wait_until(day) if day else None
        world.choices.at_coast(day)
    flows, people = world.notes.flows, world.population
    assert flows["went_home"] == world.count(State.WENT_HOME) > 0
    assert flows["moved_on"] == world.count(State.STAYED_ELSEWHERE) > 0
    assert flows["asylum_france"] == world.count(State.ASYLUM_FRANCE) > 0
    moved = people.place[people.state == State.STAYED_ELSEWHERE]
    assert {CHANNEL.places[code].country for code in moved} >= set(COUNTRIES)
    home = people.state == State.WENT_HOME
    origins = [CHANNEL.place_code(CHANNEL.groups[code].origin) for code in people.group[home]]
    assert people.place[home].tolist() == origins
    people.check()


def test_lorries_take_a_day_and_get_some_through():
    world = camp(1300, choices={"lorry_reach": 1.0, "lorry_cost": 0.0, "lorry_capacity": 1e6})
    world.believe("return", 0.9)
    world.choices.at_coast(0)
    tried = world.count(State.LORRY)
    assert tried == world.notes.flows["lorry_attempts"] > 300
    world.wait_until(1)
    world.choices.at_coast(1)
    through = world.count(State.LORRY_ARRIVED)
    assert through == world.notes.flows["lorry_arrivals"]
    assert through / tried == pytest.approx(world.choices.block.lorry_success, abs=0.06)


def test_checks_and_crowding_keep_lorries_from_taking_everyone():
    through = {}
    for name, capacity, checks in (("free", 1e6, 1.0), ("checked", 1e6, 4.0), ("crowded", 30.0, 1.0)):
        world = camp(1300, choices={"lorry_reach": 1.0, "lorry_cost": 0.0, "lorry_capacity": capacity})
        world.levers.lorry_checks = checks
        world.believe("return", 0.9)
        world.choices.at_coast(0)
        world.wait_until(1)
        known = world.choices.options.known_success
        world.choices.at_coast(1)
        through[name] = world.count(State.LORRY_ARRIVED)
        if name != "free":
            assert world.choices.options.known_success < known
    assert through["checked"] < 0.4 * through["free"]
    assert through["crowded"] <= 15


def test_only_those_with_ties_who_never_crossed_apply_and_only_while_the_route_is_open():
    world = camp(1300)
    world.believe("legal", 0.9)
    world.population.arrivals[::7] = 1
    assert (world.chances()["apply"] == 0).all()
    world.legal_open = True
    chances = world.chances()["apply"]
    eligible = world.population.ties & (world.population.arrivals == 0)
    assert (chances[~eligible] == 0).all()
    assert (chances[eligible] > 0.01).all()
    world.choices.at_coast(0)
    assert world.count(State.APPLIED) == world.notes.flows["applied"] > 0


def test_applicants_think_again_every_week_and_may_leave_the_queue():
    world = camp(1300, values={"camp_cost": 0.1})
    world.believe("legal", 0.9)
    world.legal_open = True
    world.choices.at_coast(0)
    queue = np.flatnonzero(world.population.state == State.APPLIED)
    world.believe("legal", 0.0)
    world.wait_until(7)
    world.choices.at_coast(7)
    assert (world.population.state[queue] != State.APPLIED).mean() > 0.4
    assert (world.population.choices[queue] == 2).all()
    world.population.check()


def test_a_chance_of_a_legal_place_keeps_some_from_booking():
    world = camp(1300)
    world.legal_open = True
    world.believe("legal", 0.0)
    without = world.chances()["boat"][world.population.ties].mean()
    world.believe("legal", 0.95)
    assert world.chances()["boat"][world.population.ties].mean() < without


# after a return --------------------------------------------------------------------------------


def returned(number: int, **details) -> Camp:
    world = camp(number, **details)
    people, rows = world.population, world.rows
    world.choices.at_coast(0)
    rows = np.flatnonzero(people.state == State.BOOKED)
    for state in (State.AT_SEA, State.HELD, State.DETAINED, State.RECEPTION):
        people.move(rows, state, 0.5, CHANNEL.place_code("French reception"))
    people.network[rows] = NOBODY
    people.returns[rows] += 1
    people.arrivals[rows] += 1
    world.choices.after_return(rows, 0)
    world.rows = rows
    return world


def test_after_a_return_everyone_chooses_again_within_weeks():
    world = returned(1300)
    left = []
    for day in range(1, 120):
        world.wait_until(day)
        world.choices.at_coast(day)
        left.append(world.count(State.RECEPTION))
    assert 0 < left[14] < len(world.rows)
    assert left[-1] == 0
    state = world.population.state[world.rows]
    assert (state == State.WENT_HOME).any()
    assert (state == State.STAYED_ELSEWHERE).any()
    assert (world.population.place[world.rows][state == State.BOOKED] == CALAIS).all()
    world.population.check()


def test_those_returned_before_expect_to_be_returned_again_while_returns_are_announced():
    world = returned(1300)
    options = world.choices.options
    before = options.in_reception(world.rows, 0, world.offers).chances(3.0)[0].mean()
    world.announce("return", 0.06)
    menu = options.in_reception(world.rows, 0, world.offers)
    assert options.believed_return(world.rows, 10.0) == pytest.approx(world.choices.block.repeat_return)
    assert menu.chances(3.0)[0].mean() < 0.5 * before


# sameness --------------------------------------------------------------------------------------


def test_taking_one_person_out_leaves_every_other_choice_unchanged():
    gone = 40
    whole = camp(300)
    rest = Camp(MIX[:300], left_out=gone)
    for world in (whole, rest):
        for day in range(15):
            world.wait_until(day) if day else None
            world.choices.at_coast(day)
    others = np.delete(np.arange(300), gone)
    for column in ("state", "network", "choices", "next_choice", "place", "fare"):
        mine, theirs = getattr(whole.population, column)[others], getattr(rest.population, column)
        assert (mine == theirs).all(), column


def test_the_same_seed_repeats_and_another_differs():
    networks = []
    for seed in (1, 1, 2):
        world = camp(200, seed=seed)
        world.choices.at_coast(0)
        networks.append(world.population.network.copy())
    assert (networks[0] == networks[1]).all()
    assert (networks[0] != networks[2]).any()
