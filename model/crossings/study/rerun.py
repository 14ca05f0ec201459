"""A row made again: the same run, and whether it gives the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from crossings.errors import InputError, unknown
from crossings.study import parts, store
from crossings.study.advance import DONE
from crossings.study.identity import Identity
from crossings.study.making import Planned, Work, make

if TYPE_CHECKING:
    from crossings.study.sweeps import Sweep


@dataclass(frozen=True)
class Rerun:
    """What came of making a row again.

    Attributes
    ----------
    run_id, seed, point
        Which run.
    then, now
        Digest in the row and digest now; None where the run failed.
    exact
        Whether every bit of the daily table is the same, not only six digits.
    changes
        What in code, data, scenario and versions differs from then.
    error
        What the run raised now.
    """

    run_id: str
    seed: int
    point: Mapping[str, Any]
    then: str | None
    now: str | None
    exact: bool
    changes: tuple[str, ...]
    error: str | None

    @property
    def same(self) -> bool:
        """Whether the run gave now what it gave then."""
        return self.now is not None and self.now == self.then

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return asdict(self) | {"same": self.same}


def rerun(sweep: Sweep, run_id: str) -> Rerun:
    """Make one run of a sweep again; see `Sweep.rerun`.

    Raises
    ------
    InputError
        If the sweep has no row of that id, or none that ended well.
    """
    place = sweep.place()
    rows = parts.read_rows(place)
    known = [] if rows.empty else rows["run_id"].unique().tolist()
    if run_id not in known:
        raise unknown("run", run_id, known) if known else InputError("no run has ended yet")
    row = rows[rows["run_id"] == run_id].iloc[-1]
    if row["status"] != DONE:
        raise InputError(f"run '{run_id}' failed ({row['error']}): expected one that ended well")
    planned = _planned(sweep, run_id)
    work = Work.of(sweep.base, sweep.runner, ())
    (finished,) = make(work, [planned])
    older = Identity.from_dict(store.read_table(place / store.IDENTITY))
    return Rerun(
        run_id=run_id,
        seed=planned.seed,
        point=planned.point,
        then=row["digest"],
        now=finished.row.get("digest"),
        exact=finished.row.get("digest_exact") == row["digest_exact"],
        changes=tuple(sweep.identity().changes(older)),
        error=finished.row.get("error"),
    )


def _planned(sweep: Sweep, run_id: str) -> Planned:
    for _, planned in sweep.planned():
        if planned.run_id == run_id:
            return planned
    raise InputError(f"run '{run_id}': expected one of the sweep as it is now; its design has changed")
