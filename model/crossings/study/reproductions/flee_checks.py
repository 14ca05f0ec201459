"""Small worlds in which it is known what Flee does: a star, a closure, a camp that fills, a register."""

from __future__ import annotations

import numpy as np
import pandas as pd

from crossings.parameters import Block, param
from crossings.replicas.flee import small
from crossings.replicas.flee.model import FleeModel
from crossings.replicas.flee.roads import Roads
from crossings.replicas.flee.rules import FleeBlock
from crossings.study.estimates import Estimate, share
from crossings.study.reproductions import Findings, Work, reproduction


class Settings(Block):
    """Size of the star; the other worlds have the size at which their answer is known."""

    people: int = param(
        20_000, "People at the middle of the star", unit="people", min_value=100, max_value=1_000_000
    )


@reproduction("flee-checks", Settings)
def reproduce(settings: Settings, work: Work) -> Findings:
    """Run every small world once."""
    people = work.number(settings.people, least=100)
    chosen = _star(people, work.seed)
    work.report(1, 2)
    estimates = {f"star.{name}": share(number, people) for name, number in chosen.items()}
    others = {
        **_closure(work.seed),
        **_capacity(work.seed),
        "sink.left-after-3-days": _sink(work.seed),
        **_register(work.seed),
        "awareness.ways": _ways_known(),
    }
    work.report(2, 2)
    estimates |= {name: Estimate(float(number)) for name, number in others.items()}
    rows = [(name, number / people) for name, number in chosen.items()]
    return Findings(
        estimates,
        {"star": pd.DataFrame(rows, columns=["place", "share"])},
        f"{people:,} people in the star",
    )


def _star(people: int, seed: int) -> dict[str, int]:
    """Return how many of those at the middle of a star set out to each of three towns."""
    model = FleeModel(small.star(people), FleeBlock(initial_in_camps=False), seed)
    model.step()
    towards = model.roads.end[model.people.road]
    return {
        name: int((towards == model.roads.network.code(name)).sum())
        for name in ("Town B", "Town C", "Town D")
    }


def _closure(seed: int) -> dict[str, int]:
    """Return where a hundred people are of whom one enters a day, on a road that closes on day 3."""
    model = FleeModel(small.closing_road(), FleeBlock(initial_in_camps=False), seed).run()
    code = model.roads.network.code
    return {"closure.arrived": model.at(code("Camp")), "closure.waiting": model.at(code("Source"))}


def _capacity(seed: int) -> dict[str, float]:
    """Return how full a camp becomes that has room for 200, and for 800 from day 100 on."""
    model = FleeModel(small.growing_camp(), FleeBlock(), seed).run()
    inside = model.simulated[:, 0]
    return {"capacity.before": float(inside[99]) / 200.0, "capacity.after": float(inside[-1]) / 800.0}


def _sink(seed: int) -> int:
    """Return how many of a hundred are left after three days on a road to a camp that keeps nobody."""
    rules = FleeBlock(camps_are_sinks=True, initial_in_camps=False)
    return FleeModel(small.road_to_camp(100, days=3), rules, seed).run().here


def _register(seed: int) -> dict[str, int]:
    """Return how many there are after ten days of a register, and with camps empty at first."""
    full = FleeModel(small.register(), FleeBlock(), seed).run()
    empty = FleeModel(small.register(), FleeBlock(empty_camps=True), seed).run()
    return {"register.people": full.here, "register.with-empty-camps": empty.here}


def _ways_known() -> int:
    """Return how many ways people know who look five roads ahead over a marker."""
    case = small.behind_a_marker()
    roads = Roads(case, FleeBlock(awareness=5))
    ways = roads.ahead(roads.network.code("Source")).ways
    assert len(np.unique([way[-1] for way in ways])) == len(ways)
    return len(ways)
