"""What a corridor holds: places, legs, groups, sites, networks and demand.

These are plain frozen records. They say what the world is like before anybody in it acts; no rule
of the model lives here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from crossings.errors import unknown


@dataclass(frozen=True)
class Place:
    """A place on the map.

    Attributes
    ----------
    name
        Unique in the corridor.
    kind
        One of ``origin``, ``entry``, ``hub``, ``camp``, ``site``, ``landing``, ``state``.
    country
        Country in which people who stay here are counted.
    latitude, longitude
        Degrees north and east.
    """

    name: str
    kind: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Leg:
    """A way from one place to another.

    Attributes
    ----------
    start, end
        Names of places.
    mode
        One of ``land``, ``sea``, ``air``, ``boat``, ``lorry``, ``transfer``.
    distance_km
        Length of the way taken, in km.
    days
        Travel, and the stay it takes before one can go on; nothing on boats, which follow the sea.
    fee
        Pounds; nothing on boats, whose fares networks set.
    hazard
        Chance of dying on the leg; nothing on boats, where load and sea decide.
    geometry
        Points (latitude, longitude) passed between start and end, for the map.
    """

    start: str
    end: str
    mode: str
    distance_km: float
    days: float
    fee: float
    hazard: float
    geometry: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Group:
    """People of one origin, as far as the model tells them apart.

    Attributes
    ----------
    name, code
        Name, and position in ``groups.csv``; random keys use the name.
    origin
        Name of the place at which candidates decide.
    language
        By which clients and networks find each other.
    grant_chance
        Chance that a claim is granted at first.
    value
        Value of arriving before personal spread, in units of utility.
    work_weight
        Share of that value that comes from work.
    ties_share, adult_share, female_share
        Shares of people with a connection at the destination, of adults, of women and girls.
    wealth_median, wealth_sigma
        Median in pounds and log standard deviation of what a price is weighed against.
    elsewhere
        Country most often preferred by those who do not go on to the coast.
    """

    name: str
    code: int
    origin: str
    language: str
    grant_chance: float
    value: float
    work_weight: float
    ties_share: float
    adult_share: float
    female_share: float
    wealth_median: float
    wealth_sigma: float
    elsewhere: str


@dataclass(frozen=True)
class SiteInfo:
    """A launch site.

    Attributes
    ----------
    name
        Name of the place.
    camp, landing
        Names of the camp beside it, to which no rule ties it, and of where its boats mostly land.
    distance_km
        Straight line to the landing, in km: the length of the boat leg.
    teams_initial
        Share of patrol teams here when a run begins.
    """

    name: str
    camp: str
    landing: str
    distance_km: float
    teams_initial: float


@dataclass(frozen=True)
class NetworkSeed:
    """A smuggling network that exists when a run begins: a label, not a real group.

    Attributes
    ----------
    name
        Neutral label.
    language
        Language of its clientele.
    boats_in_stock, crews
        Boats ready for use, and crews that can launch one.
    taxi_share
        Share of its launches that pick people up from the water.
    """

    name: str
    language: str
    boats_in_stock: int
    crews: int
    taxi_share: float


@dataclass(frozen=True)
class Source:
    """Where the numbers of one column come from.

    Attributes
    ----------
    file, column
        The column.
    confidence
        ``H`` official count, ``M`` official claim or one good source, ``L`` press or advocacy,
        ``D`` derived, ``A`` assumed.
    source
        Citation, or what was assumed.
    """

    file: str
    column: str
    confidence: str
    source: str


@dataclass(frozen=True, eq=False)
class Corridor:
    """All data of one corridor; see `crossings.corridors.load`.

    Attributes
    ----------
    name, title, description
        From ``corridor.toml``.
    places
        All places; a place's code is its position here.
    legs
        All legs.
    groups
        All groups; a group's code is its position here.
    sites
        Launch sites, in file order.
    network_seeds
        Networks that exist when a run begins.
    yearly_demand
        Potential candidates by year of reaching the coast and group name. Years after the last
        are like the last (see `demand`).
    season
        Demand of each month of reaching the coast against the year's mean; twelve numbers of mean 1.
    sources
        Where every column of numbers comes from.
    files
        SHA-256 of every data file, by path relative to the corridor's folder.
    """

    name: str
    title: str
    description: str
    places: tuple[Place, ...]
    legs: tuple[Leg, ...]
    groups: tuple[Group, ...]
    sites: tuple[SiteInfo, ...]
    network_seeds: tuple[NetworkSeed, ...]
    yearly_demand: Mapping[int, Mapping[str, float]]
    season: tuple[float, ...]
    sources: tuple[Source, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict, repr=False)

    @cached_property
    def camps(self) -> tuple[Place, ...]:
        """Places where people wait for a boat."""
        return tuple(place for place in self.places if place.kind == "camp")

    @cached_property
    def group_names(self) -> tuple[str, ...]:
        """Names of the groups in order of code."""
        return tuple(group.name for group in self.groups)

    @cached_property
    def place_names(self) -> tuple[str, ...]:
        """Names of the places in order of code."""
        return tuple(place.name for place in self.places)

    @cached_property
    def countries(self) -> tuple[str, ...]:
        """Countries that have a hub, where people may stay or to which they may move on."""
        return tuple(dict.fromkeys(place.country for place in self.places if place.kind == "hub"))

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """Languages spoken by groups, each once, in order of group."""
        return tuple(dict.fromkeys(group.language for group in self.groups))

    def group_code(self, name: str) -> int:
        """Return the code of a group; `InputError` if there is none of that name."""
        return _position(name, self.group_names, "nationality")

    def place_code(self, name: str) -> int:
        """Return the code of a place; `InputError` if there is none of that name."""
        return _position(name, self.place_names, "place")

    def places_of(self, kind: str) -> tuple[int, ...]:
        """Return the codes of all places of a kind, in order."""
        return tuple(code for code, place in enumerate(self.places) if place.kind == kind)

    def hub_of(self, country: str) -> int:
        """Return the code of the hub of a country; `InputError` if it has none."""
        for code in self.places_of("hub"):
            if self.places[code].country == country:
                return code
        raise unknown("country", country, self.countries)

    def demand(self, year: int) -> Mapping[str, float]:
        """Return potential candidates by group in a year; the nearest known year beyond the ends."""
        known = self.yearly_demand
        return known[min(max(year, min(known)), max(known))]


def _position(name: str, names: tuple[str, ...], kind: str) -> int:
    try:
        return names.index(name)
    except ValueError:
        raise unknown(kind, name, names) from None
