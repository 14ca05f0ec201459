"""Studies: many runs asked one question."""

from crossings.study.comparison import Comparison, compare
from crossings.study.runs import RunFailure

__all__ = ["Comparison", "RunFailure", "compare"]
