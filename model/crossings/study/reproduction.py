"""Published experiments run and judged: what was published, what was obtained, how close it comes.

An experiment is a folder on the shelf (`crossings.study.experiments`) of kind ``reproduction``. Its
``experiment.toml`` says what is run and with which settings::

    kind = "reproduction"
    title = "Repeated trials"
    question = "..."
    runs = "repeated-trials"      # name under which the run is registered
    seed = 1
    [settings]                    # anything that differs from the defaults of that run
    [data]                        # only where files of the user are needed
    files = ["locations.csv"]
    source = "where a user gets them"

and ``expected.toml`` what was published (`crossings.study.expected`), which is read when the run has
ended.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from crossings.errors import InputError, nearest
from crossings.parameters import Block
from crossings.study import expected, experiments, reproductions
from crossings.study.estimates import Estimate
from crossings.study.expected import Expected
from crossings.study.identity import code_identity
from crossings.study.reproductions import Findings, Reproduction, Work

DATA = "CROSSINGS_DATA"
"""Variable that may name the folder with files of the user."""

RESULT = "result.json"
"""Beside an experiment: the verdicts of its last full run that was kept."""


MOST_SCALE = 1000.0

_Kind = TypeVar("_Kind", bound=BaseModel)


class Skipped(Exception):  # noqa: N818 - no error: files that this project may not carry are not there
    """An experiment cannot be run here; the message says why and what to do."""


class Needed(BaseModel):
    """Files that an experiment needs and this project may not carry.

    Attributes
    ----------
    files
        Their paths within the folder of the user; ``or`` stands between those of which one is enough.
    source
        Where a user gets them.
    folder
        Name that the folder of the user may have within the one named; that of the experiment if empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    files: tuple[str, ...] = Field(min_length=1)
    source: str
    folder: str = ""

    def there(self, folder: Path) -> bool:
        """Return whether a folder holds them."""
        return all(any((folder / one).is_file() for one in file.split(" or ")) for file in self.files)


class Description(BaseModel):
    """What the ``experiment.toml`` of a published experiment may say; see the module."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    title: str
    question: str
    runs: str
    seed: int = Field(default=1, ge=0)
    settings: dict[str, Any] = {}
    data: Needed | None = None


@dataclass(frozen=True)
class Experiment:
    """A published experiment, ready to be run.

    Attributes
    ----------
    name
        Name of its folder.
    place
        The folder.
    description
        What its ``experiment.toml`` says.
    runner
        What runs it.
    settings
        Checked settings.
    """

    name: str
    place: Path
    description: Description
    runner: Reproduction
    settings: Block


@dataclass(frozen=True)
class Verdict:
    """One quantity: as published, as obtained, and whether the two agree."""

    experiment: str
    quantity: str
    expected: Expected
    obtained: Estimate
    allowed: float
    ok: bool

    def as_dict(self) -> dict[str, Any]:
        """Return what ``crossings reproduce --json`` prints of it.

        ``tolerance`` is in the unit of the quantity: by how much it may be off, or, for a sign, how far
        from zero it must be.
        """
        numbers = {
            "published": self.expected.published,
            "obtained": self.obtained.value,  # nan where a quantity was not made
            "low": self.obtained.low,
            "high": self.obtained.high,
            "tolerance": self.allowed,
        }
        told = {name: None if each is None or math.isnan(each) else each for name, each in numbers.items()}
        return {"experiment": self.experiment, "quantity": self.quantity, **told, "ok": self.ok}


@dataclass(frozen=True)
class Judgement:
    """A published experiment after its run.

    Attributes
    ----------
    experiment
        Which.
    verdicts
        In the order of ``expected.toml``.
    findings
        What the run found.
    scale
        Size of its samples, 1 for the full ones.
    ran
        When it ended.
    seconds
        How long it took; where single runs are kept, how long these took one after the other.
    identity
        Of the model that made it.
    """

    experiment: Experiment
    verdicts: tuple[Verdict, ...]
    findings: Findings
    scale: float
    ran: datetime
    seconds: float
    identity: str

    @property
    def ok(self) -> bool:
        """Whether everything is within tolerance."""
        return all(verdict.ok for verdict in self.verdicts)

    @property
    def unjudged(self) -> dict[str, Estimate]:
        """What was found and is to be said, without anything published to compare it with."""
        judged = {verdict.quantity for verdict in self.verdicts}
        return {name: self.findings.estimates[name] for name in self.findings.reported if name not in judged}

    def rows(self) -> list[dict[str, Any]]:
        """Return what ``crossings reproduce --json`` prints: verdicts, then what could not be judged."""
        return [verdict.as_dict() for verdict in self.verdicts] + [
            {
                "experiment": self.experiment.name,
                "quantity": name,
                "published": None,
                "obtained": found.value,
                "low": found.low,
                "high": found.high,
                "tolerance": None,
                "ok": None,
            }
            for name, found in self.unjudged.items()
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data: what is kept beside the experiment."""
        return {
            "experiment": self.experiment.name,
            "ran": self.ran.isoformat(timespec="seconds"),
            "seconds": round(self.seconds, 1),
            "scale": self.scale,
            "seed": self.experiment.description.seed,
            "size": self.findings.size,
            "identity": self.identity,
            "quantities": [
                {key: value for key, value in verdict.as_dict().items() if key != "experiment"}
                for verdict in self.verdicts
            ],
        }


