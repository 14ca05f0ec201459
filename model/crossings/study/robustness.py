"""How robust an effect is: a policy against none, with one assumption at a time at both ends of its range.

The study ``one-at-a-time`` moves the assumptions of the pilot one by one and looks at arrivals. What a
reader of a comparison needs to know is another thing, how far the *effect* hangs on them: so here the
base is run at the same points and under the same seeds as well. The table is kept beside the study with
what made it, and reports quote it. It is made anew by::

    python -m crossings.study.robustness
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from crossings.errors import InputError
from crossings.outcomes.folders import write_json
from crossings.scenario import Scenario
from crossings.study import experiments
from crossings.study.axes import settings_at
from crossings.study.comparison import compare
from crossings.study.sweeps import Sweep

__all__ = ["Robustness", "load", "measure"]

STUDY, BASE = "one-at-a-time", "no-policy"
_TABLE, _ABOUT = "effects.csv", "effects.json"


@dataclass(frozen=True, eq=False)
class Robustness:
    """The effect of a policy as it is, and with one assumption moved at a time.

    Attributes
    ----------
    table
        A row as it is (``key`` empty), and one for each end of each range: ``key, value``; ``effect`` on
        arrivals as a share, with its 95% interval over seeds ``low`` and ``high``; ``deaths``, the paired
        difference in people who died, with ``deaths_low`` and ``deaths_high``.
    about
        What made it: ``scenario``, ``base``, ``start`` and ``end`` of the window that effects are of,
        ``seeds`` and ``origin``.
    """

    table: pd.DataFrame
    about: dict[str, Any]

    @property
    def as_it_is(self) -> pd.Series[Any]:
        """The row with nothing moved."""
        return self.table.iloc[0]

    def spans(self) -> pd.DataFrame:
        """Return what each assumption makes of the effect, those that it hangs on most first.

        Returns
        -------
        DataFrame
            By key: the two values tried, ``at_low`` and ``at_high``, and the effect at each,
            ``effect_at_low`` and ``effect_at_high``.
        """
        moved = self.table.iloc[1:].groupby("key", sort=False)[["value", "effect"]]
        first, last = moved.first(), moved.last()
        found = pd.DataFrame(
            {
                "at_low": first["value"],
                "at_high": last["value"],
                "effect_at_low": first["effect"],
                "effect_at_high": last["effect"],
            }
        )
        width = (found["effect_at_high"] - found["effect_at_low"]).abs()
        return found.loc[width.sort_values(ascending=False, kind="stable").index]


def measure(sweep: Sweep, base: Scenario, seeds: Sequence[int], processes: int | None = None) -> Robustness:
    """Compare a study's scenario with a base at every point of a one-at-a-time design.

    Parameters
    ----------
    sweep
        Whose scenario has the policies, and whose points are tried.
    base
        The scenario without them; takes the dates of the other.
    seeds
        The same at every point.
    processes
        As in `crossings.compare`.

    Raises
    ------
    InputError
        If the design is another.
    """
    if sweep.design != STUDY:
        raise InputError(f"design '{sweep.design}' of '{sweep.name}': expected '{STUDY}'")
    dates = {"start": sweep.base.start, "end": sweep.base.end, "warmup_days": sweep.base.warmup_days}
    rows: list[dict[str, Any]] = []
    about: dict[str, Any] = {}
    for point in sweep.points:
        moved = settings_at(sweep.axes, point)
        study = compare(
            base.with_(**dates, **moved), sweep.base.with_(**moved), seeds=seeds, processes=processes
        )
        effect: Any = study.effects().loc[(sweep.base.name, "arrivals")]
        died: Any = study.table(effect["start"], effect["end"]).loc[(sweep.base.name, "deaths")]
        key, value = next(iter(point.items()), ("", ""))
        rows.append(
            {
                "key": key, "value": str(value), "effect": effect["effect"], "low": effect["low"],
                "high": effect["high"], "deaths": died["difference"], "deaths_low": died["low"],
                "deaths_high": died["high"],
            }
        )  # fmt: skip
        about = about or {
            "scenario": sweep.base.name, "base": base.name, "start": str(effect["start"]),
            "end": str(effect["end"]), "seeds": list(study.seeds),
            "origin": study.provenance[study.base]["origin"],
        }  # fmt: skip
    return Robustness(pd.DataFrame(rows), about)


def load() -> Robustness:
    """Return what is kept beside the study.

    Raises
    ------
    InputError
        If it is not there.
    """
    folder = experiments.shelf() / STUDY
    try:
        about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
        table = pd.read_csv(folder / _TABLE, dtype={"key": str, "value": str}, keep_default_na=False)
    except (OSError, ValueError):
        expected = "expected what 'python -m crossings.study.robustness' keeps there"
        raise InputError(f"{folder / _TABLE}: {expected}") from None
    return Robustness(table, about)


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the table anew and keep it; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m crossings.study.robustness")
    parser.add_argument("--seeds", type=int, default=6, help="seeds at every point")
    parser.add_argument("--processes", type=int, default=None, help="worker processes; default one per core")
    parser.add_argument("--out", type=Path, default=experiments.shelf() / STUDY, help="folder for the table")
    options = parser.parse_args(arguments)
    if not options.out.is_dir():
        parser.error(f"--out {options.out}: expected a folder that exists")
    sweep = Sweep.load(STUDY)
    found = measure(sweep, Scenario.load(BASE), range(1, options.seeds + 1), options.processes)
    found.table.to_csv(options.out / _TABLE, index=False, float_format="%.6g")
    write_json(options.out / _ABOUT, found.about)
    return 0


if __name__ == "__main__":
    sys.exit(main())
