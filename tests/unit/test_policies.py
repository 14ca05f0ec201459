"""Policies: what a scenario may say of them, when they act, and what they tell."""

from __future__ import annotations

import copy
import pickle
from datetime import date, timedelta

import numpy as np
import pytest
from pydantic import ValidationError
from tests.shore import EPOCH, Coast, Shore, landing_daily

from crossings import corridors
from crossings.clock import Clock
from crossings.errors import InputError
from crossings.hooks import MOMENTS, Hooks, Levers
from crossings.outcomes import ACCOUNTS
from crossings.parameters import described
from crossings.policies import (
    AsylumRules,
    BeachPatrolling,
    BilateralReturns,
    BoatSizes,
    CoordinatedArrests,
    InformationCampaign,
    LegalRoute,
    LorrySecurity,
    NetworkDisruption,
    Policy,
    ReceptionLimits,
    ReturnsAgreement,
    SeaInterdiction,
    SeaRescue,
    SeaTurnback,
    SummaryReturns,
    SupplyInterdiction,
    ThirdCountryRemoval,
    UpstreamInterdiction,
    WorkplaceEnforcement,
    World,
    build,
    check_all,
    kinds,
    register,
)
from crossings.policies.schedule import MonthlySchedule
from crossings.population import State

DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Clock:
    return Clock(EPOCH)


def test_every_kind_is_built_by_its_name_and_declares_its_parameters() -> None:
    assert list(kinds()) == sorted(kinds())
    assert {"ReturnsAgreement", "LegalRoute", "BeachPatrolling"} <= set(kinds())
    for name, kind in kinds().items():
        assert type(build(name, {})) is kind
        fields = {row.path for row in described(kind)}
        assert fields == set(kind.model_fields), f"{name}: every field is a described parameter"


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(InputError, match="did you mean 'ReturnsAgreement'"):
        build("ReturnAgreement", {})


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"start": date(2025, 8, 6), "end": date(2025, 8, 6)}, "expected a date after start"),
        ({"start": date(2025, 8, 6), "announced": date(2025, 8, 7)}, "on or before start"),
        (
            {"start": date(2025, 8, 6), "end": date(2025, 9, 1), "ramp_days": 56},
            "at most 26",
        ),
        ({"start": None, "announced": None, "ramp_days": 5}, "expected a start date"),
        ({"start": None, "announced": date(2025, 1, 1)}, "expected a start date"),
        ({"quota_per_week": -1}, "greater than or equal to 0"),
        ({"quota_per_weak": 5}, "quota_per_weak"),
        ({"start": "soon"}, "start"),
        ({"start": date(2025, 8, 6), "end": date(2025, 9, 1), "ramp_days": 1e12}, "ramp_days"),
        ({"start": date(2025, 8, 6), "ramp_days": 1e300}, "ramp_days"),
        (
            {"start": date(9998, 8, 6), "end": date(9999, 9, 1), "ramp_days": 3650},
            "at most 391",
        ),
        ({"start": date(2025, 8, 6), "judged_over_days": 10**9}, "judged_over_days"),
    ],
)
def test_impossible_values_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises((ValidationError, InputError), match=message):
        ReturnsAgreement(**{"announced": date(2025, 7, 10), "ramp_days": 0, **values})


def test_names_a_scenario_does_not_have_are_refused() -> None:
    good = {"returns": ReturnsAgreement(), "legal": LegalRoute()}
    check_all(Coast(), good)
    for policies, message in (
        ({"legal": LegalRoute(matched_to="retuns"), "returns": ReturnsAgreement()}, "did you mean 'returns'"),
        ({"legal": LegalRoute()}, "matched_to = 'returns'"),
        ({"returns": ReturnsAgreement(partner="Rwanda")}, "no reception in the corridor"),
        ({"returns": ReturnsAgreement(nationalities=("Albanya",))}, "did you mean 'Albania'"),
        ({"b": BilateralReturns()}, "at least one nationality"),
        ({"r": AsylumRules(nationalities=("Erittrea",))}, "policies.r.nationalities.*'Eritrea'"),
    ):
        with pytest.raises(InputError, match=message):
            check_all(Coast(), policies)
    with pytest.raises((ValidationError, InputError), match="expected places"):
        LegalRoute(matched_to=None)


