"""The exact posterior of a Gaussian hierarchy: a mixture over the quadrature nodes of tau."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact.nodes import Axis, Nodes, place
from bayes_ps.exact.scale import OnNodes, Scale
from bayes_ps.exact.whitening import Conditional, Whitened, whiten
from bayes_ps.hierarchy import Component, GaussianHierarchy
from bayes_ps.priors.location import Point


class Posterior(ABC):
    """Points with weights, and given each point the closed form of everything else.

    Attributes
    ----------
    hierarchy : what was integrated.
    log_evidence : log p(y); a flat prior counts with density 1.
    error : estimate of the absolute error of a posterior probability.
    tail : q where the posterior of the standard deviation with the heaviest tail falls like
        tau^(−q): its moment of order m exists if q > m + 1.
    """

    hierarchy: GaussianHierarchy
    log_evidence: float
    tail: float

    @property
    @abstractmethod
    def error(self) -> float: ...

    @property
    @abstractmethod
    def weight(self) -> Array:
        """(n,) of the points; they sum to 1."""

    @property
    @abstractmethod
    def spread(self) -> Array:
        """(n,) standard deviation of true effects between settings, at each point."""

    @property
    @abstractmethod
    def beta(self) -> tuple[Array, Array]:
        """Mean (n, p) and covariance (n, p, p) of the coefficients at each point."""

    @property
    @abstractmethod
    def theta(self) -> tuple[Array, Array]:
        """Mean and SD (n, k) at each point of the true effect of each study."""

    @abstractmethod
    def pull(self, x: Array) -> Array:
        """(n, k) the weight of each y_i in the mean of x'beta at each point."""

    @abstractmethod
    def scale(self, name: str) -> Scale:
        """The posterior of the standard deviation `name`."""

    @property
    @abstractmethod
    def finer(self) -> Posterior:
        """The same by more points, for what changes faster with tau than the effects do."""

    def effect(self, x: Array, *, new: bool = False) -> tuple[Array, Array]:
        """Mean and SD (n,) at each point of x'beta, or of a `new` setting around it."""
        mean, covariance = self.beta
        sd = np.sqrt(np.einsum("p,npq,q->n", x, covariance, x))
        return mean @ x, np.hypot(sd, self.spread) if new else sd


@dataclass(frozen=True, eq=False)
class ExactPosterior(Posterior):
    """p(tau | y) on nodes of tau; a single node where there is nothing to integrate.

    Attributes
    ----------
    nodes : points and weights of tau.
    given : what holds at each node.
    """

    hierarchy: GaussianHierarchy
    whitened: Whitened
    nodes: Nodes
    given: Conditional
    log_evidence: float
    tail: float

    @property
    def error(self) -> float:
        return self.nodes.error

    @property
    def weight(self) -> Array:
        return self.nodes.weight

    @property
    def spread(self) -> Array:
        return self.nodes.tau

    @property
    def beta(self) -> tuple[Array, Array]:
        return self.given.mean, self.given.covariance

    @cached_property
    def theta(self) -> tuple[Array, Array]:
        mean, variance = self.whitened.theta(self.given)
        return mean, np.sqrt(variance)

    def pull(self, x: Array) -> Array:
        return self.whitened.pull(self.given, x)

    def scale(self, name: str) -> Scale:
        return self._tau

    @cached_property
    def _tau(self) -> OnNodes:
        return OnNodes(self.nodes, self.log_density_tau)

    @cached_property
    def finer(self) -> ExactPosterior:
        if self.nodes.weight.size == 1:
            return self
        nodes = self.nodes.halved(lambda at: self.log_density_tau(at) + self.log_evidence)
        given = self.whitened.given(nodes.log_tau)
        return ExactPosterior(
            self.hierarchy, self.whitened, nodes, given, self.log_evidence, self.tail
        )

    def log_density_tau(self, log_tau: Array) -> Array:
        """log p(tau | y) at each log tau."""
        component = _component(self.hierarchy)
        joint = self.whitened.loglik(log_tau) + component.prior.logpdf(np.exp(log_tau))
        return joint - self.log_evidence


def on_tau(hierarchy: GaussianHierarchy, tolerance: float) -> ExactPosterior:
    """The exact posterior where tau alone is to be integrated, or nothing."""
    whitened = whiten(hierarchy)
    component = hierarchy.component
    prior = None if component is None else component.prior
    if component is None or isinstance(prior, Point):
        fixed = prior.value if isinstance(prior, Point) else 0.0
        with np.errstate(divide="ignore"):
            log_tau = np.log(np.array([fixed]))
        nodes = Nodes(log_tau, np.ones(1), 0.0, 0.0, Axis(0, np.inf), np.zeros(1), 1.0)
        given = whitened.given(nodes.log_tau)
        return ExactPosterior(hierarchy, whitened, nodes, given, float(given.loglik[0]), np.inf)
    tail = refuse_improper(hierarchy, whitened)

    def log_joint(log_tau: Array) -> Array:
        return whitened.loglik(log_tau) + component.prior.logpdf(np.exp(log_tau))

    exist = min(2, max(0, int(np.ceil(tail)) - 2)) if np.isfinite(tail) else 2
    nodes = place(log_joint, component.prior.support, moments=exist, tolerance=tolerance)
    given = whitened.given(nodes.log_tau)
    return ExactPosterior(hierarchy, whitened, nodes, given, nodes.log_integral, tail)


def refuse_improper(hierarchy: GaussianHierarchy, whitened: Whitened | None = None) -> float:
    """The tail q of tau, p(tau | y) ~ tau^(−q); raises ModelError if it has no finite integral."""
    tail = posterior_tail(hierarchy, whitened or whiten(hierarchy))
    component = hierarchy.component
    if component is not None and (tail < 1 or (tail == 1 and not component.prior.proper)):
        raise ModelError(
            f"Under {component.prior!r} the posterior of {component.name} is improper for "
            f"{hierarchy.k} studies. Use a proper prior, for example priors.half_normal(scale)."
        )
    return tail


def posterior_tail(hierarchy: GaussianHierarchy, whitened: Whitened) -> float:
    """q where p(tau | y) falls like tau^(−q); infinite for a common effect.

    Each free dimension of y that u can reach lets p(y | tau) fall by another 1 / tau.
    """
    if hierarchy.component is None or isinstance(hierarchy.component.prior, Point):
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


def moments_of_beta(hierarchy: GaussianHierarchy, reached: bool, tail: float) -> int:
    """How many moments beta has; the coefficient with the heaviest tail decides.

    Where y ties beta to tau (`reached`), p(y | beta) falls like beta^(−tail), or by one power less
    if the prior of beta is proper; that prior adds its own tail.
    """
    if not reached:
        tail = float("inf")
    return min(moments(prior.tail + tail - prior.proper) for prior in hierarchy.beta)
