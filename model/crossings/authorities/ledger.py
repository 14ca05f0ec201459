"""The ledger of places on a legal route.

At every moment::

    admissions + places in vetting + unused places = matching x returns + advance_places + scheduled

where ``scheduled`` is what a route grants of its own accord and is zero for a matched one. The
two sides are counted apart and compared whenever anything changes.
"""

from __future__ import annotations


class LedgerError(RuntimeError):
    """The places of a legal route do not add up, or more were used than there are."""


class PlaceLedger:
    """Places earned and what became of them.

    Parameters
    ----------
    matching
        Places earned by one confirmed return.
    advance_places
        Places that may be used before any return.
    """

    def __init__(self, matching: float = 1.0, advance_places: int = 0) -> None:
        self.matching = matching
        self.advance_places = advance_places
        self.returns = 0
        self.scheduled = 0.0
        self.unused = float(advance_places)
        self.vetting = 0
        self.admitted = 0
        self.check()

    @property
    def entitlement(self) -> float:
        """Places that exist so far, used or not."""
        return self.matching * self.returns + self.advance_places + self.scheduled

    @property
    def available(self) -> int:
        """Whole places that may be given now."""
        return int(self.unused + 1e-6)

    def returned(self, number: int = 1) -> None:
        """Earn places by confirmed returns."""
        self.returns += number
        self.unused += self.matching * number
        self.check()

    def schedule(self, places: float) -> None:
        """Grant places without returns."""
        self.scheduled += places
        self.unused += places
        self.check()

    def draw(self, number: int) -> None:
        """Give places to people who now are vetted."""
        self.unused -= number
        self.vetting += number
        self.check()

    def fail(self, number: int = 1) -> None:
        """Take back the places of people who were not confirmed."""
        self.vetting -= number
        self.unused += number
        self.check()

    def admit(self, number: int = 1) -> None:
        """Use up the places of people who are admitted."""
        self.vetting -= number
        self.admitted += number
        self.check()

    def check(self) -> None:
        """Raise `LedgerError` unless both sides agree and nothing is overdrawn."""
        used = self.admitted + self.vetting + self.unused
        if abs(used - self.entitlement) > 1e-6 * max(1.0, self.entitlement):
            raise LedgerError(
                f"places do not add up: admitted {self.admitted} + in vetting {self.vetting} + unused "
                f"{self.unused:g} against {self.entitlement:g}"
            )
        if self.unused < -1e-6 or self.vetting < 0:
            raise LedgerError(f"places overdrawn: unused {self.unused:g}, in vetting {self.vetting}")
