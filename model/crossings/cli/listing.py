"""``crossings scenarios`` and ``crossings params``: what there is to run and to change."""

# ruff: noqa: PLC0415 - help must not wait for what only some commands need

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crossings.cli.terminal import console, fits, print_json, print_table, utf8
from crossings.errors import InputError, nearest

if TYPE_CHECKING:
    from crossings.parameters import Described
    from crossings.scenario import Scenario

_READABLE = 24  # characters a line of running text needs

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]


def scenarios(
    name: Annotated[
        str | None,
        typer.Argument(metavar="SCENARIO", help="Print this one in full, as TOML to start your own from."),
    ] = None,
    json: Json = False,
) -> None:
    """List the scenarios that come with the package, or print one."""
    from crossings.scenario import Scenario

    if name is not None:
        scenario = Scenario.load(name)
        if json:
            print_json(scenario.as_dict())
        else:
            utf8(sys.stdout)  # which TOML is, whatever the terminal speaks
            sys.stdout.write(scenario.to_toml(comments=True))
        return
    known = [Scenario.load(each) for each in Scenario.shipped()]
    if json:
        print_json({"scenarios": [_outline(scenario) for scenario in known]})
    else:
        _print_scenarios(known)


def _outline(scenario: Scenario) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": " ".join(scenario.description.split()),
        "start": scenario.start,
        "end": scenario.end,
        "policies": {name: type(policy).__name__ for name, policy in scenario.policies.items()},
    }


def _print_scenarios(known: list[Scenario]) -> None:
    from rich.table import Table

    table = Table("scenario", "from", "to", "what it is", box=None, pad_edge=False)
    for scenario in known:
        text = f"{scenario.title}. {_in_short(scenario.description)}"
        table.add_row(scenario.name, str(scenario.start), str(scenario.end), text)
    for column in table.columns[:3]:
        column.no_wrap = True
    table.columns[3].min_width = _READABLE
    print_table(table, a_row_a_line=False)


def _in_short(description: str) -> str:
    """Return the first sentence of a description; the whole stands in the scenario."""
    first, end, _ = " ".join(description.split()).partition(". ")
    return first + end.strip()


def params(
    wanted: Annotated[
        str | None,
        typer.Argument(metavar="FILTER", help="Only those with this in their key, meaning or source."),
    ] = None,
    json: Json = False,
) -> None:
    """List every parameter: key, default, unit, plausible range, meaning and source.

    A policy's parameters stand under policies.KIND; in a scenario the policy's own name stands there.
    """
    rows = _matching(wanted)
    if json:
        print_json({"parameters": [_row(row) for row in rows]})
    else:
        _print_params(rows)


def _matching(wanted: str | None) -> list[Described]:
    from crossings.scenario import parameters

    rows = list(parameters())
    if wanted is None:
        return rows
    word = wanted.lower()
    found = [row for row in rows if any(word in text.lower() for text in (row.path, row.meaning, row.source))]
    if not found:
        keys = [part for row in rows for part in (row.path, row.path.rpartition(".")[2])]
        raise InputError(
            f"filter '{wanted}': expected part of a parameter's key, meaning or source{nearest(wanted, keys)}"
        )
    return found


def _row(row: Described) -> dict[str, Any]:
    return {
        "path": row.path,
        "default": row.default,
        "unit": row.unit,
        "low": row.low,
        "high": row.high,
        "meaning": row.meaning,
        "source": row.source,
        "assumed": row.assumed,
    }


def _print_params(rows: list[Described]) -> None:
    from rich.table import Table

    table = Table("parameter", "default", "unit", "range", "meaning", "source", box=None, pad_edge=False)
    for column in table.columns[:4]:
        column.no_wrap = True
    table.columns[4].min_width = _READABLE
    for row in rows:
        table.add_row(row.path, _short(row.default), row.unit, _range(row), row.meaning, row.source)
    if fits(table):
        print_table(table, a_row_a_line=not console().is_terminal)  # a pipe may lead to grep
    else:
        _print_in_paragraphs(rows)


def _print_in_paragraphs(rows: list[Described]) -> None:
    from rich.padding import Padding

    to = console()
    for row in rows:
        default = _short(row.default) or "none"
        where = ", ".join(part for part in (row.unit if row.unit != "1" else "", _range(row)) if part)
        to.print(f"{row.path} = {default}" + (f"  ({where})" if where else ""), soft_wrap=True)
        to.print(Padding(f"{row.meaning.rstrip('.')}; {row.source}", (0, 0, 0, 4)))


def _range(row: Described) -> str:
    return "" if row.low is None and row.high is None else f"{_short(row.low)} to {_short(row.high)}"


def _short(value: Any) -> str:
    from crossings.scenario_errors import shown

    return "" if value is None else shown(value)
