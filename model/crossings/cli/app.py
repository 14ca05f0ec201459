"""The commands and their help, and what a user gets wrong said in one line."""

from __future__ import annotations

from typing import Annotated

import typer

from crossings.cli.calibrating import calibrate, data, forecast, validate
from crossings.cli.listing import params, scenarios
from crossings.cli.reporting import draw_map, report
from crossings.cli.reproducing import reproduce
from crossings.cli.running import compare, run
from crossings.cli.serving import app as serve
from crossings.cli.sweeping import rerun, sensitivity, sweep
from crossings.cli.terminal import Interrupted, complain, make_ready
from crossings.errors import InputError

_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[2]
"""The base of every complaint of the option parser, which typer does not name in public."""

_FAULT, _WRONG_INPUT, _INTERRUPTED = 1, 2, 130

app = typer.Typer(
    name="crossings",
    help="What deterrence policies do to small-boat crossings of the English Channel.",
    epilog="Example: crossings compare no-policy one-in-one-out --seeds 5 --out results",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from crossings import __version__  # noqa: PLC0415 - asks the installed package, which is slow

        print(f"crossings {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version and leave.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


for _command, _example in (
    (run, "crossings run one-in-one-out --seed 7 --set policies.returns.quota_per_week=100 --out hundred"),
    (compare, "crossings compare no-policy one-in-one-out --seeds 5 --out results/pilot"),
    (sweep, "crossings sweep dose-response --out results/dose"),
    (rerun, "crossings rerun 3f9a1c20b47e-1 --sweep results/dose"),
    (sensitivity, "crossings sensitivity results/morris --outcome arrivals --figure indices.png"),
    (calibrate, "crossings calibrate --draws 3000 --processes 8 --out results/calibration"),
    (validate, "crossings validate --draws 40 --out results/validation"),
    (forecast, "crossings forecast --runs 200 --out results/forecast"),
    (scenarios, "crossings scenarios one-in-one-out > mine.toml"),
    (params, "crossings params quota"),
    (report, "crossings report results/pilot"),
    (reproduce, "crossings reproduce repeated-trials --scale 0.2"),
):
    app.command(epilog=f"Example: {_example}")(_command)
app.add_typer(data, name="data")
app.command("app", epilog="Example: crossings app --port 8765")(serve)
app.command("map", epilog="Example: crossings map one-in-one-out --out map.png --out season.gif")(draw_map)


def follow(arguments: list[str]) -> int:
    """Do what the arguments say and return the exit status."""
    make_ready()
    try:
        status = app(arguments, prog_name="crossings", standalone_mode=False) or 0
    except InputError as error:
        complain(str(error))
        return _WRONG_INPUT
    except _USAGE_ERROR as error:
        message = error.format_message() if hasattr(error, "format_message") else str(error)
        complain(message)
        return _WRONG_INPUT
    except Interrupted as interrupted:
        raise KeyboardInterrupt(str(interrupted)) from None
    except typer.Abort:
        status = _INTERRUPTED
    except OSError as error:
        complain(str(error))
        return _FAULT
    except MemoryError as error:
        complain(f"out of memory: {error}")
        return _FAULT
    if status == _INTERRUPTED:
        raise KeyboardInterrupt
    return int(status)
