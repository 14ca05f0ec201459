"""What a launch costs a network, and what a place on a boat costs a client.

A place is priced at its cost (boat, crew and expected loss, spread over the people who arrive, for
only they pay in full, and what each client costs beside) times a markup. Because cost is built from
what the network has seen, dearer boats, more seizures and more stops pass through to the price. The
markup moves every week, slowly: up when more people wait than the network can carry, down when boats
stand idle, and towards rivals' prices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import model_validator

from crossings.errors import InputError
from crossings.parameters import Block, param
from crossings.smuggling.networks import Floats, Networks

if TYPE_CHECKING:
    from crossings.smuggling.experience import Experience
    from crossings.smuggling.supply import Supply


class PricingBlock(Block):
    """Costs other than boats, and how markups move."""

    launch_cost: float = param(
        8_000.0,
        "Handlers, transport to the beach and fuel for one launch",
        unit="GBP/launch",
        low=4_000,
        high=15_000,
        min_value=0,
    )
    client_cost: float = param(
        250.0,
        "Finding, housing and fetching one client, the broker's share included, paid from the fare",
        unit="GBP/client",
        low=100,
        high=500,
        min_value=0,
        source="assumed; with it tripled patrols raise the price by 17-30% (Gathmann 2008)",
    )
    crew_week_cost: float = param(
        1_000.0, "Keeping one crew for a week", unit="GBP/crew/week", low=500, high=4_000, min_value=0
    )
    crew_loss_cost: float = param(
        8_000.0, "Replacing an arrested crew", unit="GBP/crew", low=2_000, high=20_000, min_value=0
    )
    starting_markup: float = param(
        2.1,
        "Price over cost when a network begins, and where idle markups return to",
        low=1.5,
        high=4.0,
        min_value=1,
        source="set with the costs so that the price is about EUR 1,500-2,000 (Migration Observatory 2026)",
    )
    markup_return: float = param(
        0.05,
        "Share of the way back to that markup taken each week",
        unit="1/week",
        low=0.0,
        high=0.2,
        min_value=0,
        max_value=1,
    )
    markup_speed: float = param(
        0.006,
        "Weekly change of the log markup per log unit of queue over capacity",
        unit="1/week",
        low=0.005,
        high=0.1,
        min_value=0,
        max_value=1,
    )
    usual_queue: float = param(
        0.45,
        "Queue, in weeks of capacity, at which a markup stays",
        unit="weeks",
        low=0.2,
        high=1.5,
        min_value=0.05,
    )
    rival_pull: float = param(
        0.2,
        "Share of the gap to rivals' mean price closed each week",
        unit="1/week",
        low=0.0,
        high=0.5,
        min_value=0,
        max_value=1,
    )
    lowest_markup: float = param(
        1.1,
        "Lowest price over cost: a bound, which only markups that do not return to the first can reach",
        low=1.0,
        high=1.5,
        min_value=1,
    )
    highest_markup: float = param(
        8.0,
        "Highest price over cost: a bound, which only markups that do not return to the first can reach",
        low=4.0,
        high=20.0,
        min_value=1,
    )
    deposit_share: float = param(
        0.2,
        "Share of the fare that is lost when all tries have failed",
        low=0.0,
        high=0.5,
        min_value=0,
        max_value=1,
    )
    tries_per_booking: int = param(
        5, "Failed tries after which a booking is void", unit="tries", low=2, high=10, min_value=1
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.highest_markup < self.lowest_markup:
            raise InputError(
                f"highest_markup = {self.highest_markup:g}: "
                f"expected at least lowest_markup = {self.lowest_markup:g}"
            )
        return self


@dataclass(frozen=True)
class Week:
    """What networks know about their business when they decide for the week to come, by slot.

    Attributes
    ----------
    queue
        Clients who wait.
    joining
        Clients expected to join in a week.
    nights
        Nights a week on which the forecast is under the network's own wave limit.
    launches
        Launches a week, lately.
    """

    queue: Floats
    joining: Floats
    nights: Floats
    launches: Floats


def weekly_capacity(networks: Networks, week: Week, coming: Floats) -> Floats:
    """Return the people a network can put to sea in a week, by boats (and those coming) and by crews."""
    launches = np.minimum(networks.boats + coming, networks.crews * week.nights)
    return np.asarray(launches * networks.load)


class Pricing:
    """Prices of all networks.

    Parameters
    ----------
    block
        Parameters.
    networks
        The table whose ``price`` and ``markup`` this room moves.
    experience, supply
        What networks have seen, and what boats cost.
    """

    def __init__(
        self, block: PricingBlock, networks: Networks, experience: Experience, supply: Supply
    ) -> None:
        self.block = block
        self._networks, self._experience, self._supply = networks, experience, supply

    def launch_cost(self, quality: Floats) -> Floats:
        """Return the expected cost of one launch: boat used up, handlers, crews lost, in pounds."""
        block, seen = self.block, self._experience
        boat = seen.boat_use(self._networks.taxi_share) * self._supply.delivered_cost(quality)
        return np.asarray(boat + block.launch_cost + seen.arrest() * block.crew_loss_cost)

    def place_cost(self, week: Week) -> Floats:
        """Return the cost of bringing one person across, standing crews included, in pounds."""
        networks = self._networks
        success = self._experience.success(networks.taxi_share)
        standing = networks.crews * self.block.crew_week_cost / np.maximum(week.launches, 0.5)
        launch = self.launch_cost(networks.quality) + standing
        # a place that cost nothing would have no price to be marked up
        each = np.maximum(launch, 1.0) / np.maximum(networks.load * success, 1.0)
        return np.asarray(self.block.client_cost + each)

    def prospect(self, unserved: float, crews: int, usual_load: float) -> float:
        """Return what a newcomer could hope to earn in a week from people whom nobody serves, in pounds.

        One boat a week for each crew, of the usual load and quality at the usual markup, as far as
        those people fill them. It reckons with what all networks have seen, and with as many taxi boats
        as they use.
        """
        usual, block, networks = self._networks.block, self.block, self._networks
        share = float(networks.taxi_share[networks.active].mean()) if networks.active.any() else 0.0
        told = self._experience.of_newcomers(share)
        boat = float(self._supply.delivered_cost(np.array([usual.starting_quality]))[0])
        cost = told.boat_use * boat + block.launch_cost + told.arrest * block.crew_loss_cost
        launches = min(unserved / usual_load, float(crews))
        place = block.client_cost + cost / max(usual_load * told.success, 1.0)
        fares = usual_load * told.success * (block.starting_markup * place - block.client_cost)
        return launches * (fares - cost - block.crew_week_cost)

    def open(self, slots: list[int], week: Week) -> None:
        """Set the first price of networks that begin."""
        self._networks.markup[slots] = self.block.starting_markup
        self._networks.price[slots] = (self.place_cost(week) * self.block.starting_markup)[slots]

    def review(self, week: Week, capacity: Floats) -> None:
        """Move every markup, and set prices for the week to come."""
        block, networks = self.block, self._networks
        who = np.flatnonzero(networks.alive)
        if who.size == 0:
            return
        cost = self.place_cost(week)[who]
        price = networks.price[who]
        pressure = (week.queue[who] + 1.0) / (block.usual_queue * np.maximum(capacity[who], 1.0))
        move = block.markup_speed * np.clip(np.log(pressure), -1.5, 1.5)
        move += block.rival_pull * (np.log(price).mean() - np.log(price))
        move += block.markup_return * (np.log(block.starting_markup) - np.log(networks.markup[who]))
        markup = np.clip(networks.markup[who] * np.exp(move), block.lowest_markup, block.highest_markup)
        networks.markup[who] = markup
        networks.price[who] = markup * cost
