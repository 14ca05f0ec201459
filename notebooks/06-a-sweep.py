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
# # 06 A sweep, and what the answer hangs on
#
# Most parameters are assumed. A sweep runs the model over a design of values and keeps every run in a folder; Morris'
# elementary effects then say which parameters move an outcome most.
#
# The people in these counts are people, many of them in flight, and some die on the way. What follows is the output
# of a model and its assumptions: not a forecast, not for operational use, and no ground for a decision about any one
# person.

# %%
import tempfile
from pathlib import Path

import crossings as cx
from crossings.scenario import parameters

place = Path(tempfile.mkdtemp())
base = cx.Scenario.load("one-in-one-out").with_(start="2025-08-01", end="2025-11-30")

# %% [markdown]
# ## Dose and response
#
# Two quotas and none, under the same seeds.

# %%
doses = cx.Sweep(
    base,
    {"policies.returns.quota_per_week": [0.0, 50.0, 200.0]},
    replications=3,
    name="doses",
    title="Returns a week and what follows",
    out=place / "doses",
)
doses.run(processes=1)

# %%
from crossings.views import dose

dose.of_sweep(doses, "policies.returns.quota_per_week", 0.0, told="returns a week that are aimed at")

# %% [markdown]
# ## Which assumptions matter?
#
# Four assumed parameters over their plausible ranges. Few trajectories and one seed keep this quick; a study takes more
# of both (`crossings sweep`, `crossings sensitivity`).

# %%
names = ["beliefs.homophily", "beliefs.news_weight", "smuggling.turnover.hurdle", "inflow.scale"]
described = {row.path: row for row in parameters() if row.path in names}
axes = {name: (described[name].low, described[name].high) for name in names}
axes

# %%
morris = cx.Sweep(base, axes, design="morris", samples=3, name="morris", out=place / "morris")
morris.run(processes=1)
sensitivity = morris.sensitivity("arrivals")
sensitivity.table.round(1)

# %%
sensitivity.plot()

# %% [markdown]
# `mu_star` is the mean size of what crossing a parameter's whole range does to arrivals. With three trajectories the
# order is a hint, not a finding. And it is sensitivity of *arrivals*: what the effect of a policy hangs on is another
# question, asked by sweeping the same parameters with and without the policy.
