"""Journeys: as many get there as are meant to, in the time it takes, and deterrence acts on the way."""

from __future__ import annotations

import numpy as np
import pytest
from tests.camp import CHANNEL, ROUTES, Road

from crossings.hooks import Announcement
from crossings.population import State

CERTAIN = {"announcement_weight": 1e6, "credibility": 0.999999}
NO_LORRY = {"lorry_reach": 0.0}


@pytest.fixture(scope="module")
def road() -> Road:
    return Road(days=260).run()


def cohort(road: Road, until: int = 120) -> np.ndarray:
    """People who entered early enough to have arrived or stayed somewhere."""
    return np.flatnonzero(road.population.entry_day < until)


def share_at_coast(road: Road, until: int = 120) -> float:
    return float((road.population.state[cohort(road, until)] == State.CAMP).mean())


def test_baseline_participation_is_what_it_says(road: Road):
    assert share_at_coast(road) == pytest.approx(0.5, abs=0.02)  # some die on the way


@pytest.mark.parametrize("share", [0.35, 0.65])
def test_baseline_participation_can_be_set(share: float):
    moved = Road(days=230, scale=0.1, journeys={"baseline_participation": share}).run()
    assert share_at_coast(moved, 100) == pytest.approx(share, abs=0.03)


def test_every_group_takes_part_alike_whatever_its_value(road: Road):
    people, rows = road.population, cohort(road)
    for group in CHANNEL.groups:
        members = rows[people.group[rows] == group.code]
        if len(members) > 500:
            assert (people.state[members] == State.CAMP).mean() == pytest.approx(0.5, abs=0.06), group.name


def test_journeys_take_three_weeks_to_four_months(road: Road):
    people, rows = road.population, cohort(road)
    arrived = rows[people.state[rows] == State.CAMP]
    days = people.since[arrived] - people.entry_day[arrived]
    assert 35 < np.median(days) < 65
    assert np.quantile(days, 0.01) > 12
    assert np.quantile(days, 0.99) < 130
    assert (people.state[rows] != State.TRAVELLING).mean() > 0.99


def test_people_end_where_routes_lead(road: Road):
    people = road.population
    at_coast = people.state == State.CAMP
    assert set(people.place[at_coast]) <= set(ROUTES.camps)
    assert (people.place[at_coast] == ROUTES.place_at[people.route, people.stage][at_coast]).all()
    elsewhere = people.state == State.STAYED_ELSEWHERE
    kinds = {CHANNEL.places[code].kind for code in people.place[elsewhere]}
    assert kinds == {"entry", "hub"}
    assert road.notes.flows["moved_on"] == elsewhere.sum()
    assert road.notes.flows["reached_coast"] == at_coast.sum()
    assert (
        road.notes.flows["set_out"] == (people.route >= 0).sum() - (people.state == State.STAYED_ORIGIN).sum()
    )


def test_people_take_routes_of_their_group_and_mostly_the_cheaper(road: Road):
    people, rows = road.population, cohort(road)
    cheap, dear = 0, 0
    for group in CHANNEL.groups:
        known = ROUTES.routes_of(group.code)
        taken = people.route[rows[people.group[rows] == group.code]]
        assert set(taken) <= {route.index for route in known}
        cheapest = min(known, key=lambda route: route.cost).index
        dearest = max(known, key=lambda route: route.cost).index
        cheap += (taken == cheapest).sum()
        dear += (taken == dearest).sum()
    assert cheap > dear + 5 * np.sqrt(dear)  # five standard errors of a count


def test_as_many_die_on_the_way_as_the_hazards_say(road: Road):
    people, rows = road.population, cohort(road)
    gone = rows[people.state[rows] != State.STAYED_ORIGIN]
    worst = ROUTES.hazard[people.route[gone]].sum()
    dead = (people.state[gone] == State.DEAD).sum()
    assert 0.2 * worst < dead < 1.2 * worst
    assert road.notes.flows["transit_deaths"] == (people.state == State.DEAD).sum()


