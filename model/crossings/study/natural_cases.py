"""Ten natural experiments: which world, which bundle of policies, and over which dates it is judged.

Each case is a ready scenario and the names of the policies that are its bundle. An effect is a paired
difference: the same world and seed with the bundle and without it. The raw change, after against before
with the bundle, is what was observed of most of them, and stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from crossings.scenario import Scenario

MAURITANIA = ("Nouadhibou", "Nouakchott coast")
NATIONALITIES = ("Cuba", "Haiti", "Nicaragua", "Venezuela")
"""Those to whom parole was offered in 2023."""
_IN_PEOPLE = ("quota_per_week", "places_per_week", "expected_applicants")
_FOR_AS_MANY = (
    *("choices.lorry_capacity", "smuggling.networks.max_networks"),
    *("enforcement.patrols.teams", "enforcement.patrols.sea_units", "enforcement.investigations.teams"),
    *("enforcement.workplaces.teams", "enforcement.workplaces.workers_at_risk"),
    *("passage.rescue.french_units", "passage.rescue.uk_units"),
    *("authorities.detention.beds", "authorities.returns.caseworkers", "authorities.legal_route.officers"),
)
"""What a world has for as many people as it has; its first networks are those of the corridor, whatever its
size, and more begin where there is more to earn."""
_HALF_YEAR = date(2023, 1, 1), date(2023, 6, 30)
_LATER = date(2025, 1, 1), date(2025, 6, 30)


@dataclass(frozen=True)
class Window:
    """An outcome counted over some dates.

    Attributes
    ----------
    first, last
        Dates, both counted.
    outcome
        Name of a flow.
    keys
        Groups or places counted; all if none is named.
    others
        Whether those named are left out instead.
    """

    first: date
    last: date
    outcome: str = "arrivals"
    keys: tuple[str, ...] = ()
    others: bool = False

    @property
    def days(self) -> int:
        """Number of dates."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Case:
    """One natural experiment.

    Attributes
    ----------
    name, title
        Short name, and its name for readers.
    scenario
        Ready scenario, with the bundle.
    bundle
        Policies of the scenario that are taken away in the world without it.
    before
        A window before the bundle, for the raw change.
    windows
        By name of the quantity. An effect is found for each.
    changes
        Values replaced in both worlds, by dotted key: dates, and the demand known before.
    twice
        Name of the window whose effect is found again in a world of twice as many people, for cases that
        run as a small world; none for others.
    tests, given, open_
        What the case tests; what was put in; what was not, and so is a result.
    """

    name: str
    title: str
    scenario: str
    bundle: tuple[str, ...]
    before: Window
    windows: Mapping[str, Window]
    tests: str
    given: str
    open_: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    twice: str = ""

    def worlds(self, size: float = 1.0) -> dict[str, Scenario]:
        """Return the scenarios compared: ``without`` the bundle and ``with`` it.

        Parameters
        ----------
        size
            Multiple of the number of people, of all that policies count in people, and of teams, boats and
            beds.
        """
        with_bundle = Scenario.load(self.scenario).with_(**self.changes)
        if size != 1.0:
            with_bundle = with_bundle.with_(**_resized(with_bundle, size))
        removed: dict[str, Any] = {f"policies.{name}": None for name in self.bundle}
        return {"without": with_bundle.with_(**removed), "with": with_bundle}


def _resized(scenario: Scenario, size: float) -> dict[str, Any]:
    """Return what changes, by dotted key, where a world has a multiple of its people."""
    changed: dict[str, Any] = {"inflow.scale": scenario.inflow.scale * size}
    for key in _FOR_AS_MANY:
        usual = attrgetter(key)(scenario)
        changed[key] = type(usual)(usual * size)
    for name, policy in scenario.policies.items():
        for key in _IN_PEOPLE:
            if getattr(policy, key, 0.0):
                changed[f"policies.{name}.{key}"] = getattr(policy, key) * size
    return changed


