"""Prices: cost passes through, queues move markups, rivals pull. And the choice of boat and load."""

from __future__ import annotations

import numpy as np
import pytest
from tests.coast import Coast

from crossings.smuggling.design import Options
from crossings.smuggling.experience import BEACH, TAXI, BoatEnd, Experience, ExperienceBlock
from crossings.smuggling.pricing import Week, weekly_capacity


def week_of(coast, queue=60.0, joining=30.0, nights=3.0, launches=1.0):
    n = len(coast.networks)
    return Week(*(np.full(n, float(value)) for value in (queue, joining, nights, launches)))


@pytest.fixture
def coast():
    return Coast()


def test_a_place_costs_boat_crew_and_expected_loss_over_those_who_arrive(coast):
    pricing, networks, week = coast.smuggling.pricing, coast.networks, week_of(coast)
    seen, supply, block = coast.smuggling.experience, coast.smuggling.supply, pricing.block
    slot = 5
    away = seen.get_away(networks.taxi_share)[slot]
    boat = (away + (1 - away) * seen.boat_loss()[slot]) * supply.delivered_cost(networks.quality)[slot]
    launch = boat + block.launch_cost + seen.arrest()[slot] * block.crew_loss_cost
    launch += networks.crews[slot] * block.crew_week_cost
    arrive = networks.load[slot] * away * (1 - seen.sea_failure()[slot])
    assert pricing.place_cost(week)[slot] == pytest.approx(block.client_cost + launch / arrive)


def test_dearer_boats_seizures_and_stops_pass_through(coast):
    pricing, supply, networks, week = (
        coast.smuggling.pricing,
        coast.smuggling.supply,
        coast.networks,
        week_of(coast),
    )
    base = pricing.place_cost(week)[0]
    supply.scarcity = 3.0
    dearer = pricing.place_cost(week)[0]
    supply.scarcity = 1.0
    supply.shipping._shipped, supply.shipping._seized = 500.0, 300.0
    seized = pricing.place_cost(week)[0]
    supply.shipping._shipped = supply.shipping._seized = 0.0
    coast.smuggling.experience.launched[BEACH, :] += 50
    stopped = pricing.place_cost(week)[0]
    assert min(dearer, seized, stopped) > base * 1.03
    assert networks.price[0] > 0


def test_a_long_queue_raises_the_markup_and_a_short_one_lowers_it(coast):
    pricing, networks = coast.smuggling.pricing, coast.networks
    networks.price[:] = 1500.0
    networks.markup[:] = pricing.block.starting_markup
    capacity = np.full(len(networks), 100.0)
    week = week_of(coast)
    week.queue[0], week.queue[1], week.queue[2] = 1000.0, pricing.block.usual_queue * 100 - 1, 0.0
    pricing.review(week, capacity)
    start = pricing.block.starting_markup
    assert networks.markup[0] > start > networks.markup[2]
    assert networks.markup[1] == pytest.approx(start)


def test_prices_move_towards_rivals(coast):
    pricing, networks = coast.smuggling.pricing, coast.networks
    who = networks.alive
    networks.price[who] = 1500.0
    networks.price[0] = 3000.0
    networks.markup[who] = pricing.block.starting_markup
    week = week_of(coast, queue=pricing.block.usual_queue * 100 - 1)
    pricing.review(week, np.full(len(networks), 100.0))
    assert networks.markup[0] < networks.markup[1]


def test_markups_stay_within_their_bounds():
    coast = Coast(changes={"pricing__markup_speed": 0.1})
    pricing, networks = coast.smuggling.pricing, coast.networks
    for queue, bound in ((1e6, pricing.block.highest_markup), (0.0, pricing.block.lowest_markup)):
        for _ in range(400):
            pricing.review(week_of(coast, queue=queue), np.full(len(networks), 50.0))
            assert networks.markup[networks.alive].min() >= pricing.block.lowest_markup
            assert networks.markup[networks.alive].max() <= pricing.block.highest_markup
        assert abs(np.log(networks.markup[0] / bound)) < abs(
            np.log(networks.markup[0] / pricing.block.starting_markup)
        )


def test_capacity_is_bounded_by_boats_and_by_crews(coast):
    networks = coast.networks
    networks.boats[:2], networks.crews[:2], networks.load[:2] = (2, 50), (10, 3), 60.0
    capacity = weekly_capacity(networks, week_of(coast, nights=2.0), np.full(len(networks), 1.0))
    assert capacity[:2].tolist() == [3 * 60.0, 6 * 60.0]


