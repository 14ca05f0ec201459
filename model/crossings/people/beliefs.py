"""What people believe, and where they have it from.

Each person holds Beta pseudo-counts for five chances: an attempt is stopped; an arrival is
returned; an arrival may settle as intended; a crossing kills; a legal place comes this year. They
begin with what their group knows when they reach the coast, and are moved by own experience, by
news of compatriots and by talk in the camp. What is announced is added in the moment of deciding,
for the landing day in question, at the credibility announcements have by then.

The weight of all a person has ever heard is capped; beyond the cap, older evidence fades as new
comes in.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossings.clock import Clock
from crossings.corridors.corridor import Group
from crossings.hooks import Announcement, Rows, Tally
from crossings.people.announced import Announced
from crossings.people.belief_parameters import BeliefsBlock
from crossings.people.hearing import known_until, take_in
from crossings.people.news import DID_NOT, HAPPENED, TOPICS, News, topic_code
from crossings.people.word_of_mouth import contacts, meet, split
from crossings.population import BELIEFS, Population
from crossings.streams import Streams

__all__ = ["Beliefs", "BeliefsBlock"]

Floats = NDArray[np.float64]
Codes = NDArray[np.integer]

_HELD = slice(0, len(BELIEFS))
_REVIEW_DAYS = 7
_SEEN_DAILY = ("stop", "return", "settle")
_ABOUT_LANDINGS = ("stop", "return", "settle")  # rules that make people hurry when they begin or end


class Beliefs:
    """The beliefs of everyone, and of groups.

    Parameters
    ----------
    block
        Parameters.
    streams, clock, population
        The run's.
    groups
        Groups of the corridor, in order of code.
    tally
        Where means by group and credibility are reported once a week.

    Attributes
    ----------
    first : dict
        Chance of each belief before anything is heard.
    news : News
        What groups know.
    announced : Announced
        Announcements and their credibility.
    """

    def __init__(
        self,
        block: BeliefsBlock,
        streams: Streams,
        clock: Clock,
        population: Population,
        groups: Sequence[Group],
        tally: Tally,
    ) -> None:
        self.block = block
        self._streams = streams
        self._clock = clock
        self._population = population
        self._groups = tuple(groups)
        self._tally = tally
        self.first = {
            "stop": block.stop,
            "return": block.returned,
            "settle": block.settle,
            "death": block.death,
            "legal": block.legal,
        }
        self.news = News(
            self._first_of_groups(),
            block.group_strength,
            delay_days=block.news_delay_days,
            home_delay_days=block.home_delay_days,
            memory_days=block.news_memory_days,
            weight=[block.news_weight if topic in _SEEN_DAILY else block.remote_weight for topic in TOPICS],
            most=block.news_strength,
            stands_for=population.stands_for,
        )
        self._by_news = np.empty(0), np.empty(0)  # what groups know, and what they believe by it
        self._heard_until = np.zeros(len(population), dtype=np.int32)  # day of the latest news people know
        self._in_touch = streams.uniform("beliefs.in_touch", population.key) < block.news_reach
        self.announced = Announced(
            len(self._groups),
            self.first,
            block.announcement_weight,
            block.credibility,
            block.credibility_strength,
            block.credibility_evidence,
        )

    def _first_of_groups(self) -> Floats:
        """Return the chances groups see before any news, shape (topics, groups)."""
        same = [np.full(len(self._groups), self.first[belief]) for belief in BELIEFS]
        grants = np.array([max(group.grant_chance, 1e-6) for group in self._groups])
        return np.stack([*same, grants, np.full(len(self._groups), self.block.work)])

    # what reaches people -----------------------------------------------------------------------

    def join(self, rows: Rows) -> None:
        """Give people who reach the coast what their group knows."""
        known, group = self.news.mean[_HELD], self._population.group[rows]
        sure, against = self.block.entry_strength * known, self.block.entry_strength * (1.0 - known)
        for code, held in enumerate(self._population.belief):
            held[HAPPENED][rows] = sure[code].take(group)
            held[DID_NOT][rows] = against[code].take(group)
        self._heard_until[rows] = max(self.news.today - self.block.home_delay_days, 0)

    def witness(self, belief: str, rows: Rows, happened: bool) -> None:
        """Let people learn from what happened to themselves; their group will hear of it.

        Parameters
        ----------
        belief
            One of `crossings.population.BELIEFS`.
        rows
            To whom; who went through it twice since noon stands there twice.
        happened
            Whether it happened or did not.
        """
        side = HAPPENED if happened else DID_NOT
        np.add.at(self._population.belief[topic_code(belief), side], rows, self.block.own_weight)
        self.news_only(belief, self._population.group[rows], happened)

    def news_only(self, belief: str, groups: Codes, happened: bool) -> None:
        """Let groups hear of outcomes whose holder is gone, one group code per person.

        `belief` may also be ``"grant"`` or ``"work"``, of which only groups keep count.
        """
        self.news.add(belief, np.atleast_1d(groups), happened, self._clock.day)

    def news_of_rate(self, topic: str, chance: ArrayLike, number: Floats) -> None:
        """Let groups hear how it goes for many compatriots at once, as a rate.

        Parameters
        ----------
        topic
            A belief, ``"grant"`` or ``"work"``.
        chance
            Share to whom it happened, scalar or shape (groups,).
        number
            Compatriots in each group of whom this is heard, shape (groups,).
        """
        happened = np.asarray(np.multiply(chance, number), dtype=np.float64)
        self.news.add_numbers(topic, happened, number - happened, self._clock.day)

    def announce(self, announcement: Announcement) -> None:
        """Make an announcement known, from its day on."""
        self.announced.add(announcement)

    def withdraw(self, name: str) -> None:
        """Take back all that was announced under a name."""
        self.announced.withdraw(name)

    def listen(self, day: int) -> None:
        """Let a day's news and talk reach people at the camps; review announcements weekly.

        Everyone speaks from what they believed at the start of it, so that order does not matter.
        """
        self.news.turn(day)
        rows = self._population.at_camp()
        if rows.size:
            self._hear(rows, day)
        if self._clock.ordinal(day) % _REVIEW_DAYS == 0:
            self.announced.judge(day, self._told_of)
            self._report(rows, day)

    def _told_of(self, belief: str, groups: NDArray[np.bool_]) -> float | None:
        """Return the chance of a belief in all that these groups remember having heard, None if nothing."""
        happened, did_not = self.news.heard[topic_code(belief)][:, groups].sum(axis=1)
        return float(happened / (happened + did_not)) if happened + did_not > 0 else None

    def _hear(self, rows: Rows, day: int) -> None:
        """Add the day's talk and news to what people believe, and cap the weight of it all."""
        people, block = self._population, self.block
        group = people.group[rows]
        listener, speaker = self._talks(rows, group, day)
        before = self._heard_until[rows]
        now = known_until(before, group, self._in_touch[rows], listener, speaker, day)
        take_in(
            people.belief, rows, group, before, now, listener, speaker, self.news.told_by_day,
            block.word_weight, block.news_told, block.max_strength,
        )  # fmt: skip
        self._heard_until[rows] = now

    def _talks(self, rows: Rows, group: Codes, day: int) -> tuple[Rows, Rows]:
        """Return the day's conversations as positions of listeners and of speakers."""
        people = self._population
        today = self._clock.ordinal(day)
        point, first, second, third = self._streams.uniforms("beliefs.talk", people.key[rows], today, 4)
        seeker, draw = contacts(first, second, third, self.block.contacts_per_day)
        within, draw = split(draw, self.block.homophily)
        groups = len(self._groups)
        camp = people.place[rows].astype(np.int64) * (groups + 1)  # all of a camp, then its groups
        compatriots = camp + 1 + group
        pool = np.where(within, compatriots[seeker], camp[seeker])
        met = meet([camp, compatriots], point, pool, draw)
        talk = met != seeker
        return seeker[talk], met[talk]

    # what they then believe --------------------------------------------------------------------

    @property
    def today(self) -> int:
        """Model day on which people think."""
        return self._clock.day

    def turns(self, first: float, last: float) -> bool:
        """Tell whether a rule about landings is known to begin or end after `first`, up to `last`."""
        return any(self.announced.turns(belief, first, last, self.today) for belief in _ABOUT_LANDINGS)

    def announces(self, *beliefs: str) -> bool:
        """Tell whether any announcement about these beliefs is known today."""
        return any(self.announced.about(belief, self.today) for belief in beliefs)

    def believed(self, belief: str, rows: Rows, when: ArrayLike) -> Floats:
        """Return what people believe of a landing on a given day, announcements included.

        Parameters
        ----------
        belief
            One of `crossings.population.BELIEFS`.
        rows
            Whose, shape (n,).
        when
            Model day(s) of landing: a scalar, or shape (n,), or (m, 1) for several days each.

        Returns
        -------
        ndarray of float64
            Chances, shape (n,); or (m, n) where `when` had m days and any announcement tells
            them apart, (n,) otherwise.
        """
        sure, against = self._population.belief[topic_code(belief)].take(rows, axis=1)
        if not self.announces(belief):  # adding zeros would change nothing
            return np.asarray(sure / (sure + against))
        return self._with_announced(belief, sure, against, self._population.group[rows], when)

    def rule_applies(self, belief: str, rows: Rows, when: ArrayLike) -> NDArray[np.bool_]:
        """Tell whether a rule about a belief is announced for people landing on the given day(s)."""
        return self.announced.in_force(belief, self._population.group[rows], when, self.today)

    def group_believed(self, belief: str, when: ArrayLike, groups: Codes | None = None) -> Floats:
        """Return what groups believe of a landing on a given day, announcements included.

        Parameters
        ----------
        belief
            One of `crossings.population.BELIEFS`.
        when
            Model day(s) of landing, scalar or one for each of `groups`.
        groups
            Group codes; by default every group once.
        """
        codes = np.arange(len(self._groups)) if groups is None else groups
        code = topic_code(belief)
        if not self.announces(belief):  # the same for all of a group, on whatever day they land
            return np.asarray(self._unannounced()[code].take(codes))
        known = self.news.mean[code, codes] * self.block.entry_strength
        return self._with_announced(belief, known, self.block.entry_strength - known, codes, when)

    def _unannounced(self) -> Floats:
        """Return what groups believe where nothing is announced, shape (topics, groups); anew after news."""
        if self._by_news[0] is not self.news.mean:
            sure = self.news.mean * self.block.entry_strength
            against = self.block.entry_strength - sure
            self._by_news = self.news.mean, sure / (sure + against)
        return self._by_news[1]

    def _with_announced(
        self, belief: str, sure: Floats, against: Floats, groups: Codes, when: ArrayLike
    ) -> Floats:
        more, less = self.announced.counts(belief, groups, when, self._clock.day)
        return np.asarray((sure + more) / (sure + against + more + less))

    def change(self, topic: str) -> Floats:
        """Return what groups now see in a topic over what they saw before any news."""
        return self.news.change(topic)

    def _report(self, rows: Rows, day: int) -> None:
        """Report mean and spread at the camps by group; what the group knows where nobody is there."""
        self._tally.level("credibility", self.announced.credibility)
        group = self._population.group[rows]
        number = np.bincount(group, minlength=len(self._groups))
        for belief in BELIEFS:
            held = self.believed(belief, rows, day)
            known = self.group_believed(belief, day)
            means = np.where(number > 0, _means(held, group, number), known)
            spreads = np.sqrt(_means((held - means[group]) ** 2, group, number))
            everyone = (held.mean(), held.std()) if rows.size else (known.mean(), 0.0)
            for name, total, values in zip(
                (f"belief_{belief}", f"belief_{belief}_spread"), everyone, (means, spreads), strict=True
            ):
                self._tally.level(name, float(total))
                for known_group, value in zip(self._groups, values.tolist(), strict=True):
                    self._tally.level(name, value, known_group.name)


def _means(values: Floats, group: Codes, number: NDArray[np.int64]) -> Floats:
    """Return means by group, 0 where nobody is."""
    totals = np.bincount(group, weights=values, minlength=number.size)
    return np.asarray(totals / np.maximum(number, 1))
