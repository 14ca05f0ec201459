"""What the README shows is what happens: its Python runs, its commands run, its output is current.

Everything is run with a short season, but for the slow test, which runs the commands as they stand and
compares what they print (without seconds). After a change of results, bring the README up to date with::

    python -m tests.integration.test_readme
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

import crossings as cx
from crossings.cli import main
from crossings.policies import base as policies

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
SHORT = {"start": "2025-08-01", "end": "2025-09-10", "warmup_days": 60}
SHORT_WORDS = ("--start", "2025-08-01", "--end", "2025-08-14", "--set", "warmup_days=40")


class Shown(NamedTuple):
    """One command of the README and what it is shown to print."""

    words: list[str]
    into: str | None  # file that its output is sent to
    output: str


def blocks(language: str, text: str = TEXT) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def shown(block: str) -> list[Shown]:
    """Return the commands of a console block with their output."""
    parts = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    commands = [part.partition("\n") for part in parts]
    return [_shown(line, output) for line, _, output in commands]


def _shown(line: str, output: str = "") -> Shown:
    command, _, into = line.partition(">")
    return Shown(shlex.split(command, comments=True)[1:], into.strip() or None, output)


def in_shell() -> list[Shown]:
    """Return the commands of the shell blocks and of the running text that call this program.

    Words in capitals (FILE.ods) stand for something of the reader's own.
    """
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    inline = [f"crossings {words}" for words in re.findall(r"`crossings ([a-z]+ [^`]*)`", TEXT)]
    own = [line for line in (*lines, *inline) if not re.search(r"\b[A-Z]{3,}\b", line)]
    return [_shown(line) for line in own if re.match(r"\S*\bcrossings\s", line)]


CONSOLE = [command for block in blocks("console") for command in shown(block)]


def test_there_is_something_to_test():
    assert len(blocks("python")) >= 6
    assert len(CONSOLE) >= 7
    assert len(in_shell()) >= 2


def test_the_python_runs_from_top_to_bottom(tmp_path, monkeypatch, capsys):
    load = cx.Scenario.load.__func__
    monkeypatch.setattr(cx.Scenario, "load", classmethod(lambda cls, name: load(cls, name).with_(**SHORT)))
    monkeypatch.setattr(policies, "_KINDS", dict(policies._KINDS))
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "readme"}
    for block in blocks("python"):
        exec(compile(block, str(README), "exec"), names)
    assert isinstance(names["result"], cx.Result)
    assert (tmp_path / "weekly.png").stat().st_size > 10_000
    assert (tmp_path / "one-run" / "daily.parquet").exists()
    assert (tmp_path / "one-run" / "weekly.png").stat().st_size > 10_000
    assert "quota_per_week = 100" in capsys.readouterr().out
    assert len(names["waiting"]) > 0
    assert len(names["by_run"]) == 4


def test_every_command_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for words, into, output in (*CONSOLE, *in_shell()):
        with pytest.raises(SystemExit) as left:
            main([*words, *_shorter(words)])
        printed = capsys.readouterr()
        assert left.value.code == (2 if output.startswith("crossings: ") else 0), (words, printed.err)
        if into:
            (tmp_path / into).write_text(printed.out, encoding="utf-8")
        if "--out" in words and words[0] in ("run", "compare"):  # which leave the figure
            assert (tmp_path / words[words.index("--out") + 1] / "weekly.png").exists(), words


def _shorter(words: list[str]) -> tuple[str, ...]:
    """Return the words that make a command quick; of an option given twice the last counts."""
    if words[0] == "compare":
        return (*SHORT_WORDS, "--seeds", "1", "--processes", "1")
    return SHORT_WORDS if words[0] in ("run", "map") else ()


@pytest.mark.slow
def test_the_output_shown_is_what_is_printed(tmp_path):
    for command in CONSOLE:
        assert _steady(printed_by(command, tmp_path)) == _steady(command.output), command.words


def printed_by(command: Shown, folder: Path) -> str:
    """Run a command as it stands; return what a reader would see."""
    paths = [str(ROOT / "model"), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "crossings", *command.words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)},
        capture_output=True,
        text=True,
        check=False,
    )
    if command.into:
        (folder / command.into).write_text(done.stdout, encoding="utf-8")
        return ""
    return "".join(f"{line.rstrip()}\n" for line in (done.stdout + done.stderr).splitlines())


def _steady(output: str) -> str:
    """Return output without the seconds a run took."""
    return re.sub(r"^\d+\.\d s", "... s", output, flags=re.MULTILINE)


@pytest.mark.slow
def test_the_map_shown_is_what_the_command_beside_it_draws(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = re.search(r"Made by `(crossings map [^`]*)`", TEXT)
    assert told is not None
    with pytest.raises(SystemExit) as left:
        main(shlex.split(told[1])[1:])
    assert left.value.code == 0
    with Image.open(tmp_path / "map.png") as drawn, Image.open(ROOT / "docs" / "map.png") as shown_:
        of_which = (
            "Title",
            "Description",
            "Scenarios",
            "Seeds",
            "Disclaimer",
        )  # people who arrived, who died
        assert [shown_.text[name] for name in of_which] == [drawn.text[name] for name in of_which]
        assert re.search(r"[\d,]+ people arrived by boat", drawn.text["Description"])


PAGES = {
    "README.md": 20, "model/ODD.md": 1, "model/VALIDATION.md": 3, "experiments/README.md": 10,
    "CONTRIBUTING.md": 0, "CHANGELOG.md": 0, "SECURITY.md": 0,
}  # fmt: skip
"""Pages, and the least number of links to files and headings that each is known to have."""


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#:]*)(?:#([\w-]+))?\)", text)
    assert len(links) >= PAGES[name]
    for target, anchor in links:  # pictures too
        path = (ROOT / name).parent / target if target else ROOT / name
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path.read_text(encoding="utf-8")), anchor


@pytest.mark.parametrize("name", PAGES)
def test_tests_that_are_named_are_there(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    files = {path.name for path in (ROOT / "tests").rglob("*.*")}
    assert set(re.findall(r"\btest_\w+\.py\b", text)) <= files
    for path in re.findall(r"\btests/[\w/.]*\w", text):
        assert (ROOT / path).exists(), path


def anchors(text: str) -> set[str]:
    """Return the anchors that headings have."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def refresh() -> None:
    """Write into the README what its commands print now."""
    with tempfile.TemporaryDirectory() as folder:

        def renewed(found: re.Match[str]) -> str:
            lines = re.findall(r"^\$ .*$", found[1], re.MULTILINE)
            told = [line + "\n" + printed_by(_shown(line[2:]), Path(folder)) for line in lines]
            return "```console\n" + "".join(told) + "```"

        text = re.sub(r"^```console\n(.*?)^```$", renewed, TEXT, flags=re.DOTALL | re.MULTILINE)
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh()
