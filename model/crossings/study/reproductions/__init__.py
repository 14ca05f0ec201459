"""Published experiments, each a module that registers itself under a name.

A module gives a `Block` of settings and a function that runs the experiment and returns what it found,
quantity by quantity. It never sees what was published: that is compared afterwards by
`crossings.study.reproduction`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import pandas as pd

from crossings.errors import unknown
from crossings.parameters import Block
from crossings.study.estimates import Estimate

__all__ = ["Findings", "Reproduction", "Work", "names", "of_name", "reproduction"]


@dataclass(frozen=True)
class Work:
    """How an experiment is to be run.

    Attributes
    ----------
    seed
        Of its first world; further ones take the seeds that follow.
    scale
        Multiple of the size of its samples (people, replications, seeds), never of its rules.
    data
        Folder with files of the user, for experiments that need some.
    processes
        Worker processes for experiments that can use several; None is one per core.
    keep
        Folder where single runs of a long experiment are kept as they end; None keeps none.
    report
        Told what is done and what there is to do.
    spent
        Takes up the seconds that single runs took, those that were kept before included.
    """

    seed: int = 1
    scale: float = 1.0
    data: Path | None = None
    processes: int | None = None
    keep: Path | None = None
    report: Callable[[int, int], None] = lambda _done, _all: None
    spent: list[float] = field(default_factory=list)

    def number(self, full: int, least: int = 1) -> int:
        """Return a sample size at this scale."""
        return max(least, round(full * self.scale))


@dataclass(frozen=True)
class Findings:
    """What an experiment found.

    Attributes
    ----------
    estimates
        By quantity.
    tables
        What its figure shows, by name.
    size
        How large it was, in words.
    case
        Which known data of the user it was run on; empty for others and where there are none.
    reported
        Quantities to be said even where nothing was published about them.
    shown
        Tables to be printed.
    """

    estimates: Mapping[str, Estimate]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    size: str = ""
    case: str = ""
    reported: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


Runner = Callable[[Any, Work], Findings]


@dataclass(frozen=True)
class Reproduction:
    """A registered experiment: its name, what can be set, and how it is run."""

    name: str
    settings: type[Block]
    run: Runner


_KNOWN: dict[str, Reproduction] = {}


def reproduction(name: str, settings: type[Block]) -> Callable[[Runner], Runner]:
    """Register the decorated function as what runs the experiments of a name."""

    def keep(run: Runner) -> Runner:
        _KNOWN[name] = Reproduction(name, settings, run)
        return run

    return keep


def of_name(name: str) -> Reproduction:
    """Return what is registered under a name.

    Raises
    ------
    InputError
        If nothing is.
    """
    if name not in names():
        raise unknown("reproduction", name, names())
    return _KNOWN[name]


def names() -> list[str]:
    """Return all registered names, in alphabetical order."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return sorted(_KNOWN)
