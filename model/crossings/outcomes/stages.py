"""What every stage of the authorities did in a run, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

import pandas as pd

from crossings.authorities import StageReport
from crossings.authorities.stage_log import DONE


def stage_table(reports: Iterable[StageReport], stands_for: int = 1) -> pd.DataFrame:
    """Return one row per stage, in the order in which people reach them.

    Parameters
    ----------
    reports
        Of the stages.
    stands_for
        People that each who passed through them stands for; numbers in the table are people.

    Times are counted over the whole run, warm-up included.

    Returns
    -------
    DataFrame
        Indexed by ``stage``: ``capacity`` (missing without limit), ``queue`` and ``inside`` at the end,
        ``entered``, ``done`` (left for the next stage), ``left`` (left otherwise) and ``reasons`` for it,
        ``mean_wait`` and ``max_wait`` (days from asking to being served), ``mean_stay`` (days from being
        served to leaving), ``mean_queue`` and ``mean_inside`` (people, over time), ``use`` (share of
        the capacity taken over time, or of the seats offered; missing without either).
    """
    rows = []
    for report in reports:
        row = asdict(report)
        exits = {reason: number * stands_for for reason, number in row.pop("exits").items()}
        for name in _PEOPLE:
            row[name] = None if row[name] is None else row[name] * stands_for
        reasons = {reason: number for reason, number in exits.items() if reason != DONE}
        row["stage"] = row.pop("name")
        row["done"] = exits.get(DONE, 0)
        row["left"] = sum(reasons.values())
        row["reasons"] = ", ".join(f"{reason} {number}" for reason, number in reasons.items())
        rows.append(row)
    return pd.DataFrame(rows, columns=_COLUMNS).set_index("stage")


_PEOPLE = ("capacity", "queue", "inside", "entered", "mean_queue", "mean_inside")

_COLUMNS = [
    *("stage", "capacity", "queue", "inside", "entered", "done", "left", "reasons"),
    *("mean_wait", "max_wait", "mean_stay", "mean_queue", "mean_inside", "use"),
]
