"""``crossings calibrate``, ``validate``, ``forecast`` and ``data import``: the model held against counts."""

# ruff: noqa: PLC0415 - what is slow to import is imported once it is known that a run can begin

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossings.cli.running import Force, Json, Processes, count_of
from crossings.cli.sweeping import watched
from crossings.cli.terminal import Interrupted, console, print_json, print_results, print_table

if TYPE_CHECKING:
    from crossings.scenario import Scenario
    from crossings.study.advance import Summary
    from crossings.study.calibration import Calibration
    from crossings.study.posteriors import Posterior
    from crossings.study.recorded import Scored
    from crossings.study.validation import Validation

data = typer.Typer(help="Official counts for those who have downloaded them.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Folder of its runs. Goes on there.")
]
From = Annotated[
    Path | None,
    typer.Option("--posterior", metavar="DIR", help="Folder of a posterior; default the package's own."),
]
Data = Annotated[
    Path | None,
    typer.Option("--data", metavar="DIR", help="Folder made by crossings data import, for days and weeks."),
]
Record = Annotated[
    bool, typer.Option("--record", help="Keep what came of it with the package, as its last result.")
]
Accept = Annotated[
    bool,
    typer.Option("--accept-changes", help="If code or data have changed, begin anew beside the old runs."),
]


Agents = Annotated[
    int,
    typer.Option(
        "--people-per-agent",
        metavar="N",
        parser=count_of,
        help="People that one agent stands for; more is quicker and coarser.",
    ),
]


def _runs(flag: str, what: str) -> Any:
    return typer.Option(flag, metavar="N", parser=count_of, help=what)


def calibrate(
    *,
    draws: Annotated[int, _runs("--draws", "Draws of the parameters; a full calibration has 3000.")] = 3000,
    passes: Annotated[int, _runs("--passes", "Most runs of a draw in search of its demand.")] = 2,
    keep: Annotated[int, _runs("--keep", "Draws from the posterior to keep.")] = 400,
    steps: Annotated[int, _runs("--steps", "Steps of each Markov chain.")] = 1500,
    people_per_agent: Agents = 1,
    out: Folder = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many runs, how long and how much disk; write nothing.")
    ] = False,
    accept_changes: Accept = False,
    record: Record = False,
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Find which values of the behaviour parameters go with what was observed in 2021-24.

    Stopped in any way, the same command goes on, with more draws if more are asked for. The posterior is
    written to the folder's ``posterior``, and its figure beside it.
    """
    from crossings.study.calibration import Calibration, posterior
    from crossings.study.emulator import library
    from crossings.study.posteriors import SHIPPED, Posterior
    from crossings.study.recorded import VALIDATION

    for needed in ("sklearn", "emcee"):
        library(needed)
    plan = Calibration.plan(draws, scenario=_history(people_per_agent), passes=passes, out=out)
    if dry_run:
        from crossings.cli.sweeping import say_estimate

        say_estimate(plan.sweep, processes, json)
        return
    summary = _made(plan, accept_changes, processes, json)
    emulators = plan.learn()
    with _said("posterior", json):
        chains = posterior(emulators, len(plan.axes), keep, steps=steps)
    about = _about(plan, summary, passes)
    found = Posterior.of(plan, emulators, chains, about)
    for place in (plan.sweep.folder / "posterior", *([SHIPPED] if record else [])):
        found.save(place)
    from crossings.views.calibration import draw

    for place in (plan.sweep.folder, *([VALIDATION] if record else [])):
        place.mkdir(parents=True, exist_ok=True)
        draw(found).savefig(place / "calibration.png")
    if json:
        print_json(dict(found.about))
    else:
        _print_posterior(found, plan.sweep.folder)
    _leave(summary.failed)


def validate(
    *,
    draws: Annotated[int, _runs("--draws", "Runs of history over the posterior.")] = 40,
    seeds: Annotated[int, _runs("--seeds", "Runs of the central draw, for chance alone.")] = 20,
    pairs: Annotated[int, _runs("--pairs", "Pairs of runs for each policy.")] = 12,
    people_per_agent: Agents = 1,
    out: Folder = None,
    posterior: From = None,
    accept_changes: Accept = False,
    record: Record = False,
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Run history over the posterior and say which observed patterns are met, and by how much others are not.

    Every pattern is labelled: fitted; seen, not fitted; or policy. Two intervals are kept apart: of chance
    alone, and of chance and parameters.
    """
    from crossings.study.posteriors import Posterior
    from crossings.study.recorded import VALIDATION, load_validation, save_validation
    from crossings.study.validation import validate as run_all
    from crossings.views.validation import draw

    chosen = Posterior.load(posterior)
    where = Path("results/validation") if out is None else out
    with _kept(where), watched("validation", json) as watcher:
        found = run_all(
            chosen, draws, seeds, pairs, scenario=_history(people_per_agent), out=where,
            processes=processes, progress=watcher, accept_changes=accept_changes,
        )  # fmt: skip
    for place in (where, *([VALIDATION] if record else [])):
        save_validation(found, place, _command())
        draw(load_validation(place)).savefig(place / "validation.png")
    print_results(_validated(found)) if json else _print_verdicts(found)
    _leave(found.about["failed"])


