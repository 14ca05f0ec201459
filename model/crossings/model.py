"""The model: a scenario wired into a running world.

This is the one place that knows every room. It builds them from the ground floor up, hands each
what it needs of the others, and keeps the order of the day:

*noon* — policies set levers and act; candidates enter; travellers reach their next place; news and
talk; authorities; choices at the coast; once a week, networks, patrols and inspectors take stock;
stocks are recorded. *Nightfall* — networks decide about the night, and every boat is a SimPy process
from then on. All else that takes time (deliveries, cases, detention, flights) happens in between.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from crossings import corridors
from crossings._mesa import TableModel
from crossings.authorities import Authorities, Connections
from crossings.authorities.office import Office, StatePlaces
from crossings.clock import Clock
from crossings.enforcement import Custody, Investigations, Patrols, Workplaces
from crossings.geography.distance import demand_at_distance
from crossings.geography.routes import RouteNetwork
from crossings.geography.weather import Weather
from crossings.hooks import Hooks, Levers
from crossings.memory import give_back
from crossings.outcomes.events import EventLog, People
from crossings.outcomes.provenance import Provenance
from crossings.outcomes.recorder import Recorder
from crossings.outcomes.result import Result
from crossings.outcomes.stages import stage_table
from crossings.passage import Passage
from crossings.people import Beliefs, Choices, Inflow, Journeys, Offers, Values, lay_down
from crossings.population import NOBODY, Migrant, State
from crossings.scenario import Scenario
from crossings.smuggling import Smuggling
from crossings.streams import Streams

WEEK = 7
DAYS_A_YEAR = 365.25
_MANY_ROWS = 20_000  # whose memory is worth some hundredths of a second

REPORTERS = (
    "arrivals",
    "boats",
    "attempts",
    "prevented",
    "deaths",
    "returned",
    "admitted",
    "waiting",
    "price",
    "load",
    "networks",
    "wave_height",
    "cost_gbp",
)
"""Outcomes that Mesa's data collector keeps by default, one value per calendar date."""


