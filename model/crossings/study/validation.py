"""Validation: history run again over the posterior, and what each pattern is then.

Three kinds of runs. *Draws*: history at draws of the posterior, demand of each draw included, a seed each.
*Chance*: the draw nearest the mean, with the median of demand, under several seeds. *Pairs*: history with
and without a policy at draws of the posterior, with demand of the years after the policy carried on from
the year before it, so that nothing about demand is learnt from what the policy is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from crossings import model
from crossings.corridors.observed import observed
from crossings.errors import InputError, unknown
from crossings.outcomes.result import Result
from crossings.scenario import Scenario
from crossings.study.advance import DONE, Watcher
from crossings.study.axes import Axis
from crossings.study.calibration import CHANCE, HISTORY
from crossings.study.demand import FIRST_YEAR, settings_of
from crossings.study.patterns import measure
from crossings.study.posteriors import Posterior
from crossings.study.sweep_parts import Given
from crossings.study.sweeps import Sweep
from crossings.study.verdicts import Verdict, asked, coverage_verdict, derived, judge, policy_verdict

_DRAW_SEEDS, _CHANCE_SEEDS = 10_000, 20_000  # apart from those of calibration, which are its draws' numbers
DRAW = "draw"
_CENTRE = "centre"


@dataclass(frozen=True)
class Case:
    """A policy in history, and how its effect is measured.

    Attributes
    ----------
    policy
        Its name in the scenario `history`.
    known
        Last year from which demand may be known.
    opening, closing
        First and last date over which arrivals are compared.
    groups
        Nationalities it is about; nobody named means everyone.
    without
        Other policies of history that go with it.
    """

    policy: str
    known: int
    opening: date
    closing: date
    groups: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


CASES = {
    "albania": Case("albania", 2022, date(2023, 1, 1), date(2023, 12, 31), ("Albania",)),
    "rwanda": Case("rwanda", 2021, date(2022, 4, 14), date(2023, 4, 13), (), ("albania",)),
    "supplier": Case("supplier", 2024, date(2025, 3, 13), date(2025, 7, 12)),
}
"""Natural experiments within the years of history. Of Rwanda the first year counts, before the Albania
agreement had its effect; of the supplier, four months from the fourth month after the arrest."""

MEANWHILE = (date(2024, 11, 13), date(2025, 3, 12))
"""Four months after the supplier's arrest, when boats are fuller."""


def measured(scenario: Scenario, seed: int = 1) -> dict[str, float]:
    """Run history once as it is and return its patterns; its weather's seed is the seed of all."""
    result = _run(scenario, seed)
    return measure(result.daily, result.by)


def paired(scenario: Scenario, seed: int = 1, *, case: str) -> dict[str, float]:
    """Run history with and without a policy, and return the effect on arrivals.

    Returns
    -------
    dict
        ``all``; ``named`` and ``others`` where the policy is about nationalities; for the supplier
        ``per_boat``, the rise of people per boat meanwhile.
    """
    what = CASES[case]
    base = scenario.with_(**{f"policies.{name}": None for name in what.without})
    there = _run(base, seed)
    gone = _run(base.replace(f"policies.{what.policy}", None), seed)
    found = {"all": _effect(there, gone, what)}
    if what.groups:
        found |= {
            "named": _effect(there, gone, what, inside=True),
            "others": _effect(there, gone, what, inside=False),
        }
    if case == "supplier":
        found["per_boat"] = _per_boat(there) / _per_boat(gone) - 1.0
    return found


def _run(scenario: Scenario, seed: int) -> Result:
    own = seed if scenario.weather.seed is None else scenario.weather.seed
    return model.run(scenario.replace("weather.seed", None), seed=own)


def _effect(there: Result, gone: Result, what: Case, inside: bool | None = None) -> float:
    with_it, without = (_arrivals(result, what, inside) for result in (there, gone))
    return with_it / without - 1.0 if without else float("nan")


def _arrivals(result: Result, what: Case, inside: bool | None) -> float:
    by = result.by[result.by["outcome"] == "arrivals"]
    days = pd.to_datetime(by["date"])
    wanted = (days >= pd.Timestamp(what.opening)) & (days <= pd.Timestamp(what.closing))
    if inside is not None:
        wanted &= by["key"].isin(what.groups) == inside
    return float(by.loc[wanted, "value"].sum())


def _per_boat(result: Result) -> float:
    part = result.daily.loc[str(MEANWHILE[0]) : str(MEANWHILE[1])]
    return float(part["arrivals"].sum() / max(part["boats"].sum(), 1.0))


# ------------------------------------------------------------------------------- the runs


def history_runs(
    posterior: Posterior,
    draws: int,
    seeds: int,
    *,
    scenario: Scenario | str | Path = HISTORY,
    out: str | Path = Path("results/validation"),
) -> Sweep:
    """Return the runs of history: draws of the posterior, and its centre under several seeds."""
    base = Scenario.of(scenario)
    chosen = posterior.spread_out(draws)
    variants = {_called(k): posterior.history(k) for k in chosen}
    variants[_CENTRE] = posterior.central_history()
    points: list[dict[str, Any]] = [{DRAW: _called(k), CHANCE: _DRAW_SEEDS + k} for k in chosen]
    points += [{DRAW: _CENTRE, CHANCE: seed} for seed in chance_seeds(seeds)]
    axis = Axis(DRAW, variants=variants)
    return Sweep(
        base, Given(points, [axis]), design="table", name="history", title="History over the posterior",
        out=Path(out) / "history", run=measured,
    )  # fmt: skip


def chance_seeds(count: int) -> tuple[int, ...]:
    """Return the seeds under which the centre of the posterior is run."""
    return tuple(range(_CHANCE_SEEDS + 1, _CHANCE_SEEDS + count + 1))


