"""Inflow: the right number of people, at the right time, who are themselves in every world."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.camp import CHANNEL, Notes

from crossings.clock import Clock
from crossings.people import Inflow, InflowBlock, lay_down
from crossings.people.inflow import daily_means
from crossings.population import Population, State
from crossings.streams import Streams, identity

COLUMNS = ("adult", "female", "ties", "wealth", "value_spread", "group")


def laid_down(epoch: date = date(2024, 12, 1), days: int = 60, seed: int = 1, **changes: float) -> Population:
    return lay_down(InflowBlock(**changes), CHANNEL, Streams(seed), Clock(epoch), days, value_spread=0.5)


def test_a_year_of_means_adds_up_to_the_demand_of_the_year_it_leads_to():
    block = InflowBlock()
    first = date(2024, 1, 1).toordinal() - block.lead_days
    means = daily_means(block, CHANNEL, Clock(date.fromordinal(first)), 366)
    assert means.sum() == pytest.approx(sum(CHANNEL.demand(2024).values()), rel=0.01)
    by_group = [CHANNEL.demand(2024)[group.name] for group in CHANNEL.groups]
    assert means.sum(axis=0) == pytest.approx(by_group, rel=0.01)


def test_the_new_year_comes_as_many_days_early_as_the_journey_takes():
    clock = Clock(date(2024, 10, 1))
    block = InflowBlock(lead_days=50)
    total = daily_means(block, CHANNEL, clock, 92).sum(axis=1)
    change = clock.day_of(date(2025, 1, 1)) - 50
    before, after = sum(CHANNEL.demand(2024).values()), sum(CHANNEL.demand(2025).values())
    assert total[change] / total[change - 1] == pytest.approx(after / before, rel=0.02)


def test_season_peaks_where_the_corridor_says():
    clock = Clock(date(2025, 1, 1))
    total = daily_means(InflowBlock(lead_days=0), CHANNEL, clock, 365).sum(axis=1)
    peak = clock.date(int(total.argmax())).month
    assert CHANNEL.season[peak - 1] == max(CHANNEL.season)
    assert total.max() / total.min() == pytest.approx(max(CHANNEL.season) / min(CHANNEL.season), rel=0.1)


def test_counts_are_negative_binomial_about_the_mean():
    days, clock = 400, Clock(date(2025, 1, 1))
    block = InflowBlock(dispersion=0.3)
    people = lay_down(block, CHANNEL, Streams(3), clock, days, value_spread=0.5)
    counts = np.zeros((days, len(CHANNEL.groups)))
    np.add.at(counts, (people.entry_day, people.group), 1)
    means = daily_means(block, CHANNEL, clock, days)
    assert counts.sum() == pytest.approx(means.sum(), rel=0.05)
    surprise = (counts - means) ** 2 / (means + 0.3 * means**2)
    assert surprise.mean() == pytest.approx(1.0, abs=0.15)


def test_rows_stand_in_order_of_day_group_and_number():
    people = laid_down()
    order = np.lexsort((people.key, people.group, people.entry_day))
    within = (np.diff(people.entry_day) == 0) & (np.diff(people.group) == 0)
    assert (np.diff(people.entry_day) >= 0).all()
    assert (np.diff(people.key.astype(np.int64))[within] == 1).all()
    assert (order == np.arange(len(people))).all()
    assert len(np.unique(people.key)) == len(people)
    assert people.counts[State.FUTURE] == len(people)


def test_keys_are_made_of_group_date_and_number():
    people = laid_down()
    group = CHANNEL.groups[people.group[0]]
    assert people.key[0] == identity(group.name, date(2024, 12, 1).toordinal(), 0)[0]


def test_the_same_people_enter_on_a_date_whenever_the_run_begins():
    early, late = laid_down(date(2024, 12, 1), 60), laid_down(date(2024, 12, 21), 40)
    where = np.searchsorted(early.entry_day, 20)
    assert (early.key[where:] == late.key).all()
    for column in COLUMNS:
        assert (getattr(early, column)[where:] == getattr(late, column)).all(), column


def test_seeds_differ_and_repeat():
    assert (laid_down(seed=0).wealth == laid_down(seed=0).wealth).all()
    assert len(laid_down(seed=0)) != len(laid_down(seed=1))


def test_people_are_as_their_groups_are_described():
    people = laid_down(days=500)
    for group in CHANNEL.groups:
        members = people.group == group.code
        number = members.sum()
        for column, share in (
            ("adult", group.adult_share),
            ("female", group.female_share),
            ("ties", group.ties_share),
        ):
            error = 4 * np.sqrt(share * (1 - share) / number)
            assert getattr(people, column)[members].mean() == pytest.approx(share, abs=error + 1e-9), column
        assert np.median(people.wealth[members]) == pytest.approx(group.wealth_median, rel=0.2)
    assert np.log(people.value_spread).mean() == pytest.approx(0.0, abs=0.01)
    assert np.log(people.value_spread).std() == pytest.approx(0.5, abs=0.01)


def test_scale_makes_fewer_people_or_none():
    assert len(laid_down(scale=0.0)) == 0
    assert len(laid_down(scale=0.25)) == pytest.approx(0.25 * len(laid_down()), rel=0.1)


def test_candidates_enter_at_their_origin_on_their_day():
    people, notes = laid_down(days=5), Notes()
    inflow = Inflow(Clock(date(2024, 12, 1)), people, CHANNEL, notes)
    first, second = inflow.enter(0), inflow.enter(1)
    assert (people.entry_day[first] == 0).all()
    assert (people.entry_day[second] == 1).all()
    assert notes.flows["candidates"] == len(first) + len(second) == people.counts[State.ORIGIN]
    origins = [CHANNEL.place_code(CHANNEL.groups[code].origin) for code in people.group[first]]
    assert people.place[first].tolist() == origins


def test_a_season_says_when_people_set_out_and_not_how_many():
    once, fourfold = CHANNEL, replace(CHANNEL, season=tuple(4 * month for month in CHANNEL.season))
    clock = Clock(date(2025, 1, 1))
    assert daily_means(InflowBlock(), fourfold, clock, 90) == pytest.approx(
        daily_means(InflowBlock(), once, clock, 90)
    )
