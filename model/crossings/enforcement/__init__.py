"""Enforcement: officers on the beach and at sea, cases against networks, and visits to workplaces.

Public names
------------
``Patrols(model, block, clock, corridor, tally, levers)``
    Teams on beaches and boats at sea; ``stop_chance``, ``sea_stop_chance``, ``saw``;
    ``daily(day)`` for costs, ``reallocate(day)`` weekly.
``Investigations(model, block, streams, clock, smuggling, tally, levers)``
    Teams whose cases are SimPy processes; ``daily(day)`` for costs and arrests of a day, ``staff(day)``
    weekly.
``Workplaces(model, block, streams, clock, population, tally, levers, hear)``
    Teams that visit workplaces; ``daily(day)``, ``weekly(day)``; ``keep_work_chance()``.
``Custody(streams, clock, population, tally, levers, leave, free)``
    People stopped upstream and held for it; ``take(rows, camps)``, ``noon(day)``.
``EnforcementBlock``
    Parameters: ``patrols, investigations, workplaces``.
``BeachPatrol``, ``SeaPatrol``, ``InvestigationTeam``, ``WorkplaceTeam``
    The Mesa agents.
"""

from __future__ import annotations

from crossings.enforcement.custody import Custody
from crossings.enforcement.investigations import Investigations, InvestigationsBlock, InvestigationTeam
from crossings.enforcement.patrols import BeachPatrol, Patrols, PatrolsBlock, SeaPatrol
from crossings.enforcement.workplaces import Workplaces, WorkplacesBlock, WorkplaceTeam
from crossings.parameters import Block

__all__ = [
    "BeachPatrol",
    "Custody",
    "EnforcementBlock",
    "InvestigationTeam",
    "Investigations",
    "InvestigationsBlock",
    "Patrols",
    "PatrolsBlock",
    "SeaPatrol",
    "WorkplaceTeam",
    "Workplaces",
    "WorkplacesBlock",
]


class EnforcementBlock(Block):
    """Everything about enforcement."""

    patrols: PatrolsBlock = PatrolsBlock()
    investigations: InvestigationsBlock = InvestigationsBlock()
    workplaces: WorkplacesBlock = WorkplacesBlock()
