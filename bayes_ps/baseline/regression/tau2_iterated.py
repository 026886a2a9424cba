"""Iterated estimators of the residual tau², for any design matrix, each solved in a bracket."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.special import chdtri

from bayes_ps.baseline.generalised_q import root_between
from bayes_ps.baseline.regression.weighting import Studies

PER_DECADE = 24


def tau2_where_rss_is(target: float, studies: Studies) -> float:
    """The tau² at which yᵀPy is `target`; 0 if it is not above it at 0.

    yᵀPy falls with tau² and is at most SSE/tau², SSE that of ordinary least squares.

    Viechtbauer 2007, Stat Med 26:37, doi:10.1002/sim.2514.
    Test: ``tests/golden/test_metafor_regression.py``, Q-profile of BCG on latitude.
    """
    if studies.fixed.rss <= target:
        return 0.0
    beyond = 2 * studies.ordinary.rss / target
    return root_between(lambda tau2: studies.at(tau2).rss - target, 0.0, beyond)


def paule_mandel(studies: Studies) -> float:
    """PM and EB: yᵀPy at tau² equals its expectation k − p.

    Paule & Mandel 1982, doi:10.6028/jres.087.022; Berkey et al. 1995, doi:10.1002/sim.4780140406.
    Test: ``tests/golden/test_papers_regression.py``, Berkey 1995, 0.157 with latitude.
    """
    return tau2_where_rss_is(studies.df, studies)


def paule_mandel_median(studies: Studies) -> float:
    """PMM: yᵀPy at tau² equals the median of chi² with k − p df: median-unbiased.

    Viechtbauer 2021, Median-unbiased estimators for the amount of heterogeneity in meta-analysis,
    European Congress of Methodology.
    Test: ``tests/golden/test_metafor_regression.py``, the mean alone on thirteen data sets.
    """
    return tau2_where_rss_is(float(chdtri(studies.df, 0.5)), studies)


def maximum_likelihood(studies: Studies) -> float:
    """ML: its score in tau² is ½ (yᵀPPy − tr W)."""

    def score(tau2: float) -> float:
        at = studies.at(tau2)
        return (at.squares - float(at.weights.sum())) / 2

    def value(tau2: float) -> float:
        at = studies.at(tau2)
        return (float(np.log(at.weights).sum()) - at.rss) / 2

    return _highest_maximum(value, score, studies)


def restricted_maximum_likelihood(studies: Studies) -> float:
    """REML: its score in tau² is ½ (yᵀPPy − tr P)."""

    def score(tau2: float) -> float:
        at = studies.at(tau2)
        return (at.squares - at.trace()) / 2

    def value(tau2: float) -> float:
        at = studies.at(tau2)
        return (float(np.log(at.weights).sum()) - at.fit.log_det - at.rss) / 2

    return _highest_maximum(value, score, studies)


def _highest_maximum(
    value: Callable[[float], float], score: Callable[[float], float], studies: Studies
) -> float:
    """Bracket each fall of the score through 0, solve it, keep the highest; 0 is one if it falls.

    yᵀPPy ≤ SSE/t² and tr P ≥ (k − p)/(max v + t), so that neither score is positive where
    (k − p) t² > SSE (max v + t).
    """
    sse, df = studies.ordinary.rss, studies.df
    largest = float(studies.v.max())
    beyond = (sse + math.sqrt(sse**2 + 4 * df * sse * largest)) / df
    if beyond <= 1e-14 * float(studies.v.min()):
        return 0.0
    first = min(float(studies.v.min()), beyond) / 1000
    count = math.ceil(PER_DECADE * math.log10(beyond / first)) + 1
    grid = [0.0, *np.geomspace(first, beyond, count)]
    rising = [score(tau2) > 0 for tau2 in grid]
    maxima = [] if rising[0] else [0.0]
    for cell in range(len(grid) - 1):
        if rising[cell] and not rising[cell + 1]:
            maxima.append(root_between(score, float(grid[cell]), float(grid[cell + 1])))
    return max(maxima, key=value)
