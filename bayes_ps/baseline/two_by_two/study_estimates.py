"""The estimate and the variance of each 2 x 2 table, as they enter Q and random effects."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from bayes_ps.baseline.two_by_two.counts import Counts
from bayes_ps.checks import Array


def log_odds_ratio(counts: Counts) -> tuple[Array, Array]:
    """log(ad/bc), 1/a + 1/b + 1/c + 1/d."""
    a, b, c, d = counts.a, counts.b, counts.c, counts.d
    return np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d


def log_risk_ratio(counts: Counts) -> tuple[Array, Array]:
    """log of the ratio of risks, 1/a − 1/n_t + 1/c − 1/n_c."""
    a, c, n_t, n_c = counts.a, counts.c, counts.n_t, counts.n_c
    return np.log(a / n_t) - np.log(c / n_c), 1 / a - 1 / n_t + 1 / c - 1 / n_c


def risk_difference(counts: Counts) -> tuple[Array, Array]:
    """a/n_t − c/n_c, ab/n_t³ + cd/n_c³."""
    n_t, n_c = counts.n_t, counts.n_c
    variance = counts.a * counts.b / n_t**3 + counts.c * counts.d / n_c**3
    return counts.a / n_t - counts.c / n_c, variance


ESTIMATES: dict[str, Callable[[Counts], tuple[Array, Array]]] = {
    "OR": log_odds_ratio,
    "RR": log_risk_ratio,
    "RD": risk_difference,
}
