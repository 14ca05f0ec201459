# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 04 A policy of your own
#
# A policy has dates, a ramp and parameters, and reaches the world in three ways: it sets *levers* every noon, acts at
# named *moments*, and *announces* what may come to be believed.
#
# The people in these counts are people, many of them in flight, and some die on the way. What follows is the output
# of a model and its assumptions: not a forecast, not for operational use, and no ground for a decision about any one
# person.

# %%
import crossings as cx
from crossings.parameters import param


@cx.register
class WinterRescue(cx.Policy):
    """More rescue at sea from November to March, when a boat in trouble has the least time."""

    boats: float = param(1.5, "Multiple of the rescue capacity in winter", low=1.0, high=3.0, min_value=0.0)

    def at_levers(self, levers, world, day):
        """Multiply rescue on winter days."""
        if world.clock.date(day).month in (11, 12, 1, 2, 3):
            levers.rescue *= 1.0 + (self.boats - 1.0) * self.strength(world.clock, day)


# %% [markdown]
# Which levers there are, and what each does, stands in `model/ODD.md` (7.2), or here:

# %%
from dataclasses import fields

from crossings.hooks import MOMENTS, Levers

print("levers: ", ", ".join(each.name for each in fields(Levers)))
print("moments:", ", ".join(MOMENTS))

# %% [markdown]
# The policy is validated like those that come with the package: a misspelt parameter is refused in one line.

# %%
base = cx.Scenario.load("no-policy").with_(start="2025-10-01", end="2026-03-31")
try:
    base.replace("policies.rescue", {"kind": "WinterRescue", "boat": 2.0, "start": "2025-11-01"})
except cx.InputError as error:
    print(error)

# %%
winter = base.replace("policies.rescue", {"kind": "WinterRescue", "boats": 2.5, "start": "2025-11-01"})
winter = winter.with_(name="winter rescue")
comparison = cx.compare(base, winter, seeds=6, processes=1)
comparison.table().loc["winter rescue", ["base", "policy", "difference", "low", "high"]].round(1)

# %%
from crossings.views import effects

effects.draw(comparison)

# %% [markdown]
# Deaths are few and vary a lot from season to season, so six pairs leave a wide interval: an interval that contains
# zero is not a finding that nothing changed. Whether more rescue also draws more people is asked by the same runs, in
# the line of arrivals.
