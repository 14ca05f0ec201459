"""Where policies touch the world: moments, levers and announcements.

A policy never patches the world from outside. It does three things only:

* it *announces* (an `Announcement` enters what people believe),
* it *sets levers* (a `Levers` field that some room reads every day),
* it *acts at a moment*: a method ``at_<moment>`` is called by the owner of that moment.

This module also holds the small protocols by which lower floors report to higher ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from crossings.clock import Clock
from crossings.errors import InputError, nearest

Rows = NDArray[np.intp]
"""Row numbers of people in the `Population`; never part of a random key."""


class Tally(Protocol):
    """What rooms report outcomes to (the recorder of `crossings.outcomes`)."""

    def count(self, outcome: str, number: float = 1.0, time: float | None = None) -> None:
        """Add to an outcome on the calendar date of `time` (default: now)."""

    def count_by(self, outcome: str, codes: NDArray[np.integer[Any]], time: float | None = None) -> None:
        """Count people, or boats, one by one under their key code (group, place) beside the total."""

    def level(self, outcome: str, value: float, key: str | None = None) -> None:
        """Set today's value of a stock, a price or a mean."""

    def spend(self, account: str, pounds: float) -> None:
        """Charge an account."""


@dataclass(frozen=True)
class Moment:
    """A named point at which policies may act: who calls it, and when."""

    name: str
    caller: str
    when: str
    arguments: str


MOMENTS: dict[str, Moment] = {
    moment.name: moment
    for moment in (
        Moment("levers", "model", "noon of every day, after the weather is known", "levers, world, day"),
        Moment("afternoon", "model", "noon of every day, after levers, before anyone enters", "world, day"),
        Moment(
            "triage",
            "authorities.holding",
            "when people leave short-term holding; returns the rows it wants detained for return, of which "
            "each policy in turn, by priority, gets those still free, within its quota and the room left",
            "world, rows -> rows",
        ),
        Moment("returned", "authorities.returns", "when one person has been handed over", "world, row"),
    )
}


class Hooks:
    """Policies subscribed to moments, in the scenario's order.

    Parameters
    ----------
    policies
        The policies.
    clock
        The run's. With it, no policy acts before its ``first_day(clock)``: until then a run with a
        policy is the run without it, and two scenarios may share that part (`crossings.study.branching`).
    """

    def __init__(self, policies: Iterable[Any] = (), clock: Clock | None = None) -> None:
        self._clock = clock
        self._actions: dict[str, list[tuple[Any, int, Callable[..., Any]]]] = {name: [] for name in MOMENTS}
        for policy in policies:
            first = 0 if clock is None else policy.first_day(clock)
            for moment in moments_of(type(policy)):
                self._actions[moment].append((policy, first, getattr(policy, f"at_{moment}")))

    def call(self, moment: str, *arguments: Any) -> list[tuple[Any, Any]]:
        """Let every subscriber whose day has come act; return what each returned beside the policy itself."""
        today = 0 if self._clock is None else self._clock.day
        return [(policy, act(*arguments)) for policy, first, act in self._actions[moment] if first <= today]


def moments_of(policy: type) -> list[str]:
    """Return the moments a policy class acts at.

    Raises
    ------
    InputError
        If it has an ``at_*`` method for a moment that does not exist.
    """
    names = [name.removeprefix("at_") for name in dir(policy) if name.startswith("at_")]
    for name in names:
        if name not in MOMENTS:
            raise InputError(
                f"policy {policy.__name__}: no moment '{name}', expected one of "
                f"{', '.join(MOMENTS)}{nearest(name, MOMENTS)}"
            )
    return names


@dataclass(frozen=True)
class Announcement:
    """A rule made known: what people may come to believe about their own case.

    Attributes
    ----------
    name
        Policy that announces it.
    belief
        One of ``"stop"``, ``"return"``, ``"settle"``, ``"death"``, ``"legal"``.
    chance
        The chance announced for one person to whom the rule applies.
    announced, start
        Model days on which it becomes known and from which it applies.
    end
        Model day from which it no longer applies, or None.
    groups
        Codes of the groups it applies to; empty means everyone.
    carried_out
        Returns the share actually carried out lately, or None while nothing can be judged;
        it moves the one credibility of all announcements.
    by_hearsay
        Whether it is a message rather than a rule: nobody carries it out, and people judge it by what
        they hear from compatriots.
    """

    name: str
    belief: str
    chance: float
    announced: int
    start: int
    end: int | None = None
    groups: Sequence[int] = ()
    carried_out: Callable[[int], float | None] = field(default=lambda _day: None)
    by_hearsay: bool = False


@dataclass
class Levers:
    """What policies may set, day by day; each is read by the room named beside it.

    Scalars are multipliers of the room's own parameter unless said otherwise; arrays have one
    entry per group or launch site. All return to these defaults every noon before policies set them.
    """

    beach_teams: float | NDArray[np.float64] = 1.0
    """enforcement.patrols: multiplier of officers' teams on the beaches, one for all or one for each site."""
    sea_stops: float = 0.0
    """passage: chance that a taxi boat is stopped at sea before boarding."""
    departures_stopped: float | NDArray[np.float64] = 0.0
    """passage: chance that a launch is stopped before it leaves by others than officers on the beaches, one
    for all or one for each launch site."""
    custody_days: float = 0.0
    """enforcement.custody: mean time for which people so stopped are held."""
    turnbacks: float = 0.0
    """passage: chance that a boat about to land is turned back to where it left."""
    rescue: float = 1.0
    """passage: multiplier of rescue boats on the side to which people cross."""
    rescue_french: float = 1.0
    """passage: multiplier of rescue boats on the French side."""
    upstream_seizures: float = 1.0
    """smuggling.supply: multiplier of the hazard that a shipment of boats is seized."""
    least_soundness: float = 0.0
    """smuggling.design: soundness (0 to 1) below which boats are not to be had; a bound, no multiplier."""
    boat_cost: float = 1.0
    """smuggling.supply: multiplier of what a boat costs to buy and to bring to the coast."""
    boat_size: float = 1.0
    """smuggling.design and passage: multiplier of the number of people a boat is built for."""
    investigations: float = 1.0
    """enforcement.investigations: multiplier of the number of teams."""
    suppliers_arrested: int = 0
    """enforcement.investigations: how many suppliers, the largest first, are taken out today."""
    networks_arrested: int = 0
    """enforcement.investigations: how many networks, the largest first, are broken up today."""
    lorry_checks: float = 1.0
    """people.choices: divides the chance that a try by lorry succeeds."""
    onward_refused: float | NDArray[np.float64] = 0.0
    """people.choices: chance that a country turns back people who go on to it from the coast or from
    reception, one for all or one for each place."""
    inspections: float = 1.0
    """enforcement.workplaces: multiplier of workplace visits."""
    grants: float | NDArray[np.float64] = 1.0
    """authorities.asylum: multiplier of the grant chance, one for all or one for each group."""
    containment: float | NDArray[np.float64] = 0.0
    """authorities.asylum: share of people released into the asylum system who may not go on or settle, one
    for all or one for each group."""
    inadmissible: float | NDArray[np.float64] = 0.0
    """authorities.asylum: share of claims refused at once and without appeal, one for all or one for each
    group."""
    detention_beds: float = 1.0
    """authorities.detention: multiplier of beds for the returns pipeline."""
    caseworkers: float = 1.0
    """authorities.returns: multiplier of caseworkers for the returns pipeline."""

    def reset(self) -> None:
        """Put every lever back to its default."""
        vars(self).update(_DEFAULTS)


_DEFAULTS = {lever.name: lever.default for lever in fields(Levers)}
