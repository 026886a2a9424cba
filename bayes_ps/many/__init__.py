"""Thousands of meta-analyses at once, or one in no time: the exact engine in compiled code."""

from bayes_ps.many.arrays import pool_array
from bayes_ps.many.calibration import pit_many
from bayes_ps.many.pooling import pool_many
from bayes_ps.many.summary import Described, Summary, summarise

__all__ = ["Described", "Summary", "pit_many", "pool_array", "pool_many", "summarise"]
