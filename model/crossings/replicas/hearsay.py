"""How one belief changes by another: the exchange of the Routes and Rumours models.

A belief is a value v with a trust t in (0, 1); d = 1 - t is its doubt. Somebody who hears of a belief
understands its value and its trust with an error. With D = |v - v'| / (v + v' + 1e-5) for the relative
difference to what is heard (v', t', d'),

    new doubt = d d' + (1 - convince) d t' + confuse D t t'
    new value = [t d' v + convince d t' v' + t t' (1 - confuse D)((1 - convert) v + convert v')]
                / (1 - new doubt).

References
----------
.. [1] M. Hinsch and J. Bijak, "Rumours lead to self-organized migration routes", ALIFE (2019).
"""

from __future__ import annotations

from typing import NamedTuple

LEAST_TRUST, MOST_TRUST = 1e-6, 0.99999

_SMALL = 1e-5


class Hearsay(NamedTuple):
    """What hearing does to belief; see the module."""

    convince: float
    convert: float
    confuse: float
    error: float

    def heard(
        self, value: float, trust: float, other_value: float, other_trust: float
    ) -> tuple[float, float]:
        """Return the new value and trust of somebody who understood another's value and trust."""
        t, d = trust, 1.0 - trust
        ot, od = other_trust, 1.0 - other_trust
        differ = abs(value - other_value) / (value + other_value + _SMALL)
        kept = t * ot * (1.0 - self.confuse * differ)
        doubt = d * od + (1.0 - self.convince) * d * ot + self.confuse * differ * t * ot
        total = (
            t * od * value
            + self.convince * d * ot * other_value
            + kept * ((1.0 - self.convert) * value + self.convert * other_value)
        )
        new_value = total / (1.0 - doubt) if doubt < 1.0 else value
        return new_value, min(max(1.0 - doubt, LEAST_TRUST), MOST_TRUST)

    def understood(self, value: float, most: float, u: float) -> float:
        """Return a value as somebody understands it, within 0 and `most`, by a uniform."""
        return min(max(value + self.error * (2.0 * u - 1.0), 0.0), most)

    def believed(self, trust: float, u: float) -> float:
        """Return a trust as somebody understands it, by a uniform."""
        return min(max(trust + self.error * (2.0 * u - 1.0), LEAST_TRUST), MOST_TRUST)
