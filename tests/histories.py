"""A toy in place of history: patterns that follow from three parameters and chance by known rules."""

from __future__ import annotations

import numpy as np

from crossings.scenario import Scenario
from crossings.streams import Streams, identity, normal
from crossings.study.demand import YEARS
from crossings.study.patterns import FITTED_YEARS, name_of

TRUE_MEAN, TRUE_EFFECT = 0.52, 0.30


def toy(scenario: Scenario, seed: int = 1) -> dict[str, float]:
    """Return patterns that agree with what was observed where wave height and patrols are the true ones.

    Crossing days fall with wave height, the prevented share rises with patrols; nothing else matters.
    """
    own = seed if scenario.weather.seed is None else scenario.weather.seed
    noise = normal(Streams(own).uniforms("toy", identity("toy", np.arange(40)), 0, 1)[0], 0.0, 1.0)
    luck = iter(noise.tolist())
    from crossings.corridors.observed import observed  # noqa: PLC0415

    seen = observed()
    calmer = TRUE_MEAN - scenario.weather.wave_mean
    harder = scenario.enforcement.patrols.patrol_effect - TRUE_EFFECT
    found = {}
    for month in range(1, 13):
        days = seen.value("crossing_days", f"month-{month:02d}") + 2.0 * calmer
        found[name_of("crossing_days", f"month-{month:02d}")] = days + 0.02 * next(luck)
    found["after_crossing@2021-2024"] = 0.63 + 0.01 * next(luck)
    found["after_none@2021-2024"] = 0.265 + 0.01 * next(luck)
    for year in FITTED_YEARS:
        load = seen.value("people_per_boat", year)
        found[name_of("people_per_boat", year)] = load * float(np.exp(0.02 * next(luck)))
    for year in (2021, 2022, 2023):
        share = seen.value("prevented_share", year) + 0.8 * harder
        found[name_of("prevented_share", year)] = share + 0.01 * next(luck)
    for year in YEARS:
        found[name_of("wanted", year)] = float(np.exp(scenario.values.level - 1.0 + 0.05 * next(luck)))
    return found
