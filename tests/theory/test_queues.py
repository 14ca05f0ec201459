"""The beds against queueing theory: Erlang's formulas, on the class that the model uses.

Each comparison takes independent replications, drops the beginning of each, and asks whether the
exact value lies within a Student interval around their mean. The level is `ALARM`, so a correct
program fails one of the eight comparisons with a chance of at most 8e-4 under fresh seeds; the seeds
are fixed, so these tests always give the same answer. Each also checks that it can tell: the same
interval must leave out the exact value for one bed more and one bed fewer.

References
----------
.. [1] A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in
   automatic telephone exchanges", 1917 (formulas B and C).
.. [2] B. A. Sevast'yanov, "An ergodic theorem for Markov processes and its application to telephone
   systems with refusals", Theory Probab. Appl. 2 (1957), doi:10.1137/1102005 (insensitivity).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
from scipy import stats
from tests.shore import EPOCH

from crossings.authorities import Detention, DetentionBlock, StageReport
from crossings.authorities.cases import Case, Released, Steps
from crossings.clock import Clock
from crossings.streams import Floats, Streams, exponential, identity, lognormal

ALARM = 1e-4
"""Chance that a comparison fails although the program is right."""

REPLICATIONS = 24
DROPPED = 400
KEPT = 2_000
MEAN_STAY = 10.0


@dataclass(frozen=True)
class Visit:
    """Whether one person was served, after how long a wait, and for how long."""

    served: bool
    waited: float
    stayed: float = 0.0


def erlang_b(beds: int, load: float) -> float:
    """Return the share turned away where nobody waits, by the recursion in the number of beds."""
    blocked = 1.0
    for bed in range(1, beds + 1):
        blocked = load * blocked / (bed + load * blocked)
    return blocked


def erlang_c(beds: int, load: float) -> float:
    """Return the share who have to wait where everybody does."""
    blocked = erlang_b(beds, load)
    return beds * blocked / (beds - load * (1.0 - blocked))


def simulate(
    beds: int, load: float, stays: Callable[[Floats], Floats], *, patient: bool, seed: int
) -> tuple[list[Visit], StageReport, float]:
    """Let people arrive as a Poisson stream and stay; return visits, the beds' own count, and the days."""
    clock, number = Clock(EPOCH), DROPPED + KEPT
    detention = Detention(DetentionBlock(beds=beds), clock)
    keys = identity("person", 0, np.arange(number))
    gap, stay = Streams(seed).uniforms("queue", keys, 0, 2)
    arrivals = np.cumsum(exponential(gap, MEAN_STAY / load))
    visits: list[Visit] = []

    def steps(case: Case, days: float) -> Steps:
        asked = clock.now
        with case.request(detention) as bed:
            if not patient and not bed.triggered:
                visits.append(Visit(False, 0.0))
                raise Released("no bed")
            yield bed
            visits.append(Visit(True, clock.now - asked, days))
            yield clock.env.timeout(days)

    def arrive(row: int, days: float) -> None:
        case = Case(clock, row, row)
        case.start(lambda: steps(case, days), lambda _outcome: None)

    for row, (time, days) in enumerate(zip(arrivals.tolist(), stays(stay).tolist(), strict=True)):
        clock.at(time, lambda row=row, days=days: arrive(row, days))
    clock.env.run()
    assert detention.count == len(detention.queue) == 0
    return visits, detention.log.report(), clock.now


def interval(sample: list[float]) -> tuple[float, float]:
    """Return Student's interval for the mean at the level `ALARM`."""
    mean, error = float(np.mean(sample)), float(stats.sem(sample))
    half = float(stats.t.ppf(1.0 - ALARM / 2.0, len(sample) - 1)) * error
    return mean - half, mean + half


def exponential_stays(u: Floats) -> Floats:
    return exponential(u, MEAN_STAY)