def open_nights(limit):
    return 7.0 * np.clip(limit / 1.5, 0.0, 1.0)


def best_step(coast, week, coming=1.0, slot=0):
    """Return the change of load, quality and wave limit that the network in a slot would take."""
    networks = coast.networks
    before = networks.load[slot], networks.quality[slot], networks.wave_limit[slot]
    coast.smuggling.design.review(week, np.full(len(networks), coming), open_nights)
    after = networks.load[slot], networks.quality[slot], networks.wave_limit[slot]
    networks.load[slot], networks.quality[slot], networks.wave_limit[slot] = before
    return np.sign(np.round(np.subtract(after, before), 9))


def test_scarce_boats_are_loaded_more(coast):
    networks = coast.networks
    networks.load[0], networks.crews[0] = 62.0, 10
    networks.boats[0] = 200
    plenty = best_step(coast, week_of(coast), coming=5.0)
    networks.boats[0] = 0
    scarce = best_step(coast, week_of(coast, queue=600), coming=0.1)
    assert scarce[0] > plenty[0]


def test_dearer_boats_make_worse_boats(coast):
    coast.networks.quality[0] = 0.4
    coast.smuggling.supply.scarcity = 0.1
    cheap = best_step(coast, week_of(coast))
    coast.smuggling.supply.scarcity = 20.0
    dear = best_step(coast, week_of(coast))
    assert dear[1] < cheap[1]


def test_losses_at_sea_make_networks_careful_and_rescue_to_the_other_side_makes_them_careless(coast):
    seen, networks = coast.smuggling.experience, coast.networks
    networks.quality[0], networks.load[0] = 0.45, 65.0
    seen.passed[TAXI, 0] = seen.launched[TAXI, 0] = 400.0
    seen.failed[0] = 4.0
    careless = best_step(coast, week_of(coast))
    seen.failed[0] = 160.0
    careful = best_step(coast, week_of(coast))
    assert careful[0] < careless[0] or careful[1] > careless[1]
    assert careful[1] == 1.0


def test_the_reckoned_failure_starts_from_what_was_seen(coast):
    design, networks = coast.smuggling.design, coast.networks
    present = Options(networks.load, networks.quality, networks.wave_limit)
    seen = coast.smuggling.experience.sea_failure()
    np.testing.assert_allclose(design.sea_failure(present), seen)
    fuller = Options(networks.load + 10, networks.quality, networks.wave_limit)
    rougher = Options(networks.load, networks.quality, networks.wave_limit + 0.1)
    sounder = Options(networks.load, networks.quality + 0.1, networks.wave_limit)
    assert (design.sea_failure(fuller) > seen).all()
    assert (design.sea_failure(rougher) > seen).all()
    assert (design.sea_failure(sounder) < seen).all()


def test_a_network_that_fears_each_person_more_loads_down_to_the_least():
    coast = Coast(changes={"design__load_risk": 50.0})
    coast.smuggling.experience.passed[:] = 400.0
    coast.smuggling.experience.failed[:] = 200.0
    for _ in range(60):
        coast.smuggling.design.review(week_of(coast), np.full(len(coast.networks), 5.0), open_nights)
    assert coast.networks.load[coast.networks.alive].min() == coast.smuggling.design.block.lowest_load


@pytest.mark.parametrize(("queue", "bound"), [(1e6, "highest_markup"), (0.0, "lowest_markup")])
def test_markups_that_do_not_return_reach_their_bounds(queue, bound):
    coast = Coast(changes={"pricing__markup_speed": 0.1, "pricing__markup_return": 0.0})
    pricing, networks = coast.smuggling.pricing, coast.networks
    for _ in range(60):
        pricing.review(week_of(coast, queue=queue), np.full(len(networks), 50.0))
    assert networks.markup[networks.alive] == pytest.approx(getattr(pricing.block, bound))


def test_choices_stay_within_their_bounds(coast):
    design, networks = coast.smuggling.design, coast.networks
    for queue, coming in ((5000.0, 0.0), (5.0, 50.0)):
        for _ in range(80):
            design.review(week_of(coast, queue=queue), np.full(len(networks), coming), open_nights)
        who = networks.alive
        assert networks.load[who].min() >= design.block.lowest_load
        assert networks.load[who].max() <= design.block.highest_load
        assert networks.quality[who].min() >= design.block.lowest_quality
        assert networks.wave_limit[who].max() <= design.block.highest_wave_limit