def test_strength_grows_over_the_ramp_and_ends_with_the_policy(clock: Clock) -> None:
    policy = BeachPatrolling(start=EPOCH + 10 * DAY, end=EPOCH + 30 * DAY, ramp_days=4)
    days = [9, 10, 11, 13, 14, 29, 30]
    assert [policy.strength(clock, day) for day in days] == [0.0, 0.25, 0.5, 1.0, 1.0, 1.0, 0.0]
    always = BeachPatrolling()
    assert [always.strength(clock, day) for day in (-5, 0, 500)] == [1.0, 1.0, 1.0]


def test_a_name_belongs_to_the_scenario_and_not_to_the_parameters() -> None:
    policy = ReturnsAgreement()
    named = policy.named("returns")
    assert (policy.name, named.name) == ("ReturnsAgreement", "returns")
    assert named.model_dump() == policy.model_dump()
    assert pickle.loads(pickle.dumps(named)).name == copy.deepcopy(named).name == "returns"
    assert build("ReturnsAgreement", {"quota_per_week": 7}, "pilot").name == "pilot"


@pytest.mark.parametrize(
    ("policy", "lever", "value"),
    [
        (BeachPatrolling(teams=2.0), "beach_teams", 2.0),
        (SeaInterdiction(stopped=0.3), "sea_stops", 0.3),
        (SupplyInterdiction(seizures=3.0), "upstream_seizures", 3.0),
        (SupplyInterdiction(seizures=1.0, boat_cost=0.5), "boat_cost", 0.5),
        (SeaRescue(rescue=2.0), "rescue", 2.0),
        (UpstreamInterdiction(stopped=0.7), "departures_stopped", 0.7),
        (SeaTurnback(turned_back=0.8), "turnbacks", 0.8),
        (AsylumRules(inadmissible=0.3), "inadmissible", 0.3),
        (SeaRescue(rescue=0.0), "rescue", 0.0),
        (SeaRescue(rescue=1.0, french=0.5), "rescue_french", 0.5),
        (CoordinatedArrests(start=EPOCH + 5 * DAY), "suppliers_arrested", 1),
        (CoordinatedArrests(start=EPOCH + 5 * DAY, suppliers=0, networks=3), "networks_arrested", 3),
        (NetworkDisruption(teams=2.5), "investigations", 2.5),
        (WorkplaceEnforcement(visits=1.5), "inspections", 1.5),
        (LorrySecurity(checks=1.4), "lorry_checks", 1.4),
        (AsylumRules(containment=0.6), "containment", 0.6),
        (ReturnsAgreement(announced=None, start=EPOCH, ramp_days=0, beds=3.0), "detention_beds", 3.0),
        (ReturnsAgreement(announced=None, start=EPOCH, ramp_days=0, caseworkers=2.0), "caseworkers", 2.0),
    ],
)
def test_a_policy_sets_its_lever_and_no_other(policy: Policy, lever: str, value: float) -> None:
    shore, levers = Shore(), Levers()
    Hooks([policy]).call("levers", levers, shore, 5)
    assert getattr(levers, lever) == pytest.approx(value)
    untouched = Levers()
    changed = {name for name in vars(levers) if np.any(getattr(levers, name) != getattr(untouched, name))}
    assert changed == {lever}


@pytest.mark.parametrize(
    ("policy", "account", "pounds"),
    [
        (LorrySecurity(checks=1.5, cost_per_day=100.0), "lorry_checks", 50.0),
        (LorrySecurity(checks=0.5, cost_per_day=100.0), "lorry_checks", 0.0),
        (SupplyInterdiction(seizures=3.0, cost_per_day=100.0), "upstream_seizures", 200.0),
        (AsylumRules(containment=0.1, cost_per_day=100.0), "asylum_rules", 100.0),
        (UpstreamInterdiction(cost_per_day=100.0), "upstream_interdiction", 100.0),
        (SeaTurnback(cost_per_day=100.0), "upstream_interdiction", 100.0),
    ],
)
def test_a_policy_charges_every_day_in_force_by_its_strength(
    policy: Policy, account: str, pounds: float
) -> None:
    assert account in ACCOUNTS
    dated = policy.model_copy(update={"start": EPOCH + 3 * DAY, "end": EPOCH + 8 * DAY, "ramp_days": 2.0})
    shore = Shore({"policy": dated}, days=12).run(12)
    assert shore.notes.spent[account] == pytest.approx(4.5 * pounds)  # half strength on the first of five


