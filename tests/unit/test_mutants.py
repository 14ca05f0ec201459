"""The faults of `make mutants`: which there are, what is left alone, what becomes of them."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest
from tests.mutants import trial
from tests.mutants.__main__ import sampled
from tests.mutants.operators import Site, faults, with_fault
from tests.mutants.reach import KnownTest, Reach
from tests.mutants.report import told

from crossings.smuggling import pricing


def changed(source: str) -> set[tuple[str, str]]:
    """Return what may become of a source: kind of fault, and the whole text with it."""
    found = faults(ast.parse(source))
    return {(fault.kind, with_fault(source, number).strip()) for number, fault in enumerate(found)}


@pytest.mark.parametrize(
    ("source", "kind", "after"),
    [
        ("a = b < c", "comparison", "a = b <= c"),
        ("a = b not in c", "comparison", "a = b in c"),
        ("a = b + c", "arithmetic", "a = b - c"),
        ("a = b & c", "arithmetic", "a = b | c"),
        ("a -= b", "arithmetic", "a += b"),
        ("a -= b", "statement", "pass"),
        ("a = -b", "sign", "a = b"),
        ("a = b and c", "boolean", "a = b or c"),
        ("a = True", "constant", "a = False"),
        ("a = 3", "constant", "a = 4"),
        ("a = 0.5", "constant", "a = 0.55"),
        ("a = 0.0", "constant", "a = 1.0"),
        ("a = np.minimum(b, c)", "bound", "a = np.maximum(b, c)"),
        ("def f():\n    return a", "return", "def f():\n    return None"),
        ("a.b = c", "statement", "pass"),
        ("f(a)", "statement", "pass"),
        ("if a:\n    f(b)", "condition", "if not a:\n    f(b)"),
        ("a = [b for b in c if b]", "condition", "a = [b for b in c if not b]"),
    ],
)
def test_each_kind_of_fault_is_made(source, kind, after):
    assert (kind, after) in changed(source)


@pytest.mark.parametrize(
    "source",
    [
        "def f(a: Literal[1]) -> Literal[2]:\n    ...",
        "@dataclass(frozen=True)\nclass A(Base[3]):\n    '''Text.'''",
        "a = f'{b + 1}'",
        "a: Annotated[int, 3] = b",
        "a = b",  # without it there would be no name, and nothing to find
        "if TYPE_CHECKING:\n    a = 1",
        "a = zip(b, c, strict=True)",
        "a = param(b, low=1, high=2)",
        "class A:\n    def __init__(self, b):\n        self.b = b",
        "def f():\n    return None",
    ],
)
def test_what_has_no_rule_in_it_is_left_alone(source):
    assert changed(source) == set()


def test_of_an_error_only_its_being_raised_is_at_stake():
    assert changed("raise ValueError(f'{a}' + str(1))") == {("statement", "pass")}


def test_defaults_and_hard_bounds_of_parameters_are_at_stake():
    found = changed("a = param(1.0, 'x', low=2, high=3, min_value=4)")
    assert {text for _, text in found} == {
        "a = param(1.1, 'x', low=2, high=3, min_value=4)",
        "a = param(1.0, 'x', low=2, high=3, min_value=5)",
    }


def test_every_fault_of_a_module_is_another_module_that_python_takes():
    source = Path(pricing.__file__).read_text(encoding="utf-8")
    sound = ast.unparse(ast.parse(source)).strip()
    texts = Counter(with_fault(source, number).strip() for number in range(len(faults(ast.parse(source)))))
    assert sound not in texts
    assert set(texts.values()) == {1}
    for text in texts:
        compile(text, "pricing", "exec")


def test_faults_are_sampled_by_seed_and_a_larger_sample_begins_with_the_smaller():
    everything = list(range(500))
    assert sampled(everything, 60, 1) == sampled(everything, 300, 1)[:60]
    assert sampled(everything, 60, 1) != sampled(everything, 60, 2)
    assert sorted(sampled(everything, 900, 1)) == everything


def test_tests_that_run_the_line_come_in_order_of_what_they_tell():
    lines = {"smuggling/pricing.py": [4, 5]}
    reach = Reach([
        KnownTest("tests/regression/test_baseline.py::test_b", 0.1, lines),
        KnownTest("tests/unit/test_trade.py::test_slow", 9.0, lines),
        KnownTest("tests/unit/test_trade.py::test_quick", 1.0, lines),
        KnownTest("tests/unit/test_pricing.py::test_price", 20.0, lines),
        KnownTest("tests/unit/test_pricing.py::test_other", 1.0, {"smuggling/pricing.py": [9]}),
    ])  # fmt: skip
    inside, declared = Site("f", 5, 6, inside=True), Site("A", 5, 6, inside=False)
    assert [name.partition("::")[2] for name in reach.of("smuggling/pricing.py", inside)] == [
        "test_price", "test_quick", "test_slow", "test_b",
    ]  # fmt: skip
    assert "tests/unit/test_pricing.py::test_other" in reach.of("smuggling/pricing.py", declared)
    assert reach.of("smuggling/market.py", inside) == []


RULE = "def doubled(a):\n    for _ in range(1):\n        a *= 2\n    return a\n"
FAULTS = [("", "", "survived"), ("a *= 2", "a += 2", "killed"), ("range(1)", "iter(int, 1)", "timeout")]


@pytest.mark.parametrize(("before", "after", "outcome"), FAULTS)
def test_a_fault_is_killed_survives_or_never_ends(tmp_path, before, after, outcome):
    (tmp_path / "model").mkdir()
    module = tmp_path / "model" / "rule.py"
    module.write_text(RULE)
    (tmp_path / "test_it.py").write_text("import rule\n\ndef test_rule():\n    assert rule.doubled(3) == 6\n")

    def import_and_run(witness: trial.Witness) -> int:
        trial.settle_in(tmp_path)
        return int(pytest.main(["-q", "-p", "no:cacheprovider", "test_it.py"], plugins=[witness]))

    with trial.replaced(module, RULE.replace(before, after)):
        verdict = trial.watched(tmp_path, 3, import_and_run)
    assert verdict.outcome == outcome
    assert verdict.by == ("test_it.py::test_rule" if outcome == "killed" else "")
    assert module.read_text() == RULE


KINDS = """
import functools
def plain(): return 1
class Thing:
    def method(self): return 1
    @property
    def shown(self): return 1
    @functools.cached_property
    def kept(self): return 1
    @classmethod
    def made(cls): return 1
    @staticmethod
    def apart(): return (lambda: 1)()
