"""Asylum: claims, decisions, appeals and removals of those who stay.

Everyone released from holding claims. Each step is a day in the calendar on which something falls
due for a person, so the tens of thousands who wait cost nothing while they wait. People who
arrived before the run began are not part of it: the backlog is that of the people simulated.

Some may be contained: they may not go on or settle, however their claim ends. Whether people may
is heard by their compatriots when they are released; of the free, those whom a final refusal
unsettles are heard of once more. And some claims may be inadmissible: refused on the next day, whoever
makes them, with no appeal.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.authorities.due import DueRows
from crossings.authorities.office import Office, place_or_none
from crossings.hooks import Rows
from crossings.parameters import Block, param
from crossings.population import State
from crossings.streams import Floats, exponential, lognormal

_LUCK = ("decision", "appeal", "appeal time", "appeal outcome", "removal", "removal time", "unsettled")


class AsylumBlock(Block):
    """How long asylum takes and how it ends."""

    decision_days: float = param(
        210.0,
        "Median time from arrival to the first decision",
        unit="day",
        low=150.0,
        high=300.0,
        source="Home Office: median 5-9 months by year of claim",
        min_value=1.0,
    )
    decision_spread: float = param(
        0.7,
        "Standard deviation of the logarithm of that time",
        unit="log",
        low=0.4,
        high=1.0,
        source="assumed, so that about 89% are decided within 18 months",
        min_value=0.0,
        max_value=5,
    )
    appeal_share: float = param(
        0.75, "Chance that a refused person appeals", low=0.5, high=0.9, min_value=0.0, max_value=1.0
    )
    appeal_days: float = param(
        330.0,
        "Median time from refusal to the outcome of an appeal",
        unit="day",
        low=200.0,
        high=450.0,
        min_value=1.0,
    )
    appeal_spread: float = param(
        0.5,
        "Standard deviation of the logarithm of that time",
        unit="log",
        low=0.2,
        high=0.9,
        min_value=0.0,
    )
    appeal_allowed: float = param(
        0.45, "Chance that an appeal is allowed", low=0.3, high=0.6, min_value=0.0, max_value=1.0
    )
    removed_share: float = param(
        0.04,
        "Chance that a person finally refused is removed or leaves, inspections apart",
        low=0.005,
        high=0.15,
        source="assumed; of all arrivals 1.1-1.3% were returned before the treaty (Home Office)",
        min_value=0.0,
        max_value=1.0,
    )
    removal_days: float = param(
        180.0,
        "Mean time from final refusal to such a removal",
        unit="day",
        low=60.0,
        high=365.0,
        min_value=1.0,
    )
    removal_cost: float = param(
        5_000.0, "Cost of such a removal", unit="GBP", low=2_000.0, high=20_000.0, min_value=0.0
    )
    refusal_unsettles: float = param(
        0.3,
        "Chance that a person finally refused cannot go on or settle as intended",
        low=0.1,
        high=0.6,
        source="assumed; of all arrivals about one in ten, which is what groups expect at first",
        min_value=0.0,
        max_value=1.0,
    )
    accommodated: float = param(
        0.8,
        "Share of people awaiting a decision or an appeal who are accommodated",
        low=0.6,
        high=1.0,
        min_value=0.0,
        max_value=1.0,
    )
    accommodation_cost: float = param(
        100.0,
        "Accommodation and support of a person",
        unit="GBP/day",
        low=40.0,
        high=150.0,
        min_value=0.0,
    )


class Asylum:
    """Claims of everyone who stays.

    Parameters
    ----------
    block
        Times and chances.
    office
        The run.
    grant_chance
        Chance of a grant at the first decision, one for each group.
    """

    def __init__(self, block: AsylumBlock, office: Office, grant_chance: ArrayLike) -> None:
        self.grant_chance = np.asarray(grant_chance, dtype=np.float64)
        self._block = block
        self._office = office
        self._people = office.population
        # What will decide each claim, drawn when it is made, so that a day of decisions draws nothing.
        self._luck: dict[str, Floats] = {what: np.ones(len(office.population)) for what in _LUCK}
        self._contained = np.zeros(len(office.population), dtype=bool)
        self._inadmissible = np.zeros(len(office.population), dtype=bool)
        # by day: all released, and those of them contained, shape (2, groups)
        self._released: dict[int, NDArray[np.int64]] = {}
        self._decisions = DueRows(office.last_day)
        self._appeals = DueRows(office.last_day)
        self._removals = DueRows(office.last_day)

    def enter(self, rows: Rows, time: float) -> None:
        """Take in people released from holding or from detention, who claim."""
        if rows.size == 0:
            return
        people, block = self._people, self._block
        *luck, when = self._office.streams.uniforms(
            "asylum", people.key[rows], people.arrivals[rows], len(_LUCK) + 1
        )
        for what, drawn in zip(_LUCK, luck, strict=True):
            self._luck[what][rows] = drawn
        wait = lognormal(when, block.decision_days, block.decision_spread)
        self._inadmissible[rows] = barred = self._struck("inadmissible", rows)
        wait[barred] = 0.0
        people.move(rows, State.ASYLUM, time, place_or_none(self._office.places.asylum))
        self._decisions.put(rows, _after(time, wait))
        self._contain(rows)

    def noon(self, day: int) -> None:
        """Decide what is due today."""
        self._decide(self._still(State.ASYLUM, self._decisions.take(day)), day)
        self._hear(self._still(State.APPEAL, self._appeals.take(day)), day)
        self._remove(self._still(State.REFUSED, self._removals.take(day)), day)

    def backlog(self) -> int:
        """Return how many people await a decision or the outcome of an appeal."""
        return int(self._people.counts[State.ASYLUM] + self._people.counts[State.APPEAL])

    def charge(self) -> None:
        """Charge a day of accommodation."""
        block = self._block
        self._office.tally.spend(
            "accommodation", self.backlog() * block.accommodated * block.accommodation_cost
        )

    def _contain(self, rows: Rows) -> None:
        """Decide who may not go on or settle, and let compatriots hear who may and who may not."""
        group, groups = self._people.group[rows], self.grant_chance.size
        contained = self._struck("containment", rows)  # whatever was decided at an earlier arrival
        self._contained[rows] = contained
        self._spread("settle", group, ~contained)
        today = [np.bincount(some, minlength=groups) for some in (group, group[contained])]
        day = self._office.clock.day
        self._released[day] = self._released.get(day, 0) + np.array(today)

    def _struck(self, lever: str, rows: Rows) -> NDArray[np.bool_]:
        """Draw whom a lever strikes that is a chance, one for all or one for each group."""
        chance = np.asarray(getattr(self._office.levers, lever), dtype=np.float64)
        if not chance.any():
            return np.zeros(rows.size, dtype=bool)
        luck = self._office.streams.uniform(lever, self._people.key[rows], self._people.arrivals[rows])
        return np.asarray(luck < (chance if chance.ndim == 0 else chance[self._people.group[rows]]))

    def free_to_settle(self, day: int, days: int, groups: tuple[int, ...] = ()) -> float | None:
        """Return the share not contained of those released lately, None if nobody was.

        Parameters
        ----------
        day, days
            Those released on the `days` before a day.
        groups
            Codes of the groups counted; all if none is named.
        """
        lately = [self._released[k] for k in range(day - days, day) if k in self._released]
        if not lately:
            return None
        released, contained = sum(lately[1:], lately[0])[:, list(groups) if groups else slice(None)].sum(
            axis=1
        )
        return float(1.0 - contained / released) if released else None

    def _still(self, state: State, rows: Rows) -> Rows:
        return rows[self._people.state[rows] == int(state)] if rows.size else rows

    def _decide(self, rows: Rows, day: int) -> None:
        if rows.size == 0:
            return
        people, block = self._people, self._block
        group = people.group[rows]
        chance = self.grant_chance * self._office.levers.grants
        barred = self._inadmissible[rows]
        granted = ~barred & (self._luck["decision"][rows] < chance[group])
        refused = ~granted
        appeals = refused & ~barred & (self._luck["appeal"][rows] < block.appeal_share)
        self._spread("grant", group, granted)
        self._grant(rows[granted], day)
        self._office.tally.count_by("refused", group[refused])
        self._office.tally.count_by("appealed", group[appeals])
        appealing = rows[appeals]
        people.move(appealing, State.APPEAL, day)
        wait = lognormal(self._luck["appeal time"][appealing], block.appeal_days, block.appeal_spread)
        self._appeals.put(appealing, _after(day, wait))
        self._refuse(rows[refused & ~appeals], day)

    def _hear(self, rows: Rows, day: int) -> None:
        if rows.size == 0:
            return
        allowed = self._luck["appeal outcome"][rows] < self._block.appeal_allowed
        self._grant(rows[allowed], day)
        self._refuse(rows[~allowed], day)

    def _grant(self, rows: Rows, day: int) -> None:
        if rows.size:
            groups = self._people.group[rows]
            self._people.move(rows, State.GRANTED, day)
            self._office.tally.count_by("granted", groups)

    def _refuse(self, rows: Rows, day: int) -> None:
        """Refuse finally: some leave, some cannot live as they meant to, the rest stay on."""
        if rows.size == 0:
            return
        people, block = self._people, self._block
        people.move(rows, State.REFUSED, day)
        leaving = rows[self._luck["removal"][rows] < block.removed_share]
        wait = exponential(self._luck["removal time"][leaving], block.removal_days)
        self._removals.put(leaving, _after(day, wait))
        unsettled = rows[~self._contained[rows] & (self._luck["unsettled"][rows] < block.refusal_unsettles)]
        self._office.news.news_only("settle", people.group[unsettled], False)

    def _remove(self, rows: Rows, day: int) -> None:
        if rows.size:
            groups = self._people.group[rows]
            self._people.move(rows, State.REMOVED, day)
            self._office.news.news_only("return", groups, True)
            self._office.tally.count_by("removed", groups)
            self._office.tally.spend("removals", rows.size * self._block.removal_cost)

    def _spread(self, belief: str, groups: NDArray[np.int16], happened: NDArray[np.bool_]) -> None:
        """Let compatriots hear of outcomes that went either way."""
        for outcome, mask in ((True, happened), (False, ~happened)):
            if mask.any():
                self._office.news.news_only(belief, groups[mask], outcome)


def _after(time: float, wait: Floats) -> NDArray[np.int64]:
    """Return the first noon after a wait, at least a day on."""
    return np.maximum(np.ceil(time + wait), math.floor(time) + 1).astype(np.int64)
