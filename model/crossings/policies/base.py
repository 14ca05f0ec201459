"""What a policy is: dates, a ramp, parameters, and methods that act at named moments.

A policy is a frozen block of parameters. Everything it does it does through `crossings.hooks`: it
announces, it sets levers at noon, it acts at moments by methods called ``at_<moment>``, from its first
day on; whatever a run has to remember about it lives with the authority concerned, so one policy may
serve any number of runs. A new kind of policy is a subclass with the decorator `register`::

    @register
    class Lighthouse(Policy):
        lamps: int = param(3, "Lamps lit", unit="lamp", min_value=0)

        def at_levers(self, levers: Levers, world: World, day: int) -> None:
            levers.beach_teams *= 1.0 + 0.1 * self.lamps * self.strength(world.clock, day)

and stands in a scenario as ``[policies.light]`` with ``kind = "Lighthouse"``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr, model_validator

from crossings.authorities import Authorities
from crossings.clock import Clock
from crossings.enforcement import Patrols
from crossings.errors import InputError, unknown
from crossings.hooks import Announcement, Rows, Tally, moments_of
from crossings.parameters import Block, param
from crossings.population import Population

LONGEST_RAMP = 3650.0
"""Most days from the start of a policy until it has its full strength."""
LONGEST_LOOK_BACK = 730
"""Most days over which people judge whether a policy is carried out."""


def chance_made_known(meaning: str) -> Any:
    """Declare the chance that a policy makes known, which may be left to what follows from the policy."""
    return param(None, meaning, unit="probability", min_value=0.0, max_value=1.0)


def days_judged(default: int, of_what: str, *, low: int, high: int) -> Any:
    """Declare over how many days people look back when they judge whether a policy is carried out."""
    return param(
        default,
        f"Days of {of_what}",
        unit="day",
        low=low,
        high=high,
        min_value=7,
        max_value=LONGEST_LOOK_BACK,
    )


def check_look_back(judged_after_days: int, judged_over_days: int) -> None:
    """Raise `InputError` where people would judge a policy by days on which it was not yet in force."""
    if judged_after_days < judged_over_days:
        raise InputError(
            f"judged_after_days = {judged_after_days}: expected at least "
            f"judged_over_days = {judged_over_days}, the days that are judged"
        )


class Corridor(Protocol):
    """What policies ask of a corridor."""

    @property
    def groups(self) -> tuple[Any, ...]:
        """Groups in the order of their codes, each with a ``name``."""

    @property
    def places(self) -> tuple[Any, ...]:
        """Places in the order of their codes, each with ``name``, ``kind`` and ``country``."""

    @property
    def sites(self) -> tuple[Any, ...]:
        """Launch sites in file order, each with ``name``."""

    def demand(self, year: int) -> Mapping[str, float]:
        """Return potential candidates by group name in a year."""


class World(Protocol):
    """What policies see of a running model."""

    @property
    def clock(self) -> Clock:
        """The clock."""

    @property
    def corridor(self) -> Corridor:
        """Groups and places."""

    @property
    def population(self) -> Population:
        """The people."""

    @property
    def authorities(self) -> Authorities:
        """Holding, returns, legal route, asylum."""

    @property
    def patrols(self) -> Patrols:
        """Patrols, and what was seen of launches stopped and boats turned back."""

    @property
    def policies(self) -> Mapping[str, Policy]:
        """The policies of the run by name, in the scenario's order."""

    @property
    def tally(self) -> Tally:
        """Where outcomes and spending are reported."""


