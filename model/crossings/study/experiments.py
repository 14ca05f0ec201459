"""The shelf of experiments: one folder each, with an ``experiment.toml`` that says of which kind it is.

Experiments that come with the package lie in the folder ``experiments`` of the project, and in the
wheel beside the modules. Each has a README with its question. What a file of a kind may say is known
to the module of that kind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crossings import scenario_files
from crossings.errors import InputError, unknown

FILE = "experiment.toml"
KINDS = ("sweep", "reproduction")


def shipped(kind: str | None = None) -> list[str]:
    """Return the names of the experiments that come with the package, in alphabetical order.

    Parameters
    ----------
    kind
        One of `KINDS`, or None for all.
    """
    names = sorted(path.parent.name for path in shelf().glob(f"*/{FILE}"))
    return names if kind is None else [name for name in names if read(folder(name))["kind"] == kind]


def folder(name_or_path: str | Path) -> Path:
    """Return the folder of an experiment.

    Parameters
    ----------
    name_or_path
        Name of one that comes with the package, or path of a folder or of its ``experiment.toml``.

    Raises
    ------
    InputError
        If there is none.
    """
    asked = str(name_or_path)
    if asked in shipped():
        return shelf() / asked
    path = Path(asked)
    if path.name == FILE and path.is_file():
        return path.parent
    if (path / FILE).is_file():
        return path
    raise unknown("experiment", asked, shipped())


def read(place: Path) -> dict[str, Any]:
    """Return what the ``experiment.toml`` of a folder says, with its ``kind`` checked.

    Raises
    ------
    InputError
        If it cannot be read, is not TOML, or is of no known kind.
    """
    path = place / FILE
    try:
        table = scenario_files.parse(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    kind = table.get("kind")
    if kind not in KINDS:
        raise InputError(f'{path}: kind = {kind!r}: expected "sweep" or "reproduction"')
    return table


def shelf() -> Path:
    """Return the folder of the experiments that come with the package."""
    package = Path(__file__).parents[1]
    source_tree = package.parents[1] / "experiments"
    return source_tree if (package.parents[1] / "pyproject.toml").is_file() else package / "experiments"