def load(name_or_path: str | Path) -> Experiment:
    """Return a published experiment by its name on the shelf or the path of its folder.

    Raises
    ------
    InputError
        If there is none, or its ``experiment.toml`` says something that it may not.
    """
    place = experiments.folder(name_or_path)
    table = experiments.read(place)
    path = place / experiments.FILE
    if table["kind"] != "reproduction":
        raise InputError(f'{path}: kind = "{table["kind"]}": expected "reproduction"')
    description = _checked(Description, table, f"{path}: ")
    runner = reproductions.of_name(description.runs)
    settings = _checked(runner.settings, description.settings, f"{path}: settings.")
    return Experiment(place.resolve().name, place, description, runner, settings)


def reproduce(
    name_or_path: str | Path | Experiment,
    *,
    scale: float = 1.0,
    data: str | Path | None = None,
    processes: int | None = None,
    keep: str | Path | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Judgement:
    """Run a published experiment and judge it.

    Parameters
    ----------
    name_or_path
        Name on the shelf, path of a folder, or what `load` gave.
    scale
        Multiple of the size of its samples; smaller is quicker and has wider intervals.
    data
        Folder with files of the user; default that of the variable `DATA`.
    processes
        Worker processes for experiments that can use several; default one per core.
    keep
        Folder where single runs of long experiments are kept as they end, below the experiment's name; the
        same call goes on from there. Default: none are kept.
    progress
        Told what is done and what there is to do.

    Raises
    ------
    InputError
        If the experiment or the scale cannot be used.
    Skipped
        If files that it needs are not there.
    """
    experiment = name_or_path if isinstance(name_or_path, Experiment) else load(name_or_path)
    if not 0.0 < scale <= MOST_SCALE:
        raise InputError(f"scale {scale:g}: expected a number above 0 and of at most {MOST_SCALE:g}")
    expected.read(experiment.place)  # so that a mistake in it is found before a long run
    kept = None if keep is None else Path(keep) / experiment.name
    work = Work(experiment.description.seed, scale, found_data(experiment, data), processes, kept)
    if progress is not None:
        work = replace(work, report=progress)
    begun = time.perf_counter()
    findings = experiment.runner.run(experiment.settings, work)
    seconds = max(time.perf_counter() - begun, *work.spent, 0.0)
    return Judgement(
        experiment=experiment,
        verdicts=judge(experiment, findings),
        findings=findings,
        scale=scale,
        ran=datetime.now(UTC),
        seconds=seconds,
        identity=code_identity(),
    )


def judge(experiment: Experiment, findings: Findings) -> tuple[Verdict, ...]:
    """Compare what was found with what was published about the data it was found on.

    Raises
    ------
    InputError
        If a published quantity is none of those that the run finds.
    """
    made = []
    for name, quantity in expected.read(experiment.place).items():
        if quantity.case not in ("", findings.case):
            continue
        if name not in findings.estimates:
            raise InputError(
                f"{experiment.place / expected.FILE}: [{name}]: unknown quantity, expected one that "
                f"'{experiment.runner.name}' finds{nearest(name, findings.estimates)}"
            )
        obtained = findings.estimates[name]
        allowed, ok = quantity.allowed(obtained), quantity.holds(obtained)
        made.append(Verdict(experiment.name, name, quantity, obtained, allowed, ok))
    return tuple(made)


def found_data(experiment: Experiment, data: str | Path | None = None) -> Path | None:
    """Return the folder with the files an experiment needs, or None if it needs none.

    They may lie in the folder itself, or within it in one of the experiment's name or of the name its
    description says.

    Raises
    ------
    Skipped
        If they are not there.
    InputError
        If a folder was asked for that is none.
    """
    asked = data if data is not None else os.environ.get(DATA) or None
    if data is not None and not Path(data).is_dir():
        raise InputError(f"data '{data}': expected a folder")
    needed = experiment.description.data
    if needed is None:
        return None
    how = f"needs {', '.join(needed.files)} ({needed.source}); give their folder by --data or {DATA}"
    if asked is None:
        raise Skipped(how)
    within = [Path(asked) / name for name in (needed.folder, experiment.name) if name]
    for folder in (*within, Path(asked)):
        if needed.there(folder):
            return folder
    raise Skipped(f"{how}; not all are in '{asked}'")


def _checked(kind: type[_Kind], table: dict[str, Any], where: str) -> _Kind:
    try:
        return kind.model_validate(table)
    except ValidationError as error:
        found = min(
            error.errors(), key=lambda each: each["type"] != "extra_forbidden"
        )  # a misspelt key first
        key = ".".join(map(str, found["loc"]))
        known = ", ".join(kind.model_fields)
        if found["type"] == "extra_forbidden":
            said = f"unknown key, expected one of {known}{nearest(key, kind.model_fields)}"
        elif found["type"] == "missing":
            said = "missing"
        else:
            said = f"{found['input']!r}: {found['msg'][:1].lower()}{found['msg'][1:]}"
        raise InputError(f"{where}{key}: {said}") from None
