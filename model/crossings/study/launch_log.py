"""Every launch of a run, with the danger it was in: a run that keeps a table of them.

Deaths are few, and whether boats became more dangerous shows late in them. The *risk* of a launch is
its expectation instead: the share of the people on board who would die, given the people, the boat,
the sea and the rescue of that night, averaged over the luck of the boat. What rests on risk needs a
small part of the seeds that deaths need; the deaths themselves are in the run's result as always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crossings.model import CrossingsModel
from crossings.outcomes.result import Result
from crossings.passage.hazards import PassageBlock, boarding_chance, distress_chance, roughness
from crossings.passage.rescue import Rescue, SearchLuck, Strength
from crossings.scenario import Scenario
from crossings.smuggling import Launch
from crossings.streams import lognormal

_KNOT_KM_PER_DAY = 1.852 * 24.0
_POINTS = 9
_EVEN = 4096  # a power of 2; the mean is then within some 2%, and the same points serve all boats

USUAL = Strength(1.0, 1.0)
"""Rescue as it is without any policy."""

COLUMNS = (
    "date", "site", "network", "people", "load", "quality", "taxi", "price", "forecast", "height",
    "size", "stop", "rescue_french", "rescue_uk", "risk",
)  # fmt: skip
"""Columns of the table, in order."""


@dataclass(frozen=True, eq=False)
class Observed:
    """What a run gave, and its launches.

    Attributes
    ----------
    result
        As `crossings.run` gives it.
    launches
        One row for each launch on a reported date, in order of time, with `COLUMNS`: date of the evening;
        launch site; slot of the network; people booked on it; load aimed at; soundness of the boat, 0 to
        1; whether it picks people up from the water; the network's price (GBP); forecast and true wave
        height (m); what the boat is built for, over the usual; chance of a stop before it leaves; multiples
        of rescue on either side; expected share of those who got away who die.
    """

    result: Result
    launches: pd.DataFrame


class LoggedModel(CrossingsModel):
    """A world that writes down every launch; nothing else about it differs.

    Attributes
    ----------
    launches : list of tuple
        Rows of `Observed.launches`, warm-up included.
    """

    def __init__(self, setting: Scenario | str | Path = "no-policy", seed: int = 1) -> None:
        super().__init__(setting, seed)
        self.launches: list[tuple[object, ...]] = []

    def _nightfall(self, day: int) -> None:
        planned = self.smuggling.launching.plan(day)
        self.launches.extend(self._row(launch, day) for launch in planned)
        self.passage.begin_night(planned)

    def _row(self, launch: Launch, day: int) -> tuple[object, ...]:
        height, strength = float(self.weather.height[day]), Strength(*self.patrols.rescue())
        people = len(launch.rows) * self.population.stands_for
        distance = float(self.smuggling.distance_km[launch.site])
        size = self.smuggling.boat_size()
        risk = expected_risk(self.setting.passage, people, launch.quality, height, distance, strength, size)
        beach = self.patrols.stop_chance(launch.site, launch.taxi, launch.concurrent)
        stop = 1.0 - (1.0 - beach) * (1.0 - self.patrols.upstream_chance(launch.site))
        return (
            self.clock.date(day), self.patrols.site_names[launch.site], launch.network, people, launch.load,
            launch.quality, launch.taxi, float(self.smuggling.networks.price[launch.network]),
            float(self.weather.forecast[day]), height, size, stop, *strength, risk,
        )  # fmt: skip


def observe(scenario: Scenario | str | Path, seed: int) -> Observed:
    """Run a scenario once and keep its launches.

    Parameters
    ----------
    scenario
        A `Scenario`, the name of a ready one, or the path of a scenario file.
    seed
        Whole number from 0 to 2**64 - 1. The result is that of `crossings.run` to the last bit.

    Raises
    ------
    InputError
        If scenario or seed cannot be used.
    """
    model = LoggedModel(scenario, seed)
    while model.running:
        model.step()
    table = pd.DataFrame(model.launches, columns=list(COLUMNS))
    table["date"] = pd.to_datetime(table["date"])
    reported = table["date"].between(str(model.setting.start), str(model.setting.end))
    return Observed(model.result(), table[reported].reset_index(drop=True))


def expected_risk(
    block: PassageBlock,
    people: int,
    quality: float,
    height: float,
    distance_km: float,
    strength: Strength = USUAL,
    size: float = 1.0,
) -> float:
    """Return the share of people on board expected to die on a crossing, boarding included.

    The speed of the boat, and all that is luck in a distress, are averaged over. The boat is taken to be the
    only one in distress.

    Parameters
    ----------
    block
        Parameters of the passage.
    people
        On board.
    quality
        Soundness of the boat, 0 to 1.
    height
        Significant wave height, in m.
    distance_km
        Length of the crossing.
    strength
        Rescue on either side, as multiples of what there is.
    size
        What the boat is built for, as a multiple of the usual.
    """
    boarding = boarding_chance(block, people, size) * block.boarding_toll
    days = distance_km / (np.asarray(lognormal(_MIDDLES, block.speed, block.speed_sigma)) * _KNOT_KM_PER_DAY)
    distress = np.mean([distress_chance(block, people, quality, height, float(each), size) for each in days])
    return float(boarding + distress * _drowned(block, round(height, 2), distance_km, strength))


@lru_cache(maxsize=4096)
def _drowned(block: PassageBlock, height: float, distance_km: float, strength: Strength) -> float:
    """Return the share of people in distress who die, over the luck of where it is and who comes."""
    rescue, rough = Rescue(block.rescue), roughness(block, height)
    died = []
    for where, *luck in _luck().tolist():
        made = where**block.early_distress * distance_km
        found = rescue.outcome(strength, made, distance_km - made, rough, SearchLuck(*luck))
        died.append(rescue.drowned(found.in_water))
    return float(np.mean(died))


@lru_cache(maxsize=1)
def _luck() -> NDArray[np.float64]:
    """Return uniform numbers that fill the cube of progress and a search's luck evenly, always the same."""
    from scipy.stats import qmc  # noqa: PLC0415 - slow to import, and wanted only where risk is

    cube = qmc.Sobol(1 + len(SearchLuck._fields), scramble=False).random(_EVEN)
    return np.asarray(cube + 0.5 / _EVEN, dtype=np.float64)


