"""The exact posterior of a Gaussian hierarchy: a mixture over the quadrature nodes of tau."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact.nodes import Axis, Nodes, place
from bayes_ps.exact.scale import OnNodes, Scale
from bayes_ps.exact.tails import refuse_improper
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
    nodes, tail = nodes_of_tau(hierarchy, whitened, whitened.loglik, tolerance)
    given = whitened.given(nodes.log_tau)
    return ExactPosterior(hierarchy, whitened, nodes, given, nodes.log_integral, tail)


def nodes_of_tau(
    hierarchy: GaussianHierarchy,
    whitened: Whitened,
    loglik: Callable[[Array], Array],
    tolerance: float,
) -> tuple[Nodes, float]:
    """Nodes of tau whose log integral is log p(y), and the tail of tau; one node if it is fixed.

    `loglik` is log p(y | tau) at each log tau (n,).
    """
    component = hierarchy.component
    prior = None if component is None else component.prior
    if prior is None or isinstance(prior, Point):
        fixed = prior.value if isinstance(prior, Point) else 0.0
        with np.errstate(divide="ignore"):
            log_tau = np.log(np.array([fixed]))
        at, log_evidence = Axis(0, np.inf), float(loglik(log_tau)[0])
        return Nodes(log_tau, np.ones(1), log_evidence, 0.0, at, np.zeros(1), 1.0), float("inf")
    tail = refuse_improper(hierarchy)
    exist = min(2, max(0, int(np.ceil(tail)) - 2)) if np.isfinite(tail) else 2
    nodes = place(
        lambda log_tau: loglik(log_tau) + prior.logpdf(np.exp(log_tau)),
        prior.support,
        moments=exist,
        tolerance=tolerance,
    )
    return nodes, tail


def _component(hierarchy: GaussianHierarchy) -> Component:
    if hierarchy.component is None:
        raise ModelError("A common-effect model has no tau.")
    return hierarchy.component
