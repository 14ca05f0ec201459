"""A scenario as plain tables: taken apart for files and changes, and policies put together again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from crossings.errors import InputError, unknown
from crossings.parameters import Block, described
from crossings.policies import Policy, build, kinds
from crossings.scenario_errors import block_at, explain, refuse_conversions, shown, unknown_key
from crossings.scenario_files import NONE, merge
from crossings.scenario_text import one_line

POLICIES = "policies"

_POLICY_NAME = re.compile(r"[A-Za-z0-9_-]+")


def table_of(block: Block) -> dict[str, Any]:
    """Return a block as a plain table: blocks as tables, tuples as lists, a policy with its kind.

    A value of None is left out where it is the default, and is the word ``"none"`` elsewhere.
    """
    table: dict[str, Any] = {"kind": type(block).__name__} if isinstance(block, Policy) else {}
    for name, field in type(block).model_fields.items():
        value = getattr(block, name)
        if value is None:
            if field.get_default(call_default_factory=True) is not None:
                table[name] = NONE
        else:
            table[name] = _plain(value)
    return table


def _plain(value: Any) -> Any:
    if isinstance(value, Block):
        return table_of(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value


def without_none(given: Mapping[str, Any], block: type[BaseModel]) -> dict[str, Any]:
    """Return a table with the word ``"none"`` made None wherever the field may be None."""
    clean: dict[str, Any] = {}
    for name, value in given.items():
        inner = block_at(block, (name,))
        field = block.model_fields.get(name)
        if isinstance(value, Mapping) and inner is not None:
            clean[name] = without_none(value, inner)
        elif value == NONE and field is not None and type(None) in get_args(field.annotation):
            clean[name] = None
        else:
            clean[name] = value
    return clean


def build_policies(given: Any) -> dict[str, Policy]:
    """Make policies of a table of tables; a policy that is ``"none"`` is left out.

    Raises
    ------
    InputError
        If one has no kind, an unknown kind, an unusable name, or a value that cannot be used.
    """
    if not isinstance(given, Mapping):
        raise InputError(
            f"{POLICIES} = {shown(given)}: expected a table for each, such as [policies.returns]"
        )
    wanted = {str(name): value for name, value in given.items() if value is not None and value != NONE}
    return {name: _policy(name, value) for name, value in wanted.items()}


def _policy(name: str, given: Any) -> Policy:
    path = f"{POLICIES}.{name}"
    if not _POLICY_NAME.fullmatch(name) or name == NONE:
        raise InputError(f"policy name {shown(name)}: expected letters, digits, - and _ (and not 'none')")
    if isinstance(given, Policy):
        return given.named(name)
    if not isinstance(given, Mapping):
        raise InputError(f"{path} = {shown(given)}: expected a table with kind, start and the rest")
    table = dict(given)
    kind = table.pop("kind", None)
    if kind is None:
        raise InputError(f"{path}.kind = nothing given: expected one of {', '.join(sorted(kinds()))}")
    if not isinstance(kind, str) or kind not in kinds():
        raise InputError(f"{path}.kind: {unknown('kind of policy', one_line(kind), kinds())}")
    table = without_none(table, kinds()[kind])
    try:
        policy = build(kind, table, name)
    except ValidationError as error:
        raise explain(error, kinds()[kind], path) from None
    refuse_conversions(table, policy, path)
    return policy


def put(table: dict[str, Any], path: str, value: Any, block: type[Block]) -> None:
    """Set a value at a dotted key of a scenario's table; tables are merged into what is there.

    Raises
    ------
    InputError
        If there is no table for that key to be in.
    """
    *heads, last = path.split(".")
    value = _native(value)
    inside: Any = table
    for depth, head in enumerate(heads):
        if isinstance(inside, dict) and head not in inside:
            raise _no_such(heads[: depth + 1], path, value, inside, block)
        inside = inside[head]
        if not isinstance(inside, dict):
            whole = ".".join(heads[: depth + 1])
            raise InputError(f"{path} = {shown(value)}: expected a key in a table, but {whole} is one value")
    if heads == [POLICIES] and last not in inside and not (isinstance(value, Mapping) and "kind" in value):
        raise _no_such([*heads, last], path, value, inside, block)
    inside[last] = merge(inside, {last: value})[last]


def _native(value: Any) -> Any:
    """Return a Python value for a NumPy one, the word for None, and lists for tuples."""
    if value is None:
        return NONE
    if isinstance(value, Policy):
        return table_of(value)
    if isinstance(value, Mapping):
        return {str(key): _native(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_native(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


def _no_such(
    heads: list[str], path: str, value: Any, inside: Mapping[str, Any], block: type[Block]
) -> InputError:
    if heads[0] == POLICIES and len(heads) == 2:
        known = list(inside)
        if not known:
            return InputError(f"{path} = {shown(value)}: expected a policy of the scenario, but it has none")
        return InputError(f"{path} = {shown(value)}: {unknown('policy', heads[1], known)}")
    siblings = list(inside)
    return unknown_key(path, value, ".".join(heads), siblings, [row.path for row in described(block)])


def comments_of(block: Block, prefix: str = "") -> dict[str, str]:
    """Return meaning, unit and source of every parameter, by dotted key."""
    return dict(_comments(block, prefix))


def _comments(block: Block, prefix: str) -> Iterator[tuple[str, str]]:
    for row in described(block, prefix):
        unit = "" if row.unit == "1" else f" [{row.unit}]"
        yield row.path, " ".join(f"{row.meaning.rstrip('.')}{unit}; {row.source}".split())
    for name, policy in getattr(block, POLICIES, {}).items():
        yield from _comments(policy, f"{POLICIES}.{name}")
