"""Whatever the weather, the patrols and the hazards: people are conserved and boats accounted for."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.coast import Coast, trading

from crossings.passage import PassageBlock, RescueBlock
from crossings.population import State

chance = st.floats(0, 1)

EVENTS = {State.CAMP, State.BOOKED, State.AT_SEA, State.HELD, State.DEAD}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    per_day=st.integers(0, 300),
    seed=st.integers(0, 2**32),
    height=st.floats(0.05, 0.6),
    beach=chance,
    sea_chance=chance,
    distress=st.floats(0, 50),
    french=st.floats(0, 20),
    uk=st.floats(0, 20),
    sinking=st.floats(0, 100),
    survival=st.floats(0.1, 20),
    job=st.floats(0, 24),
    boarding=chance,
    boat_loss=chance,
)
def test_every_attempt_has_one_end(
    per_day,
    seed,
    height,
    beach,
    sea_chance,
    distress,
    french,
    uk,
    sinking,
    survival,
    job,
    boarding,
    boat_loss,
):
    block = PassageBlock(
        distress=distress,
        rescue=RescueBlock(
            french_units=french, uk_units=uk, sinking=sinking, survival_hours=survival, job_hours=job
        ),
        boarding_incident=boarding,
        boat_loss=boat_loss,
    )
    coast = trading(
        Coast(
            per_day=per_day,
            days=17,
            seed=seed,
            height=height,
            beach=beach,
            sea_chance=sea_chance,
            passage=block,
        )
    )
    coast.run(12)
    coast.weather.forecast[:] = 9.0
    coast.run(4)  # everyone is ashore
    assert coast.passage.rescue.under_way == coast.smuggling.ledger.out == 0
    coast.smuggling.ledger.check()
    people, flows = coast.population, coast.notes.flows
    ends = ("stopped_beach", "stopped_sea", "rescued_french", "arrivals", "deaths")
    assert flows["attempts"] == sum(flows[end] for end in ends) == people.attempts.sum()
    assert flows["arrivals"] == people.arrivals.sum() == people.counts[State.HELD]
    assert flows["deaths"] == people.counts[State.DEAD]
    assert people.counts[State.AT_SEA] == 0
    assert flows["prevented"] <= people.stops.sum()
    assert flows["rescued_uk"] <= flows["arrivals"]
    assert {State(k) for k in np.flatnonzero(people.counts)} <= EVENTS | {State.FUTURE}
    assert flows["boats"] + flows["boats_lost"] <= flows["launches"]
    waiting = people.rows_in(State.BOOKED)
    assert (people.network[waiting] >= 0).all()
    assert (people.network[people.rows_in(State.CAMP, State.HELD, State.DEAD)] == -1).all()


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**63), gone=st.integers(0, 1199))
def test_taking_one_person_out_changes_no_boats_luck(seed, gone):
    def nights(without):
        coast = Coast(per_day=300, days=5, seed=seed, beach=0.5, without=without)
        coast.networks.boats[:] = coast.networks.crews[:] = 4
        coast.afternoon = lambda day: coast.spread(coast.population.rows_in(State.CAMP))
        coast.run(4)
        plans = [launch for night in coast.launches.values() for launch in night]
        return {int(plan.key[0]): (plan.site, plan.taxi, plan.load, plan.leaves_at) for plan in plans}

    everyone, others = nights(None), nights(np.array([gone]))
    common = everyone.keys() & others.keys()
    assert len(common) >= 0.9 * len(everyone)
    assert all(everyone[key] == others[key] for key in common)
