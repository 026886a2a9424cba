"""Inverse-variance weights at one given tau²: the plug-in reading of the random-effects model.

In this room studies lie along the last axis: `y` and `v` are (k,) for one analysis, (..., k) for
many of the same size at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, ModelError
from bayes_ps.effects import Effects


@dataclass(frozen=True, eq=False)
class Pooled:
    """What inverse-variance weights make of the studies, for each of the tau² that were given.

    Parameters
    ----------
    mu, se : (...) pooled effect and its Wald standard error, 1/√Σw.
    weights : (..., k) w = 1/(v + tau²).
    residuals : (..., k) y − mu, from differences of y, so that a large mean costs no digit.
    q : (...) generalised Q = Σ w (y − mu)².
    """

    mu: Any
    se: Any
    weights: Array
    residuals: Array
    q: Any

    @property
    def k(self) -> int:
        """Number of studies."""
        return self.weights.shape[-1]


def pool(y: Array, v: Array, tau2: npt.ArrayLike) -> Pooled:
    """Weights, mean and residuals of `y` with variances `v`, (..., k), at `tau2` (...)."""
    at = np.asarray(tau2, dtype=float)
    if y.ndim == 1 and at.ndim == 0:
        return _pool_once(y, v, float(at))
    weights = 1 / (v + at[..., np.newaxis])
    total = np.add.reduce(weights, -1)
    origin = np.take_along_axis(y, v.argmin(-1)[..., np.newaxis], -1)
    offset = y - origin
    shift = np.vecdot(weights, offset) / total
    residuals = offset - shift[..., np.newaxis]
    q = np.vecdot(weights * residuals, residuals)
    return Pooled(origin[..., 0] + shift, total**-0.5, weights, residuals, q)


def _pool_once(y: Array, v: Array, tau2: float) -> Pooled:
    """One analysis at one tau²: plain floats are several times faster than arrays of one number."""
    weights = 1 / (v + tau2)
    total = float(np.add.reduce(weights))
    origin = float(y[v.argmin()])
    offset = y - origin
    shift = float(weights.dot(offset)) / total
    residuals = offset - shift
    q = float((weights * residuals).dot(residuals))
    return Pooled(origin + shift, total**-0.5, weights, residuals, q)


def pair_sum(weights: Array) -> Array:
    """Σ_{i≠j} w_i w_j = (Σw)² − Σw², without the cancellation where one weight dwarfs the rest."""
    before = np.cumsum(weights, axis=-1)[..., :-1]
    return np.asarray(2 * np.vecdot(before, weights[..., 1:]))


def independent(effects: Effects) -> tuple[Array, Array]:
    """y and v = se² of effects whose studies share nobody."""
    if effects.V is not None:
        raise ModelError(
            "The baseline covers independent studies only for now, but these effects have a "
            "sampling covariance V (shared arms or participants). Keep one comparison of each "
            "trial: effects.drop(...), or fit a model that reads V."
        )
    return effects.y, effects.se * effects.se


def plug_in(effects: Effects, tau2: npt.ArrayLike) -> tuple[Any, Any]:
    r"""The pooled effect and its standard error if tau² were known to be `tau2`.

    Parameters
    ----------
    effects : Effects of independent studies.
    tau2 : between-study variance, >= 0, in `unit`² of the effects; a number or an array, as for
        the trace of mu over tau.

    Returns
    -------
    mu, se : each of the shape of `tau2`, in the unit of the effects.

    Raises
    ------
    ModelError
        For a `tau2` that is negative or not finite, and for effects with a covariance `V`.

    Notes
    -----
    .. math:: w_i = 1/(se_i^2 + \tau^2), \quad \mu = \sum w_i y_i / \sum w_i,
              \quad se = 1/\sqrt{\sum w_i}

    At tau² = 0 this is the common effect, at tau² → ∞ the unweighted mean. It is also the posterior
    of mu given tau under a flat prior: mean `mu`, standard deviation `se`.

    DerSimonian & Laird 1986, doi:10.1016/0197-2456(86)90046-2.
    Test: ``tests/golden/test_metafor_baseline.py``, BCG log RR at tau² 0.3088: −0.7141 (0.1787).
    """
    y, v = independent(effects)
    given = np.asarray(tau2, dtype=float)
    if not (np.isfinite(given).all() and (given >= 0).all()):
        raise ModelError(f"tau2 must be finite and >= 0, but is {given}. It is a variance: tau**2.")
    pooled = pool(y, v, given)
    return pooled.mu, pooled.se
