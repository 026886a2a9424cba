r"""What to condition on, so that a hierarchy with one variance component and normal priors is left.

* A second variance component, omega: given omega its part of y is sampling variance.
* A Student-t prior of a coefficient (a Cauchy's too) is a scale mixture of normals: given s,
  beta ~ N(m, s²), and ν scale² / s² has a chi-squared distribution with ν degrees of freedom
  (Andrews & Mallows 1974, doi:10.1111/j.2517-6161.1974.tb00989.x).
* A mixture prior of a coefficient: given the part that it comes from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

from bayes_ps.checks import Array
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.priors import Prior
from bayes_ps.priors.location import Cauchy, Normal, Point, StudentT
from bayes_ps.priors.mixtures import Mixture

LARGEST = 1e140  # of a standard deviation: its square is a number, and times 1e20 still


@dataclass(frozen=True, eq=False)
class Continuous:
    """Condition on a standard deviation.

    Attributes
    ----------
    name : "omega", or "" for one that is not reported.
    support, log_prior : of the standard deviation; `log_prior` takes an array.
    at : the hierarchy given a value.
    """

    name: str
    support: tuple[float, float]
    log_prior: Callable[[Array], Array]
    at: Callable[[float], GaussianHierarchy]


@dataclass(frozen=True, eq=False)
class Discrete:
    """Condition on one of several cases, each a hierarchy with a prior probability."""

    cases: tuple[GaussianHierarchy, ...]
    probability: Array


def condition(h: GaussianHierarchy) -> Continuous | Discrete | None:
    """What to condition on first; None if nothing is left to."""
    for i, prior in enumerate(h.beta):
        if isinstance(prior, Mixture):
            cases = tuple(_with_beta(h, i, part) for part in prior.priors)
            return Discrete(cases, np.array(prior.weights))
        if isinstance(prior, StudentT):
            return _scale_of(h, i, prior)
        if isinstance(prior, Cauchy):
            return _scale_of(h, i, StudentT(1.0, prior.location, prior.scale))
    within = h.within
    if within is None:
        return None
    if isinstance(within.prior, Point):
        return Discrete((_given_omega(h, within.prior.value),), np.ones(1))
    return Continuous(
        "omega", within.prior.support, within.prior.logpdf, lambda omega: _given_omega(h, omega)
    )


def _with_beta(h: GaussianHierarchy, i: int, prior: Prior) -> GaussianHierarchy:
    return replace(h, beta=(*h.beta[:i], prior, *h.beta[i + 1 :]))


def _scale_of(h: GaussianHierarchy, i: int, prior: StudentT) -> Continuous:
    """Given the standard deviation of the normal that a Student-t is a mixture of."""
    shape, rate = prior.df / 2, prior.df * prior.scale**2 / 2

    def log_prior(s: Array) -> Array:
        with np.errstate(divide="ignore", over="ignore"):
            kernel = -(2 * shape + 1) * np.log(s) - rate / s**2
        return np.log(2) + shape * np.log(rate) - gammaln(shape) + kernel

    def at(s: float) -> GaussianHierarchy:
        return _with_beta(h, i, Normal(prior.location, min(max(s, 1 / LARGEST), LARGEST)))

    return Continuous("", (0.0, np.inf), log_prior, at)


def _given_omega(h: GaussianHierarchy, omega: float) -> GaussianHierarchy:
    """The deviations with SD omega become part of the sampling variance."""
    assert h.within is not None
    Z, variance = h.within.Z, min(omega, LARGEST) ** 2
    if Z is None:
        V = h.V + (variance if h.V.ndim == 1 else variance * np.eye(h.k))
    else:
        V = (h.V if h.V.ndim == 2 else np.diag(h.V)) + variance * Z @ Z.T
    return replace(h, V=V, within=None)
