"""Supply: a few suppliers, what they ask for a boat, and who gets one.

Suppliers differ in size, and one of them serves about half of all networks. Orders go out weekly and
are shipped (`shipping`). When a supplier is taken out its customers turn to the others, whose
capacity grows only with time, and after some months somebody else takes its place. Until then boats
are scarce and dear. Boats that lie at the coast unclaimed, because whoever had or ordered them is gone,
are sold first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import field_validator

from crossings.parameters import Block, param
from crossings.smuggling.ledger import BoatLedger
from crossings.smuggling.networks import Floats, Ints, Networks
from crossings.smuggling.shipping import Shipment, Shipping, ShippingBlock
from crossings.streams import exponential, identity

if TYPE_CHECKING:
    from crossings.clock import Clock
    from crossings.hooks import Levers, Tally
    from crossings.streams import Streams

_CHOICES = 2  # suppliers a network asks in one week


_MOST_SUPPLIERS = 16


class SupplyBlock(Block):
    """What boats cost, who sells them, and how many networks want."""

    shipping: ShippingBlock = ShippingBlock()
    boat_price: float = param(
        4_000.0,
        "Boat and engine of reference quality, from the supplier",
        unit="GBP/boat",
        low=3_000,
        high=6_000,
        min_value=0,
        source="press on the Savas trial, 2026",
    )
    transport_cost: float = param(
        2_600.0,
        "Bringing one boat to the coast",
        unit="GBP/boat",
        low=1_000,
        high=6_000,
        min_value=0,
        source="assumed: with seizures about GBP 8,500 delivered (GI-TOC 2024; EUR 10,000 at the beach)",
    )
    reference_quality: float = param(
        0.5, "Soundness of the boats sold at `boat_price`", low=0.4, high=0.6, min_value=0.05, max_value=1
    )
    quality_cost: float = param(
        0.5,
        "Share of the boat's price that rises with the square of its soundness",
        low=0.2,
        high=0.8,
        min_value=0,
        max_value=1,
    )
    supplier_shares: tuple[float, ...] = param(
        (0.5, 0.2, 0.15, 0.1, 0.05),
        "Share of each supplier in the market at the beginning",
        source="one supplier served about half of the crossings of 2023 (NCA); the rest assumed",
    )
    spare_capacity: float = param(
        1.3, "Weekly capacity suppliers keep, as a multiple of orders", low=1.05, high=2.0, min_value=1
    )
    capacity_speed: float = param(
        0.12,
        "Share of the gap to that capacity closed each week",
        unit="1/week",
        low=0.03,
        high=0.4,
        min_value=0,
        max_value=1,
    )
    replacement_days: float = param(
        75.0,
        "Mean time until a removed supplier is replaced",
        unit="days",
        low=30,
        high=150,
        min_value=1,
        source="volume back within 0-4 months of the arrest of a large supplier (from weekly arrivals)",
    )
    scarcity_price: float = param(
        0.5,
        "Elasticity of the supplier's price to orders over capacity",
        low=0.0,
        high=1.5,
        min_value=0,
        max_value=5,
    )
    cover_weeks: float = param(
        4.0,
        "Weeks of expected use that a network aims to hold or have on order",
        unit="weeks",
        low=3,
        high=8,
        min_value=0,
    )
    order_share: float = param(
        0.2,
        "Share of the boats missing from that cover which is ordered each week, beside what is used",
        unit="1/week",
        low=0.2,
        high=1.0,
        min_value=0,
        max_value=1,
    )
    stock_weeks: float = param(
        3.0, "Weeks of use that networks' first stocks stand for", unit="weeks", low=1, high=6, min_value=0.5
    )

    @field_validator("supplier_shares")
    @classmethod
    def _somebody_sells(cls, shares: tuple[float, ...]) -> tuple[float, ...]:
        if not 1 <= len(shares) <= _MOST_SUPPLIERS or min(shares) < 0 or sum(shares) <= 0:
            raise ValueError(
                f"expected shares of 0 or more, one of them above 0, of at most {_MOST_SUPPLIERS} suppliers"
            )
        return shares


class Supply:
    """Suppliers, and what boats cost.

    Parameters
    ----------
    block
        Parameters.
    streams, clock
        The run's random numbers and clock.
    networks
        The table whose ``cash`` pays for orders; shipments fill ``boats`` and ``on_order``.
    ledger
        Where boats that come and go are entered.
    tally, levers
        Where outcomes go, and the policy levers read (`boat_cost`; `upstream_seizures` by shipping).

    Attributes
    ----------
    shipping
        Shipments on the road.
    capacity, working
        Boats a week of each supplier, and whether it is in business.
    scarcity
        Orders over capacity in the last round, at least 1.
    """

    def __init__(
        self,
        block: SupplyBlock,
        streams: Streams,
        clock: Clock,
        networks: Networks,
        ledger: BoatLedger,
        tally: Tally,
        levers: Levers,
    ) -> None:
        self.block = block
        self._ledger = ledger
        self._streams, self._clock, self._networks = streams, clock, networks
        self._tally, self._levers = tally, levers
        shares = np.array(block.supplier_shares)
        self.shares = shares / shares.sum()
        self.capacity = np.zeros(len(shares))
        self.working = np.ones(len(shares), dtype=bool)
        self.scarcity = 1.0
        self._generation = np.zeros(len(shares), dtype=np.int64)  # counts replacements
        self.shipping = Shipping(
            block.shipping, block.reference_quality, streams, clock, networks, self._generation, ledger,
            tally, levers,
        )  # fmt: skip

    def found(self, boats_a_week: float) -> None:
        """Give suppliers the capacity for an expected number of boats a week in all."""
        self.capacity = self.shares * boats_a_week * self.block.spare_capacity

    # prices -------------------------------------------------------------------------------------

    def order_cost(self, quality: Floats) -> Floats:
        """Return what one boat of the given soundness costs when ordered, in pounds."""
        block = self.block
        relative = (quality / block.reference_quality) ** 2
        boat = block.boat_price * (1.0 - block.quality_cost + block.quality_cost * relative)
        cost = boat * self.scarcity**block.scarcity_price + block.transport_cost
        # of boats that cost nothing no number would be too dear
        return np.asarray(np.maximum(cost * self._levers.boat_cost, 1.0))

    def delivered_cost(self, quality: Floats) -> Floats:
        """Return what one boat costs at the coast, those seized on the way paid for, in pounds."""
        return np.asarray(self.order_cost(quality) / (1.0 - self.shipping.expected_loss_of(quality)))

    # orders -------------------------------------------------------------------------------------

    def coming(self) -> Floats:
        """Return the boats each network can count on in a week, of those on order."""
        arriving = 1.0 - self.shipping.expected_loss
        return np.asarray(self._networks.on_order * arriving / self.shipping.lead_weeks)

    def wanted(self, use: Floats, backlog: Floats) -> Ints:
        """Return how many boats each network wants to order.

        Parameters
        ----------
        use
            Boats it expects to use up in a week.
        backlog
            Boats it would need for everybody who waits.
        """
        networks, arriving = self._networks, 1.0 - self.shipping.expected_loss
        have = networks.boats + networks.on_order * arriving
        missing = use * self.block.cover_weeks + backlog - have
        # Seizures are made good only as they come to be missed: the more of them, the shorter of boats.
        wanted = np.rint(use + self.block.order_share * missing)
        return np.where(networks.active, np.maximum(wanted, 0.0), 0.0).astype(np.int64)

    def order(self, wanted: Ints, day: int) -> Ints:
        """Place the week's orders; return how many boats each network gets.

        Unclaimed boats at the coast are sold first. For the rest every network has its favourite among
        the suppliers that work, in proportion to their capacity, and asks the next if that one is sold
        out. Who is served first is by lot.
        """
        bought, served = np.zeros_like(wanted), np.zeros_like(wanted)
        slots = np.flatnonzero(wanted > 0)
        if slots.size:
            queue, preference = self._draw_choices(slots, day)
            bought[slots] = self._sell_unclaimed(slots, wanted[slots], queue)
            if self.working.any():
                got = self._serve((wanted - bought)[slots], preference, queue)
                self._dispatch(slots, preference, got, day)
                served[slots] = got.sum(axis=0)
        self._adapt(float((wanted - bought).sum()))
        self._tally.count("boats_ordered", float(served.sum()))
        return bought + served

    def _sell_unclaimed(self, slots: NDArray[np.intp], wish: Ints, queue: Floats) -> Ints:
        """Sell the boats that lie at the coast unclaimed, at what a boat costs there; return boats sold."""
        if self._ledger.unclaimed == 0:
            return np.zeros_like(wish)
        networks, by_lot = self._networks, np.argsort(queue, kind="stable")
        before = np.cumsum(wish[by_lot]) - wish[by_lot]
        sold = np.zeros_like(wish)
        sold[by_lot] = np.clip(self._ledger.unclaimed - before, 0, wish[by_lot])
        networks.cash[slots] -= sold * self.delivered_cost(networks.quality)[slots]
        networks.boats[slots] += sold
        self._ledger.resell(int(sold.sum()))
        return sold

    def _draw_choices(self, slots: NDArray[np.intp], day: int) -> tuple[Floats, NDArray[np.intp]]:
        """Return each network's place in the queue, and suppliers in its order of preference."""
        keys = self._networks.keys(slots)
        queue = self._streams.uniform("supply.queue", keys, self._clock.ordinal(day))
        # An exponential race: the chance of coming first is proportional to capacity, and when a
        # supplier drops out only its own customers change.
        race = exponential(self._streams.uniforms("supply.favourite", keys, 0, len(self.capacity)), 1.0)
        weight = np.where(self.working, np.maximum(self.capacity, 1e-9), 1e-12)
        return queue, np.argsort(race / weight[:, None], axis=0, kind="stable")[:_CHOICES]

    def _serve(self, wish: Ints, preference: NDArray[np.intp], queue: Floats) -> Ints:
        """Serve networks at their favourites, then at their next choice; return boats by choice."""
        room = np.where(self.working, self.capacity, 0.0)
        got = np.zeros((len(preference), wish.size), dtype=np.int64)
        by_lot = np.argsort(queue, kind="stable")
        for choice, favourite in enumerate(preference):
            left = wish - got.sum(axis=0)
            asking = by_lot[left[by_lot] > 0]
            for supplier in np.flatnonzero(room >= 1.0) if asking.size else ():
                here = asking[favourite[asking] == supplier]
                before = np.cumsum(left[here]) - left[here]
                got[choice, here] = np.clip(np.floor(room[supplier] - before), 0, left[here])
                room[supplier] -= got[choice, here].sum()
        return got

    def _dispatch(self, slots: NDArray[np.intp], preference: NDArray[np.intp], got: Ints, day: int) -> None:
        """Take payment, and put boats on the road: one shipment from each supplier to each network."""
        networks = self._networks
        networks.cash[slots] -= got.sum(axis=0) * self.order_cost(networks.quality)[slots]
        choice, buyer = np.nonzero(got)
        supplier, slot = preference[choice, buyer], slots[buyer]
        serial = networks.serial[slot]
        boats, quality = got[choice, buyer], networks.quality[slot]
        columns = (supplier, self._generation[supplier], slot, serial, boats, quality)
        shipments = [Shipment(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
        keys = identity("shipment", self._clock.ordinal(day), serial * _CHOICES + choice)
        self.shipping.send(shipments, keys)

    def _adapt(self, wanted: float) -> None:
        """Let suppliers' capacity follow what is asked of them, and the price follow scarcity."""
        total = float(self.capacity[self.working].sum())
        self.scarcity = max(1.0, wanted / total) if total > 0 else self.scarcity
        shares = np.where(self.working, self.shares, 0.0)
        aim = wanted * self.block.spare_capacity * shares / max(shares.sum(), 1e-9)
        self.capacity += self.block.capacity_speed * np.where(self.working, aim - self.capacity, 0.0)

    # suppliers ----------------------------------------------------------------------------------

    def remove(self, supplier: int) -> None:
        """Take a supplier out: what it has on the road is lost; in time somebody takes its place."""
        if not self.working[supplier]:
            return
        self.working[supplier] = False
        self._generation[supplier] += 1
        key = identity("supplier", 0, supplier)
        luck = self._streams.uniform("supply.replacement", key, int(self._generation[supplier]))
        days = float(exponential(luck, self.block.replacement_days)[0])
        self._clock.at(self._clock.now + days, lambda: self._replace(supplier))

    def _replace(self, supplier: int) -> None:
        """Let a newcomer take over the place, and the means, of a removed supplier."""
        self.working[supplier] = True