class CrossingsModel(TableModel):
    """One world under one scenario and one seed; a Mesa model that steps by the day.

    Parameters
    ----------
    setting
        A `Scenario`, the name of a ready one, or the path of a scenario file.
    seed
        Whole number from 0 to 2**64 - 1.
    events
        Whether to write down every step of every life line.

    Attributes
    ----------
    setting : Scenario
        What is run. (Mesa 3.5 keeps the name ``scenario`` for itself.)
    running : bool
        False once the last date has been simulated.
    datacollector : mesa.DataCollector
        One row per calendar date, warm-up included.

    Raises
    ------
    InputError
        If scenario or seed cannot be used.
    """

    running: bool

    def __init__(
        self, setting: Scenario | str | Path = "no-policy", seed: int = 1, *, events: bool = False
    ) -> None:
        self.streams = Streams(seed)
        super().__init__(seed=self.streams.seed)
        self.setting = Scenario.of(setting)
        self.clock = Clock(self.setting.epoch)
        self.days = self.setting.warmup_days + self.setting.days
        self.corridor = corridors.load(self.setting.corridor)
        self.levers = Levers()
        self._build_outcomes()
        self._build_people(events)
        self._build_trade()
        self._build_authorities()
        self._build_passage()
        self._take_up_policies()
        self._open_trade()
        self._agents_of_rows: dict[int, Migrant] = {}
        self._has_agent = np.zeros(len(self.population), dtype=bool)
        self.datacollector = mesa.DataCollector(
            model_reporters={"date": _last_date, **{name: partial(_last_value, name) for name in REPORTERS}}
        )
        self.clock.every_day(self._noon, self._nightfall)

    # building, from the ground floor up --------------------------------------------------------

    def _build_outcomes(self) -> None:
        setting, corridor = self.setting, self.corridor
        self.recorder = Recorder(
            self.clock,
            setting.start,
            setting.end,
            groups=corridor.group_names,
            places=corridor.place_names,
            countries=[place.country for place in corridor.places],
            stands_for=setting.people_per_agent,
        )
        self.tally = self.recorder

    def _build_people(self, events: bool) -> None:
        setting, streams, clock, corridor = self.setting, self.streams, self.clock, self.corridor
        self.routes = RouteNetwork(corridor, setting.routes)
        self.weather = Weather(setting.weather, streams, clock, self.days)
        self.population = lay_down(
            setting.inflow, demand_at_distance(corridor, setting.routes), streams, clock, self.days,
            setting.values.spread, setting.people_per_agent,
        )  # fmt: skip
        self.event_log = EventLog(self.population) if events else None
        self.inflow = Inflow(clock, self.population, corridor, self.tally)
        self.values = Values(setting.values, corridor, self.population)
        self.beliefs = Beliefs(setting.beliefs, streams, clock, self.population, corridor.groups, self.tally)
        self.choices = Choices(
            setting.choices, streams, clock, self.population, self.beliefs, self.values, corridor,
            self.tally, self._offers, self.levers, self._may_apply, self._booked,
        )  # fmt: skip
        self.journeys = Journeys(
            setting.journeys, streams, clock, self.population, self.routes, self.beliefs, self.values,
            self.tally, self._offers, self.choices.options, self._may_apply, self._may_apply_at_home,
        )  # fmt: skip

    # people are built before those whose offers they weigh, so they ask by way of the model
    def _offers(self) -> Offers:
        return self.smuggling.offers()

    def _booked(self, slots: NDArray[np.intp]) -> None:
        self.smuggling.bookings.made(slots)

    def _may_apply(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        return self.authorities.may_apply(rows)

    def _may_apply_at_home(self, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
        return self.authorities.may_apply_at_home(rows)

    def _build_trade(self) -> None:
        setting, streams, clock, population = self.setting, self.streams, self.clock, self.population
        tally, levers = self.tally, self.levers
        self.smuggling = Smuggling(
            self, setting.smuggling, streams, clock, population, self.corridor, self.weather, tally, levers,
            self.choices.after_event,
        )  # fmt: skip
        enforcement = setting.enforcement
        self.patrols = Patrols(self, enforcement.patrols, clock, self.corridor, tally, levers)
        self.investigations = Investigations(
            self, enforcement.investigations, streams, clock, self.smuggling, tally, levers
        )
        self.custody = Custody(
            streams, clock, population, tally, levers, self.smuggling.bookings.end, self.choices.after_event
        )
        self.workplaces = Workplaces(
            self, enforcement.workplaces, streams, clock, population, tally, levers, self.beliefs.news_only
        )

    def _build_authorities(self) -> None:
        corridor = self.corridor
        places = StatePlaces(
            holding=_state_place(corridor, "Short-term holding"),
            detention=_state_place(corridor, "Detention"),
            asylum=_state_place(corridor, "Asylum accommodation"),
            legal_entry=_state_place(corridor, "Legal entry"),
        )
        office = Office(
            clock=self.clock,
            streams=self.streams,
            population=self.population,
            tally=self.tally,
            levers=self.levers,
            news=self.beliefs,
            places=places,
            last_day=self.days,
        )
        connections = Connections(
            triage=lambda rows: self.hooks.call("triage", self, rows),
            returned=lambda row: self.hooks.call("returned", self, row),
            after_return=self.choices.after_return,
            back_to_camp=self.choices.after_event,
        )
        grant_chance = [group.grant_chance for group in corridor.groups]
        self.authorities = Authorities(self.setting.authorities, office, connections, grant_chance)

    def _build_passage(self) -> None:
        self.passage = Passage(
            self.setting.passage, self.streams, self.clock, self.population, self.weather, self.patrols,
            self.smuggling, self.tally, self.beliefs.witness, self.authorities.land, self.custody.take,
        )  # fmt: skip

    def _take_up_policies(self) -> None:
        self.policies = self.setting.policies
        self.hooks = Hooks(self.policies.values(), self.clock)
        self._announcements = [
            said for policy in self.policies.values() for said in policy.announcements(self)
        ]
        for announcement in self._announcements:
            self.beliefs.announce(announcement)

    def _open_trade(self) -> None:
        """Bring in the first networks, with the boats there are on the first day, and cases against them."""
        self.hooks.call("levers", self.levers, self, 0)
        self.smuggling.open(self.corridor)
        self.investigations.open()
        self.levers.reset()

    def take_up(self, setting: Scenario) -> None:
        """Go on under the policies of another scenario, at noon of the day that `step` would run next.

        What follows is what that scenario alone would have given if nothing in it differs before that
        day from what was run; `crossings.study.branching` finds the day.

        Parameters
        ----------
        setting
            The other scenario.

        Raises
        ------
        ValueError
            If it differs in anything but its name, title, description and policies.
        """
        if setting.without_policies() != self.setting.without_policies():
            raise ValueError(f"scenario '{setting.name}': expected that of the run with other policies")
        for announcement in self._announcements:
            self.beliefs.withdraw(announcement.name)
        self.setting = setting
        self._take_up_policies()

    # the day -----------------------------------------------------------------------------------

    def step(self) -> None:
        """Advance one day, from noon to noon.

        Raises
        ------
        RuntimeError
            If the run is over.
        """
        if not self.running:
            raise RuntimeError(f"the run ended on {self.setting.end}: nothing is left to step through")
        self.clock.run_day()
        self.population.check()
        self.authorities.check()
        self.datacollector.collect(self)
        self.running = self.steps < self.days

    def _noon(self, day: int) -> None:
        self.levers.reset()
        self.hooks.call("levers", self.levers, self, day)
        self.hooks.call("afternoon", self, day)
        self.journeys.advance(self.inflow.enter(day), day)
        self.passage.tell()
        self.beliefs.listen(day)
        self.authorities.noon(day)
        self.choices.at_coast(day)
        self.custody.noon(day)
        self.patrols.daily(day)
        self.investigations.daily(day)
        self.workplaces.daily(day)
        if self.clock.ordinal(day) % WEEK == 0:  # Sundays, whatever day the run began on
            self._take_stock(day)
        self._record(day)

    def _take_stock(self, day: int) -> None:
        """Let those who decide by the week decide."""
        self.smuggling.weekly(day)
        self.patrols.reallocate(day)
        self.investigations.staff(day)
        self.workplaces.weekly(day)
        self._tell_of_work()

    def _tell_of_work(self) -> None:
        """Let word reach home of how likely compatriots without papers are to keep their work."""
        people = self.population
        without_papers = people.group[people.rows_in(State.ASYLUM, State.APPEAL, State.REFUSED)]
        number = people.stands_for * np.bincount(without_papers, minlength=len(self.corridor.groups))
        years = number * WEEK / DAYS_A_YEAR
        self.beliefs.news_of_rate("work", self.workplaces.keep_work_chance(), years)

    def _nightfall(self, day: int) -> None:
        self.passage.begin_night(self.smuggling.launching.plan(day))

    def _record(self, day: int) -> None:
        counts, level = self.population.counts, self.tally.level
        near_coast = (State.CAMP, State.BOOKED, State.LORRY, State.APPLIED)
        level("waiting", float(sum(counts[state] for state in near_coast)))
        level("booked", float(counts[State.BOOKED]))
        level("travelling", float(counts[State.TRAVELLING]))
        level("wave_height", float(self.weather.height[day]))
        self.smuggling.report()
        self.authorities.record()

    # what comes out ----------------------------------------------------------------------------

    def result(self, *, wall_seconds: float = 0.0) -> Result:
        """Return what the run gave, up to where it stands."""
        setting, corridor = self.setting, self.corridor
        scenario = setting.as_dict()
        names, places = corridor.group_names, corridor.place_names
        return Result(
            name=setting.name,
            scenario=scenario,
            seed=self.streams.seed,
            start=setting.start,
            end=setting.end,
            daily=self.recorder.daily(),
            by=self.recorder.by(),
            provenance=Provenance.gather(scenario, self.streams.seed, corridor.files),
            wall_seconds=wall_seconds,
            host=self.values.host,
            last=People.of(
                self.population, names, places, [place.country for place in corridor.places], setting.epoch
            ),
            stage_table=stage_table(self.authorities.stages(), self.population.stands_for),
            steps=self.event_log.frame(names, places, setting.epoch) if self.event_log else None,
        )

    def sync_agents(self) -> None:
        """Give everyone under way an agent, and take it from those whose journey has ended."""
        alive = np.zeros(len(self.population), dtype=bool)
        alive[self.population.under_way()] = True
        for row in np.flatnonzero(self._has_agent & ~alive).tolist():
            self._agents_of_rows.pop(row).remove()
        names, places = self.corridor.group_names, self.corridor.place_names
        for row in np.flatnonzero(alive & ~self._has_agent).tolist():
            self._agents_of_rows[row] = Migrant(self, row, names, places)
        self._has_agent = alive

    def explain(self, migrant: Migrant | int) -> dict[str, dict[str, Any]]:
        """Show what a person at the coast would weigh today: each option's utility and its parts."""
        return self.choices.explain(migrant.row if isinstance(migrant, Migrant) else migrant)


def run(
    scenario: Scenario | str | Path = "no-policy",
    seed: int = 1,
    *,
    events: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Run a scenario once.

    Parameters
    ----------
    scenario
        A `Scenario`, the name of a ready one, or the path of a scenario file.
    seed
        Whole number from 0 to 2**64 - 1. The same seed gives the same result: bit for bit on one
        machine, to six digits on another.
    events
        Whether to write down every step of every life line, for ``Result.events()``.
    progress
        Called after every model day with the days done and the days in all.

    Returns
    -------
    Result

    Raises
    ------
    InputError
        If scenario or seed cannot be used.
    """
    began = time.perf_counter()
    model = CrossingsModel(scenario, seed, events=events)
    while model.running:
        model.step()
        if progress is not None:
            progress(model.steps, model.days)
    result = model.result(wall_seconds=time.perf_counter() - began)
    # rooms know each other, so a world that nobody holds any more waits for the collector with all its rows
    large = len(model.population) > _MANY_ROWS
    del model
    if large:
        give_back()
    return result


def _last_date(model: CrossingsModel) -> str:
    return model.clock.date(model.steps - 1).isoformat()


def _last_value(name: str, model: CrossingsModel) -> float:
    """Return an outcome on the last calendar date that is complete."""
    return model.recorder.value(name, model.steps - 1)


def _state_place(corridor: corridors.Corridor, name: str) -> int:
    """Return the code of a place of the state, or `NOBODY` in a corridor that has none."""
    return corridor.place_code(name) if name in corridor.place_names else NOBODY
