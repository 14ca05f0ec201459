"""One person's way from a detention bed to the flight, step by step.

Bed, referral by a caseworker, the partner's reply, preparation of the removal, notice, a challenge
in court where one is brought, a seat on the weekly flight. Every step may end the procedure. How
long a step takes and how it turns out is the person's own luck, drawn when the case begins, so
that two policies under one seed treat the same person alike.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from crossings.authorities.cases import Case, Released, Steps
from crossings.authorities.detention import Detention
from crossings.authorities.flights import Flights
from crossings.authorities.office import Office
from crossings.authorities.stage_log import StageLog
from crossings.authorities.stages import Delay, Stage
from crossings.parameters import Block, param
from crossings.population import rows_for
from crossings.streams import Floats, lognormal

PILOT = "press and Home Office on the UK-France agreement"
DRAWS = 8
"""Uniforms a case needs: one for each line of `plans`."""


class ProcedureBlock(Block):
    """How long the steps of a return take, and how they end."""

    caseworkers: int = param(
        24, "Caseworkers who prepare referrals", unit="person", low=12, high=60, min_value=0
    )
    caseworker_cost: float = param(
        200.0,
        "Cost of a caseworker, on every day the returns office works",
        unit="GBP/day",
        low=120.0,
        high=300.0,
        min_value=0.0,
    )
    referral_days: float = param(
        1.2,
        "Median time of a caseworker for one referral",
        unit="day",
        low=0.5,
        high=2.5,
        source=f"assumed, so that referral falls within 3 days of arrival ({PILOT})",
        min_value=0.0,
    )
    longest_queue: float = param(
        5.0,
        "Expected wait for a caseworker at which nobody more is selected",
        unit="day",
        low=2.0,
        high=10.0,
        min_value=0.0,
    )
    referral_limit: float = param(
        14.0,
        "Latest referral after arrival; later ones are not made",
        unit="day",
        low=7.0,
        high=21.0,
        source=PILOT,
        min_value=0.0,
    )
    reply_days: float = param(
        9.0, "Median time of the partner's reply", unit="day", low=4.0, high=14.0, min_value=0.0
    )
    reply_limit: float = param(
        14.0, "Latest reply of the partner", unit="day", low=7.0, high=30.0, source=PILOT, min_value=0.0
    )
    refused: float = param(
        0.06, "Chance that the partner refuses", low=0.0, high=0.2, min_value=0.0, max_value=1.0
    )
    preparation_days: float = param(
        18.0,
        "Median time from the partner's consent to notice of removal",
        unit="day",
        low=8.0,
        high=30.0,
        source=f"assumed, to make up the 44 days the first cohort took ({PILOT})",
        min_value=0.0,
    )
    spread: float = param(
        0.4,
        "Standard deviation of the logarithm of each of these times",
        unit="log",
        low=0.2,
        high=0.8,
        min_value=0.0,
        max_value=5,
    )
    unfit: float = param(
        0.07,
        "Chance of being found a child, a victim of trafficking or unfit to travel during preparation",
        low=0.0,
        high=0.2,
        min_value=0.0,
        max_value=1.0,
    )
    notice_days: float = param(
        5.0, "Notice of removal", unit="day", low=3.0, high=7.0, source=PILOT, min_value=0.0
    )
    challenge: float = param(
        0.2, "Chance of a challenge in court", low=0.05, high=0.6, min_value=0.0, max_value=1.0
    )
    relief: float = param(
        0.2,
        "Chance that a challenge is granted interim relief",
        low=0.05,
        high=0.5,
        source=f"{PILOT}: one of five reported bids",
        min_value=0.0,
        max_value=1.0,
    )
    relief_days: float = param(
        14.0, "Length of interim relief", unit="day", low=7.0, high=42.0, source=PILOT, min_value=0.0
    )
    challenge_won: float = param(
        0.5,
        "Chance that someone with interim relief is released in the end",
        low=0.1,
        high=0.9,
        min_value=0.0,
        max_value=1.0,
    )
    limit_days: float = param(
        90.0,
        "Longest time from arrival to hand-over; then release",
        unit="day",
        low=60.0,
        high=180.0,
        source=f"{PILOT}: three months",
        min_value=1.0,
    )
    repeat_speed: float = param(
        0.3,
        "Multiple of the time of reply and preparation for someone returned before",
        low=0.1,
        high=1.0,
        source=f"assumed, from 18 days against 44 for one repeat crosser ({PILOT})",
        min_value=0.0,
    )


@dataclass(frozen=True)
class Plan:
    """What lies ahead of one person in the procedure, as luck has it."""

    referral: float
    reply: float
    refused: bool
    preparation: float
    unfit: bool
    challenged: bool
    relieved: bool
    won: bool


def plans(block: ProcedureBlock, luck: Floats, speed: Floats) -> list[Plan]:
    """Turn each person's luck into their plan.

    Parameters
    ----------
    block
        Times and chances.
    luck
        Uniforms, shape (`DRAWS`, n).
    speed
        Multiple of the times of reply and preparation, shape (n,).
    """
    reply = np.minimum(lognormal(luck[1], block.reply_days, block.spread), block.reply_limit)
    columns = (
        lognormal(luck[0], block.referral_days, block.spread),
        reply * speed,
        luck[2] < block.refused,
        lognormal(luck[3], block.preparation_days, block.spread) * speed,
        luck[4] < block.unfit,
        luck[5] < block.challenge,
        luck[6] < block.relief,
        luck[7] < block.challenge_won,
    )
    return [Plan(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


class Procedure:
    """The stages of returns, shared by all policies that return people.

    Parameters
    ----------
    block
        Times and chances.
    detention
        The beds.
    office
        The run.
    """

    def __init__(self, block: ProcedureBlock, detention: Detention, office: Office) -> None:
        clock = office.clock
        self.block = block
        self.detention = detention
        self.caseworkers = Stage(
            clock, "caseworkers", rows_for(block.caseworkers, office.population.stands_for)
        )
        self.reply = Delay(clock, "reply")
        self.preparation = Delay(clock, "preparation")
        self.notice = Delay(clock, "notice")
        self.relief = Delay(clock, "interim relief")
        self._clock = clock
        self._tally = office.tally
        self._group = office.population.group

    @property
    def logs(self) -> list[StageLog]:
        """The count of every stage, in the order in which people reach them."""
        delays = (self.reply, self.preparation, self.notice, self.relief)
        return [self.detention.log, self.caseworkers.log, *(delay.log for delay in delays)]

    def room(self, opened: int = 0) -> int:
        """Return how many more people can be taken today: beds, and caseworkers to refer them in time.

        Parameters
        ----------
        opened
            Cases opened at this instant, which have a bed and are about to ask for a caseworker.
        """
        waiting, staff = len(self.caseworkers.queue) + opened, float(self.caseworkers.capacity)
        in_time = self.block.longest_queue * staff / max(self.block.referral_days, 1e-9)
        return max(0, min(self.detention.free, int(in_time) - waiting))

    def steps(self, case: Case, plan: Plan, flights: Flights) -> Steps:
        """Lead a person who has a bed to their seat on a flight.

        Raises
        ------
        Released
            When a step ends the procedure.
        """
        yield from self._refer(case, plan)
        yield from self._await_reply(case, plan)
        yield from self._prepare(plan)
        yield from self._give_notice(case, plan)
        with case.request(flights) as seat:
            yield seat

    def _refer(self, case: Case, plan: Plan) -> Steps:
        with case.request(self.caseworkers) as caseworker:
            yield caseworker
            if self._clock.now + plan.referral - case.landed > self.block.referral_limit:
                raise Released("referral too late")  # seen at once, so no time is lost on it
            yield self._clock.env.timeout(plan.referral)
        self._count("referred", case)

    def _await_reply(self, case: Case, plan: Plan) -> Steps:
        with self.reply.passing():
            yield self._clock.env.timeout(plan.reply)
            if plan.refused:
                self._count("partner_refused", case)
                raise Released("partner refused")

    def _prepare(self, plan: Plan) -> Steps:
        with self.preparation.passing():
            # Somebody found ineligible is found so half-way through, on average.
            yield self._clock.env.timeout(plan.preparation * (0.5 if plan.unfit else 1.0))
            if plan.unfit:
                raise Released("ineligible")

    def _give_notice(self, case: Case, plan: Plan) -> Steps:
        with self.notice.passing():
            yield self._clock.env.timeout(self.block.notice_days)
        if not plan.challenged:
            return
        self._count("challenged", case)  # a bid without relief is heard within the notice
        if plan.relieved:
            with self.relief.passing():
                yield self._clock.env.timeout(self.block.relief_days)
                if plan.won:
                    raise Released("challenge won")

    def _count(self, outcome: str, case: Case) -> None:
        self._tally.count_by(outcome, self._group[case.row : case.row + 1])
