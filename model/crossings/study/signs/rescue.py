"""Rescue at sea: worse boats, rougher nights, and what is left of the lives it saves.

Deiana, Maheshri and Mastrobuoni find that smugglers answered rescue off Libya with flimsier boats and more
crossings in rough seas, which took back part of the safety it brought [1]_. Here rescue boats come from the
side to which people cross, or they do not, for good; the networks of a small corridor adapt by their own
rules. What rescue does *mechanically* is reckoned by putting it to the launches of the world without it.

References
----------
.. [1] C. Deiana, V. Maheshri, G. Mastrobuoni, "Migrants at Sea: Unintended Consequences of Search and Rescue
   Operations", American Economic Journal: Economic Policy 16(2) (2024).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from crossings import corridors
from crossings.passage.rescue import Strength
from crossings.scenario import Scenario
from crossings.study.estimates import Estimate, mean
from crossings.study.launch_log import away, observe, risk_with, weighted
from crossings.study.measured import by_world, means
from crossings.study.signs import small_world

CORRIDOR = "signs-crossings"
ON = Strength(1.0, 2.0)
"""Rescue with operations: twice the Channel's boats from the side to which people cross; none without."""
FLIMSY = 0.3
"""Soundness, from 0 to 1, under which a boat counts as flimsy; the best of them is banned at it."""
ROUGH = 0.5
"""True wave height, in m, above which a crossing counts as one in a rough sea."""


def rescue(
    seeds: Sequence[int],
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[dict[str, Estimate], pd.DataFrame]:
    """Let rescue come from the other side, with and without a ban on flimsy boats; see what networks do.

    Parameters
    ----------
    seeds
        Of each world.
    processes, progress
        As `crossings.study.measured.measure_all` takes them.

    Returns
    -------
    tuple
        Estimates, and means of each world.
    """
    usual = small_world(CORRIDOR)
    off, on = ({"policies.rescue": {"kind": "SeaRescue", "rescue": boats}} for boats in (0.0, ON.uk))
    ban = {"policies.ban": {"kind": "BoatStandards", "least_soundness": FLIMSY}}
    worlds = {
        "off": usual.with_(**off),
        "on": usual.with_(**on),
        "on, flimsy banned": usual.with_(**on, **ban),
    }
    found = by_world(safety, worlds, seeds, processes, progress)
    without, with_it, banned = found.values()
    estimates = {
        "deiana.flimsy-share": mean(with_it["flimsy"] - without["flimsy"]),
        "deiana.rough-share": mean(with_it["rough"] - without["rough"]),
        "deiana.risk": mean(with_it["risk"] / without["risk"] - 1.0),
        "deiana.mechanical": mean(without["risk-with-rescue"] / without["risk"] - 1.0),
        "deiana.taken-back": mean((with_it["risk"] - without["risk-with-rescue"]) / without["risk"]),
        "deiana.ban": mean((banned["risk"] - with_it["risk"]) / without["risk"]),
    }
    return estimates, means(found)


def safety(scenario: Scenario, seed: int) -> dict[str, float]:
    """Run one world and return how sound its boats and how rough its nights were, and the risk at sea."""
    seen = observe(scenario, seed)
    launches, daily = seen.launches, seen.result.daily
    people = launches["people"].to_numpy(dtype="float64")
    distance = {site.name: site.distance_km for site in corridors.load(scenario.corridor).sites}
    return {
        "flimsy": weighted(launches["quality"] < FLIMSY, people),
        "rough": weighted(launches["height"] > ROUGH, people),
        "risk": weighted(launches["risk"], away(launches)),
        "risk-with-rescue": risk_with(scenario.passage, launches, distance, ON),
        "load": weighted(launches["load"], people),
        "attempts": float(daily["attempts"].sum()),
        "deaths": float(daily["deaths"].sum()),
    }
