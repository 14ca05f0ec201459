"""Every notebook runs from top to bottom, as text and notebook say the same, and stores its outputs.

Store them anew, with their outputs, with::

    python -m tests.integration.test_notebooks
"""

from __future__ import annotations

import os
import resource
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
TEXTS = sorted(FOLDER.glob("*.py"))
LIMIT = (
    120  # seconds of processor, of a notebook and all that it starts, so that other work makes no difference
)
HANGS = 1_200  # seconds on the clock after which a cell has stopped for good

pytestmark = pytest.mark.skipif(
    any(find_spec(name) is None for name in ("jupytext", "nbclient", "ipykernel")),
    reason="notebooks are not installed: pip install 'crossings[notebooks]'",
)


def executed(text: Path) -> Any:
    """Return a notebook made from its text and run from top to bottom."""
    import jupytext  # noqa: PLC0415, an extra
    from nbclient import NotebookClient  # noqa: PLC0415

    paths = [str(ROOT / "model"), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    os.environ["PYTHONWARNINGS"] = "ignore::UserWarning"  # of the kernel's own debugger
    notebook = jupytext.read(text)
    NotebookClient(notebook, timeout=HANGS, resources={"metadata": {"path": str(FOLDER)}}).execute()
    return notebook


def sources(notebook: Any) -> list[tuple[str, str]]:
    return [(cell.cell_type, cell.source.strip()) for cell in notebook.cells]


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_text_and_stored_notebook_are_the_same(text):
    import jupytext  # noqa: PLC0415
    import nbformat  # noqa: PLC0415

    stored = nbformat.read(text.with_suffix(".ipynb"), as_version=4)
    nbformat.validate(stored)
    assert sources(stored) == sources(jupytext.read(text))
    assert all(cell.execution_count for cell in stored.cells if cell.cell_type == "code")
    outputs = [output for cell in stored.cells if cell.cell_type == "code" for output in cell.outputs]
    assert outputs
    assert not any(output.output_type == "error" for output in outputs)
    if not text.stem.startswith("04"):
        assert any("image/png" in output.get("data", {}) for output in outputs)


def test_every_text_has_its_notebook_and_the_other_way_round():
    assert {path.stem for path in TEXTS} == {path.stem for path in FOLDER.glob("*.ipynb")}
    assert len(TEXTS) >= 7


@pytest.mark.slow
@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.stem)
def test_it_runs_from_top_to_bottom_within_two_minutes(text):
    began = spent_by_children()
    executed(text)
    assert 1.0 < spent_by_children() - began < LIMIT


def spent_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def refresh(chosen: list[str]) -> None:
    """Run notebooks and store them with their outputs."""
    import nbformat  # noqa: PLC0415

    for text in TEXTS:
        if not chosen or text.stem[:2] in chosen:
            began = time.monotonic()
            notebook = executed(text)
            for number, cell in enumerate(notebook.cells):
                cell["id"] = f"{text.stem[:2]}-{number:02d}"  # the same every time
                cell.metadata.pop("execution", None)
            nbformat.write(notebook, text.with_suffix(".ipynb"))
            print(f"{text.stem}: {time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    refresh(sys.argv[1:])
