r"""What to condition on, so that a hierarchy with one variance component and normal priors is left.

* A second variance component, omega: given omega its part of y is sampling variance.
* A Student-t prior of a coefficient (a Cauchy's too) is a scale mixture of normals: given s,
  beta ~ N(m, s²), and ν scale² / s² has a chi-squared distribution with ν degrees of freedom
  (Andrews & Mallows 1974, doi:10.1111/j.2517-6161.1974.tb00989.x).
* A mixture prior of a coefficient, of these: given the part that it comes from.

A prior of any other kind cannot be conditioned away; `other_prior` says which coefficient has one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln

from bayes_ps.checks import Array, ModelError
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.priors import Prior
from bayes_ps.priors.location import Cauchy, Flat, Normal, Point, StudentT
from bayes_ps.priors.mixtures import Mixture

LARGEST = 1e140  # of a standard deviation: its square is a number, and times 1e20 still
BY_NUTS = 'Fit it by bps.fit(..., engine="nuts", seed=1), which then nothing exact can certify.'


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
    """Condition on one of several cases.

    Attributes
    ----------
    cases, probability : hierarchies and their prior probabilities.
    omega : what the second standard deviation is, if it is fixed and the only case.
    """

    cases: tuple[GaussianHierarchy, ...]
    probability: Array
    omega: float | None = None


def condition(h: GaussianHierarchy) -> Continuous | Discrete | None:
    """What to condition on first; None if nothing is left to."""
    for i, prior in enumerate(h.beta):
        if isinstance(prior, Mixture):
            cases = tuple(with_beta(h, i, part) for part in prior.priors)
            return Discrete(cases, np.array(prior.weights))
        if isinstance(prior, StudentT):
            return _scale_of(h, i, prior)
        if isinstance(prior, Cauchy):
            return _scale_of(h, i, StudentT(1.0, prior.location, prior.scale))
    within = h.within
    if within is None:
        return None
    if isinstance(within.prior, Point):
        omega = within.prior.value
        return Discrete((_given_omega(h, omega),), np.ones(1), omega)
    return Continuous(
        "omega", within.prior.support, within.prior.logpdf, lambda omega: _given_omega(h, omega)
    )


def other_prior(h: GaussianHierarchy) -> int | None:
    """The coefficient whose prior is proper, but neither normal nor conditionally so; or None.

    Raises
    ------
    ModelError
        If there are two, or one beside something else that is to be integrated.
    """
    found = [i for i, prior in enumerate(h.beta) if not _conditionally_normal(prior)]
    if not found:
        return None
    prior, name = h.beta[found[0]], h.design.names[found[0]]
    if not prior.proper:
        raise ModelError(
            f"The exact engine takes a proper prior of {name}, or priors.flat(), but not "
            f"{prior!r}. {BY_NUTS}"
        )
    others = [
        f"{each!r} of {other}"
        for i, (each, other) in enumerate(zip(h.beta, h.design.names, strict=True))
        if i != found[0] and not isinstance(each, Flat | Normal | Point)
    ] + [f"{each.prior!r} of {each.name}" for each in h.components[1:]]
    if others:
        raise ModelError(
            f"The exact engine integrates a prior such as {prior!r} of one coefficient, {name}, "
            f"beside flat and normal ones and one standard deviation, but not beside "
            f"{', '.join(others)}. {BY_NUTS}"
        )
    return found[0]


def _conditionally_normal(prior: Prior) -> bool:
    if isinstance(prior, Mixture):
        return all(_conditionally_normal(part) for part in prior.priors)
    return isinstance(prior, Flat | Normal | Point | StudentT | Cauchy)


def with_beta(h: GaussianHierarchy, i: int, prior: Prior) -> GaussianHierarchy:
    """The same hierarchy with another prior of coefficient i."""
    return replace(h, beta=(*h.beta[:i], prior, *h.beta[i + 1 :]))


def _scale_of(h: GaussianHierarchy, i: int, prior: StudentT) -> Continuous:
    """Given the standard deviation of the normal that a Student-t is a mixture of."""
    shape, rate = prior.df / 2, prior.df * prior.scale**2 / 2

    def log_prior(s: Array) -> Array:
        with np.errstate(divide="ignore", over="ignore"):
            kernel = -(2 * shape + 1) * np.log(s) - rate / s**2
        return np.log(2) + shape * np.log(rate) - gammaln(shape) + kernel

    def at(s: float) -> GaussianHierarchy:
        return with_beta(h, i, Normal(prior.location, min(max(s, 1 / LARGEST), LARGEST)))

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
