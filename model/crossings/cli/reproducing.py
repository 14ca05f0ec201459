"""``crossings reproduce``: published experiments, and how close the model comes to them."""

# ruff: noqa: PLC0415 - what is slow to import is imported once it is known that a run can begin

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crossings.cli.running import Processes
from crossings.cli.terminal import Interrupted, complain, console, print_json, print_table, progress
from crossings.errors import InputError

if TYPE_CHECKING:
    from crossings.study.reproduction import Experiment, Judgement

OUT = Path("reproduced")
"""Folder of reports if none is named; replaced by the next run."""

KEPT = Path("reproduced-runs")
"""Folder of single runs of long experiments if none is named."""


def _scale(text: object) -> float:
    try:
        return float(str(text))
    except ValueError:
        raise typer.BadParameter(f"{text}: expected a number above 0") from None


def reproduce(
    *,
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Name of an experiment on the shelf, or path of its folder."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Run every experiment on the shelf.")] = False,
    scale: Annotated[
        float,
        typer.Option(
            "--scale", metavar="S", parser=_scale, help="Multiple of the size of samples; below 1 is quicker."
        ),
    ] = 1.0,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="FOLDER", help="Files some experiments need; default CROSSINGS_DATA."),
    ] = None,
    processes: Processes = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="New folder for reports; default 'reproduced', made anew."),
    ] = None,
    keep: Annotated[
        Path,
        typer.Option(
            "--keep",
            metavar="DIR",
            help="Folder where single runs of long experiments are kept as they end. Goes on there.",
        ),
    ] = KEPT,
    force: Annotated[bool, typer.Option("--force", help="Replace results that are in that folder.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Keep each result beside its experiment, as its last run.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON list and nothing else.")] = False,
) -> None:
    """Run published experiments and print what was published, what was obtained, and whether they agree.

    An experiment of many long runs that was broken off goes on with the same command; runs made by a model
    that has changed since are made again.
    The exit status is 1 if something falls outside its tolerance.
    """
    from crossings.outcomes.folders import refuse_unusable

    chosen = _chosen(name, every)
    if force and out is None:
        raise InputError("option --force: expected --out DIR with it")
    where = OUT if out is None else out
    refuse_unusable(where, force or out is None)

    from crossings.study.reproduction import MOST_SCALE, RESULT

    if not 0.0 < scale <= MOST_SCALE:
        raise InputError(f"option --scale {scale:g}: expected a number above 0 and of at most {MOST_SCALE:g}")
    if record:
        _refuse_record(chosen, scale)
    asked = name is not None and data is not None
    made = (_judged(each, scale, data, processes, keep, quiet=json, asked=asked) for each in chosen)
    judged = [judgement for judgement in made if judgement is not None]
    if judged:
        from crossings.outcomes.folders import write_json
        from crossings.views.reproduction_report import save

        save(judged, where, force=force or out is None)
        for judgement in judged if record else ():
            write_json(judgement.experiment.place / RESULT, judgement.as_dict())
    if json:
        print_json([row for judgement in judged for row in judgement.rows()])
    else:
        _print(judged, where)
    if not all(judgement.ok for judgement in judged):
        raise typer.Exit(1)


def _chosen(name: str | None, every: bool) -> list[Experiment]:
    from crossings.study import experiments
    from crossings.study.reproduction import load

    if (name is None) != every:
        raise InputError("reproduce: expected the name of one experiment, or --all (not both)")
    if name is not None:
        return [load(name)]
    return [load(each) for each in experiments.shipped("reproduction")]


def _refuse_record(chosen: list[Experiment], scale: float) -> None:
    import os

    if scale != 1.0:
        raise InputError(f"option --record: expected the full experiment, not --scale {scale:g}")
    for experiment in chosen:
        if not os.access(experiment.place, os.W_OK):
            raise InputError(f"option --record: expected to be able to write in '{experiment.place}'")


def _judged(
    experiment: Experiment,
    scale: float,
    data: Path | None,
    processes: int | None,
    keep: Path,
    *,
    quiet: bool,
    asked: bool,
) -> Judgement | None:
    """Run one experiment; None if files that it needs are not there, which is said.

    If it was `asked` for with a folder of data, it is a mistake that they are not in there.
    """
    from crossings.study.reproduction import Skipped, reproduce

    try:
        with progress(experiment.name, hidden=quiet, total=1, log=True) as report:
            return reproduce(
                experiment, scale=scale, data=data, processes=processes, keep=keep, progress=report
            )
    except Skipped as why:
        if asked:
            raise InputError(f"{experiment.name}: {why}") from None
        complain(f"{experiment.name} skipped: {why}")
        return None
    except KeyboardInterrupt:
        if not (keep / experiment.name).is_dir():
            raise
        kept = f"{experiment.name}: runs that have ended are kept in {keep / experiment.name}"
        raise Interrupted(f"{kept}; the same command goes on") from None


def _print(judged: list[Judgement], where: Path) -> None:
    from rich.table import Table

    from crossings.views.reproduced import NOTHING_PUBLISHED
    from crossings.views.reproduction_report import obtained, published, said

    for judgement in judged:
        _show(judgement)
        heading = f"{judgement.experiment.name}: {judgement.experiment.description.title}"
        table = Table("quantity", "published", "obtained (95% interval)", "verdict", title=heading)
        table.box, table.pad_edge = None, False
        table.title_style, table.title_justify = "bold", "left"
        for column in table.columns:
            column.no_wrap = True
        for verdict in judgement.verdicts:
            table.add_row(verdict.quantity, published(verdict), obtained(verdict.obtained), said(verdict))
        for quantity, found in judgement.unjudged.items():
            table.add_row(quantity, "", obtained(found), "")
        print_table(table, a_row_a_line=True)
        within = sum(verdict.ok for verdict in judgement.verdicts)
        judged_on = f"{within} of {len(judgement.verdicts)} within tolerance"
        if not judgement.verdicts:
            judged_on = NOTHING_PUBLISHED.lower()
        size = judgement.findings.size
        console().print(
            f"{judgement.seconds:.1f} s; {judged_on}; {size}; written to {where / judgement.experiment.name}",
            soft_wrap=True,
        )
    sys.stdout.flush()


def _show(judgement: Judgement) -> None:
    """Print the tables that an experiment wants shown, a row a line."""
    from rich.table import Table

    for name in judgement.findings.shown:
        content = judgement.findings.tables[name]
        table = Table(*map(str, content.columns), title=f"{judgement.experiment.name}: {name}")
        table.box, table.pad_edge = None, False
        table.title_style, table.title_justify = "bold", "left"
        for column, kind in zip(table.columns, content.dtypes, strict=True):
            column.no_wrap = True
            column.justify = "right" if kind.kind in "if" else "left"
        columns = [
            content[column].map((_SHARE if content[column].abs().max() < _FEW else _COUNT).format)
            if content[column].dtype.kind == "f"
            else content[column].astype(str)
            for column in content.columns
        ]
        for row in zip(*columns, strict=True):
            table.add_row(*row)
        print_table(table, a_row_a_line=True)


_SHARE, _COUNT, _FEW = (
    "{:.3f}",
    "{:.0f}",
    10.0,
)  # how numbers of a column below a few, and others, are written
