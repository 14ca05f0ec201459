"""Natural experiments: what the Channel's own rules, unchanged, make of ten policies of the past.

Every world is run under the same seeds with the bundle of policies and without it. No parameter of
behaviour differs from the Channel's defaults in any of them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from crossings.errors import unknown
from crossings.model import run
from crossings.outcomes.result import Result
from crossings.parameters import Block, param
from crossings.policies import LegalRoute
from crossings.study import trunks
from crossings.study.branching import plan
from crossings.study.estimates import Estimate, mean, ratio, student
from crossings.study.natural_cases import CASES, NATIONALITIES, Case, Window
from crossings.study.reproductions import Findings, Work, reproduction
from crossings.study.workers import number_of_workers

Floats = NDArray[np.float64]
Numbers = dict[str, float]
"""Name of a window -> number counted in one run."""
Counts = dict[str, Numbers]
"""World -> what was counted in it, under one seed."""

WORLDS = ("without", "with")

PER_THOUSAND = 1_000.0


class Settings(Block):
    """Which cases are run, and how often."""

    cases: tuple[str, ...] = param((), "Cases that are run; all if none is named")
    seeds: int = param(30, "Seeds, the same for both worlds of a case", min_value=2)
    twice: int = param(10, "Seeds of cases run again with twice as many people", min_value=2)


@reproduction("natural-experiments", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run every case with its bundle and without it, seed by seed."""
    seeds = range(work.seed, work.seed + work.number(settings.seeds, least=2))
    cases = [_case(name) for name in settings.cases or CASES]
    fewer = seeds[: work.number(settings.twice, least=2)]
    steps = itertools.count(1)
    total = len(WORLDS) * sum(len(seeds) + (len(fewer) if case.twice else 0) for case in cases)
    counts: dict[str, list[Counts]] = {}
    estimates: dict[str, Estimate] = {}

    def report() -> None:
        work.report(next(steps), total)

    for case in cases:
        counts[case.name] = _runs_of(case, seeds, work, report)
        estimates |= effects(case, counts[case.name]) | _special(case, counts[case.name])
        if case.twice:
            larger = _runs_of(case, fewer, work, report, size=2.0)
            estimates[f"{case.name}.twice"] = _difference(
                effects(case, larger)[case.twice], estimates[case.twice], len(fewer)
            )
    tables = {"effects": _table(cases, counts, estimates), "cases": _what(cases)}
    return Findings(estimates, tables, f"{len(cases)} cases, {len(seeds)} seeds of two worlds each")


def _case(name: str) -> Case:
    if name not in CASES:
        raise unknown("case", name, CASES)
    return CASES[name]


# running -------------------------------------------------------------------------------------------


def _runs_of(
    case: Case, seeds: Sequence[int], work: Work, report: Callable[[], None], size: float = 1.0
) -> list[Counts]:
    """Run both worlds of a case under every seed; what they share before the bundle is run once.

    Where the system cannot do that, or a run was lost, runs are made from their beginning, one by one.
    """
    worlds, workers = case.worlds(size), number_of_workers(work.processes)
    runs = [(worlds[world], seed) for seed in seeds for world in WORLDS]
    numbered = [(number, scenario, seed) for number, (scenario, seed) in enumerate(runs)]
    trees = plan(numbered, workers).trees if trunks.available() else ()
    made: dict[int, Numbers] = {}
    with closing(trunks.grow(trees, workers, of_run)) as grown:
        for number, gave in grown:
            if not isinstance(gave, trunks.Withered):
                made[number] = gave
                report()
    for number, (scenario, seed) in enumerate(runs):
        if number not in made:
            made[number] = of_run(run(scenario, seed=seed))
            report()
    each = len(WORLDS)
    return [
        {world: made[each * nth + place] for place, world in enumerate(WORLDS)} for nth in range(len(seeds))
    ]


def of_run(result: Result, _spared_days: int = 0) -> Numbers:
    """Return what a run of a case counts.

    Parameters
    ----------
    result
        The run; its scenario's name tells the case.

    Returns
    -------
    dict
        The windows by name, ``before``, and ``deaths`` and ``attempts`` from the first day judged to the
        last.
    """
    case = next(case for case in CASES.values() if case.scenario == result.name)
    whole = _whole(case)
    made = {name: counted(result, window) for name, window in case.windows.items()}
    return made | {
        "before": counted(result, case.before),
        "deaths": counted(result, replace(whole, outcome="deaths")),
        "attempts": counted(result, replace(whole, outcome="attempts")),
    }


def _whole(case: Case) -> Window:
    """Return the dates from the first day judged to the last."""
    windows = case.windows.values()
    return Window(min(each.first for each in windows), max(each.last for each in windows))


def counted(result: Result, window: Window) -> float:
    """Return what a run counts in a window.

    Raises
    ------
    InputError
        If a group or place named in it is none that the run counts by.
    """
    if not window.keys:
        return float(result.daily.loc[str(window.first) : str(window.last), window.outcome].sum())
    some = result.by[result.by["outcome"] == window.outcome]
    known = set(some["key"])
    for key in window.keys:
        if key not in known:
            raise unknown(f"key of {window.outcome}", key, known)
    within = some["date"].between(str(window.first), str(window.last))
    named = some["key"].isin(window.keys)
    return float(some.loc[within & (named ^ window.others), "value"].sum())


