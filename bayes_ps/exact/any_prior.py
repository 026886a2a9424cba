r"""The exact posterior where one coefficient has a prior of any kind: a second quadrature, over it.

With that coefficient b under a flat prior everything is closed form given tau; its own prior then
tilts N(b; m, v), see `bayes_ps.exact.tilt`. Given tau and b everything is normal again, with means
that are straight lines in b.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from bayes_ps.checks import Array, ModelError
from bayes_ps.exact.conditioning import BY_NUTS, with_beta
from bayes_ps.exact.line import Line
from bayes_ps.exact.nodes import Nodes
from bayes_ps.exact.panels import Panels
from bayes_ps.exact.posterior import ExactPosterior, Posterior, nodes_of_tau
from bayes_ps.exact.quotient import Quotient
from bayes_ps.exact.scale import OnNodes, Scale
from bayes_ps.exact.tilt import NOTHING, Rows, Tilted, lay
from bayes_ps.exact.whitening import Conditional, Whitened, whiten
from bayes_ps.hierarchy import GaussianHierarchy
from bayes_ps.priors import Prior
from bayes_ps.priors.location import Flat, Point

WEIGHTLESS = 1e-20
UNSEEN = 1e-6  # of the mass of a prior, at most
FIRST, LAST, RATIO = 0.03, 100.0, 2.0  # values of tau, from the smallest and largest of its scales


@dataclass(frozen=True, eq=False)
class GivenTau:
    """What y says of the coefficient b at each tau, by what it says under a flat prior of b.

    Attributes
    ----------
    flat : the hierarchy with a flat prior of b.
    index : of b among the coefficients.
    prior, panels, log_prior : of b; see `Tilted`.
    missed : how much of the prior's mass the panels do not see.
    """

    flat: Whitened
    index: int
    prior: Prior
    panels: Panels
    log_prior: Array
    missed: float

    def where(self, kept: npt.NDArray[np.bool_]) -> GivenTau:
        """The same by fewer panels, those that are `kept` (P,)."""
        return replace(self, panels=self.panels.where(kept), log_prior=self.log_prior[kept])

    def at(self, log_tau: Array) -> tuple[Tilted, Array]:
        """p(b | tau, y), and log p(y | tau) (n,), at each log tau (n,)."""
        given = self.flat.given(log_tau)
        mean, variance = given.mean[:, self.index], given.covariance[:, self.index, self.index]
        tilted = Tilted(self.prior, self.panels, self.log_prior, mean, variance)
        return tilted, given.loglik + tilted.log_integral


@dataclass(frozen=True, eq=False)
class TiltedPosterior(Posterior):
    """p(tau, b | y) on nodes of tau and, given each of them, points of b.

    Attributes
    ----------
    given_tau : p(b | tau, y) and p(y | tau) at any tau.
    low, high : the hierarchy with b fixed at either of `ends`.
    nodes : of tau.
    """

    hierarchy: GaussianHierarchy
    given_tau: GivenTau
    low: Whitened
    high: Whitened
    ends: tuple[float, float]
    nodes: Nodes
    log_evidence: float
    tail: float

    @cached_property
    def tilted(self) -> Tilted:
        """p(b | tau, y) at the nodes."""
        return self.given_tau.at(self.nodes.log_tau)[0]

    @property
    def error(self) -> float:
        tilted = float(self.nodes.weight @ self.tilted.error)
        return self.nodes.error + tilted + self.given_tau.missed

    @property
    def centre(self) -> float:
        """Between the ends of b."""
        return sum(self.ends) / 2

    @cached_property
    def points(self) -> tuple[Rows, Array, Array]:
        """(n,) node of tau, b, and weight of the points that weigh something."""
        weight, x = self.nodes.weight[:, None, None] * self.tilted.weight, self.tilted.panels.x
        far = (x - self.centre) / (self.ends[1] - self.ends[0])
        row, panel, point = np.nonzero(weight * np.maximum(1, far**2) > WEIGHTLESS)
        return row, x[panel, point], weight[row, panel, point]

    @property
    def weight(self) -> Array:
        return self.points[2]

    @property
    def spread(self) -> Array:
        return self.nodes.tau[self.points[0]]

    def line(self, of: Callable[[Posterior], tuple[Array, Array]]) -> Line:
        """Of what `of` gives the mean and SD of, given tau and b: (n,) or (n, …) at the nodes."""
        (low, sd), (high, _) = (of(fixed) for fixed in self._fixed)
        slope = (high - low) / (self.ends[1] - self.ends[0])
        return Line(self.tilted, self.nodes.weight, (low + high) / 2, slope, sd, self.centre)

    def in_units_of_tau(self, x: Array, threshold: float, sign: float) -> Quotient | None:
        """sign · (x'beta − threshold) / tau; None unless x'beta is b but for its unit."""
        line = self.line(lambda given: given.effect(x))
        if line.scale.any() or not line.slope.any():
            return None
        location, slope = sign * float(line.location[0] - threshold), sign * float(line.slope[0])
        return Quotient(self.tilted, self.nodes, location, slope, self.centre)

    def fixed_at(self, log_tau: Array) -> tuple[Conditional, Conditional]:
        """What holds at each log tau with b fixed at either end."""
        return self.low.given(log_tau), self.high.given(log_tau)

    @cached_property
    def _fixed(self) -> tuple[ExactPosterior, ExactPosterior]:
        return self._with(self.low), self._with(self.high)

    def _with(self, whitened: Whitened) -> ExactPosterior:
        given = whitened.given(self.nodes.log_tau)
        return ExactPosterior(
            self.hierarchy, whitened, self.nodes, given, self.log_evidence, self.tail
        )

    def _at_points(self, of: Callable[[Posterior], tuple[Array, Array]]) -> tuple[Array, Array]:
        line, (row, b, _) = self.line(of), self.points
        return line.at(row, b), line.scale[row]

    @property
    def beta(self) -> tuple[Array, Array]:
        return self._at_points(lambda given: given.beta)

    @property
    def theta(self) -> tuple[Array, Array]:
        return self._at_points(lambda given: given.theta)

    def pull(self, x: Array) -> Array:
        """How far each y_i moves E(x'beta | tau, y), the same at all points of one tau."""
        slope, b = (
            self.line(lambda given: given.effect(x)).slope,
            np.eye(x.size)[self.given_tau.index],
        )
        pulled = self.tilted.moments[1] ** 2 / self.tilted.variance  # d E(b) / d its flat mean
        through_b = (slope * pulled)[:, None] * self._with(self.given_tau.flat).pull(b)
        return (self._fixed[0].pull(x) + through_b)[self.points[0]]

    def scale(self, name: str) -> Scale:
        return self._tau

    @cached_property
    def _tau(self) -> OnNodes:
        return OnNodes(self.nodes, lambda at: self._log_joint(at) - self.log_evidence)

    def _log_joint(self, log_tau: Array) -> Array:
        assert self.hierarchy.component is not None
        prior = self.hierarchy.component.prior.logpdf(np.exp(log_tau))
        return self.given_tau.at(log_tau)[1] + prior

    @cached_property
    def finer(self) -> TiltedPosterior:
        if self.nodes.weight.size == 1:
            return self
        return replace(self, nodes=self.nodes.halved(self._log_joint))


def over_coefficient(hierarchy: GaussianHierarchy, index: int, tolerance: float) -> TiltedPosterior:
    """The exact posterior where the prior of coefficient `index` is integrated by quadrature."""
    prior = hierarchy.beta[index]
    flat = whiten(_flat(hierarchy, index))
    mean, sd = _seen(hierarchy, flat, index)
    panels = lay(prior, mean, sd)
    log_prior = panels.values(prior.logpdf)
    mass = float((np.exp(log_prior) * panels.dx).sum())
    if abs(mass - 1) > UNSEEN:
        raise ModelError(
            f"The density of {prior!r}, the prior of {hierarchy.design.names[index]}, integrates "
            f"to {mass:.6g} by quadrature, not to 1: the exact engine cannot take it. {BY_NUTS}"
        )
    given_tau = GivenTau(flat, index, prior, panels, log_prior, abs(mass - 1))
    nodes, tail = nodes_of_tau(hierarchy, flat, lambda log_tau: given_tau.at(log_tau)[1], tolerance)
    step = 2.0 ** np.round(np.log2(sd[0]))  # so that b and its differences are exact numbers
    centre = step * np.round(mean[0] / step)
    ends = float(centre - step), float(centre + step)
    low, high = (whiten(with_beta(hierarchy, index, Point(end))) for end in ends)
    seen = given_tau.at(nodes.log_tau)[0].weight.sum(axis=2)
    far = (panels.lower - centre) / step
    given_tau = given_tau.where(nodes.weight @ seen * np.maximum(1, far**2) > NOTHING)
    return TiltedPosterior(hierarchy, given_tau, low, high, ends, nodes, nodes.log_integral, tail)


def _flat(hierarchy: GaussianHierarchy, index: int) -> GaussianHierarchy:
    try:
        return with_beta(hierarchy, index, Flat())
    except ModelError:
        raise ModelError(
            f"The exact engine takes {hierarchy.beta[index]!r} as prior of "
            f"{hierarchy.design.names[index]} only where the studies could do without it, but "
            f"these could not. {BY_NUTS}"
        ) from None


def _seen(hierarchy: GaussianHierarchy, flat: Whitened, index: int) -> tuple[Array, Array]:
    """Mean and SD (n,) of b under a flat prior, at values of tau from the smallest to the largest.

    In between, and beyond, they change little next to the SD.
    """
    component = hierarchy.component
    scales = 1 / np.sqrt(flat.d[flat.d > 0])
    if component is None or scales.size == 0:
        tau = np.zeros(1)
    else:
        largest = max(scales.max(), np.ptp(hierarchy.y))
        n = np.log(LAST * largest / (FIRST * scales.min())) / np.log(RATIO)
        tau = np.append(0.0, FIRST * scales.min() * RATIO ** np.arange(n + 1))
        tau = np.unique(np.clip(tau, *component.prior.support))
    with np.errstate(divide="ignore"):
        given = flat.given(np.log(tau))
    return given.mean[:, index], np.sqrt(given.covariance[:, index, index])