def risk_with(
    block: PassageBlock, launches: pd.DataFrame, distance_km: dict[str, float], strength: Strength
) -> float:
    """Return the mean risk of people who got away on these launches, had rescue been this.

    Boats, loads and nights stay as they were: this is what rescue does mechanically.

    Parameters
    ----------
    block
        Parameters of the passage.
    launches
        From `observe`.
    distance_km
        Length of the crossing by launch site.
    strength
        Rescue on either side, as multiples of what there is.
    """
    columns = (launches[name] for name in ("people", "quality", "height", "site", "size"))
    risk = [
        expected_risk(block, people, quality, height, distance_km[site], strength, size)
        for people, quality, height, site, size in zip(*columns, strict=True)
    ]
    return weighted(risk, away(launches))


def away(launches: pd.DataFrame) -> NDArray[np.float64]:
    """Return the people on each launch expected to get away from the beach."""
    return np.asarray(launches["people"] * (1.0 - launches["stop"]), dtype=np.float64)


def weighted(values: Sequence[float] | pd.Series, weight: NDArray[np.float64]) -> float:
    """Return a weighted mean; nan where all weights are nothing."""
    total = float(weight.sum())
    return (
        float((np.asarray(values, dtype=np.float64) * weight).sum() / total) if total > 0.0 else float("nan")
    )


_MIDDLES = (np.arange(_POINTS) + 0.5) / _POINTS
