"""Likelihood estimators of tau²: the highest of all local maxima."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps.baseline.isolated_maxima import Likelihood, Slope, maxima
from bayes_ps.baseline.many_maxima import only_maxima
from bayes_ps.baseline.quadratic_form import ordered
from bayes_ps.baseline.weighting import pool
from bayes_ps.checks import Array


def maximum_likelihood(y: Array, v: Array) -> Any:
    r"""ML: the tau² that maximises the likelihood of mu and tau² together; `y`, `v` are (..., k).

    .. math:: \ell(\tau^2) = -\tfrac12 \sum \left[\log(v_i + \tau^2) + w_i (y_i - \mu)^2\right]

    Too small on average, because estimating mu costs it a degree of freedom.

    Hardy & Thompson 1996, Stat Med 15:619; Viechtbauer 2005, J Educ Behav Stat 30:261,
    doi:10.3102/10769986030003261.
    Test: ``tests/golden/test_papers_baseline.py``, BCG log OR 0.3025 (van Houwelingen 2002).
    """
    return _highest(y, v, restricted=False)


def restricted_maximum_likelihood(y: Array, v: Array) -> Any:
    r"""REML: the tau² that maximises the likelihood of the contrasts of `y`; `y`, `v` are (..., k).

    .. math:: \ell_R(\tau^2) = \ell(\tau^2) - \tfrac12 \log \sum w_i

    The recommended default: close to unbiased. It is also the posterior mode of tau² under flat
    priors on mu and tau².

    Viechtbauer 2005, J Educ Behav Stat 30:261, doi:10.3102/10769986030003261.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR 0.3132.
    """
    return _highest(y, v, restricted=True)


def log_likelihood(y: Array, v: Array, tau2: npt.ArrayLike, *, restricted: bool) -> Array:
    """The profile log-likelihood of tau² without its constant, (...); `y` and `v` are (..., k)."""
    pooled = pool(y, v, tau2)
    logs = np.add.reduce(np.log(pooled.weights), -1)
    if restricted:
        logs = logs - np.log(np.add.reduce(pooled.weights, -1))
    return np.asarray(logs - pooled.q) / 2


def local_maxima(y: Array, v: Array, *, restricted: bool) -> list[float]:
    """All local maxima of the likelihood of one analysis, 0 among them; `y` and `v` are (k,)."""
    y, v = ordered(y, v)
    slope = restricted_slope if restricted else full_slope

    first_v, other_v, other_y = float(v[0]), v[1:], y[1:]  # and y[0] is 0

    def excess(tau2: float) -> float:
        first, others = 1 / (first_v + tau2), 1 / (other_v + tau2)
        rest = float(np.add.reduce(others))
        total = first + rest
        mu = float(others.dot(other_y)) / total
        a = others * (other_y - mu)
        rise = float(a.dot(a)) + (first * mu) ** 2
        if not restricted:
            return total / rise - 1
        return (rest + rest * (first / total) - float(others.dot(others)) / total) / rise - 1

    # z² <= Σ (y − ȳ)² <= Σ y² for every contrast z, so Σ y² is beyond all maxima.
    ends = first_v, float(v[-1]), float(y.dot(y))
    return maxima(Likelihood(lambda tau2: slope(y, v, tau2), excess, *ends))


def full_slope(y: Array, v: Array, tau2: Array) -> Slope:
    """Of the likelihood: rise Σ(w (y − mu))², fall Σw; `y` and `v` (..., k), `tau2` (...)."""
    w = 1 / (v + tau2[..., np.newaxis])
    total = np.add.reduce(w, -1)
    return Slope(_squares(y, w, total), total)


def restricted_slope(y: Array, v: Array, tau2: Array) -> Slope:
    """Of the restricted likelihood: rise Σ(w (y − mu))², fall tr P = Σw − Σw²/Σw.

    With the most precise study first, see ``quadratic_form.ordered``: the trace is then written
    without the cancellation where its weight dwarfs the others.
    """
    w = 1 / (v + tau2[..., np.newaxis])
    first, others = w[..., 0], w[..., 1:]
    rest = np.add.reduce(others, -1)
    total = first + rest
    trace = rest + rest * (first / total) - np.vecdot(others, others) / total
    return Slope(_squares(y, w, total), trace)


def _squares(y: Array, w: Array, total: Array) -> Array:
    a = w * (y - (np.vecdot(w, y) / total)[..., np.newaxis])
    return np.vecdot(a, a)


def _highest(y: Array, v: Array, *, restricted: bool) -> Any:
    if y.ndim > 1:
        return _highest_of_many(y, v, restricted=restricted)
    found = local_maxima(y, v, restricted=restricted)
    if len(found) == 1:
        return found[0]
    return found[int(np.argmax(log_likelihood(y, v, found, restricted=restricted)))]


def _highest_of_many(y: Array, v: Array, *, restricted: bool) -> Array:
    """All at once; those whose likelihood may have two maxima, which are rare, one by one."""
    shape = y.shape[:-1]
    y, v = ordered(y.reshape(-1, y.shape[-1]), v.reshape(-1, y.shape[-1]))
    found = only_maxima(y, v, restricted=restricted)
    for i in np.flatnonzero(np.isnan(found)):
        found[i] = _highest(y[i], v[i], restricted=restricted)
    return found.reshape(shape)
