"""The generalised Q statistic and the tau² at which it takes a given value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

from bayes_ps.baseline.weighting import pool
from bayes_ps.checks import Array

DOUBLE = np.finfo(float)


def root_between(function: Callable[[float], float], low: float, high: float) -> float:
    """The root of `function` in a bracket where its sign changes, to the last digits of a double.

    An end that is the root up to rounding, so that both ends have one sign, is returned itself.
    """
    at_low, at_high = function(low), function(high)
    if (at_low > 0) == (at_high > 0):
        return low if abs(at_low) < abs(at_high) else high
    return float(brentq(function, low, high, xtol=DOUBLE.tiny, rtol=4 * DOUBLE.eps, maxiter=2000))


def tau2_where_q_is(target: float, y: Array, v: Array) -> float:
    r"""The tau² at which Q(tau²) = Σ (y − mu)²/(v + tau²) is `target`; 0 if Q(0) is not above it.

    Q falls strictly with tau², and Q(tau²) < Σ (y − ȳ)²/tau² bounds the root from above: the root
    is unique and its bracket is certain.

    Viechtbauer 2007, Stat Med 26:37, doi:10.1002/sim.2514.
    Test: ``tests/golden/test_metafor_baseline.py``, Q-profile of BCG, 0.1197 to 1.1115.
    """

    def excess(tau2: float) -> float:
        return float(pool(y, v, tau2).q) - target

    if excess(0.0) <= 0:
        return 0.0
    return root_between(excess, 0.0, 2 * float(((y - y.mean()) ** 2).sum()) / target)
