"""Routes and Rumours: people who know little of the way, and tell each other.

A model of route formation in continuous time by M. Hinsch and J. Bijak, built anew from its published
description. People enter a world of cities and links of which they know little, explore, meet, talk,
plan on what they believe, and travel; some die on the way, most reach an exit. A belief is a value and the
trust in it. It is a second Mesa model on this project's clock, random streams and graphs.

References
----------
.. [1] M. Hinsch, J. Bijak, "Rumours lead to self-organized migration routes", ALIFE (2019).
.. [2] J. Bijak (ed.), "Towards Bayesian Model-Based Demography", Springer (2022),
   doi:10.1007/978-3-030-83039-7, chapters 3, 8 and 9.
.. [3] M. Hinsch, J. Bijak, "The effects of information on the formation of migration routes and the
   dynamics of migration", Artificial Life 29 (2023), doi:10.1162/artl_a_00388.
"""
