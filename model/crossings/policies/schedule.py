"""What a policy does month by month, where its course is known or laid down and not one rate.

A schedule is a list of numbers, one for each calendar month from that of the policy's start, each
spread evenly over the days of its month on which the policy applies; after the last month a weekly
rate goes on.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from pydantic import Field

WEEK = 7
MONTHS_A_YEAR, WEEKS_A_YEAR = 12.0, 52.18
Number = Annotated[float, Field(ge=0.0, le=100_000.0)]
"""People in a month, as a policy's parameter."""


@dataclass(frozen=True)
class MonthlySchedule:
    """Numbers by calendar month.

    Attributes
    ----------
    start
        First date; the months are counted from its month.
    months
        Number due in each month.
    weekly_after
        Number due in a week after the last of them.
    """

    start: date
    months: tuple[float, ...]
    weekly_after: float = 0.0

    def until(self, when: date) -> float:
        """Return the number due from the start to the end of the day before `when`.

        Parameters
        ----------
        when
            Any date; zero is due before the start.
        """
        due, first = 0.0, self.start
        for number in self.months:
            following = first.replace(day=1) + timedelta(days=monthrange(first.year, first.month)[1])
            if when < following:
                return due + number * max((when - first).days, 0) / (following - first).days
            due, first = due + number, following
        return due + self.weekly_after * max((when - first).days, 0) / WEEK

    def between(self, when: date, later: date) -> float:
        """Return the number due from `when` to the end of the day before `later`."""
        return self.until(later) - self.until(when)
