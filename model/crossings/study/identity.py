"""What a run is made by: whether an old row still says what today's code would say.

The *identity* is a hash of what a result depends on: the abstract syntax, without docstrings and
comments, of the modules that a run imports below ``study``; the data files it reads; the scenario in
full; the versions of Python and of the libraries; and what runs it and what is kept. Editing a
docstring changes nothing. Beside it, and not part of it, stand a hash of the sources as they are and
the platform.

The modules are found by following imports from `crossings.model` as they stand in the sources, so
that what else a process happens to have imported makes no difference.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import json
import linecache
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache, cached_property, lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from crossings import corridors
from crossings.errors import InputError
from crossings.outcomes.provenance import PACKAGE, Provenance
from crossings.policies import Policy
from crossings.scenario import Scenario

_ROOTS = ("crossings.model", "crossings.draws")  # the second is taken up by workers
_ABOVE = ("crossings.study", "crossings.views", "crossings.cli", "crossings.__main__")
_SAYS_NOTHING = ("name", "title", "description")
_DATA = (".toml", ".csv", ".json")
_SHOWN = 3


@dataclass(frozen=True)
class Identity:
    """What made a row.

    Attributes
    ----------
    code
        Hash of the abstract syntax of every module, by name.
    data
        Hash of every data file, by corridor and relative path.
    scenario
        Hash of each dotted key's value of the scenario in full.
    versions
        Of Python and the libraries.
    run
        What makes a run, and what is kept of it.
    beside
        Not part of the identity: hash of the sources as they are, platform, version, commit.
    """

    code: Mapping[str, str]
    data: Mapping[str, str]
    scenario: Mapping[str, str]
    versions: Mapping[str, str]
    run: Mapping[str, str]
    beside: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that counts."""
        return _hash(canonical({name: table for name, table in asdict(self).items() if name != "beside"}))

    def of_run(self, settings: Mapping[str, Any], seed: int) -> str:
        """Return the identity of one run: this one, with what the run's point sets and its seed."""
        return _hash(f"{self.digest}\n{canonical(settings)}\n{seed}")

    def changes(self, older: Identity) -> list[str]:
        """Say what differs from an older identity, one phrase for each kind of thing."""
        kinds = (
            ("code of", self.code, older.code),
            ("data in", self.data, older.data),
            ("scenario", self.scenario, older.scenario),
            ("version of", self.versions, older.versions),
            ("run by", self.run, older.run),
        )
        return [
            f"{kind} {_some(different)}" for kind, now, then in kinds if (different := _differ(now, then))
        ]

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, ready for JSON."""
        return asdict(self) | {"digest": self.digest}

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Identity:
        """Make it of plain data again."""
        return cls(**{name: value for name, value in table.items() if name != "digest"})


def identify(
    base: Scenario,
    corridors_used: Iterable[str],
    run: Any,
    kept: Iterable[str],
    policies_used: Iterable[type[Policy]],
) -> Identity:
    """Return the identity of runs of a scenario as code, data and libraries stand now.

    Parameters
    ----------
    base
        The scenario that all of them start from.
    corridors_used
        Names or paths of the corridors that any of them reads.
    run
        What makes a run: `crossings.run` or a function of a module.
    kept
        What is kept of each run.
    policies_used
        Kinds of policies that any of them has.

    Raises
    ------
    InputError
        If the source of `run` or of a policy cannot be read.
    """
    table = base.as_dict()
    places = sorted(set(corridors_used) | {base.corridor})
    provenance = Provenance.gather(table, 0, {})
    versions = {"python": ".".join(platform.python_version_tuple()[:2])} | provenance.libraries
    runner, arguments = function_behind(run)
    return Identity(
        code=dict(code_of_package()) | _code_of_users([runner, *policies_used]),
        data={
            f"{Path(name).name}/{file}": digest
            for name in places
            for file, digest in corridors.load(name).files.items()
        },
        scenario={
            key: _hash(canonical(value))[:16] for key, value in _flat(table) if key not in _SAYS_NOTHING
        },
        versions=versions,
        run={
            "function": f"{runner.__module__}.{runner.__qualname__}{arguments}",
            "kept": ", ".join(sorted(kept)),
        },
        beside={
            "sources": sources(),
            "platform": provenance.platform,
            "python": provenance.python,
            "version": provenance.version,
            "commit": provenance.commit,
            "modified": provenance.modified,
        },
    )


def canonical(value: Any) -> str:
    """Write plain data as one text; equal data give equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)


@lru_cache(maxsize=1)
def code_of_package() -> tuple[tuple[str, str], ...]:
    """Return the hash of the abstract syntax of every module that a run imports, by name."""
    return tuple((name, _parsed(name, path).syntax) for name, path in modules())


@lru_cache(maxsize=1)
def code_identity() -> str:
    """Return one hash of every module below ``study``, replicas included, and of every data file.

    It says which model made a result that no single scenario describes.
    """
    seen = sha256()
    for path in sorted(PACKAGE.rglob("*"), key=lambda path: path.relative_to(PACKAGE).as_posix()):
        within = path.relative_to(PACKAGE)
        module = f"{PACKAGE.name}.{'.'.join(within.with_suffix('').parts)}"
        if module.startswith((*_ABOVE, f"{PACKAGE.name}.experiments")):
            continue
        if path.suffix == ".py":
            seen.update(f"{within.as_posix()}\0{syntax_hash(path.read_text(encoding='utf-8'))}\0".encode())
        elif path.suffix in _DATA:
            seen.update(f"{within.as_posix()}\0{sha256(path.read_bytes()).hexdigest()}\0".encode())
    return seen.hexdigest()


