"""One boat's night: from the beach across the sea to a landing, as a SimPy process.

A launch is stopped at the beach, or gets away. A taxi boat may be stopped at sea before anyone
boards, where doctrine allows it. Boarding can go wrong; on the way a boat may come to grief (`hazards`).
In distress people wait for whoever comes first (`rescue`), and some may die before; they are brought to
the rescuer's side. Who reaches the UK side, by whatever means, has arrived; but where boats are turned
back, one that has come across unaided may be taken to where it left before anybody lands.

Everything that is decided by chance is drawn once for a boat when the night begins, so the same
boat has the same luck whatever else happens in that night; who dies is drawn person by person.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows
from crossings.passage.hazards import (
    Luck,
    PassageBlock,
    boarding_chance,
    distress_chance,
    roughness,
)
from crossings.passage.rescue import Outcome, Rescue, SearchLuck, Strength
from crossings.population import Population, State
from crossings.smuggling.experience import BoatEnd
from crossings.streams import lognormal

if TYPE_CHECKING:
    from crossings.clock import Clock
    from crossings.geography.weather import Weather
    from crossings.hooks import Tally
    from crossings.smuggling import Launch, Smuggling
    from crossings.streams import Streams

_HOURS_A_DAY = 24.0
_KNOT_KM_PER_DAY = 1.852 * _HOURS_A_DAY


class Watch(Protocol):
    """Patrols: the chance to stop a boat, the eye that sees where it was tried, and help at sea."""

    def stop_chance(self, site: int, taxi: bool, concurrent: int) -> float:
        """Return the chance that a launch is stopped at the beach."""

    def upstream_chance(self, site: int) -> float:
        """Return the chance that a launch is stopped before it leaves, by others than officers."""

    def stopped_upstream(self, site: int) -> None:
        """Note such a stop."""

    def sea_stop_chance(self, taxi: bool, at_sea: int) -> float:
        """Return the chance that a taxi boat is stopped at sea."""

    def turnback_chance(self) -> float:
        """Return the chance that a boat about to land is turned back."""

    def about_to_land(self, turned_back: bool) -> None:
        """Note a boat that has come across, whether it is turned back or not."""

    def rescue(self) -> tuple[float, float]:
        """Return how much rescue there is on the French and the UK side, as multiples of the usual."""

    def saw(self, site: int) -> None:
        """Note an attempt."""

    def stopped(self, site: int, at_sea: bool) -> None:
        """Note a stop."""


@dataclass
class _Crossing:
    """A boat under way: its plan, its luck, and who is with it."""

    launch: Launch
    luck: Luck
    speed: float  # in knots
    taxis: int  # taxi boats of the night
    rows: Rows
    camps: NDArray[np.int16]  # where the people came from
    height: float  # of the night's waves, in m


class Passage:
    """All boats of all nights.

    Parameters
    ----------
    block
        Parameters.
    streams, clock
        The run's random numbers and clock.
    population
        The people; ``attempts``, ``stops`` and ``arrivals`` are counted here.
    weather
        True wave heights.
    patrols
        Chance to stop a boat.
    smuggling
        Takes in what became of boats, clients and fares.
    tally
        Where outcomes go.
    witness
        Called at noon with (belief, rows, happened) for what people went through.
    land
        Called with (rows, time) of those who have landed.
    hold
        Called with (rows, camps) of those stopped upstream, who are back where they came from.
    """

    def __init__(
        self,
        block: PassageBlock,
        streams: Streams,
        clock: Clock,
        population: Population,
        weather: Weather,
        patrols: Watch,
        smuggling: Smuggling,
        tally: Tally,
        witness: Callable[[str, Rows, bool], None],
        land: Callable[[Rows, float], None],
        hold: Callable[[Rows, NDArray[np.int16]], None] = lambda _rows, _camps: None,
    ) -> None:
        self.block = block
        self.rescue = Rescue(block.rescue)
        self._streams, self._clock, self._population = streams, clock, population
        self._weather, self._patrols, self._smuggling = weather, patrols, smuggling
        self._tally, self._witness, self._land, self._hold = tally, witness, land, hold
        self._seen: dict[tuple[str, bool], list[Rows]] = {}

    def begin_night(self, launches: Sequence[Launch]) -> None:
        """Pay for the night's rescue boats, and start one process for every launch."""
        self._tally.spend("rescue", self.rescue.cost(Strength(*self._patrols.rescue())))
        if not launches:
            return
        keys = np.concatenate([launch.key for launch in launches])
        drawn = self._streams.uniforms("passage", keys, 0, len(Luck._fields))
        luck = [Luck(*each) for each in drawn.T.tolist()]
        knots = lognormal([each.speed for each in luck], self.block.speed, self.block.speed_sigma)
        taxis = sum(launch.taxi for launch in launches)
        height = float(self._weather.height[self._clock.day])
        for launch, mine, speed in zip(launches, luck, knots.tolist(), strict=True):
            camps = self._population.place[launch.rows]
            crossing = _Crossing(launch, mine, speed, taxis, launch.rows, camps, height)
            self._clock.env.process(self._night(crossing))

    def tell(self) -> None:
        """At noon: let people learn from what they went through since the noon before."""
        for (belief, happened), parts in self._seen.items():
            self._witness(belief, np.concatenate(parts), happened)
        self._seen = {}

    def _remember(self, belief: str, rows: Rows, happened: bool) -> None:
        if len(rows):
            self._seen.setdefault((belief, happened), []).append(rows)

    # the story of a night ---------------------------------------------------------------------------

    def _night(self, boat: _Crossing) -> Generator[Any, Any, None]:
        """Take one boat through its night: a SimPy process."""
        yield self._clock.env.timeout(boat.launch.leaves_at - self._clock.now)
        if not self._set_off(boat):
            return
        if self._stopped_upstream(boat) or self._stopped_at_beach(boat) or self._stopped_at_sea(boat):
            return
        self._board(boat)
        days, in_distress = self._plan_crossing(boat)
        yield self._clock.env.timeout(days)
        if in_distress:
            yield from self._distress(boat)
        elif not self._turned_back(boat):
            self._arrive(boat)

    def _set_off(self, boat: _Crossing) -> bool:
        """Gather those who still hold their booking; return whether there is a launch at all."""
        launch, people = boat.launch, self._population
        booked = people.state[boat.rows] == int(State.BOOKED)
        with_us = booked & (people.network[boat.rows] == launch.network)
        if not self._smuggling.set_off(launch, anybody=bool(with_us.any())):
            return False
        boat.rows, boat.camps = boat.rows[with_us], boat.camps[with_us]
        people.move(boat.rows, State.AT_SEA, self._clock.now, self._smuggling.site_codes[launch.site])
        people.attempts[boat.rows] += 1
        group = people.group[boat.rows]
        self._count_here(boat, "launches", 1)
        self._tally.count_by("attempts", group)
        if launch.taxi:
            self._tally.count_by("taxi_attempts", group)
        self._patrols.saw(launch.site)
        return True

    def _stopped_upstream(self, boat: _Crossing) -> bool:
        """End a launch before it leaves, where somebody else than officers on the beach sees to that."""
        site, key = boat.launch.site, boat.launch.key
        chance = self._patrols.upstream_chance(site)
        if chance == 0.0 or self._streams.uniform("passage.upstream", key, 0)[0] >= chance:
            return False
        self._patrols.stopped_upstream(site)
        self._count_here(boat, "stopped_upstream", len(boat.rows))
        self._stop(boat)
        self._hold(boat.rows, boat.camps)
        return True

    def _stopped_at_beach(self, boat: _Crossing) -> bool:
        launch, luck = boat.launch, boat.luck
        if luck.beach_stop >= self._patrols.stop_chance(launch.site, launch.taxi, launch.concurrent):
            return False
        people = len(boat.rows)
        recorded = int(people * self.block.recorded_share + luck.recorded)
        self._patrols.stopped(launch.site, at_sea=False)
        self._count_here(boat, "stopped_beach", people)
        self._count_here(boat, "prevented", recorded)
        self._stop(boat)
        return True

    def _stopped_at_sea(self, boat: _Crossing) -> bool:
        if boat.luck.sea_stop >= self._patrols.sea_stop_chance(boat.launch.taxi, boat.taxis):
            return False
        self._patrols.stopped(boat.launch.site, at_sea=True)
        self._count_here(boat, "stopped_sea", len(boat.rows))
        self._count_here(boat, "prevented", len(boat.rows))
        self._stop(boat)
        return True

    def _turned_back(self, boat: _Crossing) -> bool:
        """Take a boat that has come across to where it left, where that is done; its boat is lost."""
        chance = self._patrols.turnback_chance()
        luck = self._streams.uniform("passage.turnback", boat.launch.key, 0)[0] if chance > 0.0 else 1.0
        turned = bool(luck < chance)
        self._patrols.about_to_land(turned)
        if turned:
            self._count_here(boat, "turned_back_sea", len(boat.rows))
            self._remember("death", boat.rows, False)
            self._report_end(
                boat, BoatEnd(stopped=True, boat_lost=True, crew_arrested=False, failed_at_sea=False)
            )
            self._go_back(boat)
        return turned

    def _stop(self, boat: _Crossing) -> None:
        """End a launch that was stopped: boat and crew may be lost, people go back."""
        lost = boat.luck.boat_loss < self.block.boat_loss
        arrested = boat.luck.arrest < self.block.arrest_at_stop
        self._report_end(
            boat, BoatEnd(stopped=True, boat_lost=lost, crew_arrested=arrested, failed_at_sea=False)
        )
        self._go_back(boat)

    def _board(self, boat: _Crossing) -> None:
        """Bring people aboard; where too many crowd onto a boat some may die."""
        if boat.luck.boarding < boarding_chance(self.block, self._aboard(boat), self._smuggling.boat_size()):
            # An exponential share: most incidents cost one or two lives.
            share = -self.block.boarding_toll * float(np.log1p(-boat.luck.boarding_toll))
            self._die(boat, share, "passage.boarding")

    def _plan_crossing(self, boat: _Crossing) -> tuple[float, bool]:
        """Return the days until something ends the crossing, and whether that is distress."""
        block, luck = self.block, boat.luck
        days = float(self._smuggling.distance_km[boat.launch.site]) / (boat.speed * _KNOT_KM_PER_DAY)
        chance = distress_chance(
            block, self._aboard(boat), boat.launch.quality, boat.height, days, self._smuggling.boat_size()
        )
        if luck.distress < chance:
            return days * self._progress(boat), True
        return days, False

    def _progress(self, boat: _Crossing) -> float:
        """Return the share of the crossing a boat makes before distress."""
        return float(boat.luck.progress**self.block.early_distress)

    def _distress(self, boat: _Crossing) -> Generator[Any, Any, None]:
        """End a crossing in distress: some may die in the wait, the others are brought to one side."""
        found = self._call_for_rescue(boat)
        self.rescue.under_way += found.alarm  # of what nobody ashore knows nobody is kept from others
        yield self._clock.env.timeout(found.hours / _HOURS_A_DAY)
        if found.alarm:
            self._clock.at(self._clock.now + self.block.rescue.job_hours / _HOURS_A_DAY, self._rescued)
        if found.in_water > 0.0:
            self._die(boat, self.rescue.drowned(found.in_water), "passage.sea")
        if boat.rows.size and found.to_uk:
            self._count_here(boat, "rescued_uk", len(boat.rows))
            self._arrive(boat)
            return
        self._count_here(boat, "rescued_french", len(boat.rows))
        self._count_here(boat, "prevented", len(boat.rows))
        self._remember("death", boat.rows, False)
        self._report_end(
            boat, BoatEnd(stopped=False, boat_lost=True, crew_arrested=False, failed_at_sea=True)
        )
        self._go_back(boat)

    def _call_for_rescue(self, boat: _Crossing) -> Outcome:
        """Return who comes, how soon, and how long people will have been in the water."""
        km, made = float(self._smuggling.distance_km[boat.launch.site]), self._progress(boat)
        luck = boat.luck
        search = SearchLuck(luck.alarm, luck.french_rescue, luck.uk_rescue, luck.ship, luck.afloat)
        strength = Strength(*self._patrols.rescue())
        return self.rescue.outcome(
            strength, made * km, (1.0 - made) * km, roughness(self.block, boat.height), search
        )

    def _rescued(self) -> None:
        """Let rescue boats be ready again."""
        self.rescue.under_way -= 1

    def _arrive(self, boat: _Crossing) -> None:
        """Land: fares are paid, the boat is gone, and people are in the hands of the authorities."""
        people, rows, now = self._population, boat.rows, self._clock.now
        arrested = boat.luck.arrest < self.block.arrest_on_arrival
        self._report_end(
            boat, BoatEnd(stopped=False, boat_lost=True, crew_arrested=arrested, failed_at_sea=False)
        )
        self._count_here(boat, "boats", 1)
        group = people.group[rows]
        self._tally.count_by("arrivals", group)
        self._tally.count_by("first_arrivals", group[people.arrivals[rows] == 0])
        people.arrivals[rows] += 1
        self._smuggling.bookings.arrived(boat.launch, rows)
        self._remember("stop", rows, False)
        self._remember("death", rows, False)
        self._land(rows, now)

    # what several of these have in common -------------------------------------------------------------

    def _go_back(self, boat: _Crossing) -> None:
        """Bring everyone back to the camp they came from."""
        people, rows = self._population, boat.rows
        people.stops[rows] += 1
        self._remember("stop", rows, True)
        self._smuggling.bookings.brought_back(boat.launch, rows, boat.camps, self._clock.now)

    def _die(self, boat: _Crossing, share: float, stream: str) -> None:
        """Let each person aboard die with the given chance; the others go on."""
        people = self._population
        luck = self._streams.uniform(stream, people.key[boat.rows], people.attempts[boat.rows])
        dead = luck < share
        gone = boat.rows[dead]
        if gone.size == 0:
            return
        boat.rows, boat.camps = boat.rows[~dead], boat.camps[~dead]
        people.move(gone, State.DEAD, self._clock.now)
        self._tally.count_by("deaths", people.group[gone])
        self._smuggling.bookings.died(gone)
        self._remember("death", gone, True)

    def _report_end(self, boat: _Crossing, end: BoatEnd) -> None:
        self._smuggling.boat_ended(boat.launch, end)
        if end.boat_lost and (end.stopped or end.failed_at_sea):
            self._tally.count("boats_lost")
        if end.crew_arrested:
            self._tally.count("crews_arrested")

    def _count_here(self, boat: _Crossing, outcome: str, number: int) -> None:
        """Count so many people of this boat, or the boat itself, under its launch site."""
        site = boat.launch.site
        self._tally.count_by(outcome, self._smuggling.site_codes[site : site + 1].repeat(number))

    def _aboard(self, boat: _Crossing) -> int:
        """Return how many people are on a boat."""
        return len(boat.rows) * self._population.stands_for
