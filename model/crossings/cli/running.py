"""``crossings run`` and ``crossings compare``: one run, or several policies under the same seeds."""

# ruff: noqa: PLC0415 - what is slow to import is imported once it is known that a run can begin

from __future__ import annotations

import math
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossings.cli.terminal import complain, console, print_results, print_table, progress
from crossings.errors import InputError, unknown

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from crossings.outcomes.result import Result
    from crossings.scenario import Scenario
    from crossings.study.comparison import Comparison
    from crossings.study.over_posterior import OverPosterior
    from crossings.study.weather_years import WeatherYears

_SHOWN = {
    "arrivals": "arrivals",
    "boats": "boats",
    "prevented": "recorded prevented",
    "deaths": "deaths",
    "returned": "returned",
    "removed": "removed",
    "admitted": "admitted",
    "lorry_arrivals": "arrivals by lorry",
    "moved_on": "moved on",
    "waiting_mean": "waiting (mean)",
    "cost_gbp": "cost (GBP million)",
}
"""Headline outcomes of the short table, and what it calls them."""

_UNIT_COSTS = {
    "spent_per_arrival_prevented": "spent per arrival prevented",
    "net_per_arrival_prevented": "the same with what is saved on holding and accommodation",
    "returns_per_person_returned": "detention, casework and flights per person returned or removed",
}
"""Unit costs, and what the lines below a table call them."""

_MILLION = 1e6
_MOST_SEED = 2**64 - 1
_MOST_COUNT = 1_000_000
_DIGITS = 20  # of the largest seed
_WHOLE = 1000.0  # from which on decimals say nothing
_TABLES = {
    "stages": "Stages of the authorities, warm-up included",
    "burden": "People taken in by country, and how many of them the UK had returned",
    "costs": "Spent by account, at the scenario's prices",
}
"""Tables that a run prints on request, each a method of `Result`."""


def _seed(text: object) -> int:
    return _whole(text, 0, _MOST_SEED, "from 0 to 2**64 - 1")


def count_of(text: object) -> int:
    """Read a whole number of at least 1."""
    return _whole(text, 1, _MOST_COUNT, "of at least 1")


def _whole(text: object, least: int, most: int, expected: str) -> int:
    digits = str(text)
    if not (
        digits.isascii() and digits.isdigit() and len(digits) <= _DIGITS and least <= int(digits) <= most
    ):
        raise typer.BadParameter(f"{digits}: expected a whole number {expected}")
    return int(digits)


Seed = Annotated[int, typer.Option("--seed", metavar="N", parser=_seed, help="Seed of every random draw.")]
Seeds = Annotated[
    int, typer.Option("--seeds", metavar="N", parser=count_of, help="Use seeds 1 to N, the same for all.")
]
Processes = Annotated[
    int | None,
    typer.Option("--processes", metavar="N", parser=count_of, help="Worker processes; default one per core."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Replace a value by its dotted key; may be given again."),
]
Start = Annotated[str | None, typer.Option("--start", metavar="DATE", help="First date reported.")]
End = Annotated[str | None, typer.Option("--end", metavar="DATE", help="Last date reported.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write tables and provenance to this new folder.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace results that are in that folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def run(
    *,
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="Name of a shipped scenario, or path of a TOML file.")
    ] = "one-in-one-out",
    seed: Seed = 1,
    settings: Settings = None,
    start: Start = None,
    end: End = None,
    out: Out = None,
    force: Force = False,
    json: Json = False,
    show: Annotated[
        list[str] | None,
        typer.Option(
            "--show", metavar="TABLE", help="Print stages, burden or costs as well; may be given again."
        ),
    ] = None,
    events: Annotated[
        bool, typer.Option("--events", help="Record every step of every life line, for --out.")
    ] = False,
) -> None:
    """Run one scenario once and print what came of it."""
    chosen = chosen_scenarios([scenario], settings, start, end)[0]
    _check_folder(out, force)
    shown = _tables(show or ())
    if events and out is None:
        raise InputError("option --events: expected --out DIR with it, where the life lines are written")

    from crossings.model import run as run_model

    with progress(f"{chosen.name}, seed {seed}", hidden=json) as report:
        result = run_model(chosen, seed=seed, events=events, progress=report)
    with _saved(result, out, force) as where:
        print_results(result.as_dict()) if json else _print_result(result, where, shown)


