"""The generalised Q statistic and the tau² at which it takes a given value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from bayes_ps.baseline.quadratic_form import ordered
from bayes_ps.checks import Array

DOUBLE = np.finfo(float)
LAST_STEP = 1e-9


def root_between(function: Callable[[float], float], low: float, high: float) -> float:
    """The root of `function` in a bracket where its sign changes, to the last digits of a double.

    An end that is the root up to rounding, so that both ends have one sign, is returned itself.
    """
    at_low, at_high = function(low), function(high)
    if (at_low > 0) == (at_high > 0):
        return low if abs(at_low) < abs(at_high) else high
    return float(brentq(function, low, high, xtol=DOUBLE.tiny, rtol=4 * DOUBLE.eps, maxiter=2000))


def tau2_where_q_is(target: npt.ArrayLike, y: Array, v: Array) -> Array:
    r"""The tau² at which Q(tau²) = Σ (y − mu)²/(v + tau²) is `target`; 0 if Q(0) is not above it.

    Parameters
    ----------
    target : value of Q, > 0, of a shape that fits (...).
    y, v : (..., k) estimates and variances.

    Notes
    -----
    Q(t) = Σ_j z_j²/(d_j + t) for the k − 1 contrasts z_j of the studies, so 1/Q rises and is
    concave (Cauchy-Schwarz): Newton's steps on 1/Q = 1/target climb from t = 0 to the root and
    never pass it, whatever the data. The last step is below 1e-9 of min v + t, and the error its
    square.

    Viechtbauer 2007, Stat Med 26:37, doi:10.1002/sim.2514.
    Tests: ``tests/unit/test_baseline_numbers.py`` (50 digits), ``tests/golden/
    test_metafor_baseline.py`` (Q-profile of BCG, 0.1197 to 1.1115).
    """
    goal = np.asarray(target, dtype=float)
    y, v = ordered(y, v)
    smallest = v[..., 0]
    t = np.zeros(np.broadcast_shapes(goal.shape, smallest.shape))
    climbing = np.ones(t.shape, dtype=bool)
    while climbing.any():
        w = 1 / (v + t[..., np.newaxis])
        residuals = y - (np.vecdot(w, y) / np.add.reduce(w, -1))[..., np.newaxis]
        a = w * residuals
        q, fall = np.vecdot(a, residuals), np.vecdot(a, a)
        climbing &= q > goal
        step = np.where(climbing, (q / goal - 1) * q / np.where(climbing, fall, 1), 0)
        t = t + step
        climbing &= step > LAST_STEP * (smallest + t)
    return t
