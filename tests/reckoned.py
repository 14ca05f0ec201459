"""Stand-ins for long runs, and estimates as plain numbers, for tests of what experiments reckon."""

from __future__ import annotations

import numpy as np

SEEDS = (1, 2, 3)


def counted(monkeypatch, module, numbers):
    """Let a module find these numbers, the same under every seed; return the worlds it asks for."""
    asked = {}

    def by_world(_measure, worlds, seeds, processes=None, progress=None):
        asked.update(worlds)
        for done in range(len(seeds)):
            if progress is not None:
                progress(done + 1, len(seeds))
        return {
            world: {name: np.full(len(seeds), value, dtype=np.float64) for name, value in of.items()}
            for world, of in numbers.items()
            if world in worlds
        }

    monkeypatch.setattr(module, "by_world", by_world)
    return asked


def values(estimates):
    return {name: estimate.value for name, estimate in estimates.items()}