def forecast(
    *,
    runs: Annotated[int, _runs("--runs", "Runs over the posterior for each arm.")] = 200,
    seeds: Annotated[int, _runs("--seeds", "Runs of one draw for each arm, for chance alone.")] = 20,
    anchors: Annotated[int, _runs("--anchors", "Runs that find demand in January to July 2025.")] = 40,
    origins: Annotated[int, _runs("--origins", "Draws at each rolling origin, to score the model.")] = 20,
    people_per_agent: Agents = 1,
    out: Folder = None,
    posterior: From = None,
    data: Data = None,
    accept_changes: Accept = False,
    record: Record = False,
    processes: Processes = None,
    json: Json = False,
) -> None:
    """Put arrivals from August 2025 to September 2026 on record, with the pilot as implemented and without.

    Benchmarks are scored by the same command at rolling origins in 2022-24, by month from the shipped
    counts; with --data by week and day as well.
    """
    from crossings.corridors import spreadsheet
    from crossings.study import scoring
    from crossings.study.emulator import library
    from crossings.study.forecasting import forecast as run_all
    from crossings.study.posteriors import Posterior
    from crossings.study.recorded import FORECAST, Scored, load_forecast, save_forecast
    from crossings.views.forecast import draw

    for needed in ("statsmodels", "scoringrules"):
        library(needed)
    series = None if data is None else spreadsheet.load(data)
    chosen = Posterior.load(posterior)
    where = Path("results/forecast") if out is None else out
    with _kept(where), watched("forecast", json) as watcher:
        found = run_all(
            chosen, runs, seeds, anchors, people_per_agent=people_per_agent, out=where,
            processes=processes, progress=watcher, accept_changes=accept_changes,
        )  # fmt: skip
        scores = [Scored("month", each) for each in scoring.monthly_benchmarks()]
        own = scoring.model_score(
            chosen, origins, where, processes, watcher, accept_changes, people_per_agent
        )
        scores.append(Scored("month", own))
    if series is not None:
        scores += [Scored("week", each) for each in scoring.weekly_benchmarks(series)]
        scores += [Scored("day", each) for each in scoring.daily_benchmarks(series)]
    for place in (where, *([FORECAST] if record else [])):
        save_forecast(found, scores, place, _command())
        draw(load_forecast(place)).savefig(place / "forecast.png")
    if json:
        print_results({"about": found.about, "scores": [each.as_dict() for each in scores]})
    else:
        _print_scores(scores, where)
    _leave(found.about["failed"])


@data.command("import", epilog="Example: crossings data import time-series.ods --out counts")
def import_data(
    *,
    file: Annotated[Path, typer.Argument(metavar="FILE.ods", help="The official spreadsheet.")],
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="New folder for both tables; default 'counts'.")
    ] = Path("counts"),
    force: Force = False,
    json: Json = False,
) -> None:
    """Read the Home Office's time series of small boat arrivals (sheets SB_01 and SB_02), and check it."""
    from crossings.corridors import spreadsheet
    from crossings.outcomes.folders import refuse_unusable, whole_folder, write_json

    refuse_unusable(out, force)
    daily, weekly = spreadsheet.read(file)
    said = {
        "file": file.name,
        "first": daily["date"].iloc[0],
        "last": daily["date"].iloc[-1],
        "people": int(daily["people"].sum()),
        "boats": int(daily["boats"].sum()),
        "weeks": len(weekly),
    }
    with whole_folder(out, force) as place:
        spreadsheet.write(daily, weekly, place)
        write_json(place / "provenance.json", said | {"command": _command()})
    if json:
        print_json(said)
    else:
        console().print(
            f"{said['first']} to {said['last']}: {said['people']:,} people in {said['boats']:,} boats, "
            f"{said['weeks']:,} weeks; written to {out}"
        )


# ------------------------------------------------------------------------------- doing


def _history(people_per_agent: int) -> Scenario:
    from crossings.scenario import Scenario
    from crossings.study.calibration import HISTORY

    return Scenario.load(HISTORY).replace(_AGENTS, people_per_agent)


def _made(plan: Calibration, accept_changes: bool, processes: int | None, quiet: bool) -> Summary:
    with _kept(plan.sweep.folder), watched("calibration", quiet) as watcher:
        return plan.run(processes, watcher, accept_changes)