def compare(
    *,
    base: Annotated[str, typer.Argument(metavar="BASE", help="Scenario that the others are compared with.")],
    others: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="One or more scenarios.")],
    seeds: Seeds = 3,
    settings: Settings = None,
    start: Start = None,
    end: End = None,
    out: Out = None,
    force: Force = False,
    json: Json = False,
    processes: Processes = None,
    branches: Annotated[
        bool,
        typer.Option(
            "--branches/--no-branches",
            help="Run what scenarios have in common before they part once, where that can be done.",
        ),
    ] = True,
    weathers: Annotated[
        int | None,
        typer.Option(
            "--weathers",
            metavar="N",
            parser=count_of,
            help="Run BASE under N weathers too: their spread.",
        ),
    ] = None,
    posterior: Annotated[
        int | None,
        typer.Option(
            "--posterior",
            metavar="N",
            parser=count_of,
            help="Compare at N draws of the calibrated parameters too, for what is not known of behaviour.",
        ),
    ] = None,
) -> None:
    """Run scenarios under the same seeds and print each one's difference from the first.

    A setting of a policy applies to those scenarios that have the policy, any other to all.
    """
    if weathers == 1:
        raise InputError("option --weathers 1: expected at least 2, as one has no spread")
    _check_draws(posterior)
    chosen = chosen_scenarios([base, *others], settings, start, end)
    _check_folder(out, force)

    from crossings.study.comparison import compare as compare_scenarios

    label = f"{len(chosen)} scenarios, {seeds} {'seed' if seeds == 1 else 'seeds'}"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", RuntimeWarning)
        with progress(label, hidden=json, total=len(chosen) * seeds) as report:
            try:
                found = compare_scenarios(
                    *chosen, seeds=seeds, processes=processes, progress=report, branches=branches
                )
            except RuntimeError as error:  # no run is left; a fault of the model brings its traceback
                print(f"crossings: {error}", file=sys.stderr)
                raise typer.Exit(1) from None
    for warning in said:
        complain(f"warning: {str(warning.message).splitlines()[0]}")
    years = _weather_years(chosen[0], weathers, processes, hidden=json) if weathers else None
    drawn = _over_posterior(chosen, found, posterior, processes, hidden=json) if posterior else None
    if drawn is not None:
        found = replace(found, posterior=drawn.as_dict(), wider=drawn.weekly)
    with _saved(found, out, force) as where:
        if json:
            more = {} if years is None else {"weather": years.as_dict()}
            print_results(found.as_dict() | more)
        else:
            _print_comparison(found, where, years, drawn)


def _weather_years(base: Scenario, number: int, processes: int | None, *, hidden: bool) -> WeatherYears:
    from crossings.study.weather_years import weather_years

    with progress(f"{number} weathers", hidden=hidden, total=number) as report:
        return weather_years(base, number, processes=processes, progress=report)


def _check_draws(draws: int | None) -> None:
    """Refuse a number of draws that the posterior has not, before anything runs."""
    if draws is None:
        return
    from crossings.study.posteriors import Posterior

    if draws == 1:
        raise InputError("option --posterior 1: expected at least 2, as one has no spread")
    Posterior.load().spread_out(draws)


def _over_posterior(
    scenarios: list[Scenario], found: Comparison, draws: int, processes: int | None, *, hidden: bool
) -> OverPosterior:
    from crossings.study.over_posterior import over_posterior

    with progress(f"{draws} draws", hidden=hidden, total=draws * len(scenarios)) as report:
        return over_posterior(scenarios, found, draws, processes=processes, progress=report)


def chosen_scenarios(
    names: Iterable[str], settings: Iterable[str] | None, start: str | None, end: str | None
) -> list[Scenario]:
    """Load scenarios and apply the command line's settings, each policy's to those that have it."""
    from crossings.scenario import Scenario
    from crossings.scenario_text import parse_setting

    loaded = [Scenario.load(name) for name in names]
    changes = dict(map(parse_setting, settings or ()))
    dates = {key: text for key, text in (("start", start), ("end", end)) if text is not None}
    for key in sorted(dates.keys() & changes.keys()):
        raise InputError(f"option --{key} {dates[key]}: expected one date, but --set {key} gives another")
    changes |= dates
    heard = [{key: value for key, value in changes.items() if _concerns(key, value, each)} for each in loaded]
    for key, value in changes.items():
        if not any(key in own for own in heard):  # no scenario has that policy: let the likeliest one say so
            likeliest = max(loaded, key=lambda each: len(each.policies))
            likeliest.replace(key, value)
    return [each.with_(**own) if own else each for each, own in zip(loaded, heard, strict=True)]


