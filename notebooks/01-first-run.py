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
# # 01 A first run
#
# A scenario and a seed give one world; this notebook runs one and looks at what comes out.
#
# The people in these counts are people, many of them in flight, and some die on the way. What follows is the output
# of a model and its assumptions: not a forecast, not for operational use, and no ground for a decision about any one
# person.

# %%
import crossings as cx

scenario = cx.Scenario.load("one-in-one-out")
print(scenario.title)
print(scenario.description)

# %% [markdown]
# `cx.run` lives through half a year of warm-up, so that there are people, boats and beliefs on the first day, and then
# through the season. It takes a few seconds. The same seed always gives the same result, and the digest says so.

# %%
result = cx.run(scenario, seed=1)
result

# %% [markdown]
# Headline totals. Deaths stand beside arrivals, here and everywhere.

# %%
result.summary()

# %% [markdown]
# A table with a row for each date and a column for each outcome; and by nationality, place, country or account.

# %%
result.daily[["arrivals", "boats", "attempts", "deaths", "returned", "waiting", "price"]].tail()

# %%
arrivals = result.by[result.by["outcome"] == "arrivals"]
arrivals.groupby("key", observed=True)["value"].sum().sort_values(ascending=False).astype(int)

# %% [markdown]
# Week by week. One run has no band: it is one draw of luck.

# %%
result.plot()

# %% [markdown]
# What becomes of the trade meanwhile: what a place on a boat costs, how full boats are, how many networks can launch.

# %%
from crossings.views import burden, trade

trade.draw(result)

# %% [markdown]
# And where people stand when the season ends: in the UK, in France, and in countries that a count of arrivals leaves
# out.

# %%
burden.draw(result)

# %% [markdown]
# One run says how things go together. It says nothing about what the policy does: for that, two scenarios have to be
# run under the same luck, which is notebook 03.
