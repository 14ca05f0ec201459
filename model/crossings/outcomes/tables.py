"""Between arrays and tables: names for codes, and columns as plain arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray


def named(codes: NDArray[np.integer[Any]], names: Sequence[str]) -> pd.Categorical[Any]:
    """Return codes under their names; -1 is missing."""
    return pd.Categorical.from_codes(codes.astype(np.int64), categories=pd.Index(list(names)))


def columns(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, NDArray[np.float64]]:
    """Return columns as arrays of floats."""
    return {name: np.asarray(frame[name], dtype=np.float64) for name in names}
