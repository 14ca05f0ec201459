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
# # 07 Calibration, and what the model cannot say
#
# The behaviour of people and networks was fitted to what was observed in 2021–24. This notebook reads what came of
# that, and asks of each result what it is worth. The people in these counts are people, and some die on the way; what
# follows is the output of a model, no ground for a decision about any one person. Nothing long is run here: `crossings calibrate`, `crossings validate`
# and `crossings forecast` made what is read, and `model/VALIDATION.md` says how many runs of each there really were.

# %%
import numpy as np
import pandas as pd

import crossings as cx
from crossings.corridors.observed import observed
from crossings.study.recorded import load_forecast, load_validation

posterior = cx.Posterior.load()
posterior

# %% [markdown]
# ## What was known beforehand
#
# Counts by month, and patterns with their sources. They end on 31 July 2025, on purpose.

# %%
seen = observed("channel")
pd.Series(seen.yearly_people(), name="people"), seen.series("prevented_share")

# %% [markdown]
# ## What was learnt, and what was not
#
# Each parameter began with an even prior over its plausible range. Where the blue histogram is as wide as the grey
# band, the years 2021–24 said nothing about it, and every result that rests on it rests on the prior.

# %%
from crossings.views import calibration

calibration.draw(posterior)

# %%
learnt = pd.DataFrame(posterior.about["parameters"]).set_index("key")
learnt[["prior_low", "prior_high", "q05", "q50", "q95", "narrower", "moved"]]

# %% [markdown]
# Two parameters that trade off are known only together: one may be moved far if the other follows.

# %%
pd.DataFrame(posterior.about["trade_offs"])

# %% [markdown]
# ## Observed against simulated
#
# Thick bars are chance alone: one set of parameters under several seeds. Thin bars are chance and parameters. A pattern
# that is *fitted* and met shows that the model can be made to agree; only *seen, not fitted* and *policy* are tests.

# %%
from crossings.views import validation

kept = load_validation()
validation.draw(kept)

# %%
verdicts = pd.DataFrame([each.as_dict() for each in kept.verdicts])
verdicts.groupby("label")["met"].agg(["sum", "size"])

# %% [markdown]
# What fails, and by how much:

# %%
verdicts.assign(missed_by=[each.missed_by for each in kept.verdicts]).query("not met")[
    ["pattern", "period", "label", "observed", "median", "least", "most", "missed_by"]
]

# %% [markdown]
# ## An effect with what is not known about behaviour
#
# A comparison at the defaults has an interval of chance alone. The same pair of scenarios at draws of the posterior
# shows what the parameters add. Few draws and a short window here, so that the notebook is quick; the command is
# `crossings compare no-policy one-in-one-out --posterior 40`.

# %%
from crossings.study.over_posterior import over_posterior

short = {"start": "2025-08-06", "end": "2025-10-31", "warmup_days": 60}
scenarios = [cx.Scenario.load(name).with_(**short) for name in ("no-policy", "one-in-one-out")]
compared = cx.compare(*scenarios, seeds=3, processes=1)
found = over_posterior(scenarios, compared, draws=3, processes=1)
found.as_dict()["effects"]

# %% [markdown]
# ## On record
#
# A forecast that was written down before the months it is about were known to whoever made it. Dotted lines are chance
# alone; bands are chance, parameters, and the walk of demand, which is nearly all of their width.

# %%
from crossings.views import forecast

ahead = load_forecast()
forecast.draw(ahead)

# %%
scores = pd.DataFrame([each.as_dict() for each in ahead.scores])
scores[["by", "forecaster", "crps", "log_score", "covered_50", "covered_90", "saw_the_future"]]

# %% [markdown]
# The row of the model saw the future: its behaviour was fitted on the years that it forecasts here. Whatever it says, it
# counts for no win.

# %% [markdown]
# ## What the model cannot say
#
# How many would stay away if half of those who arrive were returned? Of the returns that were ever made, the answer is
# known near nothing and near everything, and not between. The draws below are all as good as each other by every
# pattern above, and they differ in what decides that question.

# %%
undecided = [key for key in ("beliefs.credibility", "choices.rationality", "journeys.route_rationality") if key in learnt.index]
spread = posterior.values[undecided].quantile([0.05, 0.5, 0.95])
spread

# %%
ratio = spread.loc[0.95] / spread.loc[0.05]
{key: round(float(value), 1) for key, value in ratio.items()}

# %% [markdown]
# Nor can it say how many people will arrive: the log of a year's demand has moved by some .45 from one year to the next
# for reasons that are not in the model, and half of all years lie outside a third of their forecast by that alone:

# %%
step = ahead.about["step"]
[round(float(np.exp(sign * 0.674 * step)), 2) for sign in (-1, 1)]

# %% [markdown]
# And it cannot say whether a policy is right. People die on this crossing; a count of arrivals is not a count of harm.
