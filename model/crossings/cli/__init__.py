"""The command line: ``crossings run``, ``compare``, ``sweep``, ``reproduce`` and what goes with them.

Whatever a user can get wrong ends in one line on standard error and exit status 2, before anything
has been written; a fault of the disk or of memory in one line and status 1; Ctrl-C in one line and
status 130. Only what was asked for goes to standard output. What is slow to import is imported by the
command that needs it, so that help is there at once.
"""

# ruff: noqa: PLC0415 - so that Ctrl-C is waited for before anything else is imported

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence

__all__ = ["main"]

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave the process with its exit status.

    Parameters
    ----------
    arguments
        Words after the program's name; default: those of this process.
    """
    try:
        from crossings.cli.app import follow

        status = follow(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt as interrupt:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one would break into the leaving
        print(f"crossings: interrupted, {_left(interrupt)}", file=sys.stderr)
        exec("")  # which forgets an interrupt of an exec, by which Python would end in place of the status
        status = _INTERRUPTED
    sys.exit(status)


def _left(interrupt: KeyboardInterrupt) -> str:
    """Return what an interrupt leaves behind: nothing, unless what it broke into says otherwise."""
    return str(interrupt.args[0]) if interrupt.args else "nothing written"
