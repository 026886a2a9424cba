"""Nested quadrature: an exact posterior given something more, weighted by what y says of that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np

from bayes_ps.checks import Array
from bayes_ps.exact.any_prior import over_coefficient
from bayes_ps.exact.conditioning import Continuous, Discrete, condition, other_prior
from bayes_ps.exact.nodes import Nodes, place
from bayes_ps.exact.posterior import ExactPosterior, Posterior, on_tau
from bayes_ps.exact.scale import Mixed, OnNodes, Scale
from bayes_ps.exact.tails import refuse_improper
from bayes_ps.hierarchy import GaussianHierarchy

INNER, OUTER = 1e-13, 1e-10  # tolerances: the outer rule sees the inner one's error as noise


@dataclass(frozen=True, eq=False)
class NestedPosterior(Posterior):
    """A mixture of exact posteriors, each given a value of what was conditioned on.

    Attributes
    ----------
    parts, share : the posteriors and their weights (m,).
    nodes : of the scale that was conditioned on, if it was one.
    given : that scale's conditioning, None for a discrete one.
    fixed_omega : the second standard deviation, if it was fixed.
    """

    hierarchy: GaussianHierarchy
    parts: tuple[Posterior, ...]
    share: Array
    log_evidence: float
    tail: float
    nodes: Nodes | None = None
    given: Continuous | None = None
    fixed_omega: float | None = None

    @property
    def error(self) -> float:
        own = 0.0 if self.nodes is None else self.nodes.error
        return own + float(self.share @ np.array([part.error for part in self.parts]))

    @cached_property
    def weight(self) -> Array:
        shared = zip(self.parts, self.share, strict=True)
        return np.concatenate([part.weight * share for part, share in shared])

    @cached_property
    def spread(self) -> Array:
        inner = np.concatenate([part.spread for part in self.parts])
        if self.omega is None:
            return inner
        return np.hypot(inner, np.repeat(self.omega, [part.weight.size for part in self.parts]))

    @property
    def omega(self) -> Array | None:
        """(m,) the second standard deviation in each part, if that was conditioned on."""
        if self.fixed_omega is not None:
            return np.array([self.fixed_omega])
        if self.given is None or self.given.name != "omega":
            return None
        assert self.nodes is not None
        return self.nodes.tau

    @cached_property
    def beta(self) -> tuple[Array, Array]:
        means, covariances = zip(*(part.beta for part in self.parts), strict=True)
        return np.concatenate(means), np.concatenate(covariances)

    @cached_property
    def theta(self) -> tuple[Array, Array]:
        if self.omega is not None:
            both = [self._theta_with_omega(part) for part in self.parts]
        else:
            both = [part.theta for part in self.parts]
        means, sds = zip(*both, strict=True)
        return np.concatenate(means), np.concatenate(sds)

    def _theta_with_omega(self, part: Posterior) -> tuple[Array, Array]:
        assert isinstance(part, ExactPosterior)
        mean, variance = part.whitened.theta(part.given, self.hierarchy.V)
        return mean, np.sqrt(variance)

    def pull(self, x: Array) -> Array:
        return np.concatenate([part.pull(x) for part in self.parts])

    def scale(self, name: str) -> Scale:
        if self.given is not None and self.given.name == name:
            assert self.nodes is not None
            return OnNodes(self.nodes, self._log_density)
        return Mixed([part.scale(name) for part in self.parts], self.share)

    def _log_density(self, log_scale: Array) -> Array:
        assert self.given is not None
        value = np.exp(log_scale)
        evidence = [integrate(self.given.at(float(v)), INNER).log_evidence for v in value]
        return np.array(evidence) + self.given.log_prior(value) - self.log_evidence

    @property
    def finer(self) -> NestedPosterior:
        return replace(self, parts=tuple(part.finer for part in self.parts))


def integrate(hierarchy: GaussianHierarchy, tolerance: float = INNER) -> Posterior:
    """The exact posterior of a hierarchy, by quadrature over its standard deviations.

    Parameters
    ----------
    hierarchy : with one variance component, two, or none; any prior of these that has a log
        density; and priors of beta that are flat, normal, Student-t, Cauchy, mixtures of these, or
        points. Beside flat and normal ones, one prior of beta may be anything proper.
    tolerance : the quadrature is refined until its own error estimate is below this.

    Raises
    ------
    ModelError
        If more than that is asked for, or the posterior of a scale is improper.

    Notes
    -----
    p(tau | y) ∝ p(tau) p(y | tau), with beta integrated out in closed form; see Röver 2020,
    doi:10.18637/jss.v093.i06. A second component, or a prior that is a mixture of normals, is
    integrated around that; any other prior of a coefficient is integrated within it, given tau.
    Tests: ``tests/oracle/test_exact_reference.py``, ``tests/oracle/test_any_prior.py``.
    """
    other = other_prior(hierarchy)
    if other is not None:
        return over_coefficient(hierarchy, other, tolerance)
    on = condition(hierarchy)
    if on is None:
        return on_tau(hierarchy, tolerance)
    if isinstance(on, Discrete):
        return _over_cases(hierarchy, on)
    return _over_scale(hierarchy, on, max(tolerance, OUTER))


def _over_cases(hierarchy: GaussianHierarchy, on: Discrete) -> NestedPosterior:
    parts = tuple(integrate(case) for case in on.cases)
    log_joint = np.array([part.log_evidence for part in parts]) + np.log(on.probability)
    log_evidence = float(reduce(np.logaddexp, log_joint))
    tail = min(part.tail for part in parts)
    share = np.exp(log_joint - log_evidence)
    return NestedPosterior(hierarchy, parts, share, log_evidence, tail, fixed_omega=on.omega)


def _over_scale(hierarchy: GaussianHierarchy, on: Continuous, tolerance: float) -> NestedPosterior:
    found: dict[float, Posterior] = {}

    def part(log_scale: float) -> Posterior:
        if log_scale not in found:
            found[log_scale] = integrate(on.at(float(np.exp(log_scale))), INNER)
        return found[log_scale]

    def log_joint(log_scale: Array) -> Array:
        evidence = [part(float(each)).log_evidence for each in log_scale]
        return np.array(evidence) + on.log_prior(np.exp(log_scale))

    tail = refuse_improper(hierarchy)
    nodes = place(log_joint, on.support, moments=0, tolerance=tolerance)
    parts = tuple(part(float(each)) for each in nodes.log_tau)
    tail = min([tail, *(each.tail for each in parts)])
    return NestedPosterior(hierarchy, parts, nodes.weight, nodes.log_integral, tail, nodes, on)
