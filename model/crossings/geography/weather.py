"""The sea of every night: a latent wave height, and the forecast that networks look at.

No table of wave heights stands behind this. Height is a latent process made to give the observed
rhythm of crossings: how often a night is calm in each month, and how strongly one calm night is
followed by another. The logarithm of the height of the night of date t is

    log H(t) = log(wave_mean) + wave_amplitude * cos(2 pi (day of year - wave_peak_day) / 365.25) + x(t)
    x(t)     = wave_memory * x(t - 1) + noise,

with x of standard deviation `wave_sd`. The forecast is the truth times a log-normal error.

The noise of a night is keyed by its date, and x sums the noise of a fixed number of nights before
it, always in the same order. So the weather of a date is a function of the seed and that date
alone, to the last bit, whenever the run began.
"""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from numpy.typing import NDArray

from crossings.clock import Clock
from crossings.parameters import Block, param
from crossings.streams import Streams, identity, normal

Floats = NDArray[np.float64]

_YEAR = 365.25
_FORGOTTEN = 1e-9  # share of a night's noise below which it no longer counts
_FITTED = "fitted to crossing days by month and their persistence, 2021-24 (Home Office daily time series)"


class WeatherBlock(Block):
    """Climate of the crossing."""

    wave_mean: float = param(
        0.51,
        "Median significant wave height over the year.",
        unit="m",
        low=0.45,
        high=0.65,
        min_value=0.01,
        source=_FITTED,
    )
    wave_amplitude: float = param(
        0.275,
        "Seasonal swing of the log of wave height about its mean.",
        unit="log m",
        low=0.15,
        high=0.35,
        min_value=0.0,
        max_value=3.0,
        source=_FITTED,
    )
    wave_peak_day: float = param(
        20.0,
        "Day of the year on which the season is roughest.",
        unit="day of year",
        low=0.0,
        high=40.0,
        min_value=0.0,
        max_value=366.0,
        source=_FITTED,
    )
    wave_memory: float = param(
        0.65,
        "Share of the departure from the season that carries over to the next night.",
        low=0.4,
        high=0.85,
        min_value=0.0,
        max_value=0.95,
        source=_FITTED,
    )
    wave_sd: float = param(
        0.6,
        "Standard deviation of the log of wave height within a season.",
        unit="log m",
        low=0.4,
        high=0.8,
        min_value=0.0,
        max_value=3.0,
    )
    seed: int | None = param(
        None,
        "Seed of the weather alone, to keep it or to change only it; that of the run if none.",
        unit="seed",
        min_value=0,
    )
    forecast_error: float = param(
        0.15,
        "Standard deviation of the log of forecast over true wave height.",
        unit="log m",
        low=0.05,
        high=0.3,
        min_value=0.0,
        max_value=2.0,
    )


class Weather:
    """Waves of every night of a run.

    Parameters
    ----------
    block
        Climate of the crossing.
    streams
        Source of randomness; streams used: ``"weather"``.
    clock
        Says which date a model day begins on.
    days
        Number of model days in the run.

    Attributes
    ----------
    height : ndarray, shape (days + 1,)
        Significant wave height in m of the night that falls in each model day.
    forecast : ndarray, shape (days + 1,)
        What networks expect it to be when they decide that evening, in m.
    """

    def __init__(self, block: WeatherBlock, streams: Streams, clock: Clock, days: int) -> None:
        self.block = block
        if block.seed is not None:
            streams = Streams(block.seed)
        memory = _nights_remembered(block.wave_memory)
        ordinals = clock.ordinal(0) + np.arange(-memory, days + 1)
        wave, error = normal(streams.uniforms("weather", identity("weather", ordinals), 0, 2))
        departure = block.wave_sd * _autoregressive(wave, block.wave_memory, memory)
        self.height: Floats = np.exp(seasonal_log_height(block, ordinals[memory:]) + departure)
        self.forecast: Floats = self.height * np.exp(block.forecast_error * error[memory:])


def seasonal_log_height(block: WeatherBlock, ordinals: NDArray[np.integer]) -> Floats:
    """Return the mean of log wave height (log m) on dates given as Gregorian ordinals."""
    angle = 2.0 * math.pi * (day_of_year(ordinals) - block.wave_peak_day) / _YEAR
    return np.asarray(math.log(block.wave_mean) + block.wave_amplitude * np.cos(angle))


def day_of_year(ordinals: NDArray[np.integer]) -> NDArray[np.int64]:
    """Return the day of the year, 1 on 1 January, of dates given as Gregorian ordinals."""
    unix = date(1970, 1, 1).toordinal()
    days = (np.asarray(ordinals, dtype=np.int64) - unix).astype("datetime64[D]")
    return np.asarray((days - days.astype("datetime64[Y]")).astype(np.int64) + 1)


def _nights_remembered(memory: float) -> int:
    """Return after how many nights less than `_FORGOTTEN` of a night's noise is left."""
    return 1 if memory <= 0 else max(1, math.ceil(math.log(_FORGOTTEN) / math.log(memory)))


def _autoregressive(noise: Floats, memory: float, nights: int) -> Floats:
    """Return AR(1) noise of variance 1 from white noise; the first `nights` values are used up."""
    sums = np.zeros(len(noise) - nights)
    for lag in range(nights, -1, -1):
        sums = memory * sums + noise[nights - lag : len(noise) - lag]
    return np.asarray(math.sqrt(1.0 - memory**2) * sums)
