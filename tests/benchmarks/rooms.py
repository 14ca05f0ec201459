"""Where a season's time goes: a profile by room."""

from __future__ import annotations

import cProfile
import pstats
import time
from collections import Counter
from pathlib import Path

import crossings
from tests.benchmarks.season import season
from tests.benchmarks.timing import row

PACKAGE = Path(crossings.__file__).parent


def main(_repeats: int) -> None:
    """Profile one season and print each module's share, with what it calls in libraries."""
    profile = cProfile.Profile(time.process_time)
    season(end="2025-01-31")
    profile.enable()
    season()
    profile.disable()
    own, calls, whole = shares(pstats.Stats(profile))
    print(
        f"Profile of a season: time in a module and in the library functions it calls, {whole:.2f} s in all"
    )
    for module, seconds in own.most_common(25):
        row(module, f"{seconds / whole:.1%}", f"{calls[module]:,} calls")


def shares(stats: pstats.Stats) -> tuple[Counter[str], Counter[str], float]:
    """Return seconds and calls by module, and all seconds.

    What a library function takes is charged to the modules that call it, in proportion.
    """
    own: Counter[str] = Counter()
    calls: Counter[str] = Counter()
    table = stats.stats  # type: ignore[attr-defined] # typeshed leaves it out
    charged: dict[object, Counter[str]] = {}

    def payers(function: object, depth: int = 0) -> Counter[str]:
        """Return who pays for a function, in shares."""
        if function in charged:
            return charged[function]
        file = Path(function[0])  # type: ignore[index] # a triple: file, line, name
        if PACKAGE in file.parents:
            found = Counter({file.relative_to(PACKAGE).as_posix(): 1.0})
        else:
            found = Counter()
            callers = table[function][4]
            total = sum(use[2] for use in callers.values()) or 1.0
            charged[function] = Counter({"libraries": 1.0})  # for those that call each other in turn
            for caller, use in callers.items():
                for name, part in payers(caller, depth + 1).items():
                    found[name] += part * use[2] / total
        charged[function] = found or Counter({"libraries": 1.0})
        return charged[function]

    whole = 0.0
    for function, (_, count, tottime, _, _) in table.items():
        whole += tottime
        for name, part in payers(function).items():
            own[name] += part * tottime
            calls[name] += round(part * count)
    return own, calls, whole
