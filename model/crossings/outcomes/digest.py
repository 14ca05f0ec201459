"""One short name for what a run gave, so that sameness can be asked and answered.

`digest` writes floats at six significant digits, so it also agrees between processors whose last
bits differ; `digest_exact` takes every bit. Both cover the daily table only, whole: dates, names
and values, with columns in alphabetical order whatever their order in the table.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

SIGNIFICANT_DIGITS = 6


def digest(daily: pd.DataFrame) -> str:
    """Return the SHA-256 of a daily table: integers exact, floats at six significant digits.

    Parameters
    ----------
    daily
        `Result.daily`, fresh or read back from a file.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return _hashed(daily, _rounded)


def digest_exact(daily: pd.DataFrame) -> str:
    """Return the SHA-256 of a daily table with every bit of every float; see `digest`."""
    return _hashed(daily, _bits)


def _hashed(daily: pd.DataFrame, encode: Any) -> str:
    seen = sha256()
    dates = daily.index.to_numpy().astype("datetime64[D]").astype("<i8")
    seen.update(dates.tobytes())
    for name in sorted(daily.columns):
        values = daily[name].to_numpy()
        seen.update(f"\n{name} {'integer' if values.dtype.kind in 'iu' else 'float'}\n".encode())
        seen.update(encode(values))
    return seen.hexdigest()


def _rounded(values: NDArray[Any]) -> bytes:
    if values.dtype.kind in "iu":
        return _bits(values)
    # adding zero makes a negative zero positive
    return "\n".join([f"{value + 0.0:.{SIGNIFICANT_DIGITS}g}" for value in values.tolist()]).encode()


def _bits(values: NDArray[Any]) -> bytes:
    if values.dtype.kind in "iu":
        return values.astype("<i8").tobytes()
    floats = values.astype("<f8") + 0.0
    floats[np.isnan(floats)] = np.nan  # nan has many bit patterns and one meaning
    return floats.tobytes()
