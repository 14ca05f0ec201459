"""Journeys: who sets out, by which route, and who goes on at every stop.

At the origin, and again at each gateway and hub, people weigh the crossing as it looks under what
their group believes by then of a landing when they will get there. Baseline participation is fixed:
under the first beliefs and the reference price, `baseline_participation` of candidates go all the
way, spread evenly over the decisions of a route. What moves it is the difference between the
utility of the best way across now (boat, lorry, or the legal route of which people have heard) and
that reference, so deterrence can act long before the coast, with the delay of news and travel, and
what is left open counts too. Who prefers another country stays there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import special

from crossings.clock import Clock
from crossings.geography.routes import RouteNetwork
from crossings.hooks import Rows, Tally
from crossings.parameters import Block, param
from crossings.people.beliefs import Beliefs
from crossings.people.far import best_way
from crossings.people.offers import Offers, nobody
from crossings.people.options import Options
from crossings.people.values import Values
from crossings.population import NOBODY, Population, State
from crossings.streams import Streams, lognormal

Floats = NDArray[np.float64]
Codes = NDArray[np.integer]

_DECIDE_AT = ("entry", "hub")  # and where they come from
_OF_A_LANDING = ("stop", "death", "settle", "return")
_REVIEW_DAYS = 30
_POINTS = 15
_BISECTIONS = 40


class JourneysBlock(Block):
    """How people decide on the way, and how long it takes."""

    baseline_participation: float = param(
        0.5,
        "Share of candidates who go all the way to the coast under first beliefs and the reference price.",
        low=0.3,
        high=0.7,
        min_value=0.01,
        max_value=0.99,
    )
    route_rationality: float = param(
        0.8,
        "How sharply people respond, at each decision, to the utility of crossing and to the cost of routes.",
        unit="1/utility",
        low=0.3,
        high=1.6,
        min_value=0.0,
    )
    haste: float = param(
        0.6,
        "Time a journey takes those who hurry, over the usual time.",
        low=0.4,
        high=0.9,
        min_value=0.05,
        max_value=1.0,
    )
    haste_cost: float = param(
        0.1,
        "Money and hardship that it costs to hurry.",
        unit="utility",
        low=0.02,
        high=0.4,
        min_value=0.0,
    )
    travel_spread: float = param(
        0.3,
        "Log standard deviation, over people, of the time a leg takes.",
        low=0.1,
        high=0.6,
        min_value=0.0,
        max_value=2.0,
    )


class Journeys:
    """Moves people from their origin to the coast, as far as they want to go.

    Parameters
    ----------
    block
        Parameters.
    streams, clock, population, routes, beliefs, values, tally
        The run's.
    offers
        Returns what networks offer today, as people on the way hear of it.
    options
        What a lorry and the legal route are worth at the coast.
    may_apply, may_apply_at_home
        Return who of some people could apply for a legal place today, at the coast and at their origin.
    """

    def __init__(
        self,
        block: JourneysBlock,
        streams: Streams,
        clock: Clock,
        population: Population,
        routes: RouteNetwork,
        beliefs: Beliefs,
        values: Values,
        tally: Tally,
        offers: Callable[[], Offers],
        options: Options,
        may_apply: Callable[[Rows], NDArray[np.bool_]] = nobody,
        may_apply_at_home: Callable[[Rows], NDArray[np.bool_]] = nobody,
    ) -> None:
        self.block = block
        self._options = options
        self._may_apply = may_apply
        self._may_apply_at_home = may_apply_at_home
        self._streams = streams
        self._clock = clock
        self._population = population
        self._routes = routes
        self._beliefs = beliefs
        self._values = values
        self._tally = tally
        self._offers = offers
        self._due = np.full(len(population), NOBODY, dtype=np.int32)  # day of reaching the next place
        self._travelling_from = 0  # rows below this have ended their journey to the coast
        self._heard = -1, (0.0, 0.0)  # day, price and wait
        self._tabulate(routes)
        self._intercept = self._baseline_intercepts()

    def advance(self, candidates: Rows, day: int) -> None:
        """Let candidates choose a route, travellers who are due reach their next place, and both decide.

        Parameters
        ----------
        candidates
            Today's candidates, in state ``ORIGIN``.
        day
            Model day.
        """
        people, new = self._population, candidates.size
        starting = self._at_origin(candidates)
        passing, dead, at_coast = self._at_stop(self._arriving(day))
        rows, to_go, to_travel = (np.concatenate(both) for both in zip(starting, passing, strict=True))
        route, stage = people.route[rows], people.stage[rows]
        chance, pace = self._decide(rows, route, stage, day)
        goes = to_go < chance
        self._leave_origin(candidates, goes[:new])
        self._die(dead)
        self._leave_stop(rows[new:], goes[new:])
        on = goes.nonzero()[0]
        self._travel(rows[on], route[on], stage[on], to_travel[on], pace[on], day)
        self._reach_coast(at_coast, day)
        if day % _REVIEW_DAYS == 0:
            self._review(day)

    # steps -------------------------------------------------------------------------------------

    def _at_origin(self, rows: Rows) -> tuple[Rows, Floats, Floats]:
        """Let candidates choose a route; return them with the luck of deciding and of travelling."""
        people = self._population
        to_choose, to_go, to_travel = self._streams.uniforms("journeys.origin", people.key[rows], 0, 3)
        people.route[rows] = self._choose_route(rows, to_choose)
        return rows, to_go, to_travel

    def _at_stop(self, rows: Rows) -> tuple[tuple[Rows, Floats, Floats], Rows, Rows]:
        """Bring travellers to their next place.

        Returns
        -------
        tuple
            Those who may go on, with the luck of deciding and of travelling; who died on the way there; and
            who is at the end of the route.
        """
        people = self._population
        people.stage[rows] += 1
        route, stage = people.route[rows], people.stage[rows]
        to_die, to_go, to_travel = self._streams.uniforms("journeys.stop", people.key[rows], stage, 3)
        dies = to_die < self._routes.leg_hazard[route, stage - 1]
        reaches = ~dies & (stage == self._last_stop[route])
        passes = (~(dies | reaches)).nonzero()[0]
        return (rows[passes], to_go[passes], to_travel[passes]), rows[dies], rows[reaches]

    def _decide(self, rows: Rows, route: Codes, stage: Codes, day: int) -> tuple[Floats, Floats]:
        """Return the chance and the pace at which people go on, 1 at places where nobody decides."""
        chance, pace = np.ones(rows.size), np.ones(rows.size)
        here = self._decides[route, stage].nonzero()[0]
        chance[here], pace[here] = self._chance_and_pace(rows[here], route[here], stage[here], day)
        return chance, pace

    def _leave_origin(self, rows: Rows, goes: NDArray[np.bool_]) -> None:
        people, now = self._population, self._clock.now
        setting_out = rows[goes]
        people.move(rows[~goes], State.STAYED_ORIGIN, now)
        people.move(setting_out, State.TRAVELLING, now)
        self._tally.count_by("set_out", people.group[setting_out])

    def _leave_stop(self, rows: Rows, goes: NDArray[np.bool_]) -> None:
        people, now = self._population, self._clock.now
        place = self._place_of(rows)
        people.move(rows[~goes], State.STAYED_ELSEWHERE, now, place[~goes])
        people.move(rows[goes], State.TRAVELLING, now, place[goes])
        self._tally.count_by("moved_on", place[~goes])

    def _die(self, rows: Rows) -> None:
        people = self._population
        people.move(rows, State.DEAD, self._clock.now, self._place_of(rows))
        self._tally.count_by("transit_deaths", people.group[rows])

    def _place_of(self, rows: Rows) -> NDArray[np.int16]:
        """Return the place that people have come to on their route."""
        return np.asarray(self._routes.place_at[self._population.route[rows], self._population.stage[rows]])

    def _reach_coast(self, rows: Rows, day: int) -> None:
        people = self._population
        people.move(rows, State.CAMP, self._clock.now, self._place_of(rows))
        people.next_choice[rows] = day
        self._beliefs.join(rows)
        self._tally.count_by("reached_coast", people.group[rows])

    def _travel(self, rows: Rows, route: Codes, stage: Codes, u: Floats, pace: Floats, day: int) -> None:
        """Set the day on which people reach the next place of their route."""
        days = lognormal(u, self._routes.leg_days[route, stage] * pace, self.block.travel_spread)
        self._due[rows] = day + np.maximum(np.rint(days), 1.0).astype(np.int32)

    def _arriving(self, day: int) -> Rows:
        """Return travellers due today, in row order."""
        first = self._travelling_from
        return first + np.flatnonzero(self._due[first : self._population.entered] == day)

    def _review(self, day: int) -> None:
        """Leave out, from tomorrow on, the first rows, of whom nobody is under way any more."""
        first, entered = self._travelling_from, self._population.entered
        under_way = np.flatnonzero(self._due[first:entered] > day)
        self._travelling_from = first + int(under_way[0]) if under_way.size else entered

    def _choose_route(self, rows: Rows, u: Floats) -> NDArray[np.int16]:
        """Choose among the routes of the group by a logit on cost over wealth."""
        people = self._population
        group = people.group[rows]
        cost = self._route_cost.take(group, axis=1) / people.wealth[rows]
        weight = np.exp(self.block.route_rationality * (cost.min(axis=0) - cost))
        passed = np.cumsum(weight, axis=0) <= u * weight.sum(axis=0)
        nth = np.minimum(passed.sum(axis=0), self._route_number[group] - 1)
        return np.asarray(self._route_index[nth, group], dtype=np.int16)

    def _chance_and_pace(self, rows: Rows, route: Codes, stage: Codes, day: int) -> tuple[Floats, Floats]:
        """Return the chance that people go on from a stop, and how long they would take over the usual time.

        They hurry where that brings them in before a door closes and is worth its cost.
        """
        left, block = self._days_left[route, stage], self.block
        utility, pace = self._utility(rows, day + left), np.ones(rows.size)
        forgone = self._waiting_at_home(rows, stage, day)
        if rows.size and self._beliefs.turns(day, day + float(left.max()) + self._reckoned()[1]):
            in_haste = self._utility(rows, day + block.haste * left) - block.haste_cost
            hurries = in_haste > utility
            utility, pace[hurries] = np.maximum(utility, in_haste), block.haste
        return special.expit(self._intercept[route] + block.route_rationality * (utility - forgone)), pace

    def _waiting_at_home(self, rows: Rows, stage: Codes, day: int) -> Floats:
        """Return what those who have not left would forgo by leaving: a legal place applied for at home."""
        at_home = np.flatnonzero(stage == 0)
        forgone = np.zeros(rows.size)
        at_home = at_home[self._may_apply_at_home(rows[at_home])]
        if at_home.size:
            beliefs, values, group = self._beliefs, self._values, self._population.group[rows[at_home]]
            worth = values.of_groups(beliefs.change("grant"), beliefs.change("work"))
            admitted = self._options.admitted(values.of_people(rows[at_home], worth))
            gain = np.maximum(admitted - values.outside[group], 0.0)
            forgone[at_home] = beliefs.group_believed("legal", day, group) * gain
        return forgone

    def _utility(self, rows: Rows, at_coast: Floats) -> Floats:
        """Return the utility of the best way across, for people who would reach the coast on a given day."""
        people, beliefs, values = self._population, self._beliefs, self._values
        group = people.group[rows]
        when = np.floor(at_coast + self._reckoned()[1])
        stop, death, settle, returned = (beliefs.group_believed(each, when, group) for each in _OF_A_LANDING)
        worth = values.of_groups(beliefs.change("grant"), beliefs.change("work"))
        whole, outside = values.of_people(rows, worth), values.outside[group]
        best = best_way(
            stop, death, settle, returned, whole, people.wealth[rows], outside,
            self._options.lorry_within_reach(rows), self._options.ways(*self._reckoned()),
        )  # fmt: skip
        may_apply = self._may_apply(rows)
        if not may_apply.any():
            return best
        otherwise = np.maximum(best, outside)  # what applying must beat to be worth the journey
        chance = beliefs.group_believed("legal", when, group)
        legal = self._options.by_applying(chance, whole, otherwise, outside)
        return np.where(may_apply, best + np.maximum(legal - otherwise, 0.0), best)

    def _reckoned(self) -> tuple[float, float]:
        """Return the price and wait people on the way reckon with today, asked for once a day."""
        today = self._clock.day
        if self._heard[0] != today:
            self._heard = today, self._options.reckoned(self._offers())
        return self._heard[1]

    # what is worked out once -------------------------------------------------------------------

    def _baseline_intercepts(self) -> Floats:
        """Return, for every route, the logit intercept that makes baseline participation true.

        Under first beliefs and reference price, the mean over people (their spread, wealth, ties and
        lorries within reach) of going on at every decision of the route is `baseline_participation`.
        """
        utility, weight = self._reference_utilities()
        known = np.array([[route.group for route in self._routes.routes], self._decides.sum(axis=1)])
        (group, decisions), kind = np.unique(known, axis=1, return_inverse=True)  # many are alike
        pull = self.block.route_rationality * utility[group]
        low = special.logit(self.block.baseline_participation) - pull.max(axis=1) - 1.0
        high = low + 2.0 + np.ptp(pull, axis=1) + np.log(decisions) * 4.0
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            goes = (special.expit(middle[:, None] + pull) ** decisions[:, None] * weight[group]).sum(axis=1)
            enough = goes >= self.block.baseline_participation
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        return np.asarray(((low + high) / 2)[kind])

    def _reference_utilities(self) -> tuple[Floats, Floats]:
        """Return the utility of crossing under first beliefs, over the people of every group.

        Returns
        -------
        tuple of ndarray, both of shape (groups, points)
            Utilities and weights, at equally likely values of spread and wealth, with and without ties
            and a lorry within reach.
        """
        values, first, groups = self._values, self._beliefs.first, self._routes.corridor.groups
        stop, death, settle, returned = (np.array(first[each]) for each in _OF_A_LANDING)
        ways = self._options.ways(values.block.reference_price, values.block.reference_wait)
        reach = self._options.lorry_reach
        z = special.ndtri((np.arange(_POINTS) + 0.5) / _POINTS)
        spread, wealth_z = np.exp(values.block.spread * z)[:, None, None], z[:, None]
        utilities, weights = [], []
        for group, arriving, outside in zip(groups, values.of_groups(), values.outside, strict=True):
            wealth = group.wealth_median * np.exp(group.wealth_sigma * wealth_z)
            whole = arriving * spread + values.block.ties * np.array([0.0, 1.0])
            boat, either = (
                best_way.over_arrays(
                    stop, death, settle, returned, whole, wealth, outside, np.array(lorry), ways
                )
                for lorry in (False, True)
            )
            utilities.append(np.concatenate([boat.ravel(), either.ravel()]))
            ties = np.array([1.0 - group.ties_share, group.ties_share])
            weight = np.broadcast_to(ties / _POINTS**2, boat.shape).ravel()
            weights.append(np.concatenate([(1.0 - reach) * weight, reach * weight]))
        return np.array(utilities), np.array(weights)

    def _tabulate(self, routes: RouteNetwork) -> None:
        """Work out, for every route, where one decides, what is left of it, and the base chance."""
        places = routes.corridor.places
        stop_kind = np.array([place.kind in _DECIDE_AT for place in places])
        self._decides = stop_kind[routes.place_at] & (routes.place_at >= 0)
        self._decides[:, 0] = True
        self._last_stop = routes.stops.astype(np.intp) - 1
        whole = routes.leg_days.sum(axis=1, keepdims=True)
        self._days_left = np.hstack([whole, whole - np.cumsum(routes.leg_days, axis=1)])
        by_group = [routes.routes_of(group.code) for group in routes.corridor.groups]
        widest = max(map(len, by_group))
        self._route_number = np.array([len(known) for known in by_group])
        self._route_index = np.zeros((widest, len(by_group)), dtype=np.int16)
        self._route_cost = np.full((widest, len(by_group)), np.inf)
        for code, known in enumerate(by_group):
            self._route_index[: len(known), code] = [route.index for route in known]
            self._route_cost[: len(known), code] = [route.cost for route in known]
