"""The commit recorded is the package's own, never that of a folder around it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from crossings.outcomes import provenance
from crossings.outcomes.provenance import LIBRARIES, Provenance, checkout, origin


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", "-C", folder, *identity, *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package that somebody's repository tracks."""
    folder = tmp_path / "repository" / "model" / "package"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    root = tmp_path / "repository"
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "first")
    return folder


@pytest.fixture(autouse=True)
def _forget() -> None:
    checkout.cache_clear()


def test_commit_of_the_checkout_that_tracks_the_package(package: Path) -> None:
    assert checkout(package) == (git(package, "rev-parse", "HEAD"), False)


def test_a_changed_package_is_said_to_be_modified(package: Path) -> None:
    (package / "__init__.py").write_text("changed = True\n")
    assert checkout(package) == (git(package, "rev-parse", "HEAD"), True)


def test_changes_elsewhere_in_the_repository_do_not_count(package: Path) -> None:
    (package.parents[1] / "notes.txt").write_text("mine")
    assert checkout(package)[1] is False


def test_an_installed_copy_inside_somebodys_repository_has_no_commit(package: Path) -> None:
    installed = package.parents[1] / ".venv" / "site-packages" / "crossings"
    installed.mkdir(parents=True)
    (installed / "__init__.py").write_text("")
    assert checkout(installed) == (None, None)


def test_the_folder_the_user_stands_in_does_not_count(
    package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    monkeypatch.chdir(package)
    monkeypatch.setenv("GIT_DIR", str(package.parents[1] / ".git"))
    assert checkout(bare) == (None, None)


def test_without_git_there_is_no_commit(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert checkout(package) == (None, None)


def test_it_holds_what_a_rerun_needs() -> None:
    found = Provenance.gather({"name": "no-policy"}, 0, {"places.csv": "ab12"}, command=["crossings", "run"])
    plain = json.loads(json.dumps(found.as_dict()))
    assert plain["scenario"] == {"name": "no-policy"}
    assert plain["seed"] == 0
    assert plain["corridor_files"] == {"places.csv": "ab12"}
    assert plain["command"] == ["crossings", "run"]
    assert set(plain["libraries"]) <= set(LIBRARIES)
    assert {"mesa", "simpy", "numpy"} <= set(plain["libraries"])
    assert "people" in plain["limits"]


def test_the_origin_is_one_short_line() -> None:
    found = Provenance.gather({}, 1, {})
    assert found.origin.startswith(f"crossings {found.version}")
    assert (found.commit or "")[:10] in found.origin


def test_the_origin_of_an_installed_copy_is_its_version_alone() -> None:
    said = {"version": "1.2", "commit": None, "modified": None}
    assert origin(said) == "crossings 1.2"
    assert origin(said | {"commit": "abcdef0123456789", "modified": False}) == "crossings 1.2 (abcdef0123)"
    assert origin(said | {"commit": "abcdef0123456789", "modified": True}).endswith("(abcdef0123, modified)")


def test_a_checkout_without_a_commit_has_none(package: Path) -> None:
    (package.parents[1] / ".git" / "HEAD").write_text("ref: refs/heads/nothing-yet\n")
    assert checkout(package) == (None, None)


def test_a_library_that_is_not_there_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "LIBRARIES", ("numpy", "no-such-library"))
    provenance._libraries.cache_clear()
    try:
        assert list(Provenance.gather({}, 1, {}).libraries) == ["numpy"]
    finally:
        provenance._libraries.cache_clear()
