"""A scenario: everything that is decided before a run, in one frozen object.

It composes the parameter blocks of all rooms, the dates, the corridor and the policies. It comes
from a TOML file, from Python or from another scenario with some values replaced, and is checked
whole whichever way it came: what is wrong is one `crossings.errors.InputError`, in one line.

>>> from crossings.scenario import Scenario
>>> scenario = Scenario.load("one-in-one-out").replace("policies.returns.quota_per_week", 100)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from crossings import corridors, scenario_files
from crossings.authorities import AuthoritiesBlock
from crossings.enforcement import EnforcementBlock
from crossings.errors import InputError
from crossings.geography.routes import RoutesBlock, closed_legs
from crossings.geography.weather import WeatherBlock
from crossings.parameters import Block, Described, described, param
from crossings.passage import PassageBlock
from crossings.people import BeliefsBlock, ChoicesBlock, InflowBlock, JourneysBlock, ValuesBlock
from crossings.policies import Policy, check_all, kinds
from crossings.scenario_errors import explain, refuse_conversions, shown
from crossings.scenario_tables import build_policies, comments_of, put, table_of, without_none
from crossings.scenario_text import parse_setting, write
from crossings.smuggling.trade import SmugglingBlock

_EARLIEST, _LATEST = date(2000, 1, 1), date(2100, 12, 31)
_LONGEST_NAME = 80
_POLICY_DATES = ("announced", "start", "end")
_NOT_THE_WORLD = ("name", "title", "description", "policies")
_TOLD_ANYWAY = ("name", "title", "description", "corridor", "start", "end", "warmup_days")


class Scenario(Block):
    """Dates, corridor, parameters of every room, and policies.

    Parameters
    ----------
    **values
        Field by field; blocks and policies may be given as they are or as plain tables.

    Raises
    ------
    InputError
        If a value cannot be used; always one line, naming its dotted key.
    """

    name: str = Field("unnamed", description="What results call it.")
    title: str = Field("", description="Its name for readers.")
    description: str = Field("", description="What it asks, in a sentence or two.")
    corridor: str = Field("channel", description="Name of a shipped corridor, or the folder of one.")
    start: date = Field(date(2025, 1, 1), description="First calendar date reported.")
    end: date = Field(date(2025, 12, 31), description="Last calendar date reported.")
    warmup_days: int = param(
        180,
        "Days simulated by the same rules before the start, so that stocks and beliefs exist on it.",
        unit="days",
        low=120,
        high=365,
        min_value=1,
        max_value=1000,
    )

    people_per_agent: int = param(
        1,
        "People that one agent stands for; counts stay counts of people, and boats are not fewer.",
        unit="people/agent",
        low=1,
        high=10,
        source="by design one to one; more is for speed",
        min_value=1,
        max_value=100,
    )

    weather: WeatherBlock = WeatherBlock()
    routes: RoutesBlock = RoutesBlock()
    inflow: InflowBlock = InflowBlock()
    journeys: JourneysBlock = JourneysBlock()
    beliefs: BeliefsBlock = BeliefsBlock()
    values: ValuesBlock = ValuesBlock()
    choices: ChoicesBlock = ChoicesBlock()
    smuggling: SmugglingBlock = SmugglingBlock()
    enforcement: EnforcementBlock = EnforcementBlock()
    passage: PassageBlock = PassageBlock()
    authorities: AuthoritiesBlock = AuthoritiesBlock()

    policies: dict[str, Policy] = Field(
        default_factory=dict, description="Policies by name, in order of priority on what they share."
    )

    def __init__(self, **values: Any) -> None:
        given = without_none(values, type(self))
        policies = build_policies(given.pop("policies", {}))
        try:
            super().__init__(**given | {"policies": policies})
        except ValidationError as error:
            raise explain(error, type(self)) from None
        refuse_conversions(given, self)
        self._check_dates()
        self._check_names()

    # ---------------------------------------------------------------- in

    @classmethod
    def load(cls, name_or_path: str | Path) -> Scenario:
        """Load a scenario shipped with the package by its name, or any TOML file by its path."""
        return cls(**scenario_files.read(name_or_path))

    @classmethod
    def of(cls, setting: Scenario | str | Path) -> Scenario:
        """Return a scenario as it is, or load it by name or path."""
        return setting if isinstance(setting, Scenario) else cls.load(setting)

    @classmethod
    def from_toml(cls, text: str, source: str = "scenario") -> Scenario:
        """Read a scenario from TOML text; `source` is what errors call it."""
        table = scenario_files.parse(text, source)
        return cls(**table)

    @staticmethod
    def shipped() -> list[str]:
        """Return the names of the scenarios that come with the package."""
        return scenario_files.shipped()

    # ------------------------------------------------------------ change

    def replace(self, path: str, value: Any) -> Scenario:
        """Return the scenario with one value replaced, checked anew.

        Parameters
        ----------
        path
            Dotted key, such as ``"policies.returns.quota_per_week"`` or ``"end"``.
        value
            What it shall be; None takes away an optional value or a whole policy.
        """
        return self.with_(**{path: value})

    def with_(self, **changes: Any) -> Scenario:
        """Return the scenario with several values replaced at once, by dotted key, checked anew.

        >>> scenario.with_(start="2025-06-01", end="2025-06-30")
        >>> scenario.with_(**{"policies.returns.quota_per_week": 100, "weather.wave_sd": 0.5})
        """
        table = table_of(self)
        for path, value in changes.items():
            put(table, path, value, type(self))
        return type(self)(**table)

    def with_settings(self, settings: Iterable[str]) -> Scenario:
        """Return the scenario with ``key=value`` texts applied, as the command line takes them."""
        return self.with_(**dict(map(parse_setting, settings)))

    # --------------------------------------------------------------- out

    def as_dict(self) -> dict[str, Any]:
        """Return everything in it, defaults included, as plain tables, lists and values."""
        return table_of(self)

    def without_policies(self) -> dict[str, Any]:
        """Return everything in it but its name, title, description and policies, as plain tables."""
        return {key: value for key, value in table_of(self).items() if key not in _NOT_THE_WORLD}

    def to_toml(self, *, comments: bool = False) -> str:
        """Write it as canonical TOML, defaults included; reading that gives an equal scenario.

        Parameters
        ----------
        comments
            Say the meaning, unit and source of every parameter at the end of its line.
        """
        return write(table_of(self), comments_of(self) if comments else None)

    def differences(self) -> dict[str, tuple[Any, Any]]:
        """Return the rooms' parameters that differ from their defaults: dotted key -> (default, value)."""
        ours, defaults = _flat(self), _flat(type(self)())
        return {
            key: (defaults[key], value)
            for key, value in ours.items()
            if key in defaults and defaults[key] != value and key not in _TOLD_ANYWAY
        }

    def describe(self) -> str:
        """Say in a few lines what it is: dates, policies, and what differs from the defaults."""
        lines = [f"{self.title or self.name} ({self.name})"]
        if self.description:
            lines.append(" ".join(self.description.split()))
        lines.append(f"{self.start} to {self.end}, after {self.warmup_days} days of warm-up; {self.corridor}")
        lines += [f"policy {name}: {_say(policy)}" for name, policy in self.policies.items()]
        for key, (old, new) in self.differences().items():
            lines.append(f"{key} = {shown(new)} (default {shown(old)})")
        return "\n".join(lines)

    # ------------------------------------------------------------ checks

    @property
    def epoch(self) -> date:
        """First date simulated, the beginning of the warm-up."""
        return self.start - timedelta(days=self.warmup_days)

    @property
    def days(self) -> int:
        """Number of calendar dates reported."""
        return (self.end - self.start).days + 1

    def _check_dates(self) -> None:
        for key, value in (("start", self.start), ("end", self.end)):
            if not _EARLIEST <= value <= _LATEST:
                raise InputError(f"{key} = {value}: expected a date from {_EARLIEST} to {_LATEST}")
        if self.end < self.start:
            raise InputError(f"end = {self.end}: expected a date on or after start = {self.start}")

    def _check_names(self) -> None:
        if not (self.name.isprintable() and 0 < len(self.name.strip()) <= _LONGEST_NAME):
            raise InputError(f"name = {shown(self.name)}: expected 1 to {_LONGEST_NAME} printable characters")
        corridor = corridors.load(self.corridor)
        closed_legs(corridor, self.routes.closed)
        check_all(corridor, self.policies)


def parameters() -> Iterator[Described]:
    """Yield every parameter that a scenario can set, in order; a policy's under ``policies.KIND``."""
    yield from described(Scenario)
    for kind, policy in sorted(kinds().items()):
        yield from described(policy, f"policies.{kind}")


def _say(policy: Policy) -> str:
    """Return a policy's kind, its dates, and what it has that its kind has not by default."""
    table = table_of(policy)
    kind = table.pop("kind")
    fields = type(policy).model_fields
    told = [key for key in table if key in _POLICY_DATES or getattr(policy, key) != fields[key].default]
    return ", ".join([kind, *(f"{key} = {shown(table[key])}" for key in told)])


def _flat(scenario: Scenario) -> dict[str, Any]:
    found: dict[str, Any] = {}

    def walk(table: Mapping[str, Any], prefix: str) -> None:
        for key, value in table.items():
            if isinstance(value, Mapping):
                walk(value, f"{prefix}{key}.")
            else:
                found[f"{prefix}{key}"] = value

    walk({key: value for key, value in table_of(scenario).items() if key != "policies"}, "")
    return found
