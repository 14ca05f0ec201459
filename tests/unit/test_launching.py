"""Launching: who sends boats, with whom, from where and when; sites and tactics."""

from __future__ import annotations

import numpy as np
import pytest
from tests.coast import Coast

from crossings.population import State
from crossings.smuggling import Launch
from crossings.smuggling.experience import BEACH, TAXI
from crossings.smuggling.launching import boat_keys

BOLD = {"launching__caution": 0.0}
"""Networks send what they can, whatever became of it lately."""


def a_launch(network=0, site=0, taxi=False, rows=(), serial=0, leaves_at=0.5, quality=0.5, concurrent=0):
    return Launch(
        key=boat_keys(np.array([serial]), 739_000, np.array([0])),
        rows=np.array(rows, dtype=np.intp),
        network=network,
        serial=serial,
        site=site,
        taxi=taxi,
        load=float(len(rows)),
        quality=quality,
        leaves_at=leaves_at,
        concurrent=concurrent,
    )


def with_clients(clients, slot=0, **options):
    """Return a coast on whose first afternoon so many people book with one network."""
    coast = Coast(per_day=clients, days=3, **options)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), slot)
    coast.clock.run_day()
    return coast


def test_nobody_launches_into_a_rough_forecast():
    assert with_clients(300, height=0.8).launches[0] == []


def test_a_networks_own_wave_limit_decides():
    coast = Coast(per_day=100, days=3, height=0.5)
    coast.networks.wave_limit[:] = np.where(np.arange(len(coast.networks)) == 1, 0.51, 0.49)
    half = np.arange(100) % 2

    def afternoon(day):
        for slot in (0, 1):
            coast.book(np.flatnonzero(half == slot), slot)

    coast.afternoon = afternoon
    coast.clock.run_day()
    assert [launch.network for launch in coast.launches[0]] == [1]


@pytest.mark.parametrize(("boats", "crews", "most"), [(1, 5, 1), (5, 2, 2), (9, 9, 4)])
def test_boats_and_crews_bound_the_number_of_launches(boats, crews, most):
    coast = Coast(per_day=1000, days=3, changes=BOLD)
    coast.networks.boats[0], coast.networks.crews[0] = boats, crews
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0)
    coast.clock.run_day()
    assert len(coast.launches[0]) == most
    assert coast.networks.boats[0] == boats - most


def test_everyone_boards_at_most_once_and_in_order_of_booking():
    coast = Coast(per_day=120, days=4, height=2.0)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0)
    coast.run(2)
    coast.weather.forecast[:] = 0.2
    coast.networks.boats[0] = coast.networks.crews[0] = 4
    coast.run(1)
    rows = np.concatenate([launch.rows for launch in coast.launches[2]])
    assert len(set(rows.tolist())) == len(rows)
    booked = coast.population.booked_at[rows]
    assert (np.diff(booked) >= 0).all()
    assert set(rows[booked == 0]) == set(range(120))
    assert all(0.6 * launch.load <= len(launch.rows) <= launch.load for launch in coast.launches[2])


def test_too_few_clients_wait():
    assert with_clients(10).launches[0] == []
    assert len(with_clients(70).launches[0]) == 1


def test_a_disrupted_network_does_not_launch():
    coast = Coast(per_day=300, days=3)
    coast.networks.disrupt(0, 10.0)
    coast.afternoon = lambda day: coast.book(coast.population.rows_in(State.CAMP), 0)
    coast.clock.run_day()
    assert coast.launches[0] == []


def test_boats_leave_at_night_and_a_networks_boats_leave_together():
    coast = Coast(per_day=4000, days=20)
    coast.networks.crews[:] = coast.networks.boats[:] = 4
    coast.afternoon = lambda day: coast.spread(coast.population.rows_in(State.CAMP))
    coast.run(3)
    for day, launches in coast.launches.items():
        assert launches
        for launch in launches:
            assert 10 / 24 <= launch.leaves_at - day <= 18 / 24
        for slot in {launch.network for launch in launches}:
            mine = [launch for launch in launches if launch.network == slot]
            times = [launch.leaves_at for launch in mine]
            assert max(times) - min(times) <= 0.5 / 24 + 1e-9
            assert len({launch.site for launch in mine}) == 1


def test_only_boats_that_leave_from_the_beach_keep_officers_busy():
    coast = Coast(per_day=4000, days=20)
    coast.networks.crews[:] = coast.networks.boats[:] = 4
    coast.networks.taxi_share[:] = 0.5
    coast.afternoon = lambda day: coast.spread(coast.population.rows_in(State.CAMP))
    coast.run(2)
    hours = coast.smuggling.launching.block.concurrent_hours
    for launches in coast.launches.values():
        assert {launch.taxi for launch in launches} == {True, False}
        for launch in launches:
            near = [
                other
                for other in launches
                if other.site == launch.site and abs(other.leaves_at - launch.leaves_at) <= hours / 24
            ]
            assert launch.concurrent == sum(not o.taxi for o in near if o is not launch)


def test_identities_of_boats_are_their_own():
    serial, number = np.repeat(np.arange(60), 4), np.tile(np.arange(4), 60)
    keys = np.concatenate([boat_keys(serial, night, number) for night in range(739_000, 739_010)])
    assert len(np.unique(keys)) == len(keys)


