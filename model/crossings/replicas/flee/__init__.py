"""Flee: where people go who flee from armed conflict, day by day over a network of roads.

A model of forced displacement by D. Suleimenova, D. Bell and D. Groen, built anew from its published
description. People enter at places of conflict as fast as the registered numbers rise, leave each place with
a daily chance that depends on its kind, choose where to go by attraction over distance, and are counted in
camps, where the counts of UNHCR are compared with the model's.

``read(folder)`` of `crossings.replicas.flee.reading` takes any case in the program's file layout; `FleeModel`
of `crossings.replicas.flee.model` runs it, and `crossings.replicas.flee.comparing` says how far it is off.

References
----------
.. [1] D. Suleimenova, D. Bell, D. Groen, "A generalized simulation development approach for predicting
   refugee destinations", Scientific Reports 7 (2017) 13377, doi:10.1038/s41598-017-13828-9.
"""
