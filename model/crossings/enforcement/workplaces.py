"""Workplaces: visits by inspectors, arrests, and what they mean for the chance of keeping work.

Visits are spread over everyone who works without the right to, most of whom never crossed by boat.
So what matters to one person is the hazard of being met at work; those in the model who have been
refused, or whose claim is undecided, bear it alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crossings._mesa import BaseAgent
from crossings.parameters import Block, param
from crossings.population import Population, State

if TYPE_CHECKING:
    from crossings._mesa import TableModel
    from crossings.clock import Clock
    from crossings.hooks import Levers, Tally
    from crossings.streams import Streams

_ROUNDS = 4  # weeks within which everyone at risk is looked at once


class WorkplacesBlock(Block):
    """Visits, and what comes of them."""

    teams: int = param(
        20, "Teams of inspectors", unit="teams", low=10, high=40, min_value=0, max_value=10_000
    )
    visits_per_team: float = param(
        10.6,
        "Visits a team makes in a week",
        unit="visits/team/week",
        low=5,
        high=20,
        min_value=0,
        source="over 11,000 visits in the year to Sep 2025 (Home Office)",
    )
    arrests_per_visit: float = param(
        0.73,
        "Arrests per visit",
        unit="arrests/visit",
        low=0.4,
        high=1.0,
        min_value=0,
        source="over 8,000 arrests at over 11,000 visits in the year to Sep 2025 (Home Office)",
    )
    workers_at_risk: float = param(
        200_000.0,
        "People who work without the right to, over whom arrests are spread",
        unit="people",
        low=100_000,
        high=600_000,
        min_value=1,
    )
    working_share: float = param(
        0.3, "Share of those refused or undecided who work", low=0.1, high=0.7, min_value=0, max_value=1
    )
    removed_share: float = param(
        0.14,
        "Share of those arrested after a refusal who are removed",
        low=0.05,
        high=0.3,
        min_value=0,
        max_value=1,
        source="about 14% of those arrested are removed (Home Office)",
    )
    visit_cost: float = param(
        1_500.0, "Cost of one visit", unit="GBP/visit", low=500, high=4_000, min_value=0
    )
    removal_cost: float = param(
        15_000.0, "Cost of removing one person", unit="GBP/person", low=5_000, high=40_000, min_value=0
    )


class WorkplaceTeam(BaseAgent):
    """One team of inspectors."""

    def __init__(self, model: TableModel) -> None:
        super().__init__(model)
        self.visits = 0


class Workplaces:
    """All inspectors and the people they meet.

    Parameters
    ----------
    model
        The Mesa model in which teams are agents.
    block
        Parameters.
    streams, clock
        The run's random numbers and clock.
    population
        The people; those removed are moved along the life line.
    tally, levers
        Where outcomes go, and the policy levers read (`inspections`).
    hear
        Told of the groups of people removed: ``hear("return", groups, True)``.
    """

    def __init__(
        self,
        model: TableModel,
        block: WorkplacesBlock,
        streams: Streams,
        clock: Clock,
        population: Population,
        tally: Tally,
        levers: Levers,
        hear: Callable[[str, NDArray[np.integer], bool], object] = lambda _belief, _groups, _happened: None,
    ) -> None:
        self.block = block
        self._streams, self._clock, self._population = streams, clock, population
        self._tally, self._levers, self._hear = tally, levers, hear
        self._turn = (population.key % np.uint64(_ROUNDS)).astype(np.int8)  # everybody's week of every round
        self._owed = 0.0  # part of a visit carried over to the next week
        self._days, self._effort = 0, 0.0  # since the last week's visits, and the lever summed over them
        self.teams = [WorkplaceTeam(model) for _ in range(block.teams)]

    def daily(self, day: int) -> None:
        """Note today's effort, so that a week's visits answer to every day of it."""
        self._days += 1
        self._effort += self._levers.inspections

    def hazard(self) -> float:
        """Return the hazard a week of being arrested at work, for somebody who works, as things stand."""
        return self._hazard(self._levers.inspections)

    def _hazard(self, effort: float) -> float:
        block = self.block
        visits = len(self.teams) * block.visits_per_team * effort
        return visits * block.arrests_per_visit / block.workers_at_risk

    def keep_work_chance(self) -> float:
        """Return the chance of not being arrested at work within a year, for somebody who works."""
        return float(np.exp(-365.25 / 7.0 * self.hazard()))

    def weekly(self, day: int) -> None:
        """Make the week's visits; arrest some, remove a few of them."""
        effort = self._effort / max(self._days, 1)
        visits = self._visit(self._days / 7.0 * effort)
        self._days, self._effort = 0, 0.0
        self._tally.count("work_visits", visits)
        self._tally.spend("inspections", visits * self.block.visit_cost)
        rows = self._at_risk(day)
        if rows.size == 0:
            return
        people = self._population
        met, removed = self._streams.uniforms("workplace", people.key[rows], self._clock.ordinal(day), 2)
        chance = -np.expm1(-self._hazard(effort) * _ROUNDS) * self.block.working_share
        arrested = met < chance
        self._tally.count_by("work_arrests", people.group[rows[arrested]])
        can_go = arrested & (people.state[rows] == int(State.REFUSED)) & (removed < self.block.removed_share)
        gone = rows[can_go]
        people.move(gone, State.REMOVED, self._clock.now)
        self._tally.count_by("removed", people.group[gone])
        self._hear("return", people.group[gone], True)
        self._tally.spend("removals", gone.size * self.block.removal_cost)

    def _visit(self, weeks: float) -> int:
        """Return the whole visits made in some weeks' work, shared out among teams."""
        due = len(self.teams) * self.block.visits_per_team * weeks + self._owed
        visits = int(due)
        self._owed = due - visits
        for number, team in enumerate(self.teams):
            team.visits += visits // len(self.teams) + (number < visits % len(self.teams))
        return visits

    def _at_risk(self, day: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the quarter of people at risk whose turn it is: each comes up every fourth week."""
        rows = self._population.rows_in(State.ASYLUM, State.APPEAL, State.REFUSED)
        week = self._clock.ordinal(day) // 7
        return np.asarray(rows[self._turn[rows] == week % _ROUNDS])
