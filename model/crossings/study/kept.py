"""Long experiments run by run: what has ended is kept, and the same command goes on where it was broken off.

A run is kept in a journal (`crossings.study.journal`) as soon as it has ended, with its identity: a hash
of the code below ``study`` that the function which makes it imports, of the versions of libraries, of the
files it reads, and of what it was asked for. Only runs whose identity is that of today count; others stay
in the journal and are made again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from crossings.errors import InputError
from crossings.study.identity import canonical, code_of
from crossings.study.journal import Journal, Record, read
from crossings.study.reproductions import Work
from crossings.study.store import locked

JOURNAL = "runs.log"

Row = dict[str, Any]
"""What a run gives: numbers, texts and lists of them, by name."""


def carry_out(work: Work, run: Callable[..., Row], asked: Sequence[Any], *files: Path) -> list[Row]:
    """Return what runs give, in the order asked; those that are kept are not run again.

    Parameters
    ----------
    work
        How: where runs are kept, if they are, with how many processes, and whom to tell.
    run
        Function of a module that makes one run.
    asked
        A dataclass for each run; the first argument of `run`.
    files
        Files that runs read; its further arguments.

    Raises
    ------
    InputError
        If the folder of runs that are kept cannot be made, or somebody else is at work there.
    """
    code = _code_of(run, files)
    names = [_hash(f"{code}\n{canonical(asdict(each))}") for each in asked]
    with _open(work.keep) as journal:
        done = {} if work.keep is None else found(work.keep)
        waiting = {name: each for name, each in zip(names, asked, strict=True) if name not in done}
        work.report(len(asked) - len(waiting), len(asked))
        for name, row, seconds in _made(work, run, waiting, files):
            if journal is not None:
                journal.add([Record({"identity": name, "seconds": seconds, "row": row})])
            done[name] = row, seconds
            work.report(sum(each in done for each in names), len(asked))
        work.spent.append(sum(done[name][1] for name in set(names)))
    return [done[name][0] for name in names]


def found(folder: Path) -> dict[str, tuple[Row, float]]:
    """Return the runs that are kept in a folder, and their seconds, by identity."""
    path = folder / JOURNAL
    if not path.is_file():
        return {}
    return {
        record.content["identity"]: (dict(record.content["row"]), record.content["seconds"])
        for record in read(path)
    }


@contextmanager
def _open(folder: Path | None) -> Iterator[Journal | None]:
    if folder is None:
        yield None
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"folder '{folder}': expected a place to keep runs, got: {error.strerror}") from None
    with locked(folder), Journal(folder / JOURNAL) as journal:
        yield journal


def _made(
    work: Work, run: Callable[..., Row], waiting: dict[str, Any], files: Sequence[Path]
) -> Iterator[tuple[str, Row, float]]:
    """Yield runs as they end, made here or in worker processes."""
    if work.processes == 1 or len(waiting) < 2:
        for name, each in waiting.items():
            yield (name, *_timed(run, each, files))
        return
    with ProcessPoolExecutor(work.processes, mp_context=get_context("spawn")) as pool:
        names = {pool.submit(_timed, run, each, files): name for name, each in waiting.items()}
        try:
            for future in as_completed(names):
                yield (names[future], *future.result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _timed(run: Callable[..., Row], asked: Any, files: Sequence[Path]) -> tuple[Row, float]:
    begun = time.perf_counter()
    row = run(asked, *files)
    return row, time.perf_counter() - begun


def _code_of(run: Callable[..., Row], files: Sequence[Path]) -> str:
    """Return one hash of what makes runs: code, libraries, files."""
    read_by_runs = [sha256(path.read_bytes()).hexdigest() for path in files]
    return _hash(canonical([run.__module__, run.__qualname__, code_of(run), read_by_runs]))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()