class Policy(Block):
    """A policy in force between two dates.

    Parameters are those below and those of its kind.
    """

    announced: date | None = param(None, "Date it becomes known; that of its start if none", unit="date")
    start: date | None = param(None, "Date from which it applies; always if none", unit="date")
    end: date | None = param(None, "Date from which it no longer applies; never if none", unit="date")
    ramp_days: float = param(
        0.0,
        "Time from the start until it has its full strength",
        unit="day",
        low=0.0,
        high=365.0,
        min_value=0.0,
        max_value=LONGEST_RAMP,
    )

    _name: str = PrivateAttr(default="")

    @property
    def name(self) -> str:
        """Name in the scenario; that of its kind until it is given one."""
        return self._name or type(self).__name__

    def named(self, name: str) -> Self:
        """Return the same policy with the name it has in a scenario."""
        policy = self.model_copy()
        policy._name = name
        return policy

    @model_validator(mode="after")
    def _dates_fit(self) -> Self:
        if self.announced and self.start is None:
            raise InputError(f"announced = {self.announced}: expected a start date beside it")
        if self.announced and self.start and self.announced > self.start:
            raise InputError(
                f"announced = {self.announced}: expected a date on or before start = {self.start}"
            )
        if self.end and self.start and self.end <= self.start:
            raise InputError(f"end = {self.end}: expected a date after start = {self.start}")
        if self.ramp_days and self.start is None:
            raise InputError(f"ramp_days = {self.ramp_days:g}: expected a start date beside it")
        if self.end and self.start and self.ramp_days > (self.end - self.start).days:
            raise InputError(
                f"ramp_days = {self.ramp_days:g}: expected at most {(self.end - self.start).days}, "
                f"the number of days from start = {self.start} to end = {self.end}"
            )
        return self

    def in_force(self, clock: Clock, day: int) -> bool:
        """Whether it applies on a model day."""
        return (self.start is None or day >= clock.day_of(self.start)) and (
            self.end is None or day < clock.day_of(self.end)
        )

    def first_day(self, clock: Clock) -> int:
        """Return the first model day on which it applies, and may act: day 0 if it began before the run."""
        return 0 if self.start is None else max(0, clock.day_of(self.start))

    def overlaps(self, other: Policy) -> bool:
        """Whether there is a date on which both it and another policy are in force."""
        began_before_the_end = self.start is None or other.end is None or self.start < other.end
        ended_after_the_start = self.end is None or other.start is None or other.start < self.end
        return began_before_the_end and ended_after_the_start

    def strength(self, clock: Clock, day: int) -> float:
        """Return its strength on a model day, from 0 (not in force) over the ramp to 1."""
        if not self.in_force(clock, day):
            return 0.0
        if self.start is None or self.ramp_days == 0.0:
            return 1.0
        return min(1.0, (day - clock.day_of(self.start) + 1) / self.ramp_days)

    def announcement(
        self,
        world: World,
        belief: str,
        chance: float,
        groups: tuple[int, ...] = (),
        carried_out: Callable[[int], float | None] = lambda _day: None,
    ) -> Announcement:
        """Return an announcement with the dates of this policy."""
        clock = world.clock
        start = 0 if self.start is None else clock.day_of(self.start)
        return Announcement(
            name=self.name,
            belief=belief,
            chance=chance,
            announced=start if self.announced is None else clock.day_of(self.announced),
            start=start,
            end=None if self.end is None else clock.day_of(self.end),
            groups=groups,
            carried_out=carried_out,
        )

    def announcements(self, world: World) -> list[Announcement]:
        """Return what it makes known; asked once, before the first day."""
        return []

    def check(self, corridor: Corridor, policies: Mapping[str, Policy]) -> None:
        """Raise `InputError` unless it fits a corridor and the scenario's other policies."""


_Kind = TypeVar("_Kind", bound=type[Policy])
_KINDS: dict[str, type[Policy]] = {}


def register(kind: _Kind) -> _Kind:
    """Make a class of policies known to scenarios under its own name.

    Raises
    ------
    InputError
        If it acts at a moment that does not exist, or another class has its name.
    """
    moments_of(kind)
    other = _KINDS.get(kind.__name__)
    if other is not None and other.__module__ != kind.__module__:
        raise InputError(f"kind of policy '{kind.__name__}': already defined in {other.__module__}")
    _KINDS[kind.__name__] = kind
    return kind


def kinds() -> Mapping[str, type[Policy]]:
    """Return all kinds of policies by name, in alphabetical order."""
    return dict(sorted(_KINDS.items()))


def build(kind: str, table: Mapping[str, Any], name: str = "") -> Policy:
    """Make a policy.

    Parameters
    ----------
    kind
        Name of its kind.
    table
        Its parameters.
    name
        Its name in the scenario.

    Raises
    ------
    InputError
        If there is no such kind.
    pydantic.ValidationError
        If a parameter cannot be used.
    """
    if kind not in _KINDS:
        raise unknown("kind of policy", kind, _KINDS)
    policy = _KINDS[kind](**table)
    return policy.named(name) if name else policy


def check_all(corridor: Corridor, policies: Mapping[str, Policy]) -> None:
    """Raise `InputError` unless all policies of a scenario fit its corridor and each other."""
    for name, policy in policies.items():
        policy.named(name).check(corridor, policies)


def group_codes(corridor: Corridor, nationalities: tuple[str, ...], key: str) -> tuple[int, ...]:
    """Return the codes of groups by name; nobody named means everyone and gives no code.

    Raises
    ------
    InputError
        If there is no such group; the message begins with `key`.
    """
    names = [group.name for group in corridor.groups]
    for name in nationalities:
        if name not in names:
            raise InputError(f"{key} = '{name}': {unknown('nationality', name, names)}")
    return tuple(names.index(name) for name in nationalities)


def reception(corridor: Corridor, country: str, policy: str) -> int:
    """Return the code of the place in which a country takes people back.

    Raises
    ------
    InputError
        If it has none in the corridor; the message begins with the name of the policy.
    """
    for code, place in enumerate(corridor.places):
        if place.kind == "state" and place.country == country:
            return code
    known = sorted({place.country for place in corridor.places if place.kind == "state"})
    raise InputError(
        f"policies.{policy}: partner '{country}' has no reception in the corridor: "
        f"expected one of {', '.join(known) or 'none'}"
    )


def site_codes(corridor: Corridor, sites: tuple[str, ...], key: str) -> tuple[int, ...]:
    """Return the positions of launch sites by name; nobody named means all and gives none.

    Raises
    ------
    InputError
        If there is no such site, or one is named twice; the message begins with `key`.
    """
    names = [site.name for site in corridor.sites]
    for site in sites:
        if site not in names:
            raise InputError(f"{key} = '{site}': {unknown('launch site', site, names)}")
        if sites.count(site) > 1:
            raise InputError(f"{key} = '{site}': expected each site once")
    return tuple(names.index(site) for site in sites)


def of_groups(population: Population, rows: Rows, codes: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return who among rows belongs to one of the groups; all of them where none is named."""
    if not codes:
        return np.ones(rows.size, dtype=bool)
    return np.isin(population.group[rows], codes)
