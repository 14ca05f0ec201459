"""What an effect hangs on: how strong it is with one assumption at a time at both ends of its range.

``python -m crossings.views.effect_by_assumption`` draws the table that is kept, beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crossings.views.sheet import Made, Panels, drawn, grid, number, percent, thousands
from crossings.views.style import COLOURS, FAINT

if TYPE_CHECKING:
    from crossings.study.robustness import Robustness

_ROW = 0.23  # inches
_LOW, _HIGH = COLOURS[0], COLOURS[1]


def draw(found: Robustness) -> Panels:
    """Draw the effect on arrivals at both ends of each assumption, the widest span first.

    Parameters
    ----------
    found
        From `crossings.study.robustness`.
    """
    spans, told = found.spans(), found.about
    as_it_is: Any = found.as_it_is
    seeds = tuple(int(seed) for seed in told["seeds"])
    said = (
        f"Effect of {told['scenario']} on arrivals, {told['start']} to {told['end']}, with one assumption at "
        f"a time moved to the lower and the upper end of its plausible range; means of {len(seeds)} pairs of "
        "runs. Line and band: the effect as it is, with its 95% interval, which shows chance only."
    )
    made = Made((str(told["base"]), str(told["scenario"])), seeds, str(told["origin"]))
    with drawn("What the effect hangs on", said, made, 0.75 + _ROW * len(spans)) as figure:
        (axes,) = grid(figure, 1, left=3.1, below=0.45, above=0.3)
        axes.axvspan(100 * as_it_is["low"], 100 * as_it_is["high"], color=FAINT, alpha=0.15, linewidth=0)
        axes.axvline(100 * as_it_is["effect"], color=FAINT, linewidth=0.8)
        rows = np.arange(len(spans))
        low, high = (100 * spans[f"effect_at_{end}"].to_numpy(float) for end in ("low", "high"))
        axes.hlines(rows, low, high, color=FAINT, linewidth=1.4)
        axes.plot(low, rows, "o", color=_LOW, markersize=4.5, label="lower end")
        axes.plot(high, rows, "s", color=_HIGH, markersize=4.5, label="upper end")
        axes.set_yticks(rows, [f"{key}, {_ends(row)}" for key, row in spans.iterrows()])
        axes.set_ylim(len(spans) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0, labelsize=7)
        axes.margins(x=0.06)
        axes.grid(True, axis="x")
        axes.grid(False, axis="y")
        axes.set_xlabel("effect on arrivals, per cent")
        thousands(axes, "x", "+,.0f", most=8)
        axes.legend(loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, borderaxespad=0.2)
    return Panels((axes,))


def in_words(found: Robustness) -> tuple[str, ...]:
    """Say how far the effect moves, and what that leaves out."""
    told, spans, effects = found.about, found.spans(), found.table["effect"]
    as_it_is: Any = found.as_it_is
    turned = int((np.sign(effects) != np.sign(as_it_is["effect"])).sum())
    pairs = len(told["seeds"])
    usual = f"{percent(as_it_is['low'])} to {percent(as_it_is['high'])}"
    half = float(((found.table["high"] - found.table["low"]) / 2).median())
    turns = f"turns in {turned} of {len(effects) - 1} trials" if turned else "never turns"
    return (
        f"For {told['scenario']} against {told['base']} it is known of {len(spans)} parameters, most of them "
        f"assumed, each moved alone to both ends of its plausible range, {pairs} pairs of runs each. As it "
        f"is, that policy changes arrivals from {told['start']} to {told['end']} by "
        f"{percent(as_it_is['effect'])} (95% interval {usual}); with one of them moved, by "
        f"{percent(effects.min())} to {percent(effects.max())}. The direction {turns}.",
        "The table has those that it moves with most. Each of these effects is itself known to within "
        f"{number(100 * half, '.1f')} percentage points or so, by chance alone. Moved together, assumptions "
        "reach further; rules that the model lacks are not in it; and the effect of another policy hangs on "
        "others.",
    )


def rows(found: Robustness, most: int = 6) -> tuple[tuple[str, str, str, str], ...]:
    """Return parameter, ends of its range, and the effect at each, of those that it hangs on most."""
    return tuple(
        (
            str(key),
            _ends(row),
            percent(row["effect_at_low"]),
            percent(row["effect_at_high"]),
        )
        for key, row in found.spans().head(most).iterrows()
    )


def _ends(span: Any) -> str:
    """Return the two values tried, numbers as short as they can be said."""
    return f"{_short(span['at_low'])} to {_short(span['at_high'])}"


def _short(value: str) -> str:
    try:
        return f"{float(value):g}"
    except ValueError:  # the name of a variant
        return value


if __name__ == "__main__":
    from crossings.study import experiments, robustness

    draw(robustness.load()).savefig(experiments.shelf() / robustness.STUDY / "effects.png")
