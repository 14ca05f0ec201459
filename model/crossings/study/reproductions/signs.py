"""Signs: what papers on departures, rescue, interception, refusals and returns found, and what comes out.

Each part is a module of `crossings.study.signs`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pandas as pd
from pydantic import field_validator

from crossings.errors import InputError, nearest
from crossings.parameters import Block, param
from crossings.study.estimates import Estimate
from crossings.study.reproductions import Findings, Work, reproduction
from crossings.study.signs.departures import departures
from crossings.study.signs.one_series import rescue_and_interception, returns_lever
from crossings.study.signs.refusals import refusals
from crossings.study.signs.rescue import rescue
from crossings.study.signs.two_ways import two_ways


class Settings(Block):
    """How many seeds each sign takes, and what is put in."""

    parts: tuple[str, ...] = param(
        ("departures", "rescue", "two-ways", "histories", "refusals", "returns"),
        "Which are run, in this order",
    )
    elasticity: float = param(
        -3.0,
        "Elasticity of candidates to the length of their shortest way, put in",
        max_value=0.0,
        source="Friebel et al. 2024",
    )
    departure_seeds: int = param(3, "Seeds of each world of departures", min_value=2)
    rescue_seeds: int = param(8, "Seeds of each world of rescue", min_value=2)
    two_ways_seeds: int = param(6, "Seeds of each world of two ways", min_value=2)
    histories: int = param(8, "Histories with rescue, and with interception", min_value=2)
    refusal_seeds: int = param(3, "Seeds of each world of refusals", min_value=2)
    returned_a_week: float = param(
        120.0,
        "People returned in a week by the lever that observers are to detect; set for 5 to 10% of arrivals",
        unit="person/week",
        min_value=0.0,
    )
    channels: int = param(10, "Histories of the Channel with that lever", min_value=2)
    pairs: int = param(6, "Of these, with a twin without it", min_value=2)

    @field_validator("parts")
    @classmethod
    def _parts_exist(cls, parts: tuple[str, ...]) -> tuple[str, ...]:
        for part in parts:
            if part not in PARTS:
                raise InputError(f"parts = '{part}': expected {', '.join(PARTS)}{nearest(part, PARTS)}")
        return parts


Found = tuple[dict[str, Estimate], pd.DataFrame]
Tell = Callable[[int, int], None]


@reproduction("signs", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run every sign, one after another."""
    estimates: dict[str, Estimate] = {}
    tables = {}
    for number, name in enumerate(settings.parts):
        tell = partial(_tell, work, number, len(settings.parts))
        found, tables[name] = PARTS[name](settings, work, tell)
        estimates |= found
    numbers = [f"{len(_seeds(work, getattr(settings, field)))} of {name}" for name, field in _SEEDS.items()]
    return Findings(estimates, tables, f"Seeds: {', '.join(numbers)}")


def _tell(work: Work, part: int, parts: int, done: int, total: int) -> None:
    """Report progress, every part counting the same."""
    work.report(_FINE * part + _FINE * done // total, _FINE * parts)


def _seeds(work: Work, number: int) -> list[int]:
    return list(range(work.seed, work.seed + work.number(number, least=2)))


def _departures(settings: Settings, work: Work, tell: Tell) -> Found:
    return departures(settings.elasticity, _seeds(work, settings.departure_seeds), work.processes, tell)


def _rescue(settings: Settings, work: Work, tell: Tell) -> Found:
    return rescue(_seeds(work, settings.rescue_seeds), work.processes, tell)


def _two_ways(settings: Settings, work: Work, tell: Tell) -> Found:
    return two_ways(_seeds(work, settings.two_ways_seeds), work.processes, tell)


def _histories(settings: Settings, work: Work, tell: Tell) -> Found:
    return rescue_and_interception(_seeds(work, settings.histories), work.processes, tell)


def _refusals(settings: Settings, work: Work, tell: Tell) -> Found:
    return refusals(_seeds(work, settings.refusal_seeds), work.processes, tell)


def _returns(settings: Settings, work: Work, tell: Tell) -> Found:
    pairs = work.number(settings.pairs, least=2)
    seeds = _seeds(work, settings.channels)
    return returns_lever(settings.returned_a_week, pairs, seeds, work.processes, tell)


_FINE = 1000
_SEEDS = {
    "departures": "departure_seeds",
    "rescue": "rescue_seeds",
    "two ways": "two_ways_seeds",
    "histories": "histories",
    "refusals": "refusal_seeds",
    "returns": "channels",
}
PARTS: dict[str, Callable[[Settings, Work, Tell], Found]] = {
    "departures": _departures,
    "rescue": _rescue,
    "two-ways": _two_ways,
    "histories": _histories,
    "refusals": _refusals,
    "returns": _returns,
}
"""What runs each part, by name."""
