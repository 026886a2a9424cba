"""The distribution of an effect in units of tau, where the effect is a tilted coefficient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import bernoulli, comb

from bayes_ps.checks import Array
from bayes_ps.exact.nodes import Nodes
from bayes_ps.exact.tilt import Tilted

CHUNK = 32  # values asked for at a time
ORDER = 10  # nodes on either side of a kink whose weights change
# (ORDER, ORDER + 1) coefficients of the Bernoulli polynomials from B_1 on, by rising powers.
BERNOULLI = np.array(
    [
        [
            comb(n, power) * bernoulli(n - power)[-1] if power <= n else 0.0
            for power in range(ORDER + 1)
        ]
        for n in range(1, ORDER + 1)
    ]
)


@dataclass(frozen=True, eq=False)
class Quotient:
    """(location + slope · (b − centre)) / tau.

    P(at most x) is P(b <= a straight line in tau | tau), averaged over tau. Where that line leaves
    the support of b, or meets another kink of its prior, the trapezoidal rule over tau loses its
    digits: there each side of the kink is integrated by itself.

    Attributes
    ----------
    tilted : b at each node of tau.
    nodes : of tau.
    location, slope, centre : of the effect as a straight line in b.
    """

    tilted: Tilted
    nodes: Nodes
    location: float
    slope: float
    centre: float

    support = (-np.inf, np.inf)

    @property
    def moments(self) -> tuple[Array, Array, Array]:
        """Weight, mean and SD (n,) at each node."""
        mean, sd = self.tilted.moments
        with np.errstate(divide="ignore"):
            location = (self.location + self.slope * (mean - self.centre)) / self.nodes.tau
            return self.nodes.weight, location, np.abs(self.slope) * sd / self.nodes.tau

    def below(self, x: Array) -> Array:
        """P(value <= x) at each x (m,)."""
        return self._by_chunks(x, 1)

    def above(self, x: Array) -> Array:
        """P(value > x) at each x (m,)."""
        return self._by_chunks(x, -1)

    def density(self, x: Array) -> Array:
        """At each x (m,)."""
        return self._by_chunks(x, 0)

    def _by_chunks(self, x: Array, side: int) -> Array:
        return np.concatenate(
            [self._at(x[start : start + CHUNK], side) for start in range(0, x.size, CHUNK)]
        )

    def _at(self, x: Array, side: int) -> Array:
        tau = self.nodes.tau
        b = self.centre + (x[:, None] * tau - self.location) / self.slope
        row = np.broadcast_to(np.arange(tau.size), b.shape).ravel()
        if side == 0:
            each = self.tilted.density(row, b.ravel()).reshape(b.shape) * tau / abs(self.slope)
        else:
            each = self.tilted.below(row, b.ravel(), upwards=side * self.slope > 0)
        return np.asarray((each.reshape(b.shape) * self._factor(x)) @ self.nodes.weight)

    def _factor(self, x: Array) -> Array:
        """(m, n) what the weights of the nodes are multiplied by: 1 far from kinks."""
        t, step = self.nodes.t, self.nodes.step
        factor = np.ones((x.size, t.size))
        for kink in self.tilted.kinks:
            with np.errstate(divide="ignore", invalid="ignore"):
                tau = (self.location + self.slope * (kink - self.centre)) / x
            seen = np.flatnonzero((tau > self.nodes.tau[0]) & (tau < self.nodes.tau[-1]))
            at = self.nodes.axis.t(tau[seen])
            first = np.searchsorted(t, at)  # node beyond the kink
            gap = (t[first] - at) / step
            for start, way, distance in ((first, 1, gap), (first - 1, -1, 1 - gap)):
                node = start[:, None] + way * np.arange(ORDER)
                inside = (node >= 0) & (node < t.size)
                value = np.broadcast_to(seen[:, None], node.shape)
                factor[value[inside], node[inside]] += _correction(distance)[inside]
        return factor


def _correction(distance: Array) -> Array:
    """(m, ORDER) what to add to the weights of nodes that begin `distance` steps from an end.

    By the Euler-Maclaurin formula the sum of x^q over s, s + 1, … is the integral from 0 less
    B_{q+1}(s) / (q + 1), with B the Bernoulli polynomials; the weights add that for q < ORDER.
    """
    q = np.arange(ORDER)
    powers = distance[:, None] ** np.arange(ORDER + 1)
    nodes = (distance[:, None, None] + q) / ORDER
    left_out = powers @ BERNOULLI.T / (q + 1) / float(ORDER) ** q
    return np.linalg.solve(nodes ** q[:, None], left_out[..., None])[..., 0]
