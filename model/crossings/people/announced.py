"""Official announcements and the one credibility they all share.

An announcement says which chance will apply to whom, from when until when. It moves what somebody
believes about a landing *on a given day*, and only if that day is inside its window; so a door that
will close makes people hurry, and a rule that has ended is no longer believed in.

Credibility is one number for all announcements, a Beta count of how far they were carried out.
A threat that never comes true therefore fades, and takes the next one with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.hooks import Announcement
from crossings.people.news import topic_code

Floats = NDArray[np.float64]


class Announced:
    """Announcements in force or to come, and how far they are believed.

    Parameters
    ----------
    groups
        Number of groups.
    weight
        Pseudo-counts an announcement would have if it were fully believed.
    credibility
        Share of announcements people expect to be carried out, before they see any.
    strength
        Pseudo-counts behind that expectation.
    evidence
        Pseudo-counts that a week of seeing whether one is carried out is worth.
    """

    def __init__(
        self, groups: int, weight: float, credibility: float, strength: float, evidence: float
    ) -> None:
        self._groups = groups
        self._weight = weight
        self._evidence = evidence
        self.kept = strength * credibility
        self.broken = strength * (1.0 - credibility)
        self._known: dict[str, tuple[Announcement, NDArray[np.bool_]]] = {}

    @property
    def credibility(self) -> float:
        """Expected share of an announcement that is carried out."""
        return self.kept / (self.kept + self.broken)

    def add(self, announcement: Announcement) -> None:
        """Keep an announcement, in place of an earlier one of the same name and belief."""
        topic_code(announcement.belief)
        concerned = np.zeros(self._groups, dtype=bool)
        concerned[list(announcement.groups) if len(announcement.groups) else slice(None)] = True
        self._known[f"{announcement.name}:{announcement.belief}"] = announcement, concerned

    def withdraw(self, name: str) -> None:
        """Forget all that was announced under a name."""
        kept = {key: held for key, held in self._known.items() if held[0].name != name}
        self._known = kept

    def about(self, belief: str, today: int) -> list[tuple[Announcement, NDArray[np.bool_]]]:
        """Return the announcements about a belief that are known today, with whom they concern."""
        return [
            (known, concerned)
            for known, concerned in self._known.values()
            if known.belief == belief and known.announced <= today
        ]

    def counts(
        self, belief: str, groups: NDArray[np.integer], when: ArrayLike, today: int
    ) -> tuple[Floats | float, Floats | float]:
        """Return the pseudo-counts for and against that announcements add to a belief.

        Parameters
        ----------
        belief
            Which.
        groups
            Group codes; broadcast against `when`.
        when
            Model day(s) of landing.
        today
            Model day on which people think about it.

        Returns
        -------
        tuple
            Counts for and against; plain zeros where nothing is announced.
        """
        sure: Floats | float = 0.0
        against: Floats | float = 0.0
        for known, concerned in self.about(belief, today):
            end = math.inf if known.end is None else known.end
            inside = (np.asarray(when) >= known.start) & (np.asarray(when) < end) & concerned[groups]
            weight = inside * (self._weight * self.credibility)
            sure = sure + weight * known.chance
            against = against + weight * (1.0 - known.chance)
        return sure, against

    def in_force(
        self, belief: str, groups: NDArray[np.integer], when: ArrayLike, today: int
    ) -> NDArray[np.bool_]:
        """Tell whether a rule about a belief is announced for those groups on those landing days."""
        sure, against = self.counts(belief, groups, when, today)
        return np.asarray(np.add(sure, against) > 0)

    def turns(self, belief: str, first: float, last: float, today: int) -> bool:
        """Tell whether any rule about a belief begins or ends after `first` and up to `last`."""
        return any(
            first < edge <= last
            for known, _ in self.about(belief, today)
            for edge in (known.start, known.end)
            if edge is not None
        )

    def judge(self, day: int, first: Mapping[str, float]) -> None:
        """Compare what was announced with what is done; call once a week.

        It is carried out as far as what is done has come from what people thought before any news, `first`
        by belief, towards what was announced.
        """
        for known, _ in self._known.values():
            over = known.end is not None and day >= known.end
            done = None if day < known.start or over else known.carried_out(day)
            if done is None:
                continue
            whole, way = known.chance - first[known.belief], done - first[known.belief]
            share = min(1.0, max(0.0, way / whole)) if whole else 1.0
            self.kept += self._evidence * share
            self.broken += self._evidence * (1.0 - share)
