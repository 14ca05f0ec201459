"""``crossings run`` and ``crossings compare``: one run, or several policies under the same seeds."""

# ruff: noqa: PLC0415 - what is slow to import is imported once it is known that a run can begin

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossings.cli.terminal import complain, console, print_json, print_table, progress
from crossings.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from crossings.outcomes.result import Result
    from crossings.scenario import Scenario
    from crossings.study.comparison import Comparison

_SHOWN = {
    "arrivals": "arrivals",
    "boats": "boats",
    "prevented": "recorded prevented",
    "deaths": "deaths",
    "returned": "returned",
    "admitted": "admitted",
    "waiting_mean": "waiting (mean)",
    "cost_gbp": "cost (GBP million)",
}
"""Headline outcomes of the short table, and what it calls them."""

_MILLION = 1e6
_MOST_SEED = 2**64 - 1
_MOST_COUNT = 1_000_000
_DIGITS = 20  # of the largest seed


def _seed(text: object) -> int:
    return _whole(text, 0, _MOST_SEED, "from 0 to 2**64 - 1")


def _count(text: object) -> int:
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
    int, typer.Option("--seeds", metavar="N", parser=_count, help="Use seeds 1 to N, the same for all.")
]
Processes = Annotated[
    int | None,
    typer.Option("--processes", metavar="N", parser=_count, help="Worker processes; default one per core."),
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
    events: Annotated[
        bool, typer.Option("--events", help="Record every step of every life line, for --out.")
    ] = False,
) -> None:
    """Run one scenario once and print what came of it."""
    chosen = chosen_scenarios([scenario], settings, start, end)[0]
    _check_folder(out, force)
    if events and out is None:
        raise InputError("option --events: expected --out DIR with it, where the life lines are written")

    from crossings.model import run as run_model

    with progress(f"{chosen.name}, seed {seed}", hidden=json) as report:
        result = run_model(chosen, seed=seed, events=events, progress=report)
    with _saved(result, out, force) as where:
        print_json(result.as_dict()) if json else _print_result(result, where)


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
) -> None:
    """Run scenarios under the same seeds and print each one's difference from the first.

    A setting of a policy applies to those scenarios that have the policy, any other to all.
    """
    chosen = chosen_scenarios([base, *others], settings, start, end)
    _check_folder(out, force)

    from crossings.study.comparison import compare as compare_scenarios

    label = f"{len(chosen)} scenarios, {seeds} {'seed' if seeds == 1 else 'seeds'}"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", RuntimeWarning)
        with progress(label, hidden=json, total=len(chosen) * seeds) as report:
            try:
                found = compare_scenarios(*chosen, seeds=seeds, processes=processes, progress=report)
            except RuntimeError as error:  # no run is left; a fault of the model brings its traceback
                print(f"crossings: {error}", file=sys.stderr)
                raise typer.Exit(1) from None
    for warning in said:
        complain(f"warning: {str(warning.message).splitlines()[0]}")
    with _saved(found, out, force) as where:
        print_json(found.as_dict()) if json else _print_comparison(found, where)


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


def _print_result(result: Result, where: str) -> None:
    from rich.table import Table

    totals = result.summary()
    table = Table("", result.name, title=_heading(result, f"seed {result.seed}"))
    for outcome, label in _SHOWN.items():
        table.add_row(label, _number(outcome, totals[outcome]))
    _print(table, f"{result.wall_seconds:.1f} s, digest {result.digest[:16]}{where}")


def _print_comparison(found: Comparison, where: str) -> None:
    content = found.as_dict()
    for label in found.labels[1:]:  # a table for each, narrow enough for any terminal
        rows = {row["outcome"]: row for row in content["table"] if row["scenario"] == label}
        effects = [row for row in content["effects"] if row["scenario"] == label]
        lines = [_effect(row) for row in effects if row["counted"] == "arrivals"]
        _print(_difference_table(found, label, rows), *lines)
    console().print(f"{found.wall_seconds:.1f} s{where}")


def _difference_table(found: Comparison, label: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    from rich.table import Table

    seeds = f"mean of {len(found.seeds)} {'seed' if len(found.seeds) == 1 else 'seeds'}"
    table = Table("", found.base, label, "difference (95% interval)", title=_heading(found, seeds))
    for outcome, name in _SHOWN.items():
        row = rows[outcome]
        base, policy = (_number(outcome, row[key]) for key in ("base", "policy"))
        table.add_row(name, base, policy, _difference(outcome, row))
    return table


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


def _effect(row: Mapping[str, Any]) -> str:
    if row["effect"] is None:
        return f"{row['scenario']}: no arrivals to compare from {row['start']} to {row['end']}"
    interval = "" if row["low"] is None else f" ({row['low']:+.1%} to {row['high']:+.1%})"
    return f"{row['scenario']}: {row['effect']:+.1%}{interval} arrivals from {row['start']} to {row['end']}"
