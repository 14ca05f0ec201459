"""Where and how networks launch: sites by recent success less distance, tactics by imitation.

A network launches where launches have lately got away, and the further a site is from the landing
the less it likes it. Whether it launches from the beach or lets a *taxi boat* pick people up from
the water is not reckoned out but copied: each week it looks at one other network and, where that
one does better, moves some way towards its share of taxi boats, the faster the greater the
difference (proportional imitation [1]_); a little trying of its own keeps what works from being lost.

References
----------
.. [1] K. H. Schlag, "Why imitate, and if so, how?", Journal of Economic Theory 78(1) (1998).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crossings.parameters import Block, param
from crossings.people.word_of_mouth import meet
from crossings.smuggling.experience import BEACH, TAXI
from crossings.smuggling.networks import Floats, Networks

if TYPE_CHECKING:
    from crossings.smuggling.experience import Experience
    from crossings.streams import Streams

Slots = NDArray[np.intp]


class TacticsBlock(Block):
    """How fast networks learn where and how to launch."""

    site_rationality: float = param(
        4.0, "Weight of the chance of getting away in the choice of site", low=1, high=10, min_value=0
    )
    distance_cost: float = param(
        0.035,
        "Fall of that weight per km of crossing",
        unit="1/km",
        low=0.005,
        high=0.06,
        min_value=0,
        source="assumed: most launches within 60 km of the landing (Préfecture maritime reviews)",
    )
    site_speed: float = param(
        0.2,
        "Share of the way to the preferred sites moved each week",
        unit="1/week",
        low=0.05,
        high=0.5,
        min_value=0,
        max_value=1,
    )
    imitation: float = param(
        0.15,
        "Share of the way to a rival's tactic moved per unit of difference in success",
        unit="1/week",
        low=0.0,
        high=0.5,
        min_value=0,
        max_value=1,
    )
    trying: float = param(
        0.008,
        "Growth a week of the better tactic per unit of difference in success",
        unit="1/week",
        low=0.0,
        high=0.02,
        min_value=0,
        max_value=1,
    )
    taxi_ceiling: float = param(
        0.6,
        "Greatest share of a network's launches for which a taxi boat can be had",
        low=0.45,
        high=0.9,
        min_value=0,
        max_value=1,
        source="45% of boats in 2025, still spreading (Préfecture maritime review 2025); bound assumed",
    )


class Tactics:
    """Sites and tactics of all networks.

    Parameters
    ----------
    block
        Parameters.
    streams
        The run's random numbers.
    networks
        The table whose ``site_weights`` and ``taxi_share`` this room moves.
    experience
        What networks have seen.
    distance_km
        Distance to the landing, by site.
    """

    def __init__(
        self,
        block: TacticsBlock,
        streams: Streams,
        networks: Networks,
        experience: Experience,
        distance_km: Floats,
    ) -> None:
        self.block = block
        self._streams, self._networks, self._experience = streams, networks, experience
        self._distance_km = distance_km

    def preferred_sites(self) -> Floats:
        """Return the share of launches at each site that success and distance speak for, by network."""
        block = self.block
        score = (
            block.site_rationality * self._experience.site_pass() - block.distance_cost * self._distance_km
        )
        weight = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(weight / weight.sum(axis=1, keepdims=True))

    def success_at(self, network: Slots, site: Slots) -> Floats:
        """Return the chance that a launch arrives, as its network has lately seen it, less distance.

        How often launches from the site got away, and how often those that did came to grief at sea, which
        is the likelier the longer the way.

        Parameters
        ----------
        network, site
            Slots and positions of sites, one pair for each launch.
        """
        networks, seen, km = self._networks, self._experience, self._distance_km
        usual = np.maximum((networks.site_weights[network] * km).sum(axis=1), 1.0)
        hazard = -np.log1p(-np.minimum(seen.sea_failure()[network], 0.99)) * km[site] / usual
        return np.asarray(seen.site_pass()[network, site] * np.exp(-hazard))

    def open(self, slots: list[int]) -> None:
        """Give networks that begin their first site weights."""
        self._networks.site_weights[slots] = self.preferred_sites()[slots]

    def review(self, occasion: int) -> None:
        """Move site weights and tactics for the week to come."""
        weights = self._networks.site_weights
        weights += self.block.site_speed * (self.preferred_sites() - weights)
        self._imitate(occasion)

    def _imitate(self, occasion: int) -> None:
        networks, seen, block = self._networks, self._experience, self.block
        who = np.flatnonzero(networks.active)
        if who.size < 2:
            return
        share = networks.taxi_share[who]
        success = seen.success(networks.taxi_share)[who]
        point, luck = self._streams.uniforms("network.look", networks.keys(who), occasion, 2)
        # One network more or less changes the rival only of those who would have looked at it;
        # who meets itself learns nothing this week.
        everyone = np.zeros(who.size, dtype=np.int64)
        rival = meet([everyone], point, everyone, luck)
        better = np.maximum(success[rival] - success, 0.0)
        moved = share + block.imitation * better * (share[rival] - share)
        away = seen.pass_chance()
        gain = (away[TAXI] - away[BEACH])[who]
        room = np.where(gain > 0, block.taxi_ceiling - moved, moved)
        moved += block.trying * gain * np.maximum(room, 0.0)
        networks.taxi_share[who] = np.clip(moved, 0.0, max(block.taxi_ceiling, float(share.max())))