def _concerns(key: str, value: Any, scenario: Scenario) -> bool:
    table, _, rest = key.partition(".")
    adds = "." not in rest and isinstance(value, dict) and "kind" in value
    return table != "policies" or not rest or adds or rest.partition(".")[0] in scenario.policies


def _check_folder(out: Path | None, force: bool) -> None:
    """Refuse a folder that cannot be written to now, not after the run."""
    if out is None:
        if force:
            raise InputError("option --force: expected --out DIR with it")
        return
    from crossings.outcomes.folders import refuse_unusable

    refuse_unusable(out, force)
    try:
        import crossings.views.weekly  # noqa: F401, to know now that the figure can be drawn
    except (ImportError, ValueError) as error:
        raise InputError(f"option --out: expected a Matplotlib that can draw, got: {error}") from None


@contextmanager
def _saved(found: Result | Comparison, out: Path | None, force: bool) -> Iterator[str]:
    """Save before anything is printed, as nobody may be reading; print even if it cannot be saved."""
    if out is None:
        yield ""
        return
    try:
        found.save(out, force=force)
    except Exception:
        yield "; not written"
        raise
    yield f"; written to {out}"


def _tables(wanted: Iterable[str]) -> list[str]:
    for name in wanted:
        if name not in _TABLES:
            raise InputError(f"option --show: {unknown('table', name, _TABLES)}")
    return list(wanted)


def _print_result(result: Result, where: str, shown: Iterable[str] = ()) -> None:
    from rich.table import Table

    totals = result.summary()
    table = Table("", result.name, title=_heading(result, f"seed {result.seed}"))
    for outcome, label in _SHOWN.items():
        table.add_row(label, _number(outcome, totals[outcome]))
    _print(table)
    for name in shown:
        _print(_frame_table(getattr(result, name)(), _TABLES[name]))
    console().print(f"{result.wall_seconds:.1f} s, digest {result.digest[:16]}{where}")


def _frame_table(frame: pd.DataFrame, title: str) -> Table:
    from rich.table import Table

    table = Table(str(frame.index.name), *map(str, frame.columns), title=title)
    for name, *values in frame.itertuples():
        table.add_row(str(name), *(_cell(value) for value in values))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or math.isnan(value):
        return "-"
    if value == int(value) or abs(value) >= _WHOLE:
        return f"{value:,.0f}"
    return f"{value:.2f}"


def _print_comparison(
    found: Comparison, where: str, years: WeatherYears | None = None, drawn: OverPosterior | None = None
) -> None:
    content = found.as_dict()
    for label in found.labels[1:]:  # a table for each, narrow enough for any terminal
        rows = {row["outcome"]: row for row in content["table"] if row["scenario"] == label}
        effects = [row for row in content["effects"] if row["scenario"] == label]
        lines = [_effect(row) for row in effects if row["counted"] == "arrivals"]
        lines += [_unit_cost(row) for row in content["unit_costs"] if row["scenario"] == label]
        moved = [
            row
            for row in content["by_country"]
            if row["scenario"] == label and row["outcome"] == "moved_on" and row["base"] + row["policy"] > 0
        ]
        if years is not None:
            lines.append(_beside_weather(found, label, years))
        if drawn is not None:
            lines.append(_over_draws(drawn, label))
        _print(_difference_table(found, label, rows, moved), *lines, *_replications(rows["arrivals"]))
    spared = f"; a common history spared {found.spared:.0%} of the days" if found.spared else ""
    console().print(f"{found.wall_seconds:.1f} s{spared}{where}")


def _difference_table(
    found: Comparison,
    label: str,
    rows: Mapping[str, Mapping[str, Any]],
    countries: Iterable[Mapping[str, Any]],
) -> Table:
    from rich.table import Table

    seeds = f"mean of {len(found.seeds)} {'seed' if len(found.seeds) == 1 else 'seeds'}"
    table = Table("", found.base, label, "difference (95% interval)", title=_heading(found, seeds))
    for outcome, name in _SHOWN.items():
        _add(table, name, outcome, rows[outcome])
        if outcome == "moved_on":
            for row in countries:
                _add(table, f"  to {row['key']}", outcome, row)
    return table


