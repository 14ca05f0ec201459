"""Shipping: boats on the road, from a supplier through a hub to the coast.

Each order is a shipment, a SimPy process that takes time to reach the hub and time again to reach the
coast, and may be seized on either way; sounder boats are bulkier and found more easily. What a
supplier has on the road is lost when it is taken out. Boats whose buyer has gone by the time they come
lie at the coast unclaimed (`ledger`), for sale.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from crossings.parameters import Block, param
from crossings.smuggling.ledger import BoatLedger
from crossings.smuggling.networks import Floats, Ints, Networks
from crossings.streams import Keys, lognormal

if TYPE_CHECKING:
    from crossings.clock import Clock
    from crossings.hooks import Levers, Tally
    from crossings.streams import Streams


class ShippingBlock(Block):
    """How long boats take, and what may happen to them on the way."""

    lead_days: float = param(
        14.0, "Median time from order to the coast", unit="days", low=7, high=40, min_value=0.5
    )
    lead_sigma: float = param(
        0.4, "Log standard deviation of that time", low=0.1, high=0.8, min_value=0, max_value=5
    )
    hub_share: float = param(
        0.6, "Share of that time before the hub", low=0.3, high=0.8, min_value=0.05, max_value=0.95
    )
    seizure_chance: float = param(
        0.22,
        "Chance that a shipment of boats of reference quality is seized before the coast",
        low=0.15,
        high=0.30,
        min_value=0,
        max_value=0.99,
        source="300-600 boats seized upstream a year against 670-1,300 used (NCA; Commons, 21 May 2024)",
    )
    bulk: float = param(
        1.2,
        "Rise of the log hazard of seizure from the worst boat to the best, which is harder to hide",
        low=0.0,
        high=3.0,
        min_value=0,
        source="assumed; smugglers answer seizures with worse boats (Deiana et al. 2024)",
    )
    seizure_memory: float = param(
        60.0,
        "Boats' worth of weight of that chance in what networks expect to lose",
        unit="boats",
        low=10,
        high=300,
        min_value=1,
    )


class Shipment(NamedTuple):
    """Boats on their way from one supplier (of a generation) to one network (of a slot and serial)."""

    supplier: int
    generation: int
    network: int
    serial: int
    boats: int
    quality: float


class Shipping:
    """All shipments on the road.

    Parameters
    ----------
    block
        Parameters.
    reference_quality
        Soundness of the boats for which `seizure_chance` holds.
    streams, clock
        The run's random numbers and clock.
    networks
        The table whose ``boats`` and ``on_order`` shipments fill.
    generation
        How often each supplier has been replaced; a shipment of an earlier one is lost.
    ledger
        Where boats that come and go are entered.
    tally, levers
        Where outcomes go, and the policy levers read (`upstream_seizures`).
    """

    def __init__(
        self,
        block: ShippingBlock,
        reference_quality: float,
        streams: Streams,
        clock: Clock,
        networks: Networks,
        generation: Ints,
        ledger: BoatLedger,
        tally: Tally,
        levers: Levers,
    ) -> None:
        self.block = block
        self._reference = reference_quality
        self._streams, self._clock, self._networks = streams, clock, networks
        self._generation, self._ledger = generation, ledger
        self._tally, self._levers = tally, levers
        self._half_way_hazard = -0.5 * float(np.log1p(-block.seizure_chance))
        self._shipped, self._seized = 0.0, 0.0  # boats, fading
        self._soundness = 0.0  # of those shipped, summed, fading

    @property
    def expected_loss(self) -> float:
        """Share of boats that networks expect to lose on the way, from what has been seized lately."""
        prior = self.block.seizure_memory
        return float((self._seized + prior * self.block.seizure_chance) / (self._shipped + prior))

    def expected_loss_of(self, quality: Floats) -> Floats:
        """Return the share that networks expect to lose of boats of the given soundness."""
        prior = self.block.seizure_memory
        usual = (self._soundness + prior * self._reference) / (self._shipped + prior)
        hazard = -np.log1p(-self.expected_loss) * np.exp(self.block.bulk * (quality - usual))
        return np.asarray(-np.expm1(-hazard))

    @property
    def lead_weeks(self) -> float:
        """Weeks from order to the coast, at least one."""
        return max(self.block.lead_days / 7.0, 1.0)

    def fade(self, keep: float) -> None:
        """Let the memory of seizures fade to a share of itself."""
        self._shipped *= keep
        self._seized *= keep
        self._soundness *= keep

    def send(self, shipments: list[Shipment], keys: Keys) -> None:
        """Put shipments on the road, each with its own luck."""
        pace, *ways = self._streams.uniforms("supply.shipment", keys, 0, 3)
        days = lognormal(pace, self.block.lead_days, self.block.lead_sigma)
        quality = np.array([shipment.quality for shipment in shipments])
        bulk = np.exp(self.block.bulk * (quality - self._reference))
        columns = (days, bulk, *ways)
        for shipment, *mine in zip(shipments, *(column.tolist() for column in columns), strict=True):
            self._ledger.ordered += shipment.boats
            self._ledger.in_transit += shipment.boats
            self._networks.on_order[shipment.network] += shipment.boats
            self._clock.env.process(self._journey(shipment, *mine))

    def _journey(
        self, shipment: Shipment, days: float, bulk: float, to_hub: float, to_coast: float
    ) -> Generator[Any, Any, None]:
        """Take one shipment to the hub and on to the coast: a SimPy process.

        `days` is the time of the whole way, `bulk` the multiple of the hazard of seizure by the boats'
        soundness; the others are uniform numbers, one for each half.
        """
        for share, luck in ((self.block.hub_share, to_hub), (1.0 - self.block.hub_share, to_coast)):
            yield self._clock.env.timeout(days * share)
            if self._taken(shipment, bulk, luck):
                self._end(shipment, seized=True)
                return
        self._end(shipment, seized=False)

    def _taken(self, shipment: Shipment, bulk: float, luck: float) -> bool:
        """Return whether a shipment is seized on one half of its way, or went down with its supplier."""
        if self._generation[shipment.supplier] != shipment.generation:
            return True
        hazard = self._half_way_hazard * self._levers.upstream_seizures * bulk
        return bool(luck < -np.expm1(-hazard))

    def _end(self, shipment: Shipment, seized: bool) -> None:
        networks, ledger, boats = self._networks, self._ledger, shipment.boats
        ledger.in_transit -= boats
        self._shipped += boats
        self._soundness += boats * shipment.quality
        if seized:
            self._seized += boats
            ledger.seized += boats
            self._tally.count("boats_seized", boats)
        if not networks.is_same(shipment.network, shipment.serial):
            ledger.abandon(0 if seized else boats)
            return
        networks.on_order[shipment.network] -= boats
        if not seized:
            networks.boats[shipment.network] += boats
            self._tally.count("boats_delivered", boats)