def test_those_who_reach_the_coast_value_it_more(road: Road):
    people, rows = road.population, cohort(road)
    at_coast = people.state[rows] == State.CAMP
    assert np.median(people.value_spread[rows[at_coast]]) > 1.1 * np.median(people.value_spread[rows])


def test_people_who_arrive_look_at_once_and_know_what_their_group_knows(road: Road):
    people = road.population
    arrived = np.flatnonzero(people.state == State.CAMP)
    assert (people.next_choice[arrived] == people.since[arrived].astype(int)).all()
    assert people.belief[0, :, arrived].sum(axis=1) == pytest.approx(road.beliefs.block.entry_strength)


# deterrence before the coast -------------------------------------------------------------------


def deterred(chance: float, lorry_reach: float = 0.0, **window: int) -> Road:
    road = Road(days=230, scale=0.1, beliefs=CERTAIN, choices={"lorry_reach": lorry_reach})
    details = {"announced": 0, "start": 0, **window}
    road.beliefs.announce(Announcement("test", "return", chance, **details))
    return road.run()


def test_participation_falls_with_the_believed_chance_of_return():
    shares = [share_at_coast(deterred(chance), 100) for chance in (0.01, 0.03, 0.3, 0.9)]
    change = np.array(shares) / shares[0] - 1.0
    assert (np.diff(change) < 0).all()
    assert change[1] > -0.05
    assert -0.6 < change[2] < -0.1
    assert change[3] < -0.8


def test_a_lorry_left_open_keeps_people_coming_whom_the_boat_no_longer_draws():
    none, everyone = (share_at_coast(deterred(0.9, reach), 100) for reach in (0.0, 1.0))
    assert everyone > 3.0 * none
    usual = [
        Road(days=230, scale=0.1, choices={"lorry_reach": reach}).run() for reach in (0.0, 1.0)
    ]  # the baseline is stated with the lorry in it
    assert share_at_coast(usual[1], 100) == pytest.approx(share_at_coast(usual[0], 100), abs=0.03)


def test_legal_places_draw_those_with_ties_and_nobody_else():
    def came(chance: float) -> tuple[int, int]:
        road = Road(days=230, scale=0.1, beliefs=CERTAIN)
        road.legal_route = "on the way"
        road.beliefs.announce(Announcement("agreement", "return", 0.9, 0, 0))
        road.beliefs.announce(Announcement("route", "legal", chance, 0, 0))
        people = road.run().population
        camp = people.state == State.CAMP
        return int((camp & people.ties).sum()), int((camp & ~people.ties).sum())

    nothing, plenty = came(0.0), came(1.0 - 1e-9)  # within weeks: months in a camp are worth it to few
    assert plenty[0] > 1.1 * nothing[0]
    assert plenty[1] == nothing[1]


def test_a_legal_place_applied_for_at_home_keeps_those_it_is_meant_for_there():
    def came(where: str) -> tuple[int, int]:
        road = Road(days=230, scale=0.1, beliefs=CERTAIN)
        road.legal_route = where
        road.beliefs.announce(Announcement("route", "legal", 0.5, 0, 0))
        people = road.run().population
        camp = people.state == State.CAMP
        return int((camp & people.ties).sum()), int((camp & ~people.ties).sum())

    none, home = came(""), came("at home")
    assert home[0] < 0.92 * none[0]
    assert home[1] == none[1]


def test_who_has_left_has_no_legal_place_at_home_to_forgo():
    def ended(where: str) -> np.ndarray:
        road = Road(days=90, scale=0.05, beliefs=CERTAIN)
        road.legal_route = where
        road.beliefs.announce(Announcement("route", "legal", 0.5, 0, 0))
        return road.run().population.state

    none, home = ended(""), ended("at home")
    left = ~np.isin(home, [State.FUTURE, State.STAYED_ORIGIN])
    assert (home == State.STAYED_ORIGIN).sum() > (none == State.STAYED_ORIGIN).sum()
    assert (none == State.STAYED_ELSEWHERE).any()
    assert (home[left] == none[left]).all()


