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
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
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


def write_json(path: Path, content: Any) -> None:
    """Write plain data as readable JSON; dates as ISO dates."""
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False, default=str)
    path.write_text(text + "\n", encoding="utf-8")


def _replace(target: Path, fresh: Path) -> None:
    if not target.exists():
        fresh.rename(target)
        return
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)
