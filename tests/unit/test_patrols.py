"""Patrols: the chance to stop a boat, where teams stand, and what they cost."""

from __future__ import annotations

import numpy as np
import pytest
from tests.coast import Coast

from crossings.enforcement import BeachPatrol, SeaPatrol
from crossings.enforcement.patrols import whole_shares


@pytest.fixture
def coast():
    return Coast()


def test_the_stop_chance_is_the_stated_equation(coast):
    patrols = coast.patrols
    for site, concurrent in ((0, 0), (3, 0), (3, 4)):
        hazard = patrols.block.patrol_effect * patrols.teams[site] / (1 + concurrent)
        assert patrols.stop_chance(site, False, concurrent) == pytest.approx(1 - np.exp(-hazard))
        taxi = 1 - np.exp(-hazard * patrols.block.taxi_exposure)
        assert patrols.stop_chance(site, True, concurrent) == pytest.approx(taxi)


def test_launching_together_saturates_a_beach_and_teams_help_less_and_less(coast):
    patrols = coast.patrols
    alone = [patrols.stop_chance(3, False, others) for others in range(6)]
    assert (np.diff(alone) < 0).all()
    chances = []
    for coast.levers.beach_teams in (0.0, 1.0, 2.0, 3.0):
        chances.append(patrols.stop_chance(3, False, 0))
    assert chances[0] == 0.0
    assert (np.diff(chances) > 0).all()
    assert (np.diff(chances, 2) < 0).all()


def test_teams_may_be_added_at_some_sites_only(coast):
    patrols = coast.patrols
    before = [patrols.stop_chance(site, False, 0) for site in range(len(patrols.teams))]
    patrols.daily(0)
    paid = coast.notes.spent.pop("beach_patrols")
    coast.levers.beach_teams = np.where(np.arange(len(patrols.teams)) == 3, 2.0, 1.0)
    after = [patrols.stop_chance(site, False, 0) for site in range(len(patrols.teams))]
    assert [a > b for a, b in zip(after, before, strict=True)] == [k == 3 for k in range(len(after))]
    patrols.daily(1)
    more = 1 + patrols.teams[3] / patrols.block.teams
    assert coast.notes.spent["beach_patrols"] == pytest.approx(more * paid)


@pytest.mark.parametrize("form", [2.0, np.float64(2.0), np.array(2.0), "list"])
def test_a_lever_may_come_in_any_form_of_a_number_or_of_one_for_each_site(coast, form):
    patrols, sites = coast.patrols, len(coast.patrols.teams)
    coast.levers.beach_teams = np.full(sites, 2.0)
    coast.levers.departures_stopped = np.full(sites, 0.25)
    expected = patrols.stop_chance(3, False, 0), patrols.upstream_chance(3)
    as_list = isinstance(form, str)
    coast.levers.beach_teams = [2.0] * sites if as_list else form
    coast.levers.departures_stopped = [0.25] * sites if as_list else form / 8
    assert (patrols.stop_chance(3, False, 0), patrols.upstream_chance(3)) == expected


def test_stops_at_sea_need_the_lever_a_taxi_boat_and_patrol_boats_enough(coast):
    patrols = coast.patrols
    assert patrols.sea_stop_chance(True, 1) == 0.0
    coast.levers.sea_stops = 0.4
    assert patrols.sea_stop_chance(False, 1) == 0.0
    assert patrols.sea_stop_chance(True, patrols.sea.units) == pytest.approx(0.4)
    assert patrols.sea_stop_chance(True, 2 * patrols.sea.units) == pytest.approx(0.2)


def test_teams_are_agents_with_a_post(coast):
    teams = coast.model.agents_by_type[BeachPatrol]
    assert len(teams) == coast.patrols.block.teams == coast.patrols.teams.sum()
    posts = [team.site for team in teams]
    for name, number in zip(coast.patrols.site_names, coast.patrols.teams, strict=True):
        assert posts.count(name) == number
    assert len(coast.model.agents_by_type[SeaPatrol]) == 1


def test_teams_follow_attempts_but_not_all_at_once(coast):
    patrols = coast.patrols
    for _ in range(500):
        patrols.saw(7)
    before = patrols.teams.copy()
    patrols.reallocate(0)
    moved = int(patrols.teams[7] - before[7])
    assert 0 < moved <= patrols.block.mobility * patrols.block.teams
    for week in range(30):
        for _ in range(20):
            patrols.saw(7)
        patrols.reallocate(7 * week)
    assert patrols.teams.sum() == patrols.block.teams
    assert patrols.teams.argmax() == 7
    assert patrols.teams.min() >= 1  # some stay everywhere
    assert patrols.teams[7] >= (1 - patrols.block.presence) * patrols.block.teams
    assert coast.notes.levels["patrol_teams"] == patrols.teams[-1]


def test_teams_stay_where_nothing_changes(coast):
    coast.patrols.recent[:] = 1.0
    for week in range(40):
        coast.patrols.reallocate(week)
    settled = coast.patrols.post.copy()
    coast.patrols.recent[:] = 1.0
    coast.patrols.reallocate(41)
    np.testing.assert_array_equal(settled, coast.patrols.post)


def test_patrols_stop_what_is_seen_in_the_beach_record(coast):
    coast.patrols.stopped(2, at_sea=False)
    coast.patrols.stopped(2, at_sea=True)
    assert coast.patrols.stops[2] == 1
    assert coast.patrols.sea.stops == 1


def test_officers_are_paid_by_the_day_and_with_the_lever(coast):
    coast.patrols.daily(0)
    year = 365 * coast.notes.spent["beach_patrols"]
    assert 120e6 < year < 200e6  # about EUR 191m
    assert "sea_patrols" not in coast.notes.spent
    coast.levers.beach_teams, coast.levers.sea_stops = 2.0, 0.1
    coast.patrols.daily(1)
    assert coast.notes.spent["beach_patrols"] == pytest.approx(3 * year / 365)
    assert coast.notes.spent["sea_patrols"] > 0


@pytest.mark.parametrize("total", [0, 1, 7, 40])
def test_whole_shares_add_up(total):
    shares = np.array([0.05, 0.14, 0.22, 0.2, 0.13, 0.12, 0.1, 0.04])
    whole = whole_shares(shares, total)
    assert whole.sum() == total
    assert (np.abs(whole - shares * total) < 1).all()
