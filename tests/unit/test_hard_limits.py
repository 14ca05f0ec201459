"""Hard limits of parameters follow from what a parameter is: a share, money, a time."""

from __future__ import annotations

import re

import pytest

from crossings.errors import InputError
from crossings.parameters import Described
from crossings.scenario import Scenario, parameters

BASE = Scenario.load("no-policy")
NUMBERS = [
    row
    for row in parameters()
    if row.path.count(".") and not row.path.startswith("policies.") and isinstance(row.default, int | float)
]

SHARE = re.compile(r"(prior |mean |greatest )?(share|chance)\b", re.IGNORECASE)
SHARES = [row for row in NUMBERS if SHARE.match(row.meaning) and row.unit in {"1", "1/week", "1/day"}]
SHORT_OF_THE_END = {
    "journeys.baseline_participation": (0.01, 0.99),  # its log odds set the intercept of every group
    "weather.wave_memory": (0.0, 0.95),  # at 1 the weather would never come back to its season
    "beliefs.work": (0.01, 1.0),  # what is seen of it is told as a multiple of it
    "values.retry": (0.0, 0.999),  # at 1 nobody would ever stop trying
    "smuggling.supply.shipping.hub_share": (0.05, 0.95),  # both parts of the way take time
    "smuggling.supply.shipping.seizure_chance": (0.0, 0.99),  # its log hazard is what policies add to
    "smuggling.launching.full_success": (0.01, 1.0),  # success is measured against it
}
"""Shares that cannot go all the way, and why."""

MONEY = [row for row in NUMBERS if row.unit.startswith("GBP")]
AMOUNT = re.compile(r"(days?|weeks|h|people|person|boats?|teams|crews|counts|seat|bed|km|m|log|utility)\b")
AMOUNTS = [row for row in NUMBERS if AMOUNT.match(row.unit) and row.low is not None and row.low >= 0]
YEARS = [row for row in parameters() if row.unit == "year" and not row.path.startswith("policies.")]


NEEDED: dict[str, float] = {
    # something is divided by it, or it is the weight or the length of a memory, which cannot be none
    "weather.wave_mean": 0.01,
    "beliefs.group_strength": 0.1,
    "beliefs.news_memory_days": 1,
    "beliefs.news_strength": 0.1,
    "beliefs.news_told": 0.01,
    "beliefs.entry_strength": 0.1,
    "beliefs.max_strength": 1,
    "beliefs.credibility_strength": 0.1,
    "choices.lorry_memory_days": 1,
    "smuggling.experience.half_life_days": 1,
    "smuggling.market.weather_days": 1,
    "smuggling.market.trade_weeks": 1,
    "smuggling.pricing.usual_queue": 0.05,
    "smuggling.supply.shipping.seizure_memory": 1,
    "smuggling.supply.stock_weeks": 0.5,
    "smuggling.turnover.earnings_memory": 1,
    "smuggling.design.boat_size": 1,
    "smuggling.design.lowest_wave_limit": 0.05,
    "passage.boat_size": 1,
    "enforcement.patrols.memory_days": 1,
    "enforcement.workplaces.workers_at_risk": 1,
    # it takes time, on every scale on which the model looks at it
    "beliefs.news_delay_days": 1,
    "choices.wait_days": 1,
    "choices.reception_days": 0.1,
    "smuggling.supply.shipping.lead_days": 0.5,
    "smuggling.supply.replacement_days": 1,
    "smuggling.launching.patience_days": 1,
    "smuggling.turnover.idle_weeks": 1,
    "enforcement.investigations.case_days": 1,
    "passage.rescue.ship_hours": 0.1,
    "passage.rescue.survival_hours": 0.1,
    "authorities.holding.max_days": 1,
    "authorities.returns.limit_days": 1,
    "authorities.asylum.decision_days": 1,
    "authorities.asylum.appeal_days": 1,
    "authorities.asylum.removal_days": 1,
    # without one there is no boat, no trade, no flight and no route
    "smuggling.networks.starting_load": 1,
    "smuggling.design.lowest_load": 1,
    "smuggling.launching.most_per_night": 1,
    "smuggling.turnover.newcomer_crews": 1,
    "authorities.flights.seats_per_flight": 1,
    "authorities.legal_route.officers": 1,
    # what is bounded by another parameter
    "smuggling.design.highest_load": 20,
    "smuggling.design.highest_wave_limit": 0.35,
    "smuggling.launching.first_departure": 21,
}
"""Least of what cannot be nothing, and why."""


def taken(path: str, value: float) -> bool:
    """Tell whether a scenario takes a value; a refusal names the parameter in one line."""
    try:
        BASE.with_(**{path: value})
    except InputError as error:
        said = str(error)
    else:
        return True
    assert path.rpartition(".")[2] in said
    assert len(said.splitlines()) == 1
    return False


def by_path(row: Described) -> str:
    return row.path


@pytest.mark.parametrize("row", [row for row in NUMBERS if row.low is not None], ids=by_path)
def test_default_and_plausible_range_can_be_had(row):
    assert row.low <= row.default <= row.high
    assert taken(row.path, row.low)
    assert taken(row.path, row.high)


@pytest.mark.parametrize("row", SHARES, ids=by_path)
def test_a_share_or_chance_lies_between_nothing_and_all(row):
    least, most = SHORT_OF_THE_END.get(row.path, (0.0, 1.0))
    assert taken(row.path, least)
    assert taken(row.path, most)
    assert not taken(row.path, least - 1e-6)
    assert not taken(row.path, most + 1e-6)


@pytest.mark.parametrize("row", MONEY, ids=by_path)
def test_things_may_cost_nothing_but_nobody_is_paid_for_them(row):
    assert taken(row.path, 0)
    assert not taken(row.path, -0.01)


@pytest.mark.parametrize("row", AMOUNTS, ids=by_path)
def test_there_is_no_less_than_nothing(row):
    assert not taken(row.path, -1)


@pytest.mark.parametrize("row", AMOUNTS, ids=by_path)
def test_there_may_be_none_of_it_or_one_where_it_is_needed(row):
    least = NEEDED.get(row.path, 0)
    assert taken(row.path, least)
    assert not taken(row.path, least - 1e-6)


@pytest.mark.parametrize("what", ["load", "wave_limit"])
def test_the_greatest_may_be_as_little_as_the_least_may_be(what):
    least = f"smuggling.design.lowest_{what}"
    BASE.with_(**{least: NEEDED[least], f"smuggling.design.highest_{what}": NEEDED[least]})


@pytest.mark.parametrize("row", YEARS, ids=by_path)
def test_a_year_is_one_for_which_there_may_be_demand(row):
    assert taken(row.path, 2000)
    assert taken(row.path, 2100)
    assert not taken(row.path, 1999)
    assert not taken(row.path, 2101)


def test_every_share_that_stops_short_is_still_a_parameter():
    assert set(SHORT_OF_THE_END) <= {row.path for row in SHARES}
    assert set(NEEDED) <= {row.path for row in AMOUNTS}
