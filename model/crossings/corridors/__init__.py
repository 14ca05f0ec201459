"""The data of a corridor: where people come from, pass, wait, cross and are received.

A corridor is a folder of tables (`tables.TABLES` says which, with the unit and meaning of every
column). ``channel``, the English Channel, is shipped and is the default; another corridor is
other data, not other code.

Public names
------------
``load(name_or_path="channel") -> Corridor``
    Load a shipped corridor by name, or any folder; shipped ones are loaded once.
``shipped() -> tuple[str, ...]``
    Names of the corridors in the package.
``Corridor``
    ``name, title, description, places, legs, groups, sites, camps, network_seeds,
    yearly_demand, season, sources, files``; ``group_code(name)``, ``place_code(name)``,
    ``places_of(kind)``, ``hub_of(country)``, ``demand(year)``, ``group_names``, ``place_names``,
    ``countries``, ``languages``.
``Place``, ``Leg``, ``Group``, ``SiteInfo``, ``NetworkSeed``, ``Source``
    The records it holds.

Whatever is wrong in a file gives a one-line `crossings.errors.InputError`.

Examples
--------
>>> from crossings import corridors
>>> channel = corridors.load("channel")
>>> channel.groups[channel.group_code("Eritrea")].language
'Tigrinya'
"""

from __future__ import annotations

from crossings.corridors.corridor import Corridor, Group, Leg, NetworkSeed, Place, SiteInfo, Source
from crossings.corridors.loading import load, shipped

__all__ = ["Corridor", "Group", "Leg", "NetworkSeed", "Place", "SiteInfo", "Source", "load", "shipped"]
