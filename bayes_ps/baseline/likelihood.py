"""Likelihood estimators of tau²: the highest of all local maxima, each found in a bracket."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.generalised_q import root_between
from bayes_ps.baseline.weighting import pair_sum, pool
from bayes_ps.checks import Array

PER_DECADE = 24
OfTau2 = Callable[[npt.ArrayLike], Array]


def maximum_likelihood(y: Array, v: Array) -> float:
    r"""ML: the tau² that maximises the likelihood of mu and tau² together; `y`, `v` are (k,).

    .. math:: \ell(\tau^2) = -\tfrac12 \sum \left[\log(v_i + \tau^2) + w_i (y_i - \mu)^2\right]

    Too small on average, because estimating mu costs it a degree of freedom.

    Hardy & Thompson 1996, Stat Med 15:619; Viechtbauer 2005, J Educ Behav Stat 30:261,
    doi:10.3102/10769986030003261.
    Test: ``tests/golden/test_papers_baseline.py``, BCG log OR 0.3025 (van Houwelingen 2002).
    """

    def log_likelihood(tau2: npt.ArrayLike) -> Array:
        pooled = pool(y, v, tau2)
        return np.asarray(np.log(pooled.weights).sum(axis=-1) - pooled.q) / 2

    def score(tau2: npt.ArrayLike) -> Array:
        pooled = pool(y, v, tau2)
        squares = (pooled.weights * pooled.residuals) ** 2
        return np.asarray(squares.sum(axis=-1) - pooled.weights.sum(axis=-1)) / 2

    return _highest_maximum(log_likelihood, score, y, v)


def restricted_maximum_likelihood(y: Array, v: Array) -> float:
    r"""REML: the tau² that maximises the likelihood of the contrasts of `y`; `y`, `v` are (k,).

    .. math:: \ell_R(\tau^2) = \ell(\tau^2) - \tfrac12 \log \sum w_i

    The recommended default: close to unbiased. It is also the posterior mode of tau² under flat
    priors on mu and tau².

    Viechtbauer 2005, J Educ Behav Stat 30:261, doi:10.3102/10769986030003261.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.3132.
    """

    def log_likelihood(tau2: npt.ArrayLike) -> Array:
        pooled = pool(y, v, tau2)
        logs = np.log(pooled.weights).sum(axis=-1) - np.log(pooled.weights.sum(axis=-1))
        return np.asarray(logs - pooled.q) / 2

    def score(tau2: npt.ArrayLike) -> Array:
        pooled = pool(y, v, tau2)
        squares = (pooled.weights * pooled.residuals) ** 2
        trace = pair_sum(pooled.weights) / pooled.weights.sum(axis=-1)
        return np.asarray(squares.sum(axis=-1) - trace) / 2

    return _highest_maximum(log_likelihood, score, y, v)


def _highest_maximum(log_likelihood: OfTau2, score: OfTau2, y: Array, v: Array) -> float:
    """Bracket each fall of the score through 0, solve it, keep the highest; 0 is one if it falls.

    Beyond tau² = (max y − min y)² every term of either score is negative: nothing lies further out.
    """
    beyond = 2 * float(np.ptp(y)) ** 2
    if beyond == 0:
        return 0.0
    grid = _grid(float(v.min()), beyond)
    rising = score(grid) > 0
    maxima = [] if rising[0] else [0.0]
    for cell in np.flatnonzero(rising[:-1] & ~rising[1:]):
        low, high = float(grid[cell]), float(grid[cell + 1])
        maxima.append(root_between(lambda tau2: float(score(tau2)), low, high))
    return maxima[int(np.argmax(log_likelihood(maxima)))]


def _grid(smallest_v: float, beyond: float) -> Array:
    """0 and then evenly in log tau²: below a thousandth of the smallest v the score is a line."""
    first = min(smallest_v, beyond) / 1000
    count = int(np.ceil(PER_DECADE * np.log10(beyond / first))) + 1
    return np.concatenate([[0.0], np.geomspace(first, beyond, count)])
