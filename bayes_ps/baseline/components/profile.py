"""Profile-likelihood intervals of variances: every other parameter maximised anew at each value."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri

from bayes_ps.baseline.components.likelihood import Problem
from bayes_ps.baseline.components.roots import Roots
from bayes_ps.baseline.components.search import Maximum, highest, polished
from bayes_ps.baseline.interval import Interval
from bayes_ps.checks import Array

METHOD = "profile likelihood"
FURTHEST = 1e8  # times the residual variance: beyond, the likelihood sets no upper limit
JITTER = 1e-3  # of the residual variance, so that a component at 0 can leave it


def profile_interval(
    problem: Problem, best: Maximum, place: tuple[int, int], level: float
) -> Interval:
    r"""Interval of the variance in row `place[1]` of component `place[0]`.

    .. math:: \{ \sigma^2 : 2 [\ell(\hat\sigma^2) - \ell_p(\sigma^2)] \le \chi^2_1(level) \}

    An end at which the likelihood has not fallen that far is 0, or inf.

    Hardy & Thompson 1996, Stat Med 15:619.
    Test: ``tests/golden/test_metafor_multilevel.py``, Konstantopoulos 0.0222 to 0.2072 (REML).
    """
    drop = float(chdtri(1, 1 - level)) / 2
    component, row = place
    estimate = float(best.matrices[component][row, row])

    def above(value: float) -> float:
        return _profiled(problem, best, place, value) - best.at.value + drop

    lower = 0.0
    if estimate > 0 and above(0.0) < 0:
        lower = _root(above, 0.0, estimate)
    inside = estimate
    outside = max(4 * estimate, problem.scale)
    while above(outside) > 0:
        inside, outside = outside, 4 * outside
        if outside > FURTHEST * problem.scale:
            return Interval(lower, np.inf, np.inf, level, METHOD)
    return Interval(lower, _root(above, inside, outside), np.inf, level, METHOD)


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(brentq(function, low, high, xtol=1e-300, rtol=1e-11))


def _profiled(problem: Problem, best: Maximum, place: tuple[int, int], value: float) -> float:
    """The highest log-likelihood with one variance held at `value`."""
    none = [0 * G for G in best.matrices]
    large = [problem.scale * np.eye(G.shape[0]) for G in best.matrices]
    begin = [_held(problem, matrices, place, value) for matrices in (best.matrices, none, large)]
    roots = polished(problem, highest(problem, begin))
    return problem.at(roots.matrices).value


def _held(
    problem: Problem, matrices: Sequence[Array], place: tuple[int, int], value: float
) -> Roots:
    """Roots from `matrices` on: one row of one L is held, so that its variance is `value`."""
    L, free = [], []
    for c, G in enumerate(matrices):
        q = G.shape[0]
        jittered = G + JITTER * problem.scale * np.eye(q)
        movable = np.ones((q, q), dtype=bool)
        if c != place[0]:
            L.append(np.linalg.cholesky(jittered))
        else:
            order = [place[1], *(row for row in range(q) if row != place[1])]
            factor = np.empty((q, q))
            factor[order] = np.linalg.cholesky(jittered[np.ix_(order, order)])
            factor[place[1]] = np.sqrt(value) * (np.arange(q) == 0)
            movable[place[1]] = False
            L.append(factor)
        free.append(movable)
    return Roots(tuple(L), tuple(free))