def policy_runs(
    posterior: Posterior,
    case: str,
    pairs: int,
    *,
    scenario: Scenario | str | Path = HISTORY,
    out: str | Path = Path("results/validation"),
) -> Sweep:
    """Return the pairs of runs that measure a policy of history.

    Raises
    ------
    InputError
        If there is no such case.
    """
    if case not in CASES:
        raise unknown("case", case, CASES)
    what = CASES[case]
    end = max(what.closing, MEANWHILE[1]) if case == "supplier" else what.closing
    base = Scenario.of(scenario).with_(**{"end": end, "inflow.known_until": what.known})
    variants = {
        _called(k): posterior.behaviour(k, past=True) | _known_demand(posterior, k, what.known)
        for k in posterior.spread_out(pairs)
    }
    points: list[dict[str, Any]] = [{DRAW: name, CHANCE: _DRAW_SEEDS + int(name[1:])} for name in variants]
    return Sweep(
        base, Given(points, [Axis(DRAW, variants=variants)]), design="table", name=case,
        title=f"Effect of {case}", out=Path(out) / case, run=partial(paired, case=case),
    )  # fmt: skip


def _known_demand(posterior: Posterior, draw: int, known: int) -> dict[str, Any]:
    row = posterior.demand.iloc[draw].to_numpy(float)
    return settings_of(row[: known - FIRST_YEAR + 1])


def _called(draw: int) -> str:
    return f"d{draw:04d}"


# ---------------------------------------------------------------------------- what they say


@dataclass(frozen=True, eq=False)
class Validation:
    """What history over the posterior says.

    Attributes
    ----------
    verdicts
        One for each pattern, policies at the end.
    draws, chance
        Rows of runs over the posterior, and of the central draw over seeds.
    pairs
        Rows of effects by case.
    about
        What made it.
    """

    verdicts: tuple[Verdict, ...]
    draws: pd.DataFrame
    chance: pd.DataFrame
    pairs: Mapping[str, pd.DataFrame]
    about: Mapping[str, Any]

    @property
    def met(self) -> int:
        """Patterns whose median is in the band."""
        return sum(each.met for each in self.verdicts)


def validate(
    posterior: Posterior,
    draws: int = 40,
    seeds: int = 20,
    pairs: int = 12,
    *,
    scenario: Scenario | str | Path = HISTORY,
    cases: Sequence[str] = tuple(CASES),
    out: str | Path = Path("results/validation"),
    processes: int | None = None,
    progress: Watcher | None = None,
    accept_changes: bool = False,
) -> Validation:
    """Run what is missing and judge every pattern.

    Parameters
    ----------
    posterior
        Whose draws are run.
    draws, seeds, pairs
        Runs of history over draws, over seeds at one draw, and pairs for each policy.
    scenario
        History.
    cases
        Policies of `CASES` to judge.
    out
        Folder that keeps the runs; what is there is not run again.
    processes, progress, accept_changes
        As in `Sweep.run`.

    Raises
    ------
    InputError
        If runs cannot be made, or too few ended well.
    """
    sweeps = {"history": history_runs(posterior, draws, seeds, scenario=scenario, out=out)}
    sweeps |= {case: policy_runs(posterior, case, pairs, scenario=scenario, out=out) for case in cases}
    failed = sum(
        sweep.run(processes=processes, progress=progress, accept_changes=accept_changes).failed
        for sweep in sweeps.values()
    )
    rows = {name: _done(sweep) for name, sweep in sweeps.items()}
    past, seen = rows.pop("history"), observed(Scenario.of(scenario).corridor)
    by_seed = past[DRAW] == _CENTRE
    over, alone = derived(past[~by_seed]), derived(past[by_seed])
    verdicts = judge(asked(seen), over, alone)
    verdicts.insert(4, coverage_verdict(over, alone, seen))
    verdicts += [verdict for case in cases for verdict in policy_verdicts(case, rows[case])]
    about = {
        "draws": len(over), "seeds": len(alone), "pairs": {case: len(rows[case]) for case in cases},
        "failed": failed, "people_per_agent": sweeps["history"].base.people_per_agent,
        "identity": sweeps["history"].identity().digest[:16],
    }  # fmt: skip
    return Validation(tuple(verdicts), over, alone, rows, about)


def policy_verdicts(case: str, rows: pd.DataFrame) -> list[Verdict]:
    """Return the verdicts on one policy, with the raw change that was observed beside them."""
    if case == "albania":
        return [
            policy_verdict("Albania: Albanian arrivals", "2023", rows["named"], -0.93, (-0.97, -0.60)),
            policy_verdict("Albania: all others", "2023", rows["others"], -0.14, (-0.10, 0.10)),
        ]
    if case == "rwanda":
        return [policy_verdict("Rwanda: all arrivals", "Apr 2022-Apr 2023", rows["all"], None, (-0.10, 0.05))]
    return [
        policy_verdict("supplier: arrivals, months 5-8", "Mar-Jul 2025", rows["all"], None, (-0.10, 0.10)),
        policy_verdict("supplier: people per boat", "Nov 2024-Mar 2025", rows["per_boat"], 0.09, (0.0, 0.20)),
    ]


def _done(sweep: Sweep) -> pd.DataFrame:
    rows = sweep.results()
    good = rows[rows["status"] == DONE] if "status" in rows.columns else rows
    if good.empty:
        errors: Any = rows["error"].dropna() if "error" in rows.columns else []
        raise InputError(f"{sweep.name}: no run ended well ({next(iter(errors), 'none was made')})")
    return good.reset_index(drop=True)
