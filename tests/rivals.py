"""What becomes of the clients and of the share of networks that are dismantled on one day."""

from __future__ import annotations

from datetime import date

import numpy as np

import crossings as cx
from crossings.population import State

DAY = date(2025, 6, 1)
DATES = {"start": "2025-05-01", "end": "2025-08-31"}


class Coast:
    """A run that notes whom every network puts to sea, and who was dismantled on the day."""

    def __init__(self, seed, **changes):
        self.model = cx.CrossingsModel(cx.Scenario.load("no-policy").with_(**DATES, **changes), seed)
        self.day = self.model.clock.day_of(DAY)
        self.boarded, self.gone = {}, []  # (days since, serial) -> people; serials
        self._begin, self._dismantle = self.model.passage.begin_night, self.model.smuggling.dismantle
        self.model.passage.begin_night = self._note
        self.model.smuggling.dismantle = self._note_end

    def run(self):
        while self.model.running:
            self.model.step()
        return self

    def launched(self, serials, first, last):
        since = range(first, last)
        return sum(n for (day, serial), n in self.boarded.items() if day in since and serial in serials)

    def everyone(self, first, last):
        return self.launched({serial for _, serial in self.boarded}, first, last)

    def _note(self, launches):
        for launch in launches:
            key = (self.model.clock.day - self.day, launch.serial)
            self.boarded[key] = self.boarded.get(key, 0) + len(launch.rows)
        self._begin(launches)

    def _note_end(self, slot):
        if self.model.clock.day == self.day:
            self.gone.append(int(self.model.smuggling.networks.serial[slot]))
        self._dismantle(slot)


def taken_over(networks, seeds):
    """Return what rivals gain in weeks 3 to 13 as a share of what the arrested would have launched."""
    arrest = {"kind": "CoordinatedArrests", "start": DAY.isoformat(), "suppliers": 0, "networks": networks}
    lost = gained = 0
    for seed in seeds:
        without, after = Coast(seed).run(), Coast(seed, **{"policies.arrest": arrest}).run()
        share = without.launched(set(after.gone), 14, 91)
        rivals = without.everyone(14, 91) - share
        lost, gained = lost + share, gained + after.everyone(14, 91) - rivals
    return gained / lost


def with_rivals_after(days, seeds=(1, 2, 3), **changes):
    """Return what share of a language's clients are booked with, or were brought over by, others days later.

    On the day all networks that speak it are dismantled; the clients of all seeds together.
    """
    found = np.concatenate([_found_another(days, Coast(seed, **changes)) for seed in seeds])
    assert found.size >= 10
    return float(found.mean())


def _found_another(days, coast):
    """Tell of each client of the dismantled whether they have found another way over."""
    model = coast.model
    smuggling, people = model.smuggling, model.population
    for _ in range(coast.day):
        model.step()
    language = smuggling.networks.languages.index("Tigrinya")
    slots = np.flatnonzero(smuggling.networks.alive & (smuggling.networks.language == language))
    clients = np.concatenate(
        [np.empty(0, np.intp), *(smuggling.bookings.of(slot) for slot in slots.tolist())]
    )
    speak = [group.language == "Tigrinya" for group in model.corridor.groups]
    clients = clients[np.array(speak)[people.group[clients]]]
    for slot in slots.tolist():
        smuggling.dismantle(slot)
    for _ in range(days):
        model.step()
    return (people.state[clients] == State.BOOKED) | (people.arrivals[clients] > 0)