def test_teams_change_at_the_named_sites_and_on_top_of_what_others_do() -> None:
    levers, shore = Levers(), Shore()
    Hooks([BeachPatrolling(teams=1.5), BeachPatrolling(teams=2.0, sites=("Somme",))]).call(
        "levers", levers, shore, 5
    )
    np.testing.assert_allclose(levers.beach_teams, [1.5, 3.0])
    levers.reset()
    assert levers.beach_teams == 1.0


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (BeachPatrolling(sites=("Gravelins",)), "did you mean 'Gravelines'"),
        (BeachPatrolling(sites=("Somme", "Somme")), "each site once"),
        (UpstreamInterdiction(sites=("Some",)), "did you mean 'Somme'"),
        (SummaryReturns(partner="Mexico"), "partner 'Mexico' has no reception"),
        (SummaryReturns(nationalities=("Albanya",)), "did you mean 'Albania'"),
        (LegalRoute(matched_to=None, places_per_week=1.0, nationalities=("Albanya",)), "'Albania'"),
        (CoordinatedArrests(), "expected the date"),
        (CoordinatedArrests(start=EPOCH, end=EPOCH + 9 * DAY), "one day"),
        (CoordinatedArrests(start=EPOCH, ramp_days=9.0), "one day"),
    ],
)
def test_sites_and_days_that_make_no_sense_are_refused(policy: Policy, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_all(Coast(), {"p": policy})


def test_arrests_are_made_and_paid_for_on_one_day() -> None:
    arrests = CoordinatedArrests(start=EPOCH + 3 * DAY, cost=500.0)
    shore = Shore({"arrests": arrests}, days=8).run(8)
    assert shore.notes.spent["investigations"] == 500.0
    levers = Levers()
    for day in (2, 4):
        Hooks([arrests]).call("levers", levers, shore, day)
    assert levers.suppliers_arrested == 0


def test_policies_on_one_lever_add_up() -> None:
    shore, levers = Shore(), Levers()
    Hooks([SeaInterdiction(stopped=0.5), SeaInterdiction(stopped=0.2)]).call("levers", levers, shore, 0)
    assert levers.sea_stops == pytest.approx(0.6)
    rules = [AsylumRules(grants=0.5), AsylumRules(grants=0.1, nationalities=("Albania",))]
    Hooks(rules).call("levers", levers, shore, 0)
    assert np.asarray(levers.grants).tolist() == pytest.approx([0.5, 0.05])
    levers.reset()
    assert levers.grants == 1.0


def test_rules_of_arrival_and_stops_reach_those_they_name_and_add_up() -> None:
    shore, levers = Shore(), Levers()
    some = AsylumRules(containment=0.5, inadmissible=0.4, nationalities=("Albania",))
    Hooks([some, AsylumRules(containment=0.2)]).call("levers", levers, shore, 0)
    np.testing.assert_allclose(levers.containment, [0.2, 0.6])
    np.testing.assert_allclose(levers.inadmissible, [0.0, 0.4])
    Hooks([UpstreamInterdiction(stopped=0.5, sites=("Somme",)), UpstreamInterdiction(stopped=0.2)]).call(
        "levers", levers, shore, 0
    )
    np.testing.assert_allclose(levers.departures_stopped, [0.2, 0.6])


def test_a_quota_for_some_is_announced_over_their_own_flow() -> None:
    some = BilateralReturns(nationalities=("Albania",), quota_per_week=43.5)
    assert some.expected(Coast()) == pytest.approx(87.0)  # a tenth of demand
    assert some.chance(Coast()) == pytest.approx(0.5)
    assert ReturnsAgreement(quota_per_week=43.5).chance(Coast()) == pytest.approx(0.05)
    told = BilateralReturns(nationalities=("Albania",), quota_per_week=43.5, expected_arrivals_per_week=435)
    assert told.chance(Coast()) == pytest.approx(0.1)


def test_half_way_up_the_ramp_a_lever_is_half_way() -> None:
    policy = BeachPatrolling(teams=3.0, start=EPOCH, ramp_days=10)
    shore, levers = Shore(), Levers()
    Hooks([policy]).call("levers", levers, shore, 4)
    assert levers.beach_teams == pytest.approx(2.0)


def test_the_pilot_is_announced_as_one_in_seventeen() -> None:
    shore = Shore({"returns": ReturnsAgreement(), "legal": LegalRoute()})
    told, legal = (policy.announcements(shore)[0] for policy in shore.policies.values())
    assert told.belief == "return"
    assert told.chance == pytest.approx(1 / 17.4)
    assert (told.announced, told.start, told.end) == (-25, 2, None)
    assert (legal.belief, legal.name) == ("legal", "legal")
    assert legal.chance == pytest.approx(50 * 52.18 / 8000)
    assert told.carried_out(10) is None


def test_a_threat_carried_out_on_nobody_is_seen_to_be_empty() -> None:
    policy = ThirdCountryRemoval(announced=EPOCH, start=EPOCH + 5 * DAY)
    shore = landing_daily(Shore({"threat": policy}, days=90))
    (told,) = shore.policies["threat"].announcements(shore)
    assert told.chance == 0.5
    shore.run(90)
    assert told.carried_out(30) is None
    assert told.carried_out(89) == 0.0
    assert shore.notes.flows["detained"] == 0


@pytest.mark.parametrize(
    "kind", [ReturnsAgreement, AsylumRules, UpstreamInterdiction, SeaTurnback, SummaryReturns]
)
def test_nobody_judges_a_policy_by_days_on_which_it_was_not_in_force(kind) -> None:
    with pytest.raises(ValidationError, match="judged_after_days = 30: expected at least"):
        kind(judged_over_days=31, judged_after_days=30)
    assert kind(judged_over_days=31, judged_after_days=31).judged_after_days == 31


@pytest.mark.parametrize(("policy", "refused"), [
    (InformationCampaign(announced=EPOCH, start=EPOCH + 9 * DAY), "announced = .*: expected .* or none"),
    (BoatSizes(start=EPOCH, ramp_days=9.0), "ramp_days = 9: expected 0 beside shares"),
])  # fmt: skip
def test_a_date_or_ramp_that_would_do_nothing_is_refused(policy: Policy, refused: str) -> None:
    with pytest.raises(InputError, match=refused):
        policy.check(corridors.load("channel"), {})
    InformationCampaign(announced=EPOCH, start=EPOCH).check(corridors.load("channel"), {})


def test_admissions_are_judged_against_what_was_told() -> None:
    route = LegalRoute(
        announced=EPOCH, start=EPOCH, matched_to=None, places_per_week=14.0, expected_applicants=1000.0
    )
    shore = Shore({"legal": route}, per_day=20, days=200)
    (told,) = shore.policies["legal"].announcements(shore)

    def morning(day: int) -> None:
        shore.population.move(shore.to_camp(day), State.APPLIED, day)

    shore.morning = morning
    shore.run(200)
    assert told.carried_out(20) is None
    assert told.carried_out(199) == pytest.approx(told.chance, rel=0.25)


def test_a_route_older_than_the_run_is_not_judged_before_its_admissions_can_be_seen() -> None:
    long_ago = EPOCH - 300 * DAY
    route = LegalRoute(announced=long_ago, start=long_ago, matched_to=None, places_per_week=14.0)
    shore = Shore({"legal": route}, days=90).run(84)
    policy = shore.policies["legal"]
    assert isinstance(policy, LegalRoute)
    assert [policy.carried_out(shore, day) is None for day in (0, 40, 83, 84)] == [True, True, True, False]
    with pytest.raises(ValidationError, match="judged_over_days"):
        LegalRoute(judged_over_days=10**9)


def test_announcements_of_rules_and_campaigns() -> None:
    shore = Shore()
    assert AsylumRules().announcements(shore) == []
    (rule,) = AsylumRules(announced_chance=0.1, nationalities=("Albania",)).announcements(shore)
    assert (rule.belief, rule.chance, rule.groups) == ("settle", 0.1, (1,))
    campaign = InformationCampaign(belief="stop", chance=0.7, start=EPOCH, ramp_days=2, cost_per_day=100.0)
    (told,) = campaign.announcements(shore)
    assert (told.belief, told.chance) == ("stop", 0.7)
    spender = Shore({"campaign": campaign}, days=5).run(5)
    assert spender.notes.spent["information"] == pytest.approx(450.0)


def test_a_policy_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crossings.policies.base._KINDS", dict(kinds()))

    @register
    class Lighthouse(Policy):
        def at_levers(self, levers: Levers, world: World, day: int) -> None:
            levers.beach_teams += 1.0

    assert type(build("Lighthouse", {"start": date(2025, 1, 1)})) is Lighthouse
    with pytest.raises(InputError, match="did you mean 'levers'"):

        @register
        class Misspelt(Policy):
            def at_lever(self) -> None: ...


def test_moments_that_policies_use_exist() -> None:
    used = {
        name.removeprefix("at_") for kind in kinds().values() for name in dir(kind) if name.startswith("at_")
    }
    assert used <= set(MOMENTS)


def test_two_policies_that_size_one_pool_differently_are_refused() -> None:
    def both(**other: object) -> dict[str, Policy]:
        return {
            "returns": ReturnsAgreement(beds=2.0, end=date(2026, 1, 1)),
            "removal": ThirdCountryRemoval(**{"start": date(2025, 9, 1), **other}),
        }

    for pool in ("beds", "caseworkers"):
        with pytest.raises(InputError, match=rf"\.{pool} = \d: expected \d or 1, since policies"):
            check_all(Coast(), {**both(**{pool: 3.0}), "returns": ReturnsAgreement(**{pool: 2.0})})
    check_all(Coast(), both(beds=2.0))  # they agree
    check_all(Coast(), both())  # one says nothing
    check_all(Coast(), both(beds=3.0, start=date(2026, 1, 1)))  # one after the other


def test_a_pool_two_policies_agree_on_is_sized_once() -> None:
    start = EPOCH - 10 * DAY
    policies = {
        "one": ReturnsAgreement(announced=start, start=start, ramp_days=0.0, beds=3.0),
        "two": ThirdCountryRemoval(start=start, ramp_days=100.0, beds=3.0),
    }
    shore = Shore(policies)
    Hooks(shore.policies.values()).call("levers", shore.levers, shore, 4)
    assert shore.levers.detention_beds == 3.0


def test_a_schedule_adds_up_month_by_month() -> None:
    schedule = MonthlySchedule(date(2025, 8, 6), (26.0, 30.0, 31.0), weekly_after=7.0)
    assert schedule.until(date(2025, 8, 6)) == 0.0 == schedule.until(date(2025, 1, 1))
    assert schedule.until(date(2025, 8, 7)) == pytest.approx(1.0)
    assert schedule.until(date(2025, 9, 1)) == pytest.approx(26.0)
    assert schedule.until(date(2025, 10, 1)) == pytest.approx(56.0)
    assert schedule.until(date(2025, 11, 11)) == pytest.approx(97.0)
    assert schedule.between(date(2025, 9, 10), date(2025, 9, 20)) == pytest.approx(10.0)


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (ReturnsAgreement(quota_by_month=(5.0,)), r"ramp_days = 56: expected 0"),
        (ThirdCountryRemoval(quota_by_month=(5.0,)), r"quota_by_month: expected a start date"),
        (ReceptionLimits(countries=("Itlay",)), "unknown country 'Itlay'.*did you mean 'Italy'"),
        (ReceptionLimits(countries=()), "at least one country"),
        (ReceptionLimits(countries=("Italy", "Italy")), "each country once"),
    ],
)
def test_months_and_countries_that_make_no_sense_are_refused(policy: Policy, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_all(corridors.load("channel"), {"returns": policy})


def test_a_month_below_zero_is_refused() -> None:
    for kind, key in ((ReturnsAgreement, "quota_by_month"), (LegalRoute, "admissions_by_month")):
        with pytest.raises(ValidationError, match="greater than or equal to 0"):
            kind(**{key: (5.0, -1.0)})


def test_reception_limits_concern_the_places_of_their_countries() -> None:
    shore = Shore({"limits": ReceptionLimits(countries=("France",), turned_back=0.4, start=EPOCH)})
    for _ in range(2):  # two policies turn people back independently
        Hooks(shore.policies.values()).call("levers", shore.levers, shore, 0)
    assert shore.levers.onward_refused == pytest.approx([1 - 0.6**2, 1 - 0.6**2, 0.0])


def test_beds_may_grow_with_the_share_that_is_returned() -> None:
    for share, multiple in ((0.0, 1.0), (0.5, 2.5), (1.0, 4.0)):
        policy = ReturnsAgreement(
            start=EPOCH, ramp_days=0.0, beds=4.0, caseworkers=3.0, beds_with_share=True, largest_share=share
        )
        levers = Levers()
        Hooks([policy]).call("levers", levers, Shore(), 0)
        assert (levers.detention_beds, levers.caseworkers) == pytest.approx((multiple, 3.0))
