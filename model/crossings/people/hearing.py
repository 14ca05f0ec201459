"""What a day's talk and news do to what people believe.

Everybody says what they believed that morning. Compatriots who talk tell each other the news that only
one of them knew then; however many outcomes there were, one telling weighs no more than `news_told`. The
weight of all a person has heard is capped.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from crossings.hooks import Rows
from crossings.loops import Twice
from crossings.people.news import DID_NOT, HAPPENED

__all__ = ["known_until", "take_in"]

Floats = NDArray[np.float64]
Codes = NDArray[np.integer[Any]]
Days = NDArray[np.int32]
Mask = NDArray[np.bool_]

_LEAST = 1e-9  # keeps a telling of nothing from being divided by


def _known_until_over_arrays(
    before: Days, group: Codes, in_touch: Mask, listener: Rows, speaker: Rows, day: int
) -> Days:
    """Return the day up to which people know the news once compatriots have talked.

    Parameters
    ----------
    before
        The same that morning, shape (n,).
    group, in_touch
        Their group, and who hears news at first hand, shape (n,).
    listener, speaker
        Conversations, as positions among them, shape (m,).
    day
        Today.
    """
    alike = group[listener] == group[speaker]
    one, other = listener[alike], speaker[alike]
    now = before.copy()
    np.maximum.at(now, one, before[other])
    np.maximum.at(now, other, before[one])
    now[in_touch] = day
    return now


def _known_until_as_loop(
    before: Days, group: Codes, in_touch: Mask, listener: Rows, speaker: Rows, day: int
) -> Days:
    now = before.copy()
    for k in range(listener.size):
        one, other = listener[k], speaker[k]
        if group[one] == group[other]:
            now[one] = max(now[one], before[other])
            now[other] = max(now[other], before[one])
    for i in range(now.size):
        if in_touch[i]:
            now[i] = day
    return now


def _take_in_over_arrays(
    belief: Floats,
    rows: Rows,
    group: Codes,
    before: Days,
    now: Days,
    listener: Rows,
    speaker: Rows,
    told: Floats,
    word_weight: float,
    news_told: float,
    max_strength: float,
) -> None:
    """Add a day's talk and news to what people believe, and cap the weight of it all.

    Parameters
    ----------
    belief
        Pseudo-counts for and against of everybody, shape (beliefs, 2, people); changed.
    rows
        Who is at the camps, shape (n,).
    group, before, now
        Their group, and the days up to which they knew and know the news, shape (n,).
    listener, speaker
        Conversations, as positions in `rows`, shape (m,).
    told
        News in all up to each day, as pseudo-counts, shape (days, topics, 2, groups).
    word_weight
        Pseudo-counts that one person's word is worth.
    news_told
        The most that one telling of news weighs.
    max_strength
        The most that all a person has heard weighs.
    """
    held = belief[:, :, rows]
    yes, no = held[:, HAPPENED], held[:, DID_NOT]
    said = (word_weight / (yes + no) * yes)[:, speaker]
    for code in range(len(belief)):
        heard = np.bincount(listener, weights=said[code], minlength=rows.size)
        yes[code] += heard
        no[code] -= heard
    no += word_weight * np.bincount(listener, minlength=rows.size)
    some = np.flatnonzero(now > before)
    news = told[now[some], : len(belief), :, group[some]] - told[before[some], : len(belief), :, group[some]]
    news = np.moveaxis(news, 0, -1)
    news *= np.minimum(1.0, news_told / np.maximum(news.sum(axis=1), _LEAST))[:, None]
    held[:, :, some] += news
    held *= np.minimum(1.0, max_strength / (yes + no))[:, None]
    belief[:, :, rows] = held


def _take_in_as_loop(
    belief: Floats,
    rows: Rows,
    group: Codes,
    before: Days,
    now: Days,
    listener: Rows,
    speaker: Rows,
    told: Floats,
    word_weight: float,
    news_told: float,
    max_strength: float,
) -> None:
    said, heard = np.empty(rows.size), np.empty(rows.size)
    talks = np.bincount(listener, minlength=rows.size)
    for code in range(belief.shape[0]):
        held = belief[code]
        for i in range(rows.size):
            yes, no = held[HAPPENED, rows[i]], held[DID_NOT, rows[i]]
            said[i] = word_weight / (yes + no) * yes
            heard[i] = 0.0
        for k in range(listener.size):
            heard[listener[k]] += said[speaker[k]]
        for i in range(rows.size):
            yes = held[HAPPENED, rows[i]] + heard[i]
            no = held[DID_NOT, rows[i]] - heard[i] + word_weight * talks[i]
            if now[i] > before[i]:
                new, old = told[now[i], code, :, group[i]], told[before[i], code, :, group[i]]
                happened, did_not = new[HAPPENED] - old[HAPPENED], new[DID_NOT] - old[DID_NOT]
                share = min(1.0, news_told / max(happened + did_not, _LEAST))
                yes += happened * share
                no += did_not * share
            share = min(1.0, max_strength / (yes + no))
            held[HAPPENED, rows[i]] = yes * share
            held[DID_NOT, rows[i]] = no * share


known_until = Twice(_known_until_over_arrays, _known_until_as_loop)
take_in = Twice(_take_in_over_arrays, _take_in_as_loop)
