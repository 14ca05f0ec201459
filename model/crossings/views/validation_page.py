"""``model/VALIDATION.md``: what was fitted, what was not, what fails, and limits of use.

The page is written from what `crossings calibrate`, `validate` and `forecast` kept with the package
(``--record``), and from nothing else; ``make docs`` brings it up to date and a test says whether it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crossings.study.calibration import FIXED, FREE
from crossings.study.forecasting import AS_IMPLEMENTED, NO_POLICY
from crossings.study.posteriors import Posterior
from crossings.study.recorded import KeptForecast, KeptValidation, Scored, load_forecast, load_validation
from crossings.study.scores import Score
from crossings.study.scoring import MODEL
from crossings.study.verdicts import FITTED, POLICY, SEEN, Label, Verdict

PAGE = Path(__file__).parents[2] / "VALIDATION.md"

_TEMPLATES, _TEMPLATE = Path(__file__).parent / "pages", "validation.md.jinja"
_THOUSAND = 1000.0
_PREDICTED = 0.3


def main(arguments: Sequence[str] = ()) -> int:
    """Write the page, or with ``--check`` say by the exit status whether it is current."""
    today = page()
    if "--check" in arguments:
        return int(not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != today)
    PAGE.write_text(today, encoding="utf-8")
    return 0


def page(
    posterior: Posterior | None = None,
    kept: KeptValidation | None = None,
    ahead: KeptForecast | None = None,
) -> str:
    """Return the page as it should be today; what is not given is what the package keeps."""
    posterior, kept, ahead = (
        posterior or Posterior.load(),
        kept or load_validation(),
        ahead or load_forecast(),
    )
    pages = Environment(
        loader=FileSystemLoader(_TEMPLATES), undefined=StrictUndefined, keep_trailing_newline=True
    )
    template = pages.get_template(_TEMPLATE)
    failing = [each for each in kept.verdicts if not each.met]
    return template.render(
        posterior=posterior.about,
        kept=f"{len(posterior):,}",
        parameters=_parameters(posterior),
        still=_codes(each["key"] for each in posterior.about["parameters"] if not each["moved"]),
        trades=[
            f"`{each['one']}` and `{each['other']}`: correlation {each['correlation']:+.2f}"
            for each in posterior.about["trade_offs"]
        ],
        poor=_codes(name for name, share in posterior.about["emulators"].items() if share < _PREDICTED),
        fixed=_codes(FIXED),
        validation=kept.about,
        pairs=", ".join(f"{name} {count}" for name, count in kept.about["pairs"].items()),
        fitted=_verdicts(kept, FITTED, "observed"),
        seen=_verdicts(kept, SEEN, "observed"),
        policies=_verdicts(kept, POLICY, "raw change"),
        met=len(kept.verdicts) - len(failing),
        judged=len(kept.verdicts),
        failing=[_failed(each) for each in failing],
        forecast=ahead.about,
        runs=", ".join(f"{arm} {count}" for arm, count in ahead.about["runs"].items()),
        arms=_arms(ahead),
        scores=_scores(ahead.scores),
        verdict=won([each.score for each in ahead.scores if each.by == "month"]),
    )


def won(scores: Sequence[Score]) -> str:
    """Say by which score the model loses to whom, of forecasts by month."""
    own = next((each for each in scores if each.forecaster == MODEL), None)
    rivals = [each for each in scores if each.forecaster != MODEL]
    if own is None or not rivals:
        return ""
    of: dict[str, Callable[[Score], float]] = {"CRPS": _crps, "log score": _log_score}
    said = []
    for name, value in of.items():
        ahead = [each.forecaster for each in rivals if value(each) <= value(own)]
        told = f"the model **loses** to the {' and the '.join(ahead)}" if ahead else "it is ahead of both"
        said.append(f"By {name} {told}.")
    return " ".join(said)


def _crps(score: Score) -> float:
    return score.crps


def _log_score(score: Score) -> float:
    return score.log_score


def _parameters(posterior: Posterior) -> str:
    rows = [
        (
            f"`{each['key']}`",
            next((free.why for free in FREE if free.key == each["key"]), ""),
            f"{each['prior_low']:g} to {each['prior_high']:g}",
            f"{each['q50']:.3g} ({each['q05']:.3g} to {each['q95']:.3g})",
            f"{each['narrower']:.0%}",
            "yes" if each["moved"] else "no",
        )
        for each in posterior.about["parameters"]
    ]
    return _table(("parameter", "what it is", "prior", "posterior (90%)", "narrower", "moved"), rows)


def _verdicts(kept: KeptValidation, label: Label, observed: str) -> str:
    rows = [
        (
            each.pattern.replace("_", " "),
            each.period,
            "" if each.observed is None else _number(each.observed),
            _number(each.median),
            _between(each.chance_low, each.chance_high),
            _between(each.low, each.high),
            _between(each.least, each.most),
            "in" if each.met else f"**out by {_number(each.missed_by)}**",
        )
        for each in kept.verdicts
        if each.label == label
    ]
    heads = ("pattern", "period", observed, "median", "chance", "chance and parameters", "band", "")
    return _table(heads, rows)


def _failed(each: Verdict) -> str:
    return (
        f"{each.pattern.replace('_', ' ')}, {each.period} ({each.label}): {_number(each.median)}, band "
        f"{_between(each.least, each.most)}, out by {_number(each.missed_by)}"
    )


def _arms(ahead: KeptForecast) -> str:
    rows = []
    for arm in (NO_POLICY, AS_IMPLEMENTED):
        total = ahead.about["totals"][arm]
        alone = _between(total.get("chance_low"), total.get("chance_high"))
        rows.append((arm, _number(total["median"]), alone, _between(total["low"], total["high"])))
    return _table(("arm", "median", "chance", "chance, parameters and demand"), rows)


def _scores(scores: Iterable[Scored]) -> str:
    rows = [
        (
            each.score.forecaster, each.by, f"{each.score.crps:,.0f}", f"{each.score.log_score:.2f}",
            f"{each.score.covered_50:.0%}", f"{each.score.covered_90:.0%}", str(each.score.forecasts),
            "saw the future" if each.score.saw_the_future else "",
        )
        for each in scores
    ]  # fmt: skip
    heads = ("forecaster", "by", "CRPS", "log score", "50% holds", "90% holds", "forecasts", "")
    return _table(heads, rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'|'.join(' --- ' for _ in heads)}|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= _THOUSAND else f"{value:.3g}"


def _between(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{_number(low)} to {_number(high)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
