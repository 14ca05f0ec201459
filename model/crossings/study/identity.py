"""Which model made a result: a name for the code below the studies and for its data.

Two results with the same identity were made by programs that do the same. The identity is a hash of the
abstract syntax of every module below ``study``, without docstrings (comments are not part of it), and of
every data file of the package; so a better explanation makes no stored result stale.
"""

from __future__ import annotations

import ast
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]

_ABOVE = ("study", "views", "cli", "__main__.py", "experiments")
_DATA = (".toml", ".csv", ".json")
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


@lru_cache(maxsize=1)
def code_identity() -> str:
    """Return the identity of this version: 64 hexadecimal digits."""
    digest = sha256()
    for path in sorted(PACKAGE.rglob("*"), key=lambda path: path.relative_to(PACKAGE).as_posix()):
        within = path.relative_to(PACKAGE)
        if within.parts[0] in _ABOVE or path.suffix not in (".py", *_DATA):
            continue
        content = path.read_bytes()
        said = syntax(content.decode("utf-8")).encode() if path.suffix == ".py" else content
        digest.update(f"{within.as_posix()}\0{len(said)}\0".encode() + said)
    return digest.hexdigest()


def syntax(source: str) -> str:
    """Return what a module does, as text: its abstract syntax without docstrings and places."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)
