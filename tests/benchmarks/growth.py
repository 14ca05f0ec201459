"""How time grows with people, and how it compares with Starsim at as many agents.

The inflow is multiplied from a tenth to ten times. Time may grow as people to the power 1.05. At ten
times, agent-days a second stand beside the agent-steps a second of Starsim's SIR model on a random
network, with as many agents as are under way here on a mean day and as many daily steps; an agent of
Starsim that has recovered counts as one all the same.
"""

from __future__ import annotations

import math
import statistics
from importlib import import_module
from itertools import pairwise
from typing import Any

from tests.benchmarks.season import agent_days, season
from tests.benchmarks.timing import row, spent

SCALES = (0.1, 0.32, 1.0, 3.2, 10.0)
POWER = 1.05


def starsim_steps_a_second(agents: int, steps: int, repeats: int) -> float | None:
    """Return agent-steps a second of Starsim's SIR, None where Starsim is not installed."""
    try:
        starsim: Any = import_module("starsim")
    except ImportError:
        return None

    def sim() -> Any:
        made = starsim.Sim(
            n_agents=agents,
            diseases=starsim.SIR(),
            networks=starsim.RandomNet(),
            start="2025-01-01",
            dur=starsim.days(steps),
            dt=starsim.days(1),
            verbose=0,
        )
        made.init()
        return made

    sim().run()  # compiles
    rates = []
    for _ in range(repeats):
        made = sim()
        rates.append(agents * made.t.npts / spent(made.run))
    return statistics.median(rates)


def main(repeats: int) -> None:
    """Time and print."""
    print("Growth: the same season with more and fewer people")
    found = []
    for scale in SCALES:
        changes: dict[str, Any] = {"inflow.scale": scale}
        model = season(**changes)
        days, candidates = agent_days(model), model.population.entered
        per_day = days // model.steps
        del model
        seconds = statistics.median(spent(lambda: season(**changes)) for _ in range(repeats))  # noqa: B023, called at once
        found.append((candidates, seconds))
        row(
            f"{scale:g} x people",
            f"{seconds:.2f} s",
            f"{candidates:,} people, {days / seconds:,.0f} agent-days/s",
        )
    powers = [math.log(b[1] / a[1]) / math.log(b[0] / a[0]) for a, b in pairwise(found)]
    whole = math.log(found[-1][1] / found[0][1]) / math.log(found[-1][0] / found[0][0])
    row("time grows as people to the", f"{whole:.2f}", f"steepest part {max(powers):.2f}; at most {POWER}")
    theirs = starsim_steps_a_second(per_day, model_steps := 100, repeats)
    if theirs is None:
        row("Starsim's SIR", "skipped", "not installed: pip install starsim")
        return
    ours = days / found[-1][1]
    row("agent-days a second at 10 x", f"{ours:,.0f}", f"{per_day:,} agents on a mean day")
    row("Starsim's SIR, agent-steps a second", f"{theirs:,.0f}", f"{per_day:,} agents, {model_steps} steps")
    row("ours over theirs", f"{ours / theirs:.2f}", "at least 1")
