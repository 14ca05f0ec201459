"""People: how many might come, what they believe and value, where they go and what they choose.

Nothing here knows a policy. A policy announces something, or changes what happens to people; they
hear of it, their beliefs move, and with them the expected utility of crossing. No rule of this
room, or of any other, maps the size of a policy to behaviour.

Modules
-------
``inflow``
    Who becomes a candidate and when.
``journeys``
    Setting out, travelling, going on or staying.
``beliefs`` (with ``news``, ``announced``, ``word_of_mouth``)
    What people believe and where they have it from.
``values``
    What arriving is worth, and an attempt given what one believes.
``choices`` (with ``options``, ``offers``, ``explained``)
    What people at the coast decide, and why.
``belief_parameters``, ``value_parameters``, ``choice_parameters``
    The longer parameter blocks.
"""

from __future__ import annotations

from crossings.people.beliefs import Beliefs, BeliefsBlock
from crossings.people.choices import Choices, ChoicesBlock
from crossings.people.inflow import Inflow, InflowBlock, lay_down
from crossings.people.journeys import Journeys, JourneysBlock
from crossings.people.offers import Offers
from crossings.people.values import Values, ValuesBlock

__all__ = [
    "Beliefs",
    "BeliefsBlock",
    "Choices",
    "ChoicesBlock",
    "Inflow",
    "InflowBlock",
    "Journeys",
    "JourneysBlock",
    "Offers",
    "Values",
    "ValuesBlock",
    "lay_down",
]
