"""Crossings: what deterrence policies do to small-boat crossings of the English Channel.

>>> import crossings as cx
>>> scenario = cx.Scenario.load("one-in-one-out")
>>> result = cx.run(scenario, seed=1)

The names below load on first use, so that importing the package is cheap.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crossings._mesa import batch_run
    from crossings.errors import InputError
    from crossings.model import CrossingsModel, run
    from crossings.outcomes.result import Result
    from crossings.policies.base import Policy, register
    from crossings.scenario import Scenario
    from crossings.study.comparison import compare
    from crossings.study.posteriors import Posterior
    from crossings.study.sweeps import Sweep

    __version__: str

_HOMES = {
    "CrossingsModel": "crossings.model",
    "InputError": "crossings.errors",
    "Policy": "crossings.policies.base",
    "Posterior": "crossings.study.posteriors",
    "Result": "crossings.outcomes.result",
    "Scenario": "crossings.scenario",
    "Sweep": "crossings.study.sweeps",
    "batch_run": "crossings._mesa",
    "compare": "crossings.study.comparison",
    "register": "crossings.policies.base",
    "run": "crossings.model",
}

__all__ = [
    "CrossingsModel",
    "InputError",
    "Policy",
    "Posterior",
    "Result",
    "Scenario",
    "Sweep",
    "__version__",
    "batch_run",
    "compare",
    "register",
    "run",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        value = _version()
    elif name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'crossings' has no attribute '{name}'")
    globals()[name] = value
    return value


def _version() -> str:
    from importlib import metadata  # noqa: PLC0415 - slow to load, and seldom asked for

    try:
        return metadata.version("crossings")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        return "0+unknown"


def __dir__() -> list[str]:
    return sorted(__all__)
