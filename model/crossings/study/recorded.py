"""What came of calibration, validation and forecast, kept with the package for everybody to read.

The posterior lies beside `crossings.study.posteriors`; validation and forecast lie in folders of
``experiments``, as plain tables with what made them. ``model/VALIDATION.md`` is written from these
(`crossings.views.validation_page`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crossings.errors import InputError
from crossings.outcomes.folders import write_json
from crossings.study.experiments import shelf
from crossings.study.forecasting import AS_IMPLEMENTED, NO_POLICY, Forecast, months_of
from crossings.study.patterns import AT
from crossings.study.scores import Score
from crossings.study.validation import Validation
from crossings.study.verdicts import HIGH, LOW, Verdict, from_rows, table

VALIDATION = shelf() / "validation"
FORECAST = shelf() / "forecast-2025-26"

_RESULT, _PATTERNS, _MONTHS = "result.json", "patterns.csv", "months.csv"
_SCORES, _CHANCE = "scores.csv", "chance.csv"


@dataclass(frozen=True)
class Scored:
    """A score, and the periods it is by: month, week or day."""

    by: str
    score: Score

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {"by": self.by} | asdict(self.score)


@dataclass(frozen=True)
class KeptValidation:
    """A validation read back: verdicts, monthly arrivals, and what made it."""

    verdicts: tuple[Verdict, ...]
    months: pd.DataFrame
    about: dict[str, Any]


@dataclass(frozen=True)
class KeptForecast:
    """A forecast read back: its tables, scores, and what made it."""

    monthly: pd.DataFrame
    weekly: pd.DataFrame
    chance: pd.DataFrame
    scores: tuple[Scored, ...]
    about: dict[str, Any]


def save_validation(found: Validation, folder: Path, command: str) -> None:
    """Write a validation: ``patterns.csv``, ``months.csv`` and ``result.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    table(found.verdicts).to_csv(folder / _PATTERNS, index=False, float_format="%.6g", lineterminator="\n")
    months = monthly_arrivals(found)
    months.to_csv(folder / _MONTHS, index=False, float_format="%.6g", lineterminator="\n")
    write_json(folder / _RESULT, dict(found.about) | {"command": command})


def monthly_arrivals(found: Validation) -> pd.DataFrame:
    """Return arrivals by month: ``month``, median, and both intervals, chance alone and with parameters."""
    months = [name for name in found.draws.columns if name.startswith(f"people{AT}") and name[-3] == "-"]
    rows = []
    for name in sorted(months):
        over, alone = found.draws[name].dropna(), found.chance[name].dropna()
        low, median, high = over.quantile([LOW, 0.5, HIGH])
        row = {"month": name.partition(AT)[2], "median": median, "low": low, "high": high}
        rows.append(row | {"chance_low": alone.quantile(LOW), "chance_high": alone.quantile(HIGH)})
    return pd.DataFrame(rows)


def load_validation(folder: Path = VALIDATION) -> KeptValidation:
    """Read a validation back.

    Raises
    ------
    InputError
        If there is none.
    """
    about = _json(folder / _RESULT)
    patterns, months = _csv(folder / _PATTERNS), _csv(folder / _MONTHS)
    patterns["period"] = patterns["period"].astype(str)
    return KeptValidation(tuple(from_rows(_plain(patterns))), months, about)


def save_forecast(found: Forecast, scores: Sequence[Scored], folder: Path, command: str) -> None:
    """Write a forecast: ``monthly.csv``, ``weekly.csv``, ``chance.csv``, ``scores.csv``, ``result.json``."""
    folder.mkdir(parents=True, exist_ok=True)
    monthly, weekly = found.monthly(), found.weekly()
    monthly.to_csv(folder / "monthly.csv", index=False, lineterminator="\n")
    weekly.to_csv(folder / "weekly.csv", index=False, lineterminator="\n")
    rows = pd.DataFrame([each.as_dict() for each in scores])
    rows.to_csv(folder / _SCORES, index=False, float_format="%.6g", lineterminator="\n")
    about = dict(found.about) | {"command": command, "totals": _totals(found), "effect": _effect(found)}
    write_json(folder / _RESULT, about)
    chance_of(found).to_csv(folder / _CHANCE, index=False, float_format="%.6g", lineterminator="\n")


def chance_of(found: Forecast) -> pd.DataFrame:
    """Return monthly arrivals of one draw under several seeds: ``scenario, month, low, high``."""
    rows = []
    for arm, runs in found.chance.items():
        for name in months_of(runs):
            low, high = runs[name].quantile([LOW, HIGH])
            rows.append({"scenario": arm, "month": name, "low": float(low), "high": float(high)})
    return pd.DataFrame(rows)


def load_forecast(folder: Path = FORECAST) -> KeptForecast:
    """Read a forecast back.

    Raises
    ------
    InputError
        If there is none.
    """
    scores = [dict(row) for row in _plain(_csv(folder / _SCORES))]
    return KeptForecast(
        _csv(folder / "monthly.csv"),
        _csv(folder / "weekly.csv"),
        _csv(folder / _CHANCE),
        tuple(Scored(row.pop("by"), Score(**row)) for row in scores),
        _json(folder / _RESULT),
    )


def _totals(found: Forecast) -> dict[str, dict[str, int]]:
    """Return arrivals over the whole forecast by arm: both intervals, kept apart."""
    totals: dict[str, dict[str, int]] = {}
    for arm in (NO_POLICY, AS_IMPLEMENTED):
        months = months_of(found.runs[arm])
        over = found.runs[arm][months].sum(axis=1)
        alone = found.chance[arm][months].sum(axis=1)
        low, median, high = over.quantile([LOW, 0.5, HIGH])
        totals[arm] = {"median": round(median), "low": round(low), "high": round(high)}
        if len(alone):
            bounds = {"chance_low": round(alone.quantile(LOW)), "chance_high": round(alone.quantile(HIGH))}
            totals[arm] |= bounds
    return totals


def _effect(found: Forecast) -> dict[str, float]:
    effect = found.effect()
    low, median, high = np.quantile(effect, [LOW, 0.5, HIGH])
    return {"median": round(float(median), 4), "low": round(float(low), 4), "high": round(float(high), 4)}


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows of a table read from CSV as plain data, None where a cell is empty."""
    whole = frame.astype(object).where(frame.notna(), None)
    return [{str(key): value for key, value in row.items()} for row in whole.to_dict(orient="records")]


def _csv(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a table of a kept result ({error})") from None


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: expected a kept result ({error})") from None
    return found
