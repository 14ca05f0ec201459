"""What trials amount to: shares noticed, with intervals, and the faults that nobody noticed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from statsmodels.stats.proportion import proportion_confint

NOTICED = ("killed", "timeout")


def told(trials: list[dict[str, Any]]) -> str:
    """Return the table and the list of those that survived, as text."""
    lines = [_row("all", trials)]
    for name, of in (("room", _room), ("kind", _kind)):
        groups = sorted({of(one) for one in trials})
        lines += [_row(f"{name} {group}", [one for one in trials if of(one) == group]) for group in groups]
    by = Counter(_floor(one) for one in trials if one["outcome"] in NOTICED)
    lines.append("noticed by: " + ", ".join(f"{floor} {count}" for floor, count in by.most_common()))
    lines += [
        f"survived: {one['module']}:{one['line']} {one['function']}: {one['before']}  ->  {one['after']}"
        + (f"  ({one['how']})" if one["how"] else "")
        for one in sorted(trials, key=lambda one: (one["module"], one["line"]))
        if one["outcome"] not in NOTICED
    ]
    return "\n".join(lines)


def _row(name: str, trials: list[dict[str, Any]]) -> str:
    noticed = sum(one["outcome"] in NOTICED for one in trials)
    timeouts = sum(one["outcome"] == "timeout" for one in trials)
    low, high = proportion_confint(noticed, len(trials), method="wilson") if trials else (0.0, 1.0)
    share = noticed / max(len(trials), 1)
    late = f", {timeouts} by the time limit" if timeouts else ""
    return f"{name:22} {noticed:4} of {len(trials):4} noticed: {share:.1%} ({low:.1%} to {high:.1%}){late}"


def _room(one: dict[str, Any]) -> str:
    return one["module"].partition("/")[0]


def _kind(one: dict[str, Any]) -> str:
    return one["kind"]


def _floor(one: dict[str, Any]) -> str:
    if one["outcome"] == "timeout":
        return "the time limit"
    return one["by"].split("/")[1] if "/" in one["by"] else one["by"]