def test_experience_blends_own_shared_and_prior(coast):
    block = ExperienceBlock(pooling=10, prior_weight=1e-9 + 0.1, prior_pass_taxi=0.9)
    seen = Experience(block, 3, 2)
    assert seen.pass_chance()[TAXI] == pytest.approx([0.9] * 3)
    seen.launched[TAXI, 0], seen.passed[TAXI, 0] = 1000.0, 500.0
    chance = seen.pass_chance()[TAXI]
    assert chance == pytest.approx([0.5] * 3, abs=0.01)
    seen.launched[TAXI, 1], seen.passed[TAXI, 1] = 10.0, 10.0
    assert seen.pass_chance()[TAXI, 1] == pytest.approx(0.75, abs=0.01)


def test_experience_fades_by_half_lives_and_is_forgotten_with_its_network(coast):
    seen = coast.smuggling.experience
    seen.failed[:] = 8.0
    seen.fade(2 * seen.block.half_life_days)
    assert seen.failed == pytest.approx(np.full(len(seen.failed), 2.0))
    seen.forget(4)
    assert seen.failed[4] == 0
    assert seen.failed[5] == pytest.approx(2.0)


def test_an_outcome_is_remembered_where_it_belongs(coast):
    from tests.unit.test_launching import a_launch  # noqa: PLC0415

    seen = coast.smuggling.experience
    launch = a_launch(network=3, site=2, taxi=True)
    seen.record(launch, BoatEnd(stopped=True, boat_lost=True, crew_arrested=True, failed_at_sea=False))
    seen.record(launch, BoatEnd(stopped=False, boat_lost=True, crew_arrested=False, failed_at_sea=True))
    assert (seen.launched[TAXI, 3], seen.passed[TAXI, 3]) == (2, 1)
    assert (seen.site_launched[3, 2], seen.site_passed[3, 2]) == (2, 1)
    assert (seen.stopped[3], seen.lost[3], seen.failed[3], seen.arrested[3]) == (1, 1, 1, 1)
    assert seen.launched[BEACH].sum() == 0


def test_a_higher_wave_limit_means_more_nights():
    coast = Coast(days=100, height=0.4)
    coast.weather.forecast[:] = np.exp(np.linspace(-2.0, 0.5, 101) * np.where(np.arange(101) % 2, 1, 0.5))
    coast.run(60)
    nights = coast.smuggling.market.nights(np.linspace(0.2, 1.5, 20))
    assert (np.diff(nights) > 0).all()
    assert 0 < nights[0] < nights[-1] < 7


def test_calm_nights_too_few_for_the_queue_make_rougher_ones_used(coast):
    networks = coast.networks
    networks.boats[0], networks.crews[0], networks.wave_limit[0] = 50, 1, 0.45
    few = best_step(coast, week_of(coast, queue=900))
    networks.crews[0] = 50
    many = best_step(coast, week_of(coast, queue=10))
    assert few[2] >= many[2]
    assert few[2] == 1.0


@pytest.mark.parametrize("taxi_share", [0.0, 0.4])
def test_a_newcomer_hopes_for_the_markup_on_all_that_a_launch_costs(coast, taxi_share):
    """With nothing seen yet it reckons as any network does: fares less costs are the markup on costs."""
    pricing, networks, seen = coast.smuggling.pricing, coast.networks, coast.smuggling.experience
    usual, block = networks.block, pricing.block
    if taxi_share:
        networks.taxi_share[:] = taxi_share
    else:  # with nobody to look at it reckons with boats from the beach
        for slot in np.flatnonzero(networks.alive).tolist():
            coast.smuggling.dissolve(slot)
    shares = np.full(len(networks), taxi_share)
    networks.taxi_share[:] = shares
    launch = pricing.launch_cost(np.full(len(networks), usual.starting_quality))[0]
    arriving = usual.starting_load * seen.success(shares)[0]
    each = (block.starting_markup - 1.0) * (launch + block.client_cost * arriving) - block.crew_week_cost
    assert pricing.prospect(1e6, crews=3, usual_load=usual.starting_load) == pytest.approx(3 * each)
    assert pricing.prospect(
        usual.starting_load / 2, crews=3, usual_load=usual.starting_load
    ) == pytest.approx(each / 2)
    assert pricing.prospect(0.0, crews=3, usual_load=usual.starting_load) == 0.0
