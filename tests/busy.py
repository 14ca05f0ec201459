"""A short, busy season: nearly every rule of the model has work to do in it.

Sixty days after a warm-up of thirty, too short to say anything about policy. Times ashore are shortened,
so that claims, appeals, returns and admissions come to an end before the season does; word travels home
within days; and the sea is made far more dangerous than it is, so that a few boats are enough for every
way in which a night can end.
"""

from __future__ import annotations

from typing import Any

import crossings as cx

BUSY: dict[str, Any] = {
    "start": "2025-06-01",
    "end": "2025-07-30",
    "warmup_days": 30,
    "inflow.scale": 1.2,
    "weather.wave_mean": 0.3,
    "beliefs.home_delay_days": 4,
    "beliefs.credibility": 0.7,
    "smuggling.turnover.hurdle": 500.0,
    "enforcement.investigations.case_days": 60.0,
    "enforcement.workplaces.workers_at_risk": 2_000.0,
    "passage.distress": 1.0,
    "passage.boarding_incident": 0.1,
    "passage.rescue.no_alarm": 0.1,
    "passage.rescue.sinking": 8.0,
    "authorities.returns.preparation_days": 8.0,
    "authorities.legal_route.check_days": 5.0,
    "authorities.asylum.decision_days": 12.0,
    "authorities.asylum.appeal_days": 12.0,
    "authorities.asylum.removal_days": 10.0,
}
POLICIES: dict[str, Any] = {
    "returns": {
        "kind": "ReturnsAgreement", "announced": "2025-05-05", "start": "2025-05-15", "ramp_days": 10.0,
        "quota_per_week": 150.0,
    },
    "threat": {
        "kind": "ThirdCountryRemoval", "announced": "2025-05-05", "start": "2025-07-05",
        "announced_chance": 0.9, "priority": 2,
    },
    "route": {
        "kind": "LegalRoute", "announced": "2025-05-05", "start": "2025-05-15", "places_per_week": 60.0,
        "advance_places": 20,
    },
    "arrests": {"kind": "CoordinatedArrests", "start": "2025-06-10"},
    "campaign": {"kind": "InformationCampaign", "start": "2025-05-10", "belief": "stop", "chance": 0.8},
    "doctrine": {"kind": "SeaInterdiction", "start": "2025-05-10", "stopped": 0.3},
}  # fmt: skip


def busy(**changes: Any) -> cx.Scenario:
    """Return the busy season with some values replaced by dotted key."""
    return cx.Scenario.load("no-policy").with_(**{**BUSY, "policies": POLICIES, **changes})
