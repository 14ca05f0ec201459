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
# # 02 The life of one person, and of one network
#
# Every person in the model is an agent, one to one, and every step of their life line can be written down. The lives
# shown here are made up by the model: nobody of this name or fate exists, and none says anything about a real person.
#
# The people in these counts are people, many of them in flight, and some die on the way. What follows is the output
# of a model and its assumptions: not a forecast, not for operational use, and no ground for a decision about any one
# person.

# %%
import crossings as cx
from crossings.views.sheet import Made, calendar, drawn, grid, look, thousands

scenario = cx.Scenario.load("one-in-one-out").with_(start="2025-09-01", end="2025-12-31")
result = cx.run(scenario, seed=1, events=True)
steps = result.events()
f"{len(steps):,} steps of {steps['person'].nunique():,} people, warm-up included"

# %% [markdown]
# Somebody who was stopped or turned back several times, arrived, and was returned: from the first of them, every step.

# %%
people = result.people()
tried = people[(people["returns"] > 0) & (people["attempts"] >= 3)]
one = tried.index[0]
steps[steps["person"] == one][["time", "from", "to", "place"]].reset_index(drop=True)

# %%
people.loc[one, ["group", "adult", "ties", "attempts", "stops", "arrivals", "returns", "state", "belief_stop", "belief_return"]]

# %% [markdown]
# How often people had to try. Most who arrive do so after a few attempts: being stopped delays people more than it
# turns them away.

# %%
arrived = people[people["arrivals"] > 0]
arrived["attempts"].clip(upper=6).value_counts(normalize=True).sort_index().round(3)

# %% [markdown]
# ## What one person would weigh
#
# The same world as a Mesa model, stopped on a day. `explain` shows what somebody near the coast would weigh now: every
# option, its utility and its chance.

# %%
import pandas as pd

from crossings.population import Migrant

model = cx.CrossingsModel(setting=scenario, seed=1)
while model.steps < 250:
    model.step()
waiting = model.agents.select(agent_type=Migrant).select(lambda person: person.state == "camp")
somebody = next(iter(waiting))
options = pd.DataFrame(model.explain(somebody)).T
print(somebody.nationality, "at", somebody.place)
options

# %% [markdown]
# ## One network
#
# A smuggling network prices, orders boats, loads and launches, learns, and may be broken up. Week by week, what each
# asks for a place and how many boats it has near the coast; drawn is the one that lasted longest.

# %%
from crossings.smuggling import SmugglingNetwork

model = cx.CrossingsModel(setting=scenario, seed=1)
rows = []
while model.running:
    model.step()
    if model.steps % 7 == 0:
        for network in model.agents_by_type[SmugglingNetwork]:
            day = model.clock.date(model.steps - 1)
            rows.append({"day": day, "name": network.name, "price": network.price, "boats": network.boats})
networks = pd.DataFrame(rows)
weeks = networks.groupby("name").size()
print(len(weeks), "networks were at work at some time;", (weeks == weeks.max()).sum(), "of them all the time")
name = weeks.idxmax()
history = networks[networks["name"] == name].set_index("day")

# %%
made = Made((scenario.name,), (1,), result.provenance.origin)
said = "The price it asks and the boats it has, every seventh day, in this one run."
with drawn(f"Network {name}", said, made, 3.4) as figure:
    price, boats = grid(figure, 2)
    price.plot(history.index, history["price"], color=look(0)[0])
    price.set_title("Price of a place, pounds", loc="left", pad=3)
    boats.step(history.index, history["boats"], color=look(1)[0], where="post")
    boats.set_title("Boats near the coast", loc="left", pad=3)
    for axes in (price, boats):
        axes.set_ylim(bottom=0)
        thousands(axes)
    calendar(boats, history.index)
figure
