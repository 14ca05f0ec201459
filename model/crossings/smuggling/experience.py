"""What networks have seen: how launches ended, remembered with decay, and shared in part.

Every decision a network takes about loads, boats, sites and tactics rests on outcomes it has seen:
who was stopped at the beach and where, which boats were lost, which came to grief at sea. Smugglers
also talk, so a network with little experience of its own leans on what all have seen, and at the
very beginning on a prior.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from crossings.parameters import Block, param

if TYPE_CHECKING:
    from crossings.smuggling.launching import Launch

Floats = NDArray[np.float64]

BEACH, TAXI = 0, 1


class ExperienceBlock(Block):
    """How networks remember."""

    half_life_days: float = param(
        60.0, "Days after which an outcome weighs half", unit="days", low=20, high=180, min_value=1
    )
    pooling: float = param(
        8.0,
        "Launches' worth of weight given to what all networks have seen",
        unit="launches",
        low=2,
        high=30,
        min_value=0.1,
    )
    prior_weight: float = param(
        20.0,
        "Launches' worth of weight given to the priors below",
        unit="launches",
        low=5,
        high=100,
        min_value=0.1,
    )
    prior_pass_beach: float = param(
        0.38,
        "Prior chance that a launch from the beach gets away",
        low=0.3,
        high=0.6,
        min_value=0,
        max_value=1,
    )
    prior_pass_taxi: float = param(
        0.9,
        "Prior chance that a taxi boat gets away",
        low=0.75,
        high=0.95,
        min_value=0,
        max_value=1,
        source="about 81% of taxi boats succeed, the sea included (press on a French document, Jan 2026)",
    )
    prior_sea_failure: float = param(
        0.14,
        "Prior chance that a boat that got away brings its people back to France",
        low=0.1,
        high=0.2,
        min_value=0,
        max_value=1,
        source=".81-.89 of people at sea reach the UK (Préfecture maritime, yearly reviews 2020-24)",
    )
    prior_boat_loss: float = param(
        0.6,
        "Prior chance that a boat is lost when a launch is stopped",
        low=0.3,
        high=0.9,
        min_value=0,
        max_value=1,
    )
    prior_arrest: float = param(
        0.09,
        "Prior chance that a launch costs a crew",
        low=0.03,
        high=0.15,
        min_value=0,
        max_value=1,
        source=".10-.15 pilots arrested per arriving boat (Home Office 2023)",
    )


class BoatEnd(NamedTuple):
    """How one launch ended, as its network sees it.

    Attributes
    ----------
    stopped
        Whether it was stopped before it left.
    boat_lost
        Whether a stopped boat was lost; a boat that left always is.
    crew_arrested
        Whether a crew was lost.
    failed_at_sea
        Whether it left and its people came back to France.
    """

    stopped: bool
    boat_lost: bool
    crew_arrested: bool
    failed_at_sea: bool


@dataclass(frozen=True)
class Told:
    """Chances that a launch arrives, uses up its boat, and costs a crew."""

    success: float
    boat_use: float
    arrest: float


class Experience:
    """Decayed counts of outcomes for every network, and the chances they amount to.

    Parameters
    ----------
    block
        Parameters.
    networks
        Number of slots.
    sites
        Number of launch sites.
    """

    def __init__(self, block: ExperienceBlock, networks: int, sites: int) -> None:
        self.block = block
        self.launched = np.zeros((2, networks))  # by tactic: BEACH, TAXI
        self.passed = np.zeros((2, networks))
        self.site_launched = np.zeros((networks, sites))
        self.site_passed = np.zeros((networks, sites))
        self.stopped = np.zeros(networks)
        self.lost = np.zeros(networks)  # boats, at stops
        self.failed = np.zeros(networks)  # at sea
        self.arrested = np.zeros(networks)

    def _counts(self) -> tuple[Floats, ...]:
        return (
            self.launched, self.passed, self.site_launched.T, self.site_passed.T, self.stopped, self.lost,
            self.failed, self.arrested,
        )  # fmt: skip

    def record(self, launch: Launch, end: BoatEnd) -> None:
        """Remember how a launch ended."""
        n, tactic = launch.network, TAXI if launch.taxi else BEACH
        self.launched[tactic, n] += 1
        self.site_launched[n, launch.site] += 1
        if end.stopped:
            self.stopped[n] += 1
            self.lost[n] += end.boat_lost
        else:
            self.passed[tactic, n] += 1
            self.site_passed[n, launch.site] += 1
            self.failed[n] += end.failed_at_sea
        self.arrested[n] += end.crew_arrested

    def fade(self, days: float) -> None:
        """Let memory fade over so many days."""
        left = 0.5 ** (days / self.block.half_life_days)
        for counts in self._counts():
            np.multiply(counts, left, out=counts)

    def forget(self, slot: int) -> None:
        """Empty the memory of a slot, for a network that has just begun."""
        for counts in self._counts():
            counts[..., slot] = 0.0

    def pass_chance(self) -> Floats:
        """Return the chance of getting away, shape (tactic, network)."""
        block = self.block
        priors = np.array([[block.prior_pass_beach], [block.prior_pass_taxi]])
        return self._blend(self.passed, self.launched, priors)

    def sea_failure(self) -> Floats:
        """Return the chance that a boat that got away brings its people back, by network."""
        return self._blend(self.failed, self.passed.sum(axis=0), self.block.prior_sea_failure)

    def boat_loss(self) -> Floats:
        """Return the chance that a stopped boat is lost, by network."""
        return self._blend(self.lost, self.stopped, self.block.prior_boat_loss)

    def arrest(self) -> Floats:
        """Return the chance that a launch costs a crew, by network."""
        return self._blend(self.arrested, self.launched.sum(axis=0), self.block.prior_arrest)

    def site_pass(self) -> Floats:
        """Return the chance of getting away by site, shape (network, site)."""
        launched, passed = self.site_launched.sum(axis=0), self.site_passed.sum(axis=0)
        overall = self._pooled(passed.sum(), launched.sum(), self.block.prior_pass_beach)
        pooled = (passed + self.block.prior_weight * overall) / (launched + self.block.prior_weight)
        weight = self.block.pooling
        return np.asarray((self.site_passed + weight * pooled) / (self.site_launched + weight))

    def get_away(self, taxi_share: Floats) -> Floats:
        """Return the chance that a launch gets away, by network, at the given shares of taxi boats."""
        chance = self.pass_chance()
        return np.asarray((1.0 - taxi_share) * chance[BEACH] + taxi_share * chance[TAXI])

    def success(self, taxi_share: Floats) -> Floats:
        """Return the chance that a launch arrives, by network, at the given shares of taxi boats.

        This is also what clients hear about a network: its reputation.
        """
        return np.asarray(self.get_away(taxi_share) * (1.0 - self.sea_failure()))

    def boat_use(self, taxi_share: Floats) -> Floats:
        """Return the chance that a launch uses up its boat: it gets away, or is lost at the beach."""
        away = self.get_away(taxi_share)
        return np.asarray(away + (1.0 - away) * self.boat_loss())

    def of_newcomers(self, taxi_share: float) -> Told:
        """Return what all have seen together, as somebody reckons with it who has seen nothing.

        Parameters
        ----------
        taxi_share
            Share of launches as taxi boats.
        """
        block = self.block
        beach, taxi = (
            self._pooled(self.passed[tactic].sum(), self.launched[tactic].sum(), prior)
            for tactic, prior in ((BEACH, block.prior_pass_beach), (TAXI, block.prior_pass_taxi))
        )
        away = (1.0 - taxi_share) * beach + taxi_share * taxi
        failure = self._pooled(self.failed.sum(), self.passed.sum(), block.prior_sea_failure)
        loss = self._pooled(self.lost.sum(), self.stopped.sum(), block.prior_boat_loss)
        return Told(
            success=away * (1.0 - failure),
            boat_use=away + (1.0 - away) * loss,
            arrest=self._pooled(self.arrested.sum(), self.launched.sum(), block.prior_arrest),
        )

    def _blend(self, happened: Floats, times: Floats, prior: float | Floats) -> Floats:
        """Return chances by network, the last axis, each leaning on what all have seen together."""
        own, weight = self.block.pooling, self.block.prior_weight
        all_happened, all_times = happened.sum(axis=-1, keepdims=True), times.sum(axis=-1, keepdims=True)
        pooled = (all_happened + weight * prior) / (all_times + weight)
        return np.asarray((happened + own * pooled) / (times + own))

    def _pooled(self, happened: float, times: float, prior: float) -> float:
        weight = self.block.prior_weight
        return float((happened + weight * prior) / (times + weight))
