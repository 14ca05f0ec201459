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
# # 03 How many returns would it take?
#
# Under "one in, one out" somebody who arrives by small boat may be returned to France, and for each of them one person
# is admitted who did not cross. How many returns a week would it take to change how many people cross?
#
# The people in these counts are people, many of them in flight, and some die on the way. What follows is the output
# of a model and its assumptions: not a forecast, not for operational use, and no ground for a decision about any one
# person.
#
# Runs are paired: the same seed under every dose, so that what differs is what the dose changed. Few seeds and a short
# season keep this notebook quick; the intervals show what that costs.

# %%
import pandas as pd

import crossings as cx
from crossings.views import cost, dose, effects
from crossings.views.sheet import Made

DATES = {"start": "2025-07-01", "end": "2026-03-31"}
DOSES = (50, 200, 600)
base = cx.Scenario.load("no-policy").with_(**DATES)
pilot = cx.Scenario.load("one-in-one-out").with_(**DATES)
doses = [
    pilot.with_(**{"name": f"{n} a week", "policies.returns.quota_per_week": n, "policies.returns.beds": n / 50,
                   "policies.returns.caseworkers": n / 50})
    for n in DOSES
]
comparison = cx.compare(base, *doses, seeds=4, processes=1)
comparison

# %% [markdown]
# Beds and caseworkers grow with the dose here; otherwise the queue for detention, not the agreement, would set how many
# are returned. That is an assumption about what a state can build, and the next table shows what was really carried
# out.

# %%
comparison.table()["difference"].unstack("outcome")[["arrivals", "returned", "admitted", "deaths", "cost_gbp"]].round(0)

# %%
effects.draw(comparison)

# %%
found = comparison.effects().xs("arrivals", level="counted")
table = pd.DataFrame(
    [{"dose": 0, "effect": 0.0, "low": 0.0, "high": 0.0}]
    + [
        {"dose": n} | {key: found.loc[f"{n} a week", key] for key in ("effect", "low", "high")}
        for n in DOSES
    ]
)
dose.draw(table, Made.by(comparison), dose="returns a week that are aimed at")

# %% [markdown]
# ## What does it cost, and what comes with it?
#
# Returned people are people whose journey is not over; many try again. Cost stands against effect, deaths beside the
# names.

# %%
cost.draw(comparison)

# %% [markdown]
# ## What this does not say
#
# The intervals show chance only. How strongly people react to a chance of return rests on assumed parameters
# (`crossings params assumed`), and a few of them can move these curves by more than the intervals are wide. The season
# is short, so people who would have come later are not in it. Before a number like this is used, sweep those
# parameters: notebook 06 shows how.