@contextmanager
def _kept(folder: Path) -> Iterator[None]:
    """Say what is kept if the block is broken off."""
    try:
        yield
    except KeyboardInterrupt:
        raise Interrupted(f"what was finished is kept in {folder}; the same command goes on") from None
    except RuntimeError as error:
        print(f"crossings: {error}; what was finished is kept, the same command goes on", file=sys.stderr)
        raise typer.Exit(1) from None


@contextmanager
def _said(what: str, quiet: bool) -> Iterator[None]:
    from rich.console import Console

    error = Console(stderr=True)
    if quiet or not error.is_terminal:
        yield
        return
    with error.status(what):
        yield


def _leave(failed: int) -> None:
    """End with status 1 if runs failed; their tracebacks are in the store."""
    if failed:
        print(f"crossings: {failed:,} runs failed; the same command tries them again", file=sys.stderr)
        raise typer.Exit(1)


def _about(plan: Calibration, summary: Summary, passes: int) -> dict[str, Any]:
    identity = plan.sweep.identity()
    _, rows = plan.done()
    return {
        "command": _command(),
        "version": identity.beside["version"],
        "commit": identity.beside["commit"],
        "identity": identity.digest[:16],
        "draws_run": len(rows),
        "draws_failed": summary.failed,
        "draws_full": 3000,
        "passes": passes,
        "people_per_agent": plan.sweep.base.people_per_agent,
        "seed": 1,
        "targets": [
            {"name": each.name, "observed": round(each.observed, 4), "band": each.band}
            for each in plan.targets
        ],
    }


def _command() -> str:
    return "crossings " + " ".join(sys.argv[1:])


# ------------------------------------------------------------------------------- saying


def _table(*heads: str) -> Any:
    from rich.table import Table

    table = Table(*heads, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    return table


def _print_posterior(found: Posterior, folder: Path) -> None:
    table = _table("parameter", "prior", "5%", "median", "95%", "narrower by", "moved")
    for each in found.about["parameters"]:
        prior = f"{each['prior_low']:g} to {each['prior_high']:g}"
        said = [f"{each[name]:.3g}" for name in ("q05", "q50", "q95")]
        table.add_row(each["key"], prior, *said, f"{each['narrower']:.0%}", "yes" if each["moved"] else "no")
    print_table(table, a_row_a_line=True)
    about, to = found.about, console()
    for each in about["trade_offs"]:
        to.print(f"{each['one']} and {each['other']} trade off: correlation {each['correlation']:+.2f}")
    failed = f", {about['draws_failed']:,} failed" if about["draws_failed"] else ""
    to.print(
        f"{about['draws_run']:,} draws run of the {about['draws_full']:,} of a full calibration{failed}; "
        f"{len(found):,} draws of the posterior in {folder / 'posterior'}"
    )


def _print_verdicts(found: Validation) -> None:
    table = _table(*_HEADS)
    for each in found.verdicts:
        table.add_row(
            each.pattern,
            each.period,
            "" if each.observed is None else number(each.observed),
            number(each.median),
            between(each.chance_low, each.chance_high),
            between(each.low, each.high),
            between(each.least, each.most),
            "in" if each.met else f"out by {number(each.missed_by)}",
            each.label,
        )
    print_table(table, a_row_a_line=True)
    about = found.about
    console().print(
        f"{found.met} of {len(found.verdicts)} patterns in their bands; {about['draws']} draws, "
        f"{about['seeds']} seeds of the central draw, pairs {about['pairs']}"
    )


def _validated(found: Validation) -> dict[str, Any]:
    return {"about": dict(found.about), "verdicts": [each.as_dict() for each in found.verdicts]}


def _print_scores(scores: list[Scored], where: Path) -> None:
    table = _table("forecaster", "by", "CRPS", "log score", "50% holds", "90% holds", "forecasts", "")
    for each in scores:
        one = each.score
        table.add_row(
            one.forecaster, each.by, f"{one.crps:,.0f}", f"{one.log_score:.2f}", f"{one.covered_50:.0%}",
            f"{one.covered_90:.0%}", str(one.forecasts), "saw the future" if one.saw_the_future else "",
        )  # fmt: skip
    print_table(table, a_row_a_line=True)
    console().print(f"monthly.csv, weekly.csv and scores.csv written to {where}")


_AGENTS = "people_per_agent"
_THOUSAND = 1000.0
_HEADS = ("pattern", "period", "observed", "median", "by chance", "and parameters", "band", "", "label")


def number(value: float) -> str:
    """Write a number as the tables of this module do."""
    return f"{value:,.0f}" if abs(value) >= _THOUSAND else f"{value:.3g}"


def between(low: float | None, high: float | None) -> str:
    """Write an interval; nothing where it was not run."""
    return "" if low is None or high is None else f"{number(low)} to {number(high)}"
