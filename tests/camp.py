"""A camp for tests of people: the real corridor, groups and routes, and offers made by hand.

Nobody is on a beach or at sea here. Outcomes are only written down.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings import corridors
from crossings.clock import Clock
from crossings.geography.routes import RouteNetwork
from crossings.hooks import Announcement, Levers, Rows
from crossings.people import (
    Beliefs,
    BeliefsBlock,
    Choices,
    ChoicesBlock,
    Inflow,
    InflowBlock,
    Journeys,
    JourneysBlock,
    Offers,
    Values,
    ValuesBlock,
    lay_down,
)
from crossings.people.options import Options
from crossings.population import Population, State
from crossings.streams import Streams, identity, lognormal

EPOCH = date(2025, 3, 3)
CHANNEL = corridors.load("channel")
ROUTES = RouteNetwork(CHANNEL)
CALAIS, DUNKIRK = CHANNEL.place_code("Calais"), CHANNEL.place_code("Dunkirk")


class Notes:
    """Writes down outcomes and levels."""

    def __init__(self) -> None:
        self.flows: Counter[str] = Counter()
        self.levels: dict[tuple[str, str | None], float] = {}

    def count(self, outcome: str, number: float = 1.0, time: float | None = None) -> None:
        self.flows[outcome] += int(number)

    def count_by(self, outcome: str, codes: NDArray[np.integer[Any]], time: float | None = None) -> None:
        self.flows[outcome] += len(codes)

    def level(self, outcome: str, value: float, key: str | None = None) -> None:
        self.levels[outcome, key] = value

    def spend(self, account: str, pounds: float) -> None:
        raise AssertionError("people spend no public money")


def offers(
    number: int = 12, price: float = 1500.0, wait: float = 7.0, reputation: float = 0.55, open_: bool = True
) -> Offers:
    """Return equal offers of some networks that all speak every language."""
    return Offers(
        serial=np.arange(number),
        price=np.full(number, price),
        reputation=np.full(number, reputation),
        wait_days=np.full(number, wait),
        open=np.full(number, open_),
        language_match=np.ones((len(CHANNEL.groups), number), dtype=bool),
    )


class Camp:
    """People of chosen groups, who have just reached a camp and know what their groups know.

    Parameters
    ----------
    groups
        One group name per person; their keys are numbered within the group.
    left_out
        Position of somebody to be left out of the world.
    **blocks
        ``beliefs``, ``values``, ``choices``: parameters by name.
    """

    def __init__(
        self, groups: list[str], seed: int = 1, left_out: int | None = None, **blocks: dict[str, Any]
    ) -> None:
        self.clock, self.streams, self.notes, self.levers = Clock(EPOCH), Streams(seed), Notes(), Levers()
        number: Counter[str] = Counter()
        keys = []
        for name in groups:
            keys.append(identity(name, EPOCH.toordinal(), number[name])[0])
            number[name] += 1
        who = [k for k in range(len(groups)) if k != left_out]
        codes = np.array([CHANNEL.group_code(groups[k]) for k in who])
        self.population = Population(
            np.array(keys, dtype=np.uint64)[who], codes, np.zeros(len(who), dtype=int)
        )
        spread, wealth, ties = self.streams.uniforms("test.people", self.population.key, 0, 3)
        self.population.value_spread = lognormal(spread, 1.0, 0.5)
        self.population.wealth = lognormal(wealth, 5000.0, 0.6)
        self.population.ties = ties < 0.25
        self.offers, self.legal_open = offers(), False
        self.beliefs = Beliefs(
            BeliefsBlock(**blocks.get("beliefs", {})),
            self.streams,
            self.clock,
            self.population,
            CHANNEL.groups,
            self.notes,
        )
        self.values = Values(ValuesBlock(**blocks.get("values", {})), CHANNEL, self.population)
        self.choices = Choices(
            ChoicesBlock(**blocks.get("choices", {})),
            self.streams,
            self.clock,
            self.population,
            self.beliefs,
            self.values,
            CHANNEL,
            self.notes,
            lambda: self.offers,
            self.levers,
            self.may_apply,
        )
        self.rows = self.population.enter(0, 0.0)
        self.population.move(self.rows, State.TRAVELLING, 0.0)
        self.population.move(self.rows, State.CAMP, 0.0, CALAIS)
        self.beliefs.join(self.rows)

    def wait_until(self, day: int) -> None:
        """Let time pass, with nothing happening in it."""
        self.clock.env.run(until=day)

    def announce(self, belief: str, chance: float, **details: Any) -> None:
        """Announce something from today on, unless said otherwise."""
        told = {"name": "test", "announced": self.clock.day, "start": self.clock.day, **details}
        self.beliefs.announce(Announcement(belief=belief, chance=chance, **told))

    def believe(self, belief: str, chance: float, strength: float = 20.0) -> None:
        """Make everybody believe a chance."""
        code = ("stop", "return", "settle", "death", "legal").index(belief)
        self.population.belief[code, 0] = strength * chance
        self.population.belief[code, 1] = strength * (1.0 - chance)

    def may_apply(self, rows: Rows) -> NDArray[np.bool_]:
        """Tell who may apply: those with ties who never crossed, while the route is open."""
        return self.legal_open & self.population.ties[rows] & (self.population.arrivals[rows] == 0)

    def chances(self, rows: Rows | None = None) -> dict[str, NDArray[np.float64]]:
        """Return what people would choose today, by option."""
        rows = self.rows if rows is None else rows
        menu = self.choices.options.at_camp(rows, self.clock.day, self.offers, self.may_apply(rows))
        table = menu.chances(self.choices.block.rationality)
        return dict(zip(self.choices.options.names, table, strict=True))

    def count(self, state: State) -> int:
        """Return how many are in a state."""
        return int(self.population.counts[state])


GROUPS = ["Iran", "Eritrea", "Albania", "Sudan"]
MIX = [CHANNEL.groups[k % len(CHANNEL.groups)].name for k in range(1300)]
QUIET = {"contacts_per_day": 0.0}
AT_ONCE = {"news_delay_days": 1, "home_delay_days": 0, "news_reach": 1.0}


def crowd(number: int, **blocks: dict[str, Any]) -> Camp:
    """Return people of four groups in turn."""
    return Camp([GROUPS[k % 4] for k in range(number)], **blocks)


def camp(number: int = 1300, **details: Any) -> Camp:
    """Return people of all groups in turn."""
    return Camp(MIX[:number], **details)


class Road:
    """A run from the beginning: everyone of some weeks at their origin, on the way and at the camps.

    Parameters
    ----------
    days
        Model days.
    scale
        People for each real one.
    later
        Days after `EPOCH` on which the run begins.
    **blocks
        ``inflow``, ``journeys``, ``beliefs``, ``values``, ``choices``: parameters by name.
    """

    def __init__(
        self, days: int = 150, scale: float = 0.2, seed: int = 1, later: int = 0, **blocks: dict[str, Any]
    ) -> None:
        self.clock, self.days = Clock(EPOCH + timedelta(days=later)), days
        self.streams, self.notes = Streams(seed), Notes()
        values = ValuesBlock(**blocks.get("values", {}))
        inflow = InflowBlock(**{"scale": scale, **blocks.get("inflow", {})})
        self.population = lay_down(inflow, CHANNEL, self.streams, self.clock, days, values.spread)
        self.values = Values(values, CHANNEL, self.population)
        self.beliefs = Beliefs(
            BeliefsBlock(**blocks.get("beliefs", {})),
            self.streams,
            self.clock,
            self.population,
            CHANNEL.groups,
            self.notes,
        )
        self.offers = offers()
        choices = ChoicesBlock(**blocks.get("choices", {}))
        lorry = next(leg for leg in CHANNEL.legs if leg.mode == "lorry")
        within_reach = self.streams.uniform("choices.lorry_reach", self.population.key) < choices.lorry_reach
        self.legal_route = ""
        self.options = Options(
            choices, self.population, self.beliefs, self.values, within_reach, lorry.fee, lorry.hazard
        )
        self.inflow = Inflow(self.clock, self.population, CHANNEL, self.notes)
        self.journeys = Journeys(
            JourneysBlock(**blocks.get("journeys", {})),
            self.streams,
            self.clock,
            self.population,
            ROUTES,
            self.beliefs,
            self.values,
            self.notes,
            lambda: self.offers,
            self.options,
            lambda rows: self._open_to(rows, "on the way"),
            lambda rows: self._open_to(rows, "at home"),
        )
        self.clock.every_day(self._noon, lambda _day: None)

    def _open_to(self, rows: Rows, where: str) -> NDArray[np.bool_]:
        """Tell who may apply for a legal place there: those with ties, if that is where one applies."""
        return (self.legal_route == where) & self.population.ties[rows]

    def _noon(self, day: int) -> None:
        self.journeys.advance(self.inflow.enter(day), day)
        self.beliefs.news.turn(day)

    def run(self) -> Road:
        """Run all days, checking that nobody gets lost."""
        for _ in range(self.days):
            self.clock.run_day()
            self.population.check()
        return self
