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
# # 05 A corridor of your own
#
# The data of a place is a folder of small tables: places, legs, groups, demand, networks, and where every number comes
# from. To begin, copy the one that comes with the package and change what differs.
#
# The people in these counts are people, many of them in flight, and some die on the way. What follows is the output
# of a model and its assumptions: not a forecast, not for operational use, and no ground for a decision about any one
# person.

# %%
import shutil
import tempfile
from pathlib import Path

import pandas as pd

import crossings as cx
from crossings import corridors

shipped = Path(corridors.__file__).parent / "channel"
mine = Path(tempfile.mkdtemp()) / "narrower-channel"
shutil.copytree(shipped, mine)
sorted(path.name for path in mine.iterdir())

# %% [markdown]
# What is in it. A leg over the water begins at a launch site and ends at a landing; sites say which camp uses them.

# %%
pd.read_csv(mine / "sites.csv")

# %% [markdown]
# Suppose that nobody launched from one stretch of coast, for whatever reason: its legs and its row leave the tables, and
# the teams that patrolled it are shared among the others.

# %%
def without(file: str, column: str, name: str) -> None:
    table = pd.read_csv(mine / file)
    table[table[column] != name].to_csv(mine / file, index=False)


for file, column in (("sites.csv", "name"), ("legs.csv", "start"), ("legs.csv", "end"), ("places.csv", "name"), ("paths.csv", "start"), ("paths.csv", "end")):
    without(file, column, "Somme")
teams = pd.read_csv(mine / "sites.csv")
teams["teams"] = (teams["teams"] / teams["teams"].sum()).round(4)
teams.loc[0, "teams"] += 1 - teams["teams"].sum()
teams.to_csv(mine / "sites.csv", index=False)
corridor = corridors.load(mine)
[site.name for site in corridor.sites]

# %% [markdown]
# Mistakes are refused in one line with file, line and what was expected:

# %%
broken = mine.parent / "broken"
shutil.copytree(mine, broken)
text = (broken / "legs.csv").read_text().replace("Calais,Dover,lorry", "Calais,Doover,lorry")
(broken / "legs.csv").write_text(text)
try:
    corridors.load(broken)
except cx.InputError as error:
    print(error)

# %% [markdown]
# A scenario names its corridor. The same seed under both: what a missing stretch of coast changes.

# %%
season = cx.Scenario.load("no-policy").with_(start="2025-06-01", end="2025-09-30")
other = season.with_(corridor=str(mine), name="without the Somme")
comparison = cx.compare(season, other, seeds=3, processes=1)
comparison.table().loc["without the Somme", ["base", "policy", "difference", "low", "high"]].round(1)

# %% [markdown]
# The map of the new corridor, drawn with life lines. The coastline is a file of the corridor (`coastline.geojson`); for
# another sea, `python -m crossings.corridors.clip` clips it once from Natural Earth.

# %%
from crossings.views import map as maps

run = cx.run(other, seed=1, events=True)
maps.draw(run)
