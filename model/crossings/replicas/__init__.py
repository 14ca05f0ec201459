"""Other people's models, on the clock, the streams and the resources of this one.

Each module is one published model, small enough to be checked against what is known of it exactly. The
Channel model uses none of them.
"""