# judging -------------------------------------------------------------------------------------------


def effects(case: Case, counts: list[Counts]) -> dict[str, Estimate]:
    """Return the paired effect in every window of a case."""
    made = {}
    for name in case.windows:
        without, with_bundle = _column(counts, "without", name), _column(counts, "with", name)
        made[name] = ratio(with_bundle - without, without)
    return made


def _difference(one: Estimate, other: Estimate, seeds: int) -> Estimate:
    """Return by how much one effect differs from another, found by other runs."""
    error = math.hypot(one.error or 0.0, other.error or 0.0)
    return student(one.value - other.value, error, seeds - 1)


def _special(case: Case, counts: list[Counts]) -> dict[str, Estimate]:
    """Return what a case finds beside the effects of its windows."""
    find = _SPECIAL.get(case.name)
    return find(case, counts) if find else {}


def _load(_case: Case, counts: list[Counts]) -> dict[str, Estimate]:
    """Return by how much more people a boat carries after the arrest: a ratio of ratios, linearised."""
    loads = {}
    for world in ("without", "with"):
        people, boats = (_column(counts, world, f"supplier.{what}") for what in ("people", "boats"))
        loads[world] = people / np.maximum(boats, 1.0)
    return {"supplier.load": ratio(loads["with"] - loads["without"], loads["without"])}


def _displaced(_case: Case, counts: list[Counts]) -> dict[str, Estimate]:
    """Return the boats that came from elsewhere instead, over those that did not come from Mauritania."""
    gained, lost = (
        _column(counts, "with", name) - _column(counts, "without", name)
        for name in ("mauritania.elsewhere", "mauritania.effect")
    )
    return {"mauritania.displaced": ratio(gained, -lost)}


def _order(case: Case, counts: list[Counts]) -> dict[str, Estimate]:
    """Return the rank correlation between places over flow and the fall of arrivals, by nationality."""
    policies = case.worlds()["with"].policies
    generous, fall = [], []
    for name in NATIONALITIES:
        route = policies[f"parole_{name.lower()}"]
        assert isinstance(route, LegalRoute)
        flow = _column(counts, "without", f"chnv.{name.lower()}")
        generous.append(route.places_per_week / float(flow.mean()))
        fall.append(1.0 - _column(counts, "with", f"chnv.{name.lower()}") / np.maximum(flow, 1.0))
    return {"chnv.order": mean([_in_order(generous, seed) for seed in np.array(fall).T])}


def _in_order(one: list[float], other: Floats) -> float:
    """Return Spearman's rank correlation, 0 where all are equal and nothing is in any order."""
    return float(stats.spearmanr(one, other).statistic) if np.ptp(other) > 0.0 else 0.0


_SPECIAL: Mapping[str, Callable[[Case, list[Counts]], dict[str, Estimate]]] = {
    "supplier": _load,
    "mauritania": _displaced,
    "chnv": _order,
}


def _column(counts: list[Counts], world: str, name: str) -> Floats:
    return np.array([each[world][name] for each in counts])


# telling -------------------------------------------------------------------------------------------


def _table(
    cases: list[Case], counts: Mapping[str, list[Counts]], estimates: Mapping[str, Estimate]
) -> pd.DataFrame:
    """Return one row for each quantity: the effect, the raw change in the model, and deaths beside both."""
    rows: list[dict[str, Any]] = []
    for case in cases:
        of_case = partial(_column, counts[case.name])
        died = {world: float(of_case(world, "deaths").mean()) for world in ("without", "with")}
        tried = {world: float(of_case(world, "attempts").mean()) for world in ("without", "with")}
        for name, estimate in estimates.items():
            if name.split(".")[0] != case.name:
                continue
            rows.append(
                {
                    "case": case.name,
                    "title": case.title,
                    "quantity": name,
                    "effect": estimate.value,
                    "low": estimate.low,
                    "high": estimate.high,
                    "raw_change": _raw(case, name, of_case),
                    "deaths_without": died["without"],
                    "deaths_with": died["with"],
                    "deaths_per_thousand_tries": PER_THOUSAND * died["with"] / max(tried["with"], 1.0),
                }
            )
    return pd.DataFrame(rows)


def _raw(case: Case, name: str, of_case: Callable[[str, str], Floats]) -> float:
    """Return the change of the daily rate from before the bundle to a window, with the bundle."""
    window = case.windows.get(name)
    before = float(of_case("with", "before").mean()) / case.before.days
    alike = window is not None and (window.outcome, window.keys, window.others) == (
        case.before.outcome,
        case.before.keys,
        case.before.others,
    )
    if window is None or not alike or before == 0.0:
        return float("nan")
    return float(of_case("with", name).mean()) / window.days / before - 1.0


def _what(cases: list[Case]) -> pd.DataFrame:
    """Return what each case tests, what was put in, and what was not."""
    return pd.DataFrame(
        [(case.name, case.title, case.tests, case.given, case.open_) for case in cases],
        columns=["case", "title", "tests", "put_in", "not_put_in"],
    )
