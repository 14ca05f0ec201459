"""Patrols: teams spread over the launch sites, and what chance they have.

A boat at a site with T teams, where k other boats leave the beach while officers are busy with it, is
stopped with chance

    1 - exp(-`patrol_effect` T / (1 + k)),

so more teams help less and less, and launching together saturates a beach. A taxi boat picks people
up from the water, out of the officers' reach for most of the time; only a small part of the hazard
reaches it, and it takes nothing from the watch on the others: the more boats go over to that, the
better the rest are watched. Every week some teams move to where launches have lately been attempted;
networks move to where they got away. Neither side is told what the other does.

Departures may also be stopped by others than these officers, upstream of any beach: by a partner's
forces, at some sites or at all (lever `departures_stopped`). That reaches every boat alike, taxi or not,
however many leave. And a boat that has sailed may be turned back before it lands (lever `turnbacks`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from crossings._mesa import BaseAgent
from crossings.parameters import Block, param

if TYPE_CHECKING:
    from crossings._mesa import TableModel
    from crossings.clock import Clock
    from crossings.corridors import Corridor
    from crossings.hooks import Levers, Tally

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

WEEK = 7.0


class PatrolsBlock(Block):
    """How many officers there are, what they can do, and what they cost."""

    teams: int = param(
        40,
        "Teams on duty on the beaches in a night",
        unit="teams",
        low=20,
        high=80,
        min_value=0,
        source="750-900 officers funded by the UK, a quarter on duty at night in teams of five",
        max_value=10_000,
    )
    officers_per_team: float = param(
        20.0,
        "Officers employed for each team on duty",
        unit="officers/team",
        low=10,
        high=30,
        min_value=0,
        source="750-900 officers funded by the UK (UK-France declaration, 10 Mar 2023)",
    )
    officer_cost: float = param(
        550.0,
        "Cost of one officer for a day, equipment included",
        unit="GBP/officer/day",
        low=300,
        high=900,
        min_value=0,
        source="EUR 191m paid by the UK in 2024/25 (House of Commons Library CBP-9681)",
    )
    patrol_effect: float = param(
        0.39,
        "Hazard of being stopped per team, for a boat alone at a site",
        unit="1/team",
        low=0.1,
        high=0.6,
        min_value=0,
        source="set so that prevented people are .38-.43 of recorded attempts (2024-25)",
    )
    taxi_exposure: float = param(
        0.06,
        "Share of that hazard that reaches a taxi boat",
        low=0.0,
        high=0.2,
        min_value=0,
        max_value=1,
        source="about 81% of taxi boats succeed, the sea included (press on a French document, Jan 2026)",
    )
    memory_days: float = param(
        21.0,
        "Days after which an attempt at a site counts half for the spread of teams",
        unit="days",
        low=7,
        high=90,
        min_value=1,
    )
    mobility: float = param(
        0.15,
        "Share of teams that can be moved in a week",
        unit="1/week",
        low=0.0,
        high=0.5,
        min_value=0,
        max_value=1,
    )
    presence: float = param(
        0.3,
        "Share of teams spread evenly, whatever was attempted",
        low=0.0,
        high=1.0,
        min_value=0,
        max_value=1,
    )
    sea_units: int = param(
        6, "Patrol boats that can stop a taxi boat before boarding", unit="boats", low=2, high=12, min_value=0
    )
    sea_unit_cost: float = param(
        12_000.0,
        "Cost of one such boat for a day on which stops at sea are allowed",
        unit="GBP/boat/day",
        low=5_000,
        high=30_000,
        min_value=0,
    )


class BeachPatrol(BaseAgent):
    """One team of officers: a thin view of its post."""

    def __init__(self, model: TableModel, patrols: Patrols, number: int) -> None:
        super().__init__(model)
        self.number = number
        self._patrols = patrols

    @property
    def site(self) -> str:
        """Name of the launch site where the team is posted."""
        return self._patrols.site_names[int(self._patrols.post[self.number])]


class SeaPatrol(BaseAgent):
    """The patrol boats off the coast, taken together."""

    def __init__(self, model: TableModel, units: int) -> None:
        super().__init__(model)
        self.units = units
        self.stops = 0


class Patrols:
    """All teams and patrol boats.

    Parameters
    ----------
    model
        The Mesa model in which teams are agents.
    block
        Parameters.
    clock
        The run's clock.
    corridor
        Launch sites and the first spread of teams.
    tally, levers
        Where outcomes go, and the policy levers read (`beach_teams`, `departures_stopped`, `sea_stops`,
        `turnbacks`, `rescue`, `rescue_french`).
    """

    def __init__(
        self,
        model: TableModel,
        block: PatrolsBlock,
        clock: Clock,
        corridor: Corridor,
        tally: Tally,
        levers: Levers,
    ) -> None:
        self.block = block
        self._clock, self._tally, self._levers = clock, tally, levers
        self.site_names = tuple(site.name for site in corridor.sites)
        shares = np.array([site.teams_initial for site in corridor.sites])
        self.post = np.repeat(np.arange(len(shares)), whole_shares(shares, block.teams))
        self.teams = np.bincount(self.post, minlength=len(shares))
        self.recent = shares / shares.sum()  # attempts by site, fading; only their proportion counts
        self.stops = np.zeros(len(shares), dtype=np.int64)  # so far, by site
        self._launched: dict[int, Ints] = {}  # by day: launches and those of them stopped upstream, by site
        self._crossed: dict[int, Ints] = {}  # by day: boats about to land, and those of them turned back
        self.agents = [BeachPatrol(model, self, number) for number in range(block.teams)]
        self.sea = SeaPatrol(model, block.sea_units)

    # what others ask ------------------------------------------------------------------------------

    def stop_chance(self, site: int, taxi: bool, concurrent: int) -> float:
        """Return the chance that a launch is stopped at the beach."""
        teams = float(self.teams[site]) * _at(self._levers.beach_teams, site)
        hazard = self.block.patrol_effect * teams / (1 + concurrent)
        return float(-np.expm1(-hazard * (self.block.taxi_exposure if taxi else 1.0)))

    def upstream_chance(self, site: int) -> float:
        """Return the chance that a launch is stopped before it leaves by others than these officers."""
        return _at(self._levers.departures_stopped, site)

    def sea_stop_chance(self, taxi: bool, at_sea: int) -> float:
        """Return the chance that a taxi boat is stopped at sea before anyone boards.

        The lever `sea_stops` is that chance while there are patrol boats enough for the taxi boats
        planned for the night, `at_sea` of them.
        """
        if not taxi or self._levers.sea_stops <= 0 or self.sea.units == 0:
            return 0.0
        return float(self._levers.sea_stops * min(1.0, self.sea.units / max(at_sea, 1)))

    def turnback_chance(self) -> float:
        """Return the chance that a boat about to land is turned back."""
        return self._levers.turnbacks

    def rescue(self) -> tuple[float, float]:
        """Return rescue on the French and on the other side, as multiples of what there is without policy."""
        return self._levers.rescue_french, self._levers.rescue

    def saw(self, site: int) -> None:
        """Note an attempt at a site."""
        self.recent[site] += 1.0
        self._today(self._launched, len(self.site_names))[0, site] += 1

    def stopped(self, site: int, at_sea: bool) -> None:
        """Note a stop."""
        if at_sea:
            self.sea.stops += 1
        else:
            self.stops[site] += 1

    def stopped_upstream(self, site: int) -> None:
        """Note a launch stopped by others."""
        self._today(self._launched, len(self.site_names))[1, site] += 1

    def about_to_land(self, turned_back: bool) -> None:
        """Note a boat that has come across, whether it is turned back or not."""
        today = self._today(self._crossed, 1)
        today[0, 0] += 1
        today[1, 0] += turned_back

    # what anybody could count -----------------------------------------------------------------------

    def stopped_share(self, day: int, days: int, sites: tuple[int, ...] = ()) -> float | None:
        """Return the share of launches stopped upstream, over the `days` before a day.

        Parameters
        ----------
        day, days
            Which days.
        sites
            Positions of the launch sites counted; all if none is named.

        Returns
        -------
        float or None
            None if nobody tried.
        """
        return _share(self._launched, day, days, list(sites) if sites else slice(None))

    def turned_back_share(self, day: int, days: int) -> float | None:
        """Return the share of boats turned back, of those across over the `days` before; None without any."""
        return _share(self._crossed, day, days, slice(None))

    def _today(self, log: dict[int, Ints], width: int) -> Ints:
        day = self._clock.day
        if day not in log:
            log[day] = np.zeros((2, width), dtype=np.int64)
        return log[day]

    # their own days -------------------------------------------------------------------------------

    def daily(self, day: int) -> None:
        """Pay for the day."""
        block, levers = self.block, self._levers
        officers = float(self._present().sum()) * block.officers_per_team
        self._tally.spend("beach_patrols", officers * block.officer_cost)
        if levers.sea_stops > 0:
            self._tally.spend("sea_patrols", self.sea.units * block.sea_unit_cost)

    def reallocate(self, day: int) -> None:
        """Move teams towards where launches have lately been attempted; report where they stand."""
        block = self.block
        sites = len(self.site_names)
        attempts = self.recent / self.recent.sum() if self.recent.sum() > 0 else np.full(sites, 1.0 / sites)
        wanted = whole_shares(block.presence / sites + (1.0 - block.presence) * attempts, block.teams)
        for _ in range(int(block.mobility * block.teams)):
            if not self._move_one(wanted):
                break
        self.recent *= 0.5 ** (WEEK / block.memory_days)
        self.report()

    def _move_one(self, wanted: Ints) -> bool:
        """Move one team from where most are too many to where most are missing."""
        gap = wanted - self.teams
        short, over = int(np.argmax(gap)), int(np.argmin(gap))
        if gap[short] <= 0:
            return False
        mover = int(np.flatnonzero(self.post == over)[0])
        self.post[mover] = short
        self.teams[over] -= 1
        self.teams[short] += 1
        return True

    def report(self) -> None:
        """Record how many teams, policy included, stand at each site."""
        for name, teams in zip(self.site_names, self._present().tolist(), strict=True):
            self._tally.level("patrol_teams", teams, name)

    def _present(self) -> Floats:
        """Return the teams at each site, those that a policy adds or takes away included."""
        return np.asarray(self.teams * self._levers.beach_teams, dtype=np.float64)


def _at(lever: float | Floats, site: int) -> float:
    """Return what a lever that is one number for all sites, or one for each, says of a site."""
    values = np.asarray(lever)
    return float(values if values.ndim == 0 else values[site])


def _share(log: dict[int, Ints], day: int, days: int, columns: slice | list[int]) -> float | None:
    """Return the second line of a log over the first, over some days; None where the first is zero."""
    lately = [log[k] for k in range(day - days, day) if k in log]
    if not lately:
        return None
    number, of_them = sum(lately[1:], lately[0])[:, columns].sum(axis=1)
    return float(of_them / number) if number else None


def whole_shares(shares: Floats, total: int) -> Ints:
    """Return whole numbers of the given total in proportion to `shares` (largest remainders first)."""
    exact = np.asarray(shares) / np.sum(shares) * total
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole
