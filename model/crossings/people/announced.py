"""Official announcements and the one credibility they all share.

An announcement says which chance will apply to whom, from when until when. It moves what somebody
believes about a landing *on a given day*, and only if that day is inside its window; so a door that
will close makes people hurry, and a rule that has ended is no longer believed in.

A rule about being stopped, returned, killed or admitted is understood to come on top of what people
thought before any news, so that a small one does not reassure; a message, and a rule about settling,
tells the chance as it is.

Several announcements about one belief do not add up: what counts for a landing is the one that
departs furthest from what people thought before any news, at the credibility all of them share.
Saying the same again, or announcing a small rule beside a large one, therefore changes nothing.

Credibility is one number for all announcements, a Beta count of how far they were carried out.
A threat that never comes true therefore fades, and takes the next one with it; and so does a
message that people hear to be false.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.hooks import Announcement
from crossings.people.news import topic_code

Floats = NDArray[np.float64]

_ADDED = ("stop", "return", "death", "legal")  # beliefs about which a rule adds a chance of its own


class Announced:
    """Announcements in force or to come, and how far they are believed.

    Parameters
    ----------
    groups
        Number of groups.
    first
        Chance of each belief before any news.
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
        self,
        groups: int,
        first: Mapping[str, float],
        weight: float,
        credibility: float,
        strength: float,
        evidence: float,
    ) -> None:
        self._groups = groups
        self._first = first
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
        """Return the pseudo-counts for and against that the announcement that counts adds to a belief.

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
        weight: Floats | float = 0.0
        chance: Floats | float = 0.0
        for known, concerned in sorted(self.about(belief, today), key=self._departure):
            end = math.inf if known.end is None else known.end
            inside = (np.asarray(when) >= known.start) & (np.asarray(when) < end) & concerned[groups]
            weight = np.where(inside, self._weight * self.credibility, weight)
            chance = np.where(inside, self._understood(known), chance)
        return np.multiply(weight, chance), np.multiply(weight, np.subtract(1.0, chance))

    def _departure(self, held: tuple[Announcement, NDArray[np.bool_]]) -> tuple[float, float]:
        """Return how far an announcement departs from what people thought; of equals the higher chance."""
        chance = self._understood(held[0])
        return abs(chance - self._first[held[0].belief]), chance

    def _understood(self, known: Announcement) -> float:
        """Return the chance that an announcement makes people think of, all reasons together."""
        if known.by_hearsay or known.belief not in _ADDED:
            return known.chance
        return 1.0 - (1.0 - self._first[known.belief]) * (1.0 - known.chance)

    def _without(self, known: Announcement) -> float:
        """Return the chance to hold an announcement against: what it would be if nothing came of it."""
        return self._first[known.belief] if known.by_hearsay or known.belief not in _ADDED else 0.0

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

    def judge(
        self, day: int, heard: Callable[[str, NDArray[np.bool_]], float | None] = lambda _belief, _whom: None
    ) -> None:
        """Compare what was announced with what is done; call once a week.

        It is carried out as far as what is done has come from nothing (a message, and a rule about settling:
        from what people thought before any news) towards what was announced.

        Parameters
        ----------
        day
            Model day.
        heard
            Returns, for a belief and those of the groups concerned, the chance as compatriots tell of it,
            or None where nothing is heard; judges what nobody carries out but may be true or false.
        """
        for known, concerned in self._known.values():
            if day < known.start or (known.end is not None and day >= known.end):
                continue
            done = heard(known.belief, concerned) if known.by_hearsay else known.carried_out(day)
            if done is None:
                continue
            nothing = self._without(known)
            whole, way = known.chance - nothing, done - nothing
            share = min(1.0, max(0.0, way / whole)) if whole else 1.0
            self.kept += self._evidence * share
            self.broken += self._evidence * (1.0 - share)
