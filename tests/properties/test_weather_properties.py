"""Weather for any seed, date and climate."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from crossings.clock import Clock
from crossings.geography import Weather, WeatherBlock
from crossings.geography.weather import day_of_year
from crossings.streams import Streams

BLOCKS = st.builds(
    WeatherBlock,
    wave_mean=st.floats(0.1, 3.0),
    wave_amplitude=st.floats(0.0, 1.0),
    wave_peak_day=st.floats(0.0, 366.0),
    wave_memory=st.floats(0.0, 0.95),
    wave_sd=st.floats(0.0, 1.0),
    forecast_error=st.floats(0.0, 0.5),
)
DATES = st.dates(date(1990, 1, 1), date(2060, 1, 1))
SEEDS = st.integers(0, 2**64 - 1)


@settings(deadline=None, max_examples=60)
@given(BLOCKS, SEEDS, DATES, st.integers(0, 60), st.integers(0, 60))
def test_the_sea_of_a_date_does_not_depend_on_when_the_run_began(block, seed, epoch, shift, days):
    early = Weather(block, Streams(seed), Clock(epoch), shift + days)
    late = Weather(block, Streams(seed), Clock(epoch + timedelta(days=shift)), days)
    assert np.array_equal(early.height[shift:], late.height)
    assert np.array_equal(early.forecast[shift:], late.forecast)
    assert np.isfinite(early.height).all()
    assert (early.height > 0).all()


@given(DATES)
def test_day_of_year_is_that_of_the_calendar(day):
    assert day_of_year(np.array([day.toordinal()])).tolist() == [day.timetuple().tm_yday]
