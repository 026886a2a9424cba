"""Pooling 2 x 2 tables by their counts: Mantel-Haenszel for OR, RR, RD, and Peto's odds ratio."""

from bayes_ps.baseline.two_by_two.mantel_haenszel_pooling import mantel_haenszel
from bayes_ps.baseline.two_by_two.peto_pooling import peto
from bayes_ps.baseline.two_by_two.results import PooledCounts

__all__ = ["PooledCounts", "mantel_haenszel", "peto"]
