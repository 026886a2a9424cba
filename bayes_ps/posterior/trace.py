"""What the model says given one tau: weights of the studies, and estimates as functions of tau."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact import whiten
from bayes_ps.hierarchy import INTERCEPT, GaussianHierarchy
from bayes_ps.posterior.exact_fit import ExactFit
from bayes_ps.posterior.fit import Fit


@dataclass(frozen=True, eq=False)
class TauTrace:
    """Conditional estimates at each tau (m,).

    Attributes
    ----------
    tau : (m,) values at which the rest holds.
    mu, mu_sd : (m,) mean effect given tau.
    theta : (m, k) true effect of each study given tau: all equal at tau = 0, y at tau = infinity.
    study : (k,) names.
    """

    tau: Array
    mu: Array
    mu_sd: Array
    theta: Array
    study: tuple[str, ...]


def tau_trace(fit: Fit, points: int = 200) -> TauTrace:
    """The conditional estimates from tau = 0 to the 99.5 % quantile of its posterior.

    Rubin 1981, doi:10.3102/10769986006004377, figure of the eight schools.
    """
    hierarchy = _intercept_only(fit)
    if not fit.has_tau:
        raise ModelError("A common-effect model has no tau to trace.")
    if hierarchy.within is not None:
        raise ModelError("With two variance components there is no single tau to trace.")
    tau = np.linspace(0, float(fit.marginal("tau").ppf(0.995)), points)
    whitened = whiten(hierarchy)
    with np.errstate(divide="ignore"):
        given = whitened.given(np.log(tau))
    theta, _ = whitened.theta(given)
    return TauTrace(
        tau, given.mean[:, 0], np.sqrt(given.covariance[:, 0, 0]), theta, hierarchy.study
    )


def study_weights(fit: Fit) -> Array:
    """(k,) posterior mean of the weight of each study in the mean effect, in per cent.

    What is missing to 100 is the weight of a proper prior of mu. Röver & Friede 2020, section 2.4,
    doi:10.18637/jss.v093.i06; the weights of Crins 2014 are in ``tests/golden/test_bayesmeta.py``.
    """
    hierarchy = _intercept_only(fit)
    if isinstance(fit, ExactFit):
        return 100 * fit.posterior.weight @ fit.posterior.pull(np.ones(1))
    if hierarchy.within is not None:
        raise ModelError('With two variance components ask the exact engine: engine="exact".')
    whitened = whiten(hierarchy)
    tau = fit.marginal("tau").draws.ravel() if fit.has_tau else np.zeros(1)
    with np.errstate(divide="ignore"):
        given = whitened.given(np.log(tau))
    return 100 * whitened.pull(given, np.ones(1)).mean(axis=0)


def _intercept_only(fit: Fit) -> GaussianHierarchy:
    if fit.hierarchy is None or fit.hierarchy.design != INTERCEPT:
        raise ModelError("Only a Gaussian model without moderators has one mean effect to trace.")
    return fit.hierarchy
