"""``crossings report`` and ``crossings map``: results to look at."""

# ruff: noqa: PLC0415 - help must not wait for what only some commands need

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.cli.files import MOVING, STILL, Force, check_file
from crossings.cli.running import End, Seed, Settings, Start, chosen_scenarios
from crossings.cli.terminal import console, progress
from crossings.errors import InputError

if TYPE_CHECKING:
    from crossings.outcomes.result import Result


def report(
    study: Annotated[
        Path, typer.Argument(metavar="RUN_OR_STUDY", help="Folder that run, compare or sweep has written.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="The report; default report.html in that folder."),
    ] = None,
    force: Force = False,
) -> None:
    """Write one HTML file about a run, a comparison or a sweep, to read, mail or print."""
    from crossings.views.opened import opened

    target = study / "report.html" if out is None else out
    found = opened(study)
    check_file(target, (".html", ".htm"), force)

    from crossings.views.report import report as written

    target.write_text(written(found), encoding="utf-8")
    console().print(f"written to {target}")


def draw_map(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO_OR_RUN", help="A scenario, or the folder of a run made with --events."
        ),
    ] = "one-in-one-out",
    seed: Seed = 1,
    settings: Settings = None,
    start: Start = None,
    end: End = None,
    out: Annotated[
        list[Path] | None,
        typer.Option(
            "--out",
            metavar="FILE",
            help="A picture (.png, .pdf, .svg), or the season as .gif; both may be asked for.",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Draw the corridor: legs as wide as their flow, launch sites as large as their attempts."""
    targets = out or [Path("map.png")]
    for target in targets:
        check_file(target, (*STILL, MOVING), force)
    result = _followed(scenario, seed, settings, start, end)

    from crossings.views import map as maps

    for target in targets:
        if target.suffix.lower() == MOVING:
            with progress(str(target)) as say:
                maps.animate(result, target, progress=say)
        else:
            maps.draw(result).savefig(target)
        console().print(f"written to {target}")


def _followed(
    scenario: str, seed: int, settings: list[str] | None, start: str | None, end: str | None
) -> Result:
    """Return a run with life lines: one that was saved, or one made now."""
    if Path(scenario).is_dir():
        from crossings.outcomes.result import Result as Kind
        from crossings.views.opened import opened

        if settings or start or end:
            raise InputError(f"folder '{scenario}': expected no other values or dates, as the run is made")
        found = opened(scenario)
        if not isinstance(found, Kind) or found.steps is None:
            raise InputError(f"folder '{scenario}': expected a run with life lines, made with --events")
        return found
    from crossings.model import run

    chosen = chosen_scenarios([scenario], settings, start, end)[0]
    with progress(f"{chosen.name}, seed {seed}") as say:
        return run(chosen, seed=seed, events=True, progress=say)
