"""The ledger of boats: how many ever came into the trade, and where each is or how it ended.

A boat is ordered from a supplier or brought by a network that begins. From then on it is on the road,
ashore with a network, ashore and *unclaimed* because its buyer or owner has gone, or out for the night;
in the end it is seized, or used: it crossed, was lost on the way, or was lost at a stop. Unclaimed boats
are sold to whoever orders next.
"""

from __future__ import annotations

from crossings.smuggling.networks import Networks


class BoatLedger:
    """Counts of boats, in whole boats.

    Parameters
    ----------
    networks
        The table whose ``boats`` are the stock ashore.

    Attributes
    ----------
    brought, ordered
        Boats that came in: with networks that began, and from suppliers.
    in_transit, unclaimed, out
        Boats on the road; ashore without an owner; planned for tonight or on the water.
    seized, used
        Boats that are gone: taken on the road or ashore; crossed or lost.
    resold
        Unclaimed boats that found another owner, so far.
    """

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self.brought = self.ordered = 0
        self.in_transit = self.unclaimed = self.out = 0
        self.seized = self.used = 0
        self.resold = 0

    def abandon(self, boats: int) -> None:
        """Note boats ashore whose owner or buyer has gone."""
        self.unclaimed += boats

    def resell(self, boats: int) -> None:
        """Note unclaimed boats that have found another owner."""
        self.unclaimed -= boats
        self.resold += boats

    def back(self) -> None:
        """Note a boat that was out and is ashore again."""
        self.out -= 1

    def use_up(self) -> None:
        """Note a boat that was out and is gone."""
        self.out -= 1
        self.used += 1

    def check(self) -> None:
        """Raise unless every boat that came in is somewhere, or gone in a known way.

        Raises
        ------
        AssertionError
            If a boat has appeared or vanished.
        """
        came = self.brought + self.ordered
        here = int(self._networks.boats.sum()) + self.in_transit + self.unclaimed + self.out
        gone = self.seized + self.used
        if came != here + gone:
            raise AssertionError(f"boats: {came} came in, but {here} are there and {gone} gone")
