"""What the model reports: every outcome, once, with its unit and meaning.

A *flow* counts what happens and is added up over calendar dates; a *level* is a stock, a price or
a mean, and holds until it is set again. Rooms report by name, and a name that is not listed here
is refused at once, so that no count is lost to a slip of spelling.

Person-attempts, recorded prevention and crossing days follow the definitions of the official
series: a person-attempt is one person at one launch, counted once whatever its end; recorded
prevention leaves out those who slipped away from a stopped launch unrecorded; an arrival counts on
the calendar date of landing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["flow", "level"]
KeyKind = Literal["group", "place", "country"]


@dataclass(frozen=True)
class Outcome:
    """One thing the model reports.

    Attributes
    ----------
    name
        Column in `Result.daily` and value of ``outcome`` in `Result.by`.
    kind
        ``"flow"`` or ``"level"``.
    unit
        What one of it is.
    meaning
        In one sentence.
    keys
        What it is split by in `Result.by`: ``"group"`` and ``"place"`` by their own codes,
        ``"country"`` by the country of a place code; None where only a total is kept.
    whole
        Whether it can only be a whole number.
    """

    name: str
    kind: Kind
    unit: str
    meaning: str
    keys: KeyKind | None = None
    whole: bool = False


def _flow(name: str, unit: str, meaning: str, keys: KeyKind | None = None, whole: bool = True) -> Outcome:
    return Outcome(name, "flow", unit, meaning, keys, whole)


def _level(name: str, unit: str, meaning: str, keys: KeyKind | None = None) -> Outcome:
    return Outcome(name, "level", unit, meaning, keys)


_FLOWS = (
    # on the way to the coast
    _flow("candidates", "people", "people who begin to consider the journey", "group"),
    _flow("set_out", "people", "people who leave their country of origin", "group"),
    _flow("reached_coast", "people", "people who reach a camp near the coast", "group"),
    _flow("transit_deaths", "people", "people who die on the way to the coast or in a lorry", "group"),
    # at the coast
    _flow("bookings", "people", "people who agree a place on a boat with a network", "group"),
    _flow("lorry_attempts", "people", "people who try to cross in a lorry", "group"),
    _flow("lorry_arrivals", "people", "people who arrive in a lorry", "group"),
    _flow("went_home", "people", "people who give up and go home", "group"),
    _flow("moved_on", "people", "people who go to another country, by that country", "country"),
    _flow("returned_moved_on", "people", "those of them returned from the UK before", "country"),
    _flow("turned_back", "people", "people turned back by a country they went on to", "country"),
    _flow("asylum_france", "people", "people who claim asylum in France", "group"),
    _flow("returned_asylum_france", "people", "those of them returned from the UK before", "group"),
    # at the beach and at sea
    _flow("launches", "boats", "boats set out for the beach, whatever their end", "place"),
    _flow("attempts", "person-attempts", "people at a launch, each launch counted", "group"),
    _flow("taxi_attempts", "person-attempts", "those of them picked up in the water by a taxi boat", "group"),
    _flow(
        "stopped_upstream",
        "person-attempts",
        "people stopped by others before leaving",
        "place",
    ),
    _flow("custody", "people", "those of them who are held for it, each time counted", "group"),
    _flow("stopped_beach", "person-attempts", "people stopped before their boat left the beach", "place"),
    _flow("stopped_sea", "person-attempts", "people stopped at sea before boarding a taxi boat", "place"),
    _flow("turned_back_sea", "person-attempts", "people turned back before they landed", "place"),
    _flow("prevented", "person-attempts", "prevented attempts as officially recorded", "place"),
    _flow("rescued_french", "person-attempts", "people rescued and brought to France", "place"),
    _flow("rescued_uk", "person-attempts", "people rescued and brought to the UK", "place"),
    _flow("deaths", "people", "people who die in the attempt to cross by boat", "group"),
    _flow("boats", "boats", "boats that arrive in the UK", "place"),
    _flow("arrivals", "people", "people who arrive by boat, each arrival counted", "group"),
    _flow("first_arrivals", "people", "people who arrive by boat for the first time", "group"),
    # in the UK
    _flow("selected", "people", "people selected for return at triage", "group"),
    _flow("detained", "people", "people detained for return", "group"),
    _flow("referred", "people", "cases referred to the partner country", "group"),
    _flow("partner_refused", "people", "cases refused by the partner country", "group"),
    _flow("challenged", "people", "people who challenge their return in court", "group"),
    _flow("bailed", "people", "people released from detention without being returned", "group"),
    _flow("returned", "people", "people handed over to the partner country", "group"),
    _flow("returned_again", "people", "those of them returned before", "group"),
    _flow("granted", "people", "people granted protection", "group"),
    _flow("refused", "people", "people refused protection", "group"),
    _flow("appealed", "people", "people who appeal a refusal", "group"),
    _flow("removed", "people", "people removed from the UK to their own or a third country", "group"),
    _flow("work_visits", "visits", "visits to workplaces"),
    _flow("work_arrests", "people", "people arrested at work", "group"),
    # the legal route
    _flow("applied", "people", "people who apply for a legal place", "group"),
    _flow("vetting_failed", "people", "people drawn whose checks failed", "group"),
    _flow("admitted", "people", "people admitted by the legal route", "group"),
    # the networks
    _flow("boats_ordered", "boats", "boats ordered by networks"),
    _flow("boats_delivered", "boats", "boats delivered near the coast"),
    _flow("boats_seized", "boats", "boats seized on the way to the coast or with a network's stock"),
    _flow("boats_lost", "boats", "boats lost or seized at the beach or at sea"),
    _flow("crews_arrested", "crews", "crews lost to arrest"),
    _flow("networks_entered", "networks", "networks that begin to launch"),
    _flow("networks_dissolved", "networks", "networks broken up, out of money or out of clients"),
    # the accounts
    _flow("cost_gbp", "GBP", "public money spent, by account", whole=False),
)

_LEVELS = (
    _level("waiting", "people", "people near the coast who wait to cross"),
    _level("booked", "people", "those of them with a place on a boat"),
    _level("travelling", "people", "people on the way to the coast"),
    _level("price", "GBP", "mean price of a place on a boat"),
    _level("load", "people/boat", "mean load that networks aim at"),
    _level("boat_quality", "1", "mean soundness of the boats that networks use, 0 to 1"),
    _level("wave_limit", "m", "mean forecast wave height under which networks launch"),
    _level("networks", "networks", "networks able to launch"),
    _level("boats_in_stock", "boats", "boats near the coast, ready to launch"),
    _level("taxi_share", "1", "share of launches as taxi boats that networks intend"),
    _level("wave_height", "m", "significant wave height of the night"),
    _level("in_custody", "people", "people stopped before leaving and held for it"),
    _level("patrol_teams", "teams", "teams on the beaches, by launch site", "place"),
    _level("held", "people", "people in short-term holding"),
    _level("detained_stock", "people", "people detained for return"),
    _level("reception", "people", "returned people in the partner's reception"),
    _level("asylum_backlog", "people", "arrived people whose claim or appeal is undecided"),
    _level("legal_queue", "people", "people in the lottery of the legal route"),
    _level("vetting", "people", "people drawn and being vetted"),
    _level("places_unused", "places", "legal places free to be drawn"),
    _level("credibility", "1", "credence given to official announcements"),
    _level("belief_stop", "1", "mean believed chance that an attempt is stopped", "group"),
    _level("belief_stop_spread", "1", "standard deviation of that belief between people", "group"),
    _level("belief_return", "1", "mean believed chance that an arrival is returned", "group"),
    _level("belief_return_spread", "1", "standard deviation of that belief between people", "group"),
    _level("belief_settle", "1", "mean believed chance to settle as intended", "group"),
    _level("belief_settle_spread", "1", "standard deviation of that belief between people", "group"),
    _level("belief_death", "1", "mean believed chance to die in an attempt", "group"),
    _level("belief_death_spread", "1", "standard deviation of that belief between people", "group"),
    _level("belief_legal", "1", "mean believed chance of a legal place this year", "group"),
    _level("belief_legal_spread", "1", "standard deviation of that belief between people", "group"),
)

OUTCOMES: dict[str, Outcome] = {outcome.name: outcome for outcome in _FLOWS + _LEVELS}
"""Every outcome by name, in the order of the columns of `Result.daily`."""

_COUNT_PEOPLE = ("people", "person-attempts")


def counts_people(outcome: str) -> bool:
    """Whether an outcome counts people, each of whom may be a row that stands for several."""
    return OUTCOMES[outcome].unit in _COUNT_PEOPLE


SPENT_ON_PEOPLE = ("holding", "detention", "legal_route", "accommodation", "removals")
"""Accounts charged person by person; what others pay for does not grow with the people a row stands for."""

ACCOUNTS: dict[str, str] = {
    "beach_patrols": "officers on French beaches paid for by the UK",
    "sea_patrols": "boats and crews that stop or escort boats at sea",
    "rescue": "rescue at sea",
    "investigations": "teams that work on cases against networks and suppliers",
    "upstream_interdiction": "partners who stop departures, and turning boats back",
    "upstream_seizures": "added action against boats and engines on their way to the coast",
    "lorry_checks": "added checks of lorries at the ports",
    "inspections": "visits to workplaces and the arrests they lead to",
    "holding": "short-term holding after arrival",
    "detention": "beds for people detained for return",
    "casework": "caseworkers, referrals and court",
    "flights": "seats on return flights and escorts",
    "legal_route": "vetting and transfer of people admitted by the legal route",
    "accommodation": "housing and support while a claim is undecided",
    "removals": "removals other than by return",
    "asylum_rules": "applying changed rules of asylum and containment",
    "information": "information campaigns",
}
"""Accounts that rooms and policies charge, with what each pays for."""
