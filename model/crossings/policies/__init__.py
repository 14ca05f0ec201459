"""Policies: one module for each family; importing the package makes all kinds known."""

from crossings.policies.arrests import CoordinatedArrests
from crossings.policies.asylum_rules import AsylumRules
from crossings.policies.base import Policy, World, build, check_all, kinds, register
from crossings.policies.beach_patrolling import BeachPatrolling
from crossings.policies.boat_sizes import BoatSizes
from crossings.policies.boat_standards import BoatStandards
from crossings.policies.expulsion import SummaryReturns
from crossings.policies.information import InformationCampaign
from crossings.policies.inland import LorrySecurity, WorkplaceEnforcement
from crossings.policies.interdiction import NetworkDisruption, SeaInterdiction, SupplyInterdiction
from crossings.policies.legal_route import LegalRoute
from crossings.policies.reception import ReceptionLimits
from crossings.policies.rescue import SeaRescue
from crossings.policies.returning import ReturnsPolicy
from crossings.policies.returns_agreement import BilateralReturns, ReturnsAgreement, ThirdCountryRemoval
from crossings.policies.upstream import SeaTurnback, UpstreamInterdiction

__all__ = [
    "AsylumRules",
    "BeachPatrolling",
    "BilateralReturns",
    "BoatSizes",
    "BoatStandards",
    "CoordinatedArrests",
    "InformationCampaign",
    "LegalRoute",
    "LorrySecurity",
    "NetworkDisruption",
    "Policy",
    "ReceptionLimits",
    "ReturnsAgreement",
    "ReturnsPolicy",
    "SeaInterdiction",
    "SeaRescue",
    "SeaTurnback",
    "SummaryReturns",
    "SupplyInterdiction",
    "ThirdCountryRemoval",
    "UpstreamInterdiction",
    "WorkplaceEnforcement",
    "World",
    "build",
    "check_all",
    "kinds",
    "register",
]