def test_a_rule_is_felt_as_long_before_as_the_journey_takes():
    road = deterred(0.9, start=100)
    people = road.population
    set_out = np.array(
        [(people.state[people.entry_day == day] != State.STAYED_ORIGIN).mean() for day in range(130)]
    )
    early, just_before, after = set_out[:20].mean(), set_out[75:95].mean(), set_out[105:].mean()
    assert just_before < early - 0.1
    assert after == pytest.approx(just_before, abs=0.1)


def test_people_hurry_to_be_in_before_a_door_closes_if_it_is_worth_it():
    def arrived(**journeys: float) -> tuple[int, int, int]:
        road = Road(days=170, scale=0.3, beliefs=CERTAIN, journeys=journeys)
        road.beliefs.announce(Announcement("test", "return", 0.9, announced=60, start=120))
        people = road.run().population
        came = people.since[people.state == State.CAMP]
        return tuple(int(((came >= first) & (came < first + 25)).sum()) for first in (60, 88, 120))

    never, cheap = arrived(haste_cost=1e6), arrived(haste_cost=0.1)
    assert cheap[0] == pytest.approx(never[0], rel=0.03), "those under way already are too late to hurry"
    assert cheap[1] > 1.3 * never[1]
    assert cheap[2] < never[2]


def test_nobody_hurries_where_no_rule_turns():
    usual, never = (
        Road(days=120, scale=0.1, journeys={"haste_cost": cost}).run().population for cost in (0.0, 1e6)
    )
    assert (usual.state == never.state).all()
    assert (usual.since == never.since).all()


def test_a_rule_for_one_group_leaves_the_others_alone():
    albania = CHANNEL.group_code("Albania")
    free = Road(days=200, scale=0.3, choices=NO_LORRY).run().population
    road = Road(days=200, scale=0.3, beliefs=CERTAIN, choices=NO_LORRY)
    road.beliefs.announce(Announcement("test", "return", 0.95, 0, 0, groups=[albania]))
    people = road.run().population
    others = people.group != albania
    assert (people.state[others] == free.state[others]).all()
    early = ~others & (people.entry_day < 100)
    assert (people.state[early] == State.CAMP).sum() < 0.2 * (free.state[early] == State.CAMP).sum()


def test_a_higher_price_keeps_people_at_home():
    dear = Road(days=200, scale=0.1)
    dear.offers = type(dear.offers)(
        dear.offers.serial,
        dear.offers.price * 4,
        dear.offers.reputation,
        dear.offers.wait_days,
        dear.offers.open,
        dear.offers.language_match,
    )
    usual = Road(days=200, scale=0.1).run()
    assert dear.run().notes.flows["reached_coast"] < 0.95 * usual.notes.flows["reached_coast"]


# sameness --------------------------------------------------------------------------------------


def test_others_travel_the_same_whoever_is_left_out():
    whole, rest = Road(days=120, scale=0.1), Road(days=120, scale=0.1)
    # one in seven never becomes a candidate in the other world
    left_out = np.arange(len(rest.population)) % 7 == 3
    enter = rest.inflow.enter

    def some(day: int) -> np.ndarray:
        rows = enter(day)
        return rows[~left_out[rows]]

    rest.inflow.enter = some
    whole.run()
    rest.run()
    for column in ("state", "place", "route", "stage"):
        mine, theirs = getattr(whole.population, column), getattr(rest.population, column)
        assert (mine[~left_out] == theirs[~left_out]).all(), column


def test_a_run_that_begins_later_gives_the_same_people_the_same_journeys():
    early, late = Road(days=100, scale=0.1, seed=4).run(), Road(days=70, scale=0.1, seed=4, later=30).run()
    one, other = early.population, late.population
    both = np.isin(one.key, other.key)
    assert (one.key[both] == other.key).all()
    assert (one.state[both] == other.state).all()
    assert (one.place[both] == other.place).all()
    assert one.since[both] - 30 == pytest.approx(other.since)
