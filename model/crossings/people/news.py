"""What a group knows: priors, and news of how it went for compatriots.

Outcomes reach the coast after `news_delay_days`; who hears of them there is a matter of `Beliefs`.
They are known at home and on the way `home_delay_days` later. All that a group remembers weighs
`news_strength` at most, so that fresh news drives out old news the faster the more of it there is;
where nothing is heard any more, knowledge drifts back to the prior with `news_memory_days`.

Beside the five beliefs that people hold one by one there are two topics a group only knows as a
group: how likely a claim is granted, and how likely one keeps work without papers. They move the
value of arriving.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.errors import unknown
from crossings.population import BELIEFS

TOPICS = (*BELIEFS, "grant", "work")
"""Everything of which there is news."""

HAPPENED, DID_NOT = 0, 1

_FIRST_DAYS = 512

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
        Whole days from an outcome to the news of it at the coast, at least 1.
    home_delay_days
        Whole days more until it is known at home and on the way.
    memory_days
        Mean time until a piece of news is forgotten.
    weight
        Pseudo-counts that one outcome of one compatriot is worth, one for all topics or one for each.
    most
        Most pseudo-counts that all the news a group remembers can weigh.
    stands_for
        People that each of those added one by one stands for.

    Attributes
    ----------
    first : ndarray, shape (topics, groups)
        The priors.
    mean : ndarray, shape (topics, groups)
        The chance each group sees now, at home and on the way.
    today : int
        Model day up to which news has come in.
    """

    def __init__(
        self,
        priors: Floats,
        strength: float,
        *,
        delay_days: int,
        home_delay_days: int,
        memory_days: float,
        weight: ArrayLike,
        most: float,
        stands_for: int = 1,
    ) -> None:
        topics, groups = priors.shape
        self.groups = groups
        self.first = priors
        self.mean = priors.copy()
        self.prior = strength * np.stack((priors, 1.0 - priors), axis=1)
        self.heard = np.zeros((topics, 2, groups))
        self.today = 0
        self._told = np.zeros((_FIRST_DAYS, topics, 2, groups))  # in all, up to each day, at the coast
        self._on_the_way = np.zeros((delay_days + 1, topics, 2, groups))
        self._delay, self._home_delay = delay_days, home_delay_days
        self._kept = math.exp(-1.0 / memory_days)
        self._weight = np.broadcast_to(weight, topics)[:, None, None]
        self._most = most
        self._stands_for = stands_for

    def add(self, topic: str, groups: Codes, happened: bool, day: int) -> None:
        """Send outcomes of people of the given groups on their way."""
        slot = self._on_the_way[day % len(self._on_the_way)]
        side = HAPPENED if happened else DID_NOT
        slot[topic_code(topic), side] += self._stands_for * np.bincount(groups, minlength=self.groups)

    def add_numbers(self, topic: str, happened: Floats, did_not: Floats, day: int) -> None:
        """Send outcomes by number of people in each group on their way."""
        slot = self._on_the_way[day % len(self._on_the_way)]
        slot[topic_code(topic)] += np.stack((happened, did_not))

    def turn(self, day: int) -> None:
        """Let what is due by noon of `day` be heard; call once a day."""
        while day >= len(self._told):
            self._told = np.concatenate((self._told, np.zeros_like(self._told)))
        self._told[self.today + 1 : day + 1] = self._told[self.today]
        due = self._on_the_way[(day - self._delay) % len(self._on_the_way)]
        self._told[day] += self._weight * due
        due[:] = 0.0
        self.today = day
        self.heard *= self._kept
        self.heard += self.told(day - self._home_delay - 1, day - self._home_delay)
        self.heard *= self._most / np.maximum(self.heard.sum(axis=1, keepdims=True), self._most)
        counts = self.prior + self.heard
        self.mean = counts[:, HAPPENED] / (counts[:, HAPPENED] + counts[:, DID_NOT])

    @property
    def told_by_day(self) -> Floats:
        """Pseudo-counts of all that came to the coast up to each day, shape (days, topics, 2, groups)."""
        return self._told

    def told(self, since: int, until: int) -> Floats:
        """Return the pseudo-counts that came to the coast after one day and up to another."""
        return np.asarray(self._told[max(until, 0)] - self._told[max(since, 0)])

    def change(self, topic: str) -> Floats:
        """Return the chance seen now over the one before any news, shape (groups,)."""
        code = topic_code(topic)
        return np.asarray(self.mean[code] / self.first[code])
