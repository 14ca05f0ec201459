"""Between arrays and tables: names for codes, and columns as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def named(codes: NDArray[np.integer[Any]], names: Sequence[str]) -> pd.Categorical[Any]:
    """Return codes under their names; -1 is missing."""
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(list(names)))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table, index included, as plain data: nan as None, dates as text."""
    rows = frame.reset_index().to_dict(orient="records")
    return [{str(key): _plain(value) for key, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(value)
    if isinstance(value, np.integer):
        return int(value)
    return value.isoformat() if isinstance(value, date) else value


def columns(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, NDArray[np.float64]]:
    """Return columns as arrays of floats."""
    return {name: np.asarray(frame[name], dtype=np.float64) for name in names}
