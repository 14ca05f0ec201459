"""Repeated trials: the classical arithmetic of apprehension, and what heterogeneity adds to it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossings.parameters import Block, param
from crossings.replicas.repeated_trials import Histories, TrialsBlock, run
from crossings.study.estimates import Estimate, mean, ratio, share
from crossings.study.reproductions import Findings, Work, reproduction

WITHIN = (30.0, 90.0)
"""Days within which re-apprehensions are counted."""


class Settings(Block):
    """Size and worlds of the experiment."""

    people: int = param(20_000, "People in each world", unit="person", min_value=100)
    chance: float = param(0.35, "Chance of being caught, of the first world", min_value=0.0, max_value=0.99)
    other_chance: float = param(0.40, "Chance of being caught, of the second", min_value=0.0, max_value=0.99)
    give_up: float = param(0.2, "Chance of giving up after a return, of the third", max_value=1.0)
    concentration: float = param(
        20.0,
        "Sum of the Beta parameters of the chance of being caught, in the world where people differ",
        source="set so that about one fifth of those caught are caught three times or more",
        min_value=0.01,
    )
    return_days: float = param(20.0, "Mean time until the next attempt", unit="day", min_value=0.0)


@reproduction("repeated-trials", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run the four worlds and measure each."""
    worlds = {
        "p35": TrialsBlock(caught=settings.chance, return_days=settings.return_days),
        "p40": TrialsBlock(caught=settings.other_chance, return_days=settings.return_days),
        "p35-give-up": TrialsBlock(
            caught=settings.chance, give_up=settings.give_up, return_days=settings.return_days
        ),
        "mixed": TrialsBlock(
            caught=settings.other_chance,
            concentration=settings.concentration,
            return_days=settings.return_days,
        ),
    }
    people = work.number(settings.people, least=200)
    estimates: dict[str, Estimate] = {}
    for number, (name, block) in enumerate(worlds.items()):
        found = run(block, people, work.seed + number)
        estimates |= {f"{name}.{quantity}": made for quantity, made in measure(found).items()}
        work.report(number + 1, len(worlds))
    rows = [
        {"world": name, "times": times, "share": estimates[f"{name}.{times}"].value}
        for name in worlds
        for times in ("caught-once", "caught-twice", "caught-more")
    ]
    return Findings(estimates, {"caught": pd.DataFrame(rows)}, f"{people:,} people in each of 4 worlds")


def measure(found: Histories) -> dict[str, Estimate]:
    """Return the quantities of one world by name."""
    caught = found.caught[found.caught > 0]
    again = np.maximum(found.caught - 1, 0)
    n = caught.size
    return {
        "enters": share(int(found.entered.sum()), found.entered.size),
        "per-person": mean(found.caught),
        "per-entry": ratio(found.caught, found.entered),
        "repeat-share": ratio(again, found.caught),
        "caught-once": share(int((caught == 1).sum()), n),
        "caught-twice": share(int((caught == 2).sum()), n),
        "caught-more": share(int((caught >= 3).sum()), n),
        **{
            f"again-within-{days:.0f}": share(int((found.gaps <= days).sum()), found.gaps.size)
            for days in WITHIN
        },
    }
