"""Smuggling networks: what they earn, buy, learn and decide.

Public names
------------
``Smuggling(model, block, streams, clock, population, corridor, weather, tally, levers, look_again)``
    All networks; ``offers()`` daily, ``weekly(day)``, ``launching.plan(day)`` at nightfall,
    ``report()`` for levels; ``dissolve``, ``dismantle`` and ``disrupt`` for investigations.
``SmugglingBlock``
    Parameters: ``networks, experience, market, pricing, supply, design, tactics, launching, turnover``.
``SmugglingNetwork``
    The Mesa agent: a view of one slot of the ``Networks`` table.
``Launch``, ``BoatEnd``
    One boat's night as planned, and how it ended.
"""

from __future__ import annotations

from crossings.smuggling.experience import BoatEnd
from crossings.smuggling.launching import Launch
from crossings.smuggling.networks import Networks, SmugglingNetwork, Status
from crossings.smuggling.trade import Smuggling, SmugglingBlock

__all__ = ["BoatEnd", "Launch", "Networks", "Smuggling", "SmugglingBlock", "SmugglingNetwork", "Status"]
