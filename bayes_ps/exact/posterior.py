"""The exact posterior of a Gaussian hierarchy: a mixture over the quadrature nodes of tau."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact.nodes import Axis, Nodes, place
from bayes_ps.exact.whitening import Conditional, Whitened, whiten
from bayes_ps.hierarchy import Component, GaussianHierarchy


@dataclass(frozen=True, eq=False)
class ExactPosterior:
    """p(tau | y) on nodes, and given each node the closed form of everything else.

    Attributes
    ----------
    hierarchy : what was integrated.
    nodes : points and weights of tau; a single point 0 where there is no component.
    given : what holds at each node.
    log_evidence : log p(y); a flat prior counts with density 1.
    tail : q where p(tau | y) falls like tau^(−q): a moment of order m exists if q > m + 1.
    """

    hierarchy: GaussianHierarchy
    whitened: Whitened
    nodes: Nodes
    given: Conditional
    log_evidence: float
    tail: float

    @property
    def error(self) -> float:
        """Estimate, on the safe side, of the absolute error of a posterior probability."""
        return self.nodes.error

    def effect(self, x: Array, *, new: bool = False) -> tuple[Array, Array]:
        """Mean and SD (n,) at each node of x'beta, or of a `new` setting x'beta + N(0, tau²)."""
        mean = self.given.mean @ x
        variance = np.einsum("p,npq,q->n", x, self.given.covariance, x)
        return mean, np.hypot(np.sqrt(variance), self.nodes.tau) if new else np.sqrt(variance)

    @cached_property
    def theta(self) -> tuple[Array, Array]:
        """Mean and SD (n, k) at each node of the true effect of each study."""
        mean, variance = self.whitened.theta(self.given)
        return mean, np.sqrt(variance)

    def log_density_tau(self, log_tau: Array) -> Array:
        """log p(tau | y) at each log tau."""
        component = _component(self.hierarchy)
        joint = self.whitened.given(log_tau).loglik + component.prior.logpdf(np.exp(log_tau))
        return joint - self.log_evidence


def integrate(hierarchy: GaussianHierarchy, tolerance: float = 1e-13) -> ExactPosterior:
    """The exact posterior of a hierarchy with one variance component, or none.

    Parameters
    ----------
    hierarchy : with flat or normal priors of beta and any prior of tau that has a log density.
    tolerance : the quadrature is refined until its own error estimate is below this.

    Raises
    ------
    ModelError
        If a prior of beta is neither flat nor normal, or the posterior of tau is improper.

    Notes
    -----
    p(tau | y) ∝ p(tau) p(y | tau), with beta integrated out in closed form; see Röver 2020,
    doi:10.18637/jss.v093.i06. Tests: ``tests/oracle/test_exact_reference.py``.
    """
    whitened = whiten(hierarchy)
    component = hierarchy.component
    if component is None:
        nodes = Nodes(np.array([-np.inf]), np.ones(1), 0.0, 0.0, Axis(0, np.inf), np.zeros(1), 1.0)
        given = whitened.given(nodes.log_tau)
        return ExactPosterior(hierarchy, whitened, nodes, given, float(given.loglik[0]), np.inf)
    tail = posterior_tail(hierarchy, whitened)
    if tail < 1 or (tail == 1 and not component.prior.proper):
        raise ModelError(
            f"Under {component.prior!r} the posterior of {component.name} is improper for "
            f"{hierarchy.k} studies. Use a proper prior, for example priors.half_normal(scale)."
        )

    def log_joint(log_tau: Array) -> Array:
        return whitened.given(log_tau).loglik + component.prior.logpdf(np.exp(log_tau))

    moments = min(2, max(0, int(np.ceil(tail)) - 2)) if np.isfinite(tail) else 2
    nodes = place(log_joint, component.prior.support, moments=moments, tolerance=tolerance)
    given = whitened.given(nodes.log_tau)
    return ExactPosterior(hierarchy, whitened, nodes, given, nodes.log_integral, tail)


def posterior_tail(hierarchy: GaussianHierarchy, whitened: Whitened) -> float:
    """q where p(tau | y) falls like tau^(−q); infinite for a common effect.

    Each free dimension of y that u can reach lets p(y | tau) fall by another 1 / tau.
    """
    if hierarchy.component is None:
        return float("inf")
    flat = np.array([not prior.proper for prior in hierarchy.beta])
    reached = whitened.d > 0
    spanned = reached.sum()
    if not reached.all():
        spanned = np.linalg.matrix_rank(np.hstack([np.diag(1.0 * reached), whitened.X[:, flat]]))
    return float(hierarchy.component.prior.tail + spanned - flat.sum())


def _component(hierarchy: GaussianHierarchy) -> Component:
    if hierarchy.component is None:
        raise ModelError("A common-effect model has no tau.")
    return hierarchy.component


def moments(tail: float) -> int:
    """How many moments a density with this tail has, counted up to 4."""
    return sum(tail > order + 1 for order in (1, 2, 3, 4))


def moments_of_beta(hierarchy: GaussianHierarchy, whitened: Whitened, tail: float) -> int:
    """How many moments beta has: where it is flat and y ties it to tau, the tail of tau decides."""
    flat = any(not prior.proper for prior in hierarchy.beta)
    return moments(tail) if flat and bool((whitened.d > 0).any()) else 4