def lognormal_stays(u: Floats) -> Floats:
    """As spread out as stays in detention are: sigma 1.3 (Home Office detention statistics)."""
    return lognormal(u, MEAN_STAY * np.exp(-(1.3**2) / 2.0), 1.3)


def equal_stays(u: Floats) -> Floats:
    return np.full(u.size, MEAN_STAY)


def replicate(
    beds: int,
    load: float,
    stays: Callable[[Floats], Floats],
    measure: Callable[[list[Visit]], float],
    *,
    patient: bool,
) -> list[float]:
    runs = (simulate(beds, load, stays, patient=patient, seed=seed)[0] for seed in range(REPLICATIONS))
    return [measure(visits[DROPPED:]) for visits in runs]


@pytest.mark.parametrize(("beds", "load"), [(6, 4.5), (20, 16.0)])
def test_share_who_wait_is_erlangs_c(beds: int, load: float) -> None:
    def share(visits: list[Visit]) -> float:
        return float(np.mean([visit.waited > 0.0 for visit in visits]))

    low, high = interval(replicate(beds, load, exponential_stays, share, patient=True))
    assert low < erlang_c(beds, load) < high
    assert not low < erlang_c(beds + 1, load) < high
    assert not low < erlang_c(beds - 1, load) < high


def test_mean_wait_in_the_queue_with_several_beds() -> None:
    beds, load = 6, 4.5

    def mean(visits: list[Visit]) -> float:
        return float(np.mean([visit.waited for visit in visits]))

    low, high = interval(replicate(beds, load, exponential_stays, mean, patient=True))
    exact = [erlang_c(c, load) * MEAN_STAY / (c - load) for c in (beds - 1, beds, beds + 1)]
    assert low < exact[1] < high
    assert not low < exact[0] < high
    assert not low < exact[2] < high


@pytest.mark.parametrize("beds", [5, 12])
@pytest.mark.parametrize("stays", [exponential_stays, lognormal_stays])
def test_share_turned_away_is_erlangs_b_whatever_the_stays(
    beds: int, stays: Callable[[Floats], Floats]
) -> None:
    def share(visits: list[Visit]) -> float:
        return float(np.mean([not visit.served for visit in visits]))

    load = float(beds)
    low, high = interval(replicate(beds, load, stays, share, patient=False))
    assert low < erlang_b(beds, load) < high
    assert not low < erlang_b(beds + 1, load) < high
    assert not low < erlang_b(beds - 1, load) < high


def test_equal_stays_turn_away_as_many() -> None:
    def share(visits: list[Visit]) -> float:
        return float(np.mean([not visit.served for visit in visits]))

    low, high = interval(replicate(10, 10.0, equal_stays, share, patient=False))
    assert low < erlang_b(10, 10.0) < high
    assert not low < erlang_b(11, 10.0) < high
    assert not low < erlang_b(9, 10.0) < high


def test_littles_law_holds_exactly_in_the_beds_own_count() -> None:
    """Queue and occupancy integrated over time are the waits and the stays summed over people."""
    visits, report, days = simulate(6, 5.0, exponential_stays, patient=True, seed=3)
    waited, stayed = sum(visit.waited for visit in visits), sum(visit.stayed for visit in visits)
    assert report.entered == len(visits)
    assert waited > 0.0
    assert report.mean_queue * days == pytest.approx(waited)
    assert report.mean_inside * days == pytest.approx(stayed)
    assert report.mean_wait == pytest.approx(waited / len(visits))
    assert report.mean_stay == pytest.approx(stayed / len(visits))
    assert report.use == pytest.approx(stayed / (6 * days))


def test_erlangs_formulas_against_the_tables() -> None:
    # T. O. Engset's and Erlang's printed values: B(10, 5) and C(10, 8).
    assert erlang_b(10, 5.0) == pytest.approx(0.018385, abs=5e-7)
    assert erlang_c(10, 8.0) == pytest.approx(0.409180, abs=5e-6)
