"""Where a result comes from: enough to make it again.

The commit recorded is that of the checkout the package itself lies in, and only if that checkout
tracks the package. The folder the user stands in does not count, nor does a repository that merely
surrounds an installed copy (a virtual environment inside somebody's project).
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARIES = ("mesa", "simpy", "numpy", "scipy", "networkx", "pandas", "pydantic")

UNKNOWN = "0+unknown"
"""Version of a source tree that was never installed."""

LIMITS = (
    "These counts are people. They follow from a model and its assumptions, many of them uncertain: "
    "not a forecast, not for operational use, and no ground for a decision about any one person."
)
"""Limits of use, carried by every figure and every saved result."""


@dataclass(frozen=True)
class Provenance:
    """What made a result.

    Attributes
    ----------
    version
        Of this package.
    commit
        Of the package's own checkout, or None outside one.
    modified
        Whether the package differed from that commit; None outside a checkout.
    python, platform
        Interpreter and machine.
    libraries
        Versions of the libraries results may depend on.
    corridor_files
        SHA-256 of every data file of the corridor, by relative path.
    scenario
        The whole scenario, defaults included.
    seed
        Seed of the run.
    command
        The command line that started it.
    limits
        Limits of use.
    """

    version: str
    commit: str | None
    modified: bool | None
    python: str
    platform: str
    libraries: dict[str, str]
    corridor_files: dict[str, str]
    scenario: dict[str, Any]
    seed: int
    command: tuple[str, ...]
    limits: str = LIMITS

    @classmethod
    def gather(
        cls,
        scenario: Mapping[str, Any],
        seed: int,
        corridor_files: Mapping[str, str],
        command: Sequence[str] | None = None,
    ) -> Provenance:
        """Record what is running now.

        Parameters
        ----------
        scenario
            The whole scenario as plain data.
        seed
            Seed of the run.
        corridor_files
            SHA-256 by relative path.
        command
            Default: the command line of this process.
        """
        commit, modified = checkout(PACKAGE)
        return cls(
            version=_version("crossings") or UNKNOWN,
            commit=commit,
            modified=modified,
            python=platform.python_version(),
            platform=_platform(),
            libraries=dict(_libraries()),
            corridor_files=dict(corridor_files),
            scenario=dict(scenario),
            seed=seed,
            command=tuple(sys.argv if command is None else command),
        )

    @property
    def origin(self) -> str:
        """Version and, in a checkout, commit, in one short line."""
        return origin(asdict(self))

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain data, ready for JSON."""
        return asdict(self)


def origin(said: Mapping[str, Any]) -> str:
    """Return the ``version`` and, in a checkout, the ``commit`` of a provenance, in one short line."""
    if not said["commit"]:
        return f"crossings {said['version']}"
    return f"crossings {said['version']} ({said['commit'][:10]}{', modified' if said['modified'] else ''})"


@lru_cache(maxsize=8)
def checkout(folder: Path) -> tuple[str | None, bool | None]:
    """Return the commit of the checkout that tracks `folder`, and whether it was modified.

    Parameters
    ----------
    folder
        Folder of a package.

    Returns
    -------
    tuple
        ``(None, None)`` where no checkout tracks it or git is not there.
    """
    if not _git(folder, "ls-files", "--", "."):
        return None, None
    commit = _git(folder, "rev-parse", "HEAD")
    if not commit:
        return None, None
    return commit.strip(), bool(_git(folder, "status", "--porcelain", "--", "."))


def _git(folder: Path, *arguments: str) -> str | None:
    # variables such as GIT_DIR, set while a git hook runs, would point elsewhere
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    surroundings["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True, text=True, timeout=10, check=False, env=surroundings,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


@lru_cache(maxsize=1)
def _platform() -> str:
    return f"{platform.system()} {platform.machine()}"


@lru_cache(maxsize=1)
def _libraries() -> tuple[tuple[str, str], ...]:
    found = ((name, _version(name)) for name in LIBRARIES)
    return tuple((name, version) for name, version in found if version is not None)


@lru_cache(maxsize=16)
def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None
