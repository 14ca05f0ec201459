"""What a group knows: priors, and news of how it went for compatriots.

Outcomes reach the group after `news_delay_days` and are forgotten with `news_memory_days`, so that
knowledge drifts back to the prior where nothing is heard any more. Beside the five beliefs that
people hold one by one there are two topics a group only knows as a group: how likely a claim is
granted, and how likely one keeps work without papers. They move the value of arriving.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from crossings.errors import unknown
from crossings.population import BELIEFS

TOPICS = (*BELIEFS, "grant", "work")
"""Everything of which there is news."""

HAPPENED, DID_NOT = 0, 1

Floats = NDArray[np.float64]
Codes = NDArray[np.integer]


def topic_code(topic: str) -> int:
    """Return the position of a topic; `InputError` if there is none of that name."""
    try:
        return TOPICS.index(topic)
    except ValueError:
        raise unknown("belief", topic, TOPICS) from None


class News:
    """Knowledge of every group, as pseudo-counts.

    Parameters
    ----------
    priors
        Chance of each topic before any news, shape (topics, groups).
    strength
        Pseudo-counts behind the priors.
    delay_days
        Whole days from an outcome to the news of it, at least 1.
    memory_days
        Mean time until a piece of news is forgotten.
    weight
        Pseudo-counts that one outcome of one compatriot is worth.

    Attributes
    ----------
    first : ndarray, shape (topics, groups)
        The priors.
    mean : ndarray, shape (topics, groups)
        The chance each group sees now.
    fresh : ndarray, shape (topics, 2, groups)
        Pseudo-counts for and against heard this noon.
    """

    def __init__(
        self, priors: Floats, strength: float, delay_days: int, memory_days: float, weight: float
    ) -> None:
        topics, groups = priors.shape
        self.groups = groups
        self.first = priors
        self.mean = priors.copy()
        self.prior = strength * np.stack((priors, 1.0 - priors), axis=1)
        self.heard = np.zeros((topics, 2, groups))
        self.fresh = np.zeros((topics, 2, groups))
        self._on_the_way = np.zeros((delay_days + 1, topics, 2, groups))
        self._delay = delay_days
        self._kept = math.exp(-1.0 / memory_days)
        self._weight = weight

    def add(self, topic: str, groups: Codes, happened: bool, day: int) -> None:
        """Send outcomes of people of the given groups on their way."""
        slot = self._on_the_way[day % len(self._on_the_way)]
        side = HAPPENED if happened else DID_NOT
        slot[topic_code(topic), side] += np.bincount(groups, minlength=self.groups)

    def add_numbers(self, topic: str, happened: Floats, did_not: Floats, day: int) -> None:
        """Send outcomes by number of people in each group on their way."""
        slot = self._on_the_way[day % len(self._on_the_way)]
        slot[topic_code(topic)] += np.stack((happened, did_not))

    def turn(self, day: int) -> None:
        """Let what is due by noon of `day` be heard; call once a day."""
        due = self._on_the_way[(day - self._delay) % len(self._on_the_way)]
        np.multiply(due, self._weight, out=self.fresh)
        due[:] = 0.0
        self.heard *= self._kept
        self.heard += self.fresh
        counts = self.prior + self.heard
        self.mean = counts[:, HAPPENED] / (counts[:, HAPPENED] + counts[:, DID_NOT])

    def change(self, topic: str) -> Floats:
        """Return the chance seen now over the one before any news, shape (groups,)."""
        code = topic_code(topic)
        return np.asarray(self.mean[code] / self.first[code])
