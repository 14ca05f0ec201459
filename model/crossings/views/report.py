"""A report: one HTML file that says what was asked, what came out, how sure that is, and what it is not for.

Everything is inside the file, pictures included, and it loads nothing from anywhere, so it can be
mailed, printed and kept. What goes in is gathered here; how it looks is in ``report.html.jinja``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from crossings.errors import InputError
from crossings.outcomes.provenance import LIMITS, origin
from crossings.outcomes.result import Result
from crossings.outcomes.summary import WEEK
from crossings.scenario import parameters
from crossings.scenario_errors import shown
from crossings.study import robustness
from crossings.study.comparison import Comparison
from crossings.study.sweeps import Sweep
from crossings.views import beliefs, burden, cost, effect_by_assumption, effects, pipeline, trade
from crossings.views.opened import Opened, made_by
from crossings.views.sheet import number, percent
from crossings.views.within_study import Told, told_by

_MILLION = 1e6

TITLES = {
    "arrivals": "people who arrived by small boat",
    "boats": "boats that arrived",
    "attempts": "person-attempts",
    "prevented": "recorded prevented attempts",
    "deaths": "people who died trying to cross by boat",
    "lorry_arrivals": "people who arrived by lorry",
    "moved_on": "people who moved on to another country",
    "returned": "people returned",
    "removed": "people removed",
    "admitted": "people admitted by the legal route",
    "people_per_boat": "people in a boat that arrived",
    "crossing_day_share": "share of days with an arrival",
    "waiting_mean": "people waiting near the coast, mean",
    "cost_gbp": "public cost, million pounds",
}
"""Headline outcomes in words."""


@dataclass(frozen=True)
class Picture:
    """A figure within the report."""

    title: str
    data: str
    alt: str


@dataclass(frozen=True)
class HangsOn:
    """What the effect of the policy with the best known assumptions hangs on.

    Attributes
    ----------
    said
        In a few sentences.
    rows
        Assumption, values tried, and the effect at each, those that it hangs on most first.
    picture
        All of them.
    """

    said: tuple[str, ...]
    rows: tuple[tuple[str, str, str, str], ...]
    picture: Picture


@dataclass(frozen=True)
class Content:
    """What a report says, before it has a look.

    Attributes
    ----------
    title, question
        What it is about, in a line and in a sentence.
    answer
        The result in a few sentences, with its interval.
    scenarios
        Name and description of each scenario.
    differences
        Rows of what differs between scenarios: key and a value for each.
    beside
        What holds beside those rows.
    heads, rows
        The key table.
    pictures
        Figures.
    uncertainty
        Paragraphs on how sure this is.
    provenance
        Rows of what made it: name and value.
    within
        How far it hangs on parameters, as far as the study itself can tell.
    sources
        Number of parameters that are assumed, and of all.
    hangs_on
        How far the effect of a known policy hangs on assumptions, or None where no table of it is kept.
    limits
        Limits of use in a sentence.
    """

    title: str
    question: str
    answer: tuple[str, ...]
    scenarios: tuple[tuple[str, str], ...]
    difference_heads: tuple[str, ...]
    differences: tuple[tuple[str, ...], ...]
    beside: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    pictures: tuple[Picture, ...]
    uncertainty: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    within: Told
    sources: tuple[int, int]
    hangs_on: HangsOn | None
    limits: str = LIMITS


def report(study: Opened) -> str:
    """Return the report of a run, a comparison or a sweep as HTML.

    Raises
    ------
    InputError
        If nothing has been run yet.
    """
    if isinstance(study, Result):
        content = _of_run(study)
    elif isinstance(study, Comparison):
        content = _of_comparison(study)
    else:
        content = _of_sweep(study)
    pages = Environment(
        loader=PackageLoader("crossings.views", "pages"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return pages.get_template("report.html.jinja").render(content=content)


# a run ---------------------------------------------------------------------------------------------


def _of_run(run: Result) -> Content:
    totals = run.summary()
    dates = f"{run.start} to {run.end}"
    pictures = [_picture("Week by week", run.plot())] if _weeks(run.start, run.end) else []
    if _weeks(run.start, run.end) > 1:
        pictures.append(_picture("Prices, loads and networks", trade.draw(run).figure))
        pictures.append(_picture("Beliefs", beliefs.draw(run).figure))
        pictures.append(_picture("Detention, return and the legal route", pipeline.draw(run).figure))
    if run.standing is not None or run.last is not None:
        pictures.append(_picture("Where people stand", burden.draw(run).figure))
    if run.steps is not None:
        from crossings.views import map as maps  # noqa: PLC0415, only for runs with life lines

        pictures.append(_picture("Map", maps.draw(run).figure))
    policies = run.scenario.get("policies") or {}
    return Content(
        title=f"{run.scenario.get('title') or run.name}: one run",
        question=f"What happens under '{run.name}' from {dates}?",
        answer=(
            f"In this one run {_cell('arrivals', totals['arrivals'])} people arrived by small boat and "
            f"{_cell('deaths', totals['deaths'])} died trying to.",
            "It is one draw of luck. Another seed gives another season, so a single run shows how things go "
            "together, and says nothing about the effect of a policy; compare scenarios under many seeds for "
            "that.",
        ),
        scenarios=((run.name, " ".join(str(run.scenario.get("description", "")).split())),),
        difference_heads=("policy", "value"),
        differences=tuple((key, _value(value)) for key, value in _flat(policies, "policies")),
        beside="Everything else is in provenance.json beside the results."
        if policies
        else "No policy is in force.",
        heads=("", run.name),
        rows=tuple((title, _cell(name, totals[name])) for name, title in TITLES.items()),
        pictures=tuple(pictures),
        uncertainty=("One run has no interval: how far seeds differ cannot be seen from it.", *_not_known()),
        provenance=(
            *_made_by(run.provenance.as_dict()),
            ("seed", str(run.seed)),
            ("digest", run.digest),
            ("command", " ".join(run.provenance.command)),
        ),
        within=told_by(run),
        sources=_sources(),
        hangs_on=_hangs_on(),
    )


# a comparison --------------------------------------------------------------------------------------


def _of_comparison(study: Comparison) -> Content:
    base, *others = study.labels
    scenarios = {label: study.provenance[label]["scenario"] for label in study.labels}
    pairs = f"{len(study.seeds)} {'pair' if len(study.seeds) == 1 else 'pairs'} of runs"
    pictures = [_picture("What policies change", effects.draw(study).figure)]
    if _weeks(study.start, study.end):
        pictures.append(_picture("Week by week", study.plot()))
    pictures.append(_picture("Cost against effect", cost.draw(study).figure))
    names = f"{', '.join(others[:-1])} and {others[-1]}" if len(others) > 1 else others[0]
    return Content(
        title=f"{names}, compared with {base}",
        question=f"What {'do' if len(others) > 1 else 'does'} {names} change, compared with {base}?",
        answer=tuple(_effect_in_words(study, label) for label in others),
        scenarios=tuple((k, " ".join(str(v.get("description", "")).split())) for k, v in scenarios.items()),
        difference_heads=("key", *study.labels),
        differences=_differences(scenarios),
        beside="What is not in the table is the same in all of them.",
        heads=("", base, *(head for label in others for head in (label, "difference (95% interval)"))),
        rows=tuple(_comparison_rows(study)),
        pictures=tuple(pictures),
        uncertainty=(
            f"Intervals are 95% by Student's t over {pairs} under the same seeds. They show chance only: how "
            "the same policy might have gone under other luck, with the same rules and the same parameters.",
            *_of_pairs(study),
            *_not_known(calibrated=study.posterior is not None),
        ),
        provenance=(
            *_made_by(study.provenance[base]),
            ("seeds", ", ".join(map(str, study.seeds))),
            ("command", " ".join(study.provenance[base]["command"])),
            *(
                (f"digests, {label}", " ".join(digest[:12] for digest in found))
                for label, found in study.digests.items()
            ),
        ),
        within=told_by(study),
        sources=_sources(),
        hangs_on=_hangs_on(),
    )  # fmt: skip


def _of_pairs(study: Comparison) -> Iterator[str]:
    table: Any = study.table()["variance_reduction"]
    found = [float(table.loc[(label, "arrivals")]) for label in study.labels[1:]]
    values = [f"{value:,.1f}" for value in found if not np.isnan(value)]
    if values:
        yield f"Pairing divides the variance of the difference in arrivals by {' and '.join(values)}."
    if study.failures:
        yield f"{len(study.failures)} runs failed; their seeds are left out everywhere."


def _effect_in_words(study: Comparison, label: str) -> str:
    found: Any = study.effects()
    row = found.loc[(label, "arrivals")]
    deaths: Any = study.table(row["start"], row["end"])
    died = deaths.loc[(label, "deaths")]
    if np.isnan(row["effect"]):
        return f"{label}: no arrivals to compare from {row['start']} to {row['end']}."
    interval = (
        "" if np.isnan(row["low"]) else f" (95% interval {percent(row['low'])} to {percent(row['high'])})"
    )
    lives = "" if np.isnan(died["low"]) else f" ({_signed(died['low'])} to {_signed(died['high'])})"
    return (
        f"{label}: {percent(row['effect'])} arrivals{interval} from {row['start']} to {row['end']}, and "
        f"{_signed(died['difference'])} deaths{lives}."
    )


def _comparison_rows(study: Comparison) -> Iterator[tuple[str, ...]]:
    table: Any = study.table()
    for outcome, title in TITLES.items():
        cells = [title]
        for order, label in enumerate(study.labels[1:]):
            row = table.loc[(label, outcome)]
            if order == 0:
                cells.append(_cell(outcome, row["base"]))
            cells.append(_cell(outcome, row["policy"]))
            low, high = (_cell(outcome, row[key], sign="+") for key in ("low", "high"))
            middle = _cell(outcome, row["difference"], sign="+")
            cells.append(middle if np.isnan(row["low"]) else f"{middle} ({low} to {high})")
        yield tuple(cells)


# a sweep -------------------------------------------------------------------------------------------


def _of_sweep(study: Sweep) -> Content:
    rows = study.results()
    done: Any = rows[rows["status"] == "done"] if len(rows) else rows
    if not len(done):
        raise InputError(f"sweep '{study.name}': no run has ended well yet, expected at least one")
    names = [axis.name for axis in study.axes]
    told = [name for name in _SHORT if name in done.columns]
    grouped = done.groupby(names, sort=False, dropna=False)
    means, errors = grouped[told].mean(), grouped[told].sem()
    kept = min(len(means), 60)
    failed = int((rows["status"] != "done").sum())
    lines = []
    # side by side, not by key: an axis that stays as it is has none
    beside = zip(means.head(kept).itertuples(name=None), errors.head(kept).itertuples(name=None), strict=True)
    for (key, *middles), (_, *spreads) in beside:
        values = key if isinstance(key, tuple) else (key,)
        cells = [_with_error(*each) for each in zip(told, middles, spreads, strict=True)]
        lines.append((*map(_value, values), *cells))
    said = made_by(study)
    return Content(
        title=study.title or f"Sweep {study.name}",
        question=study.question or f"How do outcomes of {study.base.name} change with {', '.join(names)}?",
        answer=(
            f"{len(done)} runs at {len(means)} points of a {study.design} design, under seeds "
            f"{', '.join(map(str, study.seeds))}. The table gives means over seeds with their standard errors"
            + (f"; the first {kept} points are shown." if kept < len(means) else "."),
        ),
        scenarios=((study.base.name, " ".join(study.base.description.split())),),
        difference_heads=("what varies", "values"),
        differences=tuple((axis.name, _axis_values(means.reset_index()[axis.name])) for axis in study.axes),
        beside="Everything else is as the scenario says, and so is what has a dash in the table.",
        heads=(*names, *(TITLES[name] for name in told)),
        rows=tuple(lines),
        pictures=(_picture("What changes with what", study.plot()),),
        uncertainty=(
            "Standard errors are over seeds and show chance only. All points share their seeds, so "
            "differences between points are surer than the errors of the points themselves suggest.",
            *([f"{failed} runs failed and are left out."] if failed else []),
            *_not_known(),
        ),
        provenance=(
            ("scenario", study.base.name),
            ("design", f"{study.design}, design seed {study.design_seed}"),
            ("folder", str(study.folder)),
            ("made by", origin(said)),
            ("libraries", ", ".join(f"{name} {version}" for name, version in said["versions"].items())),
            ("identity of code, data and scenario", str(said["identity"])),
        ),
        within=told_by(study),
        sources=_sources(),
        hangs_on=_hangs_on(),
    )


_SHORT = ("arrivals", "deaths", "moved_on", "returned", "admitted", "cost_gbp")


def _axis_values(column: pd.Series[Any]) -> str:
    values = list(dict.fromkeys(column))
    told = ", ".join(_value(value) for value in values[:12])
    return told if len(values) <= 12 else f"{told}, \u2026 ({len(values)} in all)"


def _with_error(outcome: str, mean: float, error: float) -> str:
    return _cell(outcome, mean) + ("" if np.isnan(error) else f" \u00b1 {_cell(outcome, error)}")


# pieces --------------------------------------------------------------------------------------------


def _weeks(start: date, end: date) -> int:
    return ((end - start).days + 1) // WEEK


def _not_known(calibrated: bool = False) -> tuple[str, ...]:
    left_out = (
        "The uncertainty of calibrated parameters stands apart, below; that of all others, and of the rules "
        "themselves, is in no number here and may well be larger."
        if calibrated
        else "The uncertainty of parameters, and of the rules themselves, is not in these numbers and may "
        "well be larger."
    )
    return (
        f"{left_out} Where the model misses what was observed, and what happened after past policies, "
        "model/VALIDATION.md and experiments/natural-experiments say; differences are statements about its "
        "assumptions.",
    )


def _sources() -> tuple[int, int]:
    rows = list(parameters())
    return sum(row.assumed for row in rows), len(rows)


def _hangs_on() -> HangsOn | None:
    try:
        found = robustness.load()
    except InputError:
        return None
    picture = _picture("What the effect hangs on", effect_by_assumption.draw(found).figure)
    return HangsOn(effect_by_assumption.in_words(found), effect_by_assumption.rows(found), picture)


def _differences(scenarios: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    """Return the keys in which scenarios differ, with the value in each."""
    flat = {label: dict(_flat(scenario)) for label, scenario in scenarios.items()}
    keys = dict.fromkeys(key for values in flat.values() for key in values)
    silent = ("name", "title", "description")
    return tuple(
        (key, *(_value(values[key]) if key in values else "\u2013" for values in flat.values()))
        for key in keys
        if key not in silent and len({repr(values.get(key)) for values in flat.values()}) > 1
    )


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        path = f"{prefix}.{key}" if prefix else str(key)
        if isinstance(value, Mapping) and value:
            yield from _flat(value, path)
        elif not isinstance(value, Mapping):
            yield path, value


def _value(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "\u2013"
    return str(value) if isinstance(value, (str, date)) else shown(value)


def _made_by(said: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    commit = (
        f"{said['commit']}{' (modified)' if said['modified'] else ''}" if said["commit"] else "no checkout"
    )
    return (
        ("crossings", str(said["version"])),
        ("commit", commit),
        ("Python", f"{said['python']} on {said['platform']}"),
        ("libraries", ", ".join(f"{name} {version}" for name, version in said["libraries"].items())),
        ("data files", ", ".join(f"{name} {digest[:12]}" for name, digest in said["corridor_files"].items())),
    )


def _cell(outcome: str, value: float | None, sign: str = "") -> str:
    if value is None or np.isnan(value):
        return "\u2013"
    if outcome == "cost_gbp":
        return number(value / _MILLION, f"{sign},.1f")
    if outcome in ("people_per_boat", "crossing_day_share"):
        return number(value, f"{sign},.3g")
    return number(value, f"{sign},.0f")


def _signed(value: float) -> str:
    return number(value, "+,.0f")


def _picture(title: str, figure: Any) -> Picture:
    page = BytesIO()
    figure.savefig(page, format="png")  # at its own size in dots, for which letters were measured
    said = getattr(figure, "about", {})
    return Picture(title, base64.b64encode(page.getvalue()).decode(), said.get("Description", title))
