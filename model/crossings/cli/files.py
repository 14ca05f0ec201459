"""Single files that commands write: refused before any work where they cannot or must not be written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossings.errors import InputError

STILL = (".png", ".pdf", ".svg")
MOVING = ".gif"

Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")]


def check_file(target: Path, suffixes: tuple[str, ...], force: bool, option: str = "--out") -> None:
    """Refuse a file that cannot or must not be written, before any work.

    Raises
    ------
    InputError
        If its name ends otherwise, it is there and may not be replaced, or there is no such folder.
    """
    if target.suffix.lower() not in suffixes:
        raise InputError(f"option {option} {target}: expected a name that ends in {' or '.join(suffixes)}")
    if target.exists() and not force:
        raise InputError(f"file '{target}' exists: expected a new one (or --force, to replace it)")
    if target.is_dir() or not target.absolute().parent.is_dir():
        raise InputError(f"option {option} {target}: expected a file in a folder that exists")
