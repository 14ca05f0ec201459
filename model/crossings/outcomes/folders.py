"""A folder of results is there whole or not at all.

Everything is written beside the place it is meant for and moved there in one step, so that a run
broken off half-way leaves nothing that looks like a result, and replacing an old one never leaves
a mixture.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from crossings.errors import InputError

MARK = "provenance.json"
"""The file every folder of results has; a folder without it is never replaced."""


@contextmanager
def whole_folder(folder: str | os.PathLike[str], force: bool = False) -> Iterator[Path]:
    """Give a folder to write in, which takes its place when all is written.

    Parameters
    ----------
    folder
        Where the results shall be.
    force
        Replace results that are there already.

    Raises
    ------
    InputError
        If the folder exists and `force` is not given, or if what is there is not results.
    """
    target = Path(folder).absolute()
    refuse_existing(target, force)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = _beside(target, "new")
    fresh.mkdir()  # not mkdtemp, whose folders only their owner can read
    try:
        yield fresh
        _replace(target, fresh)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def refuse_existing(folder: str | os.PathLike[str], force: bool = False) -> None:
    """Raise `InputError` unless results may be written there; ask before a long run, not after it."""
    target = Path(folder)
    if not (target.exists() or target.is_symlink()):
        return
    if not force:
        raise InputError(f"folder '{folder}' exists: expected a new one (or force, to replace it)")
    if not target.is_dir() or target.is_symlink():
        raise InputError(f"'{folder}' is not a folder: expected a new folder or one of results")
    if any(target.iterdir()) and not (target / MARK).is_file():
        raise InputError(
            f"folder '{folder}' holds something else: expected a folder of results (with {MARK})"
        )


def refuse_unusable(folder: str | os.PathLike[str], force: bool = False) -> None:
    """Raise `InputError` unless results can be written there; nothing is left by asking."""
    target = Path(folder).absolute()
    try:
        refuse_existing(folder, force)
        str(target).encode()  # a name that is not text is beyond what writes tables
        standing = next(parent for parent in target.parents if parent.exists() or parent.is_symlink())
        trial = _beside(standing / target.name, "new")
        trial.mkdir()
        trial.rmdir()
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        why = getattr(error, "strerror", None) or error
        raise InputError(f"folder '{folder}': expected a place to write, got: {why}") from None


def write_json(path: Path, content: Any) -> None:
    """Write plain data as readable JSON; dates as ISO dates."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=str)
    # what is not text at all (a file name may be) is escaped, which JSON understands
    path.write_text(text + "\n", encoding="utf-8", errors="backslashreplace")


def _replace(target: Path, fresh: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = _beside(target, "old")
    try:
        target.rename(old)
        fresh.rename(target)
    finally:
        if not target.exists():  # whatever came in between, Ctrl-C included
            old.rename(target)
        shutil.rmtree(old, ignore_errors=True)


def _beside(target: Path, what: str) -> Path:
    """Return a hidden name next to a folder that nothing else has, not even what a killed run left."""
    return target.with_name(f".{target.name}.{uuid4().hex[:12]}.{what}")
