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
# # 08 Reproducing a published experiment
#
# An experiment on the shelf has published numbers, written down apart from the run that is to give them. This one asks:
# if everyone who is caught at a border is returned and tries again, do counts of apprehensions say what the chance of
# being caught is?
#
# The people in these counts stand for people. What is tested here is arithmetic of repeated attempts, not anybody's
# journey.

# %%
from crossings.study import experiments, reproduction

print("on the shelf:", ", ".join(experiments.shipped("reproduction")))
print((experiments.folder("repeated-trials") / "README.md").read_text())

# %% [markdown]
# Run it at a fifth of its size, and judge it by what was published.

# %%
import pandas as pd

judgement = reproduction.reproduce("repeated-trials", scale=0.2, processes=1)
table = pd.DataFrame([verdict.as_dict() for verdict in judgement.verdicts]).set_index("quantity")
table[["published", "obtained", "low", "high", "tolerance", "ok"]].round(4)

# %%
from crossings.views.reproduced import draw

draw(judgement)

# %% [markdown]
# A fifth of the people gives wider intervals; `crossings reproduce repeated-trials` runs it whole.
