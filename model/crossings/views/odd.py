"""The tables of ODD.md, made from the code they describe.

``model/ODD.md`` is written by hand, but for its tables: parameters, policies, moments and levers,
outcomes, the life line and the sources of the data stand between two comments, and what stands there
is made here, from the very declarations that the model runs on::

    python -m crossings.views.odd            # bring the tables up to date
    python -m crossings.views.odd --check    # only say whether they are

A test runs the second, so a parameter cannot change without its description.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from textwrap import dedent

from crossings import corridors, population
from crossings.errors import InputError, unknown
from crossings.hooks import MOMENTS, Levers, moments_of
from crossings.outcomes.catalogue import ACCOUNTS, OUTCOMES
from crossings.parameters import Block, Described, described
from crossings.policies import Policy, ReturnsPolicy, kinds
from crossings.population import ENDED, State
from crossings.scenario import Scenario
from crossings.scenario_errors import shown

ODD = Path(__file__).resolve().parents[2] / "ODD.md"
"""The description, beside the package in a checkout."""

_BETWEEN = re.compile(r"(<!-- table: ([\w-]+) -->\n).*?(<!-- end of table -->)", re.DOTALL)
_MEMBER = re.compile(r"^\s+([A-Z_]+) = \d+(?:\s+# (.*))?$", re.MULTILINE)


def current(text: str) -> str:
    """Return a description with every table made anew.

    Parameters
    ----------
    text
        Markdown with places for the tables: ``<!-- table: NAME -->`` to ``<!-- end of table -->``.

    Returns
    -------
    str
        The same text with the tables of today between the marks.

    Raises
    ------
    InputError
        If a place asks for a table that there is not, or a table has no place.
    """
    found = [name for _, name, _ in _BETWEEN.findall(text)]
    for name in found:
        if name not in TABLES:
            raise unknown("table", name, TABLES)
    missing = [name for name in TABLES if name not in found]
    if missing:
        raise InputError(f"{ODD.name}: expected a place for the table '{missing[0]}'")
    return _BETWEEN.sub(lambda place: f"{place[1]}\n{TABLES[place[2]]()}\n\n{place[3]}", text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Bring the tables of ODD.md up to date, or say whether they are; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m crossings.views.odd", description="Tables of ODD.md.")
    parser.add_argument("--check", action="store_true", help="change nothing; status 1 if out of date")
    options = parser.parse_args(arguments)
    if not ODD.is_file():
        print(f"{ODD}: no such file; it is part of a checkout, not of an installed package", file=sys.stderr)
        return 2
    before = ODD.read_text(encoding="utf-8")
    after = current(before)
    if before == after:
        return 0
    if options.check:
        print(f"{ODD}: tables out of date; run 'make docs'", file=sys.stderr)
        return 1
    ODD.write_text(after, encoding="utf-8")
    return 0


# how a table looks -----------------------------------------------------------------------------------


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _code(name: str) -> str:
    return f"`{name}`"


def _unit(unit: str) -> str:
    return "" if unit == "1" else unit


def _first_line(thing: object) -> str:
    return (inspect.getdoc(thing) or "").partition("\n")[0]


# parameters ------------------------------------------------------------------------------------------


def parameters() -> str:
    """Return a table for every room that has parameters of its own."""
    return "\n\n".join(
        f"#### {prefix or 'scenario'}\n\n{_first_line(block)}\n\n{_rows(own)}"
        for prefix, block in _blocks(Scenario)
        if (own := [row for row in described(block, prefix) if row.path.rpartition(".")[0] == prefix])
    )


def _blocks(block: type[Block], prefix: str = "") -> Iterator[tuple[str, type[Block]]]:
    """Yield a block and those nested in it, with their dotted keys."""
    yield prefix, block
    for name, field in block.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, Block):
            yield from _blocks(inner, f"{prefix}.{name}" if prefix else name)


def _rows(parameters: Iterable[Described]) -> str:
    heads = ("parameter", "default", "unit", "range", "meaning", "source")
    return _table(heads, map(_row, parameters))


def _row(row: Described) -> tuple[str, ...]:
    default = "none" if row.default is None else shown(row.default)
    bounds = "" if row.low is None or row.high is None else f"{row.low:g} to {row.high:g}"
    return _code(row.path), default, _unit(row.unit), bounds, row.meaning.rstrip("."), row.source


# policies --------------------------------------------------------------------------------------------


def policies() -> str:
    """Return a table of the kinds of policies, and their parameters."""
    families: tuple[type[Policy], ...] = (Policy, ReturnsPolicy)
    heads = {Policy: "every policy", ReturnsPolicy: "every policy that returns people"}
    parts = [_table(("kind", "what it does", "acts at", "announces"), map(_kind, shipped_kinds().values()))]
    for kind in (*families, *shipped_kinds().values()):
        own = vars(kind).get("__annotations__", {})
        rows = [row for row in described(kind) if row.path in own]
        if rows:
            parts.append(f"#### {heads.get(kind, kind.__name__)}\n\n{_rows(rows)}")
    return "\n\n".join(parts)


def shipped_kinds() -> dict[str, type[Policy]]:
    """Return the kinds of policies that come with the package, whatever else is registered."""
    return {name: kind for name, kind in kinds().items() if kind.__module__.startswith("crossings.")}


def _kind(kind: type[Policy]) -> tuple[str, ...]:
    announces = kind.announcements is not Policy.announcements
    moments = ", ".join(map(_code, moments_of(kind)))
    return _code(kind.__name__), _first_line(kind), moments, "yes" if announces else "no"


# moments, levers, outcomes ---------------------------------------------------------------------------


def moments() -> str:
    """Return a table of the moments at which policies may act."""
    rows = [(_code(m.name), _code(m.caller), m.when, _code(m.arguments)) for m in MOMENTS.values()]
    return _table(("moment", "called by", "when", "arguments"), rows)


def levers() -> str:
    """Return a table of the levers that policies may set."""
    told = _attribute_docs(Levers)
    rows = []
    for lever in fields(Levers):
        reader, _, meaning = told[lever.name].partition(": ")
        rows.append((_code(lever.name), f"{lever.default:g}", _code(reader), meaning.rstrip(".")))
    return _table(("lever", "without a policy", "read by", "what it is"), rows)


def _attribute_docs(kind: type) -> dict[str, str]:
    """Return the text that stands beneath each attribute in the source of a class."""
    body = ast.parse(dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    told = {}
    for above, below in zip(body.body, body.body[1:], strict=False):
        text = below.value if isinstance(below, ast.Expr) else None
        if isinstance(above, ast.AnnAssign) and isinstance(text, ast.Constant):
            told[ast.unparse(above.target)] = " ".join(str(text.value).split())
    return told


def outcomes() -> str:
    """Return tables of flows, levels and accounts."""
    parts = []
    for kind, title in (("flow", "Flows, added up by calendar date"), ("level", "Levels, as last set")):
        rows = [
            (_code(o.name), o.unit if o.unit != "1" else "share", o.keys or "", o.meaning)
            for o in OUTCOMES.values()
            if o.kind == kind
        ]
        parts.append(f"#### {title}\n\n{_table(('outcome', 'unit', 'split by', 'meaning'), rows)}")
    accounts = [(_code(name), meaning) for name, meaning in ACCOUNTS.items()]
    parts.append(f"#### Accounts, which make up `cost_gbp`\n\n{_table(('account', 'pays for'), accounts)}")
    return "\n\n".join(parts)


# the life line, and the data -------------------------------------------------------------------------


def states() -> str:
    """Return a table of the states of the life line and the steps between them."""
    meanings = dict(_MEMBER.findall(inspect.getsource(State)))
    steps = population._NEXT
    rows = []
    for state in State:
        onward = ", ".join(_code(to.name) for to in steps.get(state, ()))
        meaning = meanings[state.name] or state.name.replace("_", " ").lower()
        rows.append((_code(state.name), meaning, "the journey has ended" if state >= ENDED else onward))
    return _table(("state", "what it means", "next"), rows)


def data() -> str:
    """Return a table of the columns of the default corridor, with confidence and source."""
    rows = [(_code(s.file), _code(s.column), s.confidence, s.source) for s in corridors.load().sources]
    return _table(("table", "column", "confidence", "source"), rows)


TABLES: dict[str, Callable[[], str]] = {
    "states": states,
    "data": data,
    "moments": moments,
    "levers": levers,
    "policies": policies,
    "outcomes": outcomes,
    "parameters": parameters,
}
"""The tables by name."""


if __name__ == "__main__":
    sys.exit(main())