CASES: dict[str, Case] = {
    case.name: case
    for case in (
        Case(
            "albania",
            "UK\u2013Albania, Dec 2022",
            "albania-2022",
            ("albania", "grants_cut"),
            Window(date(2022, 10, 15), date(2022, 12, 12), keys=("Albania",)),
            {
                "albania.effect": Window(*_HALF_YEAR, keys=("Albania",)),
                "albania.others": Window(*_HALF_YEAR, keys=("Albania",), others=True),
            },
            "fast return of one nationality, and its spill-over to others",
            "65 returned a week, chance announced .9, grants a tenth of before; demand of 2022 held",
            "how far Albanians believe it, and how soon; what others make of it",
            {"start": "2022-10-15", "end": "2023-06-30", "warmup_days": 90},
        ),
        Case(
            "rwanda",
            "Rwanda announced, Apr 2022",
            "rwanda-announced",
            ("rwanda",),
            Window(date(2022, 3, 1), date(2022, 4, 13)),
            {"rwanda.effect": Window(date(2022, 4, 14), date(2022, 12, 31))},
            "a threat carried out on nobody",
            "chance announced .5, nobody removed; demand of 2021 held",
            "how far it is believed, and how it fades",
            {"start": "2022-03-01", "end": "2022-12-31", "warmup_days": 90, "corridor": "channel-2021"},
        ),
        Case(
            "supplier",
            "Supplier arrested, Nov 2024",
            "supplier-2024",
            ("arrest",),
            Window(date(2024, 10, 1), date(2024, 11, 13)),
            {
                "supplier.first-month": Window(date(2024, 11, 14), date(2024, 12, 11)),
                "supplier.volume": Window(date(2025, 3, 6), date(2025, 4, 30)),
                "supplier.boats": Window(date(2024, 11, 14), date(2025, 3, 13), "boats"),
                "supplier.people": Window(date(2024, 11, 14), date(2025, 3, 13)),
            },
            "a shock to supply, and how the trade makes it good",
            "the largest of five suppliers, with half of the trade, gone on one day",
            "depth and length of the shortage, load, price",
            {"start": "2024-10-01", "end": "2025-04-30", "warmup_days": 90},
        ),
        Case(
            "eu-turkey",
            "EU\u2013Turkey, Mar 2016",
            "eu-turkey-2016",
            ("balkan_route", "islands", "returns", "resettlement"),
            Window(date(2016, 2, 8), date(2016, 3, 7)),
            {"eu-turkey.six-weeks": Window(date(2016, 4, 17), date(2016, 5, 1))},
            "containment and a route that closes onward, with few returns",
            "a share of .8, then .98 contained; 31 returned and 75 resettled a week; what was announced",
            "how fast it is believed at the coast and on the way",
            twice="eu-turkey.six-weeks",
        ),
        Case(
            "australia",
            "Australia, 2013",
            "australia-2013",
            ("no_settlement", "turnbacks"),
            Window(date(2013, 6, 21), date(2013, 7, 18)),
            {
                "australia.step-one": Window(date(2013, 7, 19), date(2013, 9, 12)),
                "australia.step-two": Window(date(2014, 1, 1), date(2014, 2, 28)),
            },
            "certain denial of settlement, then turnback at sea",
            "nobody settled, announced as such; .92 of boats turned back from December",
            "how much each of the two does",
        ),
        Case(
            "libya",
            "Italy\u2013Libya, Jul 2017",
            "libya-2017",
            ("sabratha", "coastguard"),
            Window(date(2017, 6, 15), date(2017, 7, 14)),
            {
                "libya.month-one": Window(date(2017, 7, 15), date(2017, 8, 13)),
                "libya.later": Window(date(2018, 1, 1), date(2018, 3, 31)),
            },
            "interdiction upstream, in silence",
            "launches stopped: .9 at one of four sites, up to .5 at all over half a year; custody of 60 days",
            "retries, other sites, prices, and whether people stay away",
            twice="libya.later",
        ),
        Case(
            "tunisia",
            "EU\u2013Tunisia, Jul 2023",
            "tunisia-2023",
            ("memorandum",),
            Window(date(2023, 6, 15), date(2023, 7, 15)),
            {
                "tunisia.spike": Window(date(2023, 7, 16), date(2023, 8, 26)),
                "tunisia.later": Window(date(2024, 1, 1), date(2024, 4, 30)),
            },
            "a stop announced before it is enforced",
            "chance announced .8 from July; .6 of launches stopped from the autumn; custody of 60 days",
            "whether people hurry, retries, other sites",
        ),
        Case(
            "mauritania",
            "EU\u2013Mauritania, Mar 2024",
            "mauritania-2024",
            ("partnership",),
            Window(date(2024, 2, 1), date(2024, 3, 6), "boats", MAURITANIA),
            {
                "mauritania.effect": Window(*_LATER, "boats", MAURITANIA),
                "mauritania.elsewhere": Window(*_LATER, "boats", MAURITANIA, True),
            },
            "departures stopped at one origin, and displacement to others",
            "up to .6 of launches stopped at two of four stretches of coast over a year; custody of 60 days",
            "retries, and how far launches move",
        ),
        Case(
            "chnv",
            "US parole and expulsion, Jan 2023",
            "chnv-2023",
            ("expulsion", *(f"parole_{name.lower()}" for name in NATIONALITIES)),
            Window(date(2022, 12, 1), date(2023, 1, 4), keys=NATIONALITIES),
            {
                "chnv.effect": Window(date(2023, 1, 5), date(2023, 5, 31), keys=NATIONALITIES),
                "chnv.others": Window(date(2023, 1, 5), date(2023, 5, 31), keys=NATIONALITIES, others=True),
                **{
                    f"chnv.{name.lower()}": Window(date(2023, 1, 5), date(2023, 5, 31), keys=(name,))
                    for name in NATIONALITIES
                },
            },
            "legal places by nationality together with expulsion",
            "places a week by nationality; .7 of adults of the four expelled, .9 announced",
            "who waits for a place and who crosses nevertheless",
        ),
        Case(
            "us-2024",
            "US asylum limits, Jun 2024",
            "us-2024",
            ("removal", "bar"),
            Window(date(2024, 5, 1), date(2024, 6, 3)),
            {
                "us-2024.month-one": Window(date(2024, 6, 4), date(2024, 7, 1)),
                "us-2024.week-eight": Window(date(2024, 7, 16), date(2024, 7, 29)),
            },
            "access to asylum cut, with faster removal",
            ".55 of adults removed within days, .7 announced; .9 of claims refused at once",
            "how fast it is believed",
            twice="us-2024.week-eight",
        ),
    )
}
"""All cases by name, in the order in which they are told."""
