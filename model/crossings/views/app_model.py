"""The model behind the app: a scenario with its headline numbers turned up or down, past its warm-up."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from crossings.model import CrossingsModel
from crossings.policies import LegalRoute, ReturnsAgreement
from crossings.scenario import Scenario

PATROLS = "app_patrols"
"""Name of the policy that the app adds where patrols are turned up."""


SLIDERS: dict[str, Any] = {
    "setting": {
        "type": "Select", "label": "Scenario", "value": "one-in-one-out",
        "values": list(Scenario.shipped()),
    },
    "seed": {"type": "SliderInt", "label": "Seed", "value": 1, "min": 1, "max": 100, "step": 1},
    "returns": {
        "type": "SliderFloat", "label": "Returns \u00d7", "value": 1.0, "min": 0.0,
        "max": 3.0, "step": 0.5,
    },
    "places": {
        "type": "SliderFloat", "label": "Legal places \u00d7", "value": 1.0, "min": 0.25,
        "max": 5.0, "step": 0.25,
    },
    "patrols": {
        "type": "SliderFloat", "label": "Beach patrols \u00d7", "value": 1.0, "min": 0.5,
        "max": 3.0, "step": 0.25,
    },
}  # fmt: skip
"""What the app lets one choose, as Mesa describes it; sliders multiply what a scenario says."""


def adjusted(scenario: Scenario, returns: float = 1.0, places: float = 1.0, patrols: float = 1.0) -> Scenario:
    """Return a scenario with headline numbers multiplied.

    Parameters
    ----------
    scenario
        Any scenario.
    returns
        Multiple of the returns a week (or a month, where they are laid down so) of every returns
        agreement.
    places
        Multiple of the legal places for each return, and of those granted in any case.
    patrols
        Multiple of the teams on the beaches, from the first date on.
    """
    changes: dict[str, Any] = {}
    for name, policy in scenario.policies.items():
        at = f"policies.{name}"
        if isinstance(policy, ReturnsAgreement):
            changes[f"{at}.quota_per_week"] = policy.quota_per_week * returns
            changes[f"{at}.quota_by_month"] = [round(quota * returns) for quota in policy.quota_by_month]
        if isinstance(policy, LegalRoute):
            changes[f"{at}.matching"] = policy.matching * places
            changes[f"{at}.places_per_week"] = policy.places_per_week * places
    found = scenario.with_(**changes) if changes else scenario
    if patrols != 1.0:
        more = {"kind": "BeachPatrolling", "teams": patrols, "start": scenario.start}
        found = found.replace(f"policies.{PATROLS}", more)
    return found


class AppModel(CrossingsModel):
    """`CrossingsModel` as the app makes it: by name, with sliders, and past its warm-up.

    Parameters
    ----------
    setting
        Name of a scenario.
    seed
        Whole number from 0.
    returns, places, patrols
        See `adjusted`.
    """

    def __init__(
        self,
        setting: str = "one-in-one-out",
        seed: int = 1,
        returns: float = 1.0,
        places: float = 1.0,
        patrols: float = 1.0,
    ) -> None:
        super().__init__(adjusted(Scenario.load(setting), returns, places, patrols), seed=int(seed))
        while self.steps < self.setting.warmup_days:
            self.step()

    @property
    def has_returns(self) -> bool:
        """Whether there is anything for the slider of returns to turn."""
        return any(isinstance(policy, ReturnsAgreement) for policy in self.setting.policies.values())

    @property
    def has_legal_route(self) -> bool:
        """Whether there is anything for the slider of places to turn."""
        return any(isinstance(policy, LegalRoute) for policy in self.setting.policies.values())

    @property
    def done(self) -> int:
        """Dates that are over, of those reported."""
        return int(self.steps) - self.setting.warmup_days


def archive(model: CrossingsModel) -> bytes:
    """Return what ``crossings run --out`` would write about a run as it stands, as a zip file.

    Its tables reach to the last date of the scenario; dates not yet lived through hold nothing.
    """
    page = BytesIO()
    with TemporaryDirectory() as place, ZipFile(page, "w", ZIP_DEFLATED) as packed:
        folder = Path(place) / "run"
        model.result().save(folder)
        for path in sorted(folder.iterdir()):
            packed.write(path, f"crossings-run/{path.name}")
    return page.getvalue()