def sources() -> str:
    """Return one hash of the same modules' sources as they are, docstrings and all."""
    return sources_of(tuple(name for name, _ in modules()))


@lru_cache(maxsize=1)
def sources_of(names: tuple[str, ...]) -> str:
    """Return one hash of the sources of some modules; whoever knows the names need not parse them."""
    seen = sha256()
    for name in names:
        path = _file_of(name)
        seen.update(f"{name}\n".encode() + (b"" if path is None else path.read_bytes()))
    return seen.hexdigest()


def code_of(run: Callable[..., Any]) -> Mapping[str, str]:
    """Return what makes the results of a function that reads no scenario.

    Returns
    -------
    Mapping
        Hash of the abstract syntax of its module and of each that this imports below ``study``, by name; and
        versions of Python and the libraries.

    Raises
    ------
    InputError
        If the source of the function cannot be read.
    """
    provenance = Provenance.gather({}, 0, {})
    versions = {"python": ".".join(platform.python_version_tuple()[:2])} | provenance.libraries
    below = {name: _parsed(name, path).syntax for name, path in modules(run.__module__)}
    return versions | below | _code_of_users([run])


@lru_cache(maxsize=8)
def modules(*roots: str) -> tuple[tuple[str, Path], ...]:
    """Return the modules of the package that a run imports below ``study``, and their files.

    Parameters
    ----------
    *roots
        Modules where imports begin; those of a season if none is named.
    """
    found: dict[str, Path] = {}
    waiting = [*(roots or _ROOTS)]
    while waiting:
        name = waiting.pop()
        path = _file_of(name)
        if name in found or path is None or name.startswith(_ABOVE):
            continue
        found[name] = path
        waiting += [name.rpartition(".")[0], *_parsed(name, path).imports]
    return tuple(sorted(found.items()))


def syntax_hash(source: str) -> str:
    """Return the hash of a module's abstract syntax without docstrings and comments."""
    return _hash_of_tree(ast.parse(source))


@dataclass(frozen=True)
class _Parsed:
    """What one parse of a module says: the hash of its syntax, and the names it imports."""

    syntax: str
    imports: tuple[str, ...]


@cache
def _parsed(name: str, path: Path) -> _Parsed:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    imports = tuple(_imports(tree, package))
    return _Parsed(_hash_of_tree(tree), imports)


def _hash_of_tree(tree: ast.AST) -> str:
    """Return the hash of a syntax tree, which loses its docstrings."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):  # a text that stands alone says something to readers only
            vars(node)["body"] = [each for each in body if not _is_text(each)] or [ast.Pass()]
    return _hash(ast.dump(tree))


def _is_text(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _imports(tree: ast.AST, package: str) -> Iterator[str]:
    for node in _executed(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            relative = "." * node.level + (node.module or "")
            source = importlib.util.resolve_name(relative, package)
            yield source
            yield from (f"{source}.{alias.name}" for alias in node.names)


def _executed(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield all nodes of a tree but those that only a type checker reads."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            waiting += node.orelse
        else:
            waiting += ast.iter_child_nodes(node)


def _file_of(name: str) -> Path | None:
    parts = name.split(".")
    if parts[0] != PACKAGE.name:
        return None
    place = PACKAGE.joinpath(*parts[1:])
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


def function_behind(run: Any) -> tuple[Any, str]:
    """Return the function behind what runs, and what it is given beforehand as text.

    Raises
    ------
    InputError
        If it is neither a function nor a class.
    """
    arguments = ""
    while isinstance(run, partial):
        arguments += canonical([list(map(repr, run.args)), {k: repr(v) for k, v in run.keywords.items()}])
        run = run.func
    if not (inspect.isfunction(run) or inspect.isclass(run)):
        raise InputError(f"run = {run!r}: expected a function of a module, so that workers can find it")
    return run, arguments


def _code_of_users(things: Iterable[Any]) -> dict[str, str]:
    """Return the hashes of what is not part of the package: functions and policies of the user's own."""
    found: dict[str, str] = {}
    for thing in things:
        if thing.__module__.partition(".")[0] == PACKAGE.name and not thing.__module__.startswith(_ABOVE):
            continue
        try:
            found |= _code_of(thing)
        except (OSError, TypeError, SyntaxError) as error:
            raise InputError(
                f"{thing.__qualname__}: expected code whose source can be read ({error})"
            ) from None
    return found


def _code_of(thing: Any) -> dict[str, str]:
    """Return the hash of the module that defines a thing; of the thing alone where that is a notebook."""
    file = getattr(sys.modules.get(thing.__module__), "__file__", None)
    if file is not None and Path(file).is_file():
        return {thing.__module__: syntax_hash(Path(file).read_text(encoding="utf-8"))}
    return {f"{thing.__module__}.{thing.__qualname__}": _hash_of_tree(_definition(thing))}


def _definition(thing: Any) -> ast.AST:
    """Return the syntax of a function or class that a notebook's cell defines.

    Raises
    ------
    OSError
        If the cell is not to be had, as at a prompt.
    """
    inside = [thing, *vars(thing).values()]
    files = [each.__code__.co_filename for each in inside if inspect.isfunction(each)]
    cell = ast.parse("".join(linecache.getlines(files[0]))) if files else ast.Module([], [])
    found = [node for node in ast.walk(cell) if getattr(node, "name", None) == thing.__name__]
    if not found:
        raise OSError("neither a file nor a cell has it")
    return found[-1]


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def _differ(now: Mapping[str, str], then: Mapping[str, str]) -> list[str]:
    return sorted(key for key in now.keys() | then.keys() if now.get(key) != then.get(key))


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
