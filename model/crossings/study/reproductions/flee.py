"""Flee on a case of the user: every case in its file layout, and what was published of some.

What is found is said of any case; which cases something was published of is known by the fingerprint of
what was read.
"""

from __future__ import annotations

import numpy as np

from crossings.parameters import Block, param
from crossings.replicas.flee.case import emptied
from crossings.replicas.flee.comparing import GOOD, SETTLED, Comparison, compare
from crossings.replicas.flee.model import FleeModel
from crossings.replicas.flee.reading import read
from crossings.replicas.flee.rules import FleeBlock
from crossings.study.estimates import Estimate, mean
from crossings.study.reproductions import Findings, Work, reproduction

_REPORTED = (
    "ard",
    "rescaled-ard",
    "rescaled-ard.after-12",
    "rescaled-ard.after-12.max",
    "rescaled-ard.after-12.good",
    "rescaled-ard.last",
    "naive-rescaled-ard",
    "largest-first",
)


class Settings(Block):
    """How often a case is run, by which rules, and of which cases results were published."""

    seeds: int = param(5, "Runs, each with a seed of its own", min_value=1, max_value=1_000)
    rules: FleeBlock = FleeBlock()
    published: dict[str, str] = param({}, "Cases with published results: fingerprint by name")


@reproduction("flee", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run the case in the user's folder and compare it with the people counted."""
    assert work.data is not None  # the frame skips an experiment whose files are not there
    case, rules = read(work.data), settings.rules
    seeds = work.number(settings.seeds)
    entered, runs = [], []
    for number in range(seeds):
        model = FleeModel(case, rules, work.seed + number).run()
        entered.append(model.entered * rules.people_each)
        runs.append(model.simulated)
        work.report(number + 1, seeds)
    found = compare(emptied(case) if rules.empty_camps else case, runs, rules.people_each)
    estimates = {"people": mean(entered), **_differences(found), **_camps(found)}
    known = {fingerprint: name for name, fingerprint in settings.published.items()}
    return Findings(
        estimates=estimates,
        tables={"camps": found.by_camp(), "days": found.by_day(), "counts": found.long()},
        size=f"{case.name}, {case.days} days from {case.start}, {len(case.camps)} camps, "
        f"{max(entered):,} people; seeds {work.seed} to {work.seed + seeds - 1}",
        case=known.get(case.fingerprint, ""),
        reported=_REPORTED,
        shown=("days", "camps"),
    )


def _differences(found: Comparison) -> dict[str, Estimate]:
    """Return the averaged relative differences, as means over runs."""
    settled = found.rescaled[:, SETTLED + 1 :]
    settled = settled[:, np.isfinite(settled).all(axis=0)]  # days on which there is something to compare
    estimates = {
        "ard": _over_days(found.ard),
        "rescaled-ard": _over_days(found.rescaled),
        "rescaled-ard.last": _over_days(found.rescaled[:, -1:]),
        "naive-rescaled-ard": _over_days(found.naive[None]),
    }
    after = {f"rescaled-ard.after-{SETTLED}{end}": Estimate(np.nan) for end in ("", ".max", ".good")}
    if settled.size:
        found_after = (settled.mean(axis=1), settled.max(axis=1), (settled < GOOD).mean(axis=1))
        after = {name: mean(values) for name, values in zip(after, found_after, strict=True)}
    return estimates | after


def _over_days(differences: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Estimate:
    """Return the mean over the days on which there was something to compare, and over runs."""
    there = np.isfinite(differences)
    totals = np.where(there, differences, 0.0).sum(axis=1)
    numbers = there.sum(axis=1)
    return mean(np.divide(totals, numbers, out=np.full(len(totals), np.nan), where=numbers > 0))


def _camps(found: Comparison) -> dict[str, Estimate]:
    """Return the share of each camp on the last day, and whether the largest is the largest."""
    last = found.simulated[:, -1]
    first = last.argmax(axis=1) == found.case.counted[-1].argmax()
    shares = {
        f"share.{name}": mean(found.shares[:, number]) for number, name in enumerate(found.case.camp_names)
    }
    return {"largest-first": Estimate(float(first.mean())), **shares}
