"""How a network equips and loads its boats, and how rough a sea it dares.

Every week each network looks at what a small change of the three things in its hands would do to
its expected profit: people per boat, soundness of the boat, and the forecast wave height under
which it launches. It takes the best step. Two things are known to it only through what it has seen:
how often a boat that got away brings its people back to France, and what boats cost at the coast.

From this follow three responses that nobody has to put in by hand. Scarce boats are loaded more,
because then profit per boat counts. Rescue that brings people to the other side costs a network
nothing, and seizures make a sound boat, dearer and harder to hide, a worse bargain: both make bad
boats pay. And when calm nights are too few for the queue, rougher nights are used.

The first and third responses are those found in the central Mediterranean [1]_.

References
----------
.. [1] C. Deiana, V. Maheshri, G. Mastrobuoni, "Migrants at Sea: Unintended Consequences of Search
   and Rescue Operations", American Economic Journal: Economic Policy 16(2) (2024).
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from pydantic import model_validator

from crossings.errors import InputError
from crossings.parameters import Block, param
from crossings.smuggling.networks import Floats, Networks

if TYPE_CHECKING:
    from crossings.hooks import Levers
    from crossings.smuggling.experience import Experience
    from crossings.smuggling.pricing import Pricing, Week

# Staying comes first, so that a tie changes nothing.
_STEPS = np.array(
    sorted(product((0, -1, 1), repeat=3), key=lambda step: sum(map(abs, step))), dtype=np.float64
)


class DesignBlock(Block):
    """What networks think a change would do, and how far they go."""

    boat_size: float = param(
        57.0,
        "People per boat to which load is compared",
        unit="people/boat",
        low=45,
        high=70,
        min_value=1,
        source="boats of 8-10 m in 2025 (MAIB 7/2023 for 7.5 m in 2021); people assumed",
    )
    load_risk: float = param(
        3.0,
        "Rise of the log hazard at sea per boat size of load, as networks see it",
        low=1.0,
        high=4.0,
        min_value=0,
        max_value=50,
    )
    quality_risk: float = param(
        1.2,
        "Fall of the log hazard at sea from the worst to the best boat, as networks see it",
        low=0.4,
        high=3.0,
        min_value=0,
        max_value=50,
    )
    wave_risk: float = param(
        4.0,
        "Rise of the log hazard at sea per metre of wave limit, as networks see it",
        unit="1/m",
        low=2,
        high=8,
        min_value=0,
        max_value=50,
    )
    impatience: float = param(
        0.08,
        "Chance a day that somebody who waits for a calm night goes to a rival, as networks see it",
        unit="1/day",
        low=0.01,
        high=0.15,
        min_value=0,
        max_value=1,
    )
    load_step: float = param(1.5, "Weekly step of the load", unit="people/boat", low=0.5, high=3, min_value=0)
    quality_step: float = param(
        0.02, "Weekly step of the soundness of boats", low=0.01, high=0.05, min_value=0
    )
    wave_step: float = param(
        0.01, "Weekly step of the wave limit", unit="m", low=0.005, high=0.03, min_value=0
    )
    lowest_load: float = param(
        20.0,
        "Least load: a bound, which only networks that fear each person more than usual come near",
        unit="people/boat",
        low=10,
        high=40,
        min_value=1,
    )
    highest_load: float = param(95.0, "Greatest load", unit="people/boat", low=80, high=120, min_value=1)
    lowest_quality: float = param(
        0.15, "Soundness of the worst boats used", low=0.05, high=0.3, min_value=0, max_value=1
    )
    lowest_wave_limit: float = param(0.35, "Least wave limit", unit="m", low=0.2, high=0.45, min_value=0.05)
    highest_wave_limit: float = param(
        0.7,
        "Greatest wave limit",
        unit="m",
        low=0.5,
        high=1.0,
        min_value=0.05,
        source="assumed; 96% of crossings are attempted with a forecast under 0.5 m (MAIB report 7/2023)",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        for what in ("load", "wave_limit"):
            least, greatest = getattr(self, f"lowest_{what}"), getattr(self, f"highest_{what}")
            if greatest < least:
                raise InputError(
                    f"highest_{what} = {greatest:g}: expected at least lowest_{what} = {least:g}"
                )
        return self


class Options(NamedTuple):
    """Choices to compare, arrays that broadcast against the networks' slots."""

    load: Floats
    quality: Floats
    wave_limit: Floats


