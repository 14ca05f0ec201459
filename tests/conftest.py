"""Shared pieces of the tests: short seasons, and seasons run once for many tests."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest
from hypothesis import settings

import crossings as cx
from crossings.cli import main

settings.register_profile("same", derandomize=True)  # a change is judged by the same inputs every time
settings.register_profile("fresh", derandomize=False)
if settings.get_current_profile_name() == "default":  # --hypothesis-profile, which is read later, wins
    settings.load_profile("same")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as in what a shell runs in the background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # tests interrupt processes, which inherit it

SHORT = {"start": "2025-06-01", "end": "2025-06-30", "warmup_days": 60}


_SEASONS: dict[tuple[str, int], cx.Result] = {}


def season(name: str, seed: int, **changes: object) -> cx.Result:
    """Return one run of a ready scenario with some values replaced by dotted key.

    The same scenario and seed run once per process, however they are asked for. Only daily totals, and
    launches by site, are kept, so that a hundred seasons fit into memory.
    """
    scenario = cx.Scenario.load(name).with_(**changes)
    key = scenario.to_toml(), seed
    if key not in _SEASONS:
        run = cx.run(scenario, seed=seed)
        _SEASONS[key] = replace(run, by=run.by[run.by["outcome"] == "launches"], last=None)
    return _SEASONS[key]


@pytest.fixture
def short() -> cx.Scenario:
    """Return a month without policy after a short warm-up: quick, and with people everywhere."""
    return cx.Scenario.load("no-policy").with_(**SHORT)


@pytest.fixture
def ends(monkeypatch, tmp_path, capsys):
    """Return what runs a command here, in a folder of its own: its status, and what it said."""
    usual = signal.getsignal(signal.SIGINT)
    monkeypatch.chdir(tmp_path)

    def run(*words):
        with pytest.raises(SystemExit) as left:
            main(words)
        return left.value.code, *capsys.readouterr()

    yield run
    signal.signal(signal.SIGINT, usual)
