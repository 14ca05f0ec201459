"""Small faults that can be put into a module: which, where, and the module with one of them.

A fault is one change of the syntax tree. Left alone is what no test of a rule should be about: annotations,
decorators, docstrings and other text, what an error says, imports for type checkers, and of declared
parameters everything but default and hard bounds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_RECKONED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
_SWAPPED = {"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum"}

_NEVER = {
    ast.AnnAssign: {"annotation"},
    ast.arg: {"annotation"},
    ast.FunctionDef: {"decorator_list", "returns", "type_params"},
    ast.ClassDef: {"decorator_list", "bases", "type_params"},
    ast.Raise: {"exc", "cause"},
    ast.Assert: {"msg"},
}
"""Fields in which nothing is changed."""
_OF_PARAMETERS = {"min_value", "max_value"}
"""Keywords of a declared parameter that a run obeys; the others are text, and ranges for sweeps."""
_NO_RULE = {"strict", "dtype", "stacklevel"}
"""Keywords that guard or represent, and decide nothing."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Site:
    """Where in a module a fault stands.

    Attributes
    ----------
    function
        Dotted name of the function, and its class, around it; empty at the top of a module or class.
    first, last
        Lines of the innermost statement, or of its head where it has a body.
    inside
        Whether it runs when a function is called, not at import.
    """

    function: str
    first: int
    last: int
    inside: bool


@dataclass(frozen=True)
class Fault:
    """One change that can be made: in a holder's field, at an index where the field is a list."""

    kind: str
    site: Site
    line: int
    before: str
    after: str
    holder: ast.AST
    field: str
    index: int | None
    new: ast.AST

    def put_in(self) -> None:
        """Change the tree."""
        if self.index is None:
            setattr(self.holder, self.field, self.new)
        else:
            getattr(self.holder, self.field)[self.index] = self.new


def faults(tree: ast.Module) -> list[Fault]:
    """Return every fault that can be put into a module, in order of the text."""
    return list(_below(tree, Site("", 1, 1, inside=False)))


def with_fault(source: str, number: int) -> str:
    """Return a module's source with one of its faults; comments are lost, lines move."""
    tree = ast.parse(source)
    faults(tree)[number].put_in()
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _below(holder: ast.AST, site: Site) -> Iterator[Fault]:
    for field, value in ast.iter_fields(holder):
        if field in _NEVER.get(type(holder), ()):
            continue
        for index, node in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(node, ast.AST) and not _left_alone(holder, node):
                here = _site(node, holder, site) if isinstance(node, ast.stmt) else site
                for kind, new in _changes(holder, field, node):
                    before, after = _text(node), _text(new)
                    if before != after:
                        line = getattr(node, "lineno", here.first)
                        yield Fault(kind, here, line, before, after, holder, field, index, new)
                yield from _below(node, here)


def _site(statement: ast.stmt, holder: ast.AST, around: Site) -> Site:
    function = around.function
    if isinstance(statement, Function | ast.ClassDef):
        function = f"{function}.{statement.name}".lstrip(".")
    body = getattr(statement, "body", None)
    last = max(statement.lineno, body[0].lineno - 1) if body else statement.end_lineno or statement.lineno
    return Site(function, statement.lineno, last, around.inside or isinstance(holder, Function))


def _left_alone(holder: ast.AST, node: ast.AST) -> bool:
    """Tell what has no rule in it."""
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.keyword):
        declared = isinstance(holder, ast.Call) and _name(holder.func) == "param"
        return node.arg not in _OF_PARAMETERS if declared else node.arg in _NO_RULE
    return isinstance(node, ast.FunctionDef) and node.name in {"__repr__", "__str__"}


def _changes(holder: ast.AST, field: str, node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Yield what may stand in the place of a node: kind of fault, and new node."""
    yield from _reckoned_otherwise(node)
    match node:
        case ast.Constant(value=bool()):
            yield "constant", ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield "constant", ast.Constant(node.value + 1)
        case ast.Constant(value=float()):
            yield "constant", ast.Constant(node.value * 1.1 or 1.0)
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _SWAPPED and field == "func":
            yield "bound", _renamed(node, _SWAPPED[name])
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield "return", ast.Return(ast.Constant(None))
    if isinstance(node, ast.stmt) and _can_go(node) and not _is_made(holder, node):
        yield "statement", ast.Pass()
    if isinstance(node, ast.expr) and field in {"test", "ifs"} and not _flips(node):
        yield "condition", ast.UnaryOp(ast.Not(), node)


def _reckoned_otherwise(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare():
            for at, old in enumerate(node.ops):
                ops = [*node.ops[:at], _COMPARED[type(old)](), *node.ops[at + 1 :]]
                yield "comparison", ast.Compare(node.left, ops, node.comparators)
        case ast.BinOp() if type(node.op) in _RECKONED and not _is_text(node):
            yield "arithmetic", ast.BinOp(node.left, _RECKONED[type(node.op)](), node.right)
        case ast.AugAssign() if type(node.op) in _RECKONED:
            yield "arithmetic", ast.AugAssign(node.target, _RECKONED[type(node.op)](), node.value)
        case ast.UnaryOp(op=ast.USub() | ast.Invert() | ast.Not()):
            yield "sign", node.operand
        case ast.BoolOp():
            yield "boolean", ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)


def _can_go(statement: ast.stmt) -> bool:
    """Tell whether a module stays sound without a statement; a name that is never set is no fault to find."""
    match statement:
        case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            return True
        case ast.Assign(targets=targets):
            return all(isinstance(target, ast.Attribute | ast.Subscript) for target in targets)
    return False


def _is_made(holder: ast.AST, statement: ast.stmt) -> bool:
    """Tell whether a statement gives a new object an attribute, without which nothing would run at all."""
    made = isinstance(holder, ast.FunctionDef) and holder.name == "__init__"
    return made and isinstance(statement, ast.Assign)


def _flips(test: ast.AST) -> bool:
    """Tell whether another fault already turns a condition round."""
    if isinstance(test, ast.UnaryOp):
        return isinstance(test.op, ast.Not)
    turned = ast.Eq | ast.NotEq | ast.Is | ast.IsNot | ast.In | ast.NotIn
    return isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], turned)


def _renamed(node: ast.Name | ast.Attribute, name: str) -> ast.AST:
    if isinstance(node, ast.Name):
        return ast.Name(name, node.ctx)
    return ast.Attribute(node.value, name, node.ctx)


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr) or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _text(node: ast.AST) -> str:
    return ast.unparse(ast.fix_missing_locations(node))