@functools.lru_cache
def known(): return 1
"""


@pytest.mark.parametrize(
    "function",
    ["plain", "Thing.method", "Thing.shown", "Thing.kept", "Thing.made", "Thing.apart", "known"],
)
def test_a_function_of_a_loaded_module_is_given_other_code(function):
    module = ModuleType("kinds")
    module.__file__ = "kinds.py"
    exec(KINDS, vars(module))
    plain, thing = module.plain, module.Thing()  # as other modules hold them
    assert trial.given_code(module, function, KINDS.replace("1", "2"))
    found = {
        "plain": plain(), "Thing.method": thing.method(), "Thing.shown": thing.shown,
        "Thing.kept": thing.kept, "Thing.made": thing.made(), "Thing.apart": thing.apart(),
        "known": module.known(),
    }  # fmt: skip
    assert found == dict.fromkeys(found, 1) | {function: 2}


def test_what_cannot_be_given_other_code_is_imported_anew():
    module = ModuleType("kinds")
    module.__file__ = "kinds.py"
    exec(KINDS, vars(module))
    assert not trial.given_code(module, "nobody", KINDS)
    assert not trial.given_code(module, "Thing.nobody", KINDS)
    assert not trial.given_code(module, "plain", KINDS + "def plain(): return 3\n")
    assert trial.given_code(None, "plain", KINDS)


def test_the_report_counts_what_the_time_limit_ended_as_noticed_and_lists_what_survived():
    one = {
        "module": "people/news.py",
        "line": 7,
        "function": "f",
        "kind": "sign",
        "before": "-a",
        "after": "a",
    }
    ends = [("killed", "tests/unit/test_a.py::test_b")] * 8 + [("timeout", ""), ("survived", "")]
    text = told([{**one, "outcome": outcome, "by": by, "how": ""} for outcome, by in ends])
    assert "9 of   10 noticed: 90.0% (59.6% to 98.2%), 1 by the time limit" in text  # Wilson, by hand
    assert "noticed by: unit 8, the time limit 1" in text
    assert text.count("survived: people/news.py:7 f: -a  ->  a") == 1