def _add(table: Table, name: str, outcome: str, row: Mapping[str, Any]) -> None:
    base, policy = (_number(outcome, row[key]) for key in ("base", "policy"))
    table.add_row(name, base, policy, _difference(outcome, row))


def _print(table: Table, *lines: str) -> None:
    table.box, table.pad_edge = None, False
    table.title_style, table.title_justify = "bold", "left"
    for column in table.columns:
        column.no_wrap = True
    for column in table.columns[1:]:
        column.justify = "right"
    print_table(table, a_row_a_line=True)
    for line in lines:
        console().print(line)


def _heading(found: Result | Comparison, what: str) -> str:
    return f"{found.start} to {found.end}, {what}"


def _number(outcome: str, value: float | None, sign: str = "") -> str:
    if value is None:
        return "-"
    if outcome == "cost_gbp":
        return f"{value / _MILLION:{sign},.1f}"
    return f"{value:{sign},.0f}"


def _difference(outcome: str, row: Mapping[str, Any]) -> str:
    middle, low, high = (_number(outcome, row[key], "+") for key in ("difference", "low", "high"))
    return f"{middle} (-)" if row["low"] is None else f"{middle} ({low} to {high})"


def _unit_cost(row: Mapping[str, Any]) -> str:
    what = _UNIT_COSTS[row["cost"]]
    if row["value"] is None:
        return f"{what}: not known, for it may be nobody"
    interval = "" if row["low"] is None else f" (GBP {row['low']:,.0f} to {row['high']:,.0f})"
    return f"{what}: GBP {row['value']:,.0f}{interval}"


def _beside_weather(found: Comparison, label: str, years: WeatherYears) -> str:
    from crossings.outcomes.tables import records

    rows = records(found.table(years.start, years.end))
    row = next(row for row in rows if (row["scenario"], row["outcome"]) == (label, "arrivals"))
    times = f", {abs(row['difference']) / years.spread:.1f} times that of weather" if years.spread else ""
    return (
        f"a year's arrivals ({years.start} to {years.end}): {_difference('arrivals', row)}{times}:\n"
        f"  standard deviation {years.spread:,.0f}, {years.spread / years.mean:.1%} of {years.mean:,.0f}, "
        f"over {len(years.arrivals)} weathers of {years.label}, all else alike"
    )


def _over_draws(drawn: OverPosterior, label: str) -> str:
    said = drawn.as_dict()["effects"][label]
    low, high = said["chance_and_parameters"]
    alone = said["chance"]
    beside = "" if alone is None else f"; chance alone, at the defaults: {alone[0]:+.1%} to {alone[1]:+.1%}"
    return (
        f"effect at {len(drawn.draws)} draws of the posterior, a seed each: median {said['median']:+.1%},\n"
        f"  90% of draws {low:+.1%} to {high:+.1%} (chance and parameters{beside})"
    )


def _replications(row: Mapping[str, Any]) -> list[str]:
    """Say whether the seeds suffice for a claim about arrivals, and what pairing them saved."""
    if row["standard_error"] is None:
        return ["one seed says nothing about chance: expected at least --seeds 2"]
    if row["standard_error"] == 0:
        return [f"arrivals differ by the same number in all {row['pairs']} pairs"]
    said = f"Monte Carlo standard error of the difference in arrivals {row['standard_error']:,.0f}"
    if row["variance_reduction"] is not None:
        said += f"; pairing reduced its variance {row['variance_reduction']:,.1f} times"
    if row["suffice"]:
        way = "fewer" if row["difference"] < 0 else "more"
        return [f"{row['pairs']} pairs suffice to say that {way} people arrive", said]
    needed = row["pairs_needed"]
    about = "" if needed is None else f"; if the difference is what it seems, about {needed:,.0f} would"
    return [f"{row['pairs']} pairs do not suffice to say whether more or fewer people arrive{about}", said]


def _effect(row: Mapping[str, Any]) -> str:
    if row["effect"] is None:
        return f"{row['scenario']}: no arrivals to compare from {row['start']} to {row['end']}"
    interval = "" if row["low"] is None else f" ({row['low']:+.1%} to {row['high']:+.1%})"
    return f"{row['scenario']}: {row['effect']:+.1%}{interval} arrivals from {row['start']} to {row['end']}"
