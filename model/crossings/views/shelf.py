"""``experiments/README.md``: every experiment on the shelf, and how its last full run came out.

The table is made from ``experiment.toml``, ``expected.toml`` and ``result.json`` of each folder::

    python -m crossings.views.shelf            # bring the table up to date
    python -m crossings.views.shelf --check    # only say whether it is

The identity beside a result is that of the model that made it (`crossings.study.identity`); the command
says which results were made by another model than the one at hand. A test runs the second command.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from crossings.study import expected, experiments
from crossings.study.identity import code_identity
from crossings.study.reproduction import RESULT

README = Path(__file__).resolve().parents[3] / "experiments" / "README.md"
"""The file, in a checkout."""

_BETWEEN = re.compile(r"(<!-- table: experiments -->\n).*?(<!-- end of table -->)", re.DOTALL)
_SHORT = 12


def current(text: str, names: Sequence[str]) -> str:
    """Return the file's text with its table made anew.

    Parameters
    ----------
    text
        Markdown with a place for the table.
    names
        Experiments: on the shelf, or paths of folders.
    """
    return _BETWEEN.sub(lambda place: place[1] + table(names) + place[2], text)


def table(names: Sequence[str]) -> str:
    """Return one row for each experiment: what it is, its quantities, and its last full run."""
    rows = [_row(experiments.folder(name)) for name in names]
    head = ("experiment", "kind", "quantities", "within tolerance", "last run (UTC)", "model")
    lines = [" | ".join(head), "|".join("---" for _ in head), *(" | ".join(row) for row in rows)]
    return "".join(f"| {line} |\n" if "---" not in line else f"|{line}|\n" for line in lines)


def stale(names: Sequence[str]) -> list[str]:
    """Return the published experiments whose last run is missing or was made by another model."""
    published = [name for name in names if _kind(experiments.folder(name)) == "reproduction"]
    return [name for name in published if _last(experiments.folder(name)).get("identity") != code_identity()]


def _row(place: Path) -> tuple[str, ...]:
    title = str(experiments.read(place).get("title", place.name))
    name = f"[{place.name}]({place.name}): {title}" if _has_readme(place) else f"{place.name}: {title}"
    if _kind(place) != "reproduction":
        return (name, _kind(place), "", "", "", "")
    last, number = _last(place), len(expected.read(place))
    if not last:
        return (name, "reproduction", str(number), "not run", "", "")
    within = sum(bool(quantity["ok"]) for quantity in last["quantities"])
    when = str(last["ran"]).replace("T", " ")[:16]
    of = f"{within} of {len(last['quantities'])}"
    return (name, "reproduction", str(number), of, when, f"`{last['identity'][:_SHORT]}`")


def _kind(place: Path) -> str:
    return str(experiments.read(place)["kind"])


def _has_readme(place: Path) -> bool:
    return (place / "README.md").is_file()


def _last(place: Path) -> dict[str, Any]:
    path = place / RESULT
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring the file up to date, or only check it; return the exit status."""
    parser = argparse.ArgumentParser(description="The table of experiments/README.md.")
    parser.add_argument("--check", action="store_true", help="only say whether the table is current")
    options = parser.parse_args(arguments)
    text, names = README.read_text(encoding="utf-8"), experiments.shipped()
    wanted = current(text, names)
    for name in stale(names):
        print(f"{name}: its stored result was made by another model, or is missing")
    if text == wanted:
        print("experiments/README.md is current")
        return 0
    if options.check:
        print("experiments/README.md is not current: python -m crossings.views.shelf")
        return 1
    README.write_text(wanted, encoding="utf-8")
    print("experiments/README.md brought up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
