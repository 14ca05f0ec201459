"""Files and words spoilt at random, for tests that ask for one clear line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import hypothesis.strategies as st

CELLS = [
    "", "-1", "0", "1e400", "nan", "inf", "x", "Calais", "Iran", "2031-02-30", "1e9", "#", '"', "\u00e9",
    "12", "0.5", "999999999999999999999", "\x00", "../../etc/passwd", "true", "[", "=", "[[axes]]", "'''",
    "\ufeff", '"../../etc/passwd"', '__import__("os").system("true")',
]  # fmt: skip
"""What may stand in place of anything."""


def changes(files: list[Path], *more: str) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return a change of one of some files: which, what kind, where, and by what (`CELLS`, or `more`)."""
    kinds = st.sampled_from(["cell", "drop", "double", "cut", "swap", "text", "bytes", "empty"])
    places = st.integers(0, 120), st.integers(0, 12)
    return st.tuples(st.sampled_from(files), kinds, *places, st.sampled_from([*CELLS, *more]))


def spoil(folder: Path, file: Path, kind: str, line: int, cell: int, value: str) -> None:
    """Change one file below a folder."""
    path = folder / file
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    at = line % len(lines)
    parted = "=" if file.suffix == ".toml" else ","
    cells = lines[at].split(parted)
    if kind == "cell":
        cells[cell % len(cells)] = value
        lines[at] = parted.join(cells)
    elif kind == "drop":
        del lines[at]
    elif kind == "double":
        lines.insert(at, lines[at])
    elif kind == "cut":
        lines[at] = parted.join(cells[: cell % len(cells)])
    elif kind == "swap":
        lines[at - 1], lines[at] = lines[at], lines[at - 1]
    elif kind == "text":
        lines[at] += value
    elif kind == "bytes":
        path.write_bytes(path.read_bytes()[: line * 7] + bytes([cell * 20 % 256, 0xFF]))
        return
    else:
        lines = []
    path.write_text("\n".join(lines), encoding="utf-8")


def is_one_clear_line(said: str) -> bool:
    """Tell whether an error can be read at a glance: one line, printable, and not endless."""
    return bool(said.strip()) and "\n" not in said and "Traceback" not in said and len(said) < 1000
