"""Signs that published papers found, looked for in the Channel model's own rules: one module for each kind.

Every module makes small worlds of the ready scenario ``no-policy`` on a small corridor, changes one thing,
and returns what happened as estimates by name. Parameters of behaviour are those of the Channel. What
differs is said in `small_world` and beside each change.
"""

from __future__ import annotations

from crossings.scenario import Scenario

START, END = "2025-01-01", "2025-12-31"
ADAPTING_DAYS = 365
SMALL_STATE = {"enforcement.patrols.teams": 8, "enforcement.investigations.teams": 3}
"""Officers of a small corridor: the Channel's forty and ten teams are those of eight launch sites and three
times the people."""


def small_world(corridor: str, **changes: object) -> Scenario:
    """Return a year without policy on a small corridor, changed by dotted key.

    Parameters
    ----------
    corridor
        Its name.
    **changes
        By dotted key.
    """
    usual: dict[str, object] = {
        "corridor": corridor,
        "start": START,
        "end": END,
        "warmup_days": ADAPTING_DAYS,
        **SMALL_STATE,
        "smuggling.tactics.taxi_ceiling": 0.0,  # boats leave from the beach, as where the papers looked
    }
    return Scenario.load("no-policy").with_(**(usual | changes))
