"""The posterior: values of the behaviour parameters that go with what was observed, as data.

One is shipped with the package, made by ``crossings calibrate``; `Posterior.behaviour` and
`Posterior.history` give a draw of it as settings of a scenario. The package's own defaults are not among
its draws and are not replaced by it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from crossings.errors import InputError
from crossings.scenario import Scenario
from crossings.study.axes import Axis
from crossings.study.calibration import FREE, Calibration, Chains, Emulators, values_of
from crossings.study.demand import YEARS, settings_of
from crossings.study.patterns import Floats, name_of

SHIPPED = Path(__file__).parent / "posterior"
DRAWS, ABOUT = "draws.csv", "about.json"

_DEMAND = [name_of("demand", year) for year in YEARS]
_EVEN = float(np.sqrt(1.0 / 12.0))  # standard deviation of an even prior on the unit cube
_GOLDEN = 0.618
_NARROWER, _MOVED, _TRADED = 0.25, 0.15, 0.4


@dataclass(frozen=True, eq=False)
class Posterior:
    """Draws of parameters and of past demand.

    Attributes
    ----------
    values
        A column for each parameter by dotted key, a row for each draw.
    demand
        Multiples of demand by year (`crossings.study.demand.YEARS`), a row for each draw.
    about
        What made it, how well its emulators predict, and what was learnt about each parameter.
    """

    values: pd.DataFrame
    demand: pd.DataFrame
    about: Mapping[str, Any]

    def __len__(self) -> int:
        return len(self.values)

    def __repr__(self) -> str:
        return f"<Posterior of {len(self)} draws, {len(self.values.columns)} parameters>"

    @classmethod
    def load(cls, folder: Path | str | None = None) -> Self:
        """Load the posterior shipped with the package, or one of a folder.

        Raises
        ------
        InputError
            If there is none, or it is not one of this program's.
        """
        place = SHIPPED if folder is None else Path(folder)
        try:
            table = pd.read_csv(place / DRAWS)
            about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"posterior '{place}': expected a folder with {DRAWS} and {ABOUT} ({error})"
            ) from None
        missing = [name for name in _DEMAND if name not in table.columns]
        if missing or table.empty or table.isna().any(axis=None):
            raise InputError(f"posterior '{place}': expected numbers in columns {', '.join(_DEMAND)}")
        demand = table[_DEMAND].set_axis([str(year) for year in YEARS], axis=1)
        values = table.drop(columns=_DEMAND)
        Scenario().with_(**{str(key): float(value) for key, value in values.iloc[0].items()})
        return cls(values, demand, about)

    @classmethod
    def of(
        cls, calibration: Calibration, emulators: Emulators, chains: Chains, about: Mapping[str, Any]
    ) -> Self:
        """Make it of what a calibration gave."""
        values = values_of(calibration.axes, chains.points)
        demand = pd.DataFrame(chains.demand, columns=[str(year) for year in YEARS])
        learnt = {
            "chains": {
                "steps": chains.steps,
                "accepted": round(chains.accepted, 3),
                "autocorrelation": round(chains.autocorrelation, 1),
            },
            "emulators": {
                name: round(emulator.explained, 3)
                for name, emulator in (emulators.patterns | emulators.demand).items()
            },
            "parameters": learnt_about(calibration.axes, chains.points),
            "trade_offs": trade_offs(calibration.axes, chains.points),
        }
        return cls(values, demand, dict(about) | learnt)

    def save(self, folder: Path) -> None:
        """Write it into a folder, six significant digits to a number."""
        folder.mkdir(parents=True, exist_ok=True)
        table = pd.concat([self.values, self.demand.set_axis(_DEMAND, axis=1)], axis=1)
        table.to_csv(folder / DRAWS, index=False, float_format="%.6g", lineterminator="\n")
        text = json.dumps(self.about, indent=1, ensure_ascii=False)
        (folder / ABOUT).write_text(text + "\n", encoding="utf-8")

    def behaviour(self, draw: int, *, past: bool = False) -> dict[str, Any]:
        """Return a draw of the behaviour parameters by dotted key.

        Parameters
        ----------
        draw
            From 0; beyond the last it begins again.
        past
            Whether what says how history began, in 2021, is among them.
        """
        began = {each.key for each in FREE if each.past}
        row = self.values.iloc[draw % len(self)]
        return {str(key): float(value) for key, value in row.items() if past or key not in began}

    def history(self, draw: int) -> dict[str, Any]:
        """Return a draw as settings of a scenario of past years, demand included."""
        row = self.demand.iloc[draw % len(self)]
        return self.behaviour(draw, past=True) | settings_of(row.to_numpy(float))

    def central_history(self) -> dict[str, Any]:
        """Return the draw nearest the mean, with the median of past demand, as settings of past years."""
        return self.behaviour(self.centre(), past=True) | settings_of(self.demand.median().to_numpy(float))

    def spread_out(self, count: int) -> list[int]:
        """Return that many different draws, spread evenly; more begin with the same.

        They are steps of about .618 of all, the golden section, round and round.

        Raises
        ------
        InputError
            If there are fewer.
        """
        if not 1 <= count <= len(self):
            raise InputError(f"posterior {count}: expected 1 to {len(self)} draws")
        step = next(s for s in range(round(_GOLDEN * len(self)), 2 * len(self) + 2) if gcd(s, len(self)) == 1)
        return [number * step % len(self) for number in range(count)]

    def centre(self) -> int:
        """Return the draw nearest the mean, in standard deviations."""
        scaled = (self.values - self.values.mean()) / self.values.std().replace(0.0, 1.0)
        return int(np.argmin((scaled**2).sum(axis=1).to_numpy()))


def learnt_about(spans: Sequence[Axis], points: Floats) -> list[dict[str, Any]]:
    """Return, for each parameter, prior and posterior, and whether the one differs from the other.

    A parameter counts as *moved* where its posterior is at least a quarter narrower than its prior, or its
    median lies more than 15% of the prior's range away from the middle.
    """
    found = []
    for axis, column in zip(spans, points.T, strict=True):
        low, middle, high = np.quantile(column, (0.05, 0.5, 0.95))
        narrower = 1.0 - float(column.std()) / _EVEN
        found.append(
            {
                "key": axis.name,
                "prior_low": axis.at(0.0),
                "prior_high": axis.at(1.0),
                **{
                    name: float(f"{float(axis.at(place)):.4g}")  # type: ignore[arg-type] # a range holds numbers
                    for name, place in (("q05", low), ("q50", middle), ("q95", high))
                },
                "narrower": round(narrower, 3),
                "moved": bool(narrower >= _NARROWER or abs(middle - 0.5) > _MOVED),
            }
        )
    return found


def trade_offs(spans: Sequence[Axis], points: Floats) -> list[dict[str, Any]]:
    """Return pairs of parameters whose draws are correlated beyond .4: only together are they known."""
    between = np.atleast_2d(np.corrcoef(points.T))
    return [
        {"one": spans[i].name, "other": spans[j].name, "correlation": round(float(between[i, j]), 2)}
        for i in range(len(spans))
        for j in range(i)
        if abs(between[i, j]) > _TRADED
    ]
