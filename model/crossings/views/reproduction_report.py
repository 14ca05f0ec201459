"""The report of a published experiment: a folder with the verdicts, the figure and where they come from."""

from __future__ import annotations

import os
from pathlib import Path

from crossings.outcomes.folders import whole_folder, write_json
from crossings.outcomes.provenance import LIMITS, Provenance
from crossings.study.estimates import Estimate
from crossings.study.reproduction import Judgement, Verdict
from crossings.views.reproduced import NOTHING_PUBLISHED, draw

_LARGE = 1e4  # from which on numbers are shown whole


def save(judgements: list[Judgement], folder: str | os.PathLike[str], force: bool = False) -> None:
    """Write one folder for each experiment into a new folder, whole or not at all.

    Files of each: ``report.md``, ``result.json``, ``figure.png`` and one ``NAME.csv`` for each table that
    the figure shows; beside them ``provenance.json``.

    Raises
    ------
    InputError
        If the folder exists and `force` is not given, or if what is there is not results.
    """
    with whole_folder(folder, force) as place:
        for judgement in judgements:
            _save_one(judgement, place / judgement.experiment.name)
        settings = {each.experiment.name: each.experiment.settings.model_dump() for each in judgements}
        seed = judgements[0].experiment.description.seed if judgements else 0
        write_json(place / "provenance.json", Provenance.gather(settings, seed, {}).as_dict())


def _save_one(judgement: Judgement, place: Path) -> None:
    place.mkdir()
    (place / "report.md").write_text(report(judgement), encoding="utf-8")
    write_json(place / "result.json", judgement.as_dict())
    draw(judgement).savefig(place / "figure.png")
    for name, table in judgement.findings.tables.items():
        table.to_csv(place / f"{name}.csv", index=False)


def report(judgement: Judgement) -> str:
    """Return the report of one experiment in Markdown."""
    description = judgement.experiment.description
    within = sum(verdict.ok for verdict in judgement.verdicts)
    judged = f"{within} of {len(judgement.verdicts)} quantities within tolerance"
    if not judgement.verdicts:
        judged = NOTHING_PUBLISHED
    lines = [
        f"# {description.title}",
        "",
        description.question,
        "",
        f"{judged}. {judgement.findings.size}; "
        f"scale {judgement.scale:g}, seed {description.seed}, {judgement.seconds:.0f} s, "
        f"{judgement.ran:%Y-%m-%d %H:%M} UTC, model {judgement.identity[:12]}.",
        "",
        "![What was obtained and how close it comes](figure.png)",
        "",
        "| quantity | what it is | published | obtained (95% interval) | tolerance | status | verdict |",
        "|---|---|---|---|---|---|---|",
        *(_row(verdict) for verdict in judgement.verdicts),
        *(f"| {name} |  |  | {obtained(found)} |  |  |  |" for name, found in judgement.unjudged.items()),
        "",
        "## Sources",
        "",
        *(f"- {verdict.quantity}: {verdict.expected.source}" for verdict in judgement.verdicts),
        "",
        f"{LIMITS} Intervals show chance only.",
        "",
    ]
    return "\n".join(lines)


def _row(verdict: Verdict) -> str:
    expected = verdict.expected
    cells = (
        verdict.quantity,
        expected.meaning,
        published(verdict),
        obtained(verdict.obtained),
        f"{expected.tolerance:g} {expected.kind}",
        expected.status,
        said(verdict),
    )
    return f"| {' | '.join(cells)} |"


def published(verdict: Verdict) -> str:
    """Return the published value in words: a sign as what it says, a bound with its side."""
    expected = verdict.expected
    if expected.kind == "sign":
        return "above 0" if expected.published > 0 else "below 0"
    bound = {"at least": "\u2265 ", "at most": "\u2264 "}.get(expected.kind, "")
    digits = ",.4g" if abs(expected.published) < _LARGE else ",.0f"
    return f"{bound}{expected.published:{digits}}"


def obtained(got: Estimate) -> str:
    """Return what was obtained with its interval."""
    interval = "" if got.low is None or got.high is None else f" ({got.low:,.4g} to {got.high:,.4g})"
    if abs(got.value) >= _LARGE:
        interval = "" if not interval else f" ({got.low:,.0f} to {got.high:,.0f})"
        return f"{got.value:,.0f}{interval}"
    return f"{got.value:,.4g}{interval}"


def said(verdict: Verdict) -> str:
    """Return the verdict in words; with by how much a tolerance was missed."""
    if verdict.ok:
        return "within"
    expected, value = verdict.expected, verdict.obtained.value
    if expected.kind == "sign":
        return "outside"
    return f"outside by {max(abs(value - expected.published) - verdict.allowed, 0.0):.2g}"