class Design:
    """Loads, soundness of boats and wave limits of all networks.

    Parameters
    ----------
    block
        Parameters.
    networks
        The table whose ``load``, ``quality`` and ``wave_limit`` this room moves.
    experience, pricing
        What networks have seen, and what a launch costs.
    levers
        Read: ``least_soundness``.

    Attributes
    ----------
    boat_size
        People per boat to which load is compared: that of the block, but in years of smaller boats.
    """

    def __init__(
        self,
        block: DesignBlock,
        networks: Networks,
        experience: Experience,
        pricing: Pricing,
        levers: Levers,
    ) -> None:
        self.block = block
        self.boat_size = block.boat_size
        self._networks, self._experience, self._pricing = networks, experience, pricing
        self._levers = levers

    def review(self, week: Week, coming: Floats, nights: Callable[[Floats], Floats]) -> None:
        """Let every network take its best step.

        Parameters
        ----------
        week
            What networks know about their business.
        coming
            Boats on order that each can count on in the week.
        nights
            Returns the nights a week to be expected under a wave limit, in m.
        """
        networks = self._networks
        options = self._options()
        best = np.argmax(self.profit(options, week, coming, nights(options.wave_limit)), axis=0)
        take = (best, np.arange(len(networks)))
        who = networks.alive
        networks.load[who] = options.load[take][who]
        networks.quality[who] = options.quality[take][who]
        networks.wave_limit[who] = options.wave_limit[take][who]

    def _options(self) -> Options:
        """Return what is within reach of each network in one step, shape (option, network)."""
        block, networks = self.block, self._networks
        steps = _STEPS[:, :, None]
        load = networks.load + block.load_step * steps[:, 0]
        quality = networks.quality + block.quality_step * steps[:, 1]
        limit = networks.wave_limit + block.wave_step * steps[:, 2]
        return Options(
            np.clip(load, block.lowest_load, block.highest_load),
            np.clip(quality, max(block.lowest_quality, self._levers.least_soundness), 1.0),
            np.clip(limit, block.lowest_wave_limit, block.highest_wave_limit),
        )

    def profit(self, options: Options, week: Week, coming: Floats, nights: Floats) -> Floats:
        """Return the expected profit of a week at the given choices, in pounds.

        A week's launches are bounded by boats, by clients to fill them, and by crews on open nights.
        None of the three is known exactly beforehand, so the bounds blend where they are close. The
        longer the wait for an open night, the more clients go to rivals.
        """
        networks, seen = self._networks, self._experience
        load, quality, _ = options
        failure = self.sea_failure(options)
        present = seen.success(networks.taxi_share)
        success = present * (1.0 - failure) / np.maximum(1.0 - seen.sea_failure(), 1e-9)
        earned = networks.price - self._pricing.block.client_cost
        margin = load * earned * success - self._pricing.launch_cost(quality)
        stay = np.exp(-self.block.impatience * 7.0 / np.maximum(nights, 0.25))
        clients = (week.queue + week.joining) * stay
        launches = _blended_least(networks.boats + coming, clients / load, networks.crews * nights)
        return np.asarray(margin * launches)

    def sea_failure(self, options: Options) -> Floats:
        """Return the chance that a boat that got away brings its people back, as networks reckon it.

        They start from what they have seen with their present choices.
        """
        block, networks = self.block, self._networks
        load, quality, limit = options
        change = block.load_risk * (load - networks.load) / self.boat_size
        change = change + block.quality_risk * (networks.quality - quality)
        change = change + block.wave_risk * (limit - networks.wave_limit)
        hazard = -np.log1p(-np.minimum(self._experience.sea_failure(), 0.99))
        return np.asarray(-np.expm1(-hazard * np.exp(change)))


def _blended_least(*bounds: Floats) -> Floats:
    """Return a smooth least of positive bounds: the inverse quadratic mean of their inverses."""
    total = sum(1.0 / np.maximum(bound, 0.05) ** 2 for bound in bounds)
    return np.asarray(np.asarray(total, dtype=np.float64) ** -0.5)
