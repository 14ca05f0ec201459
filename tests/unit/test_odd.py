"""ODD.md says what the code does: its tables, its names, the order of the day, the size of the data."""

from __future__ import annotations

import ast
import inspect
import re
from textwrap import dedent

import pytest

from crossings import corridors
from crossings.errors import InputError
from crossings.hooks import Levers
from crossings.model import CrossingsModel
from crossings.outcomes.catalogue import OUTCOMES
from crossings.parameters import described, param
from crossings.policies import Policy, kinds, register
from crossings.policies import base as policies
from crossings.population import State
from crossings.scenario import Scenario
from crossings.views import odd

TEXT = odd.ODD.read_text(encoding="utf-8")
PROSE = re.sub(r"<!-- table: .*?<!-- end of table -->", "", TEXT, flags=re.DOTALL)
CODE = re.findall(r"```.*?```|`[^`\n]+`", PROSE, re.DOTALL)
PATHS = {row.path for row in described(Scenario)}


def test_the_tables_are_current():
    assert odd.current(TEXT) == TEXT, "run 'make docs'"


def test_check_finds_a_stale_table_and_the_command_mends_it(tmp_path, monkeypatch):
    copy, today = tmp_path / "ODD.md", odd.current(TEXT)
    copy.write_text(today.replace("| `weather.wave_mean` |", "| `weather.wave_meen` |"), encoding="utf-8")
    monkeypatch.setattr(odd, "ODD", copy)
    assert odd.main(["--check"]) == 1
    assert odd.main([]) == 0
    assert odd.main(["--check"]) == 0
    assert copy.read_text(encoding="utf-8") == today


def test_without_the_description_there_is_one_clear_line(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(odd, "ODD", tmp_path / "nowhere" / "ODD.md")
    assert odd.main(["--check"]) == 2
    assert "part of a checkout" in capsys.readouterr().err


def test_a_place_for_no_table_and_a_table_without_a_place_are_errors():
    place = "<!-- table: parametres -->\n<!-- end of table -->"
    with pytest.raises(InputError, match="did you mean 'parameters'"):
        odd.current(TEXT + place)
    with pytest.raises(InputError, match="expected a place for the table"):
        odd.current("nothing here")


def test_the_tables_hold_everything_there_is():
    tables = {name: make() for name, make in odd.TABLES.items()}
    assert all(f"`{path}`" in tables["parameters"] for path in PATHS)
    assert all(f"`{name}`" in tables["outcomes"] for name in OUTCOMES)
    assert all(f"| `{name}` |" in tables["policies"] for name in odd.shipped_kinds())
    assert all(f"| `{state.name}` |" in tables["states"] for state in State)
    assert all(f"| `{lever}` |" in tables["levers"] for lever in vars(Levers()))


def test_a_kind_that_somebody_registers_does_not_change_the_description(monkeypatch):
    monkeypatch.setattr(policies, "_KINDS", dict(policies._KINDS))
    before = odd.policies()

    @register
    class Lighthouse(Policy):
        lamps: int = param(3, "Lamps lit", unit="lamp")

    assert "Lighthouse" in kinds()
    assert odd.policies() == before


def test_every_parameter_stands_in_the_rule_that_uses_it():
    words = set(re.findall(r"\w+", " ".join(CODE)))
    unsaid = sorted(path for path in PATHS if path.rpartition(".")[2] not in words)
    assert unsaid == []


def test_every_parameter_that_the_text_names_exists():
    blocks = {path.rpartition(".")[0] for path in PATHS} - {""}
    rooms = {block.partition(".")[0] for block in blocks}
    calls = {*_calls(CrossingsModel._noon), *_calls(CrossingsModel._nightfall)}
    named = {word for code in CODE for word in re.findall(r"\b[a-z]\w*(?:\.\w+)+", code)}
    of_rooms = {name for name in named if name.partition(".")[0] in rooms and not name.endswith(".py")}
    assert of_rooms - PATHS - blocks - calls == set()


def test_the_order_of_the_day_is_that_of_the_model():
    told = re.findall(r"^\| \d+ \| `(\S+)` \|", PROSE, re.MULTILINE)
    assert told == [call for call in _calls(CrossingsModel._noon) if not call.startswith("clock.")]


def test_the_size_of_the_corridor_is_that_of_the_data():
    channel = corridors.load()
    assert f"{len(channel.places)} real places" in PROSE
    assert f"{len(channel.legs)} legs" in PROSE
    assert len(channel.groups) == 13
    assert "Thirteen nationality groups" in PROSE
    assert len(channel.network_seeds) == 30
    assert "thirty filled at the start" in PROSE


def _calls(method: object) -> list[str]:
    """Return the calls on parts of the model in a method, in the order in which they are made."""
    found: list[str] = []

    class Calls(ast.NodeVisitor):
        def visit_Call(self, node: ast.Call) -> None:
            self.generic_visit(node)  # arguments are worked out first
            name = ast.unparse(node.func)
            if name.startswith("self."):
                found.append(name.removeprefix("self."))

    Calls().visit(ast.parse(dedent(inspect.getsource(method))))
    return found