def test_loads_spread_around_what_the_network_aims_at():
    coast = Coast(per_day=40_000, days=2, changes=BOLD)
    coast.networks.crews[:] = coast.networks.boats[:] = 4
    coast.networks.load[:] = 60.0
    coast.afternoon = lambda day: coast.spread(coast.population.rows_in(State.CAMP))
    coast.clock.run_day()
    load = np.array([launch.load for launch in coast.launches[0]])
    assert load.size > 80
    assert load.mean() == pytest.approx(60, abs=4)
    assert load.std() == pytest.approx(coast.smuggling.launching.block.load_spread, abs=3)


def test_taxi_boats_come_in_the_share_intended():
    coast = Coast(per_day=8_000, days=8)
    coast.networks.taxi_share[:] = 0.3
    coast.networks.crews[:] = 4
    coast.afternoon = lambda day: coast.spread(coast.population.rows_in(State.CAMP))
    taxis = []
    for _ in range(6):
        coast.networks.boats[:] = 4
        coast.clock.run_day()
        taxis += [launch.taxi for launch in coast.launches[coast.clock.day - 1]]
    assert len(taxis) > 400
    assert np.mean(taxis) == pytest.approx(0.3, abs=0.07)


def seen(coast, passed, of=1000.0):
    """Let all networks have seen so many launches get away at every site."""
    coast.smuggling.experience.site_launched[:] = of
    coast.smuggling.experience.site_passed[:] = passed * of


@pytest.mark.parametrize("caution", [0.0, 1.0, 3.0])
def test_how_many_boats_are_sent_follows_what_lately_became_of_them(caution):
    sent = []
    for passed in (0.1, 0.3, 0.9):
        coast = Coast(per_day=40_000, days=2, changes={"launching__caution": caution})
        coast.networks.crews[:] = coast.networks.boats[:] = 4
        coast.afternoon = lambda day, coast=coast: coast.spread(coast.population.rows_in(State.CAMP))
        seen(coast, passed)
        success = coast.smuggling.tactics.success_at(np.arange(30), np.full(30, 4)).mean()
        coast.clock.run_day()
        share = min(1.0, success / coast.smuggling.launching.block.full_success) ** caution
        sent.append(len(coast.launches[0]))
        assert sent[-1] == pytest.approx(4 * 30 * share, abs=16)  # three standard deviations
    assert sent == sorted(sent)
    assert (sent[0] < sent[1] < sent[2]) == (caution > 0)


def test_less_is_expected_of_a_launch_from_further_away():
    coast = Coast()
    tactics, km = coast.smuggling.tactics, coast.smuggling.distance_km
    seen(coast, 0.5)
    near, far = int(np.argmin(km)), int(np.argmax(km))
    slot = np.zeros(1, dtype=np.intp)
    chances = [float(tactics.success_at(slot, np.array([site]))[0]) for site in (near, far)]
    assert 0.5 > chances[0] > chances[1] > 0
    coast.smuggling.experience.failed[:] = 0.0
    coast.smuggling.experience.passed[:] = 1e9
    assert tactics.success_at(slot, np.array([far]))[0] == pytest.approx(0.5, abs=1e-3)


def test_sites_are_preferred_by_success_and_distance():
    coast = Coast()
    tactics, seen = coast.smuggling.tactics, coast.smuggling.experience
    names = [site.name for site in coast.corridor.sites]
    near, far = names.index("Calais-Sangatte"), names.index("Somme")
    share = tactics.preferred_sites()
    np.testing.assert_allclose(share.sum(axis=1), 1.0)
    assert (share[:, near] > share[:, far]).all()
    seen.site_launched[0] += 30.0
    seen.site_passed[0] += 9.0
    seen.site_passed[0, far] += 21.0
    after = tactics.preferred_sites()
    assert after[0, far] > share[0, far] * 1.5
    weights = coast.networks.site_weights[0, far]
    tactics.review(739_000)
    assert weights < coast.networks.site_weights[0, far] < after[0, far]


def test_what_works_is_imitated():
    coast = Coast(changes={"tactics__trying": 0.0})
    networks, seen, tactics = coast.networks, coast.smuggling.experience, coast.smuggling.tactics
    half = np.arange(len(networks)) % 2 == 0
    networks.taxi_share[:] = np.where(half, 0.5, 0.0)
    seen.launched[BEACH] = 100.0
    seen.passed[BEACH] = 40.0
    for week in range(40):
        tactics.review(739_000 + 7 * week)
    assert networks.taxi_share[networks.active & ~half].mean() > 0.1
    assert networks.taxi_share[networks.active & half].mean() == pytest.approx(0.5)


def test_no_imitation_where_tactics_do_alike():
    coast = Coast(changes={"experience__prior_pass_taxi": 0.4, "experience__prior_pass_beach": 0.4})
    before = coast.networks.taxi_share.copy()
    coast.smuggling.tactics.review(739_000)
    np.testing.assert_allclose(coast.networks.taxi_share, before)


def test_taxi_boats_spread_to_a_ceiling():
    coast = Coast(changes={"tactics__trying": 0.1})
    for week in range(300):
        coast.smuggling.tactics.review(739_000 + 7 * week)
    share = coast.networks.taxi_share[coast.networks.active]
    ceiling = coast.smuggling.tactics.block.taxi_ceiling
    assert share == pytest.approx(np.full(share.size, ceiling), abs=0.01)
    assert coast.smuggling.experience.pass_chance()[TAXI].min() > 0.5


def test_no_boat_leaves_empty_even_where_it_need_not_be_filled():
    coast = Coast(per_day=0, changes={"launching__min_fill": 0.0})
    assert coast.smuggling.launching.plan(0) == []
