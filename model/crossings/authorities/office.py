"""What all authorities share: the run they are part of, their places, and who hears of what they do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

from numpy.typing import NDArray

from crossings.clock import Clock
from crossings.hooks import Levers, Rows, Tally
from crossings.population import NOBODY, Population
from crossings.streams import Streams


class News(Protocol):
    """Who is told what became of people (`crossings.people.beliefs`)."""

    def witness(self, belief: str, rows: Rows, happened: bool) -> None:
        """Take in what people saw happen to themselves and may still act on, and spread it."""

    def news_only(self, belief: str, groups: NDArray[Any], happened: bool) -> None:
        """Spread what happened to compatriots who will not choose again.

        Beside beliefs this takes ``"grant"``: what became of a claim at the first decision.
        """


@dataclass(frozen=True)
class StatePlaces:
    """Place codes of the authorities; `NOBODY` leaves people's place as it was.

    Attributes
    ----------
    holding
        Short-term holding after landing.
    detention
        Detention for return.
    asylum
        Asylum accommodation.
    legal_entry
        Where people admitted by the legal route enter.
    """

    holding: int = NOBODY
    detention: int = NOBODY
    asylum: int = NOBODY
    legal_entry: int = NOBODY


@dataclass(frozen=True)
class Office:
    """The run that an authority works in.

    Attributes
    ----------
    clock, streams, population, tally, levers
        The run's own.
    news
        Told what became of people.
    places
        Where people are kept.
    last_day
        Last model day of the run; what falls due later is forgotten.
    """

    clock: Clock
    streams: Streams
    population: Population
    tally: Tally
    levers: Levers
    news: News
    places: StatePlaces = field(default_factory=StatePlaces)
    last_day: int = 10**6


def place_or_none(code: int) -> int | None:
    """Return a place code as `Population.move` wants it: None to leave people where they are."""
    return None if code == NOBODY else code
