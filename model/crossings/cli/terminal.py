"""How the command line talks: errors, progress, tables and JSON."""

# ruff: noqa: PLC0415 - help must not wait for what only some commands need

from __future__ import annotations

import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import partial
from io import TextIOWrapper
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from crossings.scenario_text import one_line

if TYPE_CHECKING:
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table

Report = Callable[[int, int], None]
"""Called with what is done and what there is to do."""

_NOTICEABLE = 2.0  # seconds from which on a wait deserves a bar
_SETTLED = 0.25  # seconds after which the pace so far says how long it will take
_LOGGED = 60.0  # seconds between lines in a log
_PIPE_WIDTH = 120
_WIDEST = 10_000
_ERROR_WIDTH = 500


class Interrupted(Exception):  # noqa: N818, no error
    """Ctrl-C in a command that leaves something behind; says what, in part of a line."""


def complain(message: str) -> None:
    """Print one line on standard error."""
    print(f"crossings: {one_line(message, _ERROR_WIDTH)}", file=sys.stderr)


def make_ready() -> None:
    """Make sure that there is somewhere to print, and that no letter is unknown there."""
    if sys.stdout is None:  # closed by whoever called
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, for as long as there is
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def utf8(stream: TextIO) -> None:
    """Make a stream write UTF-8 from here on."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8")


def console() -> Console:
    """Return what tables are printed on: the terminal as wide as it is, a pipe wide enough."""
    from rich.console import Console

    # names are printed as they are: a bracket or a colon in one means nothing
    plainly = partial(Console, highlight=False, markup=False, emoji=False)
    out = plainly()
    return out if out.is_terminal else plainly(width=_PIPE_WIDTH)


def print_table(table: Table, *, a_row_a_line: bool) -> None:
    """Print a table, wider than the terminal rather than with words or numbers cut short.

    Parameters
    ----------
    table
        The table.
    a_row_a_line
        Whether every row is to stand on one line, however long.
    """
    to = console()
    needed = _needed(table, to)
    to.width = max(to.width, needed.maximum if a_row_a_line else needed.minimum)
    to.print(table, crop=False)


def fits(table: Table) -> bool:
    """Return whether there is room for a table, or nobody to mind."""
    to = console()
    return not to.is_terminal or _needed(table, to).minimum <= to.width


def _needed(table: Table, to: Console) -> Measurement:
    return to.measure(table, options=to.options.update(max_width=_WIDEST))


@contextmanager
def progress(
    label: str, *, hidden: bool = False, total: int | None = None, log: bool = False
) -> Iterator[Report | None]:
    """Show a bar on standard error while the block runs, if it is going to take a while.

    Parameters
    ----------
    label
        What stands before the bar.
    hidden
        Show nothing.
    total
        What there is to do, where each piece of it takes a while: then the bar is there at once.
    log
        Where standard error is no terminal, write a line on it at most every minute.

    Yields
    ------
    callable or None
        To be called with (done, total); None where there is nobody to see it.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    error = Console(stderr=True)
    if hidden or not error.is_terminal:
        yield _logger(label) if log and not hidden else None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=error, transient=True) as bars:
        task = bars.add_task(label, total=total, visible=total is not None)
        begun = monotonic()

        def report(done: int, all_there_is: int) -> None:
            spent = monotonic() - begun
            wanted = spent > _SETTLED and spent * all_there_is > _NOTICEABLE * max(done, 1)
            visible = bars.tasks[0].visible or wanted
            bars.update(task, completed=done, total=all_there_is, visible=visible)

        yield report


def _logger(label: str) -> Report:
    """Return what writes now and then how far it is and how long the rest will take at the pace so far."""
    begun = said = monotonic()
    first: int | None = None

    def report(done: int, all_there_is: int) -> None:
        nonlocal said, first
        first = done if first is None else first
        now = monotonic()
        if done == first or (now - said < _LOGGED and done < all_there_is) or now - begun < _LOGGED:
            return
        said = now
        left = (now - begun) / (done - first) * (all_there_is - done)
        print(
            f"{label}: {done:,} of {all_there_is:,} after {(now - begun) / 60:.0f} min, "
            f"about {left / 60:.0f} min to go",
            file=sys.stderr,
            flush=True,
        )

    return report


def print_json(content: Any) -> None:
    """Print one JSON object, and nothing else, on standard output."""
    print(json.dumps(plain(content), indent=2, allow_nan=False))


def print_results(content: Mapping[str, Any]) -> None:
    """Print results as one JSON object, the limits of use within it."""
    from crossings.outcomes.provenance import LIMITS

    print_json(dict(content) | {"limits": LIMITS})


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: dates as text, nan as null, tuples as lists."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return None if isinstance(value, float) and not math.isfinite(value) else value
