"""``crossings sweep``, ``rerun`` and ``sensitivity``: designs of runs that survive anything."""

# ruff: noqa: PLC0415 - what is slow to import is imported once it is known that a run can begin

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossings.cli.files import STILL, Force, check_file
from crossings.cli.running import Json, Processes
from crossings.cli.terminal import Interrupted, complain, console, print_json, print_results, print_table
from crossings.errors import InputError

if TYPE_CHECKING:
    from crossings.study.advance import Advance, Estimate, Summary, Watcher
    from crossings.study.rerun import Rerun
    from crossings.study.sensitivity import Sensitivity
    from crossings.study.sweeps import Sweep

FIGURE, TABLE = "figure.png", "results.csv"
"""What is left in the folder of a sweep when it has ended, beside its store."""

_SAID_EVERY = 30.0  # seconds between lines where there is no terminal for a bar
_MOST_ROWS_CSV = 20_000
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_THOUSAND = 1000

Experiment = Annotated[
    str,
    typer.Argument(
        metavar="SWEEP",
        help="Name of a ready one, path of an experiment.toml or its folder, or a sweep's own folder.",
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Its folder; default results/NAME. Goes on there.")
]


def sweep(
    *,
    experiment: Annotated[
        str | None,
        typer.Argument(
            metavar="SWEEP",
            help="Name of a ready one, path of an experiment.toml or its folder, or a sweep's own folder. "
            "None lists what is ready.",
        ),
    ] = None,
    out: Out = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many runs, how long and how much disk; write nothing.")
    ] = False,
    accept_changes: Annotated[
        bool,
        typer.Option(
            "--accept-changes",
            help="If code, data or scenario have changed, begin a new generation of rows beside the old.",
        ),
    ] = False,
    dask: Annotated[
        str | None,
        typer.Option("--dask", metavar="ADDRESS", help="Run on this Dask scheduler's cluster."),
    ] = None,
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Run a scenario at every point of a design; stopped in any way, the same command goes on.

    A run that fails keeps its traceback, does not stop the others, and is tried again the next time; then
    the exit status is 1.
    """
    if experiment is None:
        _list(json)
        return
    from crossings.study.sweeps import Sweep

    chosen = Sweep.load(experiment, out=out)
    if dry_run:
        say_estimate(chosen, processes, json)
        return
    summary = _run(chosen, accept_changes, dask, processes, json)
    _leave(chosen)
    print_results(summary.as_dict()) if json else _print_summary(summary)
    if summary.failed:
        raise typer.Exit(1)


def rerun(
    *,
    run_id: Annotated[str, typer.Argument(metavar="RUN_ID", help="Of a row of the sweep.")],
    folder: Annotated[
        Path | None,
        typer.Option("--sweep", metavar="DIR", help="Folder of the sweep; default the one in results."),
    ] = None,
    json: Json = False,
) -> None:
    """Make one row of a sweep again and say whether it gives the same; if not, the exit status is 1."""
    from crossings.study.sweeps import Sweep

    found = Sweep.load(_holder(run_id) if folder is None else folder).rerun(run_id)
    print_json(found.as_dict()) if json else _print_rerun(found)
    if not found.same:
        raise typer.Exit(1)


def sensitivity(
    *,
    experiment: Experiment,
    outcome: Annotated[
        str, typer.Option("--outcome", metavar="NAME", help="Column of the results.")
    ] = "arrivals",
    out: Out = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", metavar="FILE", help="Draw the indices into this file.")
    ] = None,
    force: Force = False,
    json: Json = False,
    processes: Processes = None,
) -> None:
    """Say how far each parameter moves an outcome, for a sweep of design morris or sobol.

    What is missing of the sweep is run first.
    """
    from crossings.study.designs import MORRIS, SOBOL
    from crossings.study.sweeps import Sweep

    if figure is not None:
        check_file(figure, STILL, force, "--figure")
    elif force:
        raise InputError("option --force: expected --figure FILE with it")
    chosen = Sweep.load(experiment, out=out)
    if chosen.design not in (MORRIS, SOBOL):
        raise InputError(f'design = "{chosen.design}" of {chosen.name}: expected morris or sobol')
    _run(chosen, False, None, processes, json)
    found = chosen.sensitivity(outcome)
    if figure is not None:
        _draw(found.plot(), figure)
    print_results(found.as_dict()) if json else _print_indices(found)


# --------------------------------------------------------------------------- doing


def _run(
    chosen: Sweep, accept_changes: bool, dask: str | None, processes: int | None, quiet: bool
) -> Summary:
    last: list[Advance] = []
    with watched(chosen.name, quiet) as watcher:

        def told(advance: Advance) -> None:
            last[:] = [advance]
            if watcher is not None:
                watcher(advance)

        try:
            return chosen.run(processes=processes, dask=dask, accept_changes=accept_changes, progress=told)
        except KeyboardInterrupt:
            done = f"{last[0].done:,} of {last[0].total:,} runs are kept" if last else "nothing is lost"
            raise Interrupted(f"{done} in {chosen.folder}; the same command goes on") from None
        except (RuntimeError, OSError) as error:
            said = f"{chosen.folder}: {error.strerror or error}" if isinstance(error, OSError) else str(error)
            complain(f"{said}; what was finished is kept, the same command goes on")
            raise typer.Exit(1) from None


def _holder(run_id: str) -> Path:
    """Return the one sweep among the results that has a run of an id."""
    from crossings.study.sweep_results import holders
    from crossings.study.sweeps import RESULTS

    found = holders(RESULTS, run_id)
    if len(found) != 1:
        said = f"{len(found)} sweeps in '{RESULTS}' have it" if found else f"no sweep in '{RESULTS}' has it"
        raise InputError(f"run '{run_id}': {said}: expected --sweep with the folder of one")
    return found[0]


@contextmanager
def watched(name: str, quiet: bool) -> Iterator[Watcher | None]:
    """Show how far it is: a bar on a terminal, a line now and then in a log, nothing beside JSON."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    error = Console(stderr=True)
    if quiet:
        yield None
        return
    if not error.is_terminal:
        yield _Log(name)
        return
    with Progress(
        TextColumn("{task.description}", markup=False), BarColumn(), console=error, transient=True
    ) as bars:
        task = bars.add_task(name, total=None)
        yield lambda advance: bars.update(
            task, completed=advance.done, total=advance.total, description=f"{name}: {_pace(advance)}"
        )


class _Log:
    """Says in a line now and then how far it is."""

    def __init__(self, name: str) -> None:
        self._name, self._said = name, monotonic()

    def __call__(self, advance: Advance) -> None:
        if monotonic() - self._said >= _SAID_EVERY:
            self._said = monotonic()
            print(f"crossings: {self._name}: {_pace(advance)}", file=sys.stderr, flush=True)


def _leave(chosen: Sweep) -> None:
    """Leave a table and the figure in the folder, for whoever opens it without this program."""
    rows = chosen.results()
    if 0 < len(rows) <= _MOST_ROWS_CSV:
        rows.drop(columns=["traceback"]).to_csv(chosen.folder / TABLE, index=False)
    try:
        drawn = chosen.plot()
    except InputError:  # nothing that could be drawn
        return
    _draw(drawn, chosen.folder / FIGURE)


def _draw(drawn: Any, path: Path) -> None:
    try:
        drawn.savefig(path)
    except (OSError, ValueError) as error:
        raise InputError(f"figure '{path}': expected a place and kind of picture, got: {error}") from None


# --------------------------------------------------------------------------- saying


def _list(json: bool) -> None:
    from rich.table import Table

    from crossings.study import experiments

    known = {name: experiments.read(experiments.folder(name)) for name in experiments.shipped("sweep")}
    if json:
        print_json({"sweeps": [{"name": name, **_asked(said)} for name, said in known.items()]})
        return
    table = Table("sweep", "design", "what it asks", box=None, pad_edge=False)
    for name, said in known.items():
        table.add_row(name, *_asked(said).values())
    table.columns[0].no_wrap = table.columns[1].no_wrap = True
    print_table(table, a_row_a_line=False)


def _asked(said: dict[str, Any]) -> dict[str, str]:
    return {"design": str(said.get("design", "factorial")), "question": str(said.get("question", ""))}


def say_estimate(chosen: Sweep, processes: int | None, json: bool) -> None:
    """Say how many runs a sweep has, and what they will take."""
    estimate = chosen.estimate(processes)
    print_json(estimate.as_dict() | {"name": chosen.name}) if json else _print_estimate(chosen, estimate)


def _print_estimate(chosen: Sweep, found: Estimate) -> None:
    to = console()
    runs = f"{_many(found.points, 'point')}, {_many(found.seeds, 'seed')}, {_many(found.runs, 'run')}"
    to.print(f"{chosen.name}: {runs}, {found.done:,} of them there")
    each = f"{_many(found.workers, 'process', 'processes')}, {found.run_seconds:.1f} s a run"
    to.print(f"about {_time(found.seconds)} ({each}), about {_space(found.bytes)} in {chosen.folder}")


def _print_summary(found: Summary) -> None:
    to = console()
    to.print(
        f"{found.name}: {found.total:,} runs, {found.earlier:,} from before, {found.made:,} made now, "
        f"{found.failed:,} failed; in {found.folder}"
    )
    if found.made:
        pace = found.made / found.wall_seconds
        to.print(
            f"{_time(found.wall_seconds)}, {pace:.2g} runs/s, {_many(found.workers, 'worker')} "
            f"{found.busy:.0%} busy with runs"
            + (f"; a common history spared {found.spared:.0%} of their days" if found.spared else "")
        )
    if found.cut_bytes:
        to.print(f"cut off {found.cut_bytes:,} bytes that were half-written when it was last stopped")
    if found.damaged:
        to.print(f"damaged, so that lost runs were made again: {', '.join(found.damaged)}")
    if found.first_failure is not None:
        to.print(f"the first failure: {found.first_failure}", soft_wrap=True)


def _print_rerun(found: Rerun) -> None:
    to = console()
    at = ", ".join(f"{name} = {value}" for name, value in found.point.items()) or "the scenario as it is"
    to.print(f"run {found.run_id}: {at}, seed {found.seed}", soft_wrap=True)
    if found.same:
        to.print(f"the same: digest {str(found.now)[:16]}{', every bit' if found.exact else ''}")
    elif found.error is not None:
        to.print(f"not the same: it failed now ({found.error})", soft_wrap=True)
    else:
        to.print(f"not the same: digest {str(found.then)[:16]} then, {str(found.now)[:16]} now")
    if found.changes:
        to.print(f"changed since: {'; '.join(found.changes)}", soft_wrap=True)


def _print_indices(found: Sensitivity) -> None:
    from rich.table import Table

    seeds = f"{found.seeds} {'seed' if found.seeds == 1 else 'seeds'}"
    title = (
        f"{found.outcome}, {found.design} design of {found.points:,} points, {seeds}, mean {found.mean:,.4g}"
    )
    console().print(title, style="bold", soft_wrap=True)  # as a table's own title it breaks at its width
    table = Table("axis", *found.table.columns, box=None, pad_edge=False)
    for name, row in found.table.iterrows():
        table.add_row(
            str(name), *(f"{value:,.3g}" if abs(value) < _THOUSAND else f"{value:,.0f}" for value in row)
        )
    for column in table.columns[1:]:
        column.justify = "right"
    print_table(table, a_row_a_line=True)
    if found.seeds > 1:
        console().print(f"standard error of a point's mean over seeds: {found.noise:,.3g}")


def _many(count: int, one: str, several: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def _pace(advance: Advance) -> str:
    failed = f", {advance.failed:,} failed" if advance.failed else ""
    if advance.remaining is None:
        return f"{advance.done:,} of {advance.total:,} runs{failed}"
    left = f"{advance.per_second:.2g} runs/s, {_time(advance.remaining)} left"
    return f"{advance.done:,} of {advance.total:,} runs{failed}, {left}"


def _time(seconds: float) -> str:
    for size, name in ((_DAY, "days"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {name}"
    return f"{seconds:.1f} s"


def _space(size: float) -> str:
    for name in ("bytes", "kB", "MB"):
        if size < _THOUSAND:
            return f"{size:.0f} {name}"
        size /= _THOUSAND
    return f"{size:,.1f} GB"
